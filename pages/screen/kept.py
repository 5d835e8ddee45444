"""Widgets for values that outlive their page."""

from collections.abc import Callable
from typing import Any

import streamlit as st


def kept(
    key: str,
    widget: Callable[..., Any],
    label: str,
    *options: Any,
    then: Callable[[], None] | None = None,
    **more: Any,
) -> None:
    """A widget for a value that outlives its page: the value is st.session_state[key], whatever page is open.

    `then` is what a change calls for: something that runs before the screen is drawn again.
    """
    shown = f"{key}_shown"
    # A widget that is told its value takes it, however late the word comes: it would put back what a hand has chosen
    # since, and a list that is open would close. So it is told only what it does not say itself.
    if st.session_state.get(shown) != st.session_state[key]:
        st.session_state[shown] = st.session_state[key]
    widget(label, *options, key=shown, on_change=_keep, args=(key, then), **more)


def _keep(key: str, then: Callable[[], None] | None) -> None:
    st.session_state[key] = st.session_state[f"{key}_shown"]
    if then:
        then()
