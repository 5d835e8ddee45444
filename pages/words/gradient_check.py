"""Three computations of every gradient, side by side: the chain rule, autograd, a finite difference."""

from collections.abc import Mapping
from decimal import Decimal

from core import PARAMETERS
from core.gradient_check import AGREES, CANNOT_TELL, DIFFERS, Compared, Testimony
from core.gradients import nudge
from core.typeset import text_number
from pages.components.derivation import Row, row
from pages.scene import Scene
from pages.words.explain import symbol

ALL_DIGITS = 17  # no float needs more
FOR_ONE = {AGREES: "agrees", DIFFERS: "**differs**", CANNOT_TELL: "*cannot tell*"}
FOR_BOTH = {AGREES: "agree", DIFFERS: "**differ**", CANNOT_TELL: "*cannot tell*"}


def witnesses(says: Testimony, now: Scene, beside_paper: str = "") -> Row:
    """Each one's number with all its digits, how far it is from autograd's, and whether that is agreement.

    beside_paper  what to say where these floats speak of another side of a kink than the derivation on paper
    """
    epsilon = text_number(nudge(now.device, now.precision), 2)
    body = [
        ["Chain rule", full(says.chain_rule), *_verdict(says.of_chain_rule)],
        ["Autograd", full(says.autograd), "", "", ""],
        ["Finite difference", full(says.difference), *_verdict(says.of_difference)],
    ]
    ways = (
        "**Chain rule**: SymPy, the same product, worked out in float64 instead of on paper. "
        f"**Autograd**: PyTorch’s own backward pass, {now.precision} on {now.device}. "
        f"**Finite difference**: PyTorch’s forward pass twice, $L$ a little above and a little below (±{epsilon}), "
        "their difference by the distance."
    )
    return row(
        "witnesses",
        "A **gradient check**: the same gradient by three computations. The chain rule states the network a second "
        "time, in SymPy. Autograd and the finite difference share PyTorch’s forward pass, but the last one needs no "
        "derivative at all. Two agree where rounding, and the bend of the loss within the nudge, explain what lies "
        "between them, and could not hide a wrong sign.",
        *([beside_paper] if beside_paper else []),
        *says.reasons,
        title="Three computations",
        wide=True,
        note=ways,
        table={
            "head": ["Witness", "Its number", "Off autograd by", "To be expected", "Verdict"],
            "body": body,
            "align": ["left", "right", "right", "right", "left"],
        },
    )


def all_nine(say: Mapping[str, Testimony]) -> Row:
    """The verdict on each of the nine parameters, and why where it is not agreement."""
    body = []
    for name in PARAMETERS:
        one = say[name.key]
        off = (text_number(compared.off, 2) for compared in (one.of_chain_rule, one.of_difference))
        body.append([symbol(name.key), name.meaning, text_number(one.autograd, 7), *off, FOR_BOTH[one.verdict]])
    unsure = [say[name.key] for name in PARAMETERS if say[name.key].verdict != AGREES]
    why = dict.fromkeys(reason for one in unsure for reason in one.reasons)
    return row(
        "verdicts",
        "Autograd’s gradient of each parameter, and how far the other two computations are from it.",
        *why,
        title="The witnesses on all nine",
        wide=True,
        table={
            "head": ["Parameter", "What it is", "Autograd", "Chain rule off by", "Finite difference off by", "Verdict"],
            "body": body,
            "align": ["left", "left", "right", "right", "right", "left"],
        },
    )


def _verdict(compared: Compared) -> tuple[str, str, str]:
    return text_number(compared.off, 2), f"up to {text_number(compared.rounding, 2)}", FOR_ONE[compared.verdict]


def full(value: float) -> str:
    """All digits of a float: the shortest decimal that is this float and no other."""
    return text_number(Decimal(repr(value)), ALL_DIGITS)
