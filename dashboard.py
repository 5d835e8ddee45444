"""Backprop by Hand, the server: `streamlit run dashboard.py`.

The screen itself is pages/app.py. This file is what stands around it: a warm start, the files the browser
asks for, and what a visitor reads if a script fails. (With pages/ beside the main script Streamlit would take
its legacy multipage mode, and a deep link on a fresh server would open without the shell.)
"""

import gc
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

KEPT_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}  # the path changes with what lies there


async def browser_file(request: Request) -> Response:
    """A file of pages/components/files.py under its digest; there is nothing else to be had here."""
    files = import_module("pages.components.files")
    digest, name = request.path_params["digest"], request.path_params["name"]
    if digest == files.DIGEST and name in files.FILES:
        return Response(files.FILES[name], media_type="text/javascript", headers=KEPT_FOR_GOOD)
    if digest == files.DIGEST and name in files.BUNDLES:
        return FileResponse(files.BUNDLES[name], media_type="text/javascript", headers=KEPT_FOR_GOOD)
    return Response("Not Found", status_code=404, headers={"Cache-Control": "no-store"})


async def live_channel(socket: WebSocket) -> None:
    """What a page shows while a hand is moving: pages/live.py."""
    await import_module("pages.live").channel(socket)


routes: list[BaseRoute] = [
    Route("/browser/{digest}/{name:path}", browser_file),
    WebSocketRoute("/live/channel", live_channel),
]

# Everything a first visitor would otherwise wait for. pandas and pyarrow are Streamlit's own late imports.
HEAVY = ("core", "pages.live", "pages.screen.stage", "pandas", "pyarrow")


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


SCREEN = Path(__file__).parent / "pages" / "app.py"
app = st.App(SCREEN, lifespan=warm_start, routes=routes, on_script_error=on_script_error)
