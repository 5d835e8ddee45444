"""Three witnesses of every gradient: the chain rule in SymPy, autograd in torch, and a central finite difference.

They share no code but the numbers they start from. Where they disagree, this file says by how much and why. It also
names the units through which hardly anything passes: dead, saturated, or at a turning point.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from core.chain_rule import derive_all, local_slopes, routes
from core.equations import solve_forward
from core.functions import ACTIVATIONS, LOSSES, Activation
from core.gradients import Gradients, finite_differences, nudge
from core.names import DIFFERENTIABLE, NAMES
from core.parameters import Architecture, Example, Parameters, to_values
from core.typeset import number, text_number

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
        reach = epsilon * max(1.0, abs(known[name.key]))
        moved = {unit: reach * abs(slope) for unit, slope in _answers(slopes, name.key).items()}
        within = [_met(architecture, known, unit, moved[unit]) for unit in UNITS]
        saturated = [flat[unit] for unit in flat if (unit, name.key) in _passed(architecture)]
        found[name.key] = (*filter(None, within), *saturated, *([ROUNDED] if precision == "float32" else []))
    return found


def _answers(slopes: Mapping[tuple[str, str], float], key: str) -> dict[str, float]:
    """How fast each unit's pre-activation answers to `key`: ∂z/∂key, by the unit."""
    first, second = slopes.get(("z1_1", key), 0.0), slopes.get(("z1_2", key), 0.0)
    through = slopes["z2", "h_1"] * slopes["h_1", "z1_1"] * first + slopes["z2", "h_2"] * slopes["h_2", "z1_2"] * second
    return {"h_1": first, "h_2": second, "o": slopes.get(("z2", key), 0.0) + through}


def _met(architecture: Architecture, known: Mapping[str, float], unit: str, moved: float) -> str:
    """What a nudge meets that moves this unit's pre-activation so far: a kink, or a bend; empty if neither."""
    before = UNITS[unit][0]
    function = _function(unit, architecture)
    if moved and any(abs(known[before] - kink) <= moved for kink in function.kinks):
        return (
            f"The {NAMES[before].meaning} lies on the kink of {function.name}, or so close that the nudge crosses it: "
            "the finite difference then mixes the slopes of both sides, and rounding alone may put two witnesses on "
            "different sides."
        )
    if moved > WIDE and not function.rational:
        return (
            f"The nudge moves the {NAMES[before].meaning} by {text_number(moved, 2)}, and over so wide a stretch "
            f"{function.name} bends: the finite difference is off by the bend."
        )
    return ""


@cache
def _passed(architecture: Architecture) -> frozenset[tuple[str, str]]:
    """(unit, key) wherever a route to the key takes the slope of the unit."""
    keys = (name.key for name in DIFFERENTIABLE)
    return frozenset((f.above, key) for key in keys for route in routes(architecture, key) for f in route)


def _function(unit: str, architecture: Architecture) -> Activation:
    return ACTIVATIONS[architecture.output if unit == "o" else architecture.activation]


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
    function, z = _function(unit, architecture), known[before]
    slope = slopes[unit, before]
    below, above = function.flat
    at, size = f"${NAMES[before].latex} = {number(z)}$", text_number(abs(slope), 2)
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
