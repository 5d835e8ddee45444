"""core/witnesses.py: three witnesses for every combination of functions, what they say where they differ, and units.

Here they agree means TOLERANCES: the chain rule and autograd to 1e-9 in float64 and 1e-4 in float32, the finite
difference to 1e-6 and 1e-2, each as a part of 1 + |∂L/∂p| + L. Two hundred points for each network: random ones, ones
on a kink, ones with pre-activations of ±40, and ones with inputs of zero.
"""

import math
from dataclasses import replace

import pytest
import torch

from core import (
    DIFFERENTIABLE,
    Architecture,
    Example,
    Gradients,
    Parameters,
    backward,
    derive,
    derive_all,
    forward,
    unit_state,
    witnesses,
)
from core.device import PRECISIONS
from core.equations import solve_forward
from core.gradients import central_differences, gradients_from_vector, nudge
from core.network import trace, unpack
from core.parameters import to_values
from core.witnesses import TOLERANCES
from tests.core.points import NOTEBOOK, Point, architecture_id, architectures, hard_points, suited

EVERY_ARCHITECTURE = pytest.mark.parametrize("architecture", architectures(), ids=architecture_id)
POINTS = 200
FAR = (40.0, -40.0, 800.0, -800.0)


def explained(reasons: tuple[str, ...]) -> bool:
    """Whether a reason says that the finite difference is no good witness here: a kink in reach, or a bend."""
    return any("kink" in reason or "bends" in reason for reason in reasons)


def test_the_tolerances_are_the_ones_stated():
    assert TOLERANCES == {
        "float64": {"chain_rule": 1e-9, "difference": 1e-6},
        "float32": {"chain_rule": 1e-4, "difference": 1e-2},
    }


def in_torch(points: list[Point], architecture: Architecture, precision: str) -> tuple[list, list]:
    """Autograd's gradients and the central differences at all points at once: eleven numbers each."""
    place = {"dtype": PRECISIONS[precision]}
    given = torch.tensor([(*parameters.vector, *example.x) for parameters, example in points], **place)
    y = torch.tensor([[[example.y]] for _, example in points], **place)
    measured = central_differences(given, y, architecture, nudge("cpu", precision))
    given.requires_grad_()
    trace(unpack(given[..., :9]), given[..., 9:].unsqueeze(-2), y, architecture).L.sum().backward()
    return given.grad.tolist(), measured.tolist()


def off(a: float, b: float, loss: float) -> float:
    return abs(a - b) / (1 + abs(a) + loss)


@EVERY_ARCHITECTURE
def test_the_three_agree_at_two_hundred_points_or_a_kink_or_a_bend_is_named(architecture):
    points = [point for those in hard_points(architecture, POINTS, seed=61).values() for point in those]
    assert len(points) == POINTS
    worked = [derive_all(*point, architecture=architecture).vector for point in points]
    losses = [solve_forward(architecture, to_values(*point))["L"] for point in points]
    for precision, allowed in TOLERANCES.items():
        by_torch = in_torch(points, architecture, precision)
        for point, hand, loss, auto, measured in zip(points, worked, losses, *by_torch, strict=True):
            for name, h, a, d in zip(DIFFERENTIABLE, hand, auto, measured, strict=True):
                assert off(a, h, loss) <= allowed["chain_rule"], (precision, name.key, point)
                if not off(a, d, loss) <= allowed["difference"]:
                    assert explained(heard(point, architecture, precision)[name.key].reasons), (name.key, point)


@EVERY_ARCHITECTURE
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_the_verdicts_say_the_same_at_points_of_every_kind(architecture, precision):
    for kind, points in hard_points(architecture, 16, seed=62).items():
        for point in points[:3]:
            for says in heard(point, architecture, precision).values():
                assert says.chain_rule_agrees, (point, says)
                assert says.difference_agrees or explained(says.reasons), (point, says)
                if precision == "float64" and kind != "kink":
                    assert says.difference_agrees, (point, says)


def heard(point: Point, architecture: Architecture, precision: str = "float64") -> dict[str, witnesses.Testimony]:
    gradients = backward(*point, architecture=architecture, precision=precision)
    return witnesses.testify(*point, gradients, architecture=architecture, precision=precision)


def test_the_hard_points_are_as_hard_as_they_say():
    points = hard_points(Architecture(), POINTS, seed=61)
    assert all(forward(*point).z1[0] == 0 for point in points["kink"])
    assert all(0 in point[1].x for point in points["zero"])
    sigmoids = Architecture("sigmoid", "sigmoid")
    levelled = [unit_states(point, sigmoids) for point in points["saturated"]]
    assert all(kinds for kinds in levelled)
    assert {unit for kinds in levelled for unit in kinds} == {"h_1", "h_2", "o"}


@EVERY_ARCHITECTURE
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_nothing_is_nan_however_far_out(architecture, precision):
    biases = [*(([far, -far], 0.3) for far in (40.0, 800.0)), *(([0.1, 0.2], far) for far in FAR)]
    for b1, b2 in biases:
        point = suited((Parameters([[0.1, 0.2], [0.3, 0.4]], b1, [[0.5], [-0.6]], [b2]), NOTEBOOK[1]), architecture)
        passed = forward(*point, architecture=architecture, precision=precision)
        known = derive(*point, "w1_11", architecture=architecture).known
        assert all(map(math.isfinite, (*passed.z1, *passed.h, passed.z2, passed.o, passed.L, *known.values())))
        for says in heard(point, architecture, precision).values():
            assert all(map(math.isfinite, (says.chain_rule, says.autograd, says.difference)))
            assert says.chain_rule_agrees


# ── a disagreement is never hidden ──────────────────────────────────────────────────────────────────────────────


def planted(key_index: int, change) -> tuple[Gradients, list[float]]:
    honest = list(backward(*NOTEBOOK).vector)
    honest[key_index] = change(honest[key_index])
    return gradients_from_vector(honest), honest


@pytest.mark.parametrize("change", [lambda g: g + 1e-5, lambda g: -g, lambda g: math.nan, lambda g: math.inf])
def test_a_planted_error_in_autograd_is_seen_by_both_others(change):
    says = witnesses.testify(*NOTEBOOK, planted(1, change)[0])
    assert [key for key, one in says.items() if not one.chain_rule_agrees] == ["w1_12"]
    assert [key for key, one in says.items() if not one.difference_agrees] == ["w1_12"]


def test_a_reason_does_not_make_a_disagreement_agreement():
    parameters, example = NOTEBOOK
    on_kink = Parameters(parameters.W1, [-0.7, 0.2], parameters.W2, parameters.b2)
    says = witnesses.testify(on_kink, example, backward(on_kink, example))["b1_1"]
    assert "kink of ReLU" in says.reasons[0]
    assert not says.difference_agrees


def test_an_infinite_loss_hides_nothing():
    far = Parameters([[1e100, 1], [1, 1]], [0, 0], [[1e100], [1]], [0])
    honest = backward(far, NOTEBOOK[1])
    assert all(
        one.chain_rule_agrees for key, one in witnesses.testify(far, NOTEBOOK[1], honest).items() if key != "x_1"
    )
    wrong = replace(honest, b2=(2 * honest.b2[0],))
    assert not witnesses.testify(far, NOTEBOOK[1], wrong)["b2"].chain_rule_agrees


# ── reasons ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_where_nothing_is_the_matter_there_is_no_reason():
    assert {says.reasons for says in witnesses.testify(*NOTEBOOK, backward(*NOTEBOOK)).values()} == {()}


def test_float32_is_a_reason_for_every_gradient():
    says = witnesses.testify(*NOTEBOOK, backward(*NOTEBOOK, precision="float32"), precision="float32")
    assert all("float32 keeps about 7 digits" in one.reasons[-1] for one in says.values())


def test_saturation_is_a_reason_for_what_passes_through_the_unit_and_names_it():
    network = Architecture("tanh", "identity")
    parameters, example = NOTEBOOK
    far = Parameters(parameters.W1, [30, 0.2], parameters.W2, parameters.b2)
    says = witnesses.testify(far, example, backward(far, example, architecture=network), architecture=network)
    through = {key for key, one in says.items() if one.reasons}
    assert through == {"w1_11", "w1_21", "b1_1", "x_1", "x_2"}
    assert (
        says["b1_1"].reasons[0].startswith("Hidden unit 1 is saturated: at $z^{(1)}_{1} = 30.7$ tanh has levelled off")
    )


def test_a_bend_within_a_wide_nudge_is_a_reason():
    network = Architecture("identity", "tanh")
    wide = Parameters([[1, 1], [1, 1]], [40, 0], [[0.01], [0]], [0])
    says = witnesses.testify(
        wide,
        Example([0, 0], 0),
        backward(wide, Example([0, 0], 0), architecture=network, precision="float32"),
        architecture=network,
        precision="float32",
    )
    assert "tanh bends" in says["w2_1"].reasons[0]
    assert not any("bends" in reason for reason in says["b2"].reasons)


# ── units ───────────────────────────────────────────────────────────────────────────────────────────────────────


def unit_states(point: Point, architecture: Architecture) -> dict[str, str]:
    known = solve_forward(architecture, to_values(*point))
    found = {unit: unit_state(architecture, known, unit) for unit in ("h_1", "h_2", "o")}
    return {unit: state.kind for unit, state in found.items() if state}


def with_biases(b1_1: float, b1_2: float, b2: float = 0.3) -> Point:
    return Parameters([[0, 0], [0, 0]], [b1_1, b1_2], [[0], [0]], [b2]), NOTEBOOK[1]


def test_a_unit_of_which_nothing_is_to_be_said_has_no_state():
    assert unit_states(NOTEBOOK, Architecture()) == {}


def test_relu_is_dead_from_zero_downwards():
    assert unit_states(with_biases(0.0, 0.001), Architecture()) == {"h_1": "dead"}
    known = solve_forward(Architecture(), to_values(*with_biases(-0.5, 1)))
    assert unit_state(Architecture(), known, "h_1").sentence == (
        "Hidden unit 1 is dead: $z^{(1)}_{1} = -0.5$ is not positive, so ReLU gives 0 with slope 0, and no gradient "
        "passes back through it."
    )


@pytest.mark.parametrize("activation", ["leaky_relu", "identity"])
def test_what_always_passes_something_is_never_named(activation):
    assert unit_states(with_biases(-800, 800), Architecture(activation)) == {}


@pytest.mark.parametrize(
    ("activation", "low", "high"),
    [
        ("sigmoid", "saturated", "saturated"),
        ("tanh", "saturated", "saturated"),
        ("softplus", "saturated", None),
        ("gelu", "saturated", None),
    ],
)
def test_a_smooth_unit_is_saturated_where_it_has_levelled_off(activation, low, high):
    states = unit_states(with_biases(-12, 12), Architecture(activation))
    assert (states.get("h_1"), states.get("h_2")) == (low, high)
    assert unit_states(with_biases(-1, 1), Architecture(activation)) == {}


def test_gelus_turning_point_is_not_called_saturation():
    assert unit_states(with_biases(-0.7518, 1), Architecture("gelu")) == {"h_1": "turning"}


def test_a_saturated_output_is_named_and_with_cross_entropy_no_obstacle():
    for loss, words in (("squared_error", "hardly any gradient"), ("binary_cross_entropy", "cancels that slope")):
        network = Architecture("relu", "sigmoid", loss)
        known = solve_forward(network, to_values(*with_biases(1, 1, 20)))
        state = unit_state(network, known, "o")
        assert state.kind == "saturated"
        assert state.sentence.startswith("The output unit is saturated")
        assert words in state.sentence
