"""The committed schema documents follow the contracts, and describe what really travels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from coach_core.contracts import KAFKA_TOPICS, Pose2, SensorFrame, SensorReading, encode
from ops import contracts_gen


def a_frame() -> SensorFrame:
    return SensorFrame(
        schema_version=1,
        vehicle_id="car-1",
        session_id="s-1",
        seq=0,
        timestamp=1_700_000_000_000_000,
        sim_time_s=0.0,
        readings=[SensorReading("us_rear_left", None, 1_700_000_000_000_000)],
        pose=Pose2(0.0, 0.0, 0.0),
        speed_mps=-0.5,
        steering_angle_rad=0.1,
        gear="R",
        throttle=0.0,
        brake=0.2,
    )


def frame_schema() -> dict[str, Any]:
    return {**contracts_gen.message_schema(), "anyOf": [{"$ref": "#/$defs/SensorFrame"}]}


def test_committed_documents_are_what_the_contracts_say() -> None:
    assert contracts_gen.stale_files() == []


def test_a_changed_document_is_reported_as_stale(tmp_path: Path) -> None:
    contracts_gen.write_files(tmp_path)
    assert contracts_gen.stale_files(tmp_path) == []
    edited = tmp_path / "schema" / "messages.json"
    edited.write_text(edited.read_text(encoding="utf-8").replace("speed_mps", "speed_kmh"), encoding="utf-8")
    assert contracts_gen.stale_files(tmp_path) == [edited]


def test_an_encoded_frame_follows_the_schema() -> None:
    jsonschema.validate(json.loads(encode(a_frame())), frame_schema())


def test_a_frame_without_a_pose_does_not_follow_the_schema() -> None:
    frame = json.loads(encode(a_frame()))
    del frame["pose"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(frame, frame_schema())


def test_every_kafka_topic_is_in_the_asyncapi_document() -> None:
    addresses = {channel["address"] for channel in contracts_gen.asyncapi_document()["channels"].values()}
    assert {str(topic) for topic in KAFKA_TOPICS} <= addresses
    assert "parkit/v1/{vehicle_id}/commands" in addresses
    assert "/topic/cars/{vehicle_id}/frames" in addresses


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = contracts_gen.asyncapi_document()

    def walk(node: object) -> None:
        if isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str):
                target: Any = document
                for key in reference.removeprefix("#/").split("/"):
                    target = target[key]
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(document)
