"""The shell around every page: navigation, the shared controls, the result line, and then the page itself.

Data flows one way: address and sliders → scene → page. dashboard.py serves this file.
"""

from pathlib import Path

import streamlit as st

from pages.parts import palette
from pages.parts.address import read_address, write_address
from pages.parts.controls import sidebar
from pages.parts.result import result_line
from pages.parts.state import compute_scene

STYLE = palette.stylesheet() + (Path(__file__).parent / "parts" / "style.css").read_text(encoding="utf-8")


def notices() -> None:
    """What the address said that was not understood, until it is read."""
    if st.session_state.notices:
        with st.container(key="notices"):
            st.warning("\n\n".join(st.session_state.notices[:10]), icon=":material/info:")
            st.button("Understood", on_click=st.session_state.notices.clear)


def main() -> None:
    st.set_page_config(page_title="Backprop by Hand", page_icon="✍️", layout="wide", initial_sidebar_state=330)
    st.html(f"<style>{STYLE}</style>")
    page = st.navigation(
        [
            st.Page("forward.py", title="Forward pass", default=True),
            st.Page("chain_rule.py", title="Chain rule", url_path="chain_rule"),
            st.Page("descent.py", title="Descent", url_path="descent"),
        ],
        position="top",
    )
    read_address()
    sidebar()
    result_line(compute_scene())
    notices()
    page.run()
    write_address()


main()
