"""The shell around every page: navigation and the shared controls, and then the page itself.

Data flows one way: address and sliders → scene → page. dashboard.py serves this file.
"""

from pathlib import Path
from typing import Any

import streamlit as st

from core import ADJUSTABLE
from pages.components import Data, mount
from pages.live import query, written
from pages.screen import palette
from pages.screen.address import read_address
from pages.screen.session import memory, settings_now
from pages.screen.sidebar import sidebar
from pages.screen.stage import standing, take_over

STYLE = palette.stylesheet() + (Path(__file__).parent / "screen" / "style.css").read_text(encoding="utf-8")


def arrived_at(page: str) -> Data:
    """What this run was of, for live.js: the state, and the gesture that led to it."""
    now, remembered = settings_now(), memory()
    return {
        "page": page,
        "entries": now.address,
        "values": now.values,
        "address": written(page, now),
        "since": query(remembered.before) if remembered.before else None,
        "changed": ",".join(sorted(remembered.changed or ())),
    }


def main() -> None:
    # In somebody else's page (?embed=true) there is little room: the controls wait behind their arrow.
    controls: Any = "collapsed" if st.context.is_embedded else 330
    st.set_page_config(page_title="Backprop by Hand", page_icon="✍️", layout="wide", initial_sidebar_state=controls)
    # Streamlit puts a style sheet that comes alone where its toasts go, and a fragment's toast would take its place.
    # With something beside it, it stands in the page (style.css leaves no room for it).
    st.html(f"<style>{STYLE}</style><i></i>")
    page = st.navigation(
        [
            st.Page("forward.py", title="Forward pass", default=True),
            st.Page("chain_rule.py", title="Chain rule", url_path="chain_rule"),
            st.Page("descent.py", title="Descent", url_path="descent"),
        ],
        position="top",
    )
    read_address(page.url_path)
    take_over()
    mount("shell/one_entry", key="one_entry", data=None)  # first, for it watches what a person does
    page.run()
    sidebar()  # after the page: its numbers are what one waits for
    standing()
    values = {name.key: st.session_state[name.key] for name in ADJUSTABLE}
    mount("shell/in_step", key="in_step", data=values, on_differ_change=lambda: None)
    mount("live", key="live", data=arrived_at(page.url_path))  # last: every part of the page has its data by now


main()
