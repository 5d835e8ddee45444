"""core/optimizers.py, core/batches.py and the run of descend() with them: torch.optim is the judge."""

import math
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
import torch

from core import ACTIVATIONS, LOSSES, Architecture, Example, Parameters, descend, forward, rate_that_holds
from core.batches import deal_padded, draw, place_rows
from core.datasets import DATASETS
from core.device import devices, precisions
from core.optimizers import OPTIMIZERS
from tests.core.points import NOTEBOOK, random_points, sentence_of

SMOOTH = Architecture("tanh", "sigmoid", "binary_cross_entropy")
SEVEN = tuple(Example(e.x, (i % 4) / 4) for i, (_, e) in enumerate(random_points(7, seed=61, span=1.5)))
EVERY_OPTIMIZER = pytest.mark.parametrize("optimizer", OPTIMIZERS)
TORCHS_OWN = {
    "sgd": lambda tensors, rate: torch.optim.SGD(tensors, lr=rate),
    "momentum": lambda tensors, rate: torch.optim.SGD(tensors, lr=rate, momentum=0.9),
    "nesterov": lambda tensors, rate: torch.optim.SGD(tensors, lr=rate, momentum=0.9, nesterov=True),
    "adam": lambda tensors, rate: torch.optim.Adam(tensors, lr=rate, betas=(0.9, 0.999), eps=1e-8),
    "rmsprop": lambda tensors, rate: torch.optim.RMSprop(tensors, lr=rate, alpha=0.99, eps=1e-8),
}


def plain_loop(point, rate, steps, *, optimizer="sgd", clear=True, batches=None, rows=None, architecture):
    """θ, fresh gradient, gradient used, loss and torch.optim's own memory at every step of a plain training loop."""
    parameters, example = point
    rows, batches = rows or (example,), batches or ((0,),) * (steps + 1)
    f, g = ACTIVATIONS[architecture.activation].torch, ACTIVATIONS[architecture.output].torch
    row = LOSSES[architecture.loss]
    W1, b1, W2, b2 = tensors = [
        torch.tensor(value, dtype=torch.float64, requires_grad=True)
        for value in (parameters.W1, parameters.b1, parameters.W2, parameters.b2)
    ]
    torchs_own = TORCHS_OWN[optimizer](tensors, rate)

    def flat(four) -> list[float]:
        return [number for tensor in four for number in tensor.detach().flatten().tolist()]

    told = {"theta": [], "gradient": [], "used": [], "loss": [], "memory": []}
    before = [0.0] * 9
    for k in range(steps + 1):
        if clear:
            torchs_own.zero_grad()
            before = [0.0] * 9
        x = torch.tensor([rows[i].x for i in batches[k]], dtype=torch.float64)
        y = torch.tensor([[rows[i].y] for i in batches[k]], dtype=torch.float64)
        z2 = torch.nn.functional.linear(f(torch.nn.functional.linear(x, W1.T, b1)), W2.T, b2)
        loss = row.torch(z2 if row.source == "z2" else g(z2), y).mean()
        loss.backward()
        used = flat(tensor.grad for tensor in tensors)
        told["theta"].append(flat(tensors))
        told["gradient"].append([now - then for now, then in zip(used, before, strict=True)])
        told["used"].append(used)
        told["loss"].append(loss.item())
        before = used
        torchs_own.step()
        kept = [torchs_own.state[tensor] for tensor in tensors]
        names = {"momentum_buffer": "v", "exp_avg": "m", "exp_avg_sq": "s", "square_avg": "s"}
        told["memory"].append(
            {ours: flat(m[its] for m in kept) for its, ours in names.items() if kept[0].get(its) is not None}
        )
    return told


def agree(ours, theirs, rel=1e-12):
    np.testing.assert_allclose(ours, theirs, rtol=rel, atol=1e-12)


LOOPS = {
    "one example": {},
    "gradients left standing": {"clear_gradients": False},
    "all rows": {"rows": SEVEN},
    "batches of one": {"rows": SEVEN, "batch_size": 1, "seed": 5},
    "batches of three, one left over": {"rows": SEVEN, "batch_size": 3, "seed": 2},
    "batches, and gradients left standing": {"rows": SEVEN, "batch_size": 2, "clear_gradients": False},
}


@EVERY_OPTIMIZER
@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("architecture", [Architecture(), SMOOTH], ids=["default", "smooth"])
def test_every_run_is_the_one_a_plain_loop_with_torch_optim_takes(optimizer, loop, architecture):
    # Gradients left standing add up, so a larger rate soon runs away; 21 steps are three epochs of batches of one.
    asked, steps, rate = LOOPS[loop], 21, 0.005
    for point in (NOTEBOOK, *random_points(1, seed=62, span=1.0, architecture=architecture)):
        run = descend(*point, learning_rate=rate, steps=steps, optimizer=optimizer, architecture=architecture, **asked)
        told = plain_loop(
            point,
            rate,
            steps,
            optimizer=optimizer,
            clear=asked.get("clear_gradients", True),
            batches=run.batches,
            rows=asked.get("rows"),
            architecture=architecture,
        )
        assert len(run.theta) == steps + 1
        for column in ("theta", "gradient", "loss", "used"):
            agree(getattr(run, column), told[column])
        for letter, rows in run.state.items():
            agree(rows, [memory[letter] for memory in told["memory"]])
        assert set(run.state) == set(told["memory"][0])
        agree(run.update[:-1], np.diff(told["theta"], axis=0))


@EVERY_OPTIMIZER
def test_the_row_is_written_with_the_letters_it_explains(optimizer):
    row = OPTIMIZERS[optimizer]
    assert row.sentence.endswith(".")
    assert {letter for letter, _ in row.letters} >= {r"\theta", r"\eta", "g"}
    written = " ".join(row.update)
    assert all(letter in written for letter, _ in row.letters)
    assert all(memory.latex in written for memory in row.state)


def test_a_planted_error_in_a_rule_is_seen(monkeypatch):
    wrong = lambda g, state, t: ((0.91 * state[0] + g,), 0.91 * state[0] + g)  # noqa: E731
    row = OPTIMIZERS["momentum"]
    replaced = type(row)(**{name: getattr(row, name) for name in row.__slots__} | {"rule": wrong})
    monkeypatch.setitem(OPTIMIZERS, "momentum", replaced)
    run = descend(*NOTEBOOK, steps=5, optimizer="momentum")
    with pytest.raises(AssertionError):
        agree(run.theta, plain_loop(NOTEBOOK, 0.01, 5, optimizer="momentum", architecture=Architecture())["theta"])


# ── gradients left standing ─────────────────────────────────────────────────────────────────────────────────────


def test_the_notebooks_last_cell_run_twice_steps_by_the_sum_of_both_gradients():
    run = descend(*NOTEBOOK, learning_rate=0.01, steps=2, clear_gradients=False)
    cleared = descend(*NOTEBOOK, learning_rate=0.01, steps=2)
    assert run.theta[1] == cleared.theta[1]  # the first step has nothing to add to
    assert run.used[1] == pytest.approx(np.array(run.gradient[0]) + np.array(run.gradient[1]), rel=1e-14)
    assert run.theta[2] == pytest.approx(np.array(run.theta[1]) - 0.01 * run.used[1], rel=1e-14)
    assert run.gradient[1] == cleared.gradient[1]
    assert cleared.used.tolist() == [list(row) for row in cleared.gradient]


# ── what a step draws ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("rows", "size"), [(4, 1), (7, 3), (8, 4), (32, 5), (5, 4)])
def test_within_an_epoch_every_row_is_drawn_once(rows, size):
    an_epoch = math.ceil(rows / size)
    batches = draw(rows, size, 10 * an_epoch, seed=3)
    for start in range(0, len(batches), an_epoch):
        epoch = batches[start : start + an_epoch]
        assert Counter(row for batch in epoch for row in batch) == dict.fromkeys(range(rows), 1)
        assert [len(batch) for batch in epoch[:-1]] == [size] * (an_epoch - 1)


def test_the_draw_is_torchs_permutation_on_the_cpu_with_that_seed():
    dice = torch.Generator().manual_seed(11)
    first, second = (torch.randperm(6, generator=dice).tolist() for _ in range(2))
    cut = [sorted(order[i : i + 2]) for order in (first, second) for i in (0, 2, 4)]
    assert [list(batch) for batch in draw(6, 2, 6, seed=11)] == cut


def test_the_same_seed_draws_the_same_and_a_longer_run_begins_as_the_shorter():
    assert draw(9, 2, 30, seed=1) == draw(9, 2, 50, seed=1)[:30]
    assert draw(9, 2, 30, seed=1) != draw(9, 2, 30, seed=2)
    assert draw(5, 5, 3, seed=1) == draw(5, 5, 3, seed=2) == ((0, 1, 2, 3, 4),) * 3
    again = [descend(*NOTEBOOK, rows=SEVEN, batch_size=2, steps=9, seed=8) for _ in range(2)]
    assert again[0] == again[1]


def test_a_short_batch_is_padded_with_weight_nothing():
    x, y = place_rows(SEVEN, "cpu", "float64")
    xs, ys, weight = deal_padded(x, y, ((1, 4, 6), (2,)))
    assert (xs.shape, ys.shape) == ((2, 3, 2), (2, 3, 1))
    assert weight.tolist() == [[1 / 3] * 3, [1.0, 0.0, 0.0]]
    assert xs[1].tolist() == [list(SEVEN[2].x)] * 3


def test_the_mean_loss_is_the_mean_over_all_rows_and_the_output_is_the_studied_examples():
    run = descend(*NOTEBOOK, learning_rate=0.1, rows=SEVEN, batch_size=2, steps=12)
    for k in (0, 5, 12):
        here = run.step(k).parameters
        losses = [forward(here, row).L for row in SEVEN]
        assert run.mean_loss[k] == pytest.approx(np.mean(losses), rel=1e-13)
        assert run.loss[k] == pytest.approx(np.mean([losses[i] for i in run.batches[k]]), rel=1e-13)
        assert run.output[k] == pytest.approx(forward(here, NOTEBOOK[1]).o, rel=1e-13)


def test_with_all_rows_at_each_step_the_loss_is_the_mean_loss():
    run = descend(*NOTEBOOK, rows=SEVEN, steps=5)
    assert tuple(run.mean_loss) == run.loss
    assert (run.batch_size, run.rows) == (7, SEVEN)


def test_without_rows_the_one_example_is_the_data_set():
    run = descend(*NOTEBOOK, steps=4)
    assert (run.rows, run.batch_size, run.batches) == ((NOTEBOOK[1],), 1, ((0,),) * 5)
    assert tuple(run.mean_loss) == run.loss
    assert (run.optimizer, run.clear_gradients, run.seed, dict(run.state)) == ("sgd", True, 0, {})
    given = descend(*NOTEBOOK, steps=4, rows=[NOTEBOOK[1]])
    assert (given.rows, given.batch_size, given.batches) == (run.rows, run.batch_size, run.batches)
    for column in ("theta", "gradient", "loss", "output", "mean_loss", "used", "update"):
        agree(getattr(given, column), getattr(run, column))


def test_the_arrays_of_a_run_cannot_be_written_to():
    run = descend(*NOTEBOOK, steps=2, optimizer="adam")
    for array in (run.used, run.update, run.mean_loss, *run.state.values()):
        assert array.dtype == np.float64
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@EVERY_OPTIMIZER
def test_the_last_update_is_the_step_that_comes_next(optimizer):
    shorter, longer = (descend(*NOTEBOOK, optimizer=optimizer, steps=steps) for steps in (6, 7))
    assert shorter.update == pytest.approx(longer.update[:7])
    assert shorter.theta[6] + shorter.update[6] == pytest.approx(longer.theta[7], rel=1e-14)


# ── divergence ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov"])
def test_a_run_with_batches_stops_at_the_first_step_that_is_not_finite(optimizer):
    asked = {"optimizer": optimizer, "rows": SEVEN, "batch_size": 3}
    run = descend(*NOTEBOOK, learning_rate=10.0, steps=300, **asked)
    first_bad = run.diverged_at
    assert 0 < first_bad < 300
    told = plain_loop(NOTEBOOK, 10.0, first_bad, optimizer=optimizer, rows=SEVEN, architecture=Architecture(),
                      batches=draw(7, 3, first_bad + 1, 0))  # fmt: skip
    rows = [(*t, *u, loss) for t, u, loss in zip(told["theta"], told["used"], told["loss"], strict=True)]
    # the loop knows neither the mean over all rows nor the studied example, which may leave the floats first
    assert all(all(map(math.isfinite, row)) for row in rows[:first_bad])
    for column in (
        run.theta,
        run.gradient,
        run.loss,
        run.output,
        run.batches,
        run.mean_loss,
        run.used,
        run.update,
    ):
        assert len(column) == first_bad
    assert np.isfinite(run.mean_loss).all() and np.isfinite(run.used).all()


@EVERY_OPTIMIZER
@pytest.mark.parametrize(
    "asked", [{}, {"clear_gradients": False}, {"rows": SEVEN, "batch_size": 3, "seed": 4}], ids=str
)
def test_the_rate_that_holds_is_the_largest_one_whose_mean_loss_never_rises_above_its_start(optimizer, asked):
    asked = {"optimizer": optimizer, "steps": 25, **asked}
    run = descend(*NOTEBOOK, learning_rate=1.5, **asked)
    expected = None
    for rate in (
        1.0,
        0.5,
        0.2,
        0.1,
        0.05,
        0.02,
        0.01,
        5e-3,
        2e-3,
        1e-3,
        5e-4,
        2e-4,
        1e-4,
        5e-5,
        2e-5,
        1e-5,
        5e-6,
        2e-6,
        1e-6,
    ):
        tried = descend(*NOTEBOOK, learning_rate=rate, **asked)
        if tried.diverged_at is None and tried.mean_loss.max() <= tried.mean_loss[0] * (1 + 1e-12):
            expected = rate
            break
    assert rate_that_holds(run, 25) == expected


# ── other places, progress, and what cannot be ──────────────────────────────────────────────────────────────────


@EVERY_OPTIMIZER
@pytest.mark.parametrize(("device", "precision"), [(d, p) for d in devices() for p in precisions(d)])
def test_every_device_draws_the_same_rows_and_takes_the_same_path(optimizer, device, precision):
    asked = {"optimizer": optimizer, "rows": DATASETS["xor"].rows, "batch_size": 3, "steps": 30, "architecture": SMOOTH}
    here = descend(*NOTEBOOK, **asked)
    there = descend(*NOTEBOOK, **asked, device=device, precision=precision)
    assert there.batches == here.batches
    tolerance = 1e-11 if precision == "float64" else 1e-4
    for column in ("theta", "gradient", "loss", "mean_loss", "output", "used", "update"):
        assert np.asarray(getattr(there, column)) == pytest.approx(np.asarray(getattr(here, column)), abs=tolerance)


def test_progress_is_told_every_hundred_steps_and_raising_from_it_stops_the_run():
    told = []
    descend(*NOTEBOOK, steps=399, progress=told.append)
    assert told == [0.0, 0.25, 0.5, 0.75]
    assert all(earlier < later for earlier, later in pairwise(told))

    class Left(Exception):
        pass

    def leave(share):
        if share >= 0.25:
            raise Left

    with pytest.raises(Left):
        descend(*NOTEBOOK, steps=399, progress=leave)


WHOLE = "choose a whole number from"
BAD_RUNS = {
    "an unknown optimiser": (
        {"optimizer": "adm"},
        "optimizer 'adm' is not known; choose one of: sgd, momentum, nesterov, adam, rmsprop; did you mean 'adam'?",
    ),
    "no rows": ({"rows": []}, "0 rows are not possible; give 1 to 32"),
    "too many rows": ({"rows": [NOTEBOOK[1]] * 33}, "33 rows are not possible; give 1 to 32"),
    "numbers for rows": (
        {"rows": [1, 2]},
        "rows must be a list of examples, not [1, 2]; make them by Example(x=[1, 2], y=0.7)",
    ),
    "an empty batch": (
        {"rows": SEVEN, "batch_size": 0},
        f"batch_size 0 is not possible; {WHOLE} 1 to 7, the number of rows",
    ),
    "too large a batch": (
        {"rows": SEVEN, "batch_size": 8},
        f"batch_size 8 is not possible; {WHOLE} 1 to 7, the number of rows",
    ),
    "half a batch": (
        {"rows": SEVEN, "batch_size": 0.5},
        f"batch_size 0.5 is not possible; {WHOLE} 1 to 7, the number of rows",
    ),
    "a batch of one example": ({"batch_size": 2}, f"batch_size 2 is not possible; {WHOLE} 1 to 1, the number of rows"),
    "a negative seed": ({"seed": -1}, f"seed -1 is not possible; {WHOLE} 0 to 2147483647"),
    "a seed too large": ({"seed": 2**31}, f"seed 2147483648 is not possible; {WHOLE} 0 to 2147483647"),
    "a seed of True": ({"seed": True}, f"seed True is not possible; {WHOLE} 0 to 2147483647"),
}


@pytest.mark.parametrize("case", BAD_RUNS)
def test_a_run_that_cannot_be_is_refused_with_a_sentence(case):
    asked, sentence = BAD_RUNS[case]
    assert sentence_of(lambda: descend(*NOTEBOOK, **asked)) == sentence


def test_a_target_that_the_loss_cannot_take_is_named_with_its_row():
    rows = [Example([0, 0], 1), Example([0, 1], 2)]
    said = sentence_of(lambda: descend(*NOTEBOOK, rows=rows, architecture=SMOOTH))
    assert said.startswith("row 2: y = 2 does not go with binary cross-entropy")


def test_the_bounds_of_rows_batch_and_seed_are_allowed():
    rows = [Example([k / 8, 1], 0) for k in range(32)]
    assert len(descend(*NOTEBOOK, rows=rows, batch_size=32, seed=2**31 - 1, steps=1).loss) == 2
    start = Parameters.default()
    assert descend(start, NOTEBOOK[1], rows=rows, batch_size=1, seed=0, steps=1).batch_size == 1
