"""A part of the page that cannot be shown says so in its place, and the rest goes on."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.visitor import at_rest, result, scrubber, slider, stands_at

# A component's module, the key it stands under, and where.
PARTS = {
    "network": ("network", "/"),
    "derivation": ("forward_pass", "/"),
    "descent": ("path", "/descent"),
}
NOT_LOADED = "This part of the page could not be loaded. Reload the page to try again."
NOT_READ = "This part of the page cannot show what the server sent. Reload the page to try again."
# Between the page and the real module: what comes from the server is another thing while `spoil` says so.
SPOILER = """
import show from "./{name}.js?as_it_is";
window.spoil ??= () => ({first});
export default component => show({{...component, data: window.spoil(component.data)}});
"""


@pytest.fixture
def troubled(contexts) -> Iterator[Page]:
    """A window in which errors are expected."""
    page = contexts().new_page()
    yield page
    page.close()


def lies_between(page: Page, name: str, script: str) -> None:
    """The browser is given this script for a module of ours."""

    def answer(route: Route) -> None:
        route.fulfill(body=script, content_type="text/javascript")

    page.route(re.compile(rf"/{name}\.js$"), answer)


@pytest.mark.parametrize("name", PARTS)
def test_a_component_whose_module_does_not_load_says_so(name, troubled, server):
    key, path = PARTS[name]
    troubled.route(re.compile(rf"/{name}\.js$"), lambda route: route.abort())
    troubled.goto(server + path)
    place = troubled.locator(f".st-key-{key}")
    expect(place.get_by_role("alert")).to_have_text(NOT_LOADED)
    slider(troubled, "w1_12").press("ArrowRight")  # the rest goes on, and it is said once
    stands_at(troubled, w1_12=0.21)
    at_rest(troubled)
    expect(place.get_by_role("alert")).to_have_text([NOT_LOADED])


@pytest.mark.parametrize("name", PARTS)
def test_a_component_that_cannot_read_its_data_says_so_until_it_can(name, troubled, server):
    key, path = PARTS[name]
    lies_between(troubled, name, SPOILER.format(name=name, first="{}"))
    troubled.goto(server + path)
    place = troubled.locator(f".st-key-{key}")
    sentence = place.get_by_role("alert")
    shown = {
        "network": place.get_by_role("group", name="The network"),
        "derivation": place.locator(".formula").first,
        "descent": scrubber(troubled),
    }[name]
    expect(sentence).to_have_text(NOT_READ)
    for nonsense in ("null", "{}", "7", '{"rows": 7, "values": null}', "new Uint8Array(3)"):
        troubled.evaluate("() => { window.spoil = data => data; }")
        slider(troubled, "w1_12").press("ArrowRight")
        expect(shown).to_be_visible()
        expect(sentence).to_have_count(0)
        troubled.evaluate(f"() => {{ window.spoil = () => ({nonsense}); }}")
        slider(troubled, "w1_12").press("ArrowRight")
        expect(sentence).to_have_text([NOT_READ])
        expect(shown).to_be_hidden()  # it is not true any more
    stands_at(troubled, w1_12=0.3)


def test_a_chart_that_cannot_be_drawn_says_so_until_it_can(troubled, server):
    lies_between(troubled, "figure", SPOILER.format(name="figure", first="{}"))
    troubled.goto(server + "/chain_rule")
    chart = troubled.locator(".plot")
    chart.scroll_into_view_if_needed()
    expect(chart).to_have_text("The chart could not be drawn. Reload the page to try again.")
    troubled.evaluate("() => { window.spoil = data => data; }")
    slider(troubled, "w1_12").press("ArrowRight")
    chart.scroll_into_view_if_needed()
    expect(chart.locator(".main-svg").first).to_be_visible()
    expect(chart).not_to_contain_text("could not be drawn")
    expect(result(troubled)).to_be_visible()
