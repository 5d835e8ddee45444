"""Three witnesses of every gradient: the chain rule in SymPy, autograd in torch, and a central finite difference.

They share no code but the numbers they start from. Where they disagree, this file says by how much and why.
"""

from dataclasses import dataclass

from core.chain_rule import derive_all, local_slopes
from core.equations import solve_forward
from core.functions import ACTIVATIONS
from core.gradients import Gradients, finite_differences, nudge
from core.names import DIFFERENTIABLE, NAMES
from core.parameters import Architecture, Example, Parameters, to_values

# How far two witnesses may be apart, as a part of 1 + |∂L/∂p| + L: rounding grows with the numbers it acts on.
TOLERANCES = {
    "float64": {"chain_rule": 1e-9, "difference": 1e-6},
    "float32": {"chain_rule": 1e-4, "difference": 1e-2},
}


@dataclass(frozen=True, slots=True)
class Testimony:
    """What the three say about ∂L/∂key, how far the other two are off autograd, and whether that is agreement.

    reason  why the finite difference may be off here, in a sentence; empty where there is nothing to say
    """

    key: str
    chain_rule: float
    autograd: float
    difference: float
    off_chain_rule: float
    off_difference: float
    chain_rule_agrees: bool
    difference_agrees: bool
    reason: str


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
    straddled = kinks_in_reach(architecture, known, nudge(device, precision))
    tolerance = TOLERANCES[precision]
    found = {}
    for name, hand, auto, slope in zip(DIFFERENTIABLE, by_hand.vector, autograd.vector, nudged.vector, strict=True):
        scale = 1 + abs(auto) + known["L"]
        off_hand, off_slope = abs(hand - auto), abs(slope - auto)
        found[name.key] = Testimony(
            name.key,
            hand,
            auto,
            slope,
            off_hand,
            off_slope,
            off_hand <= tolerance["chain_rule"] * scale,
            off_slope <= tolerance["difference"] * scale,
            straddled.get(name.key, ""),
        )
    return found


def kinks_in_reach(architecture: Architecture, known: dict[str, float], epsilon: float) -> dict[str, str]:
    """For each symbol whose nudge carries a hidden unit across a kink of its activation: a sentence that says so."""
    kinks = ACTIVATIONS[architecture.activation].kinks
    slopes = local_slopes(architecture, known)
    found = {}
    for name in DIFFERENTIABLE:
        for unit in ("z1_1", "z1_2"):
            reach = abs(slopes.get((unit, name.key), 0.0)) * epsilon * max(1.0, abs(known[name.key]))
            if reach and any(abs(known[unit] - kink) <= reach for kink in kinks):
                found[name.key] = (
                    f"The {NAMES[unit].meaning} lies on the kink of {ACTIVATIONS[architecture.activation].name}, or so "
                    "close that the nudge crosses it: the finite difference then mixes the slopes of both sides."
                )
    return found
