"""core/functions.py: every row of the tables says the same thing in torch, in SymPy and as it is taught."""

import math

import mpmath
import pytest
import sympy
import torch

from core import (
    ACTIVATIONS,
    LOSSES,
    Architecture,
    Example,
    backward,
    derive_all,
    descend,
    forward,
    offered_losses,
    why_not,
    why_not_target,
)
from core.functions import HIDDEN_ACTIVATIONS, OUTPUT_ACTIVATIONS, check_target
from core.gradients import finite_differences
from core.smooth import FLOATS, Phi, in_floats, phi, sigmoid, softplus
from tests.core.points import NOTEBOOK, sentence_of

z, o, y = sympy.symbols("z o y", real=True)

# −6 … 6 in quarters, with 0 (ReLU's kink) among them, and a few places far out.
PLACES = [-800.0, -40.0, *(k / 4 for k in range(-24, 25)), 40.0, 800.0]
# Inside (0, 1), where the output may be a probability as well as any number.
OUTPUTS = [0.05, 0.25, 0.5, 0.75, 0.95]
TARGETS = [0.0, 0.3, 0.5, 1.0]

# What a few rows must be worth, by hand: (function, place, value, slope).
BY_HAND = [
    ("relu", 1.2, 1.2, 1.0),
    ("relu", -0.5, 0.0, 0.0),
    ("relu", 0.0, 0.0, 0.0),
    ("leaky_relu", 1.2, 1.2, 1.0),
    ("leaky_relu", -0.5, -0.005, 0.01),
    ("leaky_relu", 0.0, 0.0, 0.01),
    ("sigmoid", 0.0, 0.5, 0.25),
    ("tanh", 0.0, 0.0, 1.0),
    ("softplus", 0.0, math.log(2), 0.5),
    ("gelu", 0.0, 0.0, 0.5),
    ("gelu", 1.0, 0.8413447460685429, 1.0833154705876863),  # Φ(1), and Φ(1) + φ(1), from a table
    ("identity", -3.5, -3.5, 1.0),
    ("identity", 0.0, 0.0, 1.0),
]


def torch_value_and_slope(function, place: float, dtype: torch.dtype = torch.float64) -> tuple[float, float]:
    at = torch.tensor(place, dtype=dtype, requires_grad=True)
    value = function(at)
    (slope,) = torch.autograd.grad(value, at)
    return value.item(), slope.item()


def contradictions(activation) -> list[str]:
    """Where the columns of one row contradict each other, as sentences."""
    in_symbols = activation.sympy(z)
    value_of, taught = in_floats([z], in_symbols), in_floats([z], activation.derivative(z))
    found_by_sympy = in_floats([z], sympy.diff(in_symbols, z))
    found = []
    for place in PLACES:
        value, slope = torch_value_and_slope(activation.torch, place)
        close = {"rel_tol": 1e-12, "abs_tol": 1e-14}
        if not math.isclose(value, value_of(place), **close):
            found.append(f"value at {place:g}")
        if not math.isclose(slope, taught(place), **close):
            found.append(f"autograd and the taught slope at {place:g}")
        if place not in activation.kinks and not math.isclose(found_by_sympy(place), taught(place), **close):
            found.append(f"SymPy's slope and the taught one at {place:g}")
    return found


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_an_activation_is_the_same_in_torch_in_sympy_and_as_taught(key):
    assert contradictions(ACTIVATIONS[key]) == []


@pytest.mark.parametrize(("key", "place", "value", "slope"), BY_HAND)
def test_an_activation_is_worth_what_paper_says(key, place, value, slope):
    assert torch_value_and_slope(ACTIVATIONS[key].torch, place) == pytest.approx((value, slope), rel=1e-15)
    assert float(ACTIVATIONS[key].sympy(sympy.Float(place))) == pytest.approx(value, rel=1e-15)
    assert float(ACTIVATIONS[key].derivative(sympy.Float(place))) == pytest.approx(slope, rel=1e-15)


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_an_activation_has_kinks_where_it_says_and_nowhere_else(key):
    activation, reach = ACTIVATIONS[key], 1e-6
    for place in PLACES[1:-1]:
        before, at, after = (activation.torch(torch.tensor(place + d, dtype=torch.float64)) for d in (-reach, 0, reach))
        bend = abs(float((after - at) - (at - before))) / reach
        assert (bend > 1e-3) == (place in activation.kinks), f"{key} at {place}"


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_an_activation_in_float32_stays_within_single_rounding_of_float64(key):
    for place in PLACES:
        value, slope = torch_value_and_slope(ACTIVATIONS[key].torch, place)
        rough_value, rough_slope = torch_value_and_slope(ACTIVATIONS[key].torch, place, torch.float32)
        assert rough_value == pytest.approx(value, rel=1e-6, abs=1e-6)
        assert rough_slope == pytest.approx(slope, rel=1e-6, abs=1e-6)


# Each as a textbook defines it, worked out with hundreds of digits.
DEFINED = {
    sigmoid: lambda z: 1 / (1 + mpmath.exp(-z)),
    softplus: lambda z: mpmath.log(1 + mpmath.exp(z)),
    Phi: mpmath.ncdf,
    phi: mpmath.npdf,
}
SMOOTH = pytest.mark.parametrize("function", DEFINED, ids=lambda function: function.__name__)


@SMOOTH
def test_a_smooth_function_is_its_own_definition_to_the_last_digit_and_never_fails(function):
    for place in PLACES:
        with mpmath.workdps(800):
            exact = DEFINED[function](mpmath.mpf(place))
            again = mpmath.mpf(str(function(sympy.Rational(place)).evalf(30)))
            assert abs(again - exact) <= mpmath.mpf(10) ** -25 * abs(exact), place
        assert FLOATS[function.__name__](place) == pytest.approx(float(exact), rel=1e-13, abs=5e-324), place
    for beyond in (1e308, -1e308, math.inf, -math.inf):
        assert not math.isnan(FLOATS[function.__name__](beyond))
    assert math.isnan(FLOATS[function.__name__](math.nan))


@SMOOTH
def test_the_taught_derivative_of_a_smooth_function_is_that_of_its_definition(function):
    for place in (-3, -0.25, 0, 2):
        taught = sympy.diff(function(z), z).subs(z, sympy.Rational(place)).evalf(30)
        with mpmath.workdps(60):
            assert abs(mpmath.mpf(str(taught)) - mpmath.diff(DEFINED[function], place)) < 1e-25


def test_a_smooth_function_is_written_as_on_paper_and_left_alone_without_a_number():
    assert sympy.latex(sigmoid(z)) == r"\sigma\left(z\right)"
    assert sigmoid(z).evalf() == sigmoid(z)


@pytest.mark.parametrize("key", [key for key, row in ACTIVATIONS.items() if row.slope_of_a])
def test_a_slope_worked_out_from_the_activation_is_the_derivative(key):
    row = ACTIVATIONS[key]
    assert sympy.expand(row.slope_of_a(row.sympy(z)) - row.derivative(z)) == 0


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_a_row_says_so_where_its_slope_is_worked_out_from_the_activation(key):
    row = ACTIVATIONS[key]
    assert bool(row.slope_of_a) == ("{a" in row.slope_worked)


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_beyond_its_flat_ends_a_slope_stays_below_a_thousandth_and_inside_it_does_not(key):
    activation = ACTIVATIONS[key]
    slope = in_floats([z], activation.derivative(z))
    below, above = activation.flat
    for end, outwards in ((below, -1), (above, 1)):
        if math.isinf(end):
            assert abs(slope(outwards * 30.0)) > 1e-3
            continue
        assert all(abs(slope(end + outwards * step)) < 1e-3 for step in (0.001, 0.1, 1, 10, 100))
        assert abs(slope(end - outwards * 0.001)) > 1e-3


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_a_rational_function_takes_fractions_to_fractions_and_no_other_does(key):
    assert ACTIVATIONS[key].rational == (key in ("relu", "leaky_relu", "identity"))
    for place in (sympy.Rational(-5, 4), sympy.Rational(2, 7)):
        assert ACTIVATIONS[key].sympy(place).is_Rational == ACTIVATIONS[key].rational
        assert ACTIVATIONS[key].derivative(place).is_Rational == ACTIVATIONS[key].rational


def sources(loss) -> list[float]:
    """Where a loss is computed from: outputs, or pre-activations, far ones too."""
    return OUTPUTS if loss.source == "o" else PLACES


@pytest.mark.parametrize("key", LOSSES)
def test_a_loss_is_the_same_in_torch_in_sympy_and_as_taught(key):
    loss = LOSSES[key]
    in_symbols = loss.sympy(o, y)
    value_of, taught = in_floats([o, y], in_symbols), in_floats([o, y], loss.derivative(o, y))
    found_by_sympy = in_floats([o, y], sympy.diff(in_symbols, o))
    for source in sources(loss):
        for target in TARGETS:
            place = torch.tensor(target, dtype=torch.float64)
            value, slope = torch_value_and_slope(lambda at, place=place: loss.torch(at, place), source)
            assert value == pytest.approx(value_of(source, target), rel=1e-12, abs=1e-13)
            assert slope == pytest.approx(taught(source, target), rel=1e-12, abs=1e-14)
            assert slope == pytest.approx(found_by_sympy(source, target), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("key", LOSSES)
def test_a_loss_is_least_where_the_output_is_the_target(key):
    loss = LOSSES[key]
    for target in OUTPUTS:
        at = target if loss.source == "o" else math.log(target / (1 - target))
        at_target = loss.torch(torch.tensor(at), torch.tensor(target)).item()
        others = [loss.torch(torch.tensor(source), torch.tensor(target)).item() for source in sources(loss)]
        assert min(others) >= at_target - 1e-6


# ── cross-entropy: the cancellation, and where it makes sense ───────────────────────────────────────────────────

CROSS_ENTROPY = LOSSES["binary_cross_entropy"]


def test_cross_entropy_from_z2_is_the_one_on_paper():
    on_paper = CROSS_ENTROPY.cancellation.loss(1 / (1 + sympy.exp(-z)), y)
    for place in (-3, sympy.Rational(1, 4), 5):
        for target in (0, sympy.Rational(3, 10), 1):
            there = {z: place, y: target}
            fused = CROSS_ENTROPY.sympy(z, y).subs(there)
            assert sympy.N(fused, 25) == pytest.approx(sympy.N(on_paper.subs(there), 25), rel=1e-20)


def test_the_cancellation_is_the_chain_rule_and_leaves_o_minus_y():
    c = CROSS_ENTROPY.cancellation
    gate = ACTIVATIONS["sigmoid"].slope_of_a(o)
    assert sympy.simplify(sympy.diff(c.loss(o, y), o) * gate) == c.left(o, y) == o - y
    assert CROSS_ENTROPY.derivative(z, y) == c.left(sigmoid(z), y)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)
def test_the_slope_at_o_is_right_wherever_it_is_finite(dtype):
    def to_o(place: float, target: float) -> float:
        return CROSS_ENTROPY.cancellation.torch(torch.tensor(place, dtype=dtype), torch.tensor(target, dtype=dtype))

    probability = in_floats([z], sigmoid(z))
    for place in (-6.0, -0.5, 0.0, 3.0):
        for target in (0.0, 0.25, 1.0):
            expected = (probability(place) - target) / (probability(place) * (1 - probability(place)))
            assert to_o(place, target) == pytest.approx(expected, rel=1e-4 if dtype == torch.float32 else 1e-12)
    assert (to_o(800, 1), to_o(-800, 0), to_o(40, 1), to_o(-40, 0)) == (-1, 1, -1, 1)  # right, and saturated
    assert (to_o(800, 0), to_o(-800, 1)) == (math.inf, -math.inf)  # wrong, and saturated


def test_only_the_losses_that_make_sense_are_offered():
    squared = ("half_squared_error", "squared_error")
    assert offered_losses("identity") == offered_losses("tanh") == squared
    assert offered_losses("sigmoid") == (*squared, "binary_cross_entropy")
    for output in OUTPUT_ACTIVATIONS:
        for loss in LOSSES:
            assert bool(why_not(output, loss)) == (loss not in offered_losses(output))
    assert why_not("tanh", "binary_cross_entropy") == (
        "Binary cross-entropy takes the output as a probability and its logarithm, so the output must lie between 0 "
        "and 1; tanh can give between −1 and 1. Choose the output sigmoid."
    )


def test_a_target_that_is_no_probability_is_refused_by_cross_entropy_alone():
    for target in (-0.1, 1.5, math.nan):
        assert why_not_target("binary_cross_entropy", target)
        assert not why_not_target("squared_error", 1.5)
    assert not any(why_not_target("binary_cross_entropy", target) for target in (0.0, 0.5, 1.0))
    assert sentence_of(lambda: check_target("binary_cross_entropy", 1.5)) == (
        "y = 1.5 does not go with binary cross-entropy: the target is the probability we would like, "
        "so choose y from 0 to 1."
    )


CROSSED = Architecture(output="sigmoid", loss="binary_cross_entropy")
BEYOND = (NOTEBOOK[0], Example([1, 2], 1.5))


@pytest.mark.parametrize("compute", [forward, backward, finite_differences, derive_all, descend])
def test_whatever_computes_refuses_a_target_that_the_loss_cannot_take(compute):
    assert sentence_of(lambda: compute(*BEYOND, architecture=CROSSED)).startswith("y = 1.5 does not go with binary")
    compute(*BEYOND)


def test_half_squared_error_is_worth_what_paper_says():
    loss = LOSSES["half_squared_error"]
    assert loss.torch(torch.tensor(3.0), torch.tensor(-1.0)).item() == 8.0
    assert loss.sympy(sympy.Integer(3), sympy.Integer(-1)) == 8
    assert loss.derivative(sympy.Integer(3), sympy.Integer(-1)) == 4


def test_torch_itself_holds_the_slope_of_relu_at_zero_to_be_zero():
    assert torch_value_and_slope(torch.relu, 0.0) == (0.0, 0.0)
    assert ACTIVATIONS["relu"].derivative(sympy.Integer(0)) == 0


def test_a_row_with_a_planted_error_is_caught():
    relu = ACTIVATIONS["relu"]
    planted = {
        "the taught slope": {"derivative": lambda z: sympy.Heaviside(z, sympy.Rational(1, 2))},  # ½ at 0, not 0
        "the slip of the notebook": {"derivative": lambda z: sympy.Max(0, z)},  # ReLU for ReLU′
        "SymPy's function": {"sympy": lambda z: sympy.Max(0, z) + z / 1000},
        "torch's function": {"torch": lambda z: torch.nn.functional.leaky_relu(z, 0.01)},
        "a kink unsaid": {"sympy": abs, "torch": torch.abs, "derivative": lambda z: sympy.Integer(1)},
    }
    for what, columns in planted.items():
        row = type(relu)(**{**{field: getattr(relu, field) for field in relu.__dataclass_fields__}, **columns})
        assert contradictions(row), what
    assert contradictions(relu) == []


def test_every_choice_offered_is_a_row_and_every_row_is_offered():
    assert set(HIDDEN_ACTIVATIONS) | set(OUTPUT_ACTIVATIONS) == set(ACTIVATIONS)
    assert (HIDDEN_ACTIVATIONS[0], OUTPUT_ACTIVATIONS[0]) == ("relu", "identity")
    assert next(iter(LOSSES)) == "half_squared_error"


@pytest.mark.parametrize("row", [*ACTIVATIONS.values(), *LOSSES.values()], ids=lambda row: row.name)
def test_every_row_can_be_shown_to_a_person(row):
    assert row.name
    assert row.latex
    assert row.slope_latex
    assert row.sentence.endswith(".")
    assert row.latex.count("{") == row.latex.count("}")
    assert row.slope_latex.count("{") == row.slope_latex.count("}")
    assert row.slope_sentence.endswith(".") or row.kinks  # a gate, open or closed, is put in words where it is seen
