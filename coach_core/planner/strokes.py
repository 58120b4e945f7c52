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
def _finish(vehicle, start, steer, curvatures, steers, strokes, count, x, y, yaw, obstacles, options, best, out):  # type: ignore[no-untyped-def]
    """Try every way of reversing in from (x, y, yaw), goal frame, after `count` strokes; the best cost and count."""
    kinds = curvatures.shape[0]
    tight = options.lateral
    chosen = 0
    if abs(yaw) < 0.012 and abs(y) < tight and x > options.shortest:
        strokes[count, 0], strokes[count, 1] = 0, -x
        cost = _consider(
            vehicle, start, steer, curvatures, steers, strokes, count + 1, y, obstacles, options, best, out
        )
        if cost < best:
            best, chosen = cost, count + 1
    for i in range(1, kinds):
        k = curvatures[i]
        if yaw * k <= 0.0:
            continue
        back = yaw / k
        miss = y + (math.cos(yaw) - 1.0) / k
        x_end = x - math.sin(yaw) / k
        if abs(miss) < tight and x_end > 0.0:
            strokes[count, 0], strokes[count, 1] = i, -back
            strokes[count + 1, 0], strokes[count + 1, 1] = 0, -x_end
            cost = _consider(
                vehicle, start, steer, curvatures, steers, strokes, count + 2, miss, obstacles, options, best, out
            )
            if cost < best:
                best, chosen = cost, count + 2
        sin = math.sin(yaw)
        if abs(sin) > 0.05:
            first = miss / sin  # reversing first moves y by -first * sin
            x_there = x_end - first * math.cos(yaw)
            forwards = first < 0.0
            merge = count > 0 and strokes[count - 1, 0] == 0 and forwards
            if abs(first) > options.shortest and x_there > 0.0 and abs(first) < 2.0 * options.reach and not merge:
                strokes[count, 0], strokes[count, 1] = 0, -first
                strokes[count + 1, 0], strokes[count + 1, 1] = i, -back
                strokes[count + 2, 0], strokes[count + 2, 1] = 0, -x_there
                cost = _consider(
                    vehicle, start, steer, curvatures, steers, strokes, count + 3, 0.0, obstacles, options, best, out
                )
                if cost < best:
                    best, chosen = cost, count + 3
    for i in range(1, kinds):
        for j in range(1, kinds):
            k2, k3 = curvatures[i], curvatures[j]
            if k2 * k3 >= 0.0:
                continue
            cos1 = (1.0 / k3 - y - math.cos(yaw) / k2) / (1.0 / k3 - 1.0 / k2)
            if abs(cos1) > 1.0:
                continue
            for sign in (-1.0, 1.0):
                yaw1 = sign * math.acos(cos1)
                a, c = (yaw - yaw1) / k2, yaw1 / k3
                if a < options.shortest or c < options.shortest or a > options.reach or c > options.reach:
                    continue
                x1 = x - (math.sin(yaw) - math.sin(yaw1)) / k2
                x_end = x1 - math.sin(yaw1) / k3
                if x_end <= 0.0:
                    continue
                strokes[count, 0], strokes[count, 1] = i, -a
                strokes[count + 1, 0], strokes[count + 1, 1] = j, -c
                strokes[count + 2, 0], strokes[count + 2, 1] = 0, -x_end
                cost = _consider(
                    vehicle, start, steer, curvatures, steers, strokes, count + 3, 0.0, obstacles, options, best, out
                )
                if cost < best:
                    best, chosen = cost, count + 3
    return best, chosen


@njit(cache=True, nogil=True)
def _search(vehicle, start, local, steer, curvatures, steers, obstacles, options, out):  # type: ignore[no-untyped-def]
    """The cheapest manoeuvre; fills `out` and returns how many strokes it has (0: none), and how many prefixes ran.

    start: world pose; local: the same in the goal frame.
    """
    strokes = np.zeros((MAX_STROKES, 2))
    best, chosen = _finish(
        vehicle, start, steer, curvatures, steers, strokes, 0, local[0], local[1], local[2], obstacles, options,
        math.inf, out,
    )  # fmt: skip
    tried = 1
    kinds = curvatures.shape[0]
    here, there = np.empty(3), np.empty(3)
    world1, world2 = np.empty(3), np.empty(3)
    for i in range(kinds):
        first = 0.6
        while first <= options.reach:
            strokes[0, 0], strokes[0, 1] = i, first
            clear, _ = _stroke_clear(vehicle, start, curvatures[i], first, obstacles, options, world1)
            if clear < 0.0:
                break  # so would every longer one be
            advance_into(local, curvatures[i], first, here)
            tried += 1
            cost, n = _finish(
                vehicle, start, steer, curvatures, steers, strokes, 1, here[0], here[1], here[2], obstacles, options,
                best, out,
            )  # fmt: skip
            if n > 0:
                best, chosen = cost, n
            if 2.0 * options.per_stroke + first + 2.0 * options.per_stroke < best:
                for j in range(kinds):
                    if j == i:
                        continue
                    second = 0.6
                    while second <= options.reach and first + second + 4.0 * options.per_stroke < best:
                        clear, _ = _stroke_clear(vehicle, world1, curvatures[j], second, obstacles, options, world2)
                        if clear < 0.0:
                            break
                        strokes[1, 0], strokes[1, 1] = j, second
                        advance_into(here, curvatures[j], second, there)
                        tried += 1
                        cost, n = _finish(
                            vehicle, start, steer, curvatures, steers, strokes, 2, there[0], there[1], there[2],
                            obstacles, options, best, out,
                        )  # fmt: skip
                        if n > 0:
                            best, chosen = cost, n
                        second += 0.4
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
