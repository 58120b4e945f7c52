"""Best-first search over long arcs, rooted at one end of the manoeuvre.

A node is a pose reached by a few whole segments. From a node every steer position is followed in both gears as far as
the body stays clear, and stations along the way become children; so a plan has as many segments as instructions. Each
node is also joined to the target by exact words (`words.connect`), which both estimate the rest of the cost and, where
the ground is free, complete the plan. Searching from the slot outwards keeps the tree small: a slot has one way out.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from coach_core.geometry.polygons import clearance_at
from coach_core.geometry.sweep import LOOK, fastest_point, next_step
from coach_core.planner.checks import late_cost, overrun_cost, try_word
from coach_core.planner.costs import closeness_cost, segment_cost, word_cost
from coach_core.planner.field import distance_left
from coach_core.planner.frontier import cell_key, find, pop, push
from coach_core.planner.words import MAX_SEGMENTS, MAX_WORDS, connect

FOUND, EXHAUSTED, OUT_OF_BUDGET = range(3)
_STEERS = 5
"""Steer positions along which the tree grows: straight, full and half lock."""
MAX_PLAN = 64
"""Most segments of a plan."""
_MOST_STATIONS = 160
"""Most children along one arc: the longest arc at the finest spacing, and the last free pose."""


class SearchSettings(NamedTuple):
    """How to search."""

    margin: float
    """clearance [m] that every pose must keep"""
    budget: int
    """nodes that may be expanded"""
    refine: int
    """nodes that may be expanded after the first plan, to better it"""
    nodes: int
    """nodes that may be stored"""
    shots: int
    """words tried per node"""
    reach: float
    """longest arc [m]"""
    room: float
    """how far [m] from the box of root and target the search may stray"""
    greed: float
    """weight of the estimated rest of the cost, 1 or more"""
    cell: float
    """scale of the cells in which only the cheapest state is kept"""


@njit(cache=True, nogil=True)
def _stations_into(vehicle, x, y, yaw, here, curvature, way_sign, spacing, longest, obstacles, margin, out):  # type: ignore[no-untyped-def]
    """Follow an arc from a pose of clearance `here` while it is free; fills `out` (N, 6), returns how many stations.

    A station is x, y, yaw, way [m], least clearance on the way, clearance. They lie `spacing` m apart; the last free
    pose before an obstacle is one too, because it uses all the room there is.
    """
    rate = fastest_point(vehicle, curvature)
    count = 0
    way, station, last = 0.0, spacing, 0.0
    nx, ny, nyaw, clearance, low = x, y, yaw, here, here
    while count < out.shape[0]:
        ahead = min(way + next_step(clearance, margin, rate), station)
        turn = curvature * way_sign * ahead
        chord = way_sign * ahead if abs(turn) < 1e-9 else 2.0 * math.sin(0.5 * turn) / curvature
        ahead_x = x + chord * math.cos(yaw + 0.5 * turn)
        ahead_y = y + chord * math.sin(yaw + 0.5 * turn)
        ahead_clearance = clearance_at(vehicle, ahead_x, ahead_y, yaw + turn, obstacles, LOOK)
        blocked = ahead_clearance < margin or ahead_clearance == 0.0
        if not blocked:
            way, nx, ny, nyaw, clearance = ahead, ahead_x, ahead_y, yaw + turn, ahead_clearance
            low = min(low, clearance)
        if way >= station or (blocked and way > last + 0.02):
            last = way
            station += spacing
            out[count, 0], out[count, 1], out[count, 2] = nx, ny, nyaw
            out[count, 3], out[count, 4], out[count, 5] = way, low, clearance
            count += 1
        if blocked or way >= longest:
            break
    return count


@njit(cache=True, nogil=True)
def _read_plan(link, lengths, node, words_steer, words_length, words_count, out_steer, out_length):  # type: ignore[no-untyped-def]
    """Segments from the root to `node` and on by the word; fills the outs, returns how many, -1 if too many."""
    depth, at = 0, node
    while link[at, 0] >= 0:
        depth += 1
        at = link[at, 0]
    if depth + words_count > MAX_PLAN:
        return -1
    for i in range(depth - 1, -1, -1):
        out_steer[i], out_length[i] = link[node, 2], lengths[node]
        node = link[node, 0]
    for i in range(words_count):
        out_steer[depth + i], out_length[depth + i] = words_steer[i], words_length[i]
    return depth + words_count


@njit(cache=True, nogil=True)
def search(vehicle, curvatures, obstacles, roots, target, weights, settings, field, words, out_steer, out_length):  # type: ignore[no-untyped-def]
    """Join one of `roots` (R, 3) to `target` (3,); fills out_steer, out_length (signed, from the root) [MAX_PLAN].

    curvatures (7,) 1/m by steer index. words: scratch, modified in place.
    Returns (status, segments, root index, cost, nodes expanded).
    """
    margin, capacity = settings.margin, settings.nodes
    table = 1
    while table < 2 * capacity:
        table *= 2
    state = np.empty((capacity, 6))  # x, y, yaw, cost so far, least clearance so far, clearance here
    link = np.empty((capacity, 4), np.int64)  # parent, gear as driven, steer, root
    lengths = np.empty(capacity)  # signed, of the segment that leads here
    keys, items = np.empty(2 * capacity), np.empty(2 * capacity, np.int64)
    cells, owners = np.zeros(table, np.int64), np.empty(table, np.int64)
    costs, stations = np.empty(MAX_WORDS), np.empty((_MOST_STATIONS, 6))
    best_words_steer, best_words_length = np.empty(MAX_SEGMENTS, np.int64), np.empty(MAX_SEGMENTS)
    radius = 1.0 / curvatures[1]
    half, quarter = curvatures[1] / curvatures[3], curvatures[1] / curvatures[5]
    low_x, high_x, low_y, high_y = target[0], target[0], target[1], target[1]
    count = size = 0
    for r in range(roots.shape[0]):
        x, y, yaw = roots[r, 0], roots[r, 1], roots[r, 2]
        low_x, high_x, low_y, high_y = min(low_x, x), max(high_x, x), min(low_y, y), max(high_y, y)
        clearance = clearance_at(vehicle, x, y, yaw, obstacles, LOOK)
        if clearance < margin or clearance == 0.0:
            continue
        state[count, 0], state[count, 1], state[count, 2] = x, y, yaw
        state[count, 3], state[count, 4], state[count, 5] = 0.0, clearance, clearance
        link[count, 0], link[count, 1], link[count, 2], link[count, 3] = -1, 0, -1, r
        lengths[count] = 0.0
        size = push(keys, items, size, 0.0, 2 * count)
        count += 1
    low_x, low_y = low_x - settings.room, low_y - settings.room
    high_x, high_y = high_x + settings.room, high_y + settings.room

    best_cost, best_node, best_count = np.inf, -1, 0
    expanded, last_expansion = 0, settings.budget
    full = False
    while size > 0 and expanded < last_expansion:
        key, item = pop(keys, items, size)
        size -= 1
        if key >= best_cost:
            break
        node, judged = item >> 1, item & 1
        x, y, yaw, so_far, least = state[node, 0], state[node, 1], state[node, 2], state[node, 3], state[node, 4]
        gear, steer = link[node, 1], link[node, 2]
        if gear != 0:
            slot = find(cells, cell_key(x, y, yaw, gear, state[node, 5], settings.cell))
            if owners[slot] != node:
                continue  # a cheaper way to this cell was found since
        dx, dy = target[0] - x, target[1] - y
        cos, sin = math.cos(yaw), math.sin(yaw)
        n = connect(cos * dx + sin * dy, cos * dy - sin * dx, target[2] - yaw, radius, half, quarter, words)
        rest = np.inf
        for i in range(n):
            costs[i] = word_cost(weights, words, i, gear, steer)
            rest = min(rest, costs[i])
        spent = so_far + closeness_cost(weights, least)
        if not judged:
            estimate = spent + settings.greed * max(rest, distance_left(field, x, y))
            if estimate >= best_cost:
                continue
            if size > 0 and estimate > keys[0]:
                size = push(keys, items, size, estimate, 2 * node + 1)
                continue
            key = max(key, estimate)
        expanded += 1

        for _ in range(settings.shots):
            choice = 0
            for i in range(1, n):
                if costs[i] < costs[choice]:
                    choice = i
            if n == 0 or so_far + costs[choice] + closeness_cost(weights, least) >= best_cost:
                break
            enough = weights.wanted - (best_cost - so_far - costs[choice]) / max(weights.closeness, 1e-9)
            clearance = try_word(vehicle, x, y, yaw, words, choice, curvatures, obstacles, margin, enough)
            if clearance >= 0.0:
                total = so_far + costs[choice] + closeness_cost(weights, min(least, clearance))
                if total < best_cost:
                    total += overrun_cost(
                        vehicle, x, y, yaw, words, choice, curvatures, obstacles, margin, weights, gear, steer
                    )
                if total < best_cost:
                    if best_node < 0:
                        last_expansion = min(settings.budget, expanded + settings.refine)
                    best_cost, best_node, best_count = total, node, words.used[choice]
                    for i in range(best_count):
                        best_words_steer[i], best_words_length[i] = words.steer[choice, i], words.length[choice, i]
            costs[choice] = np.inf

        here = state[node, 5]
        spacing = min(max(0.8 * here, 0.08), 0.75)
        for next_steer in range(_STEERS):
            if next_steer == steer:
                continue  # further along, or back over, the same arc
            curvature = curvatures[next_steer]
            longest = settings.reach if next_steer == 0 else min(settings.reach, 3.2 / abs(curvature))
            for way_sign in (1.0, -1.0):
                next_gear = -1 if way_sign > 0.0 else 1
                overrun = 0.0
                if gear != 0:
                    overrun = late_cost(vehicle, x, y, yaw, curvature, way_sign, obstacles, margin, weights)
                found = _stations_into(
                    vehicle, x, y, yaw, here, curvature, way_sign, spacing, longest, obstacles, margin, stations
                )
                for i in range(found):
                    nx, ny, nyaw, way, clearance = (
                        stations[i, 0], stations[i, 1], stations[i, 2], stations[i, 3], stations[i, 5],
                    )  # fmt: skip
                    low = min(least, stations[i, 4])
                    cost = so_far + overrun + segment_cost(weights, next_gear, next_steer, way, gear, steer)
                    worth = cost + closeness_cost(weights, low)
                    # exact closure takes three segments, of which one may go on as the last did
                    veer = abs((target[2] - nyaw + math.pi) % (2.0 * math.pi) - math.pi)
                    rest = max(math.hypot(target[0] - nx, target[1] - ny), radius * veer) + 2.0 * weights.segment
                    estimate = max(key, worth + rest)
                    if estimate >= best_cost or not (low_x <= nx <= high_x and low_y <= ny <= high_y):
                        continue
                    cell = cell_key(nx, ny, nyaw, next_gear, clearance, settings.cell)
                    slot = find(cells, cell)
                    if cells[slot] != 0:
                        owner = owners[slot]
                        if worth >= state[owner, 3] + closeness_cost(weights, state[owner, 4]) - 1e-9:
                            continue
                    if count >= capacity or size >= keys.shape[0]:
                        full = True
                        continue
                    cells[slot], owners[slot] = cell, count
                    state[count, 0], state[count, 1], state[count, 2] = nx, ny, nyaw
                    state[count, 3], state[count, 4], state[count, 5] = cost, low, clearance
                    link[count, 0], link[count, 1], link[count, 2] = node, next_gear, next_steer
                    link[count, 3] = link[node, 3]
                    lengths[count] = way_sign * way
                    size = push(keys, items, size, estimate, 2 * count)
                    count += 1

    if best_node < 0:
        return (OUT_OF_BUDGET if full or expanded >= settings.budget else EXHAUSTED), 0, -1, np.inf, expanded
    segments = _read_plan(
        link, lengths, best_node, best_words_steer, best_words_length, best_count, out_steer, out_length
    )
    if segments < 0:
        return OUT_OF_BUDGET, 0, -1, np.inf, expanded
    return FOUND, segments, link[best_node, 3], best_cost, expanded
