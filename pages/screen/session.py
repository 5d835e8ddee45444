"""What must be remembered between two runs: each entry of Settings under its own key, and all else in one Memory.

Beside these only widgets have keys: they are declared where they are drawn, and what they say is no second truth. A
slider, the device and the precision are widgets under an entry's own key; the others are shown by kept().
"""

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from core import Descent
from core.settings import ENTRIES, Settings

MEMORY = "memory"


@dataclass
class Memory:
    """Everything of ours that a session holds beside the state itself."""

    # the address
    page: str = ""  # the path of the page that is open
    told: tuple[str, dict[str, str]] | None = None  # page and texts, as the browser was told last
    notices: list[str] | None = None  # what the address got wrong; None before it was read
    # what a callback has made of the state, by key, until the controls are drawn
    moved: dict[str, Any] = field(default_factory=dict)
    # history
    past: list[Settings] = field(default_factory=list)  # the last is the present
    future: list[Settings] = field(default_factory=list)
    changed: set[str] | None = None  # what changed last, and when (s)
    changed_at: float = 0.0
    before: Settings | None = None  # where the gesture began whose effect is told
    # dialogs, fields and requests
    done: bool = False  # a dialog has done its work and closes
    trouble: dict[str, str] = field(default_factory=dict)  # what the open dialog could not read, by its place
    rows_written: tuple[Any, ...] | None = None  # the rows that the field of one's own rows was last filled from
    rows_trouble: str = ""
    too_far: tuple[Descent, int] | None = None  # the step of a path that the sliders could not be set to
    # accelerators that have been used
    warm: set[tuple[str, str]] = field(default_factory=set)


def memory() -> Memory:
    found: Memory = st.session_state.setdefault(MEMORY, Memory())
    return found


def settings_now() -> Settings:
    """What the screen says now."""
    return Settings(**{key: st.session_state[key] for key in ENTRIES})


def closing() -> bool:
    """Once, whether a dialog has done its work: then it is closed by drawing the whole screen again."""
    done, memory().done = memory().done, False
    return done
