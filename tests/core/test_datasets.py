"""core/datasets.py: rows to learn from, and the reading of rows that a person typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import LOSSES, Example, descend, why_not_target
from core.batches import MOST_ROWS
from core.datasets import DATASETS, parse_rows
from tests.core.points import NOTEBOOK, sentence_of


@pytest.mark.parametrize("key", DATASETS)
def test_every_data_set_can_be_learned_from_with_every_loss(key):
    row = DATASETS[key]
    assert 1 <= len(row.rows) <= MOST_ROWS
    assert len(set(row.rows)) == len(row.rows)
    assert all(abs(number) <= 5 for example in row.rows for number in (*example.x, example.y))
    assert not any(why_not_target(loss, example.y) for loss in LOSSES for example in row.rows)
    assert len(descend(*NOTEBOOK, rows=row.rows, steps=3).loss) == 4
    assert all(text.endswith(".") for text in (row.sentence, row.look_for))


@pytest.mark.parametrize(
    ("key", "truth"), [("and", lambda a, b: a and b), ("or", lambda a, b: a or b), ("xor", lambda a, b: a != b)]
)
def test_the_three_gates_are_their_truth_tables(key, truth):
    table = {example.x: example.y for example in DATASETS[key].rows}
    assert table == {(a, b): float(truth(a, b)) for a in (0, 1) for b in (0, 1)}


def test_the_line_and_the_circle_are_what_their_names_say():
    assert all(2 * e.y == pytest.approx(1 + (e.x[0] + e.x[1]) / 2) for e in DATASETS["line"].rows)
    middle, *ring = DATASETS["circle"].rows
    assert middle == Example((0, 0), 1)
    assert len(ring) == 8
    assert all((e.x[0] ** 2 + e.x[1] ** 2) ** 0.5 == pytest.approx(1.5, abs=0.005) and e.y == 0 for e in ring)


TWO = (Example((1, 2), 0.7), Example((-1.25, 0.5), 0))


@pytest.mark.parametrize(
    "text",
    [
        "1, 2, 0.7\n-5/4, .5, 0",
        "1;2;0.7\n−5/4;1/2;0",
        "1\t2\t0.7\r\n-1.25\t5e-1\t0.",
        "1 2 0.7\n  -1.25   0.5   0  ",
        "x1, x2, y\n1, 2, 0.7\n-1.25, +0.5, 0",
        "\n# a comment\nx_1 x_2 target\n\n1,2,0.7   # the notebook's\n   \n-2.5/2, 0.5, -0\n\n",
        "1 ,2 ; 0.7\n-1.25\t, 0.5 ,\t0",
    ],
)
def test_rows_are_read_however_they_are_written(text):
    assert parse_rows(text) == TWO


@given(
    st.lists(st.tuples(*[st.floats(-5, 5)] * 3), min_size=1, max_size=32), st.sampled_from([",", ";", "\t", " ", ", "])
)
def test_what_is_written_in_full_is_read_back_exactly(rows, separator):
    text = "\n".join(separator.join(map(repr, row)) for row in rows)
    assert parse_rows(text) == tuple(Example(row[:2], row[2]) for row in rows)


A_NUMBER = "write a number, such as 0.5 or −5/4"
THREE = "a row has three, x1, x2 and y, and a decimal has a point, as in 0.5"
BAD_ROWS = {
    "text": ("1, 2, 0.7\n1, two, 3", f"line 2, “1, two, 3”: x2 is “two”; {A_NUMBER}"),
    "NaN": ("nan, nan, nan", f"line 1, “nan, nan, nan”: x1 is “nan”; {A_NUMBER}"),
    "infinity": ("1, 2, 0.7\n\n1, -inf, 0", f"line 3, “1, -inf, 0”: x2 is “-inf”; {A_NUMBER}"),
    "too few": ("1, 2", f"line 1, “1, 2”: 2 values; {THREE}"),
    "one": ("7", f"line 1, “7”: 1 value; {THREE}"),
    "too many": ("x1,x2,y\n1, 2, 3, 4", f"line 2, “1, 2, 3, 4”: 4 values; {THREE}"),
    "decimal commas": ("0,5; 1; 2", f"line 1, “0,5; 1; 2”: 4 values; {THREE}"),
    "a gap": ("1,,2", f"line 1, “1,,2”: x2 is missing; {A_NUMBER}"),
    "out of range": ("1, 2, 6", "line 1, “1, 2, 6”: y is “6”; choose a number from −5 to 5"),
    "huge": ("1, 2, 1e999", "line 1, “1, 2, 1e999”: y is “1e999”; choose a number from −5 to 5"),
    "huge over huge": (
        "1, 2, 1e999/1e999",
        "line 1, “1, 2, 1e999/1e999”: y is “1e999/1e999”; choose a number from −5 to 5",
    ),
    "over nothing": ("1, 2/0, 1", "line 1, “1, 2/0, 1”: x2 is “2/0”; nothing can be divided by 0"),
    "code": ("1, 2, __import__('os')", f"line 1, “1, 2, __import__('os')”: y is “__import__('os')”; {A_NUMBER}"),
    "arithmetic": ("1, 2, 2*2", f"line 1, “1, 2, 2*2”: y is “2*2”; {A_NUMBER}"),
    "digits of another script": ("1, 2, ٣", f"line 1, “1, 2, ٣”: y is “٣”; {A_NUMBER}"),
    "a second header": ("x1,x2,y\nx1,x2,y", f"line 2, “x1,x2,y”: x1 is “x1”; {A_NUMBER}"),
    "a long line": (
        "1, 2, " + "9" * 100,
        f"line 1, “1, 2, {'9' * 33}…”: y is “{'9' * 39}…”; choose a number from −5 to 5",
    ),
    "a control character": ("1, 2, \x003", f"line 1, “1, 2,  3”: y is “3”; {A_NUMBER}"),
    "a row too many": (
        "0, 0, 0\n" * 33,
        "line 33, “0, 0, 0”: this is row 33; at most 32 are possible, so leave some out",
    ),
    "nothing": (" \n# only words\n", "there is no row in the text; write one a line, such as: 1, 2, 0.7"),
    "a header alone": ("x1, x2, y", "there is no row in the text; write one a line, such as: 1, 2, 0.7"),
    "too long a text": (
        "# " + "x" * 4000,
        "the text has 4002 characters; at most 4000 are read, so paste fewer rows",
    ),
    "no text": (None, "the rows must be text, one row a line: x1, x2, y"),
}


@pytest.mark.parametrize("case", BAD_ROWS)
def test_a_line_that_is_no_row_is_named(case):
    text, sentence = BAD_ROWS[case]
    assert sentence_of(lambda: parse_rows(text)) == sentence


def test_a_target_that_the_loss_cannot_take_is_named_with_its_line():
    said = sentence_of(lambda: parse_rows("0, 0, 1\n0, 1, 2", loss="binary_cross_entropy"))
    assert said == f"line 2, “0, 1, 2”: {why_not_target('binary_cross_entropy', 2.0)}"


@given(st.text(max_size=200))
def test_no_text_does_anything_but_become_rows_or_a_sentence(text):
    try:
        rows = parse_rows(text)
    except ValueError as error:
        assert len(str(error)) < 300
    else:
        assert all(isinstance(row, Example) for row in rows)
