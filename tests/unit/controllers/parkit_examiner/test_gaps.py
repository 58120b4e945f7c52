"""Gaps along a kerb, from where cars really stand."""

from __future__ import annotations

import math

import pytest

from coach_core.contracts.messages import ParkingStrip
from controllers.parkit_examiner.gaps import gap_slots
from controllers.parkit_examiner.judge import Truth, outline, rectangle, standing
from controllers.parkit_examiner.polygons import Body
from tests.toy.frames import PROFILE

STRIP = ParkingStrip("S1", 0.0, 0.0, 30.0, 0.0, 2.2)


def parked(x: float, y: float = 1.1) -> Body:
    return Body(f"car at {x}", "car", rectangle(Truth(x, y, 0.0), -2.3, 2.3, 0.9))


def test_gaps_lie_between_the_cars_and_at_the_ends() -> None:
    slots = gap_slots(STRIP, [parked(12.0), parked(4.0)])
    # tails and noses at 1.7, 6.3, 9.7 and 14.3: the first is too short for any car
    assert [slot.slot_id for slot in slots] == ["S1:gap1", "S1:gap2"]
    assert [slot.width_m for slot in slots] == pytest.approx([3.4, 15.7])
    assert slots[0].entrance_x_m == pytest.approx(8.0)
    assert slots[0].entrance_y_m == pytest.approx(2.2)
    assert slots[0].inward_yaw_rad == pytest.approx(-math.pi / 2)


def test_a_car_on_the_road_takes_nothing_of_the_strip() -> None:
    assert [slot.width_m for slot in gap_slots(STRIP, [parked(12.0, 3.5)])] == [30.0]


def test_a_car_by_the_kerb_in_the_gap_is_parked_in_it() -> None:
    (_, slot) = gap_slots(STRIP, [parked(4.0), parked(14.0), parked(25.0)])
    middle = slot.entrance_x_m
    rear_axle = middle - (0.5 * (PROFILE.wheelbase_m + PROFILE.front_overhang_m - PROFILE.rear_overhang_m))
    truth = Truth(rear_axle, 1.0, 0.0)
    assert min(y for _, y in outline(truth, PROFILE)) > 0.0
    assert standing(truth, PROFILE, slot).in_slot
    assert not standing(Truth(rear_axle, 1.6, 0.0), PROFILE, slot).in_slot
