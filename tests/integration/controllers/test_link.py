"""The car's link against real brokers: it may come late, go and come back; what is sent arrives, in order."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from coach_core.contracts import CoachCommand, DriveCommand, VehicleStatus, decode, encode, mqtt_topic
from coach_core.contracts.messages import HintCommand
from controllers.parkit_coach.inputs.remote import drive_topic
from controllers.parkit_coach.link import CarLink
from ops.embedded.mqtt import EmbeddedMqtt, Kind, find_mosquitto
from tests.fixtures.brokers import require_mosquitto, unique

pytestmark = pytest.mark.integration


class Listener:
    """Hears everything a car says, from a thread of its own; a context manager."""

    def __init__(self, broker: EmbeddedMqtt, vehicle: str) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._subscribed = threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=unique("listener"), protocol=mqtt.MQTTv311)
        self._client.on_message = lambda _c, _d, message: self.heard.append((message.topic, bytes(message.payload)))
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_connect = lambda client, *_: client.subscribe(f"parkit/v1/{vehicle}/#", qos=1)
        self._client.connect(broker.host, broker.port)

    def on(self, topic: str) -> list[bytes]:
        return [payload for name, payload in self.heard if name == topic]

    def tell(self, topic: str, payload: bytes) -> None:
        self._client.publish(topic, payload, qos=1)

    def leave(self, topic: str, payload: bytes) -> None:
        """Have the broker keep it for whoever subscribes later."""
        self._client.publish(topic, payload, qos=1, retain=True)
        deadline = time.monotonic() + 30.0
        while payload not in self.on(topic):
            assert time.monotonic() < deadline, "the broker did not take it"
            time.sleep(0.005)

    def __enter__(self) -> Self:
        self._client.loop_start()
        assert self._subscribed.wait(10.0)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def pump(link: CarLink, holds: Callable[[], bool], timeout_s: float = 20.0) -> None:
    """As the car does it, step by step, until `holds`."""
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        link.pump()
        time.sleep(0.005)  # the length of a step


def numbered(count: int, start: int = 0) -> list[bytes]:
    return [b'{"n":%d}' % number for number in range(start, start + count)]


def without_repeats(payloads: list[bytes]) -> list[bytes]:
    """QoS 1 delivers at least once; what counts is the order of first arrivals."""
    return list(dict.fromkeys(payloads))


@pytest.fixture
def vehicle() -> str:
    return unique("car")


@pytest.fixture
def frames(vehicle: str) -> str:
    return mqtt_topic(vehicle, "frames")


@pytest.fixture(params=["mosquitto", "amqtt"])
def kind(request: pytest.FixtureRequest) -> Kind:
    wanted: Kind = request.param
    if wanted == "mosquitto":
        require_mosquitto()
    return wanted


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    return tmp_path / "outbox"


def waiting(outbox: Path) -> list[Path]:
    return list(outbox.rglob("*.outbox"))


def test_frames_arrive_in_order_and_leave_nothing_on_disk(
    embedded_mqtt: EmbeddedMqtt, vehicle: str, frames: str, outbox: Path
) -> None:
    with Listener(embedded_mqtt, vehicle) as listener:
        link = CarLink(embedded_mqtt.host, embedded_mqtt.port, vehicle, "s-1", outbox)
        pump(link, lambda: link.connected)
        for payload in numbered(500):
            link.publish("frames", payload)
        pump(link, lambda: len(listener.on(frames)) >= 500)
        link.close(5.0)
        assert listener.on(frames) == numbered(500)
    assert waiting(outbox) == []


def test_status_is_retained_online_and_then_offline(embedded_mqtt: EmbeddedMqtt, vehicle: str, outbox: Path) -> None:
    topic = mqtt_topic(vehicle, "status")
    link = CarLink(embedded_mqtt.host, embedded_mqtt.port, vehicle, "s-1", outbox)
    pump(link, lambda: link.connected)
    with Listener(embedded_mqtt, vehicle) as listener:
        pump(link, lambda: len(listener.on(topic)) == 1)
        link.close(1.0)
        pump_free(lambda: len(listener.on(topic)) == 2)
        states = [decode(payload, VehicleStatus) for payload in listener.on(topic)]
    assert [(status.state, status.session_id) for status in states] == [("online", "s-1"), ("offline", None)]


def pump_free(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10.0
    while not holds():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(0.005)


def test_commands_arrive_and_nonsense_is_passed_over(embedded_mqtt: EmbeddedMqtt, vehicle: str, outbox: Path) -> None:
    command = CoachCommand(1, vehicle, "c-1", 0, 10, "kim", HintCommand("천천히"))
    with Listener(embedded_mqtt, vehicle) as listener:
        link = CarLink(embedded_mqtt.host, embedded_mqtt.port, vehicle, "s-1", outbox)
        topic = mqtt_topic(vehicle, "status")
        pump(link, lambda: len(listener.on(topic)) == 1)
        taken: list[CoachCommand] = []

        def arrived() -> bool:
            taken.extend(link.take_commands())
            return bool(taken)

        listener.tell(mqtt_topic(vehicle, "commands"), b'{"not": "a command"}')
        listener.tell(mqtt_topic(vehicle, "commands"), encode(command))
        pump(link, arrived)
        link.close(1.0)
    assert taken == [command]


def test_broker_that_comes_late_gets_everything(kind: Kind, vehicle: str, frames: str, outbox: Path) -> None:
    port = free_port()
    link = CarLink("127.0.0.1", port, vehicle, "s-1", outbox)
    for payload in numbered(50):
        link.publish("frames", payload)
        link.pump()
    assert not link.connected
    with EmbeddedMqtt(port=port, kind=kind) as broker, Listener(broker, vehicle) as listener:
        pump(link, lambda: len(listener.on(frames)) >= 50)
        link.close(5.0)
        assert listener.on(frames) == numbered(50)


def test_lost_broker_gets_everything_in_order_after_it_is_back(
    kind: Kind, vehicle: str, frames: str, outbox: Path
) -> None:
    with EmbeddedMqtt(kind=kind) as broker, Listener(broker, vehicle) as listener:
        link = CarLink(broker.host, broker.port, vehicle, "s-1", outbox)
        pump(link, lambda: link.connected)
        for payload in numbered(100):
            link.publish("frames", payload)
        pump(link, lambda: len(listener.on(frames)) >= 100)
        port, before = broker.port, listener.on(frames)
        for payload in numbered(50, 100):  # on their way when it goes
            link.publish("frames", payload)
    for payload in numbered(300, 150):
        link.publish("frames", payload)
        link.pump()
    pump(link, lambda: not link.connected)
    with EmbeddedMqtt(port=port, kind=kind) as broker, Listener(broker, vehicle) as listener:
        pump(link, lambda: bool(listener.on(frames)) and listener.on(frames)[-1] == numbered(1, 449)[0])
        link.close(5.0)
        after = without_repeats(listener.on(frames))
    assert after == sorted(after, key=lambda payload: int(payload[5:-1]))
    assert set(before) | set(numbered(50, 100)) | set(after) == set(numbered(450))
    assert set(numbered(300, 150)) <= set(after)
    assert waiting(outbox) == []


def test_car_that_died_unsent_sends_first_what_it_left(vehicle: str, frames: str, outbox: Path) -> None:
    dead = CarLink("127.0.0.1", free_port(), vehicle, "s-1", outbox)
    for payload in numbered(20):
        dead.publish("frames", payload)
    dead.close(0.0)
    neighbour = CarLink("127.0.0.1", free_port(), f"{vehicle}_b", "s-1", outbox)
    neighbour.publish("frames", b"{}")
    neighbour.close(0.0)
    kind: Kind = "mosquitto" if find_mosquitto() else "amqtt"
    with EmbeddedMqtt(kind=kind) as broker, Listener(broker, vehicle) as listener:
        link = CarLink(broker.host, broker.port, vehicle, "s-2", outbox)
        for payload in numbered(20, 20):
            link.publish("frames", payload)
        pump(link, lambda: len(listener.on(frames)) >= 40)
        link.close(5.0)
        assert listener.on(frames) == numbered(40)
    assert [path.parent.name for path in waiting(outbox)] == [f"{vehicle}_b"]


def test_same_session_started_again_sends_what_it_left_once(vehicle: str, frames: str, outbox: Path) -> None:
    dead = CarLink("127.0.0.1", free_port(), vehicle, "s-1", outbox)
    for payload in numbered(5):
        dead.publish("frames", payload)
    dead.close(0.0)
    kind: Kind = "mosquitto" if find_mosquitto() else "amqtt"
    with EmbeddedMqtt(kind=kind) as broker, Listener(broker, vehicle) as listener:
        link = CarLink(broker.host, broker.port, vehicle, "s-1", outbox)
        link.publish("frames", numbered(1, 5)[0])
        pump(link, lambda: len(listener.on(frames)) >= 6)
        link.close(5.0)
        assert listener.on(frames) == numbered(6)


def test_remote_drivers_commands_reach_a_driven_car_but_not_what_was_left_at_the_broker(
    embedded_mqtt: EmbeddedMqtt, vehicle: str, outbox: Path
) -> None:
    told = DriveCommand(1, vehicle, "desk", 1, 0.1, 0.2, 0.0, "D")
    topic = drive_topic(vehicle)
    with Listener(embedded_mqtt, vehicle) as station:
        station.leave(topic, encode(msgspec.structs.replace(told, seq=0)))
        link = CarLink(embedded_mqtt.host, embedded_mqtt.port, vehicle, "s-1", outbox, driven=True)
        pump(link, lambda: link.connected)
        taken: list[DriveCommand] = []

        def heard() -> bool:
            station.tell(topic, b'{"throttle": 2}')
            station.tell(topic, encode(told))
            taken.extend(link.take_drives())
            return bool(taken)

        pump(link, heard)
        link.close(1.0)
    assert set(taken) == {told}
    assert link.take_commands() == []


def test_car_that_is_not_driven_from_elsewhere_does_not_listen(
    embedded_mqtt: EmbeddedMqtt, vehicle: str, outbox: Path
) -> None:
    link = CarLink(embedded_mqtt.host, embedded_mqtt.port, vehicle, "s-1", outbox)
    with Listener(embedded_mqtt, vehicle) as station:
        pump(link, lambda: link.connected)
        station.tell(drive_topic(vehicle), encode(DriveCommand(1, vehicle, "desk", 1, 0.1, 0.2, 0.0, "D")))
        pump(link, lambda: len(station.on(drive_topic(vehicle))) == 1)
        link.close(1.0)
    assert link.take_drives() == []
