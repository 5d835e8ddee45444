"""Where the loss has a corner, and where paper and floats stand on different sides of it.

On paper 0.1 + 2 · 0.1 − 0.3 is 0 and ReLU's gate is shut. In floats the same sum is 5.6e-17, the gate is open, and
autograd's gradient is another one. Both are right about their own numbers; whoever shows both must say which is which.
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

from core.chain_rule import Derivation
from core.equations import PRE_ACTIVATION, activation_of
from core.exact import Number
from core.parameters import Architecture


class Parting(NamedTuple):
    """A unit whose pre-activation lies on one side of a kink on paper and on the other in floats.

    slope_on_paper, slope_in_floats   f′(z) on either side
    """

    unit: str
    z_on_paper: Number
    z_in_floats: float
    slope_on_paper: float
    slope_in_floats: float


class Corner(NamedTuple):
    """A point where the loss bends sharply along one axis, on paper: its slope as the key is lowered and raised.

    units  the units whose pre-activation is exactly on its kink, by their activations
    """

    key: str
    units: tuple[str, ...]
    lowered: float
    raised: float


def in_floats(value: Number) -> float:
    """The nearest float; infinite beyond the largest."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def partings(
    architecture: Architecture, on_paper: Mapping[str, Number], floats: Mapping[str, float]
) -> tuple[Parting, ...]:
    """Every unit that has parted, from the numbers behind each symbol: core/exact.py's, and those of a forward pass."""
    found = []
    for unit, before in PRE_ACTIVATION.items():
        function = activation_of(unit, architecture)
        paper, seen = on_paper[before], floats[before]
        if function and any((paper > kink) != (seen > kink) for kink in function.kinks):
            slopes = (float(function.derivative(z)) for z in (in_floats(paper), seen))
            found.append(Parting(unit, paper, seen, *slopes))
    return tuple(found)


def corner(worked: Derivation[Number], architecture: Architecture) -> Corner | None:
    """The corner of the loss along the axis of a derivation on paper; None where the loss is smooth there."""
    units, sides = dict[str, None](), {-1: 0.0, 1: 0.0}
    for route in worked.routes:
        slopes = {factor.above: in_floats(value) for factor, value in zip(route.factors, route.values, strict=True)}
        for direction in sides:
            values = dict(slopes)
            for factor in route.factors:
                function = activation_of(factor.above, architecture)
                z = worked.known[factor.below]
                if not function or z not in function.kinks or not (way := direction * in_floats(route.values[-1])):
                    continue
                units[factor.above] = None
                values[factor.above] = float(function.derivative(in_floats(z) + math.copysign(2**-20, way)))
            sides[direction] += math.prod(values.values())
    lowered, raised = sides[-1], sides[1]
    return None if math.isclose(lowered, raised, rel_tol=1e-12) else Corner(worked.key, tuple(units), lowered, raised)


def crosses_a_kink(worked: Derivation[Number], architecture: Architecture, step: float) -> bool:
    """Whether a step along the derivation's axis carries a pre-activation of its routes from one side to the other."""
    for route in worked.routes:
        way = step * in_floats(route.values[-1])
        for factor in route.factors:
            function, z = activation_of(factor.above, architecture), in_floats(worked.known[factor.below])
            if function and any(min(z, z + way) < kink < max(z, z + way) for kink in function.kinks):
                return True
    return False
