"""Activations and losses: one row each, with the derivative as it is taught.

Each row states a function twice, for PyTorch and for SymPy. The two are used apart (core/network.py, core/equations.py)
and their agreement is tested, so a slip in one of them cannot hide. The derivative column is what a learner
writes on paper; a test compares it with both, and core/descent.py backpropagates with it. A new activation or loss is
one more row.
Sources: ReLU, V. Nair, G. Hinton (2010); leaky ReLU, A. Maas et al. (2013); softplus, C. Dugas et al. (2000);
GELU, D. Hendrycks, K. Gimpel, arXiv:1606.08415 (2016).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property

import sympy
import torch
from sympy import Expr
from sympy.printing.codeprinter import CodePrinter
from sympy.printing.pytorch import TorchPrinter
from torch import Tensor

from core.smooth import Phi, phi, sigmoid, softplus


@dataclass(frozen=True)
class Activation:
    """a = f(z), applied to each unit alone.

    derivative        f′(z), SymPy, as taught
    symbol            what f is called in a formula; empty where it is not written at all
    latex, slope_latex   what f(z) and f′(z) are equal to
    slope_worked      f′ as it is worked out on paper, with gaps: {z} the pre-activation as an argument, {factor} the
                      same where it is multiplied, {a} the activation f(z), {alone} the same where it is squared
    sentence          what it does, for a beginner
    slope_sentence    the same of f′; empty where a gate, open or closed, says it better
    values            which values it takes, in words
    letters           what other letters in its formulas stand for: (left, right) of an equation each, in LaTeX
    kinks             where f has no derivative (f′ there is a convention)
    flat              below the first and above the second number f has levelled off: |f′| < 0.001 (for ReLU: 0)
    slope_of_a        f′ in SymPy as slope_worked has it, where that is worked out from a = f(z)
    code              f(z) as PyTorch has it, with the gap {z}, where it has it under a name that SymPy has not
    """

    name: str
    torch: Callable[[Tensor], Tensor]
    sympy: Callable[[Expr], Expr]
    derivative: Callable[[Expr], Expr]
    symbol: str
    latex: str
    slope_latex: str
    slope_worked: str
    sentence: str
    slope_sentence: str
    values: str
    letters: tuple[tuple[str, str], ...] = ()
    kinks: tuple[float, ...] = ()
    flat: tuple[float, float] = (-math.inf, math.inf)
    slope_of_a: Callable[[Expr], Expr] | None = None
    code: str = ""

    @cached_property
    def rational(self) -> bool:
        """Whether f takes fractions to fractions."""
        return all(self.sympy(sympy.Rational(place, 3)).is_Rational for place in (-1, 1))


@dataclass(frozen=True)
class Cancellation:
    """What a loss and the function before it lose when their slopes are multiplied: ∂L/∂o · ∂o/∂z2 = what is left.

    loss                  L(o, y) in SymPy, as on paper
    left, left_latex      what is left, in SymPy, of o and y, and in LaTeX with gaps {o} and {y}
    struck_latex          the two factors with what they have in common struck out
    torch                 ∂L/∂o from z2 and y, for o so near 0 or 1 that the quotient would divide by 0
    """

    loss: Callable[[Expr, Expr], Expr]
    left: Callable[[Expr, Expr], Expr]
    left_latex: str
    struck_latex: str
    torch: Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Loss:
    """L: one number that says how wrong the output is.

    source            the key of what L is computed from, besides the target y: "o", or "z2" where only that is stable
    torch, sympy      L(source, y)
    derivative        ∂L/∂source, SymPy, as taught
    sentence, slope_sentence   what L is, and how it answers to its source, for a beginner
    latex             what L is on paper, with gaps {o} and {y}, and {alone} for an o right behind a function's name
    computed_latex    what L is computed as, with the gap {z2}, where that is something else
    slope_latex       what ∂L/∂source is equal to, with gaps {o} and {y}
    outputs           the output activations it makes sense with; empty: all
    targets           the least and the greatest y it makes sense with
    cancellation      how ∂L/∂o and ∂o/∂z2 multiply to the slope at z2, where L is computed from there
    code              L as PyTorch has it, of tensors o, z2 and y, where it is more than the formula
    """

    name: str
    torch: Callable[[Tensor, Tensor], Tensor]
    sympy: Callable[[Expr, Expr], Expr]
    derivative: Callable[[Expr, Expr], Expr]
    latex: str
    slope_latex: str
    sentence: str
    slope_sentence: str
    computed_latex: str = ""
    source: str = "o"
    outputs: tuple[str, ...] = ()
    targets: tuple[float, float] = (-math.inf, math.inf)
    cancellation: Cancellation | None = None
    code: str = ""


ACTIVATIONS: dict[str, Activation] = {
    "relu": Activation(
        name="ReLU",
        torch=torch.relu,
        sympy=lambda z: sympy.Piecewise((z, z > 0), (0, True)),
        derivative=lambda z: sympy.Piecewise((1, z > 0), (0, True)),  # ReLU′(0) = 0, as torch has it
        symbol=r"\operatorname{ReLU}",
        latex=r"\max(0, z)",
        slope_latex=r"\begin{cases}1 & z > 0\\0 & z \le 0\end{cases}",
        slope_worked=r"\operatorname{{ReLU}}'\left({z}\right)",
        sentence="ReLU lets a positive pre-activation through unchanged and turns a negative one into 0.",
        slope_sentence="",
        values="0 or more",
        kinks=(0.0,),
        flat=(0.0, math.inf),
        code="torch.relu({z})",
    ),
    "leaky_relu": Activation(
        name="leaky ReLU",
        torch=lambda z: torch.nn.functional.leaky_relu(z, 0.01),
        sympy=lambda z: sympy.Piecewise((z, z > 0), (z / 100, True)),
        derivative=lambda z: sympy.Piecewise((1, z > 0), (sympy.Rational(1, 100), True)),  # 0.01 at 0, as torch has it
        symbol=r"\operatorname{LReLU}",
        latex=r"\begin{cases}z & z > 0\\0.01\,z & z \le 0\end{cases}",
        slope_latex=r"\begin{cases}1 & z > 0\\0.01 & z \le 0\end{cases}",
        slope_worked=r"\operatorname{{LReLU}}'\left({z}\right)",
        sentence="Leaky ReLU lets a positive pre-activation through unchanged and a hundredth of a negative one.",
        slope_sentence="",
        values="any number",
        kinks=(0.0,),
        code="torch.nn.functional.leaky_relu({z}, 0.01)",
    ),
    "sigmoid": Activation(
        name="sigmoid",
        torch=torch.sigmoid,
        sympy=sigmoid,
        derivative=lambda z: sigmoid(z) * (1 - sigmoid(z)),
        symbol=r"\sigma",
        latex=r"\frac{1}{1 + e^{-z}}",
        slope_latex=r"\sigma(z)\,(1 - \sigma(z))",
        slope_worked=r"{a}\,(1 - {a})",
        sentence="The sigmoid squeezes any number into 0 to 1: large ones end near 1, very negative ones near 0.",
        slope_sentence="The slope of the sigmoid is ¼ at 0, where it is steepest, and hardly anything far out.",
        values="between 0 and 1",
        flat=(-6.9058, 6.9058),
        slope_of_a=lambda a: a * (1 - a),
    ),
    "tanh": Activation(
        name="tanh",
        torch=torch.tanh,
        sympy=sympy.tanh,
        derivative=lambda z: 1 - sympy.tanh(z) ** 2,
        symbol=r"\tanh",
        latex=r"\frac{e^{z} - e^{-z}}{e^{z} + e^{-z}}",
        slope_latex=r"1 - \tanh(z)^2",
        slope_worked=r"1 - {alone}^2",
        sentence="tanh squeezes any number into the range from −1 to 1, and keeps its sign.",
        slope_sentence="The slope of tanh is 1 at 0, where it is steepest, and hardly anything far out.",
        values="between −1 and 1",
        flat=(-4.1468, 4.1468),
        slope_of_a=lambda a: 1 - a**2,
    ),
    "softplus": Activation(
        name="softplus",
        # torch's own threshold of 20 would drop digits that float64 still has
        torch=lambda z: torch.nn.functional.softplus(z, threshold=40),
        sympy=softplus,
        derivative=sigmoid,
        symbol=r"\operatorname{softplus}",
        latex=r"\ln(1 + e^{z})",
        slope_latex=r"\sigma(z)",
        slope_worked=r"\sigma\left({z}\right)",
        sentence="Softplus is ReLU with its corner rounded off: near 0 for very negative z, near z itself for large z.",
        slope_sentence="The slope of softplus is the sigmoid: near 0 for very negative z, near 1 for large z.",
        values="above 0",
        letters=((r"\sigma(z)", r"\frac{1}{1 + e^{-z}}"),),
        flat=(-6.9068, math.inf),
    ),
    "gelu": Activation(
        name="GELU",
        torch=torch.nn.functional.gelu,  # the exact one, by erf
        sympy=lambda z: z * Phi(z),
        derivative=lambda z: Phi(z) + z * phi(z),
        symbol=r"\operatorname{GELU}",
        latex=r"z\,\Phi(z)",
        slope_latex=r"\Phi(z) + z\,\varphi(z)",
        slope_worked=r"\Phi\left({z}\right) + {factor} \cdot \varphi\left({z}\right)",
        sentence="GELU multiplies the pre-activation by the share of the standard normal distribution below it.",
        slope_sentence="The slope of GELU is near 0 far left, near 1 far right, and a little beyond both in between.",
        values="about −0.17 or more",
        letters=(
            (r"\Phi(z)", r"\tfrac12\,(1 + \operatorname{erf}(z / \sqrt{2}))"),
            (r"\varphi(z)", r"e^{-z^2/2} / \sqrt{2\pi}"),
            (r"\operatorname{erf}(z)", r"\tfrac{2}{\sqrt{\pi}} \int_0^{z} e^{-t^2}\,dt"),
        ),
        flat=(-3.8104, math.inf),
        code="torch.nn.functional.gelu({z})",
    ),
    "identity": Activation(
        name="identity",
        torch=lambda z: z,
        sympy=lambda z: z,
        derivative=lambda z: sympy.Integer(1),
        symbol="",
        latex="z",
        slope_latex="1",
        slope_worked="1",
        sentence="The identity passes the pre-activation on as it is.",
        slope_sentence="The identity has slope 1 everywhere: the two move one for one.",
        values="any number",
    ),
}


def _cross_entropy(z2: Tensor, y: Tensor) -> Tensor:
    z2, y = torch.broadcast_tensors(z2, y)
    return torch.nn.functional.binary_cross_entropy_with_logits(z2, y, reduction="none")


def _cross_entropy_to_o(z2: Tensor, y: Tensor) -> Tensor:
    """∂L/∂o = (1 − y) / (1 − o) − y / o, where 1 / o = 1 + e^−z2 and 1 / (1 − o) = 1 + e^z2. A part of 0 stays 0."""
    nothing = torch.zeros_like(z2)
    too_high = torch.where(y < 1, (1 - y) * (1 + torch.exp(z2)), nothing)
    too_low = torch.where(y > 0, y * (1 + torch.exp(-z2)), nothing)
    return too_high - too_low


LOSSES: dict[str, Loss] = {
    "half_squared_error": Loss(
        name="half squared error",
        torch=lambda o, y: 0.5 * (o - y) ** 2,
        sympy=lambda o, y: sympy.S.Half * (o - y) ** 2,  # ½ cancels the 2 of the square; it only scales L
        derivative=lambda o, y: o - y,
        latex=r"\tfrac12\,({o} - {y})^2",
        slope_latex="{o} - {y}",
        sentence="Half the squared distance between output and target; the ½ is there to cancel the 2 of the square.",
        slope_sentence="How the loss answers to the output. The 2 that comes down from the square cancels the ½.",
    ),
    "squared_error": Loss(
        name="squared error",
        torch=lambda o, y: (o - y) ** 2,
        sympy=lambda o, y: (o - y) ** 2,
        derivative=lambda o, y: 2 * (o - y),
        latex=r"({o} - {y})^2",
        slope_latex=r"2\,({o} - {y})",
        sentence="The squared distance between output and target: twice as far off counts four times as much.",
        slope_sentence="How the loss answers to the output. The 2 comes down from the square.",
    ),
    "binary_cross_entropy": Loss(
        name="binary cross-entropy",
        torch=_cross_entropy,
        sympy=lambda z2, y: softplus(z2) - y * z2,
        derivative=lambda z2, y: sigmoid(z2) - y,
        latex=r"-{y} \ln {alone} - (1 - {y}) \ln(1 - {o})",
        computed_latex=r"\ln\left(1 + e^{{{z2}}}\right) - {y} \cdot {z2}",
        slope_latex="{o} - {y}",
        sentence="How surprised one must be by the target y, with the output o taken as the probability of a 1.",
        slope_sentence="How the loss answers to the output’s pre-activation: two slopes in one, which cancel to this.",
        source="z2",
        outputs=("sigmoid",),
        targets=(0.0, 1.0),
        cancellation=Cancellation(
            loss=lambda o, y: -y * sympy.log(o) - (1 - y) * sympy.log(1 - o),
            left=lambda o, y: o - y,
            left_latex="{o} - {y}",
            struck_latex=r"\frac{{{o} - {y}}}{{\cancel{{{o}\,(1 - {o})}}}} \cdot \cancel{{{o}\,(1 - {o})}}",
            torch=_cross_entropy_to_o,
        ),
        code='torch.nn.functional.binary_cross_entropy_with_logits(z2, y, reduction="none")',
    ),
}

HIDDEN_ACTIVATIONS: tuple[str, ...] = tuple(ACTIVATIONS)
OUTPUT_ACTIVATIONS: tuple[str, ...] = ("identity", "sigmoid", "tanh")


def why_not(output: str, loss: str) -> str:
    """Why this loss makes no sense with this output activation, in a sentence; empty where it does."""
    row = LOSSES[loss]
    if not row.outputs or output in row.outputs:
        return ""
    return (
        f"{row.name.capitalize()} takes the output as a probability and its logarithm, so the output must lie between "
        f"0 and 1; {ACTIVATIONS[output].name} can give {ACTIVATIONS[output].values}. "
        f"Choose the output {' or '.join(row.outputs)}."
    )


def offered_losses(output: str) -> tuple[str, ...]:
    """The losses that make sense with this output activation, the default one first."""
    return tuple(loss for loss in LOSSES if not why_not(output, loss))


def why_not_target(loss: str, y: float) -> str:
    """Why this loss makes no sense with this target, in a sentence; empty where it does."""
    low, high = LOSSES[loss].targets
    if low <= y <= high:
        return ""
    return (
        f"y = {y:g} does not go with {LOSSES[loss].name}: the target is the probability we would like, "
        f"so choose y from {low:g} to {high:g}."
    )


def check_target(loss: str, y: float) -> None:
    """ValueError with a sentence if this loss makes no sense with this target."""
    if reason := why_not_target(loss, y):
        raise ValueError(reason)


# ── the derivatives, for torch ──────────────────────────────────────────────────────────────────────────────────

TORCH: dict[str, Callable[[Tensor], Tensor]] = {  # what core/smooth.py adds to SymPy
    "sigmoid": torch.sigmoid,
    "softplus": ACTIVATIONS["softplus"].torch,
    "Phi": lambda z: 0.5 * (1 + torch.erf(z / math.sqrt(2))),
    "phi": lambda z: torch.exp(-0.5 * z * z) / math.sqrt(2 * math.pi),
}


class _Printer(TorchPrinter):
    """SymPy's own stops at a function that torch has not; ours are known by their names."""

    def _print_Function(self, expr: Expr) -> str:
        known = type(expr) in self.mapping
        return TorchPrinter._print_Function(self, expr) if known else CodePrinter._print_Function(self, expr)


@cache
def slopes(activation: str, output: str, loss: str) -> tuple[Callable[..., Tensor], Callable[..., Tensor]]:
    """The derivative columns as torch functions, for core/descent.py: what carries a slope back through the network.

    (∂L/∂h, z1) → δ1 = ∂L/∂h ∘ f′(z1)
    (z2, y, w) → δ2 = w ∂L/∂z2, for rows that count with weight w: ∂L/∂o · g′(z2), or at once where L comes from z2
    """
    to_h, z1, z2, y, w = sympy.symbols("to_h z1 z2 y w", real=True)
    f, g, row = ACTIVATIONS[activation], ACTIVATIONS[output], LOSSES[loss]
    to_z2 = row.derivative(z2, y) if row.source == "z2" else row.derivative(g.sympy(z2), y) * g.derivative(z2)
    return _compiled((to_h, z1), to_h * f.derivative(z1)), _compiled((z2, y, w), w * to_z2)


def _compiled(symbols: tuple[sympy.Symbol, ...], expression: Expr) -> Callable[..., Tensor]:
    """Folded, so that each branch of a Piecewise is a tensor: torch would make two plain numbers float32."""
    settings = {"allow_unknown_functions": True, "fully_qualified_modules": False}
    folded = sympy.piecewise_fold(expression)
    return sympy.lambdify(symbols, folded, modules=[TORCH, "torch"], printer=_Printer(settings), cse=True)
