"""Backprop by Hand, the mathematics: a 2-2-1 network, its gradients three ways, and the road down.

Knows nothing of screens. Read it in this order: names, smooth, functions, parameters, device, network, gradients,
equations, chain_rule, exact, corners, saving, plain, typeset, drawn, rounding, witnesses, optimizers, batches,
descent, outcome, slices, kinks, curvature, dissect, plane, reading, datasets, slips, compare, presets, export,
state_file.
"""

from core.chain_rule import Cancelled, Derivation, cancelled, derive, derive_all
from core.compare import Change, Setting, compare
from core.corners import Corner, Parting, corner, partings
from core.curvature import Curvature, Verdict, critical_rate, curvature, curvature_at, verdict
from core.datasets import DATASETS, Dataset, parse_rows
from core.descent import Descent, descend, descend_all, rate_that_holds
from core.device import devices, precisions
from core.dissect import Dissection, Dissections, dissect, dissect_all
from core.exact import exact_derive, exact_forward, is_rational
from core.export import Study, descent_csv, notebook, script
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
from core.outcome import Outcome, outcome
from core.parameters import Architecture, Example, Parameters
from core.plane import OutputPlanes, Surface, output_plane, output_planes, surface
from core.presets import PRESETS, Comparison, Preset, Printed, Source, compare_printed, random_preset
from core.reading import NotRead, out_of_reach, read_fields, read_number, read_paste
from core.saving import Prefix, Saving, prefixes, saving
from core.slices import Profile, Slices, profile, slices
from core.slips import Slip, SlippedRoute, Wrong, slips
from core.state_file import read_state, state_json
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
    "PRESETS",
    "TARGET",
    "Architecture",
    "Cancelled",
    "Change",
    "Comparison",
    "Corner",
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
    "NotRead",
    "Optimizer",
    "Outcome",
    "OutputPlanes",
    "Parameters",
    "Parting",
    "Prediction",
    "Prefix",
    "Preset",
    "Printed",
    "Profile",
    "Saving",
    "Setting",
    "Slices",
    "Slip",
    "SlippedRoute",
    "Source",
    "Study",
    "Surface",
    "Testimony",
    "Trace",
    "UnitState",
    "Verdict",
    "Written",
    "Wrong",
    "backpropagate",
    "backward",
    "cancelled",
    "compare",
    "compare_printed",
    "corner",
    "critical_rate",
    "curvature",
    "curvature_at",
    "derivation_latex",
    "derivation_text",
    "derive",
    "derive_all",
    "descend",
    "descend_all",
    "descent_csv",
    "devices",
    "dissect",
    "dissect_all",
    "exact_derive",
    "exact_forward",
    "finite_differences",
    "forward",
    "is_rational",
    "kinks",
    "notebook",
    "offered_losses",
    "out_of_reach",
    "outcome",
    "output_plane",
    "output_planes",
    "parse_rows",
    "partings",
    "precisions",
    "predicted_and_actual",
    "prefixes",
    "profile",
    "random_preset",
    "rate_that_holds",
    "read_fields",
    "read_number",
    "read_paste",
    "read_state",
    "saving",
    "script",
    "slices",
    "slips",
    "state_json",
    "surface",
    "testify",
    "unit_state",
    "verdict",
    "why_not",
    "why_not_target",
    "written",
]
