"""Presets with a story: the list to choose from, and what is told about the one that was chosen."""

from dataclasses import replace
from typing import Any

import streamlit as st

from core.batches import MOST_SEED
from core.presets import PRESETS, Preset, compare_printed, random_preset
from core.settings import RANDOM
from core.typeset import text_number
from pages.components.derivation import Row, derivation, row
from pages.screen.history import restore
from pages.screen.session import closing, memory, settings_now

PAGES = {
    "/": ("forward.py", "Forward pass"),
    "chain_rule": ("chain_rule.py", "Chain rule"),
    "descent": ("descent.py", "Descent"),
}
DIGITS = 7  # of our number beside a printed one


@st.dialog("Presets", width="medium")
def gallery() -> None:
    """Opened from the sidebar."""
    if closing():
        st.rerun()  # closes the dialog; every control takes its value over
    st.markdown("Each opens a network worth a visit and says what to look at and what to try. Undo brings yours back.")
    for preset in PRESETS.values():
        with st.container(border=True):
            button: dict[str, Any] = {"key": f"preset {preset.key}", "on_click": _open, "args": (preset.key,)}
            st.button(_title(preset.name), width="stretch", **button)
            st.caption(preset.story)
    with st.container(border=True):
        st.number_input("Random seed of the draw", 0, MOST_SEED, key="preset_seed", step=1)
        st.button("Draw twelve numbers", on_click=_draw, width="stretch")


def chosen() -> Preset | None:
    """The preset whose story is told."""
    key: str = st.session_state.preset
    if key.startswith(RANDOM):
        return random_preset(int(key.removeprefix(RANDOM)))
    return PRESETS.get(key)


def _open(key: str) -> None:
    _enter(PRESETS[key], key)


def _draw() -> None:
    seed = st.session_state.preset_seed
    _enter(random_preset(seed), f"{RANDOM}{seed}")


def _enter(preset: Preset, key: str) -> None:
    """Everything is as the preset has it, but for the place where it is computed and the pinned state."""
    now = settings_now()
    restore(replace(preset.settings, preset=key, pin=now.pin, **now.place))
    memory().done = True


def story() -> None:
    """What is told about the chosen preset, above the page, until it is put away."""
    preset = chosen()
    if preset is None:
        return
    with st.container(key="story", border=True):
        derivation([story_row(preset)], key="story_words")
        page, title = PAGES[preset.page]
        st.page_link(page, label=f"Best begun on the page {title}", icon=":material/arrow_forward:")
        st.button("Close the story", on_click=_close)


def _close() -> None:
    st.session_state.preset = ""


def story_row(preset: Preset) -> Row:
    source = preset.source
    title = f"*{source.title}*" if source.title else ""
    named = ", ".join(part for part in (source.author, title, source.year) if part)
    words = [
        preset.story,
        f"**Look at:** {preset.look_at}",
        f"**Try next:** {preset.try_next}",
        *([f"Source: {named}. {source.link}".strip()] if named else []),
    ]
    compared = compare_printed(preset)
    more: dict[str, Any] = {}
    if compared:
        agree = sum(each.agrees for each in compared)
        words.append(f"Of {len(compared)} printed numbers {agree} agree with ours to every printed digit.")
        body = [
            [each.label, each.printed.replace("-", "−"), text_number(each.ours, DIGITS), verdict, each.remark]
            for each in compared
            for verdict in ["agrees" if each.agrees else "**differs**"]
        ]
        rows = [
            row(
                "printed",
                table={
                    "head": ["Number", "Printed", "Ours", "", "Remark"],
                    "body": body,
                    "align": ["left", "right", "right", "left", "left"],
                },
            )
        ]
        more["details"] = {"summary": "Does the book agree? Its printed numbers beside ours", "rows": rows}
    return row(f"story {preset.key}", *words, title=_title(preset.name), wide=True, **more)


def _title(name: str) -> str:
    return name[0].upper() + name[1:]
