"""Formulas on the page: lines of mathematics under one another, and words beside them."""

from collections.abc import Iterable

import streamlit as st

from core.typeset import Line


def display(latex: str) -> str:
    """LaTeX as a formula of its own, for Markdown."""
    return f"$$\n{latex}\n$$"


def aligned(lines: Iterable[Line]) -> str:
    """Each line as symbols, then numbers, then the result, under one another and aligned at the equals sign."""
    rows = []
    for line in lines:
        rights = dict.fromkeys(part for part in (line.symbols, line.numbers, line.result))  # no line says a thing twice
        rows += [rf"{line.left if i == 0 else ''} &= {right}" for i, right in enumerate(rights)]
    return display(r"\begin{aligned}" + r" \\[3pt] ".join(rows) + r"\end{aligned}")


def explained(words: str, *formulas: str) -> None:
    """Words on the left, what they speak of on the right; one above the other on a phone."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.markdown(words)
    with right:
        st.markdown("\n\n".join(formulas))
