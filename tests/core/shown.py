r"""A reader of the LaTeX on the screen: works out what a formula comes to, with nothing of core's own mathematics.

It knows the little that our formulas use: numbers, names, fractions, roots, powers, cases, matrices, max, ln, e^…, an
integral, and whatever functions it is told of by name. Numbers are mpmath's, as precise as its context.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import mpmath

Names = Mapping[str, Any]
TOKEN = re.compile(
    r"\\begin\{(?:cases|bmatrix)\}|\\end\{(?:cases|bmatrix)\}|\\operatorname\{\w+\}'?|\\\\"
    r"|(?:\\hat ?\w|\\[a-zA-Z]+|[a-zA-Z])'?(?:\^\{\(\d\)\})?(?:_\{\d+\}|_\d)?|\d+\.?\d*|\S"
)
OPENING = ("(", "{", r"\frac", r"\tfrac", r"\sqrt", r"\cancel", r"\max", r"\ln", r"\tanh", r"\int_0", r"\pi")


def worth(latex: str, names: Names) -> Any:
    """What the formula comes to where its names are worth this much. ValueError for what is no formula."""
    reader = _Reader(latex, names)
    value = reader.total()
    if reader.at < len(reader.tokens):
        raise ValueError(f"{reader.tokens[reader.at :]} is left over in {latex}")
    return value


class _Reader:
    def __init__(self, latex: str, names: Names):
        text = re.sub(r"\\left(?![a-z])|\\right(?![a-z])|\\,", " ", latex)
        self.tokens, self.names, self.at = TOKEN.findall(text), dict(names), 0

    def next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.next()
        if not token or (expected and token != expected):
            raise ValueError(f"{token or 'the end'} where {expected or 'something'} should stand")
        self.at += 1
        return token

    def total(self) -> Any:
        """A sum, with a sign of its own perhaps before it."""
        value = self._signed()
        while self.next() in ("+", "-"):
            value = value + self.product() if self.take() == "+" else value - self.product()
        return value

    def _signed(self) -> Any:
        if self.next() == "-":
            self.take()
            return -self.product()
        return self.product()

    def product(self) -> Any:
        value = self.power()
        while True:
            if self.next() in (r"\cdot", r"\times"):
                self.take()
                value = value * self.power()
            elif self.next() == "/":
                self.take()
                value = value / self.power()
            elif self._opens():
                value = value * self.power()
            else:
                return value

    def _opens(self) -> bool:
        """Whether what comes next is multiplied without a sign."""
        token = self.next()
        return bool(token) and (
            token in OPENING or token[0].isdigit() or token == "e" or token in self.names or token.startswith(r"\begin")
        )

    def power(self) -> Any:
        if self.next() == "e" and "e" not in self.names:
            self.take()
            self.take("^")
            return mpmath.exp(self.group())
        value = self.atom()
        while self.next() == "^":
            self.take()
            value = value ** self.group()
        return value

    def group(self) -> Any:
        """What a power, a fraction or a root takes: {…}, or one sign alone, a digit for \\tfrac12."""
        if self.next() == "{":
            return self.inside("{", "}")
        if len(self.next()) > 1 and self.next().isdigit():
            token = self.tokens[self.at]
            self.tokens[self.at] = token[1:]
            return mpmath.mpf(token[0])
        return self.atom()

    def inside(self, opened: str, closed: str) -> Any:
        self.take(opened)
        value = self.total()
        self.take(closed)
        return value

    def atom(self) -> Any:  # noqa: PLR0911
        token = self.take()
        if token[0].isdigit():
            return mpmath.mpf(token)
        if token in self.names:
            named = self.names[token]
            return self.applied(named) if callable(named) else named
        if token == "(":
            self.at -= 1
            return self.inside("(", ")")
        if token == "{":
            self.at -= 1
            return self.inside("{", "}")
        if token in (r"\frac", r"\tfrac"):
            return self.group() / self.group()
        if token == r"\cancel":
            return self.group()
        if token == r"\max":
            self.take("(")
            first = self.total()
            self.take(",")
            second = self.total()
            self.take(")")
            return max(first, second)
        if token == r"\begin{cases}":
            return self.cases()
        if token == r"\begin{bmatrix}":
            return self.matrix()
        if token == r"\int_0":
            return self.integral()
        known = {r"\ln": mpmath.log, r"\sqrt": mpmath.sqrt, r"\tanh": mpmath.tanh}
        if token in known:
            return mpmath.sqrt(self.group()) if token == r"\sqrt" else self.applied(known[token])
        if token == r"\pi":
            return mpmath.pi
        raise ValueError(f"{token} is not known")

    def applied(self, function: Callable[[Any], Any]) -> Any:
        """f(x), or ln x: the very next thing, no more; on a matrix entry by entry."""
        argument = self.atom()
        return argument.apply(function) if isinstance(argument, mpmath.matrix) else function(argument)

    def cases(self) -> Any:
        """The value of the first line whose condition holds."""
        found: list[Any] = []
        while True:
            value = self.total()
            self.take("&")
            left, how, right = self.total(), self.take(), self.total()
            if {">": left > right, r"\le": left <= right, "<": left < right}[how]:
                found.append(value)
            if self.take() == r"\end{cases}":
                (only,) = found  # one line, and one alone
                return only

    def matrix(self) -> Any:
        rows: list[list[Any]] = [[]]
        while True:
            rows[-1].append(self.total())
            token = self.take()
            if token == r"\end{bmatrix}":
                return mpmath.matrix(rows)
            if token == r"\\":
                rows.append([])

    def integral(self) -> Any:
        r"""\int_0^{b} … \,dt"""
        self.take("^")
        end, start = self.group(), self.at
        stop = next(i for i in range(start, len(self.tokens) - 1) if self.tokens[i : i + 2] == ["d", "t"])
        body, self.at = self.tokens[start:stop], stop + 2

        def height(t: Any) -> Any:
            reader = _Reader("", {**self.names, "t": t})
            reader.tokens = list(body)
            return reader.total()

        return mpmath.quad(height, mpmath.linspace(0, end, 9))
