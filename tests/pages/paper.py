r"""A reader with pencil and paper: takes a formula of the screen apart at its = and ≈, and works out every part.

A part is worked out from the truth (by_hand of tests/pages/screen.py) and from the numbers that stand in it. Behind an
= it must be equal to what stands on the left, so a rounded number is caught there; behind an ≈ it may be rounded.
"""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from core import NAMES
from tests.pages.screen import FUNCTIONS, bare, closing

EXACT, ROUNDED = 1e-12, 1e-3
CALLED = {
    r"\operatorname{ReLU}": "relu",
    r"\operatorname{LReLU}": "leaky_relu",
    r"\operatorname{softplus}": "softplus",
    r"\operatorname{GELU}": "gelu",
    r"\tanh": "tanh",
    r"\sigma": "sigmoid",
}
BY_NAME: dict[str, Any] = {
    **{name: f for name, (f, _) in FUNCTIONS.items()},
    **{f"{name}_slope": slope for name, (_, slope) in FUNCTIONS.items()},
    "Phi": lambda z: (1 + math.erf(z / math.sqrt(2))) / 2,
    "phi": lambda z: math.exp(-z * z / 2) / math.sqrt(2 * math.pi),
    "ln": math.log,
    "exp": math.exp,
}
DELTAS = {r"\delta^{(2)}": "dL/dz2", r"\delta^{(1)}_{1}": "dL/dz1_1", r"\delta^{(1)}_{2}": "dL/dz1_2"}


class Said(NamedTuple):
    """`left` `sign` `right`, as a formula says it; `left` is what the whole chain of signs begins with."""

    left: str
    sign: str
    right: str


def said(formula: str) -> Iterator[Said]:
    """Everything a formula claims: each right side of each of its lines."""
    formula = unwrapped(formula)
    formula = formula.removeprefix(r"\begin{aligned}").removesuffix(r"\end{aligned}")
    left = ""
    for line in re.split(r" \\\\ | \\qquad ", formula):
        first, *rest = re.split(r"(=|\\approx)", line.replace("&", ""))
        left = first.strip() or left
        for sign, right in zip(rest[::2], rest[1::2], strict=True):
            yield Said(left, sign, right.strip())


def untrue(formula: str, truth: Mapping[str, float]) -> list[Said]:
    """What a formula claims and is not so: not equal behind an =, not even near behind an ≈."""
    return [claim for claim in said(formula) if not _holds(claim, truth)]


def _holds(claim: Said, truth: Mapping[str, float]) -> bool:
    left, right = worked(claim.left, truth), worked(claim.right, truth)
    return math.isclose(left, right, rel_tol=EXACT if claim.sign == "=" else ROUNDED, abs_tol=1e-14)


def unwrapped(latex: str) -> str:
    r"""Without colours, marks, boxes, strokes and braces: \\underbrace{…}_{δ} is … alone."""
    latex = bare(latex)
    while found := re.search(r"\\(boxed|cancel|underbrace)\{", latex):
        end = closing(latex, found.end())
        after = closing(latex, end + 3) + 1 if found[1] == "underbrace" else end + 1
        latex = latex[: found.start()] + latex[found.end() : end] + latex[after:]
    return latex


def worked(latex: str, truth: Mapping[str, float]) -> float:
    """What a formula comes to: its symbols taken from the truth, its numbers as they stand there."""
    return float(eval(_python(latex), BY_NAME | {"truth": truth}))  # our own formulas, in a test


def _python(latex: str) -> str:
    text = latex
    for part, key in _quantities():
        text = text.replace(part, f"«{key}»")
    text = re.sub(r"(?<![\w\\«/])([oyL])(?![\w»])", r"«\1»", text)
    for macro, name in CALLED.items():
        text = text.replace(f"{macro}'", f"{name}_slope").replace(macro, name)
    text = text.replace(r"\varphi", "phi").replace(r"\Phi", "Phi").replace(r"\ln", "ln").replace(r"\,", " ")
    text = text.replace(r"\left", "").replace(r"\right", "").replace(r"\cdot", "*").replace(r"\times", "*")
    text = text.replace(r"\tfrac12", "(1/2)").replace("^2", "**2")
    text = re.sub(r"10\^\{(-?\d+)\}", r"10**(\1)", text)
    text = re.sub(r"e\^\{([^{}]*)\}", r"exp(\1)", text)
    text = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", text)
    text = re.sub(r"(?<=[»)\d]) +(?=[«(\d])", "*", text.strip())
    return re.sub(r"«([^»]*)»", r'truth["\1"]', text)


def _quantities() -> list[tuple[str, str]]:
    """LaTeX → key of the truth, the longest first: partial derivatives, parts of them, δ, symbols."""
    keys, found = list(NAMES), dict(DELTAS)
    for above in keys:
        for below in keys:
            partial = rf"\frac{{\partial {NAMES[above].latex}}}{{\partial {NAMES[below].latex}}}"
            found[partial] = f"d{above}/d{below}"
            found |= {rf"\left.{partial}\right|_{{{i}}}": f"d{above}/d{below}|{i}" for i in "12"}
    found |= {NAMES[key].latex: key for key in keys if len(NAMES[key].latex) > 1} | {r"\eta": "eta"}
    return sorted(found.items(), key=lambda pair: -len(pair[0]))


def parts(truth: Mapping[str, float]) -> dict[str, float]:
    """The truth, and for each input what each of its two routes brings."""
    brought = {f"dL/dx_{i}|{j}": truth[f"dL/dz1_{j}"] * truth[f"w1_{i}{j}"] for i in "12" for j in "12"}
    return {**truth, **brought}
