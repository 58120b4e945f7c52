"""One client of the gateway, whatever carries its bytes: session, outbox and live bus put together.

The shell (WebSocket or SockJS) gives bytes to `receive` and runs `run` with a function that writes; `run` ends
when the conversation has ended and everything owed to the client has been written.
"""

from __future__ import annotations

import asyncio
import math
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import msgspec
import structlog

from cloud import metrics
from cloud.commands import Commands
from cloud.errors import CloudError, NotFound, Refused
from cloud.gateway.destinations import ERRORS, PONG, CarCommands, OwnQueue, Ping, parse_send, parse_subscription
from cloud.gateway.outbox import EVERY, Outbox, parse_rate
from cloud.gateway.session import HeartBeat, Sent, SessionLimits, StompSession, Subscribed, Unsubscribed
from cloud.gateway.stomp import StompError
from cloud.live.bus import PRESENCE, Cancel, LiveBus, LiveTopic
from cloud.live.car_state import carry_over, status_of
from cloud.live.messages import LiveMessage

log = structlog.get_logger(__name__)

MAX_SENDS = 32
"""Commands of one connection that may wait for Kafka."""

Write = Callable[[bytes], Awaitable[None]]
"""Writes whole STOMP frames; returns when the transport can take more. Raises ConnectionError when it is gone."""


@dataclass(frozen=True)
class GatewayParts:
    """What every connection shares."""

    bus: LiveBus
    commands: Commands
    heart_beat: HeartBeat = field(default_factory=HeartBeat)
    limits: SessionLimits = field(default_factory=SessionLimits)
    outbox_bytes: int = 1_048_576
    clock: Callable[[], float] = time.monotonic
    clock_us: Callable[[], int] = lambda: time.time_ns() // 1000


class Connection:
    """The life of one client."""

    def __init__(self, parts: GatewayParts, transport: str) -> None:
        self._parts = parts
        self._transport = transport
        self.id = uuid.uuid4().hex
        self._session = StompSession(
            session_id=self.id, now=parts.clock(), limits=parts.limits, heart_beat=parts.heart_beat
        )
        self._outbox = Outbox(kept_bytes=parts.outbox_bytes)
        self._cancels: dict[str, Cancel] = {}
        self._own: dict[str, list[str]] = {}
        """Own queue -> the subscription ids on it."""
        self._wake = asyncio.Event()
        self._sends: set[asyncio.Task[None]] = set()

    @property
    def ended(self) -> bool:
        """Whether the conversation is over; only `run` may still have something to write."""
        return self._session.closed

    @property
    def failed(self) -> bool:
        """Whether it ended because the client broke the protocol or was too slow."""
        return self._session.error is not None

    async def receive(self, data: bytes) -> None:
        """Take bytes from the client."""
        for event in self._session.receive(data, self._parts.clock()):
            match event:
                case Subscribed():
                    await self._subscribe(event)
                case Unsubscribed(subscription_id):
                    await self._unsubscribe(subscription_id)
                case Sent():
                    self._handle(event)
        self._wake.set()

    async def run(self, write: Write) -> None:
        """Write what is due until the conversation ends. Cancel it to end at once."""
        metrics.CONNECTIONS.labels(transport=self._transport).inc()
        try:
            while True:
                await self._write_due(write)
                if self._session.closed:
                    break
                await self._wait()
        except ConnectionError:
            pass
        finally:
            metrics.CONNECTIONS.labels(transport=self._transport).dec()
            if self._session.error is not None:
                metrics.PROTOCOL_ERRORS.labels(reason=self._session.error.reason).inc()
                log.info("stomp_error", connection=self.id, reason=self._session.error.reason)
            await self.release()

    async def release(self) -> None:
        """Give up all subscriptions and unfinished sends."""
        for subscription_id in list(self._cancels):
            await self._unsubscribe(subscription_id)
        for task in self._sends:
            task.cancel()

    async def _write_due(self, write: Write) -> None:
        clock = self._parts.clock
        self._wake.clear()
        self._session.tick(clock())
        if self._outbox.overflowed:
            metrics.SLOW_CLIENTS.inc()
            log.warning("slow_client_closed", connection=self.id)
            self._session.fail(StompError("too slow: connect again and start from a snapshot", reason="slow_client"))
        replies = self._session.data_to_send()
        messages = [] if self._session.closed else self._outbox.take(clock(), self._parts.clock_us())
        if replies or messages:
            metrics.MESSAGES_SENT.inc(len(messages))
            await write(b"".join(replies) + b"".join(messages))
            self._session.sent(clock())
        if dropped := self._outbox.count_dropped():
            metrics.MESSAGES_DROPPED.inc(dropped)

    async def _wait(self) -> None:
        now = self._parts.clock()
        due = min(self._session.next_deadline(), self._outbox.next_due(now))
        if due <= now or self._wake.is_set():
            return
        if due == math.inf:
            await self._wake.wait()
            return
        timer = asyncio.get_running_loop().call_later(due - now, self._wake.set)
        try:
            await self._wake.wait()
        finally:
            timer.cancel()

    # --- subscriptions --------------------------------------------------------------------------------

    async def _subscribe(self, event: Subscribed) -> None:
        wanted = parse_subscription(event.destination)
        if wanted is None:
            self._session.fail(StompError(f"no destination {event.destination!r}", reason="unknown_destination"))
            return
        try:
            rate = EVERY if wanted == PRESENCE else parse_rate(event.headers.get("rate"))
        except ValueError as error:
            self._session.fail(StompError(str(error), reason="bad_rate"))
            return
        subscription_id = event.subscription_id
        self._outbox.open(subscription_id, event.destination, rate_hz=rate, version=self._session.version)
        metrics.SUBSCRIPTIONS.inc()
        if isinstance(wanted, OwnQueue):
            self._own.setdefault(wanted.destination, []).append(subscription_id)
            self._cancels[subscription_id] = self._leave_queue(wanted.destination, subscription_id)
            return
        try:
            self._cancels[subscription_id] = await self._parts.bus.subscribe(
                wanted, self._sink(subscription_id, wanted)
            )
            if wanted == PRESENCE:
                for car in await self._parts.bus.cars():
                    self._outbox.offer(subscription_id, status_of(car), keep=True)
        except CloudError as error:
            self._session.fail(StompError(error.detail, reason=error.code))

    def _sink(self, subscription_id: str, topic: LiveTopic) -> Callable[[Sequence[LiveMessage]], None]:
        merge = carry_over if topic.kind == "decisions" else None

        def sink(messages: Sequence[LiveMessage]) -> None:
            for message in messages:
                self._outbox.offer(subscription_id, message.body, keep=message.keep, merge=merge)
            self._wake.set()

        return sink

    def _leave_queue(self, destination: str, subscription_id: str) -> Cancel:
        async def leave() -> None:
            self._own[destination].remove(subscription_id)

        return leave

    async def _unsubscribe(self, subscription_id: str) -> None:
        self._outbox.close(subscription_id)
        cancel = self._cancels.pop(subscription_id, None)
        if cancel is not None:
            metrics.SUBSCRIPTIONS.dec()
            await cancel()

    # --- what clients send ----------------------------------------------------------------------------

    def _handle(self, event: Sent) -> None:
        match parse_send(event.destination):
            case Ping():
                self._reply(PONG, self._pong(event.body))
                self._settle(event)
            case CarCommands() if len(self._sends) >= MAX_SENDS:
                self._refuse(event, Refused("too_many_sends", f"{MAX_SENDS} commands wait for Kafka already"))
            case CarCommands(vehicle_id):
                task = asyncio.create_task(self._command(vehicle_id, event))
                self._sends.add(task)
                task.add_done_callback(self._sends.discard)
            case None:
                self._refuse(event, NotFound("unknown_destination", f"nothing listens at {event.destination!r}"))

    async def _command(self, vehicle_id: str, event: Sent) -> None:
        try:
            await self._parts.commands.send(vehicle_id, event.body)
        except CloudError as error:
            self._refuse(event, error)
        else:
            self._settle(event)
        self._wake.set()

    def _pong(self, body: bytes) -> bytes:
        """The client's own time stamp back, with ours, so that it can align the clocks."""
        try:
            given = msgspec.json.decode(body) if body else {}
        except msgspec.DecodeError:
            given = {}
        echo = given.get("t") if isinstance(given, dict) else None
        return msgspec.json.encode({"t": echo, "server_us": self._parts.clock_us()})

    def _settle(self, event: Sent) -> None:
        if event.receipt is not None:
            self._session.receipt(event.receipt)

    def _refuse(self, event: Sent, error: CloudError) -> None:
        """Say no without ending the conversation; a receipt is not given for what was not done."""
        said = {"error": error.code, "detail": error.detail, "destination": event.destination, "receipt": event.receipt}
        self._reply(ERRORS, msgspec.json.encode(said))

    def _reply(self, queue: str, body: bytes) -> None:
        """Send to the client's own queue, or straight to it if it has not subscribed there."""
        subscribed = self._own.get(queue)
        if not subscribed:
            # STOMP wants a subscription on every MESSAGE; the queue's name stands in for one
            self._outbox.open_once(queue, queue, version=self._session.version)
        for subscription_id in subscribed or [queue]:
            self._outbox.offer(subscription_id, body, keep=True)
