"""core/gradients.py: autograd, SymPy's routes and finite differences are three witnesses, and they agree.

What "agree" means here. Autograd and SymPy: each gradient to 1e-9 of itself. Finite differences: each gradient to
1e-6 of itself, or of the loss where the loss is the larger: a central difference reads a gradient off two losses,
and rounding of those losses (about 1e-16 L, over ε of 6e-6) is all it sees of a gradient far smaller than L. With an
activation that levels off, autograd and SymPy are measured in that way too: 1 − tanh² is rounding and nothing else
where tanh is all but 1, and two ways of writing it round differently.
"""

import math
import random
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest
import sympy
import torch

from core import (
    ACTIVATIONS,
    ADJUSTABLE,
    DIFFERENTIABLE,
    Architecture,
    Example,
    Parameters,
    backpropagate,
    backward,
    chain_rule,
    derive_all,
    exact_forward,
    forward,
    predicted_and_actual,
)
from core.equations import KEYS, SYMBOLS, equations, solve_forward
from core.gradients import finite_differences, nudge
from core.parameters import from_values, to_values
from core.smooth import FLOATS
from tests.core.points import NOTEBOOK, Point, a_few, architecture_id, architectures, random_points, sentence_of, share

EXACT, NUMERICAL = 1e-9, 1e-6
LINEAR = Architecture(activation="identity")
EPSILON = nudge("cpu", "float64")
MANY = set(architectures()) - set(a_few())


# ── the comparison, and the rule for kinks ──────────────────────────────────────────────────────────────────────


def differ(a: float, b: float, tolerance: float, floor: float = 0.0) -> bool:
    """Whether a and b lie further apart than `tolerance` of the larger of them (or of `floor`); a NaN always does."""
    return not abs(a - b) <= tolerance * max(abs(a), abs(b), floor)


@cache
def undivided(architecture: Architecture):
    """∂L/∂key without any route: L written out as one expression of the twelve values, differentiated in one go."""
    expanded: dict[sympy.Symbol, sympy.Expr] = {}
    for left, right in equations(architecture):
        expanded[left] = right.subs(expanded)
    given = [SYMBOLS[name.key] for name in ADJUSTABLE]
    slopes = [sympy.diff(expanded[SYMBOLS["L"]], SYMBOLS[name.key]) for name in DIFFERENTIABLE]
    # The products are long here: SymPy prints them far faster with what they share taken out.
    return sympy.lambdify(given, slopes, modules=[FLOATS, "math"], cse=True)


def witnesses(parameters: Parameters, example: Example, architecture: Architecture) -> dict[str, tuple[float, ...]]:
    said = {
        "autograd": backward(parameters, example, architecture=architecture).vector,
        "routes": derive_all(parameters, example, architecture=architecture).vector,
        "finite differences": finite_differences(parameters, example, architecture=architecture).vector,
    }
    if architecture not in MANY:  # SymPy takes its time over so long an expression
        said["SymPy in one go"] = tuple(undivided(architecture)(*to_values(parameters, example).values()))
    return said


def disagreements(
    parameters: Parameters, example: Example, architecture: Architecture, *, exact_only: bool = False
) -> list[str]:
    """Every key on which a witness contradicts autograd: "w1_12: routes"."""
    said = witnesses(parameters, example, architecture)
    loss = forward(parameters, example, architecture=architecture).L
    exact_floor = 0.0 if {architecture.activation, architecture.output} <= {"relu", "identity"} else loss
    found = []
    for position, name in enumerate(DIFFERENTIABLE):
        by_autograd = said["autograd"][position]
        for witness in said.keys() - {"autograd", "finite differences"}:
            if differ(by_autograd, said[witness][position], EXACT, exact_floor):
                found.append(f"{name.key}: {witness}")
        if not exact_only and differ(by_autograd, said["finite differences"][position], NUMERICAL, loss):
            found.append(f"{name.key}: finite differences")
    return found


def near_a_kink(parameters: Parameters, example: Example, architecture: Architecture) -> bool:
    """Whether one of the 22 nudges of a finite difference carries a pre-activation onto or over a kink.

    There the central difference is a mean of two slopes, and no witness against autograd.
    """
    values = to_values(parameters, example)
    kinks = [("z1_1", architecture.activation), ("z1_2", architecture.activation), ("z2", architecture.output)]
    if not any(ACTIVATIONS[key].kinks for _, key in kinks):
        return False

    def sides(at: Mapping[str, float]) -> list[int]:
        known = solve_forward(architecture, at)
        return [(known[z] > kink) - (known[z] < kink) for z, key in kinks for kink in ACTIVATIONS[key].kinks]

    here = sides(values)
    for name in DIFFERENTIABLE:
        reach = EPSILON * max(1.0, abs(values[name.key]))
        for nudged in (values[name.key] + reach, values[name.key] - reach):
            if sides({**values, name.key: nudged}) != here:
                return True
    return 0 in here


def points_off_kinks(count: int, architecture: Architecture, seed: int) -> tuple[list[Point], int]:
    """`count` random points out of reach of every kink, and how many were left out for lying within reach."""
    kept, left_out = [], 0
    for point in random_points(count + 100, seed, architecture=architecture):
        if len(kept) == count:
            break
        if near_a_kink(*point, architecture):
            left_out += 1
        else:
            kept.append(point)
    return kept, left_out


# ── at random points ────────────────────────────────────────────────────────────────────────────────────────────


def test_every_gradient_agrees_with_sympy_and_with_finite_differences_at_a_thousand_points():
    points, left_out = points_off_kinks(1000, Architecture(), seed=7)
    assert len(points) == 1000
    assert left_out <= 5  # within 1e-4 or so of a kink: a rare accident, not a way out
    for point in points:
        assert disagreements(*point, Architecture()) == [], point


@pytest.mark.parametrize("architecture", architectures()[1:], ids=architecture_id)
def test_every_gradient_of_every_other_architecture_agrees_too(architecture):
    points, _ = points_off_kinks(share(1000), architecture, seed=8)
    assert len(points) == share(1000)
    for point in points:
        assert disagreements(*point, architecture) == [], point


def test_finite_differences_mostly_agree_to_a_millionth_of_the_gradient_itself():
    points, _ = points_off_kinks(300, Architecture(), seed=9)
    apart = [
        differ(a, b, NUMERICAL)
        for point in points
        for a, b in zip(backward(*point).vector, finite_differences(*point).vector, strict=True)
    ]
    assert sum(apart) <= len(apart) // 1000


def test_the_thousand_points_meet_open_dead_and_half_dead_networks():
    met = [sum(h > 0 for h in forward(*point).h) for point in random_points(1000, seed=7)]
    assert min(met.count(0), met.count(1), met.count(2)) > 100


# ── on kinks ────────────────────────────────────────────────────────────────────────────────────────────────────


def points_on_kinks(count: int, both: bool, seed: int) -> list[Point]:
    """Points where unit 1 (or both) has pre-activation exactly 0 and the other is open.

    Every number is a multiple of ¼, so that the bias can cancel x W1 without rounding.
    """
    dice, found = random.Random(seed), []

    def quarter() -> float:
        return dice.choice([k / 4 for k in range(-12, 13) if k])

    while len(found) < count:
        w11, w12, w21, w22, x1, x2 = (quarter() for _ in range(6))
        b1_1, b1_2 = -(x1 * w11 + x2 * w21), -(x1 * w12 + x2 * w22) + (0 if both else 1.5)
        parameters = Parameters([[w11, w12], [w21, w22]], [b1_1, b1_2], [[quarter()], [quarter()]], [quarter()])
        example = Example([x1, x2], quarter())
        if forward(parameters, example).o != example.y:
            found.append((parameters, example))
    return found


@pytest.mark.parametrize("both", [False, True], ids=["one unit", "both units"])
def test_on_a_kink_autograd_and_sympy_both_take_the_slope_zero(both):
    for parameters, example in points_on_kinks(80, both, seed=3):
        assert forward(parameters, example).z1 == (0.0, 0.0 if both else 1.5)
        assert disagreements(parameters, example, Architecture(), exact_only=True) == []
        gradients = backward(parameters, example)
        for unit in (0, 1) if both else (0,):
            assert (gradients.W1[0][unit], gradients.W1[1][unit], gradients.b1[unit]) == (0.0, 0.0, 0.0)
            assert gradients.W2[unit] == (0.0,)  # h = 0 there
        assert gradients.b2 != (0.0,)


@pytest.mark.parametrize("both", [False, True], ids=["one unit", "both units"])
def test_on_a_kink_the_central_difference_is_the_mean_of_the_two_one_sided_slopes(both):
    for parameters, example in points_on_kinks(80, both, seed=4):
        shut = backward(parameters, example).vector  # the gate counts as shut on its kink
        wide_open = backward(parameters, example, architecture=LINEAR).vector  # as if it were open there
        entries = (*parameters.vector, *example.x)
        # Each half of the difference also bends, by ε L″ = ε (∂o/∂p)², which a mean of two slopes leaves out.
        steepest = sum(abs(weight) for (weight,) in parameters.W2) * max(1.0, *map(abs, entries))
        measured = finite_differences(parameters, example).vector
        for entry, low, high, slope in zip(entries, shut, wide_open, measured, strict=True):
            assert slope == pytest.approx((low + high) / 2, abs=EPSILON * max(1, abs(entry)) * steepest**2)


def test_a_point_within_reach_of_a_kink_is_recognised_and_one_just_beyond_is_not():
    parameters, example = NOTEBOOK
    for distance, within in ((0.0, True), (EPSILON / 2, True), (-EPSILON / 2, True), (10 * EPSILON, False)):
        close = Parameters(parameters.W1, [-0.7 + distance, parameters.b1[1]], parameters.W2, parameters.b2)
        assert forward(close, example).z1[0] == pytest.approx(distance, abs=1e-15)
        assert near_a_kink(close, example, Architecture()) == within
        assert ("b1_1: finite differences" in disagreements(close, example, Architecture())) == within
        assert disagreements(close, example, Architecture(), exact_only=True) == []
    assert not near_a_kink(*NOTEBOOK, LINEAR)


# ── planted errors are caught ───────────────────────────────────────────────────────────────────────────────────


class NotebookSlip(torch.autograd.Function):
    """ReLU going forward; coming back it multiplies by ReLU(z) where the chain rule asks for ReLU′(z)."""

    @staticmethod
    def forward(ctx, z):
        ctx.save_for_backward(z)
        return torch.relu(z)

    @staticmethod
    def backward(ctx, incoming):
        (z,) = ctx.saved_tensors
        return incoming * torch.relu(z)


@pytest.fixture
def plant(monkeypatch):
    """Puts a row with an error into the table, under a name of its own (the derivations are cached by name)."""

    def put(name: str, **columns) -> Architecture:
        monkeypatch.setitem(ACTIVATIONS, name, replace(ACTIVATIONS["relu"], **columns))
        monkeypatch.setattr("core.parameters.HIDDEN_ACTIVATIONS", (name,))
        return Architecture(activation=name)

    return put


def test_a_planted_wrong_derivative_in_torch_is_caught(plant):
    architecture = plant("planted slip", torch=NotebookSlip.apply)
    assert forward(*NOTEBOOK, architecture=architecture) == forward(*NOTEBOOK)  # going forward nothing shows
    found = disagreements(*NOTEBOOK, architecture)
    for key in ("w1_11", "w1_12", "w1_21", "w1_22", "b1_1", "b1_2"):
        assert f"{key}: routes" in found
        assert f"{key}: finite differences" in found
    assert not any(line.startswith(("w2", "b2")) for line in found)  # the slip is below them


def test_a_planted_wrong_function_in_sympy_is_caught(plant):
    architecture = plant(
        "planted sympy", sympy=lambda z: sympy.Piecewise((z * sympy.Rational(1000001, 1000000), z > 0), (0, True))
    )
    found = disagreements(*NOTEBOOK, architecture)
    assert "w1_12: routes" in found
    assert "w1_12: SymPy in one go" in found
    assert not any(line.endswith("finite differences") for line in found)  # torch agrees with itself


def test_a_lost_route_is_caught(monkeypatch):
    complete = chain_rule.routes
    monkeypatch.setattr(chain_rule, "routes", lambda architecture, key: complete(architecture, key)[:1])
    assert disagreements(*NOTEBOOK, Architecture()) == ["x_1: routes", "x_2: routes"]


def test_a_planted_error_in_the_finite_difference_is_caught(monkeypatch):
    honest = finite_differences(*NOTEBOOK)
    turned = replace(honest, W1=tuple(zip(*honest.W1, strict=True)))  # W1 transposed
    monkeypatch.setitem(globals(), "finite_differences", lambda *_, **__: turned)
    assert disagreements(*NOTEBOOK, Architecture()) == ["w1_12: finite differences", "w1_21: finite differences"]


def test_a_nan_never_counts_as_agreement():
    assert differ(math.nan, math.nan, EXACT)
    assert differ(1.0, math.nan, EXACT)
    assert not differ(0.0, 0.0, EXACT)


# ── places where a gradient is known beforehand ─────────────────────────────────────────────────────────────────


def test_a_dead_unit_learns_nothing_and_the_other_goes_on():
    parameters, example = NOTEBOOK
    dead = Parameters(parameters.W1, [-10, parameters.b1[1]], parameters.W2, parameters.b2)
    gradients = backward(dead, example)
    assert [row[0] for row in gradients.W1] == [0.0, 0.0]
    assert (gradients.b1[0], gradients.W2[0]) == (0.0, (0.0,))
    assert all(slope != 0 for slope in (gradients.W1[0][1], gradients.W1[1][1], gradients.b1[1], *gradients.W2[1]))
    assert disagreements(dead, example, Architecture()) == []


def test_with_both_units_dead_only_the_last_bias_learns():
    parameters, example = NOTEBOOK
    dead = Parameters(parameters.W1, [-10, -10], parameters.W2, parameters.b2)
    assert backward(dead, example).vector == pytest.approx([0, 0, 0, 0, 0, 0, 0, 0, 0.3 - 0.7, 0, 0], abs=1e-15)
    assert disagreements(dead, example, Architecture()) == []


def test_an_input_of_zero_stops_its_weights_and_not_the_biases():
    parameters, _ = NOTEBOOK
    example = Example([0, 0], 0)
    gradients = backward(parameters, example)
    assert gradients.W1 == ((0.0, 0.0), (0.0, 0.0))
    assert all(slope > 0 for slope in (*gradients.b1, *gradients.b2, *gradients.x))
    assert disagreements(parameters, example, Architecture()) == []


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_where_the_output_is_the_target_every_gradient_is_zero(precision):
    parameters, example = NOTEBOOK
    reached = Example(example.x, forward(parameters, example, precision=precision).o)
    assert backward(parameters, reached, precision=precision).vector == (0.0,) * 11
    assert finite_differences(parameters, reached, precision=precision).vector == pytest.approx((0.0,) * 11, abs=1e-6)


def test_everything_zero_is_a_point_like_any_other():
    zero, example = from_values(dict.fromkeys([name.key for name in ADJUSTABLE], 0.0))
    assert backward(zero, example).vector == derive_all(zero, example).vector == (0.0,) * 11


def test_the_deltas_are_the_gradients_of_the_biases_and_of_what_they_feed():
    for point in (NOTEBOOK, *random_points(100, seed=11)):
        gradients, deltas = backpropagate(*point, Architecture(), "cpu", "float64")
        parameters, example = point
        assert gradients == backward(*point)
        assert deltas.z1 == gradients.b1  # z1 = x W1 + b1, so a bias moves z1 one to one
        assert (deltas.z2,) == gradients.b2
        assert deltas.o == pytest.approx(forward(*point).o - example.y, rel=1e-12, abs=1e-14)
        assert deltas.h == pytest.approx([deltas.z2 * weight for (weight,) in parameters.W2], rel=1e-12)


def test_the_gradients_are_shaped_as_what_they_belong_to():
    gradients = backward(*NOTEBOOK)
    assert [len(row) for row in gradients.W1] == [2, 2]
    assert [len(row) for row in gradients.W2] == [1, 1]
    assert (len(gradients.b1), len(gradients.b2), len(gradients.x), len(gradients.vector)) == (2, 1, 2, 11)
    assert len({hash(gradients), hash(backward(*NOTEBOOK))}) == 1


def test_asking_twice_gives_the_same_answer_twice():
    assert backward(*NOTEBOOK) == backward(*NOTEBOOK)  # nothing is left standing to be added to


def test_with_cross_entropy_the_delta_of_o_is_the_slope_before_the_cancellation():
    network = Architecture(output="sigmoid", loss="binary_cross_entropy")
    for point in (NOTEBOOK, *random_points(50, seed=14, architecture=network)):
        gradients, deltas = backpropagate(*point, network, "cpu", "float64")
        # In floats 1 − o would lose its digits where o is all but 1; on paper o has 25 of them.
        o, y = exact_forward(*point, architecture=network)["o"], Decimal(repr(point[1].y))
        assert deltas.z2 == gradients.b2[0] == pytest.approx(float(o - y), rel=1e-9)
        assert deltas.o == pytest.approx(float((o - y) / (o * (1 - o))), rel=1e-9)


# ── a step, predicted and taken ─────────────────────────────────────────────────────────────────────────────────


def test_a_step_of_a_hundredth_by_hand():
    # L = ½ (0.72 + 0.6 · 0.01)² − ½ 0.72²: w1_12 moves o by w2_2 · x_1 = 0.6 a unit.
    found = predicted_and_actual(*NOTEBOOK, "w1_12", 0.01, slope=0.432)
    assert found == pytest.approx((0.00432, (0.726**2 - 0.72**2) / 2), abs=1e-12)
    assert predicted_and_actual(*NOTEBOOK, "w1_12", -0.01, slope=0.432).predicted == pytest.approx(-0.00432, abs=1e-12)


def test_a_step_can_be_predicted_by_a_slope_of_ones_own():
    assert predicted_and_actual(*NOTEBOOK, "w1_12", 0.01, slope=0.5) == pytest.approx((0.005, 0.004338), abs=1e-12)
    assert sentence_of(lambda: predicted_and_actual(*NOTEBOOK, "y", 0.01, slope=1.0)).startswith(
        "parameter 'y' is not known"
    )


@pytest.mark.parametrize("architecture", architectures(), ids=architecture_id)
def test_the_smaller_the_step_the_better_the_prediction(architecture):
    (point,), _ = points_off_kinks(1, architecture, seed=15)
    gradients = backward(*point, architecture=architecture)
    for name in DIFFERENTIABLE:
        slope = gradients[name.key]
        predicted, actual = predicted_and_actual(*point, name.key, 1e-7, slope=slope, architecture=architecture)
        loss = forward(*point, architecture=architecture).L
        assert abs(predicted - actual) <= 1e-10 * (1 + abs(predicted) * 1e7 + loss)


def test_a_prediction_refuses_what_makes_no_sense():
    said = sentence_of(lambda: predicted_and_actual(*NOTEBOOK, "b2", math.nan, slope=1.0))
    assert said == "step must be a finite number, not nan"


# ── the finite difference on its own ────────────────────────────────────────────────────────────────────────────


def test_a_large_parameter_gets_a_large_nudge():
    parameters, example = NOTEBOOK
    far = Parameters(parameters.W1, parameters.b1, parameters.W2, [1e12])
    assert 1e12 + EPSILON == 1e12  # ε alone would not move it
    assert finite_differences(far, example).b2[0] == pytest.approx(backward(far, example).b2[0], rel=1e-6)


@pytest.mark.parametrize(("precision", "tolerance"), [("float64", 1e-9), ("float32", 1e-2)])
def test_a_finite_difference_is_as_sharp_as_its_precision_allows(precision, tolerance):
    for point in points_off_kinks(100, Architecture(), seed=12)[0]:
        if min(abs(z) for z in forward(*point).z1) < 0.1:
            continue  # float32 nudges by 5e-3: its kinks reach further
        loss = forward(*point).L
        exact, measured = backward(*point).vector, finite_differences(*point, precision=precision).vector
        assert not [1 for a, b in zip(exact, measured, strict=True) if differ(a, b, tolerance, floor=max(loss, 1.0))]


def test_float32_gradients_stay_within_single_rounding_of_float64():
    for point in random_points(300, seed=13):
        exact, rough = backward(*point).vector, backward(*point, precision="float32").vector
        largest = max(map(abs, exact))
        assert not [1 for a, b in zip(exact, rough, strict=True) if differ(a, b, 1e-5, floor=max(largest, 1.0))]


def test_every_symbol_of_the_equations_has_a_key_of_its_own():
    assert len(KEYS) == len(SYMBOLS) == 19


def test_a_gradient_is_found_by_its_key():
    gradients = backward(*NOTEBOOK)
    assert [gradients[name.key] for name in DIFFERENTIABLE] == list(gradients.vector)
    with pytest.raises(ValueError, match="parameter 'y' is not known; choose one of: w1_11"):
        gradients["y"]
