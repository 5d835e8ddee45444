"""Undo and redo: every state of the screen that a person has brought about, and the way back and forth between them."""

import time
from typing import Any

import streamlit as st

from core import ADJUSTABLE
from pages.screen.address import entries

State = dict[str, Any]

DECIDES_LOSS = (*(name.key for name in ADJUSTABLE), "activation", "output", "loss", "device", "precision")
MOST = 100  # states that are kept
ONE_GESTURE = 1.0  # s: changes of one and the same control that follow each other so fast are one


def state_now() -> State:
    """Everything a person can set, by its key in the address."""
    return {key: st.session_state[key] for key in entries()}


def remember() -> None:
    """At the start of a run: if anything is different, it is one more state to come back to.

    Changes of one control are one gesture while they follow each other fast, or while a hand holds its number. What
    a gesture began with is kept beside: the result line tells the effect of all of it.
    """
    session, state = st.session_state, state_now()
    past: list[State] = session.setdefault("past", [state])
    held, still = session.get("held", (None, False))
    if not still:
        session.pop("held", None)
    if state == past[-1]:
        return
    changed = {key for key in state if state[key] != past[-1][key]}
    fast = time.monotonic() - session.get("remembered_at", 0.0) < ONE_GESTURE
    if len(past) > 1 and changed == session.get("last_changed") and (fast or changed == {held}):
        past.pop()
    _tell_since(past[-1], state)
    if state != past[-1]:  # else it is back where it began
        past.append(state)
    session.future, session.last_changed, session.remembered_at = [], changed, time.monotonic()
    del past[:-MOST]


def hold(key: str, still: bool) -> None:
    """From a callback: a hand moves the number of this key, and is holding it still, or has just let it go."""
    st.session_state.held = key, still


def _tell_since(before: State, now: State) -> None:
    """The result line tells the effect of what was done since this state, if it concerns the loss at all."""
    earlier = st.session_state.get("before")
    if any(before[key] != now[key] for key in DECIDES_LOSS) or earlier is before:
        st.session_state.before = before


def undo() -> None:
    past: list[State] = st.session_state.get("past", [])
    if len(past) > 1:
        st.session_state.setdefault("future", []).append(past.pop())
        _tell_since(st.session_state.future[-1], past[-1])
        restore(past[-1])
    else:
        st.toast("There is nothing to undo.", icon=":material/info:")


def redo() -> None:
    future: list[State] = st.session_state.get("future", [])
    if future:
        _tell_since(st.session_state.past[-1], future[-1])
        st.session_state.past.append(future.pop())
        restore(st.session_state.past[-1])
    else:
        st.toast("There is nothing to redo.", icon=":material/info:")


def restore(state: State) -> None:
    """Bring a state back, from a callback: the sliders and controls take it over when they are drawn again."""
    st.session_state.last_changed = None
    st.session_state.moved = dict(state)
