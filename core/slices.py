"""The loss along each parameter's axis, at every step of a descent.

A slice answers one question: if only this parameter moved, and the other eight stayed where they are
at this step, what would the loss be?
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from core.descent import Descent
from core.device import place, read
from core.names import DIFFERENTIABLE, one_of
from core.network import Network, place_example, unpack
from core.parameters import Architecture, Example, Parameters, Vector

POINTS = 41  # samples a curve: smooth at the size of a small plot; odd, so that the middle is one of them
REACH = 1.5  # how far a profile looks to each side
WORTH_SEEING = 20.0  # a road is followed while its loss is at most this many times the first one


@dataclass(frozen=True, eq=False)
class Slices:
    """Curves of the loss: nine at each of S steps.

    grid   (9, K)     where parameter p is put; the same at every step, so that curves can be compared
    loss   (S, 9, K)  the loss there, the other eight parameters held at that step's values; float32, for drawing
    """

    grid: np.ndarray
    loss: np.ndarray


def slices(descent: Descent, *, device: str = "cpu", precision: str = "float64") -> Slices:
    """All nine axes at all steps in one batched forward pass."""
    theta = place(descent.theta, device, precision).reshape(-1, 9)  # (S, 9)
    loss = place(descent.loss, device, precision)  # (S,)
    grid = _grid(theta[loss <= WORTH_SEEING * loss[:1]])  # (9, K)
    points = theta[:, None, None, :].expand(-1, 9, POINTS, -1).clone()  # (S, 9, K, 9): step, axis, sample, θ
    points.diagonal(dim1=1, dim2=3).copy_(grid.T)  # on axis p, entry p takes the sample's value
    data = place_example(descent.example, device, precision)
    with torch.no_grad():
        curves = Network(unpack(points), descent.architecture)(*data).L[..., 0, 0]
    return Slices(grid.float().cpu().numpy(), curves.float().cpu().numpy())


def _grid(road: Tensor) -> Tensor:
    """For each parameter, K values that cover its road (S, 9) and half as much again on each side, at least 0.6."""
    if not len(road):  # the start itself is not finite: there is nothing to draw
        return road.new_zeros(9, POINTS)
    low, high = road.amin(dim=0), road.amax(dim=0)
    margin = ((high - low) / 2).clamp(min=0.6)
    fraction = torch.linspace(0, 1, POINTS, dtype=road.dtype, device=road.device)
    return (low - margin).unsqueeze(-1) + (high - low + 2 * margin).unsqueeze(-1) * fraction


class Profile(NamedTuple):
    """The loss as one symbol moves and everything else stays: L(p) at the values p, and the tangent at the present p.

    tangent  two points (p, L) of the straight line whose slope is ∂L/∂p
    """

    key: str
    at: float
    values: Vector
    loss: Vector
    tangent: tuple[tuple[float, float], tuple[float, float]]


def profile(
    parameters: Parameters,
    example: Example,
    key: str,
    gradient: float,
    *,
    architecture: Architecture = Architecture(),
    device: str = "cpu",
    precision: str = "float64",
) -> Profile:
    """L along one parameter's or input's axis, REACH to each side of where it is; `gradient` is ∂L/∂key there."""
    index = [name.key for name in DIFFERENTIABLE].index(one_of("parameter", key, [n.key for n in DIFFERENTIABLE]))
    here = (*parameters.vector, *example.x)
    points = place(here, device, precision).repeat(POINTS, 1)  # (K, 11)
    points[:, index] += torch.linspace(-REACH, REACH, POINTS, dtype=points.dtype, device=points.device)
    _, y = place_example(example, device, precision)
    with torch.no_grad():
        loss = Network(unpack(points[:, :9]), architecture)(points[:, 9:].unsqueeze(-2), y).L[..., 0, 0]
    at, losses = here[index], read(loss)
    height = losses[POINTS // 2]  # POINTS is odd: the middle sample is the present value
    run = REACH / 3
    tangent = (at - run, height - run * gradient), (at + run, height + run * gradient)
    return Profile(key, at, read(points[:, index]), losses, tangent)
