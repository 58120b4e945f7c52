"""How far a stroke may be driven on."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coach_core.geometry.polygons import ObstacleSet, pack_obstacles
from coach_core.geometry.poses import advance, apply, as_pose
from coach_core.guidance.aims import IntoSlot
from coach_core.guidance.limits import MissionLimits
from coach_core.guidance.outlook import ROOM, ROOM_STEP, Outlook, RoomBehind
from coach_core.guidance.tracker import PlanTracker
from coach_core.perception.slots import slot_from_map
from coach_core.planner import PlanSegment
from tests.toy.frames import CAR, LOT

START = as_pose([0.0, 0.0, 0.0])
BACK = PlanSegment(-1, 0.0, 2.0)


def wall_behind(gap: float) -> ObstacleSet:
    """So far [m] behind the car at the end of `BACK`."""
    x = -BACK.length - CAR.rear_overhang - gap
    return pack_obstacles([np.array([[x - 0.3, -1.0], [x, -1.0], [x, 1.0], [x - 0.3, 1.0]])])


def outlook(obstacles: ObstacleSet, *segments: PlanSegment) -> Outlook:
    aim = IntoSlot(slot_from_map(LOT.slots[2]), CAR, MissionLimits())
    return Outlook(aim, PlanTracker(START, segments or (BACK,), CAR.wheelbase), START, CAR, lambda: obstacles)


@pytest.mark.parametrize("gap", [0.12, 0.27, 0.41])
def test_room_is_the_way_to_what_is_behind_the_mark(gap: float) -> None:
    assert gap - ROOM_STEP <= outlook(wall_behind(gap)).room() <= gap


def test_room_is_looked_for_no_farther_than_it_matters() -> None:
    assert outlook(wall_behind(5.0)).room() == ROOM


def test_room_follows_the_wheel() -> None:
    """Nothing is behind, but the nose swings out to the right of a car that backs to the left."""
    turning = PlanSegment(-1, CAR.max_steer, 1.0)
    end = advance(START, math.tan(CAR.max_steer) / CAR.wheelbase, -turning.length)

    def beside(side: float) -> ObstacleSet:
        strip = [[0.0, side - 0.25], [4.0, side - 0.25], [4.0, side + 0.25], [0.0, side + 0.25]]
        return pack_obstacles([apply(end, strip)])

    assert outlook(beside(-1.25), turning).room() < 0.2
    assert outlook(beside(1.25), turning).room() == ROOM


def test_room_is_looked_for_once_a_stroke() -> None:
    behind = RoomBehind()
    first = outlook(wall_behind(0.27))
    room = behind.of(first)
    assert behind.of(first._replace(obstacles=lambda: wall_behind(5.0))) == room
    first.tracker.index = 0
    assert behind.of(outlook(wall_behind(5.0))) == ROOM
