"""A step taken apart: what the gradient promises, what the curvature adds to it, and what the loss really does.

    ΔL ≈ g·u               for plain SGD, where u = −η g: −η ‖g‖²
    ΔL ≈ g·u + ½ uᵀ H u    how the loss bends comes in with the square of the step

Everything here is known before the step is taken, but the true ΔL. Where the bend's part is the larger one, the step
overshoots.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.batches import weighted_mean
from core.descent import WHICH_LOSS, Descent, as_array, rows_seen
from core.device import place
from core.names import shorten
from core.network import Network, trace, unpack
from core.parameters import Architecture, Vector


@dataclass(frozen=True, eq=False)
class Dissections:
    """All S recorded steps taken apart; the last of them is the step that would come next.

    before, gradient, used, update, after   (S, 9) each; before + update is after
    state             the optimiser's memory, by its letter: (S, 9) each
    predicted (S,)    g·u: the change of the step's own loss that its gradient promises
    second_order (S,)  g·u + ½ uᵀHu: with the curvature along the step
    actual (S,)       the true change of that loss, the mean over the rows drawn for this step
    actual_mean (S,)  the true change of the mean loss over all rows
    """

    before: np.ndarray
    gradient: np.ndarray
    used: np.ndarray
    state: Mapping[str, np.ndarray]
    update: np.ndarray
    after: np.ndarray
    predicted: np.ndarray
    second_order: np.ndarray
    actual: np.ndarray
    actual_mean: np.ndarray


@dataclass(frozen=True, slots=True)
class Dissection:
    """One step taken apart: as Dissections, in plain floats; a row is nine numbers in the order of PARAMETERS.

    Where the step leads out of the finite numbers, what it leads to is infinite or no number.
    """

    before: Vector
    gradient: Vector
    used: Vector
    state: Mapping[str, Vector]
    update: Vector
    after: Vector
    predicted: float
    second_order: float
    actual: float
    actual_mean: float


def dissect(descent: Descent, k: int, *, device: str = "cpu", precision: str = "float64") -> Dissection:
    """Step k of a descent, from θ_k to θ_{k+1}. Raises ValueError for a step that is not there."""
    count = len(descent.loss)
    if isinstance(k, bool) or not isinstance(k, int) or not 0 <= k < count:
        possible = f"choose one from 0 to {count - 1}" if count else "its start is not finite, so there is none"
        raise ValueError(f"step {shorten(k)} is not on this path; {possible}")
    steps = dissect_all(descent, device=device, precision=precision)
    columns = {each.name: getattr(steps, each.name) for each in fields(steps) if each.name != "state"}
    state = {letter: tuple(rows[k].tolist()) for letter, rows in steps.state.items()}
    return Dissection(state=state, **{name: _plain(column[k]) for name, column in columns.items()})


def _plain(entry: np.ndarray) -> Any:
    """A number, or a row of them, as Python floats."""
    return tuple(entry.tolist()) if entry.ndim else float(entry)


def dissect_all(descent: Descent, *, device: str = "cpu", precision: str = "float64") -> Dissections:
    """Every recorded step at once: two forward passes, and one of them differentiated twice along the step."""
    before, gradient = (np.asarray(rows).reshape(-1, 9) for rows in (descent.theta, descent.gradient))
    after = np.concatenate([before[1:], before[-1:] + descent.update[-1:]])
    theta, there, update = (place(rows, device, precision) for rows in (before, after, descent.update))
    network = descent.architecture
    drawn, everything = (rows_seen(descent, loss, device, precision) for loss in WHICH_LOSS)
    actual = _true_change(theta, there, *drawn, network)
    all_drawn = drawn[0].dim() == everything[0].dim()  # every step sees all rows: the two losses are one
    predicted, bend = _along(update, theta, *drawn, network)
    return Dissections(
        before=before,
        gradient=gradient,
        used=descent.used,
        state=descent.state,
        update=descent.update,
        after=after,
        predicted=as_array(predicted),
        second_order=as_array(predicted + bend / 2),
        actual=as_array(actual),
        actual_mean=as_array(actual if all_drawn else _true_change(theta, there, *everything, network)),
    )


def _true_change(
    theta: Tensor, there: Tensor, x: Tensor, y: Tensor, weight: Tensor, architecture: Architecture
) -> Tensor:
    """L(there) − L(θ), for θ and there (S, 9) → (S,)."""
    with torch.no_grad():
        before, after = (
            weighted_mean(Network(unpack(point), architecture)(x, y).L, weight) for point in (theta, there)
        )
        return after - before


def _along(
    update: Tensor, theta: Tensor, x: Tensor, y: Tensor, weight: Tensor, architecture: Architecture
) -> tuple[Tensor, Tensor]:
    """g·u and uᵀHu (S,), the first two derivatives along the step u (S, 9); H itself is not needed for that."""
    theta = theta.detach().requires_grad_()
    L = weighted_mean(trace(unpack(theta), x, y, architecture).L, weight)
    (slopes,) = torch.autograd.grad(L.sum(), theta, create_graph=True)
    predicted = (slopes * update).sum(dim=-1)
    (bent,) = torch.autograd.grad(predicted.sum(), theta)
    return predicted.detach(), (bent * update).sum(dim=-1)
