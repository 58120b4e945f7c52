"""What one tick of the warnings takes in and gives back."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coach_core.errors import GeometryError
from coach_core.geometry.polygons import ObstacleSet
from coach_core.risk.movers import NO_MOVERS
from coach_core.risk.outline import SECTOR_COUNT

Floats = NDArray[np.float64]

NO_POINTS: Floats = np.empty((0, 2))
NO_POLYGONS = ObstacleSet(np.empty((0, 2)), np.zeros(1, dtype=np.int64), np.empty((0, 4)))


class RiskInput(NamedTuple):
    """What one tick knows.

    pose (3,) world [m, m, rad]; speed [m/s], negative backwards; steer [rad, left positive]; gear +1 forward, -1
    reverse, 0 parked or neutral; points (N, 2) world, echoes of the map; polygons, convex and packed, world: walls and
    cars known or assumed; readings (12,) raw ultrasonic distance by sector [m], NaN or inf where there was no echo;
    reading_age_s (12,). on_plan: the pose follows the plan within its tolerance; planned_free_travel: to the plan's
    next stop [m], NaN if none. movers (N, 4): x, y [m], vx, vy [m/s], world. kerbs: what no wheel must touch; lines:
    what none should, both packed as the polygons are. throttle and brake, 0 to 1; what is no number counts as 0.
    planned_gear: +1 or -1, the plan's now, 0 without a plan; planned_steer: its wheel angle [rad, left positive] up to
    its next stop, NaN if none.
    """

    pose: Floats
    speed: float
    steer: float
    gear: int
    points: Floats
    polygons: ObstacleSet
    readings: Floats
    reading_age_s: Floats
    on_plan: bool
    planned_free_travel: float
    movers: Floats = NO_MOVERS
    kerbs: ObstacleSet = NO_POLYGONS
    lines: ObstacleSet = NO_POLYGONS
    throttle: float = 0.0
    brake: float = 0.0
    planned_gear: int = 0
    planned_steer: float = math.nan


class RiskResult(NamedTuple):
    """What one tick says. Levels 0 clear, 1 caution, 2 warning, 3 critical.

    level: worst of the sectors. sector_distance (12,) [m] from the outline to the nearest thing in the sector, inf if
    none within range; sector_level (12,) held by the hysteresis. ttc [s] and free_travel [m] along the swept path to
    the first contact, inf if none within the horizon. worst_sector: index into SECTORS, -1 if nothing is near.
    patterns: names. blind: something needed to judge was missing (a dead sensor, a number that is none). muted: the
    driver follows the plan towards what is near, which is then no more than a caution. Never true at critical.
    """

    level: int
    sector_distance: Floats
    sector_level: NDArray[np.int64]
    ttc: float
    free_travel: float
    worst_sector: int
    patterns: tuple[str, ...]
    blind: bool
    muted: bool


def as_arrays(tick: RiskInput) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Contiguous float64 views (copies only where needed); GeometryError on a wrong shape."""
    pose = np.ascontiguousarray(tick.pose, dtype=np.float64)
    points = np.ascontiguousarray(tick.points, dtype=np.float64)
    readings = np.ascontiguousarray(tick.readings, dtype=np.float64)
    ages = np.ascontiguousarray(tick.reading_age_s, dtype=np.float64)
    movers = np.ascontiguousarray(tick.movers, dtype=np.float64)
    if pose.shape != (3,):
        raise GeometryError(f"a risk input's pose has shape (3,), got {pose.shape}")
    if points.ndim != 2 or points.shape[1] != 2:
        raise GeometryError(f"a risk input's points have shape (N, 2), got {points.shape}")
    if readings.shape != (SECTOR_COUNT,) or ages.shape != (SECTOR_COUNT,):
        raise GeometryError(f"a risk input has {SECTOR_COUNT} readings and ages, got {readings.shape} and {ages.shape}")
    if movers.ndim != 2 or movers.shape[1] != 4:
        raise GeometryError(f"a risk input's movers have shape (N, 4), got {movers.shape}")
    return pose, points, readings, ages, movers


def has_stop(tick: RiskInput) -> bool:
    """Whether the pose follows a plan and the plan's next stop is known."""
    return tick.on_plan and math.isfinite(tick.planned_free_travel)


def fraction(pedal: float) -> float:
    """A pedal's position, 0 where it is no number."""
    return min(1.0, max(0.0, pedal)) if math.isfinite(pedal) else 0.0
