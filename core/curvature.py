"""How sharply the loss bends, and so how large a step is safe.

    H = ∂²L/∂θ²  (9, 9)          L(θ + u) ≈ L(θ) + g·u + ½ uᵀ H u

On a parabola of curvature c a step of plain gradient descent multiplies the distance to the bottom by 1 − ηc: it comes
closer while 0 < ηc < 2. Along one axis c is an entry of H's diagonal, so its critical rate is 2/c; for all nine
parameters at once the sharpest direction decides, whose curvature is λmax, the largest eigenvalue of H.

A loss is no parabola: H says how it bends here, and a step that leads far away meets another H. So all of this is
theory: "diverging" says what steps of this rate would do on a parabola as sharp as the loss is here. What a run did is
told by core/outcome.py. At a kink H follows torch: ReLU″(0) = 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, overload

import numpy as np
import torch
from torch import Tensor

from core.batches import check_rows, place_rows, weighted_mean
from core.descent import Descent, as_array, check_learning_rate, rows_seen
from core.device import place
from core.names import one_of
from core.network import trace
from core.optimizers import OPTIMIZERS
from core.parameters import Architecture, Example, Parameters

CRAWLING, GOOD, CRITICAL = 0.01, 1.0, 2.0  # the values of ηc where one verdict ends and the next begins


@dataclass(frozen=True, eq=False)
class Curvature:
    """How the loss bends at each of S steps; for a single point S = 1.

    hessian    (S, 9, 9)   H, symmetric
    diagonal   (S, 9)      the curvature along each parameter's axis
    largest    (S,)        λmax: that in the sharpest direction; ∞ where H itself is not finite
    """

    hessian: np.ndarray
    diagonal: np.ndarray
    largest: np.ndarray


def curvature(descent: Descent, loss: str = "batch", *, device: str = "cpu", precision: str = "float64") -> Curvature:
    """At every recorded step at once: of the loss the step uses (the drawn batch's), or of the mean over all rows."""
    theta = place(descent.theta, device, precision).reshape(-1, 9)
    return _curvature(theta, *rows_seen(descent, loss, device, precision), descent.architecture)


def curvature_at(
    parameters: Parameters,
    examples: Sequence[Example],
    *,
    architecture: Architecture = Architecture(),
    device: str = "cpu",
    precision: str = "float64",
) -> Curvature:
    """At one point, before any step is taken: of the mean loss over the examples."""
    x, y = place_rows(check_rows(examples, architecture), device, precision)
    theta = place([parameters.vector], device, precision)
    return _curvature(theta, x, y, x.new_full((len(x),), 1 / len(x)), architecture)


def _curvature(theta: Tensor, x: Tensor, y: Tensor, weight: Tensor, architecture: Architecture) -> Curvature:
    # Nine by nine is small for any device, and not every one finds eigenvalues: the CPU does it.
    H = as_array(hessians(theta, x, y, weight, architecture))
    bounded = np.isfinite(H).all(axis=(1, 2))
    largest = np.full(len(H), np.inf)
    largest[bounded] = np.linalg.eigvalsh(H[bounded])[:, -1]
    return Curvature(H, H.diagonal(axis1=1, axis2=2), largest)


def hessians(theta: Tensor, x: Tensor, y: Tensor, weight: Tensor, architecture: Architecture) -> Tensor:
    """θ (S, 9) and the rows each of the S points sees → H (S, 9, 9), symmetric, by differentiating twice.

    The points do not know of each other, so nine passes serve all of them: one for each row of H.
    """
    theta = theta.detach().requires_grad_()
    L = weighted_mean(trace(theta, x, y, architecture).L, weight)
    (slopes,) = torch.autograd.grad(L.sum(), theta, create_graph=True)
    rows = [torch.autograd.grad(slopes[:, i].sum(), theta, retain_graph=True)[0] for i in range(9)]
    H = torch.stack(rows, dim=1)
    return (H + H.mT) / 2  # symmetric to the last digit; eigenvalues ask for it


@overload
def critical_rate(curvature: float, optimizer: str = "sgd") -> float | None: ...
@overload
def critical_rate(curvature: np.ndarray, optimizer: str = "sgd") -> np.ndarray | None: ...
def critical_rate(curvature: float | np.ndarray, optimizer: str = "sgd") -> float | np.ndarray | None:
    """The rate at which this optimiser's steps stop coming to rest on a parabola of this curvature; of each of many.

    2/c for plain SGD, 3.8/c with momentum 0.9, about 1.36/c for Nesterov; ∞ where c ≤ 0; None for Adam and RMSprop,
    whose steps are not measured by the gradient's size. It holds with gradients cleared: left standing, they act on a
    parabola as momentum without friction, and there no rate of these three comes to rest. (On other losses a run may:
    cross-entropy falls to nothing for ever.) The limits that c divides are those of core/optimizers.py.
    Source of 2/λmax: Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, Efficient BackProp (1998), section 5.
    """
    limit = OPTIMIZERS[one_of("optimizer", optimizer, list(OPTIMIZERS))].limit
    if limit is None:
        return None
    with np.errstate(over="ignore"):  # that of a c close to 0 is ∞ as well
        rates = np.divide(limit, curvature, out=np.full(np.shape(curvature), np.inf), where=np.asarray(curvature) > 0)
    return rates if isinstance(curvature, np.ndarray) else float(rates)


class Verdict(NamedTuple):
    """What a learning rate would do on a parabola as sharp as the loss is here: theory, not what a run did.

    word      a key of VERDICTS
    factor    1 − ηc: what a step leaves of the distance to the bottom
    sentence  the same for a beginner
    """

    word: str
    factor: float
    sentence: str


# In the order of growing ηc.
VERDICTS: dict[str, str] = {
    "unbounded": "Here the loss bends upwards in no direction, so there is no bottom that theory could speak of.",
    "crawling": "On a parabola as sharp as the loss is here, each step would cover less than a hundredth of the way to "
    "the bottom.",
    "good": "On a parabola as sharp as the loss is here, each step would come closer to the bottom without stepping "
    "over it.",
    "oscillating": "On a parabola as sharp as the loss is here, each step would jump over the bottom, but land closer "
    "than it was.",
    "diverging": "On a parabola as sharp as the loss is here, each step would jump over the bottom and land no closer "
    "than it was.",
}


def verdict(learning_rate: float, curvature: float) -> Verdict:
    """Plain SGD with rate η where the curvature is c, on one axis or in the sharpest direction (λmax).

    crawling      0 < ηc < 0.01     |1 − ηc| > 0.99
    good          0.01 ≤ ηc ≤ 1     0 ≤ 1 − ηc
    oscillating   1 < ηc < 2        −1 < 1 − ηc < 0
    diverging     2 ≤ ηc            |1 − ηc| ≥ 1
    unbounded     c ≤ 0

    It speaks of the bend at this point only, and of no run. Raises ValueError for a rate out of bounds.
    """
    reach = check_learning_rate(learning_rate) * float(curvature)
    if curvature <= 0:
        word = "unbounded"
    elif reach < CRAWLING:
        word = "crawling"
    elif reach <= GOOD:
        word = "good"
    else:  # ∞, and what is no number, are among the last
        word = "oscillating" if reach < CRITICAL else "diverging"
    return Verdict(word, 1 - reach, VERDICTS[word])
