"""What the person has chosen, as one frozen value that a page reads and never changes."""

from dataclasses import fields

import streamlit as st

from core.settings import Settings
from pages.scene import Scene, scene_of


def settings_now() -> Settings:
    """What the screen says."""
    return Settings(**{field.name: st.session_state[field.name] for field in fields(Settings)})


def compute_scene() -> Scene:
    """The same through the forward pass."""
    return scene_of(settings_now())
