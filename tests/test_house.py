"""The rules of the house, read off the imports: who may know whom."""

import ast
import sys
from functools import cache
from pathlib import Path

import pytest

import core

HOUSE = Path(__file__).parents[1]
CORE = sorted((HOUSE / "core").rglob("*.py"))
PAGES = sorted((HOUSE / "pages").rglob("*.py"))


def imports(source: str) -> set[str]:
    """Every module a file imports, anywhere in it: by a statement, or by name with import_module or __import__."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
            found |= {f"{node.module}.{alias.name}" for alias in node.names if node.module}
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called in ("import_module", "__import__"):
                found.add(str(node.args[0].value))
    return found


@cache
def imports_of(path: Path) -> set[str]:
    return imports(path.read_text(encoding="utf-8"))


def packages(path: Path) -> set[str]:
    """The top-level packages a file imports from."""
    return {module.partition(".")[0] for module in imports_of(path)}


def short(path: Path) -> str:
    return str(path.relative_to(HOUSE))


@pytest.mark.parametrize("path", CORE, ids=short)
def test_the_mathematics_knows_nothing_of_screens(path):
    # Nor does what it takes from elsewhere: so importing core brings no screen along.
    taken = packages(path) - set(sys.stdlib_module_names)
    assert taken <= {"core", "torch", "numpy", "sympy", "mpmath"}


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_the_screen_computes_no_mathematics(path):
    assert packages(path).isdisjoint({"torch", "sympy", "dashboard", "tests"})


def test_the_server_knows_the_core_and_the_screen_by_name_only():
    tree = ast.parse((HOUSE / "dashboard.py").read_text(encoding="utf-8"))
    by_statement = imports(
        "\n".join(ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom))
    )
    by_statement = {module.partition(".")[0] for module in by_statement}
    assert by_statement.isdisjoint({"torch", "sympy", "plotly", "core", "pages", "tests"})
    assert by_statement - set(sys.stdlib_module_names) == {"streamlit", "starlette"}


@pytest.mark.parametrize("path", CORE, ids=short)
def test_torch_and_sympy_meet_in_the_table_of_functions_only(path):
    assert path.name == "functions.py" or not {"torch", "sympy"} <= packages(path)


@pytest.mark.parametrize("name", ["smooth.py", "equations.py", "chain_rule.py", "exact.py"])
def test_the_second_statement_of_the_network_takes_nothing_from_the_first(name):
    taken = imports_of(HOUSE / "core" / name)
    first = ("torch", "core.network", "core.descent", "core.device", "core.gradients")
    assert not {module for module in taken if module.startswith(first)}


@pytest.mark.parametrize("path", [*CORE, *PAGES, HOUSE / "dashboard.py"], ids=short)
def test_imports_say_where_from(path):
    assert not {module for module in imports_of(path) if module.startswith(".")}
    assert "import *" not in path.read_text(encoding="utf-8")


def test_what_the_core_offers_is_there_and_listed_once():
    assert len(core.__all__) == len(set(core.__all__))
    assert [name for name in core.__all__ if not hasattr(core, name)] == []


def test_a_planted_import_is_found():
    assert imports("import torch.nn as nn") == {"torch.nn"}
    assert "sympy" in imports("def late():\n    from sympy import diff")
    assert "pages.screen" in imports("from pages import screen")
    assert "torch" in imports("import importlib\nimportlib.import_module('torch')")
    assert "plotly" in imports("__import__('plotly')")
    assert imports("from . import sibling") == {"."}
    assert imports("torch = 'a word in a text: import torch'") == set()
