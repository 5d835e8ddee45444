"""The chain of one gradient, as rows: its routes, every factor opened up, the products, and what sharing them saves."""

from core import DIFFERENTIABLE, NAMES, Cancelled, Derivation, cancelled, prefixes, saving
from core.chain_rule import Factor, WorkedRoute
from core.exact import Number
from core.saving import THE_NINE
from core.typeset import (
    Line,
    cancellation_line,
    chain,
    definitions,
    derivation_latex,
    derivation_text,
    equation,
    factor_line,
    loss_on_paper,
    partial,
    route_line,
    route_numbers,
    total_line,
)
from pages.components.derivation import Row, aligned, in_numbers, marked, row, tinted
from pages.components.network import edge
from pages.scene import Scene
from pages.words.explain import factor_words, is_learned, other_symbols, symbol


def chain_rows(worked: Derivation, now: Scene) -> list[Row]:
    """The whole argument for ∂L/∂key, from the symbols on the way to the last number."""
    rows, worked_out = [legend(worked, now)], set[Factor]()
    for index, route in enumerate(worked.routes, start=1):
        rows += [route_row(route, index, worked)]
        for factor, value in zip(route.factors, route.values, strict=True):
            if factor not in worked_out:  # what two routes share is worked out once
                rows += factor_rows(factor, value, worked, now)
            worked_out.add(factor)
        rows += [product_row(route, index, worked)]
    return [*rows, *total_rows(worked)]


def legend(worked: Derivation, now: Scene) -> Row:
    """Every symbol that the routes meet: what it is, and the one equation that computes it."""
    met = (factor.above for route in worked.routes for factor in route.factors)
    keys = dict.fromkeys(["L", "o", *met])  # o stands in the slope of a loss even where no route passes it
    body = [[symbol(key), NAMES[key].meaning, f"${equation(key, now.architecture)}$"] for key in keys]
    body.append([symbol(worked.key), NAMES[worked.key].meaning, "given: you can turn it"])
    chosen = now.architecture
    names = definitions([*([chosen.activation] if "h_1" in keys or "h_2" in keys else []), chosen.output])
    return row(
        "legend",
        "From the loss back against the arrows, one symbol after the other; each is computed by one equation.",
        note=f"Also in these equations: {other_symbols(worked.routes, chosen)}.",
        title="What stands on the way",
        table={"head": ["Symbol", "What it is", "Computed by"], "body": body},
        formulas=[aligned(names)] if names else [],
    )


def route_row(route: WorkedRoute, index: int, worked: Derivation) -> Row:
    """The chain in symbols, its beginnings named δ."""
    title = "The chain rule"
    words = (
        "Each step of the way is one **factor**: how fast the upper symbol moves when the lower one does. Numbers are "
        "carried as on paper: what follows a = is exact, what follows a ≈ is rounded."
    )
    if len(worked.routes) > 1:
        title = f"Route {index}: through hidden unit {index}"
        if index > 1:
            words = "Its first factors are those of route 1; what differs is worked out below."
    formula = f"{_left(worked, index)} = {_in_symbols(route)}"
    return row(f"chain {index}", words, title=title, formulas=[formula], wide=True)


def factor_rows(factor: Factor, value: Number, worked: Derivation[Number], now: Scene) -> list[Row]:
    """One factor: why it is what it is, its value, and on demand its rule, its symbols and its numbers."""
    line = factor_line(factor, worked.known, value, now.architecture)
    left = marked(edge(factor), tinted("route", line.left))
    short = f"{left} = {line.symbols}" + ("" if line.result == line.symbols else f" {line.result_sign} {line.result}")
    opened = {
        "Rule": line.rule,
        "Symbols": f"{line.left} = {line.symbols}",
        "Numbers": in_numbers(line),
    }
    shown = row(
        f"factor {factor.above} {factor.below}",
        factor_words(factor, float(value), now),
        formulas=[short],
        details={
            "summary": "Rule, symbols, numbers",
            "rows": [row(name, f"**{name}**", formulas=[latex]) for name, latex in opened.items()],
        },
    )
    left_over = cancelled(now.architecture, now.known) if factor.above == "L" else None
    return [shown, cancellation_row(left_over, now)] if left_over else [shown]


def cancellation_row(left_over: Cancelled, now: Scene) -> Row:
    """Why o − y is all there is: for a loss that is computed from z2."""
    return row(
        "cancellation",
        f"On paper the loss is ${loss_on_paper(now.architecture)}$.",
        "Two slopes are hidden in this one: that of the loss by the output, and the output’s gate. Both hold "
        "$o\\,(1 - o)$, once below and once above the line: it cancels.",
        f"So $L$ is computed straight from {symbol('z2')}: where $o$ rounds to 0 or 1, the first of the two would be a "
        "division by 0, and what is left of them is still right.",
        title="What cancels",
        formulas=[aligned([cancellation_line(now.architecture, left_over)])],
    )


def product_row(route: WorkedRoute, index: int, worked: Derivation) -> Row:
    line = route_line(_left(worked, index), route)
    numbers = r" \cdot ".join(
        marked(edge(factor), value) for factor, value in zip(route.factors, route_numbers(route), strict=True)
    )
    result = f"{line.result_sign} {tinted('gradient', line.result)}"
    return row(
        f"product {index}",
        formulas=[f"{line.left} {line.numbers_sign} {numbers} {result}"],
        wide=True,
    )


def total_rows(worked: Derivation) -> list[Row]:
    """Where several routes reach a symbol, their products add up."""
    if len(worked.routes) == 1:
        return []
    line = total_line(worked)
    words = f"Both routes carry a change of {symbol(worked.key)} to the loss at once, so they **add up**:"
    formula = f"{line.left} {line.numbers_sign} {line.numbers} {line.result_sign} {tinted('gradient', line.result)}"
    return [row("total", words, title="Both routes together", formulas=[formula], wide=True)]


def sharing_rows(worked: Derivation, now: Scene) -> list[Row]:
    """What backprop saves by working out once what routes share; and the whole derivation, to be copied."""
    return [_sharing(worked, now), _copy(worked, now)]


def _sharing(worked: Derivation, now: Scene) -> Row:
    keys = THE_NINE if is_learned(worked.key) else tuple(name.key for name in DIFFERENTIABLE)
    count, how_many = saving(now.architecture, keys), "nine" if keys == THE_NINE else "eleven"
    lines = dict.fromkeys(line for i, route in enumerate(worked.routes, 1) for line in _by_deltas(route, i, worked))
    return row(
        "sharing",
        "The product of the first factors, down to a pre-activation $z$, is called **δ** (delta). Every gradient "
        "behind that $z$ begins with it, so backpropagation works it out once and hands it on.",
        f"Counted for all {how_many} gradients: **{count.alone} multiplications** if every route is multiplied out by "
        f"itself, **{count.shared}** if each beginning is worked out once and kept.",
        title="What backpropagation saves",
        formulas=[aligned(lines)],
    )


def _copy(worked: Derivation, now: Scene) -> Row:
    return row(
        "copy",
        "The whole derivation, forward pass included, to export:",
        copy=[
            {"label": "Copy as LaTeX", "text": derivation_latex(worked, now.architecture)},
            {"label": "Copy as text", "text": derivation_text(worked, now.architecture)},
        ],
    )


def _left(worked: Derivation, index: int) -> str:
    """∂L/∂key, or the part of it that one of several routes brings."""
    whole = partial("L", worked.key)
    return rf"\left.{whole}\right|_{{{index}}}" if len(worked.routes) > 1 else whole


def _in_symbols(route: WorkedRoute) -> str:
    """The factors in the colour of the route, each one linked to its edge, with a brace under every δ."""
    names = {prefix.length: prefix.latex for prefix in prefixes(route)}
    so_far = ""
    for length, factor in enumerate(route.factors, start=1):
        link = marked(edge(factor), tinted("route", partial(factor.above, factor.below)))
        so_far = rf"{so_far} \cdot {link}" if so_far else link
        if length in names:
            so_far = rf"\underbrace{{{so_far}}}_{{{names[length]}}}"
    return so_far


def _by_deltas(route: WorkedRoute, index: int, worked: Derivation) -> list[Line]:
    """The route once more, from one δ to the next: each line takes the last one's result."""
    lines, name, before, start = [], "", None, 0
    ends = [(prefix.length, prefix.latex) for prefix in prefixes(route)] + [(len(route.factors), _left(worked, index))]
    for end, left in ends:
        symbols = [name] if name else []
        symbols.append(chain(route.factors[start:end]))
        values = [*([before] if name else []), *route.values[start:end]]
        result = route.so_far[end - 1]
        one = route_line(left, WorkedRoute(route.factors[start:end], tuple(values), (result,)))
        lines.append(one._replace(symbols=r" \cdot ".join(symbols)))
        name, before, start = left, result, end
    return lines
