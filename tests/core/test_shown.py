"""What a person sees is what is computed: tests/core/shown.py works out the formulas as they stand on the screen, and
PyTorch is the judge; the lines with numbers are worked out again from the numbers they show.
"""

import random
import re
from dataclasses import replace
from fractions import Fraction

import mpmath
import pytest
import torch

from core import (
    ACTIVATIONS,
    LOSSES,
    NAMES,
    Architecture,
    Example,
    Parameters,
    cancelled,
    derivation_text,
    exact_derive,
    exact_forward,
    forward,
)
from core.functions import Activation, Loss
from core.optimizers import OPTIMIZERS, Optimizer
from core.parameters import from_values
from core.typeset import (
    Line,
    cancellation_line,
    factor_line,
    forward_lines,
    route_line,
    total_line,
    unit_lines,
)
from tests.core.points import NOTEBOOK, Point, architecture_id, architectures, hard_points, random_points
from tests.core.shown import Names, worth

PLACES = (-5.0, -2.25, -1.0, -0.3, 0.0, 0.2, 0.7, 1.0, 3.5, 6.0)
PAIRS = [(o, y) for o in (0.05, 0.3, 0.75, 0.98) for y in (0.0, 0.2, 0.75, 1.0)]
NEAR = 1e-12


def close(shown, computed: float) -> bool:
    return abs(float(shown) - computed) <= NEAR * max(1.0, abs(computed))


def value_and_slope(function, place: float) -> tuple[float, float]:
    at = torch.tensor(place, dtype=torch.float64, requires_grad=True)
    value = function(at)
    (slope,) = torch.autograd.grad(value, at)
    return value.item(), slope.item()


# ── activations ─────────────────────────────────────────────────────────────────────────────────────────────────


def letters_of(row: Activation) -> Names:
    """What the row says of itself: f and f′ by their names, and every other letter of its formulas."""
    said = {f"{row.symbol}(z)": row.latex, f"{row.symbol}'(z)": row.slope_latex, **dict(row.letters)}
    names: dict[str, object] = {}
    for left, right in said.items():
        names[left.removesuffix("(z)")] = lambda z, right=right: worth(right, {**names, "z": z})
    return names


def untrue_of_activation(row: Activation) -> list[str]:
    """Which of the row's formulas contradict PyTorch."""
    found, names = set(), letters_of(row)
    for place in PLACES:
        value, slope = value_and_slope(row.torch, place)
        gaps = {"z": "z", "factor": "z", "a": "a", "alone": "a"}
        shown = {"latex": row.latex, "slope_latex": row.slope_latex, "slope_worked": row.slope_worked.format(**gaps)}
        for column, latex in shown.items():
            try:
                agrees = close(worth(latex, {**names, "z": place, "a": value}), value if column == "latex" else slope)
            except (ValueError, KeyError, TypeError, ZeroDivisionError):
                agrees = False
            if not agrees:
                found.add(column)
    return sorted(found)


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_the_formulas_of_an_activation_are_what_torch_computes(key):
    assert untrue_of_activation(ACTIVATIONS[key]) == []


def turned(latex: str) -> list[str]:
    """The formula with one thing wrong, in every way: a sign, a digit, a condition. Gaps and names are left alone."""
    kept = r"\{z2\}|\{(?:cases|bmatrix)\}|\\[a-zA-Z]+(?:_\d)?|\{\{|\}\}"
    swaps = {"+": "-", "-": "+", ">": "<", "0": "3", "1": "2", "2": "3", "'": ""}
    safe = {i for found in re.finditer(kept, latex) for i in range(*found.span())}
    at = [i for i, sign in enumerate(latex) if sign in swaps and i not in safe]
    return [latex[:i] + swaps[latex[i]] + latex[i + 1 :] for i in at]


ACTIVATION_SLIPS = [
    (key, column, wrong)
    for key, row in ACTIVATIONS.items()
    for column in ("latex", "slope_latex", "slope_worked")
    for wrong in turned(getattr(row, column))
]
LETTER_SLIPS = [
    (key, letter, wrong) for key, row in ACTIVATIONS.items() for letter, right in row.letters for wrong in turned(right)
]


@pytest.mark.parametrize(("key", "column", "wrong"), ACTIVATION_SLIPS)
def test_a_slip_in_a_formula_of_an_activation_is_seen(key, column, wrong):
    assert column in untrue_of_activation(replace(ACTIVATIONS[key], **{column: wrong}))


@pytest.mark.parametrize(("key", "letter", "wrong"), LETTER_SLIPS)
def test_a_slip_in_what_a_letter_stands_for_is_seen(key, letter, wrong):
    letters = tuple((left, wrong if left == letter else right) for left, right in ACTIVATIONS[key].letters)
    assert untrue_of_activation(replace(ACTIVATIONS[key], letters=letters))


# ── losses ──────────────────────────────────────────────────────────────────────────────────────────────────────

TORCHS_LOSS = {
    "half_squared_error": lambda o, y: torch.nn.functional.mse_loss(o, y) / 2,
    "squared_error": torch.nn.functional.mse_loss,
    "binary_cross_entropy": torch.nn.functional.binary_cross_entropy,
}


def untrue_of_loss(key: str, row: Loss) -> list[str]:
    """Which of the row's formulas contradict PyTorch's own loss and its autograd."""
    found, cancellation = set(), row.cancellation
    for o, y in PAIRS:
        z2 = torch.logit(torch.tensor(o, dtype=torch.float64)).requires_grad_()
        output = torch.sigmoid(z2) if cancellation else torch.tensor(o, dtype=torch.float64, requires_grad=True)
        loss = TORCHS_LOSS[key](output, torch.tensor(y, dtype=torch.float64))
        to_source, to_o = torch.autograd.grad(loss, (z2 if cancellation else output, output))
        expected = {"latex": loss, "computed_latex": loss, "slope_latex": to_source}
        if cancellation:
            expected |= {"left_latex": to_source, "struck_latex": to_source, "first struck": to_o}
        for column, number in expected.items():
            shown = getattr(row, column, "") or getattr(cancellation, column, "") or row.latex
            if column == "first struck":
                shown = cancellation.struck_latex.split(r" \cdot ")[0]
            try:
                latex = shown.format(o="o", alone="o", y="y", z2="z")
                agrees = close(worth(latex, {"o": o, "y": y, "z": z2.item()}), number.item())
            except (ValueError, KeyError, TypeError, ZeroDivisionError):
                agrees = False
            if not agrees:
                found.add(column)
    return sorted(found)


@pytest.mark.parametrize("key", LOSSES)
def test_the_formulas_of_a_loss_are_what_torch_computes(key):
    assert untrue_of_loss(key, LOSSES[key]) == []


LOSS_SLIPS = [
    (key, column, wrong)
    for key, row in LOSSES.items()
    for column in ("latex", "computed_latex", "slope_latex")
    for wrong in turned(getattr(row, column))
]
STRUCK = LOSSES["binary_cross_entropy"].cancellation


@pytest.mark.parametrize(("key", "column", "wrong"), LOSS_SLIPS)
def test_a_slip_in_a_formula_of_a_loss_is_seen(key, column, wrong):
    assert column in untrue_of_loss(key, replace(LOSSES[key], **{column: wrong}))


@pytest.mark.parametrize(
    ("column", "wrong"), [(c, wrong) for c in ("left_latex", "struck_latex") for wrong in turned(getattr(STRUCK, c))]
)
def test_a_slip_in_what_cancels_is_seen(column, wrong):
    row = replace(LOSSES["binary_cross_entropy"], cancellation=replace(STRUCK, **{column: wrong}))
    assert column in untrue_of_loss("binary_cross_entropy", row)


# ── optimisers ──────────────────────────────────────────────────────────────────────────────────────────────────

RATE, STEPS = 0.05, 12
TORCHS_OWN = {
    "sgd": lambda tensors: torch.optim.SGD(tensors, lr=RATE),
    "momentum": lambda tensors: torch.optim.SGD(tensors, lr=RATE, momentum=0.9),
    "nesterov": lambda tensors: torch.optim.SGD(tensors, lr=RATE, momentum=0.9, nesterov=True),
    "adam": lambda tensors: torch.optim.Adam(tensors, lr=RATE),
    "rmsprop": lambda tensors: torch.optim.RMSprop(tensors, lr=RATE, alpha=0.99),
}
DICE = random.Random(17)
# Of all sizes, so that ε counts too; with both signs.
GRADIENTS = [DICE.choice([-1, 1]) * 10 ** DICE.uniform(-9, 1) for _ in range(STEPS)]


def torchs_path(key: str, start: float = 0.4) -> list[float]:
    theta = torch.tensor([start], dtype=torch.float64, requires_grad=True)
    optimizer, path = TORCHS_OWN[key]([theta]), []
    for gradient in GRADIENTS:
        theta.grad = torch.tensor([gradient], dtype=torch.float64)
        optimizer.step()
        path.append(theta.item())
    return path


def constants(row: Optimizer) -> dict[str, float]:
    """The numbers that the words beside the formulas give to their letters: "how much of v is kept: 0.9"."""
    found = {letter: float(number[1]) for letter, words in row.letters if (number := re.search(r": ([\d.]+)$", words))}
    powers = {letter: words for letter, words in row.letters if words.startswith("10⁻")}
    digits = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    return found | {
        letter: 10.0 ** int(words[2 : words.index(",")].translate(digits)) for letter, words in powers.items()
    }


def shown_path(row: Optimizer, start: float = 0.4) -> list[float]:
    """The walk by the lines on the screen, one after the other; what is remembered is 0 before the first step."""
    known: dict[str, object] = {**constants(row), r"\theta": start, r"\eta": RATE, **{m.latex: 0 for m in row.state}}
    path = []
    for t, gradient in enumerate(GRADIENTS, start=1):
        known |= {"g": gradient, "t": t}
        for line in (part for formula in row.update for part in formula.split(r" \qquad ")):
            left, right = re.split(r" \\leftarrow | = ", line)
            known[left] = worth(right, known)
        path.append(float(known[r"\theta"]))
    return path


def leads_elsewhere(key: str, row: Optimizer) -> bool:
    try:
        pairs = zip(shown_path(row), torchs_path(key), strict=True)
        return not all(abs(ours - theirs) <= 1e-11 for ours, theirs in pairs)
    except (ValueError, KeyError, TypeError, ZeroDivisionError):
        return True


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_the_lines_of_an_optimiser_lead_where_torch_optim_goes(key):
    assert not leads_elsewhere(key, OPTIMIZERS[key])


UPDATE_SLIPS = [
    (key, index, wrong)
    for key, row in OPTIMIZERS.items()
    for index, line in enumerate(row.update)
    for wrong in turned(line)
]


@pytest.mark.parametrize(("key", "index", "wrong"), UPDATE_SLIPS)
def test_a_slip_in_a_line_of_an_optimiser_is_seen(key, index, wrong):
    row = OPTIMIZERS[key]
    update = (*row.update[:index], wrong, *row.update[index + 1 :])
    assert leads_elsewhere(key, replace(row, update=update))


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_a_wrong_number_beside_the_lines_of_an_optimiser_is_seen(key):
    row = OPTIMIZERS[key]
    for letter, words in row.letters:
        wrong = words.replace("0.9", "0.8").replace("10⁻⁸", "10⁻⁷")
        if wrong != words:
            letters = tuple((one, wrong if one == letter else said) for one, said in row.letters)
            assert leads_elsewhere(key, replace(row, letters=letters)), letter


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_the_code_of_an_optimiser_makes_the_one_that_is_meant(key):
    tensors = [torch.zeros(1, requires_grad=True)]
    made = eval(OPTIMIZERS[key].code, {"torch": torch, "parameters": tensors, "η": RATE})  # our own text, in a test
    meant = TORCHS_OWN[key](tensors)
    assert type(made) is type(meant)
    assert made.defaults == meant.defaults


# ── a line with numbers, worked out again from what it shows ────────────────────────────────────────────────────

CALLED: Names = {
    r"\operatorname{ReLU}": lambda z: z if z > 0 else 0 * z,
    r"\operatorname{ReLU}'": lambda z: mpmath.mpf(z > 0),
    r"\operatorname{LReLU}": lambda z: z if z > 0 else z / 100,
    r"\operatorname{LReLU}'": lambda z: mpmath.mpf(1) if z > 0 else mpmath.mpf("0.01"),
    r"\operatorname{softplus}": lambda z: mpmath.log1p(mpmath.exp(z)),
    r"\operatorname{GELU}": lambda z: z * mpmath.ncdf(z),
    r"\sigma": lambda z: 1 / (1 + mpmath.exp(-z)),
    r"\Phi": mpmath.ncdf,
    r"\varphi": mpmath.npdf,
    "o": mpmath.nan,  # where a factor is infinite the line keeps to its letters
    "y": mpmath.nan,
}


def entries(value) -> list:
    return list(value) if isinstance(value, mpmath.matrix) else [value]


def off(line: Line, digits: int) -> str:
    """How the result of a line is not what its numbers come to, rounded to as many digits, or at an = equal."""
    shown, redone = entries(worth(line.result, CALLED)), entries(worth(line.numbers, CALLED))
    for result, again in zip(shown, redone, strict=True):
        if mpmath.isnan(again):
            continue
        if line.result_sign == "=" and line.numbers_sign == "=":
            within = mpmath.mpf(10) ** -11 * max(1, abs(result)) if digits == 4 else mpmath.mpf(10) ** -40
        else:
            power = mpmath.floor(mpmath.log10(abs(result))) if result else -300
            within = mpmath.mpf("0.500001") * mpmath.mpf(10) ** (power - digits + 1)
            within = (
                max(within, mpmath.mpf("1e-14")) if digits == 4 else within
            )  # torch's GELU: 1 + erf far to the left
        if not abs(again - result) <= within:
            return f"{line.numbers} comes to {mpmath.nstr(again, 12)}, not to {line.result_sign} {line.result}"
    return ""


def lines_on_paper(point: Point, architecture: Architecture) -> list[Line]:
    """Every line with numbers of the chain-rule page, for every kind of parameter."""
    found = [*unit_lines(exact_forward(*point, architecture=architecture), architecture).values()]
    for key in ("w1_12", "w2_1", "x_1"):
        worked = exact_derive(*point, key, architecture=architecture)
        for route in worked.routes:
            pairs = zip(route.factors, route.values, strict=True)
            found += [factor_line(factor, worked.known, value, architecture) for factor, value in pairs]
            found.append(route_line("", route))
        if len(worked.routes) > 1:
            found.append(total_line(worked))
    return found


def lines_in_floats(point: Point, architecture: Architecture) -> list[Line]:
    """Every line with numbers of the forward page, and the one about what cancels."""
    trace, paper = forward(*point, architecture=architecture), exact_forward(*point, architecture=architecture)
    found = [*forward_lines(*point, trace, architecture, paper)]
    left_over = cancelled(architecture, {"o": trace.o, "y": point[1].y, "z2": trace.z2})
    return found + ([cancellation_line(architecture, left_over)] if left_over else [])


def near_the_target(point: Point, architecture: Architecture) -> Point:
    """The same point with a target a few billionths away: o − y loses most of its digits."""
    parameters, example = point
    return parameters, Example(example.x, round(forward(parameters, example, architecture=architecture).o, 8))


def points(architecture: Architecture) -> list[Point]:
    ordinary = random_points(2, seed=31, architecture=architecture)
    saturated = hard_points(architecture, 32, seed=32)["saturated"][:2]
    weights, example = NOTEBOOK
    far = [
        (Parameters(weights.W1, (b, -b), weights.W2, (c,)), Example(example.x, 0))
        for b, c in ((8.5, 13.2), (18.7, -16.4), (0.3, 36.0))
    ]
    return [*ordinary, *saturated, *far, near_the_target(ordinary[0], architecture)]


@pytest.mark.parametrize("architecture", architectures(), ids=architecture_id)
def test_every_line_on_paper_comes_out_again_from_the_numbers_it_shows(architecture):
    with mpmath.workdps(120):
        for point in points(architecture):
            wrong = [said for line in lines_on_paper(point, architecture) if (said := off(line, 7))]
            assert wrong == [], point


@pytest.mark.parametrize("architecture", architectures(), ids=architecture_id)
def test_every_line_of_the_forward_pass_comes_out_again_from_the_numbers_it_shows(architecture):
    with mpmath.workdps(120):
        for point in points(architecture)[:-1]:
            wrong = [said for line in lines_in_floats(point, architecture) if (said := off(line, 4))]
            assert wrong == [], point


ISSUES = [
    (Line("", "", "1 (1 - 1)", r"3.746 \times 10^{-8}", "", "=", r"\approx"), 4),
    (Line("", "", "1 - 1^2", r"1.5 \times 10^{-8}", "", "=", r"\approx"), 4),
    (Line("", "", "0.8337 (1 - 0.8337)", "0.139", "", r"\approx", r"\approx"), 4),
    (Line("", "", "0.1 + 0.2", "0.3000001", "", "=", "="), 7),
]


@pytest.mark.parametrize(("line", "digits"), ISSUES)
def test_a_line_that_does_not_come_out_is_seen(line, digits):
    assert off(line, digits)


def test_a_number_near_one_is_set_with_the_digits_that_its_slope_needs():
    sigmoid = Architecture("identity", "sigmoid")

    def slope_at(b2: float) -> str:
        parameters = Parameters(NOTEBOOK[0].W1, (0, 0), ((0,), (0,)), (b2,))
        text = derivation_text(exact_derive(parameters, NOTEBOOK[1], "b2", architecture=sigmoid), sigmoid)
        return text[text.index("∂o/∂z⁽²⁾ = o") :]

    assert "≈ 0.9999999625403 (1 − 0.9999999625403)\n         ≈ 3.74597 × 10⁻⁸" in slope_at(17.1)
    assert "≈ (1 − 4.248354 × 10⁻¹⁸) (1 − (1 − 4.248354 × 10⁻¹⁸))\n         ≈ 4.248354 × 10⁻¹⁸" in slope_at(40)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "gelu"])
def test_what_is_exact_at_zero_says_so(activation):
    network = Architecture(activation, "sigmoid", "squared_error")
    nothing = from_values(dict.fromkeys(NAMES, 0.0) | {"w2_1": 1.0, "w2_2": -1.0})
    worked = exact_derive(*nothing, "b1_1", architecture=network)
    assert all(isinstance(number, Fraction) for number in worked.known.values())
    text = derivation_text(worked, network)
    lines = text[text.index("z⁽¹⁾₁ =") :]  # behind the definitions
    assert "≈" not in lines
    for said in ("= σ(0)\n  = 0.5", "= 0.5 (1 − 0.5)\n         = 0.25"):
        assert said in lines
    assert {"sigmoid": "= σ(0)\n   = 0.5", "tanh": "= tanh(0)\n   = 0", "gelu": "= GELU(0)\n   = 0"}[
        activation
    ] in lines


def test_a_float_that_has_rounded_to_one_is_not_called_equal_to_it():
    point, network = (
        (Parameters(NOTEBOOK[0].W1, (40, 40), NOTEBOOK[0].W2, (40,)), NOTEBOOK[1]),
        Architecture("tanh", "tanh"),
    )
    trace, paper = forward(*point, architecture=network), exact_forward(*point, architecture=network)
    assert trace.o == 1.0
    _, h, z2, o, _ = forward_lines(*point, trace, network, paper)
    assert [line.result_sign for line in (h, z2, o)] == [r"\approx"] * 3
    assert (z2.numbers_sign, o.numbers_sign) == (r"\approx", r"\approx")
