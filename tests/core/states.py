"""Any state that a person could set, and pictures of one that show every bit."""

import struct

from hypothesis import strategies as st

from core import ADJUSTABLE, DATASETS, DIFFERENTIABLE, OPTIMIZERS, Example, offered_losses
from core.functions import HIDDEN_ACTIVATIONS, OUTPUT_ACTIVATIONS
from core.names import PARAMETERS
from core.presets import PRESETS
from core.settings import PINNED, Settings, limits

UNIT, INPUT, SEED = st.floats(0, 1), st.floats(-5, 5), st.integers(0, 2**31 - 1)


@st.composite
def networks(draw):
    """Twelve values within reach, and functions that go together."""
    output = draw(st.sampled_from(OUTPUT_ACTIVATIONS))
    loss = draw(st.sampled_from(offered_losses(output)))
    values = {name.key: draw(st.floats(*limits(loss)[name.key])) for name in ADJUSTABLE}
    return values | {"activation": draw(st.sampled_from(HIDDEN_ACTIVATIONS)), "output": output, "loss": loss}


@st.composite
def states(draw):
    """Everything but a story and a pinned state, which a file leaves out."""
    row = st.builds(lambda a, b, y: Example((a, b), y), INPUT, INPUT, UNIT)
    pair = draw(st.permutations([name.key for name in PARAMETERS]))[:2]
    return Settings(
        **draw(networks()),
        precision=draw(st.sampled_from(["float64", "float32"])),
        parameter=draw(st.sampled_from([name.key for name in DIFFERENTIABLE])),
        learning_rate=draw(st.floats(1e-6, 10)),
        steps=draw(st.integers(0, 2000)),
        optimizer=draw(st.sampled_from(list(OPTIMIZERS))),
        compare=tuple(draw(st.lists(st.sampled_from(list(OPTIMIZERS)), max_size=2, unique=True))),
        zero_grad=draw(st.booleans()),
        data=draw(st.sampled_from(["one", "rows", *DATASETS])),
        rows=tuple(draw(st.lists(row, max_size=32))),
        batch=draw(st.integers(0, 32)),
        seed=draw(SEED),
        curves=draw(st.sampled_from(["batch", "mean"])),
        axes=(*pair, draw(st.sampled_from(["start", "end"]))),
    )


PINS = networks().map(lambda network: tuple(network[key] for key in PINNED))
STORIES = st.one_of(st.sampled_from(list(PRESETS)), SEED.map(lambda seed: f"random_{seed}"))


def bits(settings: Settings) -> dict[str, object]:
    return {key: _bits(value) for key, value in settings.entries.items()}


def _bits(value):
    if isinstance(value, float):
        return struct.pack("d", value)
    if isinstance(value, Example):
        return tuple(map(_bits, (*value.x, value.y)))
    return tuple(map(_bits, value)) if isinstance(value, tuple) else (type(value), value)
