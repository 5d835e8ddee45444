"""One page on its stage: the result line on top, the page's own controls, the page, and what every page ends with.

Nothing of it is a Streamlit fragment, though fragments would spare the controls. A fragment writes into places that
the front end has not got while another page is being opened, or while the run that made them is still on its way to
the browser (Streamlit drops what of it has not been sent yet when the fragment runs again). Both end in a white page.
One kind of run, which draws the whole screen, cannot miss.
"""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from pages.components import mount
from pages.screen.address import write_address
from pages.screen.gallery import story
from pages.screen.history import remember
from pages.screen.pin import pinned
from pages.screen.result import result_line
from pages.screen.session import memory
from pages.screen.state import Scene, compute_scene

HINTS = [
    "Drag any framed number in the drawing sideways, or move a slider: every other number follows at once.",
    "On the page Chain rule, click a weight: its route lights up, and each factor below opens to its rule, its symbols "
    "and its numbers.",
    "The address of this page holds everything you have set: Share gives it to a friend, Undo takes a change back.",
]


def present(page: Callable[[Scene], None], controls: Callable[[], None] | None = None) -> None:
    """One page, the result line first: it is what a hand on a slider waits for."""
    remember()
    scene = compute_scene()
    with st.container(key="result"):
        result_line(scene)
    if not st.context.is_embedded:
        mount("hints", key="hints", data={"hints": HINTS})
    story()
    if controls:
        controls()
    notices()
    page(scene)
    pinned(scene)
    write_address()


def notices() -> None:
    """What the address said that was not understood, until it is read."""
    said = memory().notices
    if said:
        with st.container(key="notices"):
            st.warning("\n\n".join(said[:10]), icon=":material/info:")
            st.button("Understood", on_click=said.clear)


def move(values: Mapping[str, Any]) -> None:
    """Set entries of the state, sliders among them, from a callback of anything but their own controls.

    They are taken over when the screen is drawn next. What a callback wrote into a slider itself would be lost to what
    the browser still says of it: in a dialog, which is a fragment, and where the run is cut short before the slider.
    """
    memory().moved = dict(values)


def take_over() -> None:
    """At the start of a run: the state is what a callback has made of it."""
    st.session_state.update(memory().moved)


def standing() -> None:
    """The controls have been drawn as the state has them: from here on the browser speaks for them."""
    memory().moved = {}
