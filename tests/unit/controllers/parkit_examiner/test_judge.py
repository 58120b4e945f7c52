"""The examiner's eye, against shapely and against sentences."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from coach_core.geometry.poses import compose
from controllers.parkit_examiner.judge import Standing, Truth, gap, outline, rectangle, standing, wheels
from tests.toy.frames import LOT, PROFILE

SLOT = LOT.slots[2]
MIDDLE = 0.5 * (PROFILE.wheelbase_m + PROFILE.front_overhang_m - PROFILE.rear_overhang_m)
"""From the rear axle to the middle of the car [m]."""

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
    """A car in the slot: its middle `left` of the inward direction and `deep` from the slot's middle [m]."""
    world_from_slot = np.array([SLOT.entrance_x_m, SLOT.entrance_y_m, SLOT.inward_yaw_rad])
    facing = turned if nose_in else math.pi + turned
    middle = compose(world_from_slot, [0.5 * SLOT.depth_m + deep, left, facing])
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
