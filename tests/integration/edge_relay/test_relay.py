"""The relay between real brokers: each test runs with Mosquitto (MQTT 5) and with amqtt (MQTT 3.1.1)."""

from __future__ import annotations

import base64
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from confluent_kafka import Message, Producer

from coach_core.contracts import CoachCommand, DeadLetter, HintCommand, SensorFrame, decode, encode
from ops.embedded import EmbeddedKafka, EmbeddedMqtt
from tests.fixtures.brokers import KafkaTail
from tests.integration.edge_relay.conftest import Car, RelayProcess, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.integration


def sequence(records: list[Message], car: Car) -> list[int]:
    """The car's frames among the records, by number, repeated ones left out."""
    frames = [decode(record.value() or b"", SensorFrame) for record in records if record.topic() == "sensor-raw"]
    return list(dict.fromkeys(frame.seq for frame in frames if frame.vehicle_id == car.vehicle_id))


def complete(car: Car) -> Callable[[list[Message]], bool]:
    """Whether every frame of the car has come."""
    return lambda records: len(sequence(records, car)) >= car.sent


def test_frames_reach_kafka_as_sent_with_key_and_headers(
    relay: RelayProcess, car: Car, embedded_kafka: EmbeddedKafka
) -> None:
    with KafkaTail(embedded_kafka.bootstrap, ["sensor-raw"]) as tail:
        payload = car.frame()
        car.publish("frames", payload).wait_for_publish(10)
        [record] = tail.until(complete(car))
    assert record.value() == payload
    assert record.key() == car.session_id.encode()
    headers = dict(record.headers() or [])
    assert headers["schema_version"] == b"1"
    assert abs(int(headers["received_at"] or 0) / 1e6 - time.time()) < 60
    wait_until(lambda: relay.metric('parkit_relay_produced_total{topic="sensor-raw"}') == 1)
    assert relay.metric('parkit_relay_received_total{channel="frames"}') == 1
    assert relay.metric('parkit_relay_hop_seconds_count{hop="relay_to_kafka"}') == 1
    assert relay.metric('parkit_relay_hop_seconds_count{hop="car_to_relay"}') == 1


def test_a_malformed_frame_goes_to_dead_letter_and_stops_nothing(
    relay: RelayProcess, car: Car, embedded_kafka: EmbeddedKafka
) -> None:
    with KafkaTail(embedded_kafka.bootstrap, ["dead-letter", "sensor-raw"]) as tail:
        car.publish("frames", b'{"schema_version": 1').wait_for_publish(10)
        car.drive(3)
        records = tail.until(lambda seen: complete(car)(seen) and any(r.topic() == "dead-letter" for r in seen))
    [letter] = [decode(r.value() or b"", DeadLetter) for r in records if r.topic() == "dead-letter"]
    assert letter.source == f"parkit/v1/{car.vehicle_id}/frames"
    assert letter.reason == "not_json"
    assert base64.b64decode(letter.payload_b64) == b'{"schema_version": 1'
    assert sequence(records, car) == [0, 1, 2]
    assert relay.metric('parkit_relay_dead_letter_total{reason="not_json"}') == 1


def test_while_kafka_is_down_frames_are_spooled_and_arrive_in_order_when_it_is_back(
    own_kafka: EmbeddedKafka, embedded_mqtt: EmbeddedMqtt, car: Car, tmp_path: Path
) -> None:
    with (
        RelayProcess(own_kafka.bootstrap, embedded_mqtt, tmp_path) as relay,
        KafkaTail(own_kafka.bootstrap, ["sensor-raw"]) as tail,
    ):
        relay.until_ready()
        car.drive(20)
        own_kafka.set_down(True)
        car.drive(100)
        wait_until(lambda: relay.metric("parkit_relay_spool_records") >= 100, what="100 records in the spool")
        wait_until(lambda: relay.metric("parkit_relay_unsafe_records") == 0, what="everything on disk")
        assert relay.get("/readyz")[0] == 503
        assert relay.metric("parkit_relay_kafka_up") == 0
        own_kafka.set_down(False)
        car.drive(20)
        assert sequence(tail.until(complete(car)), car) == list(range(140))
        relay.until_ready()
        wait_until(lambda: relay.metric("parkit_relay_spool_records") == 0, what="an empty spool")
        assert relay.seen("spool_drained") is not None


def test_a_slow_kafka_is_not_waited_for(
    own_kafka: EmbeddedKafka, embedded_mqtt: EmbeddedMqtt, car: Car, tmp_path: Path
) -> None:
    with (
        RelayProcess(own_kafka.bootstrap, embedded_mqtt, tmp_path) as relay,
        KafkaTail(own_kafka.bootstrap, ["sensor-raw"]) as tail,
    ):
        relay.until_ready()
        own_kafka.set_delay_ms(800)
        car.drive(30)
        wait_until(lambda: relay.seen("spooling_started") is not None, what="spooling")
        own_kafka.set_delay_ms(0)
        assert sequence(tail.until(complete(car)), car) == list(range(30))


def test_a_relay_that_starts_without_kafka_spools_until_kafka_comes(
    own_kafka: EmbeddedKafka, embedded_mqtt: EmbeddedMqtt, car: Car, tmp_path: Path
) -> None:
    own_kafka.set_down(True)
    with RelayProcess(own_kafka.bootstrap, embedded_mqtt, tmp_path) as relay:
        wait_until(lambda: relay.metric("parkit_relay_mqtt_up") == 1, what="MQTT")
        wait_until(lambda: relay.get("/readyz")[0] == 503)
        assert relay.get("/healthz")[0] == 200
        time.sleep(0.2)  # its subscription has no other sign
        car.drive(10)
        wait_until(lambda: relay.metric("parkit_relay_spool_records") == 10, what="10 records in the spool")
        own_kafka.set_down(False)
        with KafkaTail(own_kafka.bootstrap, ["sensor-raw"], from_start=True) as tail:
            assert sequence(tail.until(complete(car)), car) == list(range(10))


@pytest.mark.parametrize("kafka_is_down", [False, True], ids=["kafka up", "kafka down"])
def test_a_relay_that_is_killed_while_frames_flow_loses_none(
    own_kafka: EmbeddedKafka, embedded_mqtt: EmbeddedMqtt, car: Car, tmp_path: Path, kafka_is_down: bool
) -> None:
    with (
        RelayProcess(own_kafka.bootstrap, embedded_mqtt, tmp_path) as relay,
        KafkaTail(own_kafka.bootstrap, ["sensor-raw"]) as tail,
    ):
        relay.until_ready()
        car.drive(50)
        own_kafka.set_down(kafka_is_down)
        for _ in range(200):
            car.publish("frames", car.frame())
        wait_until(lambda: relay.metric('parkit_relay_received_total{channel="frames"}') > 60)
        relay.kill()
        car.drive(50)
        own_kafka.set_down(False)
        relay.start()
        frames = sequence(tail.until(complete(car), timeout_s=30), car)
        if embedded_mqtt.kind == "amqtt":
            frames.sort()  # amqtt sends again what was in flight in an order of its own
        assert frames == list(range(300))
        relay.until_ready()
        wait_until(lambda: relay.metric("parkit_relay_spool_records") == 0, what="an empty spool")


def test_a_command_reaches_its_car(relay: RelayProcess, car: Car, embedded_kafka: EmbeddedKafka) -> None:
    payload = encode(CoachCommand(1, car.vehicle_id, "c-1", 1, 2, "teacher", HintCommand("왼쪽으로 더 돌리세요")))
    producer = Producer({"bootstrap.servers": embedded_kafka.bootstrap})
    producer.produce("coach-commands", payload, key=car.vehicle_id)
    assert producer.flush(10) == 0
    assert car.commands.get(timeout=10) == payload
    assert relay.metric("parkit_relay_commands_total") >= 1


def test_commands_given_while_the_relay_is_away_reach_the_car_in_order(
    relay: RelayProcess, car: Car, embedded_kafka: EmbeddedKafka
) -> None:
    producer = Producer({"bootstrap.servers": embedded_kafka.bootstrap})
    relay.kill()
    commands = [
        encode(CoachCommand(1, car.vehicle_id, f"c-{number}", 1, 2, "teacher", HintCommand(str(number))))
        for number in range(5)
    ]
    for payload in commands:
        producer.produce("coach-commands", payload, key=car.vehicle_id)
    assert producer.flush(10) == 0
    relay.start()
    got: list[bytes] = []
    while len(got) < 5:
        command = car.commands.get(timeout=10)
        if command not in got:
            got.append(command)
    assert got == commands


def test_a_command_that_cannot_be_read_goes_to_dead_letter(relay: RelayProcess, embedded_kafka: EmbeddedKafka) -> None:
    with KafkaTail(embedded_kafka.bootstrap, ["dead-letter"]) as tail:
        producer = Producer({"bootstrap.servers": embedded_kafka.bootstrap})
        producer.produce("coach-commands", b"hello", key="nobody")
        assert producer.flush(10) == 0
        letters = tail.take(1)
    letter = decode(letters[0].value() or b"", DeadLetter)
    assert letter.source.startswith("coach-commands/")
    assert base64.b64decode(letter.payload_b64) == b"hello"
    assert relay.seen("relay_crashed") is None


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_relay_quietly_with_everything_safe(
    relay: RelayProcess, car: Car, embedded_kafka: EmbeddedKafka, signum: signal.Signals
) -> None:
    with KafkaTail(embedded_kafka.bootstrap, ["sensor-raw"]) as tail:
        car.drive(20)
        assert relay.stop(signum) == 0
        wait_until(lambda: relay.seen("relay_stopped") is not None)
        assert relay.noise == []
        relay.start()
        assert sequence(tail.until(complete(car)), car) == list(range(20))
