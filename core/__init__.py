"""Backprop by Hand, the mathematics: a 2-2-1 network, its gradients three ways, and the path down.

Knows nothing of screens. Read it in this order: names, smooth, functions, parameters, device, network, gradients,
equations, chain_rule, exact, corners, saving, plain, typeset, drawn, rounding, gradient_check, optimizers, batches,
descent, outcome, slices, kinks, curvature, dissect, plane, reading, datasets, settings, slips, compare, presets,
spelled, export, state_file.
"""

from core.chain_rule import Cancelled, Derivation, cancelled, derive_all
from core.corners import Corner, Parting, corner, partings
from core.curvature import Curvature, critical_rate, curvature, curvature_at, verdict
from core.datasets import DATASETS
from core.descent import Descent, descend, descend_all, rate_that_holds
from core.device import devices, precisions
from core.dissect import dissect_all
from core.exact import exact_derive, exact_forward
from core.functions import ACTIVATIONS, LOSSES, offered_losses, why_not, why_not_target
from core.gradient_check import UnitState, testify, unit_state
from core.gradients import Deltas, backpropagate, backward, predicted_and_actual
from core.kinks import kinks
from core.names import ADJUSTABLE, COMPUTED, DIFFERENTIABLE, NAMES, PARAMETERS, TARGET
from core.network import Trace, forward
from core.optimizers import OPTIMIZERS
from core.outcome import Outcome, outcome
from core.parameters import Architecture, Example, Gradients, Parameters
from core.plane import output_planes, surface
from core.saving import prefixes, saving
from core.slices import Profile, profile, slices
from core.slips import Slip, SlippedRoute, slips
from core.typeset import derivation_latex, derivation_text

__all__ = [
    "ACTIVATIONS",
    "ADJUSTABLE",
    "COMPUTED",
    "DATASETS",
    "DIFFERENTIABLE",
    "LOSSES",
    "NAMES",
    "OPTIMIZERS",
    "PARAMETERS",
    "TARGET",
    "Architecture",
    "Cancelled",
    "Corner",
    "Curvature",
    "Deltas",
    "Derivation",
    "Descent",
    "Example",
    "Gradients",
    "Outcome",
    "Parameters",
    "Parting",
    "Profile",
    "Slip",
    "SlippedRoute",
    "Trace",
    "UnitState",
    "backpropagate",
    "backward",
    "cancelled",
    "corner",
    "critical_rate",
    "curvature",
    "curvature_at",
    "derivation_latex",
    "derivation_text",
    "derive_all",
    "descend",
    "descend_all",
    "devices",
    "dissect_all",
    "exact_derive",
    "exact_forward",
    "forward",
    "kinks",
    "offered_losses",
    "outcome",
    "output_planes",
    "partings",
    "precisions",
    "predicted_and_actual",
    "prefixes",
    "profile",
    "rate_that_holds",
    "saving",
    "slices",
    "slips",
    "surface",
    "testify",
    "unit_state",
    "verdict",
    "why_not",
    "why_not_target",
]
