"""Slips worth making once: the wrong number that each of the usual mistakes brings out, beside the right one.

The first is the notebook's own: it multiplies by ReLU(z) where the chain rule asks for ReLU′(z).
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from core.chain_rule import Factor, local_slopes
from core.corners import in_floats
from core.descent import check_learning_rate
from core.equations import KEYS, activation_of
from core.exact import exact_derive
from core.functions import LOSSES
from core.names import NAMES
from core.parameters import Architecture, Example, Parameters
from core.typeset import partial

SAME = 1e-9  # two results closer than this, as a part of themselves, are one


class Wrong(NamedTuple):
    """What stands in the place of a route's factor number `place` (from 0): in LaTeX, and its number."""

    place: int
    written: str
    value: float


class SlippedRoute(NamedTuple):
    """A route as it is written down: which one of the derivation's (from 0), what is wrong in it, what it comes to."""

    route: int
    wrong: tuple[Wrong, ...]
    product: float


@dataclass(frozen=True, slots=True)
class Slip:
    """A mistake, and what it makes of ∂L/∂key.

    key      "sign", "factor_two", "gate_twice", "value_for_slope", "slope_forgotten", "updated_weight",
             "partner_forgotten", "transposed" or "one_route"; a kind may be made in several places
    name     in words; no two slips of one gradient have the same
    routes   every route that is written down; one that is left out is the mistake
    result   their sum
    """

    key: str
    name: str
    sentence: str
    routes: tuple[SlippedRoute, ...]
    result: float


class _Mistake(NamedTuple):
    """What somebody writes for one factor."""

    key: str
    name: str
    sentence: str
    written: str
    value: float


class _Walk(NamedTuple):
    """A route, with the floats nearest to its numbers on paper."""

    factors: tuple[Factor, ...]
    values: tuple[float, ...]


class _Scene(NamedTuple):
    architecture: Architecture
    key: str
    walks: tuple[_Walk, ...]
    known: Mapping[str, float]
    updated: Mapping[str, float]  # W2 after its step


def slips(
    parameters: Parameters,
    example: Example,
    key: str,
    *,
    architecture: Architecture = Architecture(),
    learning_rate: float = 0.01,
) -> tuple[Slip, ...]:
    """Every slip that changes ∂L/∂key here, in the order of the route. Raises ValueError as derive() does.

    The right numbers are those on paper (core/exact.py), so beside a kink they are on paper's side of it.
    `learning_rate` is the η of the step after which W2 would wrongly be taken.
    """
    rate = check_learning_rate(learning_rate)
    worked = exact_derive(parameters, example, key, architecture=architecture)
    walks = tuple(_Walk(route.factors, tuple(map(in_floats, route.values))) for route in worked.routes)
    known = {name: in_floats(value) for name, value in worked.known.items()}
    to_z2 = math.prod(_up_to_z2(walks[0]))
    updated = {f"w2_{unit}": known[f"w2_{unit}"] - rate * to_z2 * known[f"h_{unit}"] for unit in "12"}
    scene = _Scene(architecture, key, walks, known, updated)
    right = in_floats(worked.value)
    return tuple(slip for slip in _all(scene) if _shows(slip.result, right))


def _up_to_z2(walk: _Walk) -> Iterator[float]:
    """The factors of ∂L/∂z2, with which every route begins."""
    for factor, value in zip(walk.factors, walk.values, strict=True):
        yield value
        if factor.below == "z2":
            return


def _all(scene: _Scene) -> Iterator[Slip]:
    for index in range(len(scene.walks[0].factors)):
        for mistake in _MISTAKES:
            if slip := _everywhere(mistake, index, scene):
                yield slip
    if slip := _transposed(scene):
        yield slip
    yield from _routes_forgotten(scene)


def _everywhere(mistake: Callable[[Factor, float, _Scene], _Mistake | None], index: int, scene: _Scene) -> Slip | None:
    """The mistake at this factor of every route; None if it cannot be made there."""
    made = [mistake(walk.factors[index], walk.values[index], scene) for walk in scene.walks]
    slipped = [one for one in made if one]
    if len(slipped) < len(made):
        return None
    first = slipped[0]
    return _slip(first.key, first.name, first.sentence, scene, [[Wrong(index, *one[3:])] for one in slipped])


def _slip(key: str, name: str, sentence: str, scene: _Scene, wrong: list[list[Wrong]]) -> Slip:
    """All routes with what is wrong in each put in its place."""
    routes = tuple(
        SlippedRoute(index, tuple(those), math.prod(_put_in(walk, those)))
        for index, (walk, those) in enumerate(zip(scene.walks, wrong, strict=True))
    )
    return Slip(key, name, sentence, routes, sum(route.product for route in routes))


def _put_in(walk: _Walk, wrong: list[Wrong]) -> list[float]:
    instead = {one.place: one.value for one in wrong}
    return [instead.get(index, value) for index, value in enumerate(walk.values)]


def _shows(result: float, right: float) -> bool:
    return math.isfinite(result) and math.isfinite(right) and not math.isclose(result, right, rel_tol=SAME)


# ── mistakes of a whole route ───────────────────────────────────────────────────────────────────────────────────


def _routes_forgotten(scene: _Scene) -> Iterator[Slip]:
    """Where two routes reach the symbol, one of them left out."""
    for index in range(len(scene.walks) if len(scene.walks) > 1 else 0):
        kept = [
            SlippedRoute(other, (), math.prod(walk.values)) for other, walk in enumerate(scene.walks) if other != index
        ]
        yield Slip(
            "one_route",
            f"the route through hidden unit {index + 1} forgotten",
            f"${NAMES[scene.key].latex}$ reaches the loss through both hidden units, and both routes add up; here "
            "only one of them is counted.",
            tuple(kept),
            sum(route.product for route in kept),
        )


def _transposed(scene: _Scene) -> Slip | None:
    """W1 read with its rows for its columns: w_ij where w_ji belongs."""
    if scene.key.startswith("x"):
        wrong = [_swapped(walk, scene) for walk in scene.walks]
    elif scene.key in ("w1_12", "w1_21"):
        wrong = [_of_the_mirrored(scene)]
    else:
        return None
    return _slip(
        "transposed",
        "W1 transposed",
        r"$w^{(1)}_{ij}$ runs from input $i$ to hidden unit $j$; here its indices are read the other way round.",
        scene,
        wrong,
    )


def _swapped(walk: _Walk, scene: _Scene) -> list[Wrong]:
    """For an input: the weight with its indices turned round; on the diagonal that changes nothing."""
    weight = KEYS[walk.factors[-1].derivative]
    mirror = _mirrored(weight)
    return [Wrong(len(walk.factors) - 1, NAMES[mirror].latex, scene.known[mirror])] if mirror != weight else []


def _of_the_mirrored(scene: _Scene) -> list[Wrong]:
    """For a weight of W1: the unit and the input of the weight across the diagonal."""
    (walk,) = scene.walks
    mirror = _mirrored(scene.key)
    unit, source = mirror[-1], mirror[-2]
    wrong = (
        (f"z2 h_{unit}", scene.known[f"w2_{unit}"]),
        (f"h_{unit} z1_{unit}", local_slopes(scene.architecture, scene.known)[f"h_{unit}", f"z1_{unit}"]),
        (f"z1_{unit} {mirror}", scene.known[f"x_{source}"]),
    )
    first = len(walk.factors) - len(wrong)
    return [Wrong(first + i, partial(*place.split()), value) for i, (place, value) in enumerate(wrong)]


def _mirrored(weight: str) -> str:
    return f"w1_{weight[-1]}{weight[-2]}"


# ── the mistakes, each for one kind of factor ───────────────────────────────────────────────────────────────────


def _turned_sign(factor: Factor, value: float, scene: _Scene) -> _Mistake | None:
    if factor.above != "L":
        return None
    turned = LOSSES[scene.architecture.loss].slope_latex.format(o="y", y="o")
    return _Mistake(
        "sign",
        "the sign of o − y turned",
        "y − o is written for o − y: every step of descent would then climb instead of going down.",
        turned,
        -value,
    )


def _lost_two(factor: Factor, value: float, scene: _Scene) -> _Mistake | None:
    written = {"half_squared_error": r"\tfrac12\,(o - y)", "squared_error": "o - y"}
    if factor.above != "L" or scene.architecture.loss not in written:
        return None
    return _Mistake(
        "factor_two",
        "the 2 of the square lost",
        "The 2 that comes down from the exponent is forgotten, so the slope is half of what it should be.",
        written[scene.architecture.loss],
        value / 2,
    )


def _gate_twice(factor: Factor, value: float, scene: _Scene) -> _Mistake | None:
    if factor.above != "L" or not LOSSES[scene.architecture.loss].cancellation:
        return None
    return _Mistake(
        "gate_twice",
        "the output’s gate taken a second time",
        "o − y is what is left after the gate o (1 − o) has cancelled; here it is multiplied in once more.",
        r"(o - y)\,o\,(1 - o)",
        value * scene.known["o"] * (1 - scene.known["o"]),
    )


def _value_for_slope(factor: Factor, value: float, scene: _Scene) -> _Mistake | None:
    function = activation_of(factor.above, scene.architecture)
    if function is None or not function.symbol:
        return None
    return _Mistake(
        "value_for_slope",
        f"{function.name}(z) for {function.name}′(z)" + (" at the output" if factor.above == "o" else ""),
        f"The value of {function.name} is written where the chain rule asks for its slope.",
        rf"{function.symbol}\left({NAMES[factor.below].latex}\right)",
        scene.known[factor.above],
    )


def _forgotten_gate(factor: Factor, value: float, scene: _Scene) -> _Mistake | None:
    function = activation_of(factor.above, scene.architecture)
    if function is None:
        return None
    return _Mistake(
        "slope_forgotten",
        f"the {'output' if factor.above == 'o' else 'hidden unit'}’s gate forgotten",
        f"The slope of {function.name} is left out, as if every change passed through the unit one to one.",
        "1",
        1.0,
    )


def _updated_weight(factor: Factor, value: float, scene: _Scene) -> _Mistake | None:
    if factor.above != "z2" or factor.below not in ("h_1", "h_2"):
        return None
    weight = KEYS[factor.derivative]
    latex = NAMES[weight].latex
    return _Mistake(
        "updated_weight",
        "W2 taken after its update",
        "All gradients belong to one and the same point; here W2 has already made its step with learning rate η.",
        rf"{latex} - \eta\,\frac{{\partial L}}{{\partial {latex}}}",
        scene.updated[weight],
    )


def _forgotten_partner(factor: Factor, value: float, scene: _Scene) -> _Mistake | None:
    partner = {"w1": "input", "w2": "activation", "x_": "weight"}.get(factor.below[:2])
    if partner is None:
        return None
    return _Mistake(
        "partner_forgotten",
        f"the {partner} forgotten",
        f"The last factor, the {partner} that ${NAMES[factor.below].latex}$ is multiplied by, is left out.",
        "1",
        1.0,
    )


_MISTAKES = (
    _turned_sign,
    _lost_two,
    _gate_twice,
    _value_for_slope,
    _forgotten_gate,
    _updated_weight,
    _forgotten_partner,
)
