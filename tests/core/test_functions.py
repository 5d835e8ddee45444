"""core/functions.py: every row of the tables says the same thing in torch, in SymPy and as it is taught."""

import math

import pytest
import sympy
import torch

from core import ACTIVATIONS, LOSSES
from core.functions import HIDDEN_ACTIVATIONS, OUTPUT_ACTIVATIONS

z, o, y = sympy.symbols("z o y", real=True)

# −6 … 6 in quarters, with 0 (ReLU's kink) among them, and a few places far out.
PLACES = [-40.0, *(k / 4 for k in range(-24, 25)), 40.0]
# Inside (0, 1), where the output may be a probability as well as any number.
OUTPUTS = [0.05, 0.25, 0.5, 0.75, 0.95]
TARGETS = [0.0, 0.3, 0.5, 1.0]

# What a few rows must be worth, by hand: (function, place, value, slope).
BY_HAND = [
    ("relu", 1.2, 1.2, 1.0),
    ("relu", -0.5, 0.0, 0.0),
    ("relu", 0.0, 0.0, 0.0),
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
    value_of = sympy.lambdify(z, in_symbols, modules="math")
    taught = sympy.lambdify(z, activation.derivative(z), modules="math")
    found_by_sympy = sympy.lambdify(z, sympy.diff(in_symbols, z), modules="math")
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
    assert torch_value_and_slope(ACTIVATIONS[key].torch, place) == (value, slope)
    assert float(ACTIVATIONS[key].sympy(sympy.Float(place))) == value
    assert float(ACTIVATIONS[key].derivative(sympy.Float(place))) == slope


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


@pytest.mark.parametrize("key", LOSSES)
def test_a_loss_is_the_same_in_torch_in_sympy_and_as_taught(key):
    loss = LOSSES[key]
    in_symbols = loss.sympy(o, y)
    value_of = sympy.lambdify((o, y), in_symbols, modules="math")
    taught = sympy.lambdify((o, y), loss.derivative(o, y), modules="math")
    found_by_sympy = sympy.lambdify((o, y), sympy.diff(in_symbols, o), modules="math")
    for output in OUTPUTS:
        for target in TARGETS:
            place = torch.tensor(target, dtype=torch.float64)
            value, slope = torch_value_and_slope(lambda at, place=place: loss.torch(at, place), output)
            assert value == pytest.approx(value_of(output, target), rel=1e-12, abs=1e-14)
            assert slope == pytest.approx(taught(output, target), rel=1e-12, abs=1e-14)
            assert slope == pytest.approx(found_by_sympy(output, target), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("key", LOSSES)
def test_a_loss_is_least_where_the_output_is_the_target(key):
    for target in OUTPUTS:
        at_target = LOSSES[key].torch(torch.tensor(target), torch.tensor(target)).item()
        others = [LOSSES[key].torch(torch.tensor(output), torch.tensor(target)).item() for output in OUTPUTS]
        assert min(others) == pytest.approx(at_target, abs=1e-6)


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
