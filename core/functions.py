"""Activations and losses: one row each, with the derivative as it is taught.

Each row states a function twice, for PyTorch and for SymPy. The two are used apart (core/network.py, core/equations.py)
and their agreement is tested, so a slip in one of them cannot hide. The derivative column is what a learner
writes on paper; a test compares it with both. A new activation or loss is one more row.
"""

from collections.abc import Callable
from dataclasses import dataclass

import sympy
import torch
from sympy import Expr
from torch import Tensor


@dataclass(frozen=True)
class Activation:
    """a = f(z), applied to each unit alone.

    derivative        f′(z), SymPy, as taught
    symbol            what f is called in a formula; empty where it is not written at all
    latex, slope_latex   what f(z) and f′(z) are equal to
    kinks             where f has no derivative (f′ there is a convention)
    sentence          what it does, for a beginner
    """

    name: str
    torch: Callable[[Tensor], Tensor]
    sympy: Callable[[Expr], Expr]
    derivative: Callable[[Expr], Expr]
    symbol: str
    latex: str
    slope_latex: str
    sentence: str
    kinks: tuple[float, ...] = ()


@dataclass(frozen=True)
class Loss:
    """L(o, y): one number that says how wrong the output is.

    derivative        ∂L/∂o, SymPy, as taught
    latex, slope_latex   what L and ∂L/∂o are equal to, with gaps {o} and {y}
    """

    name: str
    torch: Callable[[Tensor, Tensor], Tensor]
    sympy: Callable[[Expr, Expr], Expr]
    derivative: Callable[[Expr, Expr], Expr]
    latex: str
    slope_latex: str
    sentence: str


ACTIVATIONS: dict[str, Activation] = {
    "relu": Activation(
        name="ReLU",
        torch=torch.relu,
        sympy=lambda z: sympy.Piecewise((z, z > 0), (0, True)),
        derivative=lambda z: sympy.Piecewise((1, z > 0), (0, True)),  # ReLU′(0) = 0, as torch has it
        symbol=r"\operatorname{ReLU}",
        latex=r"\max(0, z)",
        slope_latex=r"\begin{cases}1 & z > 0\\0 & z \le 0\end{cases}",
        sentence="ReLU lets a positive pre-activation through unchanged and turns a negative one into 0.",
        kinks=(0.0,),
    ),
    "identity": Activation(
        name="identity",
        torch=lambda z: z,
        sympy=lambda z: z,
        derivative=lambda z: sympy.Integer(1),
        symbol="",
        latex="z",
        slope_latex="1",
        sentence="The identity passes the pre-activation on as it is.",
    ),
}

LOSSES: dict[str, Loss] = {
    "half_squared_error": Loss(
        name="half squared error",
        torch=lambda o, y: 0.5 * (o - y) ** 2,
        sympy=lambda o, y: (o - y) ** 2 / 2,  # ½ cancels the 2 of the square; it only scales L
        derivative=lambda o, y: o - y,
        latex=r"\tfrac12\,({o} - {y})^2",
        slope_latex="{o} - {y}",
        sentence="Half the squared distance between output and target; the ½ is there to cancel the 2 of the square.",
    ),
}

HIDDEN_ACTIVATIONS: tuple[str, ...] = ("relu", "identity")
OUTPUT_ACTIVATIONS: tuple[str, ...] = ("identity",)
