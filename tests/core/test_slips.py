"""core/slips.py: each usual mistake brings out its own wrong number, and only those that show are shown."""

import math

import pytest

from core import DIFFERENTIABLE, Architecture, Example, Parameters, Slip, derive, forward, slips
from tests.core.points import NOTEBOOK, architecture_id, architectures, random_points, sentence_of

EVERY_ARCHITECTURE = pytest.mark.parametrize("architecture", architectures(), ids=architecture_id)


def by_name(key: str, point=NOTEBOOK, **more) -> dict[str, Slip]:
    found = slips(*point, key, **more)
    assert len({slip.name for slip in found}) == len(found)
    return {slip.name: slip for slip in found}


@pytest.mark.parametrize(("key", "slipped", "right"), [("w1_12", 0.5184, 0.4320), ("b1_1", 0.2880, 0.3600)])
def test_the_notebooks_own_slip_is_there_with_the_notebooks_number(key, slipped, right):
    slip = by_name(key)["ReLU(z) for ReLU′(z)"]
    assert slip.result == pytest.approx(slipped, abs=1e-12)
    assert derive(*NOTEBOOK, key).value == pytest.approx(right, abs=1e-12)
    assert derive(*NOTEBOOK, key).routes[0].factors[slip.index].above.startswith("h")
    assert slip.written[0].startswith(r"\operatorname{ReLU}\left(z")


def test_every_slip_of_the_notebooks_weight_by_hand():
    assert {name: round(slip.result, 12) for name, slip in by_name("w1_22").items()} == {
        "the sign of o − y turned": -0.864,
        "the 2 of the square lost": 0.432,
        "W2 taken after its update": round(0.72 * 0.59136 * 2, 12),
        "ReLU(z) for ReLU′(z)": 1.0368,
        "the input forgotten": 0.432,
    }


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
    assert found["ReLU(z) for ReLU′(z)"].products == pytest.approx((0.036 * 0.8, 0.0864 * 1.2))
    forgotten = found["the weight forgotten"]
    assert forgotten.result == pytest.approx(0.72 * (0.5 + 0.6))
    assert (len(forgotten.written), len(forgotten.wrong)) == (2, 2)


def test_the_weight_after_its_update_depends_on_the_learning_rate():
    slip = by_name("b1_2", learning_rate=0.1)["W2 taken after its update"]
    assert slip.wrong == pytest.approx((0.6 - 0.1 * 0.864,))
    assert by_name("b1_2")["W2 taken after its update"].wrong == pytest.approx((0.59136,))
    assert "learning_rate 0.0 is out of range" in sentence_of(lambda: slips(*NOTEBOOK, "b1_2", learning_rate=0))


@pytest.mark.parametrize(
    ("loss", "written"), [("half_squared_error", r"\tfrac12\,(o - y)"), ("squared_error", "o - y")]
)
def test_the_lost_two_fits_the_loss(loss, written):
    slip = by_name("b2", architecture=Architecture(loss=loss))["the 2 of the square lost"]
    assert slip.written == (written,)
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
    assert {name for name, slip in found.items() if slip.index == 1} == at_the_output
    assert {name for name, slip in found.items() if slip.index == 3} == at_the_unit
    assert at_the_output < set(by_name("w2_1", architecture=network))


@EVERY_ARCHITECTURE
def test_a_slip_is_the_right_route_with_one_factor_wrong(architecture):
    for point in random_points(2, seed=81, architecture=architecture):
        for name in DIFFERENTIABLE:
            worked = derive(*point, name.key, architecture=architecture)
            for slip in slips(*point, name.key, architecture=architecture):
                assert slip.result == pytest.approx(math.fsum(slip.products))
                assert slip.result != pytest.approx(worked.value, rel=1e-9, abs=0)
                assert slip.sentence.endswith(".")
                for route, wrong, product in zip(worked.routes, slip.wrong, slip.products, strict=True):
                    values = [wrong if i == slip.index else value for i, value in enumerate(route.values)]
                    assert product == pytest.approx(math.prod(values), rel=1e-12)


def test_an_unknown_parameter_is_refused():
    assert sentence_of(lambda: slips(*NOTEBOOK, "L")).startswith("parameter 'L' is not known")
