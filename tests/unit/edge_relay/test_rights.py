"""The rights that ship for Mosquitto name every channel there is."""

from __future__ import annotations

from pathlib import Path

from coach_core.contracts import MQTT_ROOT
from coach_core.contracts.topics import CHANNELS, DOWNLINK_CHANNELS, UPLINK_CHANNELS

ACL = Path(__file__).parents[3] / "edge_relay" / "mosquitto.acl"


def rights() -> set[tuple[str, str, str]]:
    words = [line.split() for line in ACL.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return {(kind, access[0], access[1]) for kind, *access in words if kind != "user"}


def test_a_car_may_say_what_goes_up_and_hear_what_comes_down() -> None:
    up = {("pattern", "write", f"{MQTT_ROOT}/%u/{name}") for name in UPLINK_CHANNELS}
    down = {("pattern", "read", f"{MQTT_ROOT}/%u/{name}") for name in DOWNLINK_CHANNELS}
    assert {right for right in rights() if right[0] == "pattern"} == up | down


def test_the_relay_hears_cars_and_gives_commands_but_does_not_drive() -> None:
    hears = {("topic", "read", f"{MQTT_ROOT}/+/{name}") for name in UPLINK_CHANNELS}
    assert {right for right in rights() if right[0] == "topic"} == hears | {
        ("topic", "write", f"{MQTT_ROOT}/+/commands")
    }
    assert "drive" in CHANNELS
