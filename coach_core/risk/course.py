"""Where the car goes while its wheel is on the way to the angle that the plan asks for.

Neither the arc of the present angle nor that of the plan's: along the turn the angle changes evenly in time, which is
taken as arcs of the mean angles, and from its end on the plan's angle is held.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coach_core.geometry.poses import advance_into

Floats = NDArray[np.float64]

_PARTS = 3
"""Arcs that the turn itself is made of."""
_LEAST_WAY = 1e-3
"""A piece shorter than this [m] is left out."""


class Piece(NamedTuple):
    """One arc of the course: from `pose` (3,) world with `curvature` [1/m, left positive] for `way` [m, negative in
    reverse], `before` [m, unsigned] after the course began."""

    pose: Floats
    curvature: float
    way: float
    before: float


def turning_course(
    pose: Floats, steer: float, planned: float, rate: float, wheelbase: float, velocity: float, length: float
) -> list[Piece]:
    """The arcs over the next `length` m (unsigned) at `velocity` m/s (negative in reverse).

    steer, planned: the wheel's angle now and the plan's [rad, left positive]; rate: how fast it is turned [rad/s].
    Empty if the wheel is not being turned towards the plan's angle, or the car stands.
    """
    missing = planned - steer
    if not rate * missing > 0.0 or velocity == 0.0 or not length > 0.0:
        return []
    sign = math.copysign(1.0, velocity)
    turn = min(length, abs(velocity) * missing / rate)
    reached = steer + missing * turn * rate / (abs(velocity) * missing)
    parts = [(steer + (reached - steer) * (i + 0.5) / _PARTS, turn / _PARTS) for i in range(_PARTS)]
    pieces: list[Piece] = []
    driven, here = 0.0, np.array(pose)
    for angle, way in (*parts, (planned, length - turn)):
        if way < _LEAST_WAY:
            continue
        curvature = math.tan(angle) / wheelbase
        pieces.append(Piece(here, curvature, sign * way, driven))
        following = np.empty(3)
        advance_into(here, curvature, sign * way, following)
        here, driven = following, driven + way
    return pieces
