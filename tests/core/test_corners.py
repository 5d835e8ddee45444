"""core/corners.py: where paper and floats part at a kink, and the two slopes of the loss at a corner."""

from fractions import Fraction

import pytest

from core import (
    Architecture,
    Example,
    Parameters,
    backward,
    corner,
    exact_derive,
    exact_forward,
    forward,
    partings,
    slips,
)
from core.corners import crosses_a_kink, in_floats
from core.network import every_value
from tests.core.points import NOTEBOOK, random_points

EXAMPLE = Example([1, 2], 0.7)
# 0.1 + 2 · 0.1 − 0.3 is 0 on paper, and 5.6e-17 in float64; unit 2 alike in the second one.
PARTED = Parameters([[0.1, 0.2], [0.1, 0.4]], [-0.3, 0.2], [[0.5], [0.6]], [0.3])
PARTED_2 = Parameters([[0.2, 0.1], [0.4, 0.1]], [0.2, -0.3], [[0.6], [0.5]], [0.3])


def parted(parameters: Parameters, architecture: Architecture = Architecture(), precision: str = "float64"):
    passed = forward(parameters, EXAMPLE, architecture=architecture, precision=precision)
    on_paper = exact_forward(parameters, EXAMPLE, architecture=architecture)
    return partings(architecture, on_paper, every_value(parameters, EXAMPLE, passed))


@pytest.mark.parametrize(("activation", "shut"), [("relu", 0.0), ("leaky_relu", 0.01)])
@pytest.mark.parametrize(("parameters", "unit"), [(PARTED, "h_1"), (PARTED_2, "h_2")])
def test_a_sum_that_only_rounding_makes_positive_has_parted(parameters, unit, activation, shut):
    (found,) = parted(parameters, Architecture(activation))
    assert (found.unit, found.z_on_paper) == (unit, 0)
    assert 0 < found.z_in_floats < 1e-15
    assert (found.slope_on_paper, found.slope_in_floats) == (shut, 1.0)


def test_float32_may_stand_where_paper_stands_and_the_other_way_round():
    assert parted(PARTED, precision="float32") == ()
    tiny = Parameters([[0.5, 0.2], [0.25, 0.4]], [-0.999999999, 0.2], [[0.5], [0.6]], [0.3])
    assert parted(tiny) == ()
    (found,) = parted(tiny, precision="float32")
    assert found.z_on_paper == Fraction(1, 10**9)
    assert found.z_in_floats == 0  # float32 rounds the bias to −1


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "softplus", "gelu", "identity"])
def test_what_has_no_kink_never_parts(activation):
    assert parted(PARTED, Architecture(activation)) == ()


def test_at_ordinary_points_nothing_parts_and_there_is_no_corner():
    for point in random_points(20, seed=71):
        worked = exact_derive(*point, "w1_11")
        assert corner(worked, Architecture()) is None
        passed = forward(*point)
        assert partings(Architecture(), worked.known, every_value(*point, passed)) == ()


@pytest.mark.parametrize(("activation", "shut"), [("relu", 0.0), ("leaky_relu", 0.01)])
@pytest.mark.parametrize("key", ["w1_11", "w1_21", "b1_1", "x_1", "x_2"])
def test_the_two_slopes_of_a_corner_are_those_a_hand_measures_on_either_side(key, activation, shut):
    network = Architecture(activation)
    found = corner(exact_derive(PARTED, EXAMPLE, key, architecture=network), network)
    assert found.units == ("h_1",)
    d, (w1, w2) = 0.3 + 0.6 * 1.2 - 0.7, (0.5, 0.6)  # o − y = 0.32: unit 1 gives 0, unit 2 gives 1.2
    opened = {"w1_11": d * w1, "w1_21": d * w1 * 2, "b1_1": d * w1, "x_1": d * w1 * 0.1, "x_2": d * w1 * 0.1}[key]
    other = {"x_1": d * w2 * 0.2, "x_2": d * w2 * 0.4}.get(key, 0.0)
    assert found.raised == pytest.approx(opened + other)
    assert found.lowered == pytest.approx(shut * opened + other)


def test_a_weight_of_a_negative_input_opens_the_gate_on_the_way_down():
    parameters = Parameters([[1, 0.2], [0, 0.4]], [1, 0.2], [[0.5], [0.6]], [0.3])  # z = −1 · 1 + 1
    found = corner(exact_derive(parameters, Example([-1, 0], 0), "w1_11"), Architecture())
    assert found.raised == 0
    assert found.lowered == pytest.approx(-0.5 * 0.3)


def test_what_does_not_move_the_unit_meets_no_corner():
    for key in ("w1_12", "b1_2", "w2_1", "b2"):
        assert corner(exact_derive(PARTED, EXAMPLE, key), Architecture()) is None
    assert corner(exact_derive(PARTED, Example([0, 3], 0.7), "w1_11"), Architecture()) is None


def test_a_step_over_a_kink_is_seen_and_one_from_it_is_none():
    parameters, example = NOTEBOOK
    low = Parameters(parameters.W1, [-0.705, 0.2], parameters.W2, parameters.b2)
    assert crosses_a_kink(exact_derive(low, example, "b1_1"), Architecture(), 0.01)
    assert not crosses_a_kink(exact_derive(low, example, "b1_1"), Architecture(), -0.01)
    assert not crosses_a_kink(exact_derive(low, example, "b1_2"), Architecture(), 0.01)
    assert not crosses_a_kink(exact_derive(PARTED, EXAMPLE, "b1_1"), Architecture(), 0.01)


def test_the_slips_are_on_papers_side_of_a_kink():
    assert backward(PARTED, EXAMPLE).W1[0][0] == pytest.approx(0.16)  # autograd's side is the other one
    assert {slip.key: slip.result for slip in slips(PARTED, EXAMPLE, "w1_11")} == {
        "slope_forgotten": pytest.approx(0.16)
    }


def test_a_number_beyond_all_floats_is_infinite():
    assert in_floats(Fraction(10**400)) == -in_floats(Fraction(-(10**400))) == float("inf")
