"""The examiner's eye, against shapely and against sentences."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from coach_core.contracts import SlotMap
from coach_core.geometry.poses import compose
from controllers.parkit_examiner.judge import (
    END_ROOM,
    WHEELS,
    Goal,
    Standing,
    Truth,
    gap,
    outline,
    patches,
    rectangle,
    standing,
    wheels,
)
from tests.toy.frames import LOT, PROFILE

SLOT = LOT.slots[2]
MIDDLE = 0.5 * (PROFILE.wheelbase_m + PROFILE.front_overhang_m - PROFILE.rear_overhang_m)
"""From the rear axle to the middle of the car [m]."""
LENGTH = PROFILE.rear_overhang_m + PROFILE.wheelbase_m + PROFILE.front_overhang_m
WELL_IN = END_ROOM + 0.5 * LENGTH
"""How deep in the slot the middle of a well parked car is [m]."""

places = st.builds(Truth, st.floats(-6.0, 6.0), st.floats(-6.0, 6.0), st.floats(-math.pi, math.pi))


@given(places, places, st.floats(0.05, 3.0), st.floats(0.05, 2.0))
def test_gap_is_shapelys_distance(here: Truth, there: Truth, length: float, half_width: float) -> None:
    a, b = outline(here, PROFILE), rectangle(there, 0.0, length, half_width)
    assert gap(a, b) == pytest.approx(shapely.Polygon(a).distance(shapely.Polygon(b)), abs=1e-9)
    assert gap(a, b) == pytest.approx(gap(b, a), abs=1e-12)


@pytest.mark.parametrize(
    "other",
    [
        rectangle(Truth(1.0, 0.0, 0.0), -0.1, 0.1, 0.1),
        rectangle(Truth(1.0, 0.0, 0.0), -0.1, 0.1, 20.0),
        rectangle(Truth(0.0, 0.0, 0.0), -30.0, 30.0, 30.0),
        outline(Truth(0.0, 0.0, 0.0), PROFILE),
    ],
)
def test_one_inside_across_around_or_upon_the_other_leaves_no_gap(other: list[tuple[float, float]]) -> None:
    assert gap(outline(Truth(0.0, 0.0, 0.0), PROFILE), other) == 0.0


def test_wheels_stand_a_wheelbase_and_a_track_apart() -> None:
    spots = np.array(wheels(Truth(0.0, 0.0, 0.0), PROFILE))
    assert np.ptp(spots[:, 0]) == pytest.approx(PROFILE.wheelbase_m)
    assert np.ptp(spots[:, 1]) == pytest.approx(PROFILE.track_m)


def parked(*, left: float = 0.0, deep: float = 0.0, turned: float = 0.0, nose_in: bool = False) -> Standing:
    """A car in the slot: its middle `left` of the inward direction and `deep` beyond where it belongs [m]."""
    world_from_slot = np.array([SLOT.entrance_x_m, SLOT.entrance_y_m, SLOT.inward_yaw_rad])
    facing = turned if nose_in else math.pi + turned
    middle = compose(world_from_slot, [WELL_IN + deep, left, facing])
    return standing(Truth(*compose(middle, [-MIDDLE, 0.0, 0.0])), PROFILE, SLOT)


@pytest.mark.parametrize("nose_in", [False, True])
def test_car_in_the_middle_stands_right_either_way_round(nose_in: bool) -> None:
    how = parked(nose_in=nose_in)
    assert (how.lateral_m, how.depth_m, how.yaw_rad) == pytest.approx((0.0, 0.0, 0.0), abs=1e-6)
    assert how.in_slot
    assert how.wheels_on_line == 0


def test_lateral_is_positive_to_the_right_of_whoever_sits_in_the_car() -> None:
    assert parked(left=0.2).lateral_m == pytest.approx(0.2)  # nose out: the slot's left is the learner's right
    assert parked(left=0.2, nose_in=True).lateral_m == pytest.approx(-0.2)


@pytest.mark.parametrize("nose_in", [False, True])
def test_depth_is_positive_too_deep_and_yaw_counter_clockwise(nose_in: bool) -> None:
    how = parked(deep=0.1, turned=0.05, nose_in=nose_in)
    assert how.depth_m == pytest.approx(0.1)
    assert how.yaw_rad == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("left", "deep", "turned"), [(0.5, 0.0, 0.0), (-0.5, 0.0, 0.0), (0.0, 0.5, 0.0), (0.0, -0.5, 0.0), (0.0, 0.0, 0.2)]
)
def test_car_that_sticks_out_or_stands_askew_is_not_in_the_slot(left: float, deep: float, turned: float) -> None:
    assert not parked(left=left, deep=deep, turned=turned).in_slot


def test_wheels_on_the_line_are_counted() -> None:
    to_line = 0.5 * SLOT.width_m - 0.5 * PROFILE.track_m
    assert parked(left=to_line).wheels_on_line == 2
    assert parked(left=to_line - 0.16).wheels_on_line == 0


# --- other kinds of slots and goals -------------------------------------------------------------------

KERB_SIDE = SlotMap("P1", "parallel", 10.0, 2.2, -math.pi / 2, 6.7, 2.2)
"""Along a kerb on the line y = 0, the road above it: one parks heading along +x."""
OBLIQUE = SlotMap("O1", "angled", 0.0, 0.0, -2.0 * math.pi / 3, 2.5, 5.0)


def beside_kerb(*, ahead: float = 0.0, right: float = 0.0, turned: float = 0.0, yaw: float = 0.0) -> Standing:
    """A car off its place in KERB_SIDE; the distance to the kerb is what the slot has to spare, halved."""
    to_spare = 0.5 * (KERB_SIDE.depth_m - PROFILE.width_m)
    middle = compose(np.array([10.0, to_spare + 0.5 * PROFILE.width_m, yaw]), [ahead, -right, turned])
    return standing(Truth(*compose(middle, [-MIDDLE, 0.0, 0.0])), PROFILE, KERB_SIDE)


def test_along_a_kerb_errors_are_to_the_right_and_ahead() -> None:
    how = beside_kerb(ahead=0.4, right=0.1, turned=0.02)
    assert (how.lateral_m, how.depth_m, how.yaw_rad) == pytest.approx((0.1, 0.4, 0.02))
    assert how.in_slot
    assert how.wheels_on_line == 0


def test_a_car_over_the_kerb_on_the_road_or_against_the_traffic_is_not_in_its_slot() -> None:
    assert not beside_kerb(right=0.3).in_slot
    assert not beside_kerb(right=-0.3).in_slot
    assert not beside_kerb(ahead=1.3).in_slot
    assert not beside_kerb(yaw=math.pi).in_slot


def test_with_room_to_spare_a_car_keeps_its_distance_from_kerb_and_mouth() -> None:
    wide = msgspec.structs.replace(KERB_SIDE, depth_m=3.0)
    at_kerb = Truth(10.0 - MIDDLE, wide.entrance_y_m - 3.0 + 0.25 + 0.5 * PROFILE.width_m, 0.0)
    assert standing(at_kerb, PROFILE, wide).lateral_m == pytest.approx(0.0)
    deep = msgspec.structs.replace(SLOT, depth_m=7.0)
    nose_y = deep.entrance_y_m - 0.25
    truth = Truth(deep.entrance_x_m, nose_y - PROFILE.wheelbase_m - PROFILE.front_overhang_m, math.pi / 2)
    assert standing(truth, PROFILE, deep).depth_m == pytest.approx(0.0, abs=1e-5)


@pytest.mark.parametrize(("goal", "way"), [("reverse_in", math.pi), ("nose_in", 0.0)])
def test_the_goal_says_which_way_round_a_car_must_stand(goal: Goal, way: float) -> None:
    for slot in (SLOT, OBLIQUE):
        mouth = np.array([slot.entrance_x_m, slot.entrance_y_m, slot.inward_yaw_rad])
        right_way = Truth(*compose(compose(mouth, [WELL_IN, 0.0, way]), [-MIDDLE, 0.0, 0.0]))
        wrong_way = Truth(*compose(compose(mouth, [WELL_IN, 0.0, way + math.pi]), [-MIDDLE, 0.0, 0.0]))
        assert standing(right_way, PROFILE, slot, goal).in_slot
        assert not standing(wrong_way, PROFILE, slot, goal).in_slot
        assert standing(wrong_way, PROFILE, slot, "either").in_slot


def test_a_heading_the_map_asks_for_outweighs_the_goal() -> None:
    outwards = msgspec.structs.replace(SLOT, parked_yaw_rad=SLOT.inward_yaw_rad + math.pi)
    assert parked_in(outwards, math.pi, "nose_in")
    assert not parked_in(outwards, 0.0, "nose_in")


def parked_in(slot: SlotMap, way: float, goal: Goal) -> bool:
    mouth = np.array([slot.entrance_x_m, slot.entrance_y_m, slot.inward_yaw_rad])
    truth = Truth(*compose(compose(mouth, [WELL_IN, 0.0, way]), [-MIDDLE, 0.0, 0.0]))
    return standing(truth, PROFILE, slot, goal).in_slot


def test_tyre_prints_lie_under_the_wheels_by_name() -> None:
    prints = dict(zip(WHEELS, patches(Truth(0.0, 0.0, 0.0), PROFILE, 0.08), strict=True))
    assert min(x for x, _ in prints["front_left"]) == pytest.approx(PROFILE.wheelbase_m - 0.08)
    assert min(y for _, y in prints["rear_right"]) == pytest.approx(-0.5 * PROFILE.track_m - 0.10)
