"""The address that is shared opens the very same state, bit for bit; and a damaged one harms nobody."""

from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import ADJUSTABLE
from core.settings import ENTRIES, Settings, read_address
from pages.screen import share
from pages.screen.address import complaints
from tests.pages.mischief import check_nothing_was_evaluated, check_said, texts
from tests.pages.screen import (
    CHAIN_RULE,
    DESCENT,
    FORWARD,
    PAGES,
    chosen,
    moved,
    notice,
    opened,
    pressed,
    result,
    result_of,
    values,
)
from tests.pages.state import DEFAULTS, EVERY_KEY, bits, random_state, state

SEEDS = st.integers(0, 2**32)


def entries_of(query: str) -> dict[str, str]:
    """What a browser makes of the part after the question mark."""
    pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True, strict_parsing=bool(query))
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def read_back(address: dict[str, str]) -> dict[str, Any]:
    settings, reasons = read_address({key: [text] for key, text in address.items()})
    assert reasons == {}
    return settings.entries


@given(SEEDS)
@settings(max_examples=200)
def test_any_state_is_read_back_from_its_address_to_the_last_bit(seed):
    whole = random_state(seed)
    query = share.query(Settings(**whole))
    assert query.isascii() and query.isprintable() and " " not in query
    assert bits(read_back(entries_of(query))) == bits(whole)


@given(SEEDS)
@settings(max_examples=200)
def test_any_entry_that_is_written_is_read_back_to_the_last_bit(seed):
    whole = random_state(seed)
    for key, entry in ENTRIES.items():
        if whole[key] != entry.default:
            assert repr(entry.read(entry.write(whole[key]))) == repr(whole[key]), key


def test_where_all_is_as_at_first_there_is_nothing_to_say():
    assert share.query(Settings()) == ""


def test_the_notebooks_address_is_the_page_alone():
    screen = pressed(opened(), "Share")
    assert not screen.exception
    assert [code.value for code in screen.code] in ([], [""])  # without a browser the page has no address


@pytest.mark.parametrize("seed, page", list(enumerate(PAGES)))
def test_a_shared_state_opens_as_it_was_on_every_page(page, seed):
    whole = random_state(seed) | {"steps": 2 + seed}
    address = Settings(**whole).address
    screen = opened(page, **address)
    assert not screen.exception
    assert notice(screen) == []
    assert state(screen) == bits(whole)
    shared = pressed(screen, "Share")
    assert not shared.exception
    (code,) = shared.code
    assert entries_of(code.value) == address
    again = opened(page, **entries_of(code.value))
    assert state(again) == bits(whole)
    assert result(again) == result_of(**address)


def test_what_was_set_a_moment_ago_is_shared():
    screen = moved(opened(CHAIN_RULE, preset="macleod"), "w1_12", -0.77)
    screen.button_group(key="parameter_shown").set_value("b1_1").run()
    screen = pressed(chosen(screen, "activation", "tanh"), "Pin")
    (code,) = pressed(screen, "Share").code
    assert entries_of(code.value) == {
        "w1_12": "-0.77",
        "parameter": "b1_1",
        "activation": "tanh",
        "preset": "macleod",
        "pin": "0.1~-0.77~0.3~0.4~0.1~0.2~0.5~0.6~0.3~1~2~0.7~tanh~identity~half_squared_error",
    }


def test_the_longest_state_can_be_shared_too():
    """Thirty-two rows and all else with all its digits: a QR code holds 2953 signs, so it may have to give up."""
    small = repr(-1 / 3e5)
    pin = "~".join([*[small] * 11, small[1:], "leaky_relu", "sigmoid", "binary_cross_entropy"])
    address = {name.key: small for name in ADJUSTABLE[:-1]} | {
        "y": small[1:],
        "rows": "_".join([f"{small}~{small}~{small[1:]}"] * 32),
        "data": "rows",
        "pin": pin,
        "activation": "leaky_relu",
        "output": "sigmoid",
        "loss": "binary_cross_entropy",
        "learning_rate": "1.2345678901234567e-06",
    }
    screen = opened(**address)
    assert notice(screen) == []
    screen = pressed(screen, "Share")
    assert not screen.exception
    (code,) = screen.code
    assert entries_of(code.value) == address


def test_the_picture_is_a_code_of_this_very_address(monkeypatch):
    made = []
    monkeypatch.setattr(share.segno, "make", lambda text, **more: made.append(text) or MAKE(text, **more))
    screen = pressed(opened(w1_11="0.5"), "Share")
    assert made == [screen.code[0].value] == ["?w1_11=0.5"]


MAKE = share.segno.make


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_an_optimiser_compared_with_itself_leaves_a_page_that_works(optimizer):
    screen = opened(DESCENT, optimizer=optimizer, compare=optimizer, steps="3")
    assert not screen.exception
    screen = opened(DESCENT, optimizer=optimizer, compare=f"momentum,{optimizer}", steps="3")
    assert not screen.exception


@pytest.mark.parametrize(
    "address", [{"batch": "32", "data": "xor"}, {"batch": "3"}, {"data": "rows"}, {"curves": "mean"}]
)
@pytest.mark.parametrize("page", [FORWARD, DESCENT])
def test_entries_that_wait_for_others_are_kept_and_harm_nothing(page, address):
    screen = opened(page, steps="2", **address)
    assert not screen.exception
    assert notice(screen) == []
    assert {key: screen.session_state[key] for key in address} == {
        key: ENTRIES[key].read(text) for key, text in address.items()
    }


def test_four_thousand_damaged_addresses_are_told_in_our_own_words():
    strange = texts(4000, seed=1)
    keys = (*EVERY_KEY, "wurst", "__class__")
    for number, text in enumerate(strange):
        address = {keys[number % len(keys)]: [text]}
        if number % 3 == 0:
            address |= {text[:300]: ["1"], keys[(number * 7) % len(keys)]: [text, text]}
        found = complaints(address)
        assert found.keys() <= address.keys()
        for sentence in found.values():
            check_said(sentence)
    check_nothing_was_evaluated()


@pytest.mark.parametrize("seed", range(8))
def test_an_address_that_is_damaged_everywhere_opens_the_notebook(seed):
    address = dict(zip(EVERY_KEY, list(texts(300 + seed, seed, huge=False))[-len(EVERY_KEY) :], strict=True))
    screen = opened(PAGES[seed % 3], **address)
    assert not screen.exception
    for sentence in notice(screen):
        check_said(sentence)
    refused = complaints({key: [text] for key, text in address.items()})
    assert {
        key for key in values(screen) if screen.session_state[key] != DEFAULTS[key]
    } <= address.keys() - refused.keys()
    check_nothing_was_evaluated()
