"""Where a car is out of its slot, and the way there."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coach_core.contracts import SlotMap
from coach_core.geometry.polygons import body_clearance, pack_obstacles
from coach_core.geometry.poses import YAW, compose
from coach_core.guidance.aims import stands_in
from coach_core.guidance.leaving import ON_ITS_WAY, Row, plan_out, row_of
from coach_core.perception.slots import Slot, slot_from_map
from coach_core.planner import PlanOptions, PlanResult, PlanStatus
from tests.toy.frames import CAR

EAST = Row((0.0, 0.0), 0.0)


def bay(x: float, inward: float = -0.5 * math.pi, *, nose_in: bool = False) -> Slot:
    kind = "perpendicular" if abs(inward + 0.5 * math.pi) < 0.01 else "angled"
    return slot_from_map(SlotMap(f"A{x}", kind, x, 0.0, inward, 2.5, 5.0, inward if nose_in else None))  # type: ignore[arg-type]


def gap(x: float) -> Slot:
    return slot_from_map(SlotMap(f"P{x}", "parallel", x, 0.0, -0.5 * math.pi, 6.7, 2.3))


@pytest.mark.parametrize(
    ("x", "y", "yaw", "out"),
    [
        (0.0, 1.5, 0.0, True),
        (0.0, 1.5, math.pi, True),
        (0.0, 0.5, 0.0, False),
        (0.0, 3.0, 0.5, False),
        (0.0, 1.5, 0.2, True),
        (0.0, 2.0, -0.2, True),
    ],
)
def test_car_is_out_when_all_of_it_is_beyond_the_mouths_and_along_the_row(
    x: float, y: float, yaw: float, out: bool
) -> None:
    assert EAST.is_out(np.array([x, y, yaw]), CAR) is out


@pytest.mark.parametrize(("yaw", "out"), [(0.08, True), (0.2, False), (math.pi - 0.08, True), (math.pi - 0.2, False)])
def test_car_that_is_to_go_on_along_the_row_is_out_only_when_it_heads_there(yaw: float, out: bool) -> None:
    assert EAST._replace(within=ON_ITS_WAY).is_out(np.array([0.0, 2.0, yaw]), CAR) is out


def test_row_runs_through_the_entrances_with_its_slots_to_the_right() -> None:
    slots = [bay(2.9 * i, -2.0) for i in range(3)]
    for slot in slots:
        row = row_of(slot, slots)
        assert row.yaw == pytest.approx(0.0)
        assert row.at[1] == pytest.approx(max(corner[1] for corner in slot.corners()))


def test_row_of_a_slot_that_has_no_neighbour_is_square_to_it() -> None:
    assert row_of(bay(0.0), [bay(0.0)]).yaw == pytest.approx(0.0)


def leave(slot: Slot, others: list[Slot]) -> tuple[Row, PlanResult]:
    row = row_of(slot, [slot, *others])
    obstacles = pack_obstacles([other.assumed_car() for other in others])
    start, goals = slot.parked_pose(CAR), row.goals(slot, CAR)
    return row, plan_out(CAR, start, row, goals, obstacles, (0.2, 0.4), 0.0, PlanOptions(max_expansions=2000))


@pytest.mark.parametrize(
    ("slot", "others", "first_gear"),
    [
        (bay(0.0), [bay(-2.5), bay(2.5)], 1),
        (bay(0.0, nose_in=True), [bay(-2.5), bay(2.5)], -1),
        (gap(0.0), [gap(-6.7), gap(6.7)], 1),
    ],
    ids=["nose out", "nose in", "along a kerb"],
)
def test_plan_leads_out_past_the_neighbours(slot: Slot, others: list[Slot], first_gear: int) -> None:
    row, result = leave(slot, others)
    assert result.status is PlanStatus.FOUND
    assert result.segments[0].gear == first_gear
    assert row.is_out(result.poses[-1], CAR)
    obstacles = pack_obstacles([other.assumed_car() for other in others])
    assert min(body_clearance(CAR, pose, obstacles) for pose in result.poses) > 0.1


def test_plan_ends_as_soon_as_the_car_is_out() -> None:
    row, result = leave(gap(0.0), [gap(-6.7), gap(6.7)])
    last = result.segments[-1].length
    before = [pose for pose in result.poses if np.hypot(*(pose - result.poses[-1])[:YAW]) > last]
    assert before
    assert not any(row.is_out(pose, CAR) for pose in before)


def test_car_stands_in_a_slot_either_way_round_but_not_before_it() -> None:
    slot = bay(0.0)
    parked = slot.parked_pose(CAR)
    turned = compose(parked, [CAR.wheelbase, 0.0, math.pi])
    assert stands_in(slot, parked, CAR)
    assert stands_in(slot, turned, CAR)
    assert not stands_in(slot, compose(parked, [1.5, 0.0, 0.0]), CAR)
    assert not stands_in(slot, np.array([0.0, 2.0, 0.0]), CAR)
