"""A new activation is one new row of core/functions.py: everything else follows from it."""

import contextlib
import io

import pytest
import sympy
import torch

from core import (
    backward,
    derivation_latex,
    derivation_text,
    derive_all,
    exact_derive,
    exact_forward,
    forward,
    functions,
    gradient_check,
    parameters,
    slips,
)
from core.export import script
from core.functions import ACTIVATIONS, Activation
from core.gradient_check import AGREES
from core.network import every_value
from core.parameters import Architecture
from core.settings import Settings
from core.smooth import sigmoid
from tests.core.points import NOTEBOOK, random_points

# What no other row has: a quotient, a function of SymPy's own, cases with one in them, the size of a number.
ROWS = {
    "witch": (
        lambda z: z / (1 + z**2),
        lambda z: z / (1 + z**2),
        lambda z: (1 - z**2) / (1 + z**2) ** 2,
    ),
    "arctan": (torch.atan, sympy.atan, lambda z: 1 / (1 + z**2)),
    "sine": (torch.sin, sympy.sin, sympy.cos),
    "swish": (
        torch.nn.functional.silu,
        lambda z: z * sigmoid(z),
        lambda z: sigmoid(z) + z * sigmoid(z) * (1 - sigmoid(z)),
    ),
    "elu": (
        torch.nn.functional.elu,
        lambda z: sympy.Piecewise((z, z > 0), (sympy.exp(z) - 1, True)),
        lambda z: sympy.Piecewise((1, z > 0), (sympy.exp(z), True)),
    ),
    "error": (torch.erf, sympy.erf, lambda z: 2 / sympy.sqrt(sympy.pi) * sympy.exp(-(z**2))),
}


@pytest.fixture(params=ROWS)
def architecture(request, monkeypatch):
    """A network of a function that stands in the table and nowhere else."""
    in_torch, in_sympy, derivative = ROWS[request.param]
    row = Activation(
        name=request.param,
        torch=in_torch,
        sympy=in_sympy,
        derivative=derivative,
        symbol=rf"\operatorname{{{request.param}}}",
        latex="f(z)",
        slope_latex="f'(z)",
        slope_worked=rf"\operatorname{{{{{request.param}}}}}'\left({{z}}\right)",
        sentence="It bends.",
        slope_sentence="And so does its slope.",
        values="any number",
    )
    monkeypatch.setitem(ACTIVATIONS, request.param, row)
    for module in (functions, parameters):
        monkeypatch.setattr(module, "HIDDEN_ACTIVATIONS", tuple(ACTIVATIONS))
    return Architecture(activation=request.param)


def test_a_new_row_is_computed_three_ways_that_agree(architecture):
    for point in (NOTEBOOK, *random_points(5, seed=12, span=2)):
        autograd = backward(*point, architecture=architecture)
        assert autograd.vector == pytest.approx(derive_all(*point, architecture=architecture).vector, rel=1e-10)
        told = gradient_check.testify(*point, autograd, architecture=architecture)
        assert {key: one.verdict for key, one in told.items()} == dict.fromkeys(told, AGREES)


def test_a_wrong_derivative_of_a_new_row_is_caught(architecture):
    point = random_points(1, seed=13, span=2)[0]
    right = backward(*point, architecture=architecture)
    wrong = parameters.gradients_from_vector([1.001 * number for number in right.vector])
    told = gradient_check.testify(*point, wrong, architecture=architecture)
    assert AGREES not in {one.verdict for one in told.values()}


def test_a_new_row_is_worked_out_on_paper(architecture):
    for point in (NOTEBOOK, *random_points(5, seed=12, span=2)):
        floats = every_value(*point, forward(*point, architecture=architecture))
        paper = exact_forward(*point, architecture=architecture)
        assert {key: float(value) for key, value in paper.items()} == pytest.approx(floats, rel=1e-10)
        worked = exact_derive(*point, "x_1", architecture=architecture)
        assert float(worked.value) == pytest.approx(backward(*point, architecture=architecture)["x_1"], rel=1e-10)
        assert architecture.activation in derivation_latex(worked, architecture)
        assert architecture.activation in derivation_text(worked, architecture)
        assert slips(*point, "w1_12", architecture=architecture)


def test_a_new_row_is_exported_and_its_code_gives_torchs_numbers(architecture):
    point, key = random_points(1, seed=14, span=2)[0], "x_1"
    settings = Settings.at(*point, architecture=architecture, parameter=key, steps=2)
    assert "eval" not in script(settings)
    printed, before = io.StringIO(), torch.get_default_dtype()
    with contextlib.redirect_stdout(printed):
        exec(script(settings), {})
    torch.set_default_dtype(before)
    lines = dict(line.rsplit(" = ", 1) for line in printed.getvalue().splitlines() if line.startswith(("by", "L")))
    passed, gradients = forward(*point, architecture=architecture), backward(*point, architecture=architecture)
    assert [float(lines[name]) for name in ("L", "by hand: L")] == pytest.approx([passed.L] * 2, rel=1e-10)
    by_hand, by_autograd = (float(lines[f"by {who}: dL/d{key}"]) for who in ("hand", "autograd"))
    assert [by_hand, by_autograd] == pytest.approx([gradients[key]] * 2, rel=1e-10)
