"""The network as a drawing that is also its control: network.js, and what may come back from it."""

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from core import ACTIVATIONS, DIFFERENTIABLE, LOSSES, NAMES, Deltas, Gradients
from core.chain_rule import Factor, routes, unit_slopes
from core.drawn import loss_in_words, outline
from core.parameters import finite
from core.settings import LIMITS, STEP, limits
from pages.components import Data, json_number
from pages.scene import Scene
from pages.screen.stage import Part, move

KEY = "network"
LOG = logging.getLogger(__name__)
LABELS = {
    key: {"base": name.base, "sup": name.sup, "sub": name.sub, "meaning": name.meaning} for key, name in NAMES.items()
}


def drawing(scene: Scene, gradients: Gradients, deltas: Deltas, *, show: str, selected: str | None = None) -> Data:
    """Every value on its place. `show` is "forward" or "backward" (gradients beside the values)."""
    known = scene.known
    return {
        "labels": LABELS,
        "values": _readable(known),
        "gradients": _readable(gradients.by_key | deltas.by_key),
        "slopes": _readable(unit_slopes(scene.architecture, known)),
        **functions(scene),
        "show": show,
        "selected": selected,
        "routes": _walks(scene, selected) if selected else [],
        "limits": limits(scene.architecture.loss),
        "step": STEP,
    }


def functions(scene: Scene) -> dict[str, dict[str, Any]]:
    """The functions the network is made of: their names, the outlines of the activations, the loss as a text."""
    chosen = scene.architecture
    return {
        "activation": _activation(chosen.activation),
        "output": _activation(chosen.output),
        "loss": {"key": chosen.loss, "name": LOSSES[chosen.loss].name, **loss_in_words(chosen.loss)._asdict()},
    }


def _activation(key: str) -> dict[str, Any]:
    curve = outline(key)
    drawn = [json_number(value) for value in curve] if curve else None
    return {"key": key, "name": ACTIVATIONS[key].name, "curve": drawn}


def _walks(scene: Scene, key: str) -> list[dict[str, list[str]]]:
    """Each route from L back to the key: the symbols it meets, and the edges and gates between them."""
    return [
        {"nodes": ["L", *(factor.below for factor in route)], "edges": [edge(factor) for factor in route]}
        for route in routes(scene.architecture, key)
    ]


def edge(factor: Factor) -> str:
    """The place in the drawing that a factor stands for: the edge it runs along, or the gate it passes."""
    above, below = factor.above, factor.below
    if above == "L":
        return "o-L"
    if above in ("h_1", "h_2", "o"):
        return f"gate {above}"
    if below.startswith("h_"):
        return f"w2_{below[-1]}"
    if below.startswith("x_"):
        return f"w1_{below[-1]}{above[-1]}"
    return below  # a parameter names its own edge


def _readable(numbers: Mapping[str, float]) -> dict[str, float | None]:
    return {key: json_number(value) for key, value in numbers.items()}


def _select() -> None:
    """A click or Enter on a weight, bias or input: it becomes the one being studied."""
    key = st.session_state[KEY].get("selected")
    if isinstance(key, str) and any(key == name.key for name in DIFFERENTIABLE):
        move({"parameter": key})
    else:
        LOG.warning("The drawing selected something that is not a parameter or input: %.80r", key)


def changed_by_hand(component: str, event: str, sender: str) -> None:
    """A number was dragged or typed somewhere on the page: its slider follows, within its range."""
    message = st.session_state[component].get(event)
    change = understood_change(message, st.session_state.loss)
    if change is None:
        LOG.warning("The %s sent a change that makes no sense: %.80r", sender, message)
    else:
        move(change)


def understood_change(message: Any, loss: str) -> dict[str, float] | None:
    """{key: value} within the slider's range, or None for anything that is not a key and a finite number."""
    key = message.get("key") if isinstance(message, dict) else None
    if not isinstance(key, str) or key not in LIMITS:
        return None
    try:
        value = finite(key, message.get("value"))
    except ValueError:
        return None
    low, high = limits(loss)[key]
    return {key: min(max(value, low), high)}


DRAWING: Part = (  # how a page shows it
    "network",
    {"on_selected_change": _select, "on_changed_change": partial(changed_by_hand, KEY, "changed", "drawing")},
)
