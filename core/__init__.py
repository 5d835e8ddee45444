"""Backprop by Hand, the mathematics: a 2-2-1 network, its gradients three ways, and the road down.

Knows nothing of screens. Read it in this order: names, functions, parameters, device, network, gradients,
equations, chain_rule, witnesses, descent, slices, typeset.
"""

from core.chain_rule import Derivation, derive, derive_all
from core.descent import Descent, descend, rate_that_holds
from core.device import devices, precisions
from core.functions import ACTIVATIONS, LOSSES
from core.gradients import Deltas, Gradients, backpropagate, backward, finite_differences
from core.names import ADJUSTABLE, COMPUTED, DIFFERENTIABLE, INPUTS, NAMES, PARAMETERS, TARGET
from core.network import Network, Trace, forward
from core.parameters import Architecture, Example, Parameters
from core.slices import Profile, Slices, profile, slices
from core.witnesses import Testimony, testify

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
    "Deltas",
    "Derivation",
    "Descent",
    "Example",
    "Gradients",
    "Network",
    "Parameters",
    "Profile",
    "Slices",
    "Testimony",
    "Trace",
    "backpropagate",
    "backward",
    "derive",
    "derive_all",
    "descend",
    "devices",
    "finite_differences",
    "forward",
    "precisions",
    "profile",
    "rate_that_holds",
    "slices",
    "testify",
]
