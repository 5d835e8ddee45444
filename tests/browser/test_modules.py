"""What the server hands to the browser, and our JavaScript modules one by one, without a page around them."""

import urllib.error
import urllib.request
from http.client import HTTPMessage

import pytest

from pages.components.files import BUNDLES, DIGEST, FILES, HERE

# ── the files ───────────────────────────────────────────────────────────────────────────────────────────────────


def fetched(address: str) -> tuple[int, HTTPMessage, bytes]:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_every_module_is_served_under_the_digest_and_kept_for_good(server):
    assert set(FILES) == {path.relative_to(HERE).as_posix() for path in HERE.rglob("*.[jc]s*")}
    for name in [*FILES, *BUNDLES]:
        status, headers, body = fetched(f"{server}/browser/{DIGEST}/{name}")
        assert (status, headers.get_content_type()) == (200, "text/css" if name.endswith(".css") else "text/javascript")
        assert "immutable" in headers["Cache-Control"] and "max-age=31536000" in headers["Cache-Control"]
        assert body == (HERE / name if name in FILES else BUNDLES[name]).read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "__init__.py",
        "network/__init__.py",
        "network/",
        "",
        "network",
        "network/../../app.py",
        "..%2f..%2fapp.py",
        "%2e%2e/%2e%2e/dashboard.py",
        "no_such.js",
    ],
)
def test_nothing_else_is_served(path, server):
    status, headers, body = fetched(f"{server}/browser/{DIGEST}/{path}")
    assert (status, body) in [(404, b"Not Found"), (400, b"Bad Request")]  # Streamlit itself turns some of them away
    assert "immutable" not in headers.get("Cache-Control", "")


def test_another_versions_path_leads_nowhere_and_is_not_kept(server):
    for path in ("browser/0123456789/network/network.js", f"browser/{DIGEST[::-1]}/katex.js"):
        status, headers, _ = fetched(f"{server}/{path}")
        assert (status, headers["Cache-Control"]) == (404, "no-store")
