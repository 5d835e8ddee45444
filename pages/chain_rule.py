"""Chain rule: why one gradient is what it is, factor by factor, and who else says so."""

import logging

import streamlit as st

from core import (
    DIFFERENTIABLE,
    NAMES,
    Gradients,
    backpropagate,
    exact_derive,
    predicted_and_actual,
    profile,
    slips,
    testify,
    unit_state,
)
from core.chain_rule import routes
from core.typeset import number_matrix, partial, sign
from pages.parts.chain import chain_rows, sharing_rows
from pages.parts.components import mount
from pages.parts.derivation import Row, derivation, row, tinted
from pages.parts.drawing import drawing, understood_change
from pages.parts.explain import idle, meaning, small_step, symbol
from pages.parts.figures import plot, slope_figure, slope_words
from pages.parts.kept import kept
from pages.parts.slipped import slip_rows
from pages.parts.stage import move_sliders, present
from pages.parts.state import Scene
from pages.parts.witnesses import all_nine, witnesses

SLOPE = "slope"
STEP = 0.01  # of the small step that shows what a gradient means
LOG = logging.getLogger(__name__)
TENSORS = (("W1", "W^{(1)}"), ("b1", "b^{(1)}"), ("W2", "W^{(2)}"), ("b2", "b^{(2)}"))


def controls() -> None:
    keys = [name.key for name in DIFFERENTIABLE]
    kept("parameter", st.segmented_control, "Study the gradient of", keys, required=True, format_func=symbol)
    area = ".st-key-parameter_shown"
    names = [[f"{area} button:nth-of-type({i})", NAMES[key].meaning] for i, key in enumerate(keys, start=1)]
    mount("spoken_names", key="spoken_parameters", data={"area": area, "names": names})


def page(now: Scene) -> None:
    key = st.session_state.parameter
    architecture = now.architecture
    gradients, deltas = backpropagate(now.parameters, now.example, now.architecture, **now.place)
    drawing(now, gradients, deltas, show="backward", selected=key)

    worked = exact_derive(now.parameters, now.example, key, architecture=architecture)
    say = testify(now.parameters, now.example, gradients, architecture=architecture, **now.place)
    rate = st.session_state.learning_rate
    slipped = slips(now.parameters, now.example, key, learning_rate=rate, architecture=architecture)
    rows = [
        introduction(key),
        *chain_rows(worked, now),
        meaning_row(key, gradients, now),
        *sharing_rows(worked, now),
        witnesses(say[key], now),
        all_nine(say),
        in_shape(gradients),
        *slip_rows(slipped, worked),
        slope_row(key),
    ]
    derivation(rows, key="chain")
    slope(key, gradients, now)


def introduction(key: str) -> Row:
    name = symbol(key)
    return row(
        "introduction",
        f"A **gradient** ${partial('L', key)}$ (say: the partial derivative of $L$ by {name}) says how fast the loss "
        f"changes when {name} alone moves a little: its sign is the way in which $L$ rises, its size how steeply. "
        f"{name} does not stand in the formula of $L$; it acts through everything on the lit route. The **chain rule** "
        "says: along a route, the rates of change multiply.",
        wide=True,
    )


def meaning_row(key: str, gradients: Gradients, now: Scene) -> Row:
    """What the number says: its sign, its size, a small step, and the units that let nothing through."""
    change = predicted_and_actual(now.parameters, now.example, key, STEP, architecture=now.architecture, **now.place)
    passed = {"o"} | {factor.above for route in routes(now.architecture, key) for factor in route}
    states = [unit_state(now.architecture, now.known, unit) for unit in ("h_1", "h_2", "o") if unit in passed]
    return row(
        "meaning",
        meaning(key, gradients[key]),
        small_step(key, STEP, change),
        *idle(states),
        title="What it means",
        wide=True,
    )


def slope_row(key: str) -> Row:
    return row(
        "slope",
        f"The plot shows the loss as {symbol(key)} alone moves. The gradient is the **slope** of that curve where you "
        "are now: the magenta tangent. Click the curve to go there.",
        title="The gradient is a slope",
        wide=True,
    )


def slope(key: str, gradients: Gradients, now: Scene) -> None:
    """The gradient as a slope: the loss along the studied axis, and its tangent."""
    gradient = gradients[key]
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
    change = understood_change(message, st.session_state.loss)
    if change is None:
        LOG.warning("The plot sent a click that makes no sense: %.80r", clicked)
    else:
        move_sliders(change)


def in_shape(gradients: Gradients) -> Row:
    """The nine gradients in matrices shaped like the parameters."""
    formulas = []
    for tensor, latex in TENSORS:
        values = getattr(gradients, tensor)
        rows = values if isinstance(values[0], tuple) else (values,)
        matrix = tinted("gradient", number_matrix(rows))
        how = sign(value for line in rows for value in line)
        formulas.append(rf"\frac{{\partial L}}{{\partial {latex}}} {how} {matrix}")
    return row(
        "all nine",
        "Row $i$, column $j$ of $W^{(1)}$ is $w^{(1)}_{ij}$; $b^{(1)}$ are the biases of the hidden units, $W^{(2)}$ "
        "the two weights and $b^{(2)}$ the bias of the output.",
        "Look along one hidden unit: a **bias** is only added, so its own derivative is 1 and its gradient is what the "
        "chain has gathered up to $z$. A **weight** is multiplied by an input, so its gradient is that same number "
        "times the input.",
        title="All nine gradients, shaped like the parameters",
        formulas=[r" \qquad ".join(formulas[:2]), r" \qquad ".join(formulas[2:])],
    )


present(page, controls)
