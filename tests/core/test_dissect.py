"""core/dissect.py: what a step promises and what it does, and the overshoot explained before it happens."""

import numpy as np
import pytest

from core import Architecture, Example, Parameters, descend, forward
from core.curvature import critical_rate, curvature, verdict
from core.dissect import dissect_all
from core.optimizers import OPTIMIZERS
from tests.core.points import NOTEBOOK, random_points

SEVEN = tuple(Example(e.x, (i % 4) / 4) for i, (_, e) in enumerate(random_points(7, seed=61, span=1.5)))
OVERSHOOT = Parameters([[0, 1], [2, 1]], [0, 1], [[1], [-1]], [2]), Example([1, 1], -4)


def test_the_published_overshoot_is_explained_before_the_step_is_taken():
    # By hand: z1 = h = (2, 3), o = 2 − 3 + 2 = 1, e = o − y = 5, L = ½ 5² = 12.5;
    # g = e · (w2_1 x, w2_2 x, …, h, 1) = 5 · (1, −1, 1, −1, 1, −1, 2, 3, 1), ‖g‖² = 25 · 20 = 500.
    before = descend(*OVERSHOOT, learning_rate=0.25, steps=0)
    told, bent = dissect_all(before), curvature(before)
    assert before.loss == (12.5,)
    assert before.gradient == ((5, -5, 5, -5, 5, -5, 10, 15, 5),)
    assert told.predicted[0] == -0.25 * 500
    # Along u = −g/4: o's slope is −25, and o bends by 2 Σ Δw2_j Δz1_j = 2 · (−2.5 · −3.75 + −3.75 · 3.75) = −9.375,
    # so L″ = (o′)² + e o″ = 625 + 5 · (−9.375) = 578.125.
    assert told.second_order[0] == pytest.approx(-125 + 578.125 / 2, rel=1e-12)
    g = np.array(before.gradient[0])
    assert g @ bent.hessian[0] @ g / (g @ g) == pytest.approx(578.125 / (0.25**2 * 500), rel=1e-12)
    # The rate is far above what the bend allows, and the verdict says so.
    critical = critical_rate(float(bent.largest[0]))
    assert critical == pytest.approx(2 / np.linalg.eigvalsh(bent.hessian[0]).max(), rel=1e-12)
    assert critical < 0.25 / 2
    assert verdict(0.25, bent.largest[0]).word == "diverging"
    # And then the step: far up instead of down, as the second order said.
    after = descend(*OVERSHOOT, learning_rate=0.25, steps=1)
    assert after.loss[1] == pytest.approx(372.986328125, rel=1e-12)
    assert told.actual[0] == pytest.approx(372.986328125 - 12.5, rel=1e-12)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("asked", [{}, {"clear_gradients": False}, {"rows": SEVEN, "batch_size": 3}], ids=str)
def test_every_step_is_taken_apart_as_it_was_run(optimizer, asked):
    network = Architecture("tanh")
    run = descend(*NOTEBOOK, learning_rate=0.03, steps=8, optimizer=optimizer, architecture=network, **asked)
    steps = dissect_all(run)
    H = curvature(run).hessian
    for k in range(8):
        before, after = np.array(run.theta[k]), np.array(run.theta[k + 1])
        u, g = after - before, np.array(run.gradient[k])
        assert steps.predicted[k] == pytest.approx(g @ u, rel=1e-10, abs=1e-14)
        assert steps.second_order[k] == pytest.approx(g @ u + u @ H[k] @ u / 2, rel=1e-10, abs=1e-14)

        def mean(theta, rows):
            here = Parameters.from_vector(theta.tolist())
            return np.mean([forward(here, run.rows[i], architecture=network).L for i in rows])

        assert steps.actual[k] == pytest.approx(
            mean(after, run.batches[k]) - mean(before, run.batches[k]), rel=1e-9, abs=1e-14
        )


def test_for_plain_descent_the_gradient_promises_the_rate_times_its_own_square():
    run = descend(*NOTEBOOK, learning_rate=0.01, steps=20)
    square = (np.array(run.gradient) ** 2).sum(axis=1)
    assert dissect_all(run).predicted == pytest.approx(-0.01 * square, rel=1e-9)


def test_the_smaller_the_step_the_better_the_promise_and_the_bend_makes_it_better_still():
    apart = []
    for rate in (1e-2, 1e-3):
        told = dissect_all(descend(*NOTEBOOK, learning_rate=rate, steps=0))
        apart.append((abs(told.predicted - told.actual).item(), abs(told.second_order - told.actual).item()))
    assert apart[0][1] < 0.2 * apart[0][0]
    assert apart[1][0] == pytest.approx(apart[0][0] / 100, rel=0.1)  # what is left out goes with η²
    assert apart[1][1] == pytest.approx(apart[0][1] / 1000, rel=0.1)  # and here with η³


def test_a_run_that_runs_away_can_be_taken_apart():
    path = descend(*NOTEBOOK, learning_rate=10.0, steps=200)
    steps = dissect_all(path)
    assert len(steps.actual) == path.diverged_at
    assert np.isfinite(steps.predicted[: path.diverged_at - 2]).all()
    nothing = descend(Parameters([[1e100, 1], [1, 1]], [0, 0], [[1e100], [1]], [0]), NOTEBOOK[1], steps=3)
    assert dissect_all(nothing).actual.shape == (0,)
