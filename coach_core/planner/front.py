"""The planner's front door."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coach_core.geometry.polygons import ObstacleSet, clearance_at, path_clearances
from coach_core.geometry.poses import YAW, Pose, Poses, X, Y
from coach_core.planner.costs import FEASIBLE, NOVICE, SHORTEST, Weights, path_cost
from coach_core.planner.field import NO_FIELD, DistanceField, distance_field
from coach_core.planner.paths import count_cusps, merged, sample
from coach_core.planner.result import PlanOptions, PlanResult, PlanSegment, PlanStatus, no_plan
from coach_core.planner.search import EXHAUSTED, FOUND, MAX_PLAN, SearchSettings, search
from coach_core.planner.shorten import shorten
from coach_core.planner.shuffle import shuffle
from coach_core.planner.trees import grow
from coach_core.planner.words import Words, make_words
from coach_core.vehicle import VehicleParams

_ROOM = 12.0
"""How far [m] from start and goal a manoeuvre may stray."""
_SHORTENINGS = 3
_MANY_CUSPS = {"trees": 3, "shuffle": 7}
"""Changes of gear from which on a find deserves a second opinion."""
_SKIPS = (1000, 2000, 3000)
_NODES = 12
"""Nodes stored per node expanded. A slot's inside has few free poses, so a tight slot is searched to the end while
open ground, which the trees do better, runs out of nodes soon."""
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
    """One way of looking for an answer."""

    method: Literal["tidy", "shuffle", "trees", "any"]
    margin: float
    budget: int
    refine: int = 0
    skip: int = 0


class _Found(NamedTuple):
    """What an attempt came to; segments are in driving order."""

    status: int
    segments: list[PlanSegment]
    goal_index: int
    expansions: int


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
    weights = (NOVICE if options.prefer_novice else SHORTEST)._replace(wanted=wanted)
    expansions, exhausted = 0, True
    for attempt in _attempts(options, room):
        budget = min(attempt.budget, options.max_expansions - expansions)
        if budget <= 0:
            exhausted = False
            break
        found = _try(scene, attempt._replace(budget=budget), weights)
        if found.status == FOUND:
            if count_cusps(found.segments) >= _MANY_CUSPS.get(attempt.method, math.inf):
                left = options.max_expansions - expansions - found.expansions
                found = _second_opinion(scene, found, attempt, weights, left)
            return _finished(scene, found.segments, found.goal_index, expansions + found.expansions, options)
        expansions += found.expansions
        exhausted = exhausted and found.status == EXHAUSTED
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
        and 1.0 >= options.partials[0] >= options.partials[1] > 0.0
    )
    poses = [_finite_pose(value) for value in (start, *goals)]
    if not usable or any(pose is None for pose in poses):
        return None
    known = np.array([pose for pose in poses if pose is not None])
    steers = (0.0, *(sign * part * vehicle.max_steer for part in (1.0, *options.partials) for sign in (1.0, -1.0)))
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


def _attempts(options: PlanOptions, room: float) -> list[_Attempt]:
    """Quick ones with every margin, then thorough ones; the wanted margin first, the least one last."""
    margins = [options.margin, 0.5 * (options.margin + options.min_margin), options.min_margin]
    margins = sorted({min(margin, room) for margin in margins}, reverse=True)
    attempts = [_Attempt("tidy", margins[0], 250, options.refine)]
    for margin in margins:
        attempts += [_Attempt("shuffle", margin, 250), _Attempt("trees", margin, 500)]
    attempts += [_Attempt("tidy", margins[-1], 250, options.refine)]
    for margin in margins:
        attempts += [_Attempt("any", margin, 2000), _Attempt("trees", margin, 4000)]
    return attempts


def _try(scene: _Scene, attempt: _Attempt, weights: Weights) -> _Found:
    """One attempt. Untidy finds are shortened before they are handed on."""
    if attempt.method == "tidy":
        return _search(scene, attempt, weights, NO_FIELD, 1.0)
    if attempt.method == "any":
        field = distance_field(scene.vehicle, scene.obstacles, scene.goals, scene.start, _ROOM)
        feasible = FEASIBLE._replace(wanted=weights.wanted)
        found = _search(scene, attempt, feasible, field, 1.3)
        if found.status == EXHAUSTED:  # a slot so tight that the cells were too coarse for it
            used = found.expansions
            rest = attempt._replace(budget=attempt.budget - used)
            found = _search(scene, rest, feasible, field, 1.3, cell=0.4)
            found = found._replace(expansions=used + found.expansions)
    elif attempt.method == "shuffle":
        found = _shuffle(scene, attempt, weights)
    else:
        found = _grow(scene, attempt)
    return _shortened(scene, found, attempt.margin, weights) if found.status == FOUND else found


def _second_opinion(scene: _Scene, found: _Found, attempt: _Attempt, weights: Weights, budget: int) -> _Found:
    """The easiest of a find of many cusps and what other searches make of the same question."""
    rivals = [_Attempt("any", attempt.margin, 1500)]
    rivals += [_Attempt("trees", attempt.margin, 500, skip=skip) for skip in _SKIPS]
    for rival in rivals:
        if rival.budget > budget:
            break
        budget -= rival.budget
        other = _try(scene, rival, weights)
        used = found.expansions + other.expansions
        better = other.status == FOUND and _price(scene, other, weights) < _price(scene, found, weights)
        found = (other if better else found)._replace(expansions=used)
        if rival.method == "any" and other.status == FOUND:
            break  # a slot tight enough for the thorough search: it is better at these than the trees
    return found


def _price(scene: _Scene, found: _Found, weights: Weights) -> float:
    """What a find costs the learner, on open ground."""
    steers, lengths = _outwards(scene, found.segments)
    return float(path_cost(weights, steers, lengths, len(steers)))


def _search(
    scene: _Scene, attempt: _Attempt, weights: Weights, field: DistanceField, greed: float, cell: float = 1.0
) -> _Found:
    """Best-first search from the slot outwards."""
    settings = SearchSettings(
        margin=float(attempt.margin),
        budget=attempt.budget,
        refine=attempt.refine,
        nodes=_NODES * attempt.budget + len(scene.goals),
        shots=8,
        reach=9.0,
        room=_ROOM,
        greed=greed,
        cell=cell,
    )
    steers, lengths = np.empty(MAX_PLAN, np.int64), np.empty(MAX_PLAN)
    status, count, root, _, used = search(
        scene.vehicle, scene.curvatures, scene.obstacles, scene.goals, scene.start, weights, settings, field,
        scene.words, steers, lengths,
    )  # fmt: skip
    return _Found(status, _driven(scene, steers[:count], lengths[:count]), root, used)


def _shuffle(scene: _Scene, attempt: _Attempt, weights: Weights) -> _Found:
    """To and fro in the roomiest goal."""
    index = _roomiest(scene)
    steers, lengths = np.empty(MAX_PLAN, np.int64), np.empty(MAX_PLAN)
    status, count, used = shuffle(
        scene.vehicle, scene.curvatures, scene.obstacles, scene.goals[index], scene.start, attempt.margin,
        attempt.budget, weights, scene.words, steers, lengths,
    )  # fmt: skip
    return _Found(status, _driven(scene, steers[:count], lengths[:count]), index, used)


def _roomiest(scene: _Scene) -> int:
    return max(range(len(scene.goals)), key=lambda i: _clearance(scene, scene.goals[i]))


def _grow(scene: _Scene, attempt: _Attempt) -> _Found:
    """Two trees, from the roomiest goal and from the start."""
    index = _roomiest(scene)
    field = distance_field(scene.vehicle, scene.obstacles, scene.goals, scene.start, _ROOM)
    steers, lengths = np.empty(MAX_PLAN, np.int64), np.empty(MAX_PLAN)
    status, count, used = grow(
        scene.vehicle, scene.curvatures, scene.obstacles, field, scene.goals[index], scene.start, attempt.margin, _ROOM,
        attempt.budget, attempt.skip, scene.words, steers, lengths,
    )  # fmt: skip
    return _Found(status, _driven(scene, steers[:count], lengths[:count]), index, used)


def _shortened(scene: _Scene, found: _Found, margin: float, weights: Weights) -> _Found:
    """The same find with fewer and easier segments, if there are any."""
    segments = found.segments
    for _ in range(_SHORTENINGS):
        before = len(segments)
        steers, lengths = _outwards(scene, segments)
        out_steers, out_lengths = np.empty(MAX_PLAN, np.int64), np.empty(MAX_PLAN)
        count, _ = shorten(
            scene.vehicle, scene.curvatures, scene.obstacles, scene.goals[found.goal_index], steers, lengths,
            len(segments), weights, margin, scene.words, out_steers, out_lengths,
        )  # fmt: skip
        if count == 0:
            break
        segments = _driven(scene, out_steers[:count], out_lengths[:count])
        if len(segments) >= before:
            break
    return found._replace(segments=segments)


def _outwards(scene: _Scene, segments: list[PlanSegment]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Steer indices and signed lengths [m] of driven segments, from the goal outwards: the inverse of `_driven`."""
    steers = [scene.steers.index(segment.steer) for segment in reversed(segments)]
    lengths = [-segment.gear * segment.length for segment in reversed(segments)]
    return np.array(steers, dtype=np.int64), np.array(lengths, dtype=np.float64)


def _driven(scene: _Scene, steers: NDArray[np.int64], lengths: NDArray[np.float64]) -> list[PlanSegment]:
    """Segments from the goal outwards (lengths signed), as they are driven."""
    pairs = zip(reversed(steers.tolist()), reversed(lengths.tolist()), strict=True)
    return merged([PlanSegment(-1 if length > 0.0 else 1, scene.steers[steer], abs(length)) for steer, length in pairs])


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
