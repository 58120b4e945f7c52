"""From Kafka to recording and report, through re-delivery, gaps, rubbish and kill -9."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from coach_core.contracts import (
    DeadLetter,
    Decision,
    SensorFrame,
    SessionEvent,
    SessionReport,
    Topic,
    decode,
    encode,
)
from ops.embedded import EmbeddedKafka
from tests.fixtures.brokers import KafkaTail
from tests.integration.cloud.server import Car, CloudProcess, wait_for
from tests.unit.cloud.messages import decision, ended, event, frame, started

pytestmark = pytest.mark.integration

Messages = list[SensorFrame | Decision | SessionEvent]


def attempt(car: Car, count: int = 300) -> Messages:
    """All messages of an attempt, in the order a car sends them."""
    messages: Messages = [event(0, started(), **car.names)]
    for seq in range(count):
        messages += [
            frame(seq, **car.names),
            decision(seq, level="warning" if 50 <= seq < 80 else "clear", **car.names),
        ]
    messages.append(event(1, ended(duration_s=count * 0.02), at_s=count * 0.02, **car.names))
    return messages


AFTER_KILL_S = 120.0
"""A broker gives a killed consumer's partitions to the next one when its session has timed out: 45 s by default."""


def report_of(cloud: CloudProcess, car: Car, timeout_s: float = 60.0) -> SessionReport:
    def found() -> bytes | None:
        response = cloud.get(f"/api/v1/sessions/{car.session_id}/report")
        return response.content if response.status_code == 200 else None

    return decode(wait_for(found, "the report", timeout_s), SessionReport)


def recording(cloud: CloudProcess, car: Car, kind: str) -> list[Any]:
    response = cloud.get(f"/api/v1/sessions/{car.session_id}/recording", kind=kind)
    assert response.status_code == 200
    found = response.json()
    assert isinstance(found, list)
    return found


def as_json(messages: Messages, kind: type) -> list[Any]:
    return [json.loads(encode(message)) for message in messages if isinstance(message, kind)]


def test_an_attempt_is_recorded_and_reported(cloud: CloudProcess, car: Car, embedded_kafka: EmbeddedKafka) -> None:
    messages = attempt(car)
    with KafkaTail(embedded_kafka.bootstrap, [Topic.SESSION_REPORTS]) as tail:
        car.send(*messages)
        report = report_of(cloud, car)
        (published,) = [r for r in tail.take(1) if r.key() == car.session_id.encode()]
    assert published.value() == encode(report)
    assert (report.frames, report.missing_frames, report.result) == (300, 0, "parked")
    assert [(span.sector, span.level) for span in report.alerts] == [("rear_left", "warning")]
    assert recording(cloud, car, "frames") == as_json(messages, SensorFrame)
    assert recording(cloud, car, "decisions") == as_json(messages, Decision)
    session = cloud.get(f"/api/v1/sessions/{car.session_id}").json()
    assert (session["state"], session["score"]) == ("reported", report.card.score)
    events = cloud.get(f"/api/v1/sessions/{car.session_id}/events").json()["events"]
    assert [item["detail"]["kind"] for item in events] == ["started", "ended"]


def test_delivering_everything_twice_changes_nothing(cloud: CloudProcess, car: Car) -> None:
    messages = attempt(car, 120)
    car.send(*messages)
    before = report_of(cloud, car)
    reports = cloud.metric("parkit_cloud_reports_total")
    duplicates = cloud.metric("parkit_cloud_analysis_duplicates_total")
    car.send(*messages)
    wait_for(lambda: cloud.metric("parkit_cloud_analysis_duplicates_total") == duplicates + 242, "the second delivery")
    assert report_of(cloud, car) == before
    assert recording(cloud, car, "frames") == as_json(messages, SensorFrame)
    assert cloud.metric("parkit_cloud_reports_total") == reports


def test_missing_frames_are_counted_and_make_the_report_good_when_they_come_late(cloud: CloudProcess, car: Car) -> None:
    messages = attempt(car, 200)
    late = [m for m in messages if isinstance(m, SensorFrame) and 60 <= m.seq < 65]
    car.send(*(m for m in messages if m not in late))
    assert report_of(cloud, car).missing_frames == 5
    car.send(*late)
    wait_for(lambda: report_of(cloud, car).missing_frames == 0, "the better report")


def test_a_record_that_cannot_be_read_becomes_a_dead_letter_and_stops_nothing(
    cloud: CloudProcess, car: Car, embedded_kafka: EmbeddedKafka
) -> None:
    with KafkaTail(embedded_kafka.bootstrap, [Topic.DEAD_LETTER]) as tail:
        car.send_raw(Topic.SENSOR_RAW, b'{"seq": "rubbish"}')
        car.send(*attempt(car, 60))
        (record,) = tail.take(1)
    letter = decode(record.value() or b"", DeadLetter)
    assert letter.reason == "invalid_message"
    assert letter.source.startswith("sensor-raw/")
    assert report_of(cloud, car).missing_frames == 0


def test_a_process_killed_in_the_middle_loses_and_doubles_nothing(
    embedded_kafka: EmbeddedKafka, tmp_path: Path
) -> None:
    car = Car(embedded_kafka.bootstrap)
    messages = attempt(car, 400)
    cloud = CloudProcess(embedded_kafka.bootstrap, tmp_path)
    with cloud:
        car.send(*messages[:300])
        wait_for(lambda: cloud.metric("parkit_cloud_analysis_records_total") >= 200, "the first records")
        cloud.signal(signal.SIGKILL)
        car.send(*messages[300:])
        cloud.start()
        report = report_of(cloud, car, AFTER_KILL_S)
        assert (report.frames, report.missing_frames) == (400, 0)
        assert recording(cloud, car, "frames") == as_json(messages, SensorFrame)
        assert recording(cloud, car, "decisions") == as_json(messages, Decision)


def test_a_session_that_ended_while_we_were_away_is_reported_after_the_restart(
    embedded_kafka: EmbeddedKafka, tmp_path: Path
) -> None:
    car = Car(embedded_kafka.bootstrap)
    cloud = CloudProcess(embedded_kafka.bootstrap, tmp_path, report_grace_s="600")
    with cloud:
        messages = attempt(car, 100)
        car.send(*(m for m in messages if not (isinstance(m, SensorFrame) and m.seq == 50)))
        wait_for(lambda: cloud.get(f"/api/v1/sessions/{car.session_id}").json().get("ended_at"), "the end to be stored")
        cloud.signal(signal.SIGKILL)
        car.send(frame(50, **car.names))
        cloud.start()
        assert report_of(cloud, car, AFTER_KILL_S).missing_frames == 0
