"""Wheels against kerbs and painted lines: the body may pass over these, the tyres must not.

Each axle is swept as the rectangle that holds both its tyres. What lies between the two wheels of an axle is thus taken
as struck: kerbs and lines are longer than a car is wide.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coach_core.geometry.polygons import ObstacleSet
from coach_core.risk.limits import RiskLimits
from coach_core.risk.outline import SECTOR_COUNT, Outline
from coach_core.risk.sweep import TRAVEL, Reach, scan
from coach_core.vehicle import VehicleParams

Floats = NDArray[np.float64]

_NO_POINTS: Floats = np.empty((0, 2))
_REAR_AXLE = np.array([10, 10, 5, 5, 5, 5, 6, 7, 8, 9, 10, 10])
"""Sector of the body for each sector round the rear axle: what its front meets is beside the car."""
_FRONT_AXLE = np.array([0, 1, 2, 3, 4, 4, 4, 4, 11, 11, 11, 11])


class WheelSweep:
    """Free travel of the four wheels among ground obstacles."""

    def __init__(self, vehicle: VehicleParams, limits: RiskLimits) -> None:
        half, radius = 0.5 * vehicle.width, limits.wheel_radius
        self._axles = (
            (Outline(-radius, radius, half), _REAR_AXLE),
            (Outline(vehicle.wheelbase - radius, vehicle.wheelbase + radius, half), _FRONT_AXLE),
        )
        self._reach = Reach(0.0, 0.0, 0.0, limits.resolution)
        self._scratch = np.empty((4, SECTOR_COUNT))
        self._found = np.empty((5, SECTOR_COUNT))

    def travel(self, pose: Floats, curvature: float, way: float, ground: ObstacleSet) -> tuple[Floats, int]:
        """Free travel [m] (12,) of a wheel by the body's sectors, inf for none, along an arc of `curvature` 1/m for
        `way` m (negative in reverse); and how many obstacles were not finite."""
        travel = np.full(SECTOR_COUNT, np.inf)
        broken = 0
        if not len(ground.offsets) > 1 or way == 0.0:
            return travel, broken
        for axle, sectors in self._axles:
            broken = scan(
                pose,
                curvature,
                way,
                0.0,
                self._reach,
                _NO_POINTS,
                ground.vertices,
                ground.offsets,
                _NO_POINTS,
                axle,
                self._scratch,
                self._found,
            )
            if min(self._found[TRAVEL].tolist()) < math.inf:
                np.minimum.at(travel, sectors, self._found[TRAVEL])
        return travel, int(broken)
