"""Things that move, against the way the car goes: when and where the two would meet if both went on as they do."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coach_core.risk.outline import Outline, sector_of

Floats = NDArray[np.float64]

NO_MOVERS: Floats = np.empty((0, 4))
_STEP_S = 0.1


class Crossing(NamedTuple):
    """A meeting to come: time [s, inf if none] and the sector of the body that is met."""

    time: float
    sector: int


NEVER = Crossing(math.inf, -1)


def first_crossing(
    movers: Floats, pose: Floats, curvature: float, velocity: float, body: Outline, margin: float, horizon: float
) -> Crossing:
    """The first of `movers` (N, 4) [x, y m, vx, vy m/s, world] that comes within `margin` m of the body.

    The car goes at `velocity` m/s (negative in reverse) along an arc of `curvature` 1/m for `horizon` s; a mover goes
    straight on. What only follows the car, or is followed by it, counts as well: it is in the way.
    """
    if not len(movers):
        return NEVER
    times = np.arange(0.0, horizon + 0.5 * _STEP_S, _STEP_S)
    way = velocity * times
    turn = curvature * way
    if abs(curvature) > 1e-9:
        along, beside = np.sin(turn) / curvature, (1.0 - np.cos(turn)) / curvature
    else:
        along, beside = way, np.zeros_like(way)
    cos, sin = math.cos(pose[2]), math.sin(pose[2])
    best = NEVER
    for x, y, vx, vy in movers.tolist():
        # the mover in the frame of the car at the start, then of the car as it goes
        dx, dy = x + vx * times - pose[0], y + vy * times - pose[1]
        px, py = cos * dx + sin * dy - along, cos * dy - sin * dx - beside
        ex, ey = np.cos(turn) * px + np.sin(turn) * py, np.cos(turn) * py - np.sin(turn) * px
        outside_x = np.maximum(np.maximum(body.back - ex, ex - body.front), 0.0)
        outside_y = np.maximum(np.abs(ey) - body.half, 0.0)
        met = np.flatnonzero(outside_x * outside_x + outside_y * outside_y <= margin * margin)
        if len(met) and times[met[0]] < best.time:
            at = met[0]
            best = Crossing(float(times[at]), int(sector_of(float(ex[at]), float(ey[at]), body)))
    return best
