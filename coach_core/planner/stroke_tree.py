"""To and fro: the cheapest manoeuvre of as many strokes as it takes, each with room for stopping late.

Where a slot along a kerb is short, no manoeuvre of few strokes leaves room behind its ends. Here strokes with the wheel
straight or at full lock are strung together from the goal backwards, cheapest first: a slot is narrow and the lane is
wide, so that the way out is found sooner than the way in. Every place reached is joined to the start in closed form.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from coach_core.geometry.poses import advance_into, between_into
from coach_core.planner.frontier import find, pop, push
from coach_core.planner.stroke_endings import MAX_ENDINGS, endings
from coach_core.planner.stroke_search import (
    MAX_STEPS,
    MAX_STROKES,
    STEP,
    copy_strokes,
    effort_of,
    price_of,
    reach_ahead,
    stroke_effort,
    sweep,
)

MAX_PLACES = 30_000
_MAX_WAITING = 1 << 18
_TABLE = 1 << 16
_EVERY = 2
"""Lengths tried along a stroke, in STEPs."""
_KINDS = 3
"""Straight and full lock either way: what a learner does without counting."""
_FROM, _KIND, _SIGNED, _EFFORT, _SPENT = range(5)
"""Columns of a place that waits: the place it was reached from (-1: a root), the stroke from it to that one, what all
strokes from it to the goal cost on open ground, and what they cost because of what they pass. A root has its distance
aside [m] for a stroke."""


@njit(cache=True, nogil=True)
def _cell(pose, gear, options):  # type: ignore[no-untyped-def]
    ix = math.floor(pose[0] / options.cell) & 0xFFFF
    iy = math.floor(2.0 * pose[1] / options.cell) & 0xFFFF
    turn = math.floor(pose[2] / options.turn) & 0xFFFF
    return 1 + (((ix << 16 | iy) << 16 | turn) << 1 | (1 if gear > 0.0 else 0))


@njit(cache=True, nogil=True)
def _join(  # type: ignore[no-untyped-def]
    vehicle, start, steer, pose, kind, rest, behind, spent, curvatures, steers, obstacles, ahead, options, joining,
    best, ways, counts, misses, strokes, clear, out,
):  # fmt: skip
    """The cheapest way from the start to a place at `pose` (3,) and on by the strokes `rest` (MAX_STROKES, 2), of which
    there are `behind`. Returns (cost, strokes in all) and fills `out` when something beats `best`, else (best, 0)."""
    chosen = 0
    local = np.empty(3)
    between_into(start, pose, local)  # seen from the start and backwards in time, the start is a goal
    for e in range(endings(local[0], local[1], local[2], curvatures, joining, ways, counts, misses)):
        join = counts[e]
        if behind > 0 and ways[e, 0, 0] == kind:
            continue
        for n in range(join):
            strokes[n, 0], strokes[n, 1] = ways[e, join - 1 - n, 0], -ways[e, join - 1 - n, 1]
        copy_strokes(rest, strokes, behind, join)
        count = join + behind
        cost = spent + effort_of(steer, steers, strokes, count, misses[e], options)
        if cost >= best:
            continue
        cost += price_of(vehicle, start, strokes, 0, join, curvatures, obstacles, ahead, options, best - cost, clear)
        if cost < best:
            best, chosen = cost, count
            copy_strokes(strokes, out, count, 0)
    return best, chosen


@njit(cache=True, nogil=True)
def to_and_fro(  # type: ignore[no-untyped-def]
    vehicle, start, goal, steer, curvatures, steers, obstacles, ahead, options, joining, out
):
    """The cheapest manoeuvre found; fills `out` (MAX_STROKES, 2) and returns how many strokes it has (0: none).

    start, goal: world poses (3,); steer: where the wheel is [rad]; curvatures [1/m] and steers [rad] by steer index,
    straight first, then full lock left and right; ahead: the obstacles that are not only beside the goal; joining: the
    options for the strokes between the start and what was found from the goal.
    """
    pose_at, spent = np.empty((MAX_PLACES, 3)), np.zeros(MAX_PLACES)
    strokes_at, parent, depth = np.zeros((MAX_PLACES, 2)), np.full(MAX_PLACES, -1), np.zeros(MAX_PLACES, np.int64)
    keys, items, waiting = np.empty(_MAX_WAITING), np.empty(_MAX_WAITING, np.int64), np.empty((_MAX_WAITING, 5))
    cells = np.zeros(_TABLE, np.int64)
    strokes, rest = np.zeros((MAX_STROKES, 2)), np.zeros((MAX_STROKES, 2))
    ways, counts, misses = np.zeros((MAX_ENDINGS, 3, 2)), np.zeros(MAX_ENDINGS, np.int64), np.zeros(MAX_ENDINGS)
    clear, beyond = np.empty(MAX_STEPS + 1), np.empty(MAX_STEPS + 1)
    here, local = np.empty(3), np.empty(3)
    least = math.ceil(options.shortest / STEP - 1e-9)
    best, count = math.inf, 0
    asked, places, size = 0, 0, 0
    for line in range(3 if options.aside != 0.0 else 1):
        aside = 0.5 * line * options.aside
        price = options.per_lateral * abs(aside)
        waiting[asked, _FROM], waiting[asked, _SIGNED] = -1.0, aside
        waiting[asked, _KIND], waiting[asked, _EFFORT], waiting[asked, _SPENT] = 0.0, 0.0, price
        size = push(keys, items, size, price, asked)
        asked += 1
    while size > 0 and places < min(options.places, MAX_PLACES):
        key, item = pop(keys, items, size)
        size -= 1
        if key >= best:
            break
        came, kind, signed = int(waiting[item, _FROM]), int(waiting[item, _KIND]), waiting[item, _SIGNED]
        place, pose, effort = places, pose_at[places], waiting[item, _EFFORT]
        wheel, gear = 0.0, 0.0
        if came < 0:
            pose[0], pose[1] = goal[0] - signed * math.sin(goal[2]), goal[1] + signed * math.cos(goal[2])
            pose[2] = goal[2]
        else:
            advance_into(pose_at[came], curvatures[kind], -signed, pose)
            cell = _cell(pose, signed, options)
            at = find(cells, cell)
            if cells[at] != 0:
                continue
            cells[at] = cell
            depth[place] = depth[came] + 1
            wheel, gear = steers[kind], signed
        places += 1
        parent[place], strokes_at[place, 0], strokes_at[place, 1] = came, kind, signed
        spent[place] = waiting[item, _SPENT]
        back = place
        for n in range(depth[place]):
            rest[n, 0], rest[n, 1] = strokes_at[back, 0], strokes_at[back, 1]
            back = parent[back]
        best, chosen = _join(
            vehicle, start, steer, pose, kind, rest, depth[place], spent[place], curvatures, steers, obstacles, ahead,
            options, joining, best, ways, counts, misses, strokes, clear, out,
        )  # fmt: skip
        count = chosen if chosen > 0 else count
        if depth[place] + 4 > MAX_STROKES or effort + spent[place] + options.per_stroke >= best:
            continue
        for i in range(_KINDS):
            if came >= 0 and i == kind:
                continue
            for way in (1.0, -1.0):
                # a stroke that ends here must be clear if it is driven on
                free = sweep(vehicle, pose, curvatures[i], way, 0.0, False, obstacles, options, beyond)
                if free < options.soft - 1e-9:
                    continue
                spare = reach_ahead(vehicle, pose, curvatures[i], way, 0.0, free, obstacles, ahead, options, beyond)
                if spare < options.overshoot - 1e-9:
                    continue
                price = options.per_overshoot * (options.wanted_overshoot - min(spare, options.wanted_overshoot))
                price += options.per_soft * max(0.0, options.wanted_soft - free)
                free = sweep(vehicle, pose, curvatures[i], -way, options.reach, False, obstacles, options, clear)
                for n in range(least, MAX_STEPS, _EVERY):
                    length = n * STEP
                    if length > min(options.reach, free) or clear[n] < options.least_clearance:
                        break
                    passed = spent[place] + price + options.per_clearance * (options.wanted_clearance - clear[n])
                    after = effort + stroke_effort(wheel, gear, steers[i], way * length, steers[1], options)
                    advance_into(pose, curvatures[i], -way * length, here)
                    between_into(start, here, local)
                    turn = abs(local[2]) / abs(curvatures[1])
                    estimate = after + passed + options.per_stroke + max(math.hypot(local[0], local[1]), turn)
                    if estimate >= best or asked >= _MAX_WAITING:
                        continue
                    waiting[asked, _FROM], waiting[asked, _KIND], waiting[asked, _SIGNED] = place, i, way * length
                    waiting[asked, _EFFORT], waiting[asked, _SPENT] = after, passed
                    size = push(keys, items, size, estimate, asked)
                    asked += 1
    return count
