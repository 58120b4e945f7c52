"""The way down: commands from Kafka to cars. Decides; touches no socket and no clock.

An offset is committed when the MQTT broker has acknowledged the command and all before it in its partition, so a
relay that is killed passes on every command, some perhaps twice. Expired ones too: the car acknowledges them as
`expired`, and whoever sent one learns of it.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from coach_core.contracts import CoachCommand, decode, mqtt_topic
from coach_core.errors import ContractError
from edge_relay.intake import bury
from edge_relay.records import Record


class Place(NamedTuple):
    """Where a command stands in Kafka."""

    topic: str
    partition: int
    offset: int


class Publish(NamedTuple):
    """Send to a car with QoS 1; when the broker has it, `on_published` with the same place."""

    place: Place
    mqtt_topic: str
    payload: bytes


class Bury(NamedTuple):
    """Pass this dead letter on to Kafka."""

    record: Record


class Commit(NamedTuple):
    """Everything in the partition before `place.offset` is done."""

    place: Place


Step = Publish | Bury | Commit


class CommandFlow:
    """Commands under way, by partition. One thread calls it."""

    def __init__(self) -> None:
        self._under_way: dict[tuple[str, int], deque[int]] = {}
        self._done: set[Place] = set()

    @property
    def under_way(self) -> int:
        """Commands that the MQTT broker has not acknowledged, and those behind them."""
        return sum(map(len, self._under_way.values()))

    def on_command(self, place: Place, payload: bytes, received_at: int) -> list[Step]:
        """A record of `coach-commands` came. received_at: microseconds since the epoch."""
        self._under_way.setdefault((place.topic, place.partition), deque()).append(place.offset)
        try:
            command = decode(payload, CoachCommand)
        except ContractError as error:
            source = f"{place.topic}/{place.partition}/{place.offset}"
            return [Bury(bury(source, payload, error.reason, str(error), received_at)), *self.on_published(place)]
        return [Publish(place, mqtt_topic(command.vehicle_id, "commands"), payload)]

    def on_published(self, place: Place) -> list[Step]:
        """The MQTT broker has the command."""
        offsets = self._under_way[place.topic, place.partition]
        self._done.add(place)
        last: Place | None = None
        while offsets and (done := Place(place.topic, place.partition, offsets[0])) in self._done:
            self._done.discard(done)
            offsets.popleft()
            last = done
        return [] if last is None else [Commit(last._replace(offset=last.offset + 1))]
