"""Two trees that grow towards each other over the whole lot: the way out when no tidy manoeuvre exists.

One tree stands on the start, one on the goal. Each step takes the next of a fixed sequence of poses that fills the
area evenly, grows one tree towards it as far as the body stays clear, and tries to join the new pose to the other
tree. A tree grows by a word and, in turn, by one stroke to whatever ends it, which is what leads out of a slot.
Source: Kuffner & LaValle, RRT-Connect (2000); here with Halton's sequence instead of chance, so that the same question
has the same answer, and with words in place of straight lines.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from coach_core.geometry.sweep import sweep
from coach_core.planner.checks import try_word
from coach_core.planner.field import UNREACHED, distance_left
from coach_core.planner.search import EXHAUSTED, FOUND, MAX_PLAN, OUT_OF_BUDGET
from coach_core.planner.words import MAX_SEGMENTS, MAX_WORDS, connect

_RANGE = 8.0
"""Longest growth [m] in one step."""
_SHORTEST_GROWTH = 0.1
_NEIGHBOURS = 3
"""Nodes of the other tree that a new one is joined to."""
_WORDS = 2
_DRAWS = 12
"""Poses of the sequence passed over at most, because nothing as large as a car gets there."""
_STROKE_EVERY = 2
"""One growth in so many is a stroke."""
"""Words tried for each."""


@njit(cache=True, nogil=True)
def halton(index, base):  # type: ignore[no-untyped-def]
    """Element `index` (from 1) of van der Corput's sequence, in [0, 1)."""
    value, part = 0.0, 1.0
    while index > 0:
        part /= base
        value += part * (index % base)
        index //= base
    return value


@njit(cache=True, nogil=True)
def _words_between(a, b, curvatures, words, totals):  # type: ignore[no-untyped-def]
    """Words from pose a to pose b; fills totals with their lengths [m]; returns how many."""
    radius = 1.0 / curvatures[1]
    half, quarter = curvatures[1] / curvatures[3], curvatures[1] / curvatures[5]
    dx, dy = b[0] - a[0], b[1] - a[1]
    cos, sin = math.cos(a[2]), math.sin(a[2])
    n = connect(cos * dx + sin * dy, cos * dy - sin * dx, b[2] - a[2], radius, half, quarter, words)
    for i in range(n):
        totals[i] = 0.0
        for k in range(words.used[i]):
            totals[i] += abs(words.length[i, k])
        totals[i] += 0.3 * words.used[i]
    return n


@njit(cache=True, nogil=True)
def _apart(a, b, radius):  # type: ignore[no-untyped-def]
    """A cheap stand-in for the way [m] between two poses."""
    turn = (b[2] - a[2] + math.pi) % (2.0 * math.pi) - math.pi
    return math.hypot(b[0] - a[0], b[1] - a[1]) + 0.6 * radius * abs(turn)


@njit(cache=True, nogil=True)
def _least(totals, n):  # type: ignore[no-untyped-def]
    best = 0
    for i in range(1, n):
        if totals[i] < totals[best]:
            best = i
    return best


@njit(cache=True, nogil=True)
def grow(vehicle, curvatures, obstacles, field, root, target, margin, room, budget, skip, words, out_steer, out_length):  # type: ignore[no-untyped-def]
    """Join `root` (3,) to `target` (3,); fills out_steer, out_length (signed, from the root) [MAX_PLAN].

    field: way to the target; places without one are left alone. skip: how much of the sequence to leave out; another
    number makes other trees. Returns (status, segments, steps).
    """
    radius = 1.0 / curvatures[1]
    pose = np.empty((2, budget + 1, 3))
    parent = np.empty((2, budget + 1), np.int64)
    steers = np.empty((2, budget + 1, MAX_SEGMENTS), np.int64)
    lengths = np.empty((2, budget + 1, MAX_SEGMENTS))
    used = np.zeros((2, budget + 1), np.int64)
    size = np.ones(2, np.int64)
    for c in range(3):
        pose[0, 0, c], pose[1, 0, c] = root[c], target[c]
    parent[0, 0], parent[1, 0] = -1, -1
    totals = np.empty(MAX_WORDS)
    sample, here = np.empty(3), np.empty(3)
    low_x, low_y = min(root[0], target[0]) - room, min(root[1], target[1]) - room
    wide, deep = abs(root[0] - target[0]) + 2.0 * room, abs(root[1] - target[1]) + 2.0 * room

    drawn = skip
    for step in range(1, budget + 1):
        tree, other = step & 1, 1 - (step & 1)
        for _ in range(_DRAWS):
            drawn += 1
            sample[0] = low_x + wide * halton(drawn, 2)
            sample[1] = low_y + deep * halton(drawn, 3)
            if distance_left(field, sample[0], sample[1]) < UNREACHED:
                break
        sample[2] = 2.0 * math.pi * halton(drawn, 5) - math.pi
        nearest, apart = 0, np.inf
        for i in range(size[tree]):
            d = _apart(pose[tree, i], sample, radius)
            if d < apart:
                nearest, apart = i, d
        if (step >> 1) % _STROKE_EVERY == 0:
            turn = (step >> 1) // _STROKE_EVERY % 10
            words.steer[0, 0], words.length[0, 0], words.used[0] = turn >> 1, (_RANGE if turn & 1 else -_RANGE), 1
            choice = 0
        else:
            n = _words_between(pose[tree, nearest], sample, curvatures, words, totals)
            if n == 0:
                continue
            choice = _least(totals, n)
        new = size[tree]
        for c in range(3):  # element by element: a slice would have numba compile its error messages, too
            here[c] = pose[tree, nearest, c]
        left, count = _RANGE, 0
        for k in range(words.used[choice]):
            length, steer = words.length[choice, k], words.steer[choice, k]
            wish = min(abs(length), left)
            way, _ = sweep(
                vehicle, here[0], here[1], here[2], curvatures[steer], math.copysign(wish, length), obstacles, margin
            )
            if way <= 1e-6:
                break
            signed = math.copysign(way, length)
            turn = curvatures[steer] * signed
            chord = signed if abs(turn) < 1e-9 else 2.0 * math.sin(0.5 * turn) / curvatures[steer]
            here[0] += chord * math.cos(here[2] + 0.5 * turn)
            here[1] += chord * math.sin(here[2] + 0.5 * turn)
            here[2] += turn
            steers[tree, new, count], lengths[tree, new, count] = steer, signed
            count += 1
            left -= way
            if way < abs(length) or left <= 0.0:
                break
        if count == 0 or _RANGE - left < _SHORTEST_GROWTH:
            continue
        for c in range(3):
            pose[tree, new, c] = here[c]
        parent[tree, new], used[tree, new] = nearest, count
        size[tree] += 1

        floor = -1.0
        for _ in range(min(_NEIGHBOURS, size[other])):
            near, apart = -1, np.inf
            for i in range(size[other]):
                d = _apart(here, pose[other, i], radius)
                if floor < d < apart:
                    near, apart = i, d
            if near < 0:
                break
            floor = apart
            n = _words_between(here, pose[other, near], curvatures, words, totals)
            for _ in range(min(_WORDS, n)):
                choice = _least(totals, n)
                totals[choice] = np.inf
                if (
                    try_word(vehicle, here[0], here[1], here[2], words, choice, curvatures, obstacles, margin, 0.0)
                    < 0.0
                ):
                    continue
                # the bridge is read from the root's tree to the target's
                ends = (new, near) if tree == 0 else (near, new)
                total = words.used[choice]
                for t in range(2):
                    node = ends[t]
                    while node > 0:
                        total += used[t, node]
                        node = parent[t, node]
                if total > MAX_PLAN:
                    continue
                at = 0
                node = ends[0]
                while node > 0:
                    at += used[0, node]
                    node = parent[0, node]
                back = at
                node = ends[0]
                while node > 0:
                    for k in range(used[0, node] - 1, -1, -1):
                        back -= 1
                        out_steer[back], out_length[back] = steers[0, node, k], lengths[0, node, k]
                    node = parent[0, node]
                for k in range(words.used[choice]):
                    pick = k if tree == 0 else words.used[choice] - 1 - k
                    out_steer[at] = words.steer[choice, pick]
                    out_length[at] = words.length[choice, pick] if tree == 0 else -words.length[choice, pick]
                    at += 1
                node = ends[1]
                while node > 0:
                    for k in range(used[1, node] - 1, -1, -1):
                        out_steer[at], out_length[at] = steers[1, node, k], -lengths[1, node, k]
                        at += 1
                    node = parent[1, node]
                return FOUND, at, step
    # a tree that could not grow at all stands in a place without a way out
    return (EXHAUSTED if size[0] == 1 or size[1] == 1 else OUT_OF_BUDGET), 0, budget
