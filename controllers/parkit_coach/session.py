"""What a session leaves behind in the car: the messages it made, its score, its figures."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np

from coach_core.contracts import (
    Contact,
    Decision,
    Ended,
    ScoreCard,
    SensorFrame,
    SessionEvent,
    Started,
    encode,
)
from coach_core.contracts.messages import EventDetail, Gear
from coach_core.scoring import Rubric, SessionTrack, par_of, score_session

Publish = Callable[[str, bytes], None]


class SessionLog:
    """Frames, decisions and events of one session, published as they come and kept for the score."""

    def __init__(self, vehicle_id: str, session_id: str, publish: Publish | None, *, real_time: bool) -> None:
        """publish: where messages go, None if nobody hears them. real_time: whether the car goes on while the coach
        thinks; where the simulation waits for it, it is never late, however long it took on a busy machine.
        """
        self._real_time = real_time
        self._took_us: list[float] = []
        self._track: SessionTrack | None = None
        self._vehicle_id = vehicle_id
        self._session_id = session_id
        self._publish = publish
        self._frames: list[SensorFrame] = []
        self._decisions: list[Decision] = []
        self._events: list[SessionEvent] = []
        self._digest = hashlib.sha256()
        self.started_at: float | None = None

    @property
    def next_seq(self) -> int:
        return len(self._frames)

    def add(self, frame: SensorFrame, decision: Decision) -> None:
        """Publish and keep one tick."""
        if self._publish is not None:
            self._publish("frames", encode(frame))
            self._publish("decisions", encode(decision))
        self._track = None
        self._frames.append(frame)
        self._took_us.append(decision.decision_us)
        self._decisions.append(decision if self._real_time else msgspec.structs.replace(decision, decision_us=0.0))
        # Wall-clock stamps, the measured time and the session's name differ between equal runs.
        plain = msgspec.structs.replace(decision, timestamp=0, decision_us=0.0, session_id="-")
        self._digest.update(encode(plain))

    def event(self, detail: EventDetail, now: float) -> None:
        """Publish and keep something that happened at simulator time `now` [s]."""
        if isinstance(detail, Started):
            self.started_at = now
        event = SessionEvent(
            1, self._vehicle_id, self._session_id, len(self._events), time.time_ns() // 1000, round(now, 6), detail
        )
        if self._publish is not None:
            self._publish("events", encode(event))
        self._track = None
        self._events.append(event)

    def gear_at(self, time: float) -> Gear:
        """The gear that was in at simulator time `time` [s]; that of the first frame before it."""
        return next((f.gear for f in reversed(self._frames) if f.sim_time_s <= time), self._frames[0].gear)

    def score(self, ended: Ended, rubric: Rubric) -> ScoreCard:
        """The session judged by a rubric."""
        contacts = [event.detail for event in self._events if isinstance(event.detail, Contact)]
        return score_session(self._judged(), ended, contacts, rubric, par_of(self._decisions))

    def summary(self, card: ScoreCard) -> dict[str, Any]:
        """The coach's part of a run's result."""
        return {
            "score": card.score,
            "passed": card.passed,
            "cusps": len(self._judged().cusp_rows()),
            "frames": len(self._frames),
            "decision_us": self._latency(),
            "digest": self._digest.hexdigest(),
            "card": msgspec.to_builtins(card),
            "session_id": self._session_id,
        }

    def frame_lines(self) -> bytes:
        """The session's sensor frames, one JSON message a line."""
        return b"".join(encode(frame) + b"\n" for frame in self._frames)

    def _judged(self) -> SessionTrack:
        if self._track is None:
            self._track = SessionTrack.from_messages(self._frames, self._decisions, self._events)
        return self._track

    def _latency(self) -> dict[str, float]:
        if not self._took_us:
            return {"p50": 0.0, "p99": 0.0, "max": 0.0}
        times = np.array(self._took_us)
        p50, p99 = np.percentile(times, [50, 99])
        return {"p50": round(float(p50), 1), "p99": round(float(p99), 1), "max": round(float(times.max()), 1)}
