"""Backprop by Hand, the mathematics: a 2-2-1 network, its gradients three ways, and the road down.

Knows nothing of screens. Read it in this order: names, smooth, functions, parameters, device, network, gradients,
equations, chain_rule, exact, saving, plain, typeset, witnesses, optimizers, batches, descent, slices, kinks, curvature,
dissect, plane, datasets, slips, compare.
"""

from core.chain_rule import Cancelled, Derivation, cancelled, derive, derive_all
from core.compare import Change, Setting, compare
from core.curvature import Curvature, Verdict, critical_rate, curvature, curvature_at, verdict
from core.datasets import DATASETS, Dataset, parse_rows
from core.descent import Descent, descend, rate_that_holds
from core.device import devices, precisions
from core.dissect import Dissection, Dissections, dissect, dissect_all
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
from core.kinks import kinks
from core.names import ADJUSTABLE, COMPUTED, DIFFERENTIABLE, INPUTS, NAMES, PARAMETERS, TARGET
from core.network import Network, Trace, forward
from core.optimizers import OPTIMIZERS, Optimizer
from core.parameters import Architecture, Example, Parameters
from core.plane import OutputPlanes, Surface, output_plane, output_planes, surface
from core.saving import Prefix, Saving, prefixes, saving
from core.slices import Profile, Slices, profile, slices
from core.slips import Slip, slips
from core.typeset import Written, derivation_latex, derivation_text, written
from core.witnesses import Testimony, UnitState, testify, unit_state

__all__ = [
    "ACTIVATIONS",
    "ADJUSTABLE",
    "COMPUTED",
    "DATASETS",
    "DIFFERENTIABLE",
    "INPUTS",
    "LOSSES",
    "NAMES",
    "OPTIMIZERS",
    "PARAMETERS",
    "TARGET",
    "Architecture",
    "Cancelled",
    "Change",
    "Curvature",
    "Dataset",
    "Deltas",
    "Derivation",
    "Descent",
    "Dissection",
    "Dissections",
    "Example",
    "Gradients",
    "Network",
    "Optimizer",
    "OutputPlanes",
    "Parameters",
    "Prediction",
    "Prefix",
    "Profile",
    "Saving",
    "Setting",
    "Slices",
    "Slip",
    "Surface",
    "Testimony",
    "Trace",
    "UnitState",
    "Verdict",
    "Written",
    "backpropagate",
    "backward",
    "cancelled",
    "compare",
    "critical_rate",
    "curvature",
    "curvature_at",
    "derivation_latex",
    "derivation_text",
    "derive",
    "derive_all",
    "descend",
    "devices",
    "dissect",
    "dissect_all",
    "exact_derive",
    "exact_forward",
    "finite_differences",
    "forward",
    "is_rational",
    "kinks",
    "offered_losses",
    "output_plane",
    "output_planes",
    "parse_rows",
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
    "written",
]
