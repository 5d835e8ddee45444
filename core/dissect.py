"""A step taken apart: what the gradient promises, what the curvature adds to it, and what the loss really does.

    ΔL ≈ g·u               for plain SGD, where u = −η g: −η ‖g‖²
    ΔL ≈ g·u + ½ uᵀ H u    how the loss bends comes in with the square of the step

Everything here is known before the step is taken, but the true ΔL. Where the bend's part is the larger one, the step
overshoots.
"""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from core.batches import weighted_mean
from core.descent import Descent, as_array, rows_seen
from core.device import place
from core.network import trace


class Dissections(NamedTuple):
    """All S recorded steps taken apart; the last of them is the step that would come next.

    predicted (S,)     g·u: the change of the step's own loss that its gradient promises
    second_order (S,)  g·u + ½ uᵀHu: with the curvature along the step
    actual (S,)        the true change of that loss, the mean over the rows drawn for this step

    What the step itself is made of, its gradient and the optimiser's memory, the Descent has. Where the step leads out
    of the finite numbers, what it leads to is infinite or no number.
    """

    predicted: np.ndarray
    second_order: np.ndarray
    actual: np.ndarray


def dissect_all(descent: Descent, *, device: str = "cpu", precision: str = "float64") -> Dissections:
    """Every recorded step at once: two forward passes, and one of them differentiated twice along the step u."""
    before = np.asarray(descent.theta).reshape(-1, 9)
    after = np.concatenate([before[1:], before[-1:] + descent.update[-1:]])
    theta, there, update = (place(rows, device, precision) for rows in (before, after, descent.update))
    x, y, weight = rows_seen(descent, "batch", device, precision)

    def loss(point: Tensor) -> Tensor:  # (S, 9) → (S,)
        return weighted_mean(trace(point, x, y, descent.architecture).L, weight)

    theta = theta.detach().requires_grad_()
    here = loss(theta)
    (slopes,) = torch.autograd.grad(here.sum(), theta, create_graph=True)
    predicted = (slopes * update).sum(dim=-1)  # g·u
    (bent,) = torch.autograd.grad(predicted.sum(), theta)  # H u; H itself is not needed
    bend = (bent * update).sum(dim=-1)
    with torch.no_grad():
        actual = loss(there) - here
    return Dissections(as_array(predicted.detach()), as_array(predicted.detach() + bend / 2), as_array(actual))
