"""core/settings.py: one table of everything that can be set, and one value that holds it."""

import inspect
import json
from dataclasses import FrozenInstanceError, fields, replace
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import ADJUSTABLE, DATASETS, Architecture, Example, Parameters, descend
from core.names import NAMES, Refused
from core.presets import PRESETS
from core.settings import ENTRIES, LIMITS, PINNED, Settings, limits, read_address
from core.state_file import read_state, state_json
from tests.core.states import PINS, STORIES, bits, states


def address(**texts):
    return {key: [text] for key, text in texts.items()}


def in_a_browser(settings):
    """The address of a state, as a browser carries and a server reads it."""
    return parse_qs(urlencode(settings.address), keep_blank_values=True, strict_parsing=bool(settings.address))


# ── one table ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_table_and_the_state_have_the_same_keys():
    assert list(ENTRIES) == [field.name for field in fields(Settings)]
    assert {*ENTRIES} == {
        *(name.key for name in ADJUSTABLE),
        *("device", "precision", "activation", "output", "loss", "parameter", "learning_rate", "steps", "optimizer"),
        *("compare", "zero_grad", "data", "rows", "batch", "seed", "curves", "preset", "pin", "axes"),
    }


def test_a_state_of_which_nothing_is_said_is_the_notebooks():
    assert Settings().parameters == Parameters.default()
    assert Settings().example == Example.default()
    assert Settings().architecture == Architecture()
    assert Settings().values == {name.key: NAMES[name.key].default for name in ADJUSTABLE}
    assert Settings().address == {}


def test_what_is_said_to_descend_are_its_own_arguments_with_its_own_defaults():
    asked = {key: each.default for key, each in inspect.signature(descend).parameters.items()}
    given_ = Settings().descent_arguments
    assert {key: asked[key] for key in given_} == given_
    assert asked.keys() - given_.keys() == {"parameters", "example", "progress"}


@pytest.mark.parametrize("key", ENTRIES)
def test_every_default_is_what_its_own_entry_takes(key):
    entry = ENTRIES[key]
    if entry.in_file:
        assert entry.check(json.loads(json.dumps(entry.default))) == entry.default
    assert getattr(Settings(), key) == entry.default


@given(states(), STORIES, PINS)
def test_every_entry_goes_through_an_address_bit_for_bit(settings, story, pin):
    settings = replace(settings, preset=story, pin=pin)
    back, reasons = read_address(in_a_browser(settings))
    assert reasons == {}
    assert bits(back) == bits(settings)


@given(states())
def test_address_and_file_lead_to_the_same_state(settings):
    assert bits(read_address(in_a_browser(settings))[0]) == bits(read_state(state_json(settings)))


# ── what makes no sense ─────────────────────────────────────────────────────────────────────────────────────────

ODD = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=3), inner, max_size=2)),
    max_leaves=6,
)


@given(st.sampled_from([key for key, entry in ENTRIES.items() if entry.in_file]), ODD)
def test_any_value_is_taken_or_refused_with_what_to_do_instead(key, value):
    try:
        taken = ENTRIES[key].check(value)
    except Refused as error:
        assert error.remedy
        assert "\n" not in error.remedy
    else:
        hash(taken)


@given(st.sampled_from(list(ENTRIES)), st.text(max_size=30))
def test_any_text_is_read_or_refused_and_the_default_stands(key, text):
    settings, reasons = read_address(address(**{key: text}))
    assert reasons.keys() <= {key}
    if reasons:
        assert settings == Settings()


def test_a_key_that_is_none_of_ours_is_left_out():
    assert read_address(address(wurst="1", steps="7")) == (Settings(steps=7), {})


def test_what_is_given_twice_is_refused():
    assert read_address({"steps": ["7", "8"]}) == (Settings(), {"steps": "it is given 2 times"})


@pytest.mark.parametrize(
    ("texts", "gives_way"),
    [
        ({"loss": "binary_cross_entropy"}, "loss"),
        ({"loss": "binary_cross_entropy", "output": "sigmoid", "y": "2"}, "y"),
        ({"loss": "binary_cross_entropy", "output": "sigmoid", "rows": "0~0~1_1~1~3"}, "rows"),
    ],
)
def test_what_does_not_go_together_gives_way_and_leaves_what_does(texts, gives_way):
    settings, reasons = read_address(address(**texts))
    assert reasons.keys() == {gives_way}
    assert getattr(settings, gives_way) == ENTRIES[gives_way].default
    assert settings.misfit is None
    assert settings.address == {key: text for key, text in texts.items() if key != gives_way}


def test_sliders_reach_as_far_as_their_entries_take():
    for name in ADJUSTABLE:
        low, high = LIMITS[name.key]
        assert (low, high) == ((-5, 5) if name.key in ("x_1", "x_2", "y") else (-3, 3))
        assert ENTRIES[name.key].check(low) == low and ENTRIES[name.key].check(high) == high
        with pytest.raises(Refused):
            ENTRIES[name.key].check(high + 1e-9)
    assert limits("binary_cross_entropy")["y"] == (0, 1)
    assert limits("squared_error") == LIMITS


# ── what follows from it ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("key", DATASETS)
def test_the_rows_to_learn_from_are_those_of_the_chosen_data(key):
    mine = (Example((1, 2), 0.5),)
    assert Settings(data=key, rows=mine).chosen_rows == DATASETS[key].rows
    assert Settings(rows=mine).chosen_rows is None
    assert Settings(data="rows", rows=mine).chosen_rows == mine
    assert Settings(data="rows").chosen_rows is None


def test_a_batch_is_smaller_than_the_data_or_all_of_them():
    sizes = {size: Settings(data="xor", batch=size).batch_size for size in (0, 1, 3, 4, 32)}
    assert sizes == {0: None, 1: 1, 3: 3, 4: None, 32: None}
    assert Settings(batch=3).batch_size is None


def test_a_state_is_the_same_whichever_way_it_is_made():
    settings = PRESETS["plateau"].settings
    again = Settings.at(
        settings.parameters, settings.example, settings.architecture, steps=1000, data="xor", learning_rate=1.0,
        parameter="w1_11",
    )  # fmt: skip
    assert again == settings
    assert Settings(**settings.entries) == settings
    assert hash(Settings(**settings.entries)) == hash(settings)


def test_a_pinned_state_is_a_state():
    settings = PRESETS["macleod"].settings
    pinned = Settings(pin=tuple(settings.entries[key] for key in PINNED)).pinned
    assert pinned.values == settings.values
    assert pinned.architecture == settings.architecture
    assert Settings().pinned is None


def test_what_changed_is_named_by_its_key():
    assert Settings(steps=7, y=0.5).changed_since(Settings(y=0.5)) == {"steps"}
    assert Settings().changed_since(Settings()) == set()


def test_nothing_in_it_can_be_changed():
    with pytest.raises(FrozenInstanceError):
        Settings().y = 1.0
