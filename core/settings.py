"""The whole state of the dashboard as one frozen value: everything an address can say, each entry declared once.

Address, state file, presets, undo, pin, export and descend() all read the table that the fields of Settings make.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self, TypedDict, TypeVar

from core.batches import MOST_ROWS, check_batch_size, check_seed
from core.datasets import DATASETS, MOST_VALUE, Rows, parse_rows
from core.descent import WHICH_LOSS, check_learning_rate, check_steps
from core.device import PRECISIONS, devices
from core.functions import HIDDEN_ACTIVATIONS, LOSSES, OUTPUT_ACTIVATIONS, check_target, why_not, why_not_target
from core.names import ADJUSTABLE, DIFFERENTIABLE, NAMES, PARAMETERS, Refused, one_of
from core.optimizers import OPTIMIZERS
from core.parameters import Architecture, Example, Parameters, finite, to_values

PARAMETER_LIMIT, DATA_LIMIT = 3.0, 5.0  # sliders reach from minus to plus this
LIMITS: dict[str, tuple[float, float]] = {
    name.key: (-limit, limit)
    for name in ADJUSTABLE
    for limit in [PARAMETER_LIMIT if name in PARAMETERS else DATA_LIMIT]
}
STEP = 0.01  # of a slider, and of a number under a hand
ONE_EXAMPLE, OWN_ROWS = "one", "rows"  # of the data, beside the ready sets
HELD_AT = ("start", "end")
MOST_COMPARED = 2
RANDOM = "random_"  # before the seed of a random draw
DEVICE = re.compile(r"cpu|mps|(?:cuda|xpu)(?::[0-9]{1,3})?")
PINNED = (*(name.key for name in ADJUSTABLE), "activation", "output", "loss")  # what is set aside

T = TypeVar("T")
Check = Callable[[Any], Any]


def limits(loss: str) -> dict[str, tuple[float, float]]:
    """How far each slider reaches, with this loss: it may ask for a target from a narrower range."""
    (low, high), (least, greatest) = LIMITS["y"], LOSSES[loss].targets
    return LIMITS | {"y": (max(low, least), min(high, greatest))}


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of the address.

    check   a value as JSON has it → the value itself. Raises ValueError: a sentence, and what to do where it is Refused
    parse   the text of an address → that value as JSON has it
    write   the value → its text
    """

    default: Any
    check: Check
    parse: Callable[[str], Any]
    write: Callable[[Any], str]
    in_file: bool

    def read(self, text: str) -> Any:
        """The value that the text of an address stands for. Raises ValueError with what is wrong about it."""
        return self.check(self.parse(text))


def entry(
    default: Any,
    check: Check,
    *,
    parse: Callable[[str], Any] = str,
    write: Callable[[Any], str] = str,
    in_file: bool = True,
) -> Any:
    """A field of Settings."""
    return field(default=default, metadata={"entry": Entry(default, check, parse, write, in_file)})


# ── how values are checked, and how an address writes them ──────────────────────────────────────────────────────


def _number(value: object) -> float:
    try:
        return finite("it", value)
    except ValueError:
        raise Refused("it is not a number", "write a finite number, such as 0.5") from None


def _as(kind: Callable[[str], Any], what: str) -> Callable[[str], Any]:
    def parse(text: str) -> Any:
        try:
            return kind(text)
        except ValueError:
            raise ValueError(f"it is not {what}") from None

    return parse


_decimal, _integer = _as(float, "a number"), _as(int, "a whole number")


def _short(value: object) -> str:
    """All digits of a number, without an idle ".0"; a word as it is."""
    return str(value).removesuffix(".0")


def _tildes(values: Iterable[object]) -> str:
    return "~".join(map(_short, values))


def _commas(text: str) -> list[str]:
    return text.split(",")


def slider(key: str) -> Any:
    """The field of one of the twelve numbers, within reach of its slider."""
    low, high = LIMITS[key]
    reach = f"from {low:g} to {high:g}".replace("-", "−")

    def check(value: object) -> float:
        number = _number(value)
        if not low <= number <= high:
            raise Refused(f"it is out of range, choose {reach}", f"choose a number {reach}")
        return number

    return entry(NAMES[key].default, check, parse=_decimal, write=_short)


def _choice(possible: Iterable[str]) -> Callable[[object], str]:
    offered = tuple(possible)

    def check(value: object) -> str:
        try:
            return one_of("it", value, offered)
        except Refused as error:
            raise Refused(f"it is not known; choose one of: {', '.join(offered)}", error.remedy) from None

    return check


def _device(value: object) -> str:
    """Its form alone: a file may come from another machine."""
    if not isinstance(value, str) or not DEVICE.fullmatch(value):
        raise Refused("it is no device", "a device is called cpu, mps, or such as cuda:0")
    return value


def _device_here(text: str) -> str:
    return _choice(devices())(text)


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise Refused("it is no switch", "choose true or false")
    return value


def _on(text: str) -> bool:
    return _choice(("on", "off"))(text) == "on"


def _compared(value: object) -> tuple[str, ...]:
    """Optimisers to compare with, such as ["adam", "rmsprop"]."""
    wanted = f"list at most {MOST_COMPARED} different ones of: {', '.join(OPTIMIZERS)}"
    if not isinstance(value, list) or not all(isinstance(key, str) and key in OPTIMIZERS for key in value):
        raise Refused(f"it is not known; choose one of: {', '.join(OPTIMIZERS)}", wanted)
    if len(value) > MOST_COMPARED or len(set(value)) < len(value):
        raise Refused(f"at most {MOST_COMPARED} different optimisers can be compared with the first", wanted)
    return tuple(value)


def _axes(value: object) -> tuple[str, str, str]:
    """Two parameters, and where the other seven are held: ["w1_12", "w2_2", "end"]."""
    keys = [name.key for name in PARAMETERS]
    match value:
        case [str(first), str(second), str(held)] if first in keys and second in keys and held in HELD_AT:
            if first != second:
                return first, second, held
    raise Refused(
        "it does not name two different parameters and where the others are held, such as w1_12,w2_2,end",
        'name two different parameters and "start" or "end", such as ["w1_12", "w2_2", "end"]',
    )


def _rows(value: object) -> Rows:
    """Rows [x1, x2, y]; none is possible too."""
    wanted = f"list at most {MOST_ROWS} rows of three numbers from −{MOST_VALUE:g} to {MOST_VALUE:g}, [x1, x2, y]"
    if not isinstance(value, list) or len(value) > MOST_ROWS:
        raise Refused("it is no list of rows", wanted)
    return tuple(_row(row, wanted) for row in value)


def _row(value: object, wanted: str) -> Example:
    match value:
        case [_, _, _]:
            x1, x2, y = map(_number, value)
            if max(abs(x1), abs(x2), abs(y)) <= MOST_VALUE:
                return Example((x1, x2), y)
    raise Refused("it is no row", wanted)


def _rows_in(text: str) -> list[list[float]]:
    return [[*row.x, row.y] for row in parse_rows(text.replace("~", ",").replace("_", "\n"))]


def _written_rows(rows: Iterable[Example]) -> str:
    """x1~x2~y_x1~x2~y_…, of signs that no browser writes otherwise."""
    return "_".join(_tildes((*row.x, row.y)) for row in rows)


def _batch(value: object) -> int:
    """How many rows a step draws; 0 stands for all."""
    return 0 if value == 0 and not isinstance(value, bool | float) else check_batch_size(value or -1, MOST_ROWS)


def _preset(value: object) -> str:
    """The preset whose story is told: one of the table, or such as "random_7"."""
    from core.presets import PRESETS  # each of them is made of Settings  # noqa: PLC0415

    if isinstance(value, str) and value.startswith(RANDOM):
        return f"{RANDOM}{check_seed(_integer(value.removeprefix(RANDOM)))}"
    return _choice((*PRESETS, f"{RANDOM}7"))(value)


def _pin(text: str) -> tuple[float | str, ...]:
    """A state set aside: the twelve values and the three functions, "0.1~0.2~…~relu~identity~half_squared_error"."""
    texts = text.split("~")
    if len(texts) != len(PINNED):
        raise ValueError(f"it has {len(texts)} parts, a pinned state has {len(PINNED)}")
    return tuple(ENTRIES[key].read(part) for key, part in zip(PINNED, texts, strict=True))


def _pinned(values: tuple[Any, ...]) -> tuple[float | str, ...]:
    """What does not go together is refused."""
    apart = _apart(values)
    check_target(apart.architecture.loss, apart.y)
    return values


def _apart(values: tuple[Any, ...]) -> "Settings":
    return Settings(**dict(zip(PINNED, values, strict=True)))


# ── the table ───────────────────────────────────────────────────────────────────────────────────────────────────


class Place(TypedDict):
    """Where core computes, as its keyword arguments."""

    device: str
    precision: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What a person has chosen. Made of values that were checked: whatever comes from outside goes through ENTRIES."""

    w1_11: float = slider("w1_11")
    w1_12: float = slider("w1_12")
    w1_21: float = slider("w1_21")
    w1_22: float = slider("w1_22")
    b1_1: float = slider("b1_1")
    b1_2: float = slider("b1_2")
    w2_1: float = slider("w2_1")
    w2_2: float = slider("w2_2")
    b2: float = slider("b2")
    x_1: float = slider("x_1")
    x_2: float = slider("x_2")
    y: float = slider("y")
    device: str = entry("cpu", _device, parse=_device_here)
    precision: str = entry("float64", _choice(PRECISIONS))
    activation: str = entry("relu", _choice(HIDDEN_ACTIVATIONS))
    output: str = entry("identity", _choice(OUTPUT_ACTIVATIONS))
    loss: str = entry("half_squared_error", _choice(LOSSES))
    parameter: str = entry("w1_12", _choice(name.key for name in DIFFERENTIABLE))
    learning_rate: float = entry(0.01, lambda value: check_learning_rate(_number(value)), parse=_decimal)
    steps: int = entry(100, check_steps, parse=_integer)
    optimizer: str = entry("sgd", _choice(OPTIMIZERS))
    compare: tuple[str, ...] = entry((), _compared, parse=_commas, write=",".join)
    zero_grad: bool = entry(True, _switch, parse=_on, write=lambda cleared: "on" if cleared else "off")
    data: str = entry(ONE_EXAMPLE, _choice((ONE_EXAMPLE, *DATASETS, OWN_ROWS)))
    rows: tuple[Example, ...] = entry((), _rows, parse=_rows_in, write=_written_rows)
    batch: int = entry(0, _batch, parse=_integer)
    seed: int = entry(0, check_seed, parse=_integer)
    curves: str = entry(WHICH_LOSS[0], _choice(WHICH_LOSS))
    preset: str = entry("", _preset, in_file=False)
    pin: tuple[float | str, ...] = entry((), _pinned, parse=_pin, write=_tildes, in_file=False)
    axes: tuple[str, str, str] = entry(("w1_12", "w2_2", "end"), _axes, parse=_commas, write=",".join)

    @classmethod
    def at(
        cls, parameters: Parameters, example: Example, architecture: Architecture = Architecture(), **others: Any
    ) -> Self:
        """These numbers, this network, and whatever else by its key."""
        numbers: dict[str, Any] = {**to_values(parameters, example)}
        functions = {key: getattr(architecture, key) for key in ("activation", "output", "loss")}
        return cls(**numbers | functions | others)

    @property
    def parameters(self) -> Parameters:
        """θ, as core's functions take it."""
        return Parameters.from_vector([getattr(self, name.key) for name in PARAMETERS])

    @property
    def example(self) -> Example:
        """x and y of the sliders."""
        return Example([self.x_1, self.x_2], self.y)

    @property
    def architecture(self) -> Architecture:
        """Which functions the network is made of. Raises ValueError where they do not go together."""
        return Architecture(self.activation, self.output, self.loss)

    @property
    def place(self) -> Place:
        """Device and precision, as keyword arguments."""
        return {"device": self.device, "precision": self.precision}

    @property
    def values(self) -> dict[str, float]:
        """The twelve numbers of the sliders, by key."""
        return {name.key: getattr(self, name.key) for name in ADJUSTABLE}

    @property
    def entries(self) -> dict[str, Any]:
        """Everything, by key."""
        return {key: getattr(self, key) for key in ENTRIES}

    @property
    def address(self) -> dict[str, str]:
        """Everything as the address says it; defaults stay out."""
        return {key: ENTRIES[key].write(value) for key, value in self.entries.items() if value != ENTRIES[key].default}

    @property
    def chosen_rows(self) -> Rows | None:
        """The rows to learn from; None for the sliders' one example."""
        if self.data in DATASETS:
            return DATASETS[self.data].rows
        return self.rows or None if self.data == OWN_ROWS else None

    @property
    def batch_size(self) -> int | None:
        """How many rows a step draws; None: all."""
        rows = self.chosen_rows
        return self.batch if rows and 0 < self.batch < len(rows) else None

    @property
    def descent_arguments(self) -> dict[str, Any]:
        """The keyword arguments of core.descend."""
        return {
            "learning_rate": self.learning_rate,
            "steps": self.steps,
            "optimizer": self.optimizer,
            "clear_gradients": self.zero_grad,
            "rows": self.chosen_rows,
            "batch_size": self.batch_size,
            "seed": self.seed,
            "architecture": self.architecture,
            **self.place,
        }

    @property
    def pinned(self) -> "Settings | None":
        """The state set aside: its numbers and functions, all else as it is at first; None where there is none."""
        return _apart(self.pin) if self.pin else None

    def changed_since(self, earlier: "Settings") -> set[str]:
        """The keys of what differs."""
        return {key for key in ENTRIES if getattr(self, key) != getattr(earlier, key)}

    @property
    def misfit(self) -> tuple[str, str] | None:
        """What is right by itself may still not go together: the key of what has to give way, and the reason."""
        for key, reason in (
            ("loss", why_not(self.output, self.loss)),
            ("y", why_not_target(self.loss, self.y)),
            ("rows", unfit_rows(self.loss, self.rows)),
        ):
            if reason:
                return key, reason.rstrip(".")
        return None


ENTRIES: dict[str, Entry] = {each.name: each.metadata["entry"] for each in fields(Settings)}


def unfit_rows(loss: str, rows: Iterable[Example]) -> str:
    """Why this loss cannot learn from these rows, in a sentence; empty where it can."""
    reasons = ((number, why_not_target(loss, row.y)) for number, row in enumerate(rows, start=1))
    return next((f"in row {number}, {reason}" for number, reason in reasons if reason), "")


def gather(given: Mapping[str, T], take: Callable[[Entry, T], Any]) -> tuple[Settings, dict[str, ValueError]]:
    """Settings from what is given by key, as far as `take` can make a value of it; of the others, what was wrong."""
    values: dict[str, Any] = {}
    refused: dict[str, ValueError] = {}
    for key, one in given.items():
        try:
            values[key] = take(ENTRIES[key], one)
        except ValueError as error:
            refused[key] = error
    return Settings(**values), refused


def read_address(address: Mapping[str, Sequence[str]]) -> tuple[Settings, dict[str, str]]:
    """What an address says (each key with all its texts), and the reason for each entry that makes no sense.

    In place of such an entry the default stands; keys that are none of ours are left out.
    """

    def take(entry: Entry, texts: Sequence[str]) -> Any:
        if len(texts) > 1:
            raise ValueError(f"it is given {len(texts)} times")
        return entry.read(texts[0])

    settings, refused = gather({key: texts for key, texts in address.items() if key in ENTRIES}, take)
    reasons = {key: str(error) for key, error in refused.items()}
    if settings.misfit:
        key, reasons[key] = settings.misfit
        settings = replace(settings, **{key: ENTRIES[key].default})
    return settings, reasons
