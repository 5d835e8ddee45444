"""Words for the chain rule: what each symbol is, one sentence for each factor, and what a gradient means."""

from collections.abc import Iterable

from core import ACTIVATIONS, LOSSES, NAMES, UnitState
from core.chain_rule import Factor, WorkedRoute, factors
from core.equations import activation_of
from core.gradients import Prediction
from core.names import INPUTS, PARAMETERS
from core.parameters import Architecture
from core.typeset import text_number
from pages.parts.state import Scene


def symbol(key: str) -> str:
    return f"${NAMES[key].latex}$"


def other_symbols(walks: Iterable[WorkedRoute], architecture: Architecture) -> str:
    """What else stands in the equations that the routes run through: each symbol with its meaning."""
    met = dict.fromkeys(["L", "o", *(key for walk in walks for factor in walk.factors for key in factor[:2])])
    used = dict.fromkeys(factor.below for factor in factors(architecture) if factor.above in met)
    return "; ".join(f"{symbol(key)}: {NAMES[key].meaning}" for key in used if key not in met)


def factor_words(factor: Factor, value: float, now: Scene) -> str:
    """Why this factor is what it is, in one or two sentences."""
    above, below = symbol(factor.above), symbol(factor.below)
    if factor.above == "L":
        return LOSSES[now.architecture.loss].slope_sentence
    if activation_of(factor.above, now.architecture):
        return gate_words(factor, value, now)
    if factor.below.startswith("b"):
        return f"The bias is only added: raise {below} a little and {above} rises by the same. Its own derivative is 1."
    partner = next(name for name in factor.derivative.free_symbols)
    return f"In {above}, {below} is multiplied by ${partner}$: {above} moves ${partner}$ times as far as {below}."


def gate_words(factor: Factor, value: float, now: Scene) -> str:
    """What an activation's slope lets through."""
    below, above = symbol(factor.below), symbol(factor.above)
    function = activation_of(factor.above, now.architecture)
    assert function is not None
    if function.slope_sentence:
        return function.slope_sentence
    if value == 1:
        return (
            f"{below} is positive, so the gate is open: {above} moves one for one with it. The slope is 1, not {above}."
        )
    if value == 0:
        return f"{below} is not positive, so the gate is closed: {above} stays 0, and nothing passes back through it."
    return f"{below} is not positive, so the gate only leaks: {above} moves {text_number(value)} times as far as it."


def meaning(key: str, value: float) -> str:
    """What a gradient says about its parameter, in one sentence."""
    name, amount = NAMES[key], text_number(abs(value))
    if value == 0:
        return f"The gradient is 0: to first order, moving {symbol(key)} ({name.meaning}) changes the loss by nothing."
    direction, opposite = ("rises", "lowers") if value > 0 else ("falls", "raises")
    step = (
        "An input is given, not learned, so gradient descent leaves it where it is."
        if name in INPUTS
        else f"A step of gradient descent therefore {opposite} it."
    )
    return (
        f"Raise {symbol(key)} ({name.meaning}) by a tiny amount and the loss **{direction}** by about "
        f"**{amount} times** that amount. {step}"
    )


def small_step(key: str, size: float, change: Prediction) -> str:
    """What a step of this size would do to L: as the gradient predicts, and in truth."""
    off = change.actual - change.predicted
    why = (
        "The two agree: on so short a way the loss is as good as straight."
        if abs(off) <= 0.001 * abs(change.actual)
        else "The rest is the bend of the loss, which a slope does not know of."
    )
    return (
        f"In numbers: raise {symbol(key)} by {text_number(size)}, and the gradient predicts a change of $L$ by "
        f"**{text_number(change.predicted)}**; the true change is **{text_number(change.actual)}**. {why}"
    )


def collapse(architecture: Architecture) -> str:
    """What the hidden activation is there for."""
    if ACTIVATIONS[architecture.activation].symbol:
        return "Without this step the two layers would collapse into one: a sum of sums is only a sum."
    return "With the identity the two layers collapse into one: a sum of sums is only a sum."


def idle(states: list[UnitState | None]) -> list[str]:
    """The units that let hardly anything through, and why."""
    return [state.sentence for state in states if state]


def is_learned(key: str) -> bool:
    return any(key == name.key for name in PARAMETERS)
