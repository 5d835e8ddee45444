"""The same numbers as a learner gets them on paper: 0.72 · 0.8 = 0.576, and not 0.5760000000000001.

What is given are short decimals and fractions. They are carried as fractions through SymPy's equations as far as every
step is rational, σ(0) = ½ and tanh(0) = 0 among them; behind any other σ, tanh, softplus or GELU stand numbers of many
digits, computed with as many more as it takes for all of them to be right. So each number knows whether it is exact: a
Fraction is, a Decimal is not.
"""

import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial, reduce
from itertools import accumulate
from threading import Lock
from typing import Any

import mpmath
import sympy
from sympy import Expr
from sympy.printing.pycode import MpmathPrinter, PythonCodePrinter

from core.chain_rule import Derivation, WorkedRoute, factors, routes
from core.equations import KEYS, SYMBOLS, equations, keys_in, solve_forward
from core.parameters import Architecture, Example, Parameters, to_values
from core.smooth import BY_THEMSELVES, Smooth, functions_in

Number = Fraction | Decimal

SHORT = 12  # digits of a decimal that a person would still write out
SIMPLE = 1000  # the largest denominator a long decimal is recognised by: 0.3333333333333333 is ⅓
KEPT = 25  # digits of a number that is not exact, and of what it lacks to ±1
MOST_GUARD_DIGITS = 2000
FARTHEST = 10**7  # powers of two; a number farther out than that is written as 0 or infinite

# A context of our own: mpmath's shared one belongs to SymPy and to every other thread.
_CONTEXT = mpmath.MPContext()
_LOCK = Lock()


def on_paper(value: float) -> Fraction:
    """The fraction a person meant by this float: 0.1 → 1/10, 0.3333333333333333 → 1/3, else its shortest decimal."""
    shortest = Fraction(repr(value))
    if len(Decimal(repr(value)).as_tuple().digits) <= SHORT:
        return shortest
    simple = shortest.limit_denominator(SIMPLE)
    return simple if float(simple) == value else shortest


def exact_forward(
    parameters: Parameters, example: Example, *, architecture: Architecture = Architecture()
) -> dict[str, Number]:
    """Every symbol's number on paper, by key: the twelve given ones and the seven computed ones."""
    with _LOCK:
        return _kept(_solve(parameters, example, architecture))


def exact_derive(
    parameters: Parameters, example: Example, key: str, *, architecture: Architecture = Architecture()
) -> Derivation[Number]:
    """derive() on paper: every factor, product and sum exact, or right to its last digit. Raises as derive() does."""
    walks = routes(architecture, key)
    with _LOCK:
        known = _solve(parameters, example, architecture)
        slopes = {(f.above, f.below): _put_in(f.derivative, known) for f in factors(architecture)}
        worked, products = [], []
        for route in walks:
            values = [slopes[factor.above, factor.below] for factor in route]
            so_far = list(accumulate(values, _times))
            products.append(so_far[-1])
            worked.append(WorkedRoute(route, tuple(map(_keep, values)), tuple(map(_keep, so_far))))
        return Derivation(key, tuple(worked), _keep(reduce(_plus, products)), _kept(known))


def redo(expression: Expr, known: Mapping[str, Number]) -> Number:
    """What an expression comes to with these numbers in the place of its symbols, as a careful hand would work it out.

    ZeroDivisionError or ValueError where it comes to nothing, as ln 0 does.
    """
    with _LOCK:
        keys = keys_in(expression)
        values = (known[key] for key in keys)
        longest = max((len(value.as_tuple().digits) for value in values if isinstance(value, Decimal)), default=0)
        _CONTEXT.dps = longest + _digits({key: known[key] for key in keys})
        return _keep(_put_in(expression, {key: _unkept(known[key]) for key in keys}))


# ── inside, a number that is not exact is an mpf of our context; nothing of it leaves but as a Decimal ──────────


def _solve(parameters: Parameters, example: Example, architecture: Architecture) -> dict[str, Any]:
    given = to_values(parameters, example)
    _CONTEXT.dps = _digits(solve_forward(architecture, given))
    known: dict[str, Any] = {key: on_paper(value) for key, value in given.items()}
    for left, right in equations(architecture):
        known[KEYS[left]] = _put_in(right, known)
    return known


def _digits(known: Mapping[str, float | Number]) -> int:
    """Working digits: a slope such as 1 − tanh² loses about 0.87 |z| of them to cancellation."""
    sizes: list[Any] = [abs(known[key]) for key in ("z1_1", "z1_2", "z2") if key in known]
    if not all(size < MOST_GUARD_DIGITS for size in sizes):  # a NaN, too
        return 2 * KEPT + MOST_GUARD_DIGITS
    return 2 * KEPT + math.ceil(0.87 * max(map(float, sizes), default=0.0))


def _put_in(expression: Expr, known: Mapping[str, Any]) -> Any:
    """The expression's value: a Fraction if what stands in it leads to one, else an mpf."""
    values = [known[key] for key in keys_in(expression)]
    try:
        in_fractions = (value if isinstance(value, Fraction) else _IRRATIONAL for value in values)
        return Fraction(_compiled(expression, "fractions")(*in_fractions))
    except TypeError:  # an irrational number is in the way
        pass
    return _CONTEXT.mpf(_compiled(expression, "many digits")(*map(_rough, values)))


def _rough(value: Any) -> Any:
    return _CONTEXT.mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else value


def _times(a: Any, b: Any) -> Any:
    if any(isinstance(factor, Fraction) and factor == 0 for factor in (a, b)):
        return Fraction(0)  # times anything
    return a * b if _exact(a, b) else _rough(a) * _rough(b)


def _plus(a: Any, b: Any) -> Any:
    return a + b if _exact(a, b) else _rough(a) + _rough(b)


def _exact(*values: Any) -> bool:
    return all(isinstance(value, Fraction) for value in values)


def _keep(value: Any) -> Number:
    if isinstance(value, Fraction):
        return value
    size = _CONTEXT.mag(value)  # the power of two it lies under; an infinity for 0
    if abs(size) > FARTHEST:
        return Decimal(0) if size < 0 else Decimal("Infinity").copy_sign(Decimal(int(_CONTEXT.sign(value))))
    rest = _CONTEXT.mag(1 - abs(value))  # 1 − o of a saturated o keeps its digits too
    return Decimal(_CONTEXT.nstr(value, KEPT + (math.ceil(-0.30103 * rest) if -FARTHEST < rest < 0 else 0)))


def _unkept(value: Number) -> Any:
    return value if isinstance(value, Fraction) else _CONTEXT.mpf(str(value))


def _kept(known: Mapping[str, Any]) -> dict[str, Number]:
    return {key: _keep(value) for key, value in known.items()}


class _InFractions(PythonCodePrinter):
    """Python code in which ½ stays ½: SymPy would print 1/2, and Python make a float of it."""

    def _print_Rational(self, expr: sympy.Rational) -> str:
        return f"Rational({expr.p}, {expr.q})"

    def _print(self, expr: sympy.Basic, **settings: Any) -> str:
        if isinstance(expr, sympy.NumberSymbol) or (expr.is_Pow and not expr.exp.is_Integer):  # π, or a root
            return "IRRATIONAL"
        if isinstance(expr, sympy.Function) and type(expr).__name__ not in BY_THEMSELVES:
            return f"{type(expr).__name__}({self._print(expr.args[0])})"
        return super()._print(expr, **settings)


@cache
def _compiled(expression: Expr, numbers: str) -> Callable[..., Any]:
    """The expression as a Python function of its symbols, for one kind of numbers."""
    symbols, functions = [SYMBOLS[key] for key in keys_in(expression)], functions_in(expression)
    if numbers == "many digits":
        ours = {name: partial(each.number, _CONTEXT) for name, each in functions.items() if issubclass(each, Smooth)}
        printer = MpmathPrinter({"allow_unknown_functions": True})
        return sympy.lambdify(symbols, expression, modules=[{"mpmath": _CONTEXT} | ours], printer=printer)
    known = {"Rational": Fraction, "IRRATIONAL": _IRRATIONAL}
    known |= {name: _of_fractions(each) for name, each in functions.items()}
    return sympy.lambdify(symbols, expression, modules=[known], printer=_InFractions)


class _Irrational:
    """A number that is no fraction. Nothing times it is nothing; whatever else is done with it is a TypeError."""

    def __mul__(self, other: Any) -> Fraction:
        if isinstance(other, Fraction | int) and other == 0:
            return Fraction(0)
        raise TypeError("not a fraction")

    __rmul__ = __mul__


_IRRATIONAL = _Irrational()


@cache
def _of_fractions(function: Callable[..., Expr]) -> Callable[[Any], Fraction | _Irrational]:
    """A smooth function of fractions. All of them take −1, 0 or 1 to a fraction, as σ takes 0 to ½, and no other one.

    Source: the theorem of Lindemann and Weierstrass (e to an algebraic power other than 0 is transcendental).
    """
    values = {place: function(place) for place in (-1, 0, 1)}
    rational = {place: Fraction(value.p, value.q) for place, value in values.items() if value.is_Rational}
    return lambda z: _IRRATIONAL if isinstance(z, _Irrational) else rational.get(z, _IRRATIONAL)
