"""Undo and redo: every kind of change goes back and forth, whole, and nothing else with it."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from streamlit.testing.v1 import AppTest

from core.settings import Settings
from core.state_file import read_state, state_json
from pages.screen import history
from tests.pages.screen import (
    CHAIN_RULE,
    DESCENT,
    FORWARD,
    NOTEBOOK,
    PAGES,
    chosen,
    moved,
    opened,
    pressed,
    result,
    told,
    turned_to,
    values,
)
from tests.pages.state import bits, state


@pytest.fixture(autouse=True)
def slow_hands(monkeypatch):
    """No two changes are one gesture, however fast these tests are."""
    monkeypatch.setattr(history, "ONE_GESTURE", 0.0)


def toasts(screen: AppTest) -> list[str]:
    return [toast.value for toast in screen.toast]


def undone(screen: AppTest) -> AppTest:
    return pressed(screen, "Undo")


def redone(screen: AppTest) -> AppTest:
    return pressed(screen, "Redo")


def typed(screen: AppTest) -> AppTest:
    screen = pressed(screen, "Type values")
    screen.text_input(key="typed_b2").set_value("−5/4")
    return pressed(screen, "Use these values")


def preset(screen: AppTest) -> AppTest:
    return pressed(screen, "Presets").button(key="preset plateau").click().run()


def drawn(screen: AppTest) -> AppTest:
    screen = pressed(screen, "Presets")
    screen.number_input(key="preset_seed").set_value(7)
    return pressed(screen, "Draw twelve numbers")


def from_file(screen: AppTest) -> AppTest:
    text = state_json(Settings(w1_11=-1.5, steps=7, optimizer="adam"))
    pressed(screen, "Export").file_uploader(key="state_file").set_value(
        ("state.json", text.encode(), "application/json")
    )
    return screen.run()


def own_rows(screen: AppTest) -> AppTest:
    screen.text_area(key="typed_rows").set_value("0, 0, 1\n1, 1/3, 0")
    return pressed(screen, "Learn from these rows")


class Change(NamedTuple):
    """Something a person does, on which page, with which address, and the keys that are different then."""

    what: str
    do: Callable[[AppTest], AppTest]
    keys: set[str]
    page: str = FORWARD
    address: dict[str, str] = {}  # noqa: RUF012


CHANGES = [
    Change("a slider", lambda screen: moved(screen, "w1_12", -0.77), {"w1_12"}),
    Change("a drag", lambda screen: told(screen, "network", "changed", {"key": "x_2", "value": 1.25}), {"x_2"}),
    Change("activation", lambda screen: chosen(screen, "activation", "tanh"), {"activation"}),
    Change("output", lambda screen: chosen(screen, "output", "sigmoid"), {"output"}),
    Change("loss", lambda screen: chosen(screen, "loss", "squared_error"), {"loss"}),
    Change(
        "a loss and the target that had to move with it",
        lambda screen: chosen(screen, "loss", "binary_cross_entropy"),
        {"loss", "y"},
        address={"output": "sigmoid", "y": "3"},
    ),
    Change(
        "an output and the loss that had to go with it",
        lambda screen: chosen(screen, "output", "tanh"),
        {"output", "loss"},
        address={"output": "sigmoid", "loss": "binary_cross_entropy"},
    ),
    Change("precision", lambda screen: screen.selectbox(key="precision").set_value("float32").run(), {"precision"}),
    Change(
        "parameter",
        lambda screen: screen.button_group(key="parameter_shown").set_value("b1_1").run(),
        {"parameter"},
        CHAIN_RULE,
    ),
    Change("a click", lambda screen: told(screen, "network", "selected", "x_2"), {"parameter"}, CHAIN_RULE),
    Change(
        "learning rate",
        lambda screen: screen.number_input(key="learning_rate_shown").set_value(0.05).run(),
        {"learning_rate"},
        DESCENT,
    ),
    Change("steps", lambda screen: screen.number_input(key="steps_shown").set_value(3).run(), {"steps"}, DESCENT),
    Change(
        "optimiser",
        lambda screen: screen.selectbox(key="optimizer_shown").set_value("adam").run(),
        {"optimizer", "compare"},  # an optimiser is not compared with itself
        DESCENT,
        {"compare": "adam,rmsprop"},
    ),
    Change(
        "compared",
        lambda screen: screen.multiselect(key="compare_shown").set_value(["adam", "rmsprop"]).run(),
        {"compare"},
        DESCENT,
    ),
    Change(
        "zero_grad", lambda screen: screen.toggle(key="zero_grad_shown").set_value(False).run(), {"zero_grad"}, DESCENT
    ),
    Change("data", lambda screen: screen.selectbox(key="data_shown").set_value("xor").run(), {"data"}, DESCENT),
    Change("own rows", own_rows, {"rows"}, DESCENT, {"data": "rows", "rows": "1~2~0.7"}),
    Change(
        "batch",
        lambda screen: screen.number_input(key="batch_shown").set_value(2).run(),
        {"batch"},
        DESCENT,
        {"data": "xor"},
    ),
    Change(
        "seed",
        lambda screen: screen.number_input(key="seed_shown").set_value(5).run(),
        {"seed"},
        DESCENT,
        {"data": "xor"},
    ),
    Change(
        "curves",
        lambda screen: screen.button_group(key="curves_shown").set_value("mean").run(),
        {"curves"},
        DESCENT,
        {"data": "xor"},
    ),
    Change(
        "axes",
        lambda screen: told(screen, "path", "axes", {"a": "b2", "b": "w2_1", "held": "start"}),
        {"axes"},
        DESCENT,
        {"steps": "3"},
    ),
    Change(
        "steps taken",
        lambda screen: told(screen, "path", "taken", 3),
        {key for key in NOTEBOOK if key[0] in "wb"},
        DESCENT,
    ),
    Change("typed values", typed, {"b2"}),
    Change(
        "a preset",
        preset,
        {"w1_11", "w1_12", "w1_21", "w1_22", "b1_1", "w2_1", "w2_2", "b2", "x_2", "y", "preset"}
        | {"activation", "output", "loss", "parameter", "learning_rate", "steps", "data", "optimizer"},
        FORWARD,
        {"optimizer": "momentum"},
    ),
    Change("a random draw", drawn, {*NOTEBOOK, "parameter", "learning_rate", "preset"} - {"w1_21"}, CHAIN_RULE),
    Change(
        "the story closed", lambda screen: pressed(screen, "Close the story"), {"preset"}, address={"preset": "macleod"}
    ),
    Change("a pin", lambda screen: pressed(screen, "Pin"), {"pin"}),
    Change("unpinned", lambda screen: pressed(pressed(screen, "Pin"), "Unpin"), {"pin"}),
    Change(
        "reset", lambda screen: pressed(screen, "Reset all values"), {"w1_11", "y"}, address={"w1_11": "3", "y": "-5"}
    ),
    Change("a state file", from_file, {"w1_11", "steps", "optimizer"}),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.what)
def test_every_kind_of_change_is_undone_and_redone_to_the_last_bit(change):
    short = {"steps": "4"} if change.page == DESCENT else {}
    screen = opened(change.page, **short | change.address)
    before, line = state(screen), result(screen)[:20]
    screen = change.do(screen)
    after = state(screen)
    if change.what == "unpinned":
        before = bits(screen.session_state.memory.past[-2].entries)
    else:
        assert {key for key in after if after[key] != before[key]} == change.keys
    screen = undone(screen)
    assert not screen.exception
    assert state(screen) == before
    assert result(screen)[:20] == line
    screen = redone(screen)
    assert not screen.exception
    assert state(screen) == after
    screen = redone(undone(screen))
    assert state(screen) == after
    assert toasts(screen) == []


def test_many_changes_go_back_one_by_one_and_forth_again():
    screen = opened()
    seen = [state(screen)]
    for number, key in enumerate(NOTEBOOK):
        screen = moved(screen, key, number / 7 - 0.7 if key != "y" else 0.1)
        seen.append(state(screen))
    for expected in seen[-2::-1]:
        screen = undone(screen)
        assert state(screen) == expected
    for expected in seen[1:]:
        screen = redone(screen)
        assert state(screen) == expected


def test_where_nothing_can_be_undone_or_redone_it_is_said_and_nothing_moves():
    screen = opened(w1_11="0.5")
    for label, said in (("Undo", "There is nothing to undo."), ("Redo", "There is nothing to redo.")):
        screen = pressed(screen, label)
        assert toasts(screen) == [said]
        assert values(screen) == NOTEBOOK | {"w1_11": 0.5}
    screen = undone(moved(screen, "b2", 0.0))
    assert toasts(screen) == []
    screen = undone(screen)
    assert toasts(screen) == ["There is nothing to undo."]
    screen = redone(redone(screen))
    assert toasts(screen) == ["There is nothing to redo."]
    assert values(screen) == NOTEBOOK | {"w1_11": 0.5, "b2": 0.0}


def test_after_a_new_change_there_is_nothing_to_redo():
    screen = undone(moved(opened(), "w1_11", 1.0))
    screen = moved(screen, "y", 2.0)
    screen = redone(screen)
    assert toasts(screen) == ["There is nothing to redo."]
    assert values(screen) == NOTEBOOK | {"y": 2.0}
    assert values(undone(screen)) == NOTEBOOK


def test_the_same_change_after_an_undo_is_one_of_its_own(monkeypatch):
    monkeypatch.setattr(history, "ONE_GESTURE", 1000.0)
    screen = undone(moved(opened(), "w1_11", 1.0))
    screen = moved(screen, "w1_11", 2.0)
    screen = undone(screen)
    assert values(screen) == NOTEBOOK
    assert toasts(screen) == []


def test_a_fast_drag_of_one_slider_is_one_change_and_another_slider_begins_a_new_one(monkeypatch):
    monkeypatch.setattr(history, "ONE_GESTURE", 1000.0)
    screen = opened()
    for value in (0.3, 0.4, 0.5):
        screen = moved(screen, "w1_12", value)
    for value in (0.8, 0.9):
        screen = moved(screen, "y", value)
    screen = undone(screen)
    assert values(screen) == NOTEBOOK | {"w1_12": 0.5}
    screen = undone(screen)
    assert values(screen) == NOTEBOOK
    screen = redone(redone(screen))
    assert values(screen) == NOTEBOOK | {"w1_12": 0.5, "y": 0.9}


def test_slow_moves_of_one_slider_are_changes_of_their_own():
    screen = moved(moved(opened(), "w1_12", 0.3), "w1_12", 0.4)
    assert values(undone(screen)) == NOTEBOOK | {"w1_12": 0.3}


def test_a_drag_that_ends_where_it_began_leaves_nothing_to_undo(monkeypatch):
    monkeypatch.setattr(history, "ONE_GESTURE", 1000.0)
    screen = moved(opened(), "b2", 1.0)
    for value in (0.5, 0.2):  # away, and back to the notebook's value
        screen = moved(screen, "w1_12", value)
    assert values(undone(screen)) == NOTEBOOK  # not a press that does nothing


@pytest.mark.parametrize("page", PAGES)
def test_to_turn_to_another_page_is_no_change_and_undo_works_there(page):
    screen = turned_to(page, moved(opened(DESCENT, steps="3"), "w1_12", 0.9))
    screen = undone(screen)
    assert toasts(screen) == []
    assert values(screen) == NOTEBOOK
    assert screen.session_state.steps == 3


def test_a_controls_value_that_is_undone_is_what_the_control_shows():
    screen = opened(DESCENT, data="xor", steps="3")
    screen.number_input(key="learning_rate_shown").set_value(0.05).run()
    screen.number_input(key="batch_shown").set_value(2).run()
    screen.multiselect(key="compare_shown").set_value(["adam"]).run()
    screen = undone(undone(undone(screen)))
    assert screen.number_input(key="learning_rate_shown").value == 0.01
    assert screen.number_input(key="batch_shown").value == 4
    assert screen.multiselect(key="compare_shown").value == []


def test_rows_of_ones_own_that_are_undone_are_what_their_field_shows():
    screen = own_rows(opened(DESCENT, data="rows", rows="1~2~0.7"))
    screen = undone(screen)
    assert screen.text_area(key="typed_rows").value == "1, 2, 0.7"


def test_only_so_many_states_are_kept(monkeypatch):
    monkeypatch.setattr(history, "MOST", 3)
    screen = opened()
    for value in (0.1, 0.3, 0.4, 0.5):
        screen = moved(screen, "w1_12", value)
    screen = undone(undone(screen))
    assert values(screen)["w1_12"] == 0.3
    assert toasts(undone(screen)) == ["There is nothing to undo."]


def test_what_is_remembered_is_plain_enough_to_be_written_down():
    screen = moved(opened(), "w1_12", 0.5)
    assert read_state(state_json(screen.session_state.memory.past[-1])).w1_12 == 0.5
