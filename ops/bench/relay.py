"""How long a message takes from the car's MQTT publish to a Kafka consumer, over the embedded brokers.

`measure` runs the real relay in a process of its own between real brokers, publishes frames and decisions at a car's
rate and reads them back from Kafka; `measure_bare` does the same without relay and broker (publish straight to Kafka),
so that a gate can compare two figures of the same run on the same machine.

    python -m ops.bench.relay            # a table of both brokers and the bare loop
"""

from __future__ import annotations

import contextlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import msgspec
import paho.mqtt.client as paho
from confluent_kafka import Consumer, Producer, TopicPartition
from paho.mqtt.enums import CallbackAPIVersion

from coach_core.contracts import (
    SECTORS,
    ClearanceState,
    Decision,
    Pose2,
    SensorFrame,
    SensorReading,
    Topic,
    encode,
    mqtt_topic,
)
from ops.bench.machine import machine
from ops.embedded.kafka import PARTITIONS, EmbeddedKafka
from ops.embedded.mqtt import EmbeddedMqtt, Kind, find_mosquitto

_WARM_UP = 0.1
_TOPICS = (Topic.SENSOR_RAW, Topic.COACH_DECISIONS)
Send = Callable[[str, bytes], object]


class Figures(NamedTuple):
    """One run. Times in milliseconds, from publish to consumer, the first tenth left out."""

    way: str
    cars: int
    rate_hz: float
    sent: int
    received: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    relay_cpu_percent: float
    """Of one core; 0 where no relay runs."""


def measure(kind: Kind, *, cars: int = 1, rate_hz: float = 50.0, seconds: float = 10.0) -> Figures:
    """Publish a frame and a decision per car and period through the broker and the relay."""
    with EmbeddedKafka() as kafka, EmbeddedMqtt(kind=kind) as mqtt, _relay(kafka, mqtt) as relay:
        with _Reader(kafka.bootstrap) as reader, _publishing(mqtt) as send:
            cpu_before = _cpu_s(relay.pid)
            began = time.monotonic()
            sent = _drive(send, cars, rate_hz, seconds)
            reader.wait(sent)
            cpu = (_cpu_s(relay.pid) - cpu_before) / (time.monotonic() - began)
        return _figures(f"mqtt({kind}) -> relay -> kafka", cars, rate_hz, sent, reader.ages_ms, 100.0 * cpu)


def measure_bare(*, cars: int = 1, rate_hz: float = 50.0, seconds: float = 10.0) -> Figures:
    """The floor: the same messages produced to the same Kafka without MQTT and relay."""
    with EmbeddedKafka() as kafka, _Reader(kafka.bootstrap) as reader:
        producer = Producer({"bootstrap.servers": kafka.bootstrap, "linger.ms": 0, "acks": "all", "log_level": 2})
        topics = {"frames": Topic.SENSOR_RAW.value, "decisions": Topic.COACH_DECISIONS.value}

        def send(topic: str, payload: bytes) -> None:
            _, _, vehicle, channel = topic.split("/")
            producer.produce(topics[channel], payload, key=vehicle)
            producer.poll(0)

        sent = _drive(send, cars, rate_hz, seconds)
        reader.wait(sent)
        producer.flush(5)
        return _figures("producer -> kafka", cars, rate_hz, sent, reader.ages_ms, 0.0)


def _figures(way: str, cars: int, rate_hz: float, sent: int, ages_ms: list[float], cpu: float) -> Figures:
    settled = ages_ms[int(len(ages_ms) * _WARM_UP) :]
    cuts = statistics.quantiles(settled, n=100)
    return Figures(way, cars, rate_hz, sent, len(ages_ms), cuts[49], cuts[98], max(settled), cpu)


def _drive(send: Send, cars: int, rate_hz: float, seconds: float) -> int:
    """Send a frame and a decision of each car in every period; how many messages that were."""
    names = [f"bench-{number}" for number in range(cars)]
    frames = {name: _frame(name) for name in names}
    decisions = {name: _decision(name) for name in names}
    began = time.monotonic()
    sent = 0
    for period in range(int(seconds * rate_hz)):
        ahead = began + period / rate_hz - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)
        for name in names:
            stamp = time.time_ns() // 1_000
            frame = msgspec.structs.replace(frames[name], seq=period, timestamp=stamp)
            send(mqtt_topic(name, "frames"), encode(frame))
            stamp = time.time_ns() // 1_000
            decision = msgspec.structs.replace(decisions[name], seq=period, timestamp=stamp)
            send(mqtt_topic(name, "decisions"), encode(decision))
            sent += 2
    return sent


@contextlib.contextmanager
def _publishing(mqtt: EmbeddedMqtt) -> Iterator[Send]:
    """A car's client: published inline, without Nagle, as the controller does."""
    version = paho.MQTTv5 if mqtt.protocol == 5 else paho.MQTTv311
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=version)
    client.on_socket_open = _without_nagle
    client.max_inflight_messages_set(1_000)
    client.connect(mqtt.host, mqtt.port)
    client.loop_start()
    try:
        yield lambda topic, payload: client.publish(topic, payload, qos=1)
    finally:
        client.disconnect()
        client.loop_stop()


def _without_nagle(_client: paho.Client, _data: Any, sock: Any) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


@contextlib.contextmanager
def _relay(kafka: EmbeddedKafka, mqtt: EmbeddedMqtt) -> Iterator[subprocess.Popen[bytes]]:
    with tempfile.TemporaryDirectory(prefix="parkit-bench-") as folder:
        environment = {
            **os.environ,
            "PARKIT_RELAY_MQTT_PORT": str(mqtt.port),
            "PARKIT_RELAY_KAFKA_BOOTSTRAP": kafka.bootstrap,
            "PARKIT_RELAY_KAFKA_FETCH_WAIT_MS": "5",
            "PARKIT_RELAY_SPOOL_DIR": folder,
            "PARKIT_RELAY_HTTP_PORT": "0",
        }
        relay = subprocess.Popen([sys.executable, "-m", "edge_relay"], env=environment, stderr=subprocess.PIPE)
        try:
            assert relay.stderr is not None
            for line in relay.stderr:
                if b"mqtt_connected" in line:
                    break
            threading.Thread(target=relay.stderr.read, daemon=True).start()
            time.sleep(0.3)  # its subscription has no other sign
            yield relay
        finally:
            relay.terminate()
            relay.wait()


class _Reader:
    """Reads both topics in a thread and notes the age of each message."""

    def __init__(self, bootstrap: str) -> None:
        self.ages_ms: list[float] = []
        self._stop = threading.Event()
        self._consumer = Consumer(
            {
                "bootstrap.servers": bootstrap,
                "group.id": "bench",
                "enable.auto.commit": False,
                "fetch.wait.max.ms": 1,
                "socket.nagle.disable": True,
                "log_level": 2,
            }
        )
        self._consumer.assign([TopicPartition(t.value, p, 0) for t in _TOPICS for p in range(PARTITIONS)])
        self._thread = threading.Thread(target=self._run, daemon=True)

    def wait(self, count: int, timeout_s: float = 5.0) -> None:
        deadline = time.monotonic() + timeout_s
        while len(self.ages_ms) < count and time.monotonic() < deadline:
            time.sleep(0.01)

    def __enter__(self) -> _Reader:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._consumer.close()

    def _run(self) -> None:
        class Stamp(msgspec.Struct):
            timestamp: int

        stamp = msgspec.json.Decoder(Stamp)
        while not self._stop.is_set():
            message = self._consumer.poll(0.1)
            if message is not None and message.error() is None:
                now = time.time_ns() // 1_000
                self.ages_ms.append((now - stamp.decode(message.value() or b"").timestamp) / 1_000)


def _cpu_s(pid: int) -> float:
    """Seconds of CPU a process has used (Linux; 0 elsewhere)."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _frame(car: str) -> SensorFrame:
    readings = [SensorReading(f"us_{sector}", 1.234, 1_700_000_000_000_000) for sector in SECTORS]
    return SensorFrame(1, car, car, 0, 0, 12.34, readings, Pose2(1.0, 2.0, 0.5), -0.7, 0.31, "R", 0.1, 0.0)


def _decision(car: str) -> Decision:
    return Decision(
        schema_version=1,
        vehicle_id=car,
        session_id=car,
        seq=0,
        timestamp=0,
        sim_time_s=12.34,
        level="clear",
        sectors=[ClearanceState(sector, 1.234, "clear") for sector in SECTORS],
        ttc_s=None,
        patterns=[],
        cue=None,
        target_steering_angle_rad=0.2,
        stop_in_m=1.5,
        plan=None,
        assist_level=4,
        pose=Pose2(1.0, 2.0, 0.5),
        obstacles=None,
        decision_us=900.0,
    )


def main() -> None:
    kinds: list[Kind] = ["mosquitto", "amqtt"] if find_mosquitto() else ["amqtt"]
    rows = [measure_bare(), *(measure(kind) for kind in kinds), *(measure(kind, cars=10) for kind in kinds)]
    print(machine())
    print(f"{'way':34} {'cars':>4} {'sent':>6} {'got':>6} {'p50':>6} {'p99':>6} {'max':>7} {'relay CPU':>9}   (ms)")
    for row in rows:
        print(
            f"{row.way:34} {row.cars:4} {row.sent:6} {row.received:6} {row.p50_ms:6.2f} {row.p99_ms:6.2f} "
            f"{row.max_ms:7.2f} {row.relay_cpu_percent:8.1f}%"
        )


if __name__ == "__main__":
    main()
