"""Where records wait for Kafka, in order: the interface, and one that keeps them in memory.

Four verbs and a promise. `add` appends; `batch` reads on without removing; `accept` removes the oldest of what was
read; `reject` puts back what was read and not accepted. `sync` promises: what was added will be there after a crash.
A record leaves the spool on `accept` only.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import islice
from typing import Protocol

from edge_relay.records import Record


class Spool(Protocol):
    """First in, first out, and safe."""

    @property
    def records(self) -> int:
        """Records added and not accepted."""

    @property
    def size_bytes(self) -> int:
        """What they take."""

    def add(self, record: Record) -> None:
        """Append; it can be read and counts as safe from the next `sync` on."""

    def sync(self) -> None:
        """Return when all that was added is safe. RelayError: none of it is and all of it is forgotten."""

    def batch(self, limit: int) -> Sequence[Record]:
        """The next records, at most `limit`, after those already out."""

    def accept(self, count: int) -> None:
        """Forget the oldest `count` of those that are out."""

    def reject(self) -> None:
        """Put all that are out back to the front."""

    def close(self) -> None:
        """Let go of files. What is synced stays."""


class MemorySpool:
    """A spool that forgets everything with its process; what the disk's one is measured against."""

    def __init__(self) -> None:
        self._records: deque[Record] = deque()
        self._pending: list[Record] = []
        self._out = 0

    @property
    def records(self) -> int:
        return len(self._records) + len(self._pending)

    @property
    def size_bytes(self) -> int:
        return sum(record.size for record in (*self._records, *self._pending))

    def add(self, record: Record) -> None:
        self._pending.append(record)

    def sync(self) -> None:
        self._records.extend(self._pending)
        self._pending.clear()

    def batch(self, limit: int) -> Sequence[Record]:
        taken = list(islice(self._records, self._out, self._out + limit))
        self._out += len(taken)
        return taken

    def accept(self, count: int) -> None:
        if count > self._out:
            raise ValueError(f"accept({count}), but only {self._out} records are out")
        for _ in range(count):
            self._records.popleft()
        self._out -= count

    def reject(self) -> None:
        self._out = 0

    def close(self) -> None:
        pass
