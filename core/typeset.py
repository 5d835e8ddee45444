"""LaTeX: matrices, the lines of the forward pass, the chain of a route, and numbers put in for symbols.

A float is set with four digits. A number on paper (core/exact.py) is set as it is where it is short, and rounded where
it is not; each line knows which, and so whether = or ≈ belongs before it. Where digits cancel, as in 1 − o of an o that
is all but 1, a line shows as many more as it takes to work it out again from what it shows.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from functools import cache, lru_cache, reduce
from functools import partial as partial_of
from typing import Any, NamedTuple

from sympy import Expr

from core.chain_rule import Cancelled, Derivation, Factor, Route, WorkedRoute
from core.equations import KEYS, PRE_ACTIVATION, SYMBOLS, activation_of, expression_of, keys_in
from core.exact import KEPT, SHORT, Number, redo
from core.functions import ACTIVATIONS, LOSSES, Activation
from core.names import COMPUTED, NAMES
from core.network import Trace, every_value
from core.parameters import Architecture, Example, Parameters, Vector
from core.plain import UP, plain

MINUS = "\N{MINUS SIGN}"
FLOAT_DIGITS = 4
PAPER_DIGITS = 7  # of a number on paper that is not written out in full
NOISE_DIGITS = 12  # of a float; what comes after them is rounding of its own, and differs from machine to machine
LONGEST = 16  # digits in a row; a number that needs more of them is set by what it lacks to 1
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
    """A number as a learner writes it: "=" and all of it, or "≈" and its digits rounded."""

    sign: str
    latex: str


@lru_cache(maxsize=4096, typed=True)  # typed: Fraction(1) is exact, and an equal Decimal is not
def written(value: Number, digits: int = PAPER_DIGITS) -> Written:
    """A Fraction as a short decimal (0.576) or a fraction (1/3), with "="; anything else rounded, with "≈"."""
    decimal = _decimal(value)
    if isinstance(value, Fraction) and decimal == value and len(decimal.normalize().as_tuple().digits) <= SHORT:
        return Written("=", number(decimal, SHORT))
    if isinstance(value, Fraction) and len(f"{value.numerator}{value.denominator}") <= SHORT:
        minus, top = "-" * (value < 0), abs(value.numerator)
        return Written("=", rf"{minus}\frac{{{top}}}{{{value.denominator}}}")
    return Written("≈", number(decimal, digits))


def _decimal(value: Number) -> Decimal:
    if isinstance(value, Decimal):
        return value
    with localcontext(prec=50):
        return Decimal(value.numerator) / value.denominator


def sign(values: Iterable[Value], digits: int | None = None) -> str:
    """What belongs before a line with these numbers in it: LaTeX's ≈ if one of them is rounded."""
    return r"\approx" if any(_is_rounded(value, digits) for value in values) else "="


def _is_rounded(value: Value, digits: int | None = None) -> bool:
    """Whether what is written is not all of the number; the last digits of a float are rounding of its own."""
    if not isinstance(value, float):
        return written(value).sign == "≈"
    paper = _as_on_paper(value, digits or FLOAT_DIGITS)
    return paper.is_finite() and rounded(value, digits or FLOAT_DIGITS) != paper


def rounded(value: float | Decimal, digits: int) -> Decimal:
    """A finite number in so many significant digits, a half away from zero: 1.4625 → 1.463, on every machine.

    A float that should be 1.4625 may be 1.4624999999999997 on another machine, so a float is first taken to the
    decimal of 12 digits that it stands for; the browser does the same. A Decimal is taken as it is.
    """
    return _half_up(digits).plus(_as_on_paper(value, digits))


def _as_on_paper(value: float | Decimal, digits: int) -> Decimal:
    if isinstance(value, Decimal):
        return value
    digits = max(digits, NOISE_DIGITS)
    return Decimal(f"{value:.{digits - 1}e}" if digits < LONGEST else repr(float(value)))


@cache
def _half_up(digits: int) -> Context:
    return Context(prec=digits, rounding=ROUND_HALF_UP, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])


def number(value: float | Decimal, digits: int = FLOAT_DIGITS) -> str:
    """A number for a formula: `digits` significant digits, no idle zeros, powers of ten where they help."""
    mantissa, power = _mantissa_and_power(value, digits)
    latex = {"nan": r"\text{not finite}", "inf": r"\infty", "-inf": r"-\infty"}.get(mantissa, mantissa)
    return rf"{latex} \times 10^{{{power}}}" if power else latex


def text_number(value: float | Decimal, digits: int = FLOAT_DIGITS) -> str:
    """The same number for plain text, with a true minus sign: "−0.36", "1.2×10⁻⁵"."""
    mantissa, power = _mantissa_and_power(value, digits)
    text = {"nan": "not finite", "inf": "∞", "-inf": "-∞"}.get(mantissa, mantissa).replace("-", MINUS)
    return f"{text}×10{power.translate(UP)}" if power else text


def _mantissa_and_power(value: float | Decimal, digits: int) -> tuple[str, str]:
    """Its digits, and the power of ten they are multiplied by, if any. What is not finite is "nan", "inf" or "-inf".

    The turning points are those of Python's "g" format; the browser keeps the same ones.
    """
    if not math.isfinite(value):
        return str(float(value)), ""
    if value == 0:
        return "0", ""
    short = rounded(value, digits)
    power = short.adjusted()
    if -4 <= power < digits:
        return _trim(f"{short:f}"), ""
    return _trim(f"{_half_up(digits).scaleb(short, -power):f}"), str(power)


def _trim(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def number_matrix(rows: Sequence[Sequence[float]], digits: int = FLOAT_DIGITS) -> str:
    """Rows of numbers → a matrix in square brackets."""
    body = r" \\ ".join(" & ".join(number(entry, digits) for entry in row) for row in rows)
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"


def partial(above: str, below: str) -> str:
    """∂above/∂below, for two keys."""
    return rf"\frac{{\partial {NAMES[above].latex}}}{{\partial {NAMES[below].latex}}}"


def forward_lines(
    parameters: Parameters,
    example: Example,
    trace: Trace[Vector, float],
    architecture: Architecture,
    paper: Mapping[str, Number],
) -> tuple[Line, ...]:
    """The forward pass as matrices: z1, h, z2, o, L. `paper`, what exact_forward() gives, knows what is exact."""
    f, g = ACTIVATIONS[architecture.activation], ACTIVATIONS[architecture.output]
    W1, b1, W2, b2 = parameters.W1, parameters.b1, parameters.W2, parameters.b2
    known: dict[str, Value] = dict(every_value(parameters, example, trace))
    row = number_matrix

    def line(keys: Sequence[str], left: str, symbols: str, numbers: Callable[[int], str], result: str) -> Line:
        worked = {key: expression_of(key, architecture) for key in keys}
        return _line(worked, left, symbols, lambda shown: numbers(shown.digits or FLOAT_DIGITS), result, known, paper)

    return (
        line(
            ("z1_1", "z1_2"), "z^{(1)}", "x W^{(1)} + b^{(1)}",
            lambda n: f"{row([example.x], n)} {row(W1, n)} + {row([b1], n)}", row([trace.z1]),
        ),
        line(("h_1", "h_2"), "h", applied(f, "z^{(1)}"), lambda n: applied(f, row([trace.z1], n)), row([trace.h])),
        line(
            ("z2",), "z^{(2)}", "h W^{(2)} + b^{(2)}",
            lambda n: f"{row([trace.h], n)} {row(W2, n)} + {in_formula(b2[0], n)}", number(trace.z2),
        ),
        line(("o",), "o", applied(g, "z^{(2)}"), lambda n: applied(g, number(trace.z2, n)), number(trace.o)),
        _loss_line(known, architecture, paper),
    )  # fmt: skip


def _line(
    worked: Mapping[str, Expr],
    left: str,
    symbols: str,
    numbers: Callable[["Shown"], str],
    result: str,
    known: Mapping[str, Value],
    paper: Mapping[str, Number] | None,
) -> Line:
    """A line in which these keys are worked out, with as many digits as that takes."""
    digits = _enough([_worked_by(expression, known[key]) for key, expression in worked.items()], known)
    given = (key for expression in worked.values() for key in keys_in(expression))
    how = _sign_of(given, known, digits, paper), _sign_of(worked, known, None, paper)
    return Line(left, symbols, numbers(Shown(known, digits)), result, "", *how)


def _loss_line(known: Mapping[str, Value], architecture: Architecture, paper: Mapping[str, Number]) -> Line:
    """L as it is written on paper. Where it is computed from z2, o keeps the digits there that a float has lost."""
    loss, expression = LOSSES[architecture.loss], expression_of("L", architecture)
    if loss.cancellation:
        z2 = Fraction(z2) if math.isfinite(z2 := float(known["z2"])) else paper["z2"]
        known = {**known, "o": redo(expression_of("o", architecture), {"z2": z2})}
        expression = loss.cancellation.loss(SYMBOLS["o"], SYMBOLS["y"])
    written_out = partial_of(_loss, loss.latex)
    return _line({"L": expression}, "L", _loss(loss.latex), written_out, _put(known["L"]), known, paper)


def _sign_of(
    keys: Iterable[str], known: Mapping[str, Value], digits: int | None, paper: Mapping[str, Number] | None
) -> str:
    """sign() of these symbols' numbers; ≈ too where a float is 1 and the number it stands for is only near 1."""
    keys = tuple(keys)
    if paper and not all(isinstance(paper[key], Fraction) for key in keys):
        return r"\approx"
    return sign((known[key] for key in keys), digits)


def applied(function: Activation, argument: str) -> str:
    """f(argument), or the argument alone where f is the identity."""
    return rf"{function.symbol}\left({argument}\right)" if function.symbol else argument


def unit_lines(
    known: Mapping[str, Value], architecture: Architecture, paper: Mapping[str, Number] | None = None
) -> dict[str, Line]:
    """The forward pass one number at a time, by key: z1_1 = x_1 w_11 + x_2 w_21 + b_1 = 1 · 0.1 + …

    `paper`, what exact_forward() gives, knows which of the floats in `known` stand for an exact number.
    """
    lines = {}
    for key in (name.key for name in COMPUTED):
        right, worked = partial_of(_right, key, architecture), {key: expression_of(key, architecture)}
        lines[key] = _line(worked, NAMES[key].latex, right(), right, _put(known[key]), known, paper)
    return lines


def equation(key: str, architecture: Architecture) -> str:
    """The one equation that computes `key`, in symbols."""
    return f"{NAMES[key].latex} = {_right(key, architecture)}"


def chain(route: Route) -> str:
    """The product of a route's factors, in symbols."""
    return r" \cdot ".join(partial(factor.above, factor.below) for factor in route)


def factor_line(factor: Factor, known: Mapping[str, Value], value: Value, architecture: Architecture) -> Line:
    """One factor on its own: its rule, then ∂z2/∂h_2 = w_2 = 0.6."""
    worked_out = _worked_out(factor, architecture)
    digits = _enough([_worked_by(worked_out, value)], known)
    symbols, numbers = (_slope(factor, architecture, shown) for shown in (LETTERS, Shown(known, digits)))
    how = sign((known[key] for key in keys_in(worked_out)), digits), sign([value])
    rule = _rule(factor, architecture)
    return Line(partial(factor.above, factor.below), symbols, numbers, _put(value), rule, *how)


@cache
def _worked_out(factor: Factor, architecture: Architecture) -> Expr:
    """∂above/∂below of what it is worked out from on paper: of o for a loss, of a = f(z) where f′ is written in it."""
    if factor.above == "L":
        cancellation = LOSSES[architecture.loss].cancellation
        return cancellation.left(SYMBOLS["o"], SYMBOLS["y"]) if cancellation else factor.derivative
    function = activation_of(factor.above, architecture)
    return function.slope_of_a(SYMBOLS[factor.above]) if function and function.slope_of_a else factor.derivative


def _slope(factor: Factor, architecture: Architecture, shown: "Shown") -> str:
    """∂above/∂below as it is worked out on paper: h (1 − h) for the sigmoid."""
    above, below = factor.above, factor.below
    if above == "L":
        return _loss(LOSSES[architecture.loss].slope_latex, shown)
    function = activation_of(above, architecture)
    if function is None:
        return _sum(factor.derivative, shown)
    z, times_z, a, alone = shown.bare(below), shown.inside(below), shown.inside(above), shown.alone(above)
    return function.slope_worked.format(z=z, factor=times_z, a=a, alone=alone)


def _rule(factor: Factor, architecture: Architecture) -> str:
    """Why: f′(z) = … for an activation; for a sum or the loss, ∂/∂(what is below) of the one equation."""
    function, slope = activation_of(factor.above, architecture), _slope(factor, architecture, LETTERS)
    if function and function.symbol:
        return rf"{function.symbol}'(z) = {function.slope_latex}"
    if (factor.above, factor.below) == ("L", "z2"):  # o is not in the equation: show where it comes from
        output = applied(ACTIVATIONS[architecture.output], NAMES["z2"].latex)
        slope = f"{LOSSES[architecture.loss].slope_latex.format(o=output, y='y')} = {slope}"
    right = _right(factor.above, architecture)
    return rf"\frac{{\partial}}{{\partial {NAMES[factor.below].latex}}} \left({right}\right) = {slope}"


class Shown(NamedTuple):
    """How symbols stand in a formula: by their letters, or by their numbers with so many digits."""

    known: Mapping[str, Value] | None = None
    digits: int | None = None

    def bare(self, key: str) -> str:
        return NAMES[key].latex if self.known is None else _put(self.known[key], self.digits)

    def inside(self, key: str) -> str:
        """Beside other things: a negative number in parentheses."""
        return NAMES[key].latex if self.known is None else in_formula(self.known[key], self.digits)

    def alone(self, key: str) -> str:
        """Where a power or a function's name belongs to all of it: (1.2 × 10⁻⁵)², ln(1.2 × 10⁻⁵)."""
        latex = self.inside(key)
        return rf"({latex})" if r"\times" in latex and not latex.startswith("(") else latex


LETTERS = Shown()


def _right(key: str, architecture: Architecture, shown: Shown = LETTERS) -> str:
    """The right side of the equation that computes `key`."""
    if key == "L":
        return _loss(LOSSES[architecture.loss].computed_latex or LOSSES[architecture.loss].latex, shown)
    if function := activation_of(key, architecture):
        return applied(function, shown.bare(PRE_ACTIVATION[key]))
    return _sum(expression_of(key, architecture), shown)


def _loss(template: str, shown: Shown = LETTERS) -> str:
    """The loss, or its slope."""
    return template.format(o=shown.bare("o"), alone=shown.alone("o"), y=shown.inside("y"), z2=shown.inside("z2"))


def _sum(expression: Expr, shown: Shown) -> str:
    """A sum of products as its equation has it, or what is left of one; a lone number needs no parentheses."""
    if not expression.is_Add:
        return shown.bare(KEYS[expression]) if expression.is_Symbol else str(expression)
    times = " " if shown.known is None else r" \cdot "
    products = (term.args or (term,) for term in expression.args)
    return " + ".join(times.join(shown.inside(KEYS[symbol]) for symbol in product) for product in products)


def in_formula(value: Value, digits: int | None = None) -> str:
    """A number as it stands inside a formula: a negative one in parentheses."""
    latex = _put(value, digits)
    return f"({latex})" if latex.startswith("-") else latex


def _put(value: Value, digits: int | None = None) -> str:
    """A float with four digits or as many as asked, a number on paper as it is written there."""
    if isinstance(value, float):
        return number(value, digits or FLOAT_DIGITS)
    if rest := _lacks(value, digits):
        latex = number(rest, KEPT)
        return f"(1 - {latex})" if value > 0 else f"({latex} - 1)"
    return written(value, digits or PAPER_DIGITS).latex


# ── enough digits to work a line out again ──────────────────────────────────────────────────────────────────────


class Claim(NamedTuple):
    """`keys`, worked out by `work`, come to `result`."""

    keys: tuple[Any, ...]
    work: Callable[[Mapping[Any, Number]], Number]
    result: Value


_WIDE = Context(prec=60, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])


def _lacks(value: Value, digits: int | None) -> Decimal | None:
    """1 − |value|, rounded, for a number on paper so near to ±1 that it is written by what it lacks."""
    if digits is None or digits <= LONGEST or not isinstance(value, Decimal) or value.adjusted() != -1:
        return None
    with localcontext(prec=2 * len(value.as_tuple().digits) + 2):
        rest = 1 - value.copy_abs()
    return rounded(rest, PAPER_DIGITS + digits - LONGEST - 1) if rest.adjusted() < PAPER_DIGITS - LONGEST else None


def _as_shown(value: Value, digits: int) -> Number:
    """The number that _put() writes."""
    if rest := _lacks(value, digits):
        with localcontext(prec=KEPT - rest.adjusted() + 2):
            return 1 - rest if value > 0 else rest - 1
    if isinstance(value, float):
        return Fraction(rounded(value, digits))
    if isinstance(value, Fraction):
        return value if written(value).sign == "=" else Fraction(rounded(_decimal(value), digits))
    return rounded(value, digits)


def _worked_by(expression: Expr, result: Value) -> Claim:
    return Claim(keys_in(expression), lambda shown: redo(expression, shown), result)


def _product_digits(factors: Sequence[Value], product: Value) -> int:
    return _combined_digits(factors, _WIDE.multiply, product)


def _combined_digits(parts: Sequence[Value], how: Callable[[Decimal, Decimal], Decimal], result: Value) -> int:
    known = dict(enumerate(parts))
    return _enough([Claim(tuple(known), lambda shown: reduce(how, map(_decimal, shown.values())), result)], known)


def _enough(claims: Sequence[Claim], known: Mapping[Any, Value]) -> int:
    """The fewest digits, from the usual ones on, with which the numbers come to the very digits of each result.

    Where no number of digits does that, since a float's own last ones are wrong: as few as do it for the other results,
    or come within one unit, or the usual ones.
    """
    used = {key: known[key] for claim in claims for key in claim.keys}
    usual = FLOAT_DIGITS if isinstance(claims[0].result, float) else PAPER_DIGITS
    if not all(map(math.isfinite, (*used.values(), *(claim.result for claim in claims)))):
        return usual
    if sign(used.values(), usual) == "=":
        return usual
    digits, nearly = usual, 0
    while digits <= KEPT:
        shown = {key: _as_shown(value, digits) for key, value in used.items()}
        offs = [_units_off(claim, shown, usual) for claim in claims]
        units = max(offs)
        if not units:
            return digits
        nearly = nearly or (digits if units <= 1 else 0)
        beyond = digits + max(1, units.adjusted())
        digits = LONGEST + 1 if digits <= LONGEST < beyond else min(beyond, max(KEPT, digits + 1))
    met = [claim for claim, off in zip(claims, offs, strict=True) if not off]
    return _enough(met, known) if met else nearly or usual


def _units_off(claim: Claim, shown: Mapping[Any, Number], usual: int) -> Decimal:
    """How far from the result, as it is written, these numbers lead, in units of its last digit."""
    goal = rounded(claim.result if isinstance(claim.result, float) else _decimal(claim.result), usual)
    if not goal:
        return Decimal(0)
    try:
        found = rounded(_decimal(claim.work({key: shown[key] for key in claim.keys})), usual)
    except (ArithmeticError, ValueError):  # ln 0, say
        return Decimal("Infinity")
    off = _WIDE.scaleb(_WIDE.abs(_WIDE.subtract(found, goal)), usual - 1 - goal.adjusted())
    return Decimal("Infinity") if off.is_nan() else off


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
        left = _part(whole, index) if several else whole
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


def _part(whole: str, index: int) -> str:
    """What one of several routes brings."""
    return rf"\left.{whole}\right|_{{{index}}}"


def total_line(worked: Derivation) -> Line:
    """The sum of what several routes bring."""
    whole, products = partial("L", worked.key), [route.product for route in worked.routes]
    parts = " + ".join(_part(whole, index) for index in range(1, len(products) + 1))
    digits = _combined_digits(products, _WIDE.add, worked.value)
    numbers = " + ".join(in_formula(product, digits) for product in products)
    return Line(whole, parts, numbers, _put(worked.value), "", sign(products, digits), sign([worked.value]))


def loss_on_paper(architecture: Architecture) -> str:
    """L = …, as it is written by hand, even where it is computed otherwise."""
    return f"L = {_loss(LOSSES[architecture.loss].latex)}"


def cancellation_line(architecture: Architecture, numbers: Cancelled) -> Line:
    """∂L/∂o · ∂o/∂z2 for a loss that is computed from z2: what the two factors hold in common, and what is left.

    Without the numbers of the factors where one of them is infinite or 0: only what is left can be computed there.
    """
    cancellation = LOSSES[architecture.loss].cancellation
    assert cancellation is not None  # there are no `numbers` otherwise
    left_over, symbols = _loss(cancellation.left_latex), _loss(cancellation.struck_latex)
    digits = _product_digits([numbers.to_o, numbers.gate], numbers.left)
    numbers_line = rf"{number(numbers.to_o, digits)} \cdot {in_formula(numbers.gate, digits)}"
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
    digits, numbers = _product_digits(route.values, route.product), r" \cdot ".join(route_numbers(route))
    how = sign(route.values, digits), sign([route.product])
    return Line(left, chain(route.factors), numbers, _put(route.product), "", *how)


def route_numbers(route: WorkedRoute) -> list[str]:
    """The value of each factor, as it stands in their product."""
    digits = _product_digits(route.values, route.product)
    if len(route.values) == 1:
        return [_put(route.values[0], digits)]
    return [in_formula(value, digits) for value in route.values]


def steps(line: Line) -> list[tuple[str, str]]:
    """What stands on the right of a line, each with the sign before it; nothing is said twice."""
    steps = [("=", line.symbols), (line.numbers_sign, line.numbers), (line.result_sign, line.result)]
    return [step for i, step in enumerate(steps) if step[1] not in {right for _, right in steps[:i]}]
