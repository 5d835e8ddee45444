"""A part of the page that cannot be shown says so in its place, and the rest goes on."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.visitor import at_rest, come_to, scrubber, slider, stands_at

# The components of a page: the module of each, and the key it stands under.
PARTS = {
    "/": {"network": "network", "derivation": "forward_pass"},
    "/descent": {"descent": "path"},
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


@pytest.mark.parametrize("path", PARTS)
def test_components_whose_modules_do_not_load_say_so(path, troubled, server):
    troubled.route(re.compile(rf"/({'|'.join(PARTS[path])})\.js$"), lambda route: route.abort())
    troubled.goto(server + path)
    alerts = [troubled.locator(f".st-key-{key}").get_by_role("alert") for key in PARTS[path].values()]
    for alert in alerts:
        expect(alert).to_have_text(NOT_LOADED)
    slider(troubled, "w1_12").press("ArrowRight")  # the rest goes on, and it is said once
    stands_at(troubled, w1_12=0.21)
    at_rest(troubled)
    for alert in alerts:
        expect(alert).to_have_text([NOT_LOADED])


@pytest.mark.parametrize("path", PARTS)
def test_components_that_cannot_read_their_data_say_so_until_they_can(path, troubled, server):
    for name in PARTS[path]:
        lies_between(troubled, name, SPOILER.format(name=name, first="{}"))
    troubled.goto(server + path)
    parts = []
    for name, key in PARTS[path].items():
        place = troubled.locator(f".st-key-{key}")
        shown = {
            "network": place.get_by_role("group", name="The network"),
            "derivation": place.locator(".formula").first,
            "descent": scrubber(troubled),
        }[name]
        parts.append((place.get_by_role("alert"), shown))
    for sentence, _ in parts:
        expect(sentence).to_have_text(NOT_READ)
    for nonsense in ("null", "7", '{"rows": 7, "values": null}', "new Uint8Array(3)"):
        troubled.evaluate("() => { window.spoil = data => data; }")
        slider(troubled, "w1_12").press("ArrowRight")
        for sentence, shown in parts:
            expect(shown).to_be_visible()
            expect(sentence).to_have_count(0)
        troubled.evaluate(f"() => {{ window.spoil = () => ({nonsense}); }}")
        slider(troubled, "w1_12").press("ArrowRight")
        for sentence, shown in parts:
            expect(sentence).to_have_text([NOT_READ])
            expect(shown).to_be_hidden()  # it is not true any more
    stands_at(troubled, w1_12=0.28)


@pytest.mark.parametrize(
    "library, done", [(None, "loaded"), ("window.Plotly = {newPlot() { throw new Error('no'); }};", "drawn")]
)
def test_a_chart_that_cannot_be_drawn_says_so_and_the_rest_goes_on(library, done, troubled, server):
    def answer(route: Route) -> None:
        route.fulfill(body=library, content_type="text/javascript") if library else route.abort()

    troubled.route(re.compile(r"/plotly\.min\.js$"), answer)
    troubled.goto(server + "/chain_rule")
    sentence = troubled.get_by_text(f"The chart could not be {done}. Reload the page to try again.")
    come_to(troubled.locator(".st-key-slope"), sentence)
    slider(troubled, "w1_12").press("ArrowRight")
    stands_at(troubled, w1_12=0.21)
    expect(sentence).to_be_visible()
