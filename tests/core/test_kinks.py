"""core/kinks.py: the corners of the loss along an axis are where a hidden unit turns."""

import math

import pytest

from core import Architecture, Example, descend, forward
from core.datasets import DATASETS
from core.kinks import kinks
from core.names import PARAMETERS
from core.parameters import Parameters
from tests.core.points import NOTEBOOK, random_points

KEYS = [name.key for name in PARAMETERS]


def z1_with(theta: tuple[float, ...], p: int, value: float, example: Example, j: int) -> float:
    """The pre-activation of hidden unit j once parameter p has this value."""
    moved = [*theta[:p], value, *theta[p + 1 :]]
    return forward(Parameters.from_vector(moved), example).z1[j]


def test_the_notebooks_corners_are_where_a_hand_finds_them():
    found = kinks(descend(*NOTEBOOK, steps=0))[0]
    # z1 = (0.8, 1.2), x = (1, 2)
    expected = {
        "w1_11": 0.1 - 0.8,
        "w1_12": 0.2 - 1.2,
        "w1_21": 0.3 - 0.4,
        "w1_22": 0.4 - 0.6,
        "b1_1": -0.7,
        "b1_2": -1.0,
    }
    for p, key in enumerate(KEYS):
        if key in expected:
            assert found[p] == pytest.approx([expected[key]], abs=1e-12)
        else:
            assert all(math.isnan(value) for value in found[p])


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
def test_at_a_corner_a_pre_activation_is_zero(activation):
    architecture = Architecture(activation)
    for parameters, example in random_points(20, seed=3):
        path = descend(parameters, example, learning_rate=0.01, steps=3, architecture=architecture)
        found = kinks(path)
        for step, theta in enumerate(path.theta):
            for p in range(6):
                assert z1_with(theta, p, found[step, p, 0], example, p % 2) == pytest.approx(0, abs=1e-9)


def test_every_drawn_row_has_its_own_corner_and_rows_not_drawn_have_none():
    rows = DATASETS["circle"].rows  # nine rows in batches of two: the last of an epoch is a single one
    path = descend(*NOTEBOOK, rows=rows, batch_size=2, steps=9, learning_rate=0.05)
    found = kinks(path)
    bias = KEYS.index("b1_1")
    for step, batch in enumerate(path.batches):
        theta = path.theta[step]
        expected = sorted(theta[bias] - z1_with(theta, bias, theta[bias], rows[row], 0) for row in batch)
        assert sorted(value for value in found[step, bias] if not math.isnan(value)) == pytest.approx(expected)
    assert {len(batch) for batch in path.batches} == {1, 2}


def test_an_input_of_zero_never_meets_the_kink():
    parameters, _ = NOTEBOOK
    found = kinks(descend(parameters, Example([0.0, 2.0], 0.7), steps=0))[0]
    assert math.isnan(found[KEYS.index("w1_11")][0])
    assert not math.isnan(found[KEYS.index("w1_21")][0])


@pytest.mark.parametrize("activation", ["tanh", "gelu", "identity"])
def test_a_smooth_network_has_no_corner(activation):
    assert kinks(descend(*NOTEBOOK, steps=2, architecture=Architecture(activation))).shape == (3, 9, 0)
