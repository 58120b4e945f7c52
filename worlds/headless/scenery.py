"""Everything solid in the world and where it is now."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from worlds.headless.errors import WorldError
from worlds.headless.physics.rays import RayCaster
from worlds.headless.physics.shapes import Obstacle, bounding_primitives
from worlds.headless.vrml.parser import World
from worlds.headless.vrml.scene import IDENTITY, Frame, Matrix, Node, local_frame, rotation_matrix
from worlds.headless.vrml.tables import vehicles

_SLOTS = {
    "sensorsSlotFront": "front",
    "sensorsSlotRear": "rear",
    "sensorsSlotTop": "top",
    "sensorsSlotCenter": "center",
}

_STRAY = 2.0
"""A viewer may move so far [m] before it is asked again what is near."""


class Place:
    """A node of the tree and how to get from it to the world."""

    __slots__ = ("node", "parent", "slot", "top")

    def __init__(self, node: Node, parent: Place | None, slot: Frame) -> None:
        self.node = node
        self.parent = parent
        self.slot = slot
        self.top: Node = parent.top if parent else node

    def in_top(self) -> Frame:
        """Frame in the top-level node above."""
        if self.parent is None:
            return IDENTITY
        return self.parent.in_top() @ self.slot @ local_frame(self.node)

    def in_world(self) -> Frame:
        return local_frame(self.top) if self.parent is None else local_frame(self.top) @ self.in_top()


class _NearCaster(NamedTuple):
    """What rays from near (x, y) can meet."""

    x: float
    y: float
    within: float
    caster: RayCaster


class Scenery:
    """Places of all nodes and the obstacles among them; tell it what moved, it recomputes when asked."""

    def __init__(self, world: World) -> None:
        self.places: dict[int, Place] = {}
        for node in world.nodes:
            for place in _placed(node, None, IDENTITY):
                self.places[place.node.id] = place
        self._solids: dict[int, list[tuple[Place, Obstacle]]] = {}
        for place in self.places.values():
            if place.node.is_a("Solid"):
                frame = place.in_world()
                for primitive in bounding_primitives(place.node):
                    obstacle = Obstacle(place.node, place.top, primitive, frame)
                    self._solids.setdefault(place.top.id, []).append((place, obstacle))
        self._moved: set[int] = set()
        self._casters: dict[int, _NearCaster] = {}
        self._others: dict[int, list[Obstacle]] = {}

    def moved(self, top: Node) -> None:
        """The top-level node, or something in it, is elsewhere now."""
        self._moved.add(top.id)

    def refresh(self, viewer: Node) -> list[Obstacle]:
        """Recompute what moved, except the viewer itself; the obstacles that did."""
        moved: list[Obstacle] = []
        for top in [top for top in self._moved if top != viewer.id and top in self._solids]:
            self._moved.discard(top)
            for place, obstacle in self._solids[top]:
                obstacle.move(place.in_world())
                moved.append(obstacle)
        if moved:
            self._casters.clear()
        return moved

    def obstacles(self, viewer: Node) -> list[Obstacle]:
        """What the viewer (a top-level node) can meet: everything but itself."""
        if viewer.id not in self._others:
            self._others[viewer.id] = [o for top, group in self._solids.items() if top != viewer.id for _, o in group]
        return self._others[viewer.id]

    def caster(self, viewer: Node, x: float, y: float, within: float) -> RayCaster:
        """Rays of the viewer at (x, y) against whatever of the others they may meet within so many metres; current
        after `refresh`.
        """
        kept = self._casters.get(viewer.id)
        if kept is None or kept.within < within or math.hypot(kept.x - x, kept.y - y) > _STRAY:
            reach = within + _STRAY
            near = [
                o for o in self.obstacles(viewer) if math.hypot(o.centre[0] - x, o.centre[1] - y) - o.radius <= reach
            ]
            kept = self._casters[viewer.id] = _NearCaster(x, y, within, RayCaster(near))
        return kept.caster

    def remove(self, top: Node) -> None:
        """A top-level node left the world."""
        self._solids.pop(top.id, None)
        self._others.clear()
        self._casters.clear()


def _placed(node: Node, parent: Place | None, slot: Frame) -> Iterator[Place]:
    place = Place(node, parent, slot)
    yield place
    base = node.base
    for name, field in base.fields.items():
        if field.type == "MFNode" and (name == "children" or name in _SLOTS):
            inner = slot_frame(base, name)
            for child in field.value:
                if base.type_name == "Transform" and child.is_a("Solid"):
                    raise WorldError(child.file, child.line, "a Solid cannot stand in a Transform; use a Pose.")
                yield from _placed(child, place, inner)


def slot_frame(car: Node, name: str) -> Frame:
    """Frame of a sensor slot in its car; the rear one of the stock cars is turned half round."""
    facts = vehicles().get(car.type_name.removesuffix("Simple"))
    if name not in _SLOTS or facts is None:
        return IDENTITY
    slot = facts["sensorsSlots"][_SLOTS[name]]
    origin: Matrix = np.array(slot["translation"], dtype=float)
    return Frame(rotation_matrix([float(v) for v in slot["rotation"]]), origin)
