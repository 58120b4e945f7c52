"""The planner's front door: what it promises for the standard tasks and for bad questions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from coach_core.geometry.polygons import body_clearance, pack_obstacles
from coach_core.planner import PlanOptions, PlanResult, PlanStatus, improve, plan
from coach_core.vehicle import VehicleParams
from ops.bench.planner.checker import check_path
from ops.bench.planner.scenes import standard_tasks

CAR = VehicleParams(2.8, 0.96, 0.929, 1.942, 0.6)
TASKS = {scene.name: scene for scene in standard_tasks()}
NOTHING = pack_obstacles([])
BLOCK = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])


def solve(name: str, options: PlanOptions = PlanOptions()) -> PlanResult:  # noqa: B008
    task = TASKS[name]
    return plan(CAR, task.start, task.goal, pack_obstacles(task.obstacles), options)


@pytest.mark.parametrize("name", ["perp_rev", "parallel_1.5L", "angled60_rev"])
def test_standard_task_is_solved_cleanly_with_one_change_of_gear(name: str) -> None:
    task, result = TASKS[name], solve(name)
    verdict = check_path(CAR, result.poses, result.gears, task.start, task.goal, task.obstacles)
    assert verdict.problems == ()
    assert result.status is PlanStatus.FOUND
    assert result.cusps == verdict.cusps == 1
    assert verdict.clearance >= 0.2
    assert result.min_clearance == pytest.approx(verdict.clearance, abs=0.01)
    assert result.length == pytest.approx(verdict.length, abs=1e-6)


@pytest.mark.parametrize("name", ["perp_rev", "angled60_rev"])
def test_slot_is_entered_straight_in_reverse(name: str) -> None:
    last = solve(name).segments[-1]
    assert (last.gear, last.steer) == (-1, 0.0)
    assert last.length >= 0.8


def test_bay_is_left_into_the_aisle() -> None:
    task = TASKS["perp_rev"]
    goal = np.array([7.0, 3.0, 0.0])
    result = plan(CAR, task.goal, goal, pack_obstacles(task.obstacles))
    verdict = check_path(CAR, result.poses, result.gears, task.goal, goal, task.obstacles)
    assert (result.status, verdict.problems) == (PlanStatus.FOUND, ())
    assert result.segments[0].gear == 1


def test_bay_is_entered_nose_first() -> None:
    task = TASKS["perp_rev"]
    shift = CAR.wheelbase + CAR.front_overhang - CAR.rear_overhang
    goal = np.array([task.goal[0], task.goal[1] + shift, -0.5 * math.pi])
    start = np.array([-9.0, 3.5, 0.0])
    result = plan(CAR, start, goal, pack_obstacles(task.obstacles))
    verdict = check_path(CAR, result.poses, result.gears, start, goal, task.obstacles)
    assert (result.status, verdict.problems) == (PlanStatus.FOUND, ())
    assert result.segments[-1].gear == 1


def test_tight_parallel_slot_of_1_2_car_lengths_is_solved_with_five_centimetres_to_spare() -> None:
    task = TASKS["tight_parallel_1.2L"]
    result = solve("tight_parallel_1.2L", PlanOptions(margin=0.05))
    verdict = check_path(CAR, result.poses, result.gears, task.start, task.goal, task.obstacles)
    assert verdict.problems == ()
    assert verdict.clearance >= 0.049


@pytest.mark.parametrize("name", ["perp_rev", "parallel_1.5L"])
def test_every_segment_has_a_wheel_position_that_a_novice_can_find(name: str) -> None:
    lock = CAR.max_steer
    for segment in solve(name).segments:
        assert segment.gear in (-1, 1)
        assert segment.length > 0.0
        assert segment.steer in (0.0, lock, -lock, 0.5 * lock, -0.5 * lock)


def test_poses_are_close_together_and_end_on_the_goal() -> None:
    result = solve("perp_rev")
    steps = np.hypot(*np.diff(result.poses[:, :2], axis=0).T)
    assert steps.max() <= 0.05 + 1e-9
    assert len(result.gears) == len(result.poses)
    np.testing.assert_allclose(result.poses[-1], TASKS["perp_rev"].goal, atol=1e-9)


def test_same_question_gives_the_same_answer() -> None:
    first, second = solve("angled60_rev"), solve("angled60_rev")
    assert first.segments == second.segments
    np.testing.assert_array_equal(first.poses, second.poses)


def test_start_on_the_goal_needs_no_driving() -> None:
    result = plan(CAR, [1.0, 2.0, 0.5], [1.0, 2.0, 0.5 + 2.0 * math.pi], NOTHING)
    assert (result.status, result.segments, len(result.poses)) == (PlanStatus.FOUND, (), 1)


def test_straight_ahead_on_open_ground_is_one_segment() -> None:
    result = plan(CAR, [0.0, 0.0, 0.0], [5.0, 0.0, 0.0], NOTHING)
    assert len(result.segments) == 1
    assert result.segments[0].length == pytest.approx(5.0)
    assert result.min_clearance == math.inf


def test_collision_at_either_end_is_named() -> None:
    block = pack_obstacles([BLOCK])
    away = [20.0, 0.0, 0.0]
    assert plan(CAR, [0.0, 0.0, 0.0], away, block).status is PlanStatus.START_IN_COLLISION
    assert plan(CAR, away, [0.0, 0.0, 0.0], block).status is PlanStatus.GOAL_IN_COLLISION


def test_alternative_goal_is_taken_where_the_first_is_occupied() -> None:
    block = pack_obstacles([BLOCK])
    result = plan(CAR, [20.0, 6.0, 0.0], [0.0, 0.0, 0.0], block, goals=[[10.0, 6.0, 0.0]])
    assert (result.status, result.goal_index) == (PlanStatus.FOUND, 1)
    np.testing.assert_allclose(result.poses[-1], [10.0, 6.0, 0.0], atol=1e-9)


def test_walled_in_goal_has_no_path() -> None:
    walls = [BLOCK * [5.0, 0.2] + [0.0, y] for y in (-3.0, 3.0)] + [BLOCK * [0.2, 3.0] + [x, 0.0] for x in (-5.0, 5.0)]
    options = PlanOptions(max_expansions=300)
    result = plan(CAR, [0.0, 10.0, 0.0], [-1.5, 0.0, 0.0], pack_obstacles(walls), options)
    assert result.status in (PlanStatus.NO_PATH, PlanStatus.BUDGET_EXHAUSTED)
    assert result.expansions <= 300
    assert (result.segments, result.goal_index, len(result.poses)) == ((), -1, 0)


@pytest.mark.parametrize("bad", [[math.nan, 0.0, 0.0], [0.0, math.inf, 0.0], [0.0, 0.0], "here", [1e30, 0.0, 0.0]])
def test_pose_that_is_no_pose_is_invalid_input_and_not_an_exception(bad: Any) -> None:
    assert plan(CAR, bad, [0.0, 0.0, 0.0], NOTHING).status is PlanStatus.INVALID_INPUT
    assert plan(CAR, [0.0, 0.0, 0.0], bad, NOTHING).status is PlanStatus.INVALID_INPUT


@pytest.mark.parametrize("field", VehicleParams._fields)
@pytest.mark.parametrize("value", [0.0, -1.0, math.nan])
def test_impossible_car_is_invalid_input(field: str, value: float) -> None:
    car = CAR._replace(**{field: value})
    assert plan(car, [0.0, 0.0, 0.0], [5.0, 0.0, 0.0], NOTHING).status is PlanStatus.INVALID_INPUT


def test_car_beside_a_wall_creeps_away_with_a_little_lock() -> None:
    # with more lock the rear corner would swing out into the wall
    wall = pack_obstacles([BLOCK * [20.0, 1.0]])
    start = [0.0, 1.0 + 0.5 * CAR.width + 0.04, 0.0]
    result = plan(CAR, start, [12.0, 5.0, 0.0], wall)
    assert result.status is PlanStatus.FOUND
    assert result.min_clearance > 0.0


def test_car_that_stands_nearer_than_the_margin_may_still_leave() -> None:
    wall = pack_obstacles([BLOCK * [1.0, 20.0]])
    start = [-1.0 - CAR.wheelbase - CAR.front_overhang - 0.02, 0.0, 0.0]
    assert body_clearance(CAR, start, wall) == pytest.approx(0.02)
    result = plan(CAR, start, [-12.0, -3.0, 0.0], wall)
    assert result.status is PlanStatus.FOUND
    assert result.min_clearance > 0.0


def test_first_answer_of_many_gears_is_bettered_by_a_second_look() -> None:
    # the standard bay with a loose box across the aisle
    task = TASKS["perp_rev"]
    obstacles = [*task.obstacles, 0.25 * BLOCK + [1.5, 4.5]]
    packed = pack_obstacles(obstacles)
    first = plan(CAR, task.start, task.goal, packed)
    better = improve(CAR, task.start, task.goal, packed, first)
    assert (first.status, better.status) == (PlanStatus.FOUND, PlanStatus.FOUND)
    assert check_path(CAR, better.poses, better.gears, task.start, task.goal, obstacles).problems == ()
    assert better.cusps < first.cusps


def test_what_is_no_answer_to_the_question_is_handed_back() -> None:
    nothing = plan(CAR, [math.nan, 0.0, 0.0], [0.0, 0.0, 0.0], NOTHING)
    assert improve(CAR, [0.0, 0.0, 0.0], [5.0, 0.0, 0.0], NOTHING, nothing) is nothing
    elsewhere = plan(CAR, [0.0, 0.0, 0.0], [5.0, 0.0, 0.0], NOTHING)
    assert improve(CAR, [1.0, 0.0, 0.0], [5.0, 0.0, 0.0], NOTHING, elsewhere) is elsewhere


def test_car_that_is_walled_in_with_its_goal_outside_is_told_so_at_once() -> None:
    walls = [BLOCK * [5.0, 0.2] + [0.0, y] for y in (-3.0, 3.0)] + [BLOCK * [0.2, 3.0] + [x, 0.0] for x in (-5.0, 5.0)]
    result = plan(CAR, [0.0, 10.0, 0.0], [-1.5, 0.0, 0.0], pack_obstacles(walls))
    assert result.status is PlanStatus.NO_PATH
    assert result.expansions <= 25
