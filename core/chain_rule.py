"""The chain rule, worked out by hand: the routes from L back to a symbol, each factor, and their product.

A route is a walk from L against the arrows of the network: L ← o ← z2 ← h_2 ← z1_2 ← w1_12. Each step of it
is a factor, the partial derivative of ONE equation; along a route the factors multiply, and where several
routes reach a symbol, as for an input, their products add up. SymPy only: torch has no part in this.
"""

import math
from collections.abc import Mapping
from functools import cache
from typing import Generic, NamedTuple, TypeVar

import sympy
from sympy import Expr

from core.equations import KEYS, PRE_ACTIVATION, SYMBOLS, activation_of, equations, solve_forward
from core.functions import LOSSES
from core.names import ADJUSTABLE, COMPUTED, DIFFERENTIABLE, differentiable
from core.parameters import Architecture, Example, Gradients, Parameters, gradients_from_vector, to_values
from core.smooth import in_floats

N = TypeVar("N")  # what a number is: core/exact.py works with those on paper


class Factor(NamedTuple):
    """∂above/∂below, for two symbols that stand in one equation: above = … below …

    derivative  in symbols, as that one equation gives it
    """

    above: str
    below: str
    derivative: Expr


Route = tuple[Factor, ...]


class WorkedRoute(NamedTuple, Generic[N]):
    """A route with its numbers: each factor's value, and what they come to.

    so_far  after each factor, the product of all up to there
    """

    factors: Route
    values: tuple[N, ...]
    so_far: tuple[N, ...]

    @property
    def product(self) -> N:
        return self.so_far[-1]


class Derivation(NamedTuple, Generic[N]):
    """∂L/∂key by the chain rule: every route worked out, and their sum.

    known  the number behind every symbol
    """

    key: str
    routes: tuple[WorkedRoute[N], ...]
    value: N
    known: Mapping[str, N]


class Cancelled(NamedTuple):
    """∂L/∂o · ∂o/∂z2 = what is left of the two, in numbers. `to_o` may be infinite; `left` never is."""

    to_o: float
    gate: float
    left: float


@cache
def factors(architecture: Architecture) -> tuple[Factor, ...]:
    """Every local derivative of the network: one for each symbol on the right of each equation."""
    return tuple(
        Factor(KEYS[left], KEYS[symbol], sympy.diff(right, symbol))
        for left, right in equations(architecture)
        for symbol in sorted(right.free_symbols, key=str)
    )


def routes(architecture: Architecture, key: str) -> tuple[Route, ...]:
    """Every way from L back to `key`, each as its factors, L first. Raises ValueError for an unknown key."""
    return _routes(architecture, differentiable(key))


@cache
def _routes(architecture: Architecture, key: str) -> tuple[Route, ...]:
    return tuple(_walk(architecture, "L", key))


def _walk(architecture: Architecture, above: str, target: str) -> list[Route]:
    found: list[Route] = []
    for factor in factors(architecture):
        if factor.above != above:
            continue
        if factor.below == target:
            found.append((factor,))
        else:
            found += [(factor, *rest) for rest in _walk(architecture, factor.below, target)]
    return found


def derive_all(parameters: Parameters, example: Example, *, architecture: Architecture = Architecture()) -> Gradients:
    """∂L/∂key = Σ over routes of Π of factors, in floats, for all eleven keys.

    Beyond the largest float it is infinite, or not a number, as autograd's answer is.
    """
    known = solve_forward(architecture, to_values(parameters, example))
    slopes = local_slopes(architecture, known)

    def product(route: Route) -> float:
        """A shut gate lets nothing through, not even an infinity: as in torch."""
        so_far = 1.0
        for above, below, _ in route:
            function, value = activation_of(above, architecture), slopes[above, below]
            shut = function and function.kinks and value == 0 and not math.isnan(known[below])
            so_far = 0.0 if shut else so_far * value
        return so_far

    return gradients_from_vector([sum(map(product, routes(architecture, name.key))) for name in DIFFERENTIABLE])


def local_slopes(architecture: Architecture, known: Mapping[str, float]) -> dict[tuple[str, str], float]:
    """The number of every local derivative ∂above/∂below where the symbols have these values."""
    numbers = _compiled(architecture)(*(known[name.key] for name in (*ADJUSTABLE, *COMPUTED)))
    edges = ((factor.above, factor.below) for factor in factors(architecture))
    return dict(zip(edges, map(float, numbers), strict=True))


def unit_slopes(architecture: Architecture, known: Mapping[str, float]) -> dict[str, float]:
    """f′(z) of each unit, by the key of its activation: how much of a change passes through its gate."""
    slopes = local_slopes(architecture, known)
    return {above: slopes[above, below] for above, below in PRE_ACTIVATION.items()}


def cancelled(architecture: Architecture, known: Mapping[str, float]) -> Cancelled | None:
    """What a loss computed from z2 has spared the chain: the factors ∂L/∂o and ∂o/∂z2, and o − y, which they leave.

    None for a loss computed from o, which has both factors in its chain.
    """
    if not LOSSES[architecture.loss].cancellation:
        return None
    o, y, rest = known["o"], known["y"], 1 / (1 + math.exp(min(known["z2"], 700)))  # 1 − o, without cancelling
    to_o = _quotient(1 - y, rest) - _quotient(y, o)
    return Cancelled(to_o, o * rest, o - y)


def _quotient(part: float, whole: float) -> float:
    """part / whole; a part of 0 stays 0, and a whole of 0 makes any other infinite."""
    if part == 0:
        return 0.0
    return part / whole if whole else math.inf


@cache
def _compiled(architecture: Architecture):
    """All local derivatives as one plain Python function: derived once, evaluated at every slider move."""
    symbols = [SYMBOLS[name.key] for name in (*ADJUSTABLE, *COMPUTED)]
    return in_floats(symbols, [factor.derivative for factor in factors(architecture)])
