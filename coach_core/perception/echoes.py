"""Echoes that nothing known explains: a cone, a pillar, a person, a badly parked car.

A sonar says how far the nearest thing in its cone is, not in which direction. An echo that a wall or an assumed
parked car would give anyway adds nothing; one that comes from nearer than everything known becomes a point, with a
standard deviation that says how well its place is known: along the axis by the sonar, across it by the cone, and
everywhere less well the further the car has driven without a fix since.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CAPACITY = 128
MERGE = 0.15
"""Echoes this close [m] are one obstacle."""
SURPRISE = 0.35
"""An echo must come from this much nearer [m] than anything known to be something new."""
CONE_CORE = 0.12
"""Half angle [rad] of the cone in which a longer echo says that a point is gone: only the ray along the axis is sure to
meet a thing as thin as a post."""
LOOKS = 2
"""Looks through a point that make it gone; an echo from it in between starts the count again."""
CROSS_SIGMA = 0.17
"""Of a place across the axis [m per m of distance]: a third of the cone's half angle."""
RANGE_SIGMA = 0.03
LOST_SIGMA = 0.5
"""A point whose place is less sure than this [m] is forgotten."""
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
def look_through(sensors, free, points, sigmas, drifts, drift, looks, gone):  # type: ignore[no-untyped-def]
    """Count the looks (N,) through each of the points (N, 2) [m, world]; fills gone (N,): those looked through often
    enough, and those whose place is no longer known. Returns how many.

    sensors (S, 5) and how far each saw nothing, free (S,) [m], NaN if unknown; sigmas, drifts (N,) [m]: of each point
    when last seen; drift [m]: the odometry's error added up so far.
    """
    count = 0
    for i in range(points.shape[0]):
        gone[i] = math.hypot(sigmas[i], drift - drifts[i]) > LOST_SIGMA
        for s in range(0 if gone[i] else sensors.shape[0]):
            dx, dy = points[i, 0] - sensors[s, 0], points[i, 1] - sensors[s, 1]
            if math.hypot(dx, dy) < free[s] - SURPRISE:
                off = math.atan2(dy, dx) - sensors[s, 2]
                if abs((off + math.pi) % (2.0 * math.pi) - math.pi) < CONE_CORE:
                    looks[i] += 1
                    gone[i] = looks[i] >= LOOKS
                    break
        count += gone[i]
    return count


class EchoMap:
    """Points (N, 2) [m, world frame] of things the lot map does not know."""

    def __init__(self) -> None:
        self._points = np.zeros((CAPACITY, 2))
        self._sigma = np.zeros(CAPACITY)
        """When last seen [m]."""
        self._drift = np.zeros(CAPACITY)
        """The odometry's error added up so far, when last seen [m]."""
        self._seen = np.zeros(CAPACITY)
        """[s]"""
        self._looks = np.zeros(CAPACITY, dtype=np.int64)
        self._gone = np.zeros(CAPACITY, dtype=np.bool_)
        self._count = 0
        self.revision = 0

    @property
    def points(self) -> Floats:
        return self._points[: self._count]

    def sigma(self, drift: float) -> Floats:
        """(N,) standard deviation [m] of each point; `drift` [m]: the odometry's error added up so far."""
        n = self._count
        return np.hypot(self._sigma[:n], drift - self._drift[:n]) if n else self._sigma[:0]

    def clear(self) -> None:
        self._count = 0
        self.revision += 1

    def shift(self, pull: tuple[float, float], since: float) -> None:
        """Move what was mapped after `since` [s] by `pull` [m]: the pose it was mapped with has been corrected."""
        later = self._seen[: self._count] > since
        if later.any():
            self._points[: self._count][later] += pull
            self.revision += 1

    def drop(self, gone: NDArray[np.bool_]) -> None:
        """Forget the points where `gone` (N,)."""
        if not gone.any():
            return
        keep = np.flatnonzero(~gone)
        for column in (self._points, self._sigma, self._drift, self._seen, self._looks):
            column[: len(keep)] = column[keep]
        self._count = len(keep)
        self.revision += 1

    def take(self, sensors: Floats, echo: Floats, free: Floats, known: Floats, now: float, drift: float) -> None:
        """Take in pings (S,) [m] of sensors (S, 5) [x, y, yaw, field of view, range].

        echo: NaN where nothing believable was heard; free: how far there was nothing, NaN if unknown; known: what the
        known obstacles would give. now [s]; drift [m]: the odometry's error added up so far.
        """
        n = self._count
        if n:
            columns = self._points[:n], self._sigma[:n], self._drift[:n], drift, self._looks[:n], self._gone[:n]
            if look_through(sensors, free, *columns):
                self.drop(self._gone[:n])
        for s, (distance, there) in enumerate(zip(echo.tolist(), known.tolist(), strict=True)):
            if distance < min(there, float(sensors[s, 4])) - SURPRISE:
                x, y, yaw = sensors[s, :3].tolist()
                place = np.array([x + distance * math.cos(yaw), y + distance * math.sin(yaw)])
                self._add(place, math.hypot(RANGE_SIGMA, CROSS_SIGMA * distance), now, drift)

    def _add(self, place: Floats, sigma: float, now: float, drift: float) -> None:
        gaps = np.hypot(*(self.points - place).T)
        nearest = int(gaps.argmin()) if self._count else -1
        if self._count and gaps[nearest] <= MERGE:
            self._looks[nearest], self._seen[nearest], self._drift[nearest] = 0, now, drift
            self._sigma[nearest] = min(self._sigma[nearest], sigma)
            return
        if self._count == CAPACITY:  # the oldest has been seen the longest ago
            self.drop(np.arange(CAPACITY) == 0)
        n = self._count
        self._points[n], self._sigma[n], self._drift[n], self._seen[n], self._looks[n] = place, sigma, drift, now, 0
        self._count += 1
        self.revision += 1
