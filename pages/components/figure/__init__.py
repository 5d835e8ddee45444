"""Plotly figures as plain dicts, some fifty times faster to build than graph objects; figure.js draws them."""

from typing import Any

from core import NAMES, Profile
from core.typeset import text_number
from pages.components import Data

HEIGHT = 260  # px


def plot(figure: dict[str, Any], alt: str) -> Data:
    """A figure, redrawn in place; colours in it are roles of pages/screen/palette.py, such as "@gradient"."""
    return {"figure": figure, "alt": alt, "height": HEIGHT}


def slope_figure(profile: Profile, loss: float) -> dict[str, Any]:
    """The loss along one axis, the present point, and the tangent whose slope is the gradient."""
    name = NAMES[profile.key]
    left, right = profile.tangent
    return {
        "data": [
            _line(profile.values, profile.loss, "@ink", 2, "loss"),
            _line((left[0], right[0]), (left[1], right[1]), "@gradient", 3, "tangent: its slope is the gradient"),
            {
                "x": [profile.at],
                "y": [loss],
                "mode": "markers",
                "marker": {"color": "@ink", "size": 10},
                "name": "here",
                "hovertemplate": "here: %{x:.4g}, L = %{y:.4g}<extra></extra>",
            },
        ],
        "layout": {
            "height": HEIGHT,
            "margin": {"l": 60, "r": 10, "t": 10, "b": 45},
            "showlegend": False,
            "xaxis": {"title": {"text": f"{name.base}<sup>{name.sup}</sup><sub>{name.sub}</sub>"}},
            "yaxis": {"title": {"text": "loss L"}, "rangemode": "tozero"},
            "uirevision": profile.key,
        },
    }


def slope_words(profile: Profile, loss: float, gradient: float) -> str:
    """The same figure in words, for whoever cannot see it."""
    return (
        f"Loss along the {NAMES[profile.key].meaning}: at {text_number(profile.at)} the loss is {text_number(loss)} "
        f"and the slope {text_number(gradient)}; at {text_number(profile.values[0])} it is "
        f"{text_number(profile.loss[0])}, at {text_number(profile.values[-1])} it is {text_number(profile.loss[-1])}."
    )


def _line(x: tuple[float, ...], y: tuple[float, ...], colour: str, width: int, name: str) -> dict[str, Any]:
    return {
        "x": x,
        "y": y,
        "mode": "lines",
        "line": {"color": colour, "width": width},
        "name": name,
        "hovertemplate": "%{x:.4g}, L = %{y:.4g}<extra></extra>",
    }
