"""SymPy works once for each choice of functions: a changed value costs no derivation and no compilation."""

import pytest
import sympy

from core import Architecture, backward, derive_all, exact_derive, gradient_check, slips
from core.chain_rule import factors
from core.equations import equations
from core.typeset import derivation_latex
from tests.core.points import NOTEBOOK, a_few, architecture_id, random_points

COSTLY = ("diff", "lambdify", "latex", "simplify")


@pytest.fixture
def calls(monkeypatch):
    """How often each of SymPy's costly functions was called since."""
    counted = dict.fromkeys(COSTLY, 0)

    def counting(name):
        real = getattr(sympy, name)

        def count(*args, **kwargs):
            counted[name] += 1
            return real(*args, **kwargs)

        return count

    for name in COSTLY:
        monkeypatch.setattr(sympy, name, counting(name))
    return counted


def everything(point, architecture: Architecture) -> None:
    """All that the chain-rule page asks SymPy for."""
    derive_all(*point, architecture=architecture)
    gradient_check.testify(*point, backward(*point, architecture=architecture), architecture=architecture)
    for key in ("w1_12", "w2_1", "b2", "x_1"):
        slips(*point, key, architecture=architecture)
        derivation_latex(exact_derive(*point, key, architecture=architecture), architecture)


@pytest.mark.parametrize("architecture", a_few(), ids=architecture_id)
def test_changing_a_value_costs_no_new_derivation(architecture, calls):
    first, second = random_points(2, seed=99, architecture=architecture)
    everything(first, architecture)
    calls.update(dict.fromkeys(COSTLY, 0))
    everything(second, architecture)
    assert calls == dict.fromkeys(COSTLY, 0)


def test_the_first_use_does_cost_and_the_counter_sees_it(calls):
    factors.cache_clear()
    equations.cache_clear()
    derive_all(*NOTEBOOK)
    assert calls["diff"] > 0
