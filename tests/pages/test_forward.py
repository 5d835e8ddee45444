"""The forward page: the pass as mathematics, each line in symbols, numbers, result."""

import pytest

from tests.pages.screen import by_hand, moved, opened, words

HEADINGS = ("1 · Weigh and add", "2 · Activate", "3 · Weigh and add again", "4 · Output", "5 · Loss")


def test_the_five_lines_stand_in_the_order_of_the_pass():
    page = words(opened(), "forward_pass")
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
    assert line in words(opened(), "forward_pass")


def test_negative_numbers_stand_in_parentheses_where_they_are_added():
    assert r"+ (-1.25)" in words(opened(b2="-1.25"), "forward_pass")


def test_moving_a_slider_writes_the_pass_anew():
    screen = opened()
    screen = moved(screen, "x_1", -2.0)
    expected = by_hand(x_1=-2.0)
    page = words(screen, "forward_pass")
    assert f"&= {expected['L']:.4g}" in page
    assert rf"\begin{{bmatrix}} {expected['z1_1']:.4g} & {expected['z1_2']:.4g} \end{{bmatrix}}" in page
