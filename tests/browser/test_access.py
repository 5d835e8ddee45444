"""For keyboard and screen reader: every control has its name, and axe-core finds nothing serious (test_look.py too)."""

from playwright.sync_api import expect

from core import ADJUSTABLE
from tests.browser.axe import ready, serious
from tests.browser.visitor import at_rest, turn_to


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


def test_every_slider_is_named_by_its_meaning_and_keeps_its_name(visit):
    page = visit()
    sidebar = page.locator("[data-testid=stSidebar]")
    for title in ("Forward pass", "Chain rule"):
        turn_to(page, title)
        sidebar.get_by_role("slider").first.press("ArrowRight")
        at_rest(page)
        page.get_by_role("button", name="Reset all values").click()
        at_rest(page)
        expect(sidebar.get_by_role("slider")).to_have_count(12)
        for name in ADJUSTABLE:
            expect(sidebar.get_by_role("slider", name=name.meaning, exact=True)).to_have_count(1)
