"""The live bus within this process: the default, fed by this replica's own Kafka reader."""

from __future__ import annotations

from collections.abc import Sequence

from cloud.live.bus import Cancel, LiveTopic, Sink
from cloud.live.car_state import car_view
from cloud.live.messages import CarView, LiveRecord
from cloud.live.updates import Cars, read_all


class MemoryBus:
    """Delivers within `publish`: no queue, no task, nothing to wait for."""

    def __init__(self) -> None:
        self._cars = Cars()
        self._sinks: dict[LiveTopic, list[Sink]] = {}

    async def start(self) -> None:
        """Nothing to connect to."""

    async def close(self) -> None:
        """Forget the subscribers."""
        self._sinks.clear()

    async def ping(self) -> None:
        """Always there."""

    async def publish(self, records: Sequence[LiveRecord]) -> None:
        """See `LiveBus.publish`."""
        for topic, messages in self._cars.apply(read_all(records)).messages.items():
            for sink in tuple(self._sinks.get(topic, ())):
                sink(messages)

    async def subscribe(self, topic: LiveTopic, sink: Sink) -> Cancel:
        """See `LiveBus.subscribe`."""
        self._sinks.setdefault(topic, []).append(sink)

        async def cancel() -> None:
            sinks = self._sinks.get(topic, [])
            if sink in sinks:
                sinks.remove(sink)
            if not sinks:
                self._sinks.pop(topic, None)

        return cancel

    async def car(self, vehicle_id: str) -> CarView | None:
        """See `LiveBus.car`."""
        state = self._cars.states.get(vehicle_id)
        return None if state is None else car_view(vehicle_id, state.fields)

    async def cars(self) -> list[CarView]:
        """See `LiveBus.cars`."""
        return [car_view(vehicle_id, state.fields) for vehicle_id, state in sorted(self._cars.states.items())]
