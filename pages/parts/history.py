"""Undo and redo: every state of the screen that a person has brought about, and the way back and forth between them."""

import time
from typing import Any

import streamlit as st

from core.parameters import to_values
from pages.parts.address import KEPT
from pages.parts.state import Scene

State = dict[str, Any]

MOST = 100  # states that are kept
ONE_GESTURE = 1.0  # s: changes of one and the same control that follow each other so fast are one
PLACES = ("device", "precision")


def state_of(now: Scene) -> State:
    """Everything a person can set, by its key in the address."""
    session = st.session_state
    kept = {key: session[key] for key in KEPT}
    return to_values(now.parameters, now.example) | kept | now.place


def remember(now: Scene) -> None:
    """At the end of a run: if anything is different, it is one more state to come back to."""
    session, state = st.session_state, state_of(now)
    past: list[State] = session.setdefault("past", [])
    if not past:
        past.append(state)
    elif state != past[-1]:
        changed = {key for key in state if state[key] != past[-1][key]}
        fast = time.monotonic() - session.get("remembered_at", 0.0) < ONE_GESTURE
        if len(past) > 1 and fast and changed == session.get("last_changed"):
            past[-1] = state
            if state == past[-2]:  # back where it began
                past.pop()
        else:
            past.append(state)
        session.future, session.last_changed = [], changed
        session.remembered_at = time.monotonic()
        del past[:-MOST]


def undo() -> None:
    past: list[State] = st.session_state.get("past", [])
    if len(past) > 1:
        st.session_state.setdefault("future", []).append(past.pop())
        restore(past[-1])
    else:
        st.toast("There is nothing to undo.", icon=":material/info:")


def redo() -> None:
    future: list[State] = st.session_state.get("future", [])
    if future:
        st.session_state.past.append(future.pop())
        restore(st.session_state.past[-1])
    else:
        st.toast("There is nothing to redo.", icon=":material/info:")


def restore(state: State) -> None:
    """Bring a state back, from a callback: the sliders and controls take it over when they are drawn again."""
    session = st.session_state
    session.in_hand, session.last_changed = {}, None
    session.moved = {key: value for key, value in state.items() if key not in KEPT and key not in PLACES}
    for key in (*KEPT, *PLACES):
        if key in state:
            session[key] = state[key]
