"""core/descent.py: the run down, step by step, and the run that runs away."""

import dataclasses
import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core import (
    ACTIVATIONS,
    LOSSES,
    OPTIMIZERS,
    Architecture,
    Example,
    Parameters,
    backward,
    descend,
    descend_all,
    forward,
    rate_that_holds,
)
from core.descent import Descent, Step, rises
from core.device import devices, precisions
from core.functions import Activation, slopes
from tests.core.points import (
    NOTEBOOK,
    Point,
    architecture_id,
    architectures,
    hard_points,
    random_points,
    sentence_of,
    share,
)

EVERY_ARCHITECTURE = pytest.mark.parametrize("architecture", architectures(), ids=architecture_id)
DTYPES = {"float64": torch.float64, "float32": torch.float32}

# At η = 10 the notebook's loss grows past the largest float64 within 200 steps.
RUNS_AWAY = {"learning_rate": 10.0, "steps": 200}


def torchs_own_run(
    point: Point, rate: float, steps: int, architecture: Architecture, precision: str = "float64"
) -> tuple[list[tuple[float, ...]], list[tuple[float, ...]], list[float]]:
    """θ, ∂L/∂θ and L at every step from torch.nn.functional.linear and torch.optim.SGD, one number at a time."""
    parameters, example = point
    f, g = ACTIVATIONS[architecture.activation].torch, ACTIVATIONS[architecture.output].torch
    row = LOSSES[architecture.loss]
    given = {"dtype": DTYPES[precision]}
    W1, b1, W2, b2 = tensors = [
        torch.tensor(value, **given, requires_grad=True)
        for value in (parameters.W1, parameters.b1, parameters.W2, parameters.b2)
    ]
    x, y = torch.tensor(example.x, **given), torch.tensor([example.y], **given)
    optimiser = torch.optim.SGD(tensors, lr=rate)
    thetas, gradients, losses = [], [], []
    for _ in range(steps + 1):
        optimiser.zero_grad()
        h = f(torch.nn.functional.linear(x, W1.T, b1))
        z2 = torch.nn.functional.linear(h, W2.T, b2)
        loss = row.torch(z2 if row.source == "z2" else g(z2), y).sum()
        loss.backward()
        thetas.append(tuple(number for tensor in tensors for number in tensor.detach().flatten().tolist()))
        gradients.append(tuple(number for tensor in tensors for number in tensor.grad.flatten().tolist()))
        losses.append(loss.item())
        optimiser.step()
    return thetas, gradients, losses


@EVERY_ARCHITECTURE
def test_the_run_is_the_one_torchs_own_optimiser_takes(architecture):
    steps = share(100)
    for point in (NOTEBOOK, *random_points(2, seed=41, span=1.0, architecture=architecture)):
        run = descend(*point, learning_rate=0.02, steps=steps, architecture=architecture)
        thetas, gradients, losses = torchs_own_run(point, 0.02, steps, architecture)
        assert len(run.loss) == steps + 1
        for ours, theirs in ((run.theta, thetas), (run.gradient, gradients), (run.loss, losses)):
            np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)


@EVERY_ARCHITECTURE
def test_every_row_is_the_forward_and_the_backward_pass_at_its_own_parameters(architecture):
    _, example = NOTEBOOK
    for step in descend(*NOTEBOOK, learning_rate=0.1, steps=share(40), architecture=architecture).steps:
        here = forward(step.parameters, example, architecture=architecture)
        assert (step.loss, step.output) == pytest.approx((here.L, here.o), rel=1e-14)
        slopes = backward(step.parameters, example, architecture=architecture)
        assert step.gradients.vector == pytest.approx(slopes.vector[:9], rel=1e-14)


@settings(max_examples=30)
@given(
    st.lists(st.floats(-3, 3), min_size=12, max_size=12),
    st.floats(1e-6, 0.05),
    st.integers(0, 12),
)
def test_each_step_goes_by_the_learning_rate_against_the_gradient(values, rate, steps):
    parameters, example = Parameters.from_vector(values[:9]), Example(values[9:11], values[11])
    run = descend(parameters, example, learning_rate=rate, steps=steps)
    assert run.theta[0] == parameters.vector
    assert len(run.theta) == len(run.gradient) == len(run.loss) == len(run.output) == steps + 1
    for (here, following), gradient in zip(pairwise(run.theta), run.gradient[:-1], strict=True):
        assert following == pytest.approx(
            [p - rate * slope for p, slope in zip(here, gradient, strict=True)], rel=1e-15
        )


def test_no_steps_at_all_leave_the_start_alone():
    run = descend(*NOTEBOOK, steps=0)
    assert len(run.steps) == 1
    assert run.steps[0].parameters == NOTEBOOK[0]
    assert run.loss == (forward(*NOTEBOOK).L,)


def test_a_run_says_where_it_came_from():
    run = descend(*NOTEBOOK, learning_rate=0.05, steps=3)
    assert (run.parameters, run.example) == NOTEBOOK
    assert (run.architecture, run.learning_rate, run.diverged_at) == (Architecture(), 0.05, None)


def test_the_defaults_are_a_hundred_steps_of_a_hundredth():
    assert descend(*NOTEBOOK) == descend(*NOTEBOOK, learning_rate=0.01, steps=100)


def test_a_small_rate_brings_the_loss_down_at_every_step():
    run = descend(*NOTEBOOK, learning_rate=0.01, steps=100)
    assert all(after < before for before, after in pairwise(run.loss))
    assert run.output[-1] == pytest.approx(0.7, abs=0.02)


def test_at_the_target_nothing_moves():
    parameters, example = NOTEBOOK
    there = Example(example.x, forward(parameters, example).o)
    assert set(descend(parameters, there, learning_rate=1.0, steps=5).theta) == {parameters.vector}


def test_a_dead_unit_stays_where_it_is_while_the_rest_moves_on():
    parameters, example = NOTEBOOK
    dead = Parameters(parameters.W1, [-10, 0.2], parameters.W2, parameters.b2)
    run = descend(dead, example, learning_rate=0.1, steps=50)
    last = run.steps[-1].parameters
    assert ([row[0] for row in last.W1], last.b1[0], last.W2[0]) == ([0.1, 0.3], -10.0, (0.5,))
    assert last.W2[1] != (0.6,)
    assert run.loss[-1] < 1e-6


def test_with_both_units_dead_the_last_bias_alone_goes_to_the_target():
    parameters, example = NOTEBOOK
    dead = Parameters(parameters.W1, [-10, -10], parameters.W2, parameters.b2)
    run = descend(dead, example, learning_rate=0.5, steps=40)
    assert run.theta[-1][:8] == dead.vector[:8]
    assert run.theta[-1][8] == pytest.approx(0.7, abs=1e-9)


# ── backpropagation by hand, and autograd as its judge ──────────────────────────────────────────────────────────


def gradients_off(architecture: Architecture, points: list[Point], device: str, precision: str) -> float:
    """The largest distance from autograd's gradient, as a share of its largest entry (or of 1, if that is more)."""
    place, worst = {"architecture": architecture, "device": device, "precision": precision}, 0.0
    for point in points:
        ours = np.array(descend(*point, steps=0, **place).gradient[0])
        theirs = np.array(backward(*point, **place).vector[:9])
        worst = max(worst, np.abs(ours - theirs).max() / max(1.0, np.abs(theirs).max()))
    return worst


@EVERY_ARCHITECTURE
@pytest.mark.parametrize(("device", "precision"), [(d, p) for d in devices() for p in precisions(d)])
def test_the_recorded_gradient_is_autograds_at_random_points_at_kinks_and_far_out(architecture, device, precision):
    tolerance = 1e-12 if precision == "float64" else 1e-5
    for points in hard_points(architecture, 16, seed=47).values():
        assert gradients_off(architecture, points, device, precision) < tolerance


@EVERY_ARCHITECTURE
def test_the_gradient_of_a_batch_is_the_mean_of_its_rows(architecture):
    points = random_points(5, seed=48, span=1.5, architecture=architecture)
    start, rows = points[0][0], [example for _, example in points]
    run = descend(start, rows[0], rows=rows, batch_size=3, steps=3, learning_rate=0.1, architecture=architecture)
    assert [len(batch) for batch in run.batches] == [3, 2, 3, 2]
    for step, batch in zip(run.steps, run.batches, strict=True):
        each = [backward(step.parameters, rows[i], architecture=architecture).vector[:9] for i in batch]
        assert step.gradients.vector == pytest.approx(np.mean(each, axis=0), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_planted_error_in_a_derivative_is_seen(activation, monkeypatch):
    row = ACTIVATIONS[activation]
    wrong = dataclasses.replace(row, derivative=lambda z: row.derivative(z) * (1 + 1e-9))
    assert isinstance(wrong, Activation)
    slopes.cache_clear()
    try:
        monkeypatch.setitem(ACTIVATIONS, activation, wrong)
        assert gradients_off(Architecture(activation), random_points(20, seed=49), "cpu", "float64") > 1e-11
    finally:
        slopes.cache_clear()


# ── several at once ─────────────────────────────────────────────────────────────────────────────────────────────

ROWS = tuple(Example(example.x, (i % 3) / 2) for i, (_, example) in enumerate(random_points(7, seed=50, span=1.5)))
ASKED = {
    "one example": {},
    "gradients left standing": {"clear_gradients": False},
    "all rows": {"rows": ROWS},
    "batches": {"rows": ROWS, "batch_size": 3, "seed": 4},
    "some run away": {"learning_rate": 10.0, "steps": 250},
    "some run away from rows": {"learning_rate": 10.0, "steps": 250, "rows": ROWS, "batch_size": 2},
}


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("case", ASKED)
def test_descents_in_one_batch_are_the_ones_run_alone(case, precision):
    asked = {"steps": 30, "learning_rate": 0.02, **ASKED[case], "precision": precision}
    order = ("adam", *(key for key in OPTIMIZERS if key != "adam"))
    together = descend_all(*NOTEBOOK, optimizers=order, **asked)
    assert [run.optimizer for run in together] == list(order)
    runs_away = [run.diverged_at is not None for run in together]
    assert any(runs_away) == ("away" in case) and not all(runs_away)
    for run in together:
        alone = descend(*NOTEBOOK, optimizer=run.optimizer, **asked)
        if run.diverged_at is not None:  # where it leaves the floats, a last digit may decide
            assert abs(run.diverged_at - alone.diverged_at) <= 1
        some = min(len(run.loss), len(alone.loss)) if "away" not in case else 5
        assert (run.rows, run.batches[:some]) == (alone.rows, alone.batches[:some])
        rel = 1e-11 if precision == "float64" else 1e-3
        for column in ("theta", "gradient", "used", "update", "loss", "mean_loss", "output"):
            ours, theirs = (np.asarray(getattr(each, column))[:some] for each in (run, alone))
            np.testing.assert_allclose(ours, theirs, rtol=rel, atol=rel)
        assert set(run.state) == set(alone.state) == {memory.key for memory in OPTIMIZERS[run.optimizer].state}
        for letter, rows in run.state.items():
            assert len(rows) == len(run.loss)
            np.testing.assert_allclose(rows[:some], alone.state[letter][:some], rtol=rel, atol=rel)


def test_the_same_optimiser_may_be_asked_for_twice():
    one, other = descend_all(*NOTEBOOK, optimizers=("momentum", "momentum"), steps=5)
    assert np.asarray(one.theta) == pytest.approx(np.asarray(other.theta), rel=1e-14)
    assert one.optimizer == other.optimizer == "momentum"


def test_an_optimiser_that_is_not_known_is_refused_among_others():
    said = sentence_of(lambda: descend_all(*NOTEBOOK, optimizers=("sgd", "adm")))
    assert said.startswith("optimizer 'adm' is not known") and said.endswith("did you mean 'adam'?")


# ── records ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_step_is_a_frozen_record():
    run = descend(*NOTEBOOK, steps=2)
    step = run.steps[1]
    assert isinstance(step, Step)
    assert [field.name for field in dataclasses.fields(step)] == ["parameters", "gradients", "loss", "output"]
    for record, field in ((run, "loss"), (step, "loss"), (step.parameters, "b2"), (step.gradients, "b2")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(record, field, None)


def test_the_same_run_run_twice_is_equal_and_hashable():
    once, again = descend(*NOTEBOOK, steps=5), descend(*NOTEBOOK, steps=5)
    assert once == again
    assert len({once, again}) == 1


def test_a_step_holds_what_torchs_own_run_has_there():
    run = descend(*NOTEBOOK, learning_rate=0.02, steps=5)
    thetas, gradients, losses = torchs_own_run(NOTEBOOK, 0.02, 5, Architecture())
    assert len(run.steps) == 6
    for step, theta, gradient, loss in zip(run.steps, thetas, gradients, losses, strict=True):
        assert step.parameters.vector == pytest.approx(theta, rel=1e-12)
        assert step.gradients.vector == pytest.approx(gradient, rel=1e-12)
        assert step.loss == pytest.approx(loss, rel=1e-12)
        assert step.loss == pytest.approx((step.output - 0.7) ** 2 / 2, rel=1e-12)


def test_a_run_is_plain_floats_all_through():
    run = descend(*NOTEBOOK, steps=3)
    for column in (run.theta, run.gradient):
        assert {type(number) for row in column for number in row} == {float}
    assert {type(number) for number in (*run.loss, *run.output)} == {float}


# ── divergence ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_a_run_stops_at_the_first_step_that_is_not_finite(precision):
    run = descend(*NOTEBOOK, **RUNS_AWAY, precision=precision)
    thetas, gradients, losses = torchs_own_run(NOTEBOOK, 10.0, 200, Architecture(), precision)
    rows = [(*theta, *slopes, loss) for theta, slopes, loss in zip(thetas, gradients, losses, strict=True)]
    first_bad = next(k for k, row in enumerate(rows) if not all(map(math.isfinite, row)))
    assert run.diverged_at == first_bad
    assert len(run.theta) == len(run.gradient) == len(run.loss) == len(run.output) == len(run.steps) == first_bad
    assert all(map(math.isfinite, (*run.loss, *run.output, *(n for row in run.theta for n in row))))


def test_float32_runs_away_sooner_than_float64():
    sooner = descend(*NOTEBOOK, **RUNS_AWAY, precision="float32").diverged_at
    assert 0 < sooner < descend(*NOTEBOOK, **RUNS_AWAY).diverged_at


def test_a_loss_that_grows_but_stays_finite_is_a_whole_run():
    run = descend(*NOTEBOOK, learning_rate=5.0, steps=10)
    assert run.diverged_at is None
    assert len(run.loss) == 11
    assert run.loss[-1] > 1e6 * run.loss[0]


def test_a_start_whose_loss_is_already_infinite_has_no_run():
    far = Parameters(W1=[[1e100, 1], [1, 1]], b1=[0, 0], W2=[[1e100], [1]], b2=[0])
    run = descend(far, NOTEBOOK[1], steps=3)
    assert (run.diverged_at, run.steps, run.loss, run.theta) == (0, (), (), ())
    assert rate_that_holds(run, 3) is None


def holding_rate_one_by_one(point: Point, below: float, steps: int) -> float | None:
    """The same question, asked of one candidate at a time."""
    ladder = [
        1e-06, 2e-06, 5e-06, 1e-05, 2e-05, 5e-05, 1e-04, 2e-04, 5e-04, 1e-03, 2e-03, 5e-03,
        1e-02, 2e-02, 5e-02, 1e-01, 2e-01, 5e-01, 1.0, 2.0, 5.0, 10.0,
    ]  # fmt: skip
    for rate in reversed([rate for rate in ladder if rate < below]):
        run = descend(*point, learning_rate=rate, steps=steps)
        if run.diverged_at is None and max(run.loss) <= run.loss[0] * (1 + 1e-12):
            return rate
    return None


STEEP: Point = (Parameters([[3, 3], [3, 3]], [3, 3], [[3], [3]], [3]), Example([3, 3], -3))


@pytest.mark.parametrize("point", [NOTEBOOK, STEEP, *random_points(3, seed=43)], ids=range(5))
@pytest.mark.parametrize("rate", [10.0, 5.0, 0.7])
def test_the_rate_that_holds_is_the_largest_of_those_below(point, rate):
    run = descend(*point, learning_rate=rate, steps=30)
    assert rate_that_holds(run, 30) == holding_rate_one_by_one(point, rate, 30)


def test_a_rate_whose_loss_rises_on_the_way_does_not_hold_though_it_ends_at_nothing():
    # By hand, η = 1: b2 ← 0.3 − 0.72 = −0.42, both gates shut, so o = −0.42, L = ½ 1.12² = 0.6272; then b2 ← 0.7.
    one = descend(*NOTEBOOK, learning_rate=1.0, steps=200)
    assert one.loss[:3] == pytest.approx((0.2592, 0.6272, 0), abs=1e-15)
    assert rate_that_holds(descend(*NOTEBOOK, **RUNS_AWAY), 200) == 0.2
    assert max(descend(*NOTEBOOK, learning_rate=0.2, steps=200).loss) == 0.2592 == pytest.approx(one.loss[0])
    assert max(descend(*NOTEBOOK, learning_rate=0.5, steps=200).loss) == pytest.approx(0.2888)


def test_at_the_very_bottom_rounding_does_not_keep_a_rate_from_holding():
    # 0.1 + 0.2 − 0.3 is not 0 in floats: the loss wobbles by some 10⁻³³.
    parameters, _ = NOTEBOOK
    start = Parameters(parameters.W1, parameters.b1, parameters.W2, [0.3])
    bottom = descend(start, NOTEBOOK[1], learning_rate=0.2, steps=100).step(100).parameters
    run = descend(bottom, NOTEBOOK[1], learning_rate=10.0, steps=50)
    assert rate_that_holds(run, 50) is not None


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_one_loss_rises_above_another_by_more_than_rounding(precision):
    before = np.array([0.25, 0.25, 0.0, 1e-40, 4.0, 1e300 if precision == "float64" else 1e30])
    after = np.array([0.25, 0.2500001 if precision == "float64" else 0.251, 0.01, 0.0, 4.0 * (1 + 1e-15), before[-1]])
    assert rises(before, after, precision).tolist() == [False, True, True, False, False, False]


def test_below_the_smallest_rate_there_is_none_that_holds():
    assert rate_that_holds(descend(*NOTEBOOK, learning_rate=1e-6, steps=1), 1) is None


# ── precision ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_float32_takes_the_path_of_float64_to_a_hundred_thousandth():
    exact = descend(*NOTEBOOK, learning_rate=0.01, steps=200)
    rough = descend(*NOTEBOOK, learning_rate=0.01, steps=200, precision="float32")
    assert rough.theta != exact.theta
    for ours, theirs in zip(rough.theta, exact.theta, strict=True):
        assert ours == pytest.approx(theirs, abs=1e-5)
    assert rough.loss == pytest.approx(exact.loss, abs=1e-6)


# ── what cannot be ──────────────────────────────────────────────────────────────────────────────────────────────

RANGE, WHOLE = "is out of range; choose from 1e-06 to 10", "is not possible; choose a whole number from 0 to 2000"
BAD_DESCENTS = {
    "a rate of zero": ({"learning_rate": 0.0}, f"learning_rate 0.0 {RANGE}"),
    "a negative rate": ({"learning_rate": -0.1}, f"learning_rate -0.1 {RANGE}"),
    "a rate too small": ({"learning_rate": 1e-7}, f"learning_rate 1e-07 {RANGE}"),
    "a rate too large": ({"learning_rate": 11.0}, f"learning_rate 11.0 {RANGE}"),
    "a huge rate": ({"learning_rate": 1e308}, f"learning_rate 1e+308 {RANGE}"),
    "a rate of NaN": ({"learning_rate": math.nan}, "learning_rate must be a finite number, not nan"),
    "an infinite rate": ({"learning_rate": math.inf}, "learning_rate must be a finite number, not inf"),
    "a rate of True": ({"learning_rate": True}, "learning_rate must be a number, not True"),
    "a rate in words": ({"learning_rate": "0.1"}, "learning_rate must be a number, not '0.1'"),
    "no rate": ({"learning_rate": None}, "learning_rate must be a number, not None"),
    "a rate beyond floats": (
        {"learning_rate": 10**400},
        "learning_rate must be a finite number, not 1000000000000000000000000000000000000…",
    ),
    "negative steps": ({"steps": -1}, f"steps -1 {WHOLE}"),
    "too many steps": ({"steps": 2001}, f"steps 2001 {WHOLE}"),
    "far too many steps": ({"steps": 10**30}, f"steps 1000000000000000000000000000000 {WHOLE}"),
    "half a step": ({"steps": 0.5}, f"steps 0.5 {WHOLE}"),
    "whole steps as a float": ({"steps": 100.0}, f"steps 100.0 {WHOLE}"),
    "steps of True": ({"steps": True}, f"steps True {WHOLE}"),
    "steps in words": ({"steps": "5"}, f"steps '5' {WHOLE}"),
    "no steps": ({"steps": None}, f"steps None {WHOLE}"),
    "steps of NaN": ({"steps": math.nan}, f"steps nan {WHOLE}"),
}


@pytest.mark.parametrize("case", BAD_DESCENTS)
def test_a_descent_that_cannot_be_is_refused_with_a_sentence(case):
    asked, sentence = BAD_DESCENTS[case]
    assert sentence_of(lambda: descend(*NOTEBOOK, **asked)) == sentence


def test_the_bounds_themselves_are_allowed():
    assert isinstance(descend(*NOTEBOOK, learning_rate=1e-6, steps=0), Descent)
    assert isinstance(descend(*NOTEBOOK, learning_rate=10, steps=0), Descent)
    assert len(descend(*NOTEBOOK, steps=2000).loss) == 2001


@pytest.mark.parametrize("rate", [10.0000001, 9.9999999e-7])
def test_a_rate_just_outside_is_not_called_by_the_name_of_the_bound(rate):
    sentence = sentence_of(lambda: descend(*NOTEBOOK, learning_rate=rate))
    assert sentence == f"learning_rate {rate!r} {RANGE}"


def test_a_number_of_steps_with_thousands_of_digits_gets_our_sentence_and_not_pythons():
    assert WHOLE in sentence_of(lambda: descend(*NOTEBOOK, steps=10**5000))
