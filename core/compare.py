"""Two states of the network side by side: every value and every gradient, was, now, and the change."""

from typing import NamedTuple

from core.gradients import backward
from core.names import DIFFERENTIABLE
from core.network import every_value, forward
from core.parameters import Architecture, Example, Parameters


class Setting(NamedTuple):
    """What decides every number of the network."""

    parameters: Parameters
    example: Example
    architecture: Architecture


class Change(NamedTuple):
    """One number then and now, and now − then; not a number where both are infinite."""

    was: float
    now: float
    change: float


def compare(
    then: Setting, now: Setting, *, device: str = "cpu", precision: str = "float64"
) -> tuple[dict[str, Change], dict[str, Change]]:
    """Every symbol's value and every gradient, each by its key."""
    (was, was_slopes), (is_, slopes) = (_numbers(setting, device, precision) for setting in (then, now))
    return _changes(was, is_), _changes(was_slopes, slopes)


def _numbers(setting: Setting, device: str, precision: str) -> tuple[dict[str, float], dict[str, float]]:
    parameters, example, architecture = setting
    trace = forward(parameters, example, architecture=architecture, device=device, precision=precision)
    gradients = backward(parameters, example, architecture=architecture, device=device, precision=precision)
    return every_value(parameters, example, trace), {name.key: gradients[name.key] for name in DIFFERENTIABLE}


def _changes(was: dict[str, float], now: dict[str, float]) -> dict[str, Change]:
    return {key: Change(was[key], now[key], now[key] - was[key]) for key in was}
