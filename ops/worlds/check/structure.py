"""What a world needs beyond correct fields: header, order, names, controllers, sensible sensors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from ops.worlds.check.catalogue import Catalogue
from ops.worlds.check.findings import Findings
from ops.worlds.check.syntax import FileText, NodeText
from worlds.headless.vrml.tables import RELEASE, FieldSpec

_HEADER = re.compile(r"#VRML_SIM R(20\d\d)([ab])( revision \d+)? utf8\s*")
_FIRST_WITH_EXTERNPROTO = ("2022", "b")
_DEVICES = frozenset(
    {
        "Accelerometer", "Altimeter", "Camera", "Compass", "Connector", "Display", "DistanceSensor", "Emitter", "GPS",
        "Gyro", "InertialUnit", "LED", "Lidar", "LightSensor", "LinearMotor", "Microphone", "Pen", "PositionSensor",
        "Radar", "RangeFinder", "Receiver", "RotationalMotor", "Speaker", "TouchSensor", "VacuumGripper", "Brake",
    }
)  # fmt: skip
_CONTROLLER_FILES = ("{0}.py", "{0}", "{0}.exe", "{0}.class", "{0}.jar", "{0}.m", "{0}.c", "{0}.cpp", "{0}.java")
_SPECIAL_CONTROLLERS = ("<none>", "<extern>", "<generic>", "void", "")


def check_header(path: Path, findings: Findings) -> None:
    """The first line: format, release, encoding."""
    with path.open(encoding="utf-8", errors="replace") as file:
        first = file.readline().rstrip("\n")
    found = _HEADER.fullmatch(first.rstrip("\r"))
    if found is None:
        findings.error(path, 1, f"the first line must be '#VRML_SIM {RELEASE} utf8', it is {first[:60]!r}.")
    elif (found[1], found[2]) < _FIRST_WITH_EXTERNPROTO:
        findings.error(
            path, 1, f"R{found[1]}{found[2]} worlds know no EXTERNPROTO; convert it by saving it in {RELEASE}."
        )
    elif f"R{found[1]}{found[2]}" != RELEASE:
        word = "older" if (found[1], found[2]) < ("2025", "a") else "newer"
        message = f"R{found[1]}{found[2]} is {word} than {RELEASE}, for which this project is; the stand-in refuses it."
        findings.warning(path, 1, message)


def check_structure(text: FileText, names: Catalogue, used: set[str], findings: Findings) -> None:
    """A world's top level and what nodes need of one another."""
    tops = [node.type_name for node in text.nodes]
    for name in ("WorldInfo", "Viewpoint"):
        count = tops.count(name)
        if count == 0:
            findings.error(text.path, 1, f"the world has no {name}; add one after the EXTERNPROTO lines.")
        for node in [node for node in text.nodes if node.type_name == name][1:]:
            findings.error(text.path, node.line, f"a world has one {name}; delete this one.")
    if "WorldInfo" in tops and tops[0] != "WorldInfo":
        findings.error(text.path, text.nodes[0].line, f"the first node must be WorldInfo, it is {tops[0]}.")
    for name, line in names.lines.items():
        if name not in used:
            findings.warning(text.path, line, f"{name} is declared and not used in this file; delete the line.")
    _time_step(text, findings)


def _time_step(text: FileText, findings: Findings) -> None:
    for node in text.nodes:
        step = node.field("basicTimeStep")
        if node.type_name == "WorldInfo" and step and step.items and step.items[0].text.replace(".", "").isdigit():
            value = float(step.items[0].text)
            if value != int(value) or value < 1:
                findings.error(text.path, step.line, "WorldInfo.basicTimeStep must be whole milliseconds, 1 or more.")


def check_nodes(text: FileText, names: Catalogue, findings: Findings) -> None:
    """Nodes in one another: names, Transform, controllers, lookup tables."""
    _Walk(text, names, findings).run()


class _Walk:
    def __init__(self, text: FileText, names: Catalogue, findings: Findings) -> None:
        self._text, self._names, self._findings = text, names, findings

    def run(self) -> None:
        self._siblings(self._text.nodes)
        for node in self._text.nodes:
            self._visit(node, in_transform=False, in_bounding=False)
            if self._text.proto and self._is_a(node, "Robot"):
                self._devices(node)

    def _error(self, line: int, sentence: str) -> None:
        self._findings.error(self._text.path, line, sentence)

    def _is_a(self, node: NodeText, kind: str) -> bool:
        known = self._names.find(node.type_name)
        return bool(known and known.spec and kind in known.spec.kinds)

    def _visit(self, node: NodeText, *, in_transform: bool, in_bounding: bool) -> None:
        if in_transform and self._is_a(node, "Solid"):
            self._error(node.line, f"{node.type_name} is a Solid and cannot stand in a Transform; use a Pose.")
        if in_bounding and node.type_name == "Transform":
            self._error(node.line, "a boundingObject cannot hold a Transform; use a Pose.")
        if self._is_a(node, "Robot"):
            self._controller(node)
            if not self._text.proto:
                self._devices(node)
        if node.type_name == "DistanceSensor":
            self._lookup(node)
        for field in node.fields:
            children = field.nodes()
            if field.name in ("children", "endPoint") or field.name.startswith("sensorsSlot"):
                self._siblings(children)
            for child in children:
                self._visit(
                    child,
                    in_transform=in_transform or node.type_name == "Transform",
                    in_bounding=in_bounding or field.name == "boundingObject",
                )

    def _siblings(self, nodes: list[NodeText]) -> None:
        seen: dict[str, NodeText] = {}
        for node in nodes:
            known = self._names.find(node.type_name)
            spec = known.spec if known else None
            if spec is None or "Solid" not in spec.kinds or "name" not in spec.fields:
                continue
            field = node.field("name")
            if field is not None and field.linked:
                continue
            name = node.string("name", self._default_name(node, spec.fields["name"]))
            other = seen.setdefault(name, node)
            if other is not node:
                sentence = f'the name "{name}" is taken (line {other.line}); Webots warns and the stand-in refuses.'
                self._findings.warning(self._text.path, field.line if field else node.line, sentence)

    def _default_name(self, node: NodeText, spec: FieldSpec) -> str:
        known = self._names.find(node.type_name)
        if known and known.file:
            declared = next((item for item in known.file.interface if item.name == "name"), None)
            return declared.default.items[0].text if declared and declared.default.items else ""
        return spec.default.strip('"')

    def _devices(self, robot: NodeText) -> None:
        seen: dict[str, int] = {}
        for device in _below(robot):
            if device.type_name not in _DEVICES:
                continue
            field = device.field("name")
            if field is None or field.linked or not field.items:
                continue
            name = field.items[0].text
            if name in seen:
                sentence = (
                    f'the device name "{name}" is taken (line {seen[name]}); a controller could not tell them apart.'
                )
                self._error(field.line, sentence)
            seen.setdefault(name, field.line)

    def _controller(self, robot: NodeText) -> None:
        field = robot.field("controller")
        if field is None or field.linked or not field.items or field.items[0].kind != "string" or self._text.proto:
            return
        name = field.items[0].text
        folder = self._text.path.resolve().parent.parent / "controllers" / name
        if name in _SPECIAL_CONTROLLERS:
            return
        if not any((folder / pattern.format(name)).exists() for pattern in _CONTROLLER_FILES):
            sentence = f'there is no controller "{name}": Webots looks for {folder / name}.py (or a compiled one).'
            self._error(field.line, sentence)

    def _lookup(self, sensor: NodeText) -> None:
        field = sensor.field("lookupTable")
        if field is None or field.linked:
            return
        try:
            numbers = [float(item.text) for item in field.items]
        except ValueError:
            return  # told already
        inputs = numbers[0::3]
        if len(numbers) % 3 == 0 and any(b <= a for a, b in pairwise(inputs)):
            self._error(
                field.line, "DistanceSensor.lookupTable: the first number of each row must grow from row to row."
            )
        if sensor.string("type", "generic") == "sonar" and len(numbers) % 3 == 0 and numbers and numbers[-1] != 0.0:
            sentence = "DistanceSensor.lookupTable: noise in the last row blurs 'no echo'; end the last row with 0."
            self._findings.warning(self._text.path, field.line, sentence)


def _below(node: NodeText) -> Iterator[NodeText]:
    for field in node.fields:
        for child in field.nodes():
            yield child
            yield from _below(child)
