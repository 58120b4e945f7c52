"""How far the body can travel along an arc, by conservative advancement.

From a pose with clearance d no body point can reach an obstacle before it has moved d, so the arc may be followed for
d / (fastest body point's speed) without looking again. Open ground costs a few looks; near obstacles the steps shrink.
Source: Mirtich, Impulse-based Dynamic Simulation of Rigid Body Systems (1996), section 2.3.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from numba import njit
from numpy.typing import ArrayLike

from coach_core.geometry.polygons import ObstacleSet, clearance_at
from coach_core.geometry.poses import YAW, X, Y, as_pose
from coach_core.vehicle import VehicleParams

LOOK = 2.0
"""Clearance [m] beyond which nobody asks how much more there is."""
_STRIDE = 0.25
"""Longest step [m] while anything is nearer than `_NEAR`, so that the least clearance met is known well."""
_NEAR = 0.5
_CAUTION = 0.9
"""Part of the safe step that is taken: a whole one lands on the margin itself, where rounding decides."""
_FINEST, _COARSEST = 0.0005, 0.02
"""Bounds [m] of the shortest step. Between two looks the clearance may fall below `margin` by half a step at most."""


@njit(cache=True, nogil=True)
def fastest_point(vehicle, curvature):  # type: ignore[no-untyped-def]
    """Path of the quickest body point (a front corner) per path of the rear axle on an arc of `curvature` 1/m."""
    front = abs(curvature) * (vehicle.wheelbase + vehicle.front_overhang)
    side = 1.0 + 0.5 * abs(curvature) * vehicle.width
    return math.sqrt(front * front + side * side)


@njit(cache=True, nogil=True)
def next_step(clearance, margin, rate):  # type: ignore[no-untyped-def]
    """Distance [m] that may be travelled from a pose of this clearance without looking again."""
    step = _CAUTION * (clearance - margin) / rate
    if clearance < _NEAR:
        step = min(step, _STRIDE)
    return max(step, min(max(0.4 * margin, _FINEST), _COARSEST))


@njit(cache=True, nogil=True)
def sweep(vehicle, x, y, yaw, curvature, distance, obstacles, margin):  # type: ignore[no-untyped-def]
    """Follow an arc while the body keeps `margin` m; returns (free way [m], least clearance [m] met on it).

    distance: m, negative in reverse. The way is -1 if the start itself is nearer than `margin`, `abs(distance)` if
    all is free. Clearance is looked up to `LOOK` m only.
    """
    total = abs(distance)
    sign = 1.0 if distance >= 0.0 else -1.0
    rate = fastest_point(vehicle, curvature)
    least = LOOK
    free = -1.0
    way = 0.0
    while True:
        turn = curvature * sign * way
        chord = sign * way if abs(turn) < 1e-9 else 2.0 * math.sin(0.5 * turn) / curvature
        heading = yaw + 0.5 * turn
        clearance = clearance_at(
            vehicle, x + chord * math.cos(heading), y + chord * math.sin(heading), yaw + turn, obstacles, LOOK
        )
        if clearance < margin or clearance == 0.0:
            return free, least
        least = min(least, clearance)
        free = way
        if way >= total:
            return total, least
        way = min(way + next_step(clearance, margin, rate), total)


class Travel(NamedTuple):
    """What an arc allows: way [m, >= 0] until the margin is reached, and the least clearance [m, up to LOOK] on it."""

    way: float
    clearance: float
    blocked: bool
    """Whether something ends the way before the distance asked for."""


def free_travel(
    vehicle: VehicleParams,
    pose: ArrayLike,
    steer: float,
    distance: float,
    obstacles: ObstacleSet,
    margin: float = 0.0,
) -> Travel:
    """How far the car can go from `pose` with the front wheels at `steer` rad, `distance` m (negative in reverse)."""
    at = as_pose(pose)
    curvature = math.tan(steer) / vehicle.wheelbase
    way, clearance = sweep(vehicle, at[X], at[Y], at[YAW], curvature, float(distance), obstacles, float(margin))
    if way < 0.0:
        return Travel(0.0, float(clearance_at(vehicle, at[X], at[Y], at[YAW], obstacles, LOOK)), True)
    return Travel(float(way), float(clearance), bool(way < abs(distance)))
