"""A real relay process between real brokers, and a car to talk to it."""

from __future__ import annotations

import http.client
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from coach_core.contracts import Pose2, SensorFrame, encode, mqtt_topic
from ops.embedded import EmbeddedKafka, EmbeddedMqtt
from tests.fixtures.brokers import unique


def wait_until(condition: Callable[[], bool], timeout_s: float = 15.0, what: str = "the awaited condition") -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come about within {timeout_s} s"
        time.sleep(0.01)


class RelayProcess:
    """`python -m edge_relay` with a spool of its own; its log lines are parsed as they come."""

    def __init__(self, kafka: str, mqtt: EmbeddedMqtt, spool: Path, **settings: str) -> None:
        self.spool = spool
        self._environment = {
            **os.environ,
            "PARKIT_RELAY_KAFKA_BOOTSTRAP": kafka,
            "PARKIT_RELAY_KAFKA_FETCH_WAIT_MS": "5",
            "PARKIT_RELAY_MQTT_PORT": str(mqtt.port),
            "PARKIT_RELAY_MQTT_CLIENT_ID": unique("relay"),
            "PARKIT_RELAY_SPOOL_DIR": str(spool),
            "PARKIT_RELAY_HTTP_PORT": "0",
            **{f"PARKIT_RELAY_{key.upper()}": value for key, value in settings.items()},
        }
        self.events: list[dict[str, Any]] = []
        self.noise: list[str] = []
        self._process: subprocess.Popen[str] | None = None
        self._reader = threading.Thread()

    def start(self) -> Self:
        self.events, self.noise = [], []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "edge_relay"], env=self._environment, stderr=subprocess.PIPE, text=True
        )
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()
        wait_until(lambda: self.seen("relay_started") is not None, what=f"relay_started ({self.noise})")
        return self

    def until_ready(self) -> Self:
        wait_until(lambda: self.get("/readyz")[0] == 200, what="readiness")
        return self

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        with process.stderr as lines:
            for line in lines:
                try:
                    self.events.append(json.loads(line))
                except ValueError:
                    self.noise.append(line)

    def seen(self, event: str) -> dict[str, Any] | None:
        return next((entry for entry in self.events if entry["event"] == event), None)

    def get(self, path: str) -> tuple[int, str]:
        started = self.seen("relay_started")
        assert started is not None
        connection = http.client.HTTPConnection("127.0.0.1", started["http_port"], timeout=5)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def metric(self, series: str) -> float:
        """Value of a series as /metrics spells it; 0 if it is not there yet."""
        lines = self.get("/metrics")[1].splitlines()
        return next((float(line.rpartition(" ")[2]) for line in lines if line.rpartition(" ")[0] == series), 0.0)

    def kill(self) -> None:
        """As the kernel would: no goodbye."""
        self.stop(signal.SIGKILL)

    def stop(self, signum: signal.Signals = signal.SIGTERM) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        process.send_signal(signum)
        status = process.wait(10)
        self._reader.join(10)
        return status

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.kill()


class Car:
    """A car's MQTT client: publishes frames with QoS 1 and collects commands."""

    def __init__(self, mqtt: EmbeddedMqtt) -> None:
        self.vehicle_id = unique("car")
        self.session_id = unique("session")
        self.sent = 0
        self.commands: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        version = paho.MQTTv5 if mqtt.protocol == 5 else paho.MQTTv311
        self._client = paho.Client(CallbackAPIVersion.VERSION2, client_id=self.vehicle_id, protocol=version)
        self._client.on_socket_open = _without_nagle
        self._client.on_message = lambda _c, _d, message: self.commands.put(bytes(message.payload))
        subscribed = threading.Event()
        self._client.on_subscribe = lambda *_: subscribed.set()
        self._client.connect(mqtt.host, mqtt.port)
        self._client.loop_start()
        self._client.subscribe(mqtt_topic(self.vehicle_id, "commands"), qos=1)
        assert subscribed.wait(10)

    def frame(self) -> bytes:
        """The next frame's bytes."""
        self.sent += 1
        return encode(
            SensorFrame(
                schema_version=1,
                vehicle_id=self.vehicle_id,
                session_id=self.session_id,
                seq=self.sent - 1,
                timestamp=time.time_ns() // 1_000,
                sim_time_s=0.02 * self.sent,
                readings=[],
                pose=Pose2(0.0, 0.0, 0.0),
                speed_mps=0.0,
                steering_angle_rad=0.0,
                gear="D",
                throttle=0.0,
                brake=0.0,
            )
        )

    def drive(self, frames: int) -> None:
        """Publish frames; returns when the broker has them all."""
        infos = [self.publish("frames", self.frame()) for _ in range(frames)]
        for info in infos:
            info.wait_for_publish(10)
            assert info.is_published()

    def publish(self, channel: str, payload: bytes) -> paho.MQTTMessageInfo:
        return self._client.publish(mqtt_topic(self.vehicle_id, channel), payload, qos=1)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def _without_nagle(_client: paho.Client, _data: Any, sock: Any) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


@pytest.fixture
def car(embedded_mqtt: EmbeddedMqtt) -> Iterator[Car]:
    made = Car(embedded_mqtt)
    yield made
    made.close()


@pytest.fixture
def relay(embedded_kafka: EmbeddedKafka, embedded_mqtt: EmbeddedMqtt, tmp_path: Path) -> Iterator[RelayProcess]:
    """A running relay on the shared brokers."""
    with RelayProcess(embedded_kafka.bootstrap, embedded_mqtt, tmp_path / "spool") as process:
        yield process.until_ready()


@pytest.fixture
def own_kafka() -> Iterator[EmbeddedKafka]:
    """A Kafka that the test may take down."""
    with EmbeddedKafka() as kafka:
        yield kafka
