"""Components of ours: a folder each, JavaScript modules mounted in place on a page beside the Python that feeds them.

Streamlit sends a component's script with every rerun, so the script it is given is a few lines that import the
module from the server's own /browser route, where the browser keeps it for good (files.py). The address starts
from Streamlit's own bundle, so it holds under any sub-path a proxy may add. Where a module cannot be loaded, or
cannot read its data (shared/in_its_place.js), a sentence says so in its place. While a hand moves something, data come
through the live channel too (live/live.js), and a module cannot tell from where they came.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import streamlit as st

from pages.components.files import DIGEST

Data = dict[str, Any] | bytes  # what a component is sent: JSON, or what pack() of descent/payload.py makes


class Sight(NamedTuple):
    """What a browser has in sight while a hand moves something: more need not be worked out before it lets go.

    parts   the names of parts of the page that are nearly in view; None: all
    steps   of a descent, those whose numbers and curves are drawn; beyond the last stands for the last
    """

    parts: frozenset[str] | None = None
    steps: tuple[int, ...] = (0,)

    def has(self, part: str) -> bool:
        return self.parts is None or part in self.parts


def json_number(value: float) -> float | None:
    """JSON has no infinity: what is not finite travels as null."""
    return value if math.isfinite(value) else None


_LOADER = """
const bundle = document.querySelector('script[type=module][src*="static/js/"]').src;
const file = name => import(new URL(`../../browser/{digest}/${{name}}.js`, bundle).href);
const loaded = Promise.all([file("live/live"), file("{path}")]);
function apologise(root) {{
  if (root.querySelector("[role=alert]")) return;
  const words = root.appendChild(document.createElement("p"));
  words.setAttribute("role", "alert");
  words.textContent = "This part of the page could not be loaded. Reload the page to try again.";
}}
export default component => {{
  const root = component.parentElement;
  let cleanUp, gone = false;
  loaded.then(([{{ attach }}, module]) => {{
    if (!gone) cleanUp = attach(component, module.default);
  }}, () => apologise(root));
  return () => {{
    gone = true;
    cleanUp?.();
  }};
}};
"""


def mount(name: str, *, key: str, data: Data | None, apart: bool = True, **callbacks: Callable[[], None]) -> Any:
    """Show name/name.js, or the module of a longer path, under `key`, updated in place whenever `data` changes.

    `data` is a JSON-like dict, or bytes from `pack()`. `apart`: in a shadow root. `on_EVENT_change` callbacks
    run when the module calls setTriggerValue("EVENT", value); the value is read from st.session_state[key].
    """
    path = name if "/" in name else f"{name}/{name}"
    # Registering is a dictionary write, and the registry belongs to the running server: repeat it.
    called = f"backprop_{name.replace('/', '_')}"
    component = st.components.v2.component(called, js=_LOADER.format(digest=DIGEST, path=path), isolate_styles=apart)
    options: dict[str, Any] = {"key": key, "data": data, **callbacks}
    return component(**options)
