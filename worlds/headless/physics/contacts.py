"""What a car touches, and how far it may move before it does."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from worlds.headless.physics.polygons import Point, Polygon, distance, separation, touching_points
from worlds.headless.physics.shapes import Obstacle

_TOUCH = 1e-3
"""Bodies nearer than this [m] touch: contacts stay listed while a car rests against a wall."""
_BISECTIONS = 10
_HORIZON = 2.0
"""Clearances beyond this [m] are not worked out."""


class Part(NamedTuple):
    """A piece of the car that can touch: its outline in the world and its height span [m]."""

    name: str
    outline: Polygon
    low: float
    high: float
    climbs: float
    """Obstacles lower than this [m] are rolled over rather than run into."""


class Contact(NamedTuple):
    part: str
    obstacle: Obstacle
    point: tuple[float, float, float]


Outline = Callable[[float], Sequence[Part]]
"""Parts of the car after a share 0..1 of the motion under way."""


class ContactSolver:
    """Keeps one car from driving into things; remembers how much room there was, to look only when it matters."""

    def __init__(self) -> None:
        self.contacts: list[Contact] = []
        self._room = 0.0

    def disturb(self) -> None:
        """Something else moved, or the car was put elsewhere: look again at the next step."""
        self._room = 0.0

    def beware(self, room: float) -> None:
        """Something else moved and is no nearer to the car than `room` m now."""
        self._room = min(self._room, room - _TOUCH)

    def advance(self, outline: Outline, reach: float, obstacles: Sequence[Obstacle]) -> float:
        """Share 0..1 of a motion that can be made; `reach` bounds how far any point of the car moves [m]."""
        self._room -= reach
        if self._room > 0.0:
            return 1.0
        end = outline(1.0)
        near = _nearby(end, reach + _HORIZON, obstacles)
        after = _clearance(end, near)
        if after > _TOUCH:
            self.contacts = []
            self._room = after
            return 1.0
        self._room = 0.0
        start = outline(0.0)
        before = _clearance(start, near)
        if after >= min(before, 0.0):
            # coming near without overlapping, or getting out of an overlap
            self._list(end, near)
            return 1.0
        if before <= _TOUCH:
            # pushing on against what is already touched
            self._list(start, near)
            return 0.0
        low, high = 0.0, 1.0
        for _ in range(_BISECTIONS):
            middle = 0.5 * (low + high)
            if _clearance(outline(middle), near) > 0.0:
                low = middle
            else:
                high = middle
        self._list(outline(low), near)
        return low

    def _list(self, parts: Sequence[Part], obstacles: Sequence[Obstacle]) -> None:
        self.contacts = []
        for part, obstacle in _pairs(parts, obstacles):
            if separation(part.outline, obstacle.footprint) > _TOUCH:
                continue
            height = 0.5 * (max(part.low, obstacle.low) + min(part.high, obstacle.high))
            points: list[Point] = touching_points(part.outline, obstacle.footprint, _TOUCH)
            self.contacts += [Contact(part.name, obstacle, (x, y, height)) for x, y in points[:4]]


def _nearby(parts: Sequence[Part], within: float, obstacles: Sequence[Obstacle]) -> list[Obstacle]:
    """Obstacles that may be within a distance [m] of the parts, by circles round both."""
    corners = [corner for part in parts for corner in part.outline]
    x = sum(corner[0] for corner in corners) / len(corners)
    y = sum(corner[1] for corner in corners) / len(corners)
    span = max(math.hypot(cx - x, cy - y) for cx, cy in corners)
    return [
        o for o in obstacles if math.hypot(o.centre[0] - x, o.centre[1] - y) - o.radius - span < within and o.footprint
    ]


def _pairs(parts: Sequence[Part], obstacles: Sequence[Obstacle]) -> list[tuple[Part, Obstacle]]:
    """Parts and obstacles that share some height."""
    return [
        (part, obstacle)
        for part in parts
        for obstacle in obstacles
        if obstacle.low < part.high and obstacle.high > part.low and obstacle.high > part.climbs
    ]


def _clearance(parts: Sequence[Part], obstacles: Sequence[Obstacle]) -> float:
    """Least distance of any part to any obstacle [m], at most the horizon; negative by the depth of an overlap."""
    best = _HORIZON
    circles = {part.name: _circle(part.outline) for part in parts}
    for part, obstacle in _pairs(parts, obstacles):
        x, y, span = circles[part.name]
        if math.hypot(obstacle.centre[0] - x, obstacle.centre[1] - y) - obstacle.radius - span >= max(best, 0.0):
            continue
        apart = separation(part.outline, obstacle.footprint)
        # the separation never exceeds the distance: when it is no better, the distance need not be known
        if 0.0 < apart < best:
            apart = distance(part.outline, obstacle.footprint)
        best = min(best, apart)
    return best


def _circle(outline: Polygon) -> tuple[float, float, float]:
    """A circle round an outline: centre x, y and radius [m]."""
    x = sum(corner[0] for corner in outline) / len(outline)
    y = sum(corner[1] for corner in outline) / len(outline)
    return x, y, max(math.hypot(cx - x, cy - y) for cx, cy in outline)
