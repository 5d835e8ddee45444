"""The descent page: what it shows, when it warns, and "Take these steps"."""

import json
import re
from functools import partial
from typing import Any

import numpy as np
import pytest

from core import OPTIMIZERS, Example, Parameters, curvature_at
from tests.pages.screen import (
    DESCENT,
    NOTEBOOK,
    by_hand,
    component,
    opened,
    pressed,
    result,
    said_in,
    shown,
    told,
    values,
    view,
)
from tests.pages.test_payload import unpacked

PARAMETERS = [key for key in NOTEBOOK if key not in ("x_1", "x_2", "y")]


def path(**address: str):
    """The header and the arrays of what the browser is sent for an address."""
    return unpacked(view(DESCENT, **address)["path"])


def sent(screen):
    """The header and the arrays that a visitor's browser was sent last."""
    return unpacked(component(screen, "path").bytes)


def words(**address: str) -> str:
    """Every word and formula below the plots."""
    return said_in(view(DESCENT, **address)["words"])


def warning(**address: str) -> str:
    """What the page warns of; nothing where nothing went wrong."""
    return said(view(DESCENT, **address)["trouble"])


def warned(screen) -> str:
    """What a visitor is warned of."""
    return said(json.loads(component(screen, "trouble").json))


def said(trouble: Any) -> str:
    return " ".join(text for row in trouble["rows"] for text in row["words"])


def walked(steps: int, rate: float, **start: float) -> list[dict[str, float]]:
    """The path of gradient descent, walked by hand."""
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
def test_the_path_is_the_one_a_hand_walks(start, rate, steps):
    address = {key: str(value) for key, value in start.items()}
    header, arrays = path(learning_rate=str(rate), steps=str(steps), **address)
    by_hand_path = walked(steps, rate, **start)
    assert header["learning_rate"] == rate
    assert header["diverged_at"] is None
    assert [name["key"] for name in header["names"]] == PARAMETERS
    same = partial(np.testing.assert_allclose, rtol=1e-9, atol=1e-12)
    same(arrays["theta"], [[at[key] for key in PARAMETERS] for at in by_hand_path])
    same(arrays["gradient"], [[at[f"dL/d{key}"] for key in PARAMETERS] for at in by_hand_path])
    same(arrays["loss"], [at["L"] for at in by_hand_path])
    same(arrays["output"], [at["o"] for at in by_hand_path])


def test_a_slice_is_the_loss_with_one_parameter_moved():
    _, arrays = path(steps="3")
    start = walked(3, 0.01)[2]
    for p, key in enumerate(PARAMETERS):
        samples = arrays["grid"][p]
        expected = [by_hand(**{k: start[k] for k in NOTEBOOK} | {key: float(value)})["L"] for value in samples]
        assert arrays["slices"][2, p].tolist() == pytest.approx(expected, rel=1e-4, abs=1e-6)


def test_two_hundred_steps_travel_in_less_than_a_megabyte():
    assert len(view(DESCENT, steps="200")["path"]) < 1_000_000


def test_a_calm_descent_warns_of_nothing():
    assert warning() == ""
    assert warned(opened(DESCENT)) == ""


DIVERGING = {"learning_rate": "10", "steps": "200", "w1_11": "3", "x_1": "5"}


HOLDS = r"A rate of (\S+) would have held: with it the loss never rises above its start\."
OVER = r"on a parabola as sharp as the loss is there, the steps would not come to rest\. "


def test_a_divergence_is_explained_and_a_rate_that_holds_is_offered():
    screen = opened(DESCENT, **DIVERGING)
    assert warned(screen) == warning(**DIVERGING)
    told = re.fullmatch(
        r"\*\*The descent diverged\.\*\* At step (\d+) the numbers left what float64 can hold; one step before, "
        r"the loss was \S+\. .*η = 10 is \S+ times the critical rate at the start, \S+: " + OVER + HOLDS,
        warned(screen),
    )
    assert told, warned(screen)
    header, arrays = sent(screen)
    assert header["diverged_at"] == int(told[1]) == len(arrays["loss"])
    offer_is_taken_and_holds(screen, told[2])


def test_a_rising_loss_is_explained_and_a_rate_that_holds_is_offered():
    screen = opened(DESCENT, learning_rate="0.6", steps="1")
    losses = [at["L"] for at in walked(1, 0.6)]
    assert losses[1] > losses[0]
    told = re.fullmatch(
        r"\*\*The descent ended higher than it began\.\*\* The loss went up, from 0\.2592 to (\S+), and was still "
        r"growing when the steps ended\. .*η = 0\.6 is \S+ times the critical rate at the start, \S+: " + OVER + HOLDS,
        warned(screen),
    )
    assert told, warned(screen)
    assert float(told[1]) == pytest.approx(losses[1], rel=1e-3)
    offer_is_taken_and_holds(screen, told[2])


def test_a_rate_that_kills_both_units_is_told_by_its_run_and_not_offered_as_one_that_holds():
    for rate in ("10", "1", "0.5"):
        told = warning(learning_rate=rate, steps="200")
        assert "A rate of 0.2 would have held" in told
        assert "From step 1 on both hidden units are shut, so the output is made by b2 alone." in told
    assert max(at["L"] for at in walked(200, 0.2)) == walked(0, 0.2)[0]["L"]


def test_no_word_of_theory_contradicts_a_run_that_falls_to_nothing():
    header, arrays = path(learning_rate="0.5", steps="200")
    assert arrays["loss"][-1] < 1e-25
    assert header["outcome"].startswith("The loss rose from 0.2592 to 0.2888 at step 1, then ended lower than it began")
    theory = header["verdicts"][int(arrays["verdict"][0])]
    assert theory["word"] == "diverging"
    assert theory["sentence"].startswith("On a parabola as sharp as the loss is here, each step would ")


def test_without_zero_grad_the_words_tell_what_the_run_did():
    address = {"activation": "tanh", "output": "sigmoid", "loss": "binary_cross_entropy", "y": "1", "zero_grad": "off"}
    address |= {"learning_rate": "0.1", "steps": "500"}
    header, arrays = path(**address)
    assert arrays["loss"][-1] < 1e-80
    told = words(**address)
    assert "does not come to rest" not in told
    assert "On a parabola the steps of plain SGD would swing past the bottom and back and not come to rest" in told
    assert f"In this run: {header['outcome']}" in told
    assert header["outcome"].endswith("without rising on the way, and has settled.")


def test_the_critical_rate_is_that_of_the_mean_loss_and_not_of_the_rows_first_drawn():
    address = {"data": "xor", "batch": "1", "seed": "3", "steps": "30", "learning_rate": "5", "b2": "3"}
    header, arrays = path(**address)
    rows = [Example(each[:2], each[2]) for each in header["rows"]]
    start = Parameters.from_vector([(NOTEBOOK | {"b2": 3.0})[key] for key in PARAMETERS])
    mean, first = (2 / curvature_at(start, seen).largest[0] for seen in (rows, [rows[int(arrays["batch"][0, 0])]]))
    assert mean != pytest.approx(first, rel=0.05)
    assert (
        f"η = 5 is {5 / mean:.2g} times the critical rate at the start, {mean:.4g}: on a parabola as sharp as the mean "
        "loss over all rows is there" in warning(**address)
    )


LIMITS = {"sgd": 2, "momentum": 2 * 1.9, "nesterov": 2 * 1.9 / 2.8}  # ηc from which a parabola's steps grow, at β = 0.9


@pytest.mark.parametrize("zero_grad", ["on", "off"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_browser_is_sent_every_critical_rate_and_none_where_there_is_no_limit(optimizer, zero_grad):
    _, arrays = path(optimizer=optimizer, zero_grad=zero_grad, steps="20", activation="tanh")
    names = {"critical": "curvature", "critical_all": "sharpest"}
    if zero_grad == "off" or optimizer not in LIMITS:
        assert arrays.keys().isdisjoint(names)
        return
    for name, bent in names.items():
        bends_up = arrays[bent] > 0
        assert arrays[name].shape == arrays[bent].shape and bends_up.any()
        np.testing.assert_allclose((arrays[name] * arrays[bent])[bends_up], LIMITS[optimizer], rtol=1e-12)
        assert np.isposinf(arrays[name][~bends_up]).all()
    assert not (arrays["curvature"] > 0).all()  # somewhere it bends down


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("address", [{}, {"zero_grad": "off"}, {"data": "circle", "batch": "2"}], ids=str)
def test_whatever_goes_wrong_is_told_without_a_claim_that_was_not_looked_at(optimizer, address):
    for rate in ("10", "0.4"):
        asked = {"learning_rate": rate, "optimizer": optimizer, "steps": "40", **address}
        became, told = path(**asked)[0]["outcome"], warning(**asked)
        assert became.endswith(".")
        assert "overshoot" not in told
        assert not told or became in told


def offer_is_taken_and_holds(screen, rate: str) -> None:
    (button,) = [button for button in screen.main.button if button.label.startswith("Use η")]
    assert button.label == f"Use η = {rate}"
    button.click().run()
    assert not screen.exception
    assert warned(screen) == ""
    chosen = screen.number_input(key="learning_rate_shown").value
    assert chosen == screen.session_state.learning_rate
    assert screen.query_params.get("learning_rate", "0.01") == str(chosen)
    _, arrays = sent(screen)
    assert max(arrays["loss"]) <= arrays["loss"][0]


def test_the_smallest_rate_does_no_harm():
    assert warning(learning_rate="1e-06", steps="2000") == ""


@pytest.mark.parametrize("step", [0, 1, 20])
def test_take_these_steps_moves_the_sliders_at_full_precision(step):
    screen = told(opened(DESCENT, steps="20"), "path", "taken", step)
    goal = walked(step, 0.01)[-1]
    assert not screen.exception
    assert {key: values(screen)[key] for key in PARAMETERS} == pytest.approx({key: goal[key] for key in PARAMETERS})
    assert result(screen).startswith(f"o = {shown(goal['o'])} L = ")
    _, arrays = sent(screen)
    assert arrays["loss"][0] == pytest.approx(goal["L"], abs=1e-12)


def test_a_step_beyond_a_sliders_range_moves_nothing_and_names_the_last_that_fits():
    screen = opened(DESCENT, **DIVERGING)
    before = values(screen)
    screen = told(screen, "path", "taken", 1)
    assert values(screen) == before
    (told_why,) = screen.info
    assert told_why.value.startswith("A slider reaches from −3 to 3, and at step 1 $")
    assert told_why.value.endswith("Nothing was moved.")
    assert not [button for button in screen.button if button.label.startswith("Take step")]  # only the start fits


def test_the_last_step_that_fits_is_offered_and_taken_and_undone():
    screen = opened(DESCENT, learning_rate="0.005", steps="40", y="5", w2_1="2.98")
    _, arrays = sent(screen)
    fits = [bool((abs(theta) <= 3).all()) for theta in arrays["theta"]]
    beyond = fits.index(False)
    before = values(screen)
    screen = told(screen, "path", "taken", beyond)
    assert values(screen) == before
    last = max(k for k in range(beyond) if fits[k])
    screen = pressed(screen, f"Take step {last}, the last that fits")
    assert [values(screen)[key] for key in PARAMETERS] == pytest.approx(arrays["theta"][last].tolist(), abs=0)
    screen = pressed(screen, "Undo")
    assert values(screen) == before


OVERSHOOT = {"x_1": "1", "x_2": "1", "y": "-4", "w1_11": "0", "w1_12": "1", "w1_21": "2", "w1_22": "1", "b1_1": "0"}
OVERSHOOT |= {"b1_2": "1", "w2_1": "1", "w2_2": "-1", "b2": "2", "learning_rate": "0.25", "steps": "1"}


def test_the_published_overshoot_is_foretold_before_the_step_is_taken():
    header, arrays = path(**OVERSHOOT)
    assert arrays["loss"].tolist() == pytest.approx([12.5, 372.986], abs=1e-3)
    foretold = [arrays[name][0] for name in ("predicted", "second", "actual")]
    assert foretold == pytest.approx([-125, 164.0625, 360.486], abs=1e-3)
    assert header["verdicts"][int(arrays["verdict"][0])]["word"] == "diverging"
    assert arrays["sharpest"][0] == pytest.approx(21.9, abs=0.01)
    assert "is 2.7 times the critical rate at the start, 0.09133: on a parabola" in warning(**OVERSHOOT)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimiser_walks_and_shows_what_it_remembers(optimizer):
    address = {"optimizer": optimizer, "steps": "30", "learning_rate": "0.02", "compare": "adam,sgd"}
    header, arrays = path(**address)
    assert header["optimizer"]["key"] == optimizer
    assert {memory["key"] for memory in header["optimizer"]["memory"]} == {
        name.removeprefix("state_") for name in arrays if name.startswith("state_")
    }
    others = [key for key in ("adam", "sgd") if key != optimizer]
    assert [run["key"] for run in header["runs"]] == [optimizer, *others]
    for i, other in enumerate(others, start=1):
        _, alone = path(optimizer=other, steps="30", learning_rate="0.02")
        assert arrays[f"other_loss_{i}"].tolist() == alone["loss"].tolist()
    assert OPTIMIZERS[optimizer].sentence in words(**address)
    assert (arrays["theta"][:-1] + arrays["update"][:-1]).tolist() == pytest.approx(arrays["theta"][1:], abs=1e-15)


def test_gradients_that_are_not_cleared_pile_up_and_the_page_says_so():
    _, arrays = path(zero_grad="off", steps="20")
    np.testing.assert_allclose(arrays["used"], np.cumsum(arrays["gradient"], axis=0), rtol=1e-12)
    np.testing.assert_allclose(arrays["update"], -0.01 * arrays["used"], rtol=1e-9, atol=1e-15)
    assert "**not cleared**" in words(zero_grad="off", steps="20")
    assert "used" not in path()[1]


def test_a_data_set_is_drawn_from_in_batches():
    address = {"data": "xor", "batch": "3", "seed": "7", "steps": "12", "learning_rate": "0.1"}
    header, arrays = path(**address)
    assert header["rows"] == [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]
    for step, drawn in enumerate(arrays["batch"]):
        point = dict(zip(PARAMETERS, arrays["theta"][step].tolist(), strict=True))
        losses = []
        for index in drawn[~np.isnan(drawn)].astype(int):
            x_1, x_2, y = header["rows"][index]
            losses.append(by_hand(**point, x_1=x_1, x_2=x_2, y=y)["L"])
        assert arrays["loss"][step] == pytest.approx(sum(losses) / len(losses), abs=1e-12)
    epoch = arrays["batch"][:2].flatten()
    assert sorted(epoch[~np.isnan(epoch)]) == [0, 1, 2, 3]
    assert "draws 3 of the 4 rows at random" in words(**address)
    other = path(**address | {"seed": "8"})[1]
    assert other["batch"].tolist() != arrays["batch"].tolist()


def test_rows_of_ones_own_are_read_and_travel_in_the_address():
    screen = opened(DESCENT, data="rows", steps="5")
    assert sent(screen)[0]["rows"] is None  # until then the one example
    screen.text_area(key="typed_rows").set_value("x1, x2, y\n1; 2; 0.7\n−1\t1/2\t1e-1 # a remark").run()
    screen = pressed(screen, "Learn from these rows")
    assert sent(screen)[0]["rows"] == [[1, 2, 0.7], [-1, 0.5, 0.1]]
    assert screen.query_params["rows"] == "1~2~0.7_-1~0.5~0.1"
    _, again = path(data="rows", steps="5", rows="1~2~0.7_-1~0.5~0.1")
    assert again["loss"].tolist() == sent(screen)[1]["loss"].tolist()


@pytest.mark.parametrize(
    "text, told_why",
    [
        ("1, 2, 3\n1, two, 3", "Line 2, `1, two, 3`: x2 is `two`; write a number"),
        ("1, 2, nan", "Line 1, `1, 2, nan`: y is `nan`; write a number"),
        ("1, 2, 3, 4", "Line 1, `1, 2, 3, 4`: 4 values; a row has three"),
        ("0, 0, 0\n" * 33, "Line 33, `0, 0, 0`: this is row 33; at most 32 are possible"),
        ("1, 2, 9", "Line 1, `1, 2, 9`: y is `9`; choose a number from −5 to 5"),
        ("1, 2, __import__('os')", "Line 1, `1, 2, __import__('os')`: y is `__import__('os')`"),
        ("1, 2, ”**x**“<b>`", "Line 1, `1, 2,  **x** <b>·`: y is `**x** <b>·`"),
    ],
    ids=["word", "nan", "columns", "rows", "far", "code", "markup"],
)
def test_bad_rows_are_named_and_the_former_ones_stay(text, told_why):
    screen = opened(DESCENT, data="rows", rows="1~2~0.7", steps="0")
    before = sent(screen)[1]["loss"].tolist()
    screen.text_area(key="typed_rows").set_value(text).run()
    screen = pressed(screen, "Learn from these rows")
    (error,) = screen.error
    assert told_why in error.value
    assert error.value.endswith("The former data stay.")
    assert sent(screen)[1]["loss"].tolist() == before


def test_rows_that_a_new_loss_cannot_take_are_put_away_with_a_word():
    screen = opened(DESCENT, data="rows", rows="1~2~3", output="sigmoid", steps="3")
    screen.selectbox(key="loss_shown").set_value("binary_cross_entropy").run()
    assert not screen.exception
    assert screen.session_state.data == "one"
    assert any("They were put away." in toast.value for toast in screen.toast)


def test_two_axes_show_the_loss_over_both():
    screen = told(opened(DESCENT, steps="3"), "path", "axes", {"a": "b2", "b": "w2_1", "held": "start"})
    header, arrays = sent(screen)
    assert header["axes"] == {"a": "b2", "b": "w2_1", "held": "start"}
    for i, j in ((0, 0), (5, 30), (40, 12)):
        at = {"b2": arrays["axes_a"][i], "w2_1": arrays["axes_b"][j]}
        assert arrays["axes_loss"][j, i] == pytest.approx(by_hand(**at)["L"], rel=1e-6)  # float32
    assert screen.query_params["axes"] == "b2,w2_1,start"


MALFORMED_AXES = [
    *(None, 3, [], {}),
    *({"a": "b2"}, {"a": "b2", "b": "b2", "held": "end"}, {"a": "b2", "b": "w2_1", "held": "now"}),
]


def test_axes_that_make_no_sense_are_ignored(caplog):
    screen = opened(DESCENT, steps="0")
    for message in MALFORMED_AXES:
        caplog.clear()
        screen = told(screen, "path", "axes", message)
        assert not screen.exception, message
        assert sent(screen)[0]["axes"] == {"a": "w1_12", "b": "w2_2", "held": "end"}, message
        assert any("axes that are not there" in record.getMessage() for record in caplog.records), message


def test_the_longest_walk_ends():
    _, arrays = path(steps="2000", data="circle", batch="4", compare="adam")
    assert len(arrays["loss"]) == 2001


MALFORMED_STEPS = [
    -1,
    5,
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


def test_a_step_that_makes_no_sense_is_ignored_with_a_line_in_the_log(caplog):
    screen = opened(DESCENT, steps="4")
    before = result(screen)
    for step in MALFORMED_STEPS:
        caplog.clear()
        screen = told(screen, "path", "taken", step)
        assert not screen.exception, f"{step!r:.30}"
        assert not screen.error, f"{step!r:.30}"
        assert (values(screen), result(screen)) == (NOTEBOOK, before), f"{step!r:.30}"
        (line,) = [record.getMessage() for record in caplog.records if "scrubber" in record.msg]
        assert line.startswith("The scrubber asked for a step that is not there: "), f"{step!r:.30}"
        assert len(line) < 200
