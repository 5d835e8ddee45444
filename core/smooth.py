"""The smooth functions SymPy lacks: σ, softplus, and the normal distribution's Φ and φ.

SymPy could spell them out in exponentials, but those overflow where the function itself is harmless: σ(−800) is 0, and
1 / (1 + e^800) is an error. So each has its derivative here, as it is taught, and a plain Python function that gives
its number anywhere. None of it comes from torch.
"""

import math
from collections.abc import Callable, Sequence

import sympy
from mpmath.libmp import prec_to_dps
from sympy import Expr


class Smooth(sympy.Function):
    """A function of one real number. `spelled_out` is its definition; SymPy takes as many digits from it as asked."""

    latex_name = ""
    is_real = True

    def spelled_out(self) -> Expr:
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

    def fdiff(self, argindex: int = 1) -> Expr:
        return self * (1 - self)


class softplus(Smooth):
    """ln(1 + e^z), and its derivative σ(z)."""

    latex_name = r"\operatorname{softplus}"

    def spelled_out(self) -> Expr:
        return sympy.log(1 + sympy.exp(self.args[0]))

    def fdiff(self, argindex: int = 1) -> Expr:
        return sigmoid(self.args[0])


class Phi(Smooth):
    """Φ(z) = ½ (1 + erf(z / √2)): how much of the standard normal distribution lies below z. Φ′ = φ."""

    latex_name = r"\Phi"

    def spelled_out(self) -> Expr:
        return sympy.erfc(-self.args[0] / sympy.sqrt(2)) / 2

    def fdiff(self, argindex: int = 1) -> Expr:
        return phi(self.args[0])


class phi(Smooth):
    """φ(z) = e^(−z²/2) / √(2π): the bell curve. φ′ = −z φ."""

    latex_name = r"\varphi"

    def spelled_out(self) -> Expr:
        return sympy.exp(-(self.args[0] ** 2) / 2) / sympy.sqrt(2 * sympy.pi)

    def fdiff(self, argindex: int = 1) -> Expr:
        return -self.args[0] * self


def _sigmoid(z: float) -> float:
    small = math.exp(-abs(z))  # never above 1, so it cannot overflow
    return 1 / (1 + small) if z >= 0 else small / (1 + small)


def _softplus(z: float) -> float:
    return max(z, 0.0) + math.log1p(math.exp(-abs(z)))


def _Phi(z: float) -> float:
    return math.erfc(-z / math.sqrt(2)) / 2  # 1 + erf would cancel to 0 long before Φ does


def _phi(z: float) -> float:
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


FLOATS: dict[str, Callable[[float], float]] = {"sigmoid": _sigmoid, "softplus": _softplus, "Phi": _Phi, "phi": _phi}


def in_floats(symbols: Sequence[sympy.Symbol], expressions: Expr | Sequence[Expr]) -> Callable:
    """Expressions as one plain Python function of floats: stable at ±800 as at 0."""
    return sympy.lambdify(symbols, expressions, modules=[FLOATS, "math"])
