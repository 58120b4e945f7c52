"""Where the car stands in the end, against the limits of a standard for parking systems: each is kept or it is not."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from coach_core.contracts import Pose2, SlotMap, VehicleProfile
from coach_core.scoring.findings import Case, Detector, Findings, Limits, at_end

_SETTLED_S = 1.0
"""The fixes of the last second are averaged: one alone is off by centimetres."""
_SIDES = ("left_front", "left_rear", "right_front", "right_rear")

Point = tuple[float, float]


def end_heading(case: Case, limits: Limits) -> Findings:
    """The car is turned more than `over_deg` against how it should stand; not judged away from any slot."""
    pose = case.ended.end_pose
    if pose is None:
        return None
    angle = abs(math.degrees(pose.yaw_rad))
    if angle <= limits["over_deg"] + 1e-9:
        return []
    return [at_end(case, angle, limits["over_deg"], params={"deg": round(angle, 1), "limit_deg": limits["over_deg"]})]


def kerb_gap(case: Case, limits: Limits) -> Findings:
    """In a parallel slot the nearest wheel is nearer to the kerb than `least_m` or farther than `most_m`.

    Not judged where there is no kerb, or the car does not stand in a parallel slot.
    """
    track, slot = case.track, _slot(case)
    if slot is None or slot.kind != "parallel" or track.vehicle is None or track.lot is None or not track.lot.kerbs:
        return None
    wheels = _wheel_faces(_resting_pose(case), track.vehicle)
    gap = min(_distance(wheel, kerb) for wheel in wheels for kerb in track.lot.kerbs)
    if limits["least_m"] <= gap <= limits["most_m"]:
        return []
    limit = limits["least_m"] if gap < limits["least_m"] else limits["most_m"]
    shown = {f"{name}_cm": round(100.0 * limits[f"{name}_m"]) for name in ("least", "most")}
    return [at_end(case, gap, limit, params={"cm": round(100.0 * gap), **shown})]


def side_gap(case: Case, limits: Limits) -> Findings:
    """Beside the car, something is nearer than `least_m`, as far as the car's own sensors can tell.

    Not judged in a parallel slot, or where no sensor at the sides sees anything.
    """
    slot, last = _slot(case), case.track.last_decision
    if slot is None or slot.kind == "parallel" or last is None:
        return None
    seen = [s.distance_m for s in last.sectors if s.sector in _SIDES and s.distance_m is not None]
    if not seen:
        return None
    gap = min(seen)
    if gap >= limits["least_m"]:
        return []
    params = {"cm": math.floor(100.0 * gap), "least_cm": round(100.0 * limits["least_m"])}
    return [at_end(case, gap, limits["least_m"], params=params)]


END_POSE_DETECTORS: dict[str, Detector] = {
    "end_heading": Detector(end_heading, ("over_deg",)),
    "kerb_gap": Detector(kerb_gap, ("least_m", "most_m")),
    "side_gap": Detector(side_gap, ("least_m",)),
}


def _slot(case: Case) -> SlotMap | None:
    lot, slot_id = case.track.lot, case.ended.slot_id
    slots = [] if lot is None else lot.slots
    return next((slot for slot in slots if slot.slot_id == slot_id), None)


def _resting_pose(case: Case) -> Pose2:
    track = case.track
    rows = track.t >= track.t[-1] - _SETTLED_S
    rows &= np.abs(track.speed) < 0.05
    rows[-1] = True
    sin, cos = float(np.sin(track.yaw[rows]).mean()), float(np.cos(track.yaw[rows]).mean())
    return Pose2(float(np.median(track.x[rows])), float(np.median(track.y[rows])), math.atan2(sin, cos))


def _wheel_faces(pose: Pose2, vehicle: VehicleProfile) -> list[Point]:
    """Outer faces of the four tyres, world frame; they are taken to be flush with the body."""
    cos, sin, half = math.cos(pose.yaw_rad), math.sin(pose.yaw_rad), 0.5 * vehicle.width_m
    spots = [(along, side) for along in (0.0, vehicle.wheelbase_m) for side in (half, -half)]
    return [(pose.x_m + cos * a - sin * b, pose.y_m + sin * a + cos * b) for a, b in spots]


def _distance(point: Point, polygon: Sequence[Point]) -> float:
    """From a point to a polygon's edge [m]."""
    edges = zip(polygon, [*polygon[1:], polygon[0]], strict=True)
    return min(_to_segment(point, a, b) for a, b in edges)


def _to_segment(p: Point, a: Point, b: Point) -> float:
    ex, ey = b[0] - a[0], b[1] - a[1]
    length = ex * ex + ey * ey
    share = 0.0 if length == 0.0 else min(1.0, max(0.0, ((p[0] - a[0]) * ex + (p[1] - a[1]) * ey) / length))
    return math.hypot(p[0] - a[0] - share * ex, p[1] - a[1] - share * ey)
