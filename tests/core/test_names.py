"""core/names.py: one vocabulary, and the sentence for a word that is not in it."""

import re

import pytest

from core import ADJUSTABLE, COMPUTED, DIFFERENTIABLE, NAMES, PARAMETERS
from core.names import one_of, shorten
from core.parameters import from_values
from tests.core.points import sentence_of

# The table of the design, written out by hand: key, code, LaTeX, the notebook's value.
VOCABULARY = [
    ("w1_11", "W1[0,0]", "w^{(1)}_{11}", 0.1),
    ("w1_12", "W1[0,1]", "w^{(1)}_{12}", 0.2),
    ("w1_21", "W1[1,0]", "w^{(1)}_{21}", 0.3),
    ("w1_22", "W1[1,1]", "w^{(1)}_{22}", 0.4),
    ("b1_1", "b1[0]", "b^{(1)}_{1}", 0.1),
    ("b1_2", "b1[1]", "b^{(1)}_{2}", 0.2),
    ("w2_1", "W2[0,0]", "w^{(2)}_{1}", 0.5),
    ("w2_2", "W2[1,0]", "w^{(2)}_{2}", 0.6),
    ("b2", "b2[0]", "b^{(2)}", 0.3),
    ("x_1", "x[0]", "x_{1}", 1.0),
    ("x_2", "x[1]", "x_{2}", 2.0),
    ("y", "y", "y", 0.7),
]


def test_the_vocabulary_is_the_one_the_design_writes_down():
    assert [(name.key, name.code, name.latex, name.default) for name in ADJUSTABLE] == VOCABULARY


def test_there_are_nine_parameters_and_eleven_things_to_differentiate_by():
    assert len(PARAMETERS) == 9
    assert [name.key for name in DIFFERENTIABLE] == [key for key, *_ in VOCABULARY[:11]]


def test_the_forward_pass_computes_seven_values_in_this_order():
    assert [name.key for name in COMPUTED] == ["z1_1", "z1_2", "h_1", "h_2", "z2", "o", "L"]
    assert [name.latex for name in COMPUTED] == ["z^{(1)}_{1}", "z^{(1)}_{2}", "h_{1}", "h_{2}", "z^{(2)}", "o", "L"]
    assert all(name.default is None for name in COMPUTED)


@pytest.mark.parametrize("attribute", ["key", "code", "latex", "meaning"])
def test_no_two_symbols_share_a_word(attribute):
    words = [getattr(name, attribute) for name in NAMES.values()]
    assert len(set(words)) == len(words) == 19


@pytest.mark.parametrize("name", DIFFERENTIABLE, ids=lambda name: name.key)
def test_the_code_of_a_symbol_points_at_its_own_entry(name):
    holders = from_values({name.key: 42.0})
    tensor, *indices = re.findall(r"[A-Za-z]\w*|\d+", name.code)
    entry = next(getattr(holder, tensor) for holder in holders if hasattr(holder, tensor))
    assert tensor == name.tensor
    for index in indices:
        entry = entry[int(index)]
    assert entry == 42.0


UNKNOWN = {
    "nothing like it": ("zzz", "colour 'zzz' is not known; choose one of: red, green"),
    "nearly it": ("gren", "colour 'gren' is not known; choose one of: red, green; did you mean 'green'?"),
    "another case": ("RED", "colour 'RED' is not known; choose one of: red, green"),
    "nothing": ("", "colour '' is not known; choose one of: red, green"),
    "None": (None, "colour None is not known; choose one of: red, green"),
    "a number": (3, "colour 3 is not known; choose one of: red, green"),
    "a list": (["red"], "colour ['red'] is not known; choose one of: red, green"),
    "a very long word": (
        "red" * 100,
        "colour 'redredredredredredredredredredredred… is not known; choose one of: red, green",
    ),
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_an_unknown_word_is_answered_with_what_is_possible(case):
    value, sentence = UNKNOWN[case]
    assert sentence_of(lambda: one_of("colour", value, ["red", "green"])) == sentence


def test_a_known_word_passes():
    assert one_of("colour", "green", ("red", "green")) == "green"


def test_a_value_in_a_message_is_at_most_forty_characters_on_one_line():
    assert shorten("short") == "'short'"
    for value in ("x" * 41, list(range(100)), 10**400, "a\nb" * 20):
        text = shorten(value)
        assert len(text) <= 40
        assert text.endswith("…")
        assert "\n" not in text
