"""One client's STOMP conversation, sans I/O: bytes and clock readings in, events and bytes out.

    session.receive(data, now) -> [Subscribed | Unsubscribed | Sent]
    session.data_to_send()     -> [bytes, ...]      write these
    session.tick(now)                               call at `next_deadline()`
    session.closed                                  write what is left, then close the transport

A breach of the protocol queues an ERROR frame and closes the session; it never raises. Topics are live and
not redelivered, so the `client` acknowledgement modes are accepted and ACK/NACK have no further effect.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from cloud.gateway.stomp import Frame, FrameReader, Heartbeat, Limits, StompError, Version, encode_frame


class Subscribed(NamedTuple):
    """The client asked for a destination under an id of its own."""

    subscription_id: str
    destination: str
    headers: Mapping[str, str]


class Unsubscribed(NamedTuple):
    subscription_id: str


class Sent(NamedTuple):
    """The client sent a message; call `receipt(receipt)` once it is done with, if there is one."""

    destination: str
    headers: Mapping[str, str]
    body: bytes
    receipt: str | None


SessionEvent = Subscribed | Unsubscribed | Sent


@dataclass(frozen=True)
class SessionLimits:
    """What one connection may hold."""

    frames: Limits = field(default_factory=Limits)
    subscriptions: int = 256
    transactions: int = 8
    transaction_bytes: int = 262_144
    connect_timeout_s: float = 10.0


@dataclass(frozen=True)
class HeartBeat:
    """Intervals we offer [ms]; 0 means never."""

    send_ms: int = 10_000
    receive_ms: int = 10_000
    grace: float = 2.0
    """How many intervals of silence we bear: the network and a throttled browser tab are late at times."""


class StompSession:
    """State of one connection; the times are those of one monotonic clock, in seconds."""

    def __init__(
        self,
        *,
        session_id: str,
        now: float,
        server: str = "parkit",
        limits: SessionLimits | None = None,
        heart_beat: HeartBeat | None = None,
    ) -> None:
        self._session_id = session_id
        self._server = server
        self._limits = limits or SessionLimits()
        self._offer = heart_beat or HeartBeat()
        self._reader = FrameReader(self._limits.frames)
        self._out: list[bytes] = []
        self._destinations: dict[str, str] = {}
        self._transactions: dict[str, list[Sent]] = {}
        self._transaction_bytes = 0
        self._send_every = 0.0
        self._expect_within = 0.0
        self._last_sent = now
        self._last_received = now
        self._connect_by = now + self._limits.connect_timeout_s
        self.connected = False
        self.closed = False
        self.error: StompError | None = None
        """Why the conversation ended, if the client broke the protocol."""

    @property
    def version(self) -> Version:
        """The protocol version agreed on."""
        return self._reader.version

    def receive(self, data: bytes, now: float) -> list[SessionEvent]:
        """What the client asked for in `data`. After a breach: what came before it, and `closed` is set."""
        self._last_received = now
        events: list[SessionEvent] = []
        self._reader.receive(b"" if self.closed else data)
        frames = self._reader.frames()
        try:
            while not self.closed and (item := next(frames, None)) is not None:
                if not isinstance(item, Heartbeat):
                    events += self._handle(item)
        except StompError as error:
            self.fail(error)
        return events

    def data_to_send(self) -> list[bytes]:
        """Replies waiting to be written; empties the list."""
        out, self._out = self._out, []
        return out

    def sent(self, now: float) -> None:
        """Tell the session that something was written: it postpones the next heart-beat."""
        self._last_sent = now

    def tick(self, now: float) -> None:
        """Queue a heart-beat if one is due; end a conversation that fell silent or never began."""
        if self.closed:
            return
        if not self.connected:
            if now >= self._connect_by:
                self.fail(StompError("no CONNECT frame came in time", reason="connect_timeout"))
            return
        if self._expect_within and now >= self._last_received + self._expect_within:
            self.fail(StompError("no heart-beat came in time", reason="heartbeat_timeout"))
        elif self._send_every and now >= self._last_sent + self._send_every:
            self._out.append(b"\n")
            self._last_sent = now

    def next_deadline(self) -> float:
        """When `tick` is due next, on the caller's clock; infinity if never."""
        if self.closed:
            return math.inf
        if not self.connected:
            return self._connect_by
        send = self._last_sent + self._send_every if self._send_every else math.inf
        receive = self._last_received + self._expect_within if self._expect_within else math.inf
        return min(send, receive)

    def receipt(self, receipt_id: str) -> None:
        """Queue the RECEIPT for something the client sent."""
        if not self.closed:
            self._out.append(encode_frame("RECEIPT", [("receipt-id", receipt_id)], version=self.version))

    def fail(self, error: StompError, receipt_id: str | None = None) -> None:
        """Queue an ERROR frame and end the conversation."""
        if self.closed:
            return
        headers = [("message", error.reason), ("content-type", "text/plain")]
        if receipt_id is not None:
            headers.append(("receipt-id", receipt_id))
        self._out.append(encode_frame("ERROR", headers, str(error).encode(), self.version))
        self.error = error
        self.closed = True

    # --- frames ---------------------------------------------------------------------------------------

    def _handle(self, frame: Frame) -> list[SessionEvent]:
        if not self.connected:
            if frame.command not in ("CONNECT", "STOMP"):
                raise StompError(f"{frame.command} before CONNECT", reason="not_connected")
            self._connect(frame)
            return []
        receipt = frame.headers.get("receipt")
        events: list[SessionEvent]
        try:
            events, deferred = self._dispatch(frame, receipt)
        except StompError as error:
            self.fail(error, receipt)
            return []
        if receipt is not None and not deferred:
            self.receipt(receipt)
        if frame.command == "DISCONNECT":
            self.closed = True
        return events

    def _dispatch(self, frame: Frame, receipt: str | None) -> tuple[list[SessionEvent], bool]:
        """Events of a frame, and whether its receipt has to wait for whoever handles them."""
        match frame.command:
            case "CONNECT" | "STOMP":
                raise StompError("already connected", reason="already_connected")
            case "SEND":
                return self._send(frame, receipt)
            case "SUBSCRIBE":
                return [self._subscribe(frame)], False
            case "UNSUBSCRIBE":
                return self._unsubscribe(frame), False
            case "BEGIN":
                self._begin(_required(frame, "transaction"))
            case "COMMIT":
                return list(self._end(_required(frame, "transaction"))), False
            case "ABORT":
                self._end(_required(frame, "transaction"))
            case "ACK" | "NACK":
                _required(frame, "id" if self.version == "1.2" else "message-id")
        return [], False

    def _connect(self, frame: Frame) -> None:
        wanted = {version.strip() for version in frame.headers.get("accept-version", "1.0").split(",")}
        version: Version
        if "1.2" in wanted:
            version = "1.2"
        elif "1.1" in wanted:
            version = "1.1"
        else:
            raise StompError("this server speaks STOMP 1.2 and 1.1", reason="version")
        client_sends, client_wants = _heart_beat(frame.headers.get("heart-beat", "0,0"))
        if client_sends and self._offer.receive_ms:
            self._expect_within = max(client_sends, self._offer.receive_ms) / 1000.0 * self._offer.grace
        if client_wants and self._offer.send_ms:
            # half the agreed interval, so that one late wake-up of ours is not a missed beat of theirs
            self._send_every = max(client_wants, self._offer.send_ms) / 2000.0
        self._reader.version = version
        self.connected = True
        headers = [
            ("version", version),
            ("heart-beat", f"{self._offer.send_ms},{self._offer.receive_ms}"),
            ("server", self._server),
            ("session", self._session_id),
        ]
        self._out.append(encode_frame("CONNECTED", headers))

    def _subscribe(self, frame: Frame) -> Subscribed:
        subscription_id, destination = _required(frame, "id"), _required(frame, "destination")
        if subscription_id in self._destinations:
            raise StompError(f"subscription id {subscription_id!r} is in use", reason="duplicate_subscription")
        if len(self._destinations) >= self._limits.subscriptions:
            raise StompError(f"more than {self._limits.subscriptions} subscriptions", reason="too_many_subscriptions")
        if frame.headers.get("ack", "auto") not in ("auto", "client", "client-individual"):
            raise StompError("ack is none of auto, client, client-individual", reason="bad_ack")
        self._destinations[subscription_id] = destination
        return Subscribed(subscription_id, destination, frame.headers)

    def _unsubscribe(self, frame: Frame) -> list[SessionEvent]:
        subscription_id = _required(frame, "id")
        if self._destinations.pop(subscription_id, None) is None:
            raise StompError(f"no subscription {subscription_id!r}", reason="unknown_subscription")
        return [Unsubscribed(subscription_id)]

    def _send(self, frame: Frame, receipt: str | None) -> tuple[list[SessionEvent], bool]:
        destination = _required(frame, "destination")
        transaction = frame.headers.get("transaction")
        if transaction is None:
            return [Sent(destination, frame.headers, frame.body, receipt)], receipt is not None
        if transaction not in self._transactions:
            raise StompError(f"no transaction {transaction!r}", reason="unknown_transaction")
        size = len(frame.body) + sum(len(name) + len(value) for name, value in frame.headers.items())
        self._transaction_bytes += size
        if self._transaction_bytes > self._limits.transaction_bytes:
            raise StompError("open transactions are too large", reason="too_large")
        # inside a transaction the receipt says that the frame was taken in; COMMIT's says it was carried out
        self._transactions[transaction].append(Sent(destination, frame.headers, frame.body, None))
        return [], False

    def _begin(self, transaction: str) -> None:
        if transaction in self._transactions:
            raise StompError(f"transaction {transaction!r} has begun already", reason="duplicate_transaction")
        if len(self._transactions) >= self._limits.transactions:
            raise StompError(f"more than {self._limits.transactions} transactions", reason="too_many_transactions")
        self._transactions[transaction] = []

    def _end(self, transaction: str) -> list[Sent]:
        if transaction not in self._transactions:
            raise StompError(f"no transaction {transaction!r}", reason="unknown_transaction")
        sends = self._transactions.pop(transaction)
        if not self._transactions:
            self._transaction_bytes = 0
        return sends


def _required(frame: Frame, name: str) -> str:
    value = frame.headers.get(name)
    if not value:
        raise StompError(f"{frame.command} needs a header {name!r}", reason="missing_header")
    return value


def _heart_beat(text: str) -> tuple[int, int]:
    parts = text.split(",")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        raise StompError(f"heart-beat {text!r} is not two intervals in ms", reason="bad_heart_beat")
    return int(parts[0]), int(parts[1])
