"""Words for the chain rule: what each symbol is, one sentence for each factor, and what a gradient means."""

from collections.abc import Iterable

from core import ACTIVATIONS, LOSSES, NAMES, Corner, Parting, UnitState
from core.chain_rule import Factor, WorkedRoute, factors
from core.corners import in_floats
from core.equations import PRE_ACTIVATION, activation_of
from core.gradients import Prediction
from core.names import PARAMETERS
from core.parameters import Architecture
from core.typeset import text_number
from pages.scene import Scene


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


def meaning(key: str, on_paper: float, autograd: float) -> str:
    """What a gradient says about its parameter, and what descent makes of it, which goes by autograd's number."""
    if on_paper == 0:
        nothing = f"to first order, moving {symbol(key)} ({NAMES[key].meaning}) changes the loss by nothing."
        return f"The gradient is 0: {nothing}" + (f" {descent_words(key, autograd)}" if autograd else "")
    same_way = on_paper * autograd > 0
    step = descent_words(key, autograd)
    if same_way and is_learned(key):
        step = f"A step of gradient descent therefore {'lowers' if autograd > 0 else 'raises'} it."
    return f"Raise {symbol(key)} ({NAMES[key].meaning}) by a tiny amount and {loss_moves(on_paper)}. {step}"


def loss_moves(slope: float) -> str:
    """What the loss does as a symbol is raised, where this is its slope."""
    if slope == 0:
        return "the loss **does not change**, to first order"
    way = "rises" if slope > 0 else "falls"
    return f"the loss **{way}** by about **{text_number(abs(slope))} times** that amount"


def descent_words(key: str, autograd: float) -> str:
    """Which way a step of gradient descent goes, by autograd's number."""
    if not is_learned(key):
        return "An input is given, not learned, so gradient descent leaves it where it is."
    if not autograd:
        return f"Gradient descent goes by autograd’s number, 0, and so leaves {symbol(key)} where it is."
    way = "lowers" if autograd > 0 else "raises"
    return f"Gradient descent goes by autograd’s number, {text_number(autograd)}, and so {way} {symbol(key)}."


def corner_meaning(corner: Corner, on_paper: float, autograd: float, architecture: Architecture) -> str:
    """What a gradient says where the loss has a corner: two slopes, and a convention."""
    key, name = corner.key, ACTIVATIONS[architecture.activation].name
    places = " and ".join(f"the {NAMES[PRE_ACTIVATION[unit]].meaning}" for unit in corner.units)
    lies = "lies" if len(corner.units) == 1 else "lie"
    return (
        f"On paper {places} {lies} exactly on the kink of {name}, so the loss has a corner here. Raise {symbol(key)} "
        f"({NAMES[key].meaning}) by a tiny amount and {loss_moves(corner.raised)}; lower it and "
        f"{loss_moves(-corner.lowered)}. At a corner no single slope is right: {name}’s slope on its kink is that of "
        f"the left side by convention, and with it the gradient on paper is **{text_number(on_paper)}**. "
        f"{descent_words(key, autograd)}"
    )


def small_step(key: str, size: float, change: Prediction, corner: Corner | None, crosses: bool) -> str:
    """What a step of this size would do to L: as the slope predicts, and in truth."""
    off = change.actual - change.predicted
    if abs(off) <= 0.001 * abs(change.actual):
        why = "The two agree: on so short a way the loss is as good as straight."
    elif crosses:
        why = "The rest comes of a gate that opens or shuts on the way: a corner of the loss, which no slope knows of."
    else:
        why = "The rest is the bend of the loss, which a slope does not know of, and rounding."
    who = "the slope on that side" if corner else "the gradient"
    return (
        f"In numbers: raise {symbol(key)} by {text_number(size)}, and {who} predicts a change of $L$ by "
        f"**{text_number(change.predicted)}**; the true change is **{text_number(change.actual)}**. {why}"
    )


def parting_words(parting: Parting, architecture: Architecture, precision: str, device: str) -> str:
    """One unit that is on one side of its kink on paper, and on the other in floats."""
    function = activation_of(parting.unit, architecture)
    assert function is not None
    return (
        f"On paper the {NAMES[PRE_ACTIVATION[parting.unit]].meaning} is "
        f"{text_number(in_floats(parting.z_on_paper))}, where the slope of {function.name} is "
        f"{text_number(parting.slope_on_paper)}. In {precision} on {device} rounding brings the same sum to "
        f"{text_number(parting.z_in_floats)}, on the other side of the kink, where the slope is "
        f"{text_number(parting.slope_in_floats)}."
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
