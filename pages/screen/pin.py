"""A state set aside, and every number of now against it: was, now, change."""

import math

import streamlit as st

from core import compare
from core.compare import Change, Setting
from core.settings import PINNED
from core.typeset import partial, text_number
from pages.components.derivation import Row, derivation, row
from pages.screen.session import settings_now
from pages.screen.state import Scene
from pages.words.explain import symbol


def pin() -> None:
    """Set the present state aside, from a callback."""
    st.session_state.pin = tuple(st.session_state[key] for key in PINNED)


def unpin() -> None:
    st.session_state.pin = ()


def pinned(now: Scene) -> None:
    """The table, if a state is set aside."""
    then = settings_now().pinned
    if then:
        was, here = (Setting(each.parameters, each.example, each.architecture) for each in (then, now))
        derivation([table(*compare(was, here, **now.place))], key="pinned")


def table(values: dict[str, Change], gradients: dict[str, Change]) -> Row:
    body = [line(symbol(key), change) for key, change in values.items()]
    body += [line(f"${partial('L', key)}$", change) for key, change in gradients.items()]
    differ = sum(change.was != change.now for change in (*values.values(), *gradients.values()))
    return row(
        "pinned",
        f"{differ} of {len(body)} numbers differ from the state you pinned.",
        title="Against the pinned state",
        wide=True,
        table={"head": ["", "was", "now", "change"], "body": body, "align": ["left", "right", "right", "right"]},
    )


def line(name: str, change: Change) -> list[str]:
    """Was, now, and the change with its sign; nothing where nothing changed."""
    plus = "+" if change.change > 0 else ""
    moved = "" if change.was == change.now or math.isnan(change.change) else f"{plus}{text_number(change.change)}"
    return [name, text_number(change.was, 6), text_number(change.now, 6), moved]
