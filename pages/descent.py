"""Descent: the road that gradient descent takes, and the loss along each parameter's axis on the way."""

import logging

import numpy as np
import streamlit as st

from core import PARAMETERS, Descent, Slices, descend, rate_that_holds, slices
from core.descent import LEAST_RATE, MOST_RATE, MOST_STEPS
from core.typeset import text_number
from pages.parts.address import LIMITS
from pages.parts.components import mount
from pages.parts.controls import kept
from pages.parts.payload import pack
from pages.parts.stage import move_sliders, present
from pages.parts.state import Scene

KEY = "road"
LOG = logging.getLogger(__name__)
LABELS = [
    {"key": n.key, "base": n.base, "sup": n.sup, "sub": n.sub, "code": n.code, "meaning": n.meaning} for n in PARAMETERS
]


def page(now: Scene) -> None:
    road = descend(
        now.parameters,
        now.example,
        learning_rate=st.session_state.learning_rate,
        steps=st.session_state.steps,
        architecture=now.architecture,
        **now.place,
    )
    st.session_state.road_shown = road
    what_went_wrong(road, now)
    mount("descent", key=KEY, data=payload(road, slices(road, **now.place)), on_taken_change=_take)
    words()


def controls() -> None:
    left, middle, right = st.columns([1, 1, 3], vertical_alignment="bottom")
    with left:
        kept(
            "learning_rate",
            st.number_input,
            "Learning rate η",
            min_value=LEAST_RATE,
            max_value=MOST_RATE,
            step=0.01,
            format="%g",
        )
    with middle:
        kept("steps", st.number_input, "Steps", min_value=0, max_value=MOST_STEPS, step=10)
    with right:
        st.markdown(
            r"Each step: $\;\theta \leftarrow \theta - \eta\,\frac{\partial L}{\partial \theta}$, for all nine at once."
        )


def what_went_wrong(road: Descent, now: Scene) -> None:
    """A road that ends higher than it began, or runs off to infinity, is explained and a better rate offered."""
    eta = text_number(road.learning_rate)
    if road.diverged_at is not None:
        trouble = (
            f"**The descent diverged.** At step {road.diverged_at} its numbers left what {now.precision} can hold; the "
            f"plots end one step before. With η = {eta} each step overshoots the valley by more than the last."
        )
    elif road.loss[-1] > road.loss[0]:
        trouble = (
            f"**The loss went up**, from {text_number(road.loss[0])} to {text_number(road.loss[-1])}: with η = {eta} "
            "the steps overshoot the valley."
        )
    else:
        st.session_state.better_rate = None
        return
    better = rate_that_holds(road, st.session_state.steps, **now.place)
    st.session_state.better_rate = better
    advice = (
        "No smaller rate was found that holds."
        if better is None
        else f"A rate of {text_number(better)} would have held."
    )
    st.warning(f"{trouble} {advice}", icon=":material/trending_up:")
    if better is not None:
        st.button(f"Use η = {text_number(better)}", on_click=_use_better_rate)


def payload(road: Descent, curves: Slices) -> bytes:
    """The whole road in one message: the scrubber then needs no server."""
    header = {"names": LABELS, "learning_rate": road.learning_rate, "diverged_at": road.diverged_at}
    exact = {"theta": road.theta, "gradient": road.gradient, "loss": road.loss, "output": road.output}
    arrays = {name: np.asarray(rows, dtype=np.float64) for name, rows in exact.items()}
    return pack(header, arrays | {"grid": curves.grid, "slices": curves.loss})


def words() -> None:
    """What the plots say, in the order a reader meets them."""
    st.markdown(
        "#### Reading the plots\n"
        "The **gradient** points where the loss rises fastest, so a step goes the other way: each parameter moves "
        "against its own gradient, and by more where the loss is steeper. The **learning rate** $\\eta$ says how far. "
        "Move the scrubber, press Play, or click the loss curve to go to a step.\n\n"
        "The nine small plots each answer one question: *if only this parameter moved, and the other eight stayed "
        "where they are at this step, what would the loss be?* The straight line touching the curve is the tangent; "
        "its slope is the gradient. All nine move at once, so after a step every curve is a new one.\n\n"
        "With a single example there is nothing to draw at random, so **stochastic gradient descent** (SGD) is here "
        "plain gradient descent. Before each step the old gradients are cleared; a PyTorch loop that forgets "
        "`zero_grad()` would add each new gradient to the last."
    )


def _use_better_rate() -> None:
    st.session_state.learning_rate = st.session_state.better_rate
    st.session_state.controls_moved = True


def _take() -> None:
    """The sliders go where the scrubbed step stands, at full precision; out of their range nothing moves."""
    step, road = st.session_state[KEY].get("taken"), st.session_state.get("road_shown")
    if isinstance(step, bool) or not isinstance(step, int) or road is None or not 0 <= step < len(road.loss):
        LOG.warning("The scrubber asked for a step that is not there: %.80r", step)
        return
    fits = [_fits(row) for row in road.theta]
    if fits[step]:
        move_sliders({name.key: value for name, value in zip(PARAMETERS, road.theta[step], strict=True)})
        return
    last = max(k for k in range(step) if fits[k]) if any(fits[:step]) else 0
    st.toast(
        f"At step {step} a parameter lies beyond its slider (−3 to 3), so nothing was moved. The last step that fits "
        f"is step {last}.",
        icon=":material/info:",
    )


def _fits(row: tuple[float, ...]) -> bool:
    return all(LIMITS[name.key][0] <= value <= LIMITS[name.key][1] for name, value in zip(PARAMETERS, row, strict=True))


present(page, controls)
