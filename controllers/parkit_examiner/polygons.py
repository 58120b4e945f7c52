"""Simple polygons in the plane: how far apart they are and what is inside. The examiner's own, shared with nobody."""

from __future__ import annotations

import math
from collections.abc import Sequence

Point = tuple[float, float]
Polygon = Sequence[Point]
"""Corners [m], world frame, not closed."""


def segment_distance(p: Point, a: Point, b: Point) -> float:
    """Distance [m] of a point to a segment."""
    x, y = nearest_on_segment(p, a, b)
    return math.hypot(p[0] - x, p[1] - y)


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
    """Least distance [m] between two simple polygons; 0 when they overlap."""
    if inside(a[0], b) or inside(b[0], a):
        return 0.0
    edges_a, edges_b = edges(a), edges(b)
    if any(_cross(p, q, r, s) for p, q in edges_a for r, s in edges_b):
        return 0.0
    return min(
        min(segment_distance(p, r, s) for p in a for r, s in edges_b),
        min(segment_distance(p, r, s) for p in b for r, s in edges_a),
    )


def _cross(p: Point, q: Point, r: Point, s: Point) -> bool:
    def side(a: Point, b: Point, c: Point) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    return side(p, q, r) * side(p, q, s) < 0.0 and side(r, s, p) * side(r, s, q) < 0.0


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
