"""How long the mathematics takes, measured against the notebook's own loop in the same minute. Run by hand:

    python -m tests.benchmarks.core_timings [rounds]

A time in milliseconds belongs to one machine at one moment; a ratio travels further. The contenders of a table
take turns, so that whatever else the machine does meets all of them alike. Minimum: what it costs undisturbed.
Median: what it costs usually. The design asks: descent ≤ 1 × the notebook's loop, slices at 200 steps ≤ 60 ms.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import torch

from core import (
    OPTIMIZERS,
    Architecture,
    Example,
    backward,
    curvature,
    derivation_latex,
    derivation_text,
    derive_all,
    descend,
    descend_all,
    devices,
    dissect_all,
    exact_derive,
    forward,
    output_planes,
    precisions,
    rate_that_holds,
    slices,
    slips,
    surface,
    testify,
)
from core.device import PRECISIONS, describe, warm_up
from core.gradients import finite_differences
from tests.core.points import NOTEBOOK, random_points

STEPS, RATE = 200, 0.01


def notebooks_loop(device: str, precision: str) -> None:
    """The notebook's cells, its update and its zero_(), STEPS times over; it records nothing."""
    given = {"dtype": PRECISIONS[precision], "device": device}
    W1 = torch.tensor([[0.1, 0.2], [0.3, 0.4]], requires_grad=True, **given)
    b1 = torch.tensor([0.1, 0.2], requires_grad=True, **given)
    W2 = torch.tensor([[0.5], [0.6]], requires_grad=True, **given)
    b2 = torch.tensor([0.3], requires_grad=True, **given)
    X, y = torch.tensor([1.0, 2.0], **given), torch.tensor([0.7], **given)
    for _ in range(STEPS):
        Z1 = torch.matmul(X, W1) + b1
        a1 = torch.nn.functional.relu(Z1)
        a2 = torch.matmul(a1, W2) + b2
        loss = 0.5 * (a2 - y) ** 2
        loss.backward()
        with torch.no_grad():
            W1 -= RATE * W1.grad
            b1 -= RATE * b1.grad
            W2 -= RATE * W2.grad
            b2 -= RATE * b2.grad
            W1.grad.zero_()
            b1.grad.zero_()
            W2.grad.zero_()
            b2.grad.zero_()
    b2.tolist()  # on a GPU: wait until it is done


def take_turns(contenders: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each contender, `rounds` times each, in turn; the first round only warms up."""
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for round_number in range(rounds + 1):
        for name, run in contenders.items():
            start = time.perf_counter()
            run()
            if round_number:
                taken[name].append(1000 * (time.perf_counter() - start))
    return taken


def table(title: str, taken: dict[str, list[float]]) -> None:
    """The times, and their ratios to the first contender."""
    yardstick = next(iter(taken.values()))
    print(f"\n{title}\n{'':32}{'min ms':>10}{'median ms':>12}{'min ×':>9}{'median ×':>11}")
    for name, times in taken.items():
        least, middle = min(times), statistics.median(times)
        ratios = f"{least / min(yardstick):9.3f}{middle / statistics.median(yardstick):11.3f}"
        print(f"{name:32}{least:10.3f}{middle:12.3f}{ratios}")


def long_runs(device: str, precision: str, rounds: int) -> None:
    place = {"device": device, "precision": precision}
    descent = descend(*NOTEBOOK, learning_rate=RATE, steps=STEPS, **place)
    contenders = {
        f"the notebook's loop, {STEPS} steps": lambda: notebooks_loop(device, precision),
        f"descend, {STEPS} steps": lambda: descend(*NOTEBOOK, learning_rate=RATE, steps=STEPS, **place),
        f"slices at {STEPS} steps": lambda: slices(descent, **place),
    }
    table(f"{describe(device)}, {precision}: the descent and its slices", take_turns(contenders, rounds))


def every_optimizer(rounds: int) -> None:
    """The same start, by each optimiser, beside the notebook's loop."""
    steep = descend(*NOTEBOOK, learning_rate=10.0, steps=STEPS)
    contenders: dict[str, Callable[[], object]] = {"the notebook's loop": lambda: notebooks_loop("cpu", "float64")}
    for key in OPTIMIZERS:
        contenders[key] = lambda key=key: descend(*NOTEBOOK, learning_rate=RATE, steps=STEPS, optimizer=key)
    contenders["sgd, gradients left standing"] = lambda: descend(
        *NOTEBOOK, learning_rate=RATE, steps=STEPS, clear_gradients=False
    )
    contenders["all five, one batch"] = lambda: descend_all(
        *NOTEBOOK, learning_rate=RATE, steps=STEPS, optimizers=tuple(OPTIMIZERS)
    )
    contenders["a rate that holds, of 22"] = lambda: rate_that_holds(steep, STEPS)
    table(f"CPU, float64: {STEPS} steps by each optimiser", take_turns(contenders, rounds))


def cost_against_work(rounds: int) -> None:
    """What the descent page asks for, as the steps and the rows grow; a batch is half the rows."""
    data = [Example(example.x, index % 2) for index, (_, example) in enumerate(random_points(32, seed=1, span=1.5))]
    for steps in (50, 200, 2000):
        for rows in (1, 4, 32):
            asked = {"rows": data[:rows], "batch_size": max(1, rows // 2), "steps": steps, "learning_rate": RATE}
            descent = descend(*NOTEBOOK, **asked)
            contenders = {
                "descend": lambda asked=asked: descend(*NOTEBOOK, **asked),
                "slices of the batch": lambda descent=descent: slices(descent),
                "slices of the mean": lambda descent=descent: slices(descent, "mean"),
                "curvature": lambda descent=descent: curvature(descent),
                "dissect_all": lambda descent=descent: dissect_all(descent),
                "surface, 41 × 41": lambda descent=descent: surface(
                    NOTEBOOK[0], descent.rows, "w1_11", "w2_1", path=descent
                ),
                "output_planes, 21 of 41 × 41": lambda descent=descent: output_planes(descent),
            }
            table(f"CPU, float64: {steps} steps, {rows} rows", take_turns(contenders, 3 if steps == 2000 else rounds))


def short_runs(device: str, precision: str, rounds: int) -> None:
    place = {"device": device, "precision": precision}
    contenders = {
        "forward": lambda: forward(*NOTEBOOK, **place),
        "backward": lambda: backward(*NOTEBOOK, **place),
        "finite_differences": lambda: finite_differences(*NOTEBOOK, **place),
        "derive_all (SymPy, on the CPU)": lambda: derive_all(*NOTEBOOK),
    }
    table(f"{describe(device)}, {precision}: one answer", take_turns(contenders, 10 * rounds))


def chain_rule_page(rounds: int) -> None:
    """What the chain-rule page asks for one symbol at a slider move, for the plainest network and the most involved."""
    for network in (Architecture(), Architecture("gelu", "sigmoid", "binary_cross_entropy")):
        given, functions = (*NOTEBOOK, "w1_12"), {"architecture": network}
        gradients, worked = backward(*NOTEBOOK, **functions), exact_derive(*given, **functions)
        contenders = {
            "backward": lambda functions=functions: backward(*NOTEBOOK, **functions),
            "testify": lambda g=gradients, functions=functions: testify(*NOTEBOOK, g, **functions),
            "exact_derive": lambda given=given, functions=functions: exact_derive(*given, **functions),
            "slips": lambda given=given, functions=functions: slips(*given, **functions),
            "derivation_latex": lambda worked=worked, network=network: derivation_latex(worked, network),
            "derivation_text": lambda worked=worked, network=network: derivation_text(worked, network),
        }
        table(f"{network}: one symbol of the chain-rule page", take_turns(contenders, 10 * rounds))


FIRST_USE = """
import time
from core import Architecture, derive_all
from core.parameters import from_values
network = Architecture("gelu", "sigmoid", "binary_cross_entropy")
points = [from_values({"w1_12": k / 100}) for k in range(50)]
times = []
for point in points:
    start = time.perf_counter()
    derive_all(*point, architecture=network)
    times.append(1000 * (time.perf_counter() - start))
print(times[0], min(times[1:]))
"""


def first_use(rounds: int) -> None:
    """The first derivation in a fresh process, which SymPy works out, against later ones with a value changed."""
    taken: dict[str, list[float]] = {"derive_all, first use": [], "derive_all, a value changed": []}
    for _ in range(rounds):
        run = subprocess.run([sys.executable, "-c", FIRST_USE], capture_output=True, text=True, check=True)
        for times, value in zip(taken.values(), run.stdout.split(), strict=True):
            times.append(float(value))
    table("SymPy: worked out once, then kept", taken)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads, {rounds} rounds")
    for device in devices():
        for precision in precisions(device):
            warm_up(device, precision)
            long_runs(device, precision, rounds)
            short_runs(device, precision, rounds)
    every_optimizer(rounds)
    cost_against_work(rounds)
    chain_rule_page(rounds)
    first_use(min(rounds, 5))


if __name__ == "__main__":
    main()
