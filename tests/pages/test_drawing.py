"""What the drawing of the network is given, and what of its messages is understood."""

import pytest

from core import ADJUSTABLE, NAMES
from pages.components.network import understood_change
from tests.pages.screen import (
    ARCHITECTURES,
    CHAIN_RULE,
    FORWARD,
    NOTEBOOK,
    by_hand,
    opened,
    result,
    shown,
    told,
    values,
    view,
)

HUGE = "x" * 10_000_000
MALFORMED = [
    None,
    True,
    3,
    float("nan"),
    "w1_11",
    HUGE,
    [],
    ["w1_11", 1.0],
    {},
    {"key": "w1_11"},
    {"value": 1.0},
    {"key": "w9_99", "value": 1.0},
    {"key": "L", "value": 1.0},
    {"key": "__class__", "value": 1.0},
    {"key": "device", "value": 1.0},
    {"key": None, "value": 1.0},
    {"key": ["w1_11"], "value": 1.0},
    {"key": {"w1_11": 1}, "value": 1.0},
    {"key": HUGE, "value": 1.0},
    {"key": "w1_11", "value": None},
    {"key": "w1_11", "value": True},
    {"key": "w1_11", "value": "1.0"},
    {"key": "w1_11", "value": HUGE},
    {"key": "w1_11", "value": [1.0]},
    {"key": "w1_11", "value": {"value": 1.0}},
    {"key": "w1_11", "value": float("nan")},
    {"key": "w1_11", "value": float("inf")},
    {"key": "w1_11", "value": -float("inf")},
    {"key": "w1_11", "value": 10**400},  # JSON's whole numbers have no end
]


def short(message: object) -> str:
    return f"{message!r:.50}"


@pytest.mark.parametrize("message", MALFORMED, ids=short)
def test_a_change_that_makes_no_sense_is_not_understood(message):
    assert understood_change(message, "half_squared_error") is None


@pytest.mark.parametrize("page, messages", [(FORWARD, MALFORMED), (CHAIN_RULE, MALFORMED[::9])])
def test_a_change_that_makes_no_sense_is_ignored_with_a_line_in_the_log(page, messages, caplog):
    screen = opened(page)
    before = result(screen)
    for message in messages:
        caplog.clear()
        screen = told(screen, "network", "changed", message)
        assert not screen.exception, short(message)
        assert not screen.error, short(message)
        assert (values(screen), result(screen)) == (NOTEBOOK, before), short(message)
        (line,) = logged(caplog)
        assert line.startswith("The drawing sent a change that makes no sense: "), short(message)
        assert len(line) < 200


def logged(caplog) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "pages.components.network"]


@pytest.mark.parametrize("name", ADJUSTABLE, ids=lambda name: name.key)
def test_a_dragged_number_moves_its_slider_and_nothing_else(name, caplog):
    screen = told(opened(), "network", "changed", {"key": name.key, "value": 1.25})
    expected = by_hand(**{name.key: 1.25})
    assert values(screen) == NOTEBOOK | {name.key: 1.25}
    assert result(screen).startswith(f"o = {shown(expected['o'])} L = {shown(expected['L'])} ")
    assert logged(caplog) == []


@pytest.mark.parametrize("name", ADJUSTABLE, ids=lambda name: name.key)
@pytest.mark.parametrize("value", [3, 4, 1e9, 1e308])
def test_dragging_past_a_sliders_range_stops_at_the_range(name, value):
    limit = 5.0 if name.key in ("x_1", "x_2", "y") else 3.0
    reached = min(float(value), limit)
    assert understood_change({"key": name.key, "value": value}, "half_squared_error") == {name.key: reached}
    assert understood_change({"key": name.key, "value": -value}, "half_squared_error") == {name.key: -reached}


def test_past_the_range_the_page_stands_at_the_range():
    screen = told(opened(), "network", "changed", {"key": "y", "value": 1e9})
    assert values(screen) == NOTEBOOK | {"y": 5.0}
    screen = told(screen, "network", "changed", {"key": "y", "value": -1e9})
    assert values(screen) == NOTEBOOK | {"y": -5.0}


@pytest.mark.parametrize("page", [FORWARD, CHAIN_RULE])
def test_a_click_selects_what_is_studied(page):
    screen = told(opened(page), "network", "selected", "x_2")
    assert not screen.exception
    assert screen.session_state.parameter == "x_2"
    assert screen.query_params["parameter"] == "x_2"


def test_a_selection_that_makes_no_sense_is_ignored_with_a_line_in_the_log(caplog):
    screen = opened()
    for key in (None, True, 1, "", "y", "L", "w9", "<b>w1_11</b>", HUGE, ["w1_11"], {"key": "w1_11"}):
        caplog.clear()
        screen = told(screen, "network", "selected", key)
        assert not screen.exception, short(key)
        assert screen.session_state.parameter == "w1_12", short(key)
        assert values(screen) == NOTEBOOK, short(key)
        (line,) = logged(caplog)
        assert line.startswith("The drawing selected something that is not a parameter or input: "), short(key)
        assert len(line) < 200


@pytest.mark.parametrize("made_of", [ARCHITECTURES[0], *ARCHITECTURES[3:6]], ids=lambda made_of: made_of["loss"])
def test_the_drawing_is_given_every_number_of_the_network(made_of):
    given, expected = view(w2_1="-1.5", **made_of)["network"], by_hand(w2_1=-1.5, **made_of)
    assert given["values"] == pytest.approx({key: expected[key] for key in NAMES})
    gradients = {key: expected[f"dL/d{key}"] for key in NAMES if key not in ("y", "L")}
    assert given["gradients"] == pytest.approx(gradients)
    slopes = {"h_1": expected["dh_1/dz1_1"], "h_2": expected["dh_2/dz1_2"], "o": expected["do/dz2"]}
    assert given["slopes"] == pytest.approx(slopes)
    assert {key: given[key]["key"] for key in made_of} == made_of


@pytest.mark.parametrize(
    "key, nodes, edges",
    [
        ("w1_12", ["L o z2 h_2 z1_2 w1_12"], ["o-L, gate o, w2_2, gate h_2, w1_12"]),
        ("b1_1", ["L o z2 h_1 z1_1 b1_1"], ["o-L, gate o, w2_1, gate h_1, b1_1"]),
        ("w2_1", ["L o z2 w2_1"], ["o-L, gate o, w2_1"]),
        ("b2", ["L o z2 b2"], ["o-L, gate o, b2"]),
        (
            "x_1",
            ["L o z2 h_1 z1_1 x_1", "L o z2 h_2 z1_2 x_1"],
            ["o-L, gate o, w2_1, gate h_1, w1_11", "o-L, gate o, w2_2, gate h_2, w1_12"],
        ),
    ],
)
def test_the_routes_of_the_studied_symbol_are_lit(key, nodes, edges):
    given = view(CHAIN_RULE, parameter=key)["network"]
    assert given["selected"] == key
    assert [" ".join(route["nodes"]) for route in given["routes"]] == nodes
    assert [", ".join(route["edges"]) for route in given["routes"]] == edges
    assert given["show"] == "backward"


def test_cross_entropys_route_passes_no_output_gate_and_its_y_stays_a_probability():
    given = view(CHAIN_RULE, parameter="w2_1", output="sigmoid", loss="binary_cross_entropy")["network"]
    assert given["routes"] == [{"nodes": ["L", "z2", "w2_1"], "edges": ["o-L", "w2_1"]}]
    assert given["limits"]["y"] == [0, 1]
    assert understood_change({"key": "y", "value": 2}, "binary_cross_entropy") == {"y": 1.0}
    assert understood_change({"key": "y", "value": -2}, "binary_cross_entropy") == {"y": 0.0}
    assert understood_change({"key": "b2", "value": -2}, "binary_cross_entropy") == {"b2": -2.0}
