"""Driving along a row at a distance judged by eye."""

from __future__ import annotations

import math

import pytest

from coach_core.contracts import Pose2, SlotMap
from controllers.parkit_coach.drivers.keeping import ALONG, NEAR, steer_to_keep

WHEELBASE, HALF = 2.8, 0.9
STEP = 0.02
ROW = [SlotMap(f"A{i}", "perpendicular", 2.5 * i, 0.0, -0.5 * math.pi, 2.5, 5.0) for i in range(12)]
LEANING = [SlotMap(f"B{i}", "angled", 3.5 * i, -0.88, -0.75 * math.pi, 2.5, 5.0) for i in range(9)]
"""At 45°, their nearest corners at y = 0."""


def drive(slots: list[SlotMap], x: float, y: float, yaw: float, way: float = 25.0) -> tuple[Pose2, bool]:
    """Where one is after that way [m] at most, and whether one thought it was right."""
    for _ in range(round(way / STEP)):
        steer = steer_to_keep(slots, Pose2(x, y, yaw), HALF, 1.0)
        if steer is None:
            return Pose2(x, y, yaw), True
        x, y = x + STEP * math.cos(yaw), y + STEP * math.sin(yaw)
        yaw += STEP * math.tan(steer) / WHEELBASE
    return Pose2(x, y, yaw), False


@pytest.mark.parametrize("slots", [ROW, LEANING])
@pytest.mark.parametrize("y", [1.3, 2.6, 4.0])
@pytest.mark.parametrize("yaw", [-0.05, 0.05])
def test_the_flank_comes_to_a_metre_from_the_bays(slots: list[SlotMap], y: float, yaw: float) -> None:
    there, done = drive(slots, 0.0, y, yaw)
    assert done
    assert there.y_m == pytest.approx(HALF + 1.0, abs=NEAR + 0.02)
    assert there.yaw_rad == pytest.approx(0.0, abs=ALONG + 0.01)


def test_it_is_the_same_the_other_way_along() -> None:
    there, done = drive(ROW, 27.0, 4.0, math.pi)
    assert done
    assert there.y_m == pytest.approx(HALF + 1.0, abs=NEAR + 0.02)


def test_without_a_row_nobody_steers() -> None:
    assert steer_to_keep(ROW[:1], Pose2(0.0, 4.0, 0.0), HALF, 1.0) is None
