"""The whole state of a screen, and pictures of it that show every bit."""

import math
import random
from typing import Any

from streamlit.testing.v1 import AppTest

from core import DIFFERENTIABLE, PARAMETERS, Example, offered_losses
from core.datasets import DATASETS
from core.descent import WHICH_LOSS
from core.functions import HIDDEN_ACTIVATIONS, OUTPUT_ACTIVATIONS
from core.optimizers import OPTIMIZERS
from core.presets import PRESETS
from core.settings import ENTRIES, LIMITS, Settings, limits

EVERY_KEY = tuple(ENTRIES)
DEFAULTS = Settings().entries


def state(screen: AppTest) -> dict[str, str]:
    """Everything a person can set, as text that shows every bit."""
    return bits({key: screen.session_state[key] for key in EVERY_KEY})


def bits(state: dict[str, Any]) -> dict[str, str]:
    """repr() of a float gives the very float back, minus zero too; 1 and 1.0 are told apart."""
    return {key: repr(state[key]) for key in sorted(state)}


def random_state(seed: int) -> dict[str, Any]:
    """A state that a person could have set, with something in every entry, numbers to their last bit."""
    dice = random.Random(seed)
    network = _network(dice)
    rows = tuple(
        Example((_number(dice, -5, 5), _number(dice, -5, 5)), _number(dice, *limits(network["loss"])["y"]))
        for _ in range(dice.choice((0, 1, 4, 32)))
    )
    first, second = dice.sample([name.key for name in PARAMETERS], 2)
    pinned, optimizer = _network(dice), dice.choice(list(OPTIMIZERS))
    return (
        _values(dice, network["loss"])
        | network
        | {
            "device": "cpu",
            "precision": dice.choice(("float64", "float32")),
            "parameter": dice.choice(DIFFERENTIABLE).key,
            "learning_rate": 10 ** dice.uniform(-6, 1),
            "steps": dice.randint(0, 2000),
            "optimizer": optimizer,
            "compare": tuple(dice.sample([key for key in OPTIMIZERS if key != optimizer], dice.randint(0, 2))),
            "zero_grad": dice.random() < 0.5,
            "data": dice.choice(("one", *DATASETS, *(["rows"] if rows else []))),
            "rows": rows,
            "batch": dice.randint(0, 32),
            "seed": dice.choice((0, 7, 2**31 - 1)),
            "curves": dice.choice(WHICH_LOSS),
            "preset": dice.choice(("", *PRESETS, "random_0", "random_2147483647")),
            "pin": (*_values(dice, pinned["loss"]).values(), *pinned.values()) if dice.random() < 0.5 else (),
            "axes": (first, second, dice.choice(("start", "end"))),
        }
    )


def _network(dice: random.Random) -> dict[str, str]:
    output = dice.choice(list(OUTPUT_ACTIVATIONS))
    loss = dice.choice(offered_losses(output))
    return {"activation": dice.choice(list(HIDDEN_ACTIVATIONS)), "output": output, "loss": loss}


def _values(dice: random.Random, loss: str) -> dict[str, float]:
    """In the order of core.ADJUSTABLE."""
    return {key: _number(dice, *limits(loss)[key]) for key in LIMITS}


def _number(dice: random.Random, low: float, high: float) -> float:
    """Short ones, long ones, the smallest there are, both zeros, and the ends."""
    tiny = math.ldexp(dice.random(), dice.randint(-1074, -20))
    return dice.choice((dice.uniform(low, high), round(dice.uniform(low, high), 2), tiny, 0.0, low or -0.0, high))
