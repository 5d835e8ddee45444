"""core/rounding.py: a bound holds where it is asked to, and is not so wide that it says nothing."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import derive_all, exact_derive, exact_forward, forward
from core.names import ADJUSTABLE, DIFFERENTIABLE
from core.network import every_value
from core.parameters import to_values
from core.rounding import FORMATS, FUNCTIONS, UNROUNDED, Rounded, rounded_forward, rounded_gradients, surely
from core.smooth import FLOATS
from tests.core.points import architecture_id, architectures, random_points

NUMBERS = st.floats(-1e6, 1e6)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_sum_and_a_product_lie_within_their_bounds(a, b, c):
    x, y, z = (Rounded(number, 0.0, FORMATS["float64"]) for number in (a, b, c))
    found = x * y + z
    assert abs(Fraction(found.value) - (Fraction(a) * Fraction(b) + Fraction(c))) <= Fraction(found.off)
    assert found.off <= 1e-15 * (abs(a * b) + abs(c)) + 1e-300


@pytest.mark.parametrize("name", FUNCTIONS)
@given(z=st.floats(-60, 60), e=st.floats(0, 20), share=st.floats(-1, 1))
def test_a_function_stays_within_the_range_it_is_given(name, z, e, share):
    value = math.tanh if name == "tanh" else FLOATS[name]
    ball = FUNCTIONS[name](Rounded(z, e, UNROUNDED))
    assert abs(value(z + share * e) - value(z)) <= ball.off + 1e-15 * abs(value(z)) + 1e-300


@pytest.mark.parametrize("architecture", architectures(), ids=architecture_id)
def test_what_float64_computes_lies_as_near_to_paper_as_is_said(architecture):
    for point in random_points(3, seed=68, architecture=architecture):
        known = rounded_forward(architecture, surely(to_values(*point), FORMATS["float64"]))
        paper = exact_forward(*point, architecture=architecture)
        seen = every_value(*point, forward(*point, architecture=architecture))
        given_off = 1e-12  # paper takes the shortest decimal of each given number
        for key in set(paper) - {name.key for name in ADJUSTABLE}:
            assert abs(seen[key] - float(paper[key])) <= known[key].off + given_off
            assert known[key].off <= 1e-12
        gradients, floats = rounded_gradients(architecture, known), derive_all(*point, architecture=architecture)
        for name in DIFFERENTIABLE:
            right = float(exact_derive(*point, name.key, architecture=architecture).value)
            assert abs(floats[name.key] - right) <= gradients[name.key].off + given_off
            assert gradients[name.key].off <= 1e-11


def test_what_overflows_has_no_bound():
    huge = Rounded(1e200, 0.0, FORMATS["float64"])
    assert (huge * huge).off == math.inf
    assert Rounded(1e39, 0.0, FORMATS["float32"]).off == math.inf
    assert Rounded(math.nan, 0.0, UNROUNDED).off == math.inf


def test_nothing_times_anything_finite_is_exactly_nothing():
    nothing, some = Rounded(0.0, 0.0, FORMATS["float64"]), Rounded(3.0, 0.1, FORMATS["float64"])
    assert (nothing * some).off == 0
    assert not math.isfinite((nothing * Rounded(math.inf, 0.0, FORMATS["float64"])).off)
