"""A number looks the same on every machine: a half goes up as on paper, and the last bits of a float do not show."""

import math
import random
from decimal import Decimal
from fractions import Fraction

import pytest

from core.typeset import number, rounded, sign, text_number, written

DICE = random.Random(20)


def school(paper: Fraction, digits: int) -> Fraction:
    """So many significant digits, a half away from zero, in whole numbers alone."""
    size, power = abs(paper), 0
    while size >= 10**digits:
        size, power = size / 10, power + 1
    while size < 10 ** (digits - 1):
        size, power = size * 10, power - 1
    whole = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    return Fraction(whole) * Fraction(10) ** power * (1 if paper > 0 else -1)


def read(text: str) -> Fraction:
    """The number a reader takes a text for."""
    mantissa, _, power = text.replace("−", "-").partition("×10")
    down = power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return Fraction(mantissa) * Fraction(10) ** int(down or 0)


def ties(count: int) -> list[Fraction]:
    """Numbers on paper that lie just between two of four digits: 1.4625."""
    wholes = [DICE.randint(1000, 9999) for _ in range(count)]
    return [Fraction(10 * whole + 5) * Fraction(10) ** DICE.randint(-9, 6) * DICE.choice([-1, 1]) for whole in wholes]


SHORT = [Fraction(DICE.randint(-(10**6), 10**6) or 1, 10 ** DICE.randint(0, 6)) for _ in range(500)]


def neighbours(value: float, steps: int = 4) -> list[float]:
    """The float and those beside it: what other machines make of the same sum."""
    found = [value]
    for end in (-math.inf, math.inf):
        here = value
        for _ in range(steps):
            here = math.nextafter(here, end)
            found.append(here)
    return found


@pytest.mark.parametrize("digits", [2, 4, 7])
def test_a_number_and_the_floats_beside_it_look_the_same_and_as_on_paper(digits):
    for paper in (*ties(500), *SHORT, Fraction(117, 80), Fraction("9.9995"), Fraction("0.00099995")):
        expected = school(paper, digits)
        for value in neighbours(float(paper)):
            assert read(text_number(value, digits)) == expected, (paper, value)
            assert sign([value]) == ("=" if school(paper, 4) == paper else r"\approx")


@pytest.mark.parametrize("digits", [4, 7])
def test_a_number_on_paper_is_rounded_as_it_stands(digits):
    for paper in ties(200):
        decimal = Decimal(paper.numerator) / paper.denominator
        assert read(text_number(decimal, digits)) == school(paper, digits)
        just_below = decimal - decimal.scaleb(-25)
        assert read(text_number(just_below, 4)) == school(Fraction(just_below), 4)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.4625, "1.463"),
        (1.4624999999999997, "1.463"),
        (-1.4625, "−1.463"),
        (9.9995, "10"),
        (9999.5, "1×10⁴"),
        (0.000099995, "0.0001"),
        (0.00001234499999999999, "1.235×10⁻⁵"),
        (5e-324, "4.941×10⁻³²⁴"),
        (1.7976931348623157e308, "1.798×10³⁰⁸"),
        (0.0, "0"),
        (-0.0, "0"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "not finite"),
        (Decimal("1.4625"), "1.463"),
        (Decimal("1.46249999999999999999"), "1.462"),
        (Decimal("1E-300000"), "1×10⁻³⁰⁰⁰⁰⁰"),
        (Decimal("0E-9"), "0"),
    ],
)
def test_carries_ends_and_what_is_no_number(value, text):
    assert text_number(value) == text


def test_more_than_twelve_digits_show_the_float_as_it_is():
    assert text_number(0.1 + 0.2, 17) == "0.30000000000000004"
    assert number(1.4624999999999997, 17) == "1.4624999999999997"
    assert rounded(0.1, 16) == Decimal("0.1")


def test_a_rounded_number_on_paper_is_written_with_its_half_up():
    assert written(Decimal("0.12345675")).latex == "0.1234568"
    assert written(Fraction(10**13 + 5 * 10**5, 10**13)).latex == "1.00000005"
