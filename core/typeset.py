"""LaTeX: matrices, the lines of the forward pass, the chain of a route, and numbers put in for symbols.

A float is set with four digits. A number on paper (core/exact.py) is set as it is where it is short, and rounded where
it is not; each line knows which, and so whether = or ≈ belongs before it.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache, lru_cache
from typing import NamedTuple

import sympy
from sympy import Expr

from core.chain_rule import Cancelled, Derivation, Factor, Route, WorkedRoute
from core.equations import KEYS, SYMBOLS, activation_of, equations
from core.exact import SHORT, Number
from core.functions import ACTIVATIONS, LOSSES, Activation
from core.names import COMPUTED, NAMES
from core.network import Trace
from core.parameters import Architecture, Example, Parameters, Vector
from core.plain import plain

MINUS = "\N{MINUS SIGN}"
FLOAT_DIGITS = 4
PAPER_DIGITS = 7  # of a number on paper that is not written out in full
Value = float | Number


class Line(NamedTuple):
    """One line of mathematics: what it says in symbols, with numbers put in, and what comes out.

    rule            why the symbols are what they are; empty where there is nothing to derive
    numbers_sign, result_sign   what belongs before the numbers and before the result: "=" or LaTeX's ≈
    """

    left: str
    symbols: str
    numbers: str
    result: str
    rule: str = ""
    numbers_sign: str = "="
    result_sign: str = "="


class Written(NamedTuple):
    """A number as a learner writes it: "=" and all of it, or "≈" and its digits rounded; as text and as LaTeX."""

    sign: str
    text: str
    latex: str


@lru_cache(maxsize=4096, typed=True)  # typed: Fraction(1) is exact, and an equal Decimal is not
def written(value: Number, digits: int = PAPER_DIGITS) -> Written:
    """A Fraction as a short decimal (0.576) or a fraction (1/3), with "="; anything else rounded, with "≈"."""
    decimal = _decimal(value)
    if isinstance(value, Fraction) and decimal == value and len(decimal.normalize().as_tuple().digits) <= SHORT:
        return Written("=", text_number(decimal, SHORT), number(decimal, SHORT))
    if isinstance(value, Fraction) and len(f"{value.numerator}{value.denominator}") <= SHORT:
        sign, top = ("-", -value.numerator) if value < 0 else ("", value.numerator)
        text = f"{value.numerator}/{value.denominator}".replace("-", MINUS)
        return Written("=", text, rf"{sign}\frac{{{top}}}{{{value.denominator}}}")
    return Written("≈", text_number(decimal, digits), number(decimal, digits))


def _decimal(value: Number) -> Decimal:
    if isinstance(value, Decimal):
        return value
    with localcontext(prec=50):
        return Decimal(value.numerator) / value.denominator


def sign(values: Iterable[Value]) -> str:
    """What belongs before a line with these numbers in it: LaTeX's ≈ if one of them is rounded."""
    return r"\approx" if any(map(_is_rounded, values)) else "="


def _is_rounded(value: Value) -> bool:
    """Whether what is written is not all of the number; the last digits of a float are rounding of its own."""
    if not isinstance(value, float):
        return written(value).sign == "≈"
    return math.isfinite(value) and not math.isclose(float(f"{value:.{FLOAT_DIGITS - 1}e}"), value, rel_tol=1e-13)


def number(value: float | Decimal, digits: int = FLOAT_DIGITS) -> str:
    """A number for a formula: `digits` significant digits, no idle zeros, powers of ten where they help.

    The turning points are those of Python's "g" format; browser/numbers.js keeps the same ones.
    """
    if math.isnan(value):
        return r"\text{not finite}"
    if abs(value) == math.inf:
        return r"\infty" if value > 0 else r"-\infty"
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    power = int(exponent)
    if -4 <= power < digits:
        return _trim(f"{value:.{digits - 1 - power}f}")
    return rf"{_trim(mantissa)} \times 10^{{{power}}}"


def _trim(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def text_number(value: float | Decimal, digits: int = 4) -> str:
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
    given = [*example.x, *W1[0], *W1[1], *b1]
    z1 = _line("z^{(1)}", "x W^{(1)} + b^{(1)}", f"{row([example.x])} {row(W1)} + {row([b1])}", given, trace.z1)
    h = _line("h", applied(f, "z^{(1)}"), applied(f, row([trace.z1])), trace.z1, trace.h)
    given = [*trace.h, W2[0][0], W2[1][0], *b2]
    numbers = f"{row([trace.h])} {row(W2)} + {in_formula(b2[0])}"
    z2 = _line("z^{(2)}", "h W^{(2)} + b^{(2)}", numbers, given, trace.z2)
    o = _line("o", applied(g, "z^{(2)}"), applied(g, number(trace.z2)), [trace.z2], trace.o)
    loss, known = LOSSES[architecture.loss].latex, {"o": trace.o, "y": example.y, "z2": trace.z2}
    L = _line("L", _loss(loss), _loss(loss, known), [trace.o, example.y], trace.L)
    return z1, h, z2, o, L


def _line(left: str, symbols: str, numbers: str, given: Sequence[float], result: float | Vector) -> Line:
    """A line of the forward pass, whose result is a number or a row of them."""
    several = result if isinstance(result, tuple) else (result,)
    latex = number_matrix([result]) if isinstance(result, tuple) else number(result)
    return Line(left, symbols, numbers, latex, numbers_sign=sign(given), result_sign=sign(several))


def applied(function: Activation, argument: str) -> str:
    """f(argument), or the argument alone where f is the identity."""
    return rf"{function.symbol}\left({argument}\right)" if function.symbol else argument


def unit_lines(known: Mapping[str, Value], architecture: Architecture) -> dict[str, Line]:
    """The forward pass one number at a time, by key: z1_1 = x_1 w_11 + x_2 w_21 + b_1 = 1 · 0.1 + …"""
    return {
        KEYS[left]: Line(
            left=NAMES[KEYS[left]].latex,
            symbols=_right(KEYS[left], architecture),
            numbers=_right(KEYS[left], architecture, known),
            result=_put(known[KEYS[left]]),
            numbers_sign=sign(known[key] for key in _keys(right)),
            result_sign=sign([known[KEYS[left]]]),
        )
        for left, right in equations(architecture)
    }


def equation(key: str, architecture: Architecture) -> str:
    """The one equation that computes `key`, in symbols."""
    return f"{NAMES[key].latex} = {_right(key, architecture)}"


def chain(route: Route) -> str:
    """The product of a route's factors, in symbols."""
    return r" \cdot ".join(partial(factor.above, factor.below) for factor in route)


def factor_line(factor: Factor, known: Mapping[str, Value], value: Value, architecture: Architecture) -> Line:
    """One factor on its own: its rule, then ∂z2/∂h_2 = w_2 = 0.6."""
    function = activation_of(factor.above, architecture)
    if factor.above == "L":
        slope = LOSSES[architecture.loss].slope_latex
        symbols, numbers, used = _loss(slope), _loss(slope, known), ["o", "y"]
    elif function is None:
        symbols, numbers = _symbols(factor.derivative), _numbers(factor.derivative, known)
        used = list(_keys(factor.derivative))
    else:
        symbols, numbers = _slope(function, factor), _slope(function, factor, known)
        used = [key for key, gap in ((factor.below, "z"), (factor.above, "a")) if f"{{{gap}}}" in function.slope_worked]
    left, rule = partial(factor.above, factor.below), _rule(factor, architecture)
    return Line(left, symbols, numbers, _put(value), rule, sign(known[key] for key in used), sign([value]))


def _slope(function: Activation, factor: Factor, known: Mapping[str, Value] | None = None) -> str:
    """f′(z) as it is worked out on paper, in symbols or with numbers: h (1 − h) for the sigmoid."""
    below, above = factor.below, factor.above
    if known is None:
        z = NAMES[below].latex
        return function.slope_worked.format(z=z, factor=z, a=NAMES[above].latex)
    z = _put(known[below])
    return function.slope_worked.format(z=z, factor=in_formula(known[below]), a=in_formula(known[above]))


def _rule(factor: Factor, architecture: Architecture) -> str:
    """Why: f′(z) = … for an activation; for a sum or the loss, ∂/∂(what is below) of the one equation."""
    function = activation_of(factor.above, architecture)
    if function and function.symbol:
        return rf"{function.symbol}'(z) = {function.slope_latex}"
    right, slope = _right(factor.above, architecture), _symbols(factor.derivative)
    if factor.above == "L":
        template = LOSSES[architecture.loss].slope_latex
        slope = _loss(template)
        if factor.below == "z2":  # o is not in the equation: show where it comes from
            output = applied(ACTIVATIONS[architecture.output], NAMES["z2"].latex)
            slope = rf"{template.format(o=output, y='y')} = {slope}"
    return rf"\frac{{\partial}}{{\partial {NAMES[factor.below].latex}}} \left({right}\right) = {slope}"


_PRE_ACTIVATION = {"h_1": "z1_1", "h_2": "z1_2", "o": "z2"}


def _right(key: str, architecture: Architecture, known: Mapping[str, Value] | None = None) -> str:
    """The right side of the equation that computes `key`: in symbols, or with numbers if they are known."""
    function = activation_of(key, architecture)
    if key == "L":
        return _loss(LOSSES[architecture.loss].computed_latex, known)
    if function:
        before = _PRE_ACTIVATION[key]
        return applied(function, _put(known[before]) if known else NAMES[before].latex)
    right = next(right for left, right in equations(architecture) if KEYS[left] == key)
    return _numbers(right, known) if known else _symbols(right)


def _loss(template: str, known: Mapping[str, Value] | None = None) -> str:
    """LaTeX of the loss or its slope: in the letters o, y and z2, or with their numbers."""
    if known is None:
        return template.format(o="o", y="y", z2=NAMES["z2"].latex)
    return template.format(o=_put(known["o"]), y=in_formula(known["y"]), z2=in_formula(known["z2"]))


@cache
def _symbols(expression: Expr) -> str:
    return sympy.latex(expression, order="none")


def _numbers(expression: Expr, known: Mapping[str, Value]) -> str:
    """The expression with a number in the place of every symbol; a lone number needs no parentheses."""
    if expression.is_Symbol:
        return _put(known[KEYS[expression]])
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


def in_formula(value: Value) -> str:
    """A number as it stands inside a formula: a negative one in parentheses."""
    return f"({_put(value)})" if value < 0 else _put(value)


def _put(value: Value) -> str:
    """A float with four digits, a number on paper as it is written there."""
    return number(value) if isinstance(value, float) else written(value).latex


# ── a whole derivation, to be copied ────────────────────────────────────────────────────────────────────────────


def derivation_latex(worked: Derivation, architecture: Architecture) -> str:
    """∂L/∂key from the forward pass to the last number: one align* environment, for an article with amsmath.

    `worked` is what exact_derive() gives, or derive(): then with four digits.
    """
    rows = [
        rf"{line.left if i == 0 else ''} &{how} {right}"
        for line in _derivation_lines(worked, architecture)
        for i, (how, right) in enumerate(steps(line))
    ]
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}\n"


def derivation_text(worked: Derivation, architecture: Architecture) -> str:
    """The same derivation as plain text, one line of mathematics a line."""
    lines = []
    for line in _derivation_lines(worked, architecture):
        left = plain(line.left)
        for i, (how, right) in enumerate(steps(line)):
            lines.append(f"{left if i == 0 else ' ' * len(left)} {plain(how)} {plain(right)}")
    return "\n".join(lines) + "\n"


def _derivation_lines(worked: Derivation, architecture: Architecture) -> list[Line]:
    """What the functions are, the forward pass, each route's factors and product, and their sum."""
    forward = unit_lines(worked.known, architecture)
    lines = [*definitions((architecture.activation, architecture.output)), *(forward[name.key] for name in COMPUTED)]
    several, whole = len(worked.routes) > 1, partial("L", worked.key)
    for index, route in enumerate(worked.routes, start=1):
        left = rf"\left.{whole}\right|_{{{index}}}" if several else whole
        seen = {factor for earlier in worked.routes[: index - 1] for factor in earlier.factors}
        lines += [
            factor_line(factor, worked.known, value, architecture)
            for factor, value in zip(route.factors, route.values, strict=True)
            if factor not in seen  # what two routes share is worked out once
        ]
        lines.append(route_line(left, route))
    if several:
        lines.append(total_line(worked))
    return lines


def total_line(worked: Derivation) -> Line:
    """The sum of what several routes bring."""
    whole, products = partial("L", worked.key), [route.product for route in worked.routes]
    parts = " + ".join(rf"\left.{whole}\right|_{{{index}}}" for index in range(1, len(products) + 1))
    numbers = " + ".join(map(in_formula, products))
    return Line(whole, parts, numbers, _put(worked.value), "", sign(products), sign([worked.value]))


def loss_on_paper(architecture: Architecture) -> str:
    """L = …, as it is written by hand, even where it is computed otherwise."""
    return f"L = {_loss(LOSSES[architecture.loss].latex)}"


def cancellation_line(architecture: Architecture, numbers: Cancelled) -> Line:
    """∂L/∂o · ∂o/∂z2 for a loss that is computed from z2: what the two factors hold in common, and what is left.

    Without the numbers of the factors where one of them is infinite or 0: only what is left can be computed there.
    """
    cancellation = LOSSES[architecture.loss].cancellation
    assert cancellation is not None  # there are no `numbers` otherwise
    letters = {"o": "o", "y": "y"}
    left_over, symbols = cancellation.left_latex.format(**letters), cancellation.struck_latex.format(**letters)
    numbers_line = rf"{number(numbers.to_o)} \cdot {in_formula(numbers.gate)}"
    if not math.isfinite(numbers.to_o) or numbers.gate == 0:
        numbers_line = left_over
    left, how = rf"{partial('L', 'o')} \cdot {partial('o', 'z2')}", r"\approx"
    return Line(left, f"{symbols} = {left_over}", numbers_line, number(numbers.left), "", how, how)


def definitions(functions: Iterable[str]) -> list[Line]:
    """f(z) and f′(z) of each of these activations that is written by a name, and the letters in them."""
    equalities: dict[str, str] = {}
    for function in (ACTIVATIONS[key] for key in dict.fromkeys(functions) if ACTIVATIONS[key].symbol):
        equalities |= {f"{function.symbol}(z)": function.latex, f"{function.symbol}'(z)": function.slope_latex}
        equalities |= dict(function.letters)
    return [Line(left, right, right, right) for left, right in equalities.items()]


def route_line(left: str, route: WorkedRoute) -> Line:
    """A route as its chain of partial derivatives, the product of its numbers, and what that comes to."""
    numbers = r" \cdot ".join(map(in_formula, route.values)) if len(route.values) > 1 else _put(route.values[0])
    return Line(left, chain(route.factors), numbers, _put(route.product), "", sign(route.values), sign([route.product]))


def steps(line: Line) -> list[tuple[str, str]]:
    """What stands on the right of a line, each with the sign before it; nothing is said twice."""
    steps = [("=", line.symbols), (line.numbers_sign, line.numbers), (line.result_sign, line.result)]
    return [step for i, step in enumerate(steps) if step[1] not in {right for _, right in steps[:i]}]
