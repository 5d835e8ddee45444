"""The stage: the part of the screen that a slider changes, which is the result line and the page, and not the controls.

It is a Streamlit fragment. A control's on_change re-runs this fragment alone, so the shell, the twelve sliders and the
page's own controls are neither computed nor sent again, and the new numbers arrive first.
"""

from collections.abc import Callable, Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.parts.address import write_address
from pages.parts.components import mount
from pages.parts.gallery import story
from pages.parts.history import remember
from pages.parts.pin import pinned
from pages.parts.result import result_line
from pages.parts.state import Scene, compute_scene

STAGE = "stage"
HINTS = [
    "Drag any framed number in the drawing sideways, or move a slider: every other number follows at once.",
    "On the page Chain rule, click a weight: its route lights up, and each factor below opens to its rule, its symbols "
    "and its numbers.",
    "The address of this page holds everything you have set: Share gives it to a friend, Undo takes a change back.",
]


def present(page: Callable[[Scene], None], controls: Callable[[], None] | None = None) -> None:
    """One page: the result line on top, the page's own controls, and the page on its stage."""
    top = st.container(key="result")
    if not st.context.is_embedded:
        mount("hints", key="hints", data={"hints": HINTS})
    story()
    if controls:
        controls()
    _stage(top, page)


@st.fragment(key=STAGE)
def _stage(top: DeltaGenerator, page: Callable[[Scene], None]) -> None:
    """Compute what the sliders say, show the result line, then the page."""
    if st.session_state.pop("controls_moved", False):
        st.rerun()  # something on the page moved a control: the controls have to be drawn again too
    scene = compute_scene()
    with top:
        result_line(scene)
    notices()
    page(scene)
    pinned(scene)
    remember(scene)
    write_address()


def notices() -> None:
    """What the address said that was not understood, until it is read."""
    if st.session_state.notices:
        with st.container(key="notices"):
            st.warning("\n\n".join(st.session_state.notices[:10]), icon=":material/info:")
            st.button("Understood", on_click=st.session_state.notices.clear)


def move_sliders(values: Mapping[str, float | None]) -> None:
    """Put sliders elsewhere, from a callback. They take their new values just before they are drawn again."""
    st.session_state.in_hand = {}
    st.session_state.moved = dict(values)
    st.rerun([*values, STAGE])  # a slider's fragment has the slider's key


def rerun_stage() -> None:
    """For a control outside the stage: its change concerns the stage alone."""
    st.session_state.in_hand = {}
    st.rerun(STAGE)
