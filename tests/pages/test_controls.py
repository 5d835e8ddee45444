"""The sidebar: what can be turned, how far, and the way back."""

from itertools import cycle

import pytest

from core import ADJUSTABLE, NAMES
from tests.pages.screen import (
    CHAIN_RULE,
    DESCENT,
    FORWARD,
    NOTEBOOK,
    PAGES,
    by_hand,
    chosen,
    data,
    moved,
    opened,
    pressed,
    raw_result,
    result,
    shown,
    told,
    turned_to,
    values,
    words,
)


@pytest.fixture(scope="module")
def fresh():
    """A first visit, only looked at."""
    return opened()


def test_twelve_sliders_start_at_the_notebooks_values():
    assert values(opened()) == NOTEBOOK


def test_sliders_stand_in_the_order_of_the_matrices_they_fill_two_a_row(fresh):
    assert [slider.key for slider in fresh.sidebar.slider] == [
        *("w1_11", "w1_12"),
        *("w1_21", "w1_22"),
        *("b1_1", "b1_2"),
        *("w2_1", "w2_2"),
        *("b2", "y"),
        *("x_1", "x_2"),
    ]


@pytest.mark.parametrize("name", ADJUSTABLE, ids=lambda name: name.key)
def test_a_slider_has_its_name_from_the_vocabulary_and_its_range(name, fresh):
    slider = fresh.sidebar.slider(key=name.key)
    limit = 5 if name.key in ("x_1", "x_2", "y") else 3
    assert slider.label == f"${name.latex}$"
    assert (slider.min, slider.max, slider.step) == (-limit, limit, 0.01)
    assert slider.value == name.default


@pytest.mark.parametrize("key, page", list(zip(NOTEBOOK, cycle(PAGES), strict=False)))
def test_a_moved_slider_changes_the_numbers_and_nothing_else(key, page):
    screen = opened(page)
    screen = moved(screen, key, 1.25)
    expected = by_hand(**{key: 1.25})
    assert not screen.exception
    assert values(screen) == NOTEBOOK | {key: 1.25}
    assert result(screen).startswith(f"o = {shown(expected['o'])} L = {shown(expected['L'])} ")


def test_reset_brings_back_the_twelve_numbers_and_leaves_the_rest():
    screen = opened(DESCENT, w1_11="2", y="-3", steps="7", precision="float32")
    screen = pressed(screen, "Reset all values")
    assert values(screen) == NOTEBOOK
    assert result(screen).startswith("o = 1.420 L = 0.2592 ")
    assert screen.session_state.steps == 7
    assert screen.session_state.precision == "float32"


# The functions ----------------------------------------------------------------------------------------------------

HIDDEN = ["ReLU", "leaky ReLU", "sigmoid", "tanh", "softplus", "GELU", "identity"]
WHY_NOT = (
    "Binary cross-entropy takes the output as a probability and its logarithm, so the output must lie between 0 and 1; "
    "{output}. Choose the output sigmoid."
)


def said(screen) -> list[str]:
    """The notes that pop up for a moment."""
    return [toast.value for toast in screen.toast]


def test_what_a_network_can_be_made_of(fresh):
    offered = {key: fresh.sidebar.selectbox(key=f"{key}_shown") for key in ("activation", "output", "loss")}
    assert offered["activation"].options == HIDDEN
    assert offered["output"].options == ["identity", "sigmoid", "tanh"]
    assert offered["loss"].options == ["half squared error", "squared error"]
    assert [box.value for box in offered.values()] == ["relu", "identity", "half_squared_error"]
    assert [box.label for box in offered.values()] == ["Hidden activation $f$", "Output activation $g$", "Loss $L$"]
    assert all(box.help.endswith(".") for box in offered.values())


@pytest.mark.parametrize(
    "output, reason", [("identity", "identity can give any number"), ("tanh", "tanh can give between −1 and 1")]
)
def test_cross_entropy_is_not_offered_without_a_sigmoid_and_it_is_said_why(output, reason):
    screen = chosen(opened(), "output", output) if output != "identity" else opened()
    assert "binary cross-entropy" not in screen.selectbox(key="loss_shown").options
    (caption,) = screen.sidebar.caption
    assert caption.value == "With another output: binary cross-entropy."
    assert caption.proto.help == WHY_NOT.format(output=reason)
    screen = chosen(screen, "output", "sigmoid")
    assert screen.selectbox(key="loss_shown").options[-1] == "binary cross-entropy"
    assert not screen.sidebar.caption


def test_a_chosen_function_is_on_every_page_and_in_every_address():
    screen = opened(CHAIN_RULE)
    address = {"activation": "tanh", "output": "sigmoid", "loss": "binary_cross_entropy"}
    for key, option in address.items():
        screen = chosen(screen, key, option)
    expected = by_hand(**address)
    for page in (CHAIN_RULE, DESCENT, FORWARD, CHAIN_RULE):
        screen = turned_to(page, screen)
        assert not screen.exception
        assert screen.query_params.items() == address.items()
        assert [screen.selectbox(key=f"{key}_shown").value for key in address] == list(address.values())
        assert result(screen).startswith(f"o = {shown(expected['o'])} L = {shown(expected['L'])} ")
    screen = chosen(screen, "activation", "relu")
    assert "activation" not in screen.query_params  # a default stays out


def test_another_output_puts_the_loss_back_and_says_why():
    screen = opened(output="sigmoid", loss="binary_cross_entropy", y="1")
    screen = chosen(screen, "output", "identity")
    reason = WHY_NOT.format(output="identity can give any number")
    assert said(screen) == [f"{reason} The loss is half squared error now."]
    assert screen.selectbox(key="loss_shown").value == "half_squared_error"
    assert screen.query_params.items() == {"y": "1"}.items()
    assert result(screen).startswith(f"o = 1.420 L = {shown(0.42**2 / 2)} ")
    assert said(screen.run()) == []


@pytest.mark.parametrize("before, after", [(1.5, 1.0), (-5.0, 0.0)])
def test_cross_entropy_takes_a_target_from_0_to_1_and_moves_it_there_with_a_word(before, after):
    screen = opened(output="sigmoid", y=str(before))
    assert data(screen, "network")["limits"]["y"] == [-5, 5]
    screen = chosen(screen, "loss", "binary_cross_entropy")
    assert values(screen) == NOTEBOOK | {"y": after}
    assert data(screen, "network")["limits"]["y"] == [0, 1]
    refused = (
        "y = {:g} does not go with binary cross-entropy: the target is the probability we would like, so choose y "
        "from 0 to 1."
    )
    assert said(screen) == [f"{refused.format(before)} It stands at {after:g} now."]
    expected = by_hand(output="sigmoid", loss="binary_cross_entropy", y=after)
    assert result(screen).startswith(f"o = {shown(expected['o'])} L = {shown(expected['L'])} ")
    screen = moved(screen, "y", 4.0)
    assert said(screen) == [f"{refused.format(4)} It stands at 1 now."]
    assert values(screen)["y"] == 1.0
    screen = moved(screen, "y", 0.25)
    assert values(screen)["y"] == 0.25


def test_the_drawing_too_keeps_y_where_cross_entropy_can_take_it():
    screen = told(opened(output="sigmoid", loss="binary_cross_entropy"), "network", "changed", {"key": "y", "value": 3})
    assert not screen.exception
    assert values(screen) == NOTEBOOK | {"y": 1.0}
    screen = pressed(screen, "Reset all values")
    assert values(screen) == NOTEBOOK
    assert screen.session_state.loss == "binary_cross_entropy"


def test_device_and_precision_offer_what_this_machine_has():
    screen = opened()
    assert screen.selectbox(key="device").options[0] == "cpu"
    assert screen.selectbox(key="device").value == "cpu"
    assert screen.selectbox(key="precision").options == ["float64", "float32"]


def test_float32_shows_the_full_value_that_the_notebook_prints():
    screen = opened()
    screen.selectbox(key="precision").set_value("float32").run()
    titles = [title for *_, title in raw_result(screen)["numbers"]]
    assert titles == ["output, 1.4200000762939453", "loss, 0.2592000663280487"]


def test_what_one_page_keeps_survives_the_others():
    screen = opened(DESCENT)
    screen.number_input(key="learning_rate_shown").set_value(0.05).run()
    screen.number_input(key="steps_shown").set_value(30).run()
    screen = turned_to(CHAIN_RULE, screen)
    screen.button_group(key="parameter_shown").set_value("b1_1").run()
    screen = turned_to(DESCENT, turned_to(FORWARD, screen))
    assert screen.number_input(key="learning_rate_shown").value == 0.05
    assert screen.number_input(key="steps_shown").value == 30
    screen = turned_to(CHAIN_RULE, screen)
    assert screen.button_group(key="parameter_shown").value == "b1_1"
    assert r"\frac{\partial L}{\partial b^{(1)}_{1}}" in words(screen, "chain")


@pytest.mark.parametrize("page", PAGES)
def test_what_is_kept_stays_in_the_address_on_every_page(page):
    kept = {"learning_rate": "0.05", "steps": "30", "parameter": "b1_1"}
    assert opened(page, **kept).query_params.items() >= kept.items()


def test_a_kept_default_leaves_the_address():
    screen = opened(DESCENT, steps="30")
    screen.number_input(key="steps_shown").set_value(100).run()
    assert "steps" not in screen.query_params


def test_the_picker_offers_the_nine_and_the_two_inputs():
    picker = opened(CHAIN_RULE).button_group(key="parameter_shown")
    parameters_and_inputs = [name.key for name in ADJUSTABLE if name.key != "y"]
    assert picker.options == [f"${NAMES[key].latex}$" for key in parameters_and_inputs]
    assert picker.value == "w1_12"
