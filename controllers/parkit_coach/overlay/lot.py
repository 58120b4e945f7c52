"""The lot on the mini-map: walls, kerbs, painted lines, slots, gaps that were measured."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from coach_core.contracts import LotMap, SlotMap
from coach_core.contracts.messages import GroundLine, LineKind
from controllers.parkit_coach.overlay.clipping import Point
from controllers.parkit_coach.overlay.commands import Command, Pen
from controllers.parkit_coach.overlay.palette import (
    COURSE_LINE,
    FAINT,
    KERB,
    KERB_EDGE,
    MAP_ALPHA,
    PAINT,
    TARGET,
    WALL,
    WALL_EDGE,
)
from controllers.parkit_coach.overlay.scene import Scene
from controllers.parkit_coach.overlay.strokes import fill, outline

ToMap = Callable[[Point], Point]

_CROSSED: frozenset[LineKind] = frozenset(("check", "entry"))
"""Lines one has to cross are drawn broken, lines one must not touch whole."""
_DASH, _PAUSE = 0.4, 0.3
"""Metres."""


class LotPainter:
    """Draws one lot."""

    def __init__(self, lot: LotMap) -> None:
        self._walls = lot.walls
        self._kerbs = lot.kerbs
        self._slots = {slot.slot_id: slot_corners(slot) for slot in lot.slots}
        self._parked = {slot.slot_id: _parked_car(slot) for slot in lot.slots}
        self._lines = [stretch for line in lot.lines for stretch in _stretches(line)]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the painted slots."""
        return tuple(self._slots)

    def target(self, scene: Scene) -> list[Point] | None:
        """World corners of the target slot, painted or measured."""
        for gap in scene.gaps:
            if gap.slot_id == scene.target_slot:
                return slot_corners(gap)
        return self._slots.get(scene.target_slot or "")

    def draw(self, out: list[Command], scene: Scene, to_map: ToMap) -> None:
        """All that stays where it is, the target on top."""
        for polygons, ground, edge in ((self._kerbs, KERB, KERB_EDGE), (self._walls, WALL, WALL_EDGE)):
            for polygon in polygons:
                corners = [to_map(point) for point in polygon]
                fill(out, corners, Pen(ground))
                outline(out, [*corners, corners[0]], edge)
        target = self.target(scene)
        inside = None if target is None else [to_map(point) for point in target]
        self._draw_slots(out, scene, to_map, inside)
        for gap in scene.gaps:
            for side in _sides(slot_corners(gap)):
                for start, end in _dashed(*side):
                    outline(out, (to_map(start), to_map(end)), PAINT)
        for start, end in self._lines:
            outline(out, (to_map(start), to_map(end)), COURSE_LINE)
        if inside is not None:
            for side in _sides(inside):
                outline(out, side, TARGET, broad=True)

    def _draw_slots(self, out: list[Command], scene: Scene, to_map: ToMap, target: list[Point] | None) -> None:
        sides: dict[frozenset[tuple[int, int]], tuple[Point, Point]] = {}
        for slot_id, slot in self._slots.items():
            if slot_id in scene.taken_slots:
                fill(out, [to_map(point) for point in self._parked[slot_id]], Pen(FAINT, 0.7, MAP_ALPHA))
            for side in _sides([to_map(point) for point in slot]):
                # neighbours share a line: keep one of them
                sides[frozenset((round(x), round(y)) for x, y in side)] = side
        if target is not None:
            fill(out, target, Pen(TARGET, 0.28, MAP_ALPHA))
        for side in sides.values():
            outline(out, side, PAINT)


def slot_corners(slot: SlotMap) -> list[Point]:
    """World corners: entrance right, entrance left (seen looking in), far left, far right."""
    half = slot.width_m / 2
    corners = [(0.0, -half), (0.0, half), (slot.depth_m, half), (slot.depth_m, -half)]
    return _placed(slot, corners)


def _parked_car(slot: SlotMap) -> list[Point]:
    """World outline of a car that stands in a slot, as far as one can tell from a slot that is taken."""
    near, far = 0.08 * slot.depth_m, 0.92 * slot.depth_m
    half, cut = 0.36 * slot.width_m, 0.12 * min(slot.width_m, slot.depth_m)
    side = [(near, half - cut), (near + cut, half), (far - cut, half), (far, half - cut)]
    return _placed(slot, [*side, *((x, -y) for x, y in reversed(side))])


def _placed(slot: SlotMap, points: list[Point]) -> list[Point]:
    """From the slot's frame to the world."""
    cos, sin = math.cos(slot.inward_yaw_rad), math.sin(slot.inward_yaw_rad)
    return [(slot.entrance_x_m + x * cos - y * sin, slot.entrance_y_m + x * sin + y * cos) for x, y in points]


def _sides(corners: list[Point]) -> list[tuple[Point, Point]]:
    """A slot's three painted lines; its entrance has none."""
    return [(corners[1], corners[2]), (corners[2], corners[3]), (corners[3], corners[0])]


def _stretches(line: GroundLine) -> list[tuple[Point, Point]]:
    start, end = (line.x1_m, line.y1_m), (line.x2_m, line.y2_m)
    return list(_dashed(start, end)) if line.kind in _CROSSED else [(start, end)]


def _dashed(start: Point, end: Point) -> Iterator[tuple[Point, Point]]:
    """The dashes of a broken line [m]."""
    length = math.dist(start, end)

    def at(way: float) -> Point:
        share = min(way, length) / length
        return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])

    way = 0.0
    while way < length:
        yield at(way), at(way + _DASH)
        way += _DASH + _PAUSE
