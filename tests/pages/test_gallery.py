"""Presets: each sets its whole state, tells its story, and lays printed numbers beside ours."""

from itertools import cycle

import pytest
from streamlit.testing.v1 import AppTest

from core.presets import PRESETS, compare_printed, random_preset
from core.settings import ENTRIES
from core.typeset import text_number
from pages.screen.gallery import PAGES as PAGE_OF
from pages.screen.gallery import story_row
from tests.pages.mischief import check_said
from tests.pages.screen import (
    CHAIN_RULE,
    DESCENT,
    FORWARD,
    NOTEBOOK,
    PAGES,
    by_hand,
    data,
    notice,
    opened,
    pressed,
    result_of,
    shown,
    turned_to,
    values,
)
from tests.pages.state import bits, state

FUNCTIONS = ("activation", "output", "loss")


def chosen_preset(screen: AppTest, key: str) -> AppTest:
    return pressed(screen, "Presets").button(key=f"preset {key}").click().run()


def drawn(screen: AppTest, seed: int) -> AppTest:
    screen = pressed(screen, "Presets")
    screen.number_input(key="preset_seed").set_value(seed)
    return pressed(screen, "Draw twelve numbers")


def story(screen: AppTest) -> dict | None:
    rows = [each for each in screen.get("bidi_component") if each.proto.id.endswith("-story_words")]
    return data(screen, "story_words")["rows"][0] if rows else None


def result_by_hand(preset) -> str:
    expected = by_hand(**preset.settings.values, **{key: getattr(preset.settings, key) for key in FUNCTIONS})
    return f"o = {shown(expected['o'])} L = "


@pytest.mark.parametrize("page, key", list(zip(cycle(PAGES), PRESETS)))
def test_each_preset_sets_its_whole_state_and_opens_on_every_page(page, key):
    preset = PRESETS[key]
    busy = {"w1_11": "-2.5", "y": "0.25", "steps": "5", "optimizer": "adam", "data": "and", "axes": "b2,w2_1,start"}
    screen = chosen_preset(opened(page, **busy, activation="gelu", output="tanh", precision="float32"), preset.key)
    for here in dict.fromkeys((page, *PAGES)):
        screen = turned_to(here, screen) if here != page else screen
        assert not screen.exception
        assert state(screen) == bits(preset.settings.entries | {"precision": "float32", "preset": preset.key})
        assert story(screen)["title"].lower() == preset.name.lower()


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.key)
def test_a_preset_shows_the_numbers_that_a_hand_computes(preset):
    assert result_of(**preset.settings.address).startswith(result_by_hand(preset))


@pytest.mark.parametrize("seed", [0, 7, 2**31 - 1])
def test_a_random_draw_says_its_seed_and_the_same_seed_draws_the_same(seed):
    screen = drawn(opened(CHAIN_RULE), seed)
    assert not screen.exception
    assert values(screen) == random_preset(seed).settings.values
    assert f"seed {seed}" in story(screen)["title"]
    assert dict(screen.query_params)["preset"] == f"random_{seed}"
    again = opened(CHAIN_RULE, **{key: repr(value) for key, value in values(screen).items()}, preset=f"random_{seed}")
    assert notice(again) == []
    assert story(again) == story(screen)


@pytest.mark.parametrize("key", [*PRESETS, "random_7", "random_0"])
def test_the_story_is_told_wherever_the_address_names_it_and_nothing_else_is_set(key):
    preset = random_preset(int(key[7:])) if key.startswith("random_") else PRESETS[key]
    screen = opened(preset=key, steps="2")
    told = story(screen)
    for page in PAGES:
        screen = turned_to(page, screen) if page != FORWARD else screen
        assert not screen.exception
        assert notice(screen) == []
        assert values(screen) == NOTEBOOK
        assert story(screen) == told
    look, try_next = (text for text in told["words"] if text.startswith("**"))
    assert told["words"][0] == preset.story
    assert (look, try_next) == (f"**Look at:** {preset.look_at}", f"**Try next:** {preset.try_next}")
    links = screen.get("page_link")
    assert PAGE_OF[preset.page][1] in links[0].label
    assert ("details" in told) == bool(preset.printed)
    assert any(text.startswith("Source: ") for text in told["words"]) == bool(
        preset.source.title or preset.source.author
    )


@pytest.mark.parametrize("preset", [each for each in PRESETS.values() if each.printed], ids=lambda preset: preset.key)
def test_every_printed_number_stands_digit_for_digit_beside_ours(preset):
    told = story_row(preset)
    (row,) = told["details"]["rows"]
    assert row["table"]["head"] == ["Number", "Printed", "Ours", "", "Remark"]
    body = row["table"]["body"]
    compared = compare_printed(preset)
    assert [cells[0] for cells in body] == [printed.label for printed in preset.printed]
    assert [cells[1].replace("−", "-") for cells in body] == [printed.text for printed in preset.printed]
    assert [cells[2] for cells in body] == [text_number(each.ours, 7) for each in compared]
    assert [cells[3] for cells in body] == ["agrees" if each.agrees else "**differs**" for each in compared]
    agree = sum(each.agrees for each in compared)
    assert f"Of {len(body)} printed numbers {agree} agree with ours to every printed digit." in told["words"]


def test_the_sigmoid_example_shows_where_its_print_departs_from_the_true_step():
    (row,) = story_row(PRESETS["macleod"])["details"]["rows"]
    after = [cells for cells in row["table"]["body"] if cells[0].endswith("after one step")]
    prints = ("0.2724", "0.8731", "0.0992", "0.7978", "0.3972", "0.5928")
    ours = (0.272326, 0.872998, 0.099071, 0.797611, 0.397140, 0.592646)
    assert [f"{float(cells[1]):.4f}" for cells in after] == ["0.2724", "0.8730", *prints[2:]]  # 0.87305 is a tie
    assert [float(cells[2]) for cells in after] == [pytest.approx(value, abs=6e-7) for value in ours]
    assert all(cells[3] == "**differs**" and cells[4] for cells in after)
    (output,) = [cells for cells in row["table"]["body"] if cells[0] == "output of the network"]
    assert output[2].startswith("0.69028")
    assert output[3] == "agrees"


def test_a_closed_story_is_gone_and_the_numbers_stay():
    screen = chosen_preset(opened(), "dead_unit")
    before = values(screen)
    screen = pressed(screen, "Close the story")
    assert story(screen) is None
    assert values(screen) == before
    assert "preset" not in screen.query_params
    assert story(turned_to(CHAIN_RULE, screen)) is None


def test_the_story_goes_along_to_another_page():
    screen = turned_to(DESCENT, chosen_preset(opened(), "overshoot"))
    assert story(screen)["title"] == "An overshoot"
    assert dict(screen.query_params)["preset"] == "overshoot"


def test_a_preset_leaves_the_pinned_state_alone():
    screen = chosen_preset(pressed(opened(w1_11="2"), "Pin"), "macleod")
    assert screen.session_state.pin[0] == 2.0
    assert not screen.exception


@pytest.mark.parametrize(
    "text",
    [
        "Notebook",
        "random_",
        "random_-1",
        "random_2147483648",
        "random_1.5",
        "random_x",
        "RANDOM_7",
        "<b>",
        "",
        "random_7 8",
    ],
)
def test_a_bad_preset_is_left_out_and_it_is_said(text):
    screen = opened(FORWARD, preset=text)
    assert not screen.exception
    (sentence,) = notice(screen)
    check_said(sentence)
    assert sentence.endswith("It was left out.")
    assert story(screen) is None
    assert screen.session_state.preset == ENTRIES["preset"].default
    assert values(screen) == NOTEBOOK
