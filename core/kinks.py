"""Where the loss has a corner along each parameter's axis: where a hidden unit's pre-activation meets its kink.

    z1_j = k   at   w1_ij − (z1_j − k) / x_i   and at   b1_j − (z1_j − k)

W2 and b2 come after the hidden units, so no corner lies on their axes.
"""

import numpy as np
import torch

from core.descent import Descent, as_array, rows_seen
from core.device import place
from core.functions import ACTIVATIONS
from core.network import trace

FAR = 1e6


def kinks(descent: Descent, loss: str = "batch", *, device: str = "cpu", precision: str = "float64") -> np.ndarray:
    """(S, 9, M): at each step, the values of each parameter at which the loss has a corner; NaN where there is none.

    M is one for each row that counts and each kink of the activation; the order means nothing. The other eight
    parameters are held at that step's values, as in core/slices.py.
    """
    theta = place(descent.theta, device, precision).reshape(-1, 9)  # (S, 9)
    places = ACTIVATIONS[descent.architecture.activation].kinks
    x, y, weight = rows_seen(descent, loss, device, precision)
    with torch.no_grad():
        z1 = trace(theta, x, y, descent.architecture).z1  # (S, B, 2)
    x = x.expand(*z1.shape[:-1], 2)
    found = theta.new_full((*z1.shape[:-1], len(places), 9), torch.nan)  # (S, B, K, 9)
    counts = (weight > 0).expand(z1.shape[:-1])[
        ..., None, None
    ]  # a short batch is filled up with rows that do not count
    for at, kink in enumerate(places):
        far = z1 - kink  # (S, B, 2): how far each unit is from its kink
        steps = torch.cat([far / x[..., :1], far / x[..., 1:], far], dim=-1)  # w1_11 w1_12, w1_21 w1_22, b1_1 b1_2
        found[..., at, :6] = theta[:, None, :6] - steps
    near = found.abs() < FAR  # an input of 0 never meets the kink, one close to 0 nowhere that anyone looks
    found = torch.where(counts & near, found, torch.nan)
    return as_array(found.flatten(1, 2).transpose(1, 2))
