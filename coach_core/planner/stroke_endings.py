"""The last strokes into a slot in closed form: from any pose onto the goal's line, each with the wheel held still.

The goal frame has the parked car at its origin, x forwards. An arc of curvature k and signed length s turns by k s; one
that ends straight (yaw 0) from (x, y, yaw) has length -yaw / k and ends at (x - sin(yaw) / k, y + (cos(yaw) - 1) / k);
everything below follows. Lengths are signed: positive forwards, negative in reverse.

    straight
    arc, straight
    straight, arc, straight
    arc, arc the other way, straight

Where the slot leaves room along the goal's line (parallel slots), the last straight is left out when it would be short.
"""

from __future__ import annotations

import math

from numba import njit

MAX_ENDINGS = 96
"""More ways than seven wheel angles make."""


@njit(cache=True, nogil=True)
def _close(x_end, count, miss, e, options, strokes, counts, misses):  # type: ignore[no-untyped-def]
    """Add the last straight, from `x_end` on the goal's line, to ending `e` of `count` strokes; 1 if it is one."""
    if abs(x_end) <= options.along:
        if count == 0:
            return 0
    elif options.final * x_end > 0.0 or abs(x_end) < options.shortest:
        return 0
    else:
        strokes[e, count, 0], strokes[e, count, 1] = 0, -x_end
        count += 1
    counts[e], misses[e] = count, abs(miss) + 0.2 * abs(x_end if abs(x_end) <= options.along else 0.0)
    return 1


@njit(cache=True, nogil=True)
def endings(x, y, yaw, curvatures, options, strokes, counts, misses):  # type: ignore[no-untyped-def]
    """Every way in from (x, y, yaw) [m, rad, goal frame], obstacles aside; returns how many.

    strokes (MAX_ENDINGS, 3, 2): steer index and signed length [m]; counts and misses (MAX_ENDINGS,): strokes of each,
    and how far [m] beside its place it ends. All three are filled.
    """
    kinds = curvatures.shape[0]
    found = 0
    if abs(yaw) < options.straight and abs(y) < options.lateral:
        found += _close(x, 0, y, found, options, strokes, counts, misses)
    sin, cos = math.sin(yaw), math.cos(yaw)
    for i in range(1, kinds):
        k = curvatures[i]
        length = -yaw / k
        miss = y + (cos - 1.0) / k
        x_end = x - sin / k
        if (
            options.arcs * length >= 0.0 and options.shortest <= abs(length) <= options.reach
        ):  # one arc brings the yaw to 0
            if abs(miss) < options.lateral:
                strokes[found, 0, 0], strokes[found, 0, 1] = i, length
                found += _close(x_end, 1, miss, found, options, strokes, counts, misses)
            # a straight stroke first puts it onto the line
            first = -miss / sin if abs(sin) > 0.05 else math.inf
            if options.shortest < abs(first) < 2.0 * options.reach:
                strokes[found, 0, 0], strokes[found, 0, 1] = 0, first
                strokes[found, 1, 0], strokes[found, 1, 1] = i, length
                found += _close(x_end + first * cos, 2, 0.0, found, options, strokes, counts, misses)
        for j in range(1, kinds):  # two arcs, one each way
            k2 = curvatures[j]
            if k * k2 >= 0.0:
                continue
            cos1 = (1.0 / k2 - y - cos / k) / (1.0 / k2 - 1.0 / k)
            if abs(cos1) > 1.0:
                continue
            for sign in (-1.0, 1.0):
                yaw1 = sign * math.acos(cos1)
                a, c = (yaw1 - yaw) / k, -yaw1 / k2
                if options.arcs * a < 0.0:
                    continue
                if min(abs(a), abs(c)) < options.shortest or max(abs(a), abs(c)) > options.reach:
                    continue
                x_end = x + (math.sin(yaw1) - sin) / k - math.sin(yaw1) / k2
                strokes[found, 0, 0], strokes[found, 0, 1] = i, a
                strokes[found, 1, 0], strokes[found, 1, 1] = j, c
                found += _close(x_end, 2, 0.0, found, options, strokes, counts, misses)
    return found
