"""core/device.py: which devices there are, and that each of them gives the same answers as the CPU."""

from dataclasses import fields

import numpy as np
import pytest
import torch

from core import (
    ACTIVATIONS,
    LOSSES,
    Architecture,
    Example,
    backpropagate,
    backward,
    derive_all,
    descend,
    devices,
    forward,
    precisions,
    predicted_and_actual,
    profile,
    slices,
)
from core.curvature import curvature, curvature_at
from core.descent import WHICH_LOSS
from core.device import PRECISIONS, check_device, check_precision, describe, place, read, warm_up
from core.dissect import dissect_all
from core.equations import solve_forward
from core.functions import OUTPUT_ACTIVATIONS
from core.gradients import finite_differences
from core.kinks import kinks
from core.optimizers import OPTIMIZERS
from core.parameters import to_values
from core.plane import output_planes, surface
from tests.core.points import NOTEBOOK, Point, a_few, architecture_id, architectures, random_points, sentence_of

PLACES = [(device, precision) for device in devices() for precision in precisions(device)]
OTHER_PLACES = [place for place in PLACES if place != ("cpu", "float64")]
HERE = ", ".join(devices())

NETWORKS = a_few()

# How far a place may stray from float64 on the CPU, relative to the largest number of its kind, or to 1.
ALLOWED = {"float64": 1e-10, "float32": 2e-4}
ALLOWED_DIFFERENCE = {"float64": 1e-6, "float32": 3e-2}  # the loss is rounded, and then divided by 2ε


def everything(point: Point, architecture: Architecture, device: str, precision: str) -> dict[str, np.ndarray]:
    """Every number that core computes on a device, by a name."""
    place = {"device": device, "precision": precision}
    parameters, example = point
    network = {"architecture": architecture, **place}
    here = forward(*point, **network)
    rows = [example, Example([0.5, -1.0], 0.25), Example([-2.0, 1.5], 0.75)]
    found = {f"forward {name}": getattr(here, name) for name in here._fields}
    gradients, deltas = backpropagate(*point, architecture, **place)
    found |= {
        "gradients": gradients.vector,
        **{f"delta {one.name}": getattr(deltas, one.name) for one in fields(deltas)},
    }
    found |= {"finite differences": finite_differences(*point, **network).vector}
    found |= {
        f"step {key}": tuple(predicted_and_actual(*point, key, 0.01, slope=gradients[key], **network))
        for key in ("w1_12", "b2")
    }
    # The path itself comes from one place, so that what is read off it is compared at the same points.
    for optimizer in OPTIMIZERS:
        path = descend(*point, optimizer=optimizer, rows=rows, batch_size=2, steps=12, learning_rate=0.01, **network)
        columns = ("theta", "gradient", "loss", "output", "mean_loss", "used", "update")
        found |= {f"{optimizer} {column}": getattr(path, column) for column in columns}
        found |= {f"{optimizer} {letter}": memory for letter, memory in path.state.items()}
    path = descend(*point, rows=rows, batch_size=2, steps=8, learning_rate=0.01, architecture=architecture)
    for loss in WHICH_LOSS:
        for result in (slices(path, loss, **place), curvature(path, loss, **place)):
            columns = [each.name for each in fields(result)]
            found |= {f"{type(result).__name__} {column}, {loss}": getattr(result, column) for column in columns}
        found[f"kinks, {loss}"] = kinks(path, loss, **place)
    steps = dissect_all(path, **place)
    found |= {f"dissected {name}": column for name, column in steps._asdict().items()}
    found["hessian"] = curvature_at(parameters, rows, **network).hessian
    found["surface"] = surface(parameters, rows, "w1_11", "w2_2", points=9, **network).loss
    found["plane"] = output_planes(path, points=9, **place).output
    found["profile"] = profile(*point, "w1_12", (-3.0, 3.0), **network).loss
    return {name: np.asarray(values, dtype=float) for name, values in found.items()}


def apart(there: dict[str, np.ndarray], here: dict[str, np.ndarray], precision: str) -> list[str]:
    """What is not the same at both places: other shapes, a NaN or ∞ at one of them alone, or numbers too far apart."""
    found = [name for name in there.keys() | here.keys() if name not in there or name not in here]
    for name in there.keys() & here.keys():
        a, b = there[name], here[name]
        allowed = (ALLOWED_DIFFERENCE if name == "finite differences" else ALLOWED)[precision]
        finite = np.isfinite(b)
        scale = max(1.0, np.abs(b[finite]).max(initial=0.0))
        if (
            a.shape != b.shape
            or not np.array_equal(a[~finite], b[~finite], equal_nan=True)
            or not (np.abs(a[finite] - b[finite]) <= allowed * scale).all()  # a NaN is not ≤ anything
        ):
            found.append(name)
    return sorted(found)


def some_points(architecture: Architecture) -> list[Point]:
    return [NOTEBOOK, *random_points(2, seed=5, span=1.5, architecture=architecture)]


@pytest.mark.parametrize(("device", "precision"), OTHER_PLACES)
@pytest.mark.parametrize("architecture", NETWORKS, ids=architecture_id)
def test_every_place_gives_the_numbers_of_float64_on_the_cpu(device, precision, architecture):
    for point in some_points(architecture):
        there, here = (everything(point, architecture, *place) for place in ((device, precision), ("cpu", "float64")))
        assert apart(there, here, precision) == [], point


@pytest.mark.parametrize(("device", "precision"), PLACES)
@pytest.mark.parametrize("architecture", architectures(), ids=architecture_id)
def test_every_place_gives_the_pass_and_the_gradients_that_sympy_gives(device, precision, architecture):
    for point in some_points(architecture):
        known, slopes = solve_forward(architecture, to_values(*point)), derive_all(*point, architecture=architecture)
        place = {"architecture": architecture, "device": device, "precision": precision}
        trace, gradients = forward(*point, **place), backward(*point, **place)
        there = {"forward": np.array([*trace.z1, *trace.h, trace.z2, trace.o, trace.L]), "g": gradients.vector}
        names = ("z1_1", "z1_2", "h_1", "h_2", "z2", "o", "L")
        here = {"forward": np.array([known[name] for name in names]), "g": slopes.vector}
        there, here = ({name: np.asarray(value) for name, value in each.items()} for each in (there, here))
        assert apart(there, here, precision) == [], point


def test_the_comparison_meets_every_activation_output_and_loss():
    assert [network.activation for network in NETWORKS] == list(ACTIVATIONS)
    assert {network.output for network in NETWORKS} == set(OUTPUT_ACTIVATIONS)
    assert {network.loss for network in NETWORKS} == set(LOSSES)


@pytest.mark.parametrize("slip", ["a NaN", "an infinity", "one number off", "a row too few"])
@pytest.mark.parametrize("precision", ALLOWED)
def test_whatever_goes_wrong_with_one_number_is_seen(slip, precision):
    sound = {name: np.array(values, ndmin=1) for name, values in everything(NOTEBOOK, NETWORKS[0], *PLACES[0]).items()}
    assert apart(sound, sound, precision) == []
    for name, values in sound.items():
        planted = values.copy()
        place = next(iter(np.flatnonzero(np.isfinite(values))), 0)
        if slip == "a row too few":
            planted = planted[:-1]
        else:
            wrong = {"a NaN": np.nan, "an infinity": -np.inf, "one number off": 1.5 * values.flat[place] + 1.0}
            planted.flat[place] = wrong[slip]
        if not np.array_equal(planted, values, equal_nan=True):
            assert apart({**sound, name: planted}, sound, precision) == [name]
    assert apart({}, sound, precision) == sorted(sound)


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
