"""What the person has chosen, as one frozen value that a page reads and never changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

import streamlit as st

from core import ADJUSTABLE, Architecture, Example, Parameters, Trace, forward
from core.network import every_value
from core.parameters import Vector, from_values


class Place(TypedDict):
    """Where core computes, as its keyword arguments."""

    device: str
    precision: str


@dataclass(frozen=True)
class Scene:
    """The network, its example, where it is computed, and the forward pass that every page shows."""

    parameters: Parameters
    example: Example
    architecture: Architecture
    device: str
    precision: str
    trace: Trace[Vector, float]

    @property
    def known(self) -> dict[str, float]:
        """The number behind every symbol, by key."""
        return every_value(self.parameters, self.example, self.trace)

    @property
    def place(self) -> Place:
        """The keyword arguments that say where core computes."""
        return {"device": self.device, "precision": self.precision}


def compute_scene() -> Scene:
    """What the screen says, through the forward pass, once a run."""
    return scene_of(st.session_state)


def scene_of(state: Mapping[Any, Any]) -> Scene:
    """A state, by its keys in the address, through the forward pass."""
    parameters, example = from_values({name.key: state[name.key] for name in ADJUSTABLE})
    architecture = Architecture(state["activation"], state["output"], state["loss"])
    device, precision = state["device"], state["precision"]
    trace = forward(parameters, example, architecture=architecture, device=device, precision=precision)
    return Scene(parameters, example, architecture, device, precision, trace)
