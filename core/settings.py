"""The whole state of the dashboard as one frozen value: everything an address can say, by its key there."""

from dataclasses import dataclass
from typing import Any, TypedDict

from core.datasets import DATASETS, Rows
from core.descent import WHICH_LOSS
from core.names import ADJUSTABLE
from core.parameters import Architecture, Example, Parameters

ONE_EXAMPLE, OWN_ROWS = "one", "rows"  # of the data, beside the ready sets
HELD_AT = ("start", "end")
MOST_COMPARED = 2
PINNED = (*(name.key for name in ADJUSTABLE), "activation", "output", "loss")  # what is set aside


class Place(TypedDict):
    """Where core computes, as its keyword arguments."""

    device: str
    precision: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What a person has chosen; a field is a key of the address."""

    w1_11: float = 0.1
    w1_12: float = 0.2
    w1_21: float = 0.3
    w1_22: float = 0.4
    b1_1: float = 0.1
    b1_2: float = 0.2
    w2_1: float = 0.5
    w2_2: float = 0.6
    b2: float = 0.3
    x_1: float = 1.0
    x_2: float = 2.0
    y: float = 0.7
    device: str = "cpu"
    precision: str = "float64"
    activation: str = "relu"
    output: str = "identity"
    loss: str = "half_squared_error"
    parameter: str = "w1_12"
    learning_rate: float = 0.01
    steps: int = 100
    optimizer: str = "sgd"
    compare: tuple[str, ...] = ()
    zero_grad: bool = True
    data: str = ONE_EXAMPLE
    rows: Rows = ()
    batch: int = 0
    seed: int = 0
    curves: str = WHICH_LOSS[0]
    preset: str = ""
    pin: tuple[float | str, ...] = ()
    axes: tuple[str, str, str] = ("w1_12", "w2_2", HELD_AT[1])

    @property
    def parameters(self) -> Parameters:
        return Parameters(
            [[self.w1_11, self.w1_12], [self.w1_21, self.w1_22]],
            [self.b1_1, self.b1_2],
            [[self.w2_1], [self.w2_2]],
            [self.b2],
        )

    @property
    def example(self) -> Example:
        return Example([self.x_1, self.x_2], self.y)

    @property
    def architecture(self) -> Architecture:
        return Architecture(self.activation, self.output, self.loss)

    @property
    def place(self) -> Place:
        return {"device": self.device, "precision": self.precision}

    @property
    def values(self) -> dict[str, float]:
        """The twelve numbers of the sliders, by key."""
        return {name.key: getattr(self, name.key) for name in ADJUSTABLE}

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
        return Settings(**dict(zip(PINNED, self.pin, strict=True))) if self.pin else None  # type: ignore[arg-type]
