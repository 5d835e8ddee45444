"""The derivatives of core/functions.py as PyTorch functions: each made from the table's own f′, as it is taught.

core/descent.py backpropagates with them. Autograd, which differentiates the table's torch column, is the judge: a test
compares the two for every network.
"""

from collections.abc import Callable
from functools import cache
from math import pi, sqrt

import sympy
import torch
from sympy.printing.codeprinter import CodePrinter
from sympy.printing.pytorch import TorchPrinter
from torch import Tensor

from core.functions import ACTIVATIONS, LOSSES
from core.parameters import Architecture

TORCH: dict[str, Callable[[Tensor], Tensor]] = {  # what core/smooth.py adds to SymPy
    "sigmoid": torch.sigmoid,
    "softplus": ACTIVATIONS["softplus"].torch,
    "Phi": lambda z: 0.5 * (1 + torch.erf(z / sqrt(2))),
    "phi": lambda z: torch.exp(-0.5 * z * z) / sqrt(2 * pi),
}


class _Printer(TorchPrinter):
    """SymPy's own stops at a function that torch has not; ours are known by their names."""

    def _print_Function(self, expr: sympy.Expr) -> str:
        known = type(expr) in self.mapping
        return TorchPrinter._print_Function(self, expr) if known else CodePrinter._print_Function(self, expr)


@cache
def slopes(architecture: Architecture) -> tuple[Callable[..., Tensor], Callable[..., Tensor]]:
    """What carries a slope from one place to the one before it:

    (∂L/∂h, z1) → δ1 = ∂L/∂h ∘ f′(z1)
    (z2, y, w) → δ2 = w ∂L/∂z2, for rows that count with weight w: ∂L/∂o · g′(z2), or at once where L comes from z2
    """
    to_h, z1, z2, y, w = sympy.symbols("to_h z1 z2 y w", real=True)
    f, g, loss = ACTIVATIONS[architecture.activation], ACTIVATIONS[architecture.output], LOSSES[architecture.loss]
    to_z2 = loss.derivative(z2, y) if loss.source == "z2" else loss.derivative(g.sympy(z2), y) * g.derivative(z2)
    return _compiled((to_h, z1), to_h * f.derivative(z1)), _compiled((z2, y, w), w * to_z2)


def _compiled(symbols: tuple[sympy.Symbol, ...], expression: sympy.Expr) -> Callable[..., Tensor]:
    """Folded, so that each branch of a Piecewise is a tensor: torch would make two plain numbers float32."""
    settings = {"allow_unknown_functions": True, "fully_qualified_modules": False}
    folded = sympy.piecewise_fold(expression)
    return sympy.lambdify(symbols, folded, modules=[TORCH, "torch"], printer=_Printer(settings), cse=True)
