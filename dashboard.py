"""Backprop by Hand, the server: `streamlit run dashboard.py`.

The screen itself is pages/app.py. This file is what stands around it: a warm start, the files the browser
asks for, and what a visitor reads if a script fails. (With pages/ beside the main script Streamlit would take
its legacy multipage road, and a deep link on a fresh server would open without the shell.)
"""

import gc
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

HERE = Path(__file__).parent


def plotly_bundle() -> Path:
    """plotly.min.js as the installed plotly package ships it: the browser draws with the same version."""
    spec = find_spec("plotly")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"


async def plotly_js(_request: object) -> FileResponse:
    return FileResponse(plotly_bundle(), media_type="text/javascript", headers={"Cache-Control": "max-age=86400"})


class FreshFiles(StaticFiles):
    """Static files that a browser may keep but must ask about each time, so an upgrade never mixes two versions."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


# Everything a first visitor would otherwise wait for. pandas and pyarrow are Streamlit's own late imports.
HEAVY = ("core", "pages.components.derivation", "pages.components.network", "pages.screen.stage", "pandas", "pyarrow")


@asynccontextmanager
async def warm_start(_app: st.App) -> AsyncIterator[None]:
    """Import the heavy libraries once, derive once, then freeze the heap.

    Streamlit collects garbage after every script run; with torch, sympy and pandas loaded that walk costs over
    100 ms. Frozen objects are skipped.
    """
    for module in HEAVY:
        import_module(module)
    # Tensors of a dozen numbers gain nothing from a second thread, and wait for it on a busy machine.
    import_module("torch").set_num_threads(1)
    core = import_module("core")
    core.derive_all(core.Parameters.default(), core.Example.default())
    gc.collect()
    gc.freeze()
    # The thread that sends messages waits this long for the one that computes a page: 5 ms a message by default.
    sys.setswitchinterval(0.0005)
    yield


def on_script_error(error: Exception) -> bool:
    """One calm sentence for the visitor; the traceback goes to the log."""
    logging.getLogger(__name__).error("A page failed", exc_info=error)
    st.error("Something went wrong on this page. Your values are safe in the address bar: reload to go on.")
    return True


app = st.App(
    HERE / "pages" / "app.py",
    lifespan=warm_start,
    routes=[
        Route("/browser/plotly.min.js", plotly_js),
        Mount("/browser", FreshFiles(directory=HERE / "pages" / "components")),
    ],
    on_script_error=on_script_error,
)
