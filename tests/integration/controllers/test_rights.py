"""What a Mosquitto with edge_relay/mosquitto.acl lets through, and what it does not."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from coach_core.contracts import DriveCommand, encode, mqtt_topic
from controllers.parkit_coach.link import CarLink
from ops.embedded.mqtt import find_mosquitto
from ops.ports import HOST, can_listen, free_port
from tests.fixtures.brokers import require_mosquitto

pytestmark = pytest.mark.integration

ACL = Path(__file__).parents[3] / "edge_relay" / "mosquitto.acl"
PASSWORD = "secret"
WAIT_S = 30.0


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """A broker that asks for passwords and keeps to our rights; desk-1 may drive car-1."""
    require_mosquitto()
    tool, port = shutil.which("mosquitto_passwd"), free_port()
    assert tool is not None, "mosquitto_passwd comes with Mosquitto"
    passwords, rights, config = tmp_path / "passwords", tmp_path / "acl", tmp_path / "mosquitto.conf"
    passwords.touch(0o600)
    for user in ("relay", "car-1", "car-2", "desk-1", "desk-2"):
        subprocess.run([tool, "-b", str(passwords), user, PASSWORD], check=True, capture_output=True)
    text = ACL.read_text(encoding="utf-8")
    rights.write_text(text.replace("# user desk-1", "user desk-1").replace("# topic write", "topic write"))
    rights.chmod(0o600)
    lines = (f"listener {port} {HOST}", "allow_anonymous false", f"password_file {passwords}", f"acl_file {rights}")
    # a broker started by root would give its files' rights up
    config.write_text("\n".join((*lines, "user root", "log_dest stderr", "log_type error")) + "\n")
    broker = subprocess.Popen([str(find_mosquitto()), "-c", str(config)])
    try:
        until(lambda: not can_listen(port))
        yield port
    finally:
        broker.terminate()
        broker.wait(WAIT_S)


class Client:
    """Somebody with a name at the broker, who hears what its rights allow."""

    def __init__(self, port: int, user: str) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=user)
        self._client.username_pw_set(user, PASSWORD)
        self._client.on_message = lambda _c, _d, message: self.heard.append((message.topic, message.payload))
        self._client.connect(HOST, port)
        self._client.loop_start()
        until(self._client.is_connected)

    def listen(self, topic: str) -> None:
        self._client.subscribe(topic, qos=1)

    def say(self, topic: str, payload: bytes) -> None:
        """Returns when the broker has taken it, or has refused it silently, as MQTT 3.1.1 does."""
        self._client.publish(topic, payload, qos=1).wait_for_publish(WAIT_S)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not done():
        assert time.monotonic() < deadline, "that should have happened long ago"
        time.sleep(0.005)


def drive(seq: int, station: str) -> bytes:
    return encode(DriveCommand(1, "car-1", station, seq, 0.0, 0.0, 0.0, "D"))


def test_only_the_station_named_with_a_car_drives_it(port: int, tmp_path: Path) -> None:
    link = CarLink(HOST, port, "car-1", "s-1", tmp_path / "out", driven=True, password=PASSWORD)
    stranger, desk = Client(port, "desk-2"), Client(port, "desk-1")
    try:
        taken: list[DriveCommand] = []

        def heard() -> bool:
            link.pump()
            stranger.say(mqtt_topic("car-1", "drive"), drive(1, "desk-2"))
            desk.say(mqtt_topic("car-1", "drive"), drive(2, "desk-1"))
            taken.extend(link.take_drives())
            return bool(taken)

        until(heard)
        assert {command.station_id for command in taken} == {"desk-1"}
    finally:
        for client in (stranger, desk):
            client.close()
        link.close(1.0)


def test_a_car_speaks_for_itself_only_and_the_relay_hears_it(port: int) -> None:
    relay, car, other = Client(port, "relay"), Client(port, "car-1"), Client(port, "car-2")
    try:
        relay.listen("parkit/v1/+/frames")
        other.listen("parkit/v1/+/frames")
        other.listen(mqtt_topic("car-1", "commands"))
        other.listen(mqtt_topic("car-2", "commands"))

        def heard() -> bool:
            car.say(mqtt_topic("car-2", "frames"), b"forged")
            car.say(mqtt_topic("car-1", "frames"), b"own")
            relay.say(mqtt_topic("car-1", "commands"), b"for car-1")
            return bool(relay.heard)

        until(heard)
        assert set(relay.heard) == {(mqtt_topic("car-1", "frames"), b"own")}

        def commanded() -> bool:  # said again until it has subscribed
            relay.say(mqtt_topic("car-2", "commands"), b"for car-2")
            return bool(other.heard)

        until(commanded)
        assert set(other.heard) == {(mqtt_topic("car-2", "commands"), b"for car-2")}
    finally:
        for client in (relay, car, other):
            client.close()
