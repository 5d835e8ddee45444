"""What the network learns from: the sliders' one example, a ready data set, or rows that a person types or pastes."""

import streamlit as st

from core import DATASETS
from core.batches import MOST_SEED
from core.datasets import parse_rows
from core.descent import WHICH_LOSS
from core.settings import ONE_EXAMPLE, OWN_ROWS
from pages.screen.address import harmless
from pages.screen.kept import kept
from pages.screen.session import memory, settings_now

TYPED = "typed_rows"
PATTERN = "x1, x2, y\n0, 0, 0\n0, 1, 1\n1, 0, 1\n1, 1, 0"


def data_controls() -> None:
    """Which rows, and how each step draws from them."""
    names = {ONE_EXAMPLE: "one: the sliders’ example"} | {key: each.name for key, each in DATASETS.items()}
    names |= {OWN_ROWS: "rows of your own"}
    kept("data", st.selectbox, "Data", list(names), format_func=names.get)
    rows = settings_now().chosen_rows
    if rows:
        batch_size(len(rows))
        kept("seed", st.number_input, "Random seed", min_value=0, max_value=MOST_SEED, step=1)
        labels = dict(zip(WHICH_LOSS, ("the batch drawn", "all rows"), strict=True))
        title = "Curves show the loss of"
        kept("curves", st.segmented_control, title, list(labels), required=True, format_func=labels.get)


def batch_size(count: int) -> None:
    """A number from 1 to all rows, where all is what the address leaves out."""
    st.session_state.batch_shown = min(st.session_state.batch or count, count)
    st.number_input("Batch size", 1, count, key="batch_shown", step=1, on_change=_keep_batch, args=(count,))


def _keep_batch(count: int) -> None:
    size = st.session_state.batch_shown
    st.session_state.batch = 0 if size == count else size


def own_rows() -> None:
    """A field for rows, where they are asked for; what cannot be read is named, and the former rows stay."""
    session, remembered = st.session_state, memory()
    if session.data != OWN_ROWS:
        return
    if TYPED not in session or remembered.rows_written != session.rows:  # a first look, or an undo
        remembered.rows_written = session.rows
        session[TYPED] = "\n".join(", ".join(f"{v:g}" for v in (*row.x, row.y)) for row in session.rows) or PATTERN
    text, reading = st.columns([2, 3])
    with text:
        st.text_area("Your rows: x1, x2, y, one row a line (at most 32)", key=TYPED, height=150, max_chars=4000)
    with reading:
        st.button("Learn from these rows", on_click=_read_rows)
        if remembered.rows_trouble:
            st.error(f"{harmless(remembered.rows_trouble)} The former data stay.", icon=":material/error:")
        elif session.rows:
            st.caption(f"{len(session.rows)} rows are in use.")
        else:
            st.caption("None are in use yet: until then the sliders’ one example is.")


def _read_rows() -> None:
    session, remembered = st.session_state, memory()
    try:
        session.rows, remembered.rows_trouble = parse_rows(session[TYPED], session.loss), ""
        remembered.rows_written = session.rows  # the field keeps them as they were typed
    except ValueError as error:
        trouble = str(error)
        remembered.rows_trouble = f"{trouble[0].upper()}{trouble[1:]}."
