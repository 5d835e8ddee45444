"""The chain-rule page: factors, routes, sums, witnesses."""

import re

import pytest

from core import DIFFERENTIABLE
from tests.pages.screen import CHAIN_RULE, by_hand, data, opened
from tests.pages.screen import words as words_of

STUDIED = [name.key for name in DIFFERENTIABLE]


def words(screen) -> str:
    return words_of(screen, "chain")


def witnesses(screen) -> dict[str, list[str]]:
    """The table of witnesses: who, and what stands behind the name."""
    (table,) = [row["table"] for row in data(screen, "proof")["rows"] if row["id"] == "witnesses"]
    return {who: rest for who, *rest in table["body"]}


def last_value(screen) -> str:
    """The number in the last product or sum on the page: the gradient."""
    return re.findall(r"\\textcolor\{gradient\}\{(-?[\d.]+)\}", words(screen))[-1]


@pytest.mark.parametrize("key, text", [("w1_12", "0.432"), ("b1_1", "0.36"), ("w2_2", "0.864"), ("b2", "0.72")])
def test_the_gradients_that_the_notebook_gets_wrong_are_right_here(key, text):
    screen = opened(CHAIN_RULE, parameter=key)
    assert last_value(screen) == text
    assert rf" = \textcolor{{gradient}}{{{text}}}" in words(screen)
    assert "0.5184" not in words(screen)


@pytest.mark.parametrize("key", STUDIED)
@pytest.mark.parametrize("moved", [{}, {"w2_1": -1.5, "x_1": 2.5}, {"w1_11": -3.0, "w1_21": -3.0}], ids=str)
def test_three_witnesses_say_what_a_hand_computes(key, moved):
    screen = opened(CHAIN_RULE, parameter=key, **{k: str(v) for k, v in moved.items()})
    expected = by_hand(**moved)[f"dL/d{key}"]
    says = witnesses(screen)
    assert list(says) == ["Chain rule", "Autograd", "Finite difference"]
    for number, off, verdict, how in says.values():
        assert how
        assert float(number.replace("−", "-")) == pytest.approx(expected, rel=1e-8, abs=1e-9)
        assert (off, verdict) == ("", "") or verdict == "agrees"


def test_a_parameter_has_one_route_and_an_input_two_that_add_up():
    one = words(opened(CHAIN_RULE, parameter="w1_12"))
    assert "Route" not in one
    two = words(opened(CHAIN_RULE, parameter="x_1"))
    assert "Route 1: through hidden unit 1" in two
    assert "Route 2: through hidden unit 2" in two
    assert "**add up**" in two
    assert r"= 0.036 + 0.0864 = \textcolor{gradient}{0.1224}" in two


def test_the_chain_is_written_in_symbols_and_in_numbers():
    page = words(opened(CHAIN_RULE, parameter="w1_12"))
    links = [
        ("L", "o"),
        ("o", "z^{(2)}"),
        ("z^{(2)}", "h_{2}"),
        ("h_{2}", "z^{(1)}_{2}"),
        ("z^{(1)}_{2}", "w^{(1)}_{12}"),
    ]
    assert r" \cdot ".join(rf"\frac{{\partial {a}}}{{\partial {b}}}" for a, b in links) in page
    assert r"= 0.72 \cdot 1 \cdot 0.6 \cdot 1 \cdot 1 = " in page


def test_all_nine_gradients_stand_in_the_shape_of_their_parameters():
    page = words_of(opened(CHAIN_RULE), "proof")
    for rows in (
        r"0.36 & 0.432 \\ 0.72 & 0.864",
        r"0.36 & 0.432",
        r"0.576 \\ 0.864",
        r"0.72",
    ):
        assert rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}" in page


@pytest.mark.parametrize(
    "address, sentence",
    [
        ({}, "the loss **rises** by about **0.432 times** that amount. A step of gradient descent therefore lowers"),
        (
            {"y": "5"},
            "the loss **falls** by about **2.148 times** that amount. A step of gradient descent therefore raises",
        ),
        ({"w2_2": "0"}, "The gradient is 0: to first order, moving"),
        ({"parameter": "x_1"}, "An input is given, not learned, so gradient descent leaves it where it is."),
    ],
    ids=str,
)
def test_the_sign_and_the_size_are_put_in_words(address, sentence):
    assert sentence in words(opened(CHAIN_RULE, **address))


@pytest.mark.parametrize(
    "address, sentence",
    [
        ({}, "the gate is open"),
        ({"w1_12": "-3", "w1_22": "-3"}, "the gate is closed"),
        ({"w1_12": "0", "w1_22": "0", "b1_2": "0"}, "the gate is closed"),  # exactly on the kink
    ],
    ids=str,
)
def test_the_gate_is_open_or_closed(address, sentence):
    assert sentence in words(opened(CHAIN_RULE, **address))


def test_picking_another_symbol_changes_the_page():
    screen = opened(CHAIN_RULE)
    screen.button_group(key="parameter_shown").set_value("b1_1").run()
    assert last_value(screen) == "0.36"
    assert screen.query_params["parameter"] == "b1_1"
