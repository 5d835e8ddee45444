"""Widgets for values that outlive their page, and what their change calls for."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.parts.stage import rerun_stage


def whole_screen() -> None:
    """For a control that changes which others there are: everything is drawn again."""


def kept(
    key: str, widget: Callable[..., Any], label: str, *options: Any, then: Callable[[], None] = rerun_stage, **more: Any
) -> None:
    """A widget for a value that outlives its page: the value is st.session_state[key], whatever page is open.

    `then` is what a change calls for: the stage alone, or something that runs before the whole screen is drawn again.
    """
    shown = f"{key}_shown"
    st.session_state[shown] = st.session_state[key]
    widget(label, *options, key=shown, on_change=_keep, args=(key, then), **more)


def _keep(key: str, then: Callable[[], None]) -> None:
    st.session_state[key] = st.session_state[f"{key}_shown"]
    then()
