"""core/network.py: the forward pass, for one network and for ten thousand."""

import math

import pytest
import torch

from core import Architecture, Example, Parameters, Trace, forward
from core.network import place_example, trace, unpack
from tests.core.points import NOTEBOOK, architecture_id, architectures, random_points

EVERY_ARCHITECTURE = pytest.mark.parametrize("architecture", architectures(), ids=architecture_id)


def by_hand(parameters: Parameters, example: Example) -> Trace:
    """The default network in plain Python, a unit at a time."""
    (w11, w12), (w21, w22) = parameters.W1
    (b1, b2), ((v1,), (v2,)), (c,) = parameters.b1, parameters.W2, parameters.b2
    x1, x2 = example.x
    first, second = x1 * w11 + x2 * w21 + b1, x1 * w12 + x2 * w22 + b2
    o = max(0.0, first) * v1 + max(0.0, second) * v2 + c
    return Trace((first, second), (max(0.0, first), max(0.0, second)), o, o, (o - example.y) ** 2 / 2)


def test_the_forward_pass_is_what_plain_python_computes():
    for point in random_points(300, seed=1):
        computed, expected = forward(*point), by_hand(*point)
        assert computed.z1 == pytest.approx(expected.z1, rel=1e-12, abs=1e-14)
        assert computed.h == pytest.approx(expected.h, rel=1e-12, abs=1e-14)
        assert computed[2:] == pytest.approx(expected[2:], rel=1e-12, abs=1e-13)


def test_a_weight_runs_from_its_first_index_to_its_second():
    only_input_1_to_unit_2 = Parameters(W1=[[0, 5], [0, 0]], b1=[0, 0], W2=[[0], [0]], b2=[0])
    assert forward(only_input_1_to_unit_2, Example([10, 1000], 0)).z1 == (0.0, 50.0)
    only_unit_2_to_output = Parameters(W1=[[0, 0], [0, 0]], b1=[3, 4], W2=[[0], [7]], b2=[0])
    assert forward(only_unit_2_to_output, Example([1, 1], 0)).o == 28.0


def test_a_trace_is_floats_and_tuples_of_floats_with_names():
    result = forward(*NOTEBOOK)
    assert result._fields == ("z1", "h", "z2", "o", "L")
    assert [type(value) for value in result] == [tuple, tuple, float, float, float]
    assert [type(value) for value in (*result.z1, *result.h)] == [float] * 4


def test_dead_units_leave_the_bias_of_the_output_alone():
    dead = Parameters(W1=[[-1, -1], [-1, -1]], b1=[-1, -1], W2=[[5], [6]], b2=[0.25])
    result = forward(dead, Example([1, 2], 1.25))
    assert result.z1 == (-4.0, -4.0)
    assert (result.h, result.o, result.L) == ((0.0, 0.0), 0.25, 0.5)


def test_without_inputs_only_the_biases_speak():
    parameters, _ = NOTEBOOK
    result = forward(parameters, Example([0, 0], 0))
    assert result.z1 == parameters.b1
    assert result.o == pytest.approx(0.1 * 0.5 + 0.2 * 0.6 + 0.3, abs=1e-15)


def test_the_loss_is_zero_where_the_output_is_the_target():
    parameters, example = NOTEBOOK
    assert forward(parameters, Example(example.x, forward(parameters, example).o)).L == 0.0


def test_a_loss_too_large_for_a_float_is_infinite_and_no_error():
    far = Parameters(W1=[[1e100, 1], [1, 1]], b1=[0, 0], W2=[[1e100], [1]], b2=[0])
    result = forward(far, Example([1, 1], 0))
    assert (result.o, result.L) == (1e200, math.inf)
    assert math.isinf(forward(far, Example([1, 1], 0), precision="float32").z1[0])


def batch(count: int, architecture: Architecture = Architecture()) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """θ (count, 9), x (count, 1, 2) and y (count, 1, 1) of `count` random networks, each with its own example."""
    points = random_points(count, seed=2, architecture=architecture)
    theta = torch.tensor([parameters.vector for parameters, _ in points], dtype=torch.float64)
    x = torch.tensor([[example.x] for _, example in points], dtype=torch.float64)
    y = torch.tensor([[[example.y]] for _, example in points], dtype=torch.float64)
    return theta, x, y


@EVERY_ARCHITECTURE
@pytest.mark.parametrize("shape", [(), (1,), (7,), (3, 4), (2, 1, 3)], ids=str)
def test_a_batch_of_any_shape_is_the_same_as_one_network_after_another(shape, architecture):
    count = math.prod(shape)
    theta, x, y = batch(count, architecture)
    result = trace(theta.reshape(*shape, 9), x.reshape(*shape, 1, 2), y.reshape(*shape, 1, 1), architecture)
    assert [tuple(value.shape) for value in result] == [(*shape, 1, n) for n in (2, 2, 1, 1, 1)]
    for index, point in enumerate(random_points(count, seed=2, architecture=architecture)):
        one = forward(*point, architecture=architecture)
        for value, expected in zip(result, one, strict=True):
            assert value.reshape(count, -1)[index].tolist() == pytest.approx(
                list(expected) if isinstance(expected, tuple) else [expected], rel=1e-12, abs=1e-13
            )


def test_ten_thousand_networks_at_once_are_ten_thousand_networks():
    theta, x, y = batch(10_000)
    result = trace(theta, x, y, Architecture())
    assert result.L.shape == (10_000, 1, 1)
    points = random_points(10_000, seed=2)
    assert result.L.flatten().tolist() == pytest.approx([by_hand(*point).L for point in points], rel=1e-9, abs=1e-12)
    for index in range(0, 10_000, 97):
        assert result.o[index].item() == pytest.approx(forward(*points[index]).o, rel=1e-12, abs=1e-13)


def test_one_example_serves_a_whole_batch_of_networks():
    theta, *_ = batch(5)
    _, example = NOTEBOOK
    shared = trace(theta, *place_example(example, "cpu", "float64"), Architecture())
    for row, loss in zip(theta.tolist(), shared.L.flatten().tolist(), strict=True):
        assert loss == pytest.approx(forward(Parameters.from_vector(row), example).L, rel=1e-12)


def test_one_backward_pass_gives_each_network_of_a_batch_its_own_gradient():
    theta, x, y = batch(6)
    together = theta.clone().requires_grad_()
    trace(together, x, y, Architecture()).L.sum().backward()
    for index in range(6):
        alone = theta[index].clone().requires_grad_()
        trace(alone, x[index], y[index], Architecture()).L.sum().backward()
        assert together.grad[index].tolist() == pytest.approx(alone.grad.tolist(), rel=1e-12, abs=1e-12)


def test_an_empty_batch_is_answered_with_an_empty_batch():
    theta, x, y = torch.empty(0, 9), torch.empty(0, 1, 2), torch.empty(0, 1, 1)
    assert trace(theta, x, y, Architecture()).L.shape == (0, 1, 1)


def test_every_entry_finds_its_place():
    W1, b1, W2, b2 = unpack(torch.arange(1.0, 10.0))
    assert W1.tolist() == [[1, 2], [3, 4]]
    assert (b1.tolist(), W2.tolist(), b2.tolist()) == ([[5, 6]], [[7], [8]], [[9]])
    for shape in [(9,), (4, 9), (2, 3, 9)]:
        anything = torch.randn(shape, generator=torch.Generator().manual_seed(0))
        assert torch.equal(torch.cat([tensor.flatten(-2) for tensor in unpack(anything)], dim=-1), anything)
