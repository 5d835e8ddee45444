"""Exact values: typed as a person writes them or pasted from a notebook, read to the last digit, never evaluated."""

import pytest
from streamlit.testing.v1 import AppTest

from core import NAMES
from core.reading import NotRead, out_of_reach, read_fields, read_paste
from core.settings import limits
from pages.screen import sidebar
from pages.screen import typed as typed_part
from pages.screen.address import harmless
from pages.screen.typed import ORDER
from tests.pages.mischief import check_nothing_was_evaluated, check_said, texts
from tests.pages.screen import NOTEBOOK, PAGES, by_hand, opened, pressed, result, shown, values

USE, FILL = "Use these values", "Fill the fields from these lines"


@pytest.fixture
def form(monkeypatch):
    """The form on a page, open until the values are used; AppTest would close it with every press."""

    def opened_form(page: str = "forward.py", **address: str) -> AppTest:
        screen = pressed(opened(page, **address), "Type values")
        deeds = sidebar.deeds
        monkeypatch.setattr(sidebar, "deeds", lambda: (deeds(), typed_part.typed()))
        return screen

    return opened_form


def write(screen: AppTest, **fields: str) -> AppTest:
    for key, text in fields.items():
        screen.text_input(key=f"typed_{key}").set_value(text)
    return screen


def fields(screen: AppTest) -> dict[str, str]:
    return {key: screen.text_input(key=f"typed_{key}").value for key in ORDER}


def errors(screen: AppTest) -> list[str]:
    return [error.value for error in screen.error]


def test_the_form_begins_with_what_the_sliders_say_to_the_last_digit(form):
    third = 1 / 3
    screen = form(w1_11=repr(third), b2="1e-9", y="-5")
    assert [float(text) for text in fields(screen).values()] == [
        (NOTEBOOK | {"w1_11": third, "b2": 1e-9, "y": -5.0})[key] for key in ORDER
    ]
    assert fields(screen)["x_1"] == "1"
    assert [box.label for box in screen.text_input] == [f"${NAMES[key].latex}$" for key in ORDER]
    assert [box.help for box in screen.text_input] == [NAMES[key].meaning for key in ORDER]


@pytest.mark.parametrize("page", PAGES)
def test_numbers_as_a_person_writes_them_are_taken_over_to_the_last_bit(page, form):
    written = {
        **{
            "w1_11": "1/3",
            "w1_12": "−5/4",
            "w1_21": "1e-3",
            "w1_22": " .5 ",
            "b1_1": "-0.1",
            "b1_2": "2.",
            "y": "−.5/-.25",
        },
        **{"w2_1": "0.30000000000000004", "w2_2": "1E0", "b2": "+2", "x_1": "5", "x_2": "1e−2"},
    }
    meant = {
        **{"w1_11": 1 / 3, "w1_12": -1.25, "w1_21": 0.001, "w1_22": 0.5, "b1_1": -0.1, "b1_2": 2.0, "y": 2.0},
        **{"w2_1": 0.30000000000000004, "w2_2": 1.0, "b2": 2.0, "x_1": 5.0, "x_2": 0.01},
    }
    screen = pressed(write(form(page, steps="2"), **written), USE)
    assert not screen.exception
    assert values(screen) == {key: meant[key] for key in NOTEBOOK}
    expected = by_hand(**meant)
    assert result(screen).startswith(f"o = {shown(expected['o'])} L = {shown(expected['L'])} ")
    assert errors(screen) == []


def test_each_bad_field_is_named_in_its_place_and_nothing_is_taken_until_all_can_be_read(form):
    screen = write(form(), w1_11="0.9", w1_12="two", b2="0,5", x_1="", y="1/0", x_2="1e999")
    screen = pressed(screen, USE)
    advice = "write a number, such as 0.5 or −5/4"
    assert errors(screen) == [
        f"`two` cannot be read; {advice}.",
        f"`0,5` cannot be read; {advice}.",
        "`1/0` cannot be read; nothing can be divided by 0.",
        f"Nothing is written there; {advice}.",
        f"`1e999` cannot be read; it is too large; {advice}.",
    ]
    assert values(screen) == NOTEBOOK
    assert fields(screen)["w1_11"] == "0.9"  # what was written stays to be mended
    screen = pressed(write(screen, w1_12="2", b2="0.5", x_1="3", y="1"), USE)
    assert errors(screen) == [f"`1e999` cannot be read; it is too large; {advice}."]
    assert values(screen) == NOTEBOOK
    screen = pressed(write(screen, x_2="4"), USE)
    assert errors(screen) == []
    assert values(screen) == NOTEBOOK | {"w1_11": 0.9, "w1_12": 2.0, "b2": 0.5, "x_1": 3.0, "y": 1.0, "x_2": 4.0}


def test_what_no_slider_reaches_is_said_and_nothing_is_taken(form):
    screen = pressed(write(form(), w1_11="3.01", x_2="-5.5", y="5", b2="0.9"), USE)
    assert errors(screen) == [
        "3.01 is out of reach; choose a number from −3 to 3.",
        "−5.5 is out of reach; choose a number from −5 to 5.",
    ]
    assert values(screen) == NOTEBOOK


def test_with_cross_entropy_a_target_must_be_a_probability(form):
    screen = form(output="sigmoid", loss="binary_cross_entropy")
    screen = pressed(write(screen, y="3/2"), USE)
    assert errors(screen) == ["1.5 is out of reach; choose a number from 0 to 1."]
    screen = pressed(write(screen, y="1/3"), USE)
    assert errors(screen) == []
    assert values(screen) == NOTEBOOK | {"y": 1 / 3}


LINES = """
W1 = torch.tensor([[0.5, -0.25], [1e-3, 2.0]], requires_grad=True)
b1 = torch.tensor([0.1, −0.2], requires_grad=True)  # biases
W2 = torch.tensor([[-0.5],
                   [1/3]], requires_grad=True)
b2 = torch.tensor([0.35], requires_grad=True)
"""


def test_the_notebooks_own_lines_fill_the_fields_and_change_nothing_yet(form):
    screen = form()
    screen.text_area(key="typed_paste").set_value(LINES)
    screen = pressed(screen, FILL)
    assert errors(screen) == []
    assert values(screen) == NOTEBOOK
    filled = NOTEBOOK | {
        **{"w1_11": 0.5, "w1_12": -0.25, "w1_21": 0.001, "w1_22": 2.0, "b1_1": 0.1, "b1_2": -0.2},
        **{"w2_1": -0.5, "w2_2": 1 / 3, "b2": 0.35},
    }
    assert {key: float(text) for key, text in fields(screen).items()} == filled
    assert values(pressed(screen, USE)) == filled


def test_rows_of_numbers_will_do_and_what_is_out_of_reach_is_said_when_it_is_used(form):
    screen = form()
    screen.text_area(key="typed_paste").set_value("1 2\n3 4")
    screen = pressed(screen, FILL)
    assert [fields(screen)[key] for key in ("w1_11", "w1_12", "w1_21", "w1_22")] == ["1", "2", "3", "4"]
    screen = pressed(screen, USE)
    assert errors(screen) == ["4 is out of reach; choose a number from −3 to 3."]
    assert values(screen) == NOTEBOOK


def test_lines_that_cannot_be_read_are_named_and_no_field_is_filled(form):
    screen = form()
    before = fields(screen)
    screen.text_area(key="typed_paste").set_value("b2 = 0.9\nW1 = <b>1</b>\n\ny = __import__('os').getpid()")
    screen = pressed(screen, FILL)
    assert [error.partition(":")[0] for error in errors(screen)] == ["Line 2", "Line 4"]
    for sentence in errors(screen):
        check_said(sentence)
    assert fields(screen) == before
    screen.text_area(key="typed_paste").set_value("b2 = 0.9")
    screen = pressed(screen, FILL)
    assert errors(screen) == []
    assert fields(screen) == before | {"b2": "0.9"}


def test_opened_again_the_form_has_forgotten_what_was_wrong():
    screen = pressed(opened(), "Type values")
    screen = pressed(write(screen, b2="two"), USE)
    screen = pressed(screen, "Type values")
    assert errors(screen) == []
    assert fields(screen)["b2"] == "0.3"


# Arbitrary text ---------------------------------------------------------------------------------------------------


def test_two_thousand_strange_fields_are_read_or_named_in_our_own_words():
    for number, text in enumerate(texts(2000, seed=2)):
        written = {"w1_11": "0.5", "y": text} if number % 2 else {"w1_11": text, "y": text[::-1]}
        try:
            trouble = out_of_reach(read_fields(written), limits("half_squared_error"))
        except NotRead as error:
            trouble = error.sentences
        assert trouble.keys() <= written.keys()
        for said in trouble.values():
            check_said(typed_part._sentence(said))
    check_nothing_was_evaluated()


def test_two_thousand_strange_pastes_are_read_or_named_in_our_own_words():
    beginnings = ("", "W1 = ", "b2 = torch.tensor(", "x = [", "y=", "W1 = torch.tensor([[0.1, 0.2], [0.3, 0.4]])\n")
    for number, text in enumerate(texts(2000, seed=3)):
        try:
            found = read_paste(beginnings[number % len(beginnings)] + text)
        except NotRead as error:
            for place, sentence in error.sentences.items():
                assert place == "text" or place.startswith("line ")
                check_said_with_an_example(f"{place.capitalize()}: {harmless(sentence)}.")
        else:
            assert found and found.keys() <= NOTEBOOK.keys()
    check_nothing_was_evaluated()


def check_said_with_an_example(sentence: str) -> None:
    """Our own words may show how a matrix is written."""
    check_said(sentence.replace("[[0.1, 0.2], [0.3, 0.4]]", "…"))


@pytest.mark.parametrize("seed", range(4))
def test_a_form_full_of_strange_text_still_stands(seed, form):
    strange = dict(zip(ORDER, list(texts(300, seed, huge=False))[-12:], strict=True))
    screen = pressed(write(form(), **strange), USE)
    assert not screen.exception
    for sentence in errors(screen):
        check_said(sentence)
    assert values(screen) == NOTEBOOK
    check_nothing_was_evaluated()
