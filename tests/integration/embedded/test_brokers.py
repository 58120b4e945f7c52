"""The embedded brokers themselves: they start, serve, and end with whoever started them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable

import psutil  # type: ignore[import-untyped]
import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from coach_core.contracts import KAFKA_TOPICS
from coach_core.errors import UsageError
from ops.embedded import EmbeddedKafka, EmbeddedMqtt
from ops.embedded.mqtt import Kind
from tests.fixtures.brokers import KafkaTail, require_mosquitto, unique

pytestmark = pytest.mark.integration


def wait_until(condition: Callable[[], bool], timeout_s: float = 10.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "the awaited condition did not come about"
        time.sleep(0.01)


@pytest.fixture(params=["mosquitto", "amqtt"])
def kind(request: pytest.FixtureRequest) -> Kind:
    if request.param == "mosquitto":
        require_mosquitto()
    chosen: Kind = request.param
    return chosen


def test_kafka_has_our_topics_and_gives_back_what_it_was_given(embedded_kafka: EmbeddedKafka) -> None:
    producer = Producer({"bootstrap.servers": embedded_kafka.bootstrap, "enable.idempotence": True})
    topics = producer.list_topics(timeout=10).topics
    assert {topic.value: len(topics[topic].partitions) for topic in KAFKA_TOPICS} == dict.fromkeys(KAFKA_TOPICS, 4)

    key = unique("session")
    with KafkaTail(embedded_kafka.bootstrap, ["session-events"]) as tail:
        for number in range(5):
            producer.produce("session-events", key=key, value=str(number), headers={"schema_version": b"1"})
        assert producer.flush(10) == 0
        records = tail.take(5)
    assert [record.value() for record in records] == [b"0", b"1", b"2", b"3", b"4"]
    assert records[0].headers() == [("schema_version", b"1")]


def test_a_consumer_group_joins_and_resumes_where_it_committed(embedded_kafka: EmbeddedKafka) -> None:
    group = unique("group")
    topic = unique("topic")
    producer = Producer({"bootstrap.servers": embedded_kafka.bootstrap})
    for number in range(4):
        producer.produce(topic, value=str(number), partition=0)
    assert producer.flush(10) == 0

    def read(count: int) -> list[bytes | None]:
        consumer = Consumer(
            {
                "bootstrap.servers": embedded_kafka.bootstrap,
                "group.id": group,
                "group.protocol": "consumer",
                "auto.offset.reset": "earliest",
                "enable.auto.commit": False,
            }
        )
        consumer.subscribe([topic])
        values: list[bytes | None] = []

        def enough() -> bool:
            message = consumer.poll(0.1)
            if message is not None and message.error() is None:
                values.append(message.value())
            return len(values) >= count

        wait_until(enough)
        consumer.commit(offsets=[TopicPartition(topic, 0, int(values[-1] or b"0") + 1)], asynchronous=False)
        consumer.close()
        return values

    assert read(2)[:2] == [b"0", b"1"]
    assert read(1)[0] in (b"1", b"2", b"3")


def test_kafka_trims_bulk_topics_only() -> None:
    with EmbeddedKafka(keep_s=0.5) as kafka:
        producer = Producer({"bootstrap.servers": kafka.bootstrap})
        for topic in ("sensor-raw", "session-events"):
            for number in range(50):
                producer.produce(topic, value=str(number), partition=0)
        assert producer.flush(10) == 0
        consumer = Consumer({"bootstrap.servers": kafka.bootstrap, "group.id": unique("group")})
        raw, events = TopicPartition("sensor-raw", 0), TopicPartition("session-events", 0)
        wait_until(lambda: consumer.get_watermark_offsets(raw, timeout=5) == (50, 50))
        assert consumer.get_watermark_offsets(events, timeout=5) == (0, 50)
        consumer.close()


def test_kafka_refuses_while_down_and_still_has_its_records_afterwards() -> None:
    with EmbeddedKafka() as kafka:
        producer = Producer({"bootstrap.servers": kafka.bootstrap, "reconnect.backoff.max.ms": 100, "log_level": 2})
        producer.produce("session-events", value=b"before")
        assert producer.flush(10) == 0
        kafka.set_down(True)
        producer.produce("session-events", value=b"during")
        assert producer.flush(0.3) == 1
        kafka.set_down(False)
        assert producer.flush(10) == 0
        with KafkaTail(kafka.bootstrap, ["session-events"], from_start=True) as tail:
            assert {record.value() for record in tail.take(2)} == {b"before", b"during"}


def test_an_unknown_order_to_kafka_is_answered_with_what_it_knows(embedded_kafka: EmbeddedKafka) -> None:
    with pytest.raises(UsageError, match="knows down, up and delay"):
        embedded_kafka._child.ask("dance")


def test_mqtt_says_what_it_speaks_and_accepts_connections(kind: Kind) -> None:
    with EmbeddedMqtt(kind=kind) as mqtt:
        assert mqtt.protocol == {"mosquitto": 5, "amqtt": 311}[kind]
        socket.create_connection((mqtt.host, mqtt.port), timeout=1).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((mqtt.host, mqtt.port), timeout=1)


def test_mqtt_names_the_port_that_is_taken_and_what_to_do(kind: Kind) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(UsageError, match=rf"Port {port} .* already in use; .* another port"):
            EmbeddedMqtt(kind=kind, port=port).start()


STARTER = """
import sys, time
from ops.embedded import EmbeddedKafka, EmbeddedMqtt
kafka, mqtt = EmbeddedKafka().start(), EmbeddedMqtt(kind=sys.argv[1]).start()
print("ready", flush=True)
time.sleep(60)
"""


def test_brokers_end_when_whoever_started_them_is_killed(kind: Kind) -> None:
    starter = subprocess.Popen([sys.executable, "-c", STARTER, kind], stdout=subprocess.PIPE)
    assert starter.stdout is not None
    assert starter.stdout.readline() == b"ready\n"
    brokers = psutil.Process(starter.pid).children(recursive=True)
    assert len(brokers) >= 2
    starter.kill()
    starter.wait()
    starter.stdout.close()
    wait_until(lambda: not any(broker.is_running() for broker in brokers))


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("module", ["ops.embedded.kafka", "ops.embedded.mqtt"])
def test_a_broker_started_by_hand_ends_quietly_on_a_signal(module: str, signum: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-m", module], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as broker:
        assert broker.stdout is not None
        broker.stdout.readline()
        os.kill(broker.pid, signum)
        try:
            _, errors = broker.communicate(timeout=30)
        finally:
            broker.kill()
    assert (broker.returncode, errors) == (0, b"")
