"""Undo and redo: every state of the screen that a person has brought about, and the way back and forth between them."""

import time

import streamlit as st

from core.settings import PINNED, Settings
from pages.screen.session import Memory, memory, settings_now

DECIDES_LOSS = {*PINNED, "device", "precision"}
MOST = 100  # states that are kept
ONE_GESTURE = 1.0  # s: changes of one and the same control that follow each other so fast are one


def remember() -> None:
    """At the start of a run: if anything is different, it is one more state to come back to.

    Changes of one control are one gesture while they follow each other fast. (What a hand moves is told when it lets
    go, however long it took.) What a gesture began with is kept beside: the result line tells the effect of all of it.
    """
    remembered, state = memory(), settings_now()
    past = remembered.past = remembered.past or [state]
    changed = state.changed_since(past[-1])
    if not changed:
        return
    fast = time.monotonic() - remembered.changed_at < ONE_GESTURE
    if len(past) > 1 and changed == remembered.changed and fast:
        past.pop()
    _tell_since(remembered, past[-1], state)
    if state != past[-1]:  # else it is back where it began
        past.append(state)
    remembered.future, remembered.changed, remembered.changed_at = [], changed, time.monotonic()
    del past[:-MOST]


def _tell_since(remembered: Memory, earlier: Settings, now: Settings) -> None:
    """The result line tells the effect of what was done since this state, if it concerns the loss at all."""
    if now.changed_since(earlier) & DECIDES_LOSS or remembered.before is earlier:
        remembered.before = earlier


def undo() -> None:
    _step(memory().past, memory().future, "There is nothing to undo.", least=2)


def redo() -> None:
    _step(memory().future, memory().past, "There is nothing to redo.", least=1)


def _step(left: list[Settings], entered: list[Settings], nothing: str, least: int) -> None:
    """One state from one list to the other, and the present with it."""
    remembered = memory()
    if len(left) < least:
        st.toast(nothing, icon=":material/info:")
        return
    now = remembered.past[-1]
    entered.append(left.pop())
    _tell_since(remembered, now, remembered.past[-1])
    restore(remembered.past[-1])


def restore(state: Settings) -> None:
    """Bring a state back, from a callback: the sliders and controls take it over when they are drawn again."""
    memory().changed, memory().moved = None, state.entries
