"""A page is a function from a state to what it shows: what Streamlit is sent, without Streamlit."""

import ast
import json
from pathlib import Path

import pytest
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.state import SafeSessionState

from core.settings import Settings
from pages import descent
from tests.pages.screen import DESCENT, PAGES, VIEWS, component, opened, settings, turned_to, view
from tests.pages.state import random_state

PARTS = Path(__file__).parents[2] / "pages"
EVERY_PAGE = pytest.mark.parametrize("page", PAGES)


def state(seed: int) -> Settings:
    return Settings(**random_state(seed) | {"steps": 20})


@pytest.mark.parametrize("seed", range(5))
def test_what_a_visitor_is_sent_is_the_view_of_the_state(seed):
    address = Settings(**random_state(seed) | {"steps": 20}).address
    screen = opened(**address)
    for page in PAGES:
        screen = turned_to(page, screen)
        seen = view(page, **address)
        assert seen
        for key, data in seen.items():
            sent = component(screen, key)
            assert (sent.bytes if isinstance(data, bytes) else json.loads(sent.json)) == data, (page, key)


@EVERY_PAGE
def test_a_view_asks_streamlit_for_nothing(page, monkeypatch):
    def forbidden(*_, **__):
        raise AssertionError("a view has nothing to ask Streamlit")

    monkeypatch.setattr(DeltaGenerator, "_enqueue", forbidden)
    for name in ("__getitem__", "__setitem__", "__contains__"):
        monkeypatch.setattr(SafeSessionState, name, forbidden)
        monkeypatch.setattr(f"streamlit.runtime.state.SessionStateProxy.{name}", forbidden)
    assert VIEWS[page](settings(data="xor", pin="~".join("1" * 12) + "~relu~identity~squared_error"))["pinned"]


@EVERY_PAGE
def test_equal_states_have_equal_views(page):
    assert VIEWS[page](state(7)) == VIEWS[page](state(7))


@EVERY_PAGE
@pytest.mark.parametrize("seed", range(8))
def test_whatever_the_state_a_view_can_be_written_as_json(page, seed):
    for data in VIEWS[page](state(seed)).values():
        assert isinstance(data, bytes) or json.dumps(data, allow_nan=False)


def test_a_long_walk_tells_how_far_it_is_and_can_be_stopped():
    shares: list[float] = []
    asked = settings(steps="300", compare="adam")
    assert descent.view(asked, shares.append) == descent.view(asked)
    assert len(shares) > 2
    assert shares == sorted(shares)
    assert 0 <= shares[0] < 0.5 < shares[-1] <= 1

    def impatient(share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        descent.view(asked, impatient)


def test_a_state_without_a_start_shows_its_words_alone():
    assert set(view(DESCENT)) == {"path", "words", "trouble"}
    beyond = Settings(precision="float32", w1_11=1e30, w2_1=1e30)  # no slider reaches so far
    assert set(descent.view(beyond)) == {"words", "trouble"}
    walked = descent.walk(beyond)
    assert walked.better is None
    (row,) = descent.trouble(walked, beyond)
    assert row["words"][0].startswith("**There is no descent.** Already at the start")


@pytest.mark.parametrize("path", [PARTS / "scene.py", *sorted((PARTS / "words").glob("*.py"))], ids=lambda p: p.name)
def test_words_are_made_of_a_state_and_not_of_a_screen(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    taken = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    taken += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    assert not [module for module in taken if module.startswith(("streamlit", "pages.screen"))]
