"""Python and JavaScript write a number alike: numbers.js against core/typeset.py, ten thousand numbers."""

import math
import random
from pathlib import Path

from core.typeset import text_number

SOURCE = Path(__file__).parents[2] / "pages" / "components" / "shared" / "numbers.js"
FORMAT = """async ([source, pairs]) => {
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const { formatNumber } = await import(address);
  return pairs.map(([value, digits]) => formatNumber(value, digits));
}"""


def numbers() -> list[float]:
    """Of every size; halves on paper with the floats beside them; carries; the smallest and the largest there are."""
    dice, found = random.Random(4), [0.0, -0.0, 5e-324, 1.7976931348623157e308, 9.9995, 99995.0, 0.000099995, 1.4625]
    while len(found) < 10_000:
        half = (10 * dice.randint(1000, 9999) + 5) * 10.0 ** dice.randint(-9, 6)
        found += [half, -half, math.nextafter(half, 0), math.nextafter(half, math.inf), half * (1 - 2e-12)]
        found += [dice.uniform(-10, 10), round(dice.uniform(-10, 10), dice.randint(0, 5)), dice.randint(-20000, 20000)]
        found.append(math.ldexp(dice.uniform(-1, 1), dice.randint(-1060, 1020)))
    return found


def test_javascript_writes_ten_thousand_numbers_as_python_does(window):
    page = window()
    pairs = [(value, digits) for value in numbers() for digits in (4, random.Random(value).choice((1, 2, 3, 6, 7)))]
    written = page.evaluate(FORMAT, [SOURCE.read_text(), pairs])
    expected = [text_number(float(value), digits) for value, digits in pairs]
    assert [triple for triple in zip(pairs, written, expected, strict=True) if triple[1] != triple[2]] == []
