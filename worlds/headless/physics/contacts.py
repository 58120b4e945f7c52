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
        """Something else moved: look again at the next step."""
        self._room = 0.0

    def advance(self, outline: Outline, reach: float, obstacles: Sequence[Obstacle]) -> float:
        """Share 0..1 of a motion that can be made; `reach` bounds how far any point of the car moves [m]."""
        self._room -= reach
        if self._room > 0.0:
            return 1.0
        if reach == 0.0 and self.contacts:
            # at rest against something: nothing changes until a move is tried or something else moves
            self._list(outline(0.0), obstacles)
            return 1.0
        after = _clearance(outline(1.0), obstacles)
        if after > _TOUCH:
            self.contacts = []
            self._room = after
            return 1.0
        self._room = 0.0
        before = _clearance(outline(0.0), obstacles)
        if after >= before or after > 0.0:
            # getting out of a touch, or coming near without overlapping
            self._list(outline(1.0), obstacles)
            return 1.0
        low, high = 0.0, 1.0
        for _ in range(_BISECTIONS):
            middle = 0.5 * (low + high)
            if _clearance(outline(middle), obstacles) > 0.0:
                low = middle
            else:
                high = middle
        self._list(outline(low), obstacles)
        return low

    def _list(self, parts: Sequence[Part], obstacles: Sequence[Obstacle]) -> None:
        self.contacts = []
        for part, obstacle in _pairs(parts, obstacles):
            if separation(part.outline, obstacle.footprint) > _TOUCH:
                continue
            height = 0.5 * (max(part.low, obstacle.low) + min(part.high, obstacle.high))
            points: list[Point] = touching_points(part.outline, obstacle.footprint, _TOUCH)
            self.contacts += [Contact(part.name, obstacle, (x, y, height)) for x, y in points[:4]]


def _pairs(parts: Sequence[Part], obstacles: Sequence[Obstacle]) -> list[tuple[Part, Obstacle]]:
    return [
        (part, obstacle)
        for part in parts
        for obstacle in obstacles
        if obstacle.low < part.high and obstacle.high > part.low and obstacle.high > part.climbs and obstacle.footprint
    ]


def _clearance(parts: Sequence[Part], obstacles: Sequence[Obstacle]) -> float:
    """Least distance of any part to any obstacle [m]; negative by the depth of the worst overlap."""
    best = math.inf
    for part, obstacle in _pairs(parts, obstacles):
        x, y = part.outline[0]
        span = math.hypot(part.outline[2][0] - x, part.outline[2][1] - y)
        if math.hypot(obstacle.centre[0] - x, obstacle.centre[1] - y) - obstacle.radius - span > best:
            continue
        apart = separation(part.outline, obstacle.footprint)
        if apart > 0.0 and apart < best:
            apart = distance(part.outline, obstacle.footprint)
        best = min(best, apart)
    return best
