"""What the server hands to the browser, and our JavaScript modules one by one, without a page around them."""

import base64
import math
import random
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from email.message import Message
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from core.typeset import text_number
from pages.components.descent.payload import pack
from pages.components.files import BUNDLES, DIGEST, FILES, HERE
from tests.browser.visitor import at_rest, come_to, slider, stands_at

# ── the files ───────────────────────────────────────────────────────────────────────────────────────────────────


def fetched(address: str) -> tuple[int, Message, bytes]:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_every_module_is_served_under_the_digest_and_kept_for_good(server):
    assert set(FILES) == {path.relative_to(HERE).as_posix() for path in HERE.rglob("*.js")}
    for name in [*FILES, *BUNDLES]:
        status, headers, body = fetched(f"{server}/browser/{DIGEST}/{name}")
        assert (status, headers.get_content_type()) == (200, "text/javascript")
        assert "immutable" in headers["Cache-Control"] and "max-age=31536000" in headers["Cache-Control"]
        assert body == (HERE / name if name in FILES else BUNDLES[name]).read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "__init__.py",
        "network/__init__.py",
        "network/",
        "",
        "network",
        "network/../../app.py",
        "..%2f..%2fapp.py",
        "%2e%2e/%2e%2e/dashboard.py",
        "no_such.js",
    ],
)
def test_nothing_else_is_served(path, server):
    status, headers, body = fetched(f"{server}/browser/{DIGEST}/{path}")
    assert (status, body) in [(404, b"Not Found"), (400, b"Bad Request")]  # Streamlit itself turns some of them away
    assert "immutable" not in headers.get("Cache-Control", "")


def test_another_versions_path_leads_nowhere_and_is_not_kept(server):
    for path in ("browser/0123456789/network/network.js", f"browser/{DIGEST[::-1]}/katex.js"):
        status, headers, _ = fetched(f"{server}/{path}")
        assert (status, headers["Cache-Control"]) == (404, "no-store")


# ── the modules ─────────────────────────────────────────────────────────────────────────────────────────────────

Call = Callable[..., Any]
RUN = """async ([root, names, body, given]) => {
  const modules = await Promise.all(names.map(name => import(`${root}/${name}.js`)));
  const work = new Function("modules", "given", `return (async () => { ${body} })()`);
  return work(Object.assign({}, ...modules), given);
}"""


@pytest.fixture(scope="module")
def blank(contexts, server):
    """A page of the server with nothing on it."""
    page = contexts().new_page()
    page.goto(f"{server}/_stcore/health")
    yield page
    page.close()


@pytest.fixture
def js(blank) -> Call:
    """Runs the body of a function: `modules` has what the named modules export, `given` what it is given."""
    return lambda body, *names, given=None: called(blank, body, *names, given=given)


def called(page: Page, body: str, *names: str, given: Any = None) -> Any:
    return page.evaluate(RUN, [f"/browser/{DIGEST}", names, body, given])


def numbers() -> list[float]:
    """Of every size; halves on paper with the floats beside them; carries; the smallest and the largest there are."""
    dice, found = random.Random(4), [0.0, -0.0, 5e-324, 1.7976931348623157e308, 9.9995, 99995.0, 0.000099995, 1.4625]
    while len(found) < 10_000:
        half = (10 * dice.randint(1000, 9999) + 5) * 10.0 ** dice.randint(-9, 6)
        found += [half, -half, math.nextafter(half, 0), math.nextafter(half, math.inf), half * (1 - 2e-12)]
        found += [dice.uniform(-10, 10), round(dice.uniform(-10, 10), dice.randint(0, 5)), dice.randint(-20000, 20000)]
        found.append(math.ldexp(dice.uniform(-1, 1), dice.randint(-1060, 1020)))
    return found


def test_javascript_writes_ten_thousand_numbers_as_python_does(js):
    pairs = [(value, digits) for value in numbers() for digits in (4, random.Random(value).choice((1, 2, 3, 6, 7)))]
    body = "return given.map(([value, digits]) => modules.formatNumber(value, digits));"
    written = js(body, "shared/numbers", given=pairs)
    expected = [text_number(float(value), digits) for value, digits in pairs]
    assert [triple for triple in zip(pairs, written, expected, strict=True) if triple[1] != triple[2]] == []


def test_what_is_no_number_is_called_so(js):
    assert js("return [null, NaN, Infinity].map(each => modules.formatNumber(each));", "shared/numbers") == (
        ["not finite"] * 3
    )
    assert js("return modules.formatFull(-0.1 - 0.2);", "shared/numbers") == "−0.30000000000000004"


def test_a_symbol_is_written_alike_in_text_page_plot_and_drawing(js):
    body = """
      const name = {base: "w", sup: "(1)", sub: "12"}, bare = {base: "b", sup: "(2)", sub: ""};
      const {symbol, symbolMarkup, symbolShape, symbolText} = modules;
      return [symbolText(name), symbolText(bare), symbolMarkup(name), symbol(name).innerHTML,
        symbolShape(name).textContent, symbolShape(bare).textContent];"""
    assert js(body, "shared/names") == [
        "w⁽¹⁾₁₂",
        "b⁽²⁾",
        "<i>w</i><sup>(1)</sup><sub>12</sub>",
        "<i>w</i><sup>(1)</sup><sub>12</sub>",
        "w(1)12",
        "b(2)",
    ]


@pytest.mark.parametrize("shift", range(8))
def test_what_python_packs_javascript_unpacks_wherever_the_bytes_begin(shift, js):
    arrays = {
        "narrow": np.array([[1.5, -2.0, 0.1]], dtype=np.float32),
        "wide": np.array([math.pi, -0.0, 1e300, math.nan]),
        "none": np.zeros((0, 9)),
    }
    packed = base64.b64encode(b"x" * shift + pack({"words": "δ ≈ ½"}, arrays)).decode()
    body = """
      const bytes = Uint8Array.from(atob(given[0]), sign => sign.charCodeAt());
      const {header, arrays} = modules.unpack(bytes.subarray(given[1]));
      const kinds = Object.entries(arrays).map(([name, array]) => [name, [array.constructor.name, [...array]]]);
      return [header.words, Object.fromEntries(kinds)];"""
    words, found = js(body, "descent/payload", given=[packed, shift])
    assert words == "δ ≈ ½"
    kinds = {name: kind for name, (kind, _) in found.items()}
    assert kinds == {"narrow": "Float32Array", "wide": "Float64Array", "none": "Float64Array"}
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[name][1], array.ravel().astype(float))


def points(path: str) -> list[list[tuple[float, float]]]:
    """The pieces of an SVG path of straight lines."""
    corners = [[at.split() for at in piece.split("L")] for piece in path.split("M")[1:]]
    return [[(float(x), float(y)) for x, y in piece] for piece in corners]


def isoline(js: Call, values: list[list[float]], level: float) -> list[list[tuple[float, float]]]:
    """In pixels ten times the columns and rows."""
    flat = [None if math.isnan(value) else value for row in values for value in row]
    body = """
      const values = Float64Array.from(given[0], value => value ?? NaN);
      return modules.isoline(values, given[1], given[2], column => 10 * column, row => 10 * row);"""
    return points(js(body, "descent/isolines", given=[flat, len(values[0]), level]))


def test_a_line_of_equal_value_lies_where_the_value_is(js):
    slope = [[float(column) for column in range(5)] for _ in range(4)]
    pieces = isoline(js, slope, 2.3)
    assert {x for piece in pieces for x, _ in piece} == {23.0}
    assert sorted(y for piece in pieces for _, y in piece) == [0, 10, 10, 20, 20, 30]  # through all the rows
    bowl = [[(column - 10) ** 2 + (row - 10) ** 2 for column in range(21)] for row in range(21)]
    ring = isoline(js, bowl, 50)
    assert len(ring) > 30
    assert all(math.hypot(x - 100, y - 100) == pytest.approx(10 * 50**0.5, abs=0.5) for one in ring for x, y in one)
    ends = sorted(end for one in ring for end in one)
    assert ends[::2] == ends[1::2]  # a closed ring: every end is another's beginning
    assert isoline(js, bowl, 500) == []


def test_a_line_of_equal_value_leaves_out_what_is_no_number_and_parts_at_a_saddle(js):
    assert isoline(js, [[0, math.nan], [0, 1]], 0.5) in ([], [[(5.0, 10.0)]])
    assert len(isoline(js, [[0, 1], [1, 0]], 0.5)) == 2


@pytest.mark.parametrize("with_gradients", [False, True])
def test_in_a_drawing_of_any_width_no_number_lies_on_another(with_gradients, js):
    body = """
      const names = {activation: "leaky ReLU", output: "sigmoid", loss: "binary cross-entropy"};
      return given[0].map(width => modules.layoutFor(width, given[1], names));"""
    widths = [*range(280, 1500, 35), 779, 780]
    for width, layout in zip(widths, js(body, "network/layout", given=[widths, with_gradients]), strict=True):
        assert layout["kind"] == ("wide" if width >= 780 else "tall")
        units = [box for unit in layout["units"].values() for box in (unit["before"], unit["after"])]
        boxes = [*layout["chips"].values(), layout["loss"], *units]
        sides = [
            (b["x"] - b["width"] / 2, b["x"] + b["width"] / 2, b["y"] - b["height"] / 2, b["y"] + b["height"] / 2)
            for b in boxes
        ]
        assert len(boxes) == 12 + 1 + 6
        for i, (left, right, top, bottom) in enumerate(sides):
            assert left >= 0 and right <= layout["width"] and top >= 0 and bottom <= layout["height"]
            for other_left, other_right, other_top, other_bottom in sides[:i]:
                apart = left >= other_right or other_left >= right or top >= other_bottom or other_top >= bottom
                assert apart, (width, boxes[i])


def test_steps_go_along_the_grid_and_stop_at_the_limits(js):
    moves = [
        # value, steps, where it comes to
        (0.2, 1, 0.21),
        (0.29, 1, 0.3),
        (0.1 + 0.2, 1, 0.31),  # on the grid but for the last bit
        (-0.01, 1, 0.0),
        (0.2, -35, -0.15),
        (0.123, 1, 0.13),  # off the grid: to its next point
        (0.123, -1, 0.12),
        (0.123, 10, 0.22),
        (-0.123, 1, -0.12),
        (0.123, 0, 0.123),
        (2.995, 1, 3.0),
        (2.99, 10, 3.0),
        (-2.5, -100, -3.0),
    ]
    body = "return given.map(([value, steps]) => modules.moved(value, steps, 0.01, [-3, 3]));"
    found = js(body, "live/hand", given=[move[:2] for move in moves])
    assert found == [expected for *_, expected in moves]  # to the last bit: these go into the address


def test_of_changes_that_wait_only_the_newest_is_sent_and_one_at_a_time(js):
    body = """
      const sent = [], channel = new modules.ChangeChannel(change => sent.push(change.value));
      const offer = value => channel.offer({key: "y", value});
      offer(1); offer(2); offer(3);
      const atOnce = [...sent];
      channel.answered();
      await new Promise(done => setTimeout(done, 2 * modules.ChangeChannel.PACE));
      channel.answered();
      offer(4);
      await new Promise(done => setTimeout(done, 2 * modules.ChangeChannel.PACE));
      channel.close();
      return [atOnce, sent];"""
    assert js(body, "network/change") == [[1], [1, 3, 4]]


def test_a_run_says_of_each_step_what_was_recorded(js):
    theta = np.zeros((4, 9))
    theta[:, 0] = [0, 3, 3, 7]  # the path goes 3, stands, and goes 4 and 3 at once
    theta[:, 8] = [0, 0, 0, 3]
    update = np.full((4, 9), 0.5)
    kinks = np.full((4, 9, 2), math.nan)
    kinks[1, 4] = [0.25, math.nan]
    arrays = {
        "theta": theta,
        "gradient": np.arange(36.0).reshape(4, 9),
        "update": update,
        "loss": np.array([1.0, 30.0, 5.0, math.inf]),
        "output": np.zeros(4),
        "grid": np.tile([0.0, 1.0, 2.0], 9),
        "slices": np.arange(108.0).reshape(4, 9, 3),
        "kinks": kinks,
        "batch": np.array([[0, 2], [1, math.nan], [-1, 3], [0, 1]], dtype=float),
    }
    names = [{"key": str(p)} for p in range(9)]
    header = {"names": names, "rows": [[0, 0, 0]] * 4, "optimizer": {"key": "adam"}}
    packed = base64.b64encode(pack(header, arrays)).decode()
    body = """
      const run = new modules.Run(Uint8Array.from(atob(given), sign => sign.charCodeAt()));
      return {
        last: run.last, peak: run.peak, travelled: [...run.travelled], after: [run.after(0, 0), run.after(3, 0)],
        slope: run.slope(2, 1), slice: [...run.slice(1, 2)], kinks: [[...run.kinks(1, 4)], [...run.kinks(0, 0)]],
        drawn: [0, 1, 2].map(step => run.drawn(step)), worth: [0, 1, 3].map(step => run.worthSeeing(step)),
        stepAfter: [0, 2.9, 3, 7.9, 8].map(length => run.stepAfter(length)), earlier: run.earlier(3, 4),
        has: [run.has("theta", "loss"), run.has("curvature")], optimizer: run.optimizer.key,
      };"""
    assert js(body, "descent/run", given=packed) == {
        "last": 3,
        "peak": 20,  # twenty times the first loss; 30 leaves the plots
        "travelled": [0, 3, 3, 8],
        "after": [3, 7.5],
        "slope": 19,
        "slice": [33, 34, 35],
        "kinks": [[0.25], []],
        "drawn": [[0, 2], [1], [3]],
        "worth": [True, False, False],
        "stepAfter": [0, 0, 2, 2, 3],
        "earlier": [0, 2],
        "has": [True, False],
        "optimizer": "adam",
    }


# ── formulas ────────────────────────────────────────────────────────────────────────────────────────────────────

FORMULA = "derivation/formula"
SLOPE = r"\frac{\partial L}{\partial w^{(1)}_{12}}"
VERSIONS = [  # one formula as it changes under a hand: numbers, then a sign, then = to ≈, then another
    rf"{SLOPE} = \mark{{o-L}}{{0.72}} \cdot \mark{{gate h_2}}{{1}} = \textcolor{{gradient}}{{0.72}}",
    rf"{SLOPE} = \mark{{o-L}}{{12.5}} \cdot \mark{{gate h_2}}{{0}} = \textcolor{{gradient}}{{0}}",
    rf"{SLOPE} = \mark{{o-L}}{{-1.5}} \cdot \mark{{gate h_2}}{{0}} = \textcolor{{gradient}}{{0}}",
    rf"{SLOPE} \approx \mark{{o-L}}{{2}} \cdot \mark{{gate h_2}}{{0}} = \textcolor{{gradient}}{{0}}",
    r"\begin{aligned}z_1 &= \max(0, 2.5) \\[3pt] &= \begin{bmatrix}1 & 0.5\end{bmatrix}\end{aligned}",
    r"\underbrace{\sqrt{2} \cdot \tfrac12\,(1.5 - 0.7)^2}_{\delta^{(2)}} = 1.2 \times 10^{-5}",
    r"\underbrace{\sqrt{3} \cdot \tfrac12\,(9 - 0.7)^2}_{\delta^{(2)}} = 4 \times 10^{-5}",
]


def test_only_numbers_are_taken_out_of_a_formula(js):
    body = "return given.map(latex => Object.values(modules.taken(latex)));"
    found = js(body, FORMULA, given=[VERSIONS[0], VERSIONS[4], VERSIONS[5], r"x_1^2 w_{11} \text{in 3 steps}"])
    assert [numbers for _, numbers in found] == [
        ["0.72", "1", "0.72"],
        ["0", "2.5", "1", "0.5"],
        ["2", "1.5", "0.7", "1.2", "10"],
        [],
    ]
    shape = rf"{SLOPE} = \mark{{o-L}}{{◦}} \cdot \mark{{gate h_2}}{{◦}} = \textcolor{{gradient}}{{◦}}"
    assert found[0][0] == shape


@pytest.mark.parametrize("is_display", [True, False])
def test_a_formula_that_was_changed_equals_one_that_is_set_afresh(is_display, js):
    body = """
      const [versions, display, address] = given, box = document.body.appendChild(document.createElement("div"));
      box.append(modules.typeset(versions[0], display));
      const found = [];
      for (const [i, latex] of [...versions, ...versions].entries()) {
        modules.reset(box.firstChild, latex);
        if (i % 2) modules.speakNow(box); // a hand at rest, or still moving
        const fresh = document.body.appendChild(document.createElement("div"));
        const another = await import(`${address}?${i}${display}`); // it has set nothing yet
        fresh.append(another.typeset(latex, display));
        another.speakNow(fresh);
        modules.speakNow(box);
        found.push([latex, box.innerHTML === fresh.innerHTML, box.querySelectorAll(".unset").length]);
        fresh.remove();
      }
      box.remove();
      return found;"""
    found = js(body, FORMULA, given=[VERSIONS, is_display, f"/browser/{DIGEST}/{FORMULA}.js"])
    assert [latex for latex, is_equal, unset in found if not is_equal or unset] == []


def test_a_change_of_numbers_changes_no_node_but_their_texts(js):
    body = """
      const box = document.body.appendChild(document.createElement("div"));
      const node = modules.typeset(given[0], true);
      box.append(node);
      modules.speakNow(box);
      const seen = [];
      new MutationObserver(all => seen.push(...all.map(({type}) => type)))
        .observe(box, {subtree: true, childList: true, characterData: true, attributes: true});
      modules.reset(node, given[1]);
      modules.speakNow(box);
      await new Promise(done => setTimeout(done));
      const [heard, html] = [box.querySelector("math"), box.querySelector(".katex-html")];
      const said = [...heard.querySelectorAll("mn")].map(({textContent}) => textContent);
      box.remove();
      return [seen, said, [...html.querySelectorAll("[data-n]")].map(({textContent}) => textContent)];"""
    seen, said, shown = js(body, FORMULA, given=VERSIONS[:2])
    assert set(seen) == {"characterData"} and len(seen) == 6  # three numbers, seen and heard
    assert said[-3:] == shown == ["12.5", "0", "0"]


def test_nothing_that_takes_the_focus_is_hidden_from_screen_readers(js):
    body = """
      const box = document.body.appendChild(document.createElement("div"));
      box.append(modules.typeset(given, true));
      modules.speakNow(box);
      const keys = root => [...box.querySelectorAll(root)].map(({dataset}) => dataset.key);
      const found = [keys("[aria-hidden=true] [tabindex]"), keys("math [tabindex]"), keys(".mark"),
        box.querySelectorAll("annotation, [mathcolor]").length, box.querySelector(".role-gradient").textContent];
      box.remove();
      return found;"""
    assert js(body, FORMULA, given=VERSIONS[0]) == [[], ["o-L", "gate h_2"], ["o-L", "gate h_2"], 0, "0.72"]


def test_what_katex_cannot_set_stands_there_as_it_was_written_and_nothing_is_trusted(js):
    body = r"""
      const set = latex => modules.typeset(latex, true).querySelector(".katex-html");
      const [unknown, link] = [set(String.raw`\\nonsense{0.5`), set(String.raw`\\href{javascript:alert(1)}{x}`)];
      return [unknown.className, unknown.textContent, link.querySelectorAll("a").length];"""
    kind, text, links = js(body, FORMULA)
    assert (kind, links) == ("katex-html unset", 0)
    assert text.endswith("nonsense{0.5")


def test_formulas_on_their_page(visit):
    page = visit("/chain_rule")
    katex_is_in_streamlits_wheel_and_its_style_sheet_fits_its_script(page)
    formulas_follow_a_slider_in_place_and_are_read_aloud_when_it_rests(page)


def katex_is_in_streamlits_wheel_and_its_style_sheet_fits_its_script(page: Page) -> None:
    kind = called(page, "return [typeof modules.default.render, modules.default.version];", "katex")
    assert kind[0] == "function" and re.match(r"0\.\d+", kind[1])
    formula = page.locator('.row[data-id="chain 1"] .formula .katex')
    font_sizes = (
        "node => [node, node.querySelector('.katex-sizing')].map(at => parseFloat(getComputedStyle(at).fontSize))"
    )
    whole, index = formula.evaluate(font_sizes)
    assert index / whole == pytest.approx(0.7)
    assert formula.evaluate("node => getComputedStyle(node).fontFamily").startswith("KaTeX_Main")
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('12px KaTeX_Math'))")
    assert formula.locator(".frac-line").first.evaluate("line => line.getBoundingClientRect().width") > 5
    brace = formula.locator(".brace-center").first.evaluate("part => part.getBoundingClientRect().width")
    assert brace > 10


def formulas_follow_a_slider_in_place_and_are_read_aloud_when_it_rests(page: Page) -> None:
    at_rest(page)
    product = page.locator('.row[data-id="product 1"] .katex')
    come_to(product)
    expect(product.locator("math")).to_contain_text("0.432")
    product.evaluate("node => { window.kept = node; }")
    slider(page, "w2_2").press("ArrowRight")
    stands_at(page, w2_2=0.61)
    expect(product.locator(".katex-html .role-gradient")).to_have_text(re.compile("0.446"))
    expect(product.locator("math")).to_contain_text("0.61")
    assert product.evaluate("node => node === window.kept")
    expect(page.locator(".unset")).to_have_count(0)


def test_just_what_is_wider_than_its_place_takes_the_focus(js):
    body = """
      const root = document.body.appendChild(document.createElement("div"));
      root.style.width = "300px";
      root.innerHTML = '<style>.formula, .table-box { overflow-x: auto; white-space: nowrap }</style>'
        + '<div style="content-visibility: hidden"><div class="formula"></div></div>'
        + '<div class="formula"></div><div class="table-box"></div>';
      const boxes = [...root.querySelectorAll(".formula, .table-box")], [far, near, table] = boxes;
      const looked = () => boxes.map(box => `${box.tabIndex} ${box.role} ${Boolean(box.ariaLabel)}`);
      const until = async wanted => {
        const end = performance.now() + 20000;
        while (!wanted() && performance.now() < end) await new Promise(done => setTimeout(done, 20));
        return looked();
      };
      const {refresh, stop} = modules.keepInReach(root), found = [];
      far.textContent = near.textContent = table.textContent = "wide ".repeat(100);
      refresh(); // something was written
      found.push(await until(() => near.tabIndex === 0));
      near.textContent = "narrow";
      refresh();
      found.push(await until(() => near.tabIndex < 0));
      root.style.width = "9000px"; // the window
      found.push(await until(() => table.tabIndex < 0));
      near.innerHTML = '<b style="display: inline-block; height: 1em; width: 10000px"></b>';
      document.fonts.dispatchEvent(new Event("loadingdone"));
      found.push(await until(() => near.tabIndex === 0));
      stop();
      root.remove();
      return found;"""
    yes, no = "0 group true", "-1 null false"
    assert js(body, "derivation/reach") == [[yes, yes, yes], [yes, no, yes], [no, no, no], [no, yes, no]]
