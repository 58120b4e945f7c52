"""Names of the MQTT and Kafka topics and what travels on each: the one place that knows them."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import msgspec

from coach_core.contracts.messages import (
    CoachCommand,
    DeadLetter,
    Decision,
    DriveCommand,
    SensorFrame,
    SessionEvent,
    SessionReport,
    VehicleStatus,
)
from coach_core.errors import ContractError

MQTT_ROOT = "parkit/v1"


class Topic(StrEnum):
    """Kafka topics."""

    SENSOR_RAW = "sensor-raw"
    COACH_DECISIONS = "coach-decisions"
    SESSION_EVENTS = "session-events"
    COACH_COMMANDS = "coach-commands"
    SESSION_REPORTS = "session-reports"
    VEHICLE_STATUS = "vehicle-status"
    DEAD_LETTER = "dead-letter"


class TopicSpec(NamedTuple):
    message: type[msgspec.Struct]
    key: str
    """Field of the message that is the record's key."""
    retention_s: int
    compacted: bool
    why: str


_DAY = 86_400

KAFKA_TOPICS: dict[Topic, TopicSpec] = {
    Topic.SENSOR_RAW: TopicSpec(SensorFrame, "session_id", 2 * _DAY, False, "recorded in minutes; two days to replay"),
    Topic.COACH_DECISIONS: TopicSpec(Decision, "session_id", 2 * _DAY, False, "as sensor-raw"),
    Topic.SESSION_EVENTS: TopicSpec(SessionEvent, "session_id", 14 * _DAY, False, "small; kept to rebuild sessions"),
    Topic.COACH_COMMANDS: TopicSpec(CoachCommand, "vehicle_id", 3_600, False, "a hint lives seconds"),
    Topic.SESSION_REPORTS: TopicSpec(SessionReport, "session_id", -1, True, "latest report of every session"),
    Topic.VEHICLE_STATUS: TopicSpec(VehicleStatus, "vehicle_id", -1, True, "latest presence of every car"),
    Topic.DEAD_LETTER: TopicSpec(DeadLetter, "source", 14 * _DAY, False, "two weeks to look into it"),
}

_UPLINK = {
    "frames": Topic.SENSOR_RAW,
    "decisions": Topic.COACH_DECISIONS,
    "events": Topic.SESSION_EVENTS,
    "status": Topic.VEHICLE_STATUS,
}
UPLINK_CHANNELS: dict[str, Topic] = dict(_UPLINK)
"""MQTT channel of a car -> Kafka topic."""

DOWNLINK_CHANNELS: dict[str, type[msgspec.Struct]] = {"commands": CoachCommand, "drive": DriveCommand}
"""MQTT channel on which a car is spoken to -> what is said. `drive` comes from a station, not through the relay."""

CHANNELS = (*_UPLINK, *DOWNLINK_CHANNELS)


def mqtt_topic(vehicle_id: str, channel: str) -> str:
    """MQTT topic of one car's channel (frames, decisions, events, status, commands, drive)."""
    if channel not in CHANNELS:
        raise ContractError(f"unknown MQTT channel {channel!r}; known: {', '.join(CHANNELS)}", reason="unknown_channel")
    return f"{MQTT_ROOT}/{vehicle_id}/{channel}"


def parse_mqtt_topic(topic: str) -> tuple[str, str]:
    """(vehicle_id, channel) of an MQTT topic; ContractError if it is not one of ours."""
    parts = topic.split("/")
    if len(parts) != 4 or "/".join(parts[:2]) != MQTT_ROOT or not parts[2] or parts[3] not in CHANNELS:
        raise ContractError(f"MQTT topic {topic!r} is not {MQTT_ROOT}/<vehicle_id>/<channel>", reason="unknown_topic")
    return parts[2], parts[3]
