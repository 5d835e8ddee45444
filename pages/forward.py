"""Forward pass: from the inputs to the loss, as a drawing and as mathematics."""

from core import ACTIVATIONS, LOSSES, backpropagate, exact_forward
from core.settings import Settings
from core.typeset import definitions, equation, forward_lines, unit_lines
from pages.components import Data
from pages.components.derivation import Row, aligned, row
from pages.components.network import DRAWING, drawing
from pages.scene import Scene, scene_of
from pages.screen.address import write_address
from pages.screen.stage import notices, show, top
from pages.words.explain import collapse
from pages.words.pinned import against_pinned


def view(settings: Settings) -> dict[str, Data]:
    """What the page shows of a state: the data of every component, by its key."""
    now = scene_of(settings)
    gradients, deltas = backpropagate(now.parameters, now.example, now.architecture, **now.place)
    return {
        "network": drawing(now, gradients, deltas, show="forward"),
        "forward_pass": {"rows": mathematics(now)},
        **against_pinned(settings),
    }


def mathematics(now: Scene) -> list[Row]:
    """Every line of the forward pass in symbols, in numbers, and what comes out, with its words beside it."""
    paper = exact_forward(now.parameters, now.example, architecture=now.architecture)
    z1, h, z2, o, loss = forward_lines(now.parameters, now.example, now.trace, now.architecture, paper)
    units = unit_lines(now.known, now.architecture, paper)
    activation, output = ACTIVATIONS[now.architecture.activation], ACTIVATIONS[now.architecture.output]
    return [
        row(
            "introduction",
            "Two inputs, two hidden units, one output. **Drag any number** in the drawing, or use the sliders: "
            "everything is computed again while you move. Below is the same pass as mathematics: each line in symbols, "
            "then with the numbers put in, then what comes out.",
            wide=True,
        ),
        row(
            "z1",
            "Each hidden unit multiplies both inputs by its weights, adds them up and adds its bias. The sum is the "
            "unit’s **pre-activation** $z$.",
            "As matrices: the row $x$ times $W^{(1)}$, whose column $j$ holds the weights into hidden unit $j$. So "
            "$w^{(1)}_{12}$ runs from input 1 to hidden unit 2.",
            title="1 · Weigh and add",
            formulas=[aligned([z1]), aligned([units["z1_1"], units["z1_2"]])],
        ),
        row(
            "h",
            f"{activation.sentence} What comes out is the unit’s **activation** $h$.",
            collapse(now.architecture),
            title="2 · Activate",
            formulas=[aligned([h]), *values_of(now.architecture.activation)],
        ),
        row(
            "z2",
            "The output unit does the same with the two activations: its weights $W^{(2)}$, its bias $b^{(2)}$, its "
            "pre-activation $z^{(2)}$.",
            title="3 · Weigh and add again",
            formulas=[aligned([z2]), aligned([units["z2"]])],
        ),
        row(
            "o",
            output.sentence,
            title="4 · Output",
            formulas=[aligned([o]), *values_of(now.architecture.output)],
        ),
        row(
            "L",
            f"{LOSSES[now.architecture.loss].sentence} The **loss** $L$ is smallest where the output $o$ hits the "
            "target $y$; learning means making it smaller.",
            *stable(now),
            title="5 · Loss",
            formulas=[aligned([loss])],
        ),
    ]


def values_of(activation: str) -> list[str]:
    """What the activation is equal to, where a formula calls it by a name."""
    lines = [line for line in definitions([activation]) if "'" not in line.left]  # its slope belongs to the chain rule
    return [aligned(lines)] if lines else []


def stable(now: Scene) -> list[str]:
    """How the loss is computed, where that is not how it is written."""
    if LOSSES[now.architecture.loss].source == "o":
        return []
    return [
        f"It is computed as ${equation('L', now.architecture)}$, which is equal: the logarithm of an output that has "
        "rounded to 0 would be infinite."
    ]


# ── what Streamlit makes of it ──────────────────────────────────────────────────────────────────────────────────


def page() -> None:
    settings = top()
    notices()
    show(view(settings), network=DRAWING)
    write_address()


if __name__ == "__main__":  # run by Streamlit; whoever imports this module wants its view
    page()
