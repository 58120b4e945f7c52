"""The judge of paths: it must find every fault that is put in."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from ops.bench.planner.checker import Verdict, check_path
from ops.bench.planner.scenes import BenchCar

CAR = BenchCar()
CURVATURE = math.tan(CAR.max_steer) / CAR.wheelbase
BOX = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])
Array = NDArray[np.float64]


def circle(turns: Array, curvature: float = CURVATURE) -> Array:
    """Poses after `turns` rad to the left from the origin."""
    return np.column_stack([np.sin(turns) / curvature, (1.0 - np.cos(turns)) / curvature, turns])


def judge(poses: Array, gears: list[int], obstacles: list[Array] | None = None) -> Verdict:
    return check_path(CAR, poses, gears, poses[0], poses[-1], obstacles or [])


def test_quarter_circle_at_full_lock_is_faultless() -> None:
    verdict = judge(circle(np.linspace(0.0, 0.5 * math.pi, 40)), [1] * 40)
    assert verdict.problems == ()
    assert verdict.length == pytest.approx(0.5 * math.pi / CURVATURE)
    assert (verdict.clearance, verdict.cusps) == (math.inf, 0)


def test_tighter_circle_is_more_than_full_lock() -> None:
    verdict = judge(circle(np.linspace(0.0, 1.0, 20), 1.05 * CURVATURE), [1] * 20)
    assert "more than full lock" in verdict.problems[0]


def test_sideways_slide_is_seen() -> None:
    verdict = judge(np.array([[0.0, 0.0, 0.0], [0.05, 0.001, 0.0]]), [1, 1])
    assert "slides sideways" in verdict.problems[0]


def test_gear_must_fit_the_motion() -> None:
    verdict = judge(np.array([[0.0, 0.0, 0.0], [-0.05, 0.0, 0.0]]), [1, 1])
    assert "against its gear +1" in verdict.problems[0]


def test_changes_of_gear_are_counted() -> None:
    verdict = judge(np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.5, 0.0, 0.0], [0.8, 0.0, 0.0]]), [1, 1, -1, 1])
    assert (verdict.problems, verdict.cusps) == ((), 2)


def test_post_between_two_poses_is_hit() -> None:
    # the poses stand clear on both sides of the box; the car passes through it
    verdict = judge(np.array([[0.0, 0.0, 0.0], [14.0, 0.0, 0.0]]), [1, 1], [0.2 * BOX + np.array([8.0, 0.0])])
    assert verdict.problems == ("hits an obstacle",)
    assert verdict.clearance == 0.0


def test_wrong_ends_are_named() -> None:
    poses = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    verdict = check_path(CAR, poses, [1, 1], [0.0, 0.1, 0.0], [1.0, 0.0, 0.2], [])
    assert [problem.split(" by ")[0] for problem in verdict.problems] == ["misses the start", "misses the goal"]


def test_whole_turns_of_the_goal_do_not_matter() -> None:
    poses = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    assert check_path(CAR, poses, [1, 1], poses[0], [1.0, 0.0, 2.0 * math.pi], []).problems == ()


@pytest.mark.parametrize("poses", [np.empty((0, 3)), np.zeros((2, 2)), np.array([[math.nan, 0.0, 0.0]])])
def test_what_is_no_path_is_refused(poses: Array) -> None:
    assert check_path(CAR, poses, [1] * len(poses), [0.0] * 3, [0.0] * 3, []).problems
