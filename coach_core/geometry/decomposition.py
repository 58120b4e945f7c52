"""Checking polygons and cutting concave ones into convex parts.

Polygons are (V, 2) float64 [m]. Plain Python: obstacles change a few times a second, not every pose.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coach_core.errors import GeometryError
from coach_core.geometry.poses import Polygon

_LEAST_AREA = 1e-8
"""A polygon below this [m²] is a line or a point."""


def signed_area(polygon: Polygon) -> float:
    """Area [m²], positive where the corners run counter-clockwise (shoelace formula about the first corner)."""
    x, y = (polygon - polygon[0]).T
    return 0.5 * float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))


def as_polygon(value: ArrayLike, name: str = "the polygon") -> Polygon:
    """A fresh counter-clockwise copy without repeated corners; GeometryError, naming `name`, says what is wrong."""
    try:
        polygon = np.array(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise GeometryError(f"{name} is not a list of [x, y] corners: {error}") from error
    if polygon.ndim != 2 or polygon.shape[1] != 2:
        raise GeometryError(f"{name} must be corners of shape (V, 2), has shape {polygon.shape}")
    if not np.isfinite(polygon).all():
        raise GeometryError(f"{name} has a corner that is not finite")
    polygon = polygon[np.any(polygon != np.roll(polygon, 1, axis=0), axis=1)]
    if len(polygon) < 3:
        raise GeometryError(f"{name} needs at least three different corners, has {len(polygon)}")
    if _is_convex(polygon):
        return polygon
    if _is_convex(polygon[::-1]):
        return np.ascontiguousarray(polygon[::-1])
    if _crosses_itself(polygon):
        raise GeometryError(f"{name} crosses itself; list its corners in order round the outline")
    area = signed_area(polygon)
    if abs(area) < _LEAST_AREA:
        raise GeometryError(f"{name} has no area")
    return polygon if area > 0.0 else np.ascontiguousarray(polygon[::-1])


def convex_parts(polygon: Polygon) -> list[Polygon]:
    """Convex polygons that make up a simple counter-clockwise one (itself, if it is convex).

    Ears are clipped (Meisters 1975), then triangles are joined wherever the union stays convex, as Hertel and
    Mehlhorn do (1983): at most four times the least number of parts.
    """
    if _is_convex(polygon):
        return [polygon]
    parts = [list(triangle) for triangle in _ears(polygon)]
    joined = True
    while joined:
        joined = False
        for i in range(len(parts)):
            for j in range(i + 1, len(parts)):
                union = _join(parts[i], parts[j])
                if union is not None and _is_convex(polygon[union]):
                    parts[i] = union
                    del parts[j]
                    joined = True
                    break
            if joined:
                break
    return [np.ascontiguousarray(polygon[part]) for part in parts]


def _turns(polygon: Polygon) -> NDArray[np.float64]:
    """Cross product at each corner, positive for a left turn."""
    before, after = polygon - np.roll(polygon, 1, axis=0), np.roll(polygon, -1, axis=0) - polygon
    return np.asarray(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0])


def _is_convex(polygon: Polygon) -> bool:
    """Counter-clockwise, no right turn, some area, and once round only (a pentagram turns left at every corner too)."""
    if (_turns(polygon) < 0.0).any() or signed_area(polygon) < _LEAST_AREA:
        return False
    edges = np.roll(polygon, -1, axis=0) - polygon
    rightward = edges[:, 0] > 0.0
    flips = int(np.count_nonzero(rightward != np.roll(rightward, 1)))
    return flips <= 2


def _side(a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64]) -> float:
    """Positive if c lies to the left of a -> b."""
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def _crosses_itself(polygon: Polygon) -> bool:
    """Whether two edges that are not neighbours meet."""
    count = len(polygon)
    for i in range(count):
        a, b = polygon[i], polygon[(i + 1) % count]
        for j in range(i + 2, count):
            if (j + 1) % count == i:
                continue
            c, d = polygon[j], polygon[(j + 1) % count]
            apart = (np.maximum(a, b) < np.minimum(c, d)).any() or (np.maximum(c, d) < np.minimum(a, b)).any()
            if not apart and _side(a, b, c) * _side(a, b, d) <= 0.0 and _side(c, d, a) * _side(c, d, b) <= 0.0:
                return True
    return False


def _ears(polygon: Polygon) -> list[tuple[int, int, int]]:
    """Triangles (corner indices, counter-clockwise) that fill a simple counter-clockwise polygon."""
    rest = list(range(len(polygon)))
    triangles = []
    while len(rest) > 3:
        for k in range(len(rest)):
            i, j, m = rest[k - 1], rest[k], rest[(k + 1) % len(rest)]
            turn = _side(polygon[i], polygon[j], polygon[m])
            if turn == 0.0:
                rest.pop(k)  # a corner on a straight edge bounds nothing
                break
            others = (n for n in rest if n not in (i, j, m))
            if turn > 0.0 and not any(_in_triangle(polygon, (i, j, m), n) for n in others):
                triangles.append((i, j, m))
                rest.pop(k)
                break
        else:  # rounding hid every ear of a nearly flat rest
            break
    if len(rest) == 3 and _side(*polygon[rest]) > 0.0:
        triangles.append((rest[0], rest[1], rest[2]))
    return triangles


def _in_triangle(polygon: Polygon, triangle: tuple[int, int, int], corner: int) -> bool:
    a, b, c = polygon[list(triangle)]
    p = polygon[corner]
    return _side(a, b, p) >= 0.0 and _side(b, c, p) >= 0.0 and _side(c, a, p) >= 0.0


def _join(first: list[int], second: list[int]) -> list[int] | None:
    """The two parts as one outline if they share an edge, else None."""
    for i in range(len(first)):
        a, b = first[i], first[(i + 1) % len(first)]
        if b in second:
            j = second.index(b)
            if second[(j + 1) % len(second)] == a:
                # first from b round to a, then second from a round to b, without repeating either
                return [
                    *first[i + 1 :],
                    *first[: i + 1],
                    *(second[(j + 2 + k) % len(second)] for k in range(len(second) - 2)),
                ]
    return None
