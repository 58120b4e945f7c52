"""What the body would meet if the driver held gear and steering: gaps now, free travel along the sweep, per sector.

Everything is a shape in the ego frame: a convex polygon, or a single vertex for an echo point. The body is moved along
the arc; as a shape at distance g cannot be met before the body's fastest corner has come g nearer, few steps are
needed, and the one in which the first contact falls is bisected. Nothing here allocates more than one scratch array.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from coach_core.risk.outline import edge_into_sectors, point_gap, sector_of

GAP, TRAVEL, CLOSING, TOUCHING, AHEAD = range(5)
"""Rows of a scan (5, 12), all [m], inf for none: gap now; free travel to the first contact in the sector; gap beside
the car where it is closing; gap of what is within arm's length and not moving off; gap a moment ahead, of what will be
within arm's length then."""

X, Y, COS, SIN = range(4)
"""Columns of a move: where the rear axle goes [m] and how the car turns, in the ego frame at the start."""


class Arc(NamedTuple):
    """Where the car is going, for kernels: curvature 1/m; way [m], how far to look, negative in reverse, 0 for nowhere;
    pace, how far the body's fastest corner gets per metre; ahead (4,), the move after which closing is judged."""

    curvature: float
    way: float
    pace: float
    ahead: NDArray[np.float64]


class Reach(NamedTuple):
    """How far to look [m]: sectors, for the gaps; arm, for what may touch or close in; and closing, the loss of gap
    beside the car that counts as closing. resolution: a touch shorter than this may go unseen."""

    sectors: float
    arm: float
    closing: float
    resolution: float


_EXACT = 1e-4
"""How exactly [m] the first contact is found."""
_DEEPER = 1e-9
"""An overlap that grows by less than this [m] in a step is rounding."""
_MOVING_OFF = 1e-3
"""What is farther by this [m] a moment ahead is moving off."""
_BOX_STEPS = 40
_CONTACT_BAND = 0.03
"""Parts of a shape this much [m] behind its first touching point touch practically at once (reversing squarely at a
wall)."""


@njit(cache=True, nogil=True)
def move_into(curvature, distance, out):  # type: ignore[no-untyped-def]
    """The rigid motion of the car along an arc: curvature 1/m left positive, distance m negative in reverse; fills
    `out` (4,)."""
    turn = curvature * distance
    chord = distance if abs(turn) < 1e-9 else 2.0 * math.sin(0.5 * turn) / curvature
    out[X] = chord * math.cos(0.5 * turn)
    out[Y] = chord * math.sin(0.5 * turn)
    out[COS] = math.cos(turn)
    out[SIN] = math.sin(turn)


@njit(cache=True, nogil=True)
def corner_speed(curvature, body):  # type: ignore[no-untyped-def]
    """How far the fastest corner of the body moves per metre of the rear axle."""
    side = abs(curvature) * body.half + 1.0
    return max(math.hypot(curvature * body.front, side), math.hypot(curvature * body.back, side))


@njit(cache=True, nogil=True)
def _separation(shape, move, body):  # type: ignore[no-untyped-def]
    """Signed separation [m] of the moved body and a convex shape (V, 2): a lower bound of their distance, <= 0 iff
    they meet.

    Largest gap over the separating axes: the body's two and the normals of the shape's edges.
    """
    low_x, high_x, low_y, high_y = np.inf, -np.inf, np.inf, -np.inf
    centre_x, half_length = 0.5 * (body.front + body.back), 0.5 * (body.front - body.back)
    count = shape.shape[0]
    best = -np.inf
    dx, dy = shape[count - 1, 0] - move[X], shape[count - 1, 1] - move[Y]
    px, py = move[COS] * dx + move[SIN] * dy, move[COS] * dy - move[SIN] * dx
    if count == 1:
        return max(px - body.front, body.back - px, abs(py) - body.half)
    for i in range(count):
        dx, dy = shape[i, 0] - move[X], shape[i, 1] - move[Y]
        qx, qy = move[COS] * dx + move[SIN] * dy, move[COS] * dy - move[SIN] * dx
        low_x, high_x = min(low_x, qx), max(high_x, qx)
        low_y, high_y = min(low_y, qy), max(high_y, qy)
        ex, ey = qx - px, qy - py
        length = math.sqrt(ex * ex + ey * ey)
        if length > 0.0:
            outside = ey * (centre_x - px) + ex * py - half_length * abs(ey) - body.half * abs(ex)
            best = max(best, outside / length)
        px, py = qx, qy
    along = max(low_x - body.front, body.back - high_x)
    across = max(low_y, -high_y) - body.half
    return max(best, along, across)


@njit(cache=True, nogil=True)
def _shape_into_sectors(shape, move, body, cuts, out):  # type: ignore[no-untyped-def]
    """Lower each `out[sector]` (12,) to the gap [m] between the moved body and the shape's outline in that sector."""
    count = shape.shape[0]
    dx, dy = shape[count - 1, 0] - move[X], shape[count - 1, 1] - move[Y]
    px, py = move[COS] * dx + move[SIN] * dy, move[COS] * dy - move[SIN] * dx
    if count == 1:
        sector = sector_of(px, py, body)
        out[sector] = min(out[sector], max(point_gap(px, py, body), 0.0))
        return
    holds_body = True
    middle = 0.5 * (body.front + body.back)
    for i in range(count):
        dx, dy = shape[i, 0] - move[X], shape[i, 1] - move[Y]
        qx, qy = move[COS] * dx + move[SIN] * dy, move[COS] * dy - move[SIN] * dx
        edge_into_sectors(px, py, qx, qy, body, cuts, out)
        if (qy - py) * (middle - px) + (qx - px) * py > 0.0:
            holds_body = False
        px, py = qx, qy
    if holds_body:  # then the outline of the shape says nothing: the body is inside it, whole
        out[:] = 0.0


@njit(cache=True, nogil=True)
def _first_contact(shape, body, arc, nearest, resolution, at):  # type: ignore[no-untyped-def]
    """Travel [m, unsigned] to the first contact with the shape, inf if none; leaves the move there in `at` (4,).

    nearest: separation at the start. The body is moved on by as much as it may without reaching the shape, and by
    `resolution` at least; the step in which it does is bisected. What it overlaps already is met at once if it goes
    deeper, and only on coming back to it if it is leaving.
    """
    sign = math.copysign(1.0, arc.way)
    last, travel, before = abs(arc.way), 0.0, nearest
    while True:
        previous = travel
        travel += max(before / arc.pace, resolution)
        if travel > last:
            return np.inf
        move_into(arc.curvature, sign * travel, at)
        now = _separation(shape, at, body)
        if now <= 0.0 and (before > 0.0 or now < before - _DEEPER):
            break
        before = now
    free, met = previous, travel
    while before > 0.0 and met - free > _EXACT:
        middle = 0.5 * (free + met)
        move_into(arc.curvature, sign * middle, at)
        if _separation(shape, at, body) > 0.0:
            free = middle
        else:
            met = middle
    move_into(arc.curvature, sign * free, at)
    return free


@njit(cache=True, nogil=True)
def _scan_shape(shape, body, arc, reach, scratch, out):  # type: ignore[no-untyped-def]
    """Merge one ego-frame shape into a scan; see `scan`."""
    cuts, gaps, at = scratch[0], scratch[1], scratch[2, :4]
    move_into(0.0, 0.0, at)
    nearest = _separation(shape, at, body)
    gaps[:] = np.inf
    if nearest < reach.sectors:
        _shape_into_sectors(shape, at, body, cuts, gaps)
        for k in range(12):
            if gaps[k] < reach.sectors:
                out[GAP, k] = min(out[GAP, k], gaps[k])
    if arc.way == 0.0:
        return
    later = _separation(shape, arc.ahead, body)
    if nearest < reach.arm and later <= nearest + _MOVING_OFF:
        for k in range(12):
            if gaps[k] < reach.arm:
                out[TOUCHING, k] = min(out[TOUCHING, k], gaps[k])
    if later < reach.arm:
        _shape_into_sectors(shape, arc.ahead, body, cuts, out[AHEAD])
    travel = _first_contact(shape, body, arc, nearest, reach.resolution, at)
    if travel < np.inf:
        gaps[:] = np.inf
        _shape_into_sectors(shape, at, body, cuts, gaps)
        touching = np.min(gaps) + _CONTACT_BAND
        for k in range(12):
            if gaps[k] <= touching:
                out[TRAVEL, k] = min(out[TRAVEL, k], travel)


@njit(cache=True, nogil=True)
def _box(arc, reach, body, move):  # type: ignore[no-untyped-def]
    """A box round the sweep, x and y [m, ego frame], low and high: nothing outside it is met, or at arm's length."""
    low_x, high_x, low_y, high_y = np.inf, -np.inf, np.inf, -np.inf
    for j in range(_BOX_STEPS + 1):
        move_into(arc.curvature, j * arc.way / _BOX_STEPS, move)
        tail, nose = body.back * move[COS], body.front * move[COS]
        low_x, high_x = min(low_x, move[X] + min(tail, nose)), max(high_x, move[X] + max(tail, nose))
        tail, nose = body.back * move[SIN], body.front * move[SIN]
        low_y, high_y = min(low_y, move[Y] + min(tail, nose)), max(high_y, move[Y] + max(tail, nose))
    margin = body.half + reach.arm + arc.pace * abs(arc.way) / _BOX_STEPS
    return low_x - margin, high_x + margin, low_y - margin, high_y + margin


@njit(cache=True, nogil=True)
def scan(pose, curvature, way, lookahead, reach, points, vertices, offsets, echoes, body, scratch, out):  # type: ignore[no-untyped-def]
    """Gaps and free travel of the body among obstacles; fills `out` (5, 12) and returns how many inputs were not
    finite.

    pose (3,) world; curvature 1/m; way [m] to look along, negative in reverse, 0 for no direction; lookahead [m],
    signed, after which closing is judged; reach: `Reach`. points (N, 2) and convex polygons
    vertices[offsets[k]:offsets[k + 1]] (counter-clockwise), world frame; echoes (E, 2), ego frame, NaN for none.
    scratch (4, 12) is modified in place.
    """
    out[:] = np.inf
    ahead = scratch[3, :4]
    move_into(curvature, lookahead, ahead)
    arc = Arc(curvature, way, corner_speed(curvature, body), ahead)
    low_x, high_x, low_y, high_y = np.inf, -np.inf, np.inf, -np.inf
    boxed = way == 0.0
    cos, sin = math.cos(pose[2]), math.sin(pose[2])
    broken = 0
    ego = np.empty((max(vertices.shape[0], 1), 2))
    for i in range(vertices.shape[0]):
        dx, dy = vertices[i, 0] - pose[0], vertices[i, 1] - pose[1]
        known = math.isfinite(dx) and math.isfinite(dy)
        ego[i, 0] = cos * dx + sin * dy if known else np.nan
        ego[i, 1] = cos * dy - sin * dx if known else np.nan
    for k in range(offsets.shape[0] - 1):
        first, end = max(offsets[k], 0), min(offsets[k + 1], vertices.shape[0])
        if end > first:
            if np.isfinite(ego[first:end]).all():
                _scan_shape(ego[first:end], body, arc, reach, scratch, out)
            else:
                broken += 1
    # the map's points, then the near echoes
    count = points.shape[0]
    for i in range(count + echoes.shape[0]):
        if i < count:
            dx, dy = points[i, 0] - pose[0], points[i, 1] - pose[1]
            if not (math.isfinite(dx) and math.isfinite(dy)):
                broken += 1
                continue
            x, y = cos * dx + sin * dy, cos * dy - sin * dx
        else:
            x, y = echoes[i - count, 0], echoes[i - count, 1]
            if not math.isfinite(x):
                continue
        # most points are neither met nor at arm's length: their sector and gap are all there is to know
        gap = point_gap(x, y, body)
        if not boxed:  # without any points nobody asks for it
            boxed = True
            low_x, high_x, low_y, high_y = _box(arc, reach, body, scratch[2, :4])
        swept = way != 0.0 and low_x <= x <= high_x and low_y <= y <= high_y
        if gap >= reach.arm and not swept:
            if gap < reach.sectors:
                sector = sector_of(x, y, body)
                out[GAP, sector] = min(out[GAP, sector], gap)
            continue
        ego[0, 0], ego[0, 1] = x, y
        _scan_shape(ego[:1], body, arc, reach, scratch, out)
    # a wall known by its echoes comes closer although no single echo does: compare what is beside, not each obstacle
    for a, b in ((4, 5), (10, 11)):
        if min(out[GAP, a], out[GAP, b]) > min(out[AHEAD, a], out[AHEAD, b]) + reach.closing:
            out[CLOSING, a], out[CLOSING, b] = out[GAP, a], out[GAP, b]
    return broken
