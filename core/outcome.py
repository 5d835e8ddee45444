"""What a run of gradient descent did, told from its own record: its losses, its steps, the gates of its hidden units.

No theory enters here. core/curvature.py says what a rate would do on a parabola; where they differ, the run is right.
The loss is the one over all rows (Descent.mean_loss), whatever each step drew; "rises" means by more than rounding.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np
import torch

from core.batches import place_rows
from core.descent import ROUNDINGS, Descent, as_array, rises
from core.device import PRECISIONS, place
from core.functions import ACTIVATIONS
from core.network import trace
from core.parameters import Vector
from core.typeset import text_number

TAIL, FEWEST = 0.1, 3  # the end of a run: its last tenth, and three points at least
LITTLE = 0.01  # of the way from first to last loss: an end that moves by less has levelled off
NOTHING = 0.001  # of the first loss: no loss is below 0, so what is left to fall is less than that

Gates = tuple[int | None, int | None]

# How a run can turn out; the first that is true counts.
KINDS: dict[str, str] = {
    "none": "already the start is not finite: there is no run",
    "start": "no step is taken",
    "left": "its numbers leave what the precision can hold",
    "rose": "it ends higher than it began",
    "killed": "a step shuts both hidden units on every row, and they stay shut: b2 goes on alone",
    "still": "the loss stays where it is, but for rounding",
    "bouncing": "its last steps jump to and fro, equally long, and the loss hardly moves",
    "settled": "it comes down without rising at any step, and its end has levelled off",
    "oscillated": "it comes down, rising at some steps, and its end has levelled off",
    "falling": "it ends no higher than it began, and its end goes down",
    "growing": "it ends no higher than it began, and its end goes up",
    "restless": "it ends no higher than it began, and its end goes up and down",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run turned out.

    kind        a key of KINDS
    sentence    the same for a beginner, with the run's own numbers
    rose_at     the first step at which the loss stands above where it began, by more than rounding; None: never
    shut_from   for each hidden unit, the step from which on its gate is shut on every row, to the end; None: it is open
                on some row at the end, or this activation shuts no gate
    """

    kind: str
    sentence: str
    rose_at: int | None = None
    shut_from: Gates = (None, None)

    @property
    def held(self) -> bool:
        """Whether the run stays finite and its loss never rises above where it began: rate_that_holds asks the same."""
        return self.kind not in ("none", "left") and self.rose_at is None

    @property
    def trouble(self) -> bool:
        """Whether a person should be warned: it ran off, ended higher than it began, or overshot and lost its units."""
        return self.kind in ("none", "left", "rose") or (self.kind == "killed" and self.rose_at is not None)


def outcome(descent: Descent, *, device: str = "cpu", precision: str = "float64") -> Outcome:
    """What became of a run, by its record alone; precision is the one it was run in."""
    if descent.diverged_at == 0:
        return Outcome("none", f"Already at the start a number is beyond what {precision} can hold: there is no run.")
    loss = descent.mean_loss
    above = rises(loss[0], loss, precision)
    rose_at = int(above.argmax()) if above.any() else None
    shut_from = _shut_from(descent, device, precision)
    kind = _kind(descent, bool(above[-1]), shut_from, precision)
    told = [_course(descent, kind, rose_at, precision), _gates(shut_from, len(descent.rows))]
    return Outcome(kind, " ".join(filter(None, told)), rose_at, shut_from)


def _kind(descent: Descent, higher: bool, shut_from: Gates, precision: str) -> str:
    if descent.diverged_at is not None:
        return "left"
    if len(descent.mean_loss) == 1:
        return "start"
    if higher:
        return "rose"
    if None not in shut_from and any(shut_from):
        return "killed"
    end = _end(descent, precision)
    return "oscillated" if end == "settled" and _ups(descent.mean_loss, precision).any() else end


# ── what the record shows ───────────────────────────────────────────────────────────────────────────────────────


def _ups(loss: np.ndarray, precision: str) -> np.ndarray:
    """(S − 1,): at which steps the loss rises."""
    return rises(loss[:-1], loss[1:], precision)


def _tail(loss: np.ndarray) -> np.ndarray:
    return loss[-max(FEWEST, ceil(TAIL * len(loss))) :]


def _end(descent: Descent, precision: str) -> str:
    """How the last steps go: still, bouncing, settled, falling, growing or restless."""
    loss, tail = descent.mean_loss, _tail(descent.mean_loss)
    spread = tail.max() - tail.min()
    if spread <= LITTLE * tail.max() and _bounces(descent.update[:-1][1 - len(tail) :], descent.theta[-1], precision):
        return "bouncing"
    if not rises(loss.min(), loss.max(), precision):
        return "still"
    level = spread <= LITTLE * abs(loss[-1] - loss[0]) or not rises(tail.min(), tail.max(), precision)
    if level and len(tail) < len(loss):
        return "settled"
    if rises(tail[-1], tail[0], precision) and not _ups(tail, precision).any():
        return "falling"
    if rises(tail[0], tail[-1], precision) and not _ups(tail[::-1], precision).any():
        return "growing"
    return "restless"


def _bounces(steps: np.ndarray, theta: Vector, precision: str) -> bool:
    """Whether each of these steps (n, 9) goes against the one before it, and all are about as long: no rounding."""
    if len(steps) < FEWEST - 1:
        return False
    with np.errstate(over="ignore", invalid="ignore"):  # beyond the largest float no answer is "no"
        back = (steps[1:] * steps[:-1]).sum(axis=1) < 0
        length = np.linalg.norm(steps, axis=1)
        hair = ROUNDINGS * torch.finfo(PRECISIONS[precision]).eps * (1 + np.linalg.norm(theta))
        return bool(back.all() and length.min() > (1 - LITTLE) * length.max() and length.min() > hair)


def _shut_from(descent: Descent, device: str, precision: str) -> Gates:
    """A gate is shut where f gives 0 with slope 0: ReLU's, at z1 ≤ 0. On every row, or the unit still learns."""
    f = ACTIVATIONS[descent.architecture.activation]
    if f.flat[0] not in f.kinks:
        return None, None
    theta = place(descent.theta, device, precision)
    with torch.no_grad():
        z1 = trace(theta, *place_rows(descent.rows, device, precision), descent.architecture).z1  # (S, N, 2)
    open_somewhere = as_array((z1 > f.flat[0]).any(dim=-2))
    first, second = (_since(column) for column in open_somewhere.T)
    return first, second


def _since(is_open: np.ndarray) -> int | None:
    """The step from which on a gate is shut to the end."""
    seen = np.flatnonzero(is_open)
    since = int(seen[-1]) + 1 if len(seen) else 0
    return since if since < len(is_open) else None


# ── in words ────────────────────────────────────────────────────────────────────────────────────────────────────


def _course(descent: Descent, kind: str, rose_at: int | None, precision: str) -> str:
    """Where the loss went, and how its last steps go."""
    loss = descent.mean_loss
    noun = "loss" if len(descent.rows) == 1 else "mean loss over all rows"
    if kind == "left":
        gone, last = descent.diverged_at, text_number(loss[-1])
        return f"At step {gone} the numbers left what {precision} can hold; one step before, the {noun} was {last}."
    if kind == "start":
        return f"No step is taken: the {noun} stands at {text_number(loss[0])}."
    end = _end(descent, precision)
    return f"The {noun} {_way(loss, kind, rose_at, precision)}{_ending(descent, end)}."


def _way(loss: np.ndarray, kind: str, rose_at: int | None, precision: str) -> str:
    top, peak = loss.max(), int(loss.argmax())
    if not rises(loss.min(), top, precision):
        return f"stays at {text_number(loss[0])}"
    first, last = _told_apart(loss[0], loss[-1])
    if kind == "rose":
        by_way = f", by way of {text_number(top)} at step {peak}" if rises(loss[-1], top, precision) else ""
        return f"went up, from {first} to {last}{by_way}"
    lower = bool(rises(loss[-1], loss[0], precision))
    if rose_at is not None:
        back = f"ended lower than it began, at {last}" if lower else "ended where it began"
        return "rose from {} to {} at step {}, then {}".format(*_told_apart(loss[0], top), peak, back)
    arrived = f"fell from {first} to {last}" if lower else f"ended where it began, at {text_number(loss[0])}"
    if ups := int(_ups(loss, precision).sum()):
        return f"{arrived}, though it rose at {ups} of its {len(loss) - 1} steps"
    return f"{arrived} without rising on the way"


def _ending(descent: Descent, end: str) -> str:
    loss, tail = descent.mean_loss, _tail(descent.mean_loss)
    last = f"{len(tail) - 1} steps"
    low, high = _told_apart(tail.min(), tail.max())
    if end == "still":
        if descent.update[:-1].any():
            return ", but for rounding"
        why = "no step is long enough to move a parameter" if descent.used.any() else "every gradient is 0"
        return f": {why}"
    if end == "settled":
        if loss[-1] <= NOTHING * loss[0]:
            return ", and has settled"
        by = f"by {text_number(spread, 2)}" if (spread := tail.max() - tail.min()) else "by nothing"
        return f", and has levelled off: over the last {last} it moved {by}"
    return {
        "bouncing": f", while its last {last} jump to and fro without closing in",
        "falling": ", and was still falling when the steps ended",
        "growing": ", and was still growing when the steps ended",
        "restless": f", and still goes up and down: over the last {last} between {low} and {high}",
    }[end]


def _told_apart(one: float, other: float) -> tuple[str, str]:
    """Two numbers with four digits, or with as many as it takes to tell them apart."""
    for digits in (4, 6, 8, 10, 12, 14, 16):
        texts = text_number(one, digits), text_number(other, digits)
        if texts[0] != texts[1]:
            return texts
    return text_number(one), text_number(other)


def _gates(shut_from: Gates, rows: int) -> str:
    """Which hidden units are shut at the end, since when, and what that leaves."""
    where = "" if rows == 1 else " on every row"
    first, second = shut_from
    if first is not None and second is not None:
        since = _from_step(max(first, second))
        return f"{since} both hidden units are shut{where}, so the output is made by b2 alone."
    shut = [(f"hidden unit {j}", since) for j, since in enumerate(shut_from, start=1) if since is not None]
    return " ".join(f"{_from_step(since)} {unit} is shut{where}." for unit, since in shut)


def _from_step(step: int) -> str:
    return f"From step {step} on" if step else "From the start"
