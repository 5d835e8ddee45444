"""The address bar describes the whole state: what it says now, and what it got wrong.

All of it is written here, at the end of a run, and none by Streamlit's bind="query-params": a bound widget leaves the
address with its page, writes the name that is shown instead of the key, and while a run is cut short by the next the
browser and the server each believe the other's older address.
"""

import re
from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core import settings
from core.settings import ENTRIES
from pages.screen.session import memory, settings_now

LONGEST = 40  # characters of a bad value that a notice repeats


def read_address(page: str) -> None:
    """At the start of a run: take over what the address says, and keep a notice of what it got wrong.

    The address speaks on a first visit and when the browser goes back or forward. Otherwise the session stands, and
    the address is told: on its way to another page, and until it has heard what was written last, the browser says
    less than there is.
    """
    remembered, address = memory(), {key: st.query_params.get_all(key) for key in st.query_params}
    remembered.page = page
    first = remembered.notices is None
    if first or _through_history():
        st.session_state.update(settings.read_address(address)[0].entries)
        if first:
            remembered.notices = list(complaints(address).values())


def _through_history() -> bool:
    """The browser's back or forward button has brought this run about."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def write_address() -> None:
    """At the end of a run: put the state into the address, if it says anything else. Defaults stay out.

    What the browser said at the start of this run may be older than what it has been told since: both are compared.
    """
    remembered, texts = memory(), settings_now().address
    told = (remembered.page, texts)
    if texts != st.query_params.to_dict() or told != (remembered.told or told):
        st.query_params.from_dict(texts)
    remembered.told = told  # only now: a run cut short has told nothing


def complaints(address: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """For every entry of the address that was not understood, by key, one sentence."""
    reasons, found = settings.read_address(address)[1], {}
    for key, texts in address.items():
        if key not in ENTRIES:
            found[key] = f"{code(key)} is not a name this address knows; it was left out."
        elif key in reasons:
            default = ENTRIES[key].write(ENTRIES[key].default)
            instead = f"The default, {code(default)}, is used instead." if default else "It was left out."
            found[key] = f"{code(f'{key}={texts[-1]}')}: {harmless(reasons[key])}. {instead}"
    return found


def harmless(reason: str) -> str:
    """A sentence that repeats somebody's words between “ and ”: there they stand as inline code."""
    return re.sub("“([^”]*)”", lambda found: code(found[1]), reason)


def code(text: str) -> str:
    """Somebody's words as inline code: cut to length, on one line, with nothing that Markdown could act on."""
    plain = "".join(character if character.isprintable() and character != "`" else "·" for character in text)
    return f"`{plain[:LONGEST] or ' '}{'…' if len(plain) > LONGEST else ''}`"
