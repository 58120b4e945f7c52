"""Emitters and receivers: packets reach every receiver of the same kind and channel at the end of the step."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from worlds.headless.devices.sensors import Motion, Sensor
from worlds.headless.scenery import Place

BROADCAST = -1


class Packet(NamedTuple):
    channel: int
    data: bytes
    place: Place


class Emitter:
    """Sends packets; only its own settings live here."""

    def __init__(self, tag: int, place: Place) -> None:
        self.tag = tag
        self.place = place
        self.node = place.node.base
        self.name: str = place.node.get("name")
        self.kind: str = self.node.get("type")
        self.range: float = self.node.get("range")

    def describe(self) -> dict[str, Any]:
        return {"channel": self.node.get("channel"), "range": self.range, "buffer": self.node.get("bufferSize")}


class Receiver(Sensor):
    """Collects packets while enabled; the controller keeps its own queue of them."""

    def __init__(self, tag: int, place: Place) -> None:
        super().__init__(tag, place)
        self.channel: int = self.node.get("channel")
        self.kind: str = self.node.get("type")
        self.waiting: list[tuple[bytes, list[float], float]] = []

    def describe(self) -> dict[str, Any]:
        return {"channel": self.channel}

    def hear(self, emitter: Emitter, packet: Packet) -> None:
        """Take the packet if it is for us: data, direction to the emitter (own frame, unit), signal strength 1/m²."""
        if self.period == 0.0 or emitter.kind != self.kind:
            return
        if packet.channel != BROADCAST and self.channel not in (BROADCAST, packet.channel):
            return
        here = self.place.in_world()
        towards = emitter.place.in_world().origin - here.origin
        distance = math.sqrt(float(towards @ towards))
        if 0.0 <= emitter.range < distance:
            return
        direction = (here.rotation.T @ towards) / distance if distance > 0.0 else towards
        strength = 1.0 / (distance * distance) if distance > 0.0 else math.inf
        self.waiting.append((packet.data, [float(v) for v in direction], strength))

    def measure(self, motion: Motion) -> Any:  # noqa: ARG002
        """The packets that came since the last sample, or None."""
        if not self.waiting:
            return None
        packets, self.waiting = self.waiting, []
        return packets
