"""A hand in a hurry: nothing it does, however fast, may leave the page white, stopped, or saying two things at once."""

import random

from playwright.sync_api import Page, expect

from tests.browser.visitor import address, at_rest, choose, number, result, says, scrubber, shows, slider, stands_at
from tests.pages.screen import NOTEBOOK

PAGE_CHANGES = 50
BETWEEN = 40  # ms from one deed to the next
LOW = {"width": 1400, "height": 360}  # little is painted: here it counts what is said


def standing(page: Page) -> dict[str, float]:
    """Where the twelve sliders stand."""
    return {key: float(slider(page, key).get_attribute("aria-valuetext") or "nan") for key in NOTEBOOK}


def agrees_with_itself(page: Page) -> None:
    """Once it has come to rest, the page's numbers and its address are those of its sliders."""
    for _ in range(2):
        page.locator("html:not([data-in-hand])").wait_for(state="attached")  # Streamlit has heard of every change
        at_rest(page)
        page.wait_for_timeout(600)  # the longest that the page takes to find out for itself
    seen = standing(page)
    shows(page, **seen)
    said = address(page)
    assert {key: float(said.get(key, NOTEBOOK[key])) for key in NOTEBOOK} == seen


def test_sliders_may_move_while_pages_change_fifty_times(visit):
    page = visit("/?steps=10")
    page.set_viewport_size(LOW)
    at_rest(page)
    titles, keys = ("Chain rule", "Descent", "Forward pass"), ("b2", "y", "w1_11", "x_1")
    for change in range(PAGE_CHANGES):
        page.get_by_role("navigation").get_by_role("link", name=titles[change % 3]).click()
        slider(page, keys[change % 4]).press("ArrowRight" if change % 8 < 4 else "ArrowLeft")
        page.wait_for_timeout((100, 0, 250)[change % 3])
    expect(scrubber(page)).to_be_attached()  # the fiftieth is Descent
    agrees_with_itself(page)


def test_whatever_is_done_fast_screen_address_and_sliders_say_the_same(visit):
    """One visit: first what must end where it began, then anything."""
    page = visit("/chain_rule")
    page.set_viewport_size(LOW)
    at_rest(page)
    ten_keys_and_twenty_undos_end_where_they_began(page)
    for seed in range(3):
        anything_in_any_order(page, random.Random(seed))
        agrees_with_itself(page)


def ten_keys_and_twenty_undos_end_where_they_began(page: Page) -> None:
    slider(page, "w1_11").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(BETWEEN)
    for _ in range(20):
        page.keyboard.press("Control+z")
        page.wait_for_timeout(BETWEEN)
    stands_at(page, w1_11=0.1)
    agrees_with_itself(page)


def anything_in_any_order(page: Page, dice: random.Random) -> None:
    slider(page, "w1_12").focus()
    deeds = {
        "move": lambda: page.keyboard.press(dice.choice(("ArrowRight", "ArrowLeft"))),
        "another": lambda: slider(page, dice.choice(list(NOTEBOOK))).focus(),
        "undo": lambda: page.keyboard.press("Control+z"),
        "redo": lambda: page.keyboard.press("Control+y"),
        "parameter": lambda: press(page, ".st-key-parameter_shown button", dice.randrange(11)),
        "deed": lambda: press(page, ".st-key-deeds button", dice.choice((2, 7))),  # pin or unpin, reset
        "number": lambda: number(page, dice.choice(("w1_11", "b2", "x_2"))).press("ArrowUp"),
    }
    for _ in range(25):
        (deed,) = dice.choices(list(deeds), (6, 3, 4, 1, 3, 2, 2))
        deeds[deed]()
        page.wait_for_timeout(BETWEEN)


def press(page: Page, selector: str, which: int) -> None:
    """A click that does not wait for the page to stand still."""
    page.evaluate("([selector, which]) => document.querySelectorAll(selector)[which]?.click()", [selector, which])


# The server's messages reach the page `lag` ms late, as over a long way.
FAR_AWAY = """
window.lag = 0;
window.WebSocket = class extends WebSocket {
  addEventListener(type, listener, options) {
    const later = event => setTimeout(() => listener.call(this, event), window.lag);
    super.addEventListener(type, type === "message" ? later : listener, options);
  }
  set onmessage(listener) { this.addEventListener("message", listener); }
};"""


def test_functions_chosen_fast_end_in_one_network_however_late_the_answers_come(contexts, server):
    page = contexts().new_page()
    page.add_init_script(FAR_AWAY)
    page.goto(server)
    shows(page)
    page.evaluate("window.lag = 300")
    for name in ("sigmoid", "tanh", "ReLU", "softplus", "tanh"):
        choose(page, "activation", name)  # no answer to what was chosen before shuts the list
        slider(page, "b2").press("ArrowRight")
    shows(page, b2=0.35, activation="tanh")
    says(page, activation="tanh", b2="0.35")
    page.close()


def test_the_result_line_tells_the_whole_gesture_of_a_hand_that_pauses(visit):
    page = visit()
    at_rest(page)
    box = number(page, "b2").bounding_box()
    assert box
    x, y = box["x"] + box["width"] - 8, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for move in range(5, 101, 5):
        page.mouse.move(x + move, y)
        page.wait_for_timeout(1300 if move == 50 else 5)  # longer than two changes of one gesture are apart
    page.mouse.up()
    shows(page, b2=1.3)
    expect(result(page)).to_contain_text("b(2) 0.3 → 1.3: L rose by 1.22")
    at_rest(page)
    page.keyboard.press("Control+z")
    stands_at(page, b2=0.3)
    expect(result(page)).to_contain_text("b(2) 1.3 → 0.3: L fell by 1.22")
