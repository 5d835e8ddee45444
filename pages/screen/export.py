"""Export: this very network as a notebook or a script, its derivation, its descent; the state, out and in."""

from dataclasses import replace

import streamlit as st

from core import derivation_latex, derivation_text, descend, devices, exact_derive
from core.export import descent_csv, notebook, script
from core.reading import NotRead
from core.state_file import MOST_CHARACTERS, read_state, state_json
from pages.screen.address import harmless
from pages.screen.history import restore
from pages.screen.session import closing, memory, settings_now

NAME = "backprop_by_hand"


def open_export() -> None:
    """From the sidebar: what was wrong with a file of an earlier time is forgotten."""
    memory().trouble = {}
    export()


@st.dialog("Export", width="medium")
def export() -> None:
    if closing():
        st.rerun()
    now = settings_now()
    point, network = (now.parameters, now.example), now.architecture
    worked = exact_derive(*point, now.parameter, architecture=network)
    st.markdown("Each file builds **this very network** and gives the numbers the screen shows.")
    offer("Jupyter notebook", notebook(now), "ipynb", "application/x-ipynb+json", "In plain PyTorch, ready to run.")
    offer("Python script", script(now), "py", "text/x-python", "The same as one file for the command line.")
    latex, text = (write(worked, network) for write in (derivation_latex, derivation_text))
    offer("Derivation as LaTeX", latex, "tex", "text/x-tex", "For an article with amsmath.")
    offer("Derivation as text", text, "txt", "text/plain", "The same in plain signs.")
    steps = descent_csv(descend(*point, **now.descent_arguments))
    offer("Descent as CSV", steps, "csv", "text/csv", "Every step: parameters, gradients, losses.")
    offer("State as JSON", state_json(now), "json", "application/json", "Everything you have set, to be opened here.")
    st.file_uploader("Open a state file (JSON)", type="json", key="state_file", on_change=_read)
    for place, sentence in memory().trouble.items():
        st.error(f"{harmless(place)}: {harmless(sentence)}. Nothing was changed.")


def offer(label: str, text: str, suffix: str, mime: str, words: str) -> None:
    st.download_button(label, text, f"{NAME}.{suffix}", mime, on_click="ignore", help=words, width="stretch")


def _read() -> None:
    """A state file: all of it is taken over, or nothing."""
    file, remembered = st.session_state.state_file, memory()
    remembered.trouble = {}
    if file is None:
        return
    try:
        state = read_state(file.getvalue()[: 4 * MOST_CHARACTERS + 4].decode("utf-8", errors="replace"))
    except NotRead as error:
        remembered.trouble = error.sentences
        return
    if state.device not in devices():  # the file may come from another machine: here the CPU takes over
        state = replace(state, device=devices()[0])
    restore(state)
    remembered.done = True
