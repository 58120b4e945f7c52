"""The coach: one frame in, one decision out. Deterministic; reads no clock but the frame's own times."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from coach_core.contracts import (
    SECTORS,
    ClearanceState,
    CoachCommand,
    Cue,
    Decision,
    Fault,
    GearChanged,
    LotMap,
    PlanSummary,
    Pose2,
    SensorFrame,
    SlotChosen,
    SlotOffered,
    VehicleProfile,
)
from coach_core.contracts import PlanSegment as PlanSegmentMessage
from coach_core.contracts.messages import AssistLevelCommand, Gear, HintAcked, HintCommand, Level
from coach_core.guidance.mission import MissionView, Phase, new_mission
from coach_core.guidance.planning import Planner
from coach_core.guidance.selector import URGENT, CueCatalogue, CueSelector
from coach_core.perception.localisation import MAX_SPEED
from coach_core.perception.scene import Perception, Scene
from coach_core.risk import RiskInput, RiskResult, RiskState
from coach_core.vehicle import vehicle_from_profile

LEVELS: tuple[Level, ...] = ("clear", "caution", "warning", "critical")
CLEAR, CAUTION, WARNING, CRITICAL = range(4)
NOWHERE = np.full(3, np.nan)
"""The pose that makes the warnings judge blind."""
OVERDUE_SPEED = 0.10
OVERDUE_TRAVEL = 0.90
"""Rolling on past the stop, faster than the one [m/s], with less free way than the other [m]: no more asking."""
PATH_SPACING = 0.25
"""Spacing [m] of the plan's path in a decision."""

CoachEvent = SlotOffered | SlotChosen | GearChanged | Fault | HintAcked


@dataclass(frozen=True)
class CoachSetup:
    """What a coach knows before the first frame."""

    vehicle_id: str
    session_id: str
    profile: VehicleProfile
    lot: LotMap
    catalogue: CueCatalogue
    assist_level: int = 4


@dataclass
class _Sent:
    """What the last decisions already told, so that large parts are sent only when they change."""

    plan_id: int = 0
    points_revision: int = -1
    gear: Gear | None = None
    faults: frozenset[str] = field(default_factory=frozenset)
    plan: tuple[object, PlanSummary] | None = None
    """What the summary of the plan was made of, and the summary without its path."""


class Coach:
    """One learner, one session. `step` per frame in order; `take_events` after it."""

    def __init__(self, setup: CoachSetup, planner: Planner) -> None:
        self._setup = setup
        self._vehicle = vehicle_from_profile(setup.profile)
        self._perception = Perception(setup.profile, setup.lot)
        self._mission = new_mission(
            self._vehicle, setup.profile.steering_ratio, self._perception, planner, setup.catalogue
        )
        self._risk = RiskState(self._vehicle, sensors=self._perception.mounts)
        self._selector = CueSelector(setup.catalogue)
        self._sent = _Sent()
        self._events: list[CoachEvent] = []
        self._now = 0.0
        self._speed = 0.0
        self._steer = 0.0
        self._stop_in: float | None = None
        self._on_plan = False
        self.assist_level = setup.assist_level

    @property
    def finished(self) -> bool:
        """The car stands in its slot, in P, with the parking brake set."""
        return self._mission.phase is Phase.DONE

    def step(self, frame: SensorFrame, now: float) -> Decision:
        """The decision on one frame. now: simulator time [s], never going back.

        A frame with values that are not finite is judged blind: it never raises and never says "clear".
        """
        faults = set(frame.faults)
        now = self._now = max(self._now, now) if math.isfinite(now) else self._now
        if not abs(frame.speed_mps) <= MAX_SPEED:
            faults.add("speed")
        if not math.isfinite(frame.steering_angle_rad):
            faults.add("steering")
        # The mission goes on with what was last known; the warnings are told that nothing is.
        speed = self._speed = self._speed if "speed" in faults else frame.speed_mps
        steer = self._steer = self._steer if "steering" in faults else frame.steering_angle_rad
        scene = self._perception.update(frame)
        if not scene.pose_known:
            faults.add("pose")
        if scene.jumped:
            faults.add("pose_jump")
            self._mission.disrupt()
        secured = frame.gear == "P" and frame.parking_brake
        risk = self._assess(frame, scene, faults, now)
        if risk.level == CRITICAL:
            self._mission.disrupt()
        view = self._mission.update(now, scene, speed, steer, frame.gear, secured)
        self._stop_in, self._on_plan = view.stop_in, view.on_plan
        if not max(scene.reading_age.tolist()) <= self._risk.limits.blind_after:
            faults.add("ultrasonic")
        cue = self._selector.choose([*self._danger_cues(risk, view, speed), *view.cues], self.assist_level, now)
        self._note(frame, frozenset(faults))
        return self._decision(frame, scene, risk, view, cue)

    def command(self, command: CoachCommand, received_us: int, now: float) -> None:
        """Carry out what the dashboard asks for; the answer is an event.

        received_us: microseconds since the epoch when the command reached the car; now: simulator time [s].
        """
        action = command.action
        if received_us > command.expires_at:
            self._events.append(HintAcked(command.command_id, "expired"))
        elif isinstance(action, HintCommand):
            if self.assist_level == 0:
                self._events.append(HintAcked(command.command_id, "refused", "test mode: no help"))
                return
            self._selector.hint(action.text, now)
            self._events.append(HintAcked(command.command_id, "shown"))
        elif isinstance(action, AssistLevelCommand):
            self.assist_level = action.assist_level
            self._events.append(HintAcked(command.command_id, "applied"))
        else:
            self._events.append(HintAcked(command.command_id, "refused", "not supported by this car"))

    def take_events(self) -> list[CoachEvent]:
        """What happened since the last call."""
        events: list[CoachEvent] = [*self._events, *self._mission.events]
        self._events.clear()
        self._mission.events.clear()
        return events

    # --- parts of a step ----------------------------------------------------------------------------------

    def _assess(self, frame: SensorFrame, scene: Scene, faults: set[str], now: float) -> RiskResult:
        travel = {"D": 1, "R": -1}.get(frame.gear, 0)
        planned = self._stop_in if self._on_plan and self._stop_in is not None else math.nan
        tracker = self._mission.tracker if self._mission.phase is Phase.FOLLOW else None
        return self._risk.update(
            RiskInput(
                pose=scene.pose if scene.pose_known and not scene.jumped else NOWHERE,
                speed=math.nan if "speed" in faults else self._speed,
                steer=math.nan if "steering" in faults else self._steer,
                gear=travel,
                points=scene.points,
                polygons=scene.polygons,
                readings=scene.readings,
                reading_age_s=scene.reading_age,
                on_plan=self._on_plan,
                planned_free_travel=planned,
                movers=scene.movers,
                kerbs=scene.kerbs,
                lines=self._perception.lines,
                throttle=frame.throttle,
                brake=frame.brake,
                planned_gear=0 if tracker is None else tracker.segment.gear,
                planned_steer=math.nan if tracker is None else tracker.segment.steer,
            ),
            now,
        )

    def _danger_cues(self, risk: RiskResult, view: MissionView, speed: float) -> list[Cue]:
        cue = self._setup.catalogue.cue
        stopping = any(wanted.id in URGENT for wanted in view.cues)
        near = risk.free_travel < OVERDUE_TRAVEL
        late = (view.stop_in == 0.0 and near) or (view.ignored and (near or view.tight))
        overdue = stopping and late and abs(speed) > OVERDUE_SPEED
        if risk.level == CRITICAL or overdue:
            return [cue("crit.stop")]
        if stopping:
            return []  # "stop here" is the answer to whatever there is to warn of
        if risk.blind:
            return [cue("warn.sensor")]
        if risk.level != WARNING or risk.muted or view.phase in (Phase.SECURE, Phase.DONE) or speed == 0.0:
            return []
        sector = SECTORS[risk.worst_sector]
        if sector.startswith(("left", "right")):
            return [cue("warn.side", dir=sector.split("_")[0])]
        nearest = float(risk.sector_distance[risk.worst_sector])
        centimetres = 5 * round(min(nearest, risk.free_travel) * 20.0) if math.isfinite(nearest) else 100
        return [cue("warn.front" if sector.startswith("front") else "warn.rear", cm=int(centimetres))]

    def _note(self, frame: SensorFrame, faults: frozenset[str]) -> None:
        sent = self._sent
        if sent.gear is not None and frame.gear != sent.gear:
            self._events.append(GearChanged(frame.gear, sent.gear, self._speed))
        sent.gear = frame.gear
        if faults != sent.faults:
            self._events += [Fault(name, "raised", "") for name in sorted(faults - sent.faults)]
            self._events += [Fault(name, "cleared", "") for name in sorted(sent.faults - faults)]
            sent.faults = faults

    def _decision(
        self, frame: SensorFrame, scene: Scene, risk: RiskResult, view: MissionView, cue: Cue | None
    ) -> Decision:
        points = None
        if scene.points_revision != self._sent.points_revision:
            self._sent.points_revision = scene.points_revision
            points = [(round(float(x), 3), round(float(y), 3)) for x, y in scene.points]
        guiding = self.assist_level >= 3
        x, y, yaw = scene.pose.tolist()
        return Decision(
            schema_version=1,
            vehicle_id=self._setup.vehicle_id,
            session_id=self._setup.session_id,
            seq=frame.seq,
            timestamp=frame.timestamp,
            sim_time_s=frame.sim_time_s if 0.0 <= frame.sim_time_s < math.inf else self._now,
            level=LEVELS[risk.level],
            sectors=[
                ClearanceState(name, round(distance, 3) if distance < math.inf else None, LEVELS[level])
                for name, distance, level in zip(
                    SECTORS, risk.sector_distance.tolist(), risk.sector_level.tolist(), strict=True
                )
            ],
            ttc_s=_finite(risk.ttc),
            patterns=list(risk.patterns),
            cue=cue,
            target_steering_angle_rad=_rounded(view.target_steer) if guiding else None,
            stop_in_m=_rounded(view.stop_in) if guiding else None,
            plan=self._plan_summary(),
            assist_level=self.assist_level,
            pose=Pose2(x, y, yaw),
            obstacles=points,
            decision_us=0.0,
        )

    def _plan_summary(self) -> PlanSummary | None:
        mission = self._mission
        tracker = mission.tracker
        if tracker is None or mission.target is None:
            return None
        made_of = (tracker, tracker.index, mission.plan_id, mission.phase, mission.target.slot_id)
        if self._sent.plan is not None and self._sent.plan[0] == made_of:
            return self._sent.plan[1]
        path = None
        if mission.plan_id != self._sent.plan_id:
            self._sent.plan_id = mission.plan_id
            poses = tracker.rollout(tracker.start)
            keep = max(1, round(PATH_SPACING / 0.1))
            thinned = np.vstack([poses[:-1:keep], poses[-1:]])
            path = [(round(float(x), 3), round(float(y), 3), round(float(yaw), 4)) for x, y, yaw in thinned]
        summary = PlanSummary(
            plan_id=mission.plan_id,
            slot_id=mission.target.slot_id,
            status=str(mission.phase),
            cusps=tracker.cusps,
            length_m=round(float(sum(segment.length for segment in tracker.segments)), 3),
            segment_index=tracker.index,
            segments=[
                PlanSegmentMessage(-1 if s.gear < 0 else 1, round(float(s.steer), 4), round(float(s.length), 3))
                for s in tracker.segments
            ],
            path=path,
        )
        if path is None:
            self._sent.plan = made_of, summary
        return summary


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 4)


def _finite(value: float) -> float | None:
    return round(float(value), 3) if math.isfinite(value) else None
