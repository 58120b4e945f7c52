"""Paths of a few arcs that join two poses exactly, obstacles left aside.

A *word* is a list of up to five segments: steer index and signed length (negative in reverse). Steer indices name the
positions a novice can find by feel: 0 straight, 1 full lock left, 2 full lock right, 3 half left, 4 half right; and 5
and 6, a quarter, for creeping away from something close beside the car.

Words with a turning circle at both ends or in the middle come from geometry: tangent lines and tangent circles are
enumerated with every choice of direction, so each family holds the matching Reeds-Shepp words and some longer ones
that are easier to drive. The four- and five-segment words follow Reeds & Shepp (1990), equations 8.7 to 8.11.

Inside, lengths are in radii of full lock, and the first pose is the origin.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from coach_core.errors import GeometryError
from coach_core.geometry.poses import YAW, X, Y, advance_into, compose, inverse

STRAIGHT, LEFT, RIGHT, HALF_LEFT, HALF_RIGHT, QUARTER_LEFT, QUARTER_RIGHT = range(7)

MAX_WORDS = 80
MAX_SEGMENTS = 5

_LEAST = 1e-9
"""Segments shorter than this (in radii) are left out: rounding, not driving."""
_HALF_PI = 0.5 * math.pi


class Words(NamedTuple):
    """Scratch for `connect`: steer (MAX_WORDS, 5), length (MAX_WORDS, 5) [m, signed], segments used (MAX_WORDS,)."""

    steer: NDArray[np.int64]
    length: NDArray[np.float64]
    used: NDArray[np.int64]


def make_words() -> Words:
    """Empty scratch."""
    shape = (MAX_WORDS, MAX_SEGMENTS)
    return Words(np.zeros(shape, np.int64), np.zeros(shape), np.zeros(MAX_WORDS, np.int64))


@njit(cache=True, nogil=True)
def _turn(angle):  # type: ignore[no-untyped-def]
    """The same turn in [-pi, pi)."""
    return (angle + math.pi) % (2.0 * math.pi) - math.pi


@njit(cache=True, nogil=True)
def _emit(words, n, radius, s0, l0, s1, l1, s2, l2, s3=0, l3=0.0, s4=0, l4=0.0):  # type: ignore[no-untyped-def]
    """Append a word, leaving out its empty segments; returns the new number of words."""
    k = 0
    for s, length in ((s0, l0), (s1, l1), (s2, l2), (s3, l3), (s4, l4)):
        if abs(length) > _LEAST:
            words.steer[n, k] = s
            words.length[n, k] = length * radius
            k += 1
    words.used[n] = k
    return n + 1


@njit(cache=True, nogil=True)
def _line_arc_line(words, n, radius, x, y, yaw, ratio, left, right):  # type: ignore[no-untyped-def]
    """S C S: the start's line and the goal's line joined by one arc of radius `ratio`; either lock."""
    turn = _turn(yaw)
    sin, cos = math.sin(turn), math.cos(turn)
    if abs(sin) < 1e-6:
        return n
    for side in (1.0, -1.0):
        # start line * a + arc + goal line * b = (x, y); the arc alone ends at (sin, 1 - cos) * side * ratio
        rest_x, rest_y = x - side * ratio * sin, y - side * ratio * (1.0 - cos)
        b = rest_y / sin
        a = rest_x - b * cos
        n = _emit(words, n, radius, STRAIGHT, a, left if side > 0.0 else right, side * ratio * turn, STRAIGHT, b)
    return n


@njit(cache=True, nogil=True)
def _line_arc_arc(words, n, radius, x, y, yaw, backwards):  # type: ignore[no-untyped-def]
    """S C C, or C C S with `backwards`: a line and two full-lock arcs of opposite side, tangent to each other."""
    sin, cos = math.sin(yaw), math.cos(yaw)
    if backwards:  # the goal drives to the start instead, and the word is read from its end
        x, y, yaw = -cos * x - sin * y, sin * x - cos * y, -yaw
        sin = -sin
    for side in (1.0, -1.0):
        # first circle about (a, side), second about the centre on the goal's other side, two radii apart
        centre_x, centre_y = x + side * sin, y - side * cos
        drop = centre_y - side
        square = 4.0 - drop * drop
        if square < 0.0:
            continue
        root = math.sqrt(square)
        for sign in (1.0, -1.0):
            a = centre_x + sign * root
            # heading where the circles touch: the first centre sees the second at `bearing`
            bearing = math.atan2(drop, -sign * root)
            touch = bearing + side * _HALF_PI
            first, second = _turn(touch), _turn(yaw - touch)
            s1, s2 = (LEFT, RIGHT) if side > 0.0 else (RIGHT, LEFT)
            if backwards:
                n = _emit(words, n, radius, s2, side * second, s1, -side * first, STRAIGHT, -a)
            else:
                n = _emit(words, n, radius, STRAIGHT, a, s1, side * first, s2, -side * second)
    return n


@njit(cache=True, nogil=True)
def _arc_line_arc(words, n, radius, x, y, yaw):  # type: ignore[no-untyped-def]
    """C S C with full locks, the line driven either way."""
    sin, cos = math.sin(yaw), math.cos(yaw)
    for side in (1.0, -1.0):
        lock, other = (LEFT, RIGHT) if side > 0.0 else (RIGHT, LEFT)
        # same side: centres (0, side) and goal + side * normal; the line is parallel to their join
        dx, dy = x - side * sin, y - side + side * cos
        way = math.hypot(dx, dy)
        bearing = math.atan2(dy, dx)
        for sign in (1.0, -1.0):
            heading = bearing if sign > 0.0 else bearing + math.pi
            first, last = _turn(heading), _turn(yaw - heading)
            n = _emit(words, n, radius, lock, side * first, STRAIGHT, sign * way, lock, side * last)
        # other side: the line crosses the join
        dx, dy = x + side * sin, y - side - side * cos
        square = dx * dx + dy * dy - 4.0
        if square >= 0.0:
            way = math.sqrt(square)
            bearing = math.atan2(dy, dx)
            for sign in (1.0, -1.0):
                heading = bearing + side * math.atan2(2.0, sign * way)
                first, last = _turn(heading), _turn(yaw - heading)
                n = _emit(words, n, radius, lock, side * first, STRAIGHT, sign * way, other, -side * last)
    return n


@njit(cache=True, nogil=True)
def _three_arcs(words, n, radius, x, y, yaw):  # type: ignore[no-untyped-def]
    """C C C: full locks left-right-left or right-left-right, each arc driven the shorter way round."""
    sin, cos = math.sin(yaw), math.cos(yaw)
    for side in (1.0, -1.0):
        lock, other = (LEFT, RIGHT) if side > 0.0 else (RIGHT, LEFT)
        dx, dy = x - side * sin, y - side + side * cos
        way = math.hypot(dx, dy)
        if way > 4.0:
            continue
        bearing = math.atan2(dy, dx)
        opening = math.acos(0.25 * way)
        for sign in (1.0, -1.0):
            to_middle = bearing + sign * opening
            from_middle = bearing - sign * opening
            first_touch = to_middle + side * _HALF_PI
            # seen from the middle centre, the last circle lies at `from_middle`, on whose left or right we drive
            second_touch = from_middle - side * _HALF_PI
            first, middle = _turn(first_touch), _turn(second_touch - first_touch)
            last = _turn(yaw - second_touch)
            n = _emit(words, n, radius, lock, side * first, other, -side * middle, lock, side * last)
    return n


@njit(cache=True, nogil=True)
def _four_arcs(words, n, radius, x, y, yaw, way, lock, other):  # type: ignore[no-untyped-def]
    """C C|C C (8.7) and C|C C|C (8.8), the middle arcs alike; `way` and the locks carry the mirror images."""
    xi, eta = x + math.sin(yaw), y - 1.0 - math.cos(yaw)
    square = xi * xi + eta * eta
    for kind in range(2):
        rho = 0.25 * (2.0 + math.sqrt(square)) if kind == 0 else (20.0 - square) / 16.0
        if rho < 0.0 or rho > 1.0:
            continue
        u = math.acos(rho) if kind == 0 else -math.acos(rho)
        w = -u if kind == 0 else u
        if kind == 1 and u < -_HALF_PI:
            continue
        delta = _turn(u - w)
        a, b = math.sin(u) - math.sin(delta), math.cos(u) - math.cos(delta) - 1.0
        t = math.atan2(eta * a - xi * b, xi * a + eta * b)
        if 2.0 * (math.cos(delta) - math.cos(w) - math.cos(u)) + 3.0 < 0.0:
            t += math.pi
        t = _turn(t)
        v = _turn(t - u + w - yaw)
        n = _emit(words, n, radius, lock, way * t, other, way * u, lock, way * w, other, way * v)
    return n


@njit(cache=True, nogil=True)
def _quarter_turns(words, n, radius, x, y, yaw, way, lock, other, backwards):  # type: ignore[no-untyped-def]
    """C|C S C (8.9, 8.10) and, unless `backwards`, C|C S C|C (8.11), whose inner arcs are quarter turns."""
    sin, cos = math.sin(yaw), math.cos(yaw)
    quarter = -_HALF_PI * way
    xi, eta = x - sin, y - 1.0 + cos
    rho = math.hypot(xi, eta)
    if rho >= 2.0:
        r = math.sqrt(rho * rho - 4.0)
        t = _turn(math.atan2(eta, xi) + math.atan2(r, -2.0))
        v = _turn(yaw - _HALF_PI - t)
        u = 2.0 - r
        if backwards:
            n = _emit(words, n, radius, lock, way * v, STRAIGHT, way * u, other, quarter, lock, way * t)
        else:
            n = _emit(words, n, radius, lock, way * t, other, quarter, STRAIGHT, way * u, lock, way * v)
    xi, eta = x + sin, y - 1.0 - cos
    rho = math.hypot(xi, eta)
    if rho >= 2.0:
        t = math.atan2(xi, -eta)
        u = 2.0 - rho
        v = _turn(t + _HALF_PI - yaw)
        if backwards:
            n = _emit(words, n, radius, other, way * v, STRAIGHT, way * u, other, quarter, lock, way * t)
        else:
            n = _emit(words, n, radius, lock, way * t, other, quarter, STRAIGHT, way * u, other, way * v)
            u = 4.0 - math.sqrt(rho * rho - 4.0)
            t = _turn(math.atan2((4.0 - u) * xi - 2.0 * eta, -2.0 * xi + (u - 4.0) * eta))
            v = _turn(t - yaw)
            n = _emit(words, n, radius, lock, way * t, other, quarter, STRAIGHT, way * u, lock, quarter, other, way * v)
    return n


@njit(cache=True, nogil=True)
def connect(x, y, yaw, radius, half_ratio, quarter_ratio, words):  # type: ignore[no-untyped-def]
    """Fill `words` with every word from the origin to the pose (x, y, yaw); returns how many.

    radius: m, of full lock. half_ratio, quarter_ratio: radii of half and of quarter lock in radii of full lock.
    """
    x, y = x / radius, y / radius
    n = _line_arc_line(words, 0, radius, x, y, yaw, 1.0, LEFT, RIGHT)
    n = _line_arc_line(words, n, radius, x, y, yaw, half_ratio, HALF_LEFT, HALF_RIGHT)
    n = _line_arc_line(words, n, radius, x, y, yaw, quarter_ratio, QUARTER_LEFT, QUARTER_RIGHT)
    for backwards in (False, True):
        n = _line_arc_arc(words, n, radius, x, y, yaw, backwards)
    n = _arc_line_arc(words, n, radius, x, y, yaw)
    n = _three_arcs(words, n, radius, x, y, yaw)
    sin, cos = math.sin(yaw), math.cos(yaw)
    back_x, back_y = x * cos + y * sin, x * sin - y * cos
    for way in (1.0, -1.0):
        for side in (1.0, -1.0):
            lock, other = (LEFT, RIGHT) if side > 0.0 else (RIGHT, LEFT)
            # driving the other way mirrors x, the other lock mirrors y; each mirror turns yaw round
            n = _four_arcs(words, n, radius, way * x, side * y, way * side * yaw, way, lock, other)
            n = _quarter_turns(words, n, radius, way * x, side * y, way * side * yaw, way, lock, other, False)
            n = _quarter_turns(words, n, radius, way * back_x, side * back_y, way * side * yaw, way, lock, other, True)
    return n


class Connection(NamedTuple):
    """One word: steer indices and signed lengths [m]."""

    steer: tuple[int, ...]
    length: tuple[float, ...]

    @property
    def total(self) -> float:
        """Path length [m]."""
        return sum(abs(length) for length in self.length)


def connections(start: ArrayLike, goal: ArrayLike, radii: tuple[float, float, float]) -> list[Connection]:
    """Every word from `start` to `goal`, shortest first; radii [m] of full, half and quarter lock."""
    full, half, quarter = radii
    if not (math.isfinite(full + half + quarter) and 0.0 < full <= half <= quarter):
        raise GeometryError(f"radii must be finite and 0 < full <= half <= quarter, got {radii}")
    target = compose(inverse(start), goal)
    words = make_words()
    count = connect(target[X], target[Y], target[YAW], full, half / full, quarter / full, words)
    found = [
        Connection(tuple(map(int, words.steer[i, :k])), tuple(map(float, words.length[i, :k])))
        for i, k in enumerate(words.used[:count])
    ]
    return sorted(found, key=lambda word: word.total)


def follow(start: ArrayLike, word: Connection, radii: tuple[float, float, float]) -> NDArray[np.float64]:
    """The pose (3,) at the end of a word; radii as for `connections`."""
    curvature = (0.0, *(sign / radius for radius in radii for sign in (1.0, -1.0)))
    pose = np.array(start, dtype=np.float64)
    for steer, length in zip(word.steer, word.length, strict=True):
        advance_into(pose, curvature[steer], length, pose)
    return pose
