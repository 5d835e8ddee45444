"""Three computations of every gradient: the chain rule in SymPy, autograd in torch, and a central finite difference.

The chain rule states the network a second time (core/equations.py) and shares nothing with the other two but the
numbers it starts from and the library of floats. Autograd and the finite difference share torch's forward pass: an
error in it, both would repeat; the finite difference alone asks nobody for a derivative.

Two of them agree where they are no farther apart than rounding is known to carry them (core/rounding.py) and that
much rounding could not hide a wrong gradient. Where it could, nobody can tell. This file also names the units through
which hardly anything passes: dead, saturated, or at a turning point.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from core.chain_rule import derive_all, local_slopes, routes
from core.device import place, read
from core.equations import PRE_ACTIVATION, activation_of, solve_forward
from core.functions import LOSSES
from core.gradients import finite_differences, nudge
from core.names import DIFFERENTIABLE, NAMES
from core.network import forward
from core.parameters import Architecture, Example, Gradients, Parameters, to_values
from core.rounding import FORMATS, Rounded, difference_errors, rounded_forward, rounded_gradients, surely
from core.typeset import number, text_number

AGREES, DIFFERS, CANNOT_TELL = "agrees", "differs", "cannot tell"
TELLING = 4  # rounding of less than a quarter of a gradient hides neither a turned sign nor a factor of 2

ROUNDED = "float32 keeps about 7 digits: autograd and the finite difference end there, the chain rule is in float64."
DROWNED = (
    "Cannot tell: rounding, or a kink or bend within the nudge, may alone bring a quarter of this gradient or more, so "
    "even a wrong sign might not show."
)
INFINITE = "Cannot tell: here a number on the way leaves the finite ones, or may."
MOSTLY_ROUNDING = "So small a slope is mostly rounding, and the nudge of the finite difference hardly moves L."
WIDE = 0.05  # a nudge that moves a pre-activation farther than this meets the bend of a smooth function
FLAT = 1e-3  # a slope smaller than this lets hardly anything through
UNITS = {"h_1": "hidden unit 1", "h_2": "hidden unit 2", "o": "the output unit"}


class Compared(NamedTuple):
    """One witness beside autograd.

    off       how far its number is from autograd's
    rounding  how far rounding may at most have carried the two apart; for a finite difference with what the bend of
              the loss within its nudge adds
    verdict   "agrees", "differs" or "cannot tell"
    """

    off: float
    rounding: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Testimony:
    """What the three say about ∂L/∂key, and whether the other two agree with autograd.

    reasons  why they may differ here, a sentence each; none where there is nothing to say. A reason never turns a
             disagreement into agreement
    """

    key: str
    chain_rule: float
    autograd: float
    difference: float
    of_chain_rule: Compared
    of_difference: Compared
    reasons: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """The worse of the two: one that differs outweighs one that cannot tell."""
        both = {self.of_chain_rule.verdict, self.of_difference.verdict}
        return next(verdict for verdict in (DIFFERS, CANNOT_TELL, AGREES) if verdict in both)


class UnitState(NamedTuple):
    """A unit that lets hardly anything through: "dead", "saturated" or "turning", and a sentence."""

    unit: str
    kind: str
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
    values = to_values(parameters, example)
    known = solve_forward(architecture, values)
    by_hand = derive_all(parameters, example, architecture=architecture)
    nudged = finite_differences(parameters, example, architecture=architecture, device=device, precision=precision)
    in_torch = forward(parameters, example, architecture=architecture, device=device, precision=precision).z1
    errors = _errors(architecture, values, known, in_torch, device, precision)
    why = _reasons(architecture, known, nudge(device, precision), precision)
    found = {}
    for name, hand, auto, slope in zip(DIFFERENTIABLE, by_hand.vector, autograd.vector, nudged.vector, strict=True):
        error = errors[name.key]
        of_hand = _compared(hand, auto, error.of_chain_rule)
        of_slope = _compared(slope, auto, error.of_difference, level=error.level)
        untold = [one.rounding for one in (of_hand, of_slope) if one.verdict == CANNOT_TELL]
        drowned = dict.fromkeys(DROWNED if math.isfinite(rounding) else INFINITE for rounding in untold)
        reasons = (*why[name.key], *drowned)
        found[name.key] = Testimony(name.key, hand, auto, slope, of_hand, of_slope, reasons)
    return found


def _compared(witness: float, autograd: float, rounding: float, *, level: bool = False) -> Compared:
    off = 0.0 if witness == autograd else abs(witness - autograd)  # two equal infinities are not apart
    if not math.isfinite(rounding):
        verdict = CANNOT_TELL
    elif not off <= rounding:  # a NaN, and an infinity, too
        verdict = DIFFERS
    elif witness == autograd == 0 or (level and autograd == 0):
        verdict = AGREES
    else:
        verdict = AGREES if TELLING * rounding < min(abs(witness), abs(autograd)) else CANNOT_TELL
    return Compared(off, rounding, verdict)


class _Errors(NamedTuple):
    """How far rounding may carry the other two from autograd.

    level  nothing of the loss moves within the nudge: the gradient is exactly 0, all that a difference sees is rounding
    """

    of_chain_rule: float
    of_difference: float
    level: bool


def _errors(
    architecture: Architecture,
    values: Mapping[str, float],
    known: Mapping[str, float],
    in_torch: tuple[float, ...],
    device: str,
    precision: str,
) -> dict[str, _Errors]:
    """For each key, what is to be expected between the chain rule, or the finite difference, and autograd.

    The chain rule starts from float64's numbers and autograd from those of its precision. Where the two have a unit
    on different sides of a kink, either side counts as possible.
    """
    sides = {key: (known[key], here) for key, here in zip(("z1_1", "z1_2"), in_torch, strict=True)}
    format, double = FORMATS[precision], FORMATS["float64"]
    taken = dict(zip(values, read(place(tuple(values.values()), device, precision)), strict=True))

    def errors(given: Mapping[str, Rounded]) -> dict[str, float]:
        gradients = rounded_gradients(architecture, rounded_forward(architecture, given, sides), sides)
        return {key: gradient.off for key, gradient in gradients.items()}

    of_autograd = from_double = of_hand = errors(surely(taken, format))
    if precision != "float64":
        from_double = errors({key: Rounded(taken[key], abs(taken[key] - values[key]), format) for key in values})
        of_hand = errors(surely(values, double))
    of_slope = difference_errors(architecture, taken, nudge(device, precision), format)
    found = {}
    for key, (rounding, truncation) in of_slope.items():
        level = of_autograd[key] == truncation == 0
        found[key] = _Errors(of_hand[key] + from_double[key], rounding + truncation + of_autograd[key], level)
    return found


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
    before, function = PRE_ACTIVATION[unit], activation_of(unit, architecture)
    assert function is not None
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
    before, function = PRE_ACTIVATION[unit], activation_of(unit, architecture)
    assert function is not None
    z, slope, (below, above) = known[before], slopes[unit, before], function.flat
    name, at, size = UNITS[unit].capitalize(), f"${NAMES[before].latex} = {number(z)}$", text_number(abs(slope), 2)
    level = not below < z < above
    if level and function.kinks:
        return UnitState(
            unit,
            "dead",
            f"{name} is dead: {at} is not positive, so {function.name} gives 0 with slope 0, and no gradient passes "
            "back through it.",
        )
    if level:
        said = f"{name} is saturated: at {at} {function.name} has levelled off (slope {size})"
        return UnitState(unit, "saturated", f"{said}, {_passes(unit, architecture)}.")
    if abs(slope) < FLAT:
        said = f"{name} is at the turning point of {function.name}: at {at} its slope passes through 0 ({size} here)"
        return UnitState(unit, "turning", f"{said}, {_passes(unit, architecture)}.")
    return None


def _passes(unit: str, architecture: Architecture) -> str:
    if unit == "o" and LOSSES[architecture.loss].cancellation:
        return f"but {LOSSES[architecture.loss].name} cancels that slope: o − y passes back undiminished"
    return "so hardly any gradient passes back through it"
