"""Descent: the path that gradient descent takes, and the loss along each parameter's axis on the way."""

import logging
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from core import (
    OPTIMIZERS,
    PARAMETERS,
    Descent,
    Outcome,
    critical_rate,
    curvature_at,
    descend_all,
    outcome,
    rate_that_holds,
)
from core.descent import LEAST_RATE, MOST_RATE, MOST_STEPS, Progress
from core.settings import ENTRIES, LIMITS, MOST_COMPARED, Settings
from core.typeset import number, text_number
from pages.components import Data, Sight
from pages.components.derivation import Row, row
from pages.components.descent import payload
from pages.components.network import understood_change
from pages.screen.address import write_address
from pages.screen.data import data_controls, own_rows
from pages.screen.kept import kept
from pages.screen.session import memory
from pages.screen.stage import move, notices, show, top
from pages.words.data import about_the_data
from pages.words.pinned import against_pinned

KEY = "path"  # of the component
STEPS_IN_HAND, WORK_IN_HAND = 250, 4000  # steps, and steps times rows, that can be walked while a hand moves
LONG = 500  # steps, of all paths together: from here on a bar says how far it is
LOG = logging.getLogger(__name__)


class Walked(NamedTuple):
    """The path of the chosen optimiser, those it is compared with, what became of the first, and a rate that holds."""

    path: Descent
    others: tuple[Descent, ...]
    became: Outcome
    better: float | None  # where something went wrong and there is one


def view(settings: Settings, progress: Progress | None = None) -> dict[str, Data]:
    """What the page shows of a state: the data of every component, by its key.

    progress   is told now and then which share of the walk is done; it may raise to stop it
    """
    return shown(walk(settings, progress), settings)


def in_hand(settings: Settings, sight: Sight) -> dict[str, Data | None]:
    """What the page shows while a hand is moving; None for what takes too long to follow it."""
    if settings.steps > STEPS_IN_HAND or settings.steps * len(settings.chosen_rows or "1") > WORK_IN_HAND:
        return {KEY: None, "trouble": None, "words": None, **against_pinned(settings)}
    return {KEY: None, **shown(walk(settings), settings, sight)}


def walk(settings: Settings, progress: Progress | None = None) -> Walked:
    """The path of the chosen optimiser, then those it is compared with."""
    optimizers = tuple(dict.fromkeys((settings.optimizer, *settings.compare)))
    asked = {key: value for key, value in settings.descent_arguments.items() if key != "optimizer"}
    point = settings.parameters, settings.example
    path, *others = descend_all(*point, optimizers=optimizers, **asked, progress=progress)
    became, better = outcome(path, **settings.place), None
    if became.trouble and path.loss:
        better = rate_that_holds(path, settings.steps, **settings.place, progress=progress)
    return Walked(path, tuple(others), became, better)


def shown(walked: Walked, settings: Settings, sight: Sight | None = None) -> dict[str, Data]:
    """A walk as the page shows it. There is no plot where there is not even a start."""
    path, others, became, _ = walked
    seen: dict[str, Data] = {"trouble": {"rows": trouble(walked, settings)}}
    if path.loss:
        seen[KEY] = payload((path, *others), became, settings, sight)
    return {**seen, "words": {"rows": words(path, became, settings)}, **against_pinned(settings)}


HEADLINES = {
    "none": "There is no descent.",
    "left": "The descent diverged.",
    "rose": "The descent ended higher than it began.",
    "killed": "The descent lost both hidden units.",
}


def trouble(walked: Walked, settings: Settings) -> list[Row]:
    """What went wrong, why, and what would have held; nothing where nothing did."""
    if not walked.became.trouble:
        return []
    told = [f"**{HEADLINES[walked.became.kind]}**", walked.became.sentence]
    if walked.path.loss:
        told += [why(walked.path, settings), advice(walked.path, walked.better)]
    return [row("trouble", " ".join(told), wide=True, accent="negative")]


def advice(path: Descent, better: float | None) -> str:
    if better is None:
        return "No smaller rate was found that holds."
    return f"A rate of {text_number(better)} would have held: with it the {loss_of(path)} never rises above its start."


def loss_of(path: Descent) -> str:
    return "loss" if len(path.rows) == 1 else "mean loss over all rows"


def why(path: Descent, settings: Settings) -> str:
    """The learning rate against the critical one where the path starts, as theory: a loss is no parabola."""
    if not path.clear_gradients:
        return "Uncleared gradients pile up: each step is driven by the sum of this gradient and all before it."
    start = curvature_at(path.parameters, path.rows, architecture=path.architecture, **settings.place)
    critical = critical_rate(float(start.largest[0]), path.optimizer)
    if critical is None:
        name = OPTIMIZERS[path.optimizer].name
        return f"The steps of {name} do not follow the size of the gradient, so no critical rate could have warned."
    if critical == math.inf:
        return f"At the start the {loss_of(path)} bends upwards in no direction, so no rate is critical there."
    theory = f"on a parabola as sharp as the {loss_of(path)} is there, the steps would"
    eta, limit = text_number(path.learning_rate), f"the critical rate at the start, {text_number(critical)}"
    if path.learning_rate < critical:
        drawn = " But a step follows the rows it draws, whose loss may be sharper." if draws(path) else ""
        return f"η = {eta} is below {limit}: {theory} come to rest.{drawn}"
    times = text_number(path.learning_rate / critical if critical else math.inf, 2)
    return f"η = {eta} is {times} times {limit}: {theory} not come to rest."


def draws(path: Descent) -> bool:
    """Whether a step sees some of the rows only."""
    return path.batch_size < len(path.rows)


def words(path: Descent, became: Outcome, settings: Settings) -> list[Row]:
    """What the plots say, in the order a reader meets them."""
    chosen = OPTIMIZERS[path.optimizer]
    letters = "; ".join(f"${latex}$: {meaning}" for latex, meaning in chosen.letters)
    return [
        row(
            "update",
            chosen.sentence,
            note=f"{letters}. In PyTorch: `{chosen.code}`",
            title=f"How {chosen.name} steps",
            formulas=list(chosen.update),
        ),
        row("cleared", *cleared(path, became), title="Which gradient a step uses", wide=True),
        row("data", *about_the_data(settings), title="What is stochastic about it", wide=True),
        row(
            "plots",
            "The **gradient** points where the loss rises fastest, so a step goes the other way: each parameter moves "
            "against its own gradient, and by more where the loss is steeper. The **learning rate** $\\eta$ says how "
            "far. Move the scrubber, press Play, or click the loss curve to go to a step.",
            "The nine small plots each answer one question: *if only this parameter moved, and the other eight stayed "
            "where they are at this step, what would the loss be?* The straight line touching the curve is the "
            "tangent; its slope is the gradient. All nine move at once, so after a step every curve is a new one.",
            title="Reading the plots",
            wide=True,
        ),
    ]


def cleared(path: Descent, became: Outcome) -> list[str]:
    """What becomes of the gradients of earlier steps."""
    if path.clear_gradients:
        return [
            "Before each step the old gradients are cleared, so a step uses the gradient of this moment alone. Switch "
            "`zero_grad` off above to see what a loop does that forgets it."
        ]
    total = "the sum of the gradients of this step and of all before it"
    return [
        f"Gradients are **not cleared**: PyTorch adds each new gradient to what stands there, so a step uses {total}. "
        "This is what happens when the notebook’s last cell is run again and again: its line with `zero_()` is "
        "commented out.",
        "So a step may go on the old way after the slope has turned. On a parabola the steps of plain SGD would swing "
        "past the bottom and back and not come to rest; on another loss they may.",
        f"In this run: {became.sentence}",
    ]


# ── what Streamlit makes of it ──────────────────────────────────────────────────────────────────────────────────


def page() -> None:
    settings = top()
    controls()
    notices()
    with progress(settings) as tell:
        walked = walk(settings, tell)
    seen = shown(walked, settings)
    show({"trouble": seen.pop("trouble")})
    offer(walked.better)
    too_far(walked.path)
    heard: dict[str, Callable[[], None]] = {
        "on_taken_change": partial(_take, walked.path),
        "on_axes_change": _choose_axes,
        "on_rate_change": _set_rate,
        "on_moved_change": _move_start,
    }
    show(seen, path=("descent", heard))
    write_address()


@contextmanager
def progress(settings: Settings) -> Iterator[Progress | None]:
    """A bar for a long walk. Whoever moves a control meanwhile leaves the walk: writing the bar notices it."""
    if settings.steps * (1 + len(settings.compare)) < LONG:
        yield None
        return
    place = st.empty()

    def tell(share: float) -> None:
        place.progress(min(share, 1.0), text="Walking down …")

    yield tell
    place.empty()


def controls() -> None:
    names = {key: each.name for key, each in OPTIMIZERS.items()}
    rate: dict[str, Any] = {"min_value": LEAST_RATE, "max_value": MOST_RATE, "step": 0.01, "format": "%g"}
    clear = "optimizer.zero_grad() in PyTorch. Without it each new gradient is added to all before it."
    with st.container(key="descent_controls"):  # one grid instead of columns: fewer blocks to draw again at every move
        kept("learning_rate", st.number_input, "Learning rate η", **rate)
        kept("steps", st.number_input, "Steps", min_value=0, max_value=MOST_STEPS, step=10)
        kept("optimizer", st.selectbox, "Optimiser", list(names), format_func=names.get, then=_compare_others)
        compare_with([key for key in names if key != st.session_state.optimizer], names)
        kept("zero_grad", st.toggle, "Clear gradients", help=clear)
        data_controls()
    own_rows()


def compare_with(others: list[str], names: dict[str, str]) -> None:
    """Up to two more optimisers, each with its own line in the loss plot."""
    session = st.session_state
    session.compare_shown = list(session.compare)
    more: dict[str, Any] = {"max_selections": MOST_COMPARED, "placeholder": "none", "format_func": names.get}
    st.multiselect("Compare with", others, key="compare_shown", on_change=_keep_compare, **more)


def _keep_compare() -> None:
    st.session_state.compare = tuple(st.session_state.compare_shown)


def _compare_others() -> None:
    """An optimiser is not compared with itself."""
    session = st.session_state
    session.compare = tuple(key for key in session.compare if key != session.optimizer)


def offer(better: float | None) -> None:
    """A rate that holds, to be taken."""
    if better is not None:
        st.button(f"Use η = {text_number(better)}", key="better", on_click=move, args=({"learning_rate": better},))


def _choose_axes() -> None:
    """Two other axes for the map."""
    message = st.session_state[KEY].get("axes")
    texts = [str(message.get(name)) for name in ("a", "b", "held")] if isinstance(message, dict) else []
    try:
        st.session_state.axes = ENTRIES["axes"].read(",".join(texts))
    except ValueError:
        LOG.warning("The map asked for axes that are not there: %.80r", message)


def _set_rate() -> None:
    """The learning rate was held and let go."""
    rate = st.session_state[KEY].get("rate")
    try:
        move({"learning_rate": ENTRIES["learning_rate"].check(rate)})
    except ValueError:
        LOG.warning("The slider sent a learning rate that cannot be: %.80r", rate)


def _move_start() -> None:
    """The start of the path was put elsewhere on the map of two parameters."""
    message = st.session_state[KEY].get("moved")
    moved = message.items() if isinstance(message, dict) else ()
    changes = [understood_change({"key": key, "value": value}, st.session_state.loss) for key, value in moved]
    if len(changes) == 2 and all(changes):
        move({key: value for change in changes if change for key, value in change.items()})
    else:
        LOG.warning("The map sent a start that makes no sense: %.80r", message)


def _take(path: Descent) -> None:
    """The sliders go where the scrubbed step stands, at full precision; out of their range nothing moves."""
    step = st.session_state[KEY].get("taken")
    if isinstance(step, bool) or not isinstance(step, int) or not 0 <= step < len(path.loss):
        LOG.warning("The scrubber asked for a step that is not there: %.80r", step)
    elif _fits(path.theta[step]):
        _go_to(path, step)
    else:
        memory().too_far = path, step


def _go_to(path: Descent, step: int) -> None:
    memory().too_far = None
    st.toast(f"The sliders stand at step {step} now. Undo brings the former values back.", icon=":material/undo:")
    move({name.key: value for name, value in zip(PARAMETERS, path.theta[step], strict=True)})


def too_far(path: Descent) -> None:
    """Where "Take these steps" asked for more than the sliders can reach: what is beyond, and the last that fits."""
    asked_on, step = memory().too_far or (None, 0)
    if asked_on == path:
        last = max((k for k in range(step) if _fits(path.theta[k])), default=0)
        with st.container(key="too_far"):
            st.info(f"{beyond(path.theta[step], step)} Nothing was moved.", icon=":material/info:")
            if last:
                st.button(f"Take step {last}, the last that fits", on_click=_go_to, args=(path, last))


def beyond(theta: tuple[float, ...], step: int) -> str:
    """Which parameters a step carries out of their sliders' reach."""
    out = [
        f"${name.latex} = {number(value)}$"
        for name, value in zip(PARAMETERS, theta, strict=True)
        if not _within(name.key, value)
    ]
    return f"A slider reaches from −3 to 3, and at step {step} {', '.join(out)}."


def _within(key: str, value: float) -> bool:
    low, high = LIMITS[key]
    return low <= value <= high


def _fits(theta: tuple[float, ...]) -> bool:
    return all(_within(name.key, value) for name, value in zip(PARAMETERS, theta, strict=True))


if __name__ == "__main__":  # run by Streamlit; whoever imports this module wants its view
    page()
