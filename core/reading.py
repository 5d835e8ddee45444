"""Numbers as a person writes them: one alone, a form of fields, or lines pasted from a notebook.

Text is taken apart by patterns and never evaluated. Nothing is taken until everything can be read: what cannot be is
named, each with a sentence of its own.
"""

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
SHAPES: dict[str, tuple[int, ...]] = {"W1": (2, 2), "b1": (2,), "W2": (2,), "b2": (), "x": (2,), "y": ()}
TENSOR_OF = {spelled: tensor for tensor in WRITTEN for spelled in (tensor, tensor.upper(), tensor.lower())}
# One number by its own name: w1_12, W1[0,1] or W1[0][1], W2[1] or W2[1,0], x1.
KEY_OF: dict[str, str] = {
    **{name.key: name.key for name in ADJUSTABLE},
    **{name.code: name.key for name in ADJUSTABLE},
    "W2[0]": "w2_1", "W2[1]": "w2_2", "X[0]": "x_1", "X[1]": "x_2", "x1": "x_1", "x2": "x_2",
}  # fmt: skip
MAKERS = {
    f"{package}{maker}"
    for package, makers in {
        "": ("tensor", "array"),
        "torch.": ("tensor", "Tensor", "as_tensor", "FloatTensor", "DoubleTensor"),
        "np.": ("array", "asarray"),
        "numpy.": ("array", "asarray"),
    }.items()
    for maker in makers
}
# What stands among such lines and gives none of the twelve a value.
SETS_NOTHING = re.compile(
    r"(?:import|from)\s[\w\s.,*]+|torch\.manual_seed\([0-9]+\)|\w+\s*=\s*\w+\.clone\(\)|In\s*\[[0-9 ]*\]:"
)
PROMPT = re.compile(r"(?:>>>|\.\.\.)\s")
AFTERWARDS = re.compile(r"(?<=\))\s*\.(?:requires_grad_|double|float)\((?:True)?\)")

TOKEN = re.compile(
    rf"""\s*(?:
      (?P<number>{NUMBER}(?:[ \t]*/[ \t]*{NUMBER})?(?=[\s,;)\]]|$))
    | (?P<name>[A-Za-z_][A-Za-z0-9_.]*)
    | (?P<text>"[^"\n]*"|'[^'\n]*')
    | (?P<mark>[\[\](),;=])
    )""",
    re.VERBOSE,
)
CLOSING = {"[": "]", "(": ")"}
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
            found = _Statement(statement).read()
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


class _Statement:
    """The words of one statement, read from left to right."""

    def __init__(self, text: str) -> None:
        text = AFTERWARDS.sub("", text)
        self.words: list[tuple[str, str]] = []  # kind and spelling
        at = 0
        while at < len(text):
            found = TOKEN.match(text, at)
            if not found:
                raise ValueError(f"{quoted(text[at:].strip())} is no number, and nothing is calculated here")
            self.words.append((str(found.lastgroup), str(found[found.lastgroup or 0])))
            at = found.end()
        self.at = 0

    def read(self) -> dict[str, float] | list[Any]:
        """Values by key; a list of the numbers where they have no name."""
        if self.peek() == "name" and self.words[0][1] not in MAKERS:
            return self.named()
        return self.items(until="", depth=0)

    def named(self) -> dict[str, float]:
        name = self.next()
        index = []
        while self.accept("["):
            index += [str(value).removesuffix(".0") for value in self.items(until="]", depth=DEEPEST)]
        spelled = f"{name}[{','.join(index)}]" if index else name
        if not self.accept("="):
            raise ValueError(NAMES_WANTED)
        if spelled not in KEY_OF and spelled not in TENSOR_OF:
            raise ValueError(f"{quoted(spelled)} is none of the twelve; {NAMES_WANTED}")
        value = self.value(depth=0)
        self.accept(";")
        if self.at < len(self.words):
            raise ValueError(f"it goes on after the value, with {quoted(self.words[self.at][1])}")
        tensor = TENSOR_OF.get(spelled, "")
        keys, shape = KEYS_OF.get(tensor) or (KEY_OF[spelled],), SHAPES.get(tensor, ())
        if _shape(value) != shape:
            raise ValueError(f"write it in the shape of {spelled} = {WRITTEN.get(tensor, '0.3')}")
        return dict(zip(keys, _flat(value), strict=True))

    def items(self, until: str, depth: int) -> list[Any]:
        """Values up to a closing bracket, or to the end, with a comma, a semicolon or a space between two."""
        found: list[Any] = []
        while not (self.at == len(self.words) if not until else self.accept(until)):
            found.append(self.value(depth))
            self.accept(",") or self.accept(";")
        return found

    def value(self, depth: int) -> Any:
        """A number, or a nested list of them."""
        kind, word = self.peek(), self.next()
        if kind == "number":
            return _finite(fraction(word))
        if word in CLOSING:
            if depth >= DEEPEST:
                raise ValueError(f"only {DEEPEST} brackets can stand within each other")
            return self.items(until=CLOSING[word], depth=depth + 1)
        if word in MAKERS and self.accept("("):
            value = self.value(depth)
            self.options()
            return value
        raise ValueError(f"{quoted(word)} stands where a number should; {WRITE_ONE}")

    def options(self) -> None:
        """What may follow the numbers of a tensor, such as requires_grad=True: it does not touch them."""
        while self.accept(","):
            if self.peek() == "name":
                self.next()
                if not self.accept("=") or self.peek() == "mark":
                    raise ValueError("an option is written as in requires_grad=True")
                self.next()
        if not self.accept(")"):
            raise ValueError("a bracket is not closed")

    def peek(self) -> str:
        """The kind of the next word; empty at the end."""
        return self.words[self.at][0] if self.at < len(self.words) else ""

    def next(self) -> str:
        if self.at == len(self.words):
            raise ValueError("it ends too early: a bracket is not closed, or a number is missing")
        self.at += 1
        return self.words[self.at - 1][1]

    def accept(self, mark: str) -> bool:
        """Step over this mark if it comes next."""
        here = self.at < len(self.words) and self.words[self.at] == ("mark", mark)
        self.at += here
        return here


def _without_names(rows: list[Any], beside: int) -> dict[str, float]:
    """Bare numbers: all twelve, the nine parameters, or W1."""
    numbers = _flat(rows)
    keys = {
        len(ADJUSTABLE): tuple(name.key for name in ADJUSTABLE),
        len(PARAMETERS): tuple(name.key for name in PARAMETERS),
        4: KEYS_OF["W1"] if _shape(rows) == SHAPES["W1"] else (),
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
