"""When a car stands well enough in its slot."""

from __future__ import annotations

import math

import pytest

from coach_core.contracts.messages import SlotMap
from coach_core.geometry.poses import YAW, compose
from coach_core.guidance.aims import IntoSlot, OutOfSlot
from coach_core.guidance.leaving import row_of
from coach_core.guidance.limits import MissionLimits
from coach_core.perception.slots import slot_from_map
from tests.toy.frames import CAR, LOT

LIMITS = MissionLimits()
KERB_BAY = slot_from_map(SlotMap("P1", "parallel", 0.0, 0.0, -0.5 * math.pi, 6.0, CAR.width + 0.24))
"""0.12 m of room on each side of a car in its middle; the kerb on the right."""


@pytest.mark.parametrize(("left", "measured", "done"), [(0.11, False, True), (0.13, False, False), (0.13, True, True)])
def test_car_that_reaches_over_its_painted_line_is_corrected_first(left: float, measured: bool, done: bool) -> None:
    aim = IntoSlot(KERB_BAY._replace(measured=measured), CAR, LIMITS)
    pose = compose(KERB_BAY.parked_pose(CAR), [0.0, left, 0.0])
    assert aim.reached(pose, 0) is done
    assert aim.reached(pose, LIMITS.corrections)


def test_car_a_little_off_the_middle_along_a_kerb_is_corrected_once() -> None:
    aim = IntoSlot(KERB_BAY._replace(measured=True), CAR, LIMITS)
    aside = 0.5 * (LIMITS.good_along.lateral + LIMITS.enough_along.lateral)
    pose = compose(KERB_BAY.parked_pose(CAR), [0.0, aside, 0.0])
    assert [aim.reached(pose, corrections) for corrections in (0, 1)] == [False, True]
    assert aim.nearly(pose)


@pytest.mark.parametrize("heading", [0.1, math.pi - 0.1])
def test_slot_is_left_in_the_direction_of_the_search(heading: float) -> None:
    slots = [slot_from_map(slot) for slot in LOT.slots]
    either = OutOfSlot(slots[2], row_of(slots[2], slots), CAR, LIMITS).goals()
    goals = OutOfSlot(slots[2], row_of(slots[2], slots), CAR, LIMITS, heading).goals()
    assert 0 < len(goals) < len(either)
    assert all(math.cos(float(goal[YAW]) - heading) > 0.0 for goal in goals)
