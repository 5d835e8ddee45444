"""What a person can choose: the parameters, one example, and the kind of network; and what answers in their shape.

Frozen, plain floats, hashable: what autograd, SymPy and the screen all understand.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, Self

from core.functions import HIDDEN_ACTIVATIONS, LOSSES, OUTPUT_ACTIVATIONS, why_not
from core.names import ADJUSTABLE, DIFFERENTIABLE, INPUTS, PARAMETERS, TARGET, differentiable, one_of, shorten

Vector = tuple[float, ...]
Matrix = tuple[Vector, ...]


def finite(what: str, value: object) -> float:
    """`value` as a float; ValueError if it is not a finite real number."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ValueError(f"{what} must be a number, not {shorten(value)}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"{what} must be a finite number, not {shorten(value)}")
    return number


def _vector(what: str, value: object, size: int) -> Vector:
    if not isinstance(value, list | tuple) or len(value) != size:
        raise ValueError(f"{what} must be a list of {size} number{'s' * (size > 1)}, not {shorten(value)}")
    return tuple(finite(f"{what}[{i}]", entry) for i, entry in enumerate(value))


def _matrix(what: str, value: object, rows: int, columns: int) -> Matrix:
    if not isinstance(value, list | tuple) or len(value) != rows:
        raise ValueError(f"{what} must be {rows} rows of {columns} number{'s' * (columns > 1)}, not {shorten(value)}")
    return tuple(_vector(f"{what}[{i}]", row, columns) for i, row in enumerate(value))


@dataclass(frozen=True, slots=True)
class Parameters:
    """θ: the nine numbers that gradient descent may change.

    Shapes: W1 (2, 2), b1 (2,), W2 (2, 1), b2 (1,). Nested lists or tuples go in, tuples of floats are kept.
    A wrong shape, text, a NaN or an infinity raises ValueError.
    """

    W1: Matrix
    b1: Vector
    W2: Matrix
    b2: Vector

    def __init__(self, W1: Sequence[Any], b1: Sequence[Any], W2: Sequence[Any], b2: Sequence[Any]) -> None:
        object.__setattr__(self, "W1", _matrix("W1", W1, 2, 2))
        object.__setattr__(self, "b1", _vector("b1", b1, 2))
        object.__setattr__(self, "W2", _matrix("W2", W2, 2, 1))
        object.__setattr__(self, "b2", _vector("b2", b2, 1))

    @classmethod
    def default(cls) -> Self:
        """The notebook's nine numbers."""
        return cls.from_vector([name.default for name in PARAMETERS])

    @classmethod
    def from_vector(cls, vector: Sequence[Any]) -> Self:
        """The nine numbers in the order of core.names.PARAMETERS."""
        return cls(*shaped(vector))

    @property
    def vector(self) -> Vector:
        """The nine numbers in the order of core.names.PARAMETERS."""
        return (*self.W1[0], *self.W1[1], *self.b1, self.W2[0][0], self.W2[1][0], *self.b2)


def shaped(vector: Sequence[Any]) -> tuple[Matrix, Vector, Matrix, Vector]:
    """Nine numbers in the order of core.names.PARAMETERS → W1 (2, 2), b1 (2,), W2 (2, 1), b2 (1,)."""
    w11, w12, w21, w22, b1_1, b1_2, w2_1, w2_2, b2 = vector
    return ((w11, w12), (w21, w22)), (b1_1, b1_2), ((w2_1,), (w2_2,)), (b2,)


@dataclass(frozen=True, slots=True)
class Gradients:
    """How the loss answers a nudge, in each parameter and each input.

    W1 (2, 2), b1 (2,), W2 (2, 1), b2 (1,) are shaped as Parameters, x (2,) as the example's input. Entries may
    be infinite where the loss is: a gradient is shown as it is.
    """

    W1: Matrix
    b1: Vector
    W2: Matrix
    b2: Vector
    x: Vector

    @property
    def vector(self) -> Vector:
        """The eleven numbers in the order of core.names.DIFFERENTIABLE."""
        return (*self.W1[0], *self.W1[1], *self.b1, self.W2[0][0], self.W2[1][0], *self.b2, *self.x)

    @property
    def by_key(self) -> dict[str, float]:
        """∂L/∂key of every parameter and input."""
        return {name.key: value for name, value in zip(DIFFERENTIABLE, self.vector, strict=True)}

    def __getitem__(self, key: str) -> float:
        """∂L/∂key. Raises ValueError for an unknown key."""
        return self.by_key[differentiable(key)]


def gradients_from_vector(vector: Sequence[float]) -> Gradients:
    """Eleven numbers in the order of core.names.DIFFERENTIABLE, given their shapes."""
    return Gradients(*shaped(vector[:9]), (vector[9], vector[10]))


@dataclass(frozen=True, slots=True)
class Example:
    """One training example: the input x (2,) and the target y."""

    x: Vector
    y: float

    def __init__(self, x: Sequence[Any], y: Any) -> None:
        object.__setattr__(self, "x", _vector("x", x, 2))
        object.__setattr__(self, "y", finite("y", y))

    @classmethod
    def default(cls) -> Self:
        """The notebook's inputs and target."""
        return cls([name.default for name in INPUTS], TARGET.default)


@dataclass(frozen=True, slots=True)
class Architecture:
    """Which functions the network is made of: f for the hidden units, g for the output, and the loss.

    Raises ValueError for an unknown name, and for a loss that makes no sense with the output.
    """

    activation: str = "relu"
    output: str = "identity"
    loss: str = "half_squared_error"

    def __post_init__(self) -> None:
        one_of("activation", self.activation, HIDDEN_ACTIVATIONS)
        one_of("output", self.output, OUTPUT_ACTIVATIONS)
        one_of("loss", self.loss, list(LOSSES))
        if reason := why_not(self.output, self.loss):
            raise ValueError(f"loss {self.loss!r} does not go with output {self.output!r}: {reason}")


def from_values(values: Mapping[str, float]) -> tuple[Parameters, Example]:
    """Parameters and example from the twelve slider values, by key; a missing key takes the notebook's value."""
    merged = {name.key: values.get(name.key, name.default) for name in ADJUSTABLE}
    theta = [finite(name.code, merged[name.key]) for name in PARAMETERS]
    return Parameters.from_vector(theta), Example([merged["x_1"], merged["x_2"]], merged["y"])


def to_values(parameters: Parameters, example: Example) -> dict[str, float]:
    """The twelve slider values, by key: the inverse of from_values."""
    vector = (*parameters.vector, *example.x, example.y)
    return {name.key: value for name, value in zip(ADJUSTABLE, vector, strict=True)}
