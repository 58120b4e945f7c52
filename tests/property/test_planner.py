"""What holds of words and plans whatever the scene."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from coach_core.geometry.polygons import pack_obstacles
from coach_core.planner import PlanOptions, PlanResult, PlanStatus, improve, plan
from coach_core.planner.costs import NOVICE
from coach_core.planner.words import connections, follow
from ops.bench.planner.checker import check_path, least_clearance
from tests.property.strategies import CAR, convex_polygons, poses

Array = NDArray[np.float64]
RADII = (
    CAR.min_radius,
    CAR.wheelbase / math.tan(0.5 * CAR.max_steer),
    CAR.wheelbase / math.tan(0.25 * CAR.max_steer),
)
FEW = PlanOptions(max_expansions=1500)


def novice_price(result: PlanResult, wanted: float) -> float:
    """What a plan costs a learner, from its segments; see costs.py."""
    total = NOVICE.closeness * max(wanted - result.min_clearance, 0.0)
    after = None
    for segment in reversed(result.segments):
        total += segment.length * (NOVICE.reverse if segment.gear < 0 else 1.0) + NOVICE.segment
        total += NOVICE.short * max(1.0 - segment.length / NOVICE.short_length, 0.0)
        total += NOVICE.odd * (0.0 < abs(segment.steer) < 0.4 * CAR.max_steer)
        if after is None:
            total += NOVICE.settle * (segment.steer != 0.0)
        else:
            total += NOVICE.cusp * (segment.gear != after.gear)
        after = segment
    return total


def assert_ends_at(end: Array, goal: Array) -> None:
    np.testing.assert_allclose(end[:2], goal[:2], atol=1e-8)
    assert abs(math.remainder(end[2] - goal[2], 2.0 * math.pi)) < 1e-8


@given(poses(), poses())
def test_every_word_ends_exactly_at_its_goal(start: Array, goal: Array) -> None:
    words = connections(start, goal, RADII)
    assert words
    for word in words:
        assert_ends_at(follow(start, word, RADII), goal)


@given(poses(), poses())
def test_shortest_word_is_no_longer_than_any_other_and_no_shorter_than_the_air_line(start: Array, goal: Array) -> None:
    words = connections(start, goal, RADII)
    totals = [word.total for word in words]
    assert totals[0] == min(totals)
    assert totals[0] >= math.hypot(*(goal - start)[:2]) - 2e-8  # segments of no length are left out


@given(poses(), poses())
def test_no_word_is_shorter_than_the_turn_it_makes_at_full_lock(start: Array, goal: Array) -> None:
    # the bound by which `shorten` passes over hops
    turn = abs(math.remainder(goal[2] - start[2], 2.0 * math.pi))
    assert all(word.total >= RADII[0] * turn - 1e-6 for word in connections(start, goal, RADII))


@given(poses(), poses())
def test_shortest_way_there_is_as_long_as_the_shortest_way_back(start: Array, goal: Array) -> None:
    there, back = connections(start, goal, RADII)[0], connections(goal, start, RADII)[0]
    assert there.total == pytest.approx(back.total, abs=1e-6)


@settings(max_examples=40)
@given(poses(), poses(), st.lists(convex_polygons(), max_size=4))
def test_plan_never_collides_and_always_arrives(start: Array, goal: Array, obstacles: list[Array]) -> None:
    result = plan(CAR, start, goal, pack_obstacles(obstacles), FEW)
    ends = [least_clearance(CAR, pose[None, :], obstacles) for pose in (start, goal)]
    if result.status is PlanStatus.FOUND:
        verdict = check_path(CAR, result.poses, result.gears, start, goal, obstacles)
        assert verdict.problems == ()
        assert verdict.clearance >= min(FEW.min_margin, *(0.9 * end for end in ends)) - 0.011
    else:
        assert len(result.segments) == len(result.poses) == 0
        assert (ends[0] == 0.0) == (result.status is PlanStatus.START_IN_COLLISION)


@settings(max_examples=8)
@given(poses(), poses(), st.lists(convex_polygons(), min_size=1, max_size=3))
def test_better_plan_is_driveable_too_and_never_costs_more(start: Array, goal: Array, obstacles: list[Array]) -> None:
    packed = pack_obstacles(obstacles)
    first = plan(CAR, start, goal, packed, FEW)
    better = improve(CAR, start, goal, packed, first, FEW)
    assert better.status == first.status
    assert better.expansions - first.expansions <= FEW.second_look
    if first.status is PlanStatus.FOUND:
        ends = [least_clearance(CAR, pose[None, :], obstacles) for pose in (start, goal)]
        verdict = check_path(CAR, better.poses, better.gears, start, goal, obstacles)
        assert verdict.problems == ()
        wanted = min(FEW.clearance, *ends)
        # the planner looks at the clearance every 0.1 m, this at every pose of the result
        assert novice_price(better, wanted) <= novice_price(first, wanted) + NOVICE.closeness * 0.02


@settings(max_examples=15)
@given(poses(), poses(), st.lists(convex_polygons(), max_size=3))
def test_plan_is_the_same_each_time(start: Array, goal: Array, obstacles: list[Array]) -> None:
    first, second = (plan(CAR, start, goal, pack_obstacles(obstacles), FEW) for _ in range(2))
    assert first.status == second.status
    assert first.segments == second.segments
    assert first.expansions == second.expansions


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=3, max_size=3))
@settings(max_examples=50)
def test_no_number_makes_the_front_door_raise(numbers: list[float]) -> None:
    result = plan(CAR, numbers, [0.0, 0.0, 0.0], pack_obstacles([]), PlanOptions(max_expansions=50))
    assert isinstance(result.status, PlanStatus)
