"""What an examiner beside a test course sees: lines, kerbs, contacts, the stopwatch, the check position.

Told by the examiner's events; the coach's opinion plays no part here.
"""

from __future__ import annotations

import math
from functools import partial
from typing import get_args

import numpy as np

from coach_core.contracts.messages import LineKind
from coach_core.scoring.end_pose import END_POSE_DETECTORS
from coach_core.scoring.findings import Case, Detector, Finding, Findings, Limits

_ROUNDING = 1e-6
"""Times and ways are sums of steps: 120 s may be 120.0000000001."""
_FINISHED = ("parked", "timeout")
"""Ends at which a learner had the time to do what the end asks for."""


def line_touched(kind: LineKind, case: Case, _limits: Limits) -> Findings:
    """A wheel entered the band of a line of this kind; each entry is one finding, for each wheel."""
    return [
        Finding(t, t, None, None, params={"line": touch.line_id, "wheel": touch.wheel})
        for t, touch in case.track.lines
        if touch.line_kind == kind
    ]


def kerb_struck(case: Case, _limits: Limits) -> Findings:
    """A wheel touched a kerb; each time is one finding."""
    return [Finding(t, t, None, None) for t, contact in case.track.contacts if contact.other == "kerb"]


def accident(case: Case, _limits: Limits) -> Findings:
    """The car touched anything but a kerb with its wheel: all of it is one finding."""
    kerbs = sum(contact.other == "kerb" for contact in case.contacts)
    others = len(case.contacts) - kerbs
    # the examiner's word counts even where no event came through, unless kerbs account for it
    if others == 0 and kerbs == 0 and case.ended.result == "contact":
        others = 1
    others = max(others, case.ended.contacts - kerbs)
    if others <= 0:
        return []
    times = [t for t, contact in case.track.contacts if contact.other != "kerb"] or [case.end_s]
    return [Finding(min(times), max(times), float(others), 0.0, params={"contacts": others})]


def no_start(case: Case, limits: Limits) -> Findings:
    """The car did not move faster than `moving_mps` within `within_s` of the session's start, pauses left out."""
    track = case.track
    moved = np.flatnonzero(np.abs(track.speed) > limits["moving_mps"])
    began = float(track.t[0])
    until = float(track.t[moved[0]]) if len(moved) else case.end_s
    waited = _clock(case, began, until)
    if waited <= limits["within_s"] + _ROUNDING:
        return []
    t = _moment(case, began, limits["within_s"])
    return [Finding(t, t, waited, limits["within_s"], params={"limit_s": round(limits["within_s"])})]


def overrun(case: Case, limits: Limits) -> Findings:
    """Every full `per_s` that passed between the entry line and the end, with more to come: 120.1 s is one of 120.

    The time runs from the first front wheel on a line of kind `entry`; where there was none, from the session's start.
    """
    entries = [t for t, touch in case.track.lines if touch.line_kind == "entry" and touch.wheel.startswith("front")]
    began = min(entries, default=float(case.track.t[0]))
    took, per = _clock(case, began, case.end_s), limits["per_s"]
    times = math.ceil((took - _ROUNDING) / per) - 1
    moments = [_moment(case, began, per * (i + 1)) for i in range(max(times, 0))]
    return [
        Finding(t, t, took, per, params={"s": math.floor(took), "limit_s": round(per * (i + 1))})
        for i, t in enumerate(moments)
    ]


def brake_not_at_check(case: Case, limits: Limits) -> Findings:
    """The parking brake was not set at the check position: `rear_wheels` rear wheels on or past the check line.

    That position is left by driving forwards more than `leave_m`; whoever comes back to it has another chance. A car
    that never got there cannot have braked there.
    """
    track = case.track
    opened = _check_reached(case, int(limits["rear_wheels"]))
    if not opened:
        finished = case.ended.result in _FINISHED
        return [Finding(case.end_s, case.end_s, None, None, params={"at_check": "line"})] if finished else []
    braked = track.parking_brake & (np.abs(track.speed) <= limits["standing_mps"])
    way = np.nancumsum(track.speed * track.step_s())
    left: float | None = None
    for t in opened:
        rows = np.flatnonzero(track.t >= t - _ROUNDING)
        ahead = way[rows] - np.minimum.accumulate(way[rows])
        gone = np.flatnonzero(ahead > limits["leave_m"] + _ROUNDING)
        inside = rows[: gone[0]] if len(gone) else rows
        if braked[inside].any():
            return []
        left = float(track.t[rows[gone[0]]]) if len(gone) else None
    if left is None:
        if case.ended.result not in _FINISHED:
            return []
        left = case.end_s
    return [Finding(left, left, None, None, params={"at_check": "brake"})]


def check_missed(case: Case, limits: Limits) -> Findings:
    """Fewer than `rear_wheels` rear wheels ever reached the check line."""
    if _check_reached(case, int(limits["rear_wheels"])) or case.ended.result not in _FINISHED:
        return []
    return [Finding(case.end_s, case.end_s, None, None)]


def entered_forwards(case: Case, limits: Limits) -> Findings:
    """The car came to where it stands without ever having reversed `stroke_m`."""
    if case.ended.result not in _FINISHED:
        return []
    track = case.track
    way = np.nancumsum(track.speed * track.step_s())
    back = float((np.maximum.accumulate(way) - way).max())
    if back >= limits["stroke_m"]:
        return []
    return [Finding(case.end_s, case.end_s, back, limits["stroke_m"])]


def repositions(case: Case, limits: Limits) -> Findings:
    """Every time the car was moved out again to put it right, beyond `free`; strokes below `stroke_m` are none."""
    moments = _repositions(case, limits["stroke_m"])
    free = int(limits["free"])
    params = {"times": len(moments), "free": free}
    return [Finding(t, t, float(len(moments)), float(free), params=params) for t in moments[free:]]


def too_many_repositions(case: Case, limits: Limits) -> Findings:
    """The car was moved out again more than `most` times: one finding."""
    moments, most = _repositions(case, limits["stroke_m"]), int(limits["most"])
    if len(moments) <= most:
        return []
    params = {"times": len(moments), "most": most}
    return [Finding(moments[most], moments[-1], float(len(moments)), float(most), params=params)]


COURSE_DETECTORS: dict[str, Detector] = {
    **{f"{kind}_line": Detector(partial(line_touched, kind)) for kind in get_args(LineKind)},
    "kerb_struck": Detector(kerb_struck),
    "accident": Detector(accident),
    "no_start": Detector(no_start, ("within_s", "moving_mps")),
    "overrun": Detector(overrun, ("per_s",)),
    "brake_not_at_check": Detector(brake_not_at_check, ("rear_wheels", "standing_mps", "leave_m")),
    "check_missed": Detector(check_missed, ("rear_wheels",)),
    "entered_forwards": Detector(entered_forwards, ("stroke_m",)),
    "repositions": Detector(repositions, ("free", "stroke_m")),
    "too_many_repositions": Detector(too_many_repositions, ("most", "stroke_m")),
    **END_POSE_DETECTORS,
}


def _check_reached(case: Case, wheels: int) -> list[float]:
    """Times [s] of rear wheels touching the check line, from the moment on at which `wheels` of them have."""
    seen: set[str] = set()
    times = []
    for t, touch in case.track.lines:
        if touch.line_kind == "check" and touch.wheel.startswith("rear"):
            seen.add(touch.wheel)
            if len(seen) >= wheels:
                times.append(t)
    return times


def _repositions(case: Case, stroke: float) -> list[float]:
    """When [s] each move out began. Strokes alternate: of n changes of direction every other one is a move out, and the
    last is the way in again."""
    cusps = [float(case.track.t[row]) for row in case.track.cusp_rows(stroke)]
    return cusps[len(cusps) % 2 :: 2]


def _clock(case: Case, began: float, until: float) -> float:
    """Time [s] on a stopwatch that is held while the instructor has paused the car, and put back by a retry."""
    track = case.track
    held = track.step_s() * track.paused
    undone = sum(max(0.0, min(end, until) - max(start, began)) for start, end in track.undone)
    return until - began - float(held[(track.t >= began) & (track.t < until)].sum()) - undone


def _moment(case: Case, began: float, elapsed: float) -> float:
    """When [s] that stopwatch showed `elapsed`."""
    track = case.track
    held = np.cumsum(track.step_s() * track.paused * (track.t >= began))
    before = np.concatenate(([0.0], held[:-1]))
    for start, end in track.undone:
        before += np.clip(track.t, start, end) - start if start >= began else 0.0
    passed = track.t - began - before
    row = int(np.searchsorted(passed, elapsed))
    return began + elapsed + float(before[min(row, len(before) - 1)])
