"""core/chain_rule.py: the routes from L back to a symbol, their factors, and the product."""

import math
from itertools import pairwise

import pytest
import sympy

from core import (
    DIFFERENTIABLE,
    LOSSES,
    PARAMETERS,
    Architecture,
    Example,
    Parameters,
    backward,
    cancelled,
    derive_all,
    forward,
)
from core.chain_rule import factors, local_slopes, routes
from core.equations import SYMBOLS, equations
from core.names import INPUTS
from tests.core.points import NOTEBOOK, a_few, architecture_id, architectures, derive, random_points, sentence_of, share

EVERY_ARCHITECTURE = pytest.mark.parametrize("architecture", architectures(), ids=architecture_id)

# Every route of the network, drawn by hand. L is where each begins.
DRAWN = {
    "w1_11": ["L o z2 h_1 z1_1 w1_11"],
    "w1_12": ["L o z2 h_2 z1_2 w1_12"],
    "w1_21": ["L o z2 h_1 z1_1 w1_21"],
    "w1_22": ["L o z2 h_2 z1_2 w1_22"],
    "b1_1": ["L o z2 h_1 z1_1 b1_1"],
    "b1_2": ["L o z2 h_2 z1_2 b1_2"],
    "w2_1": ["L o z2 w2_1"],
    "w2_2": ["L o z2 w2_2"],
    "b2": ["L o z2 b2"],
    "x_1": ["L o z2 h_1 z1_1 x_1", "L o z2 h_2 z1_2 x_1"],
    "x_2": ["L o z2 h_1 z1_1 x_2", "L o z2 h_2 z1_2 x_2"],
}


def drawn(route) -> str:
    return " ".join([route[0].above, *(factor.below for factor in route)])


@EVERY_ARCHITECTURE
def test_the_routes_are_those_drawn_by_hand(architecture):
    starts = {"o": "L o z2", "z2": "L z2"}[LOSSES[architecture.loss].source]  # cross-entropy is computed from z2
    for key, by_hand in DRAWN.items():
        expected = [walk.replace("L o z2", starts) for walk in by_hand]
        assert [drawn(route) for route in routes(architecture, key)] == expected


def test_a_parameter_has_one_route_and_an_input_has_two():
    assert {len(derive(*NOTEBOOK, name.key).routes) for name in PARAMETERS} == {1}
    assert {len(derive(*NOTEBOOK, name.key).routes) for name in INPUTS} == {2}


@EVERY_ARCHITECTURE
def test_the_steps_of_a_route_join_up(architecture):
    for key in DRAWN:
        for route in routes(architecture, key):
            assert route[0].above == "L"
            assert route[-1].below == key
            assert all(one.below == following.above for one, following in pairwise(route))


@EVERY_ARCHITECTURE
def test_each_factor_is_the_derivative_of_one_equation_and_is_left_alone(architecture):
    right_sides = dict(equations(architecture))
    for above, below, derivative in factors(architecture):
        right = right_sides[SYMBOLS[above]]
        assert derivative == sympy.diff(right, SYMBOLS[below])
        assert derivative.free_symbols <= right.free_symbols  # nothing of another equation is multiplied in


def test_the_factors_are_what_a_learner_writes_on_paper():
    s = SYMBOLS
    on_paper = {
        ("L", "o"): s["o"] - s["y"],
        ("o", "z2"): sympy.Integer(1),
        ("z2", "h_2"): s["w2_2"],
        ("h_2", "z1_2"): sympy.Piecewise((1, s["z1_2"] > 0), (0, True)),
        ("z1_2", "w1_12"): s["x_1"],
    }
    (route,) = routes(Architecture(), "w1_12")
    assert {(factor.above, factor.below): factor.derivative for factor in route} == on_paper
    by_edge = {(factor.above, factor.below): factor.derivative for factor in factors(Architecture())}
    assert by_edge["z1_1", "b1_1"] == by_edge["z2", "b2"] == 1  # a bias moves its sum one to one
    assert by_edge["z2", "w2_1"] == s["h_1"]
    assert by_edge["L", "y"] == s["y"] - s["o"]


def test_the_factors_of_the_notebooks_weight_have_these_values():
    (route,) = derive(*NOTEBOOK, "w1_12").routes
    assert route.values == pytest.approx((0.72, 1.0, 0.6, 1.0, 1.0), abs=1e-12)
    assert route.product == pytest.approx(0.432, abs=1e-12)


def test_the_two_routes_of_an_input_add_up():
    derivation = derive(*NOTEBOOK, "x_1")
    through_unit_1, through_unit_2 = (route.product for route in derivation.routes)
    assert through_unit_1 == pytest.approx(0.72 * 0.5 * 0.1, abs=1e-12)
    assert through_unit_2 == pytest.approx(0.72 * 0.6 * 0.2, abs=1e-12)
    assert derivation.value == pytest.approx(0.1224, abs=1e-12)


@EVERY_ARCHITECTURE
def test_the_product_of_a_route_is_the_part_of_the_gradient_that_runs_through_it(architecture):
    for parameters, example in random_points(share(40), seed=31, architecture=architecture):
        for unit, key in ((0, "x_1"), (1, "x_2"), (0, "x_2")):
            # With the weight into the other unit cut, autograd sees this one route and nothing else.
            row, other = int(key[-1]) - 1, 1 - unit
            W1, b1 = [list(line) for line in parameters.W1], list(parameters.b1)
            b1[other] += example.x[row] * W1[row][other]  # its pre-activation stays what it was
            W1[row][other] = 0.0
            alone = backward(Parameters(W1, b1, parameters.W2, parameters.b2), example, architecture=architecture)
            derivation = derive(parameters, example, key, architecture=architecture)
            assert derivation.routes[unit].product == pytest.approx(alone[key], rel=1e-7, abs=1e-9)


@EVERY_ARCHITECTURE
def test_one_derivation_and_all_of_them_say_the_same(architecture):
    for point in random_points(share(40), seed=32, architecture=architecture):
        one_by_one = tuple(derive(*point, name.key, architecture=architecture).value for name in DIFFERENTIABLE)
        assert derive_all(*point, architecture=architecture).vector == one_by_one


@pytest.mark.parametrize("architecture", a_few(), ids=architecture_id)
def test_a_factors_value_is_its_derivative_with_the_numbers_put_in(architecture):
    known = derive(*random_points(1, seed=33, architecture=architecture)[0], "w1_11", architecture=architecture).known
    slopes = local_slopes(architecture, known)
    numbers = {SYMBOLS[key]: value for key, value in known.items()}
    for above, below, derivative in factors(architecture):
        assert slopes[above, below] == pytest.approx(float(derivative.subs(numbers)), rel=1e-12, abs=1e-14)


def test_the_known_numbers_are_those_of_the_forward_pass():
    known = derive(*NOTEBOOK, "b2").known
    result = forward(*NOTEBOOK)
    seen = (known["z1_1"], known["z1_2"], known["h_1"], known["h_2"], known["z2"], known["o"], known["L"])
    assert seen == pytest.approx((*result.z1, *result.h, result.z2, result.o, result.L), abs=1e-15)
    assert (known["w1_12"], known["x_2"], known["y"]) == (0.2, 2.0, 0.7)


def test_a_shut_gate_shows_as_a_factor_of_zero():
    parameters, example = NOTEBOOK
    dead = Parameters(parameters.W1, [-10, 0.2], parameters.W2, parameters.b2)
    (route,) = derive(dead, example, "w1_11").routes
    assert [value == 0 for value in route.values] == [False, False, False, True, False]
    assert route.product == 0.0


def test_where_the_loss_overflows_the_gradients_that_do_not_are_still_right():
    _, example = NOTEBOOK
    far = Parameters(W1=[[1e100, 1], [1, 1]], b1=[0, 0], W2=[[1e100], [1]], b2=[0])
    assert math.isinf(forward(far, example).L)
    by_routes, by_autograd = derive_all(far, example).vector, backward(far, example).vector
    assert by_routes[:9] == pytest.approx(by_autograd[:9], rel=1e-12)


# A sum of two finite products that overflow is left out: whether it is ∞ − ∞ hangs on fused multiply-adds.
NOT_FINITE = [
    ([[1e200, 1], [1e200, -1e200]], [0, 0], [[1e200], [1]]),
    ([[-1e200, 1], [-1e200, 1e200]], [0, 0], [[-1e200], [1]]),
]


@EVERY_ARCHITECTURE
@pytest.mark.parametrize("numbers", NOT_FINITE, ids=range(len(NOT_FINITE)))
def test_beyond_the_largest_float_it_answers_as_autograd_does(architecture, numbers):
    for x in ([1e150, 2], [1, 1e200]):
        far = Parameters(*numbers, [1]), Example(x, 1)
        by_autograd = backward(*far, architecture=architecture).vector
        assert derive_all(*far, architecture=architecture).vector == pytest.approx(by_autograd, rel=1e-9, nan_ok=True)


POSSIBLE = "w1_11, w1_12, w1_21, w1_22, b1_1, b1_2, w2_1, w2_2, b2, x_1, x_2"
BAD_KEYS = {
    "the target": ("y", f"parameter 'y' is not known; choose one of: {POSSIBLE}"),
    "the loss": ("L", f"parameter 'L' is not known; choose one of: {POSSIBLE}"),
    "a slip of the pen": ("b1_", f"parameter 'b1_' is not known; choose one of: {POSSIBLE}; did you mean 'b1_2'?"),
    "code": ("W1[0,1]", f"parameter 'W1[0,1]' is not known; choose one of: {POSSIBLE}"),
    "nothing": (None, f"parameter None is not known; choose one of: {POSSIBLE}"),
    "a number": (3, f"parameter 3 is not known; choose one of: {POSSIBLE}"),
    "a list": (["w1_11"], f"parameter ['w1_11'] is not known; choose one of: {POSSIBLE}"),
}


@pytest.mark.parametrize("case", BAD_KEYS)
def test_an_unknown_parameter_is_refused_with_a_sentence(case):
    key, sentence = BAD_KEYS[case]
    assert sentence_of(lambda: derive(*NOTEBOOK, key)) == sentence


def test_cross_entropy_spares_the_chain_two_factors_that_cancel():
    network = Architecture(output="sigmoid", loss="binary_cross_entropy")
    for z2 in (-40.0, -3.0, 0.0, 1.42, 40.0):
        parameters = Parameters([[0, 0], [0, 0]], [0, 0], [[0], [0]], [z2])
        for y in (0.0, 0.3, 1.0):
            known = derive(parameters, Example([1, 2], y), "b2", architecture=network).known
            spared = cancelled(network, known)
            assert spared.to_o * spared.gate == pytest.approx(spared.left, rel=1e-9, abs=1e-15)
            assert spared.left == known["o"] - y == local_slopes(network, known)["L", "z2"]


def test_where_the_output_is_wrong_and_saturated_the_first_of_the_two_is_infinite_and_what_is_left_is_not():
    network = Architecture(output="sigmoid", loss="binary_cross_entropy")
    parameters = Parameters([[0, 0], [0, 0]], [0, 0], [[0], [0]], [-800])
    known = derive(parameters, Example([1, 2], 1), "b2", architecture=network).known
    assert cancelled(network, known) == (-math.inf, 0.0, -1.0)
    right = derive(parameters, Example([1, 2], 0), "b2", architecture=network).known
    assert cancelled(network, right) == (1.0, 0.0, 0.0)


def test_a_loss_computed_from_o_has_nothing_cancelled():
    assert cancelled(Architecture(output="sigmoid"), derive(*NOTEBOOK, "b2").known) is None
