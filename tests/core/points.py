"""Where the tests stand: the notebook's point, random points, and every architecture the tables allow."""

import math
import random
from itertools import product

from core import ACTIVATIONS, ADJUSTABLE, LOSSES, Architecture, Example, Parameters
from core.parameters import from_values

Point = tuple[Parameters, Example]

NOTEBOOK: Point = (
    Parameters(W1=[[0.1, 0.2], [0.3, 0.4]], b1=[0.1, 0.2], W2=[[0.5], [0.6]], b2=[0.3]),
    Example(x=[1.0, 2.0], y=0.7),
)


def random_points(count: int, seed: int, span: float = 3.0, architecture: Architecture = Architecture()) -> list[Point]:
    """`count` points with all twelve values uniform in −span … span; the same ones for the same seed.

    Where the loss asks for a target from a narrower range, y is uniform in that range.
    """
    dice = random.Random(seed)
    points = [from_values({name.key: dice.uniform(-span, span) for name in ADJUSTABLE}) for _ in range(count)]
    return [suited(point, architecture, span) for point in points]


def suited(point: Point, architecture: Architecture, span: float = 3.0) -> Point:
    """The point, with its target carried from −span … span into the range that the loss asks for."""
    parameters, example = point
    low, high = LOSSES[architecture.loss].targets
    if math.isinf(low):
        return point
    return parameters, Example(example.x, low + (high - low) * (example.y + span) / (2 * span))


def architectures() -> list[Architecture]:
    """Every network that can be chosen, the default one first: a new row of a table is tested without being named."""
    possible = []
    for activation, output, loss in product(ACTIVATIONS, ACTIVATIONS, LOSSES):
        try:
            possible.append(Architecture(activation, output, loss))
        except ValueError:  # not offered in that place
            continue
    return sorted(possible, key=lambda architecture: architecture != Architecture())


def share(tries: int) -> int:
    """The part of `tries` that one architecture gets, so that a new row does not make the tests slow."""
    return max(4, tries // len(architectures()))


def architecture_id(architecture: Architecture) -> str:
    return f"{architecture.activation}-{architecture.output}-{architecture.loss}"


def sentence_of(call) -> str:
    """What the ValueError that `call` raises says."""
    try:
        call()
    except ValueError as error:
        return str(error)
    raise AssertionError("no ValueError was raised")
