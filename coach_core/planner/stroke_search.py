"""The cheapest manoeuvre of up to two strokes and an ending, with nothing in the way and room for being late.

A stroke from a given pose is swept once, as far as it goes; what any shorter one would pass is then known.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from coach_core.geometry.polygons import clearance_at
from coach_core.geometry.poses import advance_into
from coach_core.planner.stroke_endings import MAX_ENDINGS, endings

MAX_STROKES = 24
STEP = 0.1
"""Spacing [m] of the places along a stroke."""
MAX_STEPS = 160
TOUCHING = 0.05
"""A stroke that is driven too far must stop before it is this near [m] to something."""
FIRST_STEPS, FIRST_EVERY = 6, 2
"""Shortest first stroke, and how much longer the next one tried is; in STEPs."""
SECOND_EVERY = 4


@njit(cache=True, nogil=True)
def sweep(vehicle, pose, curvature, sign, length, strict, obstacles, options, clear):  # type: ignore[no-untyped-def]
    """Drive from `pose` (3,) with the wheel held, `length` [m] and on while wanted; returns the way [m] that is free.

    clear (MAX_STEPS + 1,) is filled: least clearance [m] up to each STEP, at most the wanted one. strict: the stroke is
    of no use where something within `length` is nearer than the least clearance.
    """
    here = np.empty(3)
    least = options.wanted_clearance
    clear[0] = least
    steps = min(MAX_STEPS, math.ceil((length + options.wanted_overshoot) / STEP - 1e-9))
    for i in range(1, steps + 1):
        advance_into(pose, curvature, sign * i * STEP, here)
        c = clearance_at(vehicle, here[0], here[1], here[2], obstacles, options.wanted_clearance)
        least = min(least, c)
        clear[i] = least
        if c < TOUCHING or (strict and least < options.least_clearance and (i - 1) * STEP < length):
            return (i - 1) * STEP
    return steps * STEP


@njit(cache=True, nogil=True)
def stroke_effort(wheel, gear, wanted, signed, lock, options):  # type: ignore[no-untyped-def]
    """What one stroke costs on open ground: with the wheel at `wanted` [rad] for a signed length [m], after one with it
    at `wheel` in the direction of `gear` (0: none); lock: of the wheel [rad]."""
    way = abs(signed)
    cost = options.per_stroke + way + options.per_steer * abs(wanted - wheel)
    cost += 3.0 * max(0.0, options.comfortable - way)
    full = abs(wanted) > lock - 1e-6
    if abs(wanted) > 1e-6 and not full:
        cost += options.partial
    if gear * signed < 0.0:
        cost += options.per_cusp
    if full and wheel * wanted < 0.0 and gear * signed > 0.0:
        cost += options.per_swing
    return cost


@njit(cache=True, nogil=True)
def effort_of(start_steer, steers, strokes, count, miss, options):  # type: ignore[no-untyped-def]
    """What driving the strokes (MAX_STROKES, 2: steer index, signed length [m]) costs on open ground."""
    cost = options.per_lateral * miss
    wheel, gear = start_steer, 0.0
    for i in range(count):
        wanted, signed = steers[int(strokes[i, 0])], strokes[i, 1]
        cost += stroke_effort(wheel, gear, wanted, signed, steers[1], options)
        wheel, gear = wanted, signed
    if strokes[count - 1, 0] == 0:
        cost += options.per_short_end * max(0.0, options.straight_end - abs(strokes[count - 1, 1]))
    return cost


@njit(cache=True, nogil=True)
def passage(free, ahead, clearance, way, options):  # type: ignore[no-untyped-def]
    """What it costs that a stroke of `way` [m] passes this near; inf if it must not.

    free [m]: how far it may be driven until anything is met; ahead: the same for what is not beside the goal.
    """
    spare = min(ahead - way, options.wanted_overshoot)
    if clearance < options.least_clearance or spare < options.overshoot - 1e-9 or free - way < options.soft - 1e-9:
        return math.inf
    return (
        options.per_clearance * (options.wanted_clearance - clearance)
        + options.per_overshoot * (options.wanted_overshoot - spare)
        + options.per_soft * max(0.0, options.wanted_soft - (free - way))
    )


@njit(cache=True, nogil=True)
def reach_ahead(vehicle, pose, curvature, sign, length, free, obstacles, ahead, options, clear):  # type: ignore[no-untyped-def]
    """How far [m] the way is free of what is not beside the goal, having been `free` of everything."""
    steps = min(MAX_STEPS, math.ceil((length + options.wanted_overshoot) / STEP - 1e-9))
    if ahead.boxes.shape[0] == obstacles.boxes.shape[0] or free == steps * STEP:
        return free  # of nothing it is free for longer than of everything
    return sweep(vehicle, pose, curvature, sign, length, False, ahead, options, clear)


@njit(cache=True, nogil=True)
def copy_strokes(source, target, count, at):  # type: ignore[no-untyped-def]
    """Copy the first `count` strokes of one (N, 2) to place `at` of another: slices would compile for seconds."""
    for i in range(count):
        target[at + i, 0], target[at + i, 1] = source[i, 0], source[i, 1]


@njit(cache=True, nogil=True)
def stops_badly(vehicle, pose, curvature, signed, obstacles, ahead, options, here):  # type: ignore[no-untyped-def]
    """Whether a stroke of `signed` m from `pose` (3,) ends too near to something, or has no room for being late: two
    places tell that of nearly all strokes of no use, and save the sweep along them."""
    way, sign = abs(signed), math.copysign(1.0, signed)
    advance_into(pose, curvature, sign * min(MAX_STEPS, math.ceil(way / STEP - 1e-9)) * STEP, here)
    # the limit is that of the sweep, so that both come to the same number
    near = clearance_at(vehicle, here[0], here[1], here[2], obstacles, options.wanted_clearance)
    if near < options.least_clearance:
        return True
    late = min(MAX_STEPS, math.ceil((way + min(options.overshoot, options.wanted_overshoot)) / STEP - 1e-6))
    advance_into(pose, curvature, sign * late * STEP, here)
    return clearance_at(vehicle, here[0], here[1], here[2], ahead, 2.0 * TOUCHING) < TOUCHING


@njit(cache=True, nogil=True)
def price_of(vehicle, start, strokes, first, last, curvatures, obstacles, ahead, options, limit, clear):  # type: ignore[no-untyped-def]
    """What it costs that strokes `first` to before `last` of (MAX_STROKES, 2), driven from `start` (3,), pass things as
    near as they do; inf if they must not, and as soon as it is no less than `limit`."""
    pose, end = start.copy(), np.empty(3)
    cost = 0.0
    for i in range(first, last):
        curvature, signed = curvatures[int(strokes[i, 0])], strokes[i, 1]
        if stops_badly(vehicle, pose, curvature, signed, obstacles, ahead, options, end):
            return math.inf
        advance_into(pose, curvature, signed, pose)
    for c in range(3):
        pose[c] = start[c]
    for i in range(first, last):
        signed = strokes[i, 1]
        way, curvature, sign = abs(signed), curvatures[int(strokes[i, 0])], math.copysign(1.0, signed)
        free = sweep(vehicle, pose, curvature, sign, way, True, obstacles, options, clear)
        if free < way:
            return math.inf
        near = clear[min(MAX_STEPS, math.ceil(way / STEP - 1e-9))]
        far = reach_ahead(vehicle, pose, curvature, sign, way, free, obstacles, ahead, options, clear)
        cost += passage(free, far, near, way, options)
        if cost >= limit:
            return math.inf
        advance_into(pose, curvature, signed, end)
        pose, end = end, pose
    return cost


@njit(cache=True, nogil=True)
def finish(  # type: ignore[no-untyped-def]
    vehicle, world, local, before, spent, start_steer, curvatures, steers, strokes, obstacles, ahead, options, best,
    ways, counts, misses, clear, out,
):  # fmt: skip
    """The cheapest ending from a pose, after `before` strokes that passed things at a cost of `spent`.

    world, local (3,): the pose in the world and in the goal frame. Returns (cost, strokes in all) and fills `out` when
    something beats `best`, else (best, 0).
    """
    chosen = 0
    for line in range(3 if options.aside != 0.0 else 1):
        aside = 0.5 * line * options.aside
        found = endings(local[0], local[1] - aside, local[2], curvatures, options, ways, counts, misses)
        for e in range(found):
            count = before + counts[e]
            first = ways[e, 0, 0]
            if before > 0 and first == strokes[before - 1, 0]:
                continue  # the wheel is there already: a longer or shorter stroke before it is the same manoeuvre
            copy_strokes(ways[e], strokes, counts[e], before)
            miss = misses[e] + abs(aside)
            cost = spent + effort_of(start_steer, steers, strokes, count, miss, options)
            if cost >= best:
                continue
            cost += price_of(
                vehicle, world, strokes, before, count, curvatures, obstacles, ahead, options, best - cost, clear
            )
            if cost < best:
                best, chosen = cost, count
                copy_strokes(strokes, out, count, 0)
    return best, chosen


@njit(cache=True, nogil=True)
def search(vehicle, start, local, steer, curvatures, steers, obstacles, ahead, options, out):  # type: ignore[no-untyped-def]
    """The cheapest manoeuvre; fills `out` (MAX_STROKES, 2) and returns how many strokes it has (0: none).

    No or one stroke comes before the ending, then two of which the first is straight, and only where none of these
    does, two of any kind: there are many of those, and they are hardly ever easier.
    start: world pose (3,); local: the same in the goal frame; steer: where the wheel is [rad]; curvatures [1/m] and
    steers [rad] by steer index, straight first, then full lock left.
    """
    kinds = curvatures.shape[0]
    strokes = np.zeros((MAX_STROKES, 2))
    ways = np.zeros((MAX_ENDINGS, 3, 2))
    counts, misses = np.zeros(MAX_ENDINGS, np.int64), np.zeros(MAX_ENDINGS)
    clear1, clear2, clear = np.empty(MAX_STEPS + 1), np.empty(MAX_STEPS + 1), np.empty(MAX_STEPS + 1)
    world1, world2, here, there = np.empty(3), np.empty(3), np.empty(3), np.empty(3)
    best, count = finish(
        vehicle, start, local, 0, 0.0, steer, curvatures, steers, strokes, obstacles, ahead, options, math.inf, ways,
        counts, misses, clear, out,
    )  # fmt: skip
    for stage in range(3):
        if stage == 2 and (count > 0 or not options.thorough):
            break
        first, last = (1 if stage == 2 else 0), (1 if stage == 1 else kinds)
        for i in range(first, last):
            for way1 in (1.0, -1.0):
                free1 = sweep(vehicle, start, curvatures[i], way1, options.reach, False, obstacles, options, clear1)
                far1 = reach_ahead(
                    vehicle, start, curvatures[i], way1, options.reach, free1, obstacles, ahead, options, clear
                )
                for n in range(FIRST_STEPS, MAX_STEPS, FIRST_EVERY * (2 if stage > 0 else 1)):
                    length1 = n * STEP
                    cost1 = passage(free1, far1, clear1[n], length1, options)
                    if length1 > options.reach or cost1 == math.inf:
                        break
                    strokes[0, 0], strokes[0, 1] = i, way1 * length1
                    advance_into(start, curvatures[i], way1 * length1, world1)
                    advance_into(local, curvatures[i], way1 * length1, here)
                    if stage == 0:
                        best, chosen = finish(
                            vehicle, world1, here, 1, cost1, steer, curvatures, steers, strokes, obstacles, ahead,
                            options, best, ways, counts, misses, clear, out,
                        )  # fmt: skip
                        count = chosen if chosen > 0 else count
                        continue
                    for j in range(kinds):
                        if j == i:
                            continue
                        for way2 in (1.0, -1.0):
                            least = length1 + cost1 + 3.0 * options.per_stroke
                            if way1 != way2:
                                least += options.per_cusp
                            if least + math.hypot(here[0], here[1]) >= best:
                                continue
                            free2 = sweep(
                                vehicle, world1, curvatures[j], way2, options.reach, False, obstacles, options, clear2
                            )
                            far2 = reach_ahead(
                                vehicle, world1, curvatures[j], way2, options.reach, free2, obstacles, ahead, options,
                                clear,
                            )  # fmt: skip
                            for m in range(FIRST_STEPS, MAX_STEPS, SECOND_EVERY):
                                length2 = m * STEP
                                cost2 = passage(free2, far2, clear2[m], length2, options)
                                if length2 > options.reach or cost2 == math.inf:
                                    break
                                advance_into(here, curvatures[j], way2 * length2, there)
                                if least + length2 + cost2 + math.hypot(there[0], there[1]) >= best:
                                    continue
                                advance_into(world1, curvatures[j], way2 * length2, world2)
                                strokes[1, 0], strokes[1, 1] = j, way2 * length2
                                best, chosen = finish(
                                    vehicle, world2, there, 2, cost1 + cost2, steer, curvatures, steers, strokes,
                                    obstacles, ahead, options, best, ways, counts, misses, clear, out,
                                )  # fmt: skip
                                count = chosen if chosen > 0 else count
    return count
