"""Poses and rigid motions in the plane.

A pose is (3,) float64 [x m, y m, yaw rad]; yaw counter-clockwise from +x, in [-pi, pi).
Curvature is 1/m, left positive; distance is m, negative in reverse.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from coach_core.errors import GeometryError

X, Y, YAW = 0, 1, 2

Pose = NDArray[np.float64]
"""(3,) x, y, yaw."""
Poses = NDArray[np.float64]
"""(N, 3)."""
Polygon = NDArray[np.float64]
"""(V, 2), counter-clockwise, not closed."""


@njit(cache=True)
def wrap_angle(angle):  # type: ignore[no-untyped-def]
    """The same angle in [-pi, pi)."""
    return (angle + math.pi) % (2.0 * math.pi) - math.pi


def wrapped(angle: float) -> float:
    """`wrap_angle` for one plain float, without the way into a kernel and back."""
    return (angle + math.pi) % (2.0 * math.pi) - math.pi


@njit(cache=True)
def advance_into(pose, curvature, distance, out):  # type: ignore[no-untyped-def]
    """Move `pose` along an arc; fills `out` (may be `pose` itself).

    Source: LaValle, Planning Algorithms (2006), eq. 13.15, integrated for a constant steering angle.
    """
    turn = curvature * distance
    chord = distance if abs(turn) < 1e-9 else 2.0 * math.sin(0.5 * turn) / curvature
    heading = pose[2] + 0.5 * turn
    x = pose[0] + chord * math.cos(heading)
    y = pose[1] + chord * math.sin(heading)
    out[2] = wrap_angle(pose[2] + turn)
    out[0] = x
    out[1] = y


def as_pose(value: ArrayLike) -> Pose:
    """`value` as a fresh pose; GeometryError unless it is three finite numbers."""
    return np.array(_numbers(value))


def advance(pose: ArrayLike, curvature: float, distance: float) -> Pose:
    """Pose after driving `distance` m along an arc of `curvature` 1/m; GeometryError if `pose` is not finite."""
    out = np.empty(3)
    advance_into(as_pose(pose), float(curvature), float(distance), out)
    return out


def compose(a_from_b: ArrayLike, b_from_c: ArrayLike) -> Pose:
    """The transform a_from_c: `b_from_c` seen from frame a."""
    (ax, ay, a_yaw), (bx, by, b_yaw) = _numbers(a_from_b), _numbers(b_from_c)
    cos, sin = math.cos(a_yaw), math.sin(a_yaw)
    return _pose(ax + cos * bx - sin * by, ay + sin * bx + cos * by, a_yaw + b_yaw)


@njit(cache=True, nogil=True)
def between_into(frame, pose, out):  # type: ignore[no-untyped-def]
    """Fill `out` (3,) with `pose` as seen from `frame`, both (3,) in the world; the yaw wrapped to [-pi, pi)."""
    cos, sin = math.cos(frame[2]), math.sin(frame[2])
    dx, dy = pose[0] - frame[0], pose[1] - frame[1]
    out[0], out[1] = cos * dx + sin * dy, cos * dy - sin * dx
    out[2] = (pose[2] - frame[2] + math.pi) % (2.0 * math.pi) - math.pi


def inverse(a_from_b: ArrayLike) -> Pose:
    """The transform b_from_a."""
    x, y, yaw = _numbers(a_from_b)
    cos, sin = math.cos(yaw), math.sin(yaw)
    return _pose(-cos * x - sin * y, sin * x - cos * y, -yaw)


def apply(a_from_b: ArrayLike, points_b: ArrayLike) -> NDArray[np.float64]:
    """Points (N, 2) or (2,) given in frame b, in frame a."""
    x, y, yaw = _numbers(a_from_b)
    points = np.asarray(points_b, dtype=np.float64)
    cos, sin = math.cos(yaw), math.sin(yaw)
    rotation = np.array([[cos, -sin], [sin, cos]])
    return np.asarray(points @ rotation.T + np.array([x, y]))


# --- plain floats: a tick composes poses by the dozen, and an array of three costs more than the sums do -------------


def _numbers(value: ArrayLike) -> tuple[float, float, float]:
    """x, y and yaw in [-pi, pi) of a pose; GeometryError unless it is three finite numbers."""
    array = value if isinstance(value, np.ndarray) else np.array(value, dtype=np.float64)
    if array.shape == (3,):
        x, y, yaw = array.tolist()
        if math.isfinite(x) and math.isfinite(y) and math.isfinite(yaw):
            return float(x), float(y), wrapped(float(yaw))
    raise GeometryError(f"a pose is three finite numbers [x, y, yaw], got {value!r}")


def _pose(x: float, y: float, yaw: float) -> Pose:
    """A fresh pose; GeometryError where numbers too large became infinite."""
    if not (math.isfinite(x) and math.isfinite(y) and math.isfinite(yaw)):
        raise GeometryError(f"a pose is three finite numbers [x, y, yaw], got {[x, y, yaw]!r}")
    return np.array((x, y, wrapped(yaw)))
