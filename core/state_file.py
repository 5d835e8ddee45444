"""The whole state as a file: the keys of the address and their values, as JSON with a version.

Read back, every entry is checked as it is when it is chosen, and never evaluated. Nothing is taken until all can be.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from core.batches import MOST_ROWS, check_batch_size, check_seed
from core.datasets import DATASETS, MOST_VALUE
from core.descent import WHICH_LOSS, check_learning_rate, check_steps
from core.device import PRECISIONS
from core.functions import HIDDEN_ACTIVATIONS, LOSSES, OUTPUT_ACTIVATIONS, why_not, why_not_target
from core.names import ADJUSTABLE, DIFFERENTIABLE, PARAMETERS, TARGET, one_of, shorten
from core.optimizers import OPTIMIZERS
from core.parameters import Example, finite
from core.presets import ONE_EXAMPLE
from core.reading import NotRead, quoted

WHAT = "a state of Backprop by Hand"
VERSION = 1
MOST_CHARACTERS = 20_000
DEEPEST = 8  # brackets within brackets; our own file has four
OWN_ROWS = "rows"  # of the data, beside one example and the ready sets
HELD_AT = ("start", "end")
MOST_COMPARED = 2
DEVICE = re.compile(r"cpu|mps|(?:cuda|xpu)(?::[0-9]{1,3})?")

Read = Callable[[object], Any]


def _number(value: object) -> float:
    try:
        return finite("it", value)
    except ValueError:
        raise ValueError("; write a finite number, such as 0.5") from None


def _choice(*possible: str) -> Read:
    return lambda value: one_of("it", value, possible)


def _device(value: object) -> str:
    """Its form alone: whether the machine has it is for the screen to say, and the CPU takes over."""
    if not isinstance(value, str) or not DEVICE.fullmatch(value):
        raise ValueError("; a device is called cpu, mps, or such as cuda:0")
    return value


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("; choose true or false")
    return value


def _compared(value: object) -> tuple[str, ...]:
    """Optimisers to compare with, such as ["adam", "rmsprop"]."""
    known = isinstance(value, list) and all(isinstance(key, str) and key in OPTIMIZERS for key in value)
    if not isinstance(value, list) or not known or len(value) > MOST_COMPARED or len(set(value)) < len(value):
        raise ValueError(f"; list at most {MOST_COMPARED} different ones of: {', '.join(OPTIMIZERS)}")
    return tuple(value)


def _axes(value: object) -> tuple[str, str, str]:
    """Two parameters, and where the other seven are held: ["w1_12", "w2_2", "end"]."""
    keys = [name.key for name in PARAMETERS]
    match value:
        case [str(first), str(second), str(held)] if first in keys and second in keys and held in HELD_AT:
            if first != second:
                return first, second, held
    raise ValueError('; name two different parameters and "start" or "end", such as ["w1_12", "w2_2", "end"]')


def _rows(value: object) -> tuple[Example, ...]:
    """Rows [x1, x2, y]; none is possible too."""
    wanted = f"; list at most {MOST_ROWS} rows of three numbers from −{MOST_VALUE:g} to {MOST_VALUE:g}, [x1, x2, y]"
    if not isinstance(value, list) or len(value) > MOST_ROWS:
        raise ValueError(wanted)
    rows = []
    for row in value:
        if not isinstance(row, list) or len(row) != 3:
            raise ValueError(wanted)
        x1, x2, y = map(_number, row)
        if max(abs(x1), abs(x2), abs(y)) > MOST_VALUE:
            raise ValueError(wanted)
        rows.append(Example((x1, x2), y))
    return tuple(rows)


def _batch(value: object) -> int:
    """How many rows a step draws; 0 stands for all."""
    return 0 if value == 0 and not isinstance(value, bool | float) else check_batch_size(value or -1, MOST_ROWS)


# Every key of the address, and how its value is checked. What is wrong with it stands after a semicolon, without the
# value itself. How far the sliders reach is not known here: core.reading.out_of_reach says that.
ENTRIES: dict[str, Read] = {
    **{name.key: _number for name in ADJUSTABLE},
    "activation": _choice(*HIDDEN_ACTIVATIONS),
    "output": _choice(*OUTPUT_ACTIVATIONS),
    "loss": _choice(*LOSSES),
    "device": _device,
    "precision": _choice(*PRECISIONS),
    "parameter": _choice(*(name.key for name in DIFFERENTIABLE)),
    "learning_rate": lambda value: check_learning_rate(_number(value)),
    "steps": check_steps,
    "optimizer": _choice(*OPTIMIZERS),
    "compare": _compared,
    "zero_grad": _switch,
    "data": _choice(ONE_EXAMPLE, *DATASETS, OWN_ROWS),
    "rows": _rows,
    "batch": _batch,
    "seed": check_seed,
    "curves": _choice(*WHICH_LOSS),
    "axes": _axes,
}


def state_json(state: Mapping[str, Any]) -> str:
    """The state, by address key, as the text of a file; read_state() gives it back bit for bit.

    Raises ValueError for a key or a value that read_state() would not take.
    """
    text = json.dumps({"what": WHAT, "version": VERSION, "state": {k: _plain(v) for k, v in state.items()}}, indent=1)
    read_state(text)
    return text + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Example):
        return [*value.x, value.y]
    return [_plain(entry) for entry in value] if isinstance(value, tuple | list) else value


def read_state(text: str) -> dict[str, Any]:
    """The values in such a file, by address key. Which keys it has is up to the file; the others keep their default.

    Raises NotRead with a sentence for every entry that is unknown or makes no sense, or for the "file" as a whole.
    """
    found = _state_in(text)
    values: dict[str, Any] = {}
    trouble: dict[str, str] = {}
    for key, value in found.items():
        if key not in ENTRIES:
            trouble[quoted(key)] = f"{quoted(key)} is not a name this version knows"
            continue
        try:
            values[key] = ENTRIES[key](value)
        except ValueError as error:
            trouble[key] = f"{quoted(shorten(value))} cannot be taken; {_what_to_do(str(error))}"
    trouble = trouble or _misfits(values)
    if trouble:
        raise NotRead(trouble)
    return values


def _what_to_do(sentence: str) -> str:
    """The last part of a refusal, which is ours: before it the value itself may stand, with anything in it."""
    start = sentence.rfind("; choose")
    return sentence[(start if start >= 0 else sentence.rfind("; ")) + 2 :]


def _state_in(text: str) -> dict[str, Any]:
    """The state of the file, its entries unchecked."""
    if not isinstance(text, str) or len(text) > MOST_CHARACTERS:
        raise NotRead({"file": f"it must be text of at most {MOST_CHARACTERS:,} characters"})
    try:
        _check_depth(text)
        file = json.loads(text.removeprefix("\ufeff"), parse_constant=_no_constant, object_pairs_hook=_without_twins)
    except ValueError:  # what JSON itself complains of says nothing to a person
        raise NotRead({"file": "it is no JSON that can be read; choose a file that was saved here"}) from None
    if not isinstance(file, dict) or file.get("what") != WHAT or not isinstance(file.get("state"), dict):
        raise NotRead({"file": "it is not a state saved here; choose a file that was"})
    if file.get("version") != VERSION or isinstance(file["version"], bool):
        version = quoted(shorten(file.get("version")))
        raise NotRead({"file": f"its version is {version}; this dashboard reads version {VERSION}"})
    return file["state"]


def _check_depth(text: str) -> None:
    """ValueError where brackets are nested deeper than any state: Python's parser would run out of room."""
    depth = 0
    for mark in re.findall(r"[\[\]{}]", text):
        depth += 1 if mark in "[{" else -1
        if depth > DEEPEST:
            raise ValueError


def _no_constant(word: str) -> None:
    raise ValueError(word)  # NaN and the infinities are no JSON


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError
    return dict(pairs)


def _misfits(values: Mapping[str, Any]) -> dict[str, str]:
    """What is right by itself may still not go together; what the file leaves out counts with its default."""
    output, loss = values.get("output", "identity"), values.get("loss", "half_squared_error")
    if reason := why_not(output, loss):
        return {"loss": reason}
    if reason := why_not_target(loss, values.get("y", TARGET.default)):
        return {"y": reason}
    for number, row in enumerate(values.get("rows", ()), start=1):
        if reason := why_not_target(loss, row.y):
            return {"rows": f"in row {number}, {reason}"}
    return {}
