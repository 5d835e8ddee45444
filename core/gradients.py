"""∂L/∂θ, twice: by autograd, and by central finite differences. They share the forward pass and nothing else."""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from core.device import PRECISIONS, check_device, check_precision, place, read
from core.functions import LOSSES, check_target
from core.names import DIFFERENTIABLE, one_of
from core.network import Network, Weights, forward, pack, place_example, place_weights, unpack
from core.parameters import (
    Architecture,
    Example,
    Gradients,
    Parameters,
    Vector,
    finite,
    from_values,
    gradients_from_vector,
    to_values,
)


@dataclass(frozen=True, slots=True)
class Deltas:
    """∂L/∂(each computed value): the δ that backpropagation hands from a unit to the one before it.

    With binary cross-entropy L is computed from z2, and ∂L/∂z2 = o − y stays small where ∂L/∂o = (o − y) / (o (1 − o))
    grows beyond all bounds: o is then the slope before the cancellation, and infinite where the output is wrong and
    saturated.
    """

    z1: Vector
    h: Vector
    z2: float
    o: float

    @property
    def vector(self) -> Vector:
        """The six numbers in the order of core.names.COMPUTED, which ends with L itself."""
        return (*self.z1, *self.h, self.z2, self.o)


def backward(
    parameters: Parameters,
    example: Example,
    *,
    architecture: Architecture = Architecture(),
    device: str = "cpu",
    precision: str = "float64",
) -> Gradients:
    """∂L/∂W1, ∂L/∂b1, ∂L/∂W2, ∂L/∂b2 and ∂L/∂x by autograd."""
    return backpropagate(parameters, example, architecture, device, precision)[0]


def backpropagate(
    parameters: Parameters, example: Example, architecture: Architecture, device: str, precision: str
) -> tuple[Gradients, Deltas]:
    """One backward pass: the gradients, and every δ it met on its way. Raises ValueError as forward() does."""
    check_target(architecture.loss, example.y)
    network = Network(place_weights(parameters, device, precision), architecture)
    x, y = place_example(example, device, precision)
    z1, h, z2, o, L = network(x.requires_grad_(), y)
    wanted = (*network.parameters(), x, z1, h, z2, o)
    *weights, to_x, to_z1, to_h, to_z2, to_o = torch.autograd.grad(L, wanted, allow_unused=True)
    if cancellation := LOSSES[architecture.loss].cancellation:
        to_o = cancellation.torch(z2, y)  # autograd never met o: L was computed from z2
    gradients = gradients_from_vector((*read(pack(Weights(*weights))), *read(to_x[0])))
    return gradients, Deltas(read(to_z1[0]), read(to_h[0]), read(to_z2[0, 0]), read(to_o[0, 0]))


def finite_differences(
    parameters: Parameters,
    example: Example,
    *,
    architecture: Architecture = Architecture(),
    device: str = "cpu",
    precision: str = "float64",
) -> Gradients:
    """∂L/∂p ≈ (L(p + ε) − L(p − ε)) / 2ε for every parameter and input p, no derivative asked of anyone.

    ε is the cube root of the precision's rounding unit, times |p| where that is above 1: truncation
    (ε² L‴ / 6) and rounding (u L / ε) are then of one size. About 1e-10 · L in float64, 1e-4 · L in float32. Where a
    kink lies within ε the result is a mean of two slopes.
    Source: Nocedal & Wright, Numerical Optimization, 2nd ed., section 8.1.
    """
    check_target(architecture.loss, example.y)
    point = place((*parameters.vector, *example.x), device, precision)
    _, y = place_example(example, device, precision)
    return gradients_from_vector(read(central_differences(point, y, architecture, nudge(device, precision))))


def central_differences(point: Tensor, y: Tensor, architecture: Architecture, epsilon: float) -> Tensor:
    """The same for any leading batch: points (…, 11), in the order of DIFFERENTIABLE, and y (…, 1, 1) → (…, 11)."""
    nudges = torch.diag_embed(epsilon * point.abs().clamp(min=1))
    plus, minus = point.unsqueeze(-2) + nudges, point.unsqueeze(-2) - nudges
    width = (plus - minus).diagonal(dim1=-2, dim2=-1)  # what was really moved, after rounding
    both = torch.stack([plus, minus])  # (2, …, 11, 11): side, nudged entry, entry
    with torch.no_grad():
        network = Network(unpack(both[..., :9]), architecture)
        loss = network(both[..., 9:].unsqueeze(-2), y.unsqueeze(-3)).L[..., 0, 0]  # (2, …, 11)
    return (loss[0] - loss[1]) / width


class Prediction(NamedTuple):
    """What a small step in one symbol does to L: as its gradient says, and in truth."""

    predicted: float
    actual: float


def predicted_and_actual(
    parameters: Parameters,
    example: Example,
    key: str,
    step: float = 0.01,
    *,
    slope: float | None = None,
    architecture: Architecture = Architecture(),
    device: str = "cpu",
    precision: str = "float64",
) -> Prediction:
    """∂L/∂p · step, and L(p + step) − L(p): the nearer the two, the straighter the loss is here.

    `slope` is what to predict with in place of autograd's gradient: at a corner of the loss, that of the side to which
    the step goes.
    The second is not a number where the loss itself is infinite. Raises ValueError for an unknown key or a step that
    is no number.
    """
    one_of("parameter", key, [name.key for name in DIFFERENTIABLE])
    if slope is None:
        slope = backward(parameters, example, architecture=architecture, device=device, precision=precision)[key]
    values = to_values(parameters, example)
    moved = from_values(values | {key: values[key] + finite("step", step)})
    before, after = (
        forward(*point, architecture=architecture, device=device, precision=precision).L
        for point in ((parameters, example), moved)
    )
    return Prediction(slope * step, after - before)


def nudge(device: str, precision: str) -> float:
    """ε for a parameter of size up to 1."""
    dtype = PRECISIONS[check_precision(precision, check_device(device))]
    return float(torch.finfo(dtype).eps ** (1 / 3))
