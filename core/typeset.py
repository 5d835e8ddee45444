"""LaTeX: matrices, the lines of the forward pass, the chain of a route, and numbers put in for symbols."""

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import sympy
from sympy import Expr

from core.chain_rule import Factor, Route
from core.equations import KEYS, SYMBOLS, equations
from core.functions import ACTIVATIONS, LOSSES, Activation
from core.names import NAMES
from core.network import Trace
from core.parameters import Architecture, Example, Parameters, Vector

MINUS = "\N{MINUS SIGN}"


class Line(NamedTuple):
    """One line of mathematics: what it says in symbols, with numbers put in, and what comes out."""

    left: str
    symbols: str
    numbers: str
    result: str


def number(value: float, digits: int = 4) -> str:
    """A number for a formula: `digits` significant digits, no idle zeros, powers of ten where they help.

    The turning points are those of Python's "g" format; browser/numbers.js keeps the same ones.
    """
    if not math.isfinite(value):
        return r"\text{not finite}" if math.isnan(value) else (r"\infty" if value > 0 else r"-\infty")
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    power = int(exponent)
    if -4 <= power < digits:
        return _trim(f"{value:.{digits - 1 - power}f}")
    return rf"{_trim(mantissa)} \times 10^{{{power}}}"


def _trim(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def text_number(value: float, digits: int = 4) -> str:
    """The same number for plain text, with a true minus sign: "−0.36", "1.2×10⁻⁵"."""
    superscripts = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
    plain = number(value, digits).replace(r"\text{not finite}", "not finite").replace(r"\infty", "∞")
    mantissa, times, exponent = plain.partition(r" \times 10^{")
    if times:
        plain = f"{mantissa}×10{exponent.rstrip('}').translate(superscripts)}"
    return plain.replace("-", MINUS)


def matrix(rows: Sequence[Sequence[str]]) -> str:
    """Entries → a matrix in square brackets."""
    body = r" \\ ".join(" & ".join(row) for row in rows)
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"


def number_matrix(rows: Sequence[Sequence[float]]) -> str:
    return matrix([[number(entry) for entry in row] for row in rows])


def symbol_matrix(rows: Sequence[Sequence[str]]) -> str:
    """Keys → a matrix of their symbols."""
    return matrix([[NAMES[key].latex for key in row] for row in rows])


def partial(above: str, below: str) -> str:
    """∂above/∂below, for two keys."""
    return rf"\frac{{\partial {NAMES[above].latex}}}{{\partial {NAMES[below].latex}}}"


def forward_lines(
    parameters: Parameters, example: Example, trace: Trace[Vector, float], architecture: Architecture
) -> tuple[Line, ...]:
    """The forward pass as matrices: z1, h, z2, o, L."""
    f, g = ACTIVATIONS[architecture.activation], ACTIVATIONS[architecture.output]
    W1, b1, W2, b2 = parameters.W1, parameters.b1, parameters.W2, parameters.b2
    row = number_matrix
    z1 = Line("z^{(1)}", "x W^{(1)} + b^{(1)}", f"{row([example.x])} {row(W1)} + {row([b1])}", row([trace.z1]))
    h = Line("h", applied(f, "z^{(1)}"), applied(f, row([trace.z1])), row([trace.h]))
    z2 = Line("z^{(2)}", "h W^{(2)} + b^{(2)}", f"{row([trace.h])} {row(W2)} + {in_formula(b2[0])}", number(trace.z2))
    o = Line("o", applied(g, "z^{(2)}"), applied(g, number(trace.z2)), number(trace.o))
    loss = LOSSES[architecture.loss].latex
    L = Line("L", _loss(loss), _loss(loss, {"o": trace.o, "y": example.y}), number(trace.L))
    return z1, h, z2, o, L


def applied(function: Activation, argument: str) -> str:
    """f(argument), or the argument alone where f is the identity."""
    return rf"{function.symbol}\left({argument}\right)" if function.symbol else argument


def unit_lines(known: Mapping[str, float], architecture: Architecture) -> dict[str, Line]:
    """The forward pass one number at a time, by key: z1_1 = x_1 w_11 + x_2 w_21 + b_1 = 1 · 0.1 + …"""
    return {
        key: Line(NAMES[key].latex, _right(key, architecture), _right(key, architecture, known), number(known[key]))
        for key in (KEYS[left] for left, _ in equations(architecture))
    }


def equation(key: str, architecture: Architecture) -> str:
    """The one equation that computes `key`, in symbols."""
    return f"{NAMES[key].latex} = {_right(key, architecture)}"


def chain(route: Route) -> str:
    """The product of a route's factors, in symbols."""
    return r" \cdot ".join(partial(factor.above, factor.below) for factor in route)


def factor_line(factor: Factor, known: Mapping[str, float], value: float, architecture: Architecture) -> Line:
    """One factor on its own: ∂z2/∂h_2 = w_2 = 0.6."""
    function = _activation(factor.above, architecture)
    if factor.above == "L":
        slope = LOSSES[architecture.loss].slope_latex
        symbols, numbers = _loss(slope), _loss(slope, known)
    elif function is None:
        symbols, numbers = _symbols(factor.derivative), _numbers(factor.derivative, known)
    elif function.symbol:
        symbols = rf"{function.symbol}'\left({NAMES[factor.below].latex}\right)"
        numbers = rf"{function.symbol}'\left({number(known[factor.below])}\right)"
    else:
        symbols = numbers = function.slope_latex
    return Line(partial(factor.above, factor.below), symbols, numbers, number(value))


def _activation(key: str, architecture: Architecture) -> Activation | None:
    """The activation that computes this symbol; None where a sum or the loss does."""
    if key in ("h_1", "h_2"):
        return ACTIVATIONS[architecture.activation]
    return ACTIVATIONS[architecture.output] if key == "o" else None


_PRE_ACTIVATION = {"h_1": "z1_1", "h_2": "z1_2", "o": "z2"}


def _right(key: str, architecture: Architecture, known: Mapping[str, float] | None = None) -> str:
    """The right side of the equation that computes `key`: in symbols, or with numbers if they are known."""
    function = _activation(key, architecture)
    if key == "L":
        return _loss(LOSSES[architecture.loss].latex, known)
    if function:
        before = _PRE_ACTIVATION[key]
        return applied(function, number(known[before]) if known else NAMES[before].latex)
    right = next(right for left, right in equations(architecture) if KEYS[left] == key)
    return _numbers(right, known) if known else _symbols(right)


def _loss(template: str, known: Mapping[str, float] | None = None) -> str:
    """LaTeX of the loss or its slope: in the letters o and y, or with their numbers."""
    return template.format(o=number(known["o"]), y=in_formula(known["y"])) if known else template.format(o="o", y="y")


@cache
def _symbols(expression: Expr) -> str:
    return sympy.latex(expression, order="none")


def _numbers(expression: Expr, known: Mapping[str, float]) -> str:
    """The expression with a number in the place of every symbol; a lone number needs no parentheses."""
    if expression.is_Symbol:
        return number(known[KEYS[expression]])
    return _template(expression).format(**{key: in_formula(known[key]) for key in _keys(expression)})


@cache
def _template(expression: Expr) -> str:
    """LaTeX with a gap {key} in the place of every symbol: printed once, filled at every slider move."""
    gaps = {SYMBOLS[key]: f"@{key}@" for key in _keys(expression)}
    latex = sympy.latex(expression, order="none", symbol_names=gaps, mul_symbol="dot")
    latex = latex.replace("{", "{{").replace("}", "}}")
    for key in _keys(expression):
        latex = latex.replace(f"@{key}@", f"{{{key}}}")
    return latex


@cache
def _keys(expression: Expr) -> tuple[str, ...]:
    return tuple(sorted(KEYS[symbol] for symbol in expression.free_symbols))


def in_formula(value: float) -> str:
    """A number as it stands inside a formula: a negative one in parentheses."""
    return number(value) if value >= 0 or math.isnan(value) else f"({number(value)})"
