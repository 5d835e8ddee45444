"""What a person takes along: this very network as a notebook or a script, the derivation, the descent, the state."""

import streamlit as st

from core import ADJUSTABLE, Descent, derivation_latex, derivation_text, descend, devices, exact_derive
from core.export import Study, descent_csv, notebook, script
from core.reading import NotRead, out_of_reach
from core.state_file import ENTRIES, MOST_CHARACTERS, read_state, state_json
from pages.screen.address import KEPT, harmless, limits
from pages.screen.data import chosen_batch, chosen_rows
from pages.screen.history import restore, state_now
from pages.screen.state import Scene, compute_scene

NAME = "backprop_by_hand"


def open_take_along() -> None:
    """From the sidebar: what was wrong with a file of an earlier time is forgotten."""
    st.session_state.state_trouble = {}
    take_along()


@st.dialog("Take it along", width="medium")
def take_along() -> None:
    if st.session_state.pop("state_taken", False):
        st.rerun()
    now = compute_scene()
    study = study_of(now)
    worked = exact_derive(now.parameters, now.example, study.parameter, architecture=now.architecture)
    st.markdown("Each file builds **this very network** and gives the numbers the screen shows.")
    offer("Jupyter notebook", notebook(study), "ipynb", "application/x-ipynb+json", "In plain PyTorch, ready to run.")
    offer("Python script", script(study), "py", "text/x-python", "The same as one file for the command line.")
    latex, text = (write(worked, now.architecture) for write in (derivation_latex, derivation_text))
    offer("Derivation as LaTeX", latex, "tex", "text/x-tex", "For an article with amsmath.")
    offer("Derivation as text", text, "txt", "text/plain", "The same in plain signs.")
    steps = descent_csv(walked(now, study))
    offer("Descent as CSV", steps, "csv", "text/csv", "Every step: parameters, gradients, losses.")
    state = {key: value for key, value in state_now().items() if key in ENTRIES}
    offer("State as JSON", state_json(state), "json", "application/json", "Everything you have set, to be opened here.")
    st.file_uploader("Open a state file (JSON)", type="json", key="state_file", on_change=_read)
    for place, sentence in st.session_state.get("state_trouble", {}).items():
        st.error(f"{harmless(place)}: {harmless(sentence)}. Nothing was changed.")


def offer(label: str, text: str, suffix: str, mime: str, words: str) -> None:
    st.download_button(label, text, f"{NAME}.{suffix}", mime, on_click="ignore", help=words, width="stretch")


def study_of(now: Scene) -> Study:
    session, rows = st.session_state, chosen_rows()
    return Study(
        parameters=now.parameters,
        example=now.example,
        architecture=now.architecture,
        precision=now.precision,
        parameter=session.parameter,
        learning_rate=session.learning_rate,
        steps=session.steps,
        optimizer=session.optimizer,
        clear_gradients=session.zero_grad,
        rows=rows,
        batch_size=chosen_batch(rows),
        seed=session.seed,
    )


def walked(now: Scene, study: Study) -> Descent:
    return descend(
        study.parameters,
        study.example,
        learning_rate=study.learning_rate,
        steps=study.steps,
        optimizer=study.optimizer,
        clear_gradients=study.clear_gradients,
        rows=study.rows,
        batch_size=study.batch_size,
        seed=study.seed,
        architecture=study.architecture,
        **now.place,
    )


def _read() -> None:
    """A state file: all of it is taken over, or nothing."""
    session, file = st.session_state, st.session_state.state_file
    session.state_trouble = {}
    if file is None:
        return
    try:
        state = read_state(file.getvalue()[: 4 * MOST_CHARACTERS + 4].decode("utf-8", errors="replace"))
        reach = limits(state.get("loss", session.loss))
        if far := out_of_reach({key: value for key, value in state.items() if key in reach}, reach):
            raise NotRead(far)
    except NotRead as error:
        session.state_trouble = error.sentences
        return
    if state.get("device") not in devices():  # the file may come from another machine: here the CPU takes over
        state["device"] = devices()[0]
    defaults = {name.key: name.default for name in ADJUSTABLE} | {key: entry.default for key, entry in KEPT.items()}
    restore(defaults | state)
    session.state_taken = True
