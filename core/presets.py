"""Presets: networks worth opening, each with its story, what to look at and what to try; some from print.

Where a source printed numbers they stand here as printed, digit for digit, each with the way to our own number for it.
So the screen can lay the two side by side and say whether they agree.
"""

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from core.batches import check_seed
from core.descent import descend
from core.gradients import backpropagate
from core.names import ADJUSTABLE, PARAMETERS
from core.network import every_value, forward
from core.parameters import Architecture, Example, Gradients, Parameters
from core.settings import Settings


@dataclass(frozen=True, slots=True)
class Source:
    """Where a preset comes from; empty where that is not known for certain."""

    title: str = ""
    author: str = ""
    year: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    """A number that a source prints.

    label    what the number is
    text     as printed, all its digits
    ours     how to get our own number for it: a row of WAYS, and a key or a row of the data
    remark   what to say to it; where the two differ, why
    """

    label: str
    text: str
    ours: tuple[str, str]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Preset:
    """A state of the whole dashboard, and why it is worth a visit.

    story                what it is; look_at: what there is to see; try_next: what to change then
    settings             what it sets; but device, precision and what is pinned stay as they are
    page                 where to begin: "/", "chain_rule" or "descent"
    printed              what the source prints, and printed_in: the precision it was computed in
    """

    key: str
    name: str
    story: str
    settings: Settings
    look_at: str
    try_next: str
    page: str = "/"
    source: Source = Source()
    printed: tuple[Printed, ...] = ()
    printed_in: str = "float64"


# ── what was printed, beside ours ───────────────────────────────────────────────────────────────────────────────


class Comparison(NamedTuple):
    """A printed number beside ours; `agrees` to all the digits that were printed."""

    label: str
    printed: str
    ours: float
    agrees: bool
    remark: str


class _Worked(NamedTuple):
    """Everything a source can have printed: before and after one step of plain SGD from the preset."""

    before: Mapping[str, float]
    gradients: Gradients
    deltas: Mapping[str, float]
    after: Mapping[str, float]
    outputs: tuple[float, ...]  # of the rows of its data


# How a printed number is got. Many a book counts with thresholds, which are subtracted, and with error signals, which
# point downhill: a threshold is −b, an error signal −∂L/∂z.
WAYS: dict[str, Callable[[_Worked, str], float]] = {
    "value": lambda worked, key: worked.before[key],
    "error": lambda worked, key: worked.before["y"] - worked.before[key],
    "gradient": lambda worked, key: worked.gradients[key],
    "delta": lambda worked, key: worked.deltas[key],
    "error signal": lambda worked, key: -worked.deltas[key],
    "change": lambda worked, key: worked.after[key] - worked.before[key],
    "after one step": lambda worked, key: worked.after[key],
    "threshold change": lambda worked, key: worked.before[key] - worked.after[key],
    "threshold after one step": lambda worked, key: -worked.after[key],
    "output of row": lambda worked, row: worked.outputs[int(row) - 1],
}


def compare_printed(preset: Preset) -> tuple[Comparison, ...]:
    """Every number that the preset's source prints, with ours, computed in the source's precision."""
    if not preset.printed:
        return ()
    worked = _work(preset)
    compared = []
    for row in preset.printed:
        way, of = row.ours
        ours = WAYS[way](worked, of)
        compared.append(Comparison(row.label, row.text, ours, agrees(row.text, ours), row.remark))
    return tuple(compared)


def agrees(printed: str, value: float) -> bool:
    """Whether the value, rounded to as many digits as were printed, is what was printed."""
    number = Decimal(printed)
    last_digit = Decimal(1).scaleb(int(number.as_tuple().exponent))
    return math.isfinite(value) and abs(Decimal(repr(value)) - number) <= last_digit / 2


def _work(preset: Preset) -> _Worked:
    state, precision = preset.settings, preset.printed_in
    network, point = state.architecture, (state.parameters, state.example)

    def at(parameters: Parameters, example: Example) -> dict[str, float]:
        passed = forward(parameters, example, architecture=network, precision=precision)
        return every_value(parameters, example, passed)

    gradients, deltas = backpropagate(*point, network, "cpu", precision)
    path = descend(*point, learning_rate=state.learning_rate, steps=1, architecture=network, precision=precision)
    return _Worked(
        before=at(*point),
        gradients=gradients,
        deltas=deltas.by_key,
        after=at(path.steps[-1].parameters, state.example),
        outputs=tuple(at(state.parameters, row)["o"] for row in state.chosen_rows or ()),
    )


# ── the random draw ─────────────────────────────────────────────────────────────────────────────────────────────


def random_preset(seed: int) -> Preset:
    """Twelve numbers by chance: hundredths from −1 to 1 for parameters and inputs, from 0 to 1 for the target.

    Python's random.Random(seed).random(), whose sequence is the same in every version, is asked twelve times in the
    order of core.names.ADJUSTABLE, and scaled. Raises ValueError for a seed outside 0 to 2³¹ − 1.
    """
    dice = random.Random(check_seed(seed))
    drawn: dict[str, Any] = {name.key: (math.floor(dice.random() * 201) - 100) / 100 for name in ADJUSTABLE[:-1]}
    drawn["y"] = math.floor(dice.random() * 101) / 100
    return Preset(
        key="random",
        name=f"a random draw (seed {seed})",
        story=f"Twelve numbers by chance, from seed {seed}: nobody chose them to come out well. The same seed draws "
        "the same ones, so a class can work on one network, or each on their own.",
        settings=Settings(**drawn, parameter="w1_11", learning_rate=0.1),
        look_at="Which hidden units are open, and which of the nine gradients is the largest? Guess first.",
        try_next="Work one gradient out by hand, then open its chain rule. Draw again with another seed.",
        page="chain_rule",
    )


# ── the table ───────────────────────────────────────────────────────────────────────────────────────────────────

_SIGMOIDS = Architecture("sigmoid", "sigmoid")
_VALUE_FOR_SLOPE = "The notebook multiplies by ReLU(z) where the chain rule asks for ReLU′(z); its own autograd prints "
_ROUNDED = "The print goes on with rounded numbers, 0.68, 0.69 and −0.0406, so its last digits are off."
_UPDATED = (
    "The print takes {weight} after its own update, {new} for {old}. A step takes all gradients at one point, "
    "before anything moves."
)


def _after_one_step(*texts: str, remark: str = "") -> tuple[Printed, ...]:
    """The nine parameters after a step, in the order of PARAMETERS."""
    labels = (f"{name.meaning}, after one step" for name in PARAMETERS)
    keys = (name.key for name in PARAMETERS)
    rows = zip(labels, texts, keys, strict=True)
    return tuple(Printed(label, text, ("after one step", key), remark) for label, text, key in rows)


_NOTEBOOK = (
    Printed("output of the network", "1.4200000762939453", ("value", "o"), "In float32, all its digits."),
    Printed("initial loss", "0.2592000663280487", ("value", "L"), "In float32, all its digits."),
    Printed("a2 − y", "0.7200", ("delta", "o")),
    Printed("∂L/∂W2[0], by hand", "0.5760", ("gradient", "w2_1")),
    Printed("∂L/∂W1[0][1], by hand", "0.5184", ("gradient", "w1_12"), f"{_VALUE_FOR_SLOPE}0.4320."),
    Printed("∂L/∂b1[0], by hand", "0.2880", ("gradient", "b1_1"), f"{_VALUE_FOR_SLOPE}0.3600."),
    Printed("W1.grad[0][0]", "0.3600", ("gradient", "w1_11")),
    Printed("W1.grad[0][1]", "0.4320", ("gradient", "w1_12")),
    Printed("W1.grad[1][0]", "0.7200", ("gradient", "w1_21")),
    Printed("W1.grad[1][1]", "0.8640", ("gradient", "w1_22")),
    Printed("b1.grad[0]", "0.3600", ("gradient", "b1_1")),
    Printed("b1.grad[1]", "0.4320", ("gradient", "b1_2")),
    Printed("W2.grad[0]", "0.5760", ("gradient", "w2_1")),
    Printed("W2.grad[1]", "0.8640", ("gradient", "w2_2")),
    *_after_one_step("0.0964", "0.1957", "0.2928", "0.3914", "0.0964", "0.1957", "0.4942", "0.5914", "0.2928"),
)

_MACLEOD = (
    Printed("input of the top neuron", "0.755", ("value", "z1_1")),
    Printed("output of the top neuron", "0.68", ("value", "h_1")),
    Printed("input of the bottom neuron", "0.68", ("value", "z1_2")),
    Printed("output of the bottom neuron", "0.6637", ("value", "h_2")),
    Printed("output of the network", "0.69", ("value", "o")),
    Printed("δ of the output neuron", "-0.0406", ("error signal", "z2"), _ROUNDED),
    Printed("top neuron → output, after one step", "0.272392", ("after one step", "w2_1"), _ROUNDED),
    Printed("bottom neuron → output, after one step", "0.87305", ("after one step", "w2_2"), _ROUNDED),
    Printed(
        "δ of the top neuron",
        "-2.406e-3",
        ("error signal", "z1_1"),
        _UPDATED.format(weight="w2_1", new="0.272392", old="0.3"),
    ),
    *(
        Printed(
            f"input {i} → {neuron} neuron, after one step",
            text,
            ("after one step", key),
            _UPDATED.format(weight=weight, new=new, old=old),
        )
        for neuron, weight, new, old, rows in (
            ("top", "w2_1", "0.272392", "0.3", ((1, "0.09916", "w1_11"), (2, "0.7978", "w1_21"))),
            ("bottom", "w2_2", "0.87305", "0.9", ((1, "0.3972", "w1_12"), (2, "0.5928", "w1_22"))),
        )
        for i, text, key in rows
    ),
)

_THRESHOLD = "A threshold is subtracted: the bias with its sign turned."
_NEGNEVITSKY = (
    Printed("y₃, hidden unit 1", "0.5250", ("value", "h_1")),
    Printed("y₄, hidden unit 2", "0.8808", ("value", "h_2")),
    Printed("y₅, the output", "0.5097", ("value", "o")),
    Printed("the error e", "-0.5097", ("error", "o"), "The book's error is y − o, ours o − y."),
    Printed("error gradient δ₅", "-0.1274", ("error signal", "z2"), "The book's δ points downhill: it is −∂L/∂z."),
    Printed("Δw₃₅", "-0.0067", ("change", "w2_1")),
    Printed("Δw₄₅", "-0.0112", ("change", "w2_2")),
    Printed("Δθ₅", "0.0127", ("threshold change", "b2"), _THRESHOLD),
    Printed("error gradient δ₃", "0.0381", ("error signal", "z1_1")),
    Printed("error gradient δ₄", "-0.0147", ("error signal", "z1_2")),
    Printed("w₁₃ after one step", "0.5038", ("after one step", "w1_11")),
    Printed("w₁₄ after one step", "0.8985", ("after one step", "w1_12")),
    Printed("w₂₃ after one step", "0.4038", ("after one step", "w1_21")),
    Printed("w₂₄ after one step", "0.9985", ("after one step", "w1_22")),
    Printed("w₃₅ after one step", "-1.2067", ("after one step", "w2_1")),
    Printed("w₄₅ after one step", "1.0888", ("after one step", "w2_2")),
    Printed("θ₃ after one step", "0.7962", ("threshold after one step", "b1_1"), _THRESHOLD),
    Printed("θ₄ after one step", "-0.0985", ("threshold after one step", "b1_2"), _THRESHOLD),
    Printed("θ₅ after one step", "0.3127", ("threshold after one step", "b2"), _THRESHOLD),
)

_ROWS: tuple[Preset, ...] = (
    Preset(
        key="notebook",
        name="the notebook",
        story="The twelve numbers of the notebook from which this dashboard grew, and one step with learning rate "
        "0.01. Two of its gradients made by hand contradict its own autograd.",
        settings=Settings(),
        look_at="Follow the numbers from the inputs to o = 1.42, then the chain rule of w1_12: 0.432, not 0.5184.",
        try_next="Find the slip among the usual mistakes on the chain-rule page, then study b1_1, which has it too.",
        source=Source(title="Network Architecture: the notebook this dashboard grew from"),
        printed=_NOTEBOOK,
        printed_in="float32",
    ),
    Preset(
        key="dead_unit",
        name="a dead unit",
        story="The weights into hidden unit 1 are negative, so its ReLU gate is shut: whatever is multiplied by its "
        "slope is 0.",
        settings=Settings.at(
            Parameters([[-0.1, 0.2], [-0.3, 0.4]], [0.1, 0.2], [[0.5], [0.6]], [0.3]),
            Example([1.0, 2.0], 0.7),
            parameter="w1_11",
            learning_rate=0.1,
        ),
        look_at="The route of w1_11 passes a factor of 0. So do those of w1_21 and b1_1, and w2_1 is multiplied by "
        "h₁ = 0: four gradients of nine are 0, although the output is wrong.",
        try_next="Raise b1_1 above 0.7 and see the gate open. Or choose leaky ReLU, which lets a hundredth through.",
        page="chain_rule",
    ),
    Preset(
        key="both_dead",
        name="both units dead",
        story="Both gates are shut, so the output is b2, whatever the inputs are. Of nine parameters one can still "
        "learn.",
        settings=Settings.at(
            Parameters([[-0.1, -0.2], [-0.3, -0.4]], [0.1, 0.2], [[0.5], [0.6]], [0.3]),
            Example([1.0, 2.0], 0.7),
            parameter="b2",
            learning_rate=0.1,
            steps=50,
        ),
        look_at="Eight gradients are 0 at every step, and only b2 moves. The loss falls to nearly 0 all the same: for "
        "one example, the right constant is enough.",
        try_next="Change an input: the output does not answer. Then choose the data set XOR and see how far a "
        "constant gets.",
        page="descent",
    ),
    Preset(
        key="saturated",
        name="a saturated sigmoid",
        story="The output is 0.999 where 0 is asked for, as wrong as a sigmoid can be, and yet hardly any gradient "
        "is left: far out the sigmoid is flat.",
        settings=Settings.at(
            Parameters([[2.0, -1.0], [1.0, 2.0]], [0.0, 0.0], [[3.0], [3.0]], [2.0]),
            Example([1.0, 1.0], 0.0),
            _SIGMOIDS,
            parameter="w2_1",
            learning_rate=1.0,
        ),
        look_at="∂L/∂o is nearly 1, but the next factor, o (1 − o), is below 0.001, and every route passes it.",
        try_next="Choose the loss binary cross-entropy: that factor cancels, and the gradient is o − y itself.",
        page="chain_rule",
    ),
    Preset(
        key="overshoot",
        name="an overshoot",
        story="A step in the right direction that is far too long: with learning rate ¼ the loss jumps from 12.5 to "
        "about 373.",
        settings=Settings.at(
            Parameters([[0.0, 1.0], [2.0, 1.0]], [0.0, 1.0], [[1.0], [-1.0]], [2.0]),
            Example([1.0, 1.0], -4.0),
            parameter="w2_2",
            learning_rate=0.25,
            steps=6,
        ),
        look_at="Before the step the gradient promises a fall; the curvature along it says the opposite. After it "
        "one hidden unit is dead, after the next step both.",
        try_next="Take the learning rate down to 0.05: the same direction, and the loss falls to nothing.",
        page="descent",
        printed=(
            Printed("the loss", "12.5", ("value", "L")),
            Printed("the loss after one step", "373", ("after one step", "L")),
        ),
    ),
    Preset(
        key="plateau",
        name="a plateau",
        story="XOR with sigmoid units and small weights. For some 400 steps the loss stays at ln 2 ≈ 0.693, the price "
        "of answering ½ to everything; then the two units part, and it falls.",
        settings=Settings.at(
            Parameters([[0.5, 0.4], [-0.4, -0.4]], [0.3, 0.2], [[0.2], [-0.2]], [0.1]),
            Example([1.0, 1.0], 0.0),
            Architecture("sigmoid", "sigmoid", "binary_cross_entropy"),
            parameter="w1_11",
            learning_rate=1.0,
            steps=1000,
            data="xor",
        ),
        look_at="On the plateau all nine gradients are small but not 0. Go along the steps and see which one grows "
        "first.",
        try_next="Compare with Adam, or choose tanh for the hidden units: how long is the plateau then?",
        page="descent",
    ),
    Preset(
        key="perfect_xor",
        name="a perfect XOR",
        story="A solution of XOR in whole numbers: with these nine parameters the output is exactly right for all "
        "four rows, and the loss is 0.",
        settings=Settings.at(
            Parameters([[1.0, 1.0], [1.0, 1.0]], [0.0, -1.0], [[1.0], [-2.0]], [0.0]),
            Example([1.0, 1.0], 0.0),
            parameter="w2_2",
            learning_rate=0.1,
            data="xor",
        ),
        look_at="Unit 1 counts the ones; unit 2 opens only where there are two of them, and takes 2 away again.",
        try_next="Set the inputs to the other rows. Then move one parameter a little and let descent find its way "
        "back.",
        source=Source(
            title="Deep Learning, section 6.1, Example: Learning XOR",
            author="Ian Goodfellow, Yoshua Bengio and Aaron Courville",
            year="2016",
            link="https://www.deeplearningbook.org/contents/mlp.html",
        ),
        printed=(
            Printed("output for (0, 0)", "0", ("output of row", "1")),
            Printed("output for (0, 1)", "1", ("output of row", "2")),
            Printed("output for (1, 0)", "1", ("output of row", "3")),
            Printed("output for (1, 1)", "0", ("output of row", "4")),
        ),
    ),
    Preset(
        key="macleod",
        name="the sigmoid example of many lectures",
        story="Two inputs, sigmoids, no biases, learning rate 1: worked through in print, and copied ever since. The "
        "print updates W2 first and then uses the new W2 for the hidden layer.",
        settings=Settings.at(
            Parameters([[0.1, 0.4], [0.8, 0.6]], [0.0, 0.0], [[0.3], [0.9]], [0.0]),
            Example([0.35, 0.9], 0.5),
            _SIGMOIDS,
            parameter="w1_11",
            learning_rate=1.0,
            steps=1,
        ),
        look_at="The forward pass agrees. W2 differs in its last digits, by rounding on the way. W1 differs because "
        "w2_1 was 0.3 at the point where the gradients belong, not 0.2724.",
        try_next="On the chain-rule page find the slip “W2 taken after its update” in the route of w1_11. Our biases "
        "start at 0 and learn too; in the print there are none.",
        page="chain_rule",
        source=Source(
            title="An Introduction to Practical Neural Networks and Genetic Algorithms for Engineers and Scientists, "
            "chapter 3: The Back Propagation Algorithm",
            author="Christopher MacLeod",
            link="https://www4.rgu.ac.uk/files/chapter3%20-%20bp.pdf",
        ),
        printed=_MACLEOD,
    ),
    Preset(
        key="negnevitsky",
        name="the first step of XOR in a textbook",
        story="One step of backpropagation for the row (1, 1) → 0 of XOR, with sigmoids, thresholds and learning rate "
        "0.1, worked through in a textbook.",
        settings=Settings.at(
            Parameters([[0.5, 0.9], [0.4, 1.0]], [-0.8, 0.1], [[-1.2], [1.1]], [-0.3]),
            Example([1.0, 1.0], 0.0),
            _SIGMOIDS,
            parameter="w1_11",
            learning_rate=0.1,
            steps=1,
        ),
        look_at="The book counts with thresholds and with y − o, so some signs are turned; every number agrees.",
        try_next="Take the step on the descent page, then learn all four rows with the data set XOR.",
        page="chain_rule",
        source=Source(
            title="Artificial Intelligence: A Guide to Intelligent Systems, 2nd edition, section 6.4",
            author="Michael Negnevitsky",
            year="2005",
        ),
        printed=_NEGNEVITSKY,
    ),
    random_preset(0),
)

PRESETS: dict[str, Preset] = {preset.key: preset for preset in _ROWS}
