"""The chain-rule page in the browser: what lights up, what stays open, what is copied, and what stands where."""

import re

from playwright.sync_api import Locator, Page, expect

from core import Architecture, exact_derive
from core.parameters import Example, Parameters
from core.typeset import derivation_latex, derivation_text
from tests.browser.visitor import address, at_rest, choose, come_to, number, result, says, shows, slider, stands_at


def row(page: Page, identity: str) -> Locator:
    """A row of the derivation."""
    return page.locator(f'.row[data-id="{identity}"]')


def mark(page: Page, place: str, identity: str = "chain 1") -> Locator:
    """The part of a formula that belongs to a place of the drawing."""
    return row(page, identity).locator(f'.mark[data-key="{place}"]').first


def heard(page: Page, place: str) -> Locator:
    """The same part as a screen reader and the keyboard find it."""
    return row(page, "chain 1").locator(f'math [data-key="{place}"]').first


def gate(page: Page, unit: str) -> Locator:
    """A unit's gate in the drawing."""
    return page.locator(".gate").nth(["h_1", "h_2", "o"].index(unit))


def edge(page: Page, key: str) -> Locator:
    return page.locator(f'.edge[data-key="{key}"]')


def lit(*places: Locator) -> None:
    for place in places:
        expect(place).to_have_attribute("data-marked", "")


def dark(*places: Locator) -> None:
    for place in places:
        expect(place).not_to_have_attribute("data-marked", "")


def test_a_factor_and_its_place_in_the_drawing_light_each_other_up(visit):
    page = visit("/chain_rule?activation=tanh")
    expect(mark(page, "gate h_2")).to_be_visible()
    at_rest(page)
    for place, drawn in [("o-L", edge(page, "o-L")), ("gate h_2", gate(page, "h_2")), ("w2_2", edge(page, "w2_2"))]:
        dark(drawn)
        mark(page, place).hover()
        lit(drawn, mark(page, place, "product 1"))
    dark(gate(page, "h_1"), gate(page, "h_2"), gate(page, "o"), edge(page, "o-L"))  # one at a time
    mark(page, "gate o", "product 1").hover()  # a number of the product too
    lit(gate(page, "o"), mark(page, "gate o"))
    dark(edge(page, "w2_2"))

    gate(page, "h_2").locator(".word").hover()
    lit(mark(page, "gate h_2"), mark(page, "gate h_2", "product 1"), mark(page, "gate h_2", "factor h_2 z1_2"))
    dark(mark(page, "gate o"), mark(page, "w2_2"))
    over(page, edge(page, "o-L").locator(".line"))
    lit(mark(page, "o-L"))
    number(page, "w1_12").hover()
    lit(mark(page, "w1_12"))
    result(page).hover()
    dark(mark(page, "w1_12"), mark(page, "o-L"), edge(page, "w1_12"))

    number(page, "w2_2").focus()  # and by the keyboard
    lit(mark(page, "w2_2"), edge(page, "w2_2"))
    heard(page, "w2_2").focus()
    page.keyboard.press("Tab")
    lit(gate(page, "h_2"), mark(page, "gate h_2", "product 1"))
    expect(mark(page, "gate h_2")).to_have_attribute("data-focused", "")  # the ring is where one sees it
    expect(mark(page, "w2_2")).not_to_have_attribute("data-focused", "")
    dark(edge(page, "w2_2"))

    for unit in ("h_1", "h_2", "o"):  # a gate can be pointed at in its middle, and not on its thin lines alone
        over(page, gate(page, unit))
        expect(gate(page, unit)).to_have_attribute("data-marked", "", timeout=5_000)


def over(page: Page, drawn: Locator) -> None:
    """The pointer comes to lie on the middle of something drawn."""
    drawn.scroll_into_view_if_needed()
    box = drawn.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


ON_TOP = "([x, y]) => Boolean(document.elementFromPoint(x, y).closest('.st-key-result'))"


def test_down_to_the_end_of_the_page_and_back(visit):
    """One visit: the result line stays on top, the plot waits to be seen, a factor stays open, all can be copied."""
    page = visit("/chain_rule")
    the_plot_is_drawn_when_it_comes_into_view(page)
    the_result_line_has_stayed_on_top(page)
    an_opened_factor_stays_open_and_follows_the_slider(page)
    the_derivation_can_be_copied(page)


def the_plot_is_drawn_when_it_comes_into_view(page: Page) -> None:
    plot = page.get_by_role("figure", name="Loss along the weight from input 1 to hidden unit 2")
    expect(plot).to_be_attached()
    come_to(plot, plot.locator(".main-svg"))
    curve, tangent = (page.locator(f".st-key-slope .{part}") for part in ("curve", "tangent"))
    expect(curve).to_have_attribute("d", re.compile("^M.*L"))
    expect(tangent).to_be_visible()


def the_result_line_has_stayed_on_top(page: Page) -> None:
    assert page.locator("[data-testid=stMain]").evaluate("main => main.scrollTop") > 500
    box = result(page).locator("b").first.bounding_box()
    assert box is not None
    assert 0 < box["y"] < 100
    assert all(page.evaluate(ON_TOP, [box["x"] + 5, box["y"] + part * box["height"]]) for part in (0.2, 0.8))


def an_opened_factor_stays_open_and_follows_the_slider(page: Page) -> None:
    factor = row(page, "factor L o")
    expect(factor.locator(".more .row")).to_have_count(0)  # what is closed is not written
    factor.get_by_text("Rule, symbols, numbers").click()
    numbers = factor.locator('.row[data-id="Numbers"]')
    expect(numbers.locator("math")).to_have_text(re.compile(r"1\.42−0\.7="))
    slider(page, "y").press("ArrowLeft")
    stands_at(page, y=0.69)
    expect(numbers.locator("math")).to_have_text(re.compile(r"1\.42−0\.69=.*0\.73"))
    expect(numbers.locator(".katex-html")).to_contain_text("0.69")
    expect(factor.locator('.row[data-id="Rule"]')).to_be_visible()
    expect(row(page, "factor o z2").locator(".more")).not_to_have_attribute("open", "")
    number(page, "w1_22").click()  # another gradient begins with the same factor
    says(page, y="0.69", parameter="w1_22")
    expect(row(page, "factor z1_2 w1_22")).to_be_visible()
    expect(numbers).to_be_visible()


def the_derivation_can_be_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    derived = exact_derive(Parameters.default(), Example([1, 2], 0.69), "w1_22")
    for label, text in [
        ("Copy as LaTeX", derivation_latex(derived, Architecture())),
        ("Copy as text", derivation_text(derived, Architecture())),
    ]:
        button = page.get_by_role("button", name=label)
        button.click()
        expect(row(page, "copy").locator(".copy").filter(has=button).get_by_text("Copied")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == text
    page.context.clear_permissions()


def chosen(page: Page, **functions: str) -> None:
    """These functions stand in the sidebar."""
    for key, name in functions.items():
        expect(page.locator(f".st-key-{key}_shown input")).to_have_value(name)


def test_functions_chosen_by_hand_are_in_the_address_and_a_reload_brings_them_back(visit):
    page = visit("/chain_rule?parameter=x_1&y=1.5")
    choose(page, "activation", "GELU")
    shows(page, activation="gelu", y=1.5)
    choose(page, "output", "sigmoid")
    shows(page, activation="gelu", output="sigmoid", y=1.5)
    choose(page, "loss", "binary cross-entropy")
    made_of = {"activation": "gelu", "output": "sigmoid", "loss": "binary_cross_entropy"}
    shows(page, **made_of, y=1.0)
    expect(page.get_by_text("y = 1.5 does not go with binary cross-entropy")).to_be_visible()
    expect(row(page, "cancellation")).to_be_attached()
    expect(page).to_have_url(re.compile(r"[?&]y=1(&|$)"), timeout=10_000)
    page.reload()
    shows(page, **made_of, y=1.0)
    chosen(page, activation="GELU", output="sigmoid", loss="binary cross-entropy")
    assert address(page) == {**made_of, "parameter": "x_1", "y": "1"}
