"""Gradient descent: a sequence of steps, every one of them recorded.

    θ ← θ − η d        with plain SGD: d = ∂L/∂θ

With a single example, stochastic gradient descent is plain gradient descent: there is nothing to draw from. With a
small data set each step draws a batch, and its loss is the mean over that batch.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor

from core.batches import (
    Batches,
    check_batch_size,
    check_rows,
    check_seed,
    deal_padded,
    draw,
    place_rows,
    weighted_mean,
)
from core.device import PRECISIONS, place
from core.functions import ACTIVATIONS, LOSSES, check_target, slopes
from core.names import Refused, one_of, whole
from core.network import trace
from core.optimizers import OPTIMIZERS, State
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
    """One point of the trajectory: the parameters, and the gradient (of the same shape), loss and output there."""

    parameters: Parameters
    gradients: Parameters
    loss: float
    output: float


@dataclass(frozen=True)
class Descent:
    """The trajectory of gradient descent, from the start (row 0) to the last step; row k is the state after k steps.

    learning_rate … seed   as they were asked for; rows is (example,) where no data set was given
    theta, gradient   a row of nine a step, in the order of core.names.PARAMETERS; the gradient is that of loss
    loss              the mean over the batch drawn at this step
    output            the network's output for `example`, whatever was drawn
    batches           the row numbers (from 0) drawn at this step
    diverged_at       the first step whose numbers are no longer finite (it is not among the rows), or None

    Arrays, one row a step; they follow from all the above, so comparing two descents leaves them out:

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
        """The same trajectory as objects: steps[k].parameters, .gradients, .loss, .output."""
        return tuple(self.step(k) for k in range(len(self.loss)))

    def step(self, k: int) -> Step:
        """The state after k steps."""
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
    rows, batch_size, seed   a data set, how many of its rows a step draws (None: all), and the random seed of the draw
    progress          called about every hundred steps with the share that is done; raise from it to stop

    A learner can make this diverge, so divergence is data (`diverged_at`), not an error. Raises ValueError for
    a number outside its bounds, and for a target that the loss cannot take.
    """
    return descend_all(
        parameters,
        example,
        optimizers=(optimizer,),
        learning_rate=learning_rate,
        steps=steps,
        clear_gradients=clear_gradients,
        rows=rows,
        batch_size=batch_size,
        seed=seed,
        architecture=architecture,
        device=device,
        precision=precision,
        progress=progress,
    )[0]


def descend_all(
    parameters: Parameters,
    example: Example,
    *,
    optimizers: Sequence[str],
    learning_rate: float = 0.01,
    steps: int = 100,
    clear_gradients: bool = True,
    rows: Sequence[Example] | None = None,
    batch_size: int | None = None,
    seed: int = 0,
    architecture: Architecture = Architecture(),
    device: str = "cpu",
    precision: str = "float64",
    progress: Progress | None = None,
) -> tuple[Descent, ...]:
    """The descents of several optimisers, to be compared: one batch of networks, all from the same start.

    Each is the one that descend() returns; one that diverges leaves the others alone.
    """
    check_target(architecture.loss, example.y)
    rate, count = check_learning_rate(learning_rate), check_steps(steps)
    for optimizer in optimizers:
        one_of("optimizer", optimizer, list(OPTIMIZERS))
    data = (example,) if rows is None else check_rows(rows, architecture)
    size, seed = check_batch_size(batch_size, len(data)), check_seed(seed)
    batches = draw(len(data), size, count + 1, seed)
    members = [(optimizer, rate) for optimizer in optimizers]
    place_of = {"device": device, "precision": precision}
    run = _run(parameters, example, members, data, batches, architecture, clear_gradients, progress, **place_of)
    return tuple(
        Descent(
            parameters=parameters,
            example=example,
            architecture=architecture,
            learning_rate=rate,
            optimizer=optimizer,
            clear_gradients=clear_gradients,
            rows=data,
            batch_size=size,
            seed=seed,
            batches=batches[:good],
            diverged_at=None if good == count + 1 else good,
            **_recorded(run, m, good),
        )
        for m, (optimizer, good) in enumerate(zip(optimizers, _finite_steps(run), strict=True))
    )


class Trajectories(NamedTuple):
    """What a batch of M descents recorded at S points each."""

    theta: Tensor  # (S + 1, M, 9): one more, where the last step would lead
    gradient: Tensor  # (S, M, 9)
    used: Tensor  # (S, M, 9)
    states: tuple[dict[str, Tensor], ...]  # for each member the memory of its optimiser, by its letter: (S, 9) each
    loss: Tensor  # (S, M)
    mean_loss: Tensor  # (S, M)
    output: Tensor  # (S, M): for the studied example


@torch.no_grad()
def _run(
    parameters: Parameters,
    example: Example,
    members: Sequence[tuple[str, float]],
    rows: Sequence[Example],
    batches: Batches,
    architecture: Architecture,
    clear_gradients: bool,
    progress: Progress | None,
    device: str,
    precision: str,
) -> Trajectories:
    """One step for each batch of rows, by each member: an optimiser and its rate. All start from `parameters`.

    Backpropagation is written out here, for a bias is the weight of an input that is always 1:

        z1 = [x 1] A    A = [W1; b1]    δ2 = ∂L/∂z2             ∂L/∂V = [h 1]ᵀ δ2
        z2 = [h 1] V    V = [W2; b2]    δ1 = (δ2 W2ᵀ) ∘ f′(z1)   ∂L/∂A = [x 1]ᵀ δ1

    θ in the order of core.names.PARAMETERS is A and V, row by row. Ten operations on tensors serve all members at once,
    a fifth of what autograd costs on nets this small; autograd stays the judge, tested for every network. Nothing is
    read back: a GPU is never waited for. Source: Rumelhart, Hinton & Williams 1986.
    """
    x, y = place_rows(rows, device, precision)
    start = place([parameters.vector] * len(members), device, precision)
    xs, ys, weights = deal_padded(x, y, batches)  # with S in front, or without where each step sees all rows
    count, (M, B) = len(batches), (len(members), xs.shape[-2])
    theta, z2 = start.new_empty(count + 1, M, 9), start.new_empty(count, M, B, 1)
    theta[0] = start
    gradient = start.new_empty(count, M, 9)
    used = gradient if clear_gradients else start.new_empty(count, M, 9)
    parts = _parts(members, theta, used)

    x1 = torch.cat([xs, torch.ones_like(xs[..., :1])], dim=-1).unsqueeze(-3).expand(count, M, B, 3)
    h1 = start.new_ones(M, B, 3)
    h, h1_T = h1[..., :2], h1.mT
    f, to_z1, to_z2 = ACTIVATIONS[architecture.activation].torch, *slopes(*astuple(architecture))
    y_at, weight_at = (tensor.unsqueeze(-3).expand(count, 1, B, 1).unbind() for tensor in (ys, weights[..., None]))
    views = (x1, x1.mT, *layers(theta[:-1]), theta[:-1, :, None, 6:8], *layers(gradient), z2)
    # every view of every step is made beforehand: a step spends no time on slicing
    at = zip(*(tensor.unbind() for tensor in views), y_at, weight_at, gradient.unbind(), used.unbind(), strict=True)
    for k, (x1_k, x1_T, A, V, W2_T, to_A, to_V, z2_k, y_k, weight, fresh, used_k) in enumerate(at):
        z1 = torch.bmm(x1_k, A)
        h.copy_(f(z1))
        torch.bmm(h1, V, out=z2_k)
        d2 = to_z2(z2_k, y_k, weight)
        torch.bmm(h1_T, d2, out=to_V)
        torch.bmm(x1_T, to_z1(d2 * W2_T, z1), out=to_A)
        if not clear_gradients:
            torch.add(fresh, used[k - 1] if k else 0, out=used_k)
        for part in parts:
            part.step(k)
        if progress and k % REPORT_EVERY == 0:
            progress(k / count)

    o = ACTIVATIONS[architecture.output].torch(z2)
    row = LOSSES[architecture.loss]
    loss = weighted_mean(row.torch(z2 if row.source == "z2" else o, ys.unsqueeze(-3)), weights.unsqueeze(-2))
    all_rows, alone = xs.dim() == 2, len(rows) == 1 and rows[0] == example
    mean_loss = loss if all_rows else mean_losses(theta[:-1], x, y, architecture)
    if not alone:
        o = trace(theta[:-1], *place_rows([example], device, precision), architecture).o
    states = tuple(state for part in parts for state in part.states())
    return Trajectories(theta, gradient, used, states, loss, mean_loss, o[..., 0, 0])


def layers(theta: Tensor) -> tuple[Tensor, Tensor]:
    """θ (…, 9) → A (…, 3, 2) and V (…, 3, 1), the biases as their last rows."""
    return theta[..., :6].unflatten(-1, (3, 2)), theta[..., 6:].unsqueeze(-1)


class _Part:
    """The members of a run that share an optimiser: each step of theirs goes against its own direction."""

    def __init__(self, optimizer: str, rates: Sequence[float], theta: Tensor, used: Tensor) -> None:
        self.optimizer, self.theta, self.used = OPTIMIZERS[optimizer], theta.unbind(), used.unbind()
        self.rates = theta.new_tensor(rates)[:, None]
        self.memory: State = (torch.zeros_like(theta[0]),) * len(self.optimizer.state)
        self.memories: list[State] = []

    def step(self, k: int) -> None:
        """θ ← θ − η d."""
        self.memory, direction = self.optimizer.rule(self.used[k], self.memory, k + 1)
        torch.addcmul(self.theta[k], self.rates, direction, value=-1, out=self.theta[k + 1])
        if self.memory:
            self.memories.append(self.memory)

    def states(self) -> list[dict[str, Tensor]]:
        """The memory of each member at every step, by its letter: (S, 9) each."""
        columns = [torch.stack(column) for column in zip(*self.memories, strict=True)]  # (S, members, 9) each
        letters = [memory.key for memory in self.optimizer.state]
        return [
            {letter: column[:, m] for letter, column in zip(letters, columns, strict=True)}
            for m in range(len(self.rates))
        ]


def _parts(members: Sequence[tuple[str, float]], theta: Tensor, used: Tensor) -> list[_Part]:
    """Neighbours with the same optimiser step together."""
    parts, first = [], 0
    for optimizer, group in groupby(members, key=itemgetter(0)):
        rates = [rate for _, rate in group]
        at = slice(first, first := first + len(rates))
        parts.append(_Part(optimizer, rates, theta[:, at], used[:, at]))
    return parts


def _recorded(run: Trajectories, m: int, good: int) -> dict[str, Any]:
    """The columns of a Descent: what member m recorded at its first `good` points."""
    theta, gradient, loss, output = (
        tensor[:good, m].tolist() for tensor in (run.theta, run.gradient, run.loss, run.output)
    )
    return {
        "theta": tuple(map(tuple, theta)),
        "gradient": tuple(map(tuple, gradient)),
        "loss": tuple(loss),
        "output": tuple(output),
        "mean_loss": as_array(run.mean_loss[:good, m]),
        "used": as_array(run.used[:good, m]),
        "state": {letter: as_array(column[:good]) for letter, column in run.states[m].items()},
        "update": as_array(run.theta[1 : good + 1, m] - run.theta[:good, m]),
    }


def _finite_steps(run: Trajectories) -> list[int]:
    """For each member, the number of points from the start on at which every number recorded is finite."""
    nines = (run.theta[:-1], run.gradient, run.used)
    numbers = (tensor[..., None] for tensor in (run.loss, run.mean_loss, run.output))
    finite_at = torch.isfinite(torch.cat([*nines, *numbers], dim=-1)).all(dim=-1)  # (S, M)
    for m, state in enumerate(run.states):
        for column in state.values():
            finite_at[:, m] &= torch.isfinite(column).all(dim=-1)
    return finite_at.cpu().cummin(dim=0).values.sum(dim=0).tolist()


def mean_losses(theta: Tensor, x: Tensor, y: Tensor, architecture: Architecture) -> Tensor:
    """θ (…, 9) → the mean loss (…) over the rows x (N, 2) and y (N, 1)."""
    with torch.no_grad():
        return trace(theta, x, y, architecture).L.mean(dim=(-2, -1))


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
    that is the mean loss over all rows, whatever a step draws. Found by running every candidate at once, as one batch
    of networks; None if none of them holds.
    """
    decades = (m * 10.0**e for e in range(-6, 2) for m in (1, 2, 5))
    candidates = [round(rate, 12) for rate in decades if rate < descent.learning_rate]
    if not candidates:
        return None
    members = [(descent.optimizer, rate) for rate in candidates]
    batches = draw(len(descent.rows), descent.batch_size, check_steps(steps) + 1, descent.seed)
    run = _run(
        descent.parameters,
        descent.example,
        members,
        descent.rows,
        batches,
        descent.architecture,
        descent.clear_gradients,
        progress,
        device,
        precision,
    )
    calm = ~rises(run.mean_loss[0], run.mean_loss, precision).any(dim=0)
    stays = zip(candidates, _finite_steps(run), calm.tolist(), strict=True)
    return max((rate for rate, good, is_calm in stays if is_calm and good == len(batches)), default=None)


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
