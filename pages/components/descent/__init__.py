"""The path of a descent as one payload for descent.js: the scrubber then needs no server."""

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
    critical_rate,
    curvature,
    dissect_all,
    kinks,
    output_planes,
    slices,
    surface,
    verdict,
)
from core.curvature import VERDICTS
from core.descent import WHICH_LOSS
from core.settings import PARAMETER_LIMIT, STEP, Place, Settings
from pages.components import Sight
from pages.components.descent.payload import pack

LABELS = [
    {"key": n.key, "base": n.base, "sup": n.sup, "sub": n.sub, "code": n.code, "meaning": n.meaning} for n in PARAMETERS
]
MOST_KINKS = 9  # rows: more corners than these would only blacken a small plot


def payload(paths: Sequence[Descent], became: Outcome, settings: Settings, sight: Sight | None = None) -> bytes:
    """The first path with everything about it and what became of it, and the losses of the others beside it.

    sight   cut down to this, where a hand waits for it: some steps, and what is in view. What the browser shows of them
            is the same
    """
    path, axes, place = paths[0], settings.axes, settings.place
    which = settings.curves if settings.chosen_rows else WHICH_LOSS[0]
    parts, optimizer = dissect_all(path, **place), OPTIMIZERS[path.optimizer]
    has_data = len(path.rows) > 1 or path.rows != (path.example,)
    header: dict[str, Any] = {
        "names": LABELS,
        "learning_rate": path.learning_rate,
        "diverged_at": path.diverged_at,
        "outcome": became.sentence,
        "optimizer": {
            "key": path.optimizer,
            "name": optimizer.name,
            "limit": optimizer.limit,
            "memory": [{"key": m.key, "symbol": m.latex, "meaning": m.meaning} for m in optimizer.state],
        },
        "accumulates": not path.clear_gradients,
        "runs": [{"key": each.optimizer, "name": OPTIMIZERS[each.optimizer].name} for each in paths],
        "which": which,
        "rows": [[*row.x, row.y] for row in path.rows] if has_data else None,
        "example": [*path.example.x, path.example.y],
        "limit": optimizer.limit if path.clear_gradients else None,
        "axes": dict(zip(("a", "b", "held"), axes, strict=True)),
        "step_size": STEP,
        "reach": PARAMETER_LIMIT,
        "kink_name": ACTIVATIONS[path.architecture.activation].name,
    }
    arrays: dict[str, Any] = {
        "theta": path.theta,
        "gradient": path.gradient,
        "loss": path.loss,
        "output": path.output,
        "mean_loss": path.mean_loss,
        "update": path.update,
        "predicted": parts.predicted,
        "second": parts.second_order,
        "actual": parts.actual,
    }
    arrays |= {f"state_{letter}": rows for letter, rows in path.state.items()}
    arrays |= {f"other_loss_{i}": other.mean_loss for i, other in enumerate(paths[1:], start=1)}
    if not path.clear_gradients:
        arrays["used"] = path.used
    sees = (sight or Sight()).has
    if sees("safety"):
        arrays |= how_sharp(path, which, place, header)
    if sees("nine"):
        arrays |= along_each(path, which, place)
    if path.loss and sees("axes"):
        arrays |= map_of_two(path, axes, place)
    if has_data:
        arrays |= batches(path)
        if sees("plane"):
            arrays |= plane(path, place)
    found = {name: _numbers(array) for name, array in arrays.items()}
    return pack(*(cut(header, found, sight) if sight else (header, found)))


# What has a row for every step, of which a hand waits for those in sight alone.
ROWS = {"theta", "gradient", "used", "update", "output", "predicted", "second", "actual"}
ROWS |= {"curvature", "critical", "critical_all", "verdict", "slices", "slope", "kinks", "batch"}


def cut(
    header: dict[str, Any], arrays: dict[str, np.ndarray], sight: Sight
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The same run with the rows of a few steps: header["recorded"] says of which; "path" is where all of them lead."""
    steps = sorted({min(step, len(arrays["loss"]) - 1) for step in sight.steps})
    kept = {
        name: array[steps] if name in ROWS or name.startswith("state_") else array for name, array in arrays.items()
    }
    kept["path"] = narrow(arrays["theta"])
    if "sharpest" in kept:
        kept["sharpest"] = narrow(kept["sharpest"])
    if np.array_equal(kept["loss"], kept["mean_loss"]):
        del kept["mean_loss"]  # where every step sees all rows there is but one loss
    if "plane_steps" in kept:
        at = np.flatnonzero(kept["plane_steps"] <= steps[-1])[-1:]
        kept |= {name: kept[name][at] for name in ("plane_steps", "plane_output")}
    return {**header, "recorded": steps}, kept


def how_sharp(path: Descent, which: str, place: Place, header: dict[str, Any]) -> dict[str, Any]:
    """How the loss bends at each step, and what that says of the learning rate."""
    bend = curvature(path, which, **place)
    found: dict[str, Any] = {"curvature": bend.diagonal, "sharpest": bend.largest}
    if header["limit"]:
        found["critical"] = critical_rate(bend.diagonal, path.optimizer)
        found["critical_all"] = critical_rate(bend.largest, path.optimizer)
    if path.optimizer == "sgd" and path.clear_gradients:
        found |= verdicts(path, bend, header)
    return found


def along_each(path: Descent, which: str, place: Place) -> dict[str, Any]:
    """The nine curves of each step."""
    curves = slices(path, which, **place)
    found = {"grid": curves.grid, "slices": curves.loss, "slope": curves.slope}
    if len(path.rows) <= MOST_KINKS:
        found["kinks"] = narrow(kinks(path, which, **place))
    return found


def verdicts(path: Descent, bend: Curvature, header: dict[str, Any]) -> dict[str, Any]:
    """What theory says of the learning rate where the loss is as sharp as at each step: the number of a word in the
    header.
    """
    words = list(VERDICTS)
    header["verdicts"] = [{"word": word, "sentence": sentence} for word, sentence in VERDICTS.items()]
    return {"verdict": [words.index(verdict(path.learning_rate, sharp).word) for sharp in bend.largest]}


def map_of_two(path: Descent, axes: tuple[str, str, str], place: Place) -> dict[str, Any]:
    """The loss over two of the nine, the other seven held where the path starts or ends."""
    a, b, held = axes
    at = path.step(0 if held == "start" else len(path.loss) - 1).parameters
    seen = surface(at, path.rows, a, b, path=path, architecture=path.architecture, **place)
    return {"axes_a": seen.a, "axes_b": seen.b, "axes_loss": narrow(seen.loss)}


def plane(path: Descent, place: Place) -> dict[str, Any]:
    """The output over the plane of the inputs, as wide as the rows lie."""
    reach = max(2.0, *(abs(value) + 0.5 for row in path.rows for value in row.x))
    seen = output_planes(path, low=-reach, high=reach, **place)
    return {"plane_steps": seen.steps, "plane_x1": seen.x1, "plane_x2": seen.x2, "plane_output": seen.output}


def batches(path: Descent) -> dict[str, Any]:
    """The rows each step drew; a short batch is filled up with NaN."""
    drawn = np.full((len(path.batches), path.batch_size), np.nan, dtype=np.float32)
    for step, batch in enumerate(path.batches):
        drawn[step, : len(batch)] = batch
    return {"batch": drawn}


def narrow(array: np.ndarray) -> np.ndarray:
    """As float32, which is fine enough for a drawing; what is too large for it is infinite."""
    with np.errstate(over="ignore"):
        return array.astype(np.float32)


def _numbers(array: Any) -> np.ndarray:
    array = np.asarray(array)
    return array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)
