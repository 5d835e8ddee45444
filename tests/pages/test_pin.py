"""A pinned state: every number of now against it, worked by hand."""

import math

import pytest
from streamlit.testing.v1 import AppTest

from core import ADJUSTABLE, DIFFERENTIABLE, NAMES
from core.settings import ENTRIES
from core.typeset import partial
from tests.pages.mischief import check_said
from tests.pages.screen import (
    CHAIN_RULE,
    DESCENT,
    NOTEBOOK,
    PAGES,
    by_hand,
    chosen,
    data,
    moved,
    notice,
    opened,
    pressed,
    told,
    turned_to,
)

FUNCTIONS = ("relu", "identity", "half_squared_error")
NOTEBOOKS_PIN = "0.1~0.2~0.3~0.4~0.1~0.2~0.5~0.6~0.3~1~2~0.7~relu~identity~half_squared_error"


def the_table(screen: AppTest) -> list[list[str]]:
    (row,) = data(screen, "pinned")["rows"]
    assert row["table"]["head"] == ["", "was", "now", "change"]
    return row["table"]["body"]


def has_table(screen: AppTest) -> bool:
    return any(each.proto.id.endswith("-pinned") for each in screen.get("bidi_component"))


def read(text: str) -> float:
    """A number as the table writes it: −1.2×10⁻⁵."""
    plain = text.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")).replace("×10", "e").replace("−", "-")
    return float(plain)


def agrees_with_hands(screen: AppTest, was: dict[str, float], now: dict[str, float]) -> None:
    """Every line of the table: its name, was and now to six digits, the change to four."""
    names = {f"${NAMES[key].latex}$": key for key in NAMES}
    names |= {f"${partial('L', name.key)}$": f"dL/d{name.key}" for name in DIFFERENTIABLE}
    seen = {names[label]: cells for label, *cells in the_table(screen)}
    assert seen.keys() == set(names.values())
    for key, (then, here, change) in seen.items():
        assert read(then) == pytest.approx(was[key], rel=5e-6, abs=1e-15), key
        assert read(here) == pytest.approx(now[key], rel=5e-6, abs=1e-15), key
        difference = now[key] - was[key]
        if abs(difference) > 1e-12:
            assert change[0] in "+−", key
            assert read(change) == pytest.approx(difference, rel=5e-4), key
        else:
            assert change == "" or abs(read(change)) < 1e-12, key


@pytest.mark.parametrize("page", PAGES)
def test_was_now_and_change_are_what_a_hand_computes_on_every_page(page):
    screen = pressed(opened(page, steps="3"), "Pin")
    assert {cells[3] for cells in the_table(screen)} == {""}
    screen = moved(screen, "w1_12", -0.25)
    agrees_with_hands(screen, by_hand(), by_hand(w1_12=-0.25))
    screen = moved(screen, "y", 2.0)
    agrees_with_hands(screen, by_hand(), by_hand(w1_12=-0.25, y=2.0))


def test_how_many_numbers_differ_is_counted():
    screen = moved(pressed(opened(), "Pin"), "y", 0.8)
    (row,) = data(screen, "pinned")["rows"]
    body = row["table"]["body"]
    differ = sum(was != now for _, was, now, _ in body)
    # y and L moved, and every gradient with them: 2 + 11
    assert differ == 13
    assert row["words"] == [f"13 of {len(body)} numbers differ from the state you pinned."]
    assert len(body) == 12 + 7 + 11


def test_other_functions_are_pinned_too():
    network = {"activation": "tanh", "output": "sigmoid", "loss": "binary_cross_entropy"}
    screen = pressed(opened(**network), "Pin")
    screen = chosen(screen, "activation", "softplus")
    agrees_with_hands(screen, by_hand(**network), by_hand(**network | {"activation": "softplus"}))
    assert dict(screen.query_params)["pin"].endswith("~0.7~tanh~sigmoid~binary_cross_entropy")


def test_what_is_pinned_is_in_the_address_to_the_last_digit_and_opens_again():
    third = 1 / 3
    screen = pressed(opened(w1_11=repr(third), b2="1e-9"), "Pin")
    address = dict(screen.query_params)["pin"]
    assert address == f"{third!r}~0.2~0.3~0.4~0.1~0.2~0.5~0.6~1e-09~1~2~0.7~relu~identity~half_squared_error"
    assert ENTRIES["pin"].read(address) == (*(NOTEBOOK | {"w1_11": third, "b2": 1e-9}).values(), *FUNCTIONS)
    again = opened(pin=address)
    assert notice(again) == []
    assert again.session_state.pin == screen.session_state.pin
    agrees_with_hands(again, by_hand(w1_11=third, b2=1e-9), by_hand())


def test_the_pin_stays_on_other_pages_and_after_reset_until_it_is_put_away():
    screen = pressed(opened(w1_11="2"), "Pin")
    screen = pressed(turned_to(CHAIN_RULE, screen), "Reset all values")
    agrees_with_hands(screen, by_hand(w1_11=2), by_hand())
    screen = pressed(turned_to(DESCENT, screen), "Unpin")
    assert not has_table(screen)
    assert "pin" not in screen.query_params
    assert [button.label for button in screen.sidebar.button].count("Pin") == 1


def test_a_number_in_hand_is_pinned_as_it_is_shown():
    screen = told(opened(), "network", "changed", {"key": "x_2", "value": 1.25})
    screen = pressed(screen, "Pin")
    assert screen.session_state.pin[10] == 1.25


BAD_PINS = [
    ("", "it has 1 parts, a pinned state has 15"),
    ("1~2", "it has 2 parts, a pinned state has 15"),
    (NOTEBOOKS_PIN + "~", "it has 16 parts, a pinned state has 15"),
    (NOTEBOOKS_PIN.replace("0.1", "nan", 1), "it is not a number"),
    (NOTEBOOKS_PIN.replace("0.1", "9", 1), "it is out of range, choose from −3 to 3"),
    (NOTEBOOKS_PIN.replace("relu", "<b>relu</b>"), "it is not known"),
    (NOTEBOOKS_PIN.replace("half_squared_error", "binary_cross_entropy"), "so the output must lie between 0 and 1"),
]


@pytest.mark.parametrize("text, reason", BAD_PINS, ids=lambda part: part[:20])
def test_a_damaged_pin_is_left_out_and_it_is_said_why(text, reason):
    screen = opened(pin=text)
    assert not screen.exception
    (sentence,) = notice(screen)
    assert reason in sentence
    assert "It was left out." in sentence
    check_said(sentence)
    assert not has_table(screen)


@pytest.mark.parametrize("page", PAGES)
def test_a_pin_whose_target_its_loss_cannot_learn_is_left_out(page):
    pin = NOTEBOOKS_PIN.replace("0.7~relu~identity~half_squared_error", "3~relu~sigmoid~binary_cross_entropy")
    screen = opened(page, pin=pin, steps="2")
    assert not screen.exception
    assert len(notice(screen)) == 1
    assert not has_table(screen)


def test_a_pin_far_out_where_numbers_are_no_longer_finite_is_still_a_table():
    values = ["3"] * len(ADJUSTABLE)
    screen = opened(pin="~".join((*values, *FUNCTIONS)), precision="float32")
    assert not screen.exception
    assert all(math.isfinite(read(was)) for _, was, _, _ in the_table(screen))
