"""The road of a descent as one payload for browser/descent.js: the scrubber then needs no server."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from core import (
    ACTIVATIONS,
    OPTIMIZERS,
    PARAMETERS,
    Curvature,
    Descent,
    Outcome,
    dissect_all,
    kinks,
    output_planes,
    slices,
    surface,
    verdict,
)
from core.curvature import VERDICTS
from core.settings import Place
from pages.components.descent.payload import pack

LABELS = [
    {"key": n.key, "base": n.base, "sup": n.sup, "sub": n.sub, "code": n.code, "meaning": n.meaning} for n in PARAMETERS
]
MOST_KINKS = 9  # rows: more corners than these would only blacken a small plot


def payload(
    roads: Sequence[Descent], became: Outcome, *, which: str, axes: tuple[str, str, str], bend: Curvature, place: Place
) -> bytes:
    """The first road with everything about it and what became of it, and the losses of the others beside it."""
    road = roads[0]
    curves, parts, optimizer = slices(road, which, **place), dissect_all(road, **place), OPTIMIZERS[road.optimizer]
    has_data = len(road.rows) > 1 or road.rows != (road.example,)
    header: dict[str, Any] = {
        "names": LABELS,
        "learning_rate": road.learning_rate,
        "diverged_at": road.diverged_at,
        "outcome": became.sentence,
        "optimizer": {
            "key": road.optimizer,
            "name": optimizer.name,
            "limit": optimizer.limit,
            "memory": [
                {"key": m.key, "latex": m.latex, "meaning": m.meaning, "symbol": m.latex} for m in optimizer.state
            ],
        },
        "clear_gradients": road.clear_gradients,
        "accumulates": not road.clear_gradients,
        "runs": [{"key": each.optimizer, "name": OPTIMIZERS[each.optimizer].name} for each in roads],
        "which": which,
        "rows": [[*row.x, row.y] for row in road.rows] if has_data else None,
        "example": [*road.example.x, road.example.y],
        "limit": optimizer.limit if road.clear_gradients else None,
        "axes": dict(zip(("a", "b", "held"), axes, strict=True)),
        "kink_name": ACTIVATIONS[road.architecture.activation].name,
    }
    arrays = {
        "theta": road.theta,
        "gradient": road.gradient,
        "loss": road.loss,
        "output": road.output,
        "mean_loss": road.mean_loss,
        "update": road.update,
        "predicted": parts.predicted,
        "second": parts.second_order,
        "actual": parts.actual,
        "curvature": bend.diagonal,
        "sharpest": bend.largest,
        "grid": curves.grid,
        "slices": curves.loss,
        "slope": curves.slope,
    }
    arrays |= {f"state_{letter}": rows for letter, rows in road.state.items()}
    arrays |= {f"other_loss_{i}": other.mean_loss for i, other in enumerate(roads[1:], start=1)}
    if not road.clear_gradients:
        arrays["used"] = road.used
    if road.optimizer == "sgd" and road.clear_gradients:
        arrays |= verdicts(road, bend, header)
    if len(road.rows) <= MOST_KINKS:
        arrays["kinks"] = kinks(road, which, **place).astype(np.float32)
    if road.loss:
        arrays |= map_of_two(road, axes, place)
    if has_data:
        arrays |= batches(road) | plane(road, place)
    return pack(header, {name: _numbers(array) for name, array in arrays.items()})


def verdicts(road: Descent, bend: Curvature, header: dict[str, Any]) -> dict[str, Any]:
    """What theory says of the learning rate where the loss is as sharp as at each step: the number of a word in the
    header.
    """
    words = list(VERDICTS)
    header["verdicts"] = [{"word": word, "sentence": sentence} for word, sentence in VERDICTS.items()]
    return {"verdict": [words.index(verdict(road.learning_rate, sharp).word) for sharp in bend.largest]}


def map_of_two(road: Descent, axes: tuple[str, str, str], place: Place) -> dict[str, Any]:
    """The loss over two of the nine, the other seven held where the road starts or ends."""
    a, b, held = axes
    at = road.step(0 if held == "start" else len(road.loss) - 1).parameters
    seen = surface(at, road.rows, a, b, road=road, architecture=road.architecture, **place)
    return {"axes_a": seen.a, "axes_b": seen.b, "axes_loss": seen.loss}


def plane(road: Descent, place: Place) -> dict[str, Any]:
    """The output over the plane of the inputs, as wide as the rows lie."""
    reach = max(2.0, *(abs(value) + 0.5 for row in road.rows for value in row.x))
    seen = output_planes(road, low=-reach, high=reach, **place)
    return {"plane_steps": seen.steps, "plane_x1": seen.x1, "plane_x2": seen.x2, "plane_output": seen.output}


def batches(road: Descent) -> dict[str, Any]:
    """The rows each step drew; a short batch is filled up with NaN."""
    drawn = np.full((len(road.batches), road.batch_size), np.nan, dtype=np.float32)
    for step, batch in enumerate(road.batches):
        drawn[step, : len(batch)] = batch
    return {"batch": drawn}


def _numbers(array: Any) -> np.ndarray:
    array = np.asarray(array)
    return array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)
