"""How it looks where that can be measured: dark, on a phone, and with motion switched off."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.axe import REACHABLE, ready, serious
from tests.browser.visitor import PATHS, PHONE, at_rest, come_to, scrubber, slider, stands_at, turn_to

# The page with the longest formulas: GELU, a cross-entropy that cancels, two routes.
LONGEST = "/chain_rule?activation=gelu&output=sigmoid&loss=binary_cross_entropy&parameter=x_1&w1_11=-0.123&w2_2=-1.234"

# Everything on the page, through the shadow roots: [element, its parent on the screen].
EVERYTHING = """
const parentOf = node => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host;
const everything = function* (root) {
  for (const node of root.querySelectorAll('*')) {
    yield node;
    if (node.shadowRoot) yield* everything(node.shadowRoot);
  }
};
const visible = node => node.checkVisibility({opacityProperty: true, visibilityProperty: true})
  && node.getBoundingClientRect().width > 1 && node.getBoundingClientRect().height > 1;
"""

# Every element with words of its own that do not reach 4.5 : 1 against what lies behind them.
UNREADABLE = (
    "() => {"
    + EVERYTHING
    + """
const pen = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
const rgba = colour => {
  pen.clearRect(0, 0, 1, 1);
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data];
};
const luminance = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
const behind = node => {
  const words = node.getBoundingClientRect();
  const [x, y] = [words.left + words.width / 2, words.top + words.height / 2];
  for (let at = node; at; at = parentOf(at)) {
    const box = at.getBoundingClientRect();
    if (x < box.left || x > box.right || y < box.top || y > box.bottom) continue;  // the words hang out of it
    const colour = rgba(getComputedStyle(at).backgroundColor);
    if (colour[3] > 250) return colour;
  }
  return rgba(getComputedStyle(document.querySelector('.stApp')).backgroundColor);
};
const found = [];
for (const node of everything(document.body)) {
  const words = [...node.childNodes].filter(n => n.nodeType === 3).map(n => n.data.trim()).join('');
  if (!words || !visible(node) || ['STYLE', 'SCRIPT'].includes(node.tagName)) continue;
  if (node.closest('[disabled], [aria-disabled=true], .katex-mathml, .stMaterialIcon')) continue;
  const style = getComputedStyle(node);
  const ink = node instanceof SVGElement ? style.fill : style.color;
  const [darker, lighter] = [luminance(rgba(ink)), luminance(behind(node))].sort((a, b) => a - b);
  const contrast = (lighter + 0.05) / (darker + 0.05);
  if (contrast < 4.5) found.push(`${contrast.toFixed(2)}: ${words.slice(0, 40)} <${node.tagName} ${ink}>`);
}
return found;
}"""
)

# Every element that reaches over the right edge, but for what a scrolling box of its own holds.
TOO_WIDE = (
    "() => {"
    + EVERYTHING
    + """
const scrolls = node => {
  for (let at = parentOf(node); at && at !== document.body; at = parentOf(at)) {
    const box = at.getBoundingClientRect();
    if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(at).overflowX) && box.right <= innerWidth + 1
      && !at.matches('[data-testid=stMain], [data-testid=stApp], [data-testid=stAppViewContainer]')) return true;
  }
  return false;
};
const found = [];
for (const node of everything(document.body)) {
  if (!visible(node) || node.closest('[data-testid=stSidebar]')) continue;
  const box = node.getBoundingClientRect();
  if (box.right > innerWidth + 1 && !scrolls(node)) {
    found.push(`${node.tagName}.${node.getAttribute('class')} reaches to ${box.right}`);
  }
}
return found;
}"""
)


NIGHT = "rgb(14, 17, 23)"


def night_falls(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".stApp")).to_have_css("background-color", NIGHT)
    for plot in page.get_by_role("figure").all():  # one out of sight changes its colours as it comes near
        come_to(plot)
        expect(plot.locator(".xtick text").first).to_have_css("fill", "rgb(250, 250, 250)")
    at_rest(page)


@pytest.mark.parametrize("path", PATHS)
def test_by_day_and_when_night_falls_all_can_be_read_and_axe_finds_nothing(path, visit):
    page = visit(path, color_scheme="light", reduced_motion="reduce")
    ready(page, path)
    play_is_offered_only_to_those_who_want_motion(page, path)
    expect(page.locator(".stApp")).to_have_css("background-color", "rgb(255, 255, 255)")
    assert page.evaluate(UNREADABLE) == []
    assert serious(page) == []
    page.evaluate("window.not_reloaded = true")
    night_falls(page)
    assert page.evaluate(UNREADABLE) == []
    assert serious(page, ["color-contrast"]) == []  # night changes nothing but colours
    assert page.evaluate("window.not_reloaded")
    if path == "/":  # on a wide window the sidebar stays when a page is chosen
        turn_to(page, "Chain rule")
        expect(page.locator("[data-testid=stSidebar]")).to_have_attribute("data-collapsed", "false")


def play_is_offered_only_to_those_who_want_motion(page: Page, path: str) -> None:
    play = page.get_by_role("button", name="Play")
    if path != "/chain_rule":
        expect(page.get_by_role("button", name="Next step") if path == "/" else scrubber(page)).to_be_visible()
        expect(play).to_be_hidden()
    page.emulate_media(reduced_motion="no-preference")
    if path != "/chain_rule":
        expect(play).to_be_visible()


def all_laid_out(page: Page) -> None:
    """Rows far off the screen are laid out too, and every factor is opened."""
    for summary in page.locator("summary").all():
        summary.click()
    page.locator(".rows > .row").evaluate_all(
        "rows => rows.forEach(row => { row.style.contentVisibility = 'visible'; })"
    )
    at_rest(page)


@pytest.mark.parametrize(
    "path, scheme",
    [("/", "light"), ("/chain_rule", "light"), ("/descent?data=xor&batch=2", "dark"), (LONGEST, "dark")],
)
def test_on_a_phone_nothing_is_wider_than_the_screen_or_out_of_reach(path, scheme, visit):
    page = visit(path, **PHONE, color_scheme=scheme)
    ready(page, path.partition("?")[0])
    if path != LONGEST:
        assert serious(page, but=["color-contrast"]) == []  # colours do not change with the width
    all_laid_out(page)
    assert page.evaluate("innerWidth") == 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("[data-testid=stMain]").evaluate("main => main.scrollWidth <= main.clientWidth")
    assert page.evaluate(TOO_WIDE) == []
    if path.startswith("/descent"):  # what may scroll sideways could be squeezed to nothing
        assert page.locator(".numbers").evaluate("node => node.clientWidth") > 300
    if scheme == "dark":  # from the start
        expect(page.locator(".stApp")).to_have_css("background-color", NIGHT)
        assert page.evaluate(UNREADABLE) == []
    if path == LONGEST:
        expect(page.locator(".more[open] .katex")).to_have_count(21)  # seven factors, three lines each
        expect(page.locator(".unset")).to_have_count(0)  # KaTeX knows all that they are written with
        what_scrolls_sideways_is_scrolled_by_keys(page)


def what_scrolls_sideways_is_scrolled_by_keys(page: Page) -> None:
    page.wait_for_function(REACHABLE)
    wide = page.locator(".formula[tabindex]")
    expect(wide.first).to_have_accessible_name("Wider than there is room: the arrow keys scroll it")
    come_to(wide.first)
    wide.first.press("ArrowRight")
    page.wait_for_function("formula => formula.scrollLeft > 0", arg=wide.first.element_handle())


def choose_in_the_drawer(page: Page, title: str, path: str) -> None:
    """Open the drawer where it is not open (a browser remembers how it was left), choose a page, and see it closed."""
    sidebar = page.locator("[data-testid=stSidebar]")
    if sidebar.get_attribute("data-collapsed") == "true":
        page.locator("[data-testid=stExpandSidebarButton]").tap()
    expect(page.locator(".st-key-w1_12")).to_be_in_viewport()
    page.get_by_role("navigation").get_by_role("link", name=title).tap()
    page.wait_for_url(lambda url: urlsplit(url).path == path)
    at_rest(page)
    expect(sidebar).to_have_attribute("data-collapsed", "true")
    expect(page.locator(".st-key-w1_12")).not_to_be_in_viewport()


def test_on_a_phone_sliders_are_one_touch_away_and_the_drawer_closes_when_a_page_is_chosen(visit):
    page = visit(**PHONE)
    page.locator("[data-testid=stExpandSidebarButton]").tap()
    expect(page.locator(".st-key-w1_12")).to_be_in_viewport()
    slider(page, "w1_12").press("ArrowRight")
    stands_at(page, w1_12=0.21)
    for title, path in (("Chain rule", "/chain_rule"), ("Descent", "/descent"), ("Descent", "/descent")):
        choose_in_the_drawer(page, title, path)


def test_on_a_phone_the_drawer_closes_for_whoever_is_quicker_than_our_script(window, server):
    page = window(**PHONE)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)  # Playwright takes no built-in methods

    page.route("**/drawer.js", hold)
    with page.expect_request("**/drawer.js"):
        page.goto(server)
    expect(page.locator(".st-key-w1_12")).to_be_attached()
    page.locator("[data-testid=stSidebar][data-collapsed]").wait_for(state="attached")
    if page.locator("[data-testid=stSidebar]").get_attribute("data-collapsed") == "true":
        page.locator("[data-testid=stExpandSidebarButton]").tap()
    page.get_by_role("navigation").get_by_role("link", name="Chain rule").tap()
    page.wait_for_url("**/chain_rule")
    at_rest(page)
    expect(page.locator("[data-testid=stSidebar]")).to_have_attribute("data-collapsed", "false")
    held[0].continue_()
    expect(page.locator("[data-testid=stSidebar]")).to_have_attribute("data-collapsed", "true")
