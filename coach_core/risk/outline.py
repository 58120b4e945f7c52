"""The body's outline in the ego frame, and its 12 sectors.

The body is the rectangle [back, front] x [-half, half] m (ego frame: rear-axle centre, x forward, y left). Each place
outside it belongs to the sector whose part of the outline is nearest: four quarters of the front face, four of the rear
face, two halves of each side. What lies off a corner belongs to the outer quarter of the front or rear face.
Sectors are numbered as in `coach_core.contracts.SECTORS`, clockwise from the front left.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from coach_core.vehicle import VehicleParams

Floats = NDArray[np.float64]

SECTOR_COUNT = 12
FRONT_SECTORS = (0, 1, 2, 3)
RIGHT_SECTORS = (4, 5)
REAR_SECTORS = (6, 7, 8, 9)
LEFT_SECTORS = (10, 11)
_ALONG = 1e-9
"""A direction with less than this of another in it goes along, and never meets a face beside it."""


class Outline(NamedTuple):
    """The body rectangle [m], ego frame: rear end (negative), front end, half the width."""

    back: float
    front: float
    half: float


def outline_of(vehicle: VehicleParams) -> Outline:
    return Outline(-vehicle.rear_overhang, vehicle.wheelbase + vehicle.front_overhang, 0.5 * vehicle.width)


@njit(cache=True, nogil=True)
def point_gap(x, y, body):  # type: ignore[no-untyped-def]
    """Distance [m] of an ego-frame point to the outline, negative inside."""
    dx = max(body.back - x, x - body.front)
    dy = abs(y) - body.half
    if dx <= 0.0 and dy <= 0.0:
        return max(dx, dy)
    dx, dy = max(dx, 0.0), max(dy, 0.0)
    return math.sqrt(dx * dx + dy * dy)


@njit(cache=True, nogil=True)
def sector_of(x, y, body):  # type: ignore[no-untyped-def]
    """Sector of an ego-frame point; inside the body that of the nearest face."""
    ahead, behind, beside = x - body.front, body.back - x, abs(y) - body.half
    if max(ahead, behind) > 0.0 or max(ahead, behind) >= beside:
        quarter = 0 if y > 0.5 * body.half else 1 if y > 0.0 else 2 if y > -0.5 * body.half else 3
        return quarter if ahead >= behind else 9 - quarter
    in_front_half = x >= 0.5 * (body.back + body.front)
    if y < 0.0:
        return 4 if in_front_half else 5
    return 11 if in_front_half else 10


@njit(cache=True, nogil=True)
def edge_into_sectors(ax, ay, bx, by, body, cuts, out):  # type: ignore[no-untyped-def]
    """Lower each `out[sector]` (12,) to the distance [m] of the part of the edge a-b that lies in that sector.

    The edge is cut at every border between sectors; within a piece the distance is linear beside a face and convex off
    a corner, so that the piece's ends and the foot of the corner's perpendicular hold the minimum. `cuts` (10,) is
    scratch.
    """
    dx, dy = bx - ax, by - ay
    cuts[0] = 0.0
    count = 1
    for i in range(8):
        if i < 3:
            border = body.back if i == 0 else body.front if i == 1 else 0.5 * (body.back + body.front)
            start, slope = ax, dx
        else:
            border = 0.5 * (i - 5) * body.half
            start, slope = ay, dy
        if slope != 0.0:
            t = (border - start) / slope
            if 0.0 < t < 1.0:
                k = count
                while cuts[k - 1] > t:
                    cuts[k] = cuts[k - 1]
                    k -= 1
                cuts[k] = t
                count += 1
    cuts[count] = 1.0
    square = dx * dx + dy * dy
    for i in range(count):
        low, high = cuts[i], cuts[i + 1]
        middle = 0.5 * (low + high)
        x, y = ax + middle * dx, ay + middle * dy
        gap = min(point_gap(ax + low * dx, ay + low * dy, body), point_gap(ax + high * dx, ay + high * dy, body))
        if abs(y) > body.half and (x > body.front or x < body.back) and square > 0.0:
            corner_x = body.front if x > body.front else body.back
            corner_y = math.copysign(body.half, y)
            foot = min(max(((corner_x - ax) * dx + (corner_y - ay) * dy) / square, low), high)
            gap = min(gap, math.hypot(ax + foot * dx - corner_x, ay + foot * dy - corner_y))
        sector = sector_of(x, y, body)
        out[sector] = min(out[sector], max(gap, 0.0))


def echo_mounts(body: Outline, sensors: Floats | None = None) -> Floats:
    """Where the echoes of each sector come from (12, 5): x, y [m] of its sensor, the unit direction it looks in, and
    how far [m] along that the sensor sits inside the outline: so much of each range is the car itself.

    sensors (12, 3): x, y [m] and yaw [rad] of the real ones, ego frame. Without them they are taken to be on the
    outline: at the corners, looking along the diagonal, the others in the middle of their part, looking straight out.
    """
    placed = _on_outline(body) if sensors is None else sensors
    mounts = np.empty((SECTOR_COUNT, 5))
    for k, (x, y, yaw) in enumerate(placed.tolist()):
        cos, sin = math.cos(yaw), math.sin(yaw)
        mounts[k] = x, y, cos, sin, max(0.0, _way_out(x, y, cos, sin, body))
    return mounts


def _on_outline(body: Outline) -> Floats:
    """(12, 3): x, y [m], yaw [rad]."""
    sensors = np.empty((SECTOR_COUNT, 3))
    inner, length, quarter = 0.25 * body.half, body.front - body.back, 0.25 * math.pi
    for sector, y, turn in ((0, body.half, 1.0), (1, inner, 0.0), (2, -inner, 0.0), (3, -body.half, -1.0)):
        sensors[sector] = body.front, y, turn * quarter
        sensors[9 - sector] = body.back, y, math.pi - turn * quarter
    for sector, share, side in ((4, 0.75, -1.0), (5, 0.25, -1.0), (10, 0.25, 1.0), (11, 0.75, 1.0)):
        sensors[sector] = body.back + share * length, side * body.half, side * 2.0 * quarter
    return sensors


def _way_out(x: float, y: float, cos: float, sin: float, body: Outline) -> float:
    """How far [m] it is from a place inside the outline to its border; negative outside it."""
    ahead = (body.front - x) / cos if cos > _ALONG else (body.back - x) / cos if cos < -_ALONG else math.inf
    aside = (body.half - y) / sin if sin > _ALONG else (-body.half - y) / sin if sin < -_ALONG else math.inf
    return min(ahead, aside)
