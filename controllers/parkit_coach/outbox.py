"""Messages on their way from the car: on disk until the broker has them, sent again after a crash, in order.

One append-only file per session, a line per message (topic, tab, JSON). A second file counts how many of them the
broker has acknowledged; it is written now and then, so after a crash a few are sent twice, and none never.
"""

from __future__ import annotations

import os
from collections import deque
from pathlib import Path
from typing import IO, NamedTuple

FLUSH_EVERY = 64
"""Acknowledgements between two writes of the counter."""


class Message(NamedTuple):
    """One MQTT message: its place in the file counts from 0."""

    place: int
    topic: str
    payload: bytes


class Outbox:
    """The messages of one session file. Not for use from several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._counter = path.with_suffix(".acked")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._acked = int(self._counter.read_text() or "0") if self._counter.exists() else 0
        self._waiting: deque[Message] = deque()
        self._unacked: set[int] = set()
        self._next = 0
        if path.exists():
            self._load()
        self._file: IO[bytes] = path.open("ab")

    def __len__(self) -> int:
        """How many messages the broker has not acknowledged."""
        return len(self._waiting) + len(self._unacked)

    def _load(self) -> None:
        *lines, torn = self._path.read_bytes().split(b"\n")
        if torn:  # the process died while writing it; what is added now must not be joined to it
            os.truncate(self._path, self._path.stat().st_size - len(torn))
        for line in lines:
            topic, _, payload = line.partition(b"\t")
            if self._next >= self._acked:
                self._waiting.append(Message(self._next, topic.decode(), payload))
            self._next += 1

    def add(self, topic: str, payload: bytes) -> None:
        """Keep a message; it is on the operating system's side when this returns."""
        self._file.write(topic.encode() + b"\t" + payload + b"\n")
        self._file.flush()
        self._waiting.append(Message(self._next, topic, payload))
        self._next += 1

    def take(self) -> Message | None:
        """The next message to send, or None."""
        if not self._waiting:
            return None
        message = self._waiting.popleft()
        self._unacked.add(message.place)
        return message

    def acknowledge(self, message: Message) -> None:
        """The broker has it."""
        self._unacked.discard(message.place)
        if self._first_missing() - self._acked >= FLUSH_EVERY:
            self._write_counter()

    def close(self) -> None:
        """Remove the files if all is acknowledged, else leave them for the next start."""
        self._file.close()
        if len(self) == 0:
            self._path.unlink(missing_ok=True)
            self._counter.unlink(missing_ok=True)
        else:
            self._write_counter()

    def _first_missing(self) -> int:
        return min(self._unacked, default=self._waiting[0].place if self._waiting else self._next)

    def _write_counter(self) -> None:
        self._acked = self._first_missing()
        self._counter.write_text(str(self._acked))
