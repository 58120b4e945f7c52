"""What nodes, fields and stock PROTOs exist: the tables of `data/`, turned into specifications."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

DATA = Path(__file__).resolve().parent.parent / "data"
RELEASE = "R2025a"

FIELD_TYPES = (
    "SFBool", "SFInt32", "SFFloat", "SFString", "SFVec2f", "SFVec3f", "SFRotation", "SFColor", "SFNode",
    "MFBool", "MFInt32", "MFFloat", "MFString", "MFVec2f", "MFVec3f", "MFRotation", "MFColor", "MFNode",
)  # fmt: skip


class FieldSpec(NamedTuple):
    """Declared type of a field, its default as VRML text, and the values it is limited to (none: any)."""

    name: str
    type: str
    default: str
    allowed: tuple[str, ...] = ()


class NodeSpec(NamedTuple):
    """A node type: its own and inherited fields, and the chain of types it is, itself first."""

    name: str
    fields: dict[str, FieldSpec]
    kinds: tuple[str, ...]
    deprecated: frozenset[str]
    url_path: str | None
    """Path inside the Webots repository, for a stock PROTO; None for a base node."""


def _load(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def _default(raw: dict[str, Any]) -> str:
    # nodes that a stock PROTO brings along by default (lamps, appearances) matter to a renderer only
    return {"SFNode": "NULL", "MFNode": "[]"}.get(raw["type"], str(raw["default"]))


def _specs(raw: dict[str, Any]) -> dict[str, FieldSpec]:
    return {
        name: FieldSpec(name, field["type"], _default(field), tuple(field.get("allowed", ())))
        for name, field in raw.items()
    }


@cache
def nodes() -> dict[str, NodeSpec]:
    """Base nodes by name."""
    raw = _load("nodes.json")["nodes"]
    done: dict[str, NodeSpec] = {}

    def build(name: str) -> NodeSpec:
        if name not in done:
            entry = raw[name]
            parent = build(entry["inherits"]) if "inherits" in entry else None
            fields = dict(parent.fields) if parent else {}
            fields.update(_specs(entry["fields"]))
            for hidden in entry.get("hidden", ()):
                field, kind, default = hidden.split(" ", 2)
                fields[field] = FieldSpec(field, kind, default)
            for field, default in entry.get("overrides", {}).items():
                fields[field] = fields[field]._replace(default=default)
            kinds = (name, *(parent.kinds if parent else ()))
            done[name] = NodeSpec(name, fields, kinds, frozenset(entry.get("deprecated", ())), None)
        return done[name]

    for name in raw:
        build(name)
    return done


@cache
def stock_protos() -> dict[str, NodeSpec]:
    """PROTOs of the Webots distribution that we know the fields of, by name."""
    specs = {}
    for name, entry in _load("nodes.json")["protos"].items():
        bases = entry["base"].replace("(", " ").replace(")", " ").replace("->", " ").split()
        base = nodes()[bases[-1]] if bases[-1] in nodes() else nodes()["Robot"]
        kinds = (name, *(b for b in bases if b not in base.kinds), *base.kinds)
        specs[name] = NodeSpec(name, _specs(entry["fields"]), kinds, frozenset(), entry["path"])
    return specs


@cache
def vehicles() -> dict[str, dict[str, Any]]:
    """Measured facts of the stock cars by PROTO name."""
    found: dict[str, dict[str, Any]] = _load("vehicles.json")["vehicles"]
    return found
