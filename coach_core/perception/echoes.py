"""Echoes that nothing known explains: a cone, a pillar, a person, a badly parked car.

A sonar says how far the nearest thing in its cone is, not in which direction. An echo that a wall or an assumed
parked car would give anyway adds nothing; one that comes from nearer than everything known becomes a point.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

CAPACITY = 128
MERGE = 0.15
"""Echoes this close [m] are one obstacle."""
SURPRISE = 0.35
"""An echo must come from this much nearer [m] than anything known to be something new."""
CONE_CORE = 0.25
"""Half angle [rad] of the cone in which a longer echo proves that a point is gone."""
RAYS = 9


@njit(cache=True, nogil=True)
def expected_echo(x, y, yaw, field_of_view, max_range, vertices, offsets):  # type: ignore[no-untyped-def]
    """Distance [m] a sonar at (x, y, yaw) would measure to polygons; `max_range` if none is in its cone.

    vertices (M, 2) and offsets (K + 1): packed polygons. The twin of a sonar without the incidence rule, so never
    further than the real one.
    """
    nearest = max_range
    for r in range(RAYS):
        angle = yaw + field_of_view * (r / (RAYS - 1) - 0.5)
        dx, dy = math.cos(angle), math.sin(angle)
        for k in range(offsets.shape[0] - 1):
            first, last = offsets[k], offsets[k + 1]
            for i in range(first, last):
                j = i + 1 if i + 1 < last else first
                ax, ay = vertices[i, 0] - x, vertices[i, 1] - y
                ex, ey = vertices[j, 0] - vertices[i, 0], vertices[j, 1] - vertices[i, 1]
                cross = dx * ey - dy * ex
                if abs(cross) < 1e-12:
                    continue
                along = (ax * ey - ay * ex) / cross
                share = (ax * dy - ay * dx) / cross
                if 0.0 <= share <= 1.0 and 0.0 <= along < nearest:
                    nearest = along
    return nearest


@njit(cache=True, nogil=True)
def _forget(points, count, x, y, yaw, reach):  # type: ignore[no-untyped-def]
    """Drop the points that an echo from `reach` m looked through; returns how many remain."""
    kept = 0
    for i in range(count):
        dx, dy = points[i, 0] - x, points[i, 1] - y
        distance = math.hypot(dx, dy)
        off = abs((math.atan2(dy, dx) - yaw + math.pi) % (2.0 * math.pi) - math.pi)
        if off < CONE_CORE and distance < reach - SURPRISE:
            continue
        points[kept, 0], points[kept, 1] = points[i, 0], points[i, 1]
        kept += 1
    return kept


class EchoMap:
    """Points (N, 2) [m, world frame] of things the lot map does not know."""

    def __init__(self) -> None:
        self._points = np.zeros((CAPACITY, 2))
        self._count = 0
        self.revision = 0

    @property
    def points(self) -> NDArray[np.float64]:
        return self._points[: self._count]

    def clear(self) -> None:
        self._count = 0
        self.revision += 1

    def add(self, x: float, y: float, yaw: float, distance: float | None, max_range: float, expected: float) -> None:
        """Take one reading of a sensor at (x, y, yaw) in the world; `expected` is what the known would give."""
        reach = max_range if distance is None else distance
        before = self._count
        self._count = _forget(self._points, self._count, x, y, yaw, reach)
        changed = self._count != before
        if distance is not None and distance < min(expected, max_range) - SURPRISE:
            point = np.array([x + distance * math.cos(yaw), y + distance * math.sin(yaw)])
            gaps = np.hypot(*(self.points - point).T)
            if (gaps > MERGE).all():
                if self._count == CAPACITY:  # the oldest has been seen the longest ago
                    self._points[:-1] = self._points[1:]
                    self._count -= 1
                self._points[self._count] = point
                self._count += 1
                changed = True
        self.revision += changed
