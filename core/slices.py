"""The loss along each parameter's axis, at every step of a descent.

A slice answers one question: if only this parameter moved, and the other eight stayed where they are
at this step, what would the loss be?
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from core.batches import weighted_mean
from core.descent import Descent, as_array, layers, rows_seen
from core.device import place, read
from core.functions import ACTIVATIONS, LOSSES
from core.names import DIFFERENTIABLE, NAMES, differentiable
from core.network import place_example, trace
from core.parameters import Architecture, Example, Parameters, Vector

POINTS = 41  # samples a curve: smooth at the size of a small plot; odd, so that the middle is one of them
PROFILE_POINTS = 121  # of a profile: one curve, drawn large
AT_ONCE = 200_000  # forward passes at once; 2,000 steps and 32 rows ask for 24 million, too many for one tensor
WORTH_SEEING = 20.0  # a path is followed while its loss is at most this many times the first one


@dataclass(frozen=True, eq=False)
class Slices:
    """Curves of the loss: nine at each of S steps.

    grid     (9, K)     where parameter p is put; the same at every step, so that curves can be compared
    loss     (S, 9, K)  the loss there, the other eight parameters held at that step's values; float32, for drawing
    height   (S,)       the same loss at the step's own θ: the point on all nine curves
    slope    (S, 9)     its gradient there: the slope of each curve's tangent
    """

    grid: np.ndarray
    loss: np.ndarray
    height: np.ndarray
    slope: np.ndarray


def slices(descent: Descent, loss: str = "batch", *, device: str = "cpu", precision: str = "float64") -> Slices:
    """All nine axes at all steps: of the loss the step uses (the drawn batch's), or of the "mean" over all rows."""
    theta = place(descent.theta, device, precision).reshape(-1, 9)  # (S, 9)
    x, y, weight = rows_seen(descent, loss, device, precision)
    height, slope = _height_and_slope(descent, loss, theta, x, y, weight)
    grid = grid_around(worth_seeing(descent, device, precision), POINTS)  # (9, K)
    curves = torch.empty(len(theta), 9, POINTS, dtype=torch.float32, device=theta.device)
    some = max(1, AT_ONCE // (9 * POINTS * x.shape[-2]))
    for start in range(0, len(theta), some):
        at = slice(start, start + some)
        rows = (x, y, weight) if x.dim() == 2 else (x[at], y[at], weight[at])
        curves[at] = _curves(theta[at], grid, *rows, descent.architecture)
    return Slices(grid.float().cpu().numpy(), curves.cpu().numpy(), height, slope)


def _curves(theta: Tensor, grid: Tensor, x: Tensor, y: Tensor, weight: Tensor, architecture: Architecture) -> Tensor:
    """θ (S, 9) and a grid (9, K) → the loss (S, 9, K).

    A moved parameter moves one term of one sum: z1_j = (term that moves) + rest, or z2 = (term that moves) + rest. So
    no product of matrices is worked out anew at every sample. Axes 0 … 5 are W1 and b1, whose input is always 1.
    """
    f, g = ACTIVATIONS[architecture.activation].torch, ACTIVATIONS[architecture.output].torch
    row = LOSSES[architecture.loss]
    A, V = layers(theta[:, None])  # (S, 1, 3, 2), (S, 1, 3, 1)
    W2, b2 = V[..., :2, 0], V[..., 2:, 0]  # (S, 1, 2), (S, 1, 1)
    x1 = torch.cat([x, torch.ones_like(x[..., :1])], dim=-1)  # (…, B, 3)
    with torch.no_grad():
        terms = x1[..., None] * A  # (S, B, 3, 2): what each entry of A adds to z1
        h = f(terms.sum(dim=-2))  # (S, B, 2)
        rest_1 = (terms.roll(1, dims=-2) + terms.roll(2, dims=-2)).flatten(-2)  # (S, B, 6): z1_j without that term
        rest_2 = (h * W2).flip(-1) + b2  # (S, B, 2): z2 without the term of h_j
        z2 = theta.new_empty(*h.shape[:2], 9, grid.shape[-1])  # (S, B, 9, K)
        z1 = torch.addcmul(rest_1[..., None], x1.repeat_interleave(2, dim=-1)[..., None], grid[:6])
        torch.addcmul(rest_2.repeat(1, 1, 3)[..., None], f(z1), W2.repeat(1, 1, 3)[..., None], out=z2[:, :, :6])
        torch.addcmul(rest_2[..., None], h[..., None], grid[6:8], out=z2[:, :, 6:8])
        torch.add((h * W2).sum(dim=-1)[..., None, None], grid[8:], out=z2[:, :, 8:])
        L = row.torch(z2 if row.source == "z2" else g(z2), y[..., None])
        if L.shape[1] == 1:
            return L[:, 0]
        mean = weight.expand(len(theta), -1).unsqueeze(-2) @ L.flatten(-2)  # (S, 1, 9 K)
        return mean.reshape(-1, 9, grid.shape[-1])


def _height_and_slope(
    descent: Descent, loss: str, theta: Tensor, x: Tensor, y: Tensor, weight: Tensor
) -> tuple[np.ndarray, np.ndarray]:
    """The recorded numbers where they are those of this loss; the mean's gradient was not recorded."""
    if loss == "batch" or descent.batch_size == len(descent.rows):
        return np.asarray(descent.loss), np.asarray(descent.gradient).reshape(-1, 9)
    theta = theta.detach().requires_grad_()
    L = weighted_mean(trace(theta, x, y, descent.architecture).L, weight)
    return descent.mean_loss, as_array(torch.autograd.grad(L.sum(), theta)[0])


def worth_seeing(descent: Descent, device: str, precision: str) -> Tensor:
    """The rows of θ where the loss over all rows has not grown beyond WORTH_SEEING: what a drawing should cover."""
    near = descent.mean_loss <= WORTH_SEEING * descent.mean_loss[:1]
    return place(np.asarray(descent.theta).reshape(-1, 9)[near], device, precision)


def grid_around(path: Tensor, points: int) -> Tensor:
    """For each column of a path (S, P), K values (P, K) that cover it and half as much again on each side, at least
    0.6.
    """
    if not len(path):  # the start itself is not finite: there is nothing to draw
        return path.new_zeros(path.shape[-1], points)
    low, high = path.amin(dim=0), path.amax(dim=0)
    margin = ((high - low) / 2).clamp(min=0.6)
    fraction = torch.linspace(0, 1, points, dtype=path.dtype, device=path.device)
    return (low - margin).unsqueeze(-1) + (high - low + 2 * margin).unsqueeze(-1) * fraction


class Profile(NamedTuple):
    """The loss as one symbol moves and everything else stays: L(p) at the values p, the present one among them."""

    key: str
    at: float
    values: Vector
    loss: Vector


def profile(
    parameters: Parameters,
    example: Example,
    key: str,
    reach: tuple[float, float],
    *,
    architecture: Architecture = Architecture(),
    device: str = "cpu",
    precision: str = "float64",
) -> Profile:
    """L along the axis of one parameter or input, from reach[0] to reach[1]."""
    index = DIFFERENTIABLE.index(NAMES[differentiable(key)])
    here = (*parameters.vector, *example.x)
    values = np.union1d(np.linspace(*reach, PROFILE_POINTS), here[index])
    points = place(np.tile(here, (len(values), 1)), device, precision)  # (K, 11)
    points[:, index] = place(values, device, precision)
    _, y = place_example(example, device, precision)
    with torch.no_grad():
        loss = trace(points[:, :9], points[:, 9:].unsqueeze(-2), y, architecture).L[..., 0, 0]
    return Profile(key, here[index], tuple(values.tolist()), read(loss))
