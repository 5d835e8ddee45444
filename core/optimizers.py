"""Optimisers: one row each. A row says how the gradient of this step, and what is remembered of earlier ones, becomes
a direction; every one of them then steps the same way:

    θ ← θ − η d

A rule of ours costs a tenth of torch.optim's on nine numbers and serves any number of learning rates at once; a test
runs both and compares them at every step.

Sources. Heavy ball (momentum): Polyak 1964. Nesterov 1983, in the form of Sutskever et al. 2013, which is torch's.
RMSprop: Hinton, Neural Networks for Machine Learning, lecture 6e, 2012. Adam: Kingma & Ba 2015.

Limits. On a parabola of curvature c the distance to the bottom obeys a linear recurrence, whose roots z must lie within
the unit circle for the steps to come to rest; at the limit one of them is −1.

    SGD        z = 1 − ηc                                            at −1:  ηc = 2
    momentum   z² − (1 + μ − ηc) z + μ = 0                           at −1:  ηc = 2 (1 + μ)                3.8
    Nesterov   z² − (1 + μ) (1 − ηc) z + μ (1 − ηc) = 0              at −1:  ηc = 2 (1 + μ) / (1 + 2μ)     about 1.36

Sources: Polyak 1964 for the heavy ball; Lessard, Recht & Packard 2016 for the roots of all three.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

State = tuple[Tensor, ...]


@dataclass(frozen=True, slots=True)
class Memory:
    """What an optimiser remembers from step to step: nine numbers, one a parameter. All are 0 before the first step.

    key, latex, meaning   the letter as an array's name, in a formula, in words
    """

    key: str
    latex: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Optimizer:
    """One way to turn gradients into steps.

    rule        (g, state, t) → (state, d): the gradient the step uses, the memory before and after, the direction;
                t counts the steps from 1
    code        PyTorch's own, as it is written in a training loop
    state       what it remembers
    update      the formulas of a step, in order, in LaTeX
    letters     what each letter in them stands for: (LaTeX, words)
    sentence    what it does, for a beginner
    limit       on a parabola of curvature c the steps come to rest while ηc is below this; None where the length of a
                step does not follow the gradient's size, so that no such limit exists
    """

    name: str
    rule: Callable[[Tensor, State, int], tuple[State, Tensor]]
    code: str
    state: tuple[Memory, ...]
    update: tuple[str, ...]
    letters: tuple[tuple[str, str], ...]
    sentence: str
    limit: float | None


MOMENTUM = 0.9  # μ
BETA_1, BETA_2 = 0.9, 0.999  # Adam's shares
ALPHA = 0.99  # RMSprop's share
EPSILON = 1e-8

VELOCITY = Memory("v", "v", "velocity: this gradient plus 0.9 times the velocity of the step before")
FIRST_MOMENT = Memory("m", "m", "first moment: a running mean of the gradients")
SECOND_MOMENT = Memory("s", "s", "second moment: a running mean of the squared gradients")

THETA = (r"\theta", "the parameters, all nine at once")
ETA = (r"\eta", "the learning rate")
G = ("g", "the gradient that the step uses")
MU = (r"\mu", "how much of the velocity is kept: 0.9")
V = ("v", "the velocity, 0 at the start")
S = ("s", "the running mean of the squared gradients, 0 at the start")
TINY = (r"\varepsilon", "10⁻⁸, so that nothing is divided by 0")


def _sgd(g: Tensor, state: State, t: int) -> tuple[State, Tensor]:
    return state, g


def _momentum(g: Tensor, state: State, t: int) -> tuple[State, Tensor]:
    v = torch.add(g, state[0], alpha=MOMENTUM)  # μ v + g
    return (v,), v


def _nesterov(g: Tensor, state: State, t: int) -> tuple[State, Tensor]:
    v = torch.add(g, state[0], alpha=MOMENTUM)  # μ v + g
    return (v,), torch.add(g, v, alpha=MOMENTUM)


def _adam(g: Tensor, state: State, t: int) -> tuple[State, Tensor]:
    m, s = state
    m = m.lerp(g, 1 - BETA_1)  # β₁ m + (1 − β₁) g, in one operation
    s = (BETA_2 * s).addcmul(g, g, value=1 - BETA_2)
    m_hat, root = m / (1 - BETA_1**t), s.sqrt() / math.sqrt(1 - BETA_2**t)
    return (m, s), m_hat / (root + EPSILON)


def _rmsprop(g: Tensor, state: State, t: int) -> tuple[State, Tensor]:
    s = (ALPHA * state[0]).addcmul(g, g, value=1 - ALPHA)
    return (s,), g / (s.sqrt() + EPSILON)


OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": Optimizer(
        name="SGD",
        rule=_sgd,
        code="torch.optim.SGD(parameters, lr=η)",
        state=(),
        update=(r"\theta \leftarrow \theta - \eta\, g",),
        letters=(THETA, ETA, G),
        sentence="SGD steps straight against the gradient, the further the steeper the loss is.",
        limit=2.0,
    ),
    "momentum": Optimizer(
        name="momentum",
        rule=_momentum,
        code="torch.optim.SGD(parameters, lr=η, momentum=0.9)",
        state=(VELOCITY,),
        update=(r"v \leftarrow \mu v + g", r"\theta \leftarrow \theta - \eta\, v"),
        letters=(THETA, ETA, G, MU, V),
        sentence="Momentum rolls like a ball: each step adds its gradient to the speed left from earlier steps.",
        limit=2 * (1 + MOMENTUM),
    ),
    "nesterov": Optimizer(
        name="Nesterov",
        rule=_nesterov,
        code="torch.optim.SGD(parameters, lr=η, momentum=0.9, nesterov=True)",
        state=(VELOCITY,),
        update=(r"v \leftarrow \mu v + g", r"\theta \leftarrow \theta - \eta\,(g + \mu v)"),
        letters=(THETA, ETA, G, MU, V),
        sentence="Nesterov is momentum that looks ahead: it counts the newest gradient once more, so it brakes sooner.",
        limit=2 * (1 + MOMENTUM) / (1 + 2 * MOMENTUM),
    ),
    "adam": Optimizer(
        name="Adam",
        rule=_adam,
        code="torch.optim.Adam(parameters, lr=η)",
        state=(FIRST_MOMENT, SECOND_MOMENT),
        update=(
            r"m \leftarrow \beta_1 m + (1 - \beta_1)\, g",
            r"s \leftarrow \beta_2 s + (1 - \beta_2)\, g^2",
            r"\hat m = \frac{m}{1 - \beta_1^t} \qquad \hat s = \frac{s}{1 - \beta_2^t}",
            r"\theta \leftarrow \theta - \eta\, \frac{\hat m}{\sqrt{\hat s} + \varepsilon}",
        ),
        letters=(
            THETA,
            ETA,
            G,
            ("m", "the running mean of the gradients, 0 at the start"),
            S,
            (r"\hat m", "m, scaled up while few steps have been taken"),
            (r"\hat s", "s, scaled up in the same way"),
            (r"\beta_1", "how much of m is kept: 0.9"),
            (r"\beta_2", "how much of s is kept: 0.999"),
            ("t", "the number of this step, from 1"),
            TINY,
        ),
        sentence="Adam gives each parameter its own step length, about η while its gradients keep their sign.",
        limit=None,
    ),
    "rmsprop": Optimizer(
        name="RMSprop",
        rule=_rmsprop,
        code="torch.optim.RMSprop(parameters, lr=η)",
        state=(SECOND_MOMENT,),
        update=(
            r"s \leftarrow \alpha s + (1 - \alpha)\, g^2",
            r"\theta \leftarrow \theta - \eta\, \frac{g}{\sqrt{s} + \varepsilon}",
        ),
        letters=(THETA, ETA, G, S, (r"\alpha", "how much of s is kept: 0.99"), TINY),
        sentence="RMSprop divides each gradient by its usual size, so that steep and flat parameters move alike.",
        limit=None,
    ),
}
