"""Manoeuvres a novice can drive into a slot: a few long strokes, each with the wheel held where it is.

The general planner reaches a goal exactly, if need be with strokes of a few centimetres; nobody learning to park can
drive those. Here the shape of the manoeuvre is fixed and its lengths are solved in closed form:

    up to two strokes forwards, then   R straight
                                       R arc, R straight
                                       R straight, R arc, R straight
                                       R arc, R arc the other way, R straight
                                       F straight, R arc, R straight

Each stroke must also be clear when the learner stops `overshoot` late.

The goal frame has the parked car at its origin, x forwards, so reversing in runs towards -x along y = 0. An arc of
curvature k from (y, yaw) back to yaw 0 has length yaw / k and ends at y + (cos(yaw) - 1) / k; everything follows.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from coach_core.geometry.polygons import ObstacleSet, clearance_at
from coach_core.geometry.poses import YAW, Pose, X, Y, advance_into, as_pose, compose, inverse
from coach_core.planner.paths import count_cusps, sample
from coach_core.planner.result import PlanResult, PlanSegment, PlanStatus, no_plan
from coach_core.vehicle import VehicleParams

MAX_STROKES = 6
MAX_ENDINGS = 64
"""More ways of reversing in than seven wheel angles make."""
FIRST_STEP = 0.6
SECOND_STEP = 0.4
"""Shortest stroke forwards and the spacing of a second one [m]."""
STRAIGHT = 0.012
"""Yaw [rad] below which the car stands straight in the slot's line."""


class StrokeOptions(NamedTuple):
    """What a good manoeuvre is; lengths and clearances [m], angles [rad], the rest in metres of driving."""

    lateral: float = 0.07
    """How far beside the goal's line the last stroke may run."""
    shortest: float = 0.45
    """No stroke is shorter than this ..."""
    comfortable: float = 1.0
    """... and better none shorter than this."""
    per_lateral: float = 20.0
    """For each metre beside the goal's line."""
    overshoot: float = 0.35
    """Each stroke stays clear when it is driven this much too far ..."""
    wanted_overshoot: float = 0.9
    """... and better this much."""
    per_overshoot: float = 8.0
    """For each metre of it that is missing."""
    least_clearance: float = 0.15
    wanted_clearance: float = 0.45
    reach: float = 6.5
    """Longest stroke forwards."""
    per_stroke: float = 2.5
    per_cusp: float = 2.0
    per_steer: float = 2.0
    """For each radian the wheel is turned between strokes."""
    partial: float = 0.8
    """For a wheel that is neither straight nor at full lock."""
    per_clearance: float = 25.0
    """For each metre below the wanted clearance."""
    straight_end: float = 1.2
    """The last stroke should be at least this long ..."""
    per_short_end: float = 2.0
    """... and costs this for each metre it is shorter."""


@njit(cache=True, nogil=True)
def _stroke_clear(vehicle, pose, curvature, signed, obstacles, options, out):  # type: ignore[no-untyped-def]
    """Drive one stroke; fills `out` with its end; returns (least clearance, way it may be driven too far).

    The clearance is -1 when the stroke, or its least overshoot, gets too near to something.
    """
    length = abs(signed)
    sign = 1.0 if signed > 0.0 else -1.0
    steps = math.ceil(length / 0.12)
    extra = math.ceil(options.wanted_overshoot / 0.12)
    clearance = options.wanted_clearance
    here = np.empty(3)
    for i in range(1, steps + extra + 1):
        past = options.wanted_overshoot * (i - steps) / extra
        way = length * i / steps if i <= steps else length + past
        advance_into(pose, curvature, sign * way, here)
        c = clearance_at(vehicle, here[0], here[1], here[2], obstacles, options.wanted_clearance)
        if i <= steps:
            if c < options.least_clearance:
                return -1.0, 0.0
            clearance = min(clearance, c)
        elif c < 0.05:
            spare = options.wanted_overshoot * (i - 1 - steps) / extra
            return (clearance if spare >= options.overshoot else -1.0), spare
        if i == steps:
            out[:] = here
    return clearance, options.wanted_overshoot


@njit(cache=True, nogil=True)
def _consider(vehicle, start, steer, curvatures, steers, strokes, count, lateral, obstacles, options, best, out):  # type: ignore[no-untyped-def]
    """Cost of a manoeuvre if it beats `best`, else inf. strokes (MAX_STROKES, 2): steer index, signed length [m]."""
    cost = options.per_stroke * count + options.per_lateral * abs(lateral)
    wheel, gear = steer, 0.0
    for i in range(count):
        wanted = steers[int(strokes[i, 0])]
        signed = strokes[i, 1]
        if abs(signed) < options.shortest:
            return math.inf
        cost += (
            abs(signed) + options.per_steer * abs(wanted - wheel) + 3.0 * max(0.0, options.comfortable - abs(signed))
        )
        if abs(wanted) > 1e-6 and abs(wanted) < steers[1] - 1e-6:
            cost += options.partial
        wheel = wanted
        if gear * signed < 0.0:
            cost += options.per_cusp
        gear = 1.0 if signed > 0.0 else -1.0
    cost += options.per_short_end * max(0.0, options.straight_end - abs(strokes[count - 1, 1]))
    if cost >= best:
        return math.inf
    pose, end = start.copy(), np.empty(3)
    clearance = options.wanted_clearance
    for i in range(count):
        c, spare = _stroke_clear(vehicle, pose, curvatures[int(strokes[i, 0])], strokes[i, 1], obstacles, options, end)
        cost += options.per_overshoot * (options.wanted_overshoot - spare)
        if c < 0.0 or cost >= best:
            return math.inf
        clearance = min(clearance, c)
        pose[:] = end
    cost += options.per_clearance * (options.wanted_clearance - clearance)
    if cost >= best:
        return math.inf
    out[:count] = strokes[:count]
    return cost


@njit(cache=True, nogil=True)
def _endings(x, y, yaw, straight, curvatures, options, strokes, counts, misses):  # type: ignore[no-untyped-def]
    """Every way of reversing in from (x, y, yaw) in the goal frame, obstacles aside; returns how many.

    straight: the stroke before was straight ahead already. strokes (MAX_ENDINGS, 3, 2), counts and misses
    (MAX_ENDINGS,) are filled: strokes of each, how many, and how far [m] beside the goal's line it ends.
    """
    kinds = curvatures.shape[0]
    found = 0
    if abs(yaw) < STRAIGHT and abs(y) < options.lateral and x > options.shortest:
        strokes[found, 0, 0], strokes[found, 0, 1] = 0, -x
        counts[found], misses[found] = 1, y
        found += 1
    sin, cos = math.sin(yaw), math.cos(yaw)
    for i in range(1, kinds):
        k = curvatures[i]
        if yaw * k > 0.0:  # one arc brings the yaw to 0
            miss = y + (cos - 1.0) / k
            x_end = x - sin / k
            if abs(miss) < options.lateral and x_end > 0.0:
                strokes[found, 0, 0], strokes[found, 0, 1] = i, -yaw / k
                strokes[found, 1, 0], strokes[found, 1, 1] = 0, -x_end
                counts[found], misses[found] = 2, miss
                found += 1
            # a straight stroke first puts it onto the line: forwards where `first` is negative
            first = miss / sin if abs(sin) > 0.05 else math.inf
            x_there = x_end - first * cos
            fits = options.shortest < abs(first) < 2.0 * options.reach and x_there > 0.0
            if fits and not (straight and first < 0.0):
                strokes[found, 0, 0], strokes[found, 0, 1] = 0, -first
                strokes[found, 1, 0], strokes[found, 1, 1] = i, -yaw / k
                strokes[found, 2, 0], strokes[found, 2, 1] = 0, -x_there
                counts[found], misses[found] = 3, 0.0
                found += 1
        for j in range(1, kinds):  # two arcs, one each way
            k3 = curvatures[j]
            if k * k3 >= 0.0:
                continue
            cos1 = (1.0 / k3 - y - cos / k) / (1.0 / k3 - 1.0 / k)
            if abs(cos1) > 1.0:
                continue
            for sign in (-1.0, 1.0):
                yaw1 = sign * math.acos(cos1)
                a, c = (yaw - yaw1) / k, yaw1 / k3
                x_end = x - (sin - math.sin(yaw1)) / k - math.sin(yaw1) / k3
                long = min(a, c) >= options.shortest and max(a, c) <= options.reach
                if long and x_end > 0.0:
                    strokes[found, 0, 0], strokes[found, 0, 1] = i, -a
                    strokes[found, 1, 0], strokes[found, 1, 1] = j, -c
                    strokes[found, 2, 0], strokes[found, 2, 1] = 0, -x_end
                    counts[found], misses[found] = 3, 0.0
                    found += 1
    return found


@njit(cache=True, nogil=True)
def _search(vehicle, start, local, steer, curvatures, steers, obstacles, options, out):  # type: ignore[no-untyped-def]
    """The cheapest manoeuvre; fills `out` and returns how many strokes it has (0: none), and how many prefixes ran.

    start: world pose; local: the same in the goal frame. A prefix is no, one or two strokes forwards (i, then j;
    -1: none).
    """
    kinds = curvatures.shape[0]
    strokes = np.zeros((MAX_STROKES, 2))
    endings = np.zeros((MAX_ENDINGS, 3, 2))
    counts, misses = np.zeros(MAX_ENDINGS, np.int64), np.zeros(MAX_ENDINGS)
    here, there = local.copy(), np.empty(3)
    world1, world2 = start.copy(), np.empty(3)
    best, chosen, tried = math.inf, 0, 0
    for i in range(-1, kinds):
        first = FIRST_STEP
        while first <= options.reach:
            if i >= 0:
                strokes[0, 0], strokes[0, 1] = i, first
                if _stroke_clear(vehicle, start, curvatures[i], first, obstacles, options, world1)[0] < 0.0:
                    break  # so would every longer one be
                advance_into(local, curvatures[i], first, here)
            for j in range(-1, kinds):
                if j >= 0 and (i < 0 or j == i):
                    continue
                second = FIRST_STEP
                while second <= options.reach:
                    if j >= 0:
                        if first + second + 4.0 * options.per_stroke >= best:
                            break
                        if _stroke_clear(vehicle, world1, curvatures[j], second, obstacles, options, world2)[0] < 0.0:
                            break
                        strokes[1, 0], strokes[1, 1] = j, second
                        advance_into(here, curvatures[j], second, there)
                    else:
                        there[:] = here
                    before = (1 if i >= 0 else 0) + (1 if j >= 0 else 0)
                    straight = before > 0 and strokes[before - 1, 0] == 0
                    tried += 1
                    found = _endings(
                        there[0], there[1], there[2], straight, curvatures, options, endings, counts, misses
                    )
                    for e in range(found):
                        count = before + counts[e]
                        strokes[before:count] = endings[e, : counts[e]]
                        cost = _consider(
                            vehicle, start, steer, curvatures, steers, strokes, count, misses[e], obstacles, options,
                            best, out,
                        )  # fmt: skip
                        if cost < best:
                            best, chosen = cost, count
                    if j < 0:
                        break
                    second += SECOND_STEP
            if i < 0:
                break
            first += 0.2
    return chosen, tried


def plan_strokes(
    vehicle: VehicleParams,
    start: Pose,
    goal: Pose,
    obstacles: ObstacleSet,
    turn_steers: tuple[float, ...],
    steer: float = 0.0,
    options: StrokeOptions = StrokeOptions(),  # noqa: B008  (immutable)
) -> PlanResult:
    """The easiest manoeuvre of these shapes from `start` to reverse-parked at `goal` (world poses, rear axle).

    turn_steers: the partial wheel angles a novice can be told, [rad] positive, ascending; full lock and straight are
    always used. steer: where the wheel is now [rad]. NO_PATH says only that none of these shapes does it.
    """
    steers = [0.0, vehicle.max_steer, -vehicle.max_steer]
    for partial in turn_steers:
        if partial < vehicle.max_steer - 0.05:
            steers += [partial, -partial]
    wheel = np.array(steers)
    curvatures = np.tan(wheel) / vehicle.wheelbase
    world = as_pose(start)
    local = compose(inverse(goal), world)
    out = np.zeros((MAX_STROKES, 2))
    room = float(clearance_at(vehicle, world[X], world[Y], world[YAW], obstacles, math.inf))
    if room == 0.0:
        return no_plan(PlanStatus.START_IN_COLLISION)
    options = options._replace(least_clearance=min(options.least_clearance, 0.8 * room))
    count, tried = _search(vehicle, world, local, float(steer), curvatures, wheel, obstacles, options, out)
    if count == 0:
        return no_plan(PlanStatus.NO_PATH, tried)
    segments = [
        PlanSegment(1 if signed > 0.0 else -1, float(wheel[int(index)]), abs(float(signed)))
        for index, signed in out[:count]
    ]
    poses, gears = sample(world, segments, vehicle.wheelbase, 0.05)
    clearance = min(float(clearance_at(vehicle, pose[X], pose[Y], pose[YAW], obstacles, math.inf)) for pose in poses)
    length = sum(segment.length for segment in segments)
    return PlanResult(
        PlanStatus.FOUND, tuple(segments), poses, gears, count_cusps(segments), length, clearance, tried, 0
    )
