"""A state set aside, for every page to compare with: pages/words/pinned.py."""

import streamlit as st

from core.settings import PINNED


def pin() -> None:
    """Set the present state aside, from a callback."""
    st.session_state.pin = tuple(st.session_state[key] for key in PINNED)


def unpin() -> None:
    st.session_state.pin = ()
