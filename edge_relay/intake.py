"""The border: what a car sent becomes a Kafka record, or a dead letter with its reason. Nothing is dropped."""

from __future__ import annotations

import base64
from typing import NamedTuple

from coach_core.contracts import KAFKA_TOPICS, DeadLetter, Topic, decode, encode, parse_mqtt_topic
from coach_core.contracts.topics import UPLINK_CHANNELS
from coach_core.errors import ContractError
from edge_relay.records import Record

LARGEST_RECORD = 900_000
"""Bytes of a value that any Kafka takes; its own default limit for a batch is 1 MiB."""
_LARGEST_BURIED = 256 * 1024
"""Bytes of a payload that are kept in a dead letter."""
_UNKNOWN = "unknown"


class Intake(NamedTuple):
    """A record and what it is worth knowing about it."""

    record: Record
    channel: str
    """MQTT channel, `unknown` if the topic is not one of ours."""
    reason: str | None
    """Why it is a dead letter; None for a good message."""
    sent_at: int | None
    """When the car sent it by its own clock, microseconds since the epoch."""


def take_in(mqtt_topic: str, payload: bytes, received_at: int) -> Intake:
    """Check one MQTT message against its contract. Never raises for what a car may send.

    received_at: microseconds since the epoch.
    """
    channel = _UNKNOWN
    try:
        vehicle_id, channel = parse_mqtt_topic(mqtt_topic)
        if channel not in UPLINK_CHANNELS:
            raise ContractError(f"cars do not publish on {channel!r}", reason="unknown_channel")
        topic = UPLINK_CHANNELS[channel]
        spec = KAFKA_TOPICS[topic]
        if len(payload) > LARGEST_RECORD:
            raise ContractError(f"{len(payload)} bytes, at most {LARGEST_RECORD} fit into Kafka", reason="too_large")
        message = decode(payload, spec.message)
        owner: str = getattr(message, "vehicle_id")  # noqa: B009 every uplink message has one
        if owner != vehicle_id:
            raise ContractError(f"says vehicle {owner!r} on the topic of {vehicle_id!r}", reason="vehicle_mismatch")
    except ContractError as error:
        return Intake(bury(mqtt_topic, payload, error.reason, str(error), received_at), channel, error.reason, None)
    key: str = getattr(message, spec.key)
    version: int = getattr(message, "schema_version")  # noqa: B009
    sent_at: int = getattr(message, "timestamp")  # noqa: B009
    record = Record(topic.value, key.encode(), payload, _headers(version, received_at), received_at)
    return Intake(record, channel, None, sent_at)


def bury(source: str, payload: bytes, reason: str, error: str, received_at: int) -> Record:
    """A dead letter about `payload`, which came from `source` (an MQTT topic, or Kafka topic/partition/offset)."""
    kept = payload[:_LARGEST_BURIED]
    if len(kept) < len(payload):
        error = f"{error} (first {len(kept)} of {len(payload)} bytes kept)"
    letter = DeadLetter(
        schema_version=1,
        timestamp=received_at,
        source=source,
        reason=reason,
        error=error,
        payload_b64=base64.b64encode(kept).decode(),
    )
    return Record(
        Topic.DEAD_LETTER.value,
        source.encode(),
        encode(letter),
        _headers(letter.schema_version, received_at),
        received_at,
    )


def _headers(version: int, received_at: int) -> tuple[tuple[str, bytes], ...]:
    return (("schema_version", str(version).encode()), ("received_at", str(received_at).encode()))
