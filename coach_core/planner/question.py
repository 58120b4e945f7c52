"""A planner's question, checked and in the kernels' types."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coach_core.geometry.polygons import ObstacleSet, clearance_at
from coach_core.geometry.poses import YAW, Pose, Poses, X, Y
from coach_core.planner.field import NO_FIELD, DistanceField
from coach_core.planner.result import PlanOptions
from coach_core.planner.words import Words, make_words
from coach_core.vehicle import VehicleParams


class Question(NamedTuple):
    """One question, checked."""

    vehicle: VehicleParams
    curvatures: NDArray[np.float64]
    steers: tuple[float, ...]
    obstacles: ObstacleSet
    start: Pose
    goals: Poses
    roomiest: int
    """which goal has the most clearance: the one that shuffles and trees go for"""
    field: DistanceField
    """way to the start"""
    words: Words


def checked(
    vehicle: VehicleParams, start: ArrayLike, goals: Sequence[ArrayLike], obstacles: ObstacleSet, options: PlanOptions
) -> Question | None:
    """The question in the kernels' types; None if it makes no sense."""
    sizes = np.array(vehicle, dtype=np.float64)
    limits = (options.margin, options.min_margin, options.clearance, options.sample_step)
    usable = (
        np.isfinite(sizes).all()
        and (sizes > 0.0).all()
        and vehicle.max_steer < 0.5 * math.pi
        and all(math.isfinite(limit) and limit >= 0.0 for limit in limits)
        and options.sample_step > 0.0
        and 1.0 >= options.partials[0] >= options.partials[1] > 0.0
    )
    poses = [_finite_pose(value) for value in (start, *goals)]
    if not usable or any(pose is None for pose in poses):
        return None
    known = np.array([pose for pose in poses if pose is not None])
    steers = (0.0, *(sign * part * vehicle.max_steer for part in (1.0, *options.partials) for sign in (1.0, -1.0)))
    curvatures = np.array([math.tan(steer) / vehicle.wheelbase for steer in steers])
    car = VehicleParams(*map(float, vehicle))
    ends = known[1:].copy()
    roomiest = max(range(len(ends)), key=lambda index: clearance(car, ends[index], obstacles))
    return Question(car, curvatures, steers, obstacles, known[0].copy(), ends, roomiest, NO_FIELD, make_words())


def _finite_pose(value: ArrayLike) -> Pose | None:
    try:
        pose = np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        return None
    if pose.shape != (3,) or not np.isfinite(pose).all() or np.abs(pose).max() > 1e6:
        return None  # beyond 1000 km a float no longer holds a millimetre
    return pose


def clearance(vehicle: VehicleParams, pose: Pose, obstacles: ObstacleSet) -> float:
    """Clearance [m] of the body at a pose (3,); inf if there are no obstacles."""
    return float(clearance_at(vehicle, pose[X], pose[Y], pose[YAW], obstacles, math.inf))
