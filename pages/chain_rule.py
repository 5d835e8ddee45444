"""Chain rule: why one gradient is what it is, factor by factor, and who else says so."""

import logging

import streamlit as st

from core import DIFFERENTIABLE, Derivation, Gradients, backpropagate, derive, profile, testify
from core.chain_rule import WorkedRoute
from core.typeset import chain, equation, factor_line, in_formula, number, number_matrix, partial
from pages.parts.controls import kept
from pages.parts.derivation import Row, aligned, derivation, row, tinted
from pages.parts.drawing import drawing, understood_change
from pages.parts.explain import factor_words, meaning, symbol
from pages.parts.figures import plot, slope_figure, slope_words
from pages.parts.stage import move_sliders, present
from pages.parts.state import Scene
from pages.parts.witnesses import witnesses

SLOPE = "slope"
LOG = logging.getLogger(__name__)
TENSORS = (("W1", "W^{(1)}"), ("b1", "b^{(1)}"), ("W2", "W^{(2)}"), ("b2", "b^{(2)}"))


def controls() -> None:
    keys = [name.key for name in DIFFERENTIABLE]
    kept("parameter", st.segmented_control, "Study the gradient of", keys, required=True, format_func=symbol)


def page(now: Scene) -> None:
    key = st.session_state.parameter
    gradients, deltas = backpropagate(now.parameters, now.example, now.architecture, **now.place)
    drawing(now, gradients, deltas, show="backward", selected=key)

    worked = derive(now.parameters, now.example, key, architecture=now.architecture)
    testimonies = testify(now.parameters, now.example, gradients, architecture=now.architecture, **now.place)
    rows = [introduction(key)]
    for index, route in enumerate(worked.routes, start=1):
        rows += work_out(route, index, worked, now)
    derivation([*rows, *total(worked), slope_row(key, worked.value)], key="chain")
    slope(key, gradients, now)
    derivation([*witnesses(testimonies[key], now), all_nine(gradients)], key="proof")


def introduction(key: str) -> Row:
    name = symbol(key)
    return row(
        "introduction",
        f"A **gradient** ${partial('L', key)}$ says how fast the loss changes when {name} alone moves a little: its "
        f"sign is the direction in which $L$ rises, its size how steeply. {name} does not stand in the formula of $L$; "
        "it acts through everything on the lit route. The **chain rule** says: along a route, the rates of change "
        "multiply.",
        wide=True,
    )


def work_out(route: WorkedRoute, index: int, worked: Derivation, now: Scene) -> list[Row]:
    """One route: its chain, then each factor on its own, then the product."""
    several = len(worked.routes) > 1
    title = f"Route {index}: through hidden unit {index}" if several else "The chain, factor by factor"
    left = rf"\left.{partial('L', worked.key)}\right|_{{{index}}}" if several else partial("L", worked.key)
    rows = [
        row(f"chain {index}", title=title, formulas=[f"{left} = {tinted('route', chain(route.factors))}"], wide=True)
    ]
    for factor, value in zip(route.factors, route.values, strict=True):
        line = factor_line(factor, worked.known, value, now.architecture)
        rows.append(
            row(
                f"factor {index} {factor.above} {factor.below}",
                factor_words(factor, value, now),
                note=f"from ${equation(factor.above, now.architecture)}$",
                formulas=[aligned([line])],
            )
        )
    product = r" \cdot ".join(in_formula(value) for value in route.values)
    result = tinted("gradient", number(route.product))
    return [*rows, row(f"product {index}", formulas=[f"{left} = {product} = {result}"], wide=True)]


def total(worked: Derivation) -> list[Row]:
    """Where several routes reach a symbol, their products add up."""
    if len(worked.routes) == 1:
        return []
    terms = " + ".join(in_formula(route.product) for route in worked.routes)
    words = f"Both routes carry a change of {symbol(worked.key)} to the loss at once, so they **add up**:"
    formula = f"{partial('L', worked.key)} = {terms} = {tinted('gradient', number(worked.value))}"
    return [row("total", words, title="Both routes together", formulas=[formula], wide=True)]


def slope_row(key: str, value: float) -> Row:
    return row(
        "meaning",
        meaning(key, value),
        f"The plot shows the loss as {symbol(key)} alone moves. The gradient is the **slope** of that curve where you "
        "are now: the magenta tangent. Click the curve to go there.",
        title="What it means",
        wide=True,
    )


def slope(key: str, gradients: Gradients, now: Scene) -> None:
    """The gradient as a slope: the loss along the studied axis, and its tangent."""
    gradient = gradients.vector[[name.key for name in DIFFERENTIABLE].index(key)]
    curve = profile(now.parameters, now.example, key, gradient, architecture=now.architecture, **now.place)
    plot(
        slope_figure(curve, now.trace.L),
        alt=slope_words(curve, now.trace.L, gradient),
        key=SLOPE,
        on_clicked_change=_go_there,
    )


def _go_there() -> None:
    """A click on the curve: the studied symbol moves there, within its slider's range."""
    clicked = st.session_state[SLOPE].get("clicked")
    message = {"key": st.session_state.parameter, "value": clicked.get("x") if isinstance(clicked, dict) else None}
    change = understood_change(message)
    if change is None:
        LOG.warning("The plot sent a click that makes no sense: %.80r", clicked)
    else:
        move_sliders(change)


def all_nine(gradients: Gradients) -> Row:
    """The nine gradients in matrices shaped like the parameters."""
    formulas = []
    for tensor, latex in TENSORS:
        values = getattr(gradients, tensor)
        rows = values if isinstance(values[0], tuple) else (values,)
        matrix = tinted("gradient", number_matrix(rows))
        formulas.append(rf"\frac{{\partial L}}{{\partial {latex}}} = {matrix}")
    return row(
        "all nine",
        "Look along one hidden unit: a **bias** is only added, so its own derivative is 1 and its gradient is what the "
        "chain has gathered up to $z$. A **weight** is multiplied by an input, so its gradient is that same number "
        "times the input.",
        title="All nine gradients, shaped like the parameters",
        formulas=[r" \qquad ".join(formulas[:2]), r" \qquad ".join(formulas[2:])],
    )


present(page, controls)
