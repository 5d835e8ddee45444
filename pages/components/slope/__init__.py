"""The gradient as a slope: the loss along one axis, for slope.js to draw and to drag the point along."""

from core import NAMES, Profile
from core.settings import STEP
from core.typeset import text_number
from pages.components import Data, json_number


def slope_plot(profile: Profile, loss: float, gradient: float) -> Data:
    """The loss along one axis as far as its slider reaches, the present point, and the gradient there."""
    name = NAMES[profile.key]
    return {
        "key": profile.key,
        "name": {"base": name.base, "sup": name.sup, "sub": name.sub},
        "meaning": name.meaning,
        "at": profile.at,
        "loss": json_number(loss),
        "gradient": json_number(gradient),
        "values": profile.values,
        "losses": [json_number(each) for each in profile.loss],
        "step": STEP,
        "alt": in_words(profile, loss, gradient),
    }


def in_words(profile: Profile, loss: float, gradient: float) -> str:
    """The same plot in words, for whoever cannot see it."""
    return (
        f"Loss along the {NAMES[profile.key].meaning}: at {text_number(profile.at)} the loss is {text_number(loss)} "
        f"and the slope {text_number(gradient)}; at {text_number(profile.values[0])} it is "
        f"{text_number(profile.loss[0])}, at {text_number(profile.values[-1])} it is {text_number(profile.loss[-1])}."
    )
