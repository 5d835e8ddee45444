"""core/state_file.py: a state goes into a file and comes back bit for bit; what makes no sense is named."""

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import ADJUSTABLE, DATASETS, DIFFERENTIABLE, OPTIMIZERS, Example, offered_losses
from core.functions import HIDDEN_ACTIVATIONS, OUTPUT_ACTIVATIONS
from core.names import PARAMETERS
from core.presets import PRESETS
from core.reading import NotRead
from core.state_file import ENTRIES, MOST_CHARACTERS, VERSION, WHAT, read_state, state_json

NUMBER = st.floats(-5, 5)
UNIT = st.floats(0, 1)


@st.composite
def states(draw):
    """Everything a person can set, chosen at random."""
    output = draw(st.sampled_from(OUTPUT_ACTIVATIONS))
    state = {name.key: draw(NUMBER) for name in ADJUSTABLE} | {"y": draw(UNIT)}
    row = st.builds(lambda a, b, y: Example((a, b), y), NUMBER, NUMBER, UNIT)
    pair = draw(st.permutations([name.key for name in PARAMETERS]))[:2]
    return state | {
        "activation": draw(st.sampled_from(HIDDEN_ACTIVATIONS)),
        "output": output,
        "loss": draw(st.sampled_from(offered_losses(output))),
        "device": draw(st.sampled_from(["cpu", "cuda:0", "mps"])),
        "precision": draw(st.sampled_from(["float64", "float32"])),
        "parameter": draw(st.sampled_from([name.key for name in DIFFERENTIABLE])),
        "learning_rate": draw(st.floats(1e-6, 10)),
        "steps": draw(st.integers(0, 2000)),
        "optimizer": draw(st.sampled_from(list(OPTIMIZERS))),
        "compare": tuple(draw(st.lists(st.sampled_from(list(OPTIMIZERS)), max_size=2, unique=True))),
        "zero_grad": draw(st.booleans()),
        "data": draw(st.sampled_from(["one", "rows", *DATASETS])),
        "rows": tuple(draw(st.lists(row, max_size=32))),
        "batch": draw(st.integers(0, 32)),
        "seed": draw(st.integers(0, 2**31 - 1)),
        "curves": draw(st.sampled_from(["batch", "mean"])),
        "axes": (*pair, draw(st.sampled_from(["start", "end"]))),
    }


def bits(value):
    if isinstance(value, float):
        return struct.pack("d", value)
    if isinstance(value, Example):
        return tuple(map(bits, (*value.x, value.y)))
    return tuple(map(bits, value)) if isinstance(value, tuple) else value


@given(states())
def test_a_state_comes_back_bit_for_bit(state):
    text = state_json(state)
    assert set(state) == set(ENTRIES)
    assert len(text) <= MOST_CHARACTERS
    back = read_state(text)
    assert {key: bits(value) for key, value in back.items()} == {key: bits(value) for key, value in state.items()}
    assert [type(value) for value in back.values()] == [type(value) for value in state.values()]


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_every_preset_can_be_kept(preset):
    assert read_state(state_json(preset.state)) == preset.state


def test_the_file_is_plain_to_read():
    assert state_json({"y": 0.7, "zero_grad": False}) == (
        '{\n "what": "a state of Backprop by Hand",\n "version": 1,\n'
        ' "state": {\n  "y": 0.7,\n  "zero_grad": false\n }\n}\n'
    )


def test_a_whole_number_is_taken_for_a_value_and_a_mark_of_byte_order_is_skipped():
    value = read_state("\ufeff" + file_of({"x_1": 2}))["x_1"]
    assert value == 2.0
    assert type(value) is float


def file_of(state, **changes):
    return json.dumps({"what": WHAT, "version": VERSION, "state": state} | changes)


def trouble(text):
    with pytest.raises(NotRead) as caught:
        read_state(text)
    return caught.value.sentences


NO_JSON = "it is no JSON that can be read; choose a file that was saved here"
NOT_OURS = "it is not a state saved here; choose a file that was"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", NO_JSON),
        ("{", NO_JSON),
        ("[" * 5000, NO_JSON),
        ('{"what": "' + WHAT + '", "version": 1, "state": {"y": NaN}}', NO_JSON),
        ('{"what": "' + WHAT + '", "version": 1, "state": {"y": 1, "y": 2}}', NO_JSON),
        ('{"what": "' + WHAT + '", "version": 1, "state": {"y": ' + "9" * 5000 + "}}", NO_JSON),
        ("1", NOT_OURS),
        ("{}", NOT_OURS),
        (file_of([]), NOT_OURS),
        (file_of({}, what="something else"), NOT_OURS),
        (file_of({}, version=2), "its version is “2”; this dashboard reads version 1"),
        (file_of({}, version=True), "its version is “True”; this dashboard reads version 1"),
        (file_of({}, version="<b>"), "its version is “'<b>'”; this dashboard reads version 1"),
        (" " * (MOST_CHARACTERS + 1), "it must be text of at most 20,000 characters"),
        (None, "it must be text of at most 20,000 characters"),
    ],
)
def test_a_file_that_is_no_state_is_refused_as_a_whole(text, sentence):
    assert trouble(text) == {"file": sentence}


A_NUMBER = "write a finite number, such as 0.5"
OPTIMISERS = "list at most 2 different ones of: sgd, momentum, nesterov, adam, rmsprop"
AXES = 'name two different parameters and "start" or "end", such as ["w1_12", "w2_2", "end"]'
ROWS = "list at most 32 rows of three numbers from −5 to 5, [x1, x2, y]"


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("w1_11", "0.1", f"“'0.1'” cannot be taken; {A_NUMBER}"),
        ("w1_11", True, f"“True” cannot be taken; {A_NUMBER}"),
        pytest.param("w1_11", 10**400, f"“{'1' + '0' * 36}…” cannot be taken; {A_NUMBER}", id="huge"),
        ("y", None, f"“None” cannot be taken; {A_NUMBER}"),
        ("activation", "sigmod", "“'sigmod'” cannot be taken; choose one of: relu, leaky_relu, sigmoid, tanh, "
         "softplus, gelu, identity; did you mean 'sigmoid'?"),
        ("output", "relu", "“'relu'” cannot be taken; choose one of: identity, sigmoid, tanh"),
        ("device", "cuda:0; rm", "“'cuda:0; rm'” cannot be taken; a device is called cpu, mps, or such as cuda:0"),
        ("learning_rate", 11, "“11” cannot be taken; choose from 1e-06 to 10"),
        ("steps", 2.5, "“2.5” cannot be taken; choose a whole number from 0 to 2000"),
        ("zero_grad", 1, "“1” cannot be taken; choose true or false"),
        ("compare", ["adam", "adam"], f"“['adam', 'adam']” cannot be taken; {OPTIMISERS}"),
        ("compare", [["adam"]], f"“[['adam']]” cannot be taken; {OPTIMISERS}"),
        ("axes", ["b2", "b2", "end"], f"“['b2', 'b2', 'end']” cannot be taken; {AXES}"),
        ("axes", "b2", f"“'b2'” cannot be taken; {AXES}"),
        ("rows", [[1, 2]], f"“[[1, 2]]” cannot be taken; {ROWS}"),
        ("rows", [[1, 2, 6]], f"“[[1, 2, 6]]” cannot be taken; {ROWS}"),
        ("batch", 33, "“33” cannot be taken; choose a whole number from 1 to 32, the number of rows"),
        ("batch", False, "“False” cannot be taken; choose a whole number from 1 to 32, the number of rows"),
        ("seed", -1, "“-1” cannot be taken; choose a whole number from 0 to 2147483647"),
        ("curves", "<script>", "“'<script>'” cannot be taken; choose one of: batch, mean"),
    ],
)  # fmt: skip
def test_an_entry_that_makes_no_sense_is_named(key, value, sentence):
    assert trouble(file_of({"b2": 1, key: value})) == {key: sentence}


def test_all_that_is_wrong_is_named_at_once():
    found = trouble(file_of({"b2": "x", "w9": 1, "<img>": 2, "steps": 3}))
    assert found == {
        "b2": f"“'x'” cannot be taken; {A_NUMBER}",
        "“w9”": "“w9” is not a name this version knows",
        "“<img>”": "“<img>” is not a name this version knows",
    }


def test_what_does_not_go_together_is_named():
    assert "loss" in trouble(file_of({"loss": "binary_cross_entropy"}))
    sigmoid = {"output": "sigmoid", "loss": "binary_cross_entropy"}
    assert "y = 2 does not go with" in trouble(file_of(sigmoid | {"y": 2}))["y"]
    assert trouble(file_of(sigmoid | {"rows": [[0, 0, 1], [0, 0, 3]]}))["rows"].startswith("in row 2, y = 3 does not")


def test_what_could_not_be_read_back_is_not_written():
    for state in ({"y": float("nan")}, {"y": "x"}, {"unknown": 1}):
        with pytest.raises(NotRead):
            state_json(state)
