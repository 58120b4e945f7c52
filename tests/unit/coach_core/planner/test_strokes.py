"""Long strokes into a slot, judged by an independent rollout and an independent geometry."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coach_core.errors import GeometryError
from coach_core.geometry.polygons import pack_obstacles
from coach_core.planner import PlanResult, PlanStatus
from coach_core.planner.strokes import ALONG_KERB, NOSE_IN, StrokeOptions, plan_strokes
from tests.toy.frames import CAR
from tests.toy.rollout import Array, body, driven

GOAL = np.array([0.0, 0.0, 0.5 * math.pi])
"""Parked in reverse, nose up."""
NEIGHBOURS = [
    np.array([[side * 2.5 - 1.02, -1.4], [side * 2.5 + 1.02, -1.4], [side * 2.5 + 1.02, 3.6], [side * 2.5 - 1.02, 3.6]])
    for side in (-2, -1, 1, 2)
]
WALLS = [
    np.array([[-20.0, -2.0], [20.0, -2.0], [20.0, -1.8], [-20.0, -1.8]]),
    np.array([[-20.0, 9.8], [20.0, 9.8], [20.0, 10.0], [-20.0, 10.0]]),
]
SCENE = [*NEIGHBOURS, *WALLS]
TURNS = (math.pi / 15.0, 2.0 * math.pi / 15.0)
OPTIONS = StrokeOptions()


def solve(start: Array, scene: list[Array] = SCENE) -> PlanResult:
    return plan_strokes(CAR, start, GOAL, pack_obstacles(scene), TURNS)


starts = st.tuples(st.floats(-5.0, 5.0), st.floats(5.3, 6.6), st.floats(-0.15, 0.15))


@settings(max_examples=15, deadline=None)
@given(starts)
def test_every_plan_found_ends_at_the_goal_and_keeps_its_clearance(start: tuple[float, float, float]) -> None:
    begin = np.array(start)
    room = body(*start).distance(shapely.union_all([shapely.Polygon(polygon) for polygon in SCENE]))
    assume(room > 0.05)
    result = solve(begin)
    assume(result.status is PlanStatus.FOUND)
    end, least = driven(begin, result, SCENE)
    assert end[1] == pytest.approx(GOAL[1], abs=2e-3)
    assert end[0] == pytest.approx(GOAL[0], abs=OPTIONS.lateral + 2e-3)
    assert math.remainder(end[2] - GOAL[2], 2.0 * math.pi) == pytest.approx(0.0, abs=0.0125)
    assert least >= min(OPTIONS.least_clearance, 0.8 * room) - 0.02
    assert result.min_clearance == pytest.approx(min(least, room), abs=0.02)
    assert result.length == pytest.approx(sum(segment.length for segment in result.segments))
    assert all(segment.length >= OPTIONS.shortest for segment in result.segments)
    assert (result.segments[-1].gear, result.segments[-1].steer) == (-1, 0.0)


@pytest.mark.parametrize("x", [-3.0, -1.0, 1.0, 3.0])
def test_ordinary_aisle_has_a_plan_from_before_and_beyond_the_slot(x: float) -> None:
    result = solve(np.array([x, 6.0, 0.0]))
    assert result.status is PlanStatus.FOUND
    assert result.cusps <= 2


@pytest.mark.parametrize("x", [-2.0, 2.0])
def test_strokes_may_each_be_driven_a_little_too_far(x: float) -> None:
    begin = np.array([x, 6.0, 0.0])
    _, least = driven(begin, solve(begin), SCENE, late=OPTIONS.overshoot - 0.12)
    assert least > 0.03


def test_something_in_the_slot_is_told_apart_from_no_way_into_it() -> None:
    inside = np.array([[-0.5, 0.0], [0.5, 0.0], [0.5, 1.0], [-0.5, 1.0]])
    assert solve(np.array([4.0, 6.6, 0.0]), [*SCENE, inside]).status is PlanStatus.GOAL_IN_COLLISION
    boxed_in = [np.array([[x, 4.0], [x + 0.2, 4.0], [x + 0.2, 9.0], [x, 9.0]]) for x in (2.4, 8.0)]
    assert solve(np.array([3.8, 6.6, 0.0]), [*SCENE, *boxed_in]).status is PlanStatus.NO_PATH


@pytest.mark.parametrize("ratio", [1.5, 1.6])
def test_kerb_side_slot_is_entered_from_beside_the_car_in_front(ratio: float) -> None:
    half = 0.5 * ratio * CAR.length
    ahead = np.array([[half, 0.2], [half + 4.6, 0.2], [half + 4.6, 2.05], [half, 2.05]])
    scene = [ahead, ahead - [2.0 * half + 4.6, 0.0], np.array([[-30.0, -0.6], [30.0, -0.6], [30.0, 0.0], [-30.0, 0.0]])]
    goal = np.array([CAR.rear_overhang - 0.5 * CAR.length, 0.25 + 0.5 * CAR.width, 0.0])
    begin = np.array([half, 2.05 + 1.0 + 0.5 * CAR.width, 0.0])
    result = plan_strokes(CAR, begin, goal, pack_obstacles(scene), TURNS, options=ALONG_KERB)
    assert result.status is PlanStatus.FOUND
    assert result.poses[-1][:2] == pytest.approx(goal[:2], abs=0.13)
    assert result.poses[-1][2] == pytest.approx(0.0, abs=0.0125)
    assert result.min_clearance >= ALONG_KERB.least_clearance - 0.02


@pytest.mark.parametrize("yaw", [0.0, 0.3])
def test_nose_in_ends_forwards(yaw: float) -> None:
    begin = np.array([-9.0, 3.2, yaw])
    result = plan_strokes(CAR, begin, np.array([0.0, 3.0, 0.0]), pack_obstacles([]), TURNS, options=NOSE_IN)
    assert result.segments[-1].gear == 1
    assert result.poses[-1] == pytest.approx([0.0, 3.0, 0.0], abs=0.08)


def test_start_that_touches_something_is_told_apart() -> None:
    assert solve(np.array([2.5, 2.0, 0.0])).status is PlanStatus.START_IN_COLLISION


def test_pose_that_is_no_pose_is_refused() -> None:
    with pytest.raises(GeometryError, match="pose"):
        solve(np.array([math.nan, 6.0, 0.0]))


def test_partial_angles_are_used_only_from_those_that_can_be_told() -> None:
    allowed = {0.0, CAR.max_steer, -CAR.max_steer} | {sign * turn for turn in TURNS for sign in (-1, 1)}
    for x in (-3.0, 0.0, 3.0):
        for segment in solve(np.array([x, 5.8, 0.1])).segments:
            assert min(abs(segment.steer - wanted) for wanted in allowed) < 1e-12


@pytest.mark.parametrize("yaw", [0.4, 0.9, 1.4])
def test_closed_form_of_one_arc_finds_what_trying_every_length_finds(yaw: float) -> None:
    """On open ground, from where one arc at full lock and a straight end exactly at the goal."""
    curvature = math.tan(CAR.max_steer) / CAR.wheelbase
    radius = 1.0 / curvature
    # drive the manoeuvre backwards from the goal: straight out, then the arc to the right
    turn = yaw
    begin = np.array([radius * (1.0 - math.cos(turn)), 3.0 + radius * math.sin(turn), 0.5 * math.pi - turn])
    result = plan_strokes(CAR, begin, GOAL, pack_obstacles([]), ())
    best = min(
        (abs(arc - radius * turn) + abs(straight - 3.0), arc, straight)
        for arc in np.arange(0.5, 6.0, 0.05)
        for straight in np.arange(0.5, 5.0, 0.05)
        if closes(begin, arc, straight, curvature)
    )
    assert result.status is PlanStatus.FOUND
    assert [(segment.gear, segment.steer) for segment in result.segments] == [(-1, -CAR.max_steer), (-1, 0.0)]
    assert result.segments[0].length == pytest.approx(radius * turn, abs=1e-6)
    assert (result.segments[0].length, result.segments[1].length) == pytest.approx(best[1:], abs=0.06)


def closes(begin: Array, arc: float, straight: float, curvature: float) -> bool:
    """Whether reversing an arc to the right and then a straight ends within a tenth of the goal."""
    x, y, yaw = begin
    for _ in range(50):
        step = -arc / 50
        middle = yaw - 0.5 * step * curvature
        x, y, yaw = x + step * math.cos(middle), y + step * math.sin(middle), yaw - step * curvature
    x, y = x - straight * math.cos(yaw), y - straight * math.sin(yaw)
    return math.hypot(x, y) < 0.1 and abs(math.remainder(yaw - GOAL[2], 2.0 * math.pi)) < 0.05
