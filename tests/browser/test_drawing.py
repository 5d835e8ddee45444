"""The drawing of the network is its control: by keyboard, by pointer, and against nonsense."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from core import NAMES
from tests.browser.conftest import served
from tests.browser.visitor import at_rest, cell, number, result, says, shows, slider, stands_at, turn_to
from tests.pages.screen import NOTEBOOK, by_hand


@pytest.mark.parametrize("path", ["/", "/chain_rule"])
def test_the_drawing_is_a_control(path, visit):
    """One visit: the same drawing from beginning to end, by keyboard and by pointer."""
    page = visit(path)
    at_rest(page)
    drawing = page.get_by_role("group", name="The network")
    drawing.evaluate("node => { window.kept = node; }")
    arrow_keys_on_a_number_move_its_slider(page)
    the_drawing_follows_a_slider(page)
    a_dragged_number_takes_slider_address_and_result_along(page)
    dragging_past_a_sliders_range_stops_at_the_range(page)
    if path == "/":
        play_tells_the_forward_pass_and_then_the_backward_pass(page)
        the_tab_key_reaches_every_slider_and_every_number(page)
    else:
        a_drag_that_ends_where_it_began_is_no_click(page)
        a_click_or_enter_selects_what_is_studied(page)
    assert drawing.evaluate("node => node === window.kept && node.isConnected")  # it was updated in place


def arrow_keys_on_a_number_move_its_slider(page: Page) -> None:
    for keys, value in [("ArrowRight", 0.51), ("Shift+ArrowRight", 0.61), ("ArrowDown", 0.6), ("End", 3), ("Home", -3)]:
        number(page, "w2_1").press(keys)
        expect(number(page, "w2_1")).to_have_attribute("aria-valuenow", f"{value:g}")
        stands_at(page, w2_1=value)
    says(page, w2_1="-3")
    expect(cell(page, "o")).to_contain_text("−1.38")
    page.get_by_role("button", name="Reset all values").click()
    stands_at(page, w2_1=0.5)


def the_drawing_follows_a_slider(page: Page) -> None:
    slider(page, "w1_12").press("ArrowRight")
    stands_at(page, w1_12=0.21)
    expect(number(page, "w1_12")).to_have_attribute("aria-valuenow", "0.21")
    slider(page, "w1_12").press("ArrowLeft")
    stands_at(page, w1_12=0.2)


def grab(page: Page, key: str) -> None:
    """The pointer takes hold of a number."""
    number(page, key).hover()
    page.mouse.down()


def pull(page: Page, key: str, distance: float, steps: int = 10) -> None:
    """… and drags it sideways."""
    box = number(page, key).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x + distance, y, steps=steps)


def a_dragged_number_takes_slider_address_and_result_along(page: Page) -> None:
    at_rest(page)
    grab(page, "w2_1")
    pull(page, "w2_1", 40)
    shows(page, w2_1=0.9)  # while the pointer is still down
    page.mouse.up()
    stands_at(page, w2_1=0.9)
    says(page, w2_1="0.9")
    expect(result(page)).to_contain_text("w(2)1")
    expect(number(page, "w2_1")).to_have_attribute("aria-valuenow", "0.9")


def dragging_past_a_sliders_range_stops_at_the_range(page: Page) -> None:
    number(page, "b2").press("End")
    for _ in range(10):
        number(page, "b2").press("ArrowLeft")
    stands_at(page, w2_1=0.9, b2=2.9)
    at_rest(page)
    grab(page, "b2")
    pull(page, "b2", 120)
    page.mouse.up()
    stands_at(page, w2_1=0.9, b2=3.0)
    says(page, w2_1="0.9", b2="3")


def a_drag_that_ends_where_it_began_is_no_click(page: Page) -> None:
    at_rest(page)
    grab(page, "w2_1")
    pull(page, "w2_1", 30)
    page.mouse.up()
    stands_at(page, w2_1=1.2, b2=3.0)
    expect(number(page, "w1_12")).to_have_attribute("aria-current", "true")


def a_click_or_enter_selects_what_is_studied(page: Page) -> None:
    page.get_by_role("button", name="Reset all values").click()
    stands_at(page, w2_1=0.5, b2=0.3)
    before = "w1_12"
    for key, gradient in [("w2_2", "0.864"), ("w2_1", "0.576")]:  # a witness's number
        if key == "w2_2":
            number(page, key).click()
        else:
            number(page, key).press("Enter")
        expect(number(page, key)).to_have_attribute("aria-current", "true")
        expect(number(page, before)).not_to_have_attribute("aria-current", "true")
        says(page, parameter=key)
        expect(page.get_by_role("cell", name=gradient, exact=True).first).to_be_visible()
        stands_at(page, w2_1=0.5, w2_2=0.6)
        before = key


def play_tells_the_forward_pass_and_then_the_backward_pass(page: Page) -> None:
    play = page.get_by_role("button", name="Play forward, then backward")
    play.click()
    expect(page.get_by_text("The inputs come in: x₁ = 1 and x₂ = 2.")).to_be_visible()
    page.get_by_role("button", name="Next step").click()  # a step by hand pauses the play
    expect(play).to_be_visible()


REACHED = """() => {
  window.reached = new Set();
  addEventListener("keyup", () => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    const key = at.closest('[class*=st-key-]')?.className.match(/st-key-(\\S+)/)?.[1];
    reached.add(key ?? at.ariaLabel ?? at.textContent);
  }, {capture: true});
}"""


def the_tab_key_reaches_every_slider_and_every_number(page: Page) -> None:
    wanted = set(NOTEBOOK) | {NAMES[key].meaning for key in NOTEBOOK}
    page.evaluate(REACHED)
    for _ in range(9):
        for _ in range(10):
            page.keyboard.press("Tab")
        reached = set(page.evaluate("[...window.reached]"))
        if reached >= wanted:
            break
    assert wanted - reached == set()


@pytest.fixture(scope="module")
def server_with_new_rows(chromium, tmp_path_factory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("new_rows") / "log.txt", "tests/browser/new_rows.py") as address:
        yield address


def told(page: Page) -> list[str]:
    """Every sentence of the play button, step by step."""
    sentences = []
    while not sentences or "An input has two routes" not in sentences[-1]:
        page.get_by_role("button", name="Next step").click()
        sentences.append(page.locator(".caption").text_content() or "")
    return sentences


def test_a_new_loss_activation_and_output_in_core_are_drawn_and_told(window, server_with_new_rows):
    page = window()
    page.goto(f"{server_with_new_rows}/?activation=witch&output=relu&loss=quartic&b2=-0.5")
    o = max(0.0, 0.5 * (0.8 / 1.64) + 0.6 * (1.2 / 2.44) - 0.5)
    expect(cell(page, "o")).to_contain_text(f"{o:.4g}")
    sentences = told(page)
    assert f"The loss compares o and y: L = ({o:.4g} − 0.7)⁴ = {(o - 0.7) ** 4:.4g}" in sentences
    assert f"∂L/∂o = 4 ({o:.4g} − 0.7)³ = −{4 * (0.7 - o) ** 3:.4g}" in sentences
    slope = (1 - 0.8**2) / (1 + 0.8**2) ** 2
    assert page.get_by_role("img", name=f"witch: slope {slope:.4g}").locator(".curve").get_attribute("d")
    expect(page.get_by_role("img", name="ReLU: open, slope 1")).to_be_visible()
    turn_to(page, "Descent")
    page.goto(f"{server_with_new_rows}/chain_rule?activation=relu&output=witch&loss=quartic&b2=-1.5")
    z2 = 0.5 * 0.8 + 0.6 * 1.2 - 1.5
    o = z2 / (1 + z2**2)
    expect(cell(page, "o")).to_contain_text(f"{o:.4g}".replace("-", "−"))
    assert f"∂L/∂o = 4 (−{-o:.4g} − 0.7)³ = −{4 * (0.7 - o) ** 3:.4g}" in told(page)
    turn_to(page, "Descent")


def test_where_two_slopes_cancel_the_story_says_so(visit):
    page = visit("/?activation=gelu&output=sigmoid&loss=binary_cross_entropy")
    at = by_hand(activation="gelu", output="sigmoid", loss="binary_cross_entropy")
    o, y, slope, loss = (f"{each:.4g}" for each in (at["o"], 0.7, at["dL/dz2"], at["L"]))
    sentences = told(page)
    assert f"The loss compares o and y: L = −{y} ln {o} − (1 − {y}) ln(1 − {o}) = {loss}" in sentences
    assert f"The slope of binary cross-entropy and sigmoid′(z⁽²⁾) cancel: ∂L/∂z⁽²⁾ = {o} − {y} = {slope}" in sentences


STAND_IN = """
export default component => {
  window.tell = (event, value) => component.setTriggerValue(event, value);
};
"""
NONSENSE = [
    None,
    7,
    "w1_11",
    "x" * 2_000_000,
    ["w1_11", 1],
    {},
    {"key": "w9", "value": 1},
    {"key": "w1_11", "value": True},
    {"key": "w1_11", "value": "1"},
    {"key": "w1_11", "value": None},
    {"key": ["w1_11"], "value": 1},
    {"key": "<img src=x onerror=alert(1)>", "value": 1},
]


def test_nonsense_from_the_browser_changes_nothing_and_is_logged(window, server, log):
    page = window()
    page.route(
        lambda url: urlsplit(url).path.endswith("/network/network.js"),
        lambda route: route.fulfill(body=STAND_IN, content_type="text/javascript"),
    )
    page.goto(server)
    page.wait_for_function("'tell' in window")
    told = "The drawing sent a change that makes no sense"
    for said, nonsense in enumerate(NONSENSE, log.read_text().count(told) + 1):
        page.evaluate("message => window.tell('changed', JSON.parse(message))", json.dumps(nonsense))
        for _ in range(100):
            if log.read_text().count(told) == said:
                break
            page.wait_for_timeout(50)
        assert log.read_text().count(told) == said, f"{nonsense!r:.60}"
        stands_at(page, w1_11=0.1)
    page.evaluate("window.tell('changed', {key: 'w1_11', value: 1e9, done: true})")
    stands_at(page, w1_11=3.0)
    says(page, w1_11="3")
    assert len(log.read_text()) < 1_000_000  # the 2 MB are not in it


@pytest.mark.parametrize(("path", "part"), [("/", ".network"), ("/descent", ".safety")])
def test_a_lone_drawing_is_saved_with_its_numbers(path, part, visit, tmp_path):
    page = visit(path)
    at_rest(page)
    buttons = page.locator(part).get_by_role("group", name="Save this figure")
    buttons.scroll_into_view_if_needed()
    expect(page.locator(part)).to_contain_text("1.42" if path == "/" else "η = 0.01")
    with page.expect_download(timeout=120_000) as download:
        buttons.get_by_role("button", name="SVG").click()
    download.value.save_as(tmp_path / "drawing.svg")
    root = ElementTree.parse(tmp_path / "drawing.svg").getroot()
    assert ("1.42" if path == "/" else "η = 0.01") in "".join(root.itertext())
