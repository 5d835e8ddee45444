"""The vocabulary: every symbol of the network, declared once.

Sliders, addresses, equations, plots and tests all loop over these tables, so a symbol has one name
everywhere. `W1[i, j]` runs from input i to hidden unit j: a row vector times a matrix.
"""

from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Name:
    """One symbol of the network.

    key      as slider, address and equation call it, e.g. "w1_12"
    code     as PyTorch code calls it, e.g. "W1[0,1]"
    base, sup, sub   as a formula writes it: w^{(1)}_{12}
    meaning  in words, for a tooltip and a screen reader
    default  the value in the notebook the project grew from; None for what the network computes
    """

    key: str
    code: str
    base: str
    sup: str
    sub: str
    meaning: str
    default: float | None = None

    @property
    def latex(self) -> str:
        """As a formula writes it: w^{(1)}_{12}."""
        sup = f"^{{{self.sup}}}" if self.sup else ""
        sub = f"_{{{self.sub}}}" if self.sub else ""
        return f"{self.base}{sup}{sub}"

    @property
    def tensor(self) -> str:
        """The tensor this symbol is an entry of: "W1" for W1[0,1]."""
        return self.code.partition("[")[0]


PARAMETERS: tuple[Name, ...] = (
    Name("w1_11", "W1[0,0]", "w", "(1)", "11", "weight from input 1 to hidden unit 1", 0.1),
    Name("w1_12", "W1[0,1]", "w", "(1)", "12", "weight from input 1 to hidden unit 2", 0.2),
    Name("w1_21", "W1[1,0]", "w", "(1)", "21", "weight from input 2 to hidden unit 1", 0.3),
    Name("w1_22", "W1[1,1]", "w", "(1)", "22", "weight from input 2 to hidden unit 2", 0.4),
    Name("b1_1", "b1[0]", "b", "(1)", "1", "bias of hidden unit 1", 0.1),
    Name("b1_2", "b1[1]", "b", "(1)", "2", "bias of hidden unit 2", 0.2),
    Name("w2_1", "W2[0,0]", "w", "(2)", "1", "weight from hidden unit 1 to the output", 0.5),
    Name("w2_2", "W2[1,0]", "w", "(2)", "2", "weight from hidden unit 2 to the output", 0.6),
    Name("b2", "b2[0]", "b", "(2)", "", "bias of the output unit", 0.3),
)
INPUTS: tuple[Name, ...] = (
    Name("x_1", "x[0]", "x", "", "1", "input 1", 1.0),
    Name("x_2", "x[1]", "x", "", "2", "input 2", 2.0),
)
TARGET = Name("y", "y", "y", "", "", "target: the output we would like", 0.7)

# What the forward pass computes, in the order it computes it.
COMPUTED: tuple[Name, ...] = (
    Name("z1_1", "z1[0]", "z", "(1)", "1", "pre-activation of hidden unit 1"),
    Name("z1_2", "z1[1]", "z", "(1)", "2", "pre-activation of hidden unit 2"),
    Name("h_1", "h[0]", "h", "", "1", "activation of hidden unit 1"),
    Name("h_2", "h[1]", "h", "", "2", "activation of hidden unit 2"),
    Name("z2", "z2", "z", "(2)", "", "pre-activation of the output unit"),
    Name("o", "o", "o", "", "", "output of the network"),
    Name("L", "L", "L", "", "", "loss: how far the output is from the target"),
)

ADJUSTABLE: tuple[Name, ...] = (*PARAMETERS, *INPUTS, TARGET)  # the twelve sliders
DIFFERENTIABLE: tuple[Name, ...] = (*PARAMETERS, *INPUTS)  # what the chain-rule page can study
NAMES: dict[str, Name] = {name.key: name for name in (*ADJUSTABLE, *COMPUTED)}


class Refused(ValueError):
    """A value that makes no sense: a sentence with the value in it, and the remedy, which is ours alone."""

    def __init__(self, sentence: str, remedy: str) -> None:
        super().__init__(sentence)
        self.remedy = remedy


def one_of(word: str, value: object, possible: tuple[str, ...] | list[str]) -> str:
    """`value` if it is one of the possible strings; otherwise Refused, which says what is possible."""
    if isinstance(value, str) and value in possible:
        return value
    close = get_close_matches(value, possible, n=1) if isinstance(value, str) and len(value) <= 40 else []
    hint = f"; did you mean {close[0]!r}?" if close else ""
    remedy = f"choose one of: {', '.join(possible)}{hint}"
    raise Refused(f"{word} {shorten(value)} is not known; {remedy}", remedy)


def differentiable(key: object) -> str:
    """`key` if it is that of a parameter or an input; otherwise Refused, which says what is possible."""
    return one_of("parameter", key, [name.key for name in DIFFERENTIABLE])


def whole(word: str, value: object, low: int, high: int, of: str = "") -> int:
    """`value` if it is a whole number from low to high; otherwise Refused, which says what is possible."""
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return value
    remedy = f"choose a whole number from {low} to {high}{of}"
    raise Refused(f"{word} {shorten(value)} is not possible; {remedy}", remedy)


def shorten(value: object) -> str:
    """repr of a value for an error message, on one line and cut to a readable length."""
    try:
        text = " ".join(repr(value).split())
    except ValueError:  # Python does not print an int of more than 4300 digits
        return "a number of thousands of digits"
    return text if len(text) <= 40 else text[:37] + "…"
