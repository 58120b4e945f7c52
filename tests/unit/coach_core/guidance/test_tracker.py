"""Where along its plan the car is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach_core.geometry.poses import advance, compose
from coach_core.guidance.tracker import PlanTracker, refitted, slot_error
from coach_core.planner import PlanSegment
from tests.toy.frames import CAR

START = np.array([1.0, 2.0, 0.7])
steers = st.one_of(st.just(0.0), st.floats(0.1, 0.6), st.floats(-0.6, -0.1))
gears = st.sampled_from([-1, 1])


def tracker(*segments: PlanSegment) -> PlanTracker:
    return PlanTracker(START, segments, CAR.wheelbase)


def along(segment: PlanSegment, way: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return advance(START, math.tan(segment.steer) / CAR.wheelbase, segment.gear * way)


@given(gears, steers, st.floats(0.5, 6.0), st.floats(-0.1, 1.1))
def test_car_on_the_segment_is_as_far_along_as_it_has_driven(
    gear: int, steer: float, length: float, share: float
) -> None:
    segment = PlanSegment(gear, steer, length)
    progress = tracker(segment).progress(along(segment, share * length))
    assert progress.remaining == pytest.approx((1.0 - share) * length, abs=1e-6)
    assert progress.lateral == pytest.approx(0.0, abs=1e-6)
    assert progress.heading == pytest.approx(0.0, abs=1e-6)


@given(gears, steers, st.floats(0.1, 0.9), st.floats(-0.4, 0.4), st.floats(-0.3, 0.3))
def test_car_beside_the_segment_is_off_to_the_left_of_its_travel(
    gear: int, steer: float, share: float, left: float, turned: float
) -> None:
    segment = PlanSegment(gear, steer, 4.0)
    beside = compose(along(segment, 4.0 * share), [0.0, gear * left, turned])
    progress = tracker(segment).progress(beside)
    assert progress.lateral == pytest.approx(left, abs=1e-6)
    assert progress.remaining == pytest.approx(4.0 * (1.0 - share), abs=1e-6)
    assert progress.heading == pytest.approx(turned, abs=1e-6)


@given(st.lists(st.tuples(gears, steers, st.floats(0.1, 4.0)), min_size=1, max_size=5))
def test_rollout_ends_where_the_segments_end(parts: list[tuple[int, float, float]]) -> None:
    segments = [PlanSegment(*part) for part in parts]
    end = START
    for segment in segments:
        end = advance(end, math.tan(segment.steer) / CAR.wheelbase, segment.gear * segment.length)
    poses = tracker(*segments).rollout(START)
    assert poses[-1][:2] == pytest.approx(end[:2], abs=1e-9)
    assert math.remainder(poses[-1][2] - end[2], 2.0 * math.pi) == pytest.approx(0.0, abs=1e-9)
    assert np.hypot(*np.diff(poses[:, :2], axis=0).T).max() <= 0.1 + 1e-9


def test_rollout_begins_where_the_car_really_is_with_what_is_left() -> None:
    poses = tracker(PlanSegment(1, 0.0, 3.0), PlanSegment(-1, 0.0, 1.0)).rollout(
        np.array([0.0, 0.0, 0.0]), remaining=0.5
    )  # fmt: skip
    assert poses[0] == pytest.approx([0.0, 0.0, 0.0])
    assert poses[-1] == pytest.approx([-0.5, 0.0, 0.0])
    assert poses[:, 0].max() == pytest.approx(0.5)


def test_cusps_are_the_changes_of_direction() -> None:
    forward, back = PlanSegment(1, 0.2, 1.0), PlanSegment(-1, 0.0, 1.0)
    assert tracker(forward, forward, back, back, forward).cusps == 2
    assert tracker(back).cusps == 0
    assert tracker(back).is_last


def test_error_is_left_ahead_and_counter_clockwise_positive() -> None:
    parked = np.array([3.0, 4.0, math.pi])
    off = compose(parked, [0.2, 0.3, -0.05])
    assert slot_error(parked, off) == pytest.approx((0.3, 0.2, -0.05))


@pytest.mark.parametrize("ahead", [-0.2, 0.0, 0.3])
@pytest.mark.parametrize("turned", [-0.1, 0.0, 0.1])
def test_refitted_strokes_end_at_the_goals_yaw_and_depth_wherever_they_begin(ahead: float, turned: float) -> None:
    strokes = [PlanSegment(-1, -0.6, 5.0), PlanSegment(-1, 0.0, 3.0)]
    goal = PlanTracker(np.zeros(3), strokes, CAR.wheelbase).last
    found = refitted(np.array([ahead, 0.0, turned]), strokes, goal, CAR.wheelbase)
    assert found is not None
    assert [(stroke.gear, stroke.steer) for stroke in found] == [(-1, -0.6), (-1, 0.0)]
    _, too_far, yaw = slot_error(goal, PlanTracker(np.array([ahead, 0.0, turned]), found, CAR.wheelbase).last)
    assert (too_far, yaw) == pytest.approx((0.0, 0.0), abs=1e-9)


def test_strokes_that_would_change_too_much_are_not_refitted() -> None:
    strokes = [PlanSegment(-1, -0.6, 5.0), PlanSegment(-1, 0.0, 3.0)]
    goal = PlanTracker(np.zeros(3), strokes, CAR.wheelbase).last
    assert refitted(np.array([0.0, 0.0, 0.5]), strokes, goal, CAR.wheelbase) is None
