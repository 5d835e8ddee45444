"""core/outcome.py: what is said of a run is what its record shows."""

import math
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import DATASETS, OPTIMIZERS, Architecture, Example, Parameters, descend, forward, outcome, rate_that_holds
from core.outcome import KINDS
from tests.core.points import NOTEBOOK, Point, architectures, suited

NOTHING_OPEN: Point = (Parameters([[-1, -1], [-1, -1]], [-1, -1], [[1], [1]], [0.3]), NOTEBOOK[1])
XOR = DATASETS["xor"].rows


def became(point: Point = NOTEBOOK, precision: str = "float64", **asked):
    return outcome(descend(*point, precision=precision, **asked), precision=precision)


def said(point: Point = NOTEBOOK, **asked) -> tuple[str, str]:
    told = became(point, **asked)
    return told.kind, told.sentence


B2_ALONE = "From step 1 on both hidden units are shut, so the output is made by b2 alone."


# ── the examples that were told wrongly ─────────────────────────────────────────────────────────────────────────


def test_a_rate_four_times_the_critical_one_is_told_by_what_it_did():
    kind, sentence = said(learning_rate=1.0, steps=200)
    assert kind == "killed"
    assert sentence == (
        "The loss rose from 0.2592 to 0.6272 at step 1, then ended lower than it began, at 0, and has settled. "
        + B2_ALONE
    )


def test_a_rate_that_theory_calls_diverging_may_fall_to_nothing():
    kind, sentence = said(learning_rate=0.5, steps=200)
    assert kind == "killed"
    assert sentence.startswith("The loss rose from 0.2592 to 0.2888 at step 1, then ended lower than it began, at ")
    assert sentence.endswith(f", and has settled. {B2_ALONE}")


def test_a_rate_of_ten_leaves_the_numbers_after_both_units_died():
    run = descend(*NOTEBOOK, learning_rate=10.0, steps=200)
    told = outcome(run)
    assert told.kind == "left"
    assert told.shut_from == (1, 1)
    assert told.sentence.startswith(
        f"At step {run.diverged_at} the numbers left what float64 can hold; one step before, "
    )
    assert told.sentence.endswith(B2_ALONE)


def test_without_zero_grad_cross_entropy_comes_to_rest_all_the_same():
    network = Architecture("tanh", "sigmoid", "binary_cross_entropy")
    point = NOTEBOOK[0], Example(NOTEBOOK[1].x, 1)
    kind, sentence = said(point, learning_rate=0.1, steps=500, clear_gradients=False, architecture=network)
    assert kind == "settled"
    assert re.fullmatch(
        r"The loss fell from 0\.2794 to \S+×10⁻⁸\S without rising on the way, and has settled\.", sentence
    )


def test_twice_b2s_own_limit_jumps_to_and_fro_for_ever():
    # By hand: both die at once, then b2 − y changes its sign at every step: ½ 1.84² = 1.6928.
    kind, sentence = said(learning_rate=2.0, steps=200)
    assert kind == "rose"
    assert sentence == (
        "The loss went up, from 0.2592 to 1.693, while its last 20 steps jump to and fro without closing in. "
        + B2_ALONE
    )
    kind, sentence = said(NOTHING_OPEN, learning_rate=2.0, steps=50)
    assert kind == "bouncing"
    assert sentence.startswith(
        "The loss stays at 0.08, while its last 5 steps jump to and fro without closing in. From the"
    )


# ── every other way to end ──────────────────────────────────────────────────────────────────────────────────────

STILL: Point = (Parameters([[0, 0], [0, 0]], [0, 0], [[0], [0]], [0.7]), NOTEBOOK[1])


@pytest.mark.parametrize(
    ("kind", "sentence", "asked"),
    [
        ("start", "No step is taken: the loss stands at 0.2592.", {"steps": 0}),
        ("falling", "The loss fell from 0.2592 to 0.2257 without rising on the way, and was still falling when the "
         "steps ended.", {"steps": 1}),
        ("falling", "The loss fell from 0.2592 to 0.259197 without rising on the way, and was still falling when the "
         "steps ended.", {"steps": 1, "learning_rate": 1e-6}),
        ("settled", "The loss fell from 0.2592 to 4.914×10⁻⁹ without rising on the way, and has settled.",
         {"steps": 200}),
        ("rose", "The loss went up, from 0.2592 to 0.3461, and was still growing when the steps ended. " + B2_ALONE,
         {"steps": 1, "learning_rate": 0.6}),
        ("still", "The loss stays at 0: every gradient is 0. From the start both hidden units are shut, so the output "
         "is made by b2 alone.", {"point": STILL, "steps": 5}),
    ],
)  # fmt: skip
def test_an_ending_is_told_in_its_own_numbers(kind, sentence, asked):
    assert said(**asked) == (kind, sentence)


def test_momentum_oscillates_and_settles():
    kind, sentence = said(learning_rate=0.1, steps=200, optimizer="momentum")
    assert kind == "oscillated"
    assert re.fullmatch(
        r"The loss fell from 0\.2592 to \S+, though it rose at \d+ of its 200 steps, and has settled\.", sentence
    )


def test_a_run_that_cannot_start_says_so():
    far = Parameters([[1e100, 1], [1, 1]], [0, 0], [[1e100], [1]], [0])
    told = became((far, NOTEBOOK[1]), steps=3)
    assert (told.kind, told.held, told.trouble) == ("none", False, True)
    assert told.sentence == "Already at the start a number is beyond what float64 can hold: there is no run."


def test_a_unit_is_dead_only_where_it_is_shut_on_every_row():
    # h_1 = ReLU(x_1 + x_2 − 1.5) is open on (1, 1) alone; h_2 = ReLU(−1 − …) on no row.
    start = Parameters([[1, -1], [1, -1]], [-1.5, -1], [[0.1], [0.1]], [0.5])
    told = became((start, Example([0, 0], 0)), rows=XOR, learning_rate=0.01, steps=20)
    assert told.shut_from == (None, 0)
    assert told.sentence.endswith("From the start hidden unit 2 is shut on every row.")
    alone = became((start, Example([0, 0], 0)), learning_rate=0.01, steps=20)
    assert alone.shut_from == (0, 0)
    assert alone.sentence.startswith("The loss ")
    assert "mean loss over all rows" in told.sentence


@pytest.mark.parametrize("activation", ["leaky_relu", "sigmoid", "tanh", "softplus", "gelu", "identity"])
def test_only_relu_shuts_a_gate(activation):
    told = became(NOTHING_OPEN, architecture=Architecture(activation), learning_rate=0.1, steps=30)
    assert told.shut_from == (None, None)
    assert "shut" not in told.sentence


def test_a_unit_that_dies_and_comes_back_is_not_dead():
    for rate in (0.1, 0.2, 0.3):
        for optimizer in OPTIMIZERS:
            run = descend(*NOTEBOOK, learning_rate=rate, steps=60, optimizer=optimizer, clear_gradients=False)
            shut = [[z <= 0 for z in forward(each.parameters, run.example).z1] for each in run.steps]
            for unit, since in enumerate(outcome(run).shut_from):
                column = [row[unit] for row in shut]
                assert (since is None) == (not column[-1])
                assert since is None or (all(column[since:]) and not (since and column[since - 1]))


# ── on any run ──────────────────────────────────────────────────────────────────────────────────────────────────

numbers = st.floats(-3, 3)
runs = st.fixed_dictionaries({
    "values": st.lists(numbers, min_size=12, max_size=12),
    "architecture": st.sampled_from(architectures()),
    "rows": st.sampled_from([None, XOR, DATASETS["circle"].rows]),
    "draw": st.booleans(),
    "rate": st.sampled_from([1e-6, 1e-3, 0.02, 0.1, 0.3, 0.5, 1.0, 2.0, 10.0]),
    "steps": st.sampled_from([0, 1, 2, 3, 10, 60]),
    "optimizer": st.sampled_from(list(OPTIMIZERS)),
    "clear_gradients": st.booleans(),
    "precision": st.sampled_from(["float64", "float32"]),
})  # fmt: skip


def taken(asked: dict):
    parameters, example = (
        Parameters.from_vector(asked["values"][:9]),
        Example(asked["values"][9:11], asked["values"][11]),
    )
    start = suited((parameters, example), asked["architecture"])
    keys = "architecture", "rows", "steps", "optimizer", "clear_gradients", "precision"
    size = 2 if asked["rows"] and asked["draw"] else None
    return descend(*start, learning_rate=asked["rate"], batch_size=size, **{key: asked[key] for key in keys})


def hair(run, precision: str) -> float:
    """What rounding may do to a loss that is not larger than the first: generous."""
    near = 1e-10 if precision == "float64" else 1e-3
    return near * (run.mean_loss[0] + near) if len(run.mean_loss) else 0.0


@settings(max_examples=150)
@given(runs)
def test_what_is_said_of_a_run_is_true_of_it(asked):
    run, precision = taken(asked), asked["precision"]
    told, loss = outcome(run, precision=precision), run.mean_loss
    slack = hair(run, precision)
    assert told.kind in KINDS
    assert (told.kind in ("none", "left")) == (run.diverged_at is not None)
    assert (told.kind == "start") == (run.diverged_at is None and len(loss) == 1)
    assert "nan" not in told.sentence and told.sentence.endswith(".")
    if told.rose_at is None:
        assert all(after <= loss[0] + slack for after in loss)
    else:
        assert loss[told.rose_at] > loss[0] >= max(loss[: told.rose_at]) - slack
    assert told.held == (run.diverged_at is None and told.rose_at is None)
    if told.kind in ("settled", "falling", "oscillated", "restless"):
        assert loss[-1] <= loss[0] + slack
        assert (told.kind != "settled") or all(after <= before + slack for before, after in pairwise(loss))
    if told.kind in ("settled", "oscillated"):
        assert np.ptp(loss[-3:]) <= 0.01 * abs(loss[0] - loss[-1]) + slack
    if told.kind == "rose":
        assert loss[-1] > loss[0]
    if told.kind == "still":
        assert np.ptp(loss) <= slack
    if told.kind == "falling":
        assert loss[-1] < loss[-2] + slack
    if told.kind == "bouncing":
        assert (run.update[-2] * run.update[-3]).sum() < 0


@settings(max_examples=150)
@given(runs)
def test_a_gate_is_said_to_be_shut_where_it_is_shut_on_every_row_to_the_end(asked):
    run, precision = taken(asked), asked["precision"]
    told = outcome(run, precision=precision)
    if run.architecture.activation != "relu":
        assert told.shut_from == (None, None)
        return
    place = {"architecture": run.architecture, "precision": precision}
    z1 = np.array([[forward(at.parameters, row, **place).z1 for row in run.rows] for at in run.steps[-12:]])
    if not z1.size or (np.abs(z1) < 1e-5).any():  # a batch may round the other way
        return
    shut = (z1 <= 0).all(axis=1)
    for unit, since in enumerate(told.shut_from):
        assert (since is not None) == shut[-1, unit]
        assert since is None or shut[max(0, since - (len(run.loss) - len(shut))) :, unit].all()
    if "b2 alone" in told.sentence:
        outputs = [forward(run.steps[-1].parameters, row, **place).o for row in run.rows]
        assert max(outputs) == min(outputs)


@settings(max_examples=40)
@given(runs)
def test_a_rate_that_holds_holds_when_it_is_taken(asked):
    precision = asked["precision"]
    rate = rate_that_holds(taken(asked | {"steps": 0}), asked["steps"], precision=precision)
    if rate is None:
        return
    run = taken(asked | {"rate": rate})
    assert run.diverged_at is None
    assert all(math.isfinite(each) and each <= run.mean_loss[0] + hair(run, precision) for each in run.mean_loss)
