"""Each page opened by its own address; the deep links by the first visitor a server has."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import PATHS, TITLES, cell, number, result, scrubber, shows, slider
from tests.pages.screen import NOTEBOOK


@pytest.fixture
def home(path, request) -> str:
    """A deep link asks more of a fresh server than its root does."""
    return request.getfixturevalue("server" if path == "/" else "fresh_server")


@pytest.mark.parametrize("path", PATHS)
def test_a_deep_link_on_a_fresh_server_opens_the_whole_screen(path, home, window):
    page = window()
    page.goto(home + path)
    shows(page)
    expect(result(page)).to_contain_text("Move a slider")
    expect(page.get_by_role("navigation").get_by_role("link")).to_have_text(TITLES)
    expect(page.locator("[data-testid=stSlider] input")).to_have_count(12)
    for key, value in NOTEBOOK.items():
        expect(slider(page, key)).to_have_value(f"{value:g}")
    if path == "/descent":
        expect(scrubber(page)).to_have_value("0")
        expect(page.get_by_role("table", name="W1, gradient").get_by_role("cell")).to_have_text(
            ["0.36", "0.432", "0.72", "0.864"]
        )
    else:
        expect(cell(page, "o")).to_have_accessible_name("output of the network: 1.42" + gradient(path, "0.72"))
        expect(number(page, "w1_12")).to_have_attribute("aria-valuenow", "0.2")
    if path == "/chain_rule":
        expect(page.get_by_role("cell", name="0.432", exact=True).first).to_be_visible()


def gradient(path: str, value: str) -> str:
    return f"; gradient {value}" if path == "/chain_rule" else ""
