"""What the drawing shows of the functions comes from their rows."""

import dataclasses
import math

import pytest

from core.drawn import loss_in_words, outline
from core.functions import ACTIVATIONS, LOSSES


@pytest.fixture
def _new_rows(monkeypatch):
    odd = dataclasses.replace(
        LOSSES["squared_error"], latex=r"\mathrm{{odd}}[{o}] \cosh {y}", slope_latex=r"3\,({o} - {y})^2"
    )
    monkeypatch.setitem(LOSSES, "odd", odd)
    cube = dataclasses.replace(ACTIVATIONS["tanh"], torch=lambda z: z**3)
    monkeypatch.setitem(ACTIVATIONS, "cube", cube)
    for each in (loss_in_words, outline):
        each.cache_clear()
    yield
    for each in (loss_in_words, outline):
        each.cache_clear()


def test_a_loss_is_told_as_on_paper():
    told = {loss: tuple(loss_in_words(loss)) for loss in LOSSES}
    assert told == {
        "half_squared_error": ("½ ({o} − {y})²", "{o} − {y}", "o", False),
        "squared_error": ("({o} − {y})²", "2 ({o} − {y})", "o", False),
        "binary_cross_entropy": ("−{y} ln {o} − (1 − {y}) ln(1 − {o})", "{o} − {y}", "z2", True),
    }


@pytest.mark.usefixtures("_new_rows")
def test_a_new_row_is_told_and_outlined_and_no_mark_of_latex_looks_like_a_gap():
    told = loss_in_words("odd")
    assert told.value == "mathrm(odd)({o}) cosh {y}"
    assert told.slope == "3 ({o} − {y})²"
    assert outline("cube") == pytest.approx([(k / 4 - 4) ** 3 for k in range(33)])


def test_doors_have_no_outline_and_curves_have_theirs():
    assert {key for key in ACTIVATIONS if outline(key) is None} == {"relu", "leaky_relu"}
    z = [k / 4 - 4 for k in range(33)]
    assert outline("tanh") == pytest.approx([math.tanh(each) for each in z])
    assert outline("softplus") == pytest.approx([math.log(1 + math.exp(each)) for each in z])
    assert outline("identity") == pytest.approx(z)
