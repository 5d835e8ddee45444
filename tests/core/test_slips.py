"""core/slips.py: each usual mistake brings out its own wrong number, and only those that show are shown."""

import math

import pytest

from core import DIFFERENTIABLE, Architecture, Example, Parameters, Slip, backward, forward, slips
from core.slips import Wrong
from tests.core.points import NOTEBOOK, architecture_id, architectures, derive, random_points, sentence_of

EVERY_ARCHITECTURE = pytest.mark.parametrize("architecture", architectures(), ids=architecture_id)


def wrong_of(slip: Slip) -> Wrong:
    """The one thing that is wrong in a slip of one route."""
    ((wrong,),) = (route.wrong for route in slip.routes)
    return wrong


def by_name(key: str, point=NOTEBOOK, **more) -> dict[str, Slip]:
    found = slips(*point, key, **more)
    assert len({slip.name for slip in found}) == len(found)
    return {slip.name: slip for slip in found}


@pytest.mark.parametrize(("key", "slipped", "right"), [("w1_12", 0.5184, 0.4320), ("b1_1", 0.2880, 0.3600)])
def test_the_notebooks_own_slip_is_there_with_the_notebooks_number(key, slipped, right):
    slip = by_name(key)["ReLU(z) for ReLU′(z)"]
    assert slip.result == pytest.approx(slipped, abs=1e-12)
    assert derive(*NOTEBOOK, key).value == pytest.approx(right, abs=1e-12)
    (wrong,) = slip.routes[0].wrong
    assert derive(*NOTEBOOK, key).routes[0].factors[wrong.place].above.startswith("h")
    assert wrong.written.startswith(r"\operatorname{ReLU}\left(z")


def test_every_slip_of_the_notebooks_weight_by_hand():
    assert {name: round(slip.result, 12) for name, slip in by_name("w1_22").items()} == {
        "the sign of o − y turned": -0.864,
        "the 2 of the square lost": 0.432,
        "W2 taken after its update": round(0.72 * 0.59136 * 2, 12),
        "ReLU(z) for ReLU′(z)": 1.0368,
        "the input forgotten": 0.432,
    }


def test_every_slip_of_an_input_by_hand():
    # Right: 0.036 + 0.0864. Transposed: 0.72 (0.5 · 0.1 + 0.6 · 0.3), for w1_12 = 0.2 stands w1_21 = 0.3.
    assert {name: round(slip.result, 12) for name, slip in by_name("x_1").items()} == {
        "the sign of o − y turned": -0.1224,
        "the 2 of the square lost": 0.0612,
        "W2 taken after its update": round(0.72 * (0.49424 * 0.1 + 0.59136 * 0.2), 12),
        "ReLU(z) for ReLU′(z)": round(0.036 * 0.8 + 0.0864 * 1.2, 12),
        "the weight forgotten": 0.792,
        "W1 transposed": 0.1656,
        "the route through hidden unit 1 forgotten": 0.0864,
        "the route through hidden unit 2 forgotten": 0.036,
    }


@pytest.mark.parametrize(("key", "mirror"), [("w1_12", "w1_21"), ("w1_21", "w1_12")])
def test_transposed_a_weight_gets_the_gradient_of_the_one_across_the_diagonal(key, mirror):
    for point in (NOTEBOOK, *random_points(5, seed=82)):
        for activation in ("leaky_relu", "tanh", "gelu"):
            network = Architecture(activation)
            slip = next(slip for slip in slips(*point, key, architecture=network) if slip.key == "transposed")
            assert slip.result == pytest.approx(backward(*point, architecture=network)[mirror])


def test_transposed_an_input_gets_the_gradient_of_the_transposed_network():
    for parameters, example in (NOTEBOOK, *random_points(5, seed=83)):
        network, z1 = Architecture("tanh"), forward(parameters, example).z1
        turned = [list(column) for column in zip(*parameters.W1, strict=True)]
        # The same pre-activations from the transposed weights, by other biases: only the last factors differ.
        b1 = [z1[j] - sum(x * turned[i][j] for i, x in enumerate(example.x)) for j in (0, 1)]
        right = backward(Parameters(turned, b1, parameters.W2, parameters.b2), example, architecture=network)
        for key in ("x_1", "x_2"):
            found = [s for s in slips(parameters, example, key, architecture=network) if s.key == "transposed"]
            assert [slip.result for slip in found] == pytest.approx([right[key]])


def test_on_the_diagonal_and_for_a_symmetric_w1_nothing_is_transposed():
    for key in ("w1_11", "w1_22", "b1_1", "w2_1", "b2"):
        assert not [slip for slip in slips(*NOTEBOOK, key) if slip.key == "transposed"]
    same = Parameters([[0.1, 0.4], [0.4, 0.2]], [0.1, 0.1], [[0.5], [0.5]], [0.3]), NOTEBOOK[1]
    assert not [slip for key in ("x_1", "x_2") for slip in slips(*same, key) if slip.key == "transposed"]


def test_a_forgotten_route_shows_only_where_it_brings_something():
    parameters, example = NOTEBOOK
    dead = Parameters(parameters.W1, [-10, 0.2], parameters.W2, parameters.b2), example
    assert [slip.name for slip in slips(*dead, "x_1") if slip.key == "one_route"] == [
        "the route through hidden unit 2 forgotten"
    ]
    assert not [slip for slip in slips(*NOTEBOOK, "w1_12") if slip.key == "one_route"]


def test_a_factor_of_one_is_forgotten_without_a_trace():
    assert "the input forgotten" not in by_name("w1_12")  # x₁ = 1
    assert "the hidden unit’s gate forgotten" not in by_name("w1_12")  # ReLU′ = 1
    assert set(by_name("b2")) == {"the sign of o − y turned", "the 2 of the square lost"}


def test_a_forgotten_gate_shows_where_it_is_shut():
    parameters, example = NOTEBOOK
    dead = Parameters(parameters.W1, [-10, 0.2], parameters.W2, parameters.b2), example
    assert set(by_name("w1_11", dead)) == {"the hidden unit’s gate forgotten"}  # the rest is times 0
    assert by_name("w1_11", dead)["the hidden unit’s gate forgotten"].result == pytest.approx(
        (forward(*dead).o - 0.7) * 0.5
    )


def test_on_target_no_slip_shows():
    parameters, example = NOTEBOOK
    there = Example(example.x, derive(*NOTEBOOK, "b2").known["o"])
    assert slips(parameters, there, "w1_12") == ()


def test_an_input_slips_on_both_its_routes():
    found = by_name("x_1")
    assert [route.product for route in found["ReLU(z) for ReLU′(z)"].routes] == pytest.approx(
        [0.036 * 0.8, 0.0864 * 1.2]
    )
    forgotten = found["the weight forgotten"]
    assert forgotten.result == pytest.approx(0.72 * (0.5 + 0.6))
    assert [len(route.wrong) for route in forgotten.routes] == [1, 1]


def test_the_weight_after_its_update_depends_on_the_learning_rate():
    slip = by_name("b1_2", learning_rate=0.1)["W2 taken after its update"]
    assert wrong_of(slip).value == pytest.approx(0.6 - 0.1 * 0.864)
    assert wrong_of(by_name("b1_2")["W2 taken after its update"]).value == pytest.approx(0.59136)
    assert "learning_rate 0.0 is out of range" in sentence_of(lambda: slips(*NOTEBOOK, "b1_2", learning_rate=0))


@pytest.mark.parametrize(
    ("loss", "written"), [("half_squared_error", r"\tfrac12\,(o - y)"), ("squared_error", "o - y")]
)
def test_the_lost_two_fits_the_loss(loss, written):
    slip = by_name("b2", architecture=Architecture(loss=loss))["the 2 of the square lost"]
    assert wrong_of(slip).written == written
    assert slip.result == pytest.approx(derive(*NOTEBOOK, "b2", architecture=Architecture(loss=loss)).value / 2)


def test_cross_entropy_has_a_slip_of_its_own_and_no_two_to_lose():
    network = Architecture(output="sigmoid", loss="binary_cross_entropy")
    found = by_name("b2", architecture=network)
    o = derive(*NOTEBOOK, "b2", architecture=network).known["o"]
    assert set(found) == {"the sign of o − y turned", "the output’s gate taken a second time"}
    assert found["the output’s gate taken a second time"].result == pytest.approx((o - 0.7) * o * (1 - o))


def test_a_curved_output_has_a_gate_to_slip_on_too():
    network = Architecture("sigmoid", "tanh")
    found = by_name("w1_11", architecture=network)
    at_the_output = {"tanh(z) for tanh′(z) at the output", "the output’s gate forgotten"}
    at_the_unit = {"sigmoid(z) for sigmoid′(z)", "the hidden unit’s gate forgotten"}
    assert {name for name, slip in found.items() if wrong_of(slip) and wrong_of(slip).place == 1} == at_the_output
    assert {name for name, slip in found.items() if wrong_of(slip) and wrong_of(slip).place == 3} == at_the_unit
    assert at_the_output < set(by_name("w2_1", architecture=network))


@EVERY_ARCHITECTURE
def test_no_slip_comes_to_the_right_number(architecture):
    for point in random_points(1, seed=81, architecture=architecture):
        right = backward(*point, architecture=architecture)
        for name in DIFFERENTIABLE:
            found = slips(*point, name.key, architecture=architecture)
            assert len({slip.name for slip in found}) == len(found)
            for slip in found:
                assert slip.result != pytest.approx(right[name.key], rel=1e-9, abs=0)
                assert slip.sentence.endswith(".")
                turned = next((one for one in found if one.key == "sign"), None)
                assert turned is None or turned.result == pytest.approx(-right[name.key])


@pytest.mark.parametrize("key", ["w1_11", "w2_1", "x_1"])
@pytest.mark.parametrize(
    "architecture", [Architecture(), Architecture("tanh", "sigmoid", "binary_cross_entropy")], ids=architecture_id
)
def test_beyond_the_largest_float_there_is_nothing_to_show_and_no_error(architecture, key):
    far = Parameters([[1e200, 1e200], [1e200, -1e200]], [0, 0], [[1e200], [-1e200]], [1]), Example([1e150, 2], 1)
    assert all(math.isfinite(slip.result) for slip in slips(*far, key, architecture=architecture))


def test_an_unknown_parameter_is_refused():
    assert sentence_of(lambda: slips(*NOTEBOOK, "L")).startswith("parameter 'L' is not known")
