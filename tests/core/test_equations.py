"""core/equations.py: the network said a second time, in SymPy, apart from torch."""

import pytest
import sympy

from core import ADJUSTABLE, COMPUTED, Architecture, Example, forward
from core.equations import KEYS, SYMBOLS, equations, solve_forward
from core.parameters import to_values
from tests.core.points import NOTEBOOK, architecture_id, architectures, random_points, share

EVERY_ARCHITECTURE = pytest.mark.parametrize("architecture", architectures(), ids=architecture_id)


def test_the_equations_are_the_ones_on_paper():
    s = SYMBOLS
    on_paper = {
        "z1_1": s["w1_11"] * s["x_1"] + s["w1_21"] * s["x_2"] + s["b1_1"],
        "z1_2": s["w1_12"] * s["x_1"] + s["w1_22"] * s["x_2"] + s["b1_2"],
        "h_1": sympy.Piecewise((s["z1_1"], s["z1_1"] > 0), (0, True)),
        "h_2": sympy.Piecewise((s["z1_2"], s["z1_2"] > 0), (0, True)),
        "z2": s["w2_1"] * s["h_1"] + s["w2_2"] * s["h_2"] + s["b2"],
        "o": s["z2"],
        "L": sympy.Rational(1, 2) * (s["o"] - s["y"]) ** 2,
    }
    written = {KEYS[left]: right for left, right in equations(Architecture())}
    assert list(written) == list(on_paper)
    for key, right in on_paper.items():
        assert sympy.simplify(written[key] - right) == 0, key


@EVERY_ARCHITECTURE
def test_each_equation_speaks_only_of_what_is_known_before_it(architecture):
    known = {SYMBOLS[name.key] for name in ADJUSTABLE}
    lines = equations(architecture)
    assert [KEYS[left] for left, _ in lines] == [name.key for name in COMPUTED]
    for left, right in lines:
        assert right.free_symbols <= known
        known.add(left)


@EVERY_ARCHITECTURE
def test_sympy_and_torch_compute_the_same_forward_pass(architecture):
    for parameters, example in (NOTEBOOK, *random_points(share(400), seed=21, architecture=architecture)):
        known = solve_forward(architecture, to_values(parameters, example))
        z1, h, *numbers = forward(parameters, example, architecture=architecture)
        by_torch = dict(zip((name.key for name in COMPUTED), (*z1, *h, *numbers), strict=True))
        for key, value in by_torch.items():
            assert known[key] == pytest.approx(value, rel=1e-12, abs=1e-13), key


def test_the_forward_pass_of_sympy_is_plain_floats_for_all_nineteen_symbols():
    known = solve_forward(Architecture(), to_values(*NOTEBOOK))
    assert set(known) == set(SYMBOLS)
    assert {type(value) for value in known.values()} == {float}
    assert known["o"] == pytest.approx(1.42, abs=1e-12)


def test_what_was_given_is_not_changed():
    values = to_values(*NOTEBOOK)
    solve_forward(Architecture(), values)
    assert values == to_values(*NOTEBOOK)


def test_a_symbol_is_written_as_the_vocabulary_writes_it():
    assert str(SYMBOLS["w1_12"]) == "w^{(1)}_{12}"
    assert str(SYMBOLS["b2"]) == "b^{(2)}"
    assert all(symbol.is_real for symbol in SYMBOLS.values())


def test_zero_inputs_and_kinks_have_values_too():
    parameters, _ = NOTEBOOK
    known = solve_forward(Architecture(), to_values(parameters, Example([0, -0.5], 0)))
    assert known["z1_1"] == pytest.approx(-0.05, abs=1e-15)
    assert (known["h_1"], known["z1_2"], known["h_2"]) == (0.0, 0.0, 0.0)
