"""A small data set, and which of its rows each step sees.

Within an epoch every row is drawn once: the rows are shuffled and cut into batches, the last of them shorter where the
size does not divide. Each epoch shuffles anew, from a random seed, always on the CPU: every device draws the same rows.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from core.device import place
from core.functions import check_target
from core.names import shorten, whole
from core.parameters import Architecture, Example

MOST_ROWS = 32
MOST_SEED = 2**31 - 1

Batches = tuple[tuple[int, ...], ...]


def draw(rows: int, size: int, steps: int, seed: int) -> Batches:
    """`steps` batches of row numbers (from 0), each in ascending order: in a batch the order says nothing.

    A longer list begins as a shorter one does. Batches of all the rows leave nothing to draw.
    """
    if size == rows:
        return (tuple(range(rows)),) * steps
    generator = torch.Generator().manual_seed(seed)
    batches: list[tuple[int, ...]] = []
    while len(batches) < steps:
        shuffled = torch.randperm(rows, generator=generator).tolist()
        batches += [tuple(sorted(shuffled[start : start + size])) for start in range(0, rows, size)]
    return tuple(batches[:steps])


def place_rows(rows: Sequence[Example], device: str, precision: str) -> tuple[Tensor, Tensor]:
    """x (N, 2) and y (N, 1): one example a row, as core.network's equations take them."""
    return place([row.x for row in rows], device, precision), place([[row.y] for row in rows], device, precision)


def deal_padded(x: Tensor, y: Tensor, batches: Batches) -> tuple[Tensor, Tensor, Tensor]:
    """All steps at once: x (S, B, 2), y (S, B, 1) and the weight (S, B) of each row in its batch's mean.

    A short batch repeats its first row, with weight 0. Where all steps see all rows, x, y and the weight have no S.
    """
    size = max(map(len, batches), default=len(x))
    if size == len(x):
        return x, y, x.new_full((size,), 1 / size)
    index = torch.tensor([batch + batch[:1] * (size - len(batch)) for batch in batches])
    counts = torch.tensor([[len(batch)] for batch in batches])
    index, counts = index.to(x.device), counts.to(x.device)
    weight = (torch.arange(size, device=x.device) < counts).to(x.dtype) / counts
    return x[index], y[index], weight


def weighted_mean(L: Tensor, weight: Tensor) -> Tensor:
    """The mean loss of a batch: L (…, B, 1) and the weights of its rows (…, B) → (…)."""
    return L[..., 0, 0] if L.shape[-2] == 1 else (L[..., 0] * weight).sum(dim=-1)


def check_rows(rows: object, architecture: Architecture) -> tuple[Example, ...]:
    """The rows as a tuple; ValueError if there are none or too many, or the loss cannot take a target."""
    if not isinstance(rows, list | tuple) or not all(isinstance(row, Example) for row in rows):
        raise ValueError(f"rows must be a list of examples, not {shorten(rows)}; make them by Example(x=[1, 2], y=0.7)")
    if not 1 <= len(rows) <= MOST_ROWS:
        raise ValueError(f"{len(rows)} rows are not possible; give 1 to {MOST_ROWS}")
    for number, row in enumerate(rows, start=1):
        try:
            check_target(architecture.loss, row.y)
        except ValueError as error:
            raise ValueError(f"row {number}: {error}") from None
    return tuple(rows)


def check_batch_size(value: object, rows: int) -> int:
    """The batch size as an int, None meaning all rows; ValueError outside 1 to the number of rows."""
    if value is None:
        return rows
    return whole("batch_size", value, 1, rows, ", the number of rows")


def check_seed(value: object) -> int:
    """The random seed of the draw as an int; ValueError outside 0 to 2³¹ − 1."""
    return whole("seed", value, 0, MOST_SEED)
