"""core/presets.py: every preset fits the sliders and does what its story says; every printed number has its verdict."""

import math

import pytest

from core import ADJUSTABLE, backward, descend, dissect_all, forward, slips
from core.batches import MOST_SEED
from core.names import PARAMETERS
from core.presets import PRESETS, WAYS, agrees, compare_printed, random_preset
from core.state_file import read_state, state_json
from tests.core.points import sentence_of

EVERY_PRESET = pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
NINE = [name.key for name in PARAMETERS]


def path_of(key, **changes):
    settings = PRESETS[key].settings
    return descend(settings.parameters, settings.example, **(settings.descent_arguments | changes))


def passed(key):
    settings = PRESETS[key].settings
    return forward(settings.parameters, settings.example, architecture=settings.architecture)


def gradient(key):
    settings = PRESETS[key].settings
    return backward(settings.parameters, settings.example, architecture=settings.architecture)


def verdicts(key):
    return {row.label: row for row in compare_printed(PRESETS[key])}


# ── all of them ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_presets_that_were_asked_for_are_there():
    assert set(PRESETS) == {
        *("notebook", "dead_unit", "both_dead", "saturated", "overshoot", "plateau", "perfect_xor", "random"),
        *("macleod", "negnevitsky"),
    }


@EVERY_PRESET
def test_a_preset_fits_the_sliders_and_can_be_opened(preset):
    assert PRESETS[preset.key] is preset
    settings = preset.settings
    assert list(settings.values) == [name.key for name in ADJUSTABLE]
    assert all(abs(value) <= (3 if key in NINE else 5) for key, value in settings.values.items())
    assert settings.misfit is None
    assert preset.page in ("/", "chain_rule", "descent")
    assert settings.data == "one" or settings.chosen_rows
    assert read_state(state_json(settings)) == settings


@EVERY_PRESET
def test_a_preset_has_a_story_in_whole_sentences(preset):
    texts = (preset.story, preset.look_at, preset.try_next)
    assert not any(text[0].islower() or text[-1] not in ".?" for text in texts)
    assert all(not row.remark or row.remark.endswith(".") for row in preset.printed)


@EVERY_PRESET
def test_every_printed_number_has_ours_and_where_they_differ_a_reason(preset):
    assert {row.ours[0] for row in preset.printed} <= set(WAYS)
    for row in compare_printed(preset):
        assert math.isfinite(row.ours)
        assert row.agrees or row.remark


def test_every_way_to_a_number_is_used():
    assert {row.ours[0] for preset in PRESETS.values() for row in preset.printed} == set(WAYS)


@pytest.mark.parametrize(
    ("printed", "value", "same"),
    [
        ("0.4320", 0.43204, True),
        ("0.4320", 0.43206, False),
        ("0.69", 0.6902834929, True),
        ("0.3", 0.25, True),  # either way of rounding a half
        ("-2.406e-3", -0.0024064, True),
        ("-2.406e-3", -0.0024066, False),
        ("373", 372.986, True),
        ("1.4200000762939453", 1.4200000762939453, True),
        ("1.4200000762939453", 1.42, False),
        ("0", math.nan, False),
        ("0", math.inf, False),
    ],
)
def test_two_numbers_agree_to_the_digits_that_were_printed(printed, value, same):
    assert agrees(printed, value) is same


# ── what each story says ────────────────────────────────────────────────────────────────────────────────────────


def test_the_notebook_agrees_with_itself_but_for_its_two_slips():
    wrong = {label: row for label, row in verdicts("notebook").items() if not row.agrees}
    assert set(wrong) == {"∂L/∂W1[0][1], by hand", "∂L/∂b1[0], by hand"}
    assert len(verdicts("notebook")) == 23
    notebook = PRESETS["notebook"].settings
    for key, printed, right in (("w1_12", "0.5184", "0.4320"), ("b1_1", "0.2880", "0.3600")):
        made = {slip.name: slip.result for slip in slips(notebook.parameters, notebook.example, key)}
        assert agrees(printed, made["ReLU(z) for ReLU′(z)"])
        (row,) = (row for row in wrong.values() if row.printed == printed)
        assert right in row.remark
        assert agrees(right, row.ours)


def test_one_dead_unit_leaves_four_gradients_of_nine_at_zero():
    zeros = {key for key in NINE if gradient("dead_unit")[key] == 0}
    assert zeros == {"w1_11", "w1_21", "b1_1", "w2_1"}
    assert passed("dead_unit").z1[0] - PRESETS["dead_unit"].settings.b1_1 == pytest.approx(-0.7)


def test_with_both_units_dead_only_b2_learns():
    path = path_of("both_dead")
    assert {key for key in NINE if gradient("both_dead")[key] != 0} == {"b2"}
    assert all(theta[:8] == path.theta[0][:8] for theta in path.theta)
    assert path.loss[-1] < 0.001


def test_the_saturated_sigmoid_is_as_wrong_as_can_be_and_hardly_learns():
    o = passed("saturated").o
    assert 0.999 < o < 1
    assert o * (1 - o) < 0.001
    assert all(abs(gradient("saturated")[key]) < 0.001 for key in NINE)


def test_the_overshoot_jumps_and_the_curvature_knew():
    assert [row.agrees for row in compare_printed(PRESETS["overshoot"])] == [True, True]
    path = path_of("overshoot")
    steps = dissect_all(path)
    assert steps.predicted[0] < 0 < steps.second_order[0]
    example = PRESETS["overshoot"].settings.example
    dead = [[z <= 0 for z in forward(point.parameters, example).z1] for point in path.steps[:3]]
    assert list(map(sum, dead)) == [0, 1, 2]
    assert path_of("overshoot", learning_rate=0.05, steps=20).loss[-1] < 1e-9


def test_the_plateau_holds_for_some_400_steps_and_then_falls():
    path = path_of("plateau")
    assert all(abs(loss - math.log(2)) < 0.004 for loss in path.loss[10:400])
    assert path.loss[-1] < 0.05


def test_the_perfect_xor_is_right_on_all_four_rows():
    preset = PRESETS["perfect_xor"]
    assert [forward(preset.settings.parameters, row).L for row in preset.settings.chosen_rows] == [0, 0, 0, 0]
    assert all(row.agrees for row in compare_printed(preset))
    assert set(path_of("perfect_xor").loss) == {0.0}


def test_the_sigmoid_example_of_many_lectures_departs_where_the_issue_says():
    preset = PRESETS["macleod"].settings
    agreed = [row.agrees for row in compare_printed(PRESETS["macleod"])]
    assert agreed == [True] * 5 + [False] * 8
    true = dict(zip(NINE, path_of("macleod").theta[1], strict=True))
    assert passed("macleod").o == pytest.approx(0.690283, abs=5e-7)
    expected = {"w2_1": 0.272326, "w2_2": 0.872998, "w1_11": 0.099071, "w1_12": 0.397140, "w1_21": 0.797611}
    expected["w1_22"] = 0.592646  # 0.5926455…: rounded to six digits
    assert {key: true[key] for key in expected} == pytest.approx(expected, abs=6e-7)
    # With the new W2 the print's own numbers come out, to its rounding on the way.
    for key, printed in (("w1_11", 0.09916), ("w1_12", 0.3972), ("w1_21", 0.7978), ("w1_22", 0.5928)):
        made = slips(preset.parameters, preset.example, key, architecture=preset.architecture, learning_rate=1.0)
        (updated,) = (slip.result for slip in made if slip.name == "W2 taken after its update")
        slipped = preset.values[key] - updated
        assert abs(slipped - printed) < 7e-5 and abs(slipped - printed) < abs(true[key] - printed) / 2


def test_the_textbook_s_first_step_of_xor_agrees_in_every_number():
    assert len(compare_printed(PRESETS["negnevitsky"])) == 19
    assert all(row.agrees for row in compare_printed(PRESETS["negnevitsky"]))


# ── the random draw ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_seed_draws_the_same_numbers_for_ever():
    assert random_preset(7).settings.values == {
        "w1_11": -0.35, "w1_12": -0.7, "w1_21": 0.3, "w1_22": -0.86, "b1_1": 0.07, "b1_2": -0.27,
        "w2_1": -0.89, "w2_2": 0.01, "b2": -0.93, "x_1": -0.13, "x_2": -0.86, "y": 0.09,
    }  # fmt: skip
    assert "seed 7" in random_preset(7).name
    assert PRESETS["random"] == random_preset(0)


def test_draws_are_hundredths_that_fit_every_loss():
    for seed in (*range(200), MOST_SEED):
        values = random_preset(seed).settings.values
        assert all(value == round(value, 2) and abs(value) <= 1 for value in values.values())
        assert 0 <= values["y"] <= 1
    assert len({tuple(random_preset(seed).settings.values.values()) for seed in range(200)}) == 200


def test_a_seed_that_is_none_is_refused():
    expected = "seed -1 is not possible; choose a whole number from 0 to 2147483647"
    assert sentence_of(lambda: random_preset(-1)) == expected
