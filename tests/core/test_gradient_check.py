"""core/gradient_check.py: three computations of every gradient, what they say where they differ, and units.

Two things are asked of a verdict at every kind of point. An honest gradient is never said to differ; and where one is
said to agree, the same number with its sign turned, doubled or halved would be said to differ. So a verdict is worth
something near the target, in float32, and behind a saturated unit, and where it cannot be worth anything it says so.
"""

import math
import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import Architecture, Example, Gradients, Parameters, backward, forward, gradient_check, unit_state
from core.equations import solve_forward
from core.gradient_check import AGREES, CANNOT_TELL, DIFFERS
from core.names import ADJUSTABLE
from core.parameters import from_values, gradients_from_vector, to_values
from core.presets import PRESETS
from tests.core.points import (
    NOTEBOOK,
    Point,
    a_few,
    architecture_id,
    architectures,
    derive,
    hard_points,
    random_points,
    suited,
)

EVERY_ARCHITECTURE = pytest.mark.parametrize("architecture", architectures(), ids=architecture_id)
EVERY_PRECISION = pytest.mark.parametrize("precision", ["float64", "float32"])
FAR = (40.0, -40.0, 800.0, -800.0)
LIES = (lambda g: -g, lambda g: 2 * g, lambda g: g / 2)


def near_target(point: Point, architecture: Architecture, distance: float) -> Point:
    """The same point with its target this far from the output, as far as the loss allows."""
    parameters, example = point
    o = forward(*point, architecture=architecture).o
    low, high = (0.0, 1.0) if architecture.loss == "binary_cross_entropy" else (-math.inf, math.inf)
    return parameters, Example(example.x, min(max(o + distance, low), high))


def points_of_every_kind(architecture: Architecture, precision: str) -> list[Point]:
    """Half of them for each precision, some of every kind."""
    hard = hard_points(architecture, 16, seed=62)
    wide = [*random_points(1, 63, 30.0, architecture), *random_points(1, 64, 300.0, architecture)]
    dice = random.Random(65)
    near = [
        near_target(point, architecture, dice.choice([-1, 1]) * 10 ** dice.uniform(-12, -1)) for point in hard["random"]
    ]
    return [*(point for points in hard.values() for point in points[:2]), *wide, *near[:4]][precision == "float32" :: 2]


@pytest.fixture(scope="module", autouse=True)
def what_does_not_hang_on_autograd_is_worked_out_once():
    """Of one point the other two always say the same, and so do the bounds: a lie of autograd's changes nothing."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("derive_all", "finite_differences", "_errors", "_reasons"):
            patch.setattr(gradient_check, name, remembered(getattr(gradient_check, name)))
        yield


def remembered(function):
    known = {}

    def once(*arguments, **more):
        asked = repr((arguments, more))
        if asked not in known:
            known[asked] = function(*arguments, **more)
        return known[asked]

    return once


def judged(point: Point, architecture: Architecture, precision: str, gradients: Gradients | None = None):
    """Each key with its testimony, and with the two comparisons by name."""
    for key, says in heard(point, architecture, precision, gradients).items():
        yield key, says, {"chain rule": says.of_chain_rule, "difference": says.of_difference}


@EVERY_ARCHITECTURE
@EVERY_PRECISION
def test_an_honest_gradient_is_never_said_to_differ(architecture, precision):
    for point in points_of_every_kind(architecture, precision):
        for key, says, compared in judged(point, architecture, precision):
            assert DIFFERS not in {one.verdict for one in compared.values()}, (key, point, says)


@EVERY_ARCHITECTURE
@EVERY_PRECISION
def test_where_a_witness_agrees_a_lie_of_autograds_would_be_noticed(architecture, precision):
    for point in points_of_every_kind(architecture, precision):
        honest = backward(*point, architecture=architecture, precision=precision)
        agreed = {(key, who) for key, _, compared in judged(point, architecture, precision)
                  for who, one in compared.items() if one.verdict == AGREES and honest[key]}  # fmt: skip
        for lie in LIES:
            lying = gradients_from_vector([lie(g) for g in honest.vector])
            for key, says, compared in judged(point, architecture, precision, lying):
                for who, one in compared.items():
                    assert one.verdict == DIFFERS or (key, who) not in agreed, (key, who, point, says)


ANY_SIZE = st.floats(-1e3, 1e3) | st.sampled_from([0.0, 1.0, -1.0, 0.1, -0.3, 1e-7, 1e5, -1e12, 1e38, 1e200, -1e300])


@given(
    numbers=st.lists(ANY_SIZE, min_size=11, max_size=11),
    y=st.floats(0, 1),
    architecture=st.sampled_from(architectures()),
    precision=st.sampled_from(["float64", "float32"]),
)
def test_however_wide_the_numbers_an_honest_gradient_never_differs(numbers, y, architecture, precision):
    keys = [name.key for name in ADJUSTABLE]
    point = from_values(dict(zip(keys, [*numbers, y], strict=True)))
    for key, says, compared in judged(point, architecture, precision):
        assert DIFFERS not in {one.verdict for one in compared.values()}, (key, says)


@EVERY_ARCHITECTURE
def test_at_an_ordinary_point_hardly_anything_is_left_undecided(architecture):
    for precision, share in (("float64", 0.02), ("float32", 0.2)):
        points = random_points(5, seed=66, span=1.0, architecture=architecture)
        verdicts = Counter(
            one.verdict
            for point in points
            for *_, both in judged(point, architecture, precision)
            for one in both.values()
        )
        assert verdicts[CANNOT_TELL] <= share * verdicts.total(), (precision, verdicts)


def said_of(point: Point, key: str, lie, architecture: Architecture = Architecture(), precision: str = "float64"):
    """The verdicts on autograd's honest gradient of one key, and on what a lie makes of it."""
    honest = backward(*point, architecture=architecture, precision=precision)
    lying = gradients_from_vector([lie(g) for g in honest.vector])
    both = (heard(point, architecture, precision, gradients)[key] for gradients in (honest, lying))
    return [(says.of_chain_rule.verdict, says.of_difference.verdict) for says in both]


@pytest.mark.parametrize(("y", "precision"), [(1.42 - 0.003, "float32"), (1.42 - 1e-10, "float64")])
def test_near_the_target_a_turned_sign_is_seen(y, precision):
    near = NOTEBOOK[0], Example([1, 2], y)
    honest, turned = said_of(near, "w1_12", lambda g: -g, precision=precision)
    assert honest == (AGREES, AGREES)
    assert turned == (DIFFERS, DIFFERS)


def test_in_the_saturated_preset_a_turned_sign_is_seen_or_nobody_can_tell():
    preset = next(preset for preset in PRESETS.values() if "saturated" in preset.name.lower())
    point = preset.settings.parameters, preset.settings.example
    seen = Counter()
    for precision in ("float64", "float32"):
        for key in heard(point, preset.settings.architecture, precision):
            honest, turned = said_of(point, key, lambda g: -g, preset.settings.architecture, precision)
            for before, after in zip(honest, turned, strict=True):
                assert (before, after) in {(AGREES, DIFFERS), (CANNOT_TELL, CANNOT_TELL), (CANNOT_TELL, DIFFERS)}, key
                seen[before] += 1
    assert seen[AGREES] > 0


def test_where_rounding_drowns_the_gradient_it_says_cannot_tell_and_why():
    close = NOTEBOOK[0], Example([1, 2], 1.42 + 3e-8)
    says = heard(close, Architecture(), "float32")["w1_12"]
    assert says.verdict == CANNOT_TELL
    assert any(reason.startswith("Cannot tell: rounding") for reason in says.reasons)


@EVERY_PRECISION
@pytest.mark.parametrize("output", ["identity", "sigmoid", "tanh"])
def test_of_a_dead_unit_all_three_agree_that_nothing_passes(output, precision):
    network = Architecture("relu", output)
    for parameters, example in random_points(5, seed=67):
        dead = Parameters(parameters.W1, [-50, 0.2], parameters.W2, parameters.b2)
        says = heard((dead, example), network, precision)
        assert {says[key].verdict for key in ("w1_11", "w1_21", "b1_1", "w2_1")} == {AGREES}
        # but on the kink a difference quotient is not to be believed, however level it is on one side
        on_kink = Parameters([[0, 1], [0, 1]], [0, 0.2], [[0.5], [0.6]], parameters.b2)
        assert heard((on_kink, example), network, precision)["b1_1"].verdict == CANNOT_TELL


def heard(
    point: Point, architecture: Architecture, precision: str = "float64", gradients: Gradients | None = None
) -> dict[str, gradient_check.Testimony]:
    gradients = gradients or backward(*point, architecture=architecture, precision=precision)
    return gradient_check.testify(*point, gradients, architecture=architecture, precision=precision)


def test_the_hard_points_are_as_hard_as_they_say():
    points = hard_points(Architecture(), 200, seed=61)
    assert all(forward(*point).z1[0] == 0 for point in points["kink"])
    assert all(0 in point[1].x for point in points["zero"])
    sigmoids = Architecture("sigmoid", "sigmoid")
    levelled = [unit_states(point, sigmoids) for point in points["saturated"]]
    assert all(kinds for kinds in levelled)
    assert {unit for kinds in levelled for unit in kinds} == {"h_1", "h_2", "o"}


@pytest.mark.parametrize(
    "architecture, precision",
    [*((each, "float64") for each in architectures()), *((each, "float32") for each in a_few())],
    ids=str,
)
def test_nothing_is_nan_however_far_out(architecture, precision):
    biases = [*(([far, -far], 0.3) for far in (40.0, 800.0)), *(([0.1, 0.2], far) for far in FAR)]
    for b1, b2 in biases:
        point = suited((Parameters([[0.1, 0.2], [0.3, 0.4]], b1, [[0.5], [-0.6]], [b2]), NOTEBOOK[1]), architecture)
        passed = forward(*point, architecture=architecture, precision=precision)
        known = derive(*point, "w1_11", architecture=architecture).known
        assert all(map(math.isfinite, (*passed.z1, *passed.h, passed.z2, passed.o, passed.L, *known.values())))
        for says in heard(point, architecture, precision).values():
            assert all(map(math.isfinite, (says.chain_rule, says.autograd, says.difference)))
            assert says.of_chain_rule.verdict != DIFFERS


# ── a disagreement is never hidden ──────────────────────────────────────────────────────────────────────────────


def planted(key_index: int, change) -> tuple[Gradients, list[float]]:
    honest = list(backward(*NOTEBOOK).vector)
    honest[key_index] = change(honest[key_index])
    return gradients_from_vector(honest), honest


@pytest.mark.parametrize("change", [lambda g: g + 1e-5, lambda g: -g, lambda g: math.nan, lambda g: math.inf])
def test_a_planted_error_in_autograd_is_seen_by_both_others(change):
    says = gradient_check.testify(*NOTEBOOK, planted(1, change)[0])
    assert [key for key, one in says.items() if one.of_chain_rule.verdict == DIFFERS] == ["w1_12"]
    assert [key for key, one in says.items() if one.of_difference.verdict == DIFFERS] == ["w1_12"]


def test_a_reason_does_not_make_a_disagreement_agreement():
    parameters, example = NOTEBOOK
    on_kink = Parameters(parameters.W1, [-0.7, 0.2], parameters.W2, parameters.b2)
    says = gradient_check.testify(on_kink, example, backward(on_kink, example))["b1_1"]
    assert "kink of ReLU" in says.reasons[0]
    assert says.of_difference.verdict == CANNOT_TELL
    absurd = gradients_from_vector([9.0] * 11)
    assert gradient_check.testify(on_kink, example, absurd)["b1_1"].of_difference.verdict == DIFFERS


def test_where_rounding_decides_the_side_of_a_kink_nobody_can_tell():
    # On paper and in float32 z is 0; in float64, where the chain rule is, 5.6e-17.
    parted = Parameters([[0.1, 0.2], [0.1, 0.4]], [-0.3, 0.2], [[0.5], [0.6]], [0.3]), NOTEBOOK[1]
    says = heard(parted, Architecture(), "float32")["w1_11"]
    assert (says.chain_rule, says.autograd) == (pytest.approx(0.16), 0.0)
    assert says.of_chain_rule.verdict == CANNOT_TELL
    assert "kink of ReLU" in says.reasons[0]


def test_an_infinite_loss_hides_nothing():
    far = Parameters([[1e100, 1], [1, 1]], [0, 0], [[1e100], [1]], [0])
    honest = backward(far, NOTEBOOK[1])
    assert all(
        one.of_chain_rule.verdict == AGREES
        for key, one in gradient_check.testify(far, NOTEBOOK[1], honest).items()
        if key != "x_1"
    )
    wrong = replace(honest, b2=(2 * honest.b2[0],))
    assert gradient_check.testify(far, NOTEBOOK[1], wrong)["b2"].of_chain_rule.verdict == DIFFERS
    assert gradient_check.testify(far, NOTEBOOK[1], honest)["x_1"].verdict == CANNOT_TELL  # an infinity is no agreement


# ── reasons ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_where_nothing_is_the_matter_there_is_no_reason():
    assert {says.reasons for says in gradient_check.testify(*NOTEBOOK, backward(*NOTEBOOK)).values()} == {()}


def test_float32_is_a_reason_for_every_gradient():
    says = gradient_check.testify(*NOTEBOOK, backward(*NOTEBOOK, precision="float32"), precision="float32")
    assert all("float32 keeps about 7 digits" in one.reasons[0] for one in says.values())


def test_saturation_is_a_reason_for_what_passes_through_the_unit_and_names_it():
    network = Architecture("tanh", "identity")
    parameters, example = NOTEBOOK
    far = Parameters(parameters.W1, [30, 0.2], parameters.W2, parameters.b2)
    says = gradient_check.testify(far, example, backward(far, example, architecture=network), architecture=network)
    through = {key for key, one in says.items() if one.reasons}
    assert through == {"w1_11", "w1_21", "b1_1", "x_1", "x_2"}
    assert (
        says["b1_1"].reasons[0].startswith("Hidden unit 1 is saturated: at $z^{(1)}_{1} = 30.7$ tanh has levelled off")
    )


def test_a_bend_within_a_wide_nudge_is_a_reason():
    network = Architecture("identity", "tanh")
    wide = Parameters([[1, 1], [1, 1]], [40, 0], [[0.01], [0]], [0])
    says = gradient_check.testify(
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
