"""Chain rule: why one gradient is what it is, factor by factor, and who else says so."""

import streamlit as st

from core import DIFFERENTIABLE, Derivation, Gradients, backpropagate, derive, testify
from core.chain_rule import WorkedRoute
from core.typeset import chain, equation, factor_line, in_formula, number, number_matrix, partial
from pages.parts.controls import kept
from pages.parts.drawing import drawing
from pages.parts.explain import factor_words, meaning, symbol
from pages.parts.formulas import aligned, display, explained
from pages.parts.palette import tinted
from pages.parts.stage import stage
from pages.parts.state import Scene
from pages.parts.witnesses import witnesses

TENSORS = (("W1", "W^{(1)}"), ("b1", "b^{(1)}"), ("W2", "W^{(2)}"), ("b2", "b^{(2)}"))


def page(now: Scene) -> None:
    key = picker()
    gradients, deltas = backpropagate(now.parameters, now.example, now.architecture, **now.place)
    derivation = derive(now.parameters, now.example, key, architecture=now.architecture)
    drawing(now, gradients, deltas, show="backward", selected=key)
    introduction(key)
    for i, route in enumerate(derivation.routes):
        work_out(route, i, derivation, now)
    total(derivation)
    st.markdown(meaning(key, derivation.value))
    st.markdown("#### Three witnesses")
    testimonies = testify(now.parameters, now.example, gradients, architecture=now.architecture, **now.place)
    witnesses(testimonies[key], now)
    st.markdown("#### All nine gradients, shaped like the parameters")
    all_nine(gradients)


def picker() -> str:
    """The parameter or input being studied. A click in the drawing chooses as well."""
    keys = [name.key for name in DIFFERENTIABLE]
    kept("parameter", st.segmented_control, "Study the gradient of", keys, required=True, format_func=symbol)
    return st.session_state.parameter


def introduction(key: str) -> None:
    gradient, name = partial("L", key), symbol(key)
    st.markdown(
        f"A **gradient** ${gradient}$ says how fast the loss changes when {name} alone moves a little: its sign is the "
        f"direction in which $L$ rises, its size how steeply. {name} does not stand in the formula of $L$; it acts "
        "through everything on the lit route. The **chain rule** says: along a route, the rates of change multiply. "
        "This is backpropagation, walked from the loss back to one symbol."
    )


def work_out(route: WorkedRoute, index: int, derivation: Derivation, now: Scene) -> None:
    """One route: its chain, then each factor on its own, then the product."""
    several = len(derivation.routes) > 1
    if several:
        st.markdown(f"#### Route {index + 1}: through hidden unit {index + 1}")
    else:
        st.markdown("#### The chain, factor by factor")
    left = rf"\left.{partial('L', derivation.key)}\right|_{{{index + 1}}}" if several else partial("L", derivation.key)
    st.markdown(display(f"{left} = {tinted('route', chain(route.factors))}"))
    for factor, value in zip(route.factors, route.values, strict=True):
        line = factor_line(factor, derivation.known, value, now.architecture)
        explained(
            f"{factor_words(factor, value, now)}\n\n:small[from ${equation(factor.above, now.architecture)}$]",
            aligned([line]),
        )
    product = r" \cdot ".join(in_formula(value) for value in route.values)
    st.markdown(display(f"{left} = {product} = {tinted('gradient', number(route.product))}"))


def total(derivation: Derivation) -> None:
    """Where several routes reach a symbol, their products add up."""
    if len(derivation.routes) > 1:
        terms = " + ".join(in_formula(route.product) for route in derivation.routes)
        left = partial("L", derivation.key)
        st.markdown(
            f"Both routes carry a change of {symbol(derivation.key)} to the loss at once, so they **add up**:\n\n"
            + display(f"{left} = {terms} = {tinted('gradient', number(derivation.value))}")
        )


def all_nine(gradients: Gradients) -> None:
    for column, (tensor, latex) in zip(st.columns([3, 3, 2, 2]), TENSORS, strict=True):
        values = getattr(gradients, tensor)
        rows = values if isinstance(values[0], tuple) else (values,)
        with column:
            left = rf"\frac{{\partial L}}{{\partial {latex}}}"
            st.markdown(display(f"{left} = {tinted('gradient', number_matrix(rows))}"))


stage(page)
