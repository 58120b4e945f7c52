"""A session as arrays, one row per frame: what the rules of a rubric are read off.

Built from the messages alone, so that the car, the cloud and a replay judge the same session the same way.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coach_core.contracts import (
    SECTORS,
    Contact,
    Decision,
    Ended,
    Fault,
    HintAcked,
    LineTouched,
    LotMap,
    Retried,
    SensorFrame,
    SessionEvent,
    Started,
    VehicleProfile,
)
from coach_core.scoring.plans import PlanTrace, plan_trace

GEAR_P, GEAR_R, GEAR_N, GEAR_D = 0, -1, 2, 1
"""Codes of the gears; +1 and -1 also say which way the car is meant to go."""

_GEAR_CODES = {"P": GEAR_P, "R": GEAR_R, "N": GEAR_N, "D": GEAR_D}
_LEVELS = {"clear": 0, "caution": 1, "warning": 2, "critical": 3}
LEVEL_UNKNOWN = -1

DECISION_BUDGET_US = 10_000.0
"""A decision that took longer came too late to be counted against the learner."""

LONGEST_STEP_S = 0.5
"""Two frames farther apart than this do not belong to one span: something is missing between them."""

_APPROACH_M = 8.0
_SENSOR_PREFIXES = ("us_", "ultrasonic", "gps", "imu", "gyro", "pose", "speed", "steering", "sensor")
"""Components whose faults are those of a sensor: names of devices, or of what the coach reads off them."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


_PER_ROW = frozenset({
    "seq", "t", "x", "y", "yaw", "speed", "steer", "gear", "throttle", "brake", "parking_brake", "level",
    "min_clearance", "worst_sector", "fault", "late", "paused",
})  # fmt: skip


class Span(NamedTuple):
    """Rows first..last (both included) of one uninterrupted span, and its times [s]; t1 is when it was over."""

    first: int
    last: int
    t0: float
    t1: float


class SessionTrack(NamedTuple):
    """All arrays (N,), in order of seq. t [s] sim time; x, y [m], yaw [rad] of the rear axle, as the car's sensors
    have it.

    speed [m/s, negative backwards]; steer [rad, left positive]; gear codes `GEAR_*`; throttle, brake 0..1;
    level 0..3, `LEVEL_UNKNOWN` where the frame has no decision; min_clearance [m], NaN unknown; worst_sector index into
    SECTORS of the nearest thing, -1 unknown. fault, late, paused: why a frame is not counted (docs/scoring.md).
    contact_t (C,) [s]: when the examiner reported contacts; contacts and lines: what, in order of time.
    vehicle, lot: None where the session's start was not recorded. ended_t [s]: when the examiner ended it, None if that
    was not recorded. undone: spans [s] that a retry took back; what happened in them is left out. plan: what the coach
    was guiding along. last_decision: the coach's last word, if there is one.
    """

    seq: Ints
    t: Floats
    x: Floats
    y: Floats
    yaw: Floats
    speed: Floats
    steer: Floats
    gear: Ints
    throttle: Floats
    brake: Floats
    parking_brake: Bools
    level: Ints
    min_clearance: Floats
    worst_sector: Ints
    fault: Bools
    late: Bools
    paused: Bools
    contact_t: Floats
    contacts: tuple[tuple[float, Contact], ...]
    lines: tuple[tuple[float, LineTouched], ...]
    vehicle: VehicleProfile | None
    lot: LotMap | None
    ended_t: float | None
    undone: tuple[tuple[float, float], ...]
    plan: PlanTrace
    last_decision: Decision | None

    @classmethod
    def from_messages(
        cls, frames: Sequence[SensorFrame], decisions: Sequence[Decision], events: Sequence[SessionEvent]
    ) -> SessionTrack:
        """The track of one session; messages may come in any order and more than once (the first of each seq is
        kept). What a retry took back did not happen."""
        ordered = sorted({event.seq: event for event in events}.values(), key=lambda event: event.seq)
        undone = tuple(
            (event.sim_time_s - event.detail.back_s, event.sim_time_s)
            for event in ordered
            if isinstance(event.detail, Retried)
        )
        by_seq: dict[int, SensorFrame] = {}
        for frame in frames:
            by_seq.setdefault(frame.seq, frame)
        decided: dict[int, Decision] = {}
        for decision in decisions:
            decided.setdefault(decision.seq, decision)
        rows = [by_seq[seq] for seq in sorted(by_seq) if not _inside(by_seq[seq].sim_time_s, undone)]
        found = [decided.get(frame.seq) for frame in rows]
        nearest = [_nearest(decision) for decision in found]
        t = np.array([frame.sim_time_s for frame in rows], dtype=np.float64)
        started = next((event.detail for event in ordered if isinstance(event.detail, Started)), None)
        standing = [(event.sim_time_s, event.detail) for event in ordered if not _inside(event.sim_time_s, undone)]
        contacts = [(t, detail) for t, detail in standing if isinstance(detail, Contact)]
        lines = [(t, detail) for t, detail in standing if isinstance(detail, LineTouched)]
        return cls(
            seq=np.array([frame.seq for frame in rows], dtype=np.int64),
            t=t,
            x=_floats([frame.pose.x_m for frame in rows]),
            y=_floats([frame.pose.y_m for frame in rows]),
            yaw=_floats([frame.pose.yaw_rad for frame in rows]),
            speed=_floats([frame.speed_mps for frame in rows]),
            steer=_floats([frame.steering_angle_rad for frame in rows]),
            gear=np.array([_GEAR_CODES[frame.gear] for frame in rows], dtype=np.int64),
            throttle=_floats([frame.throttle for frame in rows]),
            brake=_floats([frame.brake for frame in rows]),
            parking_brake=np.array([frame.parking_brake for frame in rows], dtype=np.bool_),
            level=np.array([LEVEL_UNKNOWN if d is None else _LEVELS[d.level] for d in found], dtype=np.int64),
            min_clearance=_floats([clearance for clearance, _ in nearest]),
            worst_sector=np.array([sector for _, sector in nearest], dtype=np.int64),
            fault=np.array([bool(frame.faults) for frame in rows], dtype=np.bool_) | _faulty(t, ordered),
            late=np.array([d is None or d.decision_us > DECISION_BUDGET_US for d in found], dtype=np.bool_),
            paused=_within(t, _pauses(ordered)),
            contact_t=_floats(sorted(t for t, _ in contacts)),
            contacts=tuple(sorted(contacts, key=_time)),
            lines=tuple(sorted(lines, key=_time)),
            vehicle=None if started is None else started.vehicle,
            lot=None if started is None else started.lot,
            ended_t=next((event.sim_time_s for event in reversed(ordered) if isinstance(event.detail, Ended)), None),
            undone=undone,
            plan=plan_trace(found),
            last_decision=next((decision for decision in reversed(found) if decision is not None), None),
        )

    def without_the_coach(self) -> SessionTrack:
        """As an examiner sees it, to whom sensors and the coach are no excuse: only pauses are not counted."""
        never = np.zeros(len(self.t), dtype=np.bool_)
        return self._replace(fault=never, late=never)

    def until(self, t: float) -> SessionTrack:
        """What had happened up to t [s]; the first row always."""
        rows = self.t <= t
        rows[:1] = True
        arrays = {name: value[rows] for name, value in self._asdict().items() if name in _PER_ROW}
        return self._replace(
            **arrays,
            contact_t=self.contact_t[self.contact_t <= t],
            contacts=tuple(item for item in self.contacts if item[0] <= t),
            lines=tuple(item for item in self.lines if item[0] <= t),
            ended_t=t,
            plan=self.plan.only(rows),
        )

    @property
    def counted(self) -> Bools:
        """Frames that may cost points."""
        return ~(self.fault | self.late | self.paused)

    def step_s(self) -> Floats:
        """(N,) how long each frame held [s]: until the next one; 0 for the last and before a gap."""
        step = np.zeros(len(self.t))
        step[:-1] = np.diff(self.t)
        step[(step > LONGEST_STEP_S) | (step < 0.0)] = 0.0
        return step

    def spans(self, mask: Bools) -> Iterator[Span]:
        """Uninterrupted spans where `mask` holds and frames are counted."""
        step = self.step_s()
        held = mask & self.counted
        first = -1
        for i in range(len(held)):
            if not held[i]:
                continue
            if first < 0:
                first = i
            ends = i + 1 == len(held) or not held[i + 1] or step[i] == 0.0
            if ends:
                yield Span(first, i, float(self.t[first]), float(self.t[i] + step[i]))
                first = -1

    def excluded_s(self) -> float:
        """Time [s] in frames that are not counted."""
        return float(self.step_s()[~self.counted].sum())

    def driven(self) -> Floats:
        """(N,) distance driven up to each row [m], by the wheels: a GPS jitters by centimetres at every frame."""
        return np.nancumsum(np.abs(self.speed) * self.step_s())

    def manoeuvre(self) -> Bools:
        """Frames of the manoeuvre: from the first reverse gear on, or, going in forwards, over the last 8 m of the
        way."""
        rows = len(self.t)
        reverse = np.flatnonzero(self.gear == GEAR_R)
        if len(reverse):
            start = int(reverse[0])
        else:
            driven = self.driven()
            start = int(np.searchsorted(driven, driven[-1] - _APPROACH_M)) if rows else 0
        return np.arange(rows) >= start

    def cusp_rows(self, least_stroke: float = 0.10) -> list[int]:
        """Rows at which the car changed its direction of travel, strokes shorter than `least_stroke` m left out; by the
        wheels, like `driven`."""
        way = np.nancumsum(self.speed * self.step_s())
        cusps: list[int] = []
        heading = 0
        low = high = 0
        for i in range(1, len(way)):
            if way[i] > way[high]:
                high = i
            if way[i] < way[low]:
                low = i
            if heading >= 0 and way[high] - way[i] >= least_stroke:
                if heading > 0:
                    cusps.append(high)
                heading, low = -1, i
            elif heading <= 0 and way[i] - way[low] >= least_stroke:
                if heading < 0:
                    cusps.append(low)
                heading, high = 1, i
        return cusps


def _inside(t: float, spans: Sequence[tuple[float, float]]) -> bool:
    return any(start < t <= end for start, end in spans)


def _time(item: tuple[float, Contact | LineTouched]) -> float:
    return item[0]


def _floats(values: Sequence[float]) -> Floats:
    return np.array(values, dtype=np.float64)


def _nearest(decision: Decision | None) -> tuple[float, int]:
    """Least sector distance [m] and its sector; (NaN, -1) if the decision names none."""
    if decision is None:
        return math.nan, -1
    known = [
        (sector.distance_m, SECTORS.index(sector.sector))
        for sector in decision.sectors
        if sector.distance_m is not None and sector.sector in SECTORS
    ]
    return min(known, default=(math.nan, -1))


def _within(t: Floats, intervals: Sequence[tuple[float, float]]) -> Bools:
    inside = np.zeros(len(t), dtype=np.bool_)
    for start, end in intervals:
        inside |= (t >= start) & (t < end)
    return inside


def _faulty(t: Floats, events: Sequence[SessionEvent]) -> Bools:
    """Frames while a sensor had an open fault. Faults of the link or the brokers do not excuse anybody's driving."""
    intervals: list[tuple[float, float]] = []
    open_since: dict[str, float] = {}
    for event in events:
        if isinstance(event.detail, Fault) and event.detail.component.startswith(_SENSOR_PREFIXES):
            if event.detail.state == "raised":
                open_since.setdefault(event.detail.component, event.sim_time_s)
            elif event.detail.component in open_since:
                intervals.append((open_since.pop(event.detail.component), event.sim_time_s))
    intervals.extend((start, math.inf) for start in open_since.values())
    return _within(t, intervals)


def _pauses(events: Sequence[SessionEvent]) -> list[tuple[float, float]]:
    """Spans [s] in which the instructor had paused the car: acked commands whose detail is `paused` or `resumed`."""
    intervals: list[tuple[float, float]] = []
    since: float | None = None
    for event in events:
        if isinstance(event.detail, HintAcked) and event.detail.status == "applied":
            if event.detail.detail == "paused" and since is None:
                since = event.sim_time_s
            elif event.detail.detail == "resumed" and since is not None:
                intervals.append((since, event.sim_time_s))
                since = None
    if since is not None:
        intervals.append((since, math.inf))
    return intervals
