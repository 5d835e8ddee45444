"""The smooth functions SymPy lacks: σ, softplus, and the normal distribution's Φ and φ.

SymPy could spell them out in exponentials, but those overflow where the function itself is harmless: σ(−800) is 0, and
1 / (1 + e^800) is an error. So each has its derivative here, as it is taught, and one definition that gives its number
anywhere, as a float or with any number of digits. None of it comes from torch.
Sources: of Φ by erf, M. Abramowitz, I. Stegun, Handbook of Mathematical Functions, section 26.2; of σ′ = σ (1 − σ),
C. Bishop, Pattern Recognition and Machine Learning, eq. 4.88.
"""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import mpmath
import sympy
from sympy import Expr

FLOATS: dict[str, Callable[[float], float]] = {}
BEYOND = 1e6  # Φ is 0 or 1 there, to more digits than anyone keeps
BY_THEMSELVES = {"Piecewise", "Abs"}  # functions that Python's own arithmetic works out, for any kind of number


class Smooth(sympy.Function):
    """A function of one real number.

    number   its value, worked out by `m`: by Python's math for a float, wherever that lies, or by a context of mpmath,
             which keeps as many digits as are asked for
    """

    latex_name = ""
    is_real = True

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        FLOATS[cls.__name__] = partial(cls.number, math)

    @staticmethod
    def number(m: Any, z: Any) -> Any:
        raise NotImplementedError

    def _eval_mpmath(self) -> tuple[Callable, tuple[Expr, ...]]:
        return partial(self.number, mpmath.mp), self.args

    def _latex(self, printer) -> str:
        return rf"{self.latex_name}\left({printer.doprint(self.args[0])}\right)"


class sigmoid(Smooth):
    """σ(z) = 1 / (1 + e^−z), and σ′ = σ (1 − σ)."""

    latex_name = r"\sigma"

    @classmethod
    def eval(cls, z: Expr) -> Expr | None:
        return sympy.S.Half if z.is_zero else None

    @staticmethod
    def number(m: Any, z: Any) -> Any:
        small = m.exp(-abs(z))  # never above 1, so it cannot overflow
        return 1 / (1 + small) if z >= 0 else small / (1 + small)

    def fdiff(self, argindex: int = 1) -> Expr:
        return self * (1 - self)


class softplus(Smooth):
    """ln(1 + e^z), and its derivative σ(z)."""

    latex_name = r"\operatorname{softplus}"

    @staticmethod
    def number(m: Any, z: Any) -> Any:
        return max(z, 0) + m.log1p(m.exp(-abs(z)))

    def fdiff(self, argindex: int = 1) -> Expr:
        return sigmoid(self.args[0])


class Phi(Smooth):
    """Φ(z) = ½ erfc(−z / √2): how much of the standard normal distribution lies below z. Φ′ = φ."""

    latex_name = r"\Phi"

    @classmethod
    def eval(cls, z: Expr) -> Expr | None:
        return sympy.S.Half if z.is_zero else None

    @staticmethod
    def number(m: Any, z: Any) -> Any:
        near = max(min(z, BEYOND), -BEYOND)  # mpmath's erfc gives up on 1e300
        return m.erfc(-near / m.sqrt(2)) / 2  # 1 + erf would cancel to 0 long before Φ does

    def fdiff(self, argindex: int = 1) -> Expr:
        return phi(self.args[0])


class phi(Smooth):
    """φ(z) = e^(−z²/2) / √(2π): the bell curve. φ′ = −z φ."""

    latex_name = r"\varphi"

    @staticmethod
    def number(m: Any, z: Any) -> Any:
        return m.exp(-z * z / 2) / m.sqrt(2 * m.pi)

    def fdiff(self, argindex: int = 1) -> Expr:
        return -self.args[0] * self


def functions_in(expression: Expr) -> dict[str, Any]:
    """The functions that stand in an expression, by name, besides those that Python works out itself."""
    found = {type(part).__name__: type(part) for part in expression.atoms(sympy.Function)}
    return {name: function for name, function in found.items() if name not in BY_THEMSELVES}


def in_floats(symbols: Sequence[sympy.Symbol], expressions: Expr | Sequence[Expr]) -> Callable:
    """Expressions as one plain Python function of floats: stable at ±800 as at 0."""
    return sympy.lambdify(symbols, expressions, modules=[FLOATS, "math"])
