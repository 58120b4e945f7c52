"""Walkers and cars on their paths: where they are at a time of the attempt, and when they wait."""

from __future__ import annotations

import math
from typing import NamedTuple

from controllers.parkit_examiner.judge import Truth, rectangle
from controllers.parkit_examiner.polygons import Point, Polygon, gap, nearest_on
from controllers.parkit_examiner.scenario import MoverDraw, Placement

YIELD_CONE = math.radians(60.0)
"""A mover waits for a car that is within this of its way."""
ROOM_SHARE = 0.5
"""In its lane it makes room for a car nearer than this part of the way it waits at ..."""
BACKING = 1.5
"""... backing at this speed [m/s], or its own."""


class Progress(NamedTuple):
    """All that changes of a mover: when it was set off [s of the attempt], how far it has come [m]."""

    set_off: float | None = None
    travelled: float = 0.0


class MoverPath:
    """One mover. Its place depends on nothing but its progress, so going back in time is giving that back."""

    def __init__(self, drawn: MoverDraw, length: float, width: float) -> None:
        """length, width: of the box round it [m]."""
        self.name = drawn.name
        self._drawn = drawn
        self._size = (length, width)
        stretches = zip(drawn.path, drawn.path[1:], strict=False)
        self._stretches = [(a, b, math.hypot(b[0] - a[0], b[1] - a[1])) for a, b in stretches if a != b]
        self._total = sum(length for *_, length in self._stretches)
        self.progress = Progress()
        self._placed: tuple[float, Placement | None] | None = None

    def advance(self, now: float, dt: float, ego: Truth, body: Polygon) -> Placement | None:
        """Where it is after `dt` s more, None once it is taken away. now: s of the attempt; body: the ego's outline."""
        drawn, progress = self._drawn, self.progress
        set_off = progress.set_off
        if set_off is None:
            near = drawn.near
            if near is None:
                set_off = drawn.after
            elif math.hypot(ego.x - near[0], ego.y - near[1]) <= drawn.within:
                set_off = now + drawn.after
        travelled = progress.travelled
        place = self.place()
        if set_off is not None and now >= set_off and place is not None:
            if not self._waits(place, ego, body):
                travelled += drawn.speed * dt
            elif self._makes_room(place, body):
                travelled = max(0.0, travelled - min(drawn.speed, BACKING) * dt)
        self.progress = Progress(set_off, travelled)
        return self.place()

    def place(self) -> Placement | None:
        """Where it is now; None: taken away."""
        travelled = self.progress.travelled
        if self._placed is None or self._placed[0] != travelled:
            self._placed = travelled, self._after(travelled)
        return self._placed[1]

    def _after(self, way: float) -> Placement | None:
        """Where it is after so many metres."""
        then = self._drawn.then
        back = False
        if then == "loop":
            way %= self._total
        elif then == "return":
            way %= 2.0 * self._total
            back = way > self._total
            way = 2.0 * self._total - way if back else way
        elif way >= self._total:
            if then == "away":
                return None
            way = self._total
        x, y, yaw = self._at(way)
        return Placement(x, y, math.remainder(yaw + math.pi, 2.0 * math.pi) if back else yaw)

    def outline(self, place: Placement) -> list[Point]:
        """The box round it."""
        length, width = self._size
        return rectangle(Truth(*place), -0.5 * length, 0.5 * length, 0.5 * width)

    def _at(self, way: float) -> tuple[float, float, float]:
        index = 0
        while index < len(self._stretches) - 1 and way > self._stretches[index][2]:
            way -= self._stretches[index][2]
            index += 1
        a, b, length = self._stretches[index]
        share = min(1.0, way / length)
        return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), math.atan2(b[1] - a[1], b[0] - a[0])

    def _makes_room(self, place: Placement, body: Polygon) -> bool:
        """Whether it backs for a car that has turned into its lane close ahead."""
        return self._drawn.lane is not None and self._in_its_way(place, body, ROOM_SHARE * self._drawn.yields)

    def _in_its_way(self, place: Placement, body: Polygon, ahead: float) -> bool:
        """Whether a car reaches into its lane, from its own middle to so far [m] ahead of it."""
        length, width = self._size
        half = 0.5 * width + (self._drawn.lane or 0.0)
        return gap(rectangle(Truth(*place), 0.0, 0.5 * length + ahead, half), body) <= 0.0

    def _waits(self, place: Placement, ego: Truth, body: Polygon) -> bool:
        if self._drawn.yields <= 0.0:
            return False
        reach = 0.5 * math.hypot(*self._size) + max(math.hypot(x - ego.x, y - ego.y) for x, y in body)
        if math.hypot(place.x - ego.x, place.y - ego.y) - reach > self._drawn.yields:
            return False  # by the circles round both
        if self._drawn.lane is not None:
            return self._in_its_way(place, body, self._drawn.yields)
        x, y = nearest_on((place.x, place.y), body)
        aside = abs(math.remainder(math.atan2(y - place.y, x - place.x) - place.yaw, 2.0 * math.pi))
        return aside <= YIELD_CONE and gap(self.outline(place), body) <= self._drawn.yields
