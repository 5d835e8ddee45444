"""core/typeset.py and core/plain.py: a factor as rule, symbols and numbers, and whole derivations to copy."""

import re

import pytest

from core import ACTIVATIONS, DIFFERENTIABLE, Architecture, cancelled, derivation_latex, derivation_text, exact_derive
from core.plain import plain
from core.typeset import (
    Line,
    cancellation_line,
    definitions,
    factor_line,
    loss_on_paper,
    sign,
    steps,
    total_line,
    unit_lines,
)
from tests.core.points import NOTEBOOK, architecture_id, architectures, derive, random_points

EVERY_ARCHITECTURE = pytest.mark.parametrize("architecture", architectures(), ids=architecture_id)


def lines(key: str, architecture: Architecture = Architecture(), point=NOTEBOOK) -> dict[str, Line]:
    worked = exact_derive(*point, key, architecture=architecture)
    return {
        f"{factor.above} {factor.below}": factor_line(factor, worked.known, value, architecture)
        for route in worked.routes
        for factor, value in zip(route.factors, route.values, strict=True)
    }


def spoken(line: Line) -> list[str]:
    """The three lines of a factor, as text."""
    return [plain(part) for part in (line.rule, line.symbols, f"{line.numbers} {line.result_sign} {line.result}")]


def test_a_factor_has_its_rule_its_symbols_and_its_numbers():
    found = lines("w1_12")
    assert spoken(found["L o"]) == ["∂/∂o (½ (o − y)²) = o − y", "o − y", "1.42 − 0.7 = 0.72"]
    assert spoken(found["z2 h_2"])[0] == "∂/∂h₂ (h₁ w⁽²⁾₁ + h₂ w⁽²⁾₂ + b⁽²⁾) = w⁽²⁾₂"
    assert spoken(found["h_2 z1_2"]) == ["ReLU′(z) = 1 if z > 0, 0 if z ≤ 0", "ReLU′(z⁽¹⁾₂)", "ReLU′(1.2) = 1"]
    assert spoken(found["z1_2 w1_12"])[1:] == ["x₁", "1 = 1"]


GATES = {
    "leaky_relu": ["LReLU′(z) = 1 if z > 0, 0.01 if z ≤ 0", "LReLU′(z⁽¹⁾₂)", "LReLU′(1.2) = 1"],
    "sigmoid": ["σ′(z) = σ(z) (1 − σ(z))", "h₂ (1 − h₂)", "0.7685248 (1 − 0.7685248) ≈ 0.1778944"],
    "tanh": ["tanh′(z) = 1 − tanh(z)²", "1 − h₂²", "1 − 0.8336546² ≈ 0.30502"],
    "softplus": ["softplus′(z) = σ(z)", "σ(z⁽¹⁾₂)", "σ(1.2) ≈ 0.7685248"],
    "gelu": ["GELU′(z) = Φ(z) + z φ(z)", "Φ(z⁽¹⁾₂) + z⁽¹⁾₂ · φ(z⁽¹⁾₂)", "Φ(1.2) + 1.2 · φ(1.2) ≈ 1.117954"],
    "identity": ["∂/∂z⁽¹⁾₂ (z⁽¹⁾₂) = 1", "1", "1 = 1"],
}


@pytest.mark.parametrize("activation", GATES)
def test_each_gate_is_worked_out_as_on_paper(activation):
    assert spoken(lines("w1_12", Architecture(activation))["h_2 z1_2"]) == GATES[activation]


def test_cross_entropy_shows_where_o_comes_from():
    found = lines("b2", Architecture(output="sigmoid", loss="binary_cross_entropy"))["L z2"]
    assert spoken(found) == [
        "∂/∂z⁽²⁾ (ln(1 + e^(z⁽²⁾)) − y · z⁽²⁾) = σ(z⁽²⁾) − y = o − y",
        "o − y",
        "0.8053384 − 0.7 ≈ 0.1053384",
    ]
    assert found.numbers_sign == r"\approx"  # σ(1.42) is rounded before y is taken away


def test_a_line_says_whether_it_is_exact():
    found = lines("w1_12", Architecture("relu", "sigmoid"))
    assert (found["z2 h_2"].numbers_sign, found["z2 h_2"].result_sign) == ("=", "=")
    assert (found["o z2"].numbers_sign, found["o z2"].result_sign) == (r"\approx", r"\approx")
    known = exact_derive(*NOTEBOOK, "b2", architecture=Architecture("relu", "sigmoid")).known
    forward = unit_lines(known, Architecture("relu", "sigmoid"))
    assert (forward["o"].numbers_sign, forward["o"].result_sign) == ("=", r"\approx")  # σ(1.42), and its digits
    assert sign([1.42, 0.1 + 0.2]) == "="  # floats are set with four digits, and nothing is claimed


@EVERY_ARCHITECTURE
def test_every_derivation_can_be_copied_as_latex_and_as_text(architecture):
    (point,) = random_points(1, seed=95, architecture=architecture)
    for name in DIFFERENTIABLE:
        worked = exact_derive(*point, name.key, architecture=architecture)
        latex, text = derivation_latex(worked, architecture), derivation_text(worked, architecture)
        assert latex.startswith("\\begin{align*}\n") and latex.endswith("\n\\end{align*}\n")
        assert latex.count("{") == latex.count("}")
        assert latex.count(r"\left") == latex.count(r"\right")
        assert "textcolor" not in latex
        rows = latex.split("\n")[1:-2]
        assert all(row.endswith(r" \\") for row in rows[:-1]) and not rows[-1].endswith("\\")
        assert all("&=" in row or r"&\approx" in row for row in rows)
        assert not re.search(r"[\\{}_^&$]", re.sub(r"e\^", "", text)), text
        assert all(" = " in line or " ≈ " in line for line in text.splitlines())


def test_a_derivation_in_words_of_mathematics_only():
    text = derivation_text(exact_derive(*NOTEBOOK, "w2_1"), Architecture())
    assert text.splitlines()[-9:] == [
        "∂L/∂o = o − y",
        "      = 1.42 − 0.7",
        "      = 0.72",
        "∂o/∂z⁽²⁾ = 1",
        "∂z⁽²⁾/∂w⁽²⁾₁ = h₁",
        "             = 0.8",
        "∂L/∂w⁽²⁾₁ = ∂L/∂o · ∂o/∂z⁽²⁾ · ∂z⁽²⁾/∂w⁽²⁾₁",
        "          = 0.72 · 1 · 0.8",
        "          = 0.576",
    ]


def test_an_inputs_derivation_ends_with_the_sum_of_its_routes():
    last = derivation_text(exact_derive(*NOTEBOOK, "x_1"), Architecture()).splitlines()[-3:]
    assert last == [
        "∂L/∂x₁ = ∂L/∂x₁ (route 1) + ∂L/∂x₁ (route 2)",
        "       = 0.036 + 0.0864",
        "       = 0.1224",
    ]


def test_a_derivation_in_floats_can_be_copied_too():
    assert derivation_text(derive(*NOTEBOOK, "w1_12"), Architecture()).splitlines()[-1].endswith("= 0.432")


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\frac{\partial L}{\partial w^{(1)}_{12}}", "∂L/∂w⁽¹⁾₁₂"),
        (r"\frac{1}{1 + e^{-z}}", "1/(1 + e^(−z))"),
        (r"\frac{e^{z} - e^{-z}}{e^{z} + e^{-z}}", "(e^(z) − e^(−z))/(e^(z) + e^(−z))"),
        (r"1.5 \times 10^{-12}", "1.5 × 10⁻¹²"),
        (r"\operatorname{LReLU}'\left(z^{(1)}_{2}\right)", "LReLU′(z⁽¹⁾₂)"),
        (r"\left.\frac{\partial L}{\partial x_{1}}\right|_{2}", "∂L/∂x₁ (route 2)"),
        (r"\begin{cases}1 & z > 0\\0 & z \le 0\end{cases}", "1 if z > 0, 0 if z ≤ 0"),
    ],
)
def test_latex_becomes_plain_text(latex, text):
    assert plain(latex) == text


def test_a_line_says_nothing_twice_and_each_thing_with_its_own_sign():
    line = Line("o", "z", "1.42", "1.42", "", "=", r"\approx")
    assert steps(line) == [("=", "z"), ("=", "1.42")]
    assert steps(line._replace(numbers="z", result="2", result_sign=r"\approx")) == [("=", "z"), (r"\approx", "2")]


def test_the_sum_of_two_routes_is_written_in_parts_and_in_numbers():
    line = total_line(exact_derive(*NOTEBOOK, "x_1"))
    assert [plain(part) for part in (line.numbers, line.result)] == ["0.036 + 0.0864", "0.1224"]
    assert (line.numbers_sign, line.result_sign) == ("=", "=")


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_every_letter_of_a_functions_formulas_is_defined(key):
    found = {line.left: line.result for line in definitions([key, key])}
    needed = {"softplus": [r"\sigma(z)"], "gelu": [r"\Phi(z)", r"\varphi(z)", r"\operatorname{erf}(z)"]}.get(key, [])
    assert [left for left in found if left in needed] == needed
    assert len(found) == (0 if key == "identity" else 2 + len(needed))


CROSS_ENTROPY = Architecture("tanh", "sigmoid", "binary_cross_entropy")


def test_the_cancellation_is_shown_with_what_is_struck_out():
    point = random_points(1, seed=7, architecture=CROSS_ENTROPY)[0]
    known = derive(*point, "b2", architecture=CROSS_ENTROPY).known
    line = cancellation_line(CROSS_ENTROPY, cancelled(CROSS_ENTROPY, known))
    assert line.symbols.count(r"\cancel") == 2
    assert line.symbols.endswith("= o - y")
    first, second = (float(part.strip("()")) for part in line.numbers.split(r" \cdot "))
    o, y = known["o"], known["y"]
    assert first == pytest.approx((o - y) / (o * (1 - o)), rel=1e-3)
    assert second == pytest.approx(o * (1 - o), rel=1e-3)
    assert float(line.result) == pytest.approx(o - y, rel=1e-3)


def test_where_a_factor_is_infinite_only_what_is_left_is_shown():
    known = {"o": 0.0, "y": 1.0, "z2": -800.0}
    line = cancellation_line(CROSS_ENTROPY, cancelled(CROSS_ENTROPY, known))
    assert (line.numbers, line.result) == ("o - y", "-1")


def test_the_loss_on_paper_is_the_textbooks():
    assert plain(loss_on_paper(CROSS_ENTROPY)) == "L = −y ln o − (1 − y) ln(1 − o)"
    assert plain(loss_on_paper(Architecture())) == "L = ½ (o − y)²"
