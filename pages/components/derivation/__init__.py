"""Words and live formulas, row by row: derivation.js.

Streamlit's own Markdown sets a formula well but slowly; a page of them would take longer than everything else a
slider moves. Words use **bold**, *italic*, `code` and $inline formulas$, and nothing else.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from core.typeset import Line, steps
from pages.components import mount

Row = dict[str, Any]


def derivation(rows: Sequence[Row], *, key: str) -> None:
    """Show the rows under `key`; what did not change since the last run is left untouched."""
    mount("derivation", key=key, data={"rows": rows})


def row(identity: str, *words: str, formulas: Sequence[str] = (), **more: Any) -> Row:
    """One row: words on the left, formulas on the right. `more`: title, note, wide, table, details, copy."""
    return {"id": identity, "words": words, "formulas": formulas} | more


def aligned(lines: Iterable[Line]) -> str:
    """Each line as symbols, then numbers, then the result, under one another and aligned at the equals sign."""
    return _environment((line.left, steps(line)) for line in lines)


def in_numbers(line: Line) -> str:
    """A line without its symbols: the numbers put in, then the result."""
    return _environment([(line.left, steps(line)[1:] or steps(line))])


def _environment(lines: Iterable[tuple[str, list[tuple[str, str]]]]) -> str:
    rows = [
        rf"{left if i == 0 else ''} &{sign} {right}" for left, said in lines for i, (sign, right) in enumerate(said)
    ]
    return r"\begin{aligned}" + r" \\ ".join(rows) + r"\end{aligned}"


def tinted(role: str, latex: str) -> str:
    """`latex` in the colour of a role of pages/screen/palette.py."""
    return rf"\textcolor{{{role}}}{{{latex}}}"


def marked(place: str, latex: str) -> str:
    """`latex` as belonging to a place of the drawing: a number's key, an edge or a gate. Each lights up the other."""
    return rf"\mark{{{place}}}{{{latex}}}"
