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

from coach_core.vehicle import VehicleParams

SECTOR_COUNT = 12
FRONT_SECTORS = (0, 1, 2, 3)
RIGHT_SECTORS = (4, 5)
REAR_SECTORS = (6, 7, 8, 9)
LEFT_SECTORS = (10, 11)


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


def echo_mounts(body: Outline) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Where an echo of each sector is taken to come from (12, 4): x, y [m] on the outline, and its unit direction
    outwards.

    Corner sectors look along the diagonal from their corner, the others straight out from the middle of their part.
    """
    diagonal = math.sqrt(0.5)
    mounts = np.empty((SECTOR_COUNT, 4))
    inner = 0.25 * body.half
    length = body.front - body.back
    for sector, y in ((0, body.half), (1, inner), (2, -inner), (3, -body.half)):
        corner = sector in (0, 3)
        forward = diagonal if corner else 1.0
        sideways = math.copysign(diagonal, y) if corner else 0.0
        mounts[sector] = body.front, y, forward, sideways
        mounts[9 - sector] = body.back, y, -forward, sideways
    for sector, share, y in ((4, 0.75, -1.0), (5, 0.25, -1.0), (10, 0.25, 1.0), (11, 0.75, 1.0)):
        mounts[sector] = body.back + share * length, y * body.half, 0.0, y
    return mounts
