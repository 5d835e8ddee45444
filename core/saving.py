"""What backpropagation saves: the beginnings that routes share, worked out once and named δ.

Every route starts at L, so many of them start alike: those of the four weights of layer 1 all begin with
∂L/∂o · ∂o/∂z2. Backprop multiplies such a beginning once, keeps it, and lets every route that passes there go on.
Source: D. Rumelhart, G. Hinton, R. Williams, Learning representations by back-propagating errors, Nature 323 (1986).
"""

from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

from core.chain_rule import WorkedRoute, routes
from core.names import PARAMETERS
from core.parameters import Architecture

N = TypeVar("N")

THE_NINE = tuple(name.key for name in PARAMETERS)

# Where a beginning has a name of its own: at the pre-activations.
DELTA_LATEX = {"z2": r"\delta^{(2)}", "z1_1": r"\delta^{(1)}_{1}", "z1_2": r"\delta^{(1)}_{2}"}


class Prefix(NamedTuple, Generic[N]):
    """δ = ∂L/∂z along a route: the product of its first `length` factors, down to the pre-activation `below`."""

    below: str
    latex: str
    length: int
    value: N


class Saving(NamedTuple):
    """Multiplications of all gradients: each route multiplied out on its own, and with every beginning kept."""

    alone: int
    shared: int


def prefixes(route: WorkedRoute[N]) -> tuple[Prefix[N], ...]:
    """The named beginnings of a route, the shortest first: δ⁽²⁾, and where the route goes on to layer 1, δ⁽¹⁾."""
    return tuple(
        Prefix(factor.below, DELTA_LATEX[factor.below], length, product)
        for length, (factor, product) in enumerate(zip(route.factors, route.so_far, strict=True), start=1)
        if factor.below in DELTA_LATEX
    )


def saving(architecture: Architecture, keys: Iterable[str] = THE_NINE) -> Saving:
    """How many multiplications the gradients of these symbols take, counted on the routes as they are written.

    A factor that happens to be 1 stands in the chain and is counted. Alone, a route of n factors takes n − 1. Shared,
    each beginning of two or more factors takes one, however many routes begin with it.
    """
    walks = [tuple(factor[:2] for factor in route) for key in keys for route in routes(architecture, key)]
    beginnings = {walk[:length] for walk in walks for length in range(2, len(walk) + 1)}
    return Saving(sum(len(walk) - 1 for walk in walks), len(beginnings))
