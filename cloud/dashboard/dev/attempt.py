"""A made-up attempt to park in the middle bay of `worlds/perpendicular`: the messages a car would send.

Poses follow exact arcs of a kinematic car at 20 ms a step; ultrasonic distances are ray casts against the lot's
walls and six parked cars. Levels come from distance alone and cues from a table: good enough to look at, not to learn
from.
"""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from coach_core.contracts import (
    SECTORS,
    ClearanceState,
    Cue,
    Decision,
    Ended,
    EndPose,
    GearChanged,
    Level,
    LotMap,
    PlanSegment,
    PlanSummary,
    Pose2,
    SensorFrame,
    SensorReading,
    SessionEvent,
    SlotChosen,
    Started,
    VehicleProfile,
    VehicleStatus,
)

WORLDS = Path(__file__).resolve().parents[3] / "worlds"
STEP_S = 0.02
LEVELS: tuple[tuple[float, Level], ...] = ((0.3, "critical"), (0.6, "warning"), (1.2, "caution"))


class Phase(NamedTuple):
    """A stretch of the attempt: one cue, one gear, one steering angle, so far."""

    gear: str
    steer: float
    length: float
    speed: float
    cue: str
    params: Mapping[str, str | int] = MappingProxyType({})
    segment: int = 0
    hold_s: float = 0.0


FULL = 0.6
RADIUS = 2.8 / math.tan(FULL)
PHASES = (
    Phase("P", 0.0, 0.0, 0.0, "prep.around", hold_s=1.5),
    Phase("D", 0.0, 11.0, 1.6, "appr.slow", hold_s=0.6),
    Phase("D", 0.0, RADIUS, 1.1, "appr.prepare_stop"),
    Phase("D", 0.0, 0.0, 0.0, "move.stop_here", hold_s=1.0),
    Phase("R", 0.0, 0.0, 0.0, "gear.reverse", hold_s=1.2),
    Phase("R", -FULL, 0.0, 0.0, "steer.full", {"dir": "right"}, hold_s=1.8),
    Phase("R", -FULL, RADIUS * math.pi / 2, 0.8, "move.back_slow", {}, 1),
    Phase("R", 0.0, 0.0, 0.0, "steer.straight", hold_s=1.8, segment=2),
    Phase("R", 0.0, 3.05, 0.6, "move.back_straight", {}, 2),
    Phase("R", 0.0, 0.0, 0.0, "move.stop_here", hold_s=0.8, segment=2),
    Phase("P", 0.0, 0.0, 0.0, "done.first_try", hold_s=1.5, segment=2),
)
START = (-11.0, 3.4, 0.0)
SEGMENTS = [
    PlanSegment(gear=1, steering_angle_rad=0.0, length_m=11.0 + RADIUS),
    PlanSegment(gear=-1, steering_angle_rad=-FULL, length_m=RADIUS * math.pi / 2),
    PlanSegment(gear=-1, steering_angle_rad=0.0, length_m=3.05),
]

PARKED_CAR = ((-0.92, -4.8), (0.92, -4.8), (0.92, -0.2), (-0.92, -0.2))
"""Outline of a parked car seen from the middle of its bay's entrance [m]."""

Pose = tuple[float, float, float]
Polygon = list[tuple[float, float]]
Message = SensorFrame | Decision | SessionEvent | VehicleStatus


def advance(pose: Pose, steer: float, distance: float) -> Pose:
    """Pose after `distance` m (negative in reverse) with the front wheels at `steer`."""
    x, y, yaw = pose
    turn = math.tan(steer) / 2.8 * distance
    chord = distance if abs(turn) < 1e-9 else distance * math.sin(turn / 2) / (turn / 2)
    return x + chord * math.cos(yaw + turn / 2), y + chord * math.sin(yaw + turn / 2), yaw + turn


def ray(origin: tuple[float, float], angle: float, polygons: list[Polygon], reach: float) -> float:
    """Distance along a ray to the nearest polygon edge, or `reach`."""
    ox, oy = origin
    dx, dy = math.cos(angle), math.sin(angle)
    nearest = reach
    for polygon in polygons:
        for (ax, ay), (bx, by) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
            ex, ey = bx - ax, by - ay
            cross = dx * ey - dy * ex
            if abs(cross) < 1e-12:
                continue
            along = ((ax - ox) * ey - (ay - oy) * ex) / cross
            share = ((ax - ox) * dy - (ay - oy) * dx) / cross
            if 0 <= share <= 1 and 0 < along < nearest:
                nearest = along
    return nearest


def level_of(distance: float | None) -> Level:
    return next((level for limit, level in LEVELS if distance is not None and distance < limit), "clear")


@dataclass(frozen=True)
class Tick:
    sim_time_s: float
    messages: list[Message]


class Attempt:
    """One attempt of one car; `ticks` yields its messages in order of simulated time."""

    def __init__(self, vehicle_id: str, number: int = 0, delay_s: float = 0.0) -> None:
        self.vehicle_id = vehicle_id
        self.session_id = f"dev-{vehicle_id}-{uuid.uuid4().hex[:8]}"
        self.seed = number
        self.delay_s = delay_s
        self.vehicle = msgspec.convert(_load("learner_car.profile.json"), VehicleProfile)
        self.lot = msgspec.convert(_load("perpendicular.lot.json"), LotMap)
        parked = [slot for slot in self.lot.slots if slot.slot_id != "A4"]
        self.solids: list[Polygon] = [list(wall) for wall in self.lot.walls] + [
            [
                (s.entrance_x_m + x, s.entrance_y_m + y)
                for x, y in ((-0.92, -4.8), (0.92, -4.8), (0.92, -0.2), (-0.92, -0.2))
            ]
            for s in parked
        ]
        self.echoes: dict[tuple[int, int], tuple[float, float]] = {}
        self.events = 0

    def stamped(self, tick: Tick, now_us: int) -> Tick:
        """The tick as sent at `now_us`: a car stamps what it senses when it senses it."""
        return Tick(tick.sim_time_s, [msgspec.structs.replace(message, timestamp=now_us) for message in tick.messages])

    def ticks(self) -> Iterator[Tick]:
        yield Tick(0.0, [self._status("online"), self._event(0.0, self._started()), self._event(0.0, SlotChosen("A4"))])
        pose, steer, gear, seq, time_s = START, 0.0, "P", 0, self.delay_s
        path = self._path()
        for phase in PHASES:
            if phase.gear != gear:
                change = GearChanged(gear=phase.gear, previous=gear, speed_mps=0.0)  # type: ignore[arg-type]
                yield Tick(time_s, [self._event(time_s, change)])
                gear = phase.gear
            driven, held, speed = 0.0, 0.0, 0.0
            while driven < phase.length or held < phase.hold_s:
                steer += max(-0.008, min(0.008, phase.steer - steer))
                if held < phase.hold_s:
                    held += STEP_S
                    speed = 0.0
                else:
                    left = phase.length - driven
                    speed = min(phase.speed, speed + 0.02, 0.12 + math.sqrt(2 * 0.5 * left))
                    step = min(speed * STEP_S, left)
                    pose = advance(pose, phase.steer, -step if gear == "R" else step)
                    driven += step
                time_s += STEP_S
                yield Tick(time_s, self._sense(seq, time_s, pose, speed, steer, phase, path))
                seq += 1
        yield Tick(time_s, [self._event(time_s, self._ended(time_s))])

    def leaves(self) -> Tick:
        """The car's last word."""
        return Tick(0.0, [self._status("offline")])

    def _path(self) -> list[tuple[float, float, float]]:
        pose, path = START, [START]
        for segment in SEGMENTS:
            steps = max(1, round(segment.length_m / 0.1))
            for _ in range(steps):
                pose = advance(pose, segment.steering_angle_rad, segment.gear * segment.length_m / steps)
                path.append(pose)
        return path

    def _sense(
        self, seq: int, time_s: float, pose: Pose, speed: float, steer: float, phase: Phase, path: list[Pose]
    ) -> list[Message]:
        x, y, yaw = pose
        readings, sectors, fresh = [], [], False
        for name, mount in zip(SECTORS, self.vehicle.sensors, strict=True):
            at = (
                x + math.cos(yaw) * mount.x_m - math.sin(yaw) * mount.y_m,
                y + math.sin(yaw) * mount.x_m + math.cos(yaw) * mount.y_m,
            )
            angles = [yaw + mount.yaw_rad + part * mount.field_of_view_rad for part in (-0.35, 0.0, 0.35)]
            distance, angle = min((ray(at, angle, self.solids, mount.max_range_m), angle) for angle in angles)
            echo = distance if distance < mount.max_range_m else None
            readings.append(SensorReading(mount.sensor_id, echo, 0))
            near = None if echo is None else round(echo, 3)
            # beside the body nothing gets closer while driving straight: only the corners and ends warn
            sectors.append(ClearanceState(name, near, level_of(near) if speed > 0 else "clear"))
            if echo is not None:
                point = (round(at[0] + echo * math.cos(angle), 2), round(at[1] + echo * math.sin(angle), 2))
                cell = (round(point[0] * 5), round(point[1] * 5))
                fresh |= cell not in self.echoes
                self.echoes.setdefault(cell, point)
        gear: Any = phase.gear
        here = Pose2(round(x, 4), round(y, 4), round(yaw, 5))
        signed = -speed if gear == "R" else speed
        frame = SensorFrame(
            schema_version=1,
            vehicle_id=self.vehicle_id,
            session_id=self.session_id,
            seq=seq,
            timestamp=0,
            sim_time_s=round(time_s, 3),
            readings=readings,
            pose=here,
            speed_mps=signed,
            steering_angle_rad=round(steer, 4),
            gear=gear,
            throttle=0.1 if speed else 0.0,
            brake=0.0 if speed else 0.6,
            parking_brake=gear == "P",
        )
        return [frame, self._decide(frame, sectors, phase, list(self.echoes.values()) if fresh else None, path)]

    def _decide(
        self,
        frame: SensorFrame,
        sectors: list[ClearanceState],
        phase: Phase,
        obstacles: list[tuple[float, float]] | None,
        path: list[Pose],
    ) -> Decision:
        level = max((s.level for s in sectors), key=("clear", "caution", "warning", "critical").index)
        speed = abs(frame.speed_mps)
        cue = Cue(phase.cue, dict(phase.params))
        if level == "critical" and frame.gear == "R" and speed > 0:
            cue = Cue("warn.rear", {"cm": 30}, "warning")
        plan = PlanSummary(
            plan_id=1,
            slot_id="A4",
            status="found",
            cusps=1,
            length_m=sum(segment.length_m for segment in SEGMENTS),
            segment_index=phase.segment,
            segments=SEGMENTS,
            path=path if frame.seq == 0 else None,
        )
        return Decision(
            schema_version=1,
            vehicle_id=frame.vehicle_id,
            session_id=frame.session_id,
            seq=frame.seq,
            timestamp=0,
            sim_time_s=frame.sim_time_s,
            level=level,
            sectors=sectors,
            ttc_s=round(0.4 / speed, 2) if speed and level == "critical" else None,
            patterns=[],
            cue=cue,
            target_steering_angle_rad=phase.steer,
            stop_in_m=None,
            plan=plan,
            assist_level=4,
            pose=frame.pose,
            obstacles=obstacles,
            decision_us=900.0 + 300.0 * math.sin(frame.seq),
        )

    def _event(self, time_s: float, detail: Any) -> SessionEvent:
        self.events += 1
        return SessionEvent(1, self.vehicle_id, self.session_id, self.events - 1, 0, round(time_s, 3), detail)

    def _status(self, state: Any) -> VehicleStatus:
        return VehicleStatus(1, self.vehicle_id, self.session_id, state, 0)

    def _started(self) -> Started:
        return Started(
            world="perpendicular", driver="made-up", driver_name=f"연습 {self.vehicle_id[-1]}", seed=self.seed,
            assist_level=4, rubric="parkit-1", language="ko", vehicle=self.vehicle, lot=self.lot,
        )  # fmt: skip

    def _ended(self, time_s: float) -> Ended:
        return Ended(
            result="parked", slot_id="A4", duration_s=round(time_s - self.delay_s, 2), contacts=0, min_clearance_m=0.29,
            end_pose=EndPose(0.0, -0.06, 0.0), wheels_on_line=0, in_slot=True,
        )  # fmt: skip


def _load(name: str) -> Any:
    return json.loads((WORLDS / name).read_text(encoding="utf-8"))
