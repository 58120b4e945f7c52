"""One tick for the risk tests: an empty world seen by healthy sensors, then whatever a test changes in it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from coach_core.contracts import SECTORS
from coach_core.geometry.polygons import ObstacleSet, pack_obstacles
from coach_core.risk import NO_POINTS, NO_POLYGONS, RiskInput
from coach_core.vehicle import VehicleParams

CAR = VehicleParams(wheelbase=2.8, front_overhang=0.835, rear_overhang=0.85, width=1.823, max_steer=0.6)
BACK, FRONT, HALF = -0.85, 3.635, 0.9115

SILENT = np.full(12, np.nan)
FRESH = np.zeros(12)


def tick(**changes: Any) -> RiskInput:
    values: dict[str, Any] = {
        "pose": np.zeros(3),
        "speed": 0.0,
        "steer": 0.0,
        "gear": 1,
        "points": NO_POINTS,
        "polygons": NO_POLYGONS,
        "readings": SILENT,
        "reading_age_s": FRESH,
        "on_plan": False,
        "planned_free_travel": math.nan,
    }
    return RiskInput(**{**values, **changes})


def points(*xy: Sequence[float]) -> Any:
    return np.array(xy, dtype=np.float64)


def polygon(*xy: Sequence[float]) -> ObstacleSet:
    """One obstacle, by its corners."""
    return pack_obstacles([np.array(xy, dtype=np.float64)])


def sector(name: str) -> int:
    return SECTORS.index(name)


def readings(**by_sector: float) -> Any:
    values = SILENT.copy()
    for name, distance in by_sector.items():
        values[sector(name)] = distance
    return values


def ages(**by_sector: float) -> Any:
    values = FRESH.copy()
    for name, age in by_sector.items():
        values[sector(name)] = age
    return values
