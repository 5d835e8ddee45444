"""The address bar describes the whole state: what it may say, what it says now, and what it got wrong.

All of it is written here, at the end of a run, and none by Streamlit's bind="query-params": a bound widget leaves the
address with its page, writes the name that is shown instead of the key, and while a run is cut short by the next the
browser and the server each believe the other's older address.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core import (
    ADJUSTABLE,
    DIFFERENTIABLE,
    LOSSES,
    PARAMETERS,
    Architecture,
    Example,
    devices,
    offered_losses,
    precisions,
    why_not,
    why_not_target,
)
from core.batches import MOST_ROWS, check_batch_size, check_seed
from core.datasets import DATASETS, parse_rows
from core.descent import WHICH_LOSS, check_learning_rate, check_steps
from core.functions import HIDDEN_ACTIVATIONS, OUTPUT_ACTIVATIONS, check_target
from core.optimizers import OPTIMIZERS
from core.parameters import finite
from core.presets import PRESETS
from core.typeset import text_number

PARAMETER_LIMIT, DATA_LIMIT = 3.0, 5.0  # sliders reach from minus to plus this
LIMITS: dict[str, tuple[float, float]] = {
    name.key: (-limit, limit)
    for name in ADJUSTABLE
    for limit in [DATA_LIMIT if name.key in ("x_1", "x_2", "y") else PARAMETER_LIMIT]
}
LONGEST = 40  # characters of a bad value that a notice repeats
ONE_EXAMPLE, OWN_ROWS = "one", "rows"  # of the data, beside the ready sets


def limits(loss: str) -> dict[str, tuple[float, float]]:
    """How far each slider reaches, with this loss: it may ask for a target from a narrower range."""
    (low, high), (least, greatest) = LIMITS["y"], LOSSES[loss].targets
    return LIMITS | {"y": (max(low, least), min(high, greatest))}


@dataclass(frozen=True)
class Entry:
    """One key of the address: its default, how its text is read (ValueError if it makes no sense), and written."""

    default: Any
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str


def _number(text: str) -> float:
    try:
        return finite("it", float(text))
    except ValueError:
        raise ValueError("it is not a number") from None


def _within(key: str) -> Callable[[str], float]:
    low, high = LIMITS[key]

    def read(text: str) -> float:
        value = _number(text)
        if not low <= value <= high:
            raise ValueError(f"it is out of range, choose from {text_number(low)} to {text_number(high)}")
        return value

    return read


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError("it is not a whole number") from None


def _choice(possible: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in possible:
            raise ValueError(f"it is not known; choose one of: {', '.join(possible)}")
        return text

    return read


@cache
def entries() -> dict[str, Entry]:
    """Everything the address may say, by its key."""
    sliders = {name.key: Entry(name.default, _within(name.key), _short) for name in ADJUSTABLE}
    place = {
        "device": Entry("cpu", _choice(devices())),
        "precision": Entry("float64", _choice(precisions("cpu"))),
    }
    return sliders | place | KEPT


ON, OFF = "on", "off"
RANDOM = "random_"  # before the seed of a random draw
FUNCTIONS = ("activation", "output", "loss")
HELD_AT = ("start", "end")
MOST_COMPARED = 2


def _several(text: str) -> tuple[str, ...]:
    """Optimisers to compare with, such as "adam,rmsprop"."""
    chosen = tuple(text.split(","))
    for key in chosen:
        _choice(tuple(OPTIMIZERS))(key)
    if len(chosen) > MOST_COMPARED or len(set(chosen)) < len(chosen):
        raise ValueError(f"at most {MOST_COMPARED} different optimisers can be compared with the first")
    return chosen


def _preset(text: str) -> str:
    """The preset whose story is told: one of the table, or such as "random_7"."""
    if text.startswith(RANDOM):
        return f"{RANDOM}{check_seed(_whole(text.removeprefix(RANDOM)))}"
    return _choice((*PRESETS, f"{RANDOM}7"))(text)


def _axes(text: str) -> tuple[str, str, str]:
    """Two parameters, and where the other seven are held: "w1_12,w2_2,end"."""
    first, second, held, *more = (*text.split(","), "", "", "")
    keys = [name.key for name in PARAMETERS]
    if first not in keys or second not in keys or first == second or held not in HELD_AT or any(more):
        raise ValueError(
            f"it does not name two different parameters and where the others are held, such as w1_12,w2_2,{HELD_AT[1]}"
        )
    return first, second, held


def _pin(text: str) -> tuple[float | str, ...]:
    """A state set aside: the twelve values and the three functions, "0.1~0.2~…~relu~identity~half_squared_error"."""
    keys = [*(name.key for name in ADJUSTABLE), *FUNCTIONS]
    texts = text.split("~")
    if len(texts) != len(keys):
        raise ValueError(f"it has {len(texts)} parts, a pinned state has {len(keys)}")
    found = tuple(entries()[key].read(part) for key, part in zip(keys, texts, strict=True))
    architecture = Architecture(*found[len(ADJUSTABLE) :])  # functions that do not go together are refused
    check_target(architecture.loss, found[len(ADJUSTABLE) - 1])
    return found


def written_rows(rows: Iterable[Example]) -> str:
    """Rows for the address: x1~x2~y_x1~x2~y_…, of signs that no browser writes otherwise."""
    return "_".join("~".join(_short(value) for value in (*row.x, row.y)) for row in rows)


def _short(value: object) -> str:
    """All digits of a number, without an idle ".0"; a word as it is."""
    return str(value).removesuffix(".0")


def _rows(text: str) -> tuple[Example, ...]:
    return parse_rows(text.replace("~", ",").replace("_", "\n"))


KEPT: dict[str, Entry] = {
    "activation": Entry("relu", _choice(HIDDEN_ACTIVATIONS)),
    "output": Entry("identity", _choice(OUTPUT_ACTIVATIONS)),
    "loss": Entry("half_squared_error", _choice(tuple(LOSSES))),
    "parameter": Entry("w1_12", _choice(tuple(name.key for name in DIFFERENTIABLE))),
    "learning_rate": Entry(0.01, lambda text: check_learning_rate(_number(text))),
    "steps": Entry(100, lambda text: check_steps(_whole(text))),
    "optimizer": Entry("sgd", _choice(tuple(OPTIMIZERS))),
    "compare": Entry((), _several, ",".join),
    "zero_grad": Entry(True, lambda text: _choice((ON, OFF))(text) == ON, lambda cleared: ON if cleared else OFF),
    "data": Entry(ONE_EXAMPLE, _choice((ONE_EXAMPLE, *DATASETS, OWN_ROWS))),
    "rows": Entry((), _rows, written_rows),
    "batch": Entry(0, lambda text: 0 if text == "0" else check_batch_size(_whole(text), MOST_ROWS)),
    "seed": Entry(0, lambda text: check_seed(_whole(text))),
    "curves": Entry(WHICH_LOSS[0], _choice(WHICH_LOSS)),
    "preset": Entry("", _preset),
    "pin": Entry((), _pin, lambda state: "~".join(map(_short, state))),
    "axes": Entry(("w1_12", "w2_2", HELD_AT[1]), _axes, ",".join),
}


def read_address(page: str) -> None:
    """At the start of a run: take over what the address says, and keep a notice of what it got wrong.

    The address speaks on a first visit, where everything is checked, and when the browser goes back or forward.
    Otherwise the session stands, and the address is told: on its way to another page, and until it has heard what was
    written last, the browser says less than there is.
    """
    session, address = st.session_state, st.query_params
    first = "notices" not in session
    session.opening = page
    if first or _through_history():
        session.update({key: _understood(entry, address.get(key)) for key, entry in entries().items()})
    if first:
        session.notices = []
        refuse({key: address.get_all(key) for key in address})
    if why_not(session.output, session.loss):  # half of an older address
        session.loss = offered_losses(session.output)[0]
    if unfit_rows(session.loss, session.rows):
        session.data, session.rows = ONE_EXAMPLE, ()


def _through_history() -> bool:
    """The browser's back or forward button has brought this run about."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def write_address() -> None:
    """At the end of a run: put the state into the address, if it says anything else. Defaults stay out.

    What the browser said at the start of this run may be older than what it has been told since: both are compared.
    """
    session, address = st.session_state, st.query_params
    texts = as_texts(session)
    told = (session.opening, texts)
    if texts != address.to_dict() or told != session.get("told", told):
        address.from_dict(texts)
    session.told = told  # only now: a run cut short has told nothing


def as_texts(state: Mapping[Any, Any]) -> dict[str, str]:
    """A whole state as the address says it; defaults stay out."""
    return {key: entry.write(state[key]) for key, entry in entries().items() if state[key] != entry.default}


def refuse(address: Mapping[str, list[str]]) -> None:
    """Take what makes no sense out of the address, with a notice, and begin again without it."""
    found = complaints(address)
    if found:
        st.session_state.notices = list(found.values())
        st.session_state.update({key: entry.default for key, entry in entries().items() if key in found})
        for key in found:
            del st.query_params[key]
        st.rerun()


def complaints(address: Mapping[str, list[str]]) -> dict[str, str]:
    """For every entry of the address that was not understood, by key, one sentence."""
    known = entries()
    found: dict[str, str] = {}
    understood = {key: known[key].default for key in ("output", "loss", "y", "rows")}
    for key, texts in address.items():
        entry = known.get(key)
        if entry is None:
            found[key] = f"{code(key)} is not a name this address knows; it was left out."
            continue
        try:
            if len(texts) > 1:
                raise ValueError(f"it is given {len(texts)} times")
            understood[key] = entry.read(texts[0])
        except ValueError as error:
            found[key] = _refusal(key, texts[-1], str(error), entry)
    # What is right by itself may still not go together.
    if reason := why_not(understood["output"], understood["loss"]):
        found["loss"] = _refusal("loss", understood["loss"], reason.rstrip("."), known["loss"])
    elif reason := why_not_target(understood["loss"], understood["y"]):
        found["y"] = _refusal("y", address["y"][-1], reason.rstrip("."), known["y"])
    elif reason := unfit_rows(understood["loss"], understood["rows"]):
        found["rows"] = _refusal("rows", address["rows"][-1], reason.rstrip("."), known["rows"])
    return found


def unfit_rows(loss: str, rows: Iterable[Example]) -> str:
    """Why this loss cannot learn from these rows, in a sentence; empty where it can."""
    reasons = ((number, why_not_target(loss, row.y)) for number, row in enumerate(rows, start=1))
    return next((f"in row {number}, {reason}" for number, reason in reasons if reason), "")


def _refusal(key: str, text: str, reason: str, entry: Entry) -> str:
    default = entry.write(entry.default)
    instead = f"The default, {code(default)}, is used instead." if default else "It was left out."
    return f"{code(f'{key}={text}')}: {harmless(reason)}. {instead}"


def harmless(reason: str) -> str:
    """A sentence that repeats somebody's words between “ and ”: there they stand as inline code."""
    return re.sub("“([^”]*)”", lambda found: code(found[1]), reason)


def code(text: str) -> str:
    """Somebody's words as inline code: cut to length, on one line, with nothing that Markdown could act on."""
    plain = "".join(character if character.isprintable() and character != "`" else "·" for character in text)
    return f"`{plain[:LONGEST] or ' '}{'…' if len(plain) > LONGEST else ''}`"


def _understood(entry: Entry, text: str | None) -> Any:
    """The entry's value; its default where the text is missing or makes no sense."""
    try:
        return entry.default if text is None else entry.read(text)
    except ValueError:
        return entry.default
