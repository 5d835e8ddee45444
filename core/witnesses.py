"""Three witnesses of every gradient: the chain rule in SymPy, autograd in torch, and a central finite difference.

They share no code but the numbers they start from. Where they disagree, this file says by how much and why. It also
names the units through which hardly anything passes: dead, saturated, or at a turning point.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.chain_rule import Route, derive_all, local_slopes, routes
from core.equations import activation_of, solve_forward
from core.functions import LOSSES
from core.gradients import Gradients, finite_differences, nudge
from core.names import DIFFERENTIABLE, NAMES
from core.parameters import Architecture, Example, Parameters, to_values
from core.typeset import text_number

# How far two witnesses may be apart, as a part of 1 + |∂L/∂p| + L: rounding grows with the numbers it acts on.
TOLERANCES = {
    "float64": {"chain_rule": 1e-9, "difference": 1e-6},
    "float32": {"chain_rule": 1e-4, "difference": 1e-2},
}

ROUNDED = "float32 keeps about 7 digits: autograd and the finite difference end there, the chain rule is in float64."
MOSTLY_ROUNDING = "So small a slope is mostly rounding, and the nudge of the finite difference hardly moves L."
WIDE = 0.05  # a nudge that moves a pre-activation farther than this meets the bend of a smooth function
FLAT = 1e-3  # a slope smaller than this lets hardly anything through
UNITS = {"h_1": ("z1_1", "hidden unit 1"), "h_2": ("z1_2", "hidden unit 2"), "o": ("z2", "the output unit")}


@dataclass(frozen=True, slots=True)
class Testimony:
    """What the three say about ∂L/∂key, how far the other two are off autograd, and whether that is agreement.

    reasons  why they may differ here, a sentence each; none where there is nothing to say. A reason never turns a
             disagreement into agreement
    """

    key: str
    chain_rule: float
    autograd: float
    difference: float
    off_chain_rule: float
    off_difference: float
    chain_rule_agrees: bool
    difference_agrees: bool
    reasons: tuple[str, ...]


class UnitState(NamedTuple):
    """A unit that lets hardly anything through: "dead", "saturated" or "turning", its slope f′(z), and a sentence."""

    unit: str
    kind: str
    slope: float
    sentence: str


def testify(
    parameters: Parameters,
    example: Example,
    autograd: Gradients,
    *,
    architecture: Architecture = Architecture(),
    device: str = "cpu",
    precision: str = "float64",
) -> dict[str, Testimony]:
    """All eleven testimonies by key; `autograd` is what backward() gave for the same arguments."""
    known = solve_forward(architecture, to_values(parameters, example))
    by_hand = derive_all(parameters, example, architecture=architecture)
    nudged = finite_differences(parameters, example, architecture=architecture, device=device, precision=precision)
    why = _reasons(architecture, known, nudge(device, precision), precision)
    tolerance = TOLERANCES[precision]
    found = {}
    for name, hand, auto, slope in zip(DIFFERENTIABLE, by_hand.vector, autograd.vector, nudged.vector, strict=True):
        scale = 1 + abs(auto) + (known["L"] if math.isfinite(known["L"]) else 0)
        off_hand, off_slope = _apart(hand, auto), _apart(slope, auto)
        found[name.key] = Testimony(
            name.key,
            hand,
            auto,
            slope,
            off_hand,
            off_slope,
            _agrees(off_hand, tolerance["chain_rule"] * scale),
            _agrees(off_slope, tolerance["difference"] * scale),
            why[name.key],
        )
    return found


def _apart(a: float, b: float) -> float:
    return 0.0 if a == b else abs(a - b)  # two equal infinities are not apart


def _agrees(off: float, allowed: float) -> bool:
    return off == 0 or (math.isfinite(off) and off <= allowed)  # neither a NaN nor an infinity is agreement


# ── why they may differ ─────────────────────────────────────────────────────────────────────────────────────────


def _reasons(
    architecture: Architecture, known: Mapping[str, float], epsilon: float, precision: str
) -> dict[str, tuple[str, ...]]:
    slopes = local_slopes(architecture, known)
    states = [_state(architecture, known, slopes, unit) for unit in UNITS]
    flat = {state.unit: f"{state.sentence} {MOSTLY_ROUNDING}" for state in states if state and state.kind != "dead"}
    found = {}
    for name in DIFFERENTIABLE:
        walks = routes(architecture, name.key)
        passed = {factor.above for route in walks for factor in route}
        within = [_within_reach(architecture, known, slopes, epsilon, name.key, unit, walks) for unit in UNITS]
        saturated = [flat[unit] for unit in UNITS if unit in flat and unit in passed]
        found[name.key] = (*filter(None, within), *saturated, *([ROUNDED] if precision == "float32" else []))
    return found


def _within_reach(
    architecture: Architecture,
    known: Mapping[str, float],
    slopes: Mapping[tuple[str, str], float],
    epsilon: float,
    key: str,
    unit: str,
    walks: Sequence[Route],
) -> str:
    """What the nudge of `key` meets at this unit: a kink of its activation, or a bend; empty if nothing."""
    before, _ = UNITS[unit]
    function = activation_of(unit, architecture)
    assert function is not None
    reach = _moved(slopes, walks, before) * epsilon * max(1.0, abs(known[key]))
    if reach and any(abs(known[before] - kink) <= reach for kink in function.kinks):
        return (
            f"The {NAMES[before].meaning} lies on the kink of {function.name}, or so close that the nudge crosses it: "
            "the finite difference then mixes the slopes of both sides, and rounding alone may put two witnesses on "
            "different sides."
        )
    if reach > WIDE and not function.rational:
        return (
            f"The nudge moves the {NAMES[before].meaning} by {text_number(reach, 2)}, and over so wide a stretch "
            f"{function.name} bends: the finite difference is off by the bend."
        )
    return ""


def _moved(slopes: Mapping[tuple[str, str], float], walks: Sequence[Route], before: str) -> float:
    """How fast this pre-activation answers to the symbol the routes lead to."""
    return abs(
        sum(
            math.prod(slopes[factor.above, factor.below] for factor in route[step:])
            for route in walks
            for step in range(1, len(route))
            if route[step].above == before
        )
    )


# ── units that let hardly anything through ──────────────────────────────────────────────────────────────────────


def unit_state(architecture: Architecture, known: Mapping[str, float], unit: str) -> UnitState | None:
    """What is wrong with the unit of this activation ("h_1", "h_2" or "o"), if anything is.

    dead        ReLU with z ≤ 0: its slope is exactly 0
    saturated   f has levelled off: |f′(z)| < 0.001, and it stays so farther out
    turning     the same near a place where f turns from falling to rising (GELU has one): the slope passes through 0
    """
    return _state(architecture, known, local_slopes(architecture, known), unit)


def _state(
    architecture: Architecture, known: Mapping[str, float], slopes: Mapping[tuple[str, str], float], unit: str
) -> UnitState | None:
    before, name = UNITS[unit]
    function, z = activation_of(unit, architecture), known[before]
    slope = slopes[unit, before]
    assert function is not None
    below, above = function.flat
    at, size = f"${NAMES[before].latex} = {text_number(z)}$", text_number(abs(slope), 2)
    if not below < z < above and function.kinks:
        return UnitState(
            unit,
            "dead",
            slope,
            f"{name.capitalize()} is dead: {at} is not positive, so {function.name} gives 0 with slope 0, and no "
            "gradient passes back through it.",
        )
    if not below < z < above:
        return UnitState(
            unit,
            "saturated",
            slope,
            f"{name.capitalize()} is saturated: at {at} {function.name} has levelled off (slope {size}), "
            f"{_passes(unit, architecture)}.",
        )
    if abs(slope) < FLAT:
        return UnitState(
            unit,
            "turning",
            slope,
            f"{name.capitalize()} is at the turning point of {function.name}: at {at} its slope passes through 0 "
            f"({size} here), {_passes(unit, architecture)}.",
        )
    return None


def _passes(unit: str, architecture: Architecture) -> str:
    if unit == "o" and LOSSES[architecture.loss].cancellation:
        return f"but {LOSSES[architecture.loss].name} cancels that slope: o − y passes back undiminished"
    return "so hardly any gradient passes back through it"
