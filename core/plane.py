"""Two axes at a time: the loss over any two of the nine parameters, and the output over the plane of the inputs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from core.batches import check_rows, place_rows
from core.descent import Descent, as_array, mean_losses
from core.device import place
from core.names import PARAMETERS, one_of, whole
from core.network import trace
from core.parameters import Architecture, Example, Parameters, finite
from core.slices import grid_around, worth_seeing

LEAST_POINTS, MOST_POINTS = 2, 61  # an axis
MOST_PLANES = 21
MOST_REACH = 10.0  # how far from 0 the plane of the inputs may be looked at


@dataclass(frozen=True, eq=False)
class Surface:
    """L over two parameters, the other seven held. loss[j, i] is at a[i], b[j]: a runs across, b up.

    a, b   (K,)      the values of the two parameters
    loss   (K, K)    the mean over the examples; ∞ where it leaves the finite numbers
    """

    key_a: str
    key_b: str
    a: np.ndarray
    b: np.ndarray
    loss: np.ndarray


def surface(
    parameters: Parameters,
    examples: Sequence[Example],
    key_a: str,
    key_b: str,
    *,
    path: Descent | None = None,
    points: int = 41,
    architecture: Architecture = Architecture(),
    device: str = "cpu",
    precision: str = "float64",
) -> Surface:
    """One batched forward pass over points × points networks.

    The grid covers the parameters and, if one is given, the path: half as much again on each side, at least 0.6. A
    part of the path that runs away is left out, as core.slices does. Raises ValueError for a name that is not one of
    the nine, the same name twice, or too many points.
    """
    keys = [name.key for name in PARAMETERS]
    axes = [keys.index(one_of("parameter", key, keys)) for key in (key_a, key_b)]
    if key_a == key_b:
        raise ValueError(f"parameter {key_a!r} is chosen twice; choose two different ones")
    count = whole("points", points, LEAST_POINTS, MOST_POINTS)
    x, y = place_rows(check_rows(examples, architecture), device, precision)
    here = place([parameters.vector], device, precision)
    seen = here if path is None else torch.cat([here, worth_seeing(path, device, precision)])
    a, b = grid_around(seen[:, axes], count)
    theta = here.repeat(count, count, 1)  # (K, K, 9): b, a, θ
    theta[..., axes[0]], theta[..., axes[1]] = a, b[:, None]
    loss = mean_losses(theta, x, y, architecture)
    return Surface(key_a, key_b, as_array(a), as_array(b), as_array(loss))


@dataclass(frozen=True, eq=False)
class OutputPlanes:
    """The output over the plane of the inputs. output[t, j, i] is at x1[i], x2[j], after steps[t] steps.

    x1, x2  (K,)        the inputs
    output  (T, K, K)   float32, for drawing
    """

    steps: tuple[int, ...]
    x1: np.ndarray
    x2: np.ndarray
    output: np.ndarray


def output_planes(
    descent: Descent,
    *,
    low: float = -2.0,
    high: float = 2.0,
    points: int = 41,
    device: str = "cpu",
    precision: str = "float64",
) -> OutputPlanes:
    """The output for x1 and x2 from low to high, at no more than 21 of the path's steps, with its first and its last.

    θ (T, 9) → the outputs (T, K, K): every point of the plane is a row of one batch.
    """
    low, high, count = finite("low", low), finite("high", high), whole("points", points, LEAST_POINTS, MOST_POINTS)
    if not -MOST_REACH <= low < high <= MOST_REACH:
        raise ValueError(
            f"the range {low:g} to {high:g} is not possible; choose low below high, "
            f"both from −{MOST_REACH:g} to {MOST_REACH:g}"
        )
    steps = key_steps(len(descent.loss), MOST_PLANES)
    theta = place([descent.theta[k] for k in steps], device, precision).reshape(-1, 9)
    along = torch.linspace(low, high, count, dtype=theta.dtype, device=theta.device)
    x2, x1 = torch.meshgrid(along, along, indexing="ij")
    x = torch.stack([x1, x2], dim=-1).flatten(0, 1)  # (K², 2)
    with torch.no_grad():
        o = trace(theta, x, x.new_zeros(1, 1), descent.architecture).o  # (T, K², 1)
    axis = as_array(along)
    return OutputPlanes(steps, axis, axis, o.reshape(-1, count, count).float().cpu().numpy())


def key_steps(count: int, most: int) -> tuple[int, ...]:
    """Up to `most` (2 or more) of the step numbers 0 … count − 1, evenly apart, with both ends."""
    if count <= most:
        return tuple(range(count))
    return tuple(round(i * (count - 1) / (most - 1)) for i in range(most))
