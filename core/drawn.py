"""What the drawing of the network shows of its functions, from their rows in functions.py: a new row is drawn too."""

from functools import cache
from typing import NamedTuple

import torch

from core.functions import ACTIVATIONS, LOSSES
from core.plain import plain

REACH, POINTS = 4.0, 33  # of an outline: how far to both sides of 0, and how many points
_LETTERS = {"o": "@o@", "alone": "@o@", "y": "@y@", "z2": "@z2@"}
_NO_MARKS = str.maketrans({"{": "(", "}": ")", "[": "(", "]": ")", "\\": ""})


@cache
def outline(activation: str) -> tuple[float, ...] | None:
    """f(z) at evenly spaced z from −REACH to REACH; None where a gate, open or closed, says it better."""
    row = ACTIVATIONS[activation]
    if not row.slope_sentence:
        return None
    return tuple(row.torch(torch.linspace(-REACH, REACH, POINTS, dtype=torch.float64)).tolist())


class LossInWords(NamedTuple):
    """A loss as a line of plain text: "½ ({o} − {y})²", with a gap for each number.

    value      what L is
    slope      what its slope is at `source`, which is the key of what L is computed from
    cancels    whether that slope is what two slopes leave that cancel
    """

    value: str
    slope: str
    source: str
    cancels: bool


@cache
def loss_in_words(loss: str) -> LossInWords:
    """The formulas of a loss's row without LaTeX, as the drawing writes them into its boxes."""
    row = LOSSES[loss]
    slope = row.cancellation.left_latex if row.cancellation else row.slope_latex
    return LossInWords(_text(row.latex), _text(slope), row.source, row.cancellation is not None)


def _text(latex: str) -> str:
    text = plain(latex.format(**_LETTERS)).translate(_NO_MARKS)  # a mark of LaTeX that is left would look like a gap
    for key in ("o", "y", "z2"):
        text = text.replace(f"@{key}@", f"{{{key}}}")
    return text
