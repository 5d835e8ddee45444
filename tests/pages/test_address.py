"""The address: what it takes over, and the exact sentence for everything it does not understand."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core import devices
from core.presets import PRESETS
from core.settings import ENTRIES, LIMITS, Settings, read_address
from pages import descent
from pages.screen.address import complaints
from tests.pages.screen import (
    CHAIN_RULE,
    DESCENT,
    FORWARD,
    NOTEBOOK,
    PAGES,
    by_hand,
    moved,
    notice,
    opened,
    pressed,
    result,
    shown,
    values,
)
from tests.pages.state import state

HAS = ", ".join(devices())
HANDS = {*NOTEBOOK, "activation", "output", "loss"}
TARGET = "the target is the probability we would like, so choose y from 0 to 1"
NO_PROBABILITY = (
    "Binary cross-entropy takes the output as a probability and its logarithm, so the output must lie between 0 and 1"
)
STUDIED = "w1_11, w1_12, w1_21, w1_22, b1_1, b1_2, w2_1, w2_2, b2, x_1, x_2"
IMAGE = "<img src=x onerror=alert(1)>"
LINK = "[x](javascript:alert(1))"

# One line for each bad entry: what the address says, and the sentence the person reads.
BAD = [
    ("w1_11", "abc", "`w1_11=abc`: it is not a number. The default, `0.1`, is used instead."),
    ("w1_11", "", "`w1_11=`: it is not a number. The default, `0.1`, is used instead."),
    ("w1_11", "nan", "`w1_11=nan`: it is not a number. The default, `0.1`, is used instead."),
    ("w1_11", "inf", "`w1_11=inf`: it is not a number. The default, `0.1`, is used instead."),
    ("b1_1", "-Infinity", "`b1_1=-Infinity`: it is not a number. The default, `0.1`, is used instead."),
    ("b2", "1e999", "`b2=1e999`: it is not a number. The default, `0.3`, is used instead."),
    ("w2_1", "0,5", "`w2_1=0,5`: it is not a number. The default, `0.5`, is used instead."),
    ("w2_1", "1+1", "`w2_1=1+1`: it is not a number. The default, `0.5`, is used instead."),
    ("w1_11", "1970-01-01", "`w1_11=1970-01-01`: it is not a number. The default, `0.1`, is used instead."),
    ("w1_12", "3.01", "`w1_12=3.01`: it is out of range, choose from −3 to 3. The default, `0.2`, is used instead."),
    ("w2_2", "-4", "`w2_2=-4`: it is out of range, choose from −3 to 3. The default, `0.6`, is used instead."),
    ("x_2", "5.5", "`x_2=5.5`: it is out of range, choose from −5 to 5. The default, `2`, is used instead."),
    ("y", "-1e300", "`y=-1e300`: it is out of range, choose from −5 to 5. The default, `0.7`, is used instead."),
    ("device", "tpu", f"`device=tpu`: it is not known; choose one of: {HAS}. The default, `cpu`, is used instead."),
    ("device", "", f"`device=`: it is not known; choose one of: {HAS}. The default, `cpu`, is used instead."),
    (
        "precision",
        "float16",
        "`precision=float16`: it is not known; choose one of: float64, float32. "
        "The default, `float64`, is used instead.",
    ),
    (
        "parameter",
        "y",
        f"`parameter=y`: it is not known; choose one of: {STUDIED}. The default, `w1_12`, is used instead.",
    ),
    (
        "learning_rate",
        "0",
        "`learning_rate=0`: learning_rate 0.0 is out of range; choose from 1e-06 to 10. "
        "The default, `0.01`, is used instead.",
    ),
    (
        "learning_rate",
        "-0.1",
        "`learning_rate=-0.1`: learning_rate -0.1 is out of range; choose from 1e-06 to 10. "
        "The default, `0.01`, is used instead.",
    ),
    ("learning_rate", "fast", "`learning_rate=fast`: it is not a number. The default, `0.01`, is used instead."),
    ("learning_rate", "nan", "`learning_rate=nan`: it is not a number. The default, `0.01`, is used instead."),
    (
        "steps",
        "-1",
        "`steps=-1`: steps -1 is not possible; choose a whole number from 0 to 2000. "
        "The default, `100`, is used instead.",
    ),
    (
        "steps",
        "2001",
        "`steps=2001`: steps 2001 is not possible; choose a whole number from 0 to 2000. "
        "The default, `100`, is used instead.",
    ),
    (
        "steps",
        "1" + "0" * 30,
        f"`steps=1{'0' * 30}`: steps 1{'0' * 30} is not possible; choose a whole number from 0 to 2000. "
        "The default, `100`, is used instead.",
    ),
    ("steps", "9" * 5000, f"`steps={'9' * 34}…`: it is not a whole number. The default, `100`, is used instead."),
    ("steps", "2.5", "`steps=2.5`: it is not a whole number. The default, `100`, is used instead."),
    ("steps", "", "`steps=`: it is not a whole number. The default, `100`, is used instead."),
    (
        "activation",
        "swish",
        "`activation=swish`: it is not known; choose one of: relu, leaky_relu, sigmoid, tanh, softplus, gelu, "
        "identity. The default, `relu`, is used instead.",
    ),
    (
        "output",
        "relu",
        "`output=relu`: it is not known; choose one of: identity, sigmoid, tanh. The default, `identity`, is used "
        "instead.",
    ),
    (
        "loss",
        "Half squared error",
        "`loss=Half squared error`: it is not known; choose one of: half_squared_error, squared_error, "
        "binary_cross_entropy. The default, `half_squared_error`, is used instead.",
    ),
    (
        "loss",
        "binary_cross_entropy",
        f"`loss=binary_cross_entropy`: {NO_PROBABILITY}; identity can give any number. Choose the output sigmoid. "
        "The default, `half_squared_error`, is used instead.",
    ),
    ("wurst", "1", "`wurst` is not a name this address knows; it was left out."),
    ("W1_11", "1", "`W1_11` is not a name this address knows; it was left out."),
    (IMAGE, "1", f"`{IMAGE}` is not a name this address knows; it was left out."),
    ("w1_11", "x" * 3000, f"`w1_11={'x' * 34}…`: it is not a number. The default, `0.1`, is used instead."),
    ("w1_11", IMAGE, f"`w1_11={IMAGE}`: it is not a number. The default, `0.1`, is used instead."),
    ("w1_11", LINK, f"`w1_11={LINK}`: it is not a number. The default, `0.1`, is used instead."),
    ("w1_11", "`1` *2*", "`w1_11=·1· *2*`: it is not a number. The default, `0.1`, is used instead."),
    ("w1_11", "a\nb\t\u202ec", "`w1_11=a·b··c`: it is not a number. The default, `0.1`, is used instead."),
    ("b1_2", "$x$", "`b1_2=$x$`: it is not a number. The default, `0.2`, is used instead."),
    ("b1_2", ":red[x]", "`b1_2=:red[x]`: it is not a number. The default, `0.2`, is used instead."),
    ("b1_2", "\n\n# x", "`b1_2=··# x`: it is not a number. The default, `0.2`, is used instead."),
    *[
        (
            "device",
            text,
            f"`device={text}`: it is not known; choose one of: {HAS}. The default, `cpu`, is used instead.",
        )
        for text in (IMAGE, LINK, "$x$", ":red[x]", "![](//evil)", "**x**")
    ],
    ("steps", IMAGE, f"`steps={IMAGE}`: it is not a whole number. The default, `100`, is used instead."),
]


@pytest.mark.parametrize("key, text, sentence", BAD, ids=lambda part: repr(part)[:40])
def test_a_bad_entry_gets_its_sentence_and_changes_nothing_else(key, text, sentence):
    address = {"w1_22": ["0.5"], key: [text]}
    assert complaints(address) == {key: sentence}
    assert read_address(address)[0] == Settings(w1_22=0.5)


@pytest.mark.parametrize("key, text, sentence", BAD[::8], ids=lambda part: repr(part)[:40])
def test_the_sentence_stands_on_the_screen_and_everything_else_as_without_the_bad_entry(key, text, sentence):
    good, bad = opened(w1_22="0.5"), opened(w1_22="0.5", **{key: text})
    assert not bad.exception
    assert notice(bad) == [sentence]
    assert result(bad) == result(good)
    assert state(bad) == state(good)
    for name in ("device", "precision"):
        assert bad.selectbox(key=name).value == good.selectbox(key=name).value


@pytest.mark.parametrize("page", PAGES)
def test_every_page_survives_an_address_that_is_wrong_everywhere(page):
    wrong = dict.fromkeys((*ENTRIES, "wurst", "käse"), IMAGE)
    screen = opened(page, **wrong)
    assert not screen.exception
    assert result(screen).startswith("o = 1.420 L = 0.2592 ")
    assert len(notice(screen)) == 10  # a notice, not a novel


def test_the_notice_is_shown_until_it_is_read_and_then_no_more():
    screen = opened(w1_11="abc")
    screen = moved(screen, "y", 0.0)
    assert notice(screen) == [BAD[0][2]]
    screen = pressed(screen, "Understood")
    assert notice(screen) == []
    screen = moved(screen, "y", 1.0)
    assert notice(screen) == []


@pytest.mark.parametrize(
    "address",
    [
        {},
        {key: str(value) for key, value in NOTEBOOK.items()},
        {"w1_11": "-3", "y": "5", "w1_22": "1e-3", "b2": "0"},
        {"device": "cpu", "precision": "float32", "parameter": "x_1", "learning_rate": "10", "steps": "0"},
        {"learning_rate": "1e-06", "steps": "2000"},
        {"activation": "gelu", "output": "sigmoid", "loss": "binary_cross_entropy", "y": "0"},
        {"activation": "leaky_relu", "output": "tanh", "loss": "squared_error", "y": "-5"},
    ],
    ids=str,
)
def test_an_address_that_makes_sense_is_taken_over_without_a_word(address):
    screen = opened(DESCENT, **address)
    assert notice(screen) == []
    for key, text in address.items():
        value = screen.session_state[key]
        assert value == (text if isinstance(value, str) else float(text))
    expected = by_hand(
        **{key: float(text) if key in NOTEBOOK else text for key, text in address.items() if key in HANDS}
    )
    assert result(screen).startswith(f"o = {shown(expected['o'])} L = {shown(expected['L'])} ")


@pytest.mark.parametrize(
    "address, refused, kept",
    [
        (
            {"output": "sigmoid", "loss": "binary_cross_entropy", "y": "1.5"},
            {"y": f"`y=1.5`: y = 1.5 does not go with binary cross-entropy: {TARGET}. The default, `0.7`"},
            {"output": "sigmoid", "loss": "binary_cross_entropy"},
        ),
        (
            {"y": "-0.1", "loss": "binary_cross_entropy", "output": "sigmoid", "b2": "1"},
            {"y": f"`y=-0.1`: y = -0.1 does not go with binary cross-entropy: {TARGET}. The default, `0.7`"},
            {"output": "sigmoid", "loss": "binary_cross_entropy", "b2": "1"},
        ),
        (
            {"output": "tanh", "loss": "binary_cross_entropy", "y": "4", "activation": "tanh"},
            {"loss": "tanh can give between −1 and 1. Choose the output sigmoid. The default, `half_squared_error`"},
            {"output": "tanh", "y": "4", "activation": "tanh"},  # with the default loss that y makes sense
        ),
        (
            {"output": "softmax", "loss": "binary_cross_entropy", "y": "0.5"},
            {"output": "`output=softmax`: it is not known", "loss": "identity can give any number."},
            {"y": "0.5"},
        ),
        (
            {"output": "sigmoid", "loss": "binary_cross_entropy", "y": "abc"},
            {"y": "`y=abc`: it is not a number. The default, `0.7`, is used instead."},
            {"output": "sigmoid", "loss": "binary_cross_entropy"},
        ),
    ],
    ids=lambda part: "-".join(part.values())[:40],
)
def test_what_does_not_go_together_is_refused_with_a_sentence_each_and_the_rest_is_kept(address, refused, kept):
    screen = opened(**address)
    assert not screen.exception
    assert len(notice(screen)) == len(refused)
    for sentence, part in zip(notice(screen), refused.values(), strict=True):
        assert part in sentence
    assert dict(screen.query_params) == kept
    expected = by_hand(**{key: float(text) if key in NOTEBOOK else text for key, text in kept.items()})
    assert result(screen).startswith(f"o = {shown(expected['o'])} L = {shown(expected['L'])} ")


@pytest.mark.parametrize("page", [FORWARD, CHAIN_RULE])
@pytest.mark.parametrize("text, value", [("0.12345678901234", 0.12345678901234), ("1e-9", 1e-9), ("-0", 0.0)])
def test_a_value_keeps_the_digits_it_came_with(page, text, value):
    assert values(opened(page, w1_11=text))["w1_11"] == value


def test_where_the_same_key_stands_twice_the_sentence_and_the_slider_agree():
    for twice in (["0.5", "0.6"], ["0.5", "abc"], ["abc", "0.5"], ["0.5", ""]):
        screen = opened(w1_11=twice)
        assert not screen.exception
        understood = not notice(screen)
        assert (values(screen)["w1_11"] != 0.1) == understood, twice


# Arbitrary text ---------------------------------------------------------------------------------------------------

KNOWN = st.sampled_from(sorted(ENTRIES))
BROWSERS_TEXT = st.text(st.characters(exclude_categories=["Cs"]))  # an address holds no half characters
TRICKY = st.lists(
    st.sampled_from(["`", "``", "\\", "$", "[x](y)", "![]()", "<b>", ":red[", "]", "*", "\n", "\r", " ", "#", "'", '"'])
).map("".join)
NUMBER_LIKE = st.one_of(
    st.floats().map(str),
    st.integers().map(str),
    st.floats(-6, 6).map(lambda number: f" {number:.3e} "),
    st.sampled_from(["1_0", "٣", "０.５", "+1", ".5", "5.", "1e", "--1", "0x1", "1970-01-01", "00:00", "True", "None"]),
)
ANYTHING = st.one_of(BROWSERS_TEXT, TRICKY, NUMBER_LIKE)
MADE_OF = "|".join(
    [
        "relu, leaky_relu, sigmoid, tanh, softplus, gelu, identity",
        "identity, sigmoid, tanh",
        "half_squared_error, squared_error, binary_cross_entropy",
        "sgd, momentum, nesterov, adam, rmsprop",
        "one, and, or, xor, line, circle, rows",
        "on, off",
        "batch, mean",
        f"{', '.join(PRESETS)}, random_7",
    ]
)
ROWS = (
    r"there is no row in the text; write one a line, such as: 1, 2, 0\.7"
    r"|the text has \d+ characters; at most 4000 are read, so paste fewer rows"
    r"|line \d+, : (\d+ values?; a row has three, x1, x2 and y, and a decimal has a point, as in 0\.5"
    r"|(x1|x2|y) is missing; write a number, such as 0\.5 or −5/4"
    r"|(x1|x2|y) is ; (write a number, such as 0\.5 or −5/4|nothing can be divided by 0|choose a number from −5 to 5))"
)
NUMBER = r"[-−+.,\w]*…?"
OUR_WORDS = re.compile(
    r" is not a name this address knows; it was left out\."
    r"|: (it is not a (whole )?number"
    r"|it is out of range, choose from −[35] to [35]"
    rf"|it is not known; choose one of: ({re.escape(HAS)}|float64, float32|{STUDIED}|{MADE_OF})"
    rf"|{re.escape(NO_PROBABILITY)}; (identity can give any number|tanh can give between −1 and 1)\. "
    r"Choose the output sigmoid"
    rf"|y = {NUMBER} does not go with binary cross-entropy: {re.escape(TARGET)}"
    rf"|learning_rate {NUMBER} is out of range; choose from 1e-06 to 10"
    rf"|(steps|batch_size|seed) {NUMBER} is not possible; choose a whole number from [01] to \d+(, the number of rows)?"
    r"|it does not name two different parameters and where the others are held, such as w1_12,w2_2,end"
    r"|at most 2 different optimisers can be compared with the first"
    r"|it has \d+ parts, a pinned state has 15"
    rf"|{ROWS})"
    r"\. (The default, , is used instead\.|It was left out\.)"
)


@given(st.dictionaries(st.one_of(KNOWN, BROWSERS_TEXT, TRICKY), ANYTHING, max_size=4))
@example({"device": LINK})
@example({"": ""})
@example({"``": "`"})
@example({"loss": "binary_cross_entropy"})
@example({"output": "sigmoid", "loss": "binary_cross_entropy", "y": "1_0"})
@example({"output": "sigmoid", "loss": "binary_cross_entropy", "y": "1e-9"})
@settings(max_examples=300)
def test_nobodys_words_leave_their_code_span(address):
    sentences = complaints({key: [text] for key, text in address.items()})
    assert sentences.keys() <= address.keys()
    for sentence in sentences.values():
        assert sentence.isprintable()
        outside = re.sub(r"`[^`]+`", "", sentence)
        assert OUR_WORDS.fullmatch(outside), sentence


@given(KNOWN, ANYTHING)
@example("device", LINK)
@example("w1_11", "1970-01-01")
@example("w1_11", "1_0")
@settings(max_examples=60)
def test_any_text_in_any_entry_leaves_a_page_that_works(key, text):
    found, refused = read_address({key: [text], **({"steps": ["2"]} if key != "steps" else {})})
    assert refused.keys() <= {key}
    if key in LIMITS:
        assert found.values[key] == (NOTEBOOK[key] if refused else float(text))
    assert descent.view(found)["path"]
