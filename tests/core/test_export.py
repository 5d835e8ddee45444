"""core/export.py: what is exported is run as a person would run it, and its numbers are those of the screen."""

import ast
import contextlib
import csv
import io
import json
import re
import subprocess
import sys
from dataclasses import replace

import nbformat
import numpy as np
import pytest
import torch
from nbclient import NotebookClient

from core import DIFFERENTIABLE, Architecture, Descent, Example, Parameters, backward, descend, forward
from core.export import MOST_LINES, cells, descent_csv, notebook, script
from core.presets import PRESETS
from core.settings import Settings
from tests.core.points import NOTEBOOK, architectures, derive, random_points, suited

SMOOTH = Architecture("tanh", "sigmoid", "binary_cross_entropy")


def study_at(point, **asked) -> Settings:
    return Settings.at(*point, **asked)


def somewhere(seed, architecture=Architecture()):
    return random_points(1, seed=seed, span=1.5, architecture=architecture)[0]


FAR = suited((Parameters([[3, -3], [3, 2]], [3, -3], [[3], [-3]], [3]), Example([5, -5], 1)), SMOOTH)
STUDIES = {
    "notebook": study_at(NOTEBOOK),
    "float32": study_at(NOTEBOOK, precision="float32", steps=30),
    "momentum": study_at(
        somewhere(1),
        architecture=Architecture("leaky_relu", "tanh", "squared_error"),
        optimizer="momentum",
        parameter="x_2",
        steps=47,
    ),
    "adam on batches": study_at(
        somewhere(2, SMOOTH),
        architecture=SMOOTH,
        optimizer="adam",
        data="xor",
        batch=3,
        seed=7,
        parameter="w1_21",
        learning_rate=0.1,
    ),
    "nesterov, gradients left standing": study_at(
        somewhere(3),
        architecture=Architecture("tanh", "identity"),
        optimizer="nesterov",
        data="line",
        zero_grad=False,
        parameter="b2",
        learning_rate=0.001,
        steps=20,
    ),
    "rmsprop on batches": study_at(
        somewhere(4),
        architecture=Architecture("softplus", "sigmoid"),
        optimizer="rmsprop",
        data="circle",
        batch=4,
        seed=3,
        parameter="b1_2",
        zero_grad=False,
        learning_rate=0.001,
    ),
    "one row a step": study_at(
        somewhere(5), architecture=Architecture("gelu", "identity", "squared_error"), data="xor", batch=1,
        parameter="x_1", steps=9,
    ),
    "saturated": study_at(FAR, architecture=SMOOTH, parameter="w1_11", learning_rate=10.0, steps=5),
    "it runs away": study_at(
        FAR, architecture=Architecture("identity"), learning_rate=10.0, steps=60, parameter="w2_1"
    ),
    "no step": study_at(NOTEBOOK, steps=0, architecture=Architecture("identity", "identity"), parameter="w2_2"),
    "overshoot": replace(PRESETS["overshoot"].settings, steps=2),
}  # fmt: skip


# ── running them ────────────────────────────────────────────────────────────────────────────────────────────────


def fresh_process(folder, study: Settings) -> str:
    """What the script prints, run by Python in a process of its own that can import nothing of this repository (-I)."""
    path = folder / "backprop_by_hand.py"
    path.write_text(script(study), encoding="utf-8")
    command = [sys.executable, "-I", "-W", "error", str(path)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def shown(study: Settings, parts=(0, 1, 2, 3, 4)) -> str:
    """What these parts print, run one after another here."""
    before = torch.get_default_dtype()
    text, names = io.StringIO(), {}
    try:
        with contextlib.redirect_stdout(text):
            for part in parts:
                exec(compile(cells(study)[part].code, f"part {part}", "exec"), names)
    finally:
        torch.set_default_dtype(before)
    return text.getvalue()


def values_in(text: str) -> dict[str, object]:
    """Everything printed as `name = value`."""
    lines = (line.partition(" = ") for line in text.splitlines() if " = " in line)
    return {name: json.loads(value) for name, _, value in lines}


STEP = re.compile(r"step (\d+) loss (\S+) output (\S+)(?: rows (\[.*\]) mean loss (\S+))?")


def path_of(study: Settings) -> Descent:
    return descend(study.parameters, study.example, **study.descent_arguments)


def close(expected, rel=1e-12):
    return pytest.approx(np.asarray(expected), rel=rel, abs=1e-12)


def check_forward_and_backward(study: Settings, values: dict) -> None:
    asked = {"architecture": study.architecture, "precision": study.precision}
    passed = forward(study.parameters, study.example, **asked)
    for name, expected in passed._asdict().items():
        assert values[name] == close(expected)
    gradients = backward(study.parameters, study.example, **asked)
    for name in ("W1", "b1", "W2", "b2", "x"):
        assert values[f"dL/d{name}"] == close(getattr(gradients, name))
    assert values[f"by autograd: dL/d{study.parameter}"] == close(gradients[study.parameter])


def check_by_hand(study: Settings, values: dict) -> None:
    worked = derive(study.parameters, study.example, study.parameter, architecture=study.architecture)
    assert values["by hand: o"] == close(worked.known["o"])
    assert values["by hand: L"] == close(worked.known["L"])
    for route in worked.routes:
        for factor, value in zip(route.factors, route.values, strict=True):
            assert values[f"d{factor.above}/d{factor.below}"] == close(value)
    assert values[f"by hand: dL/d{study.parameter}"] == close(worked.value)


def check_descent(study: Settings, text: str, values: dict) -> None:
    path, rel = path_of(study), 1e-12 if study.precision == "float64" else 1e-5
    told = [STEP.fullmatch(line).groups() for line in text.splitlines() if line.startswith("step ") and "loss" in line]
    every = max(1, -(-study.steps // MOST_LINES))
    last = len(path.loss) - 1
    expected = [k for k in range(last + 1) if k % every == 0 or k == study.steps]
    assert [int(step) for step, *_ in told] == expected
    assert len(told) <= MOST_LINES + 2
    for step, loss, output, rows, mean_loss in told:
        k = int(step)
        assert float(loss) == close(path.loss[k], rel)
        assert float(output) == close(path.output[k], rel)
        assert (rows is not None) == bool(study.batch_size)
        if rows:
            assert tuple(json.loads(rows)) == path.batches[k]
            assert float(mean_loss) == close(path.mean_loss[k], rel)
    end = path.step(last).parameters
    for name in ("W1", "b1", "W2", "b2"):
        assert values[f"at the end: {name}"] == close(getattr(end, name), rel)
    gone = [line for line in text.splitlines() if "no longer finite" in line]
    assert gone == ([] if path.diverged_at is None else [f"step {path.diverged_at} is no longer finite"])


def check(study: Settings, text: str) -> None:
    values = values_in(text)
    check_forward_and_backward(study, values)
    check_by_hand(study, values)
    check_descent(study, text, values)


def test_the_script_run_by_python_prints_the_numbers_of_the_screen(tmp_path):
    study = STUDIES["rmsprop on batches"]
    text = fresh_process(tmp_path, study)
    check(study, text)
    assert text == shown(study)  # so that the others need no process of their own


@pytest.mark.parametrize("name", STUDIES)
def test_every_part_prints_the_numbers_of_the_screen(name):
    check(STUDIES[name], shown(STUDIES[name]))


def test_a_study_runs_away_so_that_the_word_about_it_is_tested():
    assert path_of(STUDIES["it runs away"]).diverged_at is not None


def test_every_digit_is_printed():
    assert "o = 1.42\n" in shown(STUDIES["notebook"])
    assert "by hand: dL/dw1_12 = 0.432\n" in shown(STUDIES["notebook"])
    assert "o = 1.4200000762939453\nL = 0.2592000663280487\n" in shown(STUDIES["float32"])


def test_the_notebook_run_by_jupyter_prints_the_same():
    study = STUDIES["adam on batches"]
    book = nbformat.reads(notebook(study), as_version=4)
    nbformat.validate(book)
    NotebookClient(book, timeout=120, kernel_name="python3").execute()
    outputs = [output for cell in book.cells for output in cell.get("outputs", ())]
    assert {(output.output_type, output.name) for output in outputs} == {("stream", "stdout")}
    check(study, "".join(output.text for output in outputs))


def test_a_part_of_the_notebook_can_be_run_again():
    once, twice = (shown(study_at(NOTEBOOK, steps=3), parts) for parts in ((0, 1, 2, 3, 4), (0, 1, 2, 3, 4, 4)))
    assert twice.startswith(once)
    assert twice.count("step 3 loss 0.17305977071019") == 2


# ── every network ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("architecture", architectures(), ids=str)
def test_every_network_is_written_out_right(architecture):
    keys = [name.key for name in DIFFERENTIABLE] if architecture == Architecture() else ["w1_21", "x_1", "b2"]
    for index, key in enumerate(keys):
        study = study_at(somewhere(40 + index, architecture), architecture=architecture, parameter=key)
        values = values_in(shown(study, (0, 1, 2, 3)))
        check_forward_and_backward(study, values)
        check_by_hand(study, values)


# ── what it is made of ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", STUDIES)
def test_a_script_is_short_teaching_code_that_imports_torch_alone(name):
    text = script(STUDIES[name])
    tree = ast.parse(text)
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(node) for node in imported] == ["import torch"]
    assert max(map(len, text.splitlines())) <= 120
    assert not re.search(r"[ \t]+$", text, re.MULTILINE)
    assert "eval" not in text


def test_the_notebook_and_the_script_are_the_same_cells():
    study = STUDIES["notebook"]
    book = json.loads(notebook(study))
    code = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]
    assert code == [cell.code for cell in cells(study)]
    assert all(part in script(study) for part in code)
    assert all("#" in "".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "markdown")


def test_numbers_go_out_with_every_bit():
    parameters, example = somewhere(9)
    text = script(study_at((parameters, example), learning_rate=1 / 3))
    for number in (*parameters.vector, *example.x, example.y, 1 / 3):
        assert repr(number) in text


# ── the path as CSV ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["notebook", "adam on batches", "it runs away", "no step"])
def test_the_csv_holds_the_path_bit_for_bit(name):
    path = path_of(STUDIES[name])
    head, *rows = csv.reader(io.StringIO(descent_csv(path)))
    assert head[:3] == ["step", "w1_11", "w1_12"]
    assert head[10:12] == ["dL/dw1_11", "dL/dw1_12"]
    assert head[19:] == ["loss", "mean_loss", "output"]
    numbers = [[float(number) for number in row] for row in rows]
    assert [row[0] for row in numbers] == list(range(len(path.loss)))
    assert [tuple(row[1:10]) for row in numbers] == list(path.theta)
    assert [tuple(row[10:19]) for row in numbers] == list(path.gradient)
    assert [row[19] for row in numbers] == list(path.loss)
    assert [row[20] for row in numbers] == path.mean_loss.tolist()
    assert [row[21] for row in numbers] == list(path.output)
