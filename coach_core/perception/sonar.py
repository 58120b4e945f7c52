"""The twelve ultrasonic sensors: where they are in the world, what they should hear, and what to believe of a ping.

A sonar says how far the nearest thing in its cone is, not in which direction. Its cone is a few rays; a surface met at
more than 22.5° from its normal sends nothing back (docs/perception.md).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from coach_core.contracts import SECTORS, VehicleProfile
from coach_core.geometry.polygons import ObstacleSet
from coach_core.geometry.poses import Pose

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

RAYS = 9
SURE = 2
"""Every so many of them is a direction that a ray of the sensors really has; between these things may slip through."""
SPREAD = 0.866
"""Rays leave the axis sideways by at most this part of half the cone: the outermost point up or down as well."""
RISE = 0.25
"""Outermost rays point this part of the cone [1] up or down."""
HEARD = math.cos(math.radians(20.0))
"""A surface met within this of its normal is heard for sure; the sensors' own limit is 22.5°."""
MAY_BE_HEARD = math.cos(math.radians(30.0))
"""One met further than this from its normal is never heard, even if it stands a little otherwise than assumed."""
ROUND = 0.8
"""This near [m] to the corner of an assumed car a ray may be heard at any angle: its corners are round, and it may
stand a little otherwise than assumed."""
AGREE = 0.30
"""A ping this far [m] from the median of three is not believed."""
HOLD = 0.2
"""Silence for less than this [s] after an echo is a drop-out."""


@njit(cache=True, nogil=True)
def hear(sensors, vertices, offsets, boxes, keep, facing, corner, every, out, nearest_of_all):  # type: ignore[no-untyped-def]
    """Fill out (2, S, K) with the distance [m] to each polygon, alone, in each sensor's cone; inf beyond its range.

    out[0]: along any ray that meets it; out[1]: along those that meet it squarely enough to come back.

    sensors (S, 5): x, y [m, world], yaw, field of view [rad], range [m]; vertices, offsets, boxes: packed polygons.
    keep (K,): those that are there; the others stay at inf. facing: least cosine of the angle to the surface's normal
    at which an echo comes back; this near [m] to a corner one comes back whatever the angle: a car's corners are round.
    every: only each so manieth ray is looked along. nearest_of_all (2, S) is lowered to the nearest polygon that each
    sensor meets.
    """
    rays = np.empty((RAYS, 3))
    for s in range(sensors.shape[0]):
        x, y, yaw, view, reach = sensors[s]
        aimed = False
        for k in range(boxes.shape[0]):
            out[0, s, k] = np.inf
            out[1, s, k] = np.inf
            if not keep[k]:
                continue
            if boxes[k, 0] - x > reach or x - boxes[k, 2] > reach or boxes[k, 1] - y > reach or y - boxes[k, 3] > reach:
                continue
            if not aimed:  # the same rays for every polygon, and none for a sensor with nothing within its range
                aimed = True
                for r in range(RAYS):
                    share = 2.0 * r / (RAYS - 1) - 1.0
                    angle = yaw + 0.5 * SPREAD * view * share
                    rays[r, 0], rays[r, 1] = math.cos(angle), math.sin(angle)
                    rays[r, 2] = math.cos(RISE * view * share)
            for r in range(0, RAYS, every):
                dx, dy, level = rays[r, 0], rays[r, 1], rays[r, 2]
                nearest, cosine = reach, 0.0
                first, last = offsets[k], offsets[k + 1]
                for i in range(first, last):
                    j = i + 1 if i + 1 < last else first
                    ex, ey = vertices[j, 0] - vertices[i, 0], vertices[j, 1] - vertices[i, 1]
                    cross = dx * ey - dy * ex
                    if cross > -1e-12:  # seen from inside, or along the edge
                        continue
                    ax, ay = vertices[i, 0] - x, vertices[i, 1] - y
                    along = (ax * ey - ay * ex) / cross
                    share_of_edge = (ax * dy - ay * dx) / cross
                    if 0.0 <= share_of_edge <= 1.0 and 0.0 <= along < nearest:
                        nearest, edge = along, math.hypot(ex, ey)
                        cosine = -level * cross / edge
                        if min(share_of_edge, 1.0 - share_of_edge) * edge < corner:
                            cosine = 1.0
                if cosine > 0.0 and nearest < out[0, s, k]:
                    out[0, s, k] = nearest
                if cosine > 0.0 and cosine >= facing and nearest < out[1, s, k]:
                    out[1, s, k] = nearest
            for way in range(2):
                nearest_of_all[way, s] = min(nearest_of_all[way, s], out[way, s, k])


@njit(cache=True, nogil=True)
def mounts_into(mounts, x, y, yaw, out):  # type: ignore[no-untyped-def]
    """Fill the first three columns of out (S, 5) with x, y [m, world] and yaw [rad] of the mounts (S, 5) of a car at
    (x, y, yaw)."""
    cos, sin = math.cos(yaw), math.sin(yaw)
    for s in range(mounts.shape[0]):
        out[s, 0] = x + cos * mounts[s, 0] - sin * mounts[s, 1]
        out[s, 1] = y + sin * mounts[s, 0] + cos * mounts[s, 1]
        out[s, 2] = mounts[s, 2] + yaw


class SensorBank:
    """The sensors of a car, in the order of SECTORS. One that the car does not have has a range of 0."""

    def __init__(self, profile: VehicleProfile) -> None:
        mounts = {mount.sensor_id: mount for mount in profile.sensors}
        self._index = {f"us_{sector}": i for i, sector in enumerate(SECTORS) if f"us_{sector}" in mounts}
        self._mounts = np.zeros((len(SECTORS), 5))
        for sensor_id, i in self._index.items():
            mount = mounts[sensor_id]
            self._mounts[i] = mount.x_m, mount.y_m, mount.yaw_rad, mount.field_of_view_rad, mount.max_range_m
        self.ranges: Floats = self._mounts[:, 4].copy()
        """(12,) [m]"""

    @property
    def mounts(self) -> Floats:
        """The sensors (12, 3) in the ego frame: x, y [m], yaw [rad]; zeros for one that the car does not have."""
        return self._mounts[:, :3].copy()

    def at(self, pose: Pose) -> Floats:
        """The sensors (12, 5) of a car at `pose`: x, y [m, world], yaw [rad], field of view [rad], range [m]."""
        out = self._mounts.copy()
        x, y, yaw = pose.tolist()
        mounts_into(self._mounts, x, y, yaw, out)
        return out


def expected(
    sensors: Floats,
    obstacles: ObstacleSet,
    facing: float = MAY_BE_HEARD,
    corner: float = 0.0,
    every: int = 1,
    keep: Mask | None = None,
    nearest: Floats | None = None,
) -> Floats:
    """Distance (2, S, K) [m] to each polygon in each sensor's cone, and at which it is heard; inf where it is not.

    facing, corner, every: see `hear`. keep (K,): the polygons that are there, all unless given. nearest (2, S), if
    given, is lowered to the least of each sensor.
    """
    count = len(sensors)
    out = np.empty((2, count, obstacles.size))
    keep = np.ones(obstacles.size, dtype=np.bool_) if keep is None else keep
    nearest = np.empty((2, count)) if nearest is None else nearest
    hear(sensors, obstacles.vertices, obstacles.offsets, obstacles.boxes, keep, facing, corner, every, out, nearest)
    return out


@njit(cache=True, nogil=True)
def filter_pings(readings, fresh, ranges, now, before, held, heard_at, echo, free):  # type: ignore[no-untyped-def]
    """Fill echo and free (S,) as `Pings` has them; `PingFilter.take` tells of the rest.

    before (2, S): the two pings before [m], oldest first; held and heard_at (S,): the last echo believed [m] and when
    [s]. All three are brought up to date.
    """
    for s in range(readings.shape[0]):
        echo[s] = free[s] = np.nan
        if not fresh[s]:
            continue
        reading, older, old = readings[s], before[0, s], before[1, s]
        median = max(min(older, old), min(max(older, old), reading))
        before[0, s], before[1, s] = old, reading
        if math.isfinite(median):
            held[s], heard_at[s] = median, now
        if math.isinf(reading):
            if now - heard_at[s] > HOLD:
                free[s] = ranges[s]
        elif abs(reading - median) <= AGREE:
            echo[s] = free[s] = reading


class Pings(NamedTuple):
    """What to believe of the newest pings, by sensor (12,)."""

    echo: Floats
    """The ping where it is a believable echo [m], else NaN."""
    free: Floats
    """How far the sensor certainly saw nothing [m]: the echo, or the range where it is truly silent; NaN unknown."""


class PingFilter:
    """Median of three and hold: single false echoes are dropped, single missing ones bridged.

    The map and the slots wait for this; the warnings do not, they take near echoes as they come (docs/risk.md).
    """

    def __init__(self) -> None:
        count = len(SECTORS)
        self._before = np.full((2, count), np.inf)
        self._heard_at = np.full(count, -np.inf)
        self._echo = np.full(count, np.inf)

    def take(self, readings: Floats, fresh: NDArray[np.bool_], ranges: Floats, now: float) -> Pings:
        """readings (12,) [m], inf for no echo; fresh (12,): which are new pings; ranges (12,) [m]; now [s]."""
        pings = Pings(np.empty(len(readings)), np.empty(len(readings)))
        filter_pings(readings, fresh, ranges, now, self._before, self._echo, self._heard_at, *pings)
        return pings

    def fused(self, now: float) -> Floats:
        """(12,) [m]: the median of three, held over drop-outs; inf where there is no echo."""
        return np.where(now - self._heard_at <= HOLD, self._echo, np.inf)
