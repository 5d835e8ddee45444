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
from core.equations import KEYS
from core.functions import ACTIVATIONS, LOSSES
from core.names import ADJUSTABLE, NAMES, PARAMETERS
from core.optimizers import ALPHA, BETA_1, BETA_2, EPSILON, MOMENTUM, OPTIMIZERS
from core.parameters import Architecture
from core.settings import Settings

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
        written.append({"cell_type": "markdown", "id": f"words-{number}", "metadata": {}, "source": _lines(words)})
        written.append(
            {
                "cell_type": "code",
                "id": f"code-{number}",
                "metadata": {},
                "execution_count": None,
                "outputs": [],
                "source": _lines(code),
            }
        )
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
    return (
        _network(settings),
        _forward(settings),
        _backward(settings),
        _by_hand(settings),
        _descent(settings),
    )


# ── the functions, as plain PyTorch and as plain arithmetic ─────────────────────────────────────────────────────


class Spelled(NamedTuple):
    """A function as code: of a tensor, of one number, and its slope there, with gaps {z} and {a} = f(z)."""

    tensor: str
    number: str
    slope: str


_ACTIVATIONS: dict[str, Spelled] = {
    "relu": Spelled("torch.relu({z})", "max(0.0, {z})", "1.0 if {z} > 0 else 0.0"),
    "leaky_relu": Spelled(
        "torch.nn.functional.leaky_relu({z}, 0.01)",
        "{z} if {z} > 0 else {z} / 100",
        "1.0 if {z} > 0 else 0.01",
    ),
    "sigmoid": Spelled("torch.sigmoid({z})", "sigmoid({z})", "{a} * (1 - {a})"),
    "tanh": Spelled("torch.tanh({z})", "tanh({z})", "1 - {a} ** 2"),
    # torch's own threshold of 20 would drop digits that float64 still has
    "softplus": Spelled("torch.nn.functional.softplus({z}, threshold=40)", "softplus({z})", "sigmoid({z})"),
    "gelu": Spelled("torch.nn.functional.gelu({z})", "{z} * Phi({z})", "Phi({z}) + {z} * phi({z})"),
    "identity": Spelled("{z}", "{z}", "1.0"),
}

# L of a tensor, of numbers, and its slope at what it is computed from.
_LOSSES: dict[str, Spelled] = {
    "half_squared_error": Spelled("0.5 * (o - y) ** 2", "0.5 * (o - y) ** 2", "o - y"),
    "squared_error": Spelled("(o - y) ** 2", "(o - y) ** 2", "2 * (o - y)"),
    "binary_cross_entropy": Spelled(
        'torch.nn.functional.binary_cross_entropy_with_logits(z2, y, reduction="none")',
        "softplus(z2) - y * z2",
        "o - y",
    ),
}

# Functions of one plain number: torch's own, so that nothing overflows far out, and what they are on paper.
_HELPERS: dict[str, tuple[str, str]] = {
    "sigmoid": ("torch.sigmoid(number(z))", "1 / (1 + e^-z)"),
    "tanh": ("torch.tanh(number(z))", "(e^z - e^-z) / (e^z + e^-z)"),
    "softplus": ("torch.nn.functional.softplus(number(z), threshold=40)", "ln(1 + e^z)"),
    "Phi": ("torch.special.ndtr(number(z))", "how much of the normal distribution lies below z"),
    "phi": ("(torch.exp(-number(z) ** 2 / 2) / (2 * torch.pi) ** 0.5)", "the bell curve"),
}

_OPTIMIZERS: dict[str, str] = {
    "sgd": "torch.optim.SGD(parameters, lr={rate})",
    "momentum": f"torch.optim.SGD(parameters, lr={{rate}}, momentum={MOMENTUM})",
    "nesterov": f"torch.optim.SGD(parameters, lr={{rate}}, momentum={MOMENTUM}, nesterov=True)",
    "adam": f"torch.optim.Adam(parameters, lr={{rate}}, betas=({BETA_1}, {BETA_2}), eps={EPSILON})",
    "rmsprop": f"torch.optim.RMSprop(parameters, lr={{rate}}, alpha={ALPHA}, eps={EPSILON})",
}


# ── the parts ───────────────────────────────────────────────────────────────────────────────────────────────────


def _network(settings: Settings) -> Cell:
    network = settings.architecture
    f, g, loss = ACTIVATIONS[network.activation].name, ACTIVATIONS[network.output].name, LOSSES[network.loss].name
    words = (
        "# Backprop by Hand\n\n"
        "A network with two inputs, two hidden units and one output, in plain PyTorch.\n"
        f"Hidden units: {f}. Output: {g}. Loss: {loss}. Precision: {settings.precision}.\n\n"
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
    h = {_ACTIVATIONS[network.activation].tensor.format(z="z1")}
    z2 = h @ W2 + b2
    o = {_ACTIVATIONS[network.output].tensor.format(z="z2")}
    L = {_LOSSES[network.loss].tensor}
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
    f, g, loss = _ACTIVATIONS[network.activation], _ACTIVATIONS[network.output], _LOSSES[network.loss]
    given = [f"{key}={value!r}," for key, value in settings.values.items()]
    arguments = "\n".join(f"    {' '.join(given[start:end])}" for start, end in ((0, 4), (4, 6), (6, 9), (9, 12)))
    lines = [
        "z1_1 = x_1 * w1_11 + x_2 * w1_21 + b1_1",
        "z1_2 = x_1 * w1_12 + x_2 * w1_22 + b1_2",
        f"h_1 = {f.number.format(z='z1_1')}",
        f"h_2 = {f.number.format(z='z1_2')}",
        "z2 = h_1 * w2_1 + h_2 * w2_2 + b2",
        f"o = {g.number.format(z='z2')}",
        f"L = {loss.number}",
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
        f"{_helpers(body)}def by_hand({', '.join(name.key for name in ADJUSTABLE)}):\n{body}\n\n\n"
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
    above, below = factor.above, factor.below
    if above == "L":
        return _LOSSES[architecture.loss].slope
    if above == "o":
        return _ACTIVATIONS[architecture.output].slope.format(z=below, a=above)
    if above in ("h_1", "h_2"):
        return _ACTIVATIONS[architecture.activation].slope.format(z=below, a=above)
    return KEYS.get(factor.derivative, "1.0")  # a bias is multiplied by nothing


def _helpers(body: str) -> str:
    """The functions of one number that the code calls, each with what it is on paper."""
    used = [name for name in _HELPERS if f"{name}(" in body]
    if not used:
        return ""
    number = "def number(z):\n    return torch.tensor(z, dtype=torch.float64)\n\n\n"
    defined = (f"def {name}(z):  # {_HELPERS[name][1]}\n    return {_HELPERS[name][0]}.item()\n\n\n" for name in used)
    return number + "".join(defined)


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
optimizer = {_OPTIMIZERS[settings.optimizer].format(rate=repr(settings.learning_rate))}

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
