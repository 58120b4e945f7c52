"""Messages for tests of the cloud: valid, small, with the parts that matter as arguments."""

from __future__ import annotations

from coach_core.contracts import (
    SECTORS,
    ClearanceState,
    Cue,
    Decision,
    Ended,
    EndPose,
    Level,
    LotMap,
    PlanSegment,
    PlanSummary,
    Pose2,
    Result,
    SensorFrame,
    SensorReading,
    SessionEvent,
    SlotMap,
    Started,
    VehicleProfile,
    VehicleStatus,
)
from coach_core.contracts.messages import EventDetail

T0_US = 1_800_000_000_000_000
STEP_S = 0.02

VEHICLE = VehicleProfile(
    name="test-car",
    wheelbase_m=2.8,
    front_overhang_m=0.84,
    rear_overhang_m=0.85,
    width_m=1.82,
    track_m=1.63,
    max_steering_angle_rad=0.6,
    steering_ratio=15.0,
)
LOT = LotMap(name="test-lot", slots=[SlotMap("A1", "perpendicular", 0.0, 0.0, -1.5708, 2.5, 5.0)])


def frame(seq: int, *, car: str = "car-1", session: str = "s-1", x_m: float | None = None) -> SensorFrame:
    """Frame `seq`, 20 ms after the one before, creeping along +x."""
    stamp = T0_US + seq * 20_000
    return SensorFrame(
        schema_version=1,
        vehicle_id=car,
        session_id=session,
        seq=seq,
        timestamp=stamp,
        sim_time_s=round(seq * STEP_S, 6),
        readings=[SensorReading(f"us_{sector}", 2.0, stamp) for sector in SECTORS],
        pose=Pose2(seq * 0.01 if x_m is None else x_m, 0.0, 0.0),
        speed_mps=0.5,
        steering_angle_rad=0.1,
        gear="D",
        throttle=0.1,
        brake=0.0,
    )


def plan(plan_id: int = 1, *, path: list[tuple[float, float, float]] | None = None, segment: int = 0) -> PlanSummary:
    """A plan of one arc into A1."""
    return PlanSummary(plan_id, "A1", "found", 0, 3.0, segment, [PlanSegment(-1, 0.3, 3.0)], path)


def decision(
    seq: int,
    *,
    car: str = "car-1",
    session: str = "s-1",
    level: Level = "clear",
    cue: str | None = None,
    plan: PlanSummary | None = None,
    obstacles: list[tuple[float, float]] | None = None,
    decision_us: float = 300.0,
) -> Decision:
    """The decision on frame `seq`; `level` is that of the rear left sector and of the whole."""
    return Decision(
        schema_version=1,
        vehicle_id=car,
        session_id=session,
        seq=seq,
        timestamp=T0_US + seq * 20_000,
        sim_time_s=round(seq * STEP_S, 6),
        level=level,
        sectors=[
            ClearanceState(s, 0.4 if s == "rear_left" else None, level if s == "rear_left" else "clear")
            for s in SECTORS
        ],
        ttc_s=None,
        patterns=[],
        cue=Cue(cue) if cue else None,
        target_steering_angle_rad=None,
        stop_in_m=None,
        plan=plan,
        assist_level=4,
        pose=Pose2(seq * 0.01, 0.0, 0.0),
        obstacles=obstacles,
        decision_us=decision_us,
    )


def event(
    seq: int, detail: EventDetail, *, car: str = "car-1", session: str = "s-1", at_s: float = 0.0
) -> SessionEvent:
    """Event number `seq` at simulator time `at_s` [s]."""
    return SessionEvent(1, car, session, seq, T0_US + int(at_s * 1e6), at_s, detail)


def started(*, rubric: str = "parkit-1") -> Started:
    """The start of a session."""
    return Started("perpendicular", "expert", "연습생", 7, 4, rubric, "ko", VEHICLE, LOT)


def ended(*, result: Result = "parked", duration_s: float = 10.0) -> Ended:
    """The end of a session, in slot A1."""
    return Ended(result, "A1", duration_s, 0, 0.35, EndPose(0.05, 0.1, 0.01), 0, True)


def status(state: str, *, car: str = "car-1", session: str | None = "s-1") -> VehicleStatus:
    """A car's presence."""
    assert state in ("online", "offline")
    return VehicleStatus(1, car, session, "online" if state == "online" else "offline", T0_US)
