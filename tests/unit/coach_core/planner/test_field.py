"""The way round the obstacles."""

from __future__ import annotations

import math

import numpy as np

from coach_core.geometry.polygons import pack_obstacles, point_polygon_distance
from coach_core.planner.field import NO_FIELD, distance_field, distance_left, in_reach
from coach_core.vehicle import VehicleParams
from tests import reference

CAR = VehicleParams(2.8, 0.96, 0.929, 1.942, 0.6)
WALL = np.array([[2.0, -3.0], [2.5, -3.0], [2.5, 6.0], [2.0, 6.0]])
ROOTS, TARGET = np.array([[0.0, 0.0, 0.0]]), np.array([5.0, 0.0, 0.0])


def test_no_field_estimates_nothing() -> None:
    assert distance_left(NO_FIELD, 3.0, 4.0) == 0.0


def test_open_ground_is_never_estimated_longer_than_the_air_line() -> None:
    field = distance_field(CAR, pack_obstacles([]), ROOTS, TARGET, 3.0)
    for x in np.linspace(-2.5, 7.5, 11):
        for y in np.linspace(-2.5, 2.5, 7):
            assert distance_left(field, x, y) <= math.hypot(x - TARGET[0], y - TARGET[1])


def test_way_round_a_wall_is_longer_than_through_it() -> None:
    field = distance_field(CAR, pack_obstacles([WALL]), ROOTS, TARGET, 8.0)
    assert distance_left(field, 0.0, 0.0) > 6.0


def test_outside_the_field_nothing_is_estimated() -> None:
    assert distance_left(distance_field(CAR, pack_obstacles([]), ROOTS, TARGET, 3.0), 100.0, 0.0) == 0.0


def test_values_are_those_of_the_slow_twin() -> None:
    field = distance_field(CAR, pack_obstacles([WALL]), ROOTS, TARGET, 3.0)
    rows, columns = field.values.shape
    keep = min(0.5 * CAR.width, CAR.rear_overhang) - 0.71 * field.cell
    free = np.empty((rows, columns), bool)
    for row in range(rows):
        for column in range(columns):
            centre = [field.low_x + (column + 0.5) * field.cell, field.low_y + (row + 0.5) * field.cell]
            free[row, column] = point_polygon_distance(centre, WALL) >= keep
    target = int((TARGET[1] - field.low_y) / field.cell), int((TARGET[0] - field.low_x) / field.cell)
    slow = reference.way_round(free, target, field.cell)
    lower = np.maximum(0.92 * slow - 1.5 * field.cell, 0.0)
    reached = np.isfinite(slow)
    np.testing.assert_allclose(field.values[reached], lower[reached], atol=1e-9)
    assert (field.values[~reached] >= 1e6).all()


def test_place_behind_a_closed_wall_is_out_of_reach() -> None:
    wall = pack_obstacles([np.array([[2.0, -30.0], [2.5, -30.0], [2.5, 30.0], [2.0, 30.0]])])
    assert not in_reach(distance_field(CAR, wall, ROOTS, TARGET, 3.0), ROOTS)
    assert in_reach(distance_field(CAR, pack_obstacles([WALL]), ROOTS, TARGET, 8.0), ROOTS)
    assert in_reach(NO_FIELD, ROOTS)
