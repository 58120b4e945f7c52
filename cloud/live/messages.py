"""What travels on the live bus: raw JSON messages with just enough said beside them to route and thin them."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

Kind = Literal["frames", "decisions", "events", "status"]
KINDS: tuple[Kind, ...] = ("frames", "decisions", "events", "status")
PER_CAR: tuple[Kind, ...] = ("frames", "decisions", "events")
"""Kinds subscribed to car by car; `status` of all cars together is the presence topic."""


class LiveRecord(NamedTuple):
    """One message as it came from Kafka: not yet looked into."""

    kind: Kind
    body: bytes
    at_ms: int
    """When the relay handed it to Kafka [ms since the epoch]: orders what comes by different partitions."""


class LiveMessage(NamedTuple):
    """One message as subscribers get it."""

    kind: Kind
    vehicle_id: str
    body: bytes
    """JSON of the contract's message."""
    keep: bool
    """True if it must not be dropped: an event, a presence change, a decision that changes state."""


class Snapshot(msgspec.Struct, frozen=True, omit_defaults=False):
    """Everything a newcomer needs to draw a car at once; the fields are contract messages as raw JSON."""

    frame: msgspec.Raw | None = None
    """Newest SensorFrame."""
    decision: msgspec.Raw | None = None
    """Newest Decision, with the newest obstacles that were sent."""
    plan: msgspec.Raw | None = None
    """Newest PlanSummary that carried a path, its progress brought up to date."""
    started: msgspec.Raw | None = None
    """SessionEvent `started` of the session: vehicle, lot, driver."""
    offered: msgspec.Raw | None = None
    """Newest SessionEvent `slot_offered` of the session."""
    ended: msgspec.Raw | None = None
    """SessionEvent `ended` of the session, once it has come."""


class CarView(msgspec.Struct, frozen=True):
    """A car as `/api/v1/cars` shows it."""

    vehicle_id: str
    session_id: str | None
    state: Literal["online", "offline"]
    last_seen_us: int
    """Timestamp of the newest message from the car [µs since the epoch]."""
    snapshot: Snapshot
