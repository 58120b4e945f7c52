"""What the driver is about to do counts: the pedal pressed, the wheel being turned."""

import math

import numpy as np
import pytest

from coach_core.risk import CAUTION, CLEAR, CRITICAL, WARNING, RiskState
from tests.unit.coach_core.risk.ticks import BACK, CAR, FRONT, HALF, points, tick


def standing_before(gap: float, **changes: object) -> int:
    return RiskState(CAR).update(tick(points=points([FRONT + gap, 0.0]), **changes), 0.0).level


def test_a_throttle_pressed_at_standstill_close_to_something_is_critical_before_the_car_moves() -> None:
    assert standing_before(1.0) == CAUTION
    assert standing_before(1.0, throttle=0.6) == CRITICAL


def test_the_harder_the_throttle_the_farther_it_looks() -> None:
    # 2.5 m/s² for 0.6 s, then steadily: 2.55 m after 2 s, 4.05 m after 3 s
    assert standing_before(2.5, throttle=1.0) == CRITICAL
    assert standing_before(2.6, throttle=1.0) == WARNING
    assert standing_before(4.1, throttle=1.0) == CLEAR


@pytest.mark.parametrize(
    "harmless",
    [{"throttle": 0.1}, {"throttle": 0.6, "brake": 0.5}, {"throttle": 0.6, "gear": 0}, {"throttle": math.nan}],
)
def test_a_touch_of_throttle_a_braked_one_or_one_out_of_gear_is_no_danger(harmless: dict[str, object]) -> None:
    assert standing_before(1.0, **harmless) <= CAUTION


def test_moving_off_gently_close_to_something_is_no_danger_on_plan() -> None:
    planned = {"on_plan": True, "planned_free_travel": 0.6}
    assert standing_before(0.8, throttle=0.35) == CRITICAL
    assert standing_before(0.8, throttle=0.35, **planned) == CAUTION
    assert standing_before(0.8, throttle=0.35, **planned | {"planned_free_travel": 1.2}) == CAUTION
    assert standing_before(0.8, throttle=0.6, **planned | {"planned_free_travel": 1.2}) == CRITICAL


def test_speed_that_is_being_gained_counts_without_the_pedal() -> None:
    near = points([FRONT + 2.2, 0.0])

    def level(gain: float) -> int:
        state = RiskState(CAR)
        for i in range(5):
            result = state.update(tick(speed=0.3 + gain * 0.05 * (i - 4), points=near), 0.05 * i)
        return result.level

    assert level(0.0) == CLEAR
    assert level(1.6) >= WARNING


def test_the_surge_is_named_before_the_car_moves() -> None:
    seen = tick(gear=-1, points=points([BACK - 1.0, 0.0]), throttle=0.6)
    assert "pedal_surge" in RiskState(CAR).update(seen, 0.0).patterns


def turning(rate: float) -> int:
    """Reversing with the wheel straight now but turning left at `rate` rad/s; the nose would swing into a post."""
    post = points([FRONT - 0.9, -HALF - 0.12])
    state = RiskState(CAR)
    for i in range(6):
        result = state.update(tick(speed=-0.6, gear=-1, steer=rate * 0.05 * (i - 5), points=post), 0.05 * i)
    return result.level


def test_a_wheel_that_is_being_turned_is_taken_as_turned_on() -> None:
    assert turning(0.0) == CLEAR
    assert turning(0.4) == CRITICAL
    assert turning(-0.4) < CRITICAL


def test_turning_on_is_never_taken_beyond_the_lock() -> None:
    state = RiskState(CAR)
    for i in range(6):
        result = state.update(tick(speed=0.5, steer=0.55 + 0.01 * i, points=points([-20.0, 0.0])), 0.05 * i)
    assert np.isinf(result.free_travel)


def braking_at(gap: float, **changes: object) -> int:
    return RiskState(CAR).update(tick(speed=0.8, points=points([FRONT + gap, 0.0]), **changes), 0.0).level


def test_a_stop_that_is_well_made_is_not_nagged_at() -> None:
    # 0.8 m/s needs 0.24 m of lag, 0.15 m at 2.1 m/s² and 0.20 m to spare
    assert braking_at(1.0) == CRITICAL
    assert braking_at(1.0, brake=0.5) == CAUTION


def test_a_brake_that_is_too_weak_or_too_late_is_no_excuse() -> None:
    assert braking_at(1.0, brake=0.05) == CRITICAL
    assert braking_at(0.5, brake=0.5) == CRITICAL
