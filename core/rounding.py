"""How far rounding can carry a number: every operation keeps, beside its result, a bound of how far off that may be.

This is running error analysis: the equations of core/equations.py and the routes of core/chain_rule.py worked through
once more, with a number that knows its own error. With a rounding unit of 0 the same arithmetic says something else:
how far a result can move while what it is made of moves within given bounds.
Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.3.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import NamedTuple

import sympy
from sympy import Expr

from core.chain_rule import factors, routes
from core.equations import KEYS, PRE_ACTIVATION, SYMBOLS, equations
from core.functions import ACTIVATIONS, LOSSES
from core.names import DIFFERENTIABLE
from core.parameters import Architecture
from core.smooth import FLOATS, functions_in, in_floats

LIBRARY = 4  # units in the last place by which a library's exp, tanh or erf may be off


class Format(NamedTuple):
    """unit: the most one operation rounds by, as a part of its result, times two for any order of a sum's terms."""

    unit: float
    tiny: float
    largest: float


# The largest numbers are taken as 1/16 of the true ones: two orders of multiplying overflow a little apart.
FORMATS = {"float64": Format(2**-52, 2**-1021, 2.0**1020), "float32": Format(2**-23, 2**-125, 2.0**124)}
UNROUNDED = Format(0.0, 0.0, math.inf)


class Rounded:
    """A number, and how far off it may be: the one that was meant lies in value ± off. An unknown error is infinite."""

    __slots__ = ("format", "off", "value")

    def __init__(self, value: float, off: float, format: Format) -> None:
        self.value, self.format = value, format
        self.off = off if abs(value) + off <= format.largest else math.inf  # so a NaN is an unknown error, too

    def _other(self, other: "Rounded | float") -> "Rounded":
        return other if isinstance(other, Rounded) else Rounded(float(other), 0.0, self.format)

    def __add__(self, other: "Rounded | float") -> "Rounded":
        b = self._other(other)
        size = abs(self.value) + abs(b.value)  # not of the sum alone: three terms may be added in any order
        return Rounded(self.value + b.value, self.off + b.off + self.format.unit * size, self.format)

    def __mul__(self, other: "Rounded | float") -> "Rounded":
        b = self._other(other)
        value = self.value * b.value
        if any(one.value == one.off == 0 for one in (self, b)) and math.isfinite(self.off + b.off):
            return Rounded(0.0, 0.0, self.format)  # 0 times anything finite is exactly 0
        off = abs(self.value) * b.off + abs(b.value) * self.off + self.off * b.off
        return Rounded(value, off + self.format.unit * abs(value) + self.format.tiny, self.format)

    def __pow__(self, exponent: int) -> "Rounded":
        power = math.prod([self] * (abs(exponent) - 1), start=self)
        return power if exponent > 0 else 1 / power

    def __neg__(self) -> "Rounded":
        return Rounded(-self.value, self.off, self.format)

    def __sub__(self, other: "Rounded | float") -> "Rounded":
        return self + -self._other(other)

    def __abs__(self) -> "Rounded":
        return Rounded(abs(self.value), self.off, self.format)

    def __truediv__(self, other: "Rounded | float") -> "Rounded":
        return self * (1 / other)

    def __rtruediv__(self, other: float) -> "Rounded":
        least = abs(self.value) - self.off
        if not least > 0:  # it may be 0
            return Rounded(math.nan, math.inf, self.format)
        off = self.off / (abs(self.value) * least) + self.format.unit / abs(self.value) + self.format.tiny
        return other * Rounded(1 / self.value, off, self.format)

    def __rsub__(self, other: float) -> "Rounded":
        return self._other(other) - self

    __radd__, __rmul__ = __add__, __mul__

    @property
    def most(self) -> float:
        """The largest size it may have."""
        return abs(self.value) + self.off


# ── the smooth functions: how they carry an error on, and what evaluating them adds ─────────────────────────────


def _carried(
    function: Callable[[float], float], slope: Callable[[float, float], float], own: Callable[[float, float], float]
) -> Callable[[Rounded], Rounded]:
    """f for a Rounded: slope(z, e) bounds |f(z ± e) − f(z)|, own(z, f(z)) is its own rounding in units."""

    def rounded(z: Rounded) -> Rounded:
        value = function(z.value)
        moved = slope(z.value, z.off) if math.isfinite(z.off) else math.inf
        return Rounded(value, moved + LIBRARY * z.format.unit * own(z.value, value) + z.format.tiny, z.format)

    return rounded


def _nearest(z: float, e: float) -> float:
    """How far from 0 the point of z ± e is that lies nearest to it: there the slopes below are largest."""
    return max(abs(z) - e, 0.0)


_sigmoid, _softplus, _Phi, _phi = (FLOATS[name] for name in ("sigmoid", "softplus", "Phi", "phi"))
FUNCTIONS: dict[str, Callable[[Rounded], Rounded]] = {
    "sigmoid": _carried(
        _sigmoid, lambda z, e: min(1.0, e * _sigmoid(-_nearest(z, e))), lambda z, f: f
    ),  # σ′ = σ (1 − σ)
    "tanh": _carried(math.tanh, lambda z, e: min(2.0, 4 * e * math.exp(-2 * _nearest(z, e))), lambda z, f: abs(f)),
    "softplus": _carried(_softplus, lambda z, e: e * _sigmoid(z + e), lambda z, f: f),
    # torch has ½ (1 + erf), which cancels far left
    "Phi": _carried(_Phi, lambda z, e: min(1.0, e * _phi(_nearest(z, e))), lambda z, f: 1.0),
    "phi": _carried(
        _phi, lambda z, e: min(0.4, e * (abs(z) + e) * _phi(_nearest(z, e))), lambda z, f: f * (1 + min(z * z, 1e6))
    ),
}


@cache
def _by_its_slope(function: Callable[..., Expr]) -> Callable[[Rounded], Rounded]:
    """Any other function, so that a new activation needs no bound of its own: from f′, as SymPy differentiates it.

    |f(z ± e) − f(z)| ≤ e max |f′|, taken as twice the largest at seventeen places of z ± e. Its own rounding counts as
    that of a sum of f and 1, whatever torch makes it from.
    """
    z = sympy.Symbol("z", real=True)
    worked, slope = in_floats([z], function(z)), in_floats([z], sympy.diff(function(z), z))

    def number(of: Callable[[float], float], at: float) -> float:
        try:
            return float(of(at))
        except ArithmeticError:
            return math.inf

    def moves(at: float, e: float) -> float:
        return 2 * e * max(abs(number(slope, at + e * part / 8)) for part in range(-8, 9)) if e else 0.0

    return _carried(lambda at: number(worked, at), moves, lambda at, value: 1 + abs(value))


# ── expressions ─────────────────────────────────────────────────────────────────────────────────────────────────

Known = Mapping[str, Rounded]
Sides = Mapping[str, Iterable[float]]


def surely(values: Mapping[str, float], format: Format) -> dict[str, Rounded]:
    """Numbers that are exactly what they are."""
    return {key: Rounded(value, 0.0, format) for key, value in values.items()}


def ball_sides(known: Known) -> dict[str, tuple[float, ...]]:
    """Where each pre-activation may be: both ends and the middle."""
    known_z = {key: known[key] for key in PRE_ACTIVATION.values() if key in known}
    return {key: (z.value, z.value - z.off, z.value + z.off) for key, z in known_z.items()}


def worked(expression: Expr, known: Known, sides: Sides) -> Rounded:
    """The expression's number. Where it is defined by cases: of every case that one of `sides` of its symbol meets."""
    keys, cases = _compiled(expression)
    values = [known[key] for key in keys]
    if len(cases) == 1:
        result = cases[0][0](*values)
        return result if isinstance(result, Rounded) else Rounded(float(result), 0.0, next(iter(known.values())).format)
    (key,) = keys
    if not math.isfinite(values[0].off):
        return Rounded(math.nan, math.inf, values[0].format)
    met = dict.fromkeys(_case(cases, at) for at in sides.get(key, (known[key].value,)))
    return _hull([values[0]._other(cases[index][0](values[0])) for index in met])


def _case(cases: tuple, at: float) -> int:
    return next(index for index, (_, holds) in enumerate(cases) if holds(at))


def _hull(numbers: list[Rounded]) -> Rounded:
    """A number that may be any of these; the first one is its middle."""
    first = numbers[0]
    return Rounded(first.value, max(abs(one.value - first.value) + one.off for one in numbers), first.format)


@cache
def _compiled(expression: Expr) -> tuple[tuple[str, ...], tuple]:
    """The keys of its symbols; a function of Rounded numbers for each case, and when that case holds, of floats."""
    symbols = sorted(expression.free_symbols, key=str)
    cases = expression.args if isinstance(expression, sympy.Piecewise) else ((expression, sympy.true),)
    known = {name: FUNCTIONS.get(name) or _by_its_slope(each) for name, each in functions_in(expression).items()}
    return tuple(KEYS[symbol] for symbol in symbols), tuple(
        (sympy.lambdify(symbols, value, modules=[known, "math"]), sympy.lambdify(symbols[:1], when, modules="math"))
        for value, when in cases
    )


def rounded_forward(architecture: Architecture, given: Known, sides: Sides | None = None) -> dict[str, Rounded]:
    """Every symbol's number with its error. Without `sides` a kink within the error of z counts as met."""
    known = dict(given)
    for left, right in equations(architecture):
        known[KEYS[left]] = worked(right, known, ball_sides(known) if sides is None else sides)
    if LOSSES[architecture.loss].source == "z2":  # torch computes it from logarithms that cancel: z2 − z2 + …
        L, z2 = known["L"], known["z2"]
        known["L"] = Rounded(L.value, L.off + LIBRARY * L.format.unit * z2.most, L.format)
    return known


def rounded_gradients(architecture: Architecture, known: Known, sides: Sides | None = None) -> dict[str, Rounded]:
    """∂L/∂key for all eleven keys, each with its error."""
    met = ball_sides(known) if sides is None else sides
    slopes = {(f.above, f.below): worked(f.derivative, known, met) for f in factors(architecture)}
    found = {}
    for name in DIFFERENTIABLE:
        products = []
        for route in routes(architecture, name.key):
            values = [slopes[factor.above, factor.below] for factor in route]
            products.append(math.prod(values[1:], start=values[0]))
        found[name.key] = sum(products[1:], start=products[0])
    return found


# ── how a difference quotient is off ────────────────────────────────────────────────────────────────────────────

Bends = tuple[float, float, float]  # the largest sizes of a first, second and third derivative


def difference_errors(
    architecture: Architecture, values: Mapping[str, float], epsilon: float, format: Format
) -> dict[str, tuple[float, float]]:
    """By how much (L(p + ε) − L(p − ε)) / 2ε may miss ∂L/∂p, for the twelve numbers as they stand in that format.

    Of each key two parts:

    rounding    the errors of both losses over 2ε
    truncation  ε² |L‴| / 6, and |L″| times how far rounding shifts the middle of the two points. Where a kink lies
                within ε there is no L‴: the quotient is a mean of ∂L/∂p over the way, so it misses by its range there
    """
    here = rounded_forward(architecture, surely(values, format))
    found = {}
    for name in DIFFERENTIABLE:
        p = values[name.key]
        reach = epsilon * max(1.0, abs(p))
        sides = [{**values, name.key: p + reach}, {**values, name.key: p - reach}]
        rounding = sum(rounded_forward(architecture, surely(side, format))["L"].off for side in sides) / (2 * reach)
        bends = _bends(architecture, here, name.key, reach)
        if bends is None:
            truncation = 2 * _range_of_slope(architecture, values, name.key, reach)
        else:
            _, second, third = bends
            truncation = reach * reach * third / 6 + second * format.unit * (abs(p) + reach)
        found[name.key] = 1.01 * rounding, 1.01 * truncation
    return found


def _range_of_slope(architecture: Architecture, values: Mapping[str, float], key: str, reach: float) -> float:
    around = surely(values, UNROUNDED) | {key: Rounded(values[key], reach, UNROUNDED)}
    return rounded_gradients(architecture, rounded_forward(architecture, around))[key].off


def _bends(architecture: Architecture, here: Known, key: str, reach: float) -> Bends | None:
    """Bounds of |L′|, |L″| and |L‴| along `key` within `reach`; None where a kink lies there."""
    bends = _ways_to_z2(architecture, here, key, reach)
    if bends is None:
        return None
    loss, around = LOSSES[architecture.loss], {"z2": _around(here["z2"], bends[0] * reach), "y": _around(here["y"], 0)}
    if loss.source == "o":
        bends = _composed(_sizes(_of_activation(architecture.output), around), bends)
        around["o"] = _around(here["o"], bends[0] * reach)
    return _composed(_sizes(_of_loss(architecture.loss), around), bends)


def _ways_to_z2(architecture: Architecture, here: Known, key: str, reach: float) -> Bends | None:
    """Bounds of the derivatives of z2 along `key`, straight or through the hidden units."""
    slopes = {(f.above, f.below): f.derivative for f in factors(architecture)}

    def size(above: str, below: str) -> float:
        return worked(slopes[above, below], here, {}).most if (above, below) in slopes else 0.0

    found = [size("z2", key), 0.0, 0.0]
    for unit, before in (("h_1", "z1_1"), ("h_2", "z1_2")):
        speed = size(before, key)
        if not speed:
            continue
        z = _around(here[before], speed * reach)
        if any(not abs(z.value - kink) > z.off for kink in ACTIVATIONS[architecture.activation].kinks):
            return None
        for order, slope in enumerate(_sizes(_of_activation(architecture.activation), {"z2": z})):
            found[order] += size("z2", unit) * slope * math.prod([speed] * (order + 1))
    return found[0], found[1], found[2]


def _around(number: Rounded, off: float) -> Rounded:
    """All that lies so much farther off."""
    return Rounded(number.value, number.off + off, UNROUNDED)


def _composed(outer: Bends, inner: Bends) -> Bends:
    """Bounds for the derivatives of f(g): Faà di Bruno's formula, every term taken at its largest."""
    (f1, f2, f3), (g1, g2, g3) = outer, inner
    return f1 * g1, f2 * g1 * g1 + f1 * g2, f3 * g1 * g1 * g1 + 3 * f2 * g1 * g2 + f1 * g3


def _sizes(expressions: tuple[Expr, Expr, Expr], known: Known) -> Bends:
    first, second, third = (worked(expression, known, ball_sides(known)).most for expression in expressions)
    return first, second, third


@cache
def _of_activation(name: str) -> tuple[Expr, Expr, Expr]:
    """f′, f″ and f‴, of the symbol of z2."""
    return _three(ACTIVATIONS[name].derivative(SYMBOLS["z2"]), SYMBOLS["z2"])


@cache
def _of_loss(name: str) -> tuple[Expr, Expr, Expr]:
    """The derivatives of L by what it is computed from."""
    source = SYMBOLS[LOSSES[name].source]
    return _three(LOSSES[name].derivative(source, SYMBOLS["y"]), source)


def _three(first: Expr, symbol: sympy.Symbol) -> tuple[Expr, Expr, Expr]:
    return first, sympy.diff(first, symbol), sympy.diff(first, symbol, 2)
