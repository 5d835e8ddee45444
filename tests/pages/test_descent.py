"""The descent page: what it sends to the browser, when it warns, and "Take these steps"."""

import re
from functools import partial

import numpy as np
import pytest

from tests.pages.screen import DESCENT, NOTEBOOK, by_hand, component, opened, result, told, values
from tests.pages.test_payload import unpacked

PARAMETERS = [key for key in NOTEBOOK if key not in ("x_1", "x_2", "y")]


def road(screen):
    """The header and the arrays of the payload."""
    return unpacked(component(screen, "road").bytes)


def walked(steps: int, rate: float, **start: float) -> list[dict[str, float]]:
    """The road of gradient descent, walked by hand."""
    points = [by_hand(**start)]
    for _ in range(steps):
        now = points[-1]
        moved = {key: now[key] - rate * now[f"dL/d{key}"] for key in PARAMETERS}
        points.append(by_hand(**start | moved))
    return points


@pytest.mark.parametrize(
    "start, rate, steps",
    [({}, 0.01, 1), ({}, 0.01, 100), ({"y": -2.0, "x_1": -1.0}, 0.02, 40), ({}, 0.05, 0)],
    ids=str,
)
def test_the_road_is_the_one_a_hand_walks(start, rate, steps):
    address = {key: str(value) for key, value in start.items()}
    header, arrays = road(opened(DESCENT, learning_rate=str(rate), steps=str(steps), **address))
    by_hand_road = walked(steps, rate, **start)
    assert header["learning_rate"] == rate
    assert header["diverged_at"] is None
    assert [name["key"] for name in header["names"]] == PARAMETERS
    same = partial(np.testing.assert_allclose, rtol=1e-9, atol=1e-12)
    same(arrays["theta"], [[at[key] for key in PARAMETERS] for at in by_hand_road])
    same(arrays["gradient"], [[at[f"dL/d{key}"] for key in PARAMETERS] for at in by_hand_road])
    same(arrays["loss"], [at["L"] for at in by_hand_road])
    same(arrays["output"], [at["o"] for at in by_hand_road])


def test_a_slice_is_the_loss_with_one_parameter_moved():
    _, arrays = road(opened(DESCENT, steps="3"))
    start = walked(3, 0.01)[2]
    for p, key in enumerate(PARAMETERS):
        samples = arrays["grid"][p]
        expected = [by_hand(**{k: start[k] for k in NOTEBOOK} | {key: float(value)})["L"] for value in samples]
        assert arrays["slices"][2, p].tolist() == pytest.approx(expected, rel=1e-4, abs=1e-6)


def test_two_hundred_steps_travel_in_less_than_a_megabyte():
    assert len(component(opened(DESCENT, steps="200"), "road").bytes) < 1_000_000


def test_a_calm_descent_warns_of_nothing():
    assert not opened(DESCENT).warning


DIVERGING = {"learning_rate": "10", "steps": "200", "w1_11": "3", "x_1": "5"}


def test_a_divergence_is_explained_and_a_rate_that_holds_is_offered():
    screen = opened(DESCENT, **DIVERGING)
    (warning,) = screen.warning
    told = re.fullmatch(
        r"\*\*The descent diverged\.\*\* At step (\d+) its numbers left what float64 can hold; the plots end one step "
        r"before\. With η = 10 each step overshoots the valley by more than the last\. "
        r"A rate of (\S+) would have held\.",
        warning.value,
    )
    assert told, warning.value
    header, arrays = road(screen)
    assert header["diverged_at"] == int(told[1]) == len(arrays["loss"])
    offer_is_taken_and_holds(screen, told[2])


def test_a_rising_loss_is_explained_and_a_rate_that_holds_is_offered():
    screen = opened(DESCENT, learning_rate="0.6", steps="1")
    losses = [at["L"] for at in walked(1, 0.6)]
    assert losses[1] > losses[0]
    (warning,) = screen.warning
    told = re.fullmatch(
        r"\*\*The loss went up\*\*, from 0\.2592 to (\S+): with η = 0\.6 the steps overshoot the valley\. "
        r"A rate of (\S+) would have held\.",
        warning.value,
    )
    assert told, warning.value
    assert float(told[1]) == pytest.approx(losses[1], rel=1e-3)
    offer_is_taken_and_holds(screen, told[2])


def offer_is_taken_and_holds(screen, rate: str) -> None:
    (button,) = [button for button in screen.main.button if button.label.startswith("Use η")]
    assert button.label == f"Use η = {rate}"
    button.click().run()
    assert not screen.exception
    assert not screen.warning
    chosen = screen.number_input(key="learning_rate_shown").value
    assert chosen == screen.session_state.learning_rate
    assert screen.query_params.get("learning_rate", "0.01") == str(chosen)
    _, arrays = road(screen)
    assert arrays["loss"][-1] <= arrays["loss"][0]


def test_the_smallest_rate_does_no_harm():
    assert not opened(DESCENT, learning_rate="1e-06", steps="2000").warning


@pytest.mark.parametrize("step", [0, 1, 100])
def test_take_these_steps_moves_the_sliders_at_full_precision(step):
    screen = told(opened(DESCENT), "road", "taken", step)
    goal = walked(step, 0.01)[-1]
    assert not screen.exception
    assert {key: values(screen)[key] for key in PARAMETERS} == pytest.approx({key: goal[key] for key in PARAMETERS})
    assert result(screen).startswith(f"o = {goal['o']:#.4g} L = ")
    _, arrays = road(screen)
    assert arrays["loss"][0] == pytest.approx(goal["L"], abs=1e-12)


def test_a_step_beyond_a_sliders_range_moves_nothing_and_names_the_last_that_fits():
    screen = opened(DESCENT, **DIVERGING)
    before = values(screen)
    screen = told(screen, "road", "taken", 1)
    assert values(screen) == before
    (toast,) = screen.toast
    assert toast.value == (
        "At step 1 a parameter lies beyond its slider (−3 to 3), so nothing was moved. "
        "The last step that fits is step 0."
    )


MALFORMED_STEPS = [
    -1,
    101,
    10**400,
    1.5,
    1.0,
    True,
    None,
    "1",
    "step",
    [1],
    {"step": 1},
    float("nan"),
    "x" * 10_000_000,
]


@pytest.mark.parametrize("step", MALFORMED_STEPS, ids=lambda step: f"{step!r:.30}")
def test_a_step_that_makes_no_sense_is_ignored_with_a_line_in_the_log(step, caplog):
    screen = opened(DESCENT)
    before = result(screen)
    screen = told(screen, "road", "taken", step)
    assert not screen.exception
    assert not screen.error
    assert (values(screen), result(screen)) == (NOTEBOOK, before)
    (line,) = [record.getMessage() for record in caplog.records if "scrubber" in record.msg]
    assert line.startswith("The scrubber asked for a step that is not there: ")
    assert len(line) < 200
