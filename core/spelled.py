"""The functions of core/functions.py as code, for tensors and for plain numbers, written from their SymPy column.

SymPy's functions are PyTorch's by the same name, but for those in CALLED: so a new row is exported as it stands.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import sympy
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.pycode import PythonCodePrinter

from core.functions import Activation
from core.smooth import BY_THEMSELVES

CALLED = {
    "softplus": "torch.nn.functional.softplus({z}, threshold=40)",  # its own threshold drops digits float64 still has
    "Phi": "torch.special.ndtr({z})",
    "phi": "(torch.exp(-{z} ** 2 / 2) / (2 * torch.pi) ** 0.5)",
}
ON_PAPER = {
    "sigmoid": "1 / (1 + e^-z)",
    "tanh": "(e^z - e^-z) / (e^z + e^-z)",
    "softplus": "ln(1 + e^z)",
    "Phi": "how much of the normal distribution lies below z",
    "phi": "the bell curve",
}


def _called(name: str, z: str) -> str:
    return CALLED.get(name, f"torch.{name}({{z}})").format(z=z)


class _Code(PythonCodePrinter):
    """Code for plain numbers, which calls functions by their names alone, or for tensors."""

    def __init__(self, tensors: bool) -> None:
        super().__init__({"order": "none"})
        self.tensors = tensors

    def _print_Rational(self, expr: sympy.Rational) -> str:
        return repr(float(expr))

    def parenthesize(self, item: sympy.Basic, level: int, strict: bool = False) -> str:
        fraction = item.is_Rational and item > 0  # 0.5 stands alone
        return self._print(item) if fraction else super().parenthesize(item, level, strict)

    def _print_Dummy(self, expr: sympy.Dummy) -> str:
        return expr.name

    def _print_Pi(self, expr: sympy.Expr) -> str:
        return "torch.pi"

    def _print_Pow(self, expr: sympy.Pow, rational: bool = False) -> str:
        return super()._print_Pow(expr, rational=not expr.exp.is_Integer)  # a root is a power

    def _print_Piecewise(self, expr: sympy.Piecewise) -> str:
        (above, when), (below, _) = expr.args
        first, condition, second = self.alone(above), self.doprint(when).strip("()"), self.alone(below)
        if self.tensors:
            return f"torch.where({condition}, {first}, {second})"
        if when == sympy.Gt(above, 0) and below == 0:
            return f"max(0.0, {first})"
        return f"{first} if {condition} else {second}"

    def _print(self, expr: sympy.Basic, **settings: Any) -> str:
        if isinstance(expr, sympy.Function) and type(expr).__name__ not in BY_THEMSELVES:
            name, (z,) = type(expr).__name__, expr.args
            if self.tensors:
                return _called(name, self.parenthesize(z, PRECEDENCE["Atom"], strict=True))
            return f"{name}({self._print(z)})"
        return super()._print(expr, **settings)

    def alone(self, expr: sympy.Expr) -> str:
        """An expression that a number may be all of: a float."""
        return repr(float(expr)) if expr.is_Number else self._print(expr)


@cache
def spelled(function: Callable[..., sympy.Expr], *names: str, tensors: bool = False) -> str:
    """A function of core/functions.py as code, in the order in which its row has it, of variables by these names."""
    with sympy.evaluate(False):  # of dummies: SymPy's cache would hand what is not evaluated to others
        expression = function(*(sympy.Dummy(name, real=True) for name in names))
    return re.sub(r" *(\*\*|[*/]) *", r" \1 ", _Code(tensors).alone(expression))


def of_tensor(row: Activation, z: str) -> str:
    return row.code.format(z=z) if row.code else spelled(row.sympy, z, tensors=True)


def helpers(body: str) -> str:
    """The functions of one number that the code calls, each with what it is on paper."""
    called = set(re.findall(r"\b(\w+)\(", body)) - {"print", "max", "abs"}
    if not called:
        return ""
    defined = "def number(z):\n    return torch.tensor(z, dtype=torch.float64)\n\n\n"
    for name in [*(name for name in ON_PAPER if name in called), *sorted(called - set(ON_PAPER))]:
        paper = f"  # {ON_PAPER[name]}" if name in ON_PAPER else ""
        defined += f"def {name}(z):{paper}\n    return {_called(name, 'number(z)')}.item()\n\n\n"
    return defined
