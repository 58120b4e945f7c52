"""Contract messages in the OpenAPI document: pydantic fields that stand for a message, and its schema."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from pydantic import WithJsonSchema

from coach_core.contracts import CoachCommand, Decision, PlanSummary, SensorFrame, SessionEvent, SessionReport

_MARK = "x-contract"


def _standing_for(kind: type[msgspec.Struct]) -> WithJsonSchema:
    return WithJsonSchema({"type": "object", _MARK: kind.__name__})


FrameJson = Annotated[dict[str, Any], _standing_for(SensorFrame)]
DecisionJson = Annotated[dict[str, Any], _standing_for(Decision)]
PlanJson = Annotated[dict[str, Any], _standing_for(PlanSummary)]
EventJson = Annotated[dict[str, Any], _standing_for(SessionEvent)]
ReportJson = Annotated[dict[str, Any], _standing_for(SessionReport)]
CommandJson = Annotated[dict[str, Any], _standing_for(CoachCommand)]


def merge(document: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI document with references in place of the marks, and the messages' schemas beside the others."""
    kinds = (SensorFrame, Decision, PlanSummary, SessionEvent, SessionReport, CoachCommand)
    _, schemas = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    merged: dict[str, Any] = _refer(document)
    components = merged.setdefault("components", {}).setdefault("schemas", {})
    for name, schema in schemas.items():
        components.setdefault(name, schema)
    return merged


def _refer(node: Any) -> Any:
    if isinstance(node, dict):
        if _MARK in node:
            return {"$ref": f"#/components/schemas/{node[_MARK]}"}
        return {key: _refer(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_refer(value) for value in node]
    return node
