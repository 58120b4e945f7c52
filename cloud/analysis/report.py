"""The report of a session, from its messages alone: the same messages always give the same report."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from coach_core.contracts import (
    AlertSpan,
    Contact,
    Decision,
    Ended,
    LatencyStats,
    Level,
    SensorFrame,
    SessionEvent,
    SessionReport,
    SlotChosen,
    Started,
)
from coach_core.scoring import Rubric, SessionTrack, par_of, score_session

PATH_STEP_M = 0.05
PATH_TURN_RAD = math.radians(2.0)
GAP_S = 0.5
"""Decisions farther apart than this end every span of alerts: nothing is known of the time between them."""


class SessionMessages(NamedTuple):
    """All of a session, each list by seq."""

    events: list[SessionEvent]
    frames: list[SensorFrame]
    decisions: list[Decision]


def build_report(messages: SessionMessages, rubric: Rubric) -> SessionReport | None:
    """The report; None while the session has no `started` or no `ended` event."""
    beginning = next((event for event in messages.events if isinstance(event.detail, Started)), None)
    end = next((event for event in reversed(messages.events) if isinstance(event.detail, Ended)), None)
    if beginning is None or end is None:
        return None
    started, ended = beginning.detail, end.detail
    assert isinstance(started, Started)
    assert isinstance(ended, Ended)
    # what the car did after the verdict is no part of the attempt
    frames = [frame for frame in messages.frames if frame.sim_time_s <= end.sim_time_s]
    decisions = [decision for decision in messages.decisions if decision.sim_time_s <= end.sim_time_s]
    track = SessionTrack.from_messages(frames, decisions, messages.events)
    contacts = [event.detail for event in messages.events if isinstance(event.detail, Contact)]
    chosen = [event.detail.slot_id for event in messages.events if isinstance(event.detail, SlotChosen)]
    return SessionReport(
        schema_version=1,
        vehicle_id=end.vehicle_id,
        session_id=end.session_id,
        world=started.world,
        driver=started.driver,
        driver_name=started.driver_name,
        seed=started.seed,
        assist_level=started.assist_level,
        language=started.language,
        started_at=beginning.timestamp,
        ended_at=end.timestamp,
        duration_s=ended.duration_s,
        result=ended.result,
        slot_id=ended.slot_id or (chosen[-1] if chosen else None),
        card=score_session(track, ended, contacts, rubric, par_of(decisions)),
        cusps=len(track.cusp_rows()),
        contacts=ended.contacts,
        min_clearance_m=ended.min_clearance_m,
        end_pose=ended.end_pose,
        frames=len(frames),
        missing_frames=missing(frames),
        alerts=alert_spans(decisions),
        decision_latency=latency(decisions),
        vehicle=started.vehicle,
        lot=started.lot,
        driven_path=driven_path(frames, decisions),
        planned_path=planned_path(decisions),
        tries=ended.tries,
    )


def missing(frames: Sequence[SensorFrame]) -> int:
    """Frames that never came: gaps in seq, which counts from 0."""
    return frames[-1].seq + 1 - len(frames) if frames else 0


def latency(decisions: Sequence[Decision]) -> LatencyStats:
    """How long the decisions took [µs]."""
    if not decisions:
        return LatencyStats(0.0, 0.0, 0.0)
    times = np.array([decision.decision_us for decision in decisions])
    p50, p99 = np.percentile(times, [50, 99])
    return LatencyStats(round(float(p50), 1), round(float(p99), 1), round(float(times.max()), 1))


class _Open(NamedTuple):
    level: Level
    t0_s: float
    min_distance_m: float | None


def alert_spans(decisions: Sequence[Decision]) -> list[AlertSpan]:
    """Spans of time at one level above clear in one sector, by their start; the next decision ends a span."""
    spans: list[AlertSpan] = []
    running: dict[str, _Open] = {}
    last_s = -math.inf

    def close(sector: str, at_s: float) -> None:
        span = running.pop(sector)
        spans.append(AlertSpan(span.level, sector, span.t0_s, at_s, span.min_distance_m))

    for decision in decisions:
        now = decision.sim_time_s
        if now - last_s > GAP_S:
            for sector in list(running):
                close(sector, last_s)
        for state in decision.sectors:
            before = running.get(state.sector)
            if before is not None and before.level != state.level:
                close(state.sector, now)
                before = None
            if state.level == "clear":
                continue
            known = [d for d in (before.min_distance_m if before else None, state.distance_m) if d is not None]
            since = before.t0_s if before else now
            running[state.sector] = _Open(state.level, since, min(known, default=None))
        last_s = now
    for sector in list(running):
        close(sector, last_s)
    return sorted(spans, key=lambda span: (span.t0_s, span.sector))


def driven_path(
    frames: Sequence[SensorFrame], decisions: Sequence[Decision]
) -> list[tuple[float, float, float, float]]:
    """(sim time [s], x, y [m], yaw [rad]) where the car had moved on or turned noticeably; first and last always.

    Poses are the coach's estimates where there is one for the frame, since they jump less than the GPS.
    """
    estimated = {decision.seq: decision.pose for decision in decisions}
    path: list[tuple[float, float, float, float]] = []
    for index, frame in enumerate(frames):
        pose = estimated.get(frame.seq, frame.pose)
        point = (frame.sim_time_s, pose.x_m, pose.y_m, pose.yaw_rad)
        if path and index + 1 < len(frames):
            _, x, y, yaw = path[-1]
            turned = abs(math.remainder(pose.yaw_rad - yaw, math.tau))
            if math.hypot(pose.x_m - x, pose.y_m - y) < PATH_STEP_M and turned < PATH_TURN_RAD:
                continue
        path.append(point)
    return path


def planned_path(decisions: Sequence[Decision]) -> list[tuple[float, float, float]]:
    """The path of the plan that was followed for the longest time: a plan made anew near the end is only its rest."""
    paths: dict[int, list[tuple[float, float, float]]] = {}
    followed: dict[int, float] = {}
    for decision, following in pairwise(decisions):
        if decision.plan is None:
            continue
        number = decision.plan.plan_id
        if decision.plan.path is not None:
            paths[number] = decision.plan.path
        followed[number] = followed.get(number, 0.0) + following.sim_time_s - decision.sim_time_s
    if not paths:
        return []
    return paths[max(paths, key=lambda number: (followed.get(number, 0.0), number))]
