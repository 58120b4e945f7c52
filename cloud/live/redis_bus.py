"""The live bus over Redis: pub/sub by car, a hash a car for newcomers. For fleets that outgrow one reader a replica.

Keys: `parkit:live:cars` (set of vehicle ids), `parkit:live:car:{vehicle_id}` (hash, the fields of `CarState`).
Channels: `parkit:live:{kind}:{vehicle_id}` and `parkit:live:status`. A payload is one flag byte ("1": keep)
and the JSON of the message. Publishers are a Kafka consumer group, so each car has one publisher at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence, Set

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import RedisError

from cloud.errors import Unavailable
from cloud.live.bus import Cancel, LiveTopic, Sink
from cloud.live.car_state import CarState, car_view
from cloud.live.messages import CarView, LiveMessage, LiveRecord
from cloud.live.updates import Cars, read_all

log = structlog.get_logger(__name__)

PREFIX = "parkit:live"
CAR_TTL_S = 30 * 86_400
"""A car not seen for a month is forgotten."""


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value


def channel_of(topic: LiveTopic) -> str:
    """Redis channel of a live topic."""
    kind, vehicle_id = topic
    return f"{PREFIX}:{kind}" if vehicle_id is None else f"{PREFIX}:{kind}:{vehicle_id}"


class RedisBus:
    """See `LiveBus`. One connection listens; a pool writes and reads state."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, retry=Retry(ExponentialBackoff(cap=0.5), 3), socket_connect_timeout=2.0)
        self._cars = Cars()
        self._sinks: dict[str, tuple[LiveTopic, list[Sink]]] = {}
        self._confirmed: dict[str, asyncio.Event] = {}
        self._unsaved: set[str] = set()
        self._pubsub: PubSub | None = None
        self._listener: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect and begin to listen."""
        await self.ping()
        self._pubsub = self._redis.pubsub()
        # a connection needs one channel to be read from at all
        await self._pubsub.subscribe(f"{PREFIX}:none")
        self._listener = asyncio.create_task(self._listen(self._pubsub), name="redis-live-bus")

    async def close(self) -> None:
        """See `LiveBus.close`."""
        if self._listener is not None:
            self._listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listener
            self._listener = None
        if self._pubsub is not None:
            await self._pubsub.aclose()  # type: ignore[no-untyped-call]
            self._pubsub = None
        await self._redis.aclose()

    async def ping(self) -> None:
        """Unavailable if Redis does not answer."""
        try:
            await self._redis.ping()
        except (RedisError, OSError) as error:
            raise Unavailable("live_bus_unavailable", f"Redis does not answer: {error}") from error

    async def publish(self, records: Sequence[LiveRecord]) -> None:
        """See `LiveBus.publish`; Unavailable if Redis does not take it."""
        messages = read_all(records)
        await self._take_over({message.vehicle_id for _, message in messages} - self._cars.states.keys())
        update = self._cars.apply(messages)
        for vehicle_id in self._unsaved:
            # an earlier write failed: send the whole state, not only what changed since
            update.fields.setdefault(vehicle_id, {}).update(self._cars.states[vehicle_id].fields)
        if not update.messages and not update.fields:
            return
        pipe = self._redis.pipeline(transaction=False)
        for vehicle_id, changed in update.fields.items():
            key = f"{PREFIX}:car:{vehicle_id}"
            gone = [name for name, value in changed.items() if value is None]
            if gone:
                pipe.hdel(key, *gone)
            pipe.hset(key, mapping={name: value for name, value in changed.items() if value is not None})
            if "state" in changed or "session_id" in changed:
                pipe.sadd(f"{PREFIX}:cars", vehicle_id)
                pipe.expire(key, CAR_TTL_S)
        for topic, batch in update.messages.items():
            channel = channel_of(topic)
            for live in batch:
                pipe.publish(channel, (b"1" if live.keep else b"0") + live.body)
        try:
            await pipe.execute()
        except (RedisError, OSError) as error:
            self._unsaved |= update.fields.keys()
            raise Unavailable("live_bus_unavailable", f"Redis did not take the messages: {error}") from error
        self._unsaved.clear()

    async def _take_over(self, vehicle_ids: Set[str]) -> None:
        """Go on from the states that another publisher left, for cars that are new to this one."""
        found = await self._hashes(sorted(vehicle_ids))
        for vehicle_id, fields in found.items():
            self._cars.states[vehicle_id] = CarState(vehicle_id, fields)

    async def subscribe(self, topic: LiveTopic, sink: Sink) -> Cancel:
        """See `LiveBus.subscribe`: waits until Redis has confirmed."""
        assert self._pubsub is not None, "start the bus first"
        channel = channel_of(topic)
        _, sinks = self._sinks.setdefault(channel, (topic, []))
        sinks.append(sink)
        confirmed = self._confirmed.get(channel)
        if confirmed is None:
            confirmed = self._confirmed[channel] = asyncio.Event()
            await self._pubsub.subscribe(channel)
        await confirmed.wait()

        async def cancel() -> None:
            if sink not in sinks:
                return
            sinks.remove(sink)
            if not sinks and self._sinks.get(channel, (None, None))[1] is sinks:
                del self._sinks[channel]
                del self._confirmed[channel]
                if self._pubsub is not None:
                    with contextlib.suppress(RedisError, OSError):
                        await self._pubsub.unsubscribe(channel)

        return cancel

    async def car(self, vehicle_id: str) -> CarView | None:
        """See `LiveBus.car`."""
        fields = (await self._hashes([vehicle_id])).get(vehicle_id)
        return None if fields is None else car_view(vehicle_id, fields)

    async def cars(self) -> list[CarView]:
        """See `LiveBus.cars`."""
        try:
            ids = await self._redis.smembers(f"{PREFIX}:cars")
        except (RedisError, OSError) as error:
            raise Unavailable("live_bus_unavailable", f"Redis does not answer: {error}") from error
        found = await self._hashes(sorted(_text(vehicle_id) for vehicle_id in ids))
        return [car_view(vehicle_id, fields) for vehicle_id, fields in found.items()]

    async def _hashes(self, vehicle_ids: Sequence[str]) -> dict[str, dict[str, bytes]]:
        """The states Redis has of these cars; those it has none of are left out."""
        if not vehicle_ids:
            return {}
        pipe = self._redis.pipeline(transaction=False)
        for vehicle_id in vehicle_ids:
            pipe.hgetall(f"{PREFIX}:car:{vehicle_id}")
        try:
            found = await pipe.execute()
        except (RedisError, OSError) as error:
            raise Unavailable("live_bus_unavailable", f"Redis does not answer: {error}") from error
        return {
            vehicle_id: {_text(name): value for name, value in fields.items()}
            for vehicle_id, fields in zip(vehicle_ids, found, strict=True)
            if fields
        }

    async def _listen(self, pubsub: PubSub) -> None:
        """Deliver what arrives; after a lost connection redis-py subscribes again by itself."""
        while True:
            try:
                async for item in pubsub.listen():
                    self._deliver(item)
            except (RedisError, OSError) as error:
                log.warning("live_bus_connection_lost", error=str(error))
                await asyncio.sleep(0.2)

    def _deliver(self, item: dict[str, object]) -> None:
        raw = item["channel"]
        assert isinstance(raw, bytes)
        channel = raw.decode()
        if item["type"] == "subscribe":
            if channel in self._confirmed:
                self._confirmed[channel].set()
            return
        data = item["data"]
        if item["type"] != "message" or channel not in self._sinks or not isinstance(data, bytes):
            return
        (kind, vehicle_id), sinks = self._sinks[channel]
        message = LiveMessage(kind, vehicle_id or "", data[1:], data[:1] == b"1")
        for sink in tuple(sinks):
            sink([message])
