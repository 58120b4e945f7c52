"""Judging a path without trusting the planner: numpy and shapely only, nothing of the core.

A path is poses (N, 3) [x m, y m, yaw rad] of the rear-axle centre and a gear (N,) by pose (+1, -1). Between two poses
the car must have rolled along one arc that its steering allows; the body is checked every `STEP` m along these arcs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry import Polygon

STEP = 0.01
"""Distance [m] between two looks."""


class Car(Protocol):
    """Dimensions [m] and steering limit [rad]; the core's `VehicleParams` will do."""

    @property
    def wheelbase(self) -> float: ...
    @property
    def front_overhang(self) -> float: ...
    @property
    def rear_overhang(self) -> float: ...
    @property
    def width(self) -> float: ...
    @property
    def max_steer(self) -> float: ...


class Verdict(NamedTuple):
    """What a path is worth. `problems` is empty if it may be driven."""

    problems: tuple[str, ...]
    clearance: float
    """least distance [m] to an obstacle, looked up every STEP"""
    length: float
    cusps: int


def check_path(
    car: Car, poses: ArrayLike, gears: ArrayLike, start: ArrayLike, goal: ArrayLike, obstacles: Sequence[ArrayLike],
    *, tolerance: float = 1e-6,
) -> Verdict:  # fmt: skip
    """The verdict on a path that should lead from `start` to `goal` [m, rad within `tolerance`]."""
    path, gear = np.asarray(poses, dtype=float), np.asarray(gears, dtype=int)
    if path.ndim != 2 or path.shape[1] != 3 or len(path) < 1 or gear.shape != (len(path),):
        return Verdict((f"not a path: poses {path.shape}, gears {gear.shape}",), 0.0, 0.0, 0)
    if not np.isfinite(path).all():
        return Verdict(("a pose is not finite",), 0.0, 0.0, 0)
    problems = []
    for name, pose, wanted in (("start", path[0], start), ("goal", path[-1], goal)):
        miss = pose - np.asarray(wanted, dtype=float)
        miss[2] = math.remainder(miss[2], 2.0 * math.pi)
        if np.abs(miss).max() > tolerance:
            problems.append(f"misses the {name} by {np.hypot(miss[0], miss[1]):.4f} m and {miss[2]:.4f} rad")
    dense = [path[:1]]
    length = 0.0
    for i in range(1, len(path)):
        rolled, problem = _roll(car, path[i - 1], path[i], int(gear[i]))
        if problem:
            problems.append(f"between poses {i - 1} and {i}: {problem}")
        length += rolled.way
        dense.append(rolled.poses)
    clearance = least_clearance(car, np.concatenate(dense), obstacles)
    if clearance <= 0.0:
        problems.append("hits an obstacle")
    return Verdict(tuple(problems), clearance, length, int(np.count_nonzero(np.diff(gear[1:]))))


class _Rolled(NamedTuple):
    way: float
    poses: NDArray[np.float64]


def _roll(car: Car, a: NDArray[np.float64], b: NDArray[np.float64], gear: int) -> tuple[_Rolled, str]:
    """The arc from a to b, and what is wrong with it ("" if nothing).

    An arc's chord points along the mean of its two headings, forwards or backwards; that alone fixes the arc.
    """
    dx, dy = b[0] - a[0], b[1] - a[1]
    turn = math.remainder(b[2] - a[2], 2.0 * math.pi)
    middle = a[2] + 0.5 * turn
    along = dx * math.cos(middle) + dy * math.sin(middle)
    across = dy * math.cos(middle) - dx * math.sin(middle)
    half = 0.5 * turn
    way = abs(along) * (half / math.sin(half) if abs(half) > 1e-9 else 1.0)
    steps = max(math.ceil(way / STEP), 1)
    poses = np.empty((steps, 3))
    for k in range(1, steps + 1):
        part = k / steps
        bend = 0.5 * turn * part
        chord = math.copysign(way * part * (math.sin(bend) / bend if abs(bend) > 1e-9 else 1.0), along)
        heading = a[2] + bend
        poses[k - 1] = a[0] + chord * math.cos(heading), a[1] + chord * math.sin(heading), a[2] + turn * part
    problem = ""
    if abs(across) > 1e-6:
        problem = f"slides sideways by {across:.2g} m"
    elif way > 1e-9 and (along > 0.0) != (gear > 0):
        problem = f"rolls against its gear {gear:+d}"
    elif abs(turn) > way * math.tan(car.max_steer) / car.wheelbase + 1e-6:
        problem = f"turns {turn:.4f} rad in {way:.4f} m, more than full lock"
    return _Rolled(way, poses), problem


def least_clearance(car: Car, poses: NDArray[np.float64], obstacles: Sequence[ArrayLike]) -> float:
    """Least distance [m] of the body to the obstacles over poses (N, 3); 0 on contact, inf without obstacles."""
    if not len(obstacles):
        return math.inf
    front, rear, side = car.wheelbase + car.front_overhang, -car.rear_overhang, 0.5 * car.width
    corners = np.array([[rear, -side], [front, -side], [front, side], [rear, side]])
    cos, sin = np.cos(poses[:, 2])[:, None], np.sin(poses[:, 2])[:, None]
    x = poses[:, :1] + cos * corners[:, 0] - sin * corners[:, 1]
    y = poses[:, 1:2] + sin * corners[:, 0] + cos * corners[:, 1]
    bodies = shapely.polygons(np.stack([x, y], axis=-1))
    return min(float(shapely.distance(bodies, Polygon(np.asarray(o, dtype=float))).min()) for o in obstacles)
