"""What a person sees and does, in the words of the tests."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Locator, Page, expect

from core import NAMES
from tests.pages.screen import by_hand, shown

PATHS = ("/", "/chain_rule", "/descent")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
TITLES = ("Forward pass", "Chain rule", "Descent")


def slider(page: Page, key: str) -> Locator:
    """A slider of the sidebar."""
    return page.locator(f".st-key-{key} input")


def number(page: Page, key: str) -> Locator:
    """A number in the drawing that a hand can change."""
    return page.locator(".st-key-network").get_by_role("slider", name=NAMES[key].meaning, exact=True)


def cell(page: Page, key: str) -> Locator:
    """A number in the drawing that the network computes."""
    return page.get_by_role("img", name=f"{NAMES[key].meaning}:")


def result(page: Page) -> Locator:
    return page.locator(".st-key-result")


def scrubber(page: Page) -> Locator:
    return page.get_by_role("slider", name="Step of the descent")


def loss_plot(page: Page) -> Locator:
    return page.get_by_role("figure", name=re.compile("^The loss over"))


def shows(page: Page, **changed: Any) -> None:
    """The result line reads what a hand computes with these sliders moved and these functions chosen."""
    expected = by_hand(**changed)
    expect(result(page).locator("b").nth(0)).to_have_text(shown(expected["o"]))
    expect(result(page).locator("b").nth(1)).to_have_text(shown(expected["L"]))


def stands_at(page: Page, **moved: float) -> None:
    """These sliders of the sidebar, and the result line."""
    for key, value in moved.items():
        expect(slider(page, key)).to_have_value(f"{value:g}")
    shows(page, **moved)


def at_rest(page: Page) -> None:
    """Streamlit's last run is over, and two frames have been painted since."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def come_to(place: Locator, drawn: Locator | None = None) -> None:
    """Scroll to a place, and again until it is seen, or what is drawn there: rows that come late push it away."""
    for _ in range(120):
        place.scroll_into_view_if_needed()
        try:
            return expect((drawn or place).first).to_be_in_viewport(timeout=500)
        except AssertionError:
            continue
    raise AssertionError(f"{drawn or place} does not come into sight")


def choose(page: Page, key: str, name: str) -> None:
    """A function, chosen by hand in the sidebar."""
    page.locator(f".st-key-{key}_shown input").click()
    page.get_by_role("option", name=name, exact=True).click()


def turn_to(page: Page, title: str) -> None:
    """To another page, through the navigation."""
    # A person clicks when the page has come to rest; a click into a running script cuts that run short.
    expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_role("navigation").get_by_role("link", name=title).click()
    path = dict(zip(TITLES, PATHS, strict=True))[title]
    page.wait_for_url(lambda url: urlsplit(url).path == path)
    landmarks = {
        "Forward pass": page.get_by_role("group", name="The network"),
        "Chain rule": page.get_by_text("Study the gradient of"),
        "Descent": scrubber(page),
    }
    expect(landmarks[title]).to_be_visible()
    at_rest(page)


def says(page: Page, **entries: str) -> None:
    """The address comes to say exactly this."""
    page.wait_for_function(
        "wanted => { const all = [...new URL(location).searchParams]; "
        "return all.length === Object.keys(wanted).length && all.every(([key, text]) => wanted[key] === text); }",
        arg=entries,
        timeout=60_000,
    )


def address(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))
