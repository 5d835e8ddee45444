"""A server of our own in a fresh process, and Debian's Chromium before it, driven by Playwright."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright

HOUSE = Path(__file__).parents[2]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--no-maglev --no-opt",  # a page lives for seconds: compiling it twice costs more than it saves
]
DESK = {"width": 1400, "height": 900}
PATIENCE = 60  # s: for a machine that is busy; a test that passes never waits for it
# On a deep link Streamlit's own script looks for its server beside the page first, and then at the root.
STREAMLITS_OWN_404 = re.compile(r"/(chain_rule|descent)/_stcore/(health|host-config)$")

expect.set_options(timeout=60_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@contextmanager
def served(log: Path, script: str = "dashboard.py") -> Iterator[str]:
    """`streamlit run SCRIPT` in a process of its own; its address. Afterwards the process is ended."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script]
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.fileWatcherType", "none"]
    with log.open("w") as output:
        server = subprocess.Popen([*command, *options], cwd=HOUSE, stdout=output, stderr=subprocess.STDOUT)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/_stcore/health", server, log)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait_for(health: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(PATIENCE * 10):
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(health, timeout=1) as answer:
                if answer.read() == b"ok":
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"no answer within {PATIENCE} s:\n{log.read_text()}")


@pytest.fixture(scope="session")
def chromium() -> str:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    if not Path(path).exists():
        missing = f"no Chromium at {path}; install it, or say where it is: CHROMIUM=/path/to/chromium"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing)
    return path


@pytest.fixture(scope="session")
def driver(chromium: str) -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the server that all tests share has to say."""
    return tmp_path_factory.mktemp("server") / "log.txt"


@pytest.fixture(scope="session")
def server(chromium: str, log: Path) -> Iterator[str]:
    with served(log) as address:
        yield address


@pytest.fixture
def fresh_server(chromium: str, tmp_path: Path) -> Iterator[str]:
    """A server that nobody has visited yet."""
    with served(tmp_path / "log.txt") as address:
        yield address


@pytest.fixture(scope="session")
def contexts(
    driver: Playwright, chromium: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., BrowserContext]]:
    """A browser for each kind of window, kept for all tests, its profile on disk: what it has fetched and compiled
    of Streamlit's own scripts it need not fetch and compile again.
    """
    kept: dict[str, BrowserContext] = {}

    def context(**settings: Any) -> BrowserContext:
        kind = repr(sorted(settings.items()))
        if kind not in kept:
            profile = tmp_path_factory.mktemp("profile")
            launch = driver.chromium.launch_persistent_context
            kept[kind] = launch(profile, executable_path=chromium, args=FLAGS, **{"viewport": DESK, **settings})
        return kept[kind]

    yield context
    for one in kept.values():
        one.close()


@pytest.fixture(scope="session")
def tabs() -> dict[str, list[Page]]:
    """Tabs that no test looks at, by kind of window. In one that was used, the next page opens a third faster."""
    return {}


@pytest.fixture
def window(contexts: Callable[..., BrowserContext], tabs: dict[str, list[Page]]) -> Iterator[Callable[..., Page]]:
    """Gives windows to open pages in. When the test is done all are looked over: no error, no traceback anywhere."""
    troubles: list[str] = []
    lent: list[tuple[Page, list[Page]]] = []
    listeners = {
        "pageerror": lambda error: troubles.append(str(error)),
        "dialog": lambda dialog: troubles.append(f"a dialog opened: {dialog.message}"),
        "console": lambda message: note(message.type, message.text, message.location["url"]),
    }

    def open_window(color_scheme: str = "light", reduced_motion: str = "no-preference", **settings: object) -> Page:
        free = tabs.setdefault(repr(sorted(settings.items())), [])
        page = free.pop() if free else contexts(**settings).new_page()
        lent.append((page, free))
        page.set_viewport_size(settings.get("viewport", DESK))
        page.emulate_media(color_scheme=color_scheme, reduced_motion=reduced_motion)
        for event, listener in listeners.items():
            page.on(event, listener)
        return page

    def note(kind: str, text: str, source: str) -> None:
        if kind == "error" and not ("404" in text and STREAMLITS_OWN_404.search(source)):
            troubles.append(f"{text} ({source})")

    yield open_window
    for page, free in lent:
        text = page.locator("body").inner_text()
        for word in ("Traceback", "Something went wrong", "encountered an error"):
            if word in text:
                troubles.append(f"the page says {word!r}")
        for event, listener in listeners.items():
            page.remove_listener(event, listener)
        page.unroute_all()
        page.goto("about:blank")  # nothing of it goes on
        free.append(page)
    assert troubles == []


@pytest.fixture
def visit(window: Callable[..., Page], server: str) -> Callable[..., Page]:
    """A first visit of an address, in a window of its own, such as "/descent?steps=30" with color_scheme="dark"."""

    def first_visit(address: str = "/", **settings: object) -> Page:
        page = window(**settings)
        page.goto(server + address)
        expect(page.locator(".st-key-result b")).to_have_count(2)
        return page

    return first_visit
