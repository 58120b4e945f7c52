"""Segments as poses."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coach_core.geometry.poses import advance
from coach_core.planner import PlanSegment
from coach_core.planner.paths import arc_poses, count_cusps, merged, sample

WHEELBASE = 2.8
THERE_AND_BACK = [PlanSegment(1, 0.6, 2.0), PlanSegment(-1, 0.6, 2.0)]


def test_neighbours_alike_become_one() -> None:
    segments = [PlanSegment(1, 0.0, 1.0), PlanSegment(1, 0.0, 2.0), PlanSegment(-1, 0.0, 2.0)]
    assert merged(segments) == [PlanSegment(1, 0.0, 3.0), PlanSegment(-1, 0.0, 2.0)]


def test_cusps_are_changes_of_gear_and_not_of_steering() -> None:
    assert count_cusps([PlanSegment(1, 0.0, 1.0), PlanSegment(1, 0.6, 1.0), PlanSegment(-1, 0.6, 1.0)]) == 1
    assert count_cusps([]) == 0


def test_there_and_back_ends_where_it_began() -> None:
    poses, gears = sample(np.array([1.0, 2.0, 0.5]), THERE_AND_BACK, WHEELBASE, 0.05)
    np.testing.assert_allclose(poses[-1], poses[0], atol=1e-12)
    assert gears.tolist() == [1] * 41 + [-1] * 40


def test_segment_ends_are_among_the_poses() -> None:
    start = np.array([0.0, 0.0, 3.0])
    poses, _ = sample(start, THERE_AND_BACK, WHEELBASE, 0.3)
    middle = advance(start, math.tan(0.6) / WHEELBASE, 2.0)
    assert np.abs(poses - middle).sum(axis=1).min() == pytest.approx(0.0, abs=1e-9)
    assert (np.abs(poses[:, 2]) <= math.pi).all()


@pytest.mark.parametrize("curvature", [0.0, 0.2, -0.24])
def test_arc_poses_are_those_of_advance(curvature: float) -> None:
    start = np.array([1.0, -1.0, 2.0])
    distances = np.array([-3.0, 0.0, 0.5, 7.0])
    expected = [advance(start, curvature, float(distance)) for distance in distances]
    np.testing.assert_allclose(arc_poses(start, curvature, distances), expected, atol=1e-12)
