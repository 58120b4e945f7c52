"""How far it is to the target round the obstacles, for a disc that fits inside the body: a lower bound for the car.

A grid over the search area; Dijkstra from the target with eight neighbours, shortened so that it never exceeds the
true way of the disc's centre.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from coach_core.geometry.polygons import ObstacleSet, point_convex_squared
from coach_core.geometry.poses import Pose, Poses, X, Y
from coach_core.planner.frontier import pop, push
from coach_core.vehicle import VehicleParams

_CELL = 0.4
_SHORTEN = 0.92
"""Eight directions overestimate a straight way by up to 8 %."""
UNREACHED = 1e6


class DistanceField(NamedTuple):
    """Way [m] to the target by cell, values[row, column]; x = low_x + (column + 0.5) * cell. Empty: no estimate."""

    low_x: float
    low_y: float
    cell: float
    values: NDArray[np.float64]


NO_FIELD = DistanceField(0.0, 0.0, 1.0, np.zeros((0, 0)))


@njit(cache=True, nogil=True)
def distance_left(field, x, y):  # type: ignore[no-untyped-def]
    """Lower bound [m] of the way from (x, y) to the target; 0 outside the field."""
    if field.values.shape[0] == 0:
        return 0.0
    column, row = math.floor((x - field.low_x) / field.cell), math.floor((y - field.low_y) / field.cell)
    if row < 0 or column < 0 or row >= field.values.shape[0] or column >= field.values.shape[1]:
        return 0.0
    return field.values[row, column]


@njit(cache=True, nogil=True)
def _fill(field, obstacles, radius, target_x, target_y):  # type: ignore[no-untyped-def]
    """Compute the field's values (modified in place) for a disc of `radius` m."""
    values, cell = field.values, field.cell
    rows, columns = values.shape
    taken = np.zeros((rows, columns), np.bool_)
    keep = max(radius - 0.71 * cell, 0.0)  # a cell is taken only if the disc fits at no point of it
    for k in range(obstacles.boxes.shape[0]):
        polygon = obstacles.vertices[obstacles.offsets[k] : obstacles.offsets[k + 1]]
        box = obstacles.boxes[k]
        first_row = max(int((box[1] - keep - field.low_y) / cell) - 1, 0)
        last_row = min(int((box[3] + keep - field.low_y) / cell) + 2, rows)
        first_column = max(int((box[0] - keep - field.low_x) / cell) - 1, 0)
        last_column = min(int((box[2] + keep - field.low_x) / cell) + 2, columns)
        for row in range(first_row, last_row):
            for column in range(first_column, last_column):
                if not taken[row, column]:
                    x, y = field.low_x + (column + 0.5) * cell, field.low_y + (row + 0.5) * cell
                    taken[row, column] = point_convex_squared(x, y, polygon) < keep * keep
    values[:, :] = UNREACHED
    keys, items = np.empty(8 * rows * columns + 1), np.empty(8 * rows * columns + 1, np.int64)
    row, column = int((target_y - field.low_y) / cell), int((target_x - field.low_x) / cell)
    values[row, column] = 0.0
    size = push(keys, items, 0, 0.0, row * columns + column)
    while size > 0:
        way, item = pop(keys, items, size)
        size -= 1
        row, column = item // columns, item % columns
        if way > values[row, column]:
            continue
        for down in range(-1, 2):
            for right in range(-1, 2):
                r, c = row + down, column + right
                if 0 <= r < rows and 0 <= c < columns and not taken[r, c]:
                    longer = way + cell * math.sqrt(down * down + right * right)
                    if longer < values[r, c]:
                        values[r, c] = longer
                        size = push(keys, items, size, longer, r * columns + c)
    for r in range(rows):
        for c in range(columns):
            if values[r, c] < UNREACHED:
                values[r, c] = max(_SHORTEN * values[r, c] - 1.5 * cell, 0.0)


def distance_field(
    vehicle: VehicleParams, obstacles: ObstacleSet, roots: Poses, target: Pose, room: float
) -> DistanceField:
    """The field of `target` (3,) over the box of it and `roots` (R, 3), `room` m wider on each side."""
    points = np.vstack([roots[:, : Y + 1], target[: Y + 1]])
    low, high = points.min(axis=0) - room, points.max(axis=0) + room
    columns, rows = (np.ceil((high - low) / _CELL).astype(int) + 1).tolist()
    field = DistanceField(float(low[X]), float(low[Y]), _CELL, np.empty((rows, columns)))
    radius = min(0.5 * vehicle.width, vehicle.rear_overhang)
    _fill(field, obstacles, radius, float(target[X]), float(target[Y]))
    return field


def in_reach(field: DistanceField, roots: Poses) -> bool:
    """Whether some root (R, 3) can be reached at all; if not, no car gets there within the field's area."""
    return any(distance_left(field, float(root[X]), float(root[Y])) < UNREACHED for root in roots)
