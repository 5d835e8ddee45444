"""Small data sets: five with a lesson each, and the reading of rows that a person typed or pasted.

Text from a person is taken apart by a pattern and never evaluated.
"""

import math
import re
from dataclasses import dataclass

from core.batches import MOST_ROWS
from core.functions import why_not_target
from core.parameters import Example
from core.reading import MOST_TEXT, WRITE_ONE, fraction, quoted

MOST_VALUE = 5.0
COLUMNS = ("x1", "x2", "y")

Rows = tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Some rows to learn from; every target lies between 0 and 1, so that every loss can take it.

    sentence   what the rows are
    look_for   what is worth watching while a network learns them
    """

    name: str
    rows: Rows
    sentence: str
    look_for: str


def _corners(*targets: float) -> Rows:
    """The four corners (0, 0), (0, 1), (1, 0), (1, 1), with these targets."""
    return tuple(Example(x, y) for x, y in zip(((0, 0), (0, 1), (1, 0), (1, 1)), targets, strict=True))


def _ring(radius: float, y: float) -> Rows:
    """Eight points round a circle, their coordinates rounded to two decimals, as one would type them."""
    angles = [k * math.pi / 4 for k in range(8)]
    return tuple(Example((round(radius * math.cos(a), 2), round(radius * math.sin(a), 2)), y) for a in angles)


DATASETS: dict[str, Dataset] = {
    "and": Dataset(
        name="AND",
        rows=_corners(0, 0, 0, 1),
        sentence="The target is 1 where both inputs are 1, and 0 elsewhere.",
        look_for="One straight cut separates the 1 from the three 0s, so even a network without a bend comes close.",
    ),
    "or": Dataset(
        name="OR",
        rows=_corners(0, 1, 1, 1),
        sentence="The target is 0 where both inputs are 0, and 1 elsewhere.",
        look_for="One straight cut is enough here too; watch which hidden unit makes it.",
    ),
    "xor": Dataset(
        name="XOR",
        rows=_corners(0, 1, 1, 0),
        sentence="The target is 1 where exactly one of the inputs is 1.",
        look_for="No straight cut separates these, so both hidden units are needed. Many a start gets stuck halfway.",
    ),
    "line": Dataset(
        name="a line",
        rows=tuple(Example((a, b), 0.5 + 0.25 * a + 0.25 * b) for a in (-1, 0, 1) for b in (-1, 0, 1)),
        sentence="The targets rise in a straight line: y = ½ + ¼ x₁ + ¼ x₂.",
        look_for="With identity activations the loss goes to 0, for the rule is such a network; with ReLU a unit may "
        "close for some rows, which leaves a bend.",
    ),
    "circle": Dataset(
        name="a circle",
        rows=(Example((0, 0), 1), *_ring(1.5, 0)),
        sentence="The target is 1 in the middle and 0 at eight points round it.",
        look_for="Two hidden units make two straight cuts, and two cuts cannot close a ring: some points outside stay "
        "wrong, whatever the steps.",
    ),
}

SEPARATOR = re.compile(r"\s*[,;]\s*|\s+")
NO_NUMBERS = {"nan", "inf", "infinity"}  # words that stand for values, so a line of them is no header


def parse_rows(text: str, loss: str = "half_squared_error") -> Rows:
    """Rows "x1, x2, y", one a line, separated by commas, semicolons, tabs or spaces → examples.

    Blank lines, what follows a #, and a first line of words are skipped; a true minus sign and fractions such as −5/4
    are read. Raises ValueError with the number and the text of the line that cannot be a row.
    """
    if not isinstance(text, str):
        raise ValueError("the rows must be text, one row a line: x1, x2, y")
    if len(text) > MOST_TEXT:
        raise ValueError(f"the text has {len(text)} characters; at most {MOST_TEXT} are read, so paste fewer rows")
    rows: list[Example] = []
    beginning = True
    for number, line in enumerate(text.splitlines(), start=1):
        cells = SEPARATOR.split(line.partition("#")[0].strip())
        if cells == [""]:
            continue
        if beginning and all(cell[:1].isalpha() and cell.lower() not in NO_NUMBERS for cell in cells):
            beginning = False
            continue
        beginning = False
        where = f"line {number}, {quoted(line)}"
        if len(rows) == MOST_ROWS:
            raise ValueError(
                f"{where}: this is row {MOST_ROWS + 1}; at most {MOST_ROWS} are possible, so leave some out"
            )
        rows.append(_row(cells, loss, where))
    if not rows:
        raise ValueError("there is no row in the text; write one a line, such as: 1, 2, 0.7")
    return tuple(rows)


def _row(cells: list[str], loss: str, where: str) -> Example:
    if len(cells) != 3:
        found = "1 value" if len(cells) == 1 else f"{len(cells)} values"
        raise ValueError(f"{where}: {found}; a row has three, x1, x2 and y, and a decimal has a point, as in 0.5")
    x1, x2, y = (_value(cell, column, where) for cell, column in zip(cells, COLUMNS, strict=True))
    if reason := why_not_target(loss, y):
        raise ValueError(f"{where}: {reason}")
    return Example((x1, x2), y)


def _value(cell: str, column: str, where: str) -> float:
    if not cell:
        raise ValueError(f"{where}: {column} is missing; {WRITE_ONE}")
    try:
        value = fraction(cell)
        if not abs(value) <= MOST_VALUE:  # also where both are too large for a float, and the quotient is no number
            raise ValueError(f"choose a number from −{MOST_VALUE:g} to {MOST_VALUE:g}")
    except ValueError as error:
        raise ValueError(f"{where}: {column} is {quoted(cell)}; {error}") from None
    return value
