"""Footprints, packed obstacles and exact distances."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from shapely.geometry import Polygon as ShapelyPolygon

from coach_core.errors import GeometryError
from coach_core.geometry.polygons import (
    body_clearance,
    footprint,
    pack_obstacles,
    path_clearances,
    point_polygon_distance,
    polygon_distance,
    polygons_intersect,
)
from coach_core.geometry.poses import Polygon
from coach_core.vehicle import VehicleParams

CAR = VehicleParams(2.8, 0.96, 0.929, 1.942, 0.6)
SQUARE = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
L_SHAPE = np.array([[0.0, 0.0], [3.0, 0.0], [3.0, 1.0], [1.0, 1.0], [1.0, 3.0], [0.0, 3.0]])
FRONT = CAR.wheelbase + CAR.front_overhang


def moved(polygon: Polygon, x: float, y: float) -> Polygon:
    return np.asarray(polygon + np.array([x, y]))


def test_footprint_runs_counter_clockwise_round_a_car_of_the_right_size() -> None:
    outline = ShapelyPolygon(footprint(CAR, [3.0, -2.0, 1.0]))
    assert outline.exterior.is_ccw
    assert outline.area == pytest.approx(CAR.length * CAR.width)


def test_footprint_of_a_car_at_the_origin_reaches_from_bumper_to_bumper() -> None:
    corners = footprint(CAR, [0.0, 0.0, 0.0])
    np.testing.assert_allclose(corners.min(axis=0), [-CAR.rear_overhang, -0.5 * CAR.width])
    np.testing.assert_allclose(corners.max(axis=0), [FRONT, 0.5 * CAR.width])


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        ([FRONT + 0.7, 0.0], 0.7),  # ahead
        ([-CAR.rear_overhang - 1.0 - 0.2, 0.0], 0.2),  # behind
        ([0.0, 0.5 * CAR.width + 0.3], 0.3),  # to the left
        ([FRONT + 0.3, 0.5 * CAR.width + 0.4], 0.5),  # off the front left corner
        ([FRONT, -0.5], 0.0),  # touching
        ([1.0, -0.5], 0.0),  # inside the body
    ],
)
def test_clearance_to_a_unit_square(offset: list[float], expected: float) -> None:
    assert body_clearance(CAR, [0.0, 0.0, 0.0], pack_obstacles([SQUARE + offset])) == pytest.approx(expected)


def test_car_inside_a_large_obstacle_has_no_clearance() -> None:
    assert body_clearance(CAR, [0.0, 0.0, 0.3], pack_obstacles([(SQUARE - 0.5) * 40.0])) == 0.0


def test_clearance_without_obstacles_is_infinite() -> None:
    assert body_clearance(CAR, [0.0, 0.0, 0.0], pack_obstacles([])) == math.inf


def test_concave_obstacle_leaves_its_notch_free() -> None:
    small = VehicleParams(0.6, 0.1, 0.1, 0.6, 0.6)
    obstacles = pack_obstacles([L_SHAPE * 2.0])
    assert obstacles.size == 2
    assert body_clearance(small, [4.0, 4.0, 0.0], obstacles) == pytest.approx(1.7)


def test_clockwise_obstacle_counts_like_a_counter_clockwise_one() -> None:
    there, back = pack_obstacles([SQUARE + 9.0]), pack_obstacles([SQUARE[::-1] + 9.0])
    pose = [2.0, 1.0, 0.4]
    assert body_clearance(CAR, pose, there) == body_clearance(CAR, pose, back)


def test_packed_boxes_hold_their_polygons() -> None:
    obstacles = pack_obstacles([SQUARE, L_SHAPE + 5.0])
    for k in range(obstacles.size):
        polygon = obstacles.polygon(k)
        np.testing.assert_allclose(obstacles.boxes[k], [*polygon.min(axis=0), *polygon.max(axis=0)])


def test_packing_leaves_its_input_alone() -> None:
    clockwise = SQUARE[::-1].copy()
    pack_obstacles([clockwise])[0][:] = 0.0
    np.testing.assert_array_equal(clockwise, SQUARE[::-1])


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ([[0.0, 0.0], [1.0, 0.0]], "at least three"),
        ([[0.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 0.0]], "at least three"),
        ([[0.0, 0.0], [1.0, math.nan], [1.0, 1.0]], "not finite"),
        ([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]], "no area|crosses itself"),
        ([[0.0, 0.0], [1.0, 1.0], [1.0, 0.0], [0.0, 1.0]], "crosses itself"),
        ([0.0, 1.0, 2.0], "shape"),
        ([[0.0, 0.0, 0.0]] * 3, "shape"),
        ("square", "not a list"),
    ],
)
def test_bad_polygon_is_refused_with_its_place_in_the_list(bad: Any, words: str) -> None:
    with pytest.raises(GeometryError, match=f"obstacle 1.*({words})"):
        pack_obstacles([SQUARE, bad])


def test_pentagram_is_refused_though_it_turns_left_everywhere() -> None:
    turns = 4.0 * math.pi * np.arange(5) / 5.0
    with pytest.raises(GeometryError, match="crosses itself"):
        pack_obstacles([np.column_stack([np.cos(turns), np.sin(turns)])])


def test_distance_of_squares_is_that_of_their_nearest_corners() -> None:
    assert polygon_distance(SQUARE, moved(SQUARE, 4.0, 5.0)) == pytest.approx(5.0)
    assert not polygons_intersect(SQUARE, moved(SQUARE, 4.0, 5.0))
    assert polygons_intersect(SQUARE, moved(SQUARE, 1.0, 0.5))


def test_point_in_the_notch_of_an_l_is_outside_it() -> None:
    assert point_polygon_distance([2.0, 2.0], L_SHAPE) == pytest.approx(1.0)
    assert point_polygon_distance([0.5, 2.0], L_SHAPE) == 0.0


def test_path_clearances_are_those_of_its_poses() -> None:
    obstacles = pack_obstacles([SQUARE + 6.0])
    poses = [[0.0, 0.0, 0.0], [1.0, 2.0, 0.7]]
    assert path_clearances(CAR, poses, obstacles).tolist() == [body_clearance(CAR, p, obstacles) for p in poses]


@pytest.mark.parametrize("bad", [[0.0, 0.0, 0.0], [[0.0, math.inf, 0.0]], [[0.0, 0.0]]])
def test_path_that_is_no_path_is_refused(bad: Any) -> None:
    with pytest.raises(GeometryError, match="shape"):
        path_clearances(CAR, bad, pack_obstacles([SQUARE]))
