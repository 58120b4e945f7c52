"""Convex polygons, the car's footprint, and exact distances between them.

Polygons are (V, 2) float64 [m], counter-clockwise, not closed, world frame. Distances are m, 0 where shapes touch or
overlap. The car's body is a rectangle, so distances to it are taken in its own frame, where it is axis-aligned: the
nearest pair of two convex shapes is a vertex of one and an edge or vertex of the other; both cases are cheap there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from coach_core.errors import GeometryError
from coach_core.geometry.decomposition import as_polygon, convex_parts
from coach_core.geometry.poses import YAW, Polygon, X, Y, apply, as_pose
from coach_core.vehicle import VehicleParams


class ObstacleSet(NamedTuple):
    """Convex polygons packed for kernels.

    vertices (M, 2); polygon k is vertices[offsets[k]:offsets[k + 1]], offsets (K + 1,) int64;
    boxes (K, 4) [x_min, y_min, x_max, y_max].
    """

    vertices: NDArray[np.float64]
    offsets: NDArray[np.int64]
    boxes: NDArray[np.float64]

    @property
    def size(self) -> int:
        """How many convex polygons."""
        return len(self.boxes)

    def polygon(self, index: int) -> Polygon:
        """A copy of polygon `index`."""
        return self.vertices[self.offsets[index] : self.offsets[index + 1]].copy()


def pack_obstacles(polygons: Sequence[ArrayLike]) -> ObstacleSet:
    """The polygons as one set; concave ones are split into convex parts, clockwise ones turned round.

    GeometryError names the polygon that has fewer than three corners, is not finite, crosses itself or has no area.
    """
    parts: list[Polygon] = []
    for index, value in enumerate(polygons):
        parts.extend(convex_parts(as_polygon(value, f"obstacle {index}")))
    offsets = np.zeros(len(parts) + 1, dtype=np.int64)
    if not parts:
        return ObstacleSet(np.empty((0, 2)), offsets, np.empty((0, 4)))
    offsets[1:] = np.cumsum([len(part) for part in parts])
    boxes = np.array([[*part.min(axis=0), *part.max(axis=0)] for part in parts])
    return ObstacleSet(np.concatenate(parts), offsets, boxes)


def footprint(vehicle: VehicleParams, pose: ArrayLike) -> Polygon:
    """The body's four corners (4, 2), world frame: rear right, front right, front left, rear left."""
    front, rear, side = vehicle.wheelbase + vehicle.front_overhang, -vehicle.rear_overhang, 0.5 * vehicle.width
    return apply(pose, np.array([[rear, -side], [front, -side], [front, side], [rear, side]]))


@njit(cache=True, nogil=True)
def _rectangle_polygon_squared(  # type: ignore[no-untyped-def]
    cx, cy, cos, sin, half_length, half_width, vertices, first, last
):
    """Squared distance [m²] of a rectangle centred at (cx, cy), turned by (cos, sin), to vertices[first:last]."""
    least = np.inf
    separated = False
    low_x, high_x, low_y, high_y = np.inf, -np.inf, np.inf, -np.inf
    dx, dy = vertices[last - 1, 0] - cx, vertices[last - 1, 1] - cy
    px, py = cos * dx + sin * dy, cos * dy - sin * dx
    for i in range(first, last):
        dx, dy = vertices[i, 0] - cx, vertices[i, 1] - cy
        qx, qy = cos * dx + sin * dy, cos * dy - sin * dx
        low_x, high_x = min(low_x, qx), max(high_x, qx)
        low_y, high_y = min(low_y, qy), max(high_y, qy)
        # a vertex of the polygon against the rectangle
        gap_x, gap_y = max(abs(qx) - half_length, 0.0), max(abs(qy) - half_width, 0.0)
        least = min(least, gap_x * gap_x + gap_y * gap_y)
        # the rectangle's corner furthest inwards against the edge p -> q, whose outside is to its right
        ex, ey = qx - px, qy - py
        corner_x = half_length if ey < 0.0 else -half_length
        corner_y = half_width if ex > 0.0 else -half_width
        outside = ey * (corner_x - px) - ex * (corner_y - py)
        if outside > 0.0:
            separated = True
            square = ex * ex + ey * ey
            along = ex * (corner_x - px) + ey * (corner_y - py)
            if 0.0 < along < square:
                least = min(least, outside * outside / square)
        px, py = qx, qy
    if low_x > half_length or high_x < -half_length or low_y > half_width or high_y < -half_width:
        separated = True
    return least if separated else 0.0


@njit(cache=True, nogil=True)
def clearance_at(vehicle, x, y, yaw, obstacles, limit):  # type: ignore[no-untyped-def]
    """Least distance [m] of the body at a pose to the obstacles, at most `limit`; 0 where it touches or overlaps."""
    half_length = 0.5 * (vehicle.rear_overhang + vehicle.wheelbase + vehicle.front_overhang)
    half_width = 0.5 * vehicle.width
    cos, sin = math.cos(yaw), math.sin(yaw)
    cx = x + (half_length - vehicle.rear_overhang) * cos
    cy = y + (half_length - vehicle.rear_overhang) * sin
    reach_x = abs(cos) * half_length + abs(sin) * half_width
    reach_y = abs(sin) * half_length + abs(cos) * half_width
    least = limit * limit
    boxes, offsets = obstacles.boxes, obstacles.offsets
    for k in range(boxes.shape[0]):
        gap_x = max(boxes[k, 0] - cx, cx - boxes[k, 2]) - reach_x
        gap_y = max(boxes[k, 1] - cy, cy - boxes[k, 3]) - reach_y
        bound = 0.0
        if gap_x > 0.0:
            bound += gap_x * gap_x
        if gap_y > 0.0:
            bound += gap_y * gap_y
        if bound < least:
            exact = _rectangle_polygon_squared(
                cx, cy, cos, sin, half_length, half_width, obstacles.vertices, offsets[k], offsets[k + 1]
            )
            least = min(least, exact)
            if least == 0.0:
                break
    return math.sqrt(least)


@njit(cache=True, nogil=True)
def clearances_into(vehicle, poses, obstacles, out):  # type: ignore[no-untyped-def]
    """Clearance [m] at each of `poses` (N, 3); fills `out` (N,)."""
    for i in range(poses.shape[0]):
        out[i] = clearance_at(vehicle, poses[i, 0], poses[i, 1], poses[i, 2], obstacles, np.inf)


def body_clearance(vehicle: VehicleParams, pose: ArrayLike, obstacles: ObstacleSet) -> float:
    """Least distance [m] of the body at `pose` to the obstacles: 0 on contact, inf if there are none."""
    at = as_pose(pose)
    return float(clearance_at(vehicle, at[X], at[Y], at[YAW], obstacles, math.inf))


def path_clearances(vehicle: VehicleParams, poses: ArrayLike, obstacles: ObstacleSet) -> NDArray[np.float64]:
    """Clearance [m] at each of `poses` (N, 3), as (N,); GeometryError unless all are finite."""
    path = np.array(poses, dtype=np.float64)
    if path.ndim != 2 or path.shape[1] != 3 or not np.isfinite(path).all():
        raise GeometryError(f"a path is finite poses of shape (N, 3), got shape {path.shape}")
    out = np.empty(len(path))
    clearances_into(vehicle, path, obstacles, out)
    return out


@njit(cache=True, nogil=True)
def _point_segment_squared(x, y, px, py, qx, qy):  # type: ignore[no-untyped-def]
    """Squared distance [m²] of a point to the segment p-q."""
    ex, ey = qx - px, qy - py
    square = ex * ex + ey * ey
    t = 0.0 if square == 0.0 else ((x - px) * ex + (y - py) * ey) / square
    t = min(max(t, 0.0), 1.0)
    dx, dy = x - px - t * ex, y - py - t * ey
    return dx * dx + dy * dy


@njit(cache=True, nogil=True)
def _convex_distance_squared(a, b):  # type: ignore[no-untyped-def]
    """Squared distance [m²] of two convex polygons; 0 unless an edge of one has the whole other one outside."""
    least = np.inf
    separated = False
    for swap in range(2):
        p, q = (b, a) if swap else (a, b)
        for i in range(p.shape[0]):
            j = i + 1 if i + 1 < p.shape[0] else 0
            ex, ey = p[j, 0] - p[i, 0], p[j, 1] - p[i, 1]
            all_outside = True
            for k in range(q.shape[0]):
                if ey * (q[k, 0] - p[i, 0]) - ex * (q[k, 1] - p[i, 1]) <= 0.0:
                    all_outside = False
                least = min(least, _point_segment_squared(q[k, 0], q[k, 1], p[i, 0], p[i, 1], p[j, 0], p[j, 1]))
            separated = separated or all_outside
    return least if separated else 0.0


@njit(cache=True, nogil=True)
def point_convex_squared(x, y, polygon):  # type: ignore[no-untyped-def]
    """Squared distance [m²] of a point to a convex polygon; 0 inside."""
    least = np.inf
    inside = True
    count = polygon.shape[0]
    for i in range(count):
        j = i + 1 if i + 1 < count else 0
        px, py, qx, qy = polygon[i, 0], polygon[i, 1], polygon[j, 0], polygon[j, 1]
        if (qy - py) * (x - px) - (qx - px) * (y - py) > 0.0:
            inside = False
        least = min(least, _point_segment_squared(x, y, px, py, qx, qy))
    return 0.0 if inside else least


def polygon_distance(a: ArrayLike, b: ArrayLike) -> float:
    """Distance [m] of two polygons (concave ones too): 0 where they touch or overlap."""
    parts_a, parts_b = (
        convex_parts(as_polygon(a, "the first polygon")),
        convex_parts(as_polygon(b, "the second polygon")),
    )
    return math.sqrt(min(_convex_distance_squared(p, q) for p in parts_a for q in parts_b))


def polygons_intersect(a: ArrayLike, b: ArrayLike) -> bool:
    """Whether two polygons touch or overlap."""
    return polygon_distance(a, b) == 0.0


def point_polygon_distance(point: ArrayLike, polygon: ArrayLike) -> float:
    """Distance [m] of a point (2,) to a polygon: 0 on it or inside."""
    at = np.array(point, dtype=np.float64)
    if at.shape != (2,) or not np.isfinite(at).all():
        raise GeometryError(f"a point is two finite numbers [x, y], got {point!r}")
    parts = convex_parts(as_polygon(polygon, "the polygon"))
    return math.sqrt(min(point_convex_squared(at[X], at[Y], part) for part in parts))
