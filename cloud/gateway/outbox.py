"""What waits to be sent to one client: a lane for each subscription, thinned by rate, bounded in size.

Sans I/O. Ordinary messages of a lane are latest-wins: at most one waits, a newer one takes its place. Messages
to keep (events, state changes) queue behind each other in order and are never dropped; if more of them wait than
`kept_bytes` allow, the client is too slow to be served truthfully and `overflowed` is set: the shell closes the
connection, and the client starts afresh from a snapshot. So a slow client costs a bounded amount of memory.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator

from cloud.gateway.stomp import Version, encode_frame

Merge = Callable[[bytes, bytes], bytes]
"""(body left out, body that takes its place) -> body to send."""

DEFAULT_RATE_HZ = 20.0
EVERY = math.inf
"""The rate `max`: every message, as long as the client keeps up."""

EVERY_DEPTH = 64
"""Ordinary messages that may wait in a lane of rate `max`: about a second at 60 Hz. Beyond it the newest win."""


def parse_rate(text: str | None) -> float:
    """Rate of a SUBSCRIBE's `rate` header [Hz]; ValueError with a sentence if it is none."""
    if text is None:
        return DEFAULT_RATE_HZ
    if text == "max":
        return EVERY
    try:
        rate = float(text)
    except ValueError:
        rate = math.nan
    if not 0.1 <= rate <= 1000.0:
        raise ValueError(f"rate {text!r} is neither 'max' nor a number of Hz from 0.1 to 1000")
    return rate


class Lane:
    """The way to one subscription: one queue, in order; which messages wait in it depends on the rate."""

    def __init__(self, subscription_id: str, destination: str, *, rate_hz: float, version: Version) -> None:
        self._queue: deque[tuple[bytes, bool]] = deque()
        """(body, whether it must be kept)."""
        self._ordinary = 0
        self._every = rate_hz == EVERY
        self._period_s = 1.0 / rate_hz
        self._next_slot = -math.inf
        """When an evenly spaced sender would send next."""
        frame = encode_frame(
            "MESSAGE",
            [("subscription", subscription_id), ("destination", destination), ("content-type", "application/json")],
            version=version,
        )
        self._prefix = frame[: -len(b"\n\x00")] + b"message-id:"

    def frame(self, body: bytes, number: int, server_us: int) -> bytes:
        """The MESSAGE frame of a body."""
        return self._prefix + b"%d\nserver-sent-us:%d\ncontent-length:%d\n\n%b\x00" % (
            number,
            server_us,
            len(body),
            body,
        )

    def offer(self, body: bytes, *, keep: bool, merge: Merge | None) -> int:
        """Take a message in; returns how many waiting ones it displaced."""
        displaced = 0
        if not self._every and self._ordinary:
            # below `max` an ordinary message waits at the end of the queue or not at all
            old, _ = self._queue.pop()
            self._ordinary = 0
            displaced = 1
            if merge is not None:
                body = merge(old, body)
        self._queue.append((body, keep))
        self._ordinary += not keep
        while self._ordinary > EVERY_DEPTH:
            self._displace_oldest(merge)
            displaced += 1
        return displaced

    def _displace_oldest(self, merge: Merge | None) -> None:
        index = next(i for i, (_, keep) in enumerate(self._queue) if not keep)
        old = self._queue[index][0]
        del self._queue[index]
        self._ordinary -= 1
        if merge is not None and index < len(self._queue):
            body, keep = self._queue[index]
            self._queue[index] = merge(old, body), keep

    def kept_bytes(self) -> int:
        """Bytes of the messages that may not be dropped."""
        return sum(len(body) for body, keep in self._queue if keep)

    def due(self, now: float) -> float:
        """When this lane has something to send; infinity if nothing waits."""
        if not self._queue:
            return math.inf
        if self._every or self._queue[0][1]:
            return now
        return self._earliest

    @property
    def _earliest(self) -> float:
        # half a period of slack: a source at the same rate is thinned by its mean, not by its jitter
        return self._next_slot - self._period_s / 2

    def take(self, now: float) -> Iterator[bytes]:
        """Bodies to send now, oldest first."""
        while self._queue:
            body, keep = self._queue[0]
            if not keep:
                if not self._every:
                    if now < self._earliest:
                        return
                    self._next_slot = max(now, self._next_slot) + self._period_s
                self._ordinary -= 1
            self._queue.popleft()
            yield body


class Outbox:
    """All lanes of a connection and the bound on what they hold."""

    def __init__(self, *, kept_bytes: int = 1_048_576) -> None:
        self._lanes: dict[str, Lane] = {}
        self._limit = kept_bytes
        self._kept_bytes = 0
        self._number = 0
        self.overflowed = False
        self.dropped = 0
        """Messages that newer ones displaced, since the last `count_dropped`."""

    def open(self, subscription_id: str, destination: str, *, rate_hz: float, version: Version) -> None:
        """Open a lane for a subscription."""
        self._lanes[subscription_id] = Lane(subscription_id, destination, rate_hz=rate_hz, version=version)

    def open_once(self, subscription_id: str, destination: str, *, version: Version) -> None:
        """Open a lane of rate `max` unless it is open already."""
        if subscription_id not in self._lanes:
            self.open(subscription_id, destination, rate_hz=EVERY, version=version)

    def close(self, subscription_id: str) -> None:
        """Close a lane and forget what waits in it."""
        lane = self._lanes.pop(subscription_id, None)
        if lane is not None:
            self._kept_bytes = max(0, self._kept_bytes - lane.kept_bytes())

    def offer(self, subscription_id: str, body: bytes, *, keep: bool, merge: Merge | None = None) -> None:
        """Take in a message for a subscription (a closed one is ignored)."""
        lane = self._lanes.get(subscription_id)
        if lane is None or self.overflowed:
            return
        self.dropped += lane.offer(body, keep=keep, merge=merge)
        if keep:
            self._kept_bytes += len(body)
            self.overflowed = self._kept_bytes > self._limit

    def next_due(self, now: float) -> float:
        """When `take` has something to give: `now` or earlier if at once, infinity if nothing waits."""
        return min((lane.due(now) for lane in self._lanes.values()), default=math.inf)

    def take(self, now: float, server_us: int) -> list[bytes]:
        """MESSAGE frames to send now. now: monotonic [s]; server_us: wall clock [µs since the epoch]."""
        out: list[bytes] = []
        for lane in self._lanes.values():
            if lane.due(now) <= now:
                for body in lane.take(now):
                    self._number += 1
                    out.append(lane.frame(body, self._number, server_us))
        self._kept_bytes = 0
        return out

    def count_dropped(self) -> int:
        """How many messages were displaced since the last call."""
        dropped, self.dropped = self.dropped, 0
        return dropped
