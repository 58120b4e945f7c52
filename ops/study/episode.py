"""One situation to drive in: the lot as the coach knows it, everything that can be hit, and where the car starts.

World frame, metres, radians; poses of the learner's car are those of its rear-axle centre.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

from coach_core.contracts import LotMap
from coach_core.contracts.messages import Gear

Point = tuple[float, float]
BodyKind = Literal["car", "wall", "pillar", "kerb", "cone", "person", "object"]

KNOWN = ("wall", "pillar")
"""Kinds that a lot map tells of; parked cars, cones and people it never does."""


class Waypoint(NamedTuple):
    """A mover is at x, y [m] at `time` [s]; between two waypoints it goes straight, at a steady pace."""

    time: float
    x: float
    y: float


class Body(NamedTuple):
    """A box or an upright cylinder that stands on the ground: something to keep clear of."""

    kind: BodyKind
    x: float
    y: float
    yaw: float
    length: float
    """Along yaw; the diameter of a round one."""
    width: float
    height: float = 1.5
    is_round: bool = False
    path: tuple[Waypoint, ...] = ()
    """Empty for what stands still; then x, y and yaw count."""
    corner: float = 0.0
    """Radius [m] of the corners as a sonar hears them; cars always have theirs."""

    def outline(self) -> list[Point]:
        """Corners of the box, or of the square round the cylinder, counter-clockwise."""
        cos, sin = math.cos(self.yaw), math.sin(self.yaw)
        a, b = 0.5 * self.length, 0.5 * self.width
        corners = ((-a, -b), (a, -b), (a, b), (-a, b))
        return [(self.x + cos * u - sin * v, self.y + sin * u + cos * v) for u, v in corners]

    def at(self, time: float) -> Body:
        """The body where its path has it at `time` [s]: before the first waypoint and after the last it stands."""
        if not self.path:
            return self
        if time <= self.path[0].time:
            return self._replace(x=self.path[0].x, y=self.path[0].y)
        for before, after in zip(self.path, self.path[1:], strict=False):
            if time < after.time:
                share = (time - before.time) / (after.time - before.time)
                dx, dy = after.x - before.x, after.y - before.y
                yaw = self.yaw if math.hypot(dx, dy) < 1e-9 else math.atan2(dy, dx)
                return self._replace(x=before.x + share * dx, y=before.y + share * dy, yaw=yaw)
        return self._replace(x=self.path[-1].x, y=self.path[-1].y)


class Start(NamedTuple):
    """How the learner's car begins: rear-axle pose, speed [m/s, signed as the gear] and front-wheel angle [rad]."""

    x: float
    y: float
    yaw: float
    speed: float = 0.0
    steer: float = 0.0
    gear: Gear = "D"


class Episode(NamedTuple):
    """Everything a run depends on, apart from who drives."""

    family: str
    seed: int
    lot: LotMap
    bodies: tuple[Body, ...]
    start: Start
    free_slots: tuple[str, ...]
    time_limit: float = 240.0
    """[s]"""


def known_walls(bodies: tuple[Body, ...]) -> list[list[Point]]:
    """What a lot map says of walls and pillars."""
    return [body.outline() for body in bodies if body.kind in KNOWN and not body.path]


def known_kerbs(bodies: tuple[Body, ...]) -> list[list[Point]]:
    """What a lot map says of kerbs."""
    return [body.outline() for body in bodies if body.kind == "kerb"]
