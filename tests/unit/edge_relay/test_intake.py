"""What a car sends becomes a record; what cannot be understood becomes a dead letter that says why."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach_core.contracts import (
    DeadLetter,
    GearChanged,
    Pose2,
    SensorFrame,
    SensorReading,
    SessionEvent,
    VehicleStatus,
    decode,
    encode,
)
from edge_relay.intake import LARGEST_RECORD, take_in

NOW = 1_700_000_000_000_000
FRAME = SensorFrame(
    schema_version=1,
    vehicle_id="car-1",
    session_id="session-1",
    seq=7,
    timestamp=NOW - 500,
    sim_time_s=0.14,
    readings=[SensorReading("us_front_left", 1.5, NOW - 500), SensorReading("us_rear_left", None, NOW - 500)],
    pose=Pose2(0.0, 0.0, 0.0),
    speed_mps=0.0,
    steering_angle_rad=0.0,
    gear="P",
    throttle=0.0,
    brake=1.0,
)
EVENT = SessionEvent(1, "car-1", "session-1", 0, NOW, 0.0, GearChanged("R", "P", 0.0))
STATUS = VehicleStatus(1, "car-1", None, "online", NOW)


@pytest.mark.parametrize(
    ("channel", "payload", "topic", "key"),
    [
        ("frames", encode(FRAME), "sensor-raw", b"session-1"),
        ("events", encode(EVENT), "session-events", b"session-1"),
        ("status", encode(STATUS), "vehicle-status", b"car-1"),
    ],
)
def test_a_good_message_keeps_its_bytes_and_gets_topic_key_and_headers(
    channel: str, payload: bytes, topic: str, key: bytes
) -> None:
    taken = take_in(f"parkit/v1/car-1/{channel}", payload, NOW)
    assert taken.reason is None
    assert taken.channel == channel
    assert taken.record.topic == topic
    assert taken.record.key == key
    assert taken.record.value is payload
    assert dict(taken.record.headers) == {"schema_version": b"1", "received_at": str(NOW).encode()}


def test_when_the_car_sent_a_message_is_told() -> None:
    assert take_in("parkit/v1/car-1/frames", encode(FRAME), NOW).sent_at == NOW - 500


def test_fields_we_do_not_know_are_passed_on_untouched() -> None:
    payload = encode(FRAME)[:-1] + b',"new":1}'
    assert take_in("parkit/v1/car-1/frames", payload, NOW).record.value == payload


@pytest.mark.parametrize(
    ("topic", "payload", "reason", "error"),
    [
        ("parkit/v1/car-1/frames", b"{", "not_json", "not JSON"),
        ("parkit/v1/car-1/frames", b"\xff\xfe", "not_json", "not JSON"),
        ("parkit/v1/car-1/frames", b"{}", "invalid_message", "schema_version"),
        ("parkit/v1/car-1/frames", encode(EVENT), "invalid_message", "SensorFrame"),
        ("parkit/v1/car-2/frames", encode(FRAME), "vehicle_mismatch", "'car-1' on the topic of 'car-2'"),
        ("parkit/v1/car-1/commands", b"{}", "unknown_channel", "do not publish on 'commands'"),
        ("parkit/v2/car-1/frames", encode(FRAME), "unknown_topic", "parkit/v1"),
        ("parkit/v1/car-1/frames", b" " * (LARGEST_RECORD + 1), "too_large", str(LARGEST_RECORD)),
    ],
)
def test_what_breaks_the_contract_becomes_a_dead_letter_with_its_reason(
    topic: str, payload: bytes, reason: str, error: str
) -> None:
    taken = take_in(topic, payload, NOW)
    assert taken.reason == reason
    assert taken.record.topic == "dead-letter"
    assert taken.record.key == topic.encode()
    letter = decode(taken.record.value, DeadLetter)
    assert (letter.source, letter.reason, letter.timestamp) == (topic, reason, NOW)
    assert error in letter.error
    assert payload.startswith(base64.b64decode(letter.payload_b64))


def test_a_dead_letter_fits_into_kafka_however_large_its_cause() -> None:
    taken = take_in("parkit/v1/car-1/frames", b"x" * 5_000_000, NOW)
    assert len(taken.record.value) < LARGEST_RECORD
    assert "of 5000000 bytes kept" in decode(taken.record.value, DeadLetter).error


@given(st.text(max_size=60), st.binary(max_size=200))
def test_nothing_that_can_be_sent_stops_the_intake(topic: str, payload: bytes) -> None:
    taken = take_in(topic, payload, NOW)
    assert base64.b64decode(decode(taken.record.value, DeadLetter).payload_b64) == payload
