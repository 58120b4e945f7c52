"""Slots and the cars that may stand in them."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from coach_core.contracts import SlotMap
from coach_core.geometry.poses import apply, compose, inverse
from coach_core.perception.slots import slot_from_map, slot_message
from tests.toy.frames import CAR, LOT

SLOT = slot_from_map(LOT.slots[2])


def test_parked_car_faces_out_with_its_nose_just_inside_the_entrance() -> None:
    pose = SLOT.parked_pose(CAR)
    nose = apply(pose, [CAR.wheelbase + CAR.front_overhang, 0.0])
    local = apply(inverse(SLOT.world_from_slot), nose)
    assert local[0] == pytest.approx(0.25)
    assert local[1] == pytest.approx(0.0)
    assert abs(compose(inverse(SLOT.world_from_slot), pose)[2]) == pytest.approx(math.pi)


def middle_and_yaw(slot: SlotMap) -> tuple[float, float, float]:
    """Of the car parked in it, in the slot's frame."""
    known = slot_from_map(slot)
    x, y, yaw = compose(inverse(known.world_from_slot), known.parked_pose(CAR))
    along = 0.5 * CAR.length - CAR.rear_overhang
    return x + along * math.cos(yaw), y + along * math.sin(yaw), yaw


def test_nose_in_leaves_the_tail_just_inside_the_entrance() -> None:
    slot = SlotMap("N", "perpendicular", 1.0, 2.0, 0.3, 2.5, 5.0, parked_yaw_rad=0.3)
    assert middle_and_yaw(slot) == pytest.approx((0.25 + 0.5 * CAR.length, 0.0, 0.0))


def test_parallel_car_stands_in_the_middle_with_the_kerb_on_its_right() -> None:
    slot = SlotMap("P", "parallel", 1.0, 2.0, -0.5 * math.pi, 6.0, 2.4)
    assert middle_and_yaw(slot) == pytest.approx((2.4 - 0.25 - 0.5 * CAR.width, 0.0, 0.5 * math.pi))


def test_assumed_car_stands_within_the_slot_and_is_wider_than_a_real_one() -> None:
    local = apply(inverse(SLOT.world_from_slot), SLOT.assumed_car())
    assert local[:, 0].min() == pytest.approx(0.0)
    assert local[:, 0].max() < SLOT.depth
    assert np.ptp(local[:, 1]) > 1.85
    assert np.ptp(local[:, 1]) < SLOT.width


@pytest.mark.parametrize(
    "slot",
    [
        SlotMap("A", "perpendicular", 1.0, 2.0, -0.5 * math.pi, 2.5, 5.0),
        SlotMap("B", "angled", 1.0, 2.0, -0.8, 2.5, 5.0, parked_yaw_rad=-0.8),
        SlotMap("C", "parallel", 1.0, 2.0, -0.5 * math.pi, 6.7, 2.2),
        SlotMap("D", "perpendicular", 1.0, 2.0, 0.3, 2.0, 3.6),
    ],
)
def test_what_every_parked_car_covers_lies_within_what_it_is_assumed_to_cover(slot: SlotMap) -> None:
    known = slot_from_map(slot)
    assumed, core = shapely.Polygon(known.assumed_car()), shapely.Polygon(known.core())
    assert assumed.contains(core)
    assert shapely.Polygon(known.corners()).buffer(1e-9).contains(assumed)
    assert assumed.exterior.is_ccw
    assert core.exterior.is_ccw


def test_car_along_a_kerb_is_assumed_along_the_slot() -> None:
    local = apply(inverse(slot_from_map(LOT.slots[0]).world_from_slot), slot_from_map(LOT.slots[0]).assumed_car())
    kerb = slot_from_map(SlotMap("C", "parallel", 1.0, 2.0, -0.5 * math.pi, 6.7, 2.4))
    along = apply(inverse(kerb.world_from_slot), kerb.assumed_car())
    assert np.ptp(local[:, 0]) > np.ptp(local[:, 1])
    assert np.ptp(along[:, 1]) == pytest.approx(6.6)
    assert along[:, 0].min() == pytest.approx(0.25)


def test_slot_told_as_a_message_comes_back_the_same() -> None:
    for slot in LOT.slots:
        known = slot_from_map(slot)
        again = slot_from_map(slot_message(known))
        assert again.world_from_slot == pytest.approx(known.world_from_slot)
        assert math.remainder(again.parked_yaw - known.parked_yaw, 2.0 * math.pi) == pytest.approx(0.0)
        assert again[:2] == known[:2]
