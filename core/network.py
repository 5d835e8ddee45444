"""The network in torch, written once for any leading batch shape: one network or ten thousand.

    x (2,) ──W1, b1──▶ z1 (2,) ──f──▶ h (2,) ──W2, b2──▶ z2 ──g──▶ o ──▶ L

Inside core every tensor is a matrix, as on paper: a vector is one row (…, 1, n), a number is (…, 1, 1). So the
equations below are the equations, for one network and for a batch of them.
"""

from typing import Generic, NamedTuple, TypeVar

from torch import Tensor

from core.device import place, read
from core.functions import ACTIVATIONS, LOSSES, check_target
from core.names import COMPUTED
from core.parameters import Architecture, Example, Parameters, Vector, to_values

V = TypeVar("V")
S = TypeVar("S")


class Trace(NamedTuple, Generic[V, S]):
    """Everything the forward pass computes on its way, in order.

    For a person: z1, h (2,) and z2, o, L, as floats. Inside core: rows (…, 1, 2) and numbers (…, 1, 1).
    """

    z1: V
    h: V
    z2: S
    o: S
    L: S


def unpack(theta: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """θ (…, 9), in the order of core.names.PARAMETERS → W1 (…, 2, 2), b1 (…, 1, 2), W2 (…, 2, 1), b2 (…, 1, 1)."""
    W1, b1, W2, b2 = theta.split([4, 2, 2, 1], dim=-1)
    return W1.unflatten(-1, (2, 2)), b1.unsqueeze(-2), W2.unsqueeze(-1), b2.unsqueeze(-2)


def trace(theta: Tensor, x: Tensor, y: Tensor, architecture: Architecture) -> Trace[Tensor, Tensor]:
    """The equations of the network, for θ (…, 9), x (…, 1, 2) and y (…, 1, 1). Leading shapes broadcast."""
    W1, b1, W2, b2 = unpack(theta)
    f = ACTIVATIONS[architecture.activation].torch
    g = ACTIVATIONS[architecture.output].torch
    loss = LOSSES[architecture.loss]

    z1 = x @ W1 + b1
    h = f(z1)
    z2 = h @ W2 + b2
    o = g(z2)
    L = loss.torch(z2 if loss.source == "z2" else o, y)
    return Trace(z1, h, z2, o, L)


def place_example(example: Example, device: str, precision: str) -> tuple[Tensor, Tensor]:
    """x as a row (1, 2), y as a number (1, 1)."""
    return place([example.x], device, precision), place([[example.y]], device, precision)


def forward(
    parameters: Parameters,
    example: Example,
    *,
    architecture: Architecture = Architecture(),
    device: str = "cpu",
    precision: str = "float64",
) -> Trace[Vector, float]:
    """The forward pass of one network: z1, h, z2, o and L as floats.

    Raises ValueError for a device or a precision this machine does not have, and for a target that the loss
    cannot take.
    """
    check_target(architecture.loss, example.y)
    theta, (x, y) = place(parameters.vector, device, precision), place_example(example, device, precision)
    z1, h, *numbers = trace(theta, x, y, architecture)
    return Trace(read(z1[0]), read(h[0]), *(read(number[0, 0]) for number in numbers))


def loss_change(before: Trace[Vector, float], after: Trace[Vector, float]) -> float:
    """By how much the loss moved from one forward pass to another: negative is better."""
    return after.L - before.L


def every_value(parameters: Parameters, example: Example, passed: Trace[Vector, float]) -> dict[str, float]:
    """The number behind every symbol, by key: the twelve given ones and the seven the forward pass computed."""
    computed = (*passed.z1, *passed.h, passed.z2, passed.o, passed.L)
    return to_values(parameters, example) | {name.key: v for name, v in zip(COMPUTED, computed, strict=True)}
