"""For keyboard and screen reader: axe-core finds nothing serious, and every control has its name."""

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

from core import ADJUSTABLE
from tests.browser.test_look import ready
from tests.browser.visitor import PATHS, PHONE, at_rest

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
SERIOUS = """async rules => {
  const {violations} = await axe.run(document, {resultTypes: ['violations'], ...(rules && {runOnly: rules})});
  return violations.filter(({impact}) => ['critical', 'serious'].includes(impact)).flatMap(({id, impact, nodes}) =>
    nodes.map(({target, html}) => `${impact} ${id}: ${target.flat().join(' ')} ${html.slice(0, 100)}`));
}"""
XOR = "/descent?data=xor&batch=2"


def serious(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe finds by all its rules, or by these alone."""
    page.evaluate(AXE)
    return page.evaluate(SERIOUS, rules)


@pytest.mark.parametrize(
    "path, window_kind",
    [*((path, {}) for path in [*PATHS, XOR]), *((path, PHONE) for path in ["/", "/chain_rule", XOR])],
    ids=lambda value: ("phone" if value else "desktop") if isinstance(value, dict) else value,
)
def test_axe_finds_nothing_serious_by_day_and_by_night(path, window_kind, visit):
    page = visit(path, **window_kind)
    ready(page, path.partition("?")[0])
    by_day = serious(page)
    page.emulate_media(color_scheme="dark")  # night changes nothing but colours
    page.wait_for_function("getComputedStyle(document.querySelector('.stApp')).backgroundColor === 'rgb(14, 17, 23)'")
    at_rest(page)
    assert (by_day, serious(page, ["color-contrast"])) == ([], [])


def test_axe_finds_nothing_serious_in_any_dialog(visit):
    page = visit("/?preset=macleod")
    ready(page, "/")
    found = {}
    for name in ("Type values", "Presets", "Share", "Export"):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        at_rest(page)
        found[name] = serious(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    assert found == {name: [] for name in found}


@pytest.mark.parametrize("path", ["/", "/chain_rule"])
def test_every_slider_is_named_by_its_meaning_and_keeps_its_name(path, visit):
    page = visit(path)
    ready(page, path)
    sidebar = page.locator("[data-testid=stSidebar]")
    sidebar.get_by_role("slider").first.press("ArrowRight")
    at_rest(page)
    page.get_by_role("button", name="Reset all values").click()
    at_rest(page)
    expect(sidebar.get_by_role("slider")).to_have_count(12)
    for name in ADJUSTABLE:
        expect(sidebar.get_by_role("slider", name=name.meaning, exact=True)).to_have_count(1)
