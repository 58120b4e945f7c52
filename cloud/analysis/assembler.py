"""The middle of analysis, sans I/O: records in; batches to store and sessions to report out.

    letter = assembler.take(record, now)     a dead letter if the record cannot be read
    if assembler.flush_due(now):             store the batch, commit its offsets, then
        assembler.saved(saved, now)
    for session_id in assembler.due(now):    look whether it is complete: `report_ready`, then `reported` or `wait`

`now` is a monotonic clock [s]. Nothing here outlives a restart, and nothing needs to: what is not stored is not
committed and comes again, and sessions that ended without a report are found in the store.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from cloud.store.batch import Batch, Saved
from cloud.store.store import Coverage
from coach_core.contracts import DeadLetter, Decision, SensorFrame, SessionEvent, Topic, decode
from coach_core.errors import ContractError

MESSAGE_OF_TOPIC: dict[str, type[SensorFrame] | type[Decision] | type[SessionEvent]] = {
    Topic.SENSOR_RAW: SensorFrame,
    Topic.COACH_DECISIONS: Decision,
    Topic.SESSION_EVENTS: SessionEvent,
}

QUIET_S = 0.3
"""A session that is complete and had no record for so long is reported."""
TAIL_S = 0.25
"""Simulator time that may lie between the last frame and the end: frames come at intervals."""


class Record(NamedTuple):
    """A Kafka record."""

    topic: str
    partition: int
    offset: int
    value: bytes


@dataclass
class _Ending:
    """A session that has ended and is to be reported."""

    last_news: float
    """When its last new record was stored [s]."""
    look_at: float


class Assembler:
    """See the module."""

    def __init__(self, *, flush_every_s: float, flush_records: int, grace_s: float) -> None:
        self._flush_every_s = flush_every_s
        self._flush_records = flush_records
        self._grace_s = grace_s
        self._endings: dict[str, _Ending] = {}
        self._flush_at = math.inf
        self.batch = Batch()
        self.offsets: dict[tuple[str, int], int] = {}
        """(topic, partition) -> next offset: what to commit once the batch is stored."""

    def take(self, record: Record, now: float, now_us: int) -> DeadLetter | None:
        """Take in a record. now_us: wall clock [µs], for the dead letter."""
        self.offsets[record.topic, record.partition] = record.offset + 1
        self._flush_at = min(self._flush_at, now + self._flush_every_s)
        try:
            message = decode(record.value, MESSAGE_OF_TOPIC[record.topic])
        except ContractError as error:
            return DeadLetter(
                schema_version=1,
                timestamp=now_us,
                source=f"{record.topic}/{record.partition}/{record.offset}",
                reason=error.reason,
                error=str(error),
                payload_b64=base64.b64encode(record.value).decode(),
            )
        self.batch.add(message, record.value)
        return None

    def flush_due(self, now: float) -> bool:
        """Whether to store the batch now."""
        return now >= self._flush_at or self.batch.size >= self._flush_records

    def saved(self, saved: Saved, now: float) -> None:
        """The batch is stored and its offsets are committed (or will come again)."""
        self.batch = Batch()
        self.offsets = {}
        self._flush_at = math.inf
        for session_id in saved.ended & saved.new.keys():
            self._endings[session_id] = _Ending(now, now + QUIET_S)

    def resume(self, session_ids: Iterable[str], now: float) -> None:
        """Sessions that had ended without a report when the process started."""
        for session_id in session_ids:
            self._endings.setdefault(session_id, _Ending(now, now + QUIET_S))

    def due(self, now: float) -> list[str]:
        """Sessions to look at now."""
        return [session_id for session_id, ending in self._endings.items() if ending.look_at <= now]

    def grace_over(self, session_id: str, now: float) -> bool:
        """Whether a session need not wait any longer for what is missing."""
        return now >= self._endings[session_id].last_news + self._grace_s

    def wait(self, session_id: str, now: float) -> None:
        """It is not complete: look again later."""
        ending = self._endings[session_id]
        ending.look_at = max(now + QUIET_S, min(now + 1.0, ending.last_news + self._grace_s))

    def done(self, session_id: str) -> None:
        """Nothing more to do for a session, until more of it comes."""
        self._endings.pop(session_id, None)


def complete(frames: Coverage, decisions: Coverage, last_frame_s: float, ended_s: float) -> bool:
    """Whether a recording has no gap and reaches the end.

    last_frame_s, ended_s: simulator time of the last frame and of the `ended` event [s].
    """
    whole = frames.records == frames.last_seq + 1 and decisions.records == decisions.last_seq + 1
    return whole and frames.last_seq == decisions.last_seq and last_frame_s >= ended_s - TAIL_S
