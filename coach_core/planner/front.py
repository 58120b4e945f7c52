"""The planner's front door: a first answer soon, and a better one for whoever can wait."""

from __future__ import annotations

import math
from collections.abc import Sequence

from numpy.typing import ArrayLike

from coach_core.geometry.polygons import ObstacleSet, path_clearances
from coach_core.geometry.poses import YAW, Pose, X, Y
from coach_core.planner.attempts import CAREFUL, ROOM, Attempt, Found, attempt, price, shortened
from coach_core.planner.costs import NOVICE, SHORTEST, Weights
from coach_core.planner.field import NO_FIELD, distance_field, in_reach
from coach_core.planner.paths import count_cusps, sample
from coach_core.planner.question import Question, checked, clearance
from coach_core.planner.result import PlanOptions, PlanResult, PlanSegment, PlanStatus, no_plan
from coach_core.planner.search import EXHAUSTED, FOUND
from coach_core.vehicle import VehicleParams

_SAME = 1e-6
"""Poses this close [m, rad] are the same."""
_MANY_CUSPS = 3
"""Changes of gear from which on the thorough search is worth its time."""


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

    Poses are (3,) [x m, y m, yaw rad] of the rear-axle centre. The first answer there is, in milliseconds as a rule;
    `improve` betters it. Deterministic: the effort is bounded in nodes, not in time. Never raises for numbers of any
    value; see `PlanStatus`.
    """
    question = checked(vehicle, start, [goal, *goals], obstacles, options)
    if question is None:
        return no_plan(PlanStatus.INVALID_INPUT)
    start_room, goal_room = _rooms(question)
    if start_room == 0.0:
        return no_plan(PlanStatus.START_IN_COLLISION)
    if goal_room == 0.0:
        return no_plan(PlanStatus.GOAL_IN_COLLISION)
    for index, pose in enumerate(question.goals):
        if _same(question.start, pose):
            return _finished(question, [], index, 0, options)

    weights = _weights(options, start_room, goal_room)
    expansions, exhausted = 0, True
    for way in _ladder(options, _margins(options, start_room, goal_room)):
        budget = min(way.budget, options.max_expansions - expansions)
        if budget <= 0:
            exhausted = False
            break
        if way.method != "tidy" and question.field is NO_FIELD:
            question = question._replace(field=distance_field(vehicle, obstacles, question.goals, question.start, ROOM))
            if not in_reach(question.field, question.goals):
                return no_plan(PlanStatus.NO_PATH, expansions)
        found = attempt(question, way._replace(budget=budget), weights)
        expansions += found.expansions
        if found.status == FOUND:
            return _finished(question, found.segments, found.goal_index, expansions, options)
        exhausted = exhausted and found.status == EXHAUSTED
    return no_plan(PlanStatus.NO_PATH if exhausted else PlanStatus.BUDGET_EXHAUSTED, expansions)


def improve(
    vehicle: VehicleParams,
    start: ArrayLike,
    goal: ArrayLike,
    obstacles: ObstacleSet,
    first: PlanResult,
    options: PlanOptions = PlanOptions(),  # noqa: B008  (immutable)
    *,
    goals: Sequence[ArrayLike] = (),
) -> PlanResult:
    """What other searches make of the question that `plan` answered with `first`: the easiest of all, or `first`.

    Takes some tens of milliseconds, at most `options.second_look` nodes. `first` comes back as it is if it is no
    plan, no plan of `plan`'s for this question, or cannot be bettered. The expansions are those of both.
    """
    question = checked(vehicle, start, [goal, *goals], obstacles, options)
    if question is None or first.status is not PlanStatus.FOUND or not first.segments:
        return first
    fits = _same(first.poses[0], question.start) and _same(first.poses[-1], question.goals[first.goal_index])
    if not fits or any(segment.steer not in question.steers for segment in first.segments):
        return first
    rooms = _rooms(question)
    weights, margins = _weights(options, *rooms), _margins(options, *rooms)
    question = question._replace(field=distance_field(vehicle, obstacles, question.goals, question.start, ROOM))
    best = Found(FOUND, list(first.segments), first.goal_index, first.expansions)
    least = _full_price(question, best, weights)
    kept = next((margin for margin in margins if margin <= first.min_clearance), margins[-1])
    shorter = shortened(question, best, kept, weights, CAREFUL)
    if (worth := _full_price(question, shorter, weights)) < least:
        best, least = shorter, worth
    left, used = options.second_look, first.expansions
    for way in _rivals(options, margins):
        budget = min(way.budget, left)
        if budget <= 0 or (way.method == "any" and count_cusps(best.segments) < _MANY_CUSPS):
            break
        other = attempt(question, way._replace(budget=budget), weights)
        left -= other.expansions
        used += other.expansions
        if other.status == FOUND:
            if (worth := _full_price(question, other, weights)) < least:
                best, least = other, worth
            if way.method == "tidy":
                break  # the others are for questions without a tidy answer
    if best.segments == list(first.segments):
        return first._replace(expansions=used)
    return _finished(question, best.segments, best.goal_index, used, options)


def _rooms(question: Question) -> tuple[float, float]:
    """Clearance [m] at the start and at the roomiest goal."""
    start, goal = question.start, question.goals[question.roomiest]
    return tuple(clearance(question.vehicle, pose, question.obstacles) for pose in (start, goal))  # type: ignore[return-value]


def _weights(options: PlanOptions, start_room: float, goal_room: float) -> Weights:
    wanted = min(options.clearance, start_room, goal_room)
    return (NOVICE if options.prefer_novice else SHORTEST)._replace(wanted=wanted)


def _margins(options: PlanOptions, start_room: float, goal_room: float) -> list[float]:
    """Clearances [m] to try for, the wanted one first, the least one last; none that an end does not have itself."""
    room = 0.9 * min(start_room, goal_room)
    margins = [options.margin, 0.5 * (options.margin + options.min_margin), options.min_margin]
    return sorted({min(margin, room) for margin in margins}, reverse=True)


def _ladder(options: PlanOptions, margins: list[float]) -> list[Attempt]:
    """What is tried for a first answer: quick ones with every margin, then thorough ones."""
    widest, least = margins[0], margins[-1]
    ways = [Attempt("tidy", widest, 25, min(options.refine, 10))]
    for margin in margins:
        ways += [Attempt("shuffle", margin, 250), Attempt("trees", margin, 600)]
    ways += [Attempt("trees", least, 4500), Attempt("tidy", least, 250)]
    ways += [Attempt("any", least, 4000, greed=4.0)]
    ways += [Attempt("trees", least, 6000, skip=skip) for skip in (9000, 18000, 27000)]
    ways += [Attempt("any", least, 30_000)]
    # beyond the default budget: for those who want to know whether there is a way at all
    ways += [Attempt("trees", least, 12_000, skip=skip) for skip in (36_000, 60_000, 84_000)]
    return [*ways, Attempt("any", least, 60_000, greed=4.0), Attempt("any", least, 90_000)]


def _rivals(options: PlanOptions, margins: list[float]) -> list[Attempt]:
    """What is tried for a better answer."""
    widest, much = margins[0], options.second_look
    ways = [Attempt("tidy", widest, max(400, much // 8), options.refine)]
    ways += [Attempt("trees", widest, 500, skip=skip, rounds=CAREFUL) for skip in (1000, 2000, 3000)]
    return [*ways, Attempt("any", widest, max(1500, much // 4), rounds=CAREFUL)]


def _full_price(question: Question, found: Found, weights: Weights) -> float:
    """What a find costs the learner, close passes included."""
    poses, _ = sample(question.start, found.segments, question.vehicle.wheelbase, 0.1)
    low = float(path_clearances(question.vehicle, poses, question.obstacles).min())
    return price(question, found, weights) + weights.closeness * max(weights.wanted - low, 0.0)


def _same(a: Pose, b: Pose) -> bool:
    turn = math.remainder(a[YAW] - b[YAW], 2.0 * math.pi)
    return abs(a[X] - b[X]) < _SAME and abs(a[Y] - b[Y]) < _SAME and abs(turn) < _SAME


def _finished(
    question: Question, segments: list[PlanSegment], goal_index: int, expansions: int, options: PlanOptions
) -> PlanResult:
    poses, gears = sample(question.start, segments, question.vehicle.wheelbase, options.sample_step)
    return PlanResult(
        status=PlanStatus.FOUND,
        segments=tuple(segments),
        poses=poses,
        gears=gears,
        cusps=count_cusps(segments),
        length=sum(segment.length for segment in segments),
        min_clearance=float(path_clearances(question.vehicle, poses, question.obstacles).min()),
        expansions=expansions,
        goal_index=goal_index,
    )
