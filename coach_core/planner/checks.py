"""Whether strokes can be driven, and what it costs if they are not driven well."""

from __future__ import annotations

import math

from numba import njit

from coach_core.geometry.sweep import LOOK, sweep


@njit(cache=True, nogil=True)
def try_word(vehicle, x, y, yaw, words, index, curvatures, obstacles, margin, enough):  # type: ignore[no-untyped-def]
    """Least clearance [m] along a word, or -1 if it comes nearer than `margin`. Gives up once below `enough`, too."""
    least = LOOK
    for i in range(words.used[index]):
        length, curvature = words.length[index, i], curvatures[words.steer[index, i]]
        way, clearance = sweep(vehicle, x, y, yaw, curvature, length, obstacles, margin)
        if way < abs(length) or clearance < enough:
            return -1.0
        least = min(least, clearance)
        turn = curvature * length
        chord = length if abs(turn) < 1e-9 else 2.0 * math.sin(0.5 * turn) / curvature
        x += chord * math.cos(yaw + 0.5 * turn)
        y += chord * math.sin(yaw + 0.5 * turn)
        yaw += turn
    return least


@njit(cache=True, nogil=True)
def late_cost(vehicle, x, y, yaw, curvature, way_sign, obstacles, margin, weights):  # type: ignore[no-untyped-def]
    """Price of a stop at (x, y, yaw) at the end of a stroke that leads outwards with `way_sign`, were it overrun."""
    if weights.late == 0.0:
        return 0.0
    way, _ = sweep(vehicle, x, y, yaw, curvature, -way_sign * weights.spare, obstacles, 0.5 * margin)
    return weights.late * (weights.spare - max(way, 0.0))


@njit(cache=True, nogil=True)
def overrun_cost(vehicle, x, y, yaw, words, index, curvatures, obstacles, margin, weights, gear, steer):  # type: ignore[no-untyped-def]
    """Price of the stops along a word that follows a segment (gear as driven, steer; gear 0: the slot)."""
    total = 0.0
    for i in range(words.used[index]):
        length, own = words.length[index, i], words.steer[index, i]
        way_sign = 1.0 if length > 0.0 else -1.0
        if gear != 0 and not (own == steer and gear == -way_sign):
            total += late_cost(vehicle, x, y, yaw, curvatures[own], way_sign, obstacles, margin, weights)
        turn = curvatures[own] * length
        chord = length if abs(turn) < 1e-9 else 2.0 * math.sin(0.5 * turn) / curvatures[own]
        x += chord * math.cos(yaw + 0.5 * turn)
        y += chord * math.sin(yaw + 0.5 * turn)
        yaw += turn
        gear, steer = int(-way_sign), own
    return total
