"""Slips worth making once: the wrong number that each of the usual mistakes brings out, beside the right one.

The first is the notebook's own: it multiplies by ReLU(z) where the chain rule asks for ReLU′(z).
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from core.chain_rule import Derivation, Factor, derive
from core.descent import check_learning_rate
from core.equations import KEYS, activation_of
from core.functions import LOSSES
from core.names import NAMES
from core.parameters import Architecture, Example, Parameters

SAME = 1e-9  # two results closer than this, as a part of themselves, are one


@dataclass(frozen=True, slots=True)
class Slip:
    """A mistake, and what it makes of ∂L/∂key.

    index     which factor of the route goes wrong, from 0; the same one where there are two routes
    written   for each route, what stands there instead, in LaTeX
    wrong     for each route, the number of that factor
    products  for each route, what it comes to
    result    their sum
    """

    name: str
    sentence: str
    index: int
    written: tuple[str, ...]
    wrong: tuple[float, ...]
    products: tuple[float, ...]
    result: float


class _Mistake(NamedTuple):
    """What somebody writes for one factor."""

    name: str
    sentence: str
    written: str
    value: float


class _Scene(NamedTuple):
    architecture: Architecture
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

    `learning_rate` is the η of the step after which W2 would wrongly be taken.
    """
    rate = check_learning_rate(learning_rate)
    worked = derive(parameters, example, key, architecture=architecture)
    weights = {name: derive(parameters, example, name, architecture=architecture).value for name in ("w2_1", "w2_2")}
    updated = {name: worked.known[name] - rate * slope for name, slope in weights.items()}
    scene = _Scene(architecture, worked.known, updated)
    made = (_make(slip, index, worked, scene) for index in range(len(worked.routes[0].factors)) for slip in _MISTAKES)
    return tuple(slip for slip in made if slip and _shows(slip.result, worked.value))


def _make(
    mistake: Callable[[Factor, float, _Scene], _Mistake | None], index: int, worked: Derivation[float], scene: _Scene
) -> Slip | None:
    """The mistake at this factor of every route; None if it cannot be made there."""
    made = [mistake(route.factors[index], route.values[index], scene) for route in worked.routes]
    slipped = [one for one in made if one]
    if len(slipped) < len(made):
        return None
    products = tuple(
        math.prod((*route.values[:index], one.value, *route.values[index + 1 :]))
        for route, one in zip(worked.routes, slipped, strict=True)
    )
    written, wrong = tuple(one.written for one in slipped), tuple(one.value for one in slipped)
    return Slip(slipped[0].name, slipped[0].sentence, index, written, wrong, products, math.fsum(products))


def _shows(result: float, right: float) -> bool:
    return math.isfinite(result) and math.isfinite(right) and not math.isclose(result, right, rel_tol=SAME)


# ── the mistakes, each for one kind of factor ───────────────────────────────────────────────────────────────────


def _turned_sign(factor: Factor, value: float, scene: _Scene) -> _Mistake | None:
    if factor.above != "L":
        return None
    turned = LOSSES[scene.architecture.loss].slope_latex.format(o="y", y="o")
    return _Mistake(
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
        "the 2 of the square lost",
        "The 2 that comes down from the exponent is forgotten, so the slope is half of what it should be.",
        written[scene.architecture.loss],
        value / 2,
    )


def _gate_twice(factor: Factor, value: float, scene: _Scene) -> _Mistake | None:
    if factor.above != "L" or not LOSSES[scene.architecture.loss].cancellation:
        return None
    return _Mistake(
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
