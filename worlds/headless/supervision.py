"""What a supervisor may ask and change: nodes, fields, contacts, velocities."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from typing import Any

from worlds.headless.physics.car import WHEELS
from worlds.headless.physics.contacts import Contact
from worlds.headless.robot import Robot
from worlds.headless.scenery import Scenery
from worlds.headless.vrml.parser import World
from worlds.headless.vrml.scene import Field, Frame, Node, axis_angle

ROOT_ID = 0
_WHEEL_IDS = 1_000_000
"""Wheels of stock cars are solids of their own in Webots; here they are only ids, car id times four above this."""

NodeInfo = tuple[int, str, str, str]
"""id, DEF, type name, base type name."""
_POSE_FIELDS = ("translation", "rotation")


class CallError(Exception):
    """A supervisor call that Webots would answer with an error on the console."""


class Supervision:
    """Answers the immediate calls of supervisors. Nothing here advances time."""

    def __init__(self, world: World, scenery: Scenery, robots: Sequence[Robot]) -> None:
        self._world = world
        self._scenery = scenery
        self._robots = {robot.node.id: robot for robot in robots}
        self._nodes = {place.node.id: place.node for place in scenery.places.values()}
        for top in world.nodes:
            for node in top.walk():
                self._nodes.setdefault(node.id, node)
        self._start = {
            node.id: {name: copy.copy(field.value) for name in _POSE_FIELDS if (field := node.find(name)) is not None}
            for node in self._nodes.values()
            if node.is_a("Solid")
        }
        self._calls: dict[str, Callable[..., Any]] = {
            "from_def": self._from_def,
            "from_id": lambda id_: self._info(self._nodes.get(id_)),
            "parent": self._parent,
            "fields": self._fields,
            "field": self._field,
            "count": lambda id_, name, base: len(self._find(id_, name, base).value),
            "get": self._get,
            "pose": self._pose,
            "velocity": self._velocity,
            "contacts": self._contacts,
        }

    def answer(self, call: str, arguments: Sequence[Any]) -> Any:
        """Result of a call, as plain values; CallError if Webots would refuse it."""
        return self._calls[call](*arguments)

    # --- nodes and fields -----------------------------------------------------------------------------

    def _info(self, node: Node | None) -> NodeInfo | None:
        return None if node is None else (node.id, node.def_name, node.type_name, node.base_type_name)

    def _from_def(self, name: str) -> NodeInfo | None:
        first, *rest = name.split(".")
        node = self._world.defs.get(first)
        for part in rest:
            node = next((n for n in node.walk() if n.def_name == part), None) if node else None
        return self._info(node if node is not None and node.id in self._nodes else None)

    def _parent(self, id_: int) -> NodeInfo | None:
        node = self._node(id_)
        if node.parent is None:
            return (ROOT_ID, "", "Group", "Group")
        return self._info(node.parent)

    def _node(self, id_: int) -> Node:
        node = self._nodes.get(id_)
        if node is None:
            raise CallError("the node is no longer in the world")
        return node

    def _fields(self, id_: int, base: bool) -> list[tuple[str, str]]:
        if id_ == ROOT_ID:
            return [("children", "MFNode")]
        node = self._node(id_).base if base else self._node(id_)
        return [(field.name, field.type) for field in node.fields.values()]

    def _field(self, id_: int, name: str, base: bool) -> str | None:
        return next((kind for field, kind in self._fields(id_, base) if field == name), None)

    def _find(self, id_: int, name: str, base: bool) -> Field:
        if id_ == ROOT_ID:
            return Field("children", "MFNode", self._world.nodes)
        node = self._node(id_).base if base else self._node(id_)
        return node.fields[name]

    def _get(self, id_: int, name: str, base: bool, index: int | None) -> Any:
        field = self._find(id_, name, base)
        value = field.value
        if index is not None:
            if not -len(value) <= index < len(value):
                raise CallError(f"index {index} is outside field {name!r}, which has {len(value)} items")
            value = value[index]
        return self._info(value) if field.type.endswith("Node") else value

    def set(self, id_: int, name: str, base: bool, how: str, index: int | None, value: Any) -> None:
        """Change a field: `how` is "set", "insert" or "remove"; poses take effect at once."""
        if id_ == ROOT_ID:
            if how == "remove" and index is not None:
                self.remove(self._world.nodes[index].id)
            return
        field = self._find(id_, name, base)
        if how == "remove" and index is not None:
            del field.value[index]
        elif how == "insert" and index is not None:
            field.value.insert(index if index >= 0 else len(field.value) + 1 + index, value)
        elif index is not None:
            field.value[index] = value
        else:
            field.value = value
        self._touched(self._node(id_), name)

    def _touched(self, node: Node, name: str) -> None:
        place = self._scenery.places.get(node.id)
        if place is None or name not in (*_POSE_FIELDS, "size", "radius", "height"):
            return
        self._scenery.moved(place.top)
        if node.id in self._robots and name in _POSE_FIELDS:
            self._robots[node.id].replaced()

    def remove(self, id_: int) -> None:
        """Take a top-level node out of the world."""
        node = self._node(id_)
        if node not in self._world.nodes:
            raise CallError("the stand-in removes top-level nodes only")
        self._world.nodes.remove(node)
        for gone in node.walk():
            self._nodes.pop(gone.id, None)
        self._scenery.remove(node)
        for robot in self._robots.values():
            if robot.car is not None:
                robot.car.solver.disturb()

    # --- motion ---------------------------------------------------------------------------------------

    def _frame(self, id_: int) -> Frame:
        place = self._scenery.places.get(id_)
        if place is None:
            raise CallError("only Pose, Solid and derived nodes have a position")
        return place.in_world()

    def _pose(self, id_: int, from_id: int | None) -> list[float]:
        """16 numbers, row-major, of the node's frame in the world or in another node."""
        frame = self._frame(id_)
        if from_id is not None:
            frame = self._frame(from_id).inverse() @ frame
        r, o = frame.rotation.tolist(), frame.origin.tolist()
        return [*r[0], o[0], *r[1], o[1], *r[2], o[2], 0.0, 0.0, 0.0, 1.0]

    def _velocity(self, id_: int) -> list[float]:
        robot = self._robots.get(id_)
        if robot is None:
            return [0.0] * 6
        motion = robot.motion()
        return [*motion.velocity, *motion.spin]

    def set_velocity(self, id_: int, velocity: Sequence[float]) -> None:
        robot = self._robots.get(id_)
        if robot is None or robot.car is None:
            raise CallError("the stand-in moves cars only; set the translation field of other nodes")
        # a single-track car has no other freedom than rolling along its heading
        robot.car.speed = velocity[0] * math.cos(robot.car.yaw) + velocity[1] * math.sin(robot.car.yaw)

    def reset_physics(self, id_: int) -> None:
        robot = self._robots.get(id_)
        if robot is not None and robot.car is not None:
            robot.car.halt()

    def _contacts(self, id_: int, descendants: bool) -> list[tuple[list[float], int]]:
        """Points of contact (world) and the id of the solid of ours that touches."""
        robot = self._robots.get(id_)
        if robot is not None and robot.car is not None:
            own = [
                (list(c.point), self._part_id(id_, c))
                for c in robot.car.solver.contacts
                if descendants or c.part == "body"
            ]
            return own + (self._tyre_points(robot) if descendants else [])
        touching = []
        for other in self._robots.values():
            if other.car is not None:
                touching += [(list(c.point), id_) for c in other.car.solver.contacts if c.obstacle.node.id == id_]
        return touching

    @staticmethod
    def _part_id(id_: int, contact: Contact) -> int:
        return id_ if contact.part == "body" else _WHEEL_IDS + 4 * id_ + WHEELS.index(contact.part)

    @staticmethod
    def _tyre_points(robot: Robot) -> list[tuple[list[float], int]]:
        car = robot.car
        assert car is not None
        parts = [part for part in car.parts(car.x, car.y, car.yaw) if part.name != "body"]
        points = []
        for i, part in enumerate(parts):
            x = sum(corner[0] for corner in part.outline) / len(part.outline)
            y = sum(corner[1] for corner in part.outline) / len(part.outline)
            points.append(([x, y, 0.0], _WHEEL_IDS + 4 * robot.node.id + i))
        return points

    # --- reset ----------------------------------------------------------------------------------------

    def reset(self) -> None:
        """Solids back to where the world file has them; other fields stay as they are."""
        for id_, start in self._start.items():
            node = self._nodes.get(id_)
            if node is None:
                continue
            for name, value in start.items():
                field = node.find(name)
                if field is not None:
                    field.value = copy.copy(value)
            place = self._scenery.places.get(id_)
            if place is not None:
                self._scenery.moved(place.top)
            if id_ in self._robots:
                robot = self._robots[id_]
                robot.replaced()
                if robot.car is not None:
                    robot.car.rewind()


def rotation_of(frame: Frame) -> list[float]:
    """Axis and angle of a frame, as a rotation field has it."""
    return axis_angle(frame.rotation)
