"""The newest state of one car, built from its messages: what changed, and what a newcomer must be given.

Sans I/O. The state is a flat map of named byte strings (`fields`), so that it can live in this process or in a
Redis hash and be put together into a `CarView` from either.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from cloud.live.messages import CarView, Kind, LiveMessage, LiveRecord, Snapshot
from coach_core.contracts import (
    Decision,
    Ended,
    PlanSummary,
    SensorFrame,
    SessionEvent,
    SlotOffered,
    Started,
    VehicleStatus,
    decode,
    encode,
)

Message = SensorFrame | Decision | SessionEvent | VehicleStatus
MESSAGE_OF_KIND: dict[str, type[SensorFrame] | type[Decision] | type[SessionEvent] | type[VehicleStatus]] = {
    "frames": SensorFrame,
    "decisions": Decision,
    "events": SessionEvent,
    "status": VehicleStatus,
}

PER_SESSION = ("frame", "decision", "plan", "obstacles", "started", "offered", "ended")
"""Fields that belong to a session and go when another one begins."""


def read(record: LiveRecord) -> Message:
    """The message in a record; ContractError if it does not follow its contract."""
    return decode(record.body, MESSAGE_OF_KIND[record.kind])


class CarState:
    """Takes the messages of one car; says what to pass on and which fields changed.

    Frames, decisions and events come by different partitions, so after a restart they come out of order: a record
    that is older than the newest one of the current session cannot begin another session.
    """

    def __init__(self, vehicle_id: str, fields: Mapping[str, bytes] | None = None) -> None:
        """fields: the state to go on from, as another process left it."""
        self.vehicle_id = vehicle_id
        self.fields = dict(fields or {})
        session_id = self.fields.get("session_id")
        self._session_id = session_id.decode() if session_id else None
        self._newest = (int(self.fields.get("at_ms", b"-1")), int(self.fields.get("seen", b"-1")))
        """(`at_ms`, timestamp) of the newest record of the current session: several may come in a millisecond."""
        self._online = self.fields.get("state") == b"online"
        self._status_age = (-1, -1)
        self._shown: tuple[object, ...] | None = None
        """What of the last decision a viewer would notice (see `_look`)."""
        self._last_seq = {"frames": -1, "decisions": -1}

    def apply(self, message: Message, record: LiveRecord) -> tuple[list[LiveMessage], dict[str, bytes | None]]:
        """(messages to pass on, changed fields; None: the field is gone).

        A late message of an older session passes through if it is an event, and changes no state.
        """
        if isinstance(message, VehicleStatus):
            return self._status(message, record)
        body = record.body
        age = (record.at_ms, message.timestamp)
        if message.session_id != self._session_id and age < self._newest:
            if isinstance(message, SessionEvent):
                return [LiveMessage("events", self.vehicle_id, body, True)], {}
            return [], {}
        out: list[LiveMessage] = []
        changed: dict[str, bytes | None] = {}
        if message.session_id != self._session_id:
            changed |= self._begin_session(message.session_id)
        self._newest = max(self._newest, age)
        changed["at_ms"] = str(self._newest[0]).encode()
        back = not self._online and age > self._status_age  # a record that only came late is no sign of life
        if back or "session_id" in changed:
            out.append(self._synthetic_status(message.timestamp, changed))
        changed["seen"] = str(max(message.timestamp, int(self.fields.get("seen", b"0")))).encode()
        match message:
            case SensorFrame():
                if self._is_newest("frames", message.seq):
                    changed["frame"] = body
                out.append(LiveMessage("frames", self.vehicle_id, body, False))
            case Decision():
                out.append(self._decision(message, body, changed))
            case SessionEvent():
                match message.detail:
                    case Started():
                        changed["started"] = body
                    case SlotOffered():
                        changed["offered"] = body
                    case Ended():
                        changed["ended"] = body
                out.append(LiveMessage("events", self.vehicle_id, body, True))
        self._store(changed)
        return out, changed

    def _is_newest(self, kind: Kind, seq: int) -> bool:
        if seq <= self._last_seq[kind]:
            return False
        self._last_seq[kind] = seq
        return True

    def _begin_session(self, session_id: str) -> dict[str, bytes | None]:
        self._session_id = session_id
        self._shown = None
        self._last_seq = {"frames": -1, "decisions": -1}
        gone: dict[str, bytes | None] = {name: None for name in PER_SESSION if name in self.fields}
        return gone | {"session_id": session_id.encode()}

    def _status(self, status: VehicleStatus, record: LiveRecord) -> tuple[list[LiveMessage], dict[str, bytes | None]]:
        age = (record.at_ms, status.timestamp)
        if age < self._newest:
            return [], {}
        self._online = status.state == "online"
        self._status_age = age
        changed: dict[str, bytes | None] = {
            "state": status.state.encode(),
            "status": record.body,
            "seen": str(status.timestamp).encode(),
        }
        if status.session_id is not None and status.session_id != self._session_id:
            changed |= self._begin_session(status.session_id)
            self._newest = age
        self._store(changed)
        return [LiveMessage("status", self.vehicle_id, record.body, True)], changed

    def _synthetic_status(self, timestamp: int, changed: dict[str, bytes | None]) -> LiveMessage:
        """A car that sends is online, whatever became of its status message."""
        self._online = True
        status = encode(
            VehicleStatus(
                schema_version=1,
                vehicle_id=self.vehicle_id,
                session_id=self._session_id,
                state="online",
                timestamp=timestamp,
            )
        )
        changed["state"] = b"online"
        changed["status"] = status
        return LiveMessage("status", self.vehicle_id, status, True)

    def _decision(self, decision: Decision, body: bytes, changed: dict[str, bytes | None]) -> LiveMessage:
        look = _look(decision)
        keep = look != self._shown or (decision.plan is not None and decision.plan.path is not None)
        if self._is_newest("decisions", decision.seq):
            self._shown = look
            changed["decision"] = body
            if decision.obstacles is not None:
                changed["obstacles"] = msgspec.json.encode(decision.obstacles)
            if decision.plan is None:
                if "plan" in self.fields:
                    changed["plan"] = None
            elif decision.plan.path is not None:
                changed["plan"] = encode(decision.plan)
        return LiveMessage("decisions", self.vehicle_id, body, keep)

    def _store(self, changed: Mapping[str, bytes | None]) -> None:
        for name, value in changed.items():
            if value is None:
                self.fields.pop(name, None)
            else:
                self.fields[name] = value


def _look(decision: Decision) -> tuple[object, ...]:
    """The parts of a decision that change what a viewer is told: level, cue, plan, help."""
    plan = decision.plan
    return (
        decision.level,
        decision.cue.id if decision.cue else None,
        (plan.plan_id, plan.slot_id, plan.status, plan.segment_index) if plan else None,
        tuple(decision.patterns),
        decision.assist_level,
    )


def car_view(vehicle_id: str, fields: Mapping[str, bytes]) -> CarView:
    """The view of a car put together from its fields."""
    state: Literal["online", "offline"] = "online" if fields.get("state") == b"online" else "offline"
    session_id = fields.get("session_id")
    return CarView(
        vehicle_id=vehicle_id,
        session_id=session_id.decode() if session_id else None,
        state=state,
        last_seen_us=int(fields.get("seen", b"0")),
        snapshot=Snapshot(
            frame=_raw(fields.get("frame")),
            decision=_whole_decision(fields),
            plan=_current_plan(fields),
            started=_raw(fields.get("started")),
            offered=_raw(fields.get("offered")),
            ended=_raw(fields.get("ended")),
        ),
    )


def status_of(car: CarView) -> bytes:
    """The presence of a car as a VehicleStatus message."""
    return encode(
        VehicleStatus(
            schema_version=1,
            vehicle_id=car.vehicle_id,
            session_id=car.session_id,
            state=car.state,
            timestamp=car.last_seen_us,
        )
    )


def _raw(value: bytes | None) -> msgspec.Raw | None:
    return None if value is None else msgspec.Raw(value)


def _whole_decision(fields: Mapping[str, bytes]) -> msgspec.Raw | None:
    """The newest decision with the obstacles in force, which it leaves out while they are unchanged."""
    body, obstacles = fields.get("decision"), fields.get("obstacles")
    if body is None or obstacles is None:
        return _raw(body)
    decision = decode(body, Decision)
    if decision.obstacles is not None:
        return msgspec.Raw(body)
    points = msgspec.json.decode(obstacles, type=list[tuple[float, float]])
    return msgspec.Raw(encode(msgspec.structs.replace(decision, obstacles=points)))


def _current_plan(fields: Mapping[str, bytes]) -> msgspec.Raw | None:
    """The plan with its path and, of the newest decision, how far along it the car is."""
    body, newest = fields.get("plan"), fields.get("decision")
    if body is None or newest is None:
        return _raw(body)
    with_path = decode(body, PlanSummary)
    current = decode(newest, Decision).plan
    if current is None or current.plan_id != with_path.plan_id:
        return msgspec.Raw(body)
    return msgspec.Raw(encode(msgspec.structs.replace(current, path=with_path.path)))


def carry_over(older: bytes, newer: bytes) -> bytes:
    """`newer` decision with the obstacles of `older`, if only that one has them.

    A decision says "obstacles unchanged since the last one sent", so one that is left out for a slow viewer
    must hand its obstacles on to the next.
    """
    before = decode(older, Decision)
    if before.obstacles is None:
        return newer
    after = decode(newer, Decision)
    if after.obstacles is not None:
        return newer
    return encode(msgspec.structs.replace(after, obstacles=before.obstacles))
