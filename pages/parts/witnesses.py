"""Three witnesses of one gradient, side by side: the chain rule, autograd, a finite difference."""

from core.gradients import nudge
from core.typeset import text_number
from core.witnesses import Testimony
from pages.parts.derivation import Row, row
from pages.parts.state import Scene


def witnesses(says: Testimony, now: Scene) -> list[Row]:
    """Each witness's number with all its digits, how far it is from autograd's, and whether that is agreement."""
    epsilon = text_number(nudge(now.device, now.precision), 2)
    hand = "SymPy, the product above"
    nudged = f"$L$ with a nudge of ±{epsilon}"
    body = [
        ["Chain rule", full(says.chain_rule), *_verdict(says.off_chain_rule, says.chain_rule_agrees), hand],
        ["Autograd", full(says.autograd), "", "", f"torch, {now.precision} on {now.device}"],
        ["Finite difference", full(says.difference), *_verdict(says.off_difference, says.difference_agrees), nudged],
    ]
    return [
        row(
            "witnesses",
            "The same gradient by three roads that share no code:",
            *says.reasons,
            title="Three witnesses",
            wide=True,
            table={
                "head": ["Witness", "Its number", "Off autograd by", "Verdict", "How"],
                "body": body,
                "align": ["left", "right", "right", "left", "left"],
            },
        )
    ]


def _verdict(off: float, agrees: bool) -> tuple[str, str]:
    return text_number(off, 2), "agrees" if agrees else "**differs**"


def full(value: float) -> str:
    """All digits of a float, with a true minus sign."""
    return repr(value).replace("-", "−")
