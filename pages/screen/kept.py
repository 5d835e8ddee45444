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
    session, shown = st.session_state, f"{key}_shown"
    is_list = widget is st.selectbox
    if is_list:  # what it shows in a browser that has not got it yet
        more["index"] = list(options[0]).index(session[key])
    # What a widget is told, it shows, however late the word comes. A list would shut under the hand that has opened it
    # and put back what was chosen before, so it is told only what it does not say itself.
    if not is_list or session.get(shown) != session[key]:
        session[shown] = session[key]
    widget(label, *options, key=shown, on_change=_keep, args=(key, then), **more)


def _keep(key: str, then: Callable[[], None] | None) -> None:
    st.session_state[key] = st.session_state[f"{key}_shown"]
    if then:
        then()
