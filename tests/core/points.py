"""Where the tests stand: the notebook's point, random points, and every architecture the tables allow."""

import math
import random
from itertools import accumulate, cycle, islice, product
from operator import mul

from core import ACTIVATIONS, ADJUSTABLE, LOSSES, Architecture, Example, Parameters
from core.chain_rule import Derivation, WorkedRoute, local_slopes, routes
from core.equations import solve_forward
from core.parameters import from_values, to_values

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


def a_few() -> list[Architecture]:
    """One network for each hidden activation, and every output with every loss among them.

    Enough for what hangs on one row of a table, and not on which rows meet.
    """
    hidden = dict.fromkeys(each.activation for each in architectures())
    ends = dict.fromkeys((each.output, each.loss) for each in architectures())
    pairs = zip(cycle(hidden), cycle(ends), strict=True)
    return [Architecture(f, *end) for f, end in islice(pairs, max(len(hidden), len(ends)))]


def share(tries: int) -> int:
    """The part of `tries` that one architecture gets, so that a new row does not make the tests slow."""
    return max(4, tries // len(architectures()))


def architecture_id(architecture: Architecture) -> str:
    return f"{architecture.activation}-{architecture.output}-{architecture.loss}"


def derive(
    parameters: Parameters, example: Example, key: str, *, architecture: Architecture = Architecture()
) -> Derivation[float]:
    """What core.derive_all sums up, factor by factor; of numbers that are finite, and to be held against it."""
    known = solve_forward(architecture, to_values(parameters, example))
    slopes, worked = local_slopes(architecture, known), []
    for route in routes(architecture, key):
        values = tuple(slopes[factor.above, factor.below] for factor in route)
        worked.append(WorkedRoute(route, values, tuple(accumulate(values, mul))))
    return Derivation(key, tuple(worked), sum(route.product for route in worked), known)


def sentence_of(call) -> str:
    """What the ValueError that `call` raises says."""
    try:
        call()
    except ValueError as error:
        return str(error)
    raise AssertionError("no ValueError was raised")


def hard_points(architecture: Architecture, count: int, seed: int) -> dict[str, list[Point]]:
    """`count` points for this network, by what makes them hard: nothing, a kink, saturation, inputs of zero.

    On a kink every number is a multiple of ¼, so that a bias can cancel x W1 without rounding. Saturated: the
    pre-activations of layer 1, of the output, or of both lie at ±40.
    """
    dice, each = random.Random(seed), count // 8

    def quarters(count: int) -> list[float]:
        return [dice.choice([k / 4 for k in range(-12, 13) if k]) for _ in range(count)]

    found: dict[str, list[Point]] = {"kink": [], "saturated": [], "zero": []}
    for index in range(each):
        w11, w12, w21, w22, x1, x2, *rest = quarters(10)
        on_kink = [-(x1 * w11 + x2 * w21), -(x1 * w12 + x2 * w22) + index % 2]
        found["kink"].append((Parameters([[w11, w12], [w21, w22]], on_kink, [[rest[0]], [rest[1]]], rest[2:3]),
                              Example([x1, x2], rest[3])))  # fmt: skip
        parameters, example = random_points(1, dice.random().__hash__())[0]
        far = [dice.choice([-40.0, 40.0]) for _ in range(3)]
        b1, b2 = (far[:2] if index % 3 != 1 else parameters.b1), (far[2:] if index % 3 else parameters.b2)
        found["saturated"].append((Parameters(parameters.W1, b1, parameters.W2, b2), example))
        found["zero"].append((parameters, Example([0, 0] if index % 2 else [0, example.x[1]], example.y)))
    found = {kind: [suited(point, architecture) for point in points] for kind, points in found.items()}
    return {"random": random_points(count - 3 * each, seed, architecture=architecture), **found}
