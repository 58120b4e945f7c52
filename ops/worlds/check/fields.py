"""Nodes against the tables: names, types, how many numbers, allowed values, IS, DEF and USE."""

from __future__ import annotations

import os

from ops.worlds.check.catalogue import RELEASE_URL, Catalogue, nearest, other_protos
from ops.worlds.check.findings import Findings
from ops.worlds.check.syntax import FieldText, FileText, Item, NodeText
from ops.worlds.layout import PROJECT
from worlds.headless.vrml.tables import FIELD_TYPES, FieldSpec, NodeSpec, nodes, stock_protos

_COUNTS = {"Int32": 1, "Float": 1, "Vec2f": 2, "Vec3f": 3, "Rotation": 4, "Color": 3}
_GEOMETRY = frozenset(
    {
        "Box", "Capsule", "Cone", "Cylinder", "ElevationGrid", "IndexedFaceSet", "IndexedLineSet", "Mesh", "Plane",
        "PointSet", "Sphere", "CadShape",
    }
)  # fmt: skip
_WANTED = {
    "appearance": frozenset({"Appearance", "PBRAppearance"}),
    "geometry": _GEOMETRY,
    "material": frozenset({"Material"}),
    "physics": frozenset({"Physics"}),
    "coord": frozenset({"Coordinate"}),
    "boundingObject": _GEOMETRY | {"Pose", "Group", "Shape"},
    "contactProperties": frozenset({"ContactProperties"}),
    "textureTransform": frozenset({"TextureTransform"}),
    "baseColorMap": frozenset({"ImageTexture"}),
}
"""What may stand in some node fields, by base type."""
_POSITIVE = {"Box": ("size",), "Plane": ("size",), "Cylinder": ("height", "radius"), "Floor": ("size", "tileSize")}


class FieldChecker:
    """Checks the nodes of one file."""

    def __init__(self, text: FileText, names: Catalogue, findings: Findings) -> None:
        self._text, self._names, self._findings = text, names, findings
        self._interface = {field.name: field.type_name for field in text.interface}
        self.defines: dict[str, NodeText] = {}
        self.used: set[str] = set()
        """Names that stand before a '{' somewhere."""

    def check(self) -> None:
        """All of the file."""
        for declared in self._text.interface:
            if declared.type_name not in FIELD_TYPES:
                known = nearest(declared.type_name, FIELD_TYPES)
                self._error(declared.line, f"'{declared.type_name}' is not a field type{known}.")
            else:
                self._value(declared.default, FieldSpec(declared.name, declared.type_name, ""), self._text.proto)
        for node in self._text.nodes:
            self.node(node)

    def _error(self, line: int, sentence: str) -> None:
        self._findings.error(self._text.path, line, sentence)

    def node(self, node: NodeText) -> None:
        """One node and everything in it."""
        if node.define:
            other = self.defines.get(node.define)
            if other is not None and not self._text.proto:
                self._findings.warning(
                    self._text.path, node.line, f"DEF {node.define} is taken (line {other.line}); use another name."
                )
            self.defines[node.define] = node
        self.used.add(node.type_name)
        known = self._names.find(node.type_name)
        if known is None:
            self._error(node.line, self._unknown(node.type_name))
        elif known.spec is None and node.type_name not in self._names.declared:
            self._findings.note(self._text.path, node.line, f"the fields of {node.type_name} are not checked.")
        self._fields(node, known.spec if known else None)

    def _unknown(self, name: str) -> str:
        if name in stock_protos():
            return f'{name} needs a line EXTERNPROTO "{RELEASE_URL}{stock_protos()[name].url_path}" at the top.'
        if (PROJECT / "protos" / f"{name}.proto").is_file():
            path = os.path.relpath(PROJECT / "protos" / f"{name}.proto", self._text.path.parent)
            return f'{name} needs a line EXTERNPROTO "{path}" at the top.'
        if name in other_protos():
            return f"{name} is a PROTO of Webots and needs an EXTERNPROTO line at the top."
        return f"there is no node {name}{nearest(name, [*nodes(), *stock_protos(), *self._names.declared])}."

    def _fields(self, node: NodeText, spec: NodeSpec | None) -> None:
        seen: dict[str, int] = {}
        for field in node.fields:
            if field.name in seen:
                self._error(field.line, f"{node.type_name}.{field.name} is given already, on line {seen[field.name]}.")
            seen.setdefault(field.name, field.line)
            if spec is None:
                self._children(field)
                continue
            known = spec.fields.get(field.name)
            if field.name in spec.deprecated:
                self._error(
                    field.line, f"{node.type_name}.{field.name} is gone from this release of Webots; delete it."
                )
            elif known is None:
                near = nearest(field.name, spec.fields)
                self._error(field.line, f"{node.type_name} has no field {field.name}{near}.")
            if known is None:
                self._children(field)
            elif field.linked:
                self._link(field, known, node.type_name)
            else:
                self._value(field, known, node.type_name)
        self._sizes(node)

    def _children(self, field: FieldText) -> None:
        for item in field.items:
            if item.node is not None:
                self.node(item.node)
            elif item.kind == "use":
                self._use(item)

    def _link(self, field: FieldText, known: FieldSpec, owner: str) -> None:
        where = f"{owner}.{field.name} IS {field.linked}"
        if not self._text.proto:
            self._error(field.line, f"{where}: IS has a meaning inside a PROTO only; write the value.")
        elif field.linked not in self._interface:
            near = nearest(field.linked, self._interface)
            self._error(field.line, f"{where}: the PROTO has no field {field.linked}{near}.")
        elif self._interface[field.linked] != known.type:
            other = self._interface[field.linked]
            self._error(
                field.line, f"{where}: {field.name} is {known.type}, {field.linked} is {other}; make them one type."
            )

    def _use(self, item: Item) -> None:
        if item.text not in self.defines:
            near = nearest(item.text, self.defines)
            self._error(item.line, f"USE {item.text}: no DEF {item.text} before this line{near}.")

    def _value(self, field: FieldText, known: FieldSpec, owner: str) -> None:
        where, item = f"{owner}.{field.name}", known.type[2:]
        single = known.type.startswith("SF")
        if single and field.bracketed:
            self._error(field.line, f"{where} is one value ({known.type}): write it without brackets.")
        if not field.items and not field.bracketed:
            self._error(field.line, f"{where} has no value; it is {known.type}.")
            return
        if item == "Node":
            self._node_value(field, known, where)
        elif item in _COUNTS:
            self._numbers(field, known, where)
        else:
            wanted = "string" if item == "String" else "bool"
            for found in field.items:
                if found.kind != wanted:
                    name = "a string in double quotes" if wanted == "string" else "TRUE or FALSE"
                    self._error(found.line, f"{where} needs {name}, found {_shown(found)}.")
            if single and len(field.items) > 1:
                self._error(field.line, f"{where} takes one value, found {len(field.items)}.")
        for found in field.items if known.allowed else ():
            if found.kind == "string" and found.text not in known.allowed:
                near = nearest(found.text, known.allowed) or f"; use one of {', '.join(known.allowed)}."
                self._error(found.line, f'{where} cannot be "{found.text}"{near}')

    def _numbers(self, field: FieldText, known: FieldSpec, where: str) -> None:
        item = known.type[2:]
        count, single = _COUNTS[item], known.type.startswith("SF")
        for found in field.items:
            if found.kind != "number" or not _is_number(found.text, whole=item == "Int32"):
                wanted = "a whole number" if item == "Int32" else "a number"
                self._error(found.line, f"{where} needs {wanted}, found {_shown(found)}.")
                self._children(field)
                return
        if single and len(field.items) != count:
            noun = "number" if count == 1 else "numbers"
            self._error(field.line, f"{where} takes {count} {noun} ({known.type}), found {len(field.items)}.")
        elif len(field.items) % count:
            sentence = f"{where} takes its numbers {count} by {count} ({known.type}), found {len(field.items)}."
            self._error(field.line, sentence)
        elif item == "Color" and any(not 0.0 <= float(found.text) <= 1.0 for found in field.items):
            self._error(field.line, f"{where}: colours go from 0 to 1.")
        elif item == "Rotation" and any(
            all(float(found.text) == 0.0 for found in field.items[i : i + 3]) for i in range(0, len(field.items), 4)
        ):
            self._error(field.line, f"{where}: the axis 0 0 0 has no direction; use 0 0 1 0 for no rotation.")

    def _node_value(self, field: FieldText, spec: FieldSpec, where: str) -> None:
        if spec.type == "SFNode" and len(field.items) > 1:
            self._error(field.items[1].line, f"{where} takes one node; group several in a Group or Pose.")
        for item in field.items:
            if item.kind not in ("node", "use", "null"):
                self._error(item.line, f"{where} needs a node, found {_shown(item)}.")
        self._children(field)
        wanted = _WANTED.get(field.name)
        for node in field.nodes() if wanted else ():
            known = self._names.find(node.type_name)
            if known is None or wanted is None or (known.spec is None and node.type_name not in _GEOMETRY):
                continue  # told already, or nobody knows what it is
            kinds = set(known.spec.kinds) if known.spec else {node.type_name}
            if not kinds & wanted or "Solid" in kinds:
                self._error(node.line, f"{where} cannot hold a {node.type_name}; use {', '.join(sorted(wanted))}.")

    def _sizes(self, node: NodeText) -> None:
        for name in _POSITIVE.get(node.type_name, ()):
            field = node.field(name)
            numbers = [item.text for item in field.items if item.kind == "number"] if field else []
            if field and any(_is_number(text) and float(text) <= 0.0 for text in numbers):
                self._error(field.line, f"{node.type_name}.{name} must be greater than 0.")


def _is_number(text: str, *, whole: bool = False) -> bool:
    try:
        if whole:
            int(text, 0)
        else:
            float(text)
    except ValueError:
        return False
    return "_" not in text and text.lower().lstrip("+-") not in ("nan", "inf", "infinity")


def _shown(item: Item) -> str:
    return f'the string "{item.text}"' if item.kind == "string" else f"'{item.text}'"
