"""What a session remembers: the state, one Memory, and the widgets on the screen; nothing else, and nothing twice."""

import pytest

from core.settings import ENTRIES, Settings
from pages.screen.session import MEMORY, Memory
from tests.pages.screen import CHAIN_RULE, DESCENT, FORWARD, moved, opened, pressed, told, turned_to
from tests.pages.state import bits, state


def undeclared(screen) -> set[str]:
    """Keys that are neither declared nor those of a widget."""
    session = screen.session_state
    widgets = session._state._state._key_id_mapper._key_id_mapping
    return {*session} - {*widgets} - {*ENTRIES, MEMORY}


def test_every_key_is_declared_or_a_widgets():
    screen = opened(FORWARD, steps="2001", data="rows", rows="1~2~0.7_0~0~0")
    for label in ("Type values", "Presets", "Share", "Export"):
        screen = pressed(screen, label)
        assert undeclared(screen) == set()
    for page in (CHAIN_RULE, DESCENT, FORWARD):
        screen = pressed(pressed(moved(turned_to(page, screen), "w1_11", 0.5), "Undo"), "Redo")
        screen = pressed(screen, "Pin" if not screen.session_state.pin else "Unpin")
        assert undeclared(screen) == set()
        assert isinstance(screen.session_state[MEMORY], Memory)
    assert undeclared(told(opened(DESCENT, learning_rate="10"), "path", "taken", 1)) == set()  # more than sliders reach


@pytest.mark.parametrize("page", [FORWARD, CHAIN_RULE, DESCENT])
def test_the_newest_state_of_history_is_what_the_screen_says(page):
    screen = moved(opened(page, steps="3", w1_12="1e-9"), "y", 0.25)
    past = screen.session_state[MEMORY].past
    assert [type(each) for each in past] == [Settings] * 2
    assert bits(past[-1].entries) == state(screen)
    assert past[0].changed_since(past[1]) == {"y"}


def test_what_a_callback_moved_is_remembered_only_until_the_controls_are_drawn():
    screen = pressed(moved(opened(), "y", 0.25), "Undo")
    assert screen.session_state[MEMORY].moved == {}
    assert screen.session_state.y == 0.7
