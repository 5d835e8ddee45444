"""Three witnesses of every gradient, side by side: the chain rule, autograd, a finite difference."""

from collections.abc import Mapping
from decimal import Decimal

from core import PARAMETERS
from core.gradients import nudge
from core.typeset import text_number
from core.witnesses import Testimony
from pages.parts.derivation import Row, row
from pages.parts.explain import symbol
from pages.parts.state import Scene

ALL_DIGITS = 17  # no float needs more


def witnesses(says: Testimony, now: Scene) -> Row:
    """Each witness's number with all its digits, how far it is from autograd's, and whether that is agreement."""
    epsilon = text_number(nudge(now.device, now.precision), 2)
    body = [
        ["Chain rule", full(says.chain_rule), *_verdict(says.off_chain_rule, says.chain_rule_agrees)],
        ["Autograd", full(says.autograd), "", ""],
        ["Finite difference", full(says.difference), *_verdict(says.off_difference, says.difference_agrees)],
    ]
    ways = [
        "SymPy: the product above, in float64",
        f"PyTorch’s own backward pass, {now.precision} on {now.device}",
        f"$L$ a little above and a little below (±{epsilon}), their difference by the distance",
    ]
    return row(
        "witnesses",
        "The same gradient by three roads that share no code. No witness is believed by itself:",
        *says.reasons,
        title="Three witnesses",
        wide=True,
        table={
            "head": ["Witness", "Its number", "Off autograd by", "Verdict", "How"],
            "body": [[*line, way] for line, way in zip(body, ways, strict=True)],
            "align": ["left", "right", "right", "left", "left"],
        },
    )


def all_nine(say: Mapping[str, Testimony]) -> Row:
    """The verdict on each of the nine parameters, and why where it is not agreement."""
    body = []
    for name in PARAMETERS:
        one = say[name.key]
        agrees = one.chain_rule_agrees and one.difference_agrees
        off = (text_number(value, 2) for value in (one.off_chain_rule, one.off_difference))
        body.append(
            [symbol(name.key), name.meaning, text_number(one.autograd, 7), *off, "agree" if agrees else "**differ**"]
        )
    differing = [one for one in say.values() if not (one.chain_rule_agrees and one.difference_agrees)]
    why = dict.fromkeys(reason for one in differing for reason in one.reasons)
    return row(
        "verdicts",
        "Autograd’s gradient of each parameter, and how far the other two witnesses are from it.",
        *why,
        title="The witnesses on all nine",
        wide=True,
        table={
            "head": ["Parameter", "What it is", "Autograd", "Chain rule off by", "Finite difference off by", "Verdict"],
            "body": body,
            "align": ["left", "left", "right", "right", "right", "left"],
        },
    )


def _verdict(off: float, agrees: bool) -> tuple[str, str]:
    return text_number(off, 2), "agrees" if agrees else "**differs**"


def full(value: float) -> str:
    """All digits of a float: the shortest decimal that is this float and no other."""
    return text_number(Decimal(repr(value)), ALL_DIGITS)
