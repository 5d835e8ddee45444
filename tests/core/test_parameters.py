"""core/parameters.py: what goes in, what is kept, and the sentence for what cannot be."""

import copy
import dataclasses
import math
import pickle
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import ADJUSTABLE, LOSSES, NAMES, PARAMETERS, Architecture, Example, Parameters
from core.functions import HIDDEN_ACTIVATIONS, OUTPUT_ACTIVATIONS
from core.parameters import finite, from_values, to_values
from tests.core.points import NOTEBOOK, sentence_of

numbers = st.floats(allow_nan=False, allow_infinity=False)


def build(**changed) -> Parameters:
    """The notebook's parameters with some of them changed."""
    return Parameters(
        **{"W1": [[0.1, 0.2], [0.3, 0.4]], "b1": [0.1, 0.2], "W2": [[0.5], [0.6]], "b2": [0.3], **changed}
    )


def every_float(nested) -> list[float]:
    return [number for entry in nested for number in every_float(entry)] if isinstance(nested, tuple) else [nested]


def test_lists_tuples_ints_and_fractions_become_tuples_of_floats():
    parameters = Parameters(W1=([1, Fraction(1, 2)], (3, 4.0)), b1=(0, 1), W2=[(Fraction(1, 4),), [2]], b2=(1,))
    assert parameters.W1 == ((1.0, 0.5), (3.0, 4.0))
    assert parameters.b1 == (0.0, 1.0)
    assert parameters.W2 == ((0.25,), (2.0,))
    assert parameters.b2 == (1.0,)
    example = Example(x=[Fraction(1, 8), 2], y=1)
    assert (example.x, example.y) == ((0.125, 2.0), 1.0)
    kept = every_float((parameters.W1, parameters.b1, parameters.W2, parameters.b2, example.x, example.y))
    assert {type(number) for number in kept} == {float}


def test_the_same_values_are_the_same_parameters_however_they_were_written():
    written_otherwise = Parameters(W1=((0.1, 0.2), (0.3, 0.4)), b1=(0.1, 0.2), W2=((0.5,), (0.6,)), b2=(0.3,))
    assert build() == written_otherwise
    assert hash(build()) == hash(written_otherwise)
    assert len({build(), written_otherwise, build(b2=[0.4])}) == 2
    assert hash(Example([1, 2], 3)) == hash(Example((1.0, 2.0), 3.0))
    assert hash(Architecture()) == hash(Architecture(activation="relu", output="identity", loss="half_squared_error"))


def test_the_lists_that_were_given_are_not_kept():
    b1 = [0.1, 0.2]
    parameters = build(b1=b1)
    b1[0] = 99.0
    assert parameters.b1 == (0.1, 0.2)


@pytest.mark.parametrize(
    ("frozen", "field"), [(build(), "b2"), (Example([1, 2], 3), "y"), (Architecture(), "loss")], ids=str
)
def test_nothing_can_be_changed_afterwards(frozen, field):
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(frozen, field, getattr(frozen, field))


@pytest.mark.parametrize("value", [build(), Example([1, 2], 3), Architecture()], ids=str)
def test_a_copy_and_a_pickle_are_equal_to_the_original(value):
    assert copy.deepcopy(value) == value
    assert pickle.loads(pickle.dumps(value)) == value


def test_the_vector_stands_in_the_order_of_the_vocabulary():
    parameters = Parameters(W1=[[1, 2], [3, 4]], b1=[5, 6], W2=[[7], [8]], b2=[9])
    assert parameters.vector == (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0)
    for position, name in enumerate(PARAMETERS):
        assert from_values({name.key: -1.0})[0].vector[position] == -1.0


@given(st.lists(numbers, min_size=9, max_size=9))
def test_a_vector_goes_in_and_comes_out_unchanged(vector):
    assert Parameters.from_vector(vector).vector == tuple(vector)


@given(st.fixed_dictionaries({name.key: numbers for name in ADJUSTABLE}))
def test_the_twelve_values_go_in_and_come_out_unchanged(values):
    assert to_values(*from_values(values)) == values


def test_a_missing_value_takes_the_one_of_the_notebook():
    assert from_values({}) == NOTEBOOK
    parameters, example = from_values({"w1_12": 5, "y": -1})
    assert parameters == build(W1=[[0.1, 5], [0.3, 0.4]])
    assert example == Example([1, 2], -1)
    assert to_values(*NOTEBOOK) == {key: name.default for key, name in NAMES.items() if name.default is not None}


@given(numbers)
def test_every_finite_number_is_taken_as_it_is(number):
    assert finite("b2", number) == number


def test_the_largest_and_the_smallest_numbers_are_taken_too():
    for number in (1.7976931348623157e308, 5e-324, -0.0):
        assert math.copysign(1, finite("y", number)) == math.copysign(1, number)
        assert finite("y", number) == number


HUGE = 10**5000  # more digits than Python will print
BAD_PARAMETERS = {
    "W1 is nothing": ({"W1": None}, "W1 must be 2 rows of 2 numbers, not None"),
    "W1 is a number": ({"W1": 5}, "W1 must be 2 rows of 2 numbers, not 5"),
    "W1 is a text": ({"W1": "ab"}, "W1 must be 2 rows of 2 numbers, not 'ab'"),
    "W1 is empty": ({"W1": []}, "W1 must be 2 rows of 2 numbers, not []"),
    "W1 has three rows": (
        {"W1": [[1, 2], [3, 4], [5, 6]]},
        "W1 must be 2 rows of 2 numbers, not [[1, 2], [3, 4], [5, 6]]",
    ),
    "W1 is flat": ({"W1": [1, 2]}, "W1[0] must be a list of 2 numbers, not 1"),
    "W1 has a short row": ({"W1": [[1, 2], [3]]}, "W1[1] must be a list of 2 numbers, not [3]"),
    "W1 has a text for a row": ({"W1": [[1, 2], "34"]}, "W1[1] must be a list of 2 numbers, not '34'"),
    "W1 has nothing for a row": ({"W1": [[1, 2], None]}, "W1[1] must be a list of 2 numbers, not None"),
    "W1 is a dict": ({"W1": {"a": 1, "b": 2}}, "W1 must be 2 rows of 2 numbers, not {'a': 1, 'b': 2}"),
    "W1 is a set": ({"W1": {1}}, "W1 must be 2 rows of 2 numbers, not {1}"),
    "an entry is a text": ({"W1": [[1, "2"], [3, 4]]}, "W1[0][1] must be a number, not '2'"),
    "an entry is a NaN": ({"W1": [[1, 2], [3, math.nan]]}, "W1[1][1] must be a finite number, not nan"),
    "an entry is an infinity": ({"W1": [[math.inf, 2], [3, 4]]}, "W1[0][0] must be a finite number, not inf"),
    "an entry is a bool": ({"W1": [[1, 2], [True, 4]]}, "W1[1][0] must be a number, not True"),
    "an entry is nothing": ({"W1": [[1, 2], [None, 4]]}, "W1[1][0] must be a number, not None"),
    "an entry is complex": ({"W1": [[1, 2], [3, 4j]]}, "W1[1][1] must be a number, not 4j"),
    "b1 is too short": ({"b1": [1]}, "b1 must be a list of 2 numbers, not [1]"),
    "b1 is too long": ({"b1": [1, 2, 3]}, "b1 must be a list of 2 numbers, not [1, 2, 3]"),
    "b1 is a number": ({"b1": 3.5}, "b1 must be a list of 2 numbers, not 3.5"),
    "b1 is a text": ({"b1": "12"}, "b1 must be a list of 2 numbers, not '12'"),
    "b1 is bytes": ({"b1": b"12"}, "b1 must be a list of 2 numbers, not b'12'"),
    "b1 is a bytearray": ({"b1": bytearray(b"12")}, "b1 must be a list of 2 numbers, not bytearray(b'12')"),
    "b1 is nested": ({"b1": [[1], [2]]}, "b1[0] must be a number, not [1]"),
    "b1 has minus infinity": ({"b1": [1, -math.inf]}, "b1[1] must be a finite number, not -inf"),
    "W2 is flat": ({"W2": [1, 2]}, "W2[0] must be a list of 1 number, not 1"),
    "W2 is a row": ({"W2": [[1, 2]]}, "W2 must be 2 rows of 1 number, not [[1, 2]]"),
    "W2 is square": ({"W2": [[1, 2], [3, 4]]}, "W2[0] must be a list of 1 number, not [1, 2]"),
    "b2 is a bare number": ({"b2": 0.3}, "b2 must be a list of 1 number, not 0.3"),
    "b2 is empty": ({"b2": []}, "b2 must be a list of 1 number, not []"),
    "b2 holds nothing": ({"b2": [None]}, "b2[0] must be a number, not None"),
    "a whole number too large for a float": (
        {"b2": [10**400]},
        "b2[0] must be a finite number, not 1000000000000000000000000000000000000…",
    ),
    "a long list": (
        {"b1": list(range(1000))},
        "b1 must be a list of 2 numbers, not [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11…",
    ),
}
BAD_EXAMPLES = {
    "x is too short": (lambda: Example([1], 0), "x must be a list of 2 numbers, not [1]"),
    "x is a number": (lambda: Example(1, 0), "x must be a list of 2 numbers, not 1"),
    "x is a text": (lambda: Example("12", 0), "x must be a list of 2 numbers, not '12'"),
    "x holds a NaN": (lambda: Example([1, math.nan], 0), "x[1] must be a finite number, not nan"),
    "x holds a bool": (lambda: Example([False, 1], 0), "x[0] must be a number, not False"),
    "y is a list": (lambda: Example([1, 2], [0.7]), "y must be a number, not [0.7]"),
    "y is an infinity": (lambda: Example([1, 2], math.inf), "y must be a finite number, not inf"),
    "y is a text": (lambda: Example([1, 2], "0.7"), "y must be a number, not '0.7'"),
    "y is nothing": (lambda: Example([1, 2], None), "y must be a number, not None"),
    "a slider holds nothing": (lambda: from_values({"w1_12": None}), "W1[0,1] must be a number, not None"),
    "a slider holds a text": (lambda: from_values({"x_1": "1"}), "x[0] must be a number, not '1'"),
    "a slider holds a NaN": (lambda: from_values({"b2": math.nan}), "b2[0] must be a finite number, not nan"),
}
HIDDEN, OUTPUT, LOSS = (", ".join(keys) for keys in (HIDDEN_ACTIVATIONS, OUTPUT_ACTIVATIONS, LOSSES))
BAD_ARCHITECTURES = {
    "a slip of the pen": (
        {"activation": "rellu"},
        f"activation 'rellu' is not known; choose one of: {HIDDEN}; did you mean 'relu'?",
    ),
    "another case": ({"activation": "RELU"}, f"activation 'RELU' is not known; choose one of: {HIDDEN}"),
    "nothing": ({"activation": None}, f"activation None is not known; choose one of: {HIDDEN}"),
    "a list": ({"activation": ["relu"]}, f"activation ['relu'] is not known; choose one of: {HIDDEN}"),
    "a function": ({"activation": 7}, f"activation 7 is not known; choose one of: {HIDDEN}"),
    "not for an output": ({"output": "relu"}, f"output 'relu' is not known; choose one of: {OUTPUT}"),
    "an unknown loss": ({"loss": "zzz"}, f"loss 'zzz' is not known; choose one of: {LOSS}"),
    "a bool": ({"loss": True}, f"loss True is not known; choose one of: {LOSS}"),
}


@pytest.mark.parametrize("case", BAD_PARAMETERS)
def test_parameters_that_cannot_be_are_refused_with_a_sentence(case):
    changed, sentence = BAD_PARAMETERS[case]
    assert sentence_of(lambda: build(**changed)) == sentence


@pytest.mark.parametrize("case", BAD_EXAMPLES)
def test_an_example_that_cannot_be_is_refused_with_a_sentence(case):
    call, sentence = BAD_EXAMPLES[case]
    assert sentence_of(call) == sentence


@pytest.mark.parametrize("case", BAD_ARCHITECTURES)
def test_an_architecture_that_cannot_be_is_refused_with_a_sentence(case):
    changed, sentence = BAD_ARCHITECTURES[case]
    assert sentence_of(lambda: Architecture(**changed)) == sentence


@pytest.mark.parametrize(
    "value", [HUGE, -HUGE, Fraction(HUGE, 3)], ids=["a whole number", "a negative one", "a fraction"]
)
def test_a_number_with_thousands_of_digits_gets_our_sentence_and_not_pythons(value):
    assert sentence_of(lambda: build(b2=[value])).startswith("b2[0] must be a finite number, not ")


def test_an_array_is_refused_on_one_line():
    torch = pytest.importorskip("torch")
    sentence = sentence_of(lambda: build(W1=torch.ones(2, 2)))
    assert sentence.startswith("W1 must be 2 rows of 2 numbers, not ")
    assert "\n" not in sentence
