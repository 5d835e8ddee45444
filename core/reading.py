"""Numbers as a person writes them: one alone, a form of fields, or lines pasted from a notebook.

Python's grammar takes a text apart, and nothing of it is evaluated. Nothing is taken until everything can be read: what
cannot be is named, each with a sentence of its own.
"""

import ast
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from core.names import ADJUSTABLE, PARAMETERS

MOST_TEXT = 4000  # characters
DEEPEST = 4  # brackets within brackets

NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
FRACTION = re.compile(rf"({NUMBER})(?:\s*/\s*({NUMBER}))?")
WRITE_ONE = "write a number, such as 0.5 or −5/4"


class NotRead(ValueError):
    """What could not be read: a sentence for each field, by its key. Of the others nothing was taken either."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self.sentences = dict(sentences)
        super().__init__("; ".join(f"{key}: {sentence}" for key, sentence in self.sentences.items()))


def quoted(text: str) -> str:
    """“the text” on one line, without control characters and such marks of its own, cut to a readable length."""
    start = text[:200]
    plain = "".join(letter if letter.isprintable() and letter not in "“”" else " " for letter in start).strip()
    return f"“{plain}”" if len(plain) <= 40 and len(text) <= 200 else f"“{plain[:39]}…”"


def fraction(text: str) -> float:
    """The number or fraction that the text is, from end to end: 0.1, −5/4, 1e-3; infinite where it is too large.

    Raises ValueError with what to do, as the second half of a sentence that begins with the text.
    """
    found = FRACTION.fullmatch(text.replace("−", "-"))
    if not found:
        raise ValueError(WRITE_ONE)
    above, below = float(found[1]), float(found[2] or 1)
    if below == 0:
        raise ValueError("nothing can be divided by 0")
    return above / below


def read_number(text: str) -> float:
    """One number as a person writes it: "0.1", "-5/4", "−5/4", "1e-3", " .5 ".

    Raises ValueError with the text, shortened, and what to do.
    """
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"nothing is written there; {WRITE_ONE}")
    try:
        if len(text) > MOST_TEXT:
            raise ValueError(WRITE_ONE)
        return _finite(fraction(text.strip()))
    except ValueError as error:
        raise ValueError(f"{quoted(text)} cannot be read; {error}") from None


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"it is too large; {WRITE_ONE}")
    return value


def read_fields(fields: Mapping[str, str]) -> dict[str, float]:
    """The number in each field, by its key. Raises NotRead with a sentence for every field that cannot be read."""
    values: dict[str, float] = {}
    trouble: dict[str, str] = {}
    for key, text in fields.items():
        try:
            values[key] = read_number(text)
        except ValueError as error:
            trouble[key] = str(error)
    if trouble:
        raise NotRead(trouble)
    return values


def out_of_reach(values: Mapping[str, float], limits: Mapping[str, tuple[float, float]]) -> dict[str, str]:
    """A sentence for every value that lies outside its limits, by key. A key without limits may be anything."""
    found = {}
    for key, value in values.items():
        low, high = limits.get(key, (-math.inf, math.inf))
        if not low <= value <= high:
            found[key] = f"{_said(value)} is out of reach; choose a number from {_said(low)} to {_said(high)}"
    return found


def _said(value: float) -> str:
    return repr(float(value)).removesuffix(".0").replace("-", "−")


# ── pasted lines ────────────────────────────────────────────────────────────────────────────────────────────────

# How the notebook writes each tensor; numbers of the same shape are taken, whatever brackets of one they stand in.
WRITTEN = {
    "W1": "[[0.1, 0.2], [0.3, 0.4]]", "b1": "[0.1, 0.2]", "W2": "[[0.5], [0.6]]", "b2": "[0.3]",
    "x": "[1.0, 2.0]", "y": "0.7",
}  # fmt: skip
KEYS_OF: dict[str, tuple[str, ...]] = {
    tensor: tuple(name.key for name in ADJUSTABLE if name.tensor == tensor) for tensor in WRITTEN
}
TENSOR_OF = {spelled: tensor for tensor in WRITTEN for spelled in (tensor, tensor.upper(), tensor.lower())}
# One number by its own name: w1_12, W1[0,1] or W1[0][1], W2[1] or W2[1,0], x1.
KEY_OF: dict[str, str] = {
    **{name.key: name.key for name in ADJUSTABLE},
    **{name.code: name.key for name in ADJUSTABLE},
    "W2[0]": "w2_1", "W2[1]": "w2_2", "X[0]": "x_1", "X[1]": "x_2", "x1": "x_1", "x2": "x_2",
}  # fmt: skip
MAKER = re.compile(
    r"(?:torch\.)?tensor|torch\.(?:Tensor|as_tensor|FloatTensor|DoubleTensor)|(?:np\.|numpy\.)?array|(?:np|numpy)\.asarray"
)
# What stands among such lines and gives none of the twelve a value.
SETS_NOTHING = re.compile(
    r"(?:import|from)\s[\w\s.,*]+|torch\.manual_seed\([0-9]+\)|\w+\s*=\s*\w+\.clone\(\)|In\s*\[[0-9 ]*\]:"
)
PROMPT = re.compile(r"(?:>>>|\.\.\.)\s")
AFTERWARDS = re.compile(r"(?<=\))\s*\.(?:requires_grad_|double|float)\((?:True)?\)")

QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
NAMED = re.compile(r"([A-Za-z_][\w.]*)\s*((?:\[[^\[\]]*\]\s*)*)=(.*)", re.ASCII)
WORD = re.compile(r"[A-Za-z_][\w.]*", re.ASCII)
STRANGE = re.compile(r"[^\w\s.,=()\[\]+/'-].*", re.ASCII)  # with it begins what stands in no line of numbers
LITERAL = re.compile(r"(?<![\w.])[.\d](?:[eE][+-](?=\d)|[\w.])*", re.ASCII)
GAP = re.compile(r"(?<=[\d.\])])\s+(?=[+-]?[.\d]|[\[(A-Za-z_])|(?<=[\])])(?=[\[(])", re.ASCII)  # between two values
NAMES_WANTED = "name what it is, as in W1 = [[0.1, 0.2], [0.3, 0.4]], w1_12 = 0.2, b2 = 0.3, x = [1, 2] or y = 0.7"
ROWS_WANTED = (
    "write all twelve in the order W1, b1, W2, b2, x, y, or the nine parameters, or 2 rows of 2 for W1, "
    "or a name before them, as in b1 = [0.1, 0.2]"
)


def read_paste(text: str) -> dict[str, float]:
    """The values that pasted lines give, by key, in the order of core.names.ADJUSTABLE; any part of the twelve will do.

    Lines of a notebook (`W1 = torch.tensor([[0.1, 0.2], [0.3, 0.4]], requires_grad=True)`, np.array, lists), of single
    values (`w1_12 = 0.3`), or of bare numbers: all twelve, the nine parameters, or the 2 × 2 of W1. A later line
    outdoes an earlier one, as in Python. Raises NotRead with a sentence for each line that cannot be read ("line 3"),
    or for the whole ("text").
    """
    if not isinstance(text, str) or not text.strip():
        raise NotRead({"text": "there is nothing to read; paste lines such as W1 = [[0.1, 0.2], [0.3, 0.4]]"})
    if len(text) > MOST_TEXT:
        raise NotRead({"text": f"it has {len(text)} characters; at most {MOST_TEXT} are read, so paste fewer lines"})
    values: dict[str, float] = {}
    bare: list[Any] = []
    trouble: dict[str, str] = {}
    first_bare = ""
    for number, statement in _statements(text.replace("−", "-")):
        try:
            found = _read(AFTERWARDS.sub("", statement))
        except ValueError as error:
            trouble[f"line {number}"] = f"{quoted(statement)} cannot be read; {error}"
            continue
        if isinstance(found, dict):
            values |= found
        else:
            bare.append(found)
            first_bare = first_bare or f"line {number}"
    if bare and not trouble:
        try:
            values = _without_names(bare, beside=len(values))
        except ValueError as error:
            trouble[first_bare] = str(error)
    if trouble:
        raise NotRead(trouble)
    if not values:
        raise NotRead({"text": f"none of the twelve values is given a number; {NAMES_WANTED}"})
    return {name.key: values[name.key] for name in ADJUSTABLE if name.key in values}


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each statement with the number of its first line: one line, or as many as its brackets span."""
    beginning, parts, depth = 1, [""], 0
    for number, line in enumerate(text.splitlines(), start=1):
        code = PROMPT.sub("", line.partition("#")[0].strip(), count=1)
        if not depth:
            beginning, parts = number, []
        parts.append(code)
        depth = max(0, depth + sum((mark in "[(") - (mark in "])") for mark in code))
        if not depth:
            yield from _said_something(beginning, parts)
    if depth:
        yield from _said_something(beginning, parts)


def _said_something(number: int, parts: list[str]) -> Iterator[tuple[int, str]]:
    statement = " ".join(parts).strip()
    if statement and not SETS_NOTHING.fullmatch(statement):
        yield number, statement


def _read(statement: str) -> dict[str, float] | list[Any]:
    """Values by key; or the numbers alone, where they have no name."""
    if named := NAMED.fullmatch(statement):
        return _by_key(_spelled(named[1], named[2]), _value(*_tree(named[3])))
    if (first := WORD.match(statement)) and not MAKER.fullmatch(first[0]):
        raise ValueError(NAMES_WANTED)
    return _value(*_tree(statement))


def _spelled(name: str, index: str) -> str:
    """W1[0,1], however its index is written: W1[0][1]."""
    numbers = [f"{fraction(number):g}" for number in re.split(r"[][\s,;]+", index) if number]
    return f"{name}[{','.join(numbers)}]" if numbers else name


def _by_key(spelled: str, value: Any) -> dict[str, float]:
    if spelled not in KEY_OF and spelled not in TENSOR_OF:
        raise ValueError(f"{quoted(spelled)} is none of the twelve; {NAMES_WANTED}")
    tensor = TENSOR_OF.get(spelled, "")
    keys, written = KEYS_OF.get(tensor) or (KEY_OF[spelled],), WRITTEN.get(tensor, "0.3")
    if _shape(value) != _shape(_value(*_tree(written))):
        raise ValueError(f"write it in the shape of {spelled} = {written}")
    return dict(zip(keys, _flat(value), strict=True))


def _tree(text: str) -> tuple[str, ast.expr]:
    """What Python's grammar makes of [values], and their text; where two of them have no comma, one is put."""
    plain = QUOTED.sub(lambda found: f"'{'_' * (len(found[0]) - 2)}'", text).replace(";", ",")
    if strange := STRANGE.search(plain):
        raise ValueError(f"{quoted(text[strange.start() :])} is no number, and nothing is calculated here")
    plain = GAP.sub(", ", LITERAL.sub(_literal, plain.strip()))
    if not plain or plain.count("(") + plain.count("[") > plain.count(")") + plain.count("]"):
        raise ValueError("it ends too early: a bracket is not closed, or a number is missing")
    try:
        tree = ast.parse(f"[{plain}]", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        tree = None
    if not isinstance(tree, ast.List):
        raise ValueError(f"it is neither a number nor a list of them; {WRITE_ONE}")
    return f"[{plain}]", tree


def _literal(found: re.Match[str]) -> str:
    """A number as Python writes it: 007 is 7."""
    if not FRACTION.fullmatch(found[0]):
        raise ValueError(f"{quoted(found[0])} is no number, and nothing is calculated here")
    return re.sub(r"^0+(?=\d)", "", found[0])


def _value(text: str, node: ast.expr, depth: int = -1) -> Any:
    """A number, or a nested list of them; `depth` counts the brackets around it that a person wrote."""
    words = text[node.col_offset : node.end_col_offset]
    if isinstance(node, ast.Constant | ast.UnaryOp | ast.BinOp):
        if not FRACTION.fullmatch(words):
            raise ValueError(f"{quoted(words)} is no number, and nothing is calculated here")
        return _finite(fraction(words))
    if isinstance(node, ast.List | ast.Tuple):
        if depth >= DEEPEST:
            raise ValueError(f"only {DEEPEST} brackets can stand within each other")
        return [_value(text, each, depth + 1) for each in node.elts]
    maker, _, inside = words.partition("(")
    if isinstance(node, ast.Call) and MAKER.fullmatch(maker.strip()) and len(node.args) == 1:
        return _value(text, node.args[0], depth)  # requires_grad=True and the like do not touch the numbers
    raise ValueError(f"{quoted(maker if inside else words)} stands where a number should; {WRITE_ONE}")


def _without_names(rows: list[Any], beside: int) -> dict[str, float]:
    """Bare numbers: all twelve, the nine parameters, or W1."""
    numbers = _flat(rows)
    keys = {
        len(ADJUSTABLE): tuple(name.key for name in ADJUSTABLE),
        len(PARAMETERS): tuple(name.key for name in PARAMETERS),
        4: KEYS_OF["W1"] if _shape(rows) == (2, 2) else (),
    }.get(len(numbers), ())
    if beside or not keys:
        count = "1 number stands" if len(numbers) == 1 else f"{len(numbers)} numbers stand"
        raise ValueError(f"{count} there without a name; {ROWS_WANTED}")
    return dict(zip(keys, numbers, strict=True))


def _shape(value: Any) -> tuple[int, ...] | None:
    """The shape without its ones: (2, 2) for [[1, 2], [3, 4]], (2,) for [[1], [2]]; None where rows differ."""
    if not isinstance(value, list):
        return ()
    inner = {_shape(entry) for entry in value}
    if len(inner) != 1 or None in inner:
        return None
    (shape,) = inner
    return shape if len(value) == 1 else (len(value), *shape)  # type: ignore[misc]


def _flat(value: Any) -> list[float]:
    return [number for entry in value for number in _flat(entry)] if isinstance(value, list) else [value]
