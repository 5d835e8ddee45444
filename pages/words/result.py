"""The result line, at the top of every page: the output, the loss, and what the last change did to the loss."""

from html import escape

from core import ACTIVATIONS, LOSSES, NAMES
from core.network import loss_change
from core.parameters import to_values
from core.typeset import MINUS, rounded, text_number
from pages.scene import Scene


def result_line(now: Scene, before: Scene | None) -> str:
    """The line as HTML, made of our own names and numbers alone. `before`: where the last gesture began, if any."""
    change = describe_change(before, now) if before else "Move a slider: its effect on the loss appears here."
    return (
        '<div class="result">'
        f'<span><i>o</i> = <b title="output, {now.trace.o!r}">{fixed(now.trace.o)}</b></span>'
        f'<span><i>L</i> = <b title="loss, {now.trace.L!r}">{fixed(now.trace.L)}</b></span>'
        f'<span class="change">{change}</span></div>'
    )


def fixed(value: float) -> str:
    """Four significant digits with their zeros, so that the line does not jump while a slider moves."""
    short = float(rounded(value, 4)) + 0.0  # minus zero is plain zero
    padded = f"{short:#.4g}"  # "#" keeps the zeros; what it writes with a power of ten is written our way
    return text_number(value) if padded.strip("-.0123456789") else padded.rstrip(".").replace("-", MINUS)


def describe_change(before: Scene, after: Scene) -> str:
    """What the last gesture moved, and by how much the loss moved with it from its beginning to now."""
    old, new = to_values(before.parameters, before.example), to_values(after.parameters, after.example)
    moved = [key for key in old if old[key] != new[key]]
    causes = ["several values moved"] if len(moved) > 1 else [value_moved(key, old[key], new[key]) for key in moved]
    causes += [escape(cause) for cause in other_causes(before, after)]
    return f"{', '.join(causes) or 'back where it was'}: <b>{effect_on_loss(before, after)}</b>"


def effect_on_loss(before: Scene, after: Scene) -> str:
    if before.trace.L == after.trace.L:
        return "L did not change"
    difference = loss_change(before.trace, after.trace)
    return f"L {'rose' if difference > 0 else 'fell'} by {text_number(abs(difference))}"


def value_moved(key: str, old: float, new: float) -> str:
    return f"{html_name(key)} {text_number(old)} → {text_number(new)}"


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


def html_name(key: str) -> str:
    """A symbol in HTML: <i>w</i> with its superscript and subscript."""
    name = NAMES[key]
    return f"<i>{name.base}</i><sup>{name.sup}</sup><sub>{name.sub}</sub>"
