"""How far the car can go before something is in the way."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coach_core.geometry.polygons import pack_obstacles
from coach_core.geometry.poses import Polygon
from coach_core.geometry.sweep import LOOK, free_travel
from coach_core.vehicle import VehicleParams
from tests import reference

CAR = VehicleParams(2.8, 0.96, 0.929, 1.942, 0.6)
POST = np.array([[-0.1, -0.1], [0.1, -0.1], [0.1, 0.1], [-0.1, 0.1]])


def post(x: float, y: float) -> Polygon:
    return np.asarray(POST + np.array([x, y]))


FRONT = CAR.wheelbase + CAR.front_overhang


def test_straight_ahead_the_way_ends_at_the_post() -> None:
    travel = free_travel(CAR, [0.0, 0.0, 0.0], 0.0, 10.0, pack_obstacles([post(FRONT + 2.1, 0.0)]))
    assert travel.blocked
    assert travel.way == pytest.approx(2.0, abs=0.003)


def test_margin_is_kept() -> None:
    travel = free_travel(CAR, [0.0, 0.0, 0.0], 0.0, 10.0, pack_obstacles([post(FRONT + 2.1, 0.0)]), margin=0.5)
    assert travel.way == pytest.approx(1.5, abs=0.021)
    assert travel.clearance >= 0.5


def test_reverse_looks_behind() -> None:
    behind = pack_obstacles([post(-CAR.rear_overhang - 1.1, 0.0)])
    assert free_travel(CAR, [0.0, 0.0, 0.0], 0.0, -3.0, behind).way == pytest.approx(1.0, abs=0.003)
    ahead = free_travel(CAR, [0.0, 0.0, 0.0], 0.0, 3.0, behind)
    assert not ahead.blocked
    assert ahead.way == 3.0
    assert ahead.clearance == pytest.approx(1.0)


def test_front_swings_out_over_a_post_beside_the_car_when_reversing_with_lock() -> None:
    beside = pack_obstacles([post(FRONT - 1.0, 0.5 * CAR.width + 0.3)])
    assert free_travel(CAR, [0.0, 0.0, 0.0], -CAR.max_steer, -3.0, beside).blocked
    assert not free_travel(CAR, [0.0, 0.0, 0.0], 0.0, -3.0, beside).blocked


def test_standing_on_something_there_is_no_way_at_all() -> None:
    assert free_travel(CAR, [0.0, 0.0, 0.0], 0.0, 1.0, pack_obstacles([POST])) == (0.0, 0.0, True)


def test_open_ground_is_free_in_full() -> None:
    assert free_travel(CAR, [0.0, 0.0, 0.0], 0.3, -7.5, pack_obstacles([])) == (7.5, LOOK, False)


@pytest.mark.parametrize("steer", [-0.6, -0.2, 0.0, 0.35])
@pytest.mark.parametrize("length", [3.0, -3.0])
def test_way_is_that_of_the_slow_twin(steer: float, length: float) -> None:
    posts = [POST + at for at in ([5.5, 1.5], [-2.4, 1.2], [4.5, -1.8], [-2.0, -1.6])]
    margin = 0.1
    curvature = math.tan(steer) / CAR.wheelbase
    travel = free_travel(CAR, [0.0, 0.0, 0.1], steer, length, pack_obstacles(posts), margin)
    slow = reference.free_way(CAR, [0.0, 0.0, 0.1], curvature, length, posts, margin)
    # steps are never shorter than 2 cm at this margin, and may pass over less than that
    assert slow - 0.021 <= travel.way <= slow + 0.021
