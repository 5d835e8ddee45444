"""core/reading.py: numbers, fields and pasted lines as a person writes them, and nothing evaluated."""

import ast
import math
import random
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import ADJUSTABLE, Example, Parameters
from core.parameters import to_values
from core.reading import DEEPEST, KEY_OF, MOST_TEXT, NotRead, out_of_reach, quoted, read_fields, read_number, read_paste
from core.state_file import read_state
from tests.core.points import NOTEBOOK, random_points, sentence_of

FINITE = st.floats(allow_nan=False, allow_infinity=False)


# ── one number, and a form of them ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", 0.1),
        ("-5/4", -1.25),
        ("−5/4", -1.25),
        ("1e-3", 0.001),
        (" .5 ", 0.5),
        ("1 / 3", 1 / 3),
        ("+2.", 2.0),
        ("1E2", 100.0),
        ("1e−2", 0.01),
        ("-.5/-.25", 2.0),
        ("\u00a03\t", 3.0),
        ("0", 0.0),
    ],
)
def test_a_number_is_read_however_it_is_written(text, value):
    assert read_number(text) == value


@given(FINITE)
def test_a_number_written_in_full_is_read_back_bit_for_bit(value):
    for text in (repr(value), repr(value).replace("-", "−"), f"  {value!r} "):
        assert math.copysign(1, read_number(text)) == math.copysign(1, value)
        assert read_number(text) == value


WRITE_ONE = "write a number, such as 0.5 or −5/4"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("two", f"“two” cannot be read; {WRITE_ONE}"),
        ("0,5", f"“0,5” cannot be read; {WRITE_ONE}"),
        ("nan", f"“nan” cannot be read; {WRITE_ONE}"),
        ("-inf", f"“-inf” cannot be read; {WRITE_ONE}"),
        ("1e999", f"“1e999” cannot be read; it is too large; {WRITE_ONE}"),
        ("1e999/1e999", f"“1e999/1e999” cannot be read; it is too large; {WRITE_ONE}"),
        ("2/0", "“2/0” cannot be read; nothing can be divided by 0"),
        ("1/2/3", f"“1/2/3” cannot be read; {WRITE_ONE}"),
        ("2*3", f"“2*3” cannot be read; {WRITE_ONE}"),
        ("1_000", f"“1_000” cannot be read; {WRITE_ONE}"),
        ("0x10", f"“0x10” cannot be read; {WRITE_ONE}"),
        ("٣", f"“٣” cannot be read; {WRITE_ONE}"),
        ("", f"nothing is written there; {WRITE_ONE}"),
        ("  ", f"nothing is written there; {WRITE_ONE}"),
        (None, f"nothing is written there; {WRITE_ONE}"),
        ("9" * 5000, f"“{'9' * 39}…” cannot be read; {WRITE_ONE}"),
        ("“quoted”\n", f"“quoted” cannot be read; {WRITE_ONE}"),
    ],
)
def test_what_is_no_number_is_named(text, sentence):
    assert sentence_of(lambda: read_number(text)) == sentence


def test_fields_are_taken_all_together():
    assert read_fields({"w1_11": "1/2", "y": " −3 "}) == {"w1_11": 0.5, "y": -3.0}


def test_every_field_that_cannot_be_read_has_its_sentence():
    with pytest.raises(NotRead) as caught:
        read_fields({"w1_11": "0.1", "b2": "", "y": "x"})
    assert caught.value.sentences == {
        "b2": f"nothing is written there; {WRITE_ONE}",
        "y": f"“x” cannot be read; {WRITE_ONE}",
    }
    assert str(caught.value).startswith("b2: nothing is written there")


def test_what_lies_out_of_reach_is_named_with_its_limits_and_all_its_digits():
    limits = {"w1_11": (-3.0, 3.0), "y": (0.0, 1.0)}
    assert out_of_reach({"w1_11": 3.0, "y": 0.5, "b2": 99.0}, limits) == {}
    assert out_of_reach({"w1_11": 3.0000001, "y": -0.25}, limits) == {
        "w1_11": "3.0000001 is out of reach; choose a number from −3 to 3",
        "y": "−0.25 is out of reach; choose a number from 0 to 1",
    }


# ── pasted lines ────────────────────────────────────────────────────────────────────────────────────────────────

THE_NOTEBOOK = """In [192]:
import torch
torch.manual_seed(0)  # For reproducibility

# Define the weights and biases with real numbers
W1 = torch.tensor([[0.1, 0.2], [0.3, 0.4]], requires_grad=True)  # 2x2 matrix for input to hidden layer
W1_bef = W1.clone()
b1 = torch.tensor([0.1, 0.2], requires_grad=True)              # 2 elements vector for hidden layer biases
W2 = torch.tensor([[0.5], [0.6]], requires_grad=True)           # 2x1 matrix for hidden to output layer
b2 = torch.tensor([0.3], requires_grad=True)                    # Scalar for output layer bias

# Define the input
X = torch.tensor([1.0, 2.0], requires_grad=False)  # 2 elements vector for input
y = torch.tensor([0.7])  # For example purposes
"""
DEFAULTS = {name.key: name.default for name in ADJUSTABLE}


def test_the_notebook_s_own_cell_is_read_as_it_stands():
    assert read_paste(THE_NOTEBOOK) == DEFAULTS
    assert list(read_paste(THE_NOTEBOOK)) == list(DEFAULTS)


W1 = {"w1_11": 0.1, "w1_12": 0.2, "w1_21": 0.3, "w1_22": 0.4}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("W1 = np.array([[0.1, 0.2], [0.3, 0.4]], dtype=np.float64)", W1),
        ("W1 = [[0.1, 0.2],\n      [0.3, 0.4]]  # over two lines", W1),
        ("W1 = torch.tensor([\n  [1/10, 2/10],\n  [.3, .4],\n], dtype=torch.float64, device='cpu')", W1),
        ("w1 = ((0.1, 0.2), (0.3, 0.4))", W1),
        ("W1 = [[0.1 0.2]\n [0.3 0.4]]", W1),
        (">>> W1 = tensor([[0.1000, 0.2000],\n...         [0.3000, 0.4000]], requires_grad=True)", W1),
        ("W1 = torch.tensor([[0.1, 0.2], [0.3, 0.4]]).requires_grad_()", W1),
        ("0.1 0.2\n0.3 0.4", W1),
        ("[[0.1, 0.2], [0.3, 0.4]]", W1),
        ("tensor([[0.1000, 0.2000],\n        [0.3000, 0.4000]], requires_grad=True)", W1),
        ("w1_12 = 0.3", {"w1_12": 0.3}),
        ("W1[0,1] = -5/4\nW1[1][0] = −2", {"w1_12": -1.25, "w1_21": -2.0}),
        ("W2 = [0.5, 0.6];", {"w2_1": 0.5, "w2_2": 0.6}),
        (
            "W2 = ([0.5]; [0.6],);\nx = np.array([ 007 -1. ], device='cuda:0', what=\"(é\").double()",
            {"w2_1": 0.5, "w2_2": 0.6, "x_1": 7.0, "x_2": -1.0},
        ),
        ("[[0.1 0.2][0.3 .4]]", W1),
        ("W2[1] = 0.25\nb1[0] = 1", {"b1_1": 1.0, "w2_2": 0.25}),
        ("b2 = 0.3\ny = [[1]]\nx1 = 2\nx = [3, 4]", {"b2": 0.3, "x_1": 3.0, "x_2": 4.0, "y": 1.0}),
        ("Y = torch.tensor(0.7)\nX = np.array([[1, 2]])", {"x_1": 1.0, "x_2": 2.0, "y": 0.7}),
        ("W1 = [[0.1, 0.2], [0.3, 0.4]]\nw1_22 = 9", W1 | {"w1_22": 9.0}),
        (".1 .2 .3 .4 .1 .2 .5 .6 .3 1 2 .7", DEFAULTS),
        ("0.1, 0.2, 0.3, 0.4\n0.1, 0.2\n0.5, 0.6\n0.3\n1, 2\n0.7", DEFAULTS),
        ("[[.1, .2], [.3, .4]]\n[.1, .2]\n[[.5], [.6]]\n[.3]", dict(list(DEFAULTS.items())[:9])),
    ],
)
def test_a_paste_is_read_however_it_is_written(text, values):
    assert read_paste(text) == values


@pytest.mark.parametrize("point", random_points(20, seed=66))
def test_a_paste_of_all_digits_keeps_every_bit(point):
    parameters, example = point
    values = to_values(parameters, example)
    tensors = {"W1": parameters.W1, "b1": parameters.b1, "W2": parameters.W2, "b2": parameters.b2, "x": example.x}
    lines = [f"{name} = torch.tensor({value!r})" for name, value in tensors.items()]
    assert read_paste("\n".join([*lines, f"y = {example.y!r}"])) == values
    assert read_paste("\n".join(f"{key} = {value!r}" for key, value in values.items())) == values
    assert read_paste(" ".join(map(repr, values.values()))) == values


NAMES = "name what it is, as in W1 = [[0.1, 0.2], [0.3, 0.4]], w1_12 = 0.2, b2 = 0.3, x = [1, 2] or y = 0.7"
ROWS = (
    "write all twelve in the order W1, b1, W2, b2, x, y, or the nine parameters, or 2 rows of 2 for W1, "
    "or a name before them, as in b1 = [0.1, 0.2]"
)
UNCLOSED = "it ends too early: a bracket is not closed, or a number is missing"
BAD_PASTES = {
    "one bad line among good ones": (
        "W1 = [[1, 2], [3, 4]]\n\nb1 = [1, two]",
        {"line 3": f"“b1 = [1, two]” cannot be read; “two” stands where a number should; {WRITE_ONE}"},
    ),
    "two bad lines": (
        "w1_13 = 0.3\nb2 = 1/0",
        {
            "line 1": f"“w1_13 = 0.3” cannot be read; “w1_13” is none of the twelve; {NAMES}",
            "line 2": "“b2 = 1/0” cannot be read; nothing can be divided by 0",
        },
    ),
    "a shape": ("W1 = [1, 2, 3, 4]", {
        "line 1": "“W1 = [1, 2, 3, 4]” cannot be read; write it in the shape of W1 = [[0.1, 0.2], [0.3, 0.4]]"}),
    "ragged rows": ("W1 = [[1, 2], [3]]", {
        "line 1": "“W1 = [[1, 2], [3]]” cannot be read; write it in the shape of W1 = [[0.1, 0.2], [0.3, 0.4]]"}),
    "two numbers for one": ("w1_11 = 1, 2", {
        "line 1": "“w1_11 = 1, 2” cannot be read; write it in the shape of w1_11 = 0.3"}),
    "arithmetic": ("b2 = 1 - 2", {
        "line 1": "“b2 = 1 - 2” cannot be read; “1 - 2” is no number, and nothing is calculated here"}),
    "arithmetic without spaces": ("b2 = 1-2", {
        "line 1": "“b2 = 1-2” cannot be read; “1-2” is no number, and nothing is calculated here"}),
    "arithmetic with a sign of its own": ("b2 = 2*3", {
        "line 1": "“b2 = 2*3” cannot be read; “*3” is no number, and nothing is calculated here"}),
    "brackets the wrong way round": ("x = 1], [2", {
        "line 1": f"“x = 1], [2” cannot be read; it is neither a number nor a list of them; {WRITE_ONE}"}),
    "another way to write a whole number": ("b2 = [0x10]\nb2 = 1_000", {
        "line 1": "“b2 = [0x10]” cannot be read; “0x10” is no number, and nothing is calculated here",
        "line 2": "“b2 = 1_000” cannot be read; “1_000” is no number, and nothing is calculated here"}),
    "a call": ("y = torch.rand(1)", {
        "line 1": f"“y = torch.rand(1)” cannot be read; “torch.rand” stands where a number should; {WRITE_ONE}"}),
    "an open bracket": ("x = [1, 2\ny = 3", {
        "line 1": f"“x = [1, 2 y = 3” cannot be read; {UNCLOSED}"}),
    "a bracket that never closes": ("x = [1, 2", {
        "line 1": f"“x = [1, 2” cannot be read; {UNCLOSED}"}),
    "a gap": ("x = [1,,2]", {
        "line 1": f"“x = [1,,2]” cannot be read; it is neither a number nor a list of them; {WRITE_ONE}"}),
    "too deep": ("y = [[[[[1]]]]]", {
        "line 1": f"“y = [[[[[1]]]]]” cannot be read; only {DEEPEST} brackets can stand within each other"}),
    "too large": ("y = 1e999", {"line 1": f"“y = 1e999” cannot be read; it is too large; {WRITE_ONE}"}),
    "too few bare numbers": ("1 2 3", {"line 1": f"3 numbers stand there without a name; {ROWS}"}),
    "four in a row": ("1 2 3 4", {"line 1": f"4 numbers stand there without a name; {ROWS}"}),
    "bare ones beside named ones": ("y = 1\n1 2\n3 4", {"line 2": f"4 numbers stand there without a name; {ROWS}"}),
    "a name alone": ("W1", {"line 1": f"“W1” cannot be read; {NAMES}"}),
    "only an import": ("import torch", {"text": f"none of the twelve values is given a number; {NAMES}"}),
    "nothing": (" \n", {"text": "there is nothing to read; paste lines such as W1 = [[0.1, 0.2], [0.3, 0.4]]"}),
    "no text": (None, {"text": "there is nothing to read; paste lines such as W1 = [[0.1, 0.2], [0.3, 0.4]]"}),
    "too long": ("#" * 4001, {"text": "it has 4001 characters; at most 4000 are read, so paste fewer lines"}),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_PASTES)
def test_a_line_that_cannot_be_read_is_named_and_nothing_is_taken(case):
    text, sentences = BAD_PASTES[case]
    with pytest.raises(NotRead) as caught:
        read_paste(text)
    assert caught.value.sentences == sentences


def test_every_symbol_of_the_twelve_can_be_pasted_by_its_name_in_code():
    for name in ADJUSTABLE:
        assert KEY_OF[name.code] == name.key
        assert read_paste(f"{name.code} = 0.25") == {name.key: 0.25}


def test_quoted_words_are_on_one_line_and_short():
    assert quoted("a\nb\x00c“d”") == "“a b c d”"
    assert len(quoted("x" * 10**6)) == 42


# ── what nobody should write ────────────────────────────────────────────────────────────────────────────────────

READERS = [read_number, read_paste, read_state, lambda text: read_fields({"w1_11": text})]
PIECES = [
    "0.1", "-5/4", "1e-3", "nan", "inf", "1e999", "/0", "−", "-", "+", "[", "]", "(", ")", ",", ";", "=", "W1", "b1",
    "w1_12", "x", "y", "torch.tensor(", "np.array([", ".clone()", "requires_grad=True", "#", "\n", "\r", "\u2028",
    " ", "\x00", "\ufeff", "\ud800", "\u202e", "٣", "½", "１", "W₁", "😀", "<b>", "<script>alert(1)</script>", "`",
    "$", "\\", "“", "{", "}", ":", '"', "'", "\\u0041", "__import__('os').system('touch pwned')", "eval('1')", "**",
    "9" * 400, '{"what": "a state of Backprop by Hand", "version": 1, "state": {', '"y": 1', "}}", "null", "true",
    "NaN", "Infinity",
]  # fmt: skip


def try_all(text):
    for read in READERS:
        try:
            read(text)
        except NotRead as error:
            assert all(len(sentence) < 400 and "\n" not in sentence for sentence in error.sentences.values())
        except ValueError as error:
            assert len(str(error)) < 400


def test_ten_thousand_odd_texts_become_values_or_sentences():
    dice = random.Random(6)
    for _ in range(10_000):
        try_all("".join(dice.choices(PIECES, k=dice.randint(1, 12))))


@given(st.text(max_size=300))
def test_no_text_does_anything_but_become_values_or_a_sentence(text):
    try_all(text)


HARD = [
    "1" * 10**6, "[" * 10**6, "<p>" * 300_000, "W1 = [[1,2],[3,4]]\n" * 50_000, "1 " * 1999, "[" * 3999, "1/" * 1999,
    ")" + " " * 3990, "a" + " " * 3990 + "=", "import " + "a " * 1990 + "!", "x=" * 1999, '{"a":' * 3000, "[" * 19_999,
    '"' + "\\" * 19_000, "9" * 19_000, "-" * 3999, "1e" * 1999, "# \n" * 1300,
]  # fmt: skip


@pytest.mark.parametrize("text", HARD, ids=lambda text: f"{text[:6]!r}x{len(text)}")
def test_long_and_twisted_texts_are_answered_at_once(text):
    started = time.perf_counter()
    try_all(text)
    assert time.perf_counter() - started < 2


CODE = [
    "__import__('os').system('touch pwned')",
    "W1 = __import__('os').system('touch pwned')",
    "y = open('pwned', 'w').write('1')",
    "(lambda: open('pwned', 'w'))()",
    "b2 = torch.tensor(eval('1'))",
    "f'{1+1}'",
    "y = torch.load('x')",
    '{"what": "a state of Backprop by Hand", "version": 1, "state": {"y": "__import__(\'os\')"}}',
]


watched: list[str] = []
watching = False


def watch(event, _):
    if watching and event in ("exec", "import", "open", "os.system", "subprocess.Popen"):  # a syntax tree runs nothing
        watched.append(event)


sys.addaudithook(watch)  # Python tells it of everything that runs; it cannot be taken away again


@pytest.mark.parametrize("text", CODE)
def test_code_is_refused_and_nothing_of_it_runs(text):
    global watching  # noqa: PLW0603
    refused = 0
    watching = True
    for read in READERS:
        try:
            read(text)
        except ValueError:
            refused += 1
    watching = False
    assert (refused, watched) == (len(READERS), [])


def test_the_watch_notices_what_is_evaluated():
    global watching  # noqa: PLW0603
    watching = True
    eval("1 + 1")
    watching = False
    assert set(watched) == {"exec"}
    watched.clear()


@pytest.mark.parametrize("name", ["reading.py", "datasets.py", "state_file.py"])
def test_the_readers_call_nothing_that_evaluates(name):
    tree = ast.parse((Path(__file__).parents[2] / "core" / name).read_text(encoding="utf-8"))
    called = {getattr(n.func, "attr", getattr(n.func, "id", "")) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    assert called.isdisjoint({"eval", "exec", "literal_eval", "sympify", "parse_expr", "__import__", "import_module"})


def test_the_limit_of_a_paste_is_that_of_typed_rows():
    assert MOST_TEXT == 4000
    assert read_paste("y = 1" + " " * 3995) == {"y": 1.0}
    assert (Parameters.default(), Example.default()) == NOTEBOOK
