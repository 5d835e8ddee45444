"""Words for the chain rule: one sentence for each factor, and what a gradient's sign and size mean."""

from core import NAMES
from core.chain_rule import Factor
from core.names import DIFFERENTIABLE
from core.typeset import text_number
from pages.parts.state import Scene


def symbol(key: str) -> str:
    return f"${NAMES[key].latex}$"


def factor_words(factor: Factor, value: float, now: Scene) -> str:
    """Why this factor is what it is, in one or two sentences."""
    above, below = symbol(factor.above), symbol(factor.below)
    if factor.above == "L":
        return "How the loss answers to the output. The 2 that comes down from the square cancels the ½."
    if factor.above == "o":
        return "The output is its pre-activation, unchanged: the two move one for one."
    if factor.above in ("h_1", "h_2"):
        return gate_words(factor, value, now)
    if factor.below.startswith("b"):
        return f"The bias is only added: raise {below} a little and {above} rises by the same. Its own derivative is 1."
    partner = next(name for name in factor.derivative.free_symbols)
    return f"In {above}, {below} is multiplied by ${partner}$: {above} moves ${partner}$ times as far as {below}."


def gate_words(factor: Factor, value: float, now: Scene) -> str:
    """What an activation's slope lets through."""
    below, above = symbol(factor.below), symbol(factor.above)
    if now.architecture.activation == "identity":
        return f"The identity passes {below} on unchanged: the two move one for one."
    if value == 1:
        return (
            f"{below} is positive, so the gate is open: {above} moves one for one with it. The slope is 1, not {above}."
        )
    return f"{below} is not positive, so the gate is closed: {above} stays 0, and nothing passes back through it."


def meaning(key: str, value: float) -> str:
    """What a gradient says about its parameter, in one sentence."""
    name, amount = NAMES[key], text_number(abs(value))
    if value == 0:
        return f"The gradient is 0: to first order, moving {symbol(key)} ({name.meaning}) changes the loss by nothing."
    direction, opposite = ("rises", "lowers") if value > 0 else ("falls", "raises")
    step = (
        f"A step of gradient descent therefore {opposite} it."
        if any(key == n.key for n in DIFFERENTIABLE if n.key not in ("x_1", "x_2"))
        else "An input is given, not learned, so gradient descent leaves it where it is."
    )
    return (
        f"Raise {symbol(key)} ({name.meaning}) by a tiny amount and the loss **{direction}** by about "
        f"**{amount} times** that amount. {step}"
    )
