"""Export: this very network as a Jupyter notebook and as a Python script, in plain PyTorch.

Both are one list of cells, written down in two ways. They import torch and nothing else, and print the numbers of the
screen, each with all its digits. The path of a descent goes out as CSV.
"""

import csv
import io
import json
from collections.abc import Sequence
from typing import NamedTuple

from core.chain_rule import Factor, Route, routes
from core.descent import Descent
from core.equations import KEYS, activation_of
from core.functions import ACTIVATIONS, LOSSES
from core.names import ADJUSTABLE, NAMES, PARAMETERS
from core.optimizers import ALPHA, BETA_1, BETA_2, EPSILON, OPTIMIZERS
from core.parameters import Architecture
from core.settings import Settings
from core.spelled import helpers, of_tensor, spelled

MOST_LINES = 20  # steps that an exported descent prints, besides its last
LONG = 60  # characters


class Cell(NamedTuple):
    """A heading with a word or two about what comes, in Markdown, and the code."""

    words: str
    code: str


def script(settings: Settings) -> str:
    """The network as a Python script, to run with `python this_file.py`."""
    blocks = []
    for words, code in cells(settings):
        comment = "\n".join(f"# {line}".rstrip() for line in _without_marks(words).splitlines())
        blocks.append(f"{comment}\n\n{code}")
    return "\n\n\n".join(blocks) + "\n"


def notebook(settings: Settings) -> str:
    """The network as a Jupyter notebook (nbformat 4.5), not yet run."""
    written: list[dict[str, object]] = []
    for number, (words, code) in enumerate(cells(settings), start=1):
        said: dict[str, object] = {
            "cell_type": "markdown",
            "id": f"words-{number}",
            "metadata": {},
            "source": _lines(words),
        }
        run: dict[str, object] = {"cell_type": "code", "id": f"code-{number}", "metadata": {}, "execution_count": None}
        written += [said, run | {"outputs": [], "source": _lines(code)}]
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    book = {"cells": written, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, ensure_ascii=False, indent=1) + "\n"


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _without_marks(markdown: str) -> str:
    return markdown.replace("## ", "").replace("# ", "").replace("`", "")


def cells(settings: Settings) -> tuple[Cell, ...]:
    """Everything, part by part."""
    return tuple(part(settings) for part in (_network, _forward, _backward, _by_hand, _descent))


# ── the parts ───────────────────────────────────────────────────────────────────────────────────────────────────


def _network(settings: Settings) -> Cell:
    network = settings.architecture
    f, g, loss = ACTIVATIONS[network.activation], ACTIVATIONS[network.output], LOSSES[network.loss]
    words = (
        "# Backprop by Hand\n\n"
        "A network with two inputs, two hidden units and one output, in plain PyTorch.\n"
        f"Hidden units: {f.name}. Output: {g.name}. Loss: {loss.name}. Precision: {settings.precision}.\n\n"
        "    z1 = x W1 + b1    h = f(z1)    z2 = h W2 + b2    o = g(z2)    L = loss(o, y)\n\n"
        "## The network"
    )
    code = f"""\
import torch

torch.set_default_dtype(torch.{settings.precision})

# W1[i, j] runs from input i to hidden unit j: a row vector times a matrix.
{_parameters(settings)}

# One example: a row of inputs, and the output we would like.
x = torch.tensor([{list(settings.example.x)!r}], requires_grad=True)
y = torch.tensor([[{settings.example.y!r}]])


def network(x, y):
    \"\"\"The forward pass, for any number of rows.\"\"\"
    z1 = x @ W1 + b1
    h = {of_tensor(f, "z1")}
    z2 = h @ W2 + b2
    o = {of_tensor(g, "z2")}
    L = {loss.code or spelled(loss.sympy, loss.source, "y", tensors=True)}
    return z1, h, z2, o, L"""
    return Cell(words, code)


def _parameters(settings: Settings) -> str:
    theta = settings.parameters
    tensors: dict[str, Sequence[object]] = {"W1": theta.W1, "b1": theta.b1, "W2": theta.W2, "b2": theta.b2}
    return "\n".join(f"{name} = torch.tensor({_listed(entry)}, requires_grad=True)" for name, entry in tensors.items())


def _listed(entry: Sequence[object]) -> str:
    """Numbers as the notebook writes them, [[0.1, 0.2], [0.3, 0.4]]; a row a line where they are long."""
    rows = [repr(list(row) if isinstance(row, tuple) else row) for row in entry]
    line = f"[{', '.join(rows)}]"
    return line if len(line) <= LONG else "[\n" + "".join(f"    {row},\n" for row in rows) + "]"


def _forward(settings: Settings) -> Cell:
    code = """\
z1, h, z2, o, L = network(x, y)
print("z1 =", z1[0].tolist())
print("h =", h[0].tolist())
print("z2 =", z2.item())
print("o =", o.item())
print("L =", L.item())"""
    return Cell("## The forward pass", code)


def _backward(settings: Settings) -> Cell:
    code = """\
L.backward()  # autograd works out every gradient at once
print("dL/dW1 =", W1.grad.tolist())
print("dL/db1 =", b1.grad.tolist())
print("dL/dW2 =", W2.grad.tolist())
print("dL/db2 =", b2.grad.tolist())
print("dL/dx =", x.grad[0].tolist())"""
    return Cell("## The backward pass", code)


def _by_hand(settings: Settings) -> Cell:
    """The forward pass in plain numbers, then the chain rule for one symbol, factor by factor."""
    key, network = settings.parameter, settings.architecture
    walks = routes(network, key)
    f, g = ACTIVATIONS[network.activation].sympy, ACTIVATIONS[network.output].sympy
    loss = LOSSES[network.loss]
    given = [f"{key}={value!r}," for key, value in settings.values.items()]
    arguments = "\n".join(f"    {' '.join(given[start:end])}" for start, end in ((0, 4), (4, 6), (6, 9), (9, 12)))
    lines = [
        "z1_1 = x_1 * w1_11 + x_2 * w1_21 + b1_1",
        "z1_2 = x_1 * w1_12 + x_2 * w1_22 + b1_2",
        f"h_1 = {spelled(f, 'z1_1')}",
        f"h_2 = {spelled(f, 'z1_2')}",
        "z2 = h_1 * w2_1 + h_2 * w2_2 + b2",
        f"o = {spelled(g, 'z2')}",
        f"L = {spelled(loss.sympy, loss.source, 'y')}",
        'print("by hand: o =", o)',
        'print("by hand: L =", L)',
        "",
        "# Each factor is the derivative of one equation alone.",
        *_factor_lines(walks, network),
        "",
        *_product_lines(walks, key),
    ]
    body = "\n".join(f"    {line}".rstrip() for line in lines)
    code = (
        f"{helpers(body)}def by_hand({', '.join(name.key for name in ADJUSTABLE)}):\n{body}\n\n\n"
        f"by_hand(\n{arguments}\n)\n"
        f'print("by autograd: dL/d{key} =", {_autograd(key)})'
    )
    together = (
        "Along each route the factors multiply, and the two routes add up." if walks[1:] else "The factors multiply."
    )
    words = (
        f"## The chain rule by hand, for {key}\n\n"
        f"`{key}`: {NAMES[key].meaning}. {together}\nPlain Python numbers, in double precision: no autograd."
    )
    return Cell(words, code)


def _factor_lines(walks: tuple[Route, ...], architecture: Architecture) -> list[str]:
    lines: list[str] = []
    for factor in dict.fromkeys(factor for route in walks for factor in route):  # routes share their beginnings
        lines.append(f"{_name(factor)} = {_slope(factor, architecture)}")
        lines.append(f'print("d{factor.above}/d{factor.below} =", {_name(factor)})')
    return lines


def _product_lines(walks: tuple[Route, ...], key: str) -> list[str]:
    products = [" * ".join(_name(factor) for factor in route) for route in walks]
    if len(walks) == 1:
        lines = [f"dL_d{key} = {products[0]}"]
    else:
        lines = [f"route_{number} = {product}" for number, product in enumerate(products, start=1)]
        lines.append(f"dL_d{key} = {' + '.join(f'route_{number}' for number in range(1, len(walks) + 1))}")
    return [*lines, f'print("by hand: dL/d{key} =", dL_d{key})']


def _name(factor: Factor) -> str:
    return f"d{factor.above}_d{factor.below}"


def _slope(factor: Factor, architecture: Architecture) -> str:
    """The code of ∂above/∂below: the slope of a function, or what the symbol is multiplied by in a sum."""
    if factor.above == "L":
        loss = LOSSES[architecture.loss]
        return spelled(loss.cancellation.left, "o", "y") if loss.cancellation else spelled(loss.derivative, "o", "y")
    if function := activation_of(factor.above, architecture):
        return spelled(
            function.slope_of_a or function.derivative, factor.above if function.slope_of_a else factor.below
        )
    return KEYS.get(factor.derivative, "1.0")  # a bias is multiplied by nothing


def _autograd(key: str) -> str:
    """Where autograd has put ∂L/∂key: W1.grad[0, 1].item()."""
    tensor, _, index = NAMES[key].code.partition("[")
    place = f"0, {index}" if tensor == "x" else index.replace(",", ", ")
    return f"{tensor}.grad[{place}.item()"


def _descent(settings: Settings) -> Cell:
    rows = settings.chosen_rows
    xs = ",\n".join(f"    {list(row.x)!r}" for row in rows or [settings.example])
    ys = ",\n".join(f"    [{row.y!r}]" for row in rows or [settings.example])
    clear = (
        "optimizer.zero_grad()" if settings.zero_grad else "# No zero_grad() here: each gradient adds to all before."
    )
    draw, seen, mean, told, which = "", "rows_x, rows_y", "", "", ""
    if settings.batch_size:
        draw = "\n    batch = next(batches)"
        seen = "rows_x[batch], rows_y[batch]"
        mean = "\n        mean_loss = network(rows_x, rows_y)[-1].mean()"
        told = ', "rows", batch, "mean loss", mean_loss.item()'
        which = "\nEach step draws some of the rows and goes by their mean loss."
    elif rows:
        which = "\nEach step goes by the mean loss of all rows."
    code = f"""\
# From the start, however often this part is run.
{_parameters(settings)}
parameters = [W1, b1, W2, b2]
optimizer = {_optimizer(settings)}

rows_x = torch.tensor([
{xs},
])
rows_y = torch.tensor([
{ys},
])
{_batches(settings)}
steps = {settings.steps}
print_every = {max(1, -(-settings.steps // MOST_LINES))}
theta = []  # the parameters at the latest step
for step in range(steps + 1):{draw}
    {clear}
    L = network({seen})[-1].mean()
    L.backward()
    with torch.no_grad():
        output = network(x, y)[3]  # for the example above{mean}

    numbers = [L, output, *parameters, *(parameter.grad for parameter in parameters)]
    if not all(torch.isfinite(number).all() for number in numbers):
        print("step", step, "is no longer finite")
        break

    theta = [parameter.tolist() for parameter in parameters]
    if step % print_every == 0 or step == steps:
        print("step", step, "loss", L.item(), "output", output.item(){told})
    if step < steps:
        optimizer.step()

for name, values in zip(("W1", "b1", "W2", "b2"), theta):
    print("at the end:", name, "=", values)"""
    return Cell(f"## The descent\n\n{OPTIMIZERS[settings.optimizer].sentence}{which}", code)


def _optimizer(settings: Settings) -> str:
    """As its row has it, with the constants that are torch's own said aloud."""
    said = {"adam": f", betas=({BETA_1}, {BETA_2}), eps={EPSILON}", "rmsprop": f", alpha={ALPHA}, eps={EPSILON}"}
    rate = f"lr={settings.learning_rate!r}{said.get(settings.optimizer, '')}"
    return OPTIMIZERS[settings.optimizer].code.replace("lr=η", rate)


def _batches(settings: Settings) -> str:
    if not settings.batch_size:
        return ""
    return f"""

def draw_batches(size, seed):
    \"\"\"Every epoch shuffles the rows anew and cuts them into batches; the last may be shorter.\"\"\"
    dice = torch.Generator().manual_seed(seed)
    while True:
        shuffled = torch.randperm(len(rows_x), generator=dice).tolist()
        for start in range(0, len(shuffled), size):
            yield sorted(shuffled[start : start + size])


batches = draw_batches(size={settings.batch_size}, seed={settings.seed})
"""


# ── the path as a table ─────────────────────────────────────────────────────────────────────────────────────────


def descent_csv(descent: Descent) -> str:
    """The path as CSV: one line a step, every number with all its digits.

    step, the nine parameters by key, their gradients as dL/dkey, the loss of the batch drawn, the mean loss over all
    rows, and the output for the example.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    keys = [name.key for name in PARAMETERS]
    table.writerow(["step", *keys, *(f"dL/d{key}" for key in keys), "loss", "mean_loss", "output"])
    mean_loss = descent.mean_loss.tolist()
    columns = zip(descent.theta, descent.gradient, descent.loss, mean_loss, descent.output, strict=True)
    for step, (theta, gradient, *numbers) in enumerate(columns):
        table.writerow([step, *map(repr, (*theta, *gradient, *numbers))])
    return text.getvalue()
