"""The address of this very screen, to copy, and as a QR code for a classroom."""

from io import BytesIO
from urllib.parse import urlencode

import segno
import streamlit as st

from core.settings import Settings
from pages.screen.session import settings_now


def share() -> None:
    """Opened from the sidebar."""
    _dialog()


@st.dialog("Share this screen")
def _dialog() -> None:
    address = whole_address()
    st.markdown(
        "This address opens the same page with the same numbers, on any machine where this server can be reached."
    )
    st.code(address, language=None, wrap_lines=True)
    try:
        code = segno.make(address, error="l")
    except segno.DataOverflowError:
        st.caption("For a QR code this address is too long: put the pinned state or your own rows away, or send it.")
        return
    picture = BytesIO()
    code.save(picture, kind="png", scale=6, border=4)  # black on white, for cameras
    st.image(picture.getvalue(), width=320, alt="QR code of the address above")
    st.caption("The same address as a QR code: point a phone’s camera at it.")


def whole_address() -> str:
    """Where this page is, and everything that is not as it is at first; defaults stay out."""
    return f"{(st.context.url or '').partition('?')[0]}{query(settings_now())}"


def query(settings: Settings) -> str:
    """The part such as ?w1_12=0.5&steps=30, or nothing where all is as at first."""
    texts = settings.address
    return f"?{urlencode(texts, safe=',')}" if texts else ""
