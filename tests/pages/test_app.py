"""The shell: every page runs, from every address that makes sense."""

import pytest

from core import DIFFERENTIABLE
from tests.pages.screen import (
    ARCHITECTURES,
    CHAIN_RULE,
    NOTEBOOK,
    PAGES,
    by_hand,
    opened,
    result,
    result_of,
    shown,
    turned_to,
    values,
    view,
)

STATES = [
    {},
    {"w1_12": "0.5"},
    {"w1_11": "-3", "w1_12": "-3", "w1_21": "-3", "w1_22": "-3"},  # both gates closed
    {"x_1": "0", "x_2": "0", "b1_1": "0", "b1_2": "0"},  # both units stand on the kink
    {"w2_1": "0", "w2_2": "0"},
    {"y": "1.42"},  # the output hits the target: L and every gradient are 0
    {"w1_11": "1.23456789", "x_1": "-5", "y": "-5"},
    dict.fromkeys(NOTEBOOK, "3"),
    {"precision": "float32", "steps": "0", "parameter": "x_2"},
    {"learning_rate": "10", "steps": "200", "w1_11": "3", "x_1": "5"},  # diverges
    {"steps": "2000", "learning_rate": "1e-06"},
]


@pytest.mark.parametrize("address", STATES, ids=str)
def test_every_page_has_something_to_show_of_every_state(address):
    assert result_of(**address).startswith("o = ")
    for page in PAGES:
        assert view(page, **address)


@pytest.mark.parametrize("address", [STATES[2], STATES[8], STATES[9]], ids=str)  # shut, without steps, diverging
def test_every_page_runs_in_every_state(address):
    expected = NOTEBOOK | {key: float(text) for key, text in address.items() if key in NOTEBOOK}
    screen = opened(**address)
    for page in PAGES:
        screen = turned_to(page, screen)
        assert not screen.exception, page
        assert not screen.error, page
        assert "o = " in result(screen)
        assert values(screen) == expected


@pytest.mark.parametrize("page", PAGES)
def test_the_notebooks_numbers_stand_on_every_page(page):
    assert result(opened(page)).startswith("o = 1.420 L = 0.2592 ")


@pytest.mark.parametrize(
    "moved",
    [
        {"w1_12": 0.5},
        {"b2": -1.25, "y": 2.5},
        {"x_1": -4.0, "w1_11": 2.0},
        {"w2_1": -2.75, "w2_2": 1.5, "x_2": 3.0},
        {"b2": 3.0, "x_1": 5.0, "x_2": 5.0, "y": -4.5},
    ],
    ids=str,
)
def test_the_result_line_shows_what_a_hand_computes(moved):
    expected = by_hand(**moved)
    said = result_of(**{key: str(value) for key, value in moved.items()})
    assert said.startswith(f"o = {shown(expected['o'])} L = {shown(expected['L'])} ")


@pytest.mark.parametrize("made_of", ARCHITECTURES, ids=lambda made_of: "-".join(made_of.values()))
def test_every_page_runs_with_every_function_and_shows_what_a_hand_computes(made_of):
    moved = {"w1_11": -1.5, "w2_1": -0.8, "b2": 0.45, "x_2": -1.25, "y": 0.25}
    expected = by_hand(**made_of, **moved)
    address = made_of | {key: str(value) for key, value in moved.items()}
    assert result_of(**address).startswith(f"o = {shown(expected['o'])} L = {shown(expected['L'])} ")
    for page in PAGES:
        assert view(page, **address)


@pytest.mark.parametrize("name", DIFFERENTIABLE, ids=lambda name: name.key)
def test_every_symbol_can_be_studied(name):
    seen = view(CHAIN_RULE, parameter=name.key)
    assert seen["network"]["selected"] == name.key
    assert f"${name.latex}$" in seen["chain"]["rows"][0]["words"][0]


def test_a_walk_over_all_pages_keeps_every_slider():
    screen = opened(w1_11="0.7", y="-2.5", precision="float32")
    before = values(screen)
    for page in (*PAGES[1:], *PAGES, *reversed(PAGES)):
        screen = turned_to(page, screen)
        assert not screen.exception
        assert values(screen) == before
        assert screen.selectbox(key="precision").value == "float32"
