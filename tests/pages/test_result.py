"""The result line: its numbers, and what it says of the last change."""

import re

import pytest

from core.typeset import text_number
from pages.screen import history
from pages.words.result import fixed
from tests.pages.screen import (
    CHAIN_RULE,
    NOTEBOOK,
    brief,
    by_hand,
    change,
    chosen,
    moved,
    opened,
    pressed,
    raw_result,
    result,
    told,
    turned_to,
    values,
)


@pytest.fixture(autouse=True)
def slow_hands(monkeypatch):
    """No two changes are one gesture, however fast these tests are."""
    monkeypatch.setattr(history, "ONE_GESTURE", 0.0)


INVITATION = "Move a slider: its effect on the loss appears here."


def test_before_anything_moved_it_invites():
    assert change(opened()) == INVITATION


def test_it_says_which_slider_moved_and_what_the_loss_did():
    screen = opened()
    screen = moved(screen, "w1_12", 0.5)
    effect = by_hand(w1_12=0.5)["L"] - by_hand()["L"]
    assert effect == pytest.approx(0.1458)
    assert change(screen) == "w(1)12 0.2 → 0.5: L rose by 0.1458"
    screen = moved(screen, "y", -1.0)
    effect = by_hand(w1_12=0.5, y=-1.0)["L"] - by_hand(w1_12=0.5)["L"]
    assert change(screen) == f"y 0.7 → −1: L rose by {brief(effect)}"


def test_it_says_when_the_loss_fell():
    screen = opened()
    screen = moved(screen, "b2", -0.4)
    assert change(screen) == f"b(2) 0.3 → −0.4: L fell by {brief(by_hand()['L'] - by_hand(b2=-0.4)['L'])}"


def test_a_value_that_moves_no_loss_is_said_to_move_none():
    screen = opened(w1_11="-3", w1_21="-3")  # the first gate is closed
    screen = moved(screen, "w1_11", -2.0)
    assert change(screen) == "w(1)11 −3 → −2: L did not change"


def test_what_does_not_concern_the_loss_leaves_the_last_change_standing():
    screen = moved(opened(CHAIN_RULE), "w1_12", 0.5)
    screen = told(screen, "network", "selected", "x_2")
    assert change(screen) == "w(1)12 0.2 → 0.5: L rose by 0.1458"


def test_it_tells_the_whole_gesture_and_not_its_last_tick(monkeypatch):
    monkeypatch.setattr(history, "ONE_GESTURE", 1000.0)
    screen = opened()
    for value in (0.3, 0.4, 0.5):
        screen = moved(screen, "w1_12", value)
    assert change(screen) == "w(1)12 0.2 → 0.5: L rose by 0.1458"
    screen = moved(screen, "w1_12", 0.2)
    assert change(screen) == "back where it was: L did not change"


def test_without_the_live_channel_the_moves_of_a_number_are_one_gesture(monkeypatch):
    monkeypatch.setattr(history, "ONE_GESTURE", 1000.0)
    screen = opened()
    for value in (0.3, 0.4, 0.5):
        screen = told(screen, "network", "changed", {"key": "w1_12", "value": value})
    assert change(screen) == "w(1)12 0.2 → 0.5: L rose by 0.1458"
    assert values(pressed(screen, "Undo")) == NOTEBOOK


def test_undo_and_redo_tell_their_own_effect():
    screen = moved(opened(), "w1_12", 0.5)
    screen = pressed(screen, "Undo")
    assert change(screen) == "w(1)12 0.5 → 0.2: L fell by 0.1458"
    screen = pressed(screen, "Redo")
    assert change(screen) == "w(1)12 0.2 → 0.5: L rose by 0.1458"


def test_it_remembers_the_last_change_on_the_next_page():
    screen = opened()
    screen = moved(screen, "w1_12", 0.5)
    assert change(turned_to(CHAIN_RULE, screen)) == "w(1)12 0.2 → 0.5: L rose by 0.1458"


def test_several_values_at_once_are_not_blamed_on_one():
    screen = opened(w1_11="2", y="-3")
    screen = pressed(screen, "Reset all values")
    assert change(screen).startswith("several values moved: L fell by ")


def test_a_change_of_precision_is_named():
    screen = opened()
    screen.selectbox(key="precision").set_value("float32").run()
    assert change(screen).startswith("now in float32 on cpu: L ")


def test_a_change_of_function_is_named():
    screen, now, before = opened(), {}, by_hand()["L"]
    for key, option, cause in [
        ("activation", "tanh", "with tanh in the hidden units"),
        ("output", "sigmoid", "with sigmoid at the output"),
        ("loss", "squared_error", "measured by squared error"),
        ("loss", "binary_cross_entropy", "measured by binary cross-entropy"),
    ]:
        screen = chosen(screen, key, option)
        now[key] = option
        after = by_hand(**now)["L"]
        assert change(screen) == f"{cause}: L {'rose' if after > before else 'fell'} by {brief(abs(after - before))}"
        before = after


@pytest.mark.parametrize(
    "address, key, option, causes",
    [
        # y has to move to 1, and the loss itself is another one: both have their part in what L did
        ({"output": "sigmoid", "y": "1.5"}, "loss", "binary_cross_entropy", ["binary cross-entropy", "y"]),
        ({"output": "sigmoid", "loss": "binary_cross_entropy"}, "output", "tanh", ["half squared error", "tanh"]),
    ],
    ids=["loss and y", "output and loss"],
)
def test_where_two_things_changed_none_is_blamed_alone(address, key, option, causes):
    screen = chosen(opened(**address), key, option)
    cause = change(screen).partition(": L ")[0]
    assert cause.startswith("several ") or all(re.search(rf"\b{named}\b", cause) for named in causes), cause


def test_every_digit_is_one_hover_away():
    titles = [title for *_, title in raw_result(opened())["numbers"]]
    assert titles == ["output, 1.42", f"loss, {by_hand()['L']!r}"]


def test_a_perfect_output_has_a_loss_of_zero():
    assert float(result(opened(y="1.42")).split("L = ")[1].split()[0]) == 0


@pytest.mark.parametrize(
    "value, text",
    [
        (1.42, "1.420"),
        (0.2592, "0.2592"),
        (-0.5, "−0.5000"),
        (0.05, "0.05000"),
        (2.0, "2.000"),
        (12.0, "12.00"),
        (-12.5, "−12.50"),
        (10.5, "10.50"),
        (20.25, "20.25"),
        (100.5, "100.5"),
        (999.96, "1000"),
        (123.456, "123.5"),
        (0.00123456, "0.001235"),
        (1.4625, "1.463"),
        (1.4624999999999997, "1.463"),
        (-0.0, "0.000"),
        (1.2e-7, "1.2×10⁻⁷"),
        (float("inf"), "∞"),
        (float("nan"), "not finite"),
    ],
)
def test_the_line_keeps_four_digits_so_that_it_does_not_jump(value, text):
    assert fixed(value) == text


@pytest.mark.parametrize(
    "value, text",
    [
        (0.0, "0"),
        (-0.0, "0"),
        (0.36, "0.36"),
        (-0.36, "−0.36"),
        (0.43200000000671035, "0.432"),
        (1 / 3, "0.3333"),
        (1234.5, "1235"),
        (-1234.5, "−1235"),
        (12345.0, "1.235×10⁴"),
        (123456.0, "1.235×10⁵"),
        (-1.2e-5, "−1.2×10⁻⁵"),
        (1e-4, "0.0001"),
        (9.9999e-5, "0.0001"),
        (0.99999, "1"),
        (1e300, "1×10³⁰⁰"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
        (float("nan"), "not finite"),
    ],
)
def test_numbers_in_plain_text(value, text):
    assert text_number(value) == text
