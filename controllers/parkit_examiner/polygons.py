"""Simple polygons in the plane: how far apart they are and what is inside. The examiner's own, shared with nobody."""

from __future__ import annotations

import math
from collections.abc import Sequence

Point = tuple[float, float]
Polygon = Sequence[Point]
"""Corners [m], world frame, not closed."""


def nearest_on_segment(p: Point, a: Point, b: Point) -> Point:
    """The point of a segment that is nearest to `p`."""
    ex, ey = b[0] - a[0], b[1] - a[1]
    length = ex * ex + ey * ey
    share = 0.0 if length == 0.0 else max(0.0, min(1.0, ((p[0] - a[0]) * ex + (p[1] - a[1]) * ey) / length))
    return a[0] + share * ex, a[1] + share * ey


def edges(polygon: Polygon) -> list[tuple[Point, Point]]:
    return list(zip(polygon, [*polygon[1:], polygon[0]], strict=True))


def nearest_on(p: Point, polygon: Polygon) -> Point:
    """The point of a polygon's outline that is nearest to `p`."""
    found = (nearest_on_segment(p, a, b) for a, b in edges(polygon))
    return min(found, key=lambda q: math.hypot(p[0] - q[0], p[1] - q[1]))


def inside(p: Point, polygon: Polygon) -> bool:
    """Whether a point lies in a polygon (even-odd rule)."""
    within = False
    for (x1, y1), (x2, y2) in edges(polygon):
        if (y1 > p[1]) != (y2 > p[1]) and p[0] < (x2 - x1) * (p[1] - y1) / (y2 - y1) + x1:
            within = not within
    return within


def gap(a: Polygon, b: Polygon) -> float:
    """Least distance [m] between two simple polygons; 0 when they overlap. Written out: it is most of a look's work."""
    if inside(a[0], b) or inside(b[0], a):
        return 0.0
    stretches = [(rx, ry, sx - rx, sy - ry) for (rx, ry), (sx, sy) in edges(b)]
    least, away = math.inf, (0.0, 0.0)
    for (px, py), (qx, qy) in edges(a):
        ex, ey = qx - px, qy - py
        long = ex * ex + ey * ey
        for rx, ry, fx, fy in stretches:
            gx, gy = rx - px, ry - py
            begins = ex * gy - ey * gx
            # b's stretch from one side of a's to the other, and a's from one side of b's to the other
            if begins * (begins + ex * fy - ey * fx) < 0.0:
                other = fy * gx - fx * gy
                if other * (other + fx * ey - fy * ex) < 0.0:
                    return 0.0
            square = fx * fx + fy * fy
            share = 0.0 if square == 0.0 else max(0.0, min(1.0, -(gx * fx + gy * fy) / square))
            dx, dy = gx + share * fx, gy + share * fy
            if dx * dx + dy * dy < least:
                least, away = dx * dx + dy * dy, (dx, dy)
            share = 0.0 if long == 0.0 else max(0.0, min(1.0, (gx * ex + gy * ey) / long))
            dx, dy = gx - share * ex, gy - share * ey
            if dx * dx + dy * dy < least:
                least, away = dx * dx + dy * dy, (dx, dy)
    return math.hypot(*away)


def band(a: Point, b: Point, width: float) -> list[Point]:
    """The rectangle `width` [m] wide about a straight stretch, counter-clockwise."""
    length = math.hypot(b[0] - a[0], b[1] - a[1])
    if length == 0.0:
        raise ValueError("a band needs two different points")
    nx, ny = -0.5 * width * (b[1] - a[1]) / length, 0.5 * width * (b[0] - a[0]) / length
    return [(a[0] - nx, a[1] - ny), (b[0] - nx, b[1] - ny), (b[0] + nx, b[1] + ny), (a[0] + nx, a[1] + ny)]


class Body:
    """Something solid on the ground that stands or moves: an outline with the upright box round it."""

    __slots__ = ("box", "centre", "kind", "name", "outline")

    def __init__(self, name: str, kind: str, outline: Polygon) -> None:
        self.name = name
        self.kind = kind
        self.outline = list(outline)
        xs, ys = [x for x, _ in self.outline], [y for _, y in self.outline]
        self.box = (min(xs), min(ys), max(xs), max(ys))
        self.centre = (0.5 * (self.box[0] + self.box[2]), 0.5 * (self.box[1] + self.box[3]))

    def at_least(self, other: Body) -> float:
        """A lower bound [m] of the gap to another body, cheap."""
        (x1, y1, x2, y2), (u1, v1, u2, v2) = self.box, other.box
        return math.hypot(max(0.0, u1 - x2, x1 - u2), max(0.0, v1 - y2, y1 - v2))
