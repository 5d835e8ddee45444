"""The smooth functions SymPy lacks: σ, softplus, and the normal distribution's Φ and φ.

SymPy could spell them out in exponentials, but those overflow where the function itself is harmless: σ(−800) is 0, and
1 / (1 + e^800) is an error. So each has its derivative here, as it is taught, and a plain Python function that gives
its number anywhere. None of it comes from torch.
Source of Φ by erfc, and of σ′ = σ (1 − σ): M. Abramowitz, I. Stegun, Handbook of Mathematical Functions, 7.1.22, 26.2;
C. Bishop, Pattern Recognition and Machine Learning, eq. 4.88.
"""

import math
from collections.abc import Callable, Sequence

import sympy
from mpmath.libmp import prec_to_dps
from sympy import Expr

FLOATS: dict[str, Callable[[float], float]] = {}
BY_THEMSELVES = {"Piecewise", "Abs"}  # functions that Python's own arithmetic works out, for any kind of number


class Smooth(sympy.Function):
    """A function of one real number.

    spelled_out   its definition in SymPy's own functions, which gives as many digits as are asked for
    in_floats     its number for a float, wherever that lies
    """

    latex_name = ""
    is_real = True

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        FLOATS[cls.__name__] = cls.in_floats

    def spelled_out(self) -> Expr:
        raise NotImplementedError

    @staticmethod
    def in_floats(z: float) -> float:
        raise NotImplementedError

    def _eval_evalf(self, prec: int) -> Expr | None:
        return sympy.N(self.spelled_out(), prec_to_dps(prec)) if self.args[0].is_number else None

    def _latex(self, printer) -> str:
        return rf"{self.latex_name}\left({printer.doprint(self.args[0])}\right)"


class sigmoid(Smooth):
    """σ(z) = 1 / (1 + e^−z), and σ′ = σ (1 − σ)."""

    latex_name = r"\sigma"

    def spelled_out(self) -> Expr:
        return 1 / (1 + sympy.exp(-self.args[0]))

    @staticmethod
    def in_floats(z: float) -> float:
        small = math.exp(-abs(z))  # never above 1, so it cannot overflow
        return 1 / (1 + small) if z >= 0 else small / (1 + small)

    def fdiff(self, argindex: int = 1) -> Expr:
        return self * (1 - self)


class softplus(Smooth):
    """ln(1 + e^z), and its derivative σ(z)."""

    latex_name = r"\operatorname{softplus}"

    def spelled_out(self) -> Expr:
        return sympy.log(1 + sympy.exp(self.args[0]))

    @staticmethod
    def in_floats(z: float) -> float:
        return max(z, 0.0) + math.log1p(math.exp(-abs(z)))

    def fdiff(self, argindex: int = 1) -> Expr:
        return sigmoid(self.args[0])


class Phi(Smooth):
    """Φ(z) = ½ (1 + erf(z / √2)): how much of the standard normal distribution lies below z. Φ′ = φ."""

    latex_name = r"\Phi"

    def spelled_out(self) -> Expr:
        return sympy.erfc(-self.args[0] / sympy.sqrt(2)) / 2

    @staticmethod
    def in_floats(z: float) -> float:
        return math.erfc(-z / math.sqrt(2)) / 2  # 1 + erf would cancel to 0 long before Φ does

    def fdiff(self, argindex: int = 1) -> Expr:
        return phi(self.args[0])


class phi(Smooth):
    """φ(z) = e^(−z²/2) / √(2π): the bell curve. φ′ = −z φ."""

    latex_name = r"\varphi"

    def spelled_out(self) -> Expr:
        return sympy.exp(-(self.args[0] ** 2) / 2) / sympy.sqrt(2 * sympy.pi)

    @staticmethod
    def in_floats(z: float) -> float:
        return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)

    def fdiff(self, argindex: int = 1) -> Expr:
        return -self.args[0] * self


def functions_in(expression: Expr) -> dict[str, type[sympy.Function]]:
    """The functions that stand in an expression, by name, besides those that Python works out itself."""
    found = {type(part).__name__: type(part) for part in expression.atoms(sympy.Function)}
    return {name: function for name, function in found.items() if name not in BY_THEMSELVES}


def in_floats(symbols: Sequence[sympy.Symbol], expressions: Expr | Sequence[Expr]) -> Callable:
    """Expressions as one plain Python function of floats: stable at ±800 as at 0."""
    return sympy.lambdify(symbols, expressions, modules=[FLOATS, "math"])
