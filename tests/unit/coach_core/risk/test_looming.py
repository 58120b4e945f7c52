"""What comes nearer so fast that it is here before anybody knows where it comes from."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coach_core.risk import NO_POINTS, RiskInput, RiskState
from coach_core.risk.inputs import NO_POLYGONS
from coach_core.risk.looming import Looming
from coach_core.vehicle import VehicleParams

CAR = VehicleParams(wheelbase=2.8, front_overhang=0.835, rear_overhang=0.85, width=1.823, max_steer=0.6)
FRONT_RIGHT, FRONT = 3, (0, 1, 2, 3)


def looming(*ranges: float, sector: int = FRONT_RIGHT, inside: float = 0.0) -> tuple[float, int]:
    """Pings every 50 ms of a sensor so far [m] inside the outline, the last one just now; NaN for one that was lost."""
    found = Looming(0.8, 0.5, [inside] * 12)
    for n, distance in enumerate(ranges):
        readings = np.full(12, np.nan)
        readings[sector] = distance
        found.update(readings, np.zeros(12), 0.05 * n)
    return found.soonest(FRONT, 0.05 * (len(ranges) - 1))


def test_three_pings_tell_when_it_is_here() -> None:
    left, sector = looming(0.70, 0.60, 0.50)
    assert sector == FRONT_RIGHT
    assert left == pytest.approx(0.25)


def test_one_lost_ping_is_no_matter_and_two_pings_are_too_few() -> None:
    assert looming(0.70, 0.62, math.nan, 0.46)[1] == FRONT_RIGHT
    assert looming(0.60, 0.52) == (math.inf, -1)


def test_two_pings_out_of_silence_are_enough_for_what_rushes() -> None:
    left, sector = looming(math.nan, 0.40, 0.30)
    assert (left, sector) == (pytest.approx(0.15), FRONT_RIGHT)


def test_the_way_from_the_sensor_to_the_outline_is_no_room() -> None:
    left, sector = looming(1.00, 0.90, 0.80, inside=0.3)
    assert (left, sector) == (pytest.approx(0.25), FRONT_RIGHT)
    assert looming(0.40, 0.30, 0.20, inside=0.3) == (0.0, FRONT_RIGHT)


@pytest.mark.parametrize(
    "ranges",
    [
        (1.2, 1.1, 1.0),  # far
        (0.70, 0.65, 0.60),  # slow
        (0.50, 0.60, 0.70),  # going away
        (0.75, 0.74, 0.50),  # an echo of something else
    ],
)
def test_what_is_far_slow_leaving_or_another_echo_does_not_loom(ranges: tuple[float, ...]) -> None:
    assert looming(*ranges) == (math.inf, -1)


def test_what_a_leading_sensor_does_not_hear_does_not_count() -> None:
    assert looming(0.70, 0.60, 0.50, sector=6) == (math.inf, -1)


def test_pings_that_are_past_do_not_count() -> None:
    found = Looming(0.8, 0.5)
    for n, distance in enumerate((0.70, 0.60, 0.50)):
        found.update(np.full(12, distance), np.zeros(12), 0.05 * n)
    assert found.soonest(FRONT, 0.5) == (math.inf, -1)


@pytest.mark.parametrize(("on_plan", "level"), [(False, 3), (True, 0)])
def test_a_moving_car_is_stopped_for_it_unless_it_follows_a_plan(on_plan: bool, level: int) -> None:
    state = RiskState(CAR)
    for n, distance in enumerate((0.70, 0.62, 0.54)):
        readings = np.full(12, np.nan)
        readings[FRONT_RIGHT] = distance
        x = 0.05 * n
        tick = RiskInput(
            np.array([x, 0.0, 0.0]), 1.0, 0.0, 1, NO_POINTS, NO_POLYGONS, readings, np.zeros(12), on_plan,
            3.0 if on_plan else math.nan,
        )  # fmt: skip
        result = state.update(tick, 0.05 * n)
    assert result.level == level


def test_pings_before_it_was_near_tell_how_fast_it_comes() -> None:
    assert looming(0.97, 0.86, 0.73)[1] == FRONT_RIGHT
