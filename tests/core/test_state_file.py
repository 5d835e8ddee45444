"""core/state_file.py: a state goes into a file and comes back bit for bit; what makes no sense is named."""

import json

import pytest
from hypothesis import given

from core import Example
from core.presets import PRESETS
from core.reading import NotRead
from core.settings import Settings
from core.state_file import MOST_CHARACTERS, VERSION, WHAT, read_state, state_json
from tests.core.states import bits, states


@given(states())
def test_a_state_comes_back_bit_for_bit(settings):
    text = state_json(settings)
    assert len(text) <= MOST_CHARACTERS
    assert bits(read_state(text)) == bits(settings)


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_every_preset_can_be_kept(preset):
    assert read_state(state_json(preset.settings)) == preset.settings


def test_the_file_is_plain_to_read():
    file = json.loads(state_json(Settings(y=0.25, zero_grad=False, rows=(Example((1, 2), 0.5),))))
    assert (file["what"], file["version"]) == ("a state of Backprop by Hand", 1)
    state = file["state"]
    assert (state["y"], state["zero_grad"], state["rows"], state["axes"]) == (
        *(0.25, False, [[1.0, 2.0, 0.5]]),
        ["w1_12", "w2_2", "end"],
    )


def test_what_a_file_leaves_out_keeps_its_default():
    assert read_state(file_of({"steps": 7})) == Settings(steps=7)


def test_a_whole_number_is_taken_for_a_value_and_a_mark_of_byte_order_is_skipped():
    value = read_state("\ufeff" + file_of({"x_1": 2})).x_1
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
        ("w1_11", 3.5, "“3.5” cannot be taken; choose a number from −3 to 3"),
        ("y", -6, "“-6” cannot be taken; choose a number from −5 to 5"),
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
    for wrong in ({"y": float("nan")}, {"y": "x"}, {"steps": -1}, {"loss": "binary_cross_entropy"}):
        with pytest.raises(NotRead):
            state_json(Settings(**wrong))


@pytest.mark.parametrize("key", ["preset", "pin"])
def test_a_story_and_a_pinned_state_are_no_part_of_a_file(key):
    assert key in trouble(file_of({key: ""}))[f"“{key}”"]
