"""Chain rule: why one gradient is what it is, factor by factor, and who else says so."""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import streamlit as st

from core import (
    DIFFERENTIABLE,
    NAMES,
    Corner,
    Derivation,
    Gradients,
    Parting,
    backpropagate,
    corner,
    exact_derive,
    partings,
    predicted_and_actual,
    profile,
    slips,
    testify,
    unit_state,
)
from core.chain_rule import routes
from core.corners import crosses_a_kink, in_floats
from core.equations import solve_forward
from core.exact import Number
from core.parameters import to_values
from core.settings import LIMITS, Settings
from core.typeset import number_matrix, partial, sign, text_number
from pages.components import Data, Sight, mount
from pages.components.derivation import Row, row, tinted
from pages.components.network import DRAWING, changed_by_hand, drawing
from pages.components.slope import slope_plot
from pages.scene import Scene, scene_of
from pages.screen.address import write_address
from pages.screen.kept import kept
from pages.screen.stage import notices, show, top
from pages.words.chain import chain_rows, sharing_rows
from pages.words.explain import corner_meaning, idle, meaning, parting_words, small_step, symbol
from pages.words.gradient_check import all_nine, witnesses
from pages.words.pinned import against_pinned
from pages.words.slipped import slip_rows

SLOPE = "slope"
STEP = 0.01  # of the small step that shows what a gradient means
TENSORS = (("W1", "W^{(1)}"), ("b1", "b^{(1)}"), ("W2", "W^{(2)}"), ("b2", "b^{(2)}"))


def view(settings: Settings) -> dict[str, Data]:
    """What the page shows of a state: the data of every component, by its key."""
    seen = in_hand(settings, Sight())
    return {**seen, "chain": {"rows": seen["chain"]["rows"]}}


def in_hand(settings: Settings, sight: Sight) -> dict[str, Any]:
    """What of it is in sight while a hand is moving. What else there is stays as it was until the hand lets go."""
    now, key = scene_of(settings), settings.parameter
    gradients, deltas = backpropagate(now.parameters, now.example, now.architecture, **now.place)
    parts = argument(key, gradients, now, settings.learning_rate)
    given = [part for part in parts if sight.has(part)]
    rows = [{**each, "part": part} for part in given for each in parts[part]()]
    return {
        "network": drawing(now, gradients, deltas, show="backward", selected=key),
        "chain": {"rows": rows, "given": given, "order": list(parts)},
        **({SLOPE: slope(key, gradients, now)} if sight.has("slope") else {}),
        **against_pinned(settings),
    }


def argument(key: str, gradients: Gradients, now: Scene, rate: float) -> dict[str, Callable[[], list[Row]]]:
    """The whole argument for one gradient by its parts, in the order a reader meets them; worked out on demand."""
    architecture = now.architecture
    worked = exact_derive(now.parameters, now.example, key, architecture=architecture)
    told = Told(worked, gradients[key], corner(worked, architecture), partings(architecture, worked.known, now.known))

    def check() -> list[Row]:
        say = testify(now.parameters, now.example, gradients, architecture=architecture, **now.place)
        return [witnesses(say[key], now, beside_paper(told, now)), all_nine(say)]

    def slipped() -> list[Row]:
        return slip_rows(slips(now.parameters, now.example, key, learning_rate=rate, architecture=architecture), worked)

    return {
        "introduction": lambda: [introduction(key)],
        "chain": lambda: [*chain_rows(worked, now), *sides_rows(told, now), meaning_row(told, now)],
        "sharing": lambda: sharing_rows(worked, now),
        "check": check,
        "shape": lambda: [in_shape(gradients)],
        "slips": slipped,
        "the slope": lambda: [slope_row(told)],
    }


class Told(NamedTuple):
    """One gradient on paper and in floats, and where the two do not speak of the same."""

    worked: Derivation[Number]
    autograd: float
    corner: Corner | None
    partings: tuple[Parting, ...]

    @property
    def on_paper(self) -> float:
        return in_floats(self.worked.value)

    def passes(self, parted: tuple[Parting, ...]) -> bool:
        """Whether a route takes the slope of one of these units."""
        met = {factor.above for route in self.worked.routes for factor in route.factors}
        return any(parting.unit in met for parting in parted)


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


def sides_rows(told: Told, now: Scene) -> list[Row]:
    """Where paper and floats stand on different sides of a kink: what each says, and who speaks of which."""
    if not told.partings:
        return []
    key = told.worked.key
    partial_latex = f"${partial('L', key)}$"
    if told.passes(told.partings):
        which = (
            f"So {partial_latex} has two values on this page. On paper it is **{text_number(told.on_paper)}**: of "
            "that number speak the derivation above, what it means, what backpropagation saves and the slips. "
            f"Autograd, in floats, gives **{text_number(told.autograd)}**: by that number go the drawing, the matrices "
            "of all nine gradients, the tangent of the plot and gradient descent."
        )
    else:
        which = f"The routes of {partial_latex} do not pass through that slope, so it is the same on either side."
    words = (parting_words(one, now.architecture, now.precision, now.device) for one in told.partings)
    return [row("sides", *words, which, title="Paper and floats on different sides", wide=True)]


def beside_paper(told: Told, now: Scene) -> str:
    """For the witnesses, where one of them is on another side of a kink than paper. SymPy's is always in float64."""
    in_sympy = solve_forward(now.architecture, to_values(now.parameters, now.example))
    parted = (*told.partings, *partings(now.architecture, told.worked.known, in_sympy))
    if not told.passes(parted):
        return ""
    return (
        "These are computed in floats, where rounding decides the side of the kink, in float64 and float32 perhaps "
        f"not alike; on paper the product is {text_number(told.on_paper)}, as derived above."
    )


def meaning_row(told: Told, now: Scene) -> Row:
    """What the number says, on paper: its sign, its size, a small step, and the units that let nothing through."""
    key, architecture = told.worked.key, now.architecture
    uphill = told.corner.raised if told.corner else told.on_paper
    point = now.parameters, now.example
    change = predicted_and_actual(*point, key, STEP, slope=uphill, architecture=architecture, **now.place)
    passed = {"o"} | {factor.above for route in routes(architecture, key) for factor in route}
    on_paper = {name: in_floats(value) for name, value in told.worked.known.items()}
    states = [unit_state(architecture, on_paper, unit) for unit in ("h_1", "h_2", "o") if unit in passed]
    says = (
        corner_meaning(told.corner, told.on_paper, told.autograd, architecture)
        if told.corner
        else meaning(key, told.on_paper, told.autograd)
    )
    return row(
        "meaning",
        says,
        small_step(key, STEP, change, told.corner, crosses_a_kink(told.worked, architecture, STEP)),
        *idle(states),
        title="What it means",
        wide=True,
    )


def slope_row(told: Told) -> Row:
    name, at_corner = symbol(told.worked.key), ""
    if told.corner:
        left, right = text_number(told.corner.lowered), text_number(told.corner.raised)
        at_corner = f" Here the curve has a corner, with slope {left} to its left and {right} to its right."
    if told.corner or told.passes(told.partings):
        at_corner += f" The tangent has the slope that autograd gives, {text_number(told.autograd)}."
    return row(
        "slope",
        f"The plot shows the loss as {name} alone moves. The gradient is the **slope** of that curve where you "
        f"are now: the magenta tangent.{at_corner} Drag the point along the curve.",
        title="The gradient is a slope",
        wide=True,
    )


def slope(key: str, gradients: Gradients, now: Scene) -> Data:
    """The gradient as a slope: the loss along the studied axis, and its tangent."""
    curve = profile(now.parameters, now.example, key, LIMITS[key], architecture=now.architecture, **now.place)
    return slope_plot(curve, now.trace.L, gradients[key])


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


# ── what Streamlit makes of it ──────────────────────────────────────────────────────────────────────────────────


def page() -> None:
    settings = top()
    controls()
    notices()
    dragged = functools.partial(changed_by_hand, SLOPE, "moved", "plot")
    show(view(settings), network=DRAWING, slope=("slope", {"on_moved_change": dragged}))
    write_address()


def controls() -> None:
    keys = [name.key for name in DIFFERENTIABLE]
    kept("parameter", st.segmented_control, "Study the gradient of", keys, required=True, format_func=symbol)
    area = ".st-key-parameter_shown"
    names = [[f"{area} button:nth-of-type({i})", NAMES[key].meaning] for i, key in enumerate(keys, start=1)]
    mount("shell/spoken_names", key="spoken_parameters", data={"area": area, "names": names})


if __name__ == "__main__":  # run by Streamlit; whoever imports this module wants its view
    page()
