"""What stands on every page above its own: the result line, hints, a story; and how a page's parts get there.

Nothing of it is a Streamlit fragment, though fragments would spare the controls. A fragment writes into places that
the front end has not got while another page is being opened, or while the run that made them is still on its way to
the browser (Streamlit drops what of it has not been sent yet when the fragment runs again). Both end in a white page.
One kind of run, which draws the whole screen, cannot miss.
"""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.settings import Settings
from pages.components import Data, mount
from pages.scene import scene_of
from pages.screen.gallery import story
from pages.screen.history import remember
from pages.screen.session import memory, settings_now
from pages.words.result import result_line

Part = tuple[str, Mapping[str, Callable[[], None]]]  # a component, and what is called when it says something

HINTS = [
    "Drag any framed number in the drawing sideways, or move a slider: every other number follows at once.",
    "On the page Chain rule, click a weight: its route lights up, and each factor below opens to its rule, its symbols "
    "and its numbers.",
    "The address of this page holds everything you have set: Share gives it to a friend, Undo takes a change back.",
]


def top() -> Settings:
    """What every page begins with, the result line first: it is what a hand on a slider waits for."""
    remember()
    settings, before = settings_now(), memory().before
    with st.container(key="result"):
        line = result_line(scene_of(settings), scene_of(before) if before else None)
        mount("result", key="result_line", data=line, apart=False)  # in the page itself, which styles it
    if not st.context.is_embedded:
        mount("hints", key="hints", data={"hints": HINTS})
    story()
    return settings


def show(seen: Mapping[str, Data], **parts: Part) -> None:
    """Mount what a view has to show, by key; where nothing else is said, it is a derivation."""
    for key, data in seen.items():
        name, callbacks = parts.get(key, ("derivation", {}))
        mount(name, key=key, data=data, apart=True, **callbacks)


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
