"""Slow, obvious twins of the kernels: numpy, shapely and patience, nothing of the core's own formulas."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import shapely
import shapely.affinity
from numpy.typing import ArrayLike, NDArray
from shapely.geometry import Point, Polygon

from coach_core.vehicle import VehicleParams


def drive(pose: ArrayLike, curvature: float, distance: float, steps: int = 20_000) -> NDArray[np.float64]:
    """The pose after `distance` m, by small straight steps (midpoint rule); yaw is not wrapped."""
    x, y, yaw = (float(value) for value in np.asarray(pose, dtype=float))
    ds = distance / steps
    for _ in range(steps):
        middle = yaw + 0.5 * curvature * ds
        x, y, yaw = x + ds * math.cos(middle), y + ds * math.sin(middle), yaw + curvature * ds
    return np.array([x, y, yaw])


def body(car: VehicleParams, pose: ArrayLike) -> Polygon:
    """The car's outline."""
    x, y, yaw = np.asarray(pose, dtype=float)
    outline = shapely.box(
        -car.rear_overhang, -0.5 * car.width, car.wheelbase + car.front_overhang, 0.5 * car.width
    )  # fmt: skip
    turned = shapely.affinity.rotate(outline, yaw, origin=(0.0, 0.0), use_radians=True)
    return shapely.affinity.translate(turned, x, y)


def clearance(car: VehicleParams, pose: ArrayLike, obstacles: Iterable[ArrayLike]) -> float:
    """Least distance [m] of the body to the polygons; inf without any."""
    outline = body(car, pose)
    return min((float(outline.distance(Polygon(np.asarray(o)))) for o in obstacles), default=math.inf)


def distance(a: ArrayLike, b: ArrayLike) -> float:
    """Distance [m] of two polygons."""
    return float(Polygon(np.asarray(a)).distance(Polygon(np.asarray(b))))


def point_distance(point: ArrayLike, polygon: ArrayLike) -> float:
    """Distance [m] of a point to a polygon."""
    return float(Point(np.asarray(point)).distance(Polygon(np.asarray(polygon))))


def free_way(
    car: VehicleParams, pose: ArrayLike, curvature: float, length: float, obstacles: Sequence[ArrayLike], margin: float
) -> float:
    """Way [m] along an arc before the clearance falls below `margin`, to a millimetre; -1 if it is so at the start."""
    x, y, yaw = np.asarray(pose, dtype=float)
    steps = max(math.ceil(abs(length) / 0.001), 1)
    free = -1.0
    for k in range(steps + 1):
        way = length * k / steps
        if abs(curvature) < 1e-12:
            here = [x + way * math.cos(yaw), y + way * math.sin(yaw), yaw]
        else:  # about the centre of the circle
            here = [
                x + (math.sin(yaw + curvature * way) - math.sin(yaw)) / curvature,
                y - (math.cos(yaw + curvature * way) - math.cos(yaw)) / curvature,
                yaw + curvature * way,
            ]
        if clearance(car, here, obstacles) < margin:
            return free
        free = abs(way)
    return free


def way_round(
    free: NDArray[np.bool_], target: tuple[int, int], cell: float
) -> NDArray[np.float64]:  # fmt: skip
    """Way [m] from each cell to `target` (row, column) over free cells (eight neighbours), by relaxing until quiet."""
    values = np.full(free.shape, np.inf)
    values[target] = 0.0
    changed = True
    while changed:
        changed = False
        for row in range(free.shape[0]):
            for column in range(free.shape[1]):
                if not free[row, column] and (row, column) != target:
                    continue
                for down in (-1, 0, 1):
                    for right in (-1, 0, 1):
                        r, c = row + down, column + right
                        if 0 <= r < free.shape[0] and 0 <= c < free.shape[1]:
                            longer = values[r, c] + cell * math.hypot(down, right)
                            if longer < values[row, column] - 1e-12:
                                values[row, column] = longer
                                changed = True
    return values
