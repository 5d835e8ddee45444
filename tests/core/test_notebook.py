"""Every number of the notebook the project grew from, and the three places where it is wrong.

The notebook runs in float32 and prints four digits, or all of them for a single number. Below stand its printouts, as
printed. The same numbers by paper and pencil are exact decimals; float64 must meet them to 1e-12.
"""

import pytest
import sympy
import torch

from core import Architecture, Example, Parameters, backpropagate, backward, derive_all, descend, forward
from core.chain_rule import factors
from core.equations import SYMBOLS
from tests.core.points import NOTEBOOK, derive

SINGLE = {"precision": "float32"}


def printed(values) -> str:
    """A tensor of these float32 numbers as torch prints it, without the word of where it came from."""
    return str(torch.tensor(values, dtype=torch.float32))


def close(expected):
    return pytest.approx(expected, rel=0, abs=1e-12)


class TheNotebook:
    """Its cells, as they stand: plain tensors, float32, no module, no optimiser, no zero_()."""

    def __init__(self) -> None:
        self.W1 = torch.tensor([[0.1, 0.2], [0.3, 0.4]], requires_grad=True)
        self.b1 = torch.tensor([0.1, 0.2], requires_grad=True)
        self.W2 = torch.tensor([[0.5], [0.6]], requires_grad=True)
        self.b2 = torch.tensor([0.3], requires_grad=True)
        self.X = torch.tensor([1.0, 2.0], requires_grad=False)
        self.y = torch.tensor([0.7])

    @property
    def tensors(self) -> list[torch.Tensor]:
        return [self.W1, self.b1, self.W2, self.b2]

    @property
    def theta(self) -> tuple[float, ...]:
        return tuple(number for tensor in self.tensors for number in tensor.flatten().tolist())

    @property
    def gradient(self) -> tuple[float, ...]:
        return tuple(number for tensor in self.tensors for number in tensor.grad.flatten().tolist())

    def forward(self) -> torch.Tensor:
        self.Z1 = torch.matmul(self.X, self.W1) + self.b1
        self.a1 = torch.nn.functional.relu(self.Z1)
        self.a2 = torch.matmul(self.a1, self.W2) + self.b2
        return 0.5 * (self.a2 - self.y) ** 2

    def step(self) -> None:
        with torch.no_grad():
            self.W1 -= 0.01 * self.W1.grad
            self.b1 -= 0.01 * self.b1.grad
            self.W2 -= 0.01 * self.W2.grad
            self.b2 -= 0.01 * self.b2.grad


# ── the forward pass ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_output_and_the_loss_are_printed_as_the_notebook_prints_them():
    result = forward(*NOTEBOOK, **SINGLE)
    assert f"Output of the network: {result.o}" == "Output of the network: 1.4200000762939453"
    assert f"Initial loss: {result.L}" == "Initial loss: 0.2592000663280487"


def test_the_tensors_of_the_forward_pass_are_printed_as_the_notebook_prints_them():
    parameters, example = NOTEBOOK
    result = forward(*NOTEBOOK, **SINGLE)
    assert printed(parameters.W1) == "tensor([[0.1000, 0.2000],\n        [0.3000, 0.4000]])"
    assert printed(parameters.W2) == "tensor([[0.5000],\n        [0.6000]])"
    assert printed(parameters.W2[1]) == "tensor([0.6000])"
    assert printed(example.x[0]) == "tensor(1.)"
    assert printed([example.y]) == "tensor([0.7000])"
    assert printed(result.h[0]) == "tensor(0.8000)"
    assert printed(result.h[1]) == "tensor(1.2000)"
    assert printed([result.o]) == "tensor([1.4200])"
    assert printed([result.L]) == "tensor([0.2592])"
    assert printed([result.o - example.y]) == "tensor([0.7200])"


def test_the_forward_pass_in_float64_is_the_one_on_paper():
    result = forward(*NOTEBOOK)
    assert result.z1 == close((0.8, 1.2))
    assert result.h == close((0.8, 1.2))
    assert (result.z2, result.o, result.L) == close((1.42, 1.42, 0.2592))


# ── the symbols ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_sympy_finds_the_derivatives_the_notebook_shows():
    s = SYMBOLS
    found = {(factor.above, factor.below): factor.derivative for factor in factors(Architecture())}
    assert sympy.expand(found["L", "o"]) == s["o"] - s["y"]  # 1.0*a2 - 1.0*y
    assert found["z2", "w2_1"] == s["h_1"]  # a11
    assert found["z2", "h_2"] == s["w2_2"]  # w22
    assert found["z1_2", "w1_12"] == s["x_1"]  # x1
    assert found["z1_1", "b1_1"] == 1


# ── the gradients ───────────────────────────────────────────────────────────────────────────────────────────────

GRADIENTS = {
    "W1": ((0.36, 0.432), (0.72, 0.864)),
    "b1": (0.36, 0.432),
    "W2": ((0.576,), (0.864,)),
    "b2": (0.72,),
    "x": (0.1224, 0.2808),  # 0.72 (0.5·0.1 + 0.6·0.2) and 0.72 (0.5·0.3 + 0.6·0.4)
}


@pytest.mark.parametrize("witness", [backward, derive_all])
@pytest.mark.parametrize("name", GRADIENTS)
def test_the_gradients_in_float64_are_the_ones_on_paper(name, witness):
    found = getattr(witness(*NOTEBOOK), name)
    if isinstance(found[0], tuple):
        assert [len(row) for row in found] == [len(row) for row in GRADIENTS[name]]
        assert [n for row in found for n in row] == close([n for row in GRADIENTS[name] for n in row])
    else:
        assert found == close(GRADIENTS[name])


def test_the_deltas_in_float64_are_the_ones_on_paper():
    _, deltas = backpropagate(*NOTEBOOK, Architecture(), "cpu", "float64")
    assert (deltas.o, deltas.z2) == close((0.72, 0.72))
    assert (*deltas.h, *deltas.z1) == close((0.36, 0.432, 0.36, 0.432))


def test_the_gradients_are_printed_as_the_notebook_prints_them():
    gradients = backward(*NOTEBOOK, **SINGLE)
    assert printed(gradients.W1) == "tensor([[0.3600, 0.4320],\n        [0.7200, 0.8640]])"
    assert printed(gradients.W2) == "tensor([[0.5760],\n        [0.8640]])"
    assert printed(gradients.b1) == "tensor([0.3600, 0.4320])"


def test_the_notebooks_chain_for_the_first_output_weight_is_right():
    derivation = derive(*NOTEBOOK, "w2_1")
    assert printed([derivation.value]) == "tensor([0.5760])"
    (route,) = derivation.routes
    assert route.values == close((0.72, 1.0, 0.8))  # (a2 − y) · 1 · a1[0]


# ── one step ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_updated_parameters_are_printed_as_the_notebook_prints_them():
    after = descend(*NOTEBOOK, learning_rate=0.01, steps=1, **SINGLE).steps[1].parameters
    assert printed(after.W1) == "tensor([[0.0964, 0.1957],\n        [0.2928, 0.3914]])"
    assert printed(after.b1) == "tensor([0.0964, 0.1957])"
    assert printed(after.W2) == "tensor([[0.4942],\n        [0.5914]])"
    assert printed(after.b2) == "tensor([0.2928])"


def test_the_updated_parameters_in_float64_are_the_ones_on_paper():
    after = descend(*NOTEBOOK, learning_rate=0.01, steps=1).steps[1].parameters
    assert after.vector == close((0.0964, 0.19568, 0.2928, 0.39136, 0.0964, 0.19568, 0.49424, 0.59136, 0.2928))


def test_before_the_step_stand_the_parameters_of_the_start():
    assert descend(*NOTEBOOK, learning_rate=0.01, steps=1).steps[0].parameters == NOTEBOOK[0]


def test_the_notebooks_own_cells_give_our_float32_numbers_to_the_last_bit():
    cells = TheNotebook()
    loss = cells.forward()
    path = descend(*NOTEBOOK, learning_rate=0.01, steps=1, **SINGLE)
    assert (path.loss[0], path.output[0]) == (loss.item(), cells.a2.item())
    assert forward(*NOTEBOOK, **SINGLE).z1 == tuple(cells.Z1.tolist())
    assert path.theta[0] == cells.theta
    loss.backward()
    assert path.gradient[0] == cells.gradient
    cells.step()
    assert path.theta[1] == cells.theta


# ── where the notebook is wrong ─────────────────────────────────────────────────────────────────────────────────

SLIPS = [  # the key, the unit it leads to, what the notebook makes of it by hand, what is right
    ("w1_12", 1, "0.5184", "0.4320"),
    ("b1_1", 0, "0.2880", "0.3600"),
]


@pytest.mark.parametrize(("key", "unit", "slip", "right"), SLIPS)
def test_where_the_hand_derivation_slips_we_have_the_number_of_its_own_autograd(key, unit, slip, right):
    derivation = derive(*NOTEBOOK, key)
    assert printed([derivation.value]) == f"tensor([{right}])"
    assert derivation.value == close(float(right))
    cells = TheNotebook()
    cells.forward().backward()
    by_its_own_autograd = {"w1_12": cells.W1.grad[0, 1], "b1_1": cells.b1.grad[0]}[key].item()
    assert by_its_own_autograd == pytest.approx(derivation.value, rel=1e-6)


@pytest.mark.parametrize(("key", "unit", "slip", "right"), SLIPS)
def test_the_slip_is_relu_taken_where_its_slope_belongs(key, unit, slip, right):
    (route,) = derive(*NOTEBOOK, key).routes
    at_the_gate = [factor.above for factor in route.factors].index(f"h_{unit + 1}")
    assert route.values[at_the_gate] == 1.0  # ReLU′(z), for z > 0
    slipped = route.product / route.values[at_the_gate] * forward(*NOTEBOOK).h[unit]
    assert printed([slipped]) == f"tensor([{slip}])"
    assert slipped == close(float(slip))


def test_gradients_left_standing_are_added_to_by_the_next_backward_pass():
    cells = TheNotebook()
    cells.forward().backward()
    cells.step()  # and no zero_(), as in the notebook
    cells.forward().backward()
    path = descend(*NOTEBOOK, learning_rate=0.01, steps=1, **SINGLE)
    first, second = path.gradient
    assert cells.gradient == pytest.approx([a + b for a, b in zip(first, second, strict=True)], rel=1e-6)
    assert cells.gradient != pytest.approx(second, rel=0.5)  # not what the second pass alone would say
    assert backward(path.steps[1].parameters, NOTEBOOK[1], **SINGLE).vector[:9] == second  # ours starts from nothing


def test_the_symbol_the_notebook_uses_in_two_layers_has_two_names_here():
    in_layer_1, in_layer_2 = SYMBOLS["w1_21"], SYMBOLS["w2_1"]
    assert in_layer_1 != in_layer_2
    assert (str(in_layer_1), str(in_layer_2)) == ("w^{(1)}_{21}", "w^{(2)}_{1}")


# ── the example in the design and the README ────────────────────────────────────────────────────────────────────


def test_the_public_example_works_as_written():
    parameters = Parameters(W1=[[0.1, 0.2], [0.3, 0.4]], b1=[0.1, 0.2], W2=[[0.5], [0.6]], b2=[0.3])
    example = Example(x=[1.0, 2.0], y=0.7)
    assert forward(parameters, example).o == close(1.42)
    (first,), (second,) = backward(parameters, example).W2
    assert (first, second) == close((0.576, 0.864))
    stepped = descend(parameters, example, learning_rate=0.01, steps=1).steps[1].parameters
    assert isinstance(stepped, Parameters)
    assert stepped.b2 == close((0.2928,))

    spelled_out = {
        "architecture": Architecture(activation="relu", output="identity", loss="half_squared_error"),
        "device": "cpu",
        "precision": "float64",
    }
    assert forward(parameters, example, **spelled_out) == forward(parameters, example)
    assert backward(parameters, example, **spelled_out) == backward(parameters, example)
    assert descend(parameters, example, **spelled_out) == descend(parameters, example)
