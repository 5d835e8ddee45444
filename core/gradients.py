"""∂L/∂θ, twice: by autograd, and by central finite differences. They share the forward pass and nothing else."""

from dataclasses import dataclass
from typing import NamedTuple

import torch

from core.device import PRECISIONS, check_device, check_precision, place, read
from core.functions import LOSSES, check_target
from core.names import COMPUTED, differentiable
from core.network import forward, place_example, trace
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

    @property
    def by_key(self) -> dict[str, float]:
        """Each δ by the key of the value it belongs to."""
        return {name.key: value for name, value in zip(COMPUTED[:-1], self.vector, strict=True)}


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
    theta, (x, y) = place(parameters.vector, device, precision), place_example(example, device, precision)
    z1, h, z2, o, L = trace(theta.requires_grad_(), x.requires_grad_(), y, architecture)
    to_theta, to_x, to_z1, to_h, to_z2, to_o = torch.autograd.grad(L, (theta, x, z1, h, z2, o), allow_unused=True)
    if cancellation := LOSSES[architecture.loss].cancellation:
        to_o = cancellation.torch(z2, y)  # autograd never met o: L was computed from z2
    gradients = gradients_from_vector((*read(to_theta), *read(to_x[0])))
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
    nudges = torch.diag(nudge(device, precision) * point.abs().clamp(min=1))
    both = torch.stack([point + nudges, point - nudges])  # (2, 11, 11): side, nudged entry, entry
    width = (both[0] - both[1]).diagonal()  # what was really moved, after rounding
    loss = trace(both[..., :9], both[..., 9:].unsqueeze(-2), y, architecture).L[..., 0, 0]  # (2, 11)
    return gradients_from_vector(read((loss[0] - loss[1]) / width))


class Prediction(NamedTuple):
    """What a small step in one symbol does to L: as its slope says, and in truth."""

    predicted: float
    actual: float


def predicted_and_actual(
    parameters: Parameters,
    example: Example,
    key: str,
    step: float,
    *,
    slope: float,
    architecture: Architecture = Architecture(),
    device: str = "cpu",
    precision: str = "float64",
) -> Prediction:
    """slope · step, and L(p + step) − L(p): the nearer the two, the straighter the loss is here.

    `slope` is ∂L/∂p; at a corner of the loss, that of the side to which the step goes.
    The second is not a number where the loss itself is infinite. Raises ValueError for an unknown key or a step that
    is no number.
    """
    values = to_values(parameters, example)
    moved = from_values(values | {key: values[differentiable(key)] + finite("step", step)})
    before, after = (
        forward(*point, architecture=architecture, device=device, precision=precision).L
        for point in ((parameters, example), moved)
    )
    return Prediction(slope * step, after - before)


def nudge(device: str, precision: str) -> float:
    """ε for a parameter of size up to 1."""
    dtype = PRECISIONS[check_precision(precision, check_device(device))]
    return float(torch.finfo(dtype).eps ** (1 / 3))
