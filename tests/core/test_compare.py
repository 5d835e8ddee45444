"""core/compare.py: two states side by side."""

import pytest

from core.compare import compare
from core.names import ADJUSTABLE, COMPUTED, DIFFERENTIABLE
from core.settings import Settings
from tests.core.points import NOTEBOOK


def test_a_state_does_not_differ_from_itself():
    here = Settings.at(*NOTEBOOK)
    values, gradients = compare(here, here)
    assert set(values) == {name.key for name in (*ADJUSTABLE, *COMPUTED)}
    assert set(gradients) == {name.key for name in DIFFERENTIABLE}
    assert {change.change for change in (*values.values(), *gradients.values())} == {0.0}


def test_one_bias_moved_is_worked_out_by_hand():
    then, now = Settings.at(*NOTEBOOK), Settings(b2=0.5)
    values, gradients = compare(then, now)
    assert values["b2"] == pytest.approx((0.3, 0.5, 0.2))
    assert values["o"] == pytest.approx((1.42, 1.62, 0.2))
    assert values["L"] == pytest.approx((0.2592, 0.5 * 0.92**2, 0.5 * 0.92**2 - 0.2592))
    assert gradients["b2"] == pytest.approx((0.72, 0.92, 0.2))
    assert gradients["w2_1"] == pytest.approx((0.576, 0.92 * 0.8, 0.2 * 0.8))
    assert values["h_1"].change == 0


def test_another_loss_is_a_change_too():
    then, now = Settings.at(*NOTEBOOK), Settings(loss="squared_error")
    values, gradients = compare(then, now)
    assert values["L"] == pytest.approx((0.2592, 0.5184, 0.2592))
    assert gradients["b2"] == pytest.approx((0.72, 1.44, 0.72))
