"""Which devices and precisions this machine has, and the one place where tensors go there and come back."""

from functools import cache
from typing import Any

import torch
from torch import Tensor

from core.names import one_of, shorten

PRECISIONS: dict[str, torch.dtype] = {"float64": torch.float64, "float32": torch.float32}


@cache
def devices() -> tuple[str, ...]:
    """The devices torch can use here: "cpu" first, then every accelerator ("cuda:0", "mps", "xpu:0")."""
    found = ["cpu"]
    found += [f"cuda:{i}" for i in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        found.append("mps")
    if hasattr(torch, "xpu") and torch.xpu.is_available():
        found += [f"xpu:{i}" for i in range(torch.xpu.device_count())]
    return tuple(found)


def precisions(device: str) -> tuple[str, ...]:
    """The precisions a device offers. Apple's mps has no float64."""
    return ("float32",) if device.startswith("mps") else tuple(PRECISIONS)


def describe(device: str) -> str:
    """A device in words a person knows: "CPU", or the card's own name."""
    if device.startswith("cuda"):
        return f"GPU {torch.cuda.get_device_name(device)} ({device})"
    if device.startswith("xpu"):
        return f"GPU {torch.xpu.get_device_name(device)} ({device})"
    return "Apple GPU (mps)" if device == "mps" else "CPU"


def check_device(device: object) -> str:
    """The device's full name; ValueError if this machine does not have it. "cuda" means its first card."""
    if isinstance(device, str) and f"{device}:0" in devices():
        return f"{device}:0"
    if device not in devices():
        raise ValueError(f"device {shorten(device)} is not on this machine; it has: {', '.join(devices())}")
    return str(device)


def check_precision(precision: object, device: str) -> str:
    """The precision; ValueError if it is unknown or the device does not offer it."""
    one_of("precision", precision, list(PRECISIONS))
    if precision not in precisions(device):
        raise ValueError(
            f"precision {precision!r} is not offered by device {device!r}; choose: {', '.join(precisions(device))}"
        )
    return str(precision)


def place(values: Any, device: str, precision: str) -> Tensor:
    """Nested floats → a tensor on that device in that precision."""
    device = check_device(device)
    return torch.tensor(values, dtype=PRECISIONS[check_precision(precision, device)], device=device)


def read(tensor: Tensor) -> Any:
    """A tensor → a float or nested tuples of floats, whatever device it lives on."""
    return _frozen(tensor.detach().tolist())


def _frozen(nested: Any) -> Any:
    return tuple(_frozen(entry) for entry in nested) if isinstance(nested, list) else nested


def warm_up(device: str, precision: str) -> None:
    """A first small product on a device, so that its libraries are loaded before a slider asks for an answer."""
    square = place([[1.0, 2.0], [3.0, 4.0]], device, precision).requires_grad_()
    torch.autograd.grad(torch.relu(square @ square).sum(), square)
