"""core/slices.py: what the loss would be if one parameter alone moved, at every step."""

import math
import sys

import numpy as np
import pytest

from core import Architecture, Descent, Example, Parameters, descend, forward, slices
from core.slices import POINTS
from tests.core.points import NOTEBOOK, architecture_id, architectures, random_points


@pytest.fixture(scope="module")
def run() -> Descent:
    return descend(*NOTEBOOK, learning_rate=0.01, steps=40)


def moved(theta: tuple[float, ...], axis: int, value: float) -> Parameters:
    return Parameters.from_vector([value if p == axis else entry for p, entry in enumerate(theta)])


def test_there_are_nine_curves_at_every_step(run):
    curves = slices(run)
    assert curves.grid.shape == (9, POINTS)
    assert curves.loss.shape == (41, 9, POINTS)
    assert (curves.grid.dtype, curves.loss.dtype) == (np.float32, np.float32)


@pytest.mark.parametrize("architecture", architectures(), ids=architecture_id)
def test_each_sample_is_the_loss_with_one_parameter_moved_and_eight_held(architecture):
    run = descend(*NOTEBOOK, learning_rate=0.05, steps=10, architecture=architecture)
    curves = slices(run)
    for k in (0, 10):
        for axis in range(9):
            for sample in (0, 13, 40):
                there = moved(run.theta[k], axis, float(curves.grid[axis, sample]))
                expected = forward(there, run.example, architecture=architecture).L
                assert curves.loss[k, axis, sample] == pytest.approx(expected, rel=1e-5, abs=1e-6)


def parabola_through(run: Descent, curves, k: int, axis: int) -> np.poly1d:
    """The curve near its point: the parabola through the three samples nearest to θ, around θ."""
    place = run.theta[k][axis]
    nearest = np.sort(np.argsort(np.abs(curves.grid[axis].astype(float) - place))[:3])
    x, loss = curves.grid[axis, nearest].astype(float) - place, curves.loss[k, axis, nearest].astype(float)
    return np.poly1d(np.polyfit(x, loss, 2))


def test_each_curve_passes_through_the_recorded_loss_with_the_gradient_as_its_slope(run):
    # On one side of ReLU's kink the loss is a parabola along every axis, so three samples say it all. Along this
    # run both units stay open by more than a sample's distance (checked), so no kink lies between the three.
    curves = slices(run)
    _, example = NOTEBOOK
    spacing = float(np.max(np.diff(curves.grid, axis=1))) * 2
    for k in range(0, 41, 5):
        opened = forward(Parameters.from_vector(run.theta[k]), example).z1
        assert min(opened) > 2.0 * spacing  # an input is at most 2, so this is how far z1 moves
        for axis in range(9):
            curve = parabola_through(run, curves, k, axis)
            assert curve(0) == pytest.approx(run.loss[k], abs=1e-5)
            assert curve.deriv()(0) == pytest.approx(run.gradient[k][axis], abs=1e-4)


def test_the_grid_covers_the_run_with_room_on_both_sides():
    for point in (NOTEBOOK, *random_points(5, seed=51)):
        run = descend(*point, learning_rate=0.01, steps=30)
        grid = slices(run).grid
        theta = np.array(run.theta)
        assert (np.diff(grid, axis=1) > 0).all()
        assert (grid[:, 0] <= theta.min(axis=0) - 0.6 + 1e-5).all()
        assert (grid[:, -1] >= theta.max(axis=0) + 0.6 - 1e-5).all()


def test_a_single_point_has_its_curves_too():
    run = descend(*NOTEBOOK, steps=0)
    curves = slices(run)
    assert curves.loss.shape == (1, 9, POINTS)
    assert curves.grid[:, [0, -1]] == pytest.approx(np.array([[p - 0.6, p + 0.6] for p in run.theta[0]]), abs=1e-6)
    # With no run to either side, θ itself is the middle sample.
    assert curves.loss[0, :, POINTS // 2] == pytest.approx(np.full(9, run.loss[0]), abs=1e-6)


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_a_run_that_runs_away_is_followed_only_so_far(precision):
    run = descend(*NOTEBOOK, learning_rate=10.0, steps=200, precision=precision)
    curves = slices(run, precision=precision)
    assert run.diverged_at is not None
    assert curves.loss.shape == (run.diverged_at, 9, POINTS)
    assert np.isfinite(curves.grid).all()
    assert np.isfinite(curves.loss[0]).all()
    # The run ends beyond 1e9; the part worth drawing stays within sight of its start.
    assert max(map(abs, run.theta[-1])) > 1e9
    assert np.abs(curves.grid - np.array(run.theta[0])[:, None]).max() < 100


def test_the_grid_of_a_run_that_runs_away_covers_the_steps_whose_loss_has_not_grown_twentyfold():
    run = descend(*NOTEBOOK, learning_rate=2.5, steps=30)
    near = np.array([theta for theta, loss in zip(run.theta, run.loss, strict=True) if loss <= 20 * run.loss[0]])
    assert 1 < len(near) < 31
    low, high = near.min(axis=0), near.max(axis=0)
    room = np.maximum((high - low) / 2, 0.6)
    assert slices(run).grid[:, 0] == pytest.approx(low - room, rel=1e-5)
    assert slices(run).grid[:, -1] == pytest.approx(high + room, rel=1e-5)


def test_a_run_of_no_steps_at_all_has_no_curves_and_is_no_error():
    far = Parameters(W1=[[1e100, 1], [1, 1]], b1=[0, 0], W2=[[1e100], [1]], b2=[0])
    run = descend(far, NOTEBOOK[1], steps=3)
    assert (run.diverged_at, forward(far, NOTEBOOK[1]).L) == (0, math.inf)
    assert slices(run).loss.shape == (0, 9, POINTS)


def test_a_dead_unit_has_flat_curves_until_its_gate_opens():
    parameters, example = NOTEBOOK
    dead = Parameters(parameters.W1, [-10, 0.2], parameters.W2, parameters.b2)
    flat = slices(descend(dead, example, learning_rate=0.01, steps=5)).loss
    for axis in (0, 2, 4, 6):  # w1_11, w1_21, b1_1, and w2_1 whose h is 0
        assert np.ptp(flat[:, axis], axis=1).max() == 0.0
    assert np.ptp(flat[:, 8], axis=1).min() > 0.1


def test_all_two_hundred_steps_of_the_linear_network_agree_with_algebra():
    # With f = identity, o is linear along every axis: L(v) = ½ (o_k + (∂o/∂p)(v − θ_k) − y)².
    run = descend(*NOTEBOOK, learning_rate=0.01, steps=200, architecture=Architecture(activation="identity"))
    curves = slices(run)
    error = np.array(run.output)[:, None] - run.example.y
    assert np.abs(error[:50]).min() > 1e-3
    slope = np.array(run.gradient)[:50] / error[:50]
    away = curves.grid[None].astype(float) - np.array(run.theta)[:50, :, None]
    expected = 0.5 * (error[:50, :, None] + slope[..., None] * away) ** 2
    assert np.abs(curves.loss[:50] - expected).max() < 1e-5


# ── with a data set ─────────────────────────────────────────────────────────────────────────────────────────────

SEVEN = tuple(Example(e.x, (i % 4) / 4) for i, (_, e) in enumerate(random_points(7, seed=61, span=1.5)))


@pytest.mark.parametrize("loss", ["batch", "mean"])
@pytest.mark.parametrize("size", [1, 3, 7])
def test_each_sample_is_the_loss_of_the_drawn_batch_or_of_all_rows(loss, size, monkeypatch):
    monkeypatch.setattr(
        sys.modules["core.slices"], "AT_ONCE", 4 * 9 * POINTS * size
    )  # several pieces, the last one shorter
    network = Architecture("tanh")
    run = descend(*NOTEBOOK, rows=SEVEN, batch_size=size, steps=10, learning_rate=0.1, architecture=network)
    curves = slices(run, loss)
    for k in (0, 3, 9, 10):
        seen = [SEVEN[i] for i in run.batches[k]] if loss == "batch" else SEVEN
        for axis in range(9):
            for sample in (0, 17, 40):
                there = moved(run.theta[k], axis, float(curves.grid[axis, sample]))
                expected = np.mean([forward(there, row, architecture=network).L for row in seen])
                assert curves.loss[k, axis, sample] == pytest.approx(expected, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("loss", ["batch", "mean"])
@pytest.mark.parametrize("asked", [{}, {"batch_size": 3}, {"batch_size": 1, "optimizer": "adam"}], ids=str)
def test_the_curves_pass_through_the_recorded_losses_with_their_gradients_as_slopes(loss, asked):
    network = Architecture("tanh")
    run = descend(*NOTEBOOK, rows=SEVEN, steps=12, learning_rate=0.1, architecture=network, **asked)
    curves = slices(run, loss)
    assert curves.height == pytest.approx(np.array(run.loss if loss == "batch" else run.mean_loss), rel=1e-12)
    if loss == "batch":
        assert curves.slope == pytest.approx(np.array(run.gradient), rel=1e-12, abs=1e-14)
    grid, drawn = curves.grid.astype(float), curves.loss.astype(float)
    for k in range(13):
        for axis in range(9):
            # the polynomial of degree 8 through the nine samples nearest to θ is as good as the curve there
            place = run.theta[k][axis]
            nearest = np.sort(np.argsort(np.abs(grid[axis] - place))[:9])
            curve = np.polynomial.Polynomial.fit(grid[axis, nearest] - place, drawn[k, axis, nearest], 8)
            assert curve(0.0) == pytest.approx(curves.height[k], abs=1e-6)
            assert curve.deriv()(0.0) == pytest.approx(curves.slope[k, axis], abs=2e-5)


def test_a_loss_that_is_not_there_is_refused_with_a_sentence(run):
    with pytest.raises(ValueError, match="loss 'all' is not known; choose one of: batch, mean"):
        slices(run, "all")
