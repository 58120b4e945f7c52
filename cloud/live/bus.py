"""The live bus: newest state of every car, and its messages as they come.

Two implementations pass one contract suite: `memory.MemoryBus` in this process and `redis_bus.RedisBus`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from cloud.live.messages import CarView, Kind, LiveMessage, LiveRecord

Sink = Callable[[Sequence[LiveMessage]], None]
"""Takes messages of one topic, oldest first. Called on the event loop; it must not block nor raise."""


class LiveTopic(NamedTuple):
    """A stream to subscribe to."""

    kind: Kind
    vehicle_id: str | None
    """None with `status`: the presence of all cars."""


PRESENCE = LiveTopic("status", None)


class Cancel(Protocol):
    """Ends a subscription; the sink is not called again."""

    async def __call__(self) -> None: ...


class LiveBus(Protocol):
    """Publish and subscribe by car, with a snapshot for newcomers."""

    async def start(self) -> None:
        """Connect. Unavailable if the bus cannot be reached."""

    async def close(self) -> None:
        """Disconnect and release everything; may be called twice."""

    async def publish(self, records: Sequence[LiveRecord]) -> None:
        """Update the cars' states and pass the messages on, in order; what breaks its contract is counted and left out.

        Unavailable if the bus did not take them.
        """

    async def subscribe(self, topic: LiveTopic, sink: Sink) -> Cancel:
        """Messages published after this returns reach `sink`."""

    async def car(self, vehicle_id: str) -> CarView | None:
        """Newest state of a car, None if it was never seen."""

    async def cars(self) -> list[CarView]:
        """Newest state of every car seen, by vehicle id."""

    async def ping(self) -> None:
        """Unavailable if the bus does not answer."""
