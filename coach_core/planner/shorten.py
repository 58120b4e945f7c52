"""Making a found path easier: of all ways that hop from station to station along it, the cheapest.

Stations are put along the path; any two may be joined by a word that stays clear. The cheapest chain of such hops is
found by dynamic programming. What the path was made of is always one of the chains, so it never gets worse.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from coach_core.planner.checks import overrun_cost, try_word
from coach_core.planner.costs import closeness_cost, word_cost
from coach_core.planner.search import MAX_PLAN
from coach_core.planner.words import MAX_SEGMENTS, MAX_WORDS, connect

MAX_STATIONS = 56
_TRIES = 3


@njit(cache=True, nogil=True)
def shorten(  # type: ignore[no-untyped-def]
    vehicle, curvatures, obstacles, root, steer, length, count, most, weights, margin, words, out_steer, out_length
):
    """The cheapest chain of words along the path steer, length [count] from `root` (3,).

    most: how many stations, as far as `count` allows; the effort grows with their square. Fills out_steer, out_length
    [MAX_PLAN]; returns (segments, words tried); 0 segments if nothing was gained.
    """
    most = min(max(most, count + 12), MAX_STATIONS)
    if count > most - 4:
        return 0, 0
    radius = 1.0 / curvatures[1]
    half, quarter = curvatures[1] / curvatures[3], curvatures[1] / curvatures[5]
    whole = 0.0
    for s in range(count):
        whole += abs(length[s])
    spacing = max(whole / (most - count - 2), 0.25)
    pose = np.empty((MAX_STATIONS, 3))
    leg_steer, leg_length = np.zeros(MAX_STATIONS, np.int64), np.zeros(MAX_STATIONS)
    pose[0, 0], pose[0, 1], pose[0, 2] = root[0], root[1], root[2]
    stations = 1
    for s in range(count):
        parts = max(math.ceil(abs(length[s]) / spacing - 1e-9), 1)
        if stations + parts > MAX_STATIONS:
            return 0, 0
        step = length[s] / parts
        turn = curvatures[steer[s]] * step
        chord = step if abs(turn) < 1e-9 else 2.0 * math.sin(0.5 * turn) / curvatures[steer[s]]
        for _ in range(parts):
            x, y, yaw = pose[stations - 1, 0], pose[stations - 1, 1], pose[stations - 1, 2]
            pose[stations, 0] = x + chord * math.cos(yaw + 0.5 * turn)
            pose[stations, 1] = y + chord * math.sin(yaw + 0.5 * turn)
            pose[stations, 2] = yaw + turn
            leg_steer[stations], leg_length[stations] = steer[s], step
            stations += 1

    # cheapest way to each station: cost, its last gear and steer, where it came from, by which segments
    cost, low = np.full(MAX_STATIONS, np.inf), np.full(MAX_STATIONS, np.inf)
    gear, last = np.zeros(MAX_STATIONS, np.int64), np.full(MAX_STATIONS, -1)
    origin = np.full(MAX_STATIONS, -1)
    hop_steer = np.zeros((MAX_STATIONS, MAX_SEGMENTS), np.int64)
    hop_length = np.zeros((MAX_STATIONS, MAX_SEGMENTS))
    hops = np.zeros(MAX_STATIONS, np.int64)
    costs = np.empty(MAX_WORDS)
    cost[0] = 0.0
    tried = 0
    for j in range(1, stations):
        best = np.inf
        for i in range(j):
            dx, dy = pose[j, 0] - pose[i, 0], pose[j, 1] - pose[i, 1]
            veer = abs((pose[j, 2] - pose[i, 2] + math.pi) % (2.0 * math.pi) - math.pi)
            if cost[i] + max(math.hypot(dx, dy), radius * veer) + closeness_cost(weights, low[i]) >= best:
                continue
            cos, sin = math.cos(pose[i, 2]), math.sin(pose[i, 2])
            n = 0
            if i == j - 1:  # the leg of the path itself, known to be free
                words.steer[0, 0], words.length[0, 0], words.used[0] = leg_steer[j], leg_length[j], 1
                n = 1
            else:
                n = connect(
                    cos * dx + sin * dy, cos * dy - sin * dx, pose[j, 2] - pose[i, 2], radius, half, quarter, words
                )
            for w in range(n):
                costs[w] = cost[i] + word_cost(weights, words, w, gear[i], last[i])
            for _ in range(min(_TRIES, n)):
                choice = 0
                for w in range(1, n):
                    if costs[w] < costs[choice]:
                        choice = w
                total = costs[choice]
                costs[choice] = np.inf
                if total + closeness_cost(weights, low[i]) >= best:
                    break
                tried += 1
                clear = try_word(
                    vehicle, pose[i, 0], pose[i, 1], pose[i, 2], words, choice, curvatures, obstacles, margin, 0.0
                )
                if i == j - 1:
                    clear = max(clear, margin)
                elif clear < 0.0:
                    continue
                total += overrun_cost(
                    vehicle, pose[i, 0], pose[i, 1], pose[i, 2], words, choice, curvatures, obstacles, margin, weights,
                    gear[i], last[i],
                )  # fmt: skip
                full = total + closeness_cost(weights, min(low[i], clear))
                if full < best:
                    best = full
                    cost[j], low[j], origin[j], hops[j] = total, min(low[i], clear), i, words.used[choice]
                    final = words.used[choice] - 1
                    for k in range(words.used[choice]):
                        hop_steer[j, k], hop_length[j, k] = words.steer[choice, k], words.length[choice, k]
                    if final >= 0:
                        gear[j] = -1 if words.length[choice, final] > 0.0 else 1
                        last[j] = words.steer[choice, final]
                    else:
                        gear[j], last[j] = gear[i], last[i]

    at, j = 0, stations - 1
    while j > 0:
        at += hops[j]
        j = origin[j]
    if at > MAX_PLAN:
        return 0, tried
    total, j = at, stations - 1
    while j > 0:
        for k in range(hops[j] - 1, -1, -1):
            at -= 1
            out_steer[at], out_length[at] = hop_steer[j, k], hop_length[j, k]
        j = origin[j]
    return total, tried
