"""To and fro along a kerb and before a bay, judged by an independent rollout."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coach_core.geometry.polygons import pack_obstacles
from coach_core.planner import PlanResult, PlanStatus
from coach_core.planner.strokes import CLOSE_NOSE_IN, NOSE_TO_AND_FRO, TO_AND_FRO, StrokeOptions, plan_strokes
from tests.toy.frames import CAR
from tests.toy.rollout import Array, driven

OPTIONS = TO_AND_FRO._replace(places=600)
"""A tenth of the places is enough here, and is looked at in seconds without compiled kernels too."""
KERB = np.array([[-30.0, -0.6], [30.0, -0.6], [30.0, 0.0], [-30.0, 0.0]])
GOAL = np.array([CAR.rear_overhang - 0.5 * CAR.length, 0.2 + 0.5 * CAR.width, 0.0])
LANE = 2.05 + 0.9 + 0.5 * CAR.width


def cars(lengths: float) -> list[Array]:
    """Two parked cars with a gap of so many car lengths between them."""
    half = 0.5 * lengths * CAR.length
    ahead = np.array([[half, 0.2], [half + 4.6, 0.2], [half + 4.6, 2.05], [half, 2.05]])
    return [ahead, ahead - [2.0 * half + 4.6, 0.0]]


def solve(start: Array, lengths: float) -> PlanResult:
    scene = pack_obstacles([*cars(lengths), KERB])
    return plan_strokes(CAR, start, GOAL, scene, (0.21, 0.42), options=OPTIONS)


@pytest.mark.parametrize("start", [(0.5, LANE, 0.0), (-2.0, LANE + 0.4, 0.03), (-1.7, 1.5, 0.25)])
def test_every_stroke_may_be_driven_too_far_without_touching_a_car(start: tuple[float, float, float]) -> None:
    begin = np.array(start)
    result = solve(begin, 1.55)
    assert result.status is PlanStatus.FOUND
    end, clearance = driven(begin, result, [*cars(1.55), KERB])
    assert end[:2] == pytest.approx(GOAL[:2], abs=0.15)
    assert end[2] == pytest.approx(0.0, abs=0.02)
    assert clearance > 0.03
    assert driven(begin, result, cars(1.55), late=OPTIONS.overshoot - 0.05)[1] > 0.0
    assert all(segment.length >= OPTIONS.shortest - 1e-9 for segment in result.segments)


def test_more_strokes_are_taken_where_few_leave_no_room_behind_them() -> None:
    begin = np.array([0.0, LANE, 0.0])
    roomy, short = solve(begin, 1.7), solve(begin, 1.42)
    assert roomy.status is short.status is PlanStatus.FOUND
    assert roomy.cusps < short.cusps


def test_gap_in_which_no_stroke_leaves_room_has_no_manoeuvre() -> None:
    assert solve(np.array([0.0, LANE, 0.0]), 1.2).status is PlanStatus.NO_PATH


def test_kerb_beside_the_goal_may_be_nearer_than_a_car_behind_it() -> None:
    """It is 0.2 m beside the parked car: an arc that ends there can never be driven on as far as a straight towards a
    car."""
    begin, scene = np.array([0.5, LANE, 0.0]), pack_obstacles([*cars(1.55), KERB])
    strict = OPTIONS._replace(kerb=False, soft=0.6, overshoot=0.6)
    assert plan_strokes(CAR, begin, GOAL, scene, (), options=strict).status is PlanStatus.NO_PATH
    lenient = OPTIONS._replace(overshoot=0.4)
    assert plan_strokes(CAR, begin, GOAL, scene, (), options=lenient).status is PlanStatus.FOUND


def test_nose_in_there_is_more_room_behind_strokes_before_the_wall_across_the_aisle() -> None:
    neighbours = [
        np.array([[x - 0.95, -5.2], [x + 0.95, -5.2], [x + 0.95, -0.4], [x - 0.95, -0.4]]) for x in (-2.5, 2.5)
    ]
    wall = np.array([[-20.0, 5.6], [20.0, 5.6], [20.0, 5.8], [-20.0, 5.8]])
    goal = np.array([0.0, -0.3 - CAR.rear_overhang, -0.5 * math.pi])
    begin = np.array([3.0, 2.2, 0.0])

    def late(options: StrokeOptions) -> float:
        """How near the wall strokes come when driven too far [m]."""
        scene = pack_obstacles([*neighbours, wall])
        result = plan_strokes(CAR, begin, goal, scene, (0.21, 0.42), options=options)
        assert result.status is PlanStatus.FOUND
        return driven(begin, result, [wall], late=NOSE_TO_AND_FRO.overshoot - 0.05)[1]

    assert late(CLOSE_NOSE_IN) < 0.1 < late(NOSE_TO_AND_FRO._replace(places=600))
