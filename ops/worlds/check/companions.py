"""A world against its lot map and its scenario: the same slots, walls, kerbs and lines, and no unknown name."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from coach_core.contracts import GroundLine, LotMap, SlotMap, decode
from coach_core.errors import ContractError
from ops.worlds.bodies import car_shape
from ops.worlds.check.findings import Findings
from ops.worlds.check.scenario import check_scenario, line_of
from ops.worlds.check.sensing import check_sensing
from ops.worlds.layout import Point
from worlds.headless.physics.polygons import separation
from worlds.headless.physics.shapes import Obstacle
from worlds.headless.scenery import Scenery
from worlds.headless.vrml.parser import World
from worlds.headless.vrml.scene import Node, yaw_of
from worlds.headless.vrml.tables import vehicles

_NEAR = 0.03
"""The map and the world may differ by this [m]."""
_NEAR_YAW = math.radians(0.5)
_LINE_NEAR = 0.08


class Scene(NamedTuple):
    """A world ready to be compared."""

    path: Path
    world: World
    scenery: Scenery
    findings: Findings

    def of_type(self, *names: str) -> list[Node]:
        return [node for node in self.world.nodes if node.type_name in names]

    def footprints(self, node: Node) -> list[list[Point]]:
        """Plans of what can be touched of a top-level node."""
        return [o.footprint for o in self.obstacles() if o.top is node and o.footprint]

    def obstacles(self) -> list[Obstacle]:
        ego = self.ego()
        return self.scenery.obstacles(ego if ego is not None else self.world.nodes[0])

    def ego(self) -> Node | None:
        """The learner's car: the first node that stands on a stock car."""
        return next((node for node in self.world.nodes if node.base.type_name in vehicles()), None)

    def error(self, node: Node | None, sentence: str) -> None:
        self.findings.error(self.path, node.line if node else 1, sentence)


def check_companions(path: Path, world: World, scenery: Scenery, findings: Findings) -> None:
    """The lot map and the scenario beside a world, if it has a learner's car or either file."""
    scene = Scene(path, world, scenery, findings)
    lot_path, scenario_path = path.with_suffix(".lot.json"), path.with_suffix(".scenario.json")
    learner = next((node for node in world.nodes if node.type_name == "LearnerCar"), None)
    if learner is None and not lot_path.exists() and not scenario_path.exists():
        return
    for file, what in ((lot_path, "lot map"), (scenario_path, "scenario"), (_profile(path), "profile of the car")):
        if not file.exists():
            scene.error(learner, f"the {what} {file.name} is missing; a world with a learner's car needs it beside it.")
    lot = _read_lot(lot_path, findings) if lot_path.exists() else None
    if lot is not None:
        _check_lot(scene, lot, lot_path)
    if scenario_path.exists():
        check_scenario(scenario_path, world, lot, findings)
        _check_cars(scene, lot, scenario_path)
    for car in scene.of_type("ParkedCar", "MovingCar"):
        _check_shape(scene, car)
    _check_ego(scene)
    check_sensing(path, world, scenery, findings)


def _profile(path: Path) -> Path:
    return path.with_name("learner_car.profile.json")


def _read_lot(path: Path, findings: Findings) -> LotMap | None:
    try:
        return decode(path.read_bytes(), LotMap)
    except ContractError as error:
        findings.error(path, 1, f"lot map: {error}")
        return None


# --- slots, walls, kerbs, lines -----------------------------------------------------------------------


def _check_lot(scene: Scene, lot: LotMap, path: Path) -> None:
    seen: set[str] = set()
    for slot in lot.slots:
        if slot.slot_id in seen:
            scene.findings.error(path, line_of(path, slot.slot_id, 2), f"slot {slot.slot_id} is on the map twice.")
        seen.add(slot.slot_id)
    _check_paint(scene, lot, path)
    _check_outlines(scene, scene.of_type("LotWall", "Pillar"), lot.walls, "walls", path)
    _check_outlines(scene, scene.of_type("Kerb"), lot.kerbs, "kerbs", path)
    stripes = [_stripe(node, scene) for node in scene.of_type("PaintLine")]
    for line in lot.lines:
        if not any(_covers(stripe, _ends(line), _LINE_NEAR) for stripe in stripes):
            sentence = f"line {line.line_id} is not painted: no PaintLine of the world lies on it."
            scene.findings.error(path, line_of(path, line.line_id), sentence)


def _check_paint(scene: Scene, lot: LotMap, path: Path) -> None:
    bays = scene.of_type("PaintedBay")
    stripes = [_stripe(node, scene) for node in scene.of_type("PaintLine")]
    matched: set[int] = set()
    for slot in lot.slots:
        bay = next((bay for bay in bays if _same_place(scene, bay, slot)), None)
        if bay is not None:
            matched.add(bay.id)
            depth, width = bay.get("size")
            if abs(depth - slot.depth_m) > _NEAR or abs(width - slot.width_m) > _NEAR:
                scene.error(
                    bay,
                    f"this bay is {width:g} m wide and {depth:g} m deep, slot {slot.slot_id} of {path.name} "
                    f"is {slot.width_m:g} x {slot.depth_m:g} m.",
                )
        elif not all(_mostly_painted(side, stripes) for side in _sides(slot)):
            sentence = (
                f"slot {slot.slot_id} is not painted: the world has no PaintedBay there, nor lines along its sides."
            )
            scene.findings.error(path, line_of(path, slot.slot_id), sentence)
    for bay in bays:
        _check_corners(scene, bay)
        if bay.id not in matched:
            scene.error(bay, f"this bay is no slot of {path.name}: add the slot or delete the bay.")


def _same_place(scene: Scene, bay: Node, slot: SlotMap) -> bool:
    frame = scene.scenery.places[bay.id].in_world()
    away = math.hypot(frame.origin[0] - slot.entrance_x_m, frame.origin[1] - slot.entrance_y_m)
    turned = math.remainder(yaw_of(frame.rotation) - slot.inward_yaw_rad, 2.0 * math.pi)
    return away < _NEAR and abs(turned) < _NEAR_YAW


def _check_corners(scene: Scene, bay: Node) -> None:
    depth, width = bay.get("size")
    corners = bay.get("corners")
    spans = [max(abs(x) for x, _, _ in corners[:4]), 2.0 * max(abs(y) for _, y, _ in corners[:4])] if corners else []
    if len(corners) != 8 or abs(spans[0] - depth) > _NEAR or abs(spans[1] - width) > _NEAR:
        scene.error(
            bay, f"corners do not paint a bay of size {depth:g} {width:g}; they are 8 points (see PaintedBay.proto)."
        )


def _sides(slot: SlotMap) -> list[tuple[Point, Point]]:
    cos, sin = math.cos(slot.inward_yaw_rad), math.sin(slot.inward_yaw_rad)

    def place(along: float, aside: float) -> Point:
        return slot.entrance_x_m + along * cos - aside * sin, slot.entrance_y_m + along * sin + aside * cos

    half = 0.5 * slot.width_m
    return [(place(0.0, side), place(slot.depth_m, side)) for side in (-half, half)]


def _stripe(node: Node, scene: Scene) -> tuple[Point, Point]:
    frame = scene.scenery.places[node.id].in_world()
    half = 0.5 * node.get("size")[0]
    dx, dy = half * float(frame.rotation[0, 0]), half * float(frame.rotation[1, 0])
    x, y = float(frame.origin[0]), float(frame.origin[1])
    return (x - dx, y - dy), (x + dx, y + dy)


def _mostly_painted(side: tuple[Point, Point], stripes: list[tuple[Point, Point]]) -> bool:
    """True when two thirds of a slot's side lie on some stripe: corners may be cut."""
    (ax, ay), (bx, by) = side
    places = [(ax + t * (bx - ax), ay + t * (by - ay)) for t in (0.1, 0.3, 0.5, 0.7, 0.9, 1.0)]
    return sum(any(_off(place, stripe) < 0.15 for stripe in stripes) for place in places) >= 4


def _ends(line: GroundLine) -> tuple[Point, Point]:
    return (line.x1_m, line.y1_m), (line.x2_m, line.y2_m)


def _covers(stripe: tuple[Point, Point], line: tuple[Point, Point], near: float) -> bool:
    """True when both ends of the line are on the stripe."""
    return all(_off(end, stripe) < near for end in line)


def _off(p: Point, stripe: tuple[Point, Point]) -> float:
    (ax, ay), (bx, by) = stripe
    ex, ey = bx - ax, by - ay
    length = ex * ex + ey * ey
    share = max(0.0, min(1.0, ((p[0] - ax) * ex + (p[1] - ay) * ey) / length)) if length else 0.0
    return math.hypot(p[0] - ax - share * ex, p[1] - ay - share * ey)


def _check_outlines(scene: Scene, bodies: list[Node], mapped: list[list[Point]], what: str, path: Path) -> None:
    built = [(node, plan) for node in bodies for plan in scene.footprints(node)]
    for node, plan in built:
        if not any(_same_outline(plan, outline) for outline in mapped):
            name = node.find("name")
            called = f' "{name.value}"' if name else ""
            scene.error(
                node, f"{node.type_name}{called} is not among the {what} of {path.name}, or stands elsewhere there."
            )
    for outline in mapped:
        if not any(_same_outline(plan, outline) for _, plan in built):
            x, y = outline[0] if outline else (math.nan, math.nan)
            line = line_of(path, f"[{x}, {y}]")
            sentence = f"{what}: the outline that begins at ({x:g}, {y:g}) stands nowhere in {scene.path.name}."
            scene.findings.error(path, line, sentence)


def _same_outline(a: Iterable[Point], b: Iterable[Point]) -> bool:
    return _every_near(a, b) and _every_near(b, a)


def _every_near(a: Iterable[Point], b: Iterable[Point]) -> bool:
    others = list(b)
    return all(any(math.hypot(x - u, y - v) < _NEAR for u, v in others) for x, y in a)


# --- cars ---------------------------------------------------------------------------------------------


def _check_shape(scene: Scene, car: Node) -> None:
    """What is touched and heard of a car fits its size."""
    for name, wanted in car_shape(car.get("size")).items():
        given, right = np.atleast_1d(car.get(name)), np.atleast_1d(wanted)
        if np.abs(given - right).max() > _NEAR:
            values = " ".join(f"{value:g}" for value in right)
            scene.error(car, f"{name} does not fit this car's size; write {name} {values} (see {car.type_name}.proto).")


def _check_cars(scene: Scene, lot: LotMap | None, path: Path) -> None:
    """Cars in slots: their names, and that they stand in them."""
    raw = _raw(path)
    pattern = str(raw.get("parked_def", "")) if isinstance(raw, dict) else ""
    if lot is None or "{slot}" not in pattern:
        return
    names = {pattern.replace("{slot}", slot.slot_id): slot for slot in lot.slots}
    present = [name for name in names if name in scene.world.defs]
    for name, slot in names.items():
        node = scene.world.defs.get(name)
        if node is None and present:
            sentence = f"slot {slot.slot_id} has no car: the world has no DEF {name}, as {path.name} calls it."
            scene.findings.error(
                path.with_name(path.name.replace(".scenario.", ".lot.")), _slot_line(path, slot), sentence
            )
        elif node is not None:
            _check_parked(scene, node, slot)


def _slot_line(scenario: Path, slot: SlotMap) -> int:
    return line_of(scenario.with_name(scenario.name.replace(".scenario.", ".lot.")), slot.slot_id)


def _raw(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _check_parked(scene: Scene, node: Node, slot: SlotMap) -> None:
    if node.find("size") is None:
        scene.error(node, f"DEF {node.def_name} is a {node.type_name}; a car in a slot is a ParkedCar.")
        return
    x, y, _ = node.get("translation")
    cos, sin = math.cos(slot.inward_yaw_rad), math.sin(slot.inward_yaw_rad)
    along = (x - slot.entrance_x_m) * cos + (y - slot.entrance_y_m) * sin
    aside = -(x - slot.entrance_x_m) * sin + (y - slot.entrance_y_m) * cos
    if abs(along - 0.5 * slot.depth_m) > 0.5 or abs(aside) > 0.5:
        scene.error(node, f"DEF {node.def_name} does not stand in slot {slot.slot_id}.")


def _check_ego(scene: Scene) -> None:
    ego = scene.ego()
    if ego is None:
        scene.error(None, "the world has no car to drive; add a LearnerCar.")
        return
    facts = vehicles()[ego.base.type_name]
    x, y, _ = ego.get("translation")
    *_, angle = ego.get("rotation")
    ahead = facts["wheelbase"] + facts["front_overhang_estimate"]
    half = 0.5 * facts["overall_width_over_tires"]
    cos, sin = math.cos(angle), math.sin(angle)
    corners = ((-facts["rear_overhang_estimate"], -half), (ahead, -half), (ahead, half))
    outline = [(x + cos * a - sin * b, y + sin * a + cos * b) for a, b in (*corners, (corners[0][0], half))]
    for obstacle in scene.obstacles():
        if obstacle.footprint and obstacle.high > 0.1 and separation(outline, obstacle.footprint) <= 0.0:
            name = obstacle.top.find("name")
            called = f' "{name.value}"' if name else ""
            scene.error(ego, f"the learner's car stands in {obstacle.top.type_name}{called}.")
