"""Two states of the network side by side: every value and every gradient, was, now, and the change."""

from typing import NamedTuple

from core.gradients import backward
from core.network import every_value, forward
from core.settings import Place, Settings


class Change(NamedTuple):
    """One number then and now, and now − then; not a number where both are infinite."""

    was: float
    now: float
    change: float


def compare(then: Settings, now: Settings) -> tuple[dict[str, Change], dict[str, Change]]:
    """Every symbol's value and every gradient, each by its key; both states computed where it is done now."""
    (was, was_slopes), (is_, slopes) = (_numbers(state, now.place) for state in (then, now))
    return _changes(was, is_), _changes(was_slopes, slopes)


def _numbers(state: Settings, place: Place) -> tuple[dict[str, float], dict[str, float]]:
    point = state.parameters, state.example
    trace = forward(*point, architecture=state.architecture, **place)
    gradients = backward(*point, architecture=state.architecture, **place)
    return every_value(*point, trace), gradients.by_key


def _changes(was: dict[str, float], now: dict[str, float]) -> dict[str, Change]:
    return {key: Change(was[key], now[key], now[key] - was[key]) for key in was}
