"""What rules look for. A detector reads a session and returns its findings, or None if it cannot be judged here.

Steps beyond a limit count when they are full ("1 point per degree over 3": 4.9° costs one), so that a reading just over
a limit costs nothing yet and a small sensor error moves the score by one step at most.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from coach_core.contracts import SECTORS, EndPose
from coach_core.scoring.course import COURSE_DETECTORS
from coach_core.scoring.findings import Case, Detector, Finding, Findings, Limits, Params, at_end
from coach_core.scoring.track import GEAR_D, GEAR_P, GEAR_R

CRITICAL = 3
MOST_STEPS = 1000
"""More steps than this say nothing more."""


# --- safety -------------------------------------------------------------------------------------------


def critical_unbraked(case: Case, limits: Limits) -> Findings:
    """The level became critical, and for `within_s` nobody braked and the car went on.

    Not judged where the session ended sooner, unless it ended in a contact, or where a frame of that time is not
    counted.
    """
    track = case.track
    critical = track.level == CRITICAL
    rises = np.flatnonzero(critical & ~np.concatenate(([False], critical[:-1])))
    answered = (track.brake >= limits["brake"]) | (np.abs(track.speed) <= limits["standing_mps"])
    end = track.t[-1]
    findings = []
    for row in rises:
        t0 = float(track.t[row])
        until = t0 + limits["within_s"]
        window = (track.t >= t0) & (track.t <= until + 1e-9)
        touched = bool(((track.contact_t >= t0) & (track.contact_t <= until)).any())
        if not track.counted[window].all() or (end < until - 1e-9 and not touched):
            continue
        if answered[window].any():
            continue
        later = np.flatnonzero(answered & (track.t > t0))
        measured = float(track.t[later[0]]) - t0 if len(later) else None
        params = {"s": limits["within_s"]}
        findings.append(Finding(t0, min(until, float(end)), measured, limits["within_s"], params=params))
    return findings


def low_clearance(case: Case, limits: Limits) -> Findings:
    """Something came nearer than `clearance_m` while the car moved faster than `speed_mps`."""
    track = case.track
    near = (track.min_clearance < limits["clearance_m"]) & (np.abs(track.speed) > limits["speed_mps"])
    findings = []
    for span in track.spans(near):
        row = span.first + int(np.argmin(track.min_clearance[span.first : span.last + 1]))
        clearance = float(track.min_clearance[row])
        # rounded away from the limit: "15 cm, at least 15" would explain nothing
        params = {"cm": math.floor(100.0 * clearance), "limit_cm": round(100.0 * limits["clearance_m"])}
        sector = int(track.worst_sector[row])
        where = {"sector": SECTORS[sector]} if sector >= 0 else {}
        findings.append(Finding(span.t0, span.t1, clearance, limits["clearance_m"], params={**params, **where}))
    return findings


def unsensed(_case: Case, _limits: Limits) -> Findings:
    """For what this rig has no sensor for: never judged, stated in the report."""
    return None


# --- final position -----------------------------------------------------------------------------------


def outside_bay(case: Case, _limits: Limits) -> Findings:
    return [] if case.ended.in_slot else [at_end(case, None, None)]


def wheel_on_line(case: Case, _limits: Limits) -> Findings:
    wheels = case.ended.wheels_on_line
    return [at_end(case, float(wheels), 0.0, wheels, {"wheels": wheels})] if wheels > 0 else []


def heading_error(case: Case, limits: Limits) -> Findings:
    """Yaw against the slot: steps of `per_deg` beyond `over_deg`."""

    def measure(pose: EndPose) -> float:
        return abs(math.degrees(pose.yaw_rad))

    def params(value: float) -> Params:
        return {"deg": round(value, 1)}

    return _beyond(case, measure, limits["over_deg"], limits["per_deg"], params, "limit_deg", 1.0)


def off_centre(case: Case, limits: Limits) -> Findings:
    """Off the slot's centre line: steps of `per_m` beyond `over_m`."""
    side = "right" if case.ended.end_pose is not None and case.ended.end_pose.lateral_m > 0.0 else "left"

    def params(value: float) -> Params:
        return {"cm": round(100.0 * value), "side": side}

    return _beyond(case, lambda pose: abs(pose.lateral_m), limits["over_m"], limits["per_m"], params, "limit_cm", 100.0)


def depth_error(case: Case, limits: Limits) -> Findings:
    """Too far in or out of the slot: steps of `per_m` beyond `over_m`."""
    end = "deep" if case.ended.end_pose is not None and case.ended.end_pose.depth_m > 0.0 else "shallow"

    def params(value: float) -> Params:
        return {"cm": round(100.0 * value), "end": end}

    return _beyond(case, lambda pose: abs(pose.depth_m), limits["over_m"], limits["per_m"], params, "limit_cm", 100.0)


def wheels_turned(case: Case, limits: Limits) -> Findings:
    """The front wheels were left at an angle of more than `over_deg`."""
    angle = abs(math.degrees(float(case.track.steer[-1])))
    if not angle > limits["over_deg"]:
        return []
    return [at_end(case, angle, limits["over_deg"], 1, {"deg": round(angle), "limit_deg": round(limits["over_deg"])})]


# --- control ------------------------------------------------------------------------------------------


def too_fast(case: Case, limits: Limits) -> Findings:
    """Faster than `over_mps` in the manoeuvre: steps of `per_s` in each span."""
    track = case.track
    findings = []
    for span in track.spans((np.abs(track.speed) > limits["over_mps"]) & track.manoeuvre()):
        steps = _steps(span.t1 - span.t0, limits["per_s"])
        if steps > 0:
            fastest = float(np.abs(track.speed[span.first : span.last + 1]).max())
            params = {
                "kmh": math.ceil(36.0 * fastest) / 10.0,
                "limit_kmh": round(3.6 * limits["over_mps"], 1),
                "s": round(span.t1 - span.t0, 1),
            }
            findings.append(Finding(span.t0, span.t1, fastest, limits["over_mps"], steps, params))
    return findings


def jerky(case: Case, limits: Limits) -> Findings:
    """The speed changed by more than `acceleration` [m/s²] over `window_s`.

    Braking hard within `excused_s` after a warning is what the coach asks for, and a contact stops the car by itself:
    neither counts.
    """
    track = case.track
    then = np.searchsorted(track.t, track.t - limits["window_s"] - 1e-9)
    elapsed = track.t - track.t[then]
    valid = (elapsed >= 0.5 * limits["window_s"]) & (elapsed <= 2.0 * limits["window_s"])
    change = np.divide(track.speed - track.speed[then], elapsed, out=np.zeros(len(track.t)), where=valid)
    slowing = np.abs(track.speed) < np.abs(track.speed[then])
    warned = np.zeros(len(track.t), dtype=np.bool_)
    for t0 in track.t[track.level >= CRITICAL - 1]:
        warned |= (track.t >= t0) & (track.t <= t0 + limits["excused_s"])
    touched = np.zeros(len(track.t), dtype=np.bool_)
    for t0 in track.contact_t:
        touched |= (track.t >= t0 - limits["window_s"]) & (track.t <= t0 + 2.0 * limits["window_s"])
    rough = (np.abs(change) >= limits["acceleration"]) & ~(slowing & warned) & ~touched
    findings = []
    for span in track.spans(rough):
        row = span.first + int(np.argmax(np.abs(change[span.first : span.last + 1])))
        params = {"pedal": "brake" if slowing[row] else "throttle"}
        findings.append(Finding(span.t0, span.t1, float(abs(change[row])), limits["acceleration"], params=params))
    return findings


def gear_while_rolling(case: Case, limits: Limits) -> Findings:
    """R, D or P was selected while the car rolled the other way (P: at all) faster than `over_mps`."""
    track = case.track
    changed = np.flatnonzero(np.diff(track.gear) != 0) + 1
    findings = []
    for row in changed:
        gear, speed = int(track.gear[row]), float(track.speed[row])
        against = {GEAR_R: speed, GEAR_D: -speed, GEAR_P: abs(speed)}.get(gear, 0.0)
        if against > limits["over_mps"] and track.counted[row]:
            t, params = float(track.t[row]), {"kmh": math.ceil(36.0 * against) / 10.0}
            findings.append(Finding(t, t, against, limits["over_mps"], params=params))
    return findings


# --- procedure and efficiency -------------------------------------------------------------------------


def not_secured(case: Case, _limits: Limits) -> Findings:
    """The session ended without P and the parking brake."""
    parked, braked = int(case.track.gear[-1]) == GEAR_P, bool(case.track.parking_brake[-1])
    if parked and braked:
        return []
    missing = "both" if not parked and not braked else "gear" if not parked else "brake"
    return [at_end(case, None, None, 1, {"missing": missing})]


def extra_cusps(case: Case, limits: Limits) -> Findings:
    """Changes of direction beyond par, the last ones; strokes shorter than `stroke_m` are no changes."""
    if case.par is None:
        return None
    track, par = case.track, case.par
    rows = [row for row in track.cusp_rows(limits["stroke_m"]) if track.counted[row]]
    extra = rows[max(par.cusps, 0) :]
    params = {"cusps": len(rows), "par": par.cusps}
    times = [float(track.t[row]) for row in extra]
    return [Finding(t, t, float(len(rows)), float(par.cusps), params=params) for t in times]


def over_time(case: Case, limits: Limits) -> Findings:
    """Time beyond par, in steps of `per_s`; what is not counted does not run the clock."""
    if case.par is None:
        return None
    took = case.ended.duration_s - case.track.excluded_s()
    steps = _steps(took - case.par.time_s, limits["per_s"])
    if steps <= 0:
        return []
    return [at_end(case, took, case.par.time_s, steps, {"s": round(took), "par_s": round(case.par.time_s)})]


DETECTORS: dict[str, Detector] = {
    "critical_unbraked": Detector(critical_unbraked, ("within_s", "brake", "standing_mps")),
    "low_clearance": Detector(low_clearance, ("clearance_m", "speed_mps")),
    "unsensed": Detector(unsensed),
    "outside_bay": Detector(outside_bay),
    "wheel_on_line": Detector(wheel_on_line),
    "heading_error": Detector(heading_error, ("over_deg", "per_deg")),
    "off_centre": Detector(off_centre, ("over_m", "per_m")),
    "depth_error": Detector(depth_error, ("over_m", "per_m")),
    "wheels_turned": Detector(wheels_turned, ("over_deg",)),
    "too_fast": Detector(too_fast, ("over_mps", "per_s")),
    "jerky": Detector(jerky, ("acceleration", "window_s", "excused_s")),
    "gear_while_rolling": Detector(gear_while_rolling, ("over_mps",)),
    "not_secured": Detector(not_secured),
    "extra_cusps": Detector(extra_cusps, ("stroke_m",)),
    "over_time": Detector(over_time, ("per_s",)),
    **COURSE_DETECTORS,
}
"""By the name a rubric's rule gives."""


def _steps(excess: float, per: float) -> int:
    """Full steps of `per` in `excess`; the tolerance keeps 0.30 - 0.15 from being less than three times 0.05."""
    if not excess > 0.0:
        return 0
    return min(MOST_STEPS, math.floor(excess / per + 1e-6))


def _beyond(
    case: Case,
    measure: Callable[[EndPose], float],
    over: float,
    per: float,
    params: Callable[[float], Params],
    limit_name: str,
    shown_per_unit: float,
) -> Findings:
    """Steps of the final pose beyond a limit; nothing to measure where the car ended near no slot."""
    if case.ended.end_pose is None:
        return []
    value = measure(case.ended.end_pose)
    steps = _steps(value - over, per)
    if steps <= 0:
        return []
    return [at_end(case, value, over, steps, {**params(value), limit_name: round(shown_per_unit * over, 1)})]
