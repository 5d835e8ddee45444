"""A page that is all there, and what axe-core finds on it."""

import re
from collections.abc import Sequence
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page, expect

from tests.browser.visitor import at_rest, come_to, loss_plot

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
SERIOUS = """async ([only, but]) => {
  const rules = Object.fromEntries(but.map(rule => [rule, {enabled: false}]));
  const {violations} = await axe.run(document, {resultTypes: ['violations'], rules, ...(only && {runOnly: only})});
  return violations.filter(({impact}) => ['critical', 'serious'].includes(impact)).flatMap(({id, impact, nodes}) =>
    nodes.map(({target, html}) => `${impact} ${id}: ${target.flat().join(' ')} ${html.slice(0, 100)}`));
}"""

# The fonts are there, and just those formulas and tables take the focus that are wider than their place.
REACHABLE = """() => {
  const roots = [...document.querySelectorAll('*')].map(({shadowRoot}) => shadowRoot).filter(Boolean);
  const boxes = roots.flatMap(root => [...root.querySelectorAll('.formula, .table-box')]);
  return document.fonts.status === 'loaded'
    && boxes.every(box => (box.scrollWidth > box.clientWidth) === (box.tabIndex === 0));
}"""


def ready(page: Page, path: str) -> None:
    """Everything that the page draws is drawn; a figure waits until it comes near the screen."""
    if path == "/descent":
        for figure in ("^The loss over", "^Map of the loss"):
            plot = page.get_by_role("figure", name=re.compile(figure))
            come_to(plot, plot.locator(".main-svg"))
        come_to(loss_plot(page))
    else:
        expect(page.get_by_role("group", name="The network")).to_be_visible()
        expect(page.locator(".katex").last).to_be_attached()
    at_rest(page)
    page.wait_for_function(REACHABLE)


def serious(page: Page, only: Sequence[str] | None = None, but: Sequence[str] = ()) -> list[str]:
    """What axe finds by all its rules, by these alone, or by all but these."""
    page.evaluate(AXE)
    return page.evaluate(SERIOUS, [only, but])
