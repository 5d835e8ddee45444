"""core/curvature.py: the Hessian against SymPy, critical rates by running just below and just above them."""

import math
from itertools import pairwise

import numpy as np
import pytest
import sympy

from core import ADJUSTABLE, PARAMETERS, Architecture, Example, Parameters, descend
from core.curvature import VERDICTS, Curvature, critical_rate, curvature, curvature_at, verdict
from core.equations import SYMBOLS, equations
from core.optimizers import OPTIMIZERS
from core.parameters import to_values
from core.smooth import FLOATS
from tests.core.points import NOTEBOOK, Point, architecture_id, random_points, sentence_of

LINEAR = Architecture(activation="identity")
NETWORKS = [
    Architecture(),
    LINEAR,
    Architecture("leaky_relu", "identity", "squared_error"),
    Architecture("sigmoid", "tanh", "half_squared_error"),
    Architecture("tanh", "sigmoid", "binary_cross_entropy"),
    Architecture("softplus", "sigmoid", "squared_error"),
    Architecture("gelu", "sigmoid", "binary_cross_entropy"),
]
SEVEN = tuple(Example(e.x, (i % 4) / 4) for i, (_, e) in enumerate(random_points(7, seed=61, span=1.5)))
NINE = [SYMBOLS[name.key] for name in PARAMETERS]


def second_derivatives(architecture: Architecture):
    """L differentiated twice by SymPy, as a function of the twelve slider values: the rows of H up to the diagonal."""
    known: dict = {}
    for left, right in equations(architecture):
        known[left] = right.subs(known, simultaneous=True)
    slopes = [sympy.diff(known[SYMBOLS["L"]], p) for p in NINE]
    bends = [sympy.diff(slope, q) for i, slope in enumerate(slopes) for q in NINE[: i + 1]]
    # The second derivatives have much in common: SymPy prints them far faster with that taken out.
    given = [SYMBOLS[name.key] for name in ADJUSTABLE]
    return sympy.lambdify(given, bends, modules=[FLOATS, "math"], cse=True)


@pytest.mark.parametrize("architecture", NETWORKS, ids=architecture_id)
def test_the_hessian_is_sympys_second_derivative(architecture):
    by_hand = second_derivatives(architecture)
    for point in (NOTEBOOK, *random_points(4, seed=71, span=1.5, architecture=architecture)):
        parameters, example = point
        values = to_values(parameters, example)
        H = curvature_at(parameters, [example], architecture=architecture).hessian[0]
        assert H[np.tril_indices(9)] == pytest.approx(by_hand(*values.values()), rel=1e-9, abs=1e-9)
        assert (H == H.T).all()


def test_on_the_kink_the_closed_side_counts_as_torch_has_it():
    # z1_1 = 0 exactly: ReLU′(0) = 0, so the first unit's weights bend nothing.
    parameters = Parameters([[1, 0.5], [-1, 0.5]], [0, 0.5], [[2], [1]], [0.3])
    bent = curvature_at(parameters, [Example([1, 1], 0)])
    assert bent.diagonal[0, [0, 2, 4, 6]].tolist() == [0, 0, 0, 0]
    assert critical_rate(bent.diagonal)[0, [0, 2, 4, 6]].tolist() == [math.inf] * 4
    assert bent.diagonal[0, 8] == 1.0


def test_the_notebooks_curvatures_are_those_of_paper():
    # Both units are open, so o is linear along each axis and c = (∂o/∂p)²; L = ½(o − y)².
    to_o = np.array([0.5, 0.6, 1.0, 1.2, 0.5, 0.6, 0.8, 1.2, 1.0])
    bent = curvature(descend(*NOTEBOOK, steps=0))
    assert bent.diagonal[0] == pytest.approx(to_o**2, rel=1e-12)
    assert critical_rate(bent.diagonal)[0] == pytest.approx(2 / to_o**2, rel=1e-12)
    assert bent.largest[0] == pytest.approx(np.linalg.eigvalsh(bent.hessian[0]).max(), rel=1e-12)


@pytest.mark.parametrize("loss", ["batch", "mean"])
@pytest.mark.parametrize("size", [1, 3, 7])
def test_all_steps_at_once_are_each_step_alone(loss, size):
    network = Architecture("tanh")
    path = descend(*NOTEBOOK, rows=SEVEN, batch_size=size, steps=9, learning_rate=0.1, architecture=network)
    together = curvature(path, loss)
    for k in range(10):
        seen = [SEVEN[i] for i in path.batches[k]] if loss == "batch" else SEVEN
        alone = curvature_at(path.step(k).parameters, seen, architecture=network)
        for name in Curvature.__dataclass_fields__:
            assert getattr(together, name)[k] == pytest.approx(getattr(alone, name)[0], rel=1e-9, abs=1e-12)


def test_float32_knows_the_curvature_to_a_few_digits():
    path = descend(*NOTEBOOK, steps=5)
    rough = curvature(path, precision="float32")
    assert rough.largest == pytest.approx(curvature(path).largest, rel=1e-4)


def test_a_path_that_runs_away_has_its_curvatures_too():
    path = descend(*NOTEBOOK, learning_rate=10.0, steps=200)
    bent = curvature(path)
    assert bent.largest.shape == (path.diverged_at,)
    assert not np.isnan(bent.largest).any()
    assert (critical_rate(bent.largest) >= 0).all()
    nothing = descend(Parameters([[1e100, 1], [1, 1]], [0, 0], [[1e100], [1]], [0]), NOTEBOOK[1], steps=3)
    assert curvature(nothing).hessian.shape == (0, 9, 9)


# ── critical rates, by walking ──────────────────────────────────────────────────────────────────────────────────


def along_one_axis(point: Point, axis: int, rate: float, steps: int, optimizer: str = "sgd") -> list[float]:
    """The loss as the optimiser moves one parameter alone: each step a descent of one, the other eight put back.

    An optimiser with a memory needs its own account of it, so only the gradient is taken from core.
    """
    parameters, example = point
    theta, v, losses = list(parameters.vector), 0.0, []
    for _ in range(steps):
        here = descend(Parameters.from_vector(theta), example, steps=0)
        g = here.gradient[0][axis]
        losses.append(here.loss[0])
        v = g if optimizer == "sgd" else 0.9 * v + g
        theta[axis] -= rate * (g + 0.9 * v if optimizer == "nesterov" else v)
    return losses


@pytest.mark.parametrize("axis", range(9), ids=[name.key for name in PARAMETERS])
def test_along_one_axis_just_below_the_critical_rate_converges_and_just_above_it_grows(axis):
    # Near its bottom, with both units well open, the loss along each axis is a true parabola.
    parameters, example = NOTEBOOK
    near = parameters, Example(example.x, 1.42 - 0.01)
    critical = critical_rate(curvature(descend(*near, steps=0)).diagonal)[0, axis]
    below, above = (along_one_axis(near, axis, share * critical, 50) for share in (0.98, 1.02))
    assert all(after < before for before, after in pairwise(below))
    assert below[-1] < 0.1 * below[0]
    assert all(after > before for before, after in pairwise(above))
    assert above[-1] > 10 * above[0]


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov"])
def test_each_optimisers_own_limit_is_where_its_steps_stop_coming_to_rest(optimizer):
    parameters, example = NOTEBOOK
    near = parameters, Example(example.x, 1.42 - 0.001)
    bend = float(curvature(descend(*near, steps=0)).diagonal[0, 8])
    critical = critical_rate(bend, optimizer)
    below, above = (along_one_axis(near, 8, share * critical, 200, optimizer) for share in (0.97, 1.03))
    assert max(below[-20:]) < 0.01 * max(below[:20])
    assert max(above[-20:]) > 100 * max(above[:20])


def settled(architecture: Architecture) -> Point:
    """The notebook's point with its target a hair beside the output: all nine move, and hardly leave the parabola."""
    parameters, example = NOTEBOOK
    output = descend(*NOTEBOOK, steps=0, architecture=architecture).output[0]
    return parameters, Example(example.x, output - 1e-6)


@pytest.mark.parametrize("architecture", [LINEAR, Architecture(), Architecture("tanh")], ids=architecture_id)
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov"])
def test_for_the_whole_step_the_largest_eigenvalue_decides(architecture, optimizer):
    point = settled(architecture)
    sharpest = float(curvature(descend(*point, steps=0, architecture=architecture)).largest[0])
    critical = critical_rate(sharpest, optimizer)
    walk = {"steps": 300, "optimizer": optimizer, "architecture": architecture}
    below, above = (descend(*point, learning_rate=share * critical, **walk) for share in (0.98, 1.02))
    assert max(below.loss[-20:]) < 0.01 * below.loss[0]
    assert max(above.loss) > 100 * above.loss[0]


def test_with_a_data_set_too_the_largest_eigenvalue_decides():
    walk = {"rows": SEVEN, "architecture": LINEAR}
    bottom = descend(*NOTEBOOK, learning_rate=0.3, steps=2000, **walk).step(2000).parameters
    sharpest = curvature_at(bottom, SEVEN, architecture=LINEAR)
    aside = Parameters.from_vector(np.add(bottom.vector, 1e-6 * np.linalg.eigh(sharpest.hessian[0])[1][:, -1]).tolist())
    floor = descend(bottom, NOTEBOOK[1], steps=0, **walk).loss[0]
    below, above = (
        descend(aside, NOTEBOOK[1], learning_rate=share * critical_rate(float(sharpest.largest[0])), steps=150, **walk)
        for share in (0.99, 1.01)
    )
    assert abs(below.loss[-1] - floor) < 0.1 * (below.loss[0] - floor)
    assert above.loss[-1] - floor > 10 * (above.loss[0] - floor)


# ── verdicts ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("reach", "word"),
    [
        (-1.0, "unbounded"), (0.0, "unbounded"), (0.0099, "crawling"), (0.0101, "good"), (0.5, "good"), (1.0, "good"),
        (1.001, "oscillating"), (1.999, "oscillating"), (2.0, "diverging"), (50.0, "diverging"),
        (math.inf, "diverging"),
    ],
)  # fmt: skip
def test_a_verdict_follows_from_rate_times_curvature(reach, word):
    said = verdict(0.25, reach / 0.25)
    assert (said.word, said.sentence) == (word, VERDICTS[word])
    assert said.factor == 1 - reach


@pytest.mark.parametrize(
    ("share", "word"), [(0.004, "crawling"), (0.3, "good"), (0.8, "oscillating"), (1.1, "diverging")]
)
def test_a_verdict_comes_true_on_a_parabola(share, word):
    parameters, example = NOTEBOOK
    near = parameters, Example(example.x, 1.42 - 0.001)
    bend = float(curvature(descend(*near, steps=0)).diagonal[0, 8])
    rate = share * 2 / bend
    said = verdict(rate, bend)
    assert said.word == word
    first, second = along_one_axis(near, 8, rate, 2)
    assert math.sqrt(second / first) == pytest.approx(abs(said.factor), rel=1e-6)


def test_a_verdict_is_theory_and_claims_nothing_of_a_run():
    # At the notebook's point η = 0.5 is beyond 2/λmax, and yet the run falls to nothing.
    path = descend(*NOTEBOOK, learning_rate=0.5, steps=200)
    assert verdict(0.5, curvature(path).largest[0]).word == "diverging"
    assert path.loss[-1] < 1e-25
    for word, sentence in VERDICTS.items():
        assert sentence.startswith("Here the loss bends" if word == "unbounded" else "On a parabola as sharp as the ")
        assert ("would" in sentence) == (word != "unbounded")


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov"])
def test_uncleared_gradients_come_to_no_rest_on_a_parabola_but_cross_entropy_falls_to_nothing(optimizer):
    # With W2 = 0 and both units shut, L = ½ (b2 − y)²: a parabola in b2 alone.
    shut = Parameters([[0, 0], [0, 0]], [-1, -1], [[0], [0]], [1.0]), Example([1, 1], 0)
    wild = descend(*shut, learning_rate=0.1, steps=400, optimizer=optimizer, clear_gradients=False)
    assert max(wild.loss[-60:]) > 0.9 * wild.loss[0]
    network = Architecture("tanh", "sigmoid", "binary_cross_entropy")
    start = NOTEBOOK[0], Example(NOTEBOOK[1].x, 1)
    calm = descend(
        *start, learning_rate=0.1, steps=500, optimizer=optimizer, clear_gradients=False, architecture=network
    )
    assert calm.loss[-1] < 1e-80


def test_a_rate_out_of_bounds_has_no_verdict():
    assert "choose from 1e-06 to 10" in sentence_of(lambda: verdict(11.0, 1.0))


def test_where_nothing_bends_upwards_no_rate_is_critical():
    assert critical_rate(np.array([4.0, 0.0, -1.0, 5e-324])).tolist() == [0.5, math.inf, math.inf, math.inf]
    assert critical_rate(np.array([[4.0], [1.0]]), "momentum").tolist() == [[0.95], [3.8]]
    assert critical_rate(4.0) == 0.5
    assert critical_rate(0.0) == critical_rate(-2.0, "momentum") == math.inf
    assert [critical_rate(np.ones(3), optimizer) for optimizer in ("adam", "rmsprop")] == [None, None]
    assert set(OPTIMIZERS) == {"sgd", "momentum", "nesterov", "adam", "rmsprop"}


def test_a_loss_that_is_not_there_is_refused_with_a_sentence():
    said = sentence_of(lambda: curvature(descend(*NOTEBOOK, steps=1), "sum"))
    assert said == "loss 'sum' is not known; choose one of: batch, mean"
