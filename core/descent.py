"""Gradient descent: a sequence of SGD steps, every one of them recorded.

    θ ← θ − η · ∂L/∂θ

With a single example, stochastic gradient descent is plain gradient descent: there is nothing to draw from.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.device import place, read
from core.functions import check_target
from core.names import shorten
from core.network import Weights, pack, place_example, place_weights, trace, unpack
from core.parameters import Architecture, Example, Parameters, Vector, finite

MOST_STEPS = 2000
LEAST_RATE, MOST_RATE = 1e-6, 10.0


@dataclass(frozen=True, slots=True)
class Step:
    """One point of the road: the parameters, and the gradient (of the same shape), loss and output there."""

    parameters: Parameters
    gradients: Parameters
    loss: float
    output: float


@dataclass(frozen=True)
class Descent:
    """The road of gradient descent, from the start (row 0) to the last step; row k is the state after k steps.

    theta, gradient   a row of nine a step, in the order of core.names.PARAMETERS
    loss, output      one number a step
    diverged_at       the first step whose numbers are no longer finite (it is not among the rows), or None
    """

    parameters: Parameters
    example: Example
    architecture: Architecture
    learning_rate: float
    theta: tuple[Vector, ...]
    gradient: tuple[Vector, ...]
    loss: Vector
    output: Vector
    diverged_at: int | None

    @property
    def steps(self) -> tuple[Step, ...]:
        """The same road as objects: steps[k].parameters, .gradients, .loss, .output."""
        return tuple(self.step(k) for k in range(len(self.loss)))

    def step(self, k: int) -> Step:
        theta, gradient = Parameters.from_vector(self.theta[k]), Parameters.from_vector(self.gradient[k])
        return Step(theta, gradient, self.loss[k], self.output[k])


def descend(
    parameters: Parameters,
    example: Example,
    *,
    learning_rate: float = 0.01,
    steps: int = 100,
    architecture: Architecture = Architecture(),
    device: str = "cpu",
    precision: str = "float64",
) -> Descent:
    """`steps` steps of SGD with learning rate η: θ ← θ − η ∂L/∂θ.

    A learner can make this diverge, so divergence is data (`diverged_at`), not an error. Raises ValueError for
    a learning rate or a number of steps outside the bounds, and for a target that the loss cannot take.
    """
    check_target(architecture.loss, example.y)
    rate, count = check_learning_rate(learning_rate), check_steps(steps)
    start = place_weights(parameters, device, precision)
    data = place_example(example, device, precision)
    theta, gradient, loss, output = _walk(start, rate, count, *data, architecture)
    finite_rows = torch.isfinite(torch.cat([theta, gradient, loss.unsqueeze(-1)], dim=-1)).all(dim=-1)
    good = count + 1 if bool(finite_rows.all()) else int(finite_rows.int().argmin())
    return Descent(
        parameters=parameters,
        example=example,
        architecture=architecture,
        learning_rate=rate,
        theta=read(theta[:good]),
        gradient=read(gradient[:good]),
        loss=read(loss[:good]),
        output=read(output[:good]),
        diverged_at=None if good == count + 1 else good,
    )


def _walk(
    weights: Weights, rate: float | Tensor, steps: int, x: Tensor, y: Tensor, architecture: Architecture
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """θ (S, …, 9), ∂L/∂θ (S, …, 9), L (S, …) and o (S, …) along the road, for any leading batch of starts or rates.

    Nothing is read back before the end, so a GPU is never waited for.
    """
    weights_at, gradients_at, losses, outputs = [], [], [], []
    for _ in range(steps + 1):
        weights = Weights(*(tensor.requires_grad_() for tensor in weights))
        *_, o, L = trace(weights, x, y, architecture)
        # The sum of independent losses has each one's own gradient: one call serves the whole batch.
        gradients = Weights(*torch.autograd.grad(L, weights, torch.ones_like(L)))
        weights_at.append(weights)
        gradients_at.append(gradients)
        losses.append(L)
        outputs.append(o)
        weights = Weights(*(tensor.detach() - rate * slope for tensor, slope in zip(weights, gradients, strict=True)))
    with torch.no_grad():
        return (
            _stack(weights_at),
            _stack(gradients_at),
            torch.stack(losses)[..., 0, 0],
            torch.stack(outputs)[..., 0, 0],
        )


def _stack(rows: list[Weights]) -> Tensor:
    """A Weights a step → θ (S, …, 9)."""
    return pack(Weights(*(torch.stack(column) for column in zip(*rows, strict=True))))


def rate_that_holds(descent: Descent, steps: int, device: str = "cpu", precision: str = "float64") -> float | None:
    """The largest of 1, 2, 5, 10, 20, 50, … × 10⁻⁶ below η that takes the same steps and ends no higher than it began.

    Found by walking every candidate at once, as one batch of networks; None if none of them holds.
    """
    decades = (m * 10.0**e for e in range(-6, 2) for m in (1, 2, 5))
    candidates = [round(rate, 12) for rate in decades if rate < descent.learning_rate]
    if not candidates:
        return None
    rates = place(candidates, device, precision)[:, None, None]
    start = unpack(place([descent.parameters.vector] * len(candidates), device, precision))
    data = place_example(descent.example, device, precision)
    loss = _walk(start, rates, steps, *data, descent.architecture)[2]
    holds = (torch.isfinite(loss).all(dim=0) & (loss[-1] <= loss[0])).tolist()
    return max((rate for rate, held in zip(candidates, holds, strict=True) if held), default=None)


def check_learning_rate(value: object) -> float:
    """The learning rate η as a float; ValueError outside its bounds."""
    rate = finite("learning_rate", value)
    if not LEAST_RATE <= rate <= MOST_RATE:
        raise ValueError(f"learning_rate {rate!r} is out of range; choose from {LEAST_RATE:g} to {MOST_RATE:g}")
    return rate


def check_steps(value: object) -> int:
    """The number of steps as an int; ValueError outside its bounds."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_STEPS:
        raise ValueError(f"steps {shorten(value)} is not possible; choose a whole number from 0 to {MOST_STEPS}")
    return value
