"""What analysis gathers between two writes: records by session, each once."""

from __future__ import annotations

from dataclasses import dataclass, field

from cloud.store.tables import RecordingKind
from coach_core.contracts import Decision, SensorFrame, SessionEvent


@dataclass
class SessionBatch:
    """New records of one session."""

    vehicle_id: str
    first_us: int
    """Earliest timestamp [µs since the epoch]."""
    last_us: int
    records: dict[RecordingKind, dict[int, bytes]] = field(default_factory=lambda: {"frames": {}, "decisions": {}})
    """seq -> JSON, as it came."""
    events: dict[int, tuple[SessionEvent, bytes]] = field(default_factory=dict)


@dataclass
class Batch:
    """New records of all sessions."""

    sessions: dict[str, SessionBatch] = field(default_factory=dict)
    size: int = 0
    """Records taken in, duplicates among them included."""

    def add(self, message: SensorFrame | Decision | SessionEvent, body: bytes) -> None:
        """Take in a message; of a seq that comes twice the first counts."""
        self.size += 1
        session = self.sessions.get(message.session_id)
        if session is None:
            session = SessionBatch(message.vehicle_id, message.timestamp, message.timestamp)
            self.sessions[message.session_id] = session
        session.first_us = min(session.first_us, message.timestamp)
        session.last_us = max(session.last_us, message.timestamp)
        match message:
            case SensorFrame():
                session.records["frames"].setdefault(message.seq, body)
            case Decision():
                session.records["decisions"].setdefault(message.seq, body)
            case SessionEvent():
                session.events.setdefault(message.seq, (message, body))


@dataclass(frozen=True)
class Saved:
    """What writing a batch came to."""

    new: dict[str, int]
    """session_id -> records that were not there before."""
    duplicates: int
    ended: frozenset[str]
    """Sessions of the batch whose end has come, now or before."""
