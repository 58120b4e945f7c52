"""Shapes cut to a rectangle: the map must not draw over the road."""

from __future__ import annotations

from typing import NamedTuple

Point = tuple[float, float]


class Frame(NamedTuple):
    """A rectangle [px]; its edges belong to it."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, point: Point, margin: float = 0.0) -> bool:
        """Whether a point lies inside, at least `margin` from every edge."""
        x, y = point
        return self.left + margin <= x <= self.right - margin and self.top + margin <= y <= self.bottom - margin

    def nearest(self, point: Point, margin_x: float = 0.0, margin_y: float = 0.0) -> Point:
        """The point of the rectangle, less its margins, that is nearest to `point`."""
        x, y = point
        return (
            min(max(x, self.left + margin_x), self.right - margin_x),
            min(max(y, self.top + margin_y), self.bottom - margin_y),
        )


def clip_line(start: Point, end: Point, frame: Frame) -> tuple[Point, Point] | None:
    """The part of a line within `frame`, or None. Source: Liang and Barsky (1984)."""
    (x, y), (dx, dy) = start, (end[0] - start[0], end[1] - start[1])
    enter, leave = 0.0, 1.0
    for towards, room in ((-dx, x - frame.left), (dx, frame.right - x), (-dy, y - frame.top), (dy, frame.bottom - y)):
        if towards == 0.0:
            if room < 0.0:
                return None
        elif towards < 0.0:
            enter = max(enter, room / towards)
        else:
            leave = min(leave, room / towards)
    if enter > leave:
        return None
    return (x + enter * dx, y + enter * dy), (x + leave * dx, y + leave * dy)


def clip_polygon(corners: list[Point], frame: Frame) -> list[Point]:
    """The part of a polygon within `frame`; empty if there is none. Source: Sutherland and Hodgman (1974)."""
    if all(frame.holds(corner) for corner in corners):
        return corners
    for axis, bound, sign in ((0, frame.left, 1), (0, frame.right, -1), (1, frame.top, 1), (1, frame.bottom, -1)):
        kept: list[Point] = []
        for i, corner in enumerate(corners):
            before = corners[i - 1]
            here, there = sign * (corner[axis] - bound), sign * (before[axis] - bound)
            if here * there < 0.0:
                share = there / (there - here)
                kept.append((before[0] + share * (corner[0] - before[0]), before[1] + share * (corner[1] - before[1])))
            if here >= 0.0:
                kept.append(corner)
        corners = kept
    return corners
