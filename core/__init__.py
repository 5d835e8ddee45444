"""Backprop by Hand, the mathematics: a 2-2-1 network, its gradients three ways, and the road down.

Knows nothing of screens. Read it in this order: names, smooth, functions, parameters, device, network, gradients,
equations, chain_rule, exact, saving, plain, typeset, witnesses, descent, slices, slips.
"""

from core.chain_rule import Cancelled, Derivation, cancelled, derive, derive_all
from core.descent import Descent, descend, rate_that_holds
from core.device import devices, precisions
from core.exact import exact_derive, exact_forward, is_rational
from core.functions import ACTIVATIONS, LOSSES, offered_losses, why_not, why_not_target
from core.gradients import (
    Deltas,
    Gradients,
    Prediction,
    backpropagate,
    backward,
    finite_differences,
    predicted_and_actual,
)
from core.names import ADJUSTABLE, COMPUTED, DIFFERENTIABLE, INPUTS, NAMES, PARAMETERS, TARGET
from core.network import Network, Trace, forward
from core.parameters import Architecture, Example, Parameters
from core.saving import Prefix, Saving, prefixes, saving
from core.slices import Profile, Slices, profile, slices
from core.slips import Slip, slips
from core.typeset import Written, derivation_latex, derivation_text, written
from core.witnesses import Testimony, UnitState, testify, unit_state

__all__ = [
    "ACTIVATIONS",
    "ADJUSTABLE",
    "COMPUTED",
    "DIFFERENTIABLE",
    "INPUTS",
    "LOSSES",
    "NAMES",
    "PARAMETERS",
    "TARGET",
    "Architecture",
    "Cancelled",
    "Deltas",
    "Derivation",
    "Descent",
    "Example",
    "Gradients",
    "Network",
    "Parameters",
    "Prediction",
    "Prefix",
    "Profile",
    "Saving",
    "Slices",
    "Slip",
    "Testimony",
    "Trace",
    "UnitState",
    "Written",
    "backpropagate",
    "backward",
    "cancelled",
    "derivation_latex",
    "derivation_text",
    "derive",
    "derive_all",
    "descend",
    "devices",
    "exact_derive",
    "exact_forward",
    "finite_differences",
    "forward",
    "is_rational",
    "offered_losses",
    "precisions",
    "predicted_and_actual",
    "prefixes",
    "profile",
    "rate_that_holds",
    "saving",
    "slices",
    "slips",
    "testify",
    "unit_state",
    "why_not",
    "why_not_target",
    "written",
]
