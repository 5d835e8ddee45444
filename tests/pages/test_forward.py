"""The forward page: the pass as mathematics, each line in symbols, numbers, result."""

import re

import pytest

from tests.pages.screen import ARCHITECTURES, brief, by_hand, moved, opened, said_in, view, words

HEADINGS = ("1 · Weigh and add", "2 · Activate", "3 · Weigh and add again", "4 · Output", "5 · Loss")


def forward_pass(**address: str) -> str:
    """Every word and formula of the page."""
    return said_in(view(**address)["forward_pass"])


def test_the_five_lines_stand_in_the_order_of_the_pass():
    page = forward_pass()
    assert sorted(HEADINGS, key=page.index) == list(HEADINGS)


@pytest.mark.parametrize(
    "line",
    [
        r"z^{(1)} &= x W^{(1)} + b^{(1)}",
        r"\begin{bmatrix} 1 & 2 \end{bmatrix} \begin{bmatrix} 0.1 & 0.2 \\ 0.3 & 0.4 \end{bmatrix}",
        r"&= \begin{bmatrix} 0.8 & 1.2 \end{bmatrix}",
        r"\begin{bmatrix} 0.8 & 1.2 \end{bmatrix} \begin{bmatrix} 0.5 \\ 0.6 \end{bmatrix} + 0.3",
        r"&= 1.42",
        r"&= 0.2592",
    ],
)
def test_the_notebooks_pass_is_written_out(line):
    assert line in forward_pass()


def test_negative_numbers_stand_in_parentheses_where_they_are_added():
    assert r"+ (-1.25)" in forward_pass(b2="-1.25")


def test_moving_a_slider_writes_the_pass_anew():
    screen = opened()
    screen = moved(screen, "x_1", -2.0)
    expected = by_hand(x_1=-2.0)
    page = words(screen, "forward_pass")
    assert re.search(rf"&(=|\\approx) {brief(expected['L'])}\b", page)
    assert rf"\begin{{bmatrix}} {brief(expected['z1_1'])} & {brief(expected['z1_2'])} \end{{bmatrix}}" in page


@pytest.mark.parametrize("made_of", ARCHITECTURES, ids=lambda made_of: "-".join(made_of.values()))
def test_the_pass_is_written_with_the_functions_that_were_chosen(made_of):
    expected, page = by_hand(**made_of), forward_pass(**made_of)
    for key in ("o", "L"):
        assert re.search(rf"&(=|\\approx) {brief(expected[key])}\b", page)
    assert rf"\begin{{bmatrix}} {brief(expected['h_1'])} & {brief(expected['h_2'])} \end{{bmatrix}}" in page
    called = {
        "relu": (r"\operatorname{ReLU}", r"\max(0, z)"),
        "leaky_relu": (r"\operatorname{LReLU}", r"\begin{cases}z & z > 0\\0.01\,z & z \le 0\end{cases}"),
        "sigmoid": (r"\sigma", r"\frac{1}{1 + e^{-z}}"),
        "tanh": (r"\tanh", r"\frac{e^{z} - e^{-z}}{e^{z} + e^{-z}}"),
        "softplus": (r"\operatorname{softplus}", r"\ln(1 + e^{z})"),
        "gelu": (r"\operatorname{GELU}", r"z\,\Phi(z)"),
    }
    for name, (symbol, definition) in called.items():
        used = name in made_of.values()
        assert (rf"{symbol}(z) &= {definition}" in page) == used, name
        assert (rf"{symbol}\left(z^{{(1)}}\right)" in page) == (made_of["activation"] == name)
        assert (rf"{symbol}\left(z^{{(2)}}\right)" in page) == (made_of["output"] == name)


def test_cross_entropy_is_written_as_on_paper_and_it_is_said_how_it_is_computed():
    page = forward_pass(output="sigmoid", loss="binary_cross_entropy")
    assert r"L &= -y \ln o - (1 - y) \ln(1 - o)" in page
    assert r"$L = \ln\left(1 + e^{z^{(2)}}\right) - y \cdot z^{(2)}$" in page
    assert "collapse into one" in page
    assert "With the identity" in forward_pass(activation="identity")
