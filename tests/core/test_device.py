"""core/device.py: which devices there are, and that each of them gives the same answers as the CPU."""

import pytest
import torch

from core import backward, descend, devices, finite_differences, forward, precisions, slices
from core.device import PRECISIONS, check_device, check_precision, describe, place, read, warm_up
from tests.core.points import NOTEBOOK, architectures, random_points, sentence_of

PLACES = [(device, precision) for device in devices() for precision in precisions(device)]
HERE = ", ".join(devices())

# How far a device may stray from float64 on the CPU, relative to the larger of a value and 1.
FORWARD = {"float64": 1e-12, "float32": 1e-5}
BACKWARD = {"float64": 1e-11, "float32": 1e-4}
DIFFERENCES = {"float64": 1e-6, "float32": 3e-2}  # the loss is rounded, and then divided by 2ε


def flat(nested) -> list[float]:
    return [number for entry in nested for number in flat(entry)] if isinstance(nested, tuple) else [nested]


def strays(values, expected) -> float:
    """The largest distance between two nested tuples, relative to the larger of the expected size and 1."""
    return max(abs(a - b) / max(abs(b), 1.0) for a, b in zip(flat(values), flat(expected), strict=True))


@pytest.mark.parametrize(("device", "precision"), PLACES)
@pytest.mark.parametrize("architecture", architectures()[:4], ids=str)
def test_every_device_and_precision_agrees_with_float64_on_the_cpu(device, precision, architecture):
    there = {"architecture": architecture, "device": device, "precision": precision}
    for point in (NOTEBOOK, *random_points(50, seed=5, architecture=architecture)):
        here = forward(*point, architecture=architecture)
        assert strays(tuple(forward(*point, **there)), tuple(here)) < FORWARD[precision]
        scale = max(1.0, here.L)
        exact = backward(*point, architecture=architecture).vector
        assert strays(backward(*point, **there).vector, exact) < BACKWARD[precision] * scale
        assert strays(finite_differences(*point, **there).vector, exact) < DIFFERENCES[precision] * scale


@pytest.mark.parametrize(("device", "precision"), PLACES)
def test_every_device_and_precision_walks_the_same_road(device, precision):
    here = descend(*NOTEBOOK, learning_rate=0.02, steps=100)
    there = descend(*NOTEBOOK, learning_rate=0.02, steps=100, device=device, precision=precision)
    assert there.diverged_at is None
    for column in ("theta", "gradient", "loss", "output"):
        assert strays(getattr(there, column), getattr(here, column)) < FORWARD[precision]
    curves_here, curves_there = slices(here), slices(there, device=device, precision=precision)
    assert abs(curves_here.loss - curves_there.loss).max() < 1e-5
    assert abs(curves_here.grid - curves_there.grid).max() < 1e-5


@pytest.mark.parametrize(("device", "precision"), PLACES)
def test_what_is_placed_on_a_device_comes_back_as_plain_floats(device, precision):
    tensor = place([[0.5, -0.25], [1.0, 2.0]], device, precision)
    assert tensor.dtype == PRECISIONS[precision]
    assert read(tensor) == ((0.5, -0.25), (1.0, 2.0))
    assert isinstance(read(tensor)[0][0], float)
    assert read(tensor[0, 1].requires_grad_()) == -0.25
    warm_up(device, precision)


def test_float32_rounds_and_float64_does_not():
    assert read(place(0.1, "cpu", "float64")) == 0.1
    assert read(place(0.1, "cpu", "float32")) == 0.10000000149011612


def test_the_cpu_is_always_there_and_comes_first():
    assert devices()[0] == "cpu"
    assert check_device("cpu") == "cpu"
    assert precisions("cpu") == ("float64", "float32")
    assert describe("cpu") == "CPU"


@pytest.fixture
def crowded_machine(monkeypatch):
    """As if this machine had two NVIDIA cards and an Apple GPU."""
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    monkeypatch.setattr(torch.xpu, "is_available", lambda: False)
    found = devices.__wrapped__()
    monkeypatch.setattr("core.device.devices", lambda: found)
    return found


def test_every_accelerator_is_listed_after_the_cpu(crowded_machine):
    assert crowded_machine == ("cpu", "cuda:0", "cuda:1", "mps")


def test_cuda_without_a_number_means_the_first_card(crowded_machine):
    assert check_device("cuda") == "cuda:0"
    assert check_device("cuda:1") == "cuda:1"


def test_apples_gpu_offers_float32_only(crowded_machine):
    assert precisions("mps") == ("float32",)
    assert check_precision("float32", "mps") == "float32"
    sentence = sentence_of(lambda: check_precision("float64", "mps"))
    assert sentence == "precision 'float64' is not offered by device 'mps'; choose: float32"


def test_a_card_is_described_by_its_own_name(crowded_machine, monkeypatch):
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: f"Card of {device}")
    assert describe("cuda:1") == "GPU Card of cuda:1 (cuda:1)"
    assert describe("mps") == "Apple GPU (mps)"


BAD_PLACES = {
    "a card too many": ({"device": "cuda:99"}, f"device 'cuda:99' is not on this machine; it has: {HERE}"),
    "no such thing": ({"device": "abacus"}, f"device 'abacus' is not on this machine; it has: {HERE}"),
    "nothing": ({"device": None}, f"device None is not on this machine; it has: {HERE}"),
    "a list": ({"device": ["cpu"]}, f"device ['cpu'] is not on this machine; it has: {HERE}"),
    "a number": ({"device": 0}, f"device 0 is not on this machine; it has: {HERE}"),
    "an empty text": ({"device": ""}, f"device '' is not on this machine; it has: {HERE}"),
    "a long text": (
        {"device": "x" * 100},
        f"device 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… is not on this machine; it has: {HERE}",
    ),
    "half precision": (
        {"precision": "float16"},
        "precision 'float16' is not known; choose one of: float64, float32; did you mean 'float64'?",
    ),
    "a precision by number": ({"precision": 64}, "precision 64 is not known; choose one of: float64, float32"),
    "a precision of torch": (
        {"precision": torch.float64},
        "precision torch.float64 is not known; choose one of: float64, float32",
    ),
    "no precision": ({"precision": None}, "precision None is not known; choose one of: float64, float32"),
}


@pytest.mark.parametrize("function", [forward, backward, finite_differences, descend])
@pytest.mark.parametrize("case", BAD_PLACES)
def test_a_place_that_is_not_there_is_refused_with_a_sentence(case, function):
    where, sentence = BAD_PLACES[case]
    assert sentence_of(lambda: function(*NOTEBOOK, **where)) == sentence
