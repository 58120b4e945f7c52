"""Convex polygons in the plane: hull, overlap, distance. Plain floats: few vertices, called seldom."""

from __future__ import annotations

import math
from collections.abc import Sequence

Point = tuple[float, float]
Polygon = Sequence[Point]


def convex_hull(points: Sequence[Point]) -> list[Point]:
    """Corners of the hull, counter-clockwise (Andrew's monotone chain)."""
    ordered = sorted({(round(x, 12), round(y, 12)) for x, y in points})
    if len(ordered) < 3:
        return ordered

    def chain(sequence: Sequence[Point]) -> list[Point]:
        kept: list[Point] = []
        for p in sequence:
            while len(kept) >= 2 and _cross(kept[-2], kept[-1], p) <= 0.0:
                kept.pop()
            kept.append(p)
        return kept[:-1]

    return chain(ordered) + chain(ordered[::-1])


def _cross(o: Point, a: Point, b: Point) -> float:
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


def separation(a: Polygon, b: Polygon) -> float:
    """Largest gap along an edge normal [m]: when apart, a lower bound of the distance; else minus the overlap."""
    best = -math.inf
    for one, other in ((a, b), (b, a)):
        for i in range(len(one)):
            x0, y0 = one[i - 1]
            x1, y1 = one[i]
            nx, ny = y1 - y0, x0 - x1
            length = math.hypot(nx, ny)
            if length < 1e-12:
                continue
            gap = min(nx * (x - x1) + ny * (y - y1) for x, y in other) / length
            if gap > best:
                best = gap
    return best


def distance(a: Polygon, b: Polygon) -> float:
    """Distance between two convex polygons [m]; 0 when they overlap."""
    if separation(a, b) <= 0.0:
        return 0.0
    return min(
        _to_segment(p, q, r)
        for one, other in ((a, b), (b, a))
        for p in one
        for q, r in zip([other[-1], *other[:-1]], other, strict=True)
    )


def _to_segment(p: Point, a: Point, b: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    along = ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / max(dx * dx + dy * dy, 1e-24)
    along = min(1.0, max(0.0, along))
    return math.hypot(a[0] + along * dx - p[0], a[1] + along * dy - p[1])


def contains(polygon: Polygon, point: Point, tolerance: float) -> bool:
    """True when the point is inside or within `tolerance` m of the counter-clockwise polygon's edges."""
    return all(
        _cross(a, b, point) >= -tolerance * math.hypot(b[0] - a[0], b[1] - a[1])
        for a, b in zip([polygon[-1], *polygon[:-1]], polygon, strict=True)
    )


def touching_points(a: Polygon, b: Polygon, tolerance: float) -> list[Point]:
    """Corners of either that lie in or within `tolerance` m of the other; crossing edges give their midpoint."""
    found = [p for p in a if contains(b, p, tolerance)] + [p for p in b if contains(a, p, tolerance)]
    if found:
        return found
    near_a = min(a, key=lambda p: _depth(b, p))
    near_b = min(b, key=lambda p: _depth(a, p))
    return [(0.5 * (near_a[0] + near_b[0]), 0.5 * (near_a[1] + near_b[1]))]


def _depth(polygon: Polygon, point: Point) -> float:
    return min(_to_segment(point, p, q) for p, q in zip([polygon[-1], *polygon[:-1]], polygon, strict=True))
