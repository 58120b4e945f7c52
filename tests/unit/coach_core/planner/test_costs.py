"""What makes a plan hard."""

from __future__ import annotations

import numpy as np
import pytest

from coach_core.planner.costs import NOVICE, closeness_cost, path_cost
from coach_core.planner.words import LEFT, RIGHT, STRAIGHT


def price(*strokes: tuple[int, float]) -> float:
    """From the slot outwards: steer index and signed length."""
    steers, lengths = np.array([s for s, _ in strokes]), np.array([length for _, length in strokes])
    return float(path_cost(NOVICE, steers, lengths, len(strokes)))


def test_reversing_in_is_dearer_than_driving_in_by_its_metres_only() -> None:
    # out of the slot forwards means that it is entered in reverse
    assert price((STRAIGHT, 5.0)) - price((STRAIGHT, -5.0)) == pytest.approx(5.0 * (NOVICE.reverse - 1.0))


def test_change_of_gear_costs_more_than_a_change_of_steering() -> None:
    on = price((STRAIGHT, 2.0), (LEFT, 2.0))
    back = price((STRAIGHT, 2.0), (LEFT, -2.0))
    assert back - on == pytest.approx(NOVICE.cusp - 2.0 * (NOVICE.reverse - 1.0))


def test_same_gear_and_steering_go_on_as_one_segment() -> None:
    assert price((STRAIGHT, 2.0), (STRAIGHT, 3.0)) == pytest.approx(price((STRAIGHT, 5.0)))


def test_last_stroke_should_be_straight() -> None:
    assert price((RIGHT, 2.0)) - price((STRAIGHT, 2.0)) == pytest.approx(NOVICE.settle)


def test_short_strokes_cost_extra() -> None:
    assert price((STRAIGHT, 2.0), (LEFT, 0.1)) > price((STRAIGHT, 2.0), (LEFT, 1.0)) - 0.9 * NOVICE.reverse


def test_clearance_costs_only_below_what_is_wanted() -> None:
    assert closeness_cost(NOVICE, 0.5) == 0.0
    assert closeness_cost(NOVICE, 0.1) == pytest.approx(NOVICE.closeness * 0.2)
