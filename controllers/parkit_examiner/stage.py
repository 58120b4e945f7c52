"""The scene in the simulator: puts every body where the scenario says, moves the movers, puts the car back."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from coach_core.contracts import LotMap
from coach_core.errors import UsageError
from controllers.parkit_examiner.judge import Truth, rectangle
from controllers.parkit_examiner.movers import MoverPath, Progress
from controllers.parkit_examiner.polygons import Body, Point
from controllers.parkit_examiner.scenario import AWAY, CarSize, Placement, Scenario, row_places
from controllers.parkit_examiner.scenario_file import ScenarioFile

SETTLED_Z = 0.28
"""Height [m] of the learner's rear axle when the car stands on its wheels."""
SAME = 0.1
"""A wall of the map whose middle is this near [m] to a wall of the world is that wall."""
KINDS = {
    "ParkedCar": "car",
    "MovingCar": "car",
    "LotWall": "wall",
    "Pillar": "wall",
    "LotCone": "cone",
    "Walker": "person",
    "Trolley": "object",
}
"""What a node is to whoever runs into it, by its PROTO. Kerbs are the lot map's: only wheels mind them."""


class EgoPlace(NamedTuple):
    """The car's translation and rotation fields."""

    translation: list[float]
    rotation: list[float]


class Snapshot(NamedTuple):
    """All that moves, at one moment: enough to go back to it."""

    time: float
    """Seconds of the attempt."""
    sim_time: float
    translation: list[float]
    rotation: list[float]
    movers: tuple[Progress, ...]
    truth: Truth


class Stage:
    """One scenario in one simulator. Webots' fields take lists of floats only."""

    def __init__(self, supervisor: Any, file: ScenarioFile, lot: LotMap, scenario: Scenario) -> None:
        self._supervisor = supervisor
        self._file = file
        self._lot = lot
        self._scenario = scenario
        ego = supervisor.getFromDef(file.ego_def)
        if ego is None:
            raise UsageError(
                f"the world has no node DEF {file.ego_def}, which its scenario file names as the learner's car"
            )
        self.ego = ego
        self._ego_fields = ego.getField("translation"), ego.getField("rotation")
        self._fields: dict[str, tuple[Any, Any, float]] = {}
        """DEF -> its translation and rotation, asked for once, and the height it keeps."""
        self._nodes: dict[str, Any] = {}
        self._bodies: dict[str, Body] = {}
        self._movers: list[MoverPath] = []
        self._moving: dict[str, tuple[Placement, Body]] = {}
        """Of each mover: a place and its body there."""

    # --- setting the scene ----------------------------------------------------------------------------

    def set(self) -> None:
        """Put everything in its place, whatever stood where before."""
        placements = {**self._parked(), **self._rows(), **self._scenario.clutter}
        placements |= dict.fromkeys(self._scenario.absent)
        for name, place in placements.items():
            self._put(name, place)
        self._movers = [self._mover(drawn.name) for drawn in self._scenario.movers]
        for mover in self._movers:
            self._put(mover.name, mover.place())
        standing = list(self._standing_bodies())
        self._bodies = {body.name: body for body in (*standing, *self._other_walls(standing))}
        ego = self._scenario.ego
        self._place_ego([ego.x, ego.y, SETTLED_Z], [0.0, 0.0, 1.0, ego.yaw])

    def _node(self, name: str) -> Any:
        if name not in self._nodes:
            self._nodes[name] = self._supervisor.getFromDef(name)
        return self._nodes[name]

    def _wanted(self, name: str) -> Any:
        node = self._node(name)
        if node is None:
            raise UsageError(f"the world has no node DEF {name}, which its scenario file names")
        return node

    def _parked(self) -> dict[str, Placement | None]:
        """Cars in slots; from the slot's middle, so that it does not matter where they stood before."""
        found: dict[str, Placement | None] = {}
        for slot in self._lot.slots:
            name = self._file.parked_def.format(slot=slot.slot_id)
            node, off = self._node(name), self._scenario.parked[name]
            if node is None:
                continue  # this slot never holds a car
            if (off.x, off.y) == AWAY:
                found[name] = None
                continue
            inward = slot.inward_yaw_rad
            quarters = round((_yaw(node) - inward) / (0.5 * math.pi))
            x = slot.entrance_x_m + 0.5 * slot.depth_m * math.cos(inward) + off.x
            y = slot.entrance_y_m + 0.5 * slot.depth_m * math.sin(inward) + off.y
            found[name] = Placement(x, y, inward + 0.5 * math.pi * quarters + off.yaw)
        return found

    def _rows(self) -> dict[str, Placement | None]:
        found: dict[str, Placement | None] = {}
        for row in self._scenario.rows:
            found |= row_places(row, self._lot, {name: CarSize(*self._size(name)) for name in row.cars})
        return found

    def _size(self, name: str) -> tuple[float, float]:
        length, width, _ = self._wanted(name).getField("size").getSFVec3f()
        return length, width

    def _mover(self, name: str) -> MoverPath:
        drawn = next(mover for mover in self._scenario.movers if mover.name == name)
        return MoverPath(drawn, *self._size(name))

    def _put(self, name: str, place: Placement | None) -> None:
        if name not in self._fields:
            node = self._wanted(name)
            translation = node.getField("translation")
            self._fields[name] = translation, node.getField("rotation"), float(translation.getSFVec3f()[2])
        translation, rotation, z = self._fields[name]
        x, y, yaw = place if place is not None else (*AWAY, 0.0)
        translation.setSFVec3f([float(x), float(y), z])
        rotation.setSFRotation([0.0, 0.0, 1.0, float(yaw)])

    def _standing_bodies(self) -> Iterator[Body]:
        """Everything of the world's top level that stands in somebody's way."""
        moving = {mover.name for mover in self._movers}
        children = self._supervisor.getRoot().getField("children")
        for index in range(children.getCount()):
            node = children.getMFNode(index)
            kind, name = KINDS.get(node.getTypeName()), node.getDef()
            if kind is None or name in moving:
                continue
            x, y, *_ = node.getField("translation").getSFVec3f()
            if (x, y) == AWAY:
                continue
            length, width, _ = node.getField("size").getSFVec3f()
            box = rectangle(Truth(x, y, _yaw(node)), -0.5 * length, 0.5 * length, 0.5 * width)
            yield Body(name or f"{node.getTypeName()} {index}", kind, box)

    def _other_walls(self, standing: list[Body]) -> Iterator[Body]:
        """Walls of the lot map that are no node of ours: one wall must not be touched twice."""
        for index, outline in enumerate(self._lot.walls):
            wall = Body(f"map wall {index}", "wall", outline)
            if all(math.dist(wall.centre, body.centre) > SAME for body in standing if body.kind == "wall"):
                yield wall

    # --- while it runs --------------------------------------------------------------------------------

    def advance(self, now: float, dt: float, ego: Truth, body: list[Point]) -> None:
        """Move the movers on by `dt` s. now: s of the attempt."""
        for mover in self._movers:
            before = mover.place()
            place = mover.advance(now, dt, ego, body)
            if place != before:
                self._put(mover.name, place)

    def bodies(self) -> list[Body]:
        """Whatever the car can run into, as it stands now."""
        moving = [body for mover in self._movers if (body := self._moving_body(mover)) is not None]
        return [*self._bodies.values(), *moving]

    def _moving_body(self, mover: MoverPath) -> Body | None:
        """The same as before where it has not moved; None once it is taken away."""
        place = mover.place()
        if place is None:
            return None
        known = self._moving.get(mover.name)
        if known is None or known[0] != place:
            kind = KINDS.get(self._node(mover.name).getTypeName(), "object")
            known = self._moving[mover.name] = place, Body(mover.name, kind, mover.outline(place))
        return known[1]

    def mover_places(self) -> dict[str, Placement | None]:
        return {mover.name: mover.place() for mover in self._movers}

    def truth(self) -> Truth:
        """Where the car really is."""
        pose = self.ego.getPose()
        return Truth(pose[3], pose[7], math.atan2(pose[4], pose[0]))

    def speed(self) -> float:
        """Over ground [m/s]."""
        vx, vy, *_ = self.ego.getVelocity()
        return math.hypot(vx, vy)

    # --- going back -----------------------------------------------------------------------------------

    def ego_place(self) -> EgoPlace:
        """The car's pose as its fields have it."""
        translation, rotation = self._ego_fields
        return EgoPlace(translation.getSFVec3f(), rotation.getSFRotation())

    def snapshot(self, time: float, sim_time: float, truth: Truth, place: EgoPlace) -> Snapshot:
        """This moment, to come back to."""
        return Snapshot(time, sim_time, *place, tuple(mover.progress for mover in self._movers), truth)

    def restore(self, moment: Snapshot) -> None:
        """Everything as it was then, the car at rest, and whatever was knocked over on its feet again."""
        for name, place in self._scenario.clutter.items():
            self._put(name, place)
            self._node(name).resetPhysics()
        for mover, progress in zip(self._movers, moment.movers, strict=True):
            mover.progress = progress
            self._put(mover.name, mover.place())
        self._place_ego(moment.translation, moment.rotation)

    def _place_ego(self, translation: list[float], rotation: list[float]) -> None:
        for_place, for_turn = self._ego_fields
        for_place.setSFVec3f([float(value) for value in translation])
        for_turn.setSFRotation([float(value) for value in rotation])
        self.ego.resetPhysics()


def _yaw(node: Any) -> float:
    """Yaw [rad] of a node that is turned about the vertical only, upwards or downwards."""
    _, _, up, angle = node.getField("rotation").getSFRotation()
    return float(math.copysign(angle, up * angle))
