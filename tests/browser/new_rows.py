"""The dashboard as it would be with one more loss, activation and output in core's tables, and no other change."""

import sys
from pathlib import Path

import streamlit as st

HOUSE = Path(__file__).parents[2]
sys.path.insert(0, str(HOUSE))

from core import functions  # noqa: E402  (the house is found from here on)
from core.functions import ACTIVATIONS, LOSSES, Activation, Loss  # noqa: E402

LOSSES["quartic"] = Loss(
    name="quartic error",
    torch=lambda o, y: (o - y) ** 4,
    sympy=lambda o, y: (o - y) ** 4,
    derivative=lambda o, y: 4 * (o - y) ** 3,
    latex="({o} - {y})^{{4}}",
    slope_latex=r"4\,({o} - {y})^{{3}}",
    sentence="The fourth power of the distance.",
    slope_sentence="How the loss answers to the output.",
)
ACTIVATIONS["witch"] = Activation(
    name="witch",
    torch=lambda z: z / (1 + z**2),
    sympy=lambda z: z / (1 + z**2),
    derivative=lambda z: (1 - z**2) / (1 + z**2) ** 2,
    symbol=r"\operatorname{witch}",
    latex=r"\frac{z}{1 + z^2}",
    slope_latex=r"\frac{1 - z^2}{(1 + z^2)^2}",
    slope_worked=r"\operatorname{{witch}}'\left({z}\right)",
    sentence="It rises to one half, and falls again.",
    slope_sentence="It is 1 at 0 and negative far out.",
    values="between −½ and ½",
)
for module in [each for name, each in sys.modules.items() if name.startswith("core")]:
    if hasattr(module, "HIDDEN_ACTIVATIONS"):
        module.HIDDEN_ACTIVATIONS = (*functions.ACTIVATIONS,)
    if hasattr(module, "OUTPUT_ACTIVATIONS"):
        module.OUTPUT_ACTIVATIONS = ("identity", "sigmoid", "tanh", "witch", "relu")

import dashboard  # noqa: E402  (the pages read the tables when they are imported)

app = st.App(HOUSE / "pages" / "app.py", lifespan=dashboard.warm_start, routes=dashboard.routes)
