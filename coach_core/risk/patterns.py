"""Accident patterns by name: how parking accidents begin, read off the levels and the motion.

See docs/risk.md for each pattern's definition and for those that need more than today's inputs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from coach_core.risk.limits import RiskLimits
from coach_core.risk.motion import Motion
from coach_core.risk.outline import FRONT_SECTORS, LEFT_SECTORS, REAR_SECTORS, RIGHT_SECTORS
from coach_core.risk.rules import WARNING

REAR_CORNER_CUT_IN = "rear_corner_cut_in"
FRONT_SWING_OUT = "front_swing_out"
STRAIGHT_BACK = "straight_back"
NOSE_IN = "nose_in"
SIDE_SCRAPE = "side_scrape"
LINE_STRIKE = "line_strike"
WRONG_GEAR = "wrong_gear"
PEDAL_SURGE = "pedal_surge"
LATE_STOP = "late_stop"
BLIND_CREEP = "blind_creep"
CROSSING_MOVER = "crossing_mover"

PATTERNS = (
    REAR_CORNER_CUT_IN,
    FRONT_SWING_OUT,
    STRAIGHT_BACK,
    NOSE_IN,
    SIDE_SCRAPE,
    LINE_STRIKE,
    WRONG_GEAR,
    PEDAL_SURGE,
    LATE_STOP,
    CROSSING_MOVER,
    BLIND_CREEP,
)


class Situation(NamedTuple):
    """What the patterns are read off. direction +1 forward, -1 reverse, 0 none; levels as held, other values of this
    tick. wheel_travel [m]: free travel of the wheels to a kerb or line; crossing [s]: until something that moves is
    met; both inf for none. push [m/s²]: how fast the car is about to gain speed."""

    direction: int
    speed: float
    steer: float
    levels: Sequence[int]
    travel: Sequence[float]
    closing: Sequence[float]
    free_travel: float
    ttc: float
    blind_ahead: bool
    wheel_travel: float = math.inf
    crossing: float = math.inf
    push: float = 0.0


def find_patterns(now: Situation, motion: Motion, limits: RiskLimits) -> tuple[str, ...]:
    """Names of the patterns that hold now, in the order of `PATTERNS`."""
    moving = abs(now.speed) > limits.standstill_speed or now.push > 0.0
    if not moving or now.direction == 0:
        return ()

    def threatened(sectors: Sequence[int]) -> bool:
        return any(now.levels[k] >= WARNING and now.travel[k] < math.inf for k in sectors)

    found = []
    locked = abs(now.steer) > limits.lock_angle
    if now.direction < 0:
        # steering left swings the tail to the left and the nose to the right
        left = now.steer > 0.0
        inner = (9, 10, 11) if left else (6, 5, 4)
        outer = (3, 4) if left else (0, 11)
        cut_in = locked and threatened(inner)
        if cut_in:
            found.append(REAR_CORNER_CUT_IN)
        if locked and threatened(outer):
            found.append(FRONT_SWING_OUT)
        if not cut_in and threatened(REAR_SECTORS):
            found.append(STRAIGHT_BACK)
    elif threatened(FRONT_SECTORS):
        found.append(NOSE_IN)
    if any(now.closing[k] < limits.scrape_gap for k in (*RIGHT_SECTORS, *LEFT_SECTORS)):
        found.append(SIDE_SCRAPE)
    if now.wheel_travel < limits.warning_ttc * max(abs(now.speed), limits.creep):
        found.append(LINE_STRIKE)
    if motion.away > limits.wrong_way_travel:
        found.append(WRONG_GEAR)
    if max(motion.acceleration, now.push) > limits.surge_acceleration and now.free_travel < limits.surge_distance:
        found.append(PEDAL_SURGE)
    if now.ttc < limits.late_stop_ttc and motion.acceleration > -limits.braking:
        found.append(LATE_STOP)
    if now.crossing < limits.warning_ttc:
        found.append(CROSSING_MOVER)
    if now.blind_ahead:
        found.append(BLIND_CREEP)
    return tuple(found)
