"""What driving past tells of a slot."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coach_core.contracts import SlotMap
from coach_core.geometry.poses import apply, compose, inverse
from coach_core.perception.slots import ENOUGH, OccupancyWatcher, slot_from_map
from tests.toy.frames import CAR, LOT

SLOT = slot_from_map(LOT.slots[2])
INWARDS = -0.5 * math.pi
ABOVE = np.array([SLOT.world_from_slot[0], SLOT.world_from_slot[1] + 1.5, INWARDS])
"""A side sensor 1.5 m before the middle of the entrance, looking in."""


def watched(*distances: float | None, sensor: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = ABOVE) -> str:
    watcher = OccupancyWatcher([SLOT])
    for distance in distances:
        watcher.look(sensor, distance, 4.0)
    return watcher.occupancy(SLOT.slot_id)


def test_slot_nobody_looked_into_is_unknown() -> None:
    assert watched() == "unknown"


def test_echoes_from_behind_the_entrance_make_it_occupied() -> None:
    assert watched(*[1.7] * ENOUGH) == "occupied"


@pytest.mark.parametrize("deep", [3.5, None])
def test_echoes_from_deep_inside_or_none_at_all_make_it_free(deep: float | None) -> None:
    assert watched(*[deep] * ENOUGH) == "free"


def test_too_few_echoes_settle_nothing() -> None:
    assert watched(*[1.7] * (ENOUGH - 1)) == "unknown"


def test_contradicting_echoes_are_taken_for_a_car_or_for_unknown_but_never_for_free() -> None:
    assert watched(*[1.7] * ENOUGH, *[None] * ENOUGH) == "occupied"
    assert watched(*[1.7] * ENOUGH, *[None] * (ENOUGH + 1)) == "unknown"


def test_nonsense_settles_nothing() -> None:
    assert watched(*[math.nan] * 10) == "unknown"


@pytest.mark.parametrize(
    "sensor",
    [
        np.add(ABOVE, [0.5, 0.0, 0.0]),
        np.add(ABOVE, [0.0, 1.5, 0.0]),
        np.add(ABOVE, [0.0, -2.0, 0.0]),
        np.add(ABOVE, [0.0, 0.0, 0.6]),
        np.add(ABOVE, [0.0, 0.0, math.pi]),
    ],
)
def test_sensor_beside_too_far_inside_or_turned_away_tells_nothing(
    sensor: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> None:
    assert watched(*[1.7] * 10, sensor=sensor) == "unknown"


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
