"""The sidebar: twelve sliders laid out as the matrices they fill, where to compute, and a way back."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core import NAMES, devices, precisions
from core.device import describe, warm_up
from pages.parts.address import LIMITS
from pages.parts.stage import move_sliders, rerun_stage

STEP = 0.01
# Six rows of two, by style.css: W1 as the matrix it is, b1, W2 beside each other, b2 and the target, the inputs.
ORDER = ("w1_11", "w1_12", "w1_21", "w1_22", "b1_1", "b1_2", "w2_1", "w2_2", "b2", "y", "x_1", "x_2")


def sidebar() -> None:
    """Everything a person can turn, on every page."""
    with st.sidebar:
        with st.container(key="values"):  # one grid instead of columns: fewer blocks to send and to draw
            sliders()
            where_to_compute()
        st.button("Reset all values", on_click=reset, width="stretch", help="Back to the notebook's twelve numbers.")


def sliders() -> None:
    """The twelve sliders, each a fragment: a number dragged in a drawing re-runs its own slider and the stage alone."""
    for key in ORDER:
        st.fragment(key=key)(slider)(key)


def slider(key: str) -> None:
    moved = st.session_state.get("moved", {})
    if key in moved:
        st.session_state[key] = moved.pop(key)
    name, (low, high) = NAMES[key], LIMITS[key]
    st.slider(
        f"${name.latex}$",
        low,
        high,
        name.default,
        STEP,
        format="%.4g",
        key=key,
        bind="query-params",
        on_change=rerun_stage,
    )


def where_to_compute() -> None:
    """Device and precision; the first use of an accelerator warms it up, with a word about it."""
    device = st.selectbox(
        "Device",
        devices(),
        key="device",
        bind="query-params",
        help="Where torch computes. This machine has: " + ", ".join(describe(device) for device in devices()) + ".",
    )
    precision = st.selectbox(
        "Precision",
        precisions(device),
        key="precision",
        bind="query-params",
        help="float64 keeps about 16 digits of every number, float32 about 7.",
    )
    if device != "cpu" and (device, precision) not in st.session_state.setdefault("warm", set()):
        with st.spinner(f"Warming up {describe(device)}: the first computation loads its libraries …"):
            warm_up(device, precision)
        st.session_state.warm.add((device, precision))


def kept(key: str, widget: Callable[..., Any], label: str, *options: Any, **settings: Any) -> None:
    """A widget for a value that outlives its page: the value is st.session_state[key], whatever page is open."""
    shown = f"{key}_shown"
    st.session_state[shown] = st.session_state[key]
    widget(label, *options, key=shown, on_change=_keep, args=(key,), **settings)


def _keep(key: str) -> None:
    st.session_state[key] = st.session_state[f"{key}_shown"]
    rerun_stage()


def reset() -> None:
    move_sliders({key: NAMES[key].default for key in ORDER})
