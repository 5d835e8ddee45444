"""The loss along each parameter's axis, at every step of a descent.

A slice answers one question: if only this parameter moved, and the other eight stayed where they are
at this step, what would the loss be?
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core.descent import Descent
from core.device import place
from core.network import Network, place_example, unpack

POINTS = 41  # samples a curve: smooth at the size of a small plot
FARTHEST = 20.0  # a road that runs away is followed this far from its start


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
    theta = place(descent.theta, device, precision)  # (S, 9)
    grid = _grid(theta)  # (9, K)
    points = theta[:, None, None, :].expand(-1, 9, POINTS, -1).clone()  # (S, 9, K, 9): step, axis, sample, θ
    points.diagonal(dim1=1, dim2=3).copy_(grid.T)  # on axis p, entry p takes the sample's value
    data = place_example(descent.example, device, precision)
    with torch.no_grad():
        loss = Network(unpack(points), descent.architecture)(*data).L[..., 0, 0]
    return Slices(grid.float().cpu().numpy(), loss.float().cpu().numpy())


def _grid(theta: Tensor) -> Tensor:
    """For each parameter, K values that cover its road and as much again beside it, at least 0.6 to each side."""
    near = theta.where((theta - theta[0]).abs() <= FARTHEST, theta[0])
    low, high = near.amin(dim=0), near.amax(dim=0)
    margin = ((high - low) / 2).clamp(min=0.6)
    fraction = torch.linspace(0, 1, POINTS, dtype=theta.dtype, device=theta.device)
    return (low - margin).unsqueeze(-1) + (high - low + 2 * margin).unsqueeze(-1) * fraction
