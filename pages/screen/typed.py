"""Exact values: a field for each of the twelve, as a person writes numbers, or lines pasted from a notebook."""

import streamlit as st

from core import NAMES
from core.reading import MOST_TEXT, NotRead, out_of_reach, read_fields, read_paste
from core.settings import limits
from pages.screen.address import harmless
from pages.screen.session import closing, memory
from pages.screen.stage import move

# Six rows of two, as the sidebar has them: W1 as the matrix it is, b1, W2, b2 and the target, the inputs.
ORDER = ("w1_11", "w1_12", "w1_21", "w1_22", "b1_1", "b1_2", "w2_1", "w2_2", "b2", "y", "x_1", "x_2")
LONGEST = 60  # characters of one number


def open_typed() -> None:
    """From the sidebar: the fields begin with what the sliders say, to the last digit."""
    session = st.session_state
    for key in ORDER:
        session[_field(key)] = _written(session[key])
    session.typed_paste, memory().trouble = "", {}
    typed()


@st.dialog("Exact values", width="medium")
def typed() -> None:
    if closing():
        st.rerun()  # closes the dialog; the sliders take their values over
    st.markdown("Write numbers as you would on paper: 0.1, −5/4, 1e-3. Nothing changes until all twelve can be read.")
    trouble = memory().trouble
    for pair in zip(ORDER[::2], ORDER[1::2], strict=True):
        for column, key in zip(st.columns(2), pair, strict=True):
            with column:
                st.text_input(f"${NAMES[key].latex}$", key=_field(key), max_chars=LONGEST, help=NAMES[key].meaning)
                if key in trouble:
                    st.error(_sentence(trouble[key]))
    st.button("Use these values", on_click=_use, type="primary", width="stretch")
    st.text_area(
        "Or paste lines of a notebook, or rows of numbers",
        key="typed_paste",
        placeholder="W1 = torch.tensor([[0.1, 0.2], [0.3, 0.4]], requires_grad=True)",
        max_chars=MOST_TEXT,
    )
    st.button("Fill the fields from these lines", on_click=_fill, width="stretch")
    for place, sentence in trouble.items():
        if place not in NAMES:
            st.error(f"{place.capitalize()}: {harmless(sentence)}.")


def _use() -> None:
    """All twelve into the sliders, or none of them."""
    session, remembered = st.session_state, memory()
    try:
        values = read_fields({key: session[_field(key)] for key in ORDER})
    except NotRead as error:
        remembered.trouble = error.sentences
        return
    remembered.trouble = out_of_reach(values, limits(session.loss))
    if not remembered.trouble:
        move(values)
        remembered.done = True


def _fill() -> None:
    try:
        found = read_paste(st.session_state.typed_paste)
    except NotRead as error:
        memory().trouble = error.sentences
        return
    memory().trouble = {}
    for key, value in found.items():
        st.session_state[_field(key)] = _written(value)


def _field(key: str) -> str:
    return f"typed_{key}"


def _written(value: float) -> str:
    """All digits of it, and no idle zero at its end."""
    return repr(value).removesuffix(".0")


def _sentence(said: str) -> str:
    return f"{harmless(said[0].upper() + said[1:])}."
