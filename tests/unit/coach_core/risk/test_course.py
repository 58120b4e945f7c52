"""The way of a car whose wheel is on its way to the plan's angle, and what it excuses."""

import math

import numpy as np
import pytest

from coach_core.geometry.poses import advance_into
from coach_core.risk import WARNING, RiskState
from coach_core.risk.course import turning_course
from tests.unit.coach_core.risk.ticks import BACK, CAR, HALF, points, tick


def in_small_steps(steer: float, planned: float, rate: float, velocity: float, length: float) -> np.ndarray:
    """Where the course ends, a millimetre at a time."""
    pose, step = np.array([1.0, 2.0, 0.3]), 0.001
    for _ in range(round(length / step)):
        advance_into(pose, math.tan(steer) / CAR.wheelbase, math.copysign(step, velocity), pose)
        change = rate * step / abs(velocity)
        steer = planned if abs(planned - steer) <= abs(change) else steer + change
    return pose


@pytest.mark.parametrize(
    ("steer", "planned", "rate", "velocity", "length"),
    [(-0.4, 0.4, 0.4, -0.6, 2.5), (0.5, 0.0, -0.3, 0.8, 3.0), (0.1, 0.6, 0.2, -1.0, 1.0)],
)
def test_the_course_ends_where_small_steps_end(
    steer: float, planned: float, rate: float, velocity: float, length: float
) -> None:
    course = turning_course(np.array([1.0, 2.0, 0.3]), steer, planned, rate, CAR.wheelbase, velocity, length)
    last, end = course[-1], np.empty(3)
    advance_into(last.pose, last.curvature, last.way, end)
    assert last.before + abs(last.way) == pytest.approx(length)
    assert end == pytest.approx(in_small_steps(steer, planned, rate, velocity, length), abs=0.02)


@pytest.mark.parametrize(
    ("rate", "velocity", "length"), [(-0.4, 0.6, 2.0), (0.0, 0.6, 2.0), (0.4, 0.0, 2.0), (0.4, 0.6, 0.0)]
)
def test_there_is_no_course_where_the_wheel_is_not_turned_to_the_plan(
    rate: float, velocity: float, length: float
) -> None:
    assert turning_course(np.zeros(3), 0.0, 0.4, rate, CAR.wheelbase, velocity, length) == []


def reversing(rate: float, planned: float, **changes: object) -> int:
    """Level while the wheel, at 0.3 rad to the left, turns by `rate`; held there, the tail would meet a post."""
    state = RiskState(CAR)
    seen = {"gear": -1, "speed": -0.6, "points": points([BACK - 1.6, HALF + 0.2]), "on_plan": True} | changes
    for i in range(6):
        angle = 0.3 + rate * 0.05 * (i - 5)
        result = state.update(tick(steer=angle, planned_steer=planned, planned_free_travel=2.2, **seen), 0.05 * i)
    return result.level


def test_on_plan_the_wheel_may_be_between_two_angles_of_the_plan() -> None:
    assert reversing(-0.4, -0.4) < WARNING


@pytest.mark.parametrize(("rate", "planned"), [(-0.4, math.nan), (0.0, -0.4), (-0.4, 0.6)])
def test_a_wheel_that_is_not_on_its_way_to_the_plan_s_angle_is_no_excuse(rate: float, planned: float) -> None:
    assert reversing(rate, planned) >= WARNING


def test_a_turn_that_comes_too_late_for_what_stands_in_the_way_is_no_excuse() -> None:
    assert reversing(-0.4, -0.4, points=points([BACK - 1.2, 0.0])) >= WARNING
    assert reversing(-0.4, -0.4, points=points([BACK - 1.2, 0.0]), on_plan=False) >= WARNING
