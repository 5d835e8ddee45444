"""The same network stated a second time, in SymPy: one equation a line, each in the values just before it.

Nothing here comes from core/network.py. The two statements meet only as plain floats, in the tests and in the
table of witnesses, so their agreement is evidence.
"""

import math
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import sympy
from sympy import Expr, Symbol

from core.functions import ACTIVATIONS, LOSSES, Activation, check_target
from core.names import ADJUSTABLE, NAMES
from core.parameters import Architecture
from core.smooth import in_floats

SYMBOLS: dict[str, Symbol] = {key: Symbol(name.latex, real=True) for key, name in NAMES.items()}
KEYS: dict[Symbol, str] = {symbol: key for key, symbol in SYMBOLS.items()}
PRE_ACTIVATION = {"h_1": "z1_1", "h_2": "z1_2", "o": "z2"}


class Equation(NamedTuple):
    """left = right, e.g. z^{(2)} = h_1 w^{(2)}_1 + h_2 w^{(2)}_2 + b^{(2)}."""

    left: Symbol
    right: Expr


@cache
def equations(architecture: Architecture) -> tuple[Equation, ...]:
    """The forward pass in order, from z1 to L."""
    s = SYMBOLS
    f = ACTIVATIONS[architecture.activation].sympy
    g = ACTIVATIONS[architecture.output].sympy
    loss = LOSSES[architecture.loss]
    return (
        Equation(s["z1_1"], _affine("x_1", "w1_11", "x_2", "w1_21", "b1_1")),
        Equation(s["z1_2"], _affine("x_1", "w1_12", "x_2", "w1_22", "b1_2")),
        Equation(s["h_1"], f(s["z1_1"])),
        Equation(s["h_2"], f(s["z1_2"])),
        Equation(s["z2"], _affine("h_1", "w2_1", "h_2", "w2_2", "b2")),
        Equation(s["o"], g(s["z2"])),
        Equation(s["L"], loss.sympy(s[loss.source], s["y"])),
    )


def expression_of(key: str, architecture: Architecture) -> Expr:
    """The right side of the equation that computes this symbol."""
    return next(right for left, right in equations(architecture) if KEYS[left] == key)


@cache
def keys_in(expression: Expr) -> tuple[str, ...]:
    """The keys of the symbols that stand in an expression."""
    return tuple(sorted(KEYS[symbol] for symbol in expression.free_symbols))


def activation_of(key: str, architecture: Architecture) -> Activation | None:
    """The activation that computes this symbol; None where a sum or the loss does."""
    if key in ("h_1", "h_2"):
        return ACTIVATIONS[architecture.activation]
    return ACTIVATIONS[architecture.output] if key == "o" else None


def _affine(a1: str, w1: str, a2: str, w2: str, b: str) -> Expr:
    """a1 w1 + a2 w2 + b, left in the order it is written, as a learner writes it."""
    s = SYMBOLS
    terms = sympy.Mul(s[a1], s[w1], evaluate=False), sympy.Mul(s[a2], s[w2], evaluate=False), s[b]
    return sympy.Add(*terms, evaluate=False)


def solve_forward(architecture: Architecture, values: Mapping[str, float]) -> dict[str, float]:
    """Every symbol's number: the twelve given ones, then each equation's left side in turn.

    Plain Python floats and SymPy's own code, no torch. Raises ValueError for a target that the loss cannot take.
    """
    check_target(architecture.loss, values["y"])
    known = {name.key: float(values[name.key]) for name in ADJUSTABLE}
    for key, right in _compiled(architecture):
        try:
            known[key] = float(right(*known.values()))
        except OverflowError:  # Python's own floats raise where IEEE arithmetic, and torch, says infinity
            known[key] = math.inf
        if key in PRE_ACTIVATION and math.isnan(known[PRE_ACTIVATION[key]]):
            known[key] = math.nan  # "z > 0, else 0" would make a number of it
    return known


@cache
def _compiled(architecture: Architecture):
    """Each right side as a plain Python function of everything known before it."""
    known = [SYMBOLS[name.key] for name in ADJUSTABLE]
    compiled = []
    for left, right in equations(architecture):
        compiled.append((KEYS[left], in_floats(list(known), right)))
        known.append(left)
    return tuple(compiled)
