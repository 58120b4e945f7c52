"""When a slot is given up."""

from __future__ import annotations

import numpy as np

from coach_core.guidance.limits import MissionLimits
from coach_core.guidance.setbacks import APART, ONE_PLACE, Setbacks
from coach_core.planner import PlanStatus

LIMITS = MissionLimits(failures=2, stops=2)


def stopped(setbacks: Setbacks, x: float) -> bool:
    setbacks.disrupted = True
    return setbacks.stands(np.array([x, 0.0, 0.0]))


def test_stops_that_lead_nowhere_are_counted_though_the_car_creeps_on() -> None:
    setbacks = Setbacks(LIMITS)
    assert [stopped(setbacks, 0.8 * ONE_PLACE * n) for n in range(4)] == [False, False, True, True]


def test_a_stop_elsewhere_begins_anew() -> None:
    setbacks = Setbacks(LIMITS)
    assert not any(stopped(setbacks, x) for x in (0.0, 0.01, 1.0, 1.01))


def test_standing_for_another_reason_is_not_counted() -> None:
    setbacks = Setbacks(LIMITS)
    stopped(setbacks, 0.0)
    assert not any(setbacks.stands(np.zeros(3)) for _ in range(5))


def test_plans_refused_in_a_row_are_counted_and_one_that_is_found_begins_anew() -> None:
    setbacks = Setbacks(LIMITS)
    assert [setbacks.refused(PlanStatus.START_IN_COLLISION, n * APART) for n in range(3)] == [False, False, True]
    assert setbacks.last_plan_refused
    setbacks.found()
    assert not setbacks.last_plan_refused
    assert not setbacks.refused(PlanStatus.START_IN_COLLISION, 3 * APART)


def test_a_goal_with_something_on_it_is_remembered_whatever_is_found_in_between() -> None:
    setbacks = Setbacks(LIMITS)
    tries = []
    for n in range(3):
        tries.append(setbacks.refused(PlanStatus.GOAL_IN_COLLISION, n * APART))
        setbacks.found()
    assert tries == [False, False, True]


def test_something_that_passes_by_is_no_reason_however_often_it_is_asked() -> None:
    setbacks = Setbacks(LIMITS)
    assert not any(setbacks.refused(PlanStatus.START_IN_COLLISION, 0.16 * n) for n in range(12))
    assert setbacks.last_plan_refused
