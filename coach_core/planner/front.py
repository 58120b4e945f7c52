"""The planner's front door."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coach_core.geometry.polygons import ObstacleSet, clearance_at, path_clearances
from coach_core.geometry.poses import YAW, Pose, Poses, X, Y
from coach_core.planner.costs import FEASIBLE, NOVICE, SHORTEST, Weights
from coach_core.planner.field import NO_FIELD, DistanceField, distance_field
from coach_core.planner.paths import count_cusps, merged, sample
from coach_core.planner.result import PlanOptions, PlanResult, PlanSegment, PlanStatus, no_plan
from coach_core.planner.search import FOUND, MAX_PLAN, OUT_OF_BUDGET, SearchSettings, search
from coach_core.planner.words import Words, make_words
from coach_core.vehicle import VehicleParams

_ROOM = 12.0
"""How far [m] from start and goal a manoeuvre may stray."""
_SAME = 1e-6
"""Poses this close [m, rad] are the same."""


class _Scene(NamedTuple):
    """One question, checked."""

    vehicle: VehicleParams
    curvatures: NDArray[np.float64]
    steers: tuple[float, ...]
    obstacles: ObstacleSet
    start: Pose
    goals: Poses
    words: Words


class _Attempt(NamedTuple):
    """One way of searching for it."""

    margin: float
    weights: Weights
    budget: int
    from_slot: bool = True
    guided: bool = False
    greed: float = 1.0


def plan(
    vehicle: VehicleParams,
    start: ArrayLike,
    goal: ArrayLike,
    obstacles: ObstacleSet,
    options: PlanOptions = PlanOptions(),  # noqa: B008  (immutable)
    *,
    goals: Sequence[ArrayLike] = (),
) -> PlanResult:
    """A manoeuvre of exact arcs from `start` to `goal` (or to one of the alternative `goals`) that hits nothing.

    Poses are (3,) [x m, y m, yaw rad] of the rear-axle centre. Deterministic: the effort is bounded in nodes, not in
    time. Never raises for numbers of any value; see `PlanStatus`.
    """
    scene = _checked(vehicle, start, [goal, *goals], obstacles, options)
    if scene is None:
        return no_plan(PlanStatus.INVALID_INPUT)
    start_clearance = _clearance(scene, scene.start)
    if start_clearance == 0.0:
        return no_plan(PlanStatus.START_IN_COLLISION)
    goal_clearance = max(_clearance(scene, pose) for pose in scene.goals)
    if goal_clearance == 0.0:
        return no_plan(PlanStatus.GOAL_IN_COLLISION)
    for index, pose in enumerate(scene.goals):
        if _same(scene.start, pose):
            return _finished(scene, [], index, 0, options)

    room = 0.9 * min(start_clearance, goal_clearance)
    wanted = min(options.clearance, start_clearance, goal_clearance)
    expansions, exhausted = 0, True
    field: DistanceField | None = None
    for attempt in _attempts(options, room, wanted):
        budget = min(attempt.budget, options.max_expansions - expansions)
        if budget <= 0:
            exhausted = False
            break
        roots = scene.goals if attempt.from_slot else scene.start[None, :]
        for target in scene.start[None, :] if attempt.from_slot else scene.goals:
            if attempt.guided and attempt.from_slot:
                if field is None:
                    field = distance_field(scene.vehicle, scene.obstacles, roots, target, _ROOM)
                guide = field
            else:
                guide = NO_FIELD
            status, found, root, used = _search(scene, roots, target, attempt, budget, guide)
            expansions += used
            if status == FOUND:
                index = root if attempt.from_slot else next(i for i, p in enumerate(scene.goals) if p is target)
                return _finished(scene, found, index, expansions, options)
            exhausted = exhausted and status != OUT_OF_BUDGET
    return no_plan(PlanStatus.NO_PATH if exhausted else PlanStatus.BUDGET_EXHAUSTED, expansions)


def _checked(
    vehicle: VehicleParams, start: ArrayLike, goals: Sequence[ArrayLike], obstacles: ObstacleSet, options: PlanOptions
) -> _Scene | None:
    """The question in the kernels' types; None if it makes no sense."""
    sizes = np.array(vehicle, dtype=np.float64)
    limits = (options.margin, options.min_margin, options.clearance, options.sample_step)
    usable = (
        np.isfinite(sizes).all()
        and (sizes > 0.0).all()
        and vehicle.max_steer < 0.5 * math.pi
        and all(math.isfinite(limit) and limit >= 0.0 for limit in limits)
        and options.sample_step > 0.0
    )
    poses = [_finite_pose(value) for value in (start, *goals)]
    if not usable or any(pose is None for pose in poses):
        return None
    known = np.array([pose for pose in poses if pose is not None])
    steers = (0.0, vehicle.max_steer, -vehicle.max_steer, 0.5 * vehicle.max_steer, -0.5 * vehicle.max_steer)
    curvatures = np.array([math.tan(steer) / vehicle.wheelbase for steer in steers])
    car = VehicleParams(*map(float, vehicle))
    return _Scene(car, curvatures, steers, obstacles, known[0].copy(), known[1:].copy(), make_words())


def _finite_pose(value: ArrayLike) -> Pose | None:
    try:
        pose = np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        return None
    if pose.shape != (3,) or not np.isfinite(pose).all() or np.abs(pose).max() > 1e6:
        return None  # beyond 1000 km a float no longer holds a millimetre
    return pose


def _clearance(scene: _Scene, pose: Pose) -> float:
    return float(clearance_at(scene.vehicle, pose[X], pose[Y], pose[YAW], scene.obstacles, math.inf))


def _same(a: Pose, b: Pose) -> bool:
    turn = math.remainder(a[YAW] - b[YAW], 2.0 * math.pi)
    return abs(a[X] - b[X]) < _SAME and abs(a[Y] - b[Y]) < _SAME and abs(turn) < _SAME


def _attempts(options: PlanOptions, room: float, wanted: float) -> list[_Attempt]:
    """Good plans first, any plan last; the wanted margin first, the least one last."""
    margins = [options.margin, 0.5 * (options.margin + options.min_margin), options.min_margin]
    margins = sorted({min(margin, room) for margin in margins}, reverse=True)
    good = (NOVICE if options.prefer_novice else SHORTEST)._replace(wanted=wanted)
    any_way = FEASIBLE._replace(wanted=wanted)
    attempts = []
    for margin in margins:
        attempts.append(_Attempt(margin, good, 400))
        attempts.append(_Attempt(margin, any_way, 4000, guided=True, greed=1.3))
    attempts.append(_Attempt(margins[-1], any_way, options.max_expansions, from_slot=False, greed=1.3))
    return attempts


def _search(
    scene: _Scene, roots: Poses, target: Pose, attempt: _Attempt, budget: int, field: DistanceField
) -> tuple[int, list[PlanSegment], int, int]:
    """(status, segments in driving order, root index, nodes expanded)."""
    settings = SearchSettings(
        margin=float(attempt.margin),
        from_slot=attempt.from_slot,
        budget=budget,
        refine=60,
        nodes=min(100 * budget + len(roots), 1_000_000),
        shots=8,
        reach=9.0,
        room=_ROOM,
        greed=attempt.greed,
    )
    steers, lengths = np.empty(MAX_PLAN, np.int64), np.empty(MAX_PLAN)
    status, count, root, _, used = search(
        scene.vehicle, scene.curvatures, scene.obstacles, roots, target, attempt.weights, settings, field, scene.words,
        steers, lengths,
    )  # fmt: skip
    segments = [
        PlanSegment(1 if length > 0.0 else -1, scene.steers[steer], abs(length))
        for steer, length in zip(steers[:count].tolist(), lengths[:count].tolist(), strict=True)
    ]
    if attempt.from_slot:
        segments = [segment._replace(gear=-segment.gear) for segment in reversed(segments)]
    return status, merged(segments), root, used


def _finished(
    scene: _Scene, segments: list[PlanSegment], goal_index: int, expansions: int, options: PlanOptions
) -> PlanResult:
    poses, gears = sample(scene.start, segments, scene.vehicle.wheelbase, options.sample_step)
    return PlanResult(
        status=PlanStatus.FOUND,
        segments=tuple(segments),
        poses=poses,
        gears=gears,
        cusps=count_cusps(segments),
        length=sum(segment.length for segment in segments),
        min_clearance=float(path_clearances(scene.vehicle, poses, scene.obstacles).min()),
        expansions=expansions,
        goal_index=goal_index,
    )
