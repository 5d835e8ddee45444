"""Three witnesses of one gradient, side by side: the chain rule, autograd, a finite difference."""

import streamlit as st

from core.gradients import nudge
from core.typeset import text_number
from core.witnesses import Testimony
from pages.parts.state import Scene


def witnesses(says: Testimony, now: Scene) -> None:
    """Each witness's number with all its digits, how far it is from autograd's, and whether that is agreement."""
    epsilon = text_number(nudge(now.device, now.precision), 2)
    rows = (
        ("Chain rule", "SymPy, the product above", says.chain_rule, says.off_chain_rule, says.chain_rule_agrees),
        ("Autograd", f"torch, {now.precision} on {now.device}", says.autograd, None, True),
        (
            "Finite difference",
            f"L with a nudge of ±{epsilon}",
            says.difference,
            says.off_difference,
            says.difference_agrees,
        ),
    )
    st.html(
        '<div class="table-wide"><table class="figures"><tr><th>Witness</th><th>How</th><th>Its number</th>'
        "<th>Off autograd by</th><th>Verdict</th></tr>" + "".join(_row(*row) for row in rows) + "</table></div>"
    )
    if says.reason:
        st.caption(says.reason)
    if now.precision == "float32":
        st.caption(
            "float32 keeps about 7 digits, so torch's numbers end earlier than SymPy's, which are always float64."
        )


def _row(who: str, how: str, value: float, off: float | None, agrees: bool) -> str:
    apart = "" if off is None else text_number(off, 2)
    verdict = "" if off is None else "agrees" if agrees else "differs"
    return (
        f"<tr><td class='words'>{who}</td><td class='words quiet'>{how}</td><td>{full(value)}</td>"
        f"<td>{apart}</td><td class='words'>{verdict}</td></tr>"
    )


def full(value: float) -> str:
    """All digits of a float, with a true minus sign."""
    return repr(value).replace("-", "−")
