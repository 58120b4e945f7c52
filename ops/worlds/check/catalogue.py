"""What node and PROTO names mean in a file, and how much of them is known."""

from __future__ import annotations

import difflib
import json
import os
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ops.worlds.check.findings import Findings
from ops.worlds.check.syntax import PROTO_FIELD_WORDS, FileText, read
from ops.worlds.layout import PROJECT
from worlds.headless.vrml.tables import DATA, RELEASE, FieldSpec, NodeSpec, nodes, stock_protos

RELEASE_URL = f"https://raw.githubusercontent.com/cyberbotics/webots/{RELEASE}/"
_ANY_RELEASE = re.compile(r"https://raw\.githubusercontent\.com/cyberbotics/webots/(?P<tag>[^/]+)/(?P<path>.+)")
_DECLARED = re.compile(rf"\b(?:{'|'.join(PROTO_FIELD_WORDS)})\s+[SM]F\w+\s*(?:\{{[^}}]*\}}\s*)?(\w+)")

UNCHECKED_NODES = frozenset(
    {
        "Altimeter", "BallJoint", "BallJointParameters", "Billboard", "Brake", "CadShape", "Capsule", "Charger",
        "Color", "Compass", "Cone", "Connector", "Damping", "ElevationGrid", "Fluid", "Focus", "Fog", "HingeJoint",
        "HingeJointParameters", "Hinge2Joint", "ImmersionProperties", "IndexedLineSet", "JointParameters", "Lens",
        "LensFlare", "LightSensor", "LinearMotor", "Mesh", "Microphone", "Muscle", "Normal", "Pen", "PointLight",
        "PointSet", "PositionSensor", "Propeller", "RangeFinder", "Recognition", "Skin", "SliderJoint", "Slot",
        "SolidReference", "Sphere", "SpotLight", "Track", "TrackWheel", "VacuumGripper", "Zoom",
    }
)  # fmt: skip
"""Nodes of Webots whose fields our tables do not have: accepted, what is in them is not checked."""


class Known(NamedTuple):
    """A name that can stand before '{'. `spec` is None where the fields are not known."""

    spec: NodeSpec | None
    file: FileText | None = None
    """The PROTO file, for one of ours."""


class Catalogue(NamedTuple):
    """The names of one file."""

    declared: dict[str, Known]
    lines: dict[str, int]
    """Line of each EXTERNPROTO by name, but for those that are there to be imported."""

    def find(self, name: str) -> Known | None:
        if name in self.declared:
            return self.declared[name]
        if name in nodes():
            return Known(nodes()[name])
        return Known(None) if name in UNCHECKED_NODES else None


class Shelf:
    """Reads files once; PROTO files are checked when they are first met, through `on_proto`."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.unread: list[FileText] = []
        """PROTO files met and not yet checked."""
        self._protos: dict[Path, Known] = {}
        self._opening: list[Path] = []

    def open(self, path: Path) -> tuple[FileText, Catalogue] | None:
        """A file and the names it may use; None if nothing of it can be read."""
        names = _field_names(path)
        text = read(path, self.findings, names.__contains__)
        return None if text is None else (text, self.catalogue(text))

    def catalogue(self, text: FileText) -> Catalogue:
        """The EXTERNPROTO lines of a file, resolved."""
        declared: dict[str, Known] = {}
        lines: dict[str, int] = {}
        for extern in text.externs:
            name = extern.url.rsplit("/", 1)[-1].removesuffix(".proto")
            if not extern.url.endswith(".proto"):
                self.findings.error(text.path, extern.line, f'EXTERNPROTO "{extern.url}" must name a .proto file.')
            elif name in declared:
                first = lines.get(name, 0)
                self.findings.warning(
                    text.path,
                    extern.line,
                    f"{name} is declared already{f', on line {first}' if first else ''}; delete one.",
                )
            if name not in declared:
                declared[name] = self._resolve(extern.url, name, text.path, extern.line)
                if not extern.importable:
                    lines[name] = extern.line
        return Catalogue(declared, lines)

    def _resolve(self, url: str, name: str, path: Path, line: int) -> Known:
        if "://" in url:
            return self._remote(url, name, path, line)
        file = Path(os.path.normpath(path.parent / url))
        if not file.is_file():
            near = PROJECT / "protos" / f"{name}.proto"
            hint = f"; ours is {os.path.relpath(near, path.parent)}" if near.is_file() else ""
            self.findings.error(path, line, f'EXTERNPROTO "{url}": there is no file {file}{hint}.')
            return Known(None)
        return self._local(file, name, line, path)

    def _remote(self, url: str, name: str, path: Path, line: int) -> Known:
        found = _ANY_RELEASE.fullmatch(url)
        stock = stock_protos().get(name)
        place = found["path"] if found else url.removeprefix("webots://")
        if found and found["tag"] != RELEASE:
            sentence = f"{name} is of Webots {found['tag']}; this project is for {RELEASE}: use {RELEASE_URL}{place}"
            self.findings.warning(path, line, sentence)
        if (found or url.startswith("webots://")) and stock is not None:
            if place != stock.url_path:
                sentence = f"{name} is not there in {RELEASE}; use {RELEASE_URL}{stock.url_path}"
                self.findings.error(path, line, sentence)
            return Known(stock)
        if not url.startswith(("https://", "http://", "webots://")):
            self.findings.error(path, line, f'EXTERNPROTO "{url}": use a https:// address, webots:// or a path.')
        self.findings.note(
            path, line, f"the fields of {name} are not checked: it is downloaded, and not in our tables."
        )
        return Known(None)

    def _local(self, file: Path, name: str, line: int, user: Path) -> Known:
        real = file.resolve()
        if real in self._protos:
            return self._protos[real]
        if real in self._opening:
            self.findings.error(user, line, f"PROTO {name} needs itself through its EXTERNPROTO lines.")
            return Known(None)
        self._opening.append(real)
        opened = self.open(file)
        self._opening.remove(real)
        if opened is None:
            return Known(None)
        text, names = opened
        if text.proto != name:
            self.findings.error(
                file, text.proto_line, f"the PROTO of {name}.proto must be named {name}, not {text.proto}."
            )
        known = Known(_spec_of(text, names), text)
        self._protos[real] = known
        self.unread.append(text)
        return known


def _spec_of(text: FileText, names: Catalogue) -> NodeSpec:
    """The interface of a PROTO as a node type; what it is a kind of follows from its body."""
    fields = {field.name: FieldSpec(field.name, field.type_name, "") for field in text.interface}
    body = names.find(text.nodes[0].type_name) if text.nodes else None
    kinds = body.spec.kinds if body is not None and body.spec is not None else ()
    return NodeSpec(text.proto, fields, (text.proto, *kinds), frozenset(), None)


def _field_names(path: Path) -> frozenset[str]:
    """Names that are fields of anything the file may use, found without reading it in full."""
    names = set(_table_fields())
    todo, seen = [path], set()
    while todo:
        file = todo.pop()
        if file in seen or not file.is_file():
            continue
        seen.add(file)
        text = file.read_text(encoding="utf-8", errors="replace")
        names.update(_DECLARED.findall(text))
        for url in re.findall(r'EXTERNPROTO\s+"([^":]+)"', text):
            todo.append(Path(os.path.normpath(file.parent / url)))
    return frozenset(names)


@cache
def _table_fields() -> frozenset[str]:
    specs = [*nodes().values(), *stock_protos().values()]
    return frozenset(name for spec in specs for name in (*spec.fields, *spec.deprecated))


@cache
def other_protos() -> frozenset[str]:
    """PROTOs of the Webots distribution that we know by name only."""
    raw = json.loads((DATA / "nodes.json").read_text(encoding="utf-8"))
    listed = raw["meta"]["other_existing_protos"].values()
    return frozenset(name for names in listed for name in names)


def nearest(name: str, known: Iterable[str]) -> str:
    """ "; did you mean X?" for the name most like it, or nothing."""
    found = difflib.get_close_matches(name, list(known), 1, 0.7)
    return f"; did you mean {found[0]}?" if found else ""
