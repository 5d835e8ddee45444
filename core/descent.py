"""Gradient descent: a sequence of steps, every one of them recorded.

    θ ← θ − η d        with plain SGD: d = ∂L/∂θ

With a single example, stochastic gradient descent is plain gradient descent: there is nothing to draw from. With a
small data set each step draws a batch, and its loss is the mean over that batch.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor

from core.batches import Batches, check_batch_size, check_rows, check_seed, deal, deal_padded, draw, place_rows
from core.device import PRECISIONS, place
from core.functions import check_target
from core.names import Refused, one_of, whole
from core.network import Network, Weights, trace, unpack
from core.optimizers import OPTIMIZERS
from core.parameters import Architecture, Example, Parameters, Vector, finite

MOST_STEPS = 2000
LEAST_RATE, MOST_RATE = 1e-6, 10.0
WHICH_LOSS = ("batch", "mean")
REPORT_EVERY = 100  # steps from one word about the progress to the next
ROUNDINGS = 64  # how many ε a loss's root may wobble

Progress = Callable[[float], None]
Values = TypeVar("Values", np.ndarray, Tensor)


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

    learning_rate … seed   as they were asked for; rows is (example,) where no data set was given
    theta, gradient   a row of nine a step, in the order of core.names.PARAMETERS; the gradient is that of loss
    loss              the mean over the batch drawn at this step
    output            the network's output for `example`, whatever was drawn
    batches           the row numbers (from 0) drawn at this step
    diverged_at       the first step whose numbers are no longer finite (it is not among the rows), or None

    Arrays, one row a step; they follow from all the above, so comparing two roads leaves them out:

    mean_loss (S,)    the loss over all rows, the same as `loss` where every step sees them all
    used (S, 9)       the gradient the step uses: all gradients so far, added up, where none is cleared
    state             the optimiser's memory with which it takes this step, by its letter: (S, 9) each
    update (S, 9)     θ after this step − θ before it; the last row is the step that would come next
    """

    parameters: Parameters
    example: Example
    architecture: Architecture
    learning_rate: float
    optimizer: str
    clear_gradients: bool
    rows: tuple[Example, ...]
    batch_size: int
    seed: int
    theta: tuple[Vector, ...]
    gradient: tuple[Vector, ...]
    loss: Vector
    output: Vector
    batches: Batches
    diverged_at: int | None
    mean_loss: np.ndarray = field(compare=False)
    used: np.ndarray = field(compare=False)
    state: Mapping[str, np.ndarray] = field(compare=False)
    update: np.ndarray = field(compare=False)

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
    optimizer: str = "sgd",
    clear_gradients: bool = True,
    rows: Sequence[Example] | None = None,
    batch_size: int | None = None,
    seed: int = 0,
    architecture: Architecture = Architecture(),
    device: str = "cpu",
    precision: str = "float64",
    progress: Progress | None = None,
) -> Descent:
    """`steps` steps of an optimiser with learning rate η, from `parameters`.

    clear_gradients   False: as in a loop that forgets zero_grad(), each gradient is added to all before it
    rows, batch_size, seed   a data set, how many of its rows a step draws (None: all), and what decides the draw
    progress          called about every hundred steps with the share that is done; raise from it to stop

    A learner can make this diverge, so divergence is data (`diverged_at`), not an error. Raises ValueError for
    a number outside its bounds, and for a target that the loss cannot take.
    """
    check_target(architecture.loss, example.y)
    rate, count = check_learning_rate(learning_rate), check_steps(steps)
    one_of("optimizer", optimizer, list(OPTIMIZERS))
    data = (example,) if rows is None else check_rows(rows, architecture)
    size, seed = check_batch_size(batch_size, len(data)), check_seed(seed)
    batches = draw(len(data), size, count + 1, seed)
    x, y = place_rows(data, device, precision)
    start = place(parameters.vector, device, precision)
    road = _walk(start, rate, *deal(x, y, batches), architecture, optimizer, clear_gradients, progress)

    theta = road.theta[:-1]
    mean_loss = road.loss if size == len(data) else mean_losses(theta, x, y, architecture)
    output = road.output if rows is None else _outputs(theta, *place_rows([example], device, precision), architecture)
    finite_rows = _all_finite(road, mean_loss, output)
    good = count + 1 if bool(finite_rows.all()) else int(finite_rows.int().argmin())
    memories = OPTIMIZERS[optimizer].state
    return Descent(
        parameters=parameters,
        example=example,
        architecture=architecture,
        learning_rate=rate,
        optimizer=optimizer,
        clear_gradients=clear_gradients,
        rows=data,
        batch_size=size,
        seed=seed,
        theta=tuple(map(tuple, theta[:good].tolist())),
        gradient=tuple(map(tuple, road.gradient[:good].tolist())),
        loss=tuple(road.loss[:good].tolist()),
        output=tuple(output[:good].tolist()),
        batches=batches[:good],
        diverged_at=None if good == count + 1 else good,
        mean_loss=as_array(mean_loss[:good]),
        used=as_array(road.used[:good]),
        state={memory.key: as_array(tensor[:good]) for memory, tensor in zip(memories, road.state, strict=True)},
        update=as_array(road.theta[1:][:good] - theta[:good]),
    )


class Road(NamedTuple):
    """What a walk of S points recorded, for any leading batch (…) of starts or rates."""

    theta: Tensor  # (S + 1, …, 9): one more, where the last step would lead
    gradient: Tensor  # (S, …, 9)
    used: Tensor  # (S, …, 9)
    state: tuple[Tensor, ...]  # (S, …, 9) each
    loss: Tensor  # (S, …)
    output: Tensor  # (S, …): for the first row of the batch


def _walk(
    start: Tensor,
    rate: float | Tensor,
    xs: Sequence[Tensor],
    ys: Sequence[Tensor],
    architecture: Architecture,
    optimizer: str,
    clear_gradients: bool,
    progress: Progress | None,
) -> Road:
    """The road from θ (…, 9), one step for each x (B, 2) and y (B, 1). Nothing is read back: a GPU is never waited for.

    All of θ lies in one tensor, a step's weights are views of it: no step spends time on packing them.
    """
    rule, memories = OPTIMIZERS[optimizer].rule, OPTIMIZERS[optimizer].state
    theta = start.new_empty((len(xs) + 1, *start.shape))
    theta[0] = start
    theta_at = theta.unbind()
    weights_at = map(Weights, *(tensor.unbind() for tensor in unpack(theta)))
    gradients, useds, states, losses, outputs = [], [], [], [], []
    state, used, share = (torch.zeros_like(start),) * len(memories), torch.zeros_like(start), torch.empty(0)
    for k, (weights, x, y) in enumerate(zip(weights_at, xs, ys, strict=False)):
        for tensor in weights:
            tensor.requires_grad_()
        *_, o, L = trace(weights, x, y, architecture)
        if share.shape != L.shape:
            share = torch.full_like(L, 1 / len(x))  # the loss is the mean over the batch: a B-th of each row's slope
        # The sum of independent losses has each one's own gradient: one call serves all starts or rates.
        slopes = torch.autograd.grad(L, weights, share)
        gradient = torch.cat([slope.flatten(-2) for slope in slopes], dim=-1)
        used = gradient if clear_gradients else used + gradient
        state, direction = rule(used, state, k + 1)
        if isinstance(rate, Tensor):
            torch.addcmul(theta_at[k], rate, direction, value=-1, out=theta_at[k + 1])
        else:  # in one operation, as torch.optim does it
            torch.sub(theta_at[k], direction, alpha=rate, out=theta_at[k + 1])
        gradients.append(gradient)
        losses.append(L)
        outputs.append(o)
        if not clear_gradients:
            useds.append(used)
        if memories:
            states.append(state)
        if progress and k % REPORT_EVERY == 0:
            progress(k / len(xs))
    with torch.no_grad():
        gradient = torch.stack(gradients)
        return Road(
            theta,
            gradient,
            gradient if clear_gradients else torch.stack(useds),
            tuple(torch.stack(column) for column in zip(*states, strict=True)),
            _batch_means(losses),
            torch.stack(outputs if len(xs[0]) == 1 else [o[..., :1, :] for o in outputs])[..., 0, 0],
        )


def _all_finite(road: Road, mean_loss: Tensor, output: Tensor) -> Tensor:
    """Whether every number recorded at a step is finite (S, …)."""
    nines = (road.theta[:-1], road.gradient, road.used, *road.state)
    numbers = (tensor[..., None] for tensor in (road.loss, mean_loss, output))
    return torch.isfinite(torch.cat([*nines, *numbers], dim=-1)).all(dim=-1)


def _batch_means(losses: list[Tensor]) -> Tensor:
    """Each step's L (…, B, 1), B not always the same → their means (S, …)."""
    if len({L.shape[-2] for L in losses}) == 1:
        return torch.stack(losses).mean(dim=(-2, -1))
    return torch.stack([L.mean(dim=(-2, -1)) for L in losses])


def mean_losses(theta: Tensor, x: Tensor, y: Tensor, architecture: Architecture) -> Tensor:
    """θ (…, 9) → the mean loss (…) over the rows x (N, 2) and y (N, 1)."""
    with torch.no_grad():
        return Network(unpack(theta), architecture)(x, y).L.mean(dim=(-2, -1))


def _outputs(theta: Tensor, x: Tensor, y: Tensor, architecture: Architecture) -> Tensor:
    """θ (…, 9) → the output (…) for one example."""
    with torch.no_grad():
        return Network(unpack(theta), architecture)(x, y).o[..., 0, 0]


def rows_seen(descent: Descent, loss: str, device: str, precision: str) -> tuple[Tensor, Tensor, Tensor]:
    """x, y and weights of the rows that count at each step: those drawn ("batch"), or all of them ("mean").

    Shapes as in core.batches.deal_padded.
    """
    one_of("loss", loss, WHICH_LOSS)
    x, y = place_rows(descent.rows, device, precision)
    return deal_padded(x, y, descent.batches if loss == "batch" else ())


def as_array(tensor: Tensor) -> np.ndarray:
    """A tensor → float64 numbers that nobody can change, whatever device it lives on."""
    array = tensor.detach().cpu().double().numpy()
    array.setflags(write=False)
    return array


def rate_that_holds(
    descent: Descent,
    steps: int,
    device: str = "cpu",
    precision: str = "float64",
    progress: Progress | None = None,
) -> float | None:
    """The largest of 1, 2, 5, 10, 20, 50, … × 10⁻⁶ below η that takes the same steps and holds.

    A rate holds if its run stays finite and its loss never rises above where it began, at any step; with a data set
    that is the mean loss over all rows, whatever a step draws. Found by walking every candidate at once, as one batch
    of networks; None if none of them holds.
    """
    decades = (m * 10.0**e for e in range(-6, 2) for m in (1, 2, 5))
    candidates = [round(rate, 12) for rate in decades if rate < descent.learning_rate]
    if not candidates:
        return None
    rates = place(candidates, device, precision)[:, None]
    start = place([descent.parameters.vector] * len(candidates), device, precision)
    x, y = place_rows(descent.rows, device, precision)
    batches = draw(len(descent.rows), descent.batch_size, check_steps(steps) + 1, descent.seed)
    xs, ys = deal(x, y, batches)
    network = descent.architecture
    road = _walk(start, rates, xs, ys, network, descent.optimizer, descent.clear_gradients, progress)
    theta = road.theta[:-1]
    loss = road.loss if descent.batch_size == len(x) else mean_losses(theta, x, y, network)
    output = _outputs(theta, *place_rows([descent.example], device, precision), network)
    calm = _all_finite(road, loss, output) & ~rises(loss[0], loss, precision)
    holds = calm.all(dim=0).tolist()
    return max((rate for rate, held in zip(candidates, holds, strict=True) if held), default=None)


def rises(before: Values, after: Values, precision: str = "float64") -> Values:
    """Whether one loss lies above another by more than rounding explains.

    A squared error is as uncertain as its root, which is how far the output is off: a few ε of a number about 1 as
    large. So two losses below (64 ε)² ≈ 2·10⁻²⁸ (float32: 6·10⁻¹¹) are the same nothing.
    """
    hair = ROUNDINGS * torch.finfo(PRECISIONS[precision]).eps
    return after**0.5 > before**0.5 + hair * (1 + before**0.5)


def check_learning_rate(value: object) -> float:
    """The learning rate η as a float; ValueError outside its bounds."""
    rate = finite("learning_rate", value)
    if not LEAST_RATE <= rate <= MOST_RATE:
        remedy = f"choose from {LEAST_RATE:g} to {MOST_RATE:g}"
        raise Refused(f"learning_rate {rate!r} is out of range; {remedy}", remedy)
    return rate


def check_steps(value: object) -> int:
    """The number of steps as an int; ValueError outside its bounds."""
    return whole("steps", value, 0, MOST_STEPS)
