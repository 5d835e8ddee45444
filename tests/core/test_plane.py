"""core/plane.py: the loss over two parameters, and the output over the inputs."""

import numpy as np
import pytest

from core import PARAMETERS, Architecture, Example, Parameters, descend, forward
from core.plane import key_steps, output_planes, surface
from tests.core.points import NOTEBOOK, sentence_of

ROWS = (NOTEBOOK[1], Example([0, 1], 0.2), Example([-1, 0.5], 0.9))
KEYS = [name.key for name in PARAMETERS]


@pytest.mark.parametrize(("key_a", "key_b"), [("w1_11", "b2"), ("w2_2", "w1_12"), ("b1_1", "b1_2")])
@pytest.mark.parametrize("rows", [ROWS[:1], ROWS], ids=len)
def test_every_point_of_a_surface_is_the_mean_loss_with_two_parameters_moved(key_a, key_b, rows):
    network = Architecture("tanh")
    seen = surface(NOTEBOOK[0], rows, key_a, key_b, points=7, architecture=network)
    assert seen.loss.shape == (7, 7)
    for i in range(7):
        for j in range(7):
            theta = list(NOTEBOOK[0].vector)
            theta[KEYS.index(key_a)], theta[KEYS.index(key_b)] = seen.a[i], seen.b[j]
            here = Parameters.from_vector(theta)
            expected = np.mean([forward(here, row, architecture=network).L for row in rows])
            assert seen.loss[j, i] == pytest.approx(expected, rel=1e-12)


def test_a_surface_covers_the_path_with_room_on_all_sides():
    path = descend(*NOTEBOOK, learning_rate=0.2, steps=30)
    seen = surface(path.step(30).parameters, [NOTEBOOK[1]], "w1_22", "w2_1", path=path)
    for axis, key in ((seen.a, "w1_22"), (seen.b, "w2_1")):
        column = np.array(path.theta)[:, KEYS.index(key)]
        assert axis[0] <= column.min() - 0.6 + 1e-12
        assert axis[-1] >= column.max() + 0.6 - 1e-12
        assert (np.diff(axis) > 0).all()


def test_a_surface_follows_a_path_that_runs_away_only_so_far():
    path = descend(*NOTEBOOK, learning_rate=10.0, steps=200)
    seen = surface(NOTEBOOK[0], [NOTEBOOK[1]], "w1_11", "b2", path=path)
    assert np.abs([seen.a, seen.b]).max() < 100
    assert np.isfinite(seen.loss).all()


def test_without_a_path_the_parameters_stand_in_the_middle():
    seen = surface(NOTEBOOK[0], [NOTEBOOK[1]], "w1_11", "b2", points=5)
    assert (seen.a[2], seen.b[2]) == pytest.approx((0.1, 0.3))
    assert seen.loss[2, 2] == pytest.approx(0.2592)


def test_every_point_of_an_output_plane_is_the_output_there():
    network = Architecture("tanh", "sigmoid", "binary_cross_entropy")
    seen = output_planes(descend(*NOTEBOOK, steps=0, architecture=network), low=-1.5, high=2.5, points=9)
    assert (seen.steps, seen.output.shape) == ((0,), (1, 9, 9))
    assert (seen.x1[0], seen.x1[-1]) == (seen.x2[0], seen.x2[-1]) == (-1.5, 2.5)
    for i in (0, 3, 8):
        for j in (0, 5, 8):
            there = forward(NOTEBOOK[0], Example([float(seen.x1[i]), float(seen.x2[j])], 0), architecture=network)
            assert seen.output[0, j, i] == pytest.approx(there.o, rel=1e-6)


def test_output_planes_are_those_of_the_key_steps():
    path = descend(*NOTEBOOK, learning_rate=0.1, steps=100, rows=ROWS)
    seen = output_planes(path, points=5)
    assert seen.steps == tuple(range(0, 101, 5))
    assert seen.output.shape == (21, 5, 5)
    for t in (0, 7, 20):
        alone = output_planes(descend(path.step(seen.steps[t]).parameters, NOTEBOOK[1], steps=0), points=5)
        assert seen.output[t] == pytest.approx(alone.output[0], rel=1e-6)


def test_a_path_of_no_steps_has_no_planes():
    nothing = descend(Parameters([[1e100, 1], [1, 1]], [0, 0], [[1e100], [1]], [0]), NOTEBOOK[1], steps=3)
    assert output_planes(nothing).output.shape == (0, 41, 41)


def test_key_steps_are_evenly_apart_and_hold_both_ends():
    assert key_steps(3, 21) == (0, 1, 2)
    assert key_steps(2001, 5) == (0, 500, 1000, 1500, 2000)
    assert key_steps(0, 5) == ()
    for count in (22, 50, 201):
        steps = key_steps(count, 21)
        assert (len(set(steps)), steps[0], steps[-1]) == (21, 0, count - 1)


ONE = [NOTEBOOK[1]]
BAD_LOOKS = {
    "an input": (
        lambda: surface(NOTEBOOK[0], ONE, "x_1", "b2"),
        f"parameter 'x_1' is not known; choose one of: {', '.join(KEYS)}",
    ),
    "twice the same": (
        lambda: surface(NOTEBOOK[0], ONE, "b2", "b2"),
        "parameter 'b2' is chosen twice; choose two different ones",
    ),
    "no examples": (lambda: surface(NOTEBOOK[0], [], "w1_11", "b2"), "0 rows are not possible; give 1 to 32"),
    "too fine a surface": (
        lambda: surface(NOTEBOOK[0], ONE, "w1_11", "b2", points=62),
        "points 62 is not possible; choose a whole number from 2 to 61",
    ),
    "a plane of a single point": (
        lambda: output_planes(descend(*NOTEBOOK, steps=1), points=1),
        "points 1 is not possible; choose a whole number from 2 to 61",
    ),
    "a range upside down": (
        lambda: output_planes(descend(*NOTEBOOK, steps=1), low=1, high=-1),
        "the range 1 to -1 is not possible; choose low below high, both from −10 to 10",
    ),
    "too wide a range": (
        lambda: output_planes(descend(*NOTEBOOK, steps=1), low=-1, high=11),
        "the range -1 to 11 is not possible; choose low below high, both from −10 to 10",
    ),
}


@pytest.mark.parametrize("case", BAD_LOOKS)
def test_a_look_that_cannot_be_is_refused_with_a_sentence(case):
    call, sentence = BAD_LOOKS[case]
    assert sentence_of(call) == sentence
