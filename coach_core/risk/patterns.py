"""Accident patterns by name: how parking accidents begin, read off the levels and the motion.

See docs/risk.md for each pattern's definition and for those that need more than today's inputs.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from coach_core.risk.limits import RiskLimits
from coach_core.risk.outline import FRONT_SECTORS, LEFT_SECTORS, REAR_SECTORS, RIGHT_SECTORS
from coach_core.risk.rules import WARNING

REAR_CORNER_CUT_IN = "rear_corner_cut_in"
FRONT_SWING_OUT = "front_swing_out"
STRAIGHT_BACK = "straight_back"
NOSE_IN = "nose_in"
SIDE_SCRAPE = "side_scrape"
WRONG_GEAR = "wrong_gear"
PEDAL_SURGE = "pedal_surge"
LATE_STOP = "late_stop"
BLIND_CREEP = "blind_creep"

PATTERNS = (
    REAR_CORNER_CUT_IN,
    FRONT_SWING_OUT,
    STRAIGHT_BACK,
    NOSE_IN,
    SIDE_SCRAPE,
    WRONG_GEAR,
    PEDAL_SURGE,
    LATE_STOP,
    BLIND_CREEP,
)

_ACCELERATION_WINDOW_S = 0.15
_HISTORY = 32


class Motion:
    """Acceleration and travel away from the plan, from what the ticks so far have told."""

    def __init__(self) -> None:
        self._speeds: deque[tuple[float, float]] = deque(maxlen=_HISTORY)
        self._stop_in = math.nan
        self._away = 0.0

    def update(self, speed: float, stop_in: float, travelled: float, now: float) -> None:
        """Take one tick: signed speed [m/s], distance to the plan's next stop [m, NaN none], travel since the last
        tick [m]."""
        if self._speeds and not now > self._speeds[-1][0]:
            self._speeds.clear()
        self._speeds.append((now, abs(speed)))
        change = stop_in - self._stop_in
        if not abs(change) <= travelled + 0.1:  # another stop, another plan, or none
            self._away = 0.0
        else:
            self._away = max(0.0, self._away + change)
        self._stop_in = stop_in

    @property
    def acceleration(self) -> float:
        """Of the unsigned speed [m/s²] over the last moments; 0 while too little is known."""
        if not self._speeds:
            return 0.0
        now, speed = self._speeds[-1]
        for then, earlier in reversed(self._speeds):
            if now - then >= _ACCELERATION_WINDOW_S - 1e-9:
                return (speed - earlier) / (now - then)
        return 0.0

    @property
    def away(self) -> float:
        """How far [m] the car has gone away from the plan's next stop since it was last nearest."""
        return self._away


class Situation(NamedTuple):
    """What the patterns are read off. direction +1 forward, -1 reverse, 0 none; levels as held, other values of this
    tick."""

    direction: int
    speed: float
    steer: float
    levels: Sequence[int]
    travel: Sequence[float]
    closing: Sequence[float]
    free_travel: float
    ttc: float
    blind_ahead: bool


def find_patterns(now: Situation, motion: Motion, limits: RiskLimits) -> tuple[str, ...]:
    """Names of the patterns that hold now, in the order of `PATTERNS`."""
    moving = abs(now.speed) > limits.standstill_speed
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
    if motion.away > limits.wrong_way_travel:
        found.append(WRONG_GEAR)
    if motion.acceleration > limits.surge_acceleration and now.free_travel < limits.surge_distance:
        found.append(PEDAL_SURGE)
    if now.ttc < limits.late_stop_ttc and motion.acceleration > -limits.braking:
        found.append(LATE_STOP)
    if now.blind_ahead:
        found.append(BLIND_CREEP)
    return tuple(found)
