"""The result line, at the top of every page: the output, the loss, and what the last gesture did to the loss."""

from typing import Any

from core import ACTIVATIONS, LOSSES, NAMES
from core.network import loss_change
from core.parameters import to_values
from core.typeset import MINUS, rounded, text_number
from pages.components import Data
from pages.scene import Scene

INVITATION = "Move a slider: its effect on the loss appears here."


def result_line(now: Scene, before: Scene | None) -> Data:
    """The line for result.js. `before`: where the last gesture began, if any.

    numbers   [[symbol, the number, what a pointer on it reads], …]
    causes    what was moved: {"name": a symbol or null, "text"}
    effect    what the loss did
    """
    told = {"causes": causes(before, now), "effect": effect_on_loss(before, now)} if before else {}
    return {
        "numbers": [
            ["o", fixed(now.trace.o), f"output, {now.trace.o!r}"],
            ["L", fixed(now.trace.L), f"loss, {now.trace.L!r}"],
        ],
        "causes": [{"name": None, "text": INVITATION}],
        "effect": "",
        **told,
    }


def fixed(value: float) -> str:
    """Four significant digits with their zeros, so that the line does not jump while a slider moves."""
    short = float(rounded(value, 4)) + 0.0  # minus zero is plain zero
    padded = f"{short:#.4g}"  # "#" keeps the zeros; what it writes with a power of ten is written our way
    return text_number(value) if padded.strip("-.0123456789") else padded.rstrip(".").replace("-", MINUS)


def causes(before: Scene, after: Scene) -> list[dict[str, Any]]:
    """What the last gesture moved."""
    old, new = to_values(before.parameters, before.example), to_values(after.parameters, after.example)
    moved = [key for key in old if old[key] != new[key]]
    others = other_causes(before, after)
    if len(moved) > 1:
        others = ["several values moved", *others]
    found: list[dict[str, Any]] = [value_moved(key, old[key], new[key]) for key in moved if len(moved) == 1]
    found += [{"name": None, "text": text} for text in others]
    return found or [{"name": None, "text": "back where it was"}]


def effect_on_loss(before: Scene, after: Scene) -> str:
    if before.trace.L == after.trace.L:
        return "L did not change"
    difference = loss_change(before.trace, after.trace)
    return f"L {'rose' if difference > 0 else 'fell'} by {text_number(abs(difference))}"


def value_moved(key: str, old: float, new: float) -> dict[str, Any]:
    name = NAMES[key]
    symbol = {"base": name.base, "sup": name.sup, "sub": name.sub}
    return {"name": symbol, "text": f"{text_number(old)} → {text_number(new)}"}


def other_causes(before: Scene, after: Scene) -> list[str]:
    """What changed beside the twelve values."""
    was, now = before.architecture, after.architecture
    found = []
    if was.activation != now.activation:
        found.append(f"with {ACTIVATIONS[now.activation].name} in the hidden units")
    if was.output != now.output:
        found.append(f"with {ACTIVATIONS[now.output].name} at the output")
    if was.loss != now.loss:
        found.append(f"measured by {LOSSES[now.loss].name}")
    if before.place != after.place:
        found.append(f"now in {after.precision} on {after.device}")
    return found
