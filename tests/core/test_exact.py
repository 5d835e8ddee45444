"""core/exact.py: numbers as on paper, exact where they can be and right to the last digit where they cannot."""

import math
from decimal import Decimal
from fractions import Fraction

import mpmath
import pytest
import sympy

from core import DIFFERENTIABLE, Architecture, Example, Parameters, derivation_text, exact_derive, exact_forward
from core.equations import SYMBOLS
from core.exact import KEPT, on_paper, redo
from core.functions import ACTIVATIONS, LOSSES
from core.smooth import Phi, phi
from core.typeset import written
from tests.core.points import NOTEBOOK, architecture_id, architectures, derive, random_points, sentence_of, suited
from tests.core.shown import worth

F = Fraction


def is_rational(architecture: Architecture) -> bool:
    """Whether every function of this network takes fractions to fractions."""
    loss = LOSSES[architecture.loss].sympy(sympy.Rational(1, 3), sympy.Rational(1, 7))
    used = ACTIVATIONS[architecture.activation], ACTIVATIONS[architecture.output]
    return loss.is_Rational and all(row.rational for row in used)


RATIONAL = [architecture for architecture in architectures() if is_rational(architecture)]
EVERY_ARCHITECTURE = pytest.mark.parametrize("architecture", architectures(), ids=architecture_id)


def by_hand(parameters: Parameters, example: Example, leak: Fraction, scale: int) -> dict[str, Fraction]:
    """∂L/∂key in fractions alone, for a gate that lets 1 or `leak` through and L = scale/2 (o − y)²."""
    (w11, w12), (w21, w22) = ([F(repr(w)) for w in row] for row in parameters.W1)
    (b1, b2), (v1, v2) = (F(repr(b)) for b in parameters.b1), (F(repr(w)) for (w,) in parameters.W2)
    c, (x1, x2), y = F(repr(parameters.b2[0])), (F(repr(x)) for x in example.x), F(repr(example.y))
    z1, z2 = x1 * w11 + x2 * w21 + b1, x1 * w12 + x2 * w22 + b2
    g1, g2 = (F(1) if z > 0 else leak for z in (z1, z2))
    h1, h2 = g1 * z1, g2 * z2
    d = scale * (h1 * v1 + h2 * v2 + c - y)
    d1, d2 = d * v1 * g1, d * v2 * g2
    slopes = [d1 * x1, d2 * x1, d1 * x2, d2 * x2, d1, d2, d * h1, d * h2, d, d1 * w11 + d2 * w12, d1 * w21 + d2 * w22]
    return dict(zip([name.key for name in DIFFERENTIABLE], slopes, strict=True))


LEAKS = {"relu": F(0), "leaky_relu": F(1, 100), "identity": F(1)}


@pytest.mark.parametrize("architecture", RATIONAL, ids=architecture_id)
def test_every_gradient_is_the_fraction_a_hand_computes(architecture):
    scale = 1 if architecture.loss == "half_squared_error" else 2
    for point in (NOTEBOOK, *random_points(5, seed=71)):
        for key, expected in by_hand(*point, LEAKS[architecture.activation], scale).items():
            value = exact_derive(*point, key, architecture=architecture).value
            assert isinstance(value, Fraction)
            assert value == expected


def test_the_networks_that_stay_rational_are_these():
    assert {(a.activation, a.output, a.loss) for a in RATIONAL} == {
        (f, "identity", loss) for f in LEAKS for loss in ("half_squared_error", "squared_error")
    }


def test_the_notebooks_numbers_are_exact_decimals():
    (route,) = exact_derive(*NOTEBOOK, "w2_1").routes
    assert route.values == (F(18, 25), F(1), F(4, 5))
    assert route.so_far == (F(18, 25), F(18, 25), F(72, 125))
    assert [written(value).latex for value in (*route.values, route.product)] == ["0.72", "1", "0.8", "0.576"]
    known = exact_forward(*NOTEBOOK)
    assert (known["z1_2"], known["o"], known["L"]) == (F(6, 5), F(71, 50), F(162, 625))
    assert derive(*NOTEBOOK, "w2_1").known["z1_1"] == 0.7999999999999999  # what floats make of 0.8


def test_an_input_adds_its_two_routes_exactly():
    worked = exact_derive(*NOTEBOOK, "x_1")
    assert [route.product for route in worked.routes] == [F(36, 1000), F(864, 10000)]
    assert worked.value == F(1224, 10000)


def test_thirds_stay_thirds():
    third = Parameters([[1 / 3, 0.2], [0.3, 0.4]], [0.1, 0.2], [[0.5], [0.6]], [0.3])
    assert exact_forward(third, NOTEBOOK[1])["z1_1"] == F(1, 3) + F(6, 10) + F(1, 10)


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        (0.1, F(1, 10)),
        (-1.25, F(-5, 4)),
        (1 / 3, F(1, 3)),
        (-5 / 7, F(-5, 7)),
        (0.1 + 0.2, F("0.30000000000000004")),
        (math.pi, F("3.141592653589793")),
        (1e-5, F(1, 100_000)),
        (1e22, F(10**22)),
        (0.0, F(0)),
        (-0.0, F(0)),
    ],
)
def test_a_float_is_the_number_that_was_meant(value, meant):
    assert on_paper(value) == meant
    assert float(on_paper(value)) == value


@EVERY_ARCHITECTURE
def test_on_paper_and_in_floats_the_numbers_are_the_same(architecture):
    for point in (NOTEBOOK, *random_points(2, seed=72, architecture=architecture)):
        for name in DIFFERENTIABLE:
            paper = exact_derive(*point, name.key, architecture=architecture)
            floats = derive(*point, name.key, architecture=architecture)
            assert float(paper.value) == pytest.approx(floats.value, rel=1e-9, abs=1e-13)
            for ours, theirs in zip(paper.routes, floats.routes, strict=True):
                assert ours.factors == theirs.factors
                assert [float(v) for v in ours.values] == pytest.approx(theirs.values, rel=1e-9, abs=1e-13)
                assert [float(v) for v in ours.so_far] == pytest.approx(theirs.so_far, rel=1e-9, abs=1e-13)
            assert {k: float(v) for k, v in paper.known.items()} == pytest.approx(floats.known, rel=1e-9, abs=1e-13)


def test_a_number_is_exact_up_to_the_first_irrational_function_and_only_so_far():
    network = Architecture("relu", "sigmoid", "squared_error")
    worked = exact_derive(*NOTEBOOK, "w1_12", architecture=network)
    exact = {key for key, value in worked.known.items() if isinstance(value, Fraction)}
    assert set(worked.known) - exact == {"o", "L"}
    (route,) = worked.routes
    assert [isinstance(value, Fraction) for value in route.values] == [False, False, True, True, True]


def test_nothing_times_anything_is_exactly_nothing():
    parameters, example = NOTEBOOK
    dead = Parameters(parameters.W1, [-10, 0.2], parameters.W2, parameters.b2)
    assert exact_derive(dead, example, "w1_11", architecture=Architecture("relu", "tanh")).value == Fraction(0)


SATURATED = Parameters([[40, 1], [0, 1]], [0, 0], [[1], [0]], [0]), Example([1, 0], 0.5)


def test_in_saturation_the_digits_that_a_float_loses_are_right():
    with mpmath.workdps(120):
        square = 1 - mpmath.tanh(40) ** 2
        expected = Decimal(mpmath.nstr((mpmath.tanh(40) - 0.5) * square, KEPT))
    found = exact_derive(*SATURATED, "b1_1", architecture=Architecture("tanh")).value
    assert derive(*SATURATED, "b1_1", architecture=Architecture("tanh")).value == 0.0
    assert found == pytest.approx(expected, rel=Decimal("1e-22"))


@EVERY_ARCHITECTURE
def test_however_far_out_a_point_lies_there_is_an_answer(architecture):
    for far in (800.0, -800.0):
        weights = Parameters([[far, 1], [1, 1]], [0, 0], [[1], [1]], [0])
        worked = exact_derive(*suited((weights, NOTEBOOK[1]), architecture), "x_2", architecture=architecture)
        assert all(math.isfinite(value) for value in worked.known.values())
        assert "=" in derivation_text(worked, architecture)


@pytest.mark.parametrize("activation", ["relu", "tanh", "gelu"])
def test_a_point_beyond_all_floats_is_an_answer_too(activation):
    parameters, example = Parameters([[-1e300, 1], [1, 1]], [0, 0], [[1e300], [1]], [0]), NOTEBOOK[1]
    worked = exact_derive(parameters, example, "w2_1", architecture=Architecture(activation, "sigmoid"))
    assert "=" in derivation_text(worked, Architecture(activation, "sigmoid"))


def test_an_unknown_parameter_and_a_target_that_cannot_be_are_refused_as_by_derive():
    assert sentence_of(lambda: exact_derive(*NOTEBOOK, "L")) == sentence_of(lambda: derive(*NOTEBOOK, "L"))
    crossed = Architecture(output="sigmoid", loss="binary_cross_entropy")
    beyond = NOTEBOOK[0], Example([1, 2], 2)
    assert sentence_of(lambda: exact_forward(*beyond, architecture=crossed)).startswith("y = 2 does not go with")


WRITTEN = [
    (F(576, 1000), "=", "0.576"),
    (F(-5, 4), "=", "-1.25"),
    (F(1, 3), "=", r"\frac{1}{3}"),
    (F(-22, 7), "=", r"-\frac{22}{7}"),
    (F(0), "=", "0"),
    (F(-3), "=", "-3"),
    (F("0.123456789012"), "=", "0.123456789012"),
    (F("0.1234567890123"), "≈", "0.1234568"),
    (F(10**9 + 7, 3 * 10**9), "≈", "0.3333333"),
    (Decimal("0.689974481127612636"), "≈", "0.6899745"),
    (Decimal("-0.99999999"), "≈", "-1"),
    (Decimal("4.248354255291588e-18"), "≈", r"4.248354 \times 10^{-18}"),
    (F(1), "=", "1"),
    (Decimal("1"), "≈", "1"),
    (Decimal("Infinity"), "≈", r"\infty"),
]


@pytest.mark.parametrize(("value", "sign", "latex"), WRITTEN)
def test_a_number_is_written_as_a_learner_would(value, sign, latex):
    assert written(value) == (sign, latex)


def test_what_is_written_with_an_equals_sign_is_equal():
    for point in random_points(20, seed=73):
        for value in exact_forward(*point).values():
            how = written(value)
            if how.sign == "=" and "times" not in how.latex:
                assert worth(how.latex, {}) == mpmath.mpf(value.numerator) / value.denominator


@pytest.mark.parametrize(("function", "expected"), [(Phi, mpmath.ncdf), (phi, mpmath.npdf)])
@pytest.mark.parametrize("place", [-45, -20, -3, 2])
def test_the_normal_distribution_keeps_its_digits_far_to_the_left(function, expected, place):
    found = redo(function(SYMBOLS["z2"]), {"z2": Fraction(place)})
    with mpmath.workdps(30):
        assert abs(mpmath.mpf(str(found)) / expected(place) - 1) < 1e-24
