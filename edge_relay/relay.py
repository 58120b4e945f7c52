"""The way up: records from cars to Kafka. Decides; touches no socket, no disk and no clock.

It is told what happened and answers with what to do, in order. Two ways lead to Kafka:

- *direct*, while Kafka is well: a record is produced at once and its MQTT delivery acknowledged when Kafka has it;
- *by the spool*, from the moment Kafka is away or slow until the spool is empty again: everything goes to disk, is
  acknowledged once it is safe there, and is sent from the spool in batches, oldest first.

There is one order of records and it is kept on both ways, so per-key order holds. When Kafka stalls, what is still
in its hands is written to the spool too: it is the spool's first batch, already sent. When the spool's last batch is
sent and Kafka keeps pace, new records go direct behind it. A record leaves the spool only when Kafka has it; an MQTT
delivery is acknowledged only when its record is on disk or in Kafka. So a relay that is killed at any moment loses
nothing, and may send some records twice.

A full or failing disk stops acknowledgements instead of dropping records: they wait here, at most as many as the
broker has in flight to us, and the rest in the broker.
"""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from edge_relay.intake import bury
from edge_relay.records import Delivery, Record


class Produce(NamedTuple):
    """Hand the record to Kafka; its fate comes back as `on_delivered` or `on_failed` of the token."""

    token: int
    record: Record


class AckMqtt(NamedTuple):
    """Tell the MQTT broker that it may forget this message."""

    delivery: Delivery


class Spool(NamedTuple):
    """Add to the spool."""

    record: Record


class SyncSpool(NamedTuple):
    """Make what was added durable, then `on_synced`; if that fails, `on_spool_failed`."""


class TakeBatch(NamedTuple):
    """Read the spool's next records, then `on_batch`."""

    limit: int


class Claim(NamedTuple):
    """The spool's next records are already with Kafka: move past them without reading."""

    records: int


class Accept(NamedTuple):
    """Remove the oldest records: Kafka has them."""

    records: int


class Reject(NamedTuple):
    """Put back all records that were taken or claimed and not accepted."""


Action = Produce | AckMqtt | Spool | SyncSpool | TakeBatch | Claim | Accept | Reject


class Limits(NamedTuple):
    """When to change from one way to the other, and how much at once. Durations in seconds."""

    stall_after_s: float = 0.25
    """Kafka counts as slow when it has not answered for a record in this time."""
    retry_after_s: float = 0.5
    in_flight: int = 10_000
    """Records that may wait for Kafka's answer on the direct way."""
    batch: int = 500
    sync_every_s: float = 0.01
    """Records are collected so long before the disk is told to keep them."""
    spool_bytes: int = 1 << 30


class _State(enum.Enum):
    NEW = "not sent"
    SENT = "sent, no answer yet"
    DELIVERED = "Kafka has it"
    FAILED = "Kafka did not take it"


class _Entry:
    """A record we are responsible for."""

    __slots__ = ("delivery", "in_batch", "record", "sent_at", "state", "token")

    def __init__(self, record: Record, delivery: Delivery | None = None) -> None:
        self.record = record
        self.delivery = delivery
        self.in_batch = False
        self.state = _State.NEW
        self.token = -1
        self.sent_at = 0.0


class Relay:
    """State of the way up. `now` is any clock that does not run back, in seconds.

    One call at a time; all its actions are carried out, and what they bring about is told, before the next.
    """

    def __init__(self, limits: Limits | None = None, *, spooled_records: int = 0, spooled_bytes: int = 0) -> None:
        self._limits = limits or Limits()
        self._kafka_up = True  # until told otherwise: then the first records find out
        self._connection = 0
        self._next_token = 0
        self._waiting: dict[int, _Entry] = {}  # by token: with Kafka, on whichever way
        self._direct: deque[_Entry] = deque()  # in order: sent and only in memory
        self._held: deque[_Entry] = deque()  # in order: not safe, no room on disk yet
        self._unsynced: deque[_Entry] = deque()  # in order: added, not durable yet
        self._batch: deque[_Entry] = deque()  # in order: the spool's oldest, taken out and sent
        self._batch_failed = False  # a record of the batch was not taken by Kafka
        self._queued = spooled_records  # in the spool behind the batch
        self._spool_bytes = spooled_bytes
        self._spooling = spooled_records > 0
        self._taking = False
        self._syncing = False
        self._synced_at = float("-inf")
        self._retry_kafka_at = self._retry_spool_at = float("-inf")

    # --- what can be seen ---------------------------------------------------------------------------------

    @property
    def spooling(self) -> bool:
        """Whether records go by the spool."""
        return self._spooling

    @property
    def in_memory(self) -> int:
        """Records that are safe nowhere yet; their MQTT deliveries are not acknowledged."""
        return len(self._direct) + len(self._held) + len(self._unsynced)

    # --- what happens -------------------------------------------------------------------------------------

    def on_connection(self, number: int) -> list[Action]:
        """The MQTT connection changed; deliveries of earlier ones can no longer be acknowledged."""
        self._connection = number
        return []

    def on_record(self, record: Record, delivery: Delivery | None, now: float) -> list[Action]:
        """A record came; `delivery` is what to acknowledge when it is safe, None if nobody waits."""
        entry = _Entry(record, delivery)
        if not self._spooling and (not self._kafka_up or len(self._direct) >= self._limits.in_flight):
            self._go_by_spool()
        if self._spooling:
            self._held.append(entry)
            return self._store(now)
        return self._send_direct(entry, now)

    def on_delivered(self, token: int, now: float) -> list[Action]:
        """Kafka has the record."""
        entry = self._waiting.pop(token, None)
        if entry is None:
            return []
        entry.state = _State.DELIVERED
        return [*self._ack(entry), *self._settle(now)]

    def on_failed(self, token: int, error: str, retriable: bool, now: float) -> list[Action]:
        """Kafka did not take the record. What no retry can help becomes a dead letter in its place."""
        entry = self._waiting.pop(token, None)
        if entry is None:
            return []
        if not retriable and entry.record.topic != "dead-letter":
            old = entry.record
            entry.record = bury(f"kafka:{old.topic}", old.value, "refused_by_kafka", error, old.received_at)
            return [self._produce(entry, now)]
        entry.state = _State.FAILED
        self._batch_failed |= entry.in_batch
        self._retry_kafka_at = now + self._limits.retry_after_s
        if self._spooling:
            return self._settle(now)
        self._go_by_spool()
        return self._store(now) + self._settle(now)

    def on_kafka(self, up: bool, now: float) -> list[Action]:
        """Kafka can be reached again, or no longer."""
        self._kafka_up = up
        if up:
            self._retry_kafka_at = now
            return self._settle(now)
        if not self._direct:
            return []
        self._go_by_spool()
        return self._store(now)

    def on_synced(self, now: float) -> list[Action]:
        """All that was added is durable: acknowledge it."""
        self._syncing = False
        actions: list[Action] = []
        claimed = 0
        while self._unsynced:
            entry = self._unsynced.popleft()
            actions += self._ack(entry)
            if entry.state is _State.NEW or self._queued:
                self._queued += 1
            else:  # sent before it was spooled, and nothing older is left to send
                self._put_into_batch(entry)
                claimed += 1
        if claimed:
            actions.append(Claim(claimed))
        return actions + self._settle(now)

    def on_spool_failed(self, now: float) -> list[Action]:
        """The disk did not keep what was added since the last sync (and has forgotten it)."""
        self._syncing = False
        self._spool_bytes -= sum(entry.record.size for entry in self._unsynced)
        self._held.extendleft(reversed(self._unsynced))
        self._unsynced.clear()
        self._retry_spool_at = now + self._limits.retry_after_s
        return []

    def on_batch(self, records: Iterable[Record], now: float) -> list[Action]:
        """These are the spool's next records."""
        self._taking = False
        actions: list[Action] = []
        for record in records:
            entry = _Entry(record)
            self._queued -= 1
            actions.append(self._produce(entry, now))
            self._put_into_batch(entry)
        if not actions:
            self._queued = 0  # the spool had less than it said: nothing to wait for
        return actions + self._settle(now)

    def on_tick(self, now: float) -> list[Action]:
        """Time passed. Call it every few hundredths of a second."""
        if self._is_stalled(self._direct, now):
            self._go_by_spool()
        if self._spooling:
            return self._store(now) + self._settle(now)
        return []

    def on_stop(self, now: float) -> list[Action]:
        """The relay is to end: put everything that Kafka has not answered for on disk."""
        self._go_by_spool()
        self._synced_at = self._retry_spool_at = float("-inf")
        self._retry_kafka_at = float("inf")
        return self._store(now)

    # --- how ----------------------------------------------------------------------------------------------

    def _send_direct(self, entry: _Entry, now: float) -> list[Action]:
        self._direct.append(entry)
        return [self._produce(entry, now)]

    def _produce(self, entry: _Entry, now: float) -> Produce:
        self._next_token += 1
        entry.token, entry.state, entry.sent_at = self._next_token, _State.SENT, now
        self._waiting[entry.token] = entry
        return Produce(entry.token, entry.record)

    def _ack(self, entry: _Entry) -> list[Action]:
        delivery, entry.delivery = entry.delivery, None
        if delivery is None or delivery.connection != self._connection:
            return []
        return [AckMqtt(delivery)]

    def _go_by_spool(self) -> None:
        self._spooling = True
        self._held.extendleft(reversed(self._direct))
        self._direct.clear()

    def _store(self, now: float) -> list[Action]:
        """Move what is held to the spool as far as there is room."""
        if now < self._retry_spool_at:
            return []
        actions: list[Action] = []
        while self._held:
            entry = self._held[0]
            if entry.state is _State.DELIVERED:
                self._held.popleft()
                continue
            size = entry.record.size
            if self._spool_bytes and self._spool_bytes + size > self._limits.spool_bytes:
                break
            self._held.popleft()
            self._unsynced.append(entry)
            self._spool_bytes += size
            actions.append(Spool(entry.record))
        if self._unsynced and now - self._synced_at >= self._limits.sync_every_s:
            actions += self._sync(now)
        return actions

    def _sync(self, now: float) -> list[Action]:
        """Sync what was added; nothing is added between this action and its answer."""
        if self._syncing:
            return []
        self._syncing = True
        self._synced_at = now
        return [SyncSpool()]

    def _is_stalled(self, way: deque[_Entry], now: float) -> bool:
        """Whether the oldest on this way has waited too long for Kafka."""
        return bool(way) and now - way[0].sent_at >= self._limits.stall_after_s

    def _put_into_batch(self, entry: _Entry) -> None:
        self._batch.append(entry)
        entry.in_batch = True
        self._batch_failed |= entry.state is _State.FAILED

    def _settle(self, now: float) -> list[Action]:
        """Drop what Kafka has from the front of each way, and go on with what comes next."""
        while self._direct and self._direct[0].state is _State.DELIVERED:
            self._direct.popleft()
        actions: list[Action] = []
        accepted = 0
        while self._batch and self._batch[0].state is _State.DELIVERED:
            self._spool_bytes -= self._batch.popleft().record.size
            accepted += 1
        if accepted:
            actions.append(Accept(accepted))
        if self._batch_failed and all(entry.state is not _State.SENT for entry in self._batch):
            actions.append(Reject())
            self._queued += len(self._batch)
            self._batch.clear()
            self._batch_failed = False
        return actions + self._send_next(now)

    def _send_next(self, now: float) -> list[Action]:
        """While records go by the spool and Kafka is well: the next batch, and at last the way back to direct."""
        if not self._spooling or self._taking or self._batch_failed or len(self._batch) >= self._limits.batch:
            return []
        if not self._kafka_up or now < self._retry_kafka_at or self._is_stalled(self._batch, now):
            return []
        if self._queued:
            self._taking = True
            return [TakeBatch(self._limits.batch)]
        if self._unsynced:
            return self._sync(now)  # no waiting for company: these are the last
        if not self._batch:
            self._spool_bytes = 0
        if self._batch and self._held:
            return []  # the spool is full, and room is on its way
        return self._leave_spool(now)

    def _leave_spool(self, now: float) -> list[Action]:
        """All of the spool is sent: go direct. What a failing disk left in memory goes first."""
        if any(entry.state is _State.SENT for entry in self._held):
            return []
        self._spooling = False
        held, self._held = self._held, deque()
        actions: list[Action] = []
        for entry in held:
            if entry.state is not _State.DELIVERED:
                actions += self._send_direct(entry, now)
        return actions
