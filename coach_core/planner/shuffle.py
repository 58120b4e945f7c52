"""Out of a tight parallel slot by shuffling: to and fro with full lock, each stroke as far as it goes.

Turning the wheel from lock to lock between strokes makes every one of them, forwards or backwards, turn the car the
same way, so the fewest strokes swing the nose (or the tail) out. Read from its end, it is the way in.
Source: Paromtchik & Laugier, Motion Generation and Control for Parking an Autonomous Vehicle (1996).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from coach_core.geometry.sweep import sweep
from coach_core.planner.checks import overrun_cost, try_word
from coach_core.planner.costs import closeness_cost, segment_cost, word_cost
from coach_core.planner.search import EXHAUSTED, FOUND, MAX_PLAN
from coach_core.planner.words import LEFT, MAX_WORDS, RIGHT, STRAIGHT, connect

_STROKES = 40
"""Most strokes."""
_LEAST_STROKE = 0.003
"""A stroke shorter than this [m] is no progress."""
_TURN = 1.8
"""When the car has turned this far [rad] it is out, or never will be."""
_SPACING = 0.2
"""Distance [m] between the places along a stroke from which the way home is tried."""
_TRIES = 6
_MORE = 2
"""Strokes that are still made after one from which there was a way home."""


@njit(cache=True, nogil=True)
def shuffle(vehicle, curvatures, obstacles, root, target, margin, budget, weights, words, out_steer, out_length):  # type: ignore[no-untyped-def]
    """The cheapest shuffle from `root` to `target` (3,); fills out_steer, out_length (signed, from the root).

    Returns (status, segments, places from which a way home was tried), the last at most `budget`.
    """
    steers, lengths = np.empty(MAX_PLAN, np.int64), np.empty(MAX_PLAN)
    best, segments, tried = np.inf, 0, 0
    for kind in range(8):
        side = 1.0 if kind & 1 else -1.0
        way_sign = 1.0 if kind & 2 else -1.0
        x, y, yaw = root[0], root[1], root[2]
        cost, least, gear, steer = 0.0, np.inf, 0, -1
        count = 0
        if kind & 4:  # straight back first, to make the room for the first stroke
            way, clearance = sweep(vehicle, x, y, yaw, 0.0, -3.0 * way_sign, obstacles, margin)
            if way < _LEAST_STROKE:
                continue
            gear, steer, least = (1 if way_sign > 0.0 else -1), STRAIGHT, clearance
            steers[0], lengths[0], count = STRAIGHT, -way_sign * way, 1
            cost = segment_cost(weights, gear, STRAIGHT, way, 0, -1)
            x, y = x - way_sign * way * math.cos(yaw), y - way_sign * way * math.sin(yaw)
        more = _MORE
        for _ in range(_STROKES):
            own = LEFT if side * way_sign > 0.0 else RIGHT
            own_gear = -1 if way_sign > 0.0 else 1
            way, clearance = sweep(vehicle, x, y, yaw, curvatures[own], way_sign * 4.0, obstacles, margin)
            if way < _LEAST_STROKE or cost >= best or count + 6 > MAX_PLAN or tried >= budget:
                break
            least = min(least, clearance)
            before, here = best, 0.0
            while here < way and tried < budget:
                here = min(here + _SPACING, way)
                turn = curvatures[own] * way_sign * here
                chord = 2.0 * math.sin(0.5 * turn) / curvatures[own]
                nx, ny = x + chord * math.cos(yaw + 0.5 * turn), y + chord * math.sin(yaw + 0.5 * turn)
                spent = cost + segment_cost(weights, own_gear, own, here, gear, steer)
                found, index = _way_home(
                    vehicle, curvatures, obstacles, nx, ny, yaw + turn, target, margin, weights, words, own_gear, own,
                    spent, least, best,
                )  # fmt: skip
                tried += 1
                if index >= 0:
                    best = found
                    for i in range(count):
                        out_steer[i], out_length[i] = steers[i], lengths[i]
                    out_steer[count], out_length[count] = own, way_sign * here
                    for i in range(words.used[index]):
                        out_steer[count + 1 + i] = words.steer[index, i]
                        out_length[count + 1 + i] = words.length[index, i]
                    segments = count + 1 + words.used[index]
            if best < np.inf and best == before:
                more -= 1
                if more < 0:
                    break
            turn = curvatures[own] * way_sign * way
            chord = 2.0 * math.sin(0.5 * turn) / curvatures[own]
            x, y, yaw = x + chord * math.cos(yaw + 0.5 * turn), y + chord * math.sin(yaw + 0.5 * turn), yaw + turn
            if abs(yaw - root[2]) > _TURN:
                break
            cost += segment_cost(weights, own_gear, own, way, gear, steer)
            steers[count], lengths[count] = own, way_sign * way
            count += 1
            gear, steer = own_gear, own
            way_sign = -way_sign
    return (FOUND if segments > 0 else EXHAUSTED), segments, tried


@njit(cache=True, nogil=True)
def _way_home(  # type: ignore[no-untyped-def]
    vehicle, curvatures, obstacles, x, y, yaw, target, margin, weights, words, gear, steer, spent, least, best
):
    """(price of the whole plan, word) for the cheapest free word to `target` that beats `best`, or (inf, -1)."""
    dx, dy = target[0] - x, target[1] - y
    cos, sin = math.cos(yaw), math.sin(yaw)
    half, quarter = curvatures[1] / curvatures[3], curvatures[1] / curvatures[5]
    n = connect(cos * dx + sin * dy, cos * dy - sin * dx, target[2] - yaw, 1.0 / curvatures[1], half, quarter, words)
    costs = np.empty(MAX_WORDS)
    for i in range(n):
        costs[i] = spent + word_cost(weights, words, i, gear, steer)
    price, index = np.inf, -1
    for _ in range(min(_TRIES, n)):
        choice = 0
        for i in range(1, n):
            if costs[i] < costs[choice]:
                choice = i
        if costs[choice] + closeness_cost(weights, least) >= min(best, price):
            break
        clearance = try_word(vehicle, x, y, yaw, words, choice, curvatures, obstacles, margin, 0.0)
        if clearance >= 0.0:
            total = costs[choice] + closeness_cost(weights, min(least, clearance))
            total += overrun_cost(
                vehicle, x, y, yaw, words, choice, curvatures, obstacles, margin, weights, gear, steer
            )
            if total < min(best, price):
                price, index = total, choice
        costs[choice] = np.inf
    return price, index
