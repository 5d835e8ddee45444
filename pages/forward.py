"""Forward pass: from the inputs to the loss, as a drawing and as mathematics."""

import streamlit as st

from core import ACTIVATIONS, LOSSES, backpropagate
from core.network import every_value
from core.typeset import forward_lines, unit_lines
from pages.parts.drawing import drawing
from pages.parts.formulas import aligned, explained
from pages.parts.stage import stage
from pages.parts.state import Scene


def page(now: Scene) -> None:
    gradients, deltas = backpropagate(now.parameters, now.example, now.architecture, **now.place)
    drawing(now, gradients, deltas, show="forward")
    st.markdown(
        "Two inputs, two hidden units, one output. **Drag any number** in the drawing, or use the sliders: "
        "everything is computed again while you move. Below is the same pass as mathematics: each line in symbols, "
        "then with the numbers put in, then what comes out."
    )
    mathematics(now)


def mathematics(now: Scene) -> None:
    """Every line of the forward pass, with its words beside it."""
    z1, h, z2, o, loss = forward_lines(now.parameters, now.example, now.trace, now.architecture)
    units = unit_lines(every_value(now.parameters, now.example, now.trace), now.architecture)
    chosen = now.architecture
    explained(
        "#### 1 · Weigh and add\n"
        "Each hidden unit multiplies both inputs by its weights, adds them up and adds its bias. The sum is the "
        "unit's **pre-activation** $z$. As matrices: the row $x$ times $W^{(1)}$, whose column $j$ holds the weights "
        "into unit $j$, so $w^{(1)}_{12}$ runs from input 1 to unit 2.",
        aligned([z1]),
        "Entry by entry:",
        aligned([units["z1_1"], units["z1_2"]]),
    )
    explained(
        "#### 2 · Activate\n"
        f"{ACTIVATIONS[chosen.activation].sentence} What comes out is the unit's **activation** $h$. Without this step "
        "the two layers would collapse into one.",
        aligned([h]),
    )
    explained(
        "#### 3 · Weigh and add again\n"
        "The output unit does the same with the two activations: its weights $W^{(2)}$, its bias $b^{(2)}$, its "
        "pre-activation $z^{(2)}$.",
        aligned([z2]),
        "Term by term:",
        aligned([units["z2"]]),
    )
    explained(f"#### 4 · Output\n{ACTIVATIONS[chosen.output].sentence}", aligned([o]))
    explained(
        f"#### 5 · Loss\n{LOSSES[chosen.loss].sentence} The **loss** $L$ is 0 only where the output $o$ hits the "
        "target $y$; learning means making it smaller.",
        aligned([loss]),
    )


stage(page)
