"""The sidebar: twelve sliders laid out as the matrices they fill, the functions, where to compute, and a way back."""

import streamlit as st

from core import ACTIVATIONS, LOSSES, NAMES, TARGET, devices, offered_losses, precisions, why_not, why_not_target
from core.device import describe, warm_up
from core.functions import HIDDEN_ACTIVATIONS, OUTPUT_ACTIVATIONS
from core.settings import LIMITS, ONE_EXAMPLE, STEP, limits, unfit_rows
from core.typeset import text_number
from pages.components import mount
from pages.screen.export import open_export
from pages.screen.gallery import gallery
from pages.screen.history import redo, undo
from pages.screen.kept import kept
from pages.screen.pin import pin, unpin
from pages.screen.session import memory
from pages.screen.share import share
from pages.screen.stage import move
from pages.screen.typed import ORDER, open_typed


def sidebar() -> None:
    """Everything a person can turn, on every page."""
    with st.sidebar:
        with st.container(key="values"):  # one grid instead of columns: fewer blocks to send and to draw
            sliders()
            functions()
            where_to_compute()
        deeds()
        names = [[f".st-key-{key} input[type=range]", NAMES[key].meaning] for key in ORDER]
        mount("shell/spoken_names", key="spoken_sliders", data={"area": "[data-testid=stSidebar]", "names": names})


def deeds() -> None:
    """What can be done with the state as a whole."""
    session = st.session_state
    with st.container(key="deeds"):
        st.button("Undo", on_click=undo, width="stretch", shortcut="Ctrl+Z")
        st.button("Redo", on_click=redo, width="stretch", shortcut="Ctrl+Y")
        if session.pin:
            st.button("Unpin", on_click=unpin, width="stretch", help="Put the pinned state away.")
        else:
            st.button(
                "Pin", on_click=pin, width="stretch", help="Set this state aside and see every number against it."
            )
        if st.button("Type values", width="stretch", help="All twelve to the last digit, typed or pasted."):
            open_typed()
        if st.button("Presets", width="stretch", help="Networks worth a visit, each with its story."):
            gallery()
        if st.button("Share", width="stretch", help="The address of this screen, and its QR code."):
            share()
        if st.button("Export", width="stretch", help="A notebook, a script, the derivation, the descent."):
            open_export()
        st.button("Reset all values", on_click=reset, width="stretch", help="Back to the notebook's twelve numbers.")


def sliders() -> None:
    """The twelve sliders."""
    for key in ORDER:
        slider(key)


def slider(key: str) -> None:
    name, (low, high) = NAMES[key], LIMITS[key]
    st.slider(
        f"${name.latex}$",
        low,
        high,
        name.default,  # never used, but without it Streamlit copies the whole session to look for a value
        STEP,
        format="%.4g",
        key=key,
        on_change=_target_moved if key == TARGET.key else None,
    )


def _target_moved() -> None:
    """A loss may ask for a target from a narrower range than the slider's, which is the same for all of them.

    (To Streamlit a slider of another range would be another slider, which takes its value from an older address.)
    """
    session = st.session_state
    if why_not_target(session.loss, session.y):
        _bring_target_back()


def _bring_target_back() -> None:
    """The target goes to the nearest value that the loss can take, and it is said why."""
    session = st.session_state
    low, high = limits(session.loss)[TARGET.key]
    reason, nearest = why_not_target(session.loss, session.y), min(max(session.y, low), high)
    move({TARGET.key: nearest})
    _say(f"{reason} It stands at {text_number(nearest)} now.")


def functions() -> None:
    """What the network is made of: f for the hidden units, g for the output unit, and the loss."""
    session = st.session_state
    chosen = {"activation": HIDDEN_ACTIVATIONS, "output": OUTPUT_ACTIVATIONS, "loss": offered_losses(session.output)}
    labels = {"activation": "Hidden activation $f$", "output": "Output activation $g$", "loss": "Loss $L$"}
    table = ACTIVATIONS | LOSSES
    for key, options in chosen.items():
        kept(
            key,
            st.selectbox,
            labels[key],
            options,
            format_func=lambda option: table[option].name,
            help=table[session[key]].sentence,
            then=_make_it_fit,
        )
    for loss in LOSSES:
        if reason := why_not(session.output, loss):
            st.caption(f"With another output: {LOSSES[loss].name}.", help=reason)


def _make_it_fit() -> None:
    """After another function was chosen, the loss and the target go with it, and it is said where one had to move."""
    session = st.session_state
    if reason := why_not(session.output, session.loss):
        session.loss = offered_losses(session.output)[0]
        _say(f"{reason} The loss is {LOSSES[session.loss].name} now.")
    if reason := unfit_rows(session.loss, session.rows):
        session.data, session.rows = ONE_EXAMPLE, ()
        _say(f"{LOSSES[session.loss].name.capitalize()} cannot learn from your rows: {reason} They were put away.")
    if why_not_target(session.loss, session.y):
        _bring_target_back()


def _say(sentence: str) -> None:
    st.toast(sentence, icon=":material/info:", duration="long")


def where_to_compute() -> None:
    """Device and precision; the first use of an accelerator warms it up, with a word about it."""
    device = st.selectbox(
        "Device",
        devices(),
        key="device",
        help="Where torch computes. This machine has: " + ", ".join(describe(device) for device in devices()) + ".",
    )
    precision = st.selectbox(
        "Precision",
        precisions(device),
        key="precision",
        help="float64 keeps about 16 digits of every number, float32 about 7.",
    )
    if device != "cpu" and (device, precision) not in memory().warm:
        with st.spinner(f"Warming up {describe(device)}: the first computation loads its libraries …"):
            warm_up(device, precision)
        memory().warm.add((device, precision))


def reset() -> None:
    move({key: NAMES[key].default for key in ORDER})
