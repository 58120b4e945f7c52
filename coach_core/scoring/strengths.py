"""What went well: there is always something to name. Keys; the sentences are in score_texts.json."""

from __future__ import annotations

import math
from collections.abc import Set

import numpy as np

from coach_core.scoring.detectors import CRITICAL
from coach_core.scoring.findings import Case
from coach_core.scoring.track import GEAR_P

FIRST_TRY = "strength.first_try"
CENTRED = "strength.centred"
ROOM_KEPT = "strength.room_kept"
BRAKED_IN_TIME = "strength.braked_in_time"
CALM_SPEED = "strength.calm_speed"
SMOOTH = "strength.smooth"
SECURED = "strength.secured"
PERSISTED = "strength.persisted"

STRENGTHS = (FIRST_TRY, CENTRED, ROOM_KEPT, BRAKED_IN_TIME, CALM_SPEED, SMOOTH, SECURED, PERSISTED)
"""The most telling first; the last holds always."""

_CENTRED_M = 0.10
_STRAIGHT_RAD = math.radians(2.0)
_ROOM_M = 0.30
_MOVING_MPS = 0.1
_DRIVEN_M = 3.0


def find_strength(case: Case, found: Set[str], cusps: int, contact: bool) -> str:
    """The first strength that holds. found: detectors with a finding, caps and root causes aside; cusps driven."""
    track, ended = case.track, case.ended
    driven = bool(track.driven()[-1] > _DRIVEN_M)
    if ended.in_slot and not contact and not found & {"outside_bay", "wheel_on_line"}:
        if cusps <= (1 if case.par is None else case.par.cusps):
            return FIRST_TRY
        pose = ended.end_pose
        if pose is not None and abs(pose.lateral_m) <= _CENTRED_M and abs(pose.yaw_rad) <= _STRAIGHT_RAD:
            return CENTRED
    if driven and not contact:
        clearances = track.min_clearance[track.counted & (np.abs(track.speed) > _MOVING_MPS)]
        if len(clearances) and not np.isnan(clearances).all() and float(np.nanmin(clearances)) >= _ROOM_M:
            return ROOM_KEPT
        if (track.level[track.counted] == CRITICAL).any() and "critical_unbraked" not in found:
            return BRAKED_IN_TIME
    if driven and "too_fast" not in found:
        return CALM_SPEED
    if driven and "jerky" not in found:
        return SMOOTH
    if int(track.gear[-1]) == GEAR_P and bool(track.parking_brake[-1]) and not contact:
        return SECURED
    return PERSISTED
