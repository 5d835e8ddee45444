"""core/saving.py: what backprop saves, and the δ that routes share."""

import pytest

from core import DIFFERENTIABLE, Architecture, backpropagate, exact_derive, prefixes, saving
from tests.core.points import NOTEBOOK, architecture_id, architectures, derive, random_points

ALL_ELEVEN = [name.key for name in DIFFERENTIABLE]
CROSSED = Architecture(output="sigmoid", loss="binary_cross_entropy")


def test_the_multiplications_of_the_nine_by_hand():
    # Alone: six routes of five factors and three of three. Shared: ∂L/∂z2; ∂L/∂h, ∂L/∂z1 of two units; one for each.
    assert saving(Architecture()) == (6 * 4 + 3 * 2, 1 + 2 + 2 + 9)


def test_an_input_adds_two_routes():
    assert saving(Architecture(), ALL_ELEVEN) == (30 + 4 * 4, 14 + 4)
    assert saving(Architecture(), ["x_1"]) == (8, 7)


def test_cross_entropy_has_one_factor_less_in_every_route():
    assert saving(CROSSED) == (6 * 3 + 3 * 1, 0 + 2 + 2 + 9)


def test_a_single_route_saves_nothing():
    assert saving(Architecture(), ["w1_12"]) == (4, 4)
    assert saving(Architecture(), []) == (0, 0)


@pytest.mark.parametrize("architecture", architectures(), ids=architecture_id)
def test_a_named_beginning_is_the_delta_that_autograd_finds(architecture):
    for point in random_points(2, seed=91, architecture=architecture):
        _, deltas = backpropagate(*point, architecture, "cpu", "float64")
        by_autograd = {"z2": deltas.z2, "z1_1": deltas.z1[0], "z1_2": deltas.z1[1]}
        for key in ALL_ELEVEN:
            for route in derive(*point, key, architecture=architecture).routes:
                for prefix in prefixes(route):
                    assert prefix.value == pytest.approx(by_autograd[prefix.below], rel=1e-9, abs=1e-14)
                    assert route.factors[prefix.length - 1].below == prefix.below


def test_the_beginnings_of_a_route_have_names():
    (route,) = exact_derive(*NOTEBOOK, "w1_12").routes
    assert [(prefix.latex, prefix.length, float(prefix.value)) for prefix in prefixes(route)] == [
        (r"\delta^{(2)}", 2, 0.72),
        (r"\delta^{(1)}_{2}", 4, 0.432),
    ]
    (route,) = derive(*NOTEBOOK, "b2").routes
    assert [prefix.below for prefix in prefixes(route)] == ["z2"]
