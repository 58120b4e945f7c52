"""The car as the core computes with it."""

from __future__ import annotations

import math
from typing import NamedTuple

from coach_core.contracts import VehicleProfile
from coach_core.errors import GeometryError


class VehicleParams(NamedTuple):
    """Dimensions [m] and steering limit [rad] of a car; the reference point is the rear-axle centre.

    A NamedTuple of floats, so that kernels take it as it is.
    """

    wheelbase: float
    front_overhang: float
    rear_overhang: float
    width: float
    max_steer: float

    @property
    def length(self) -> float:
        return self.rear_overhang + self.wheelbase + self.front_overhang

    @property
    def min_radius(self) -> float:
        """Turning radius of the rear-axle centre at full lock [m]."""
        return self.wheelbase / math.tan(self.max_steer)


def vehicle_from_profile(profile: VehicleProfile) -> VehicleParams:
    """Parameters of a profile; GeometryError if a dimension is not positive or the lock is not below 90°."""
    params = VehicleParams(
        profile.wheelbase_m,
        profile.front_overhang_m,
        profile.rear_overhang_m,
        profile.width_m,
        profile.max_steering_angle_rad,
    )
    for name, value in zip(params._fields, params, strict=True):
        if not (math.isfinite(value) and value > 0.0):
            raise GeometryError(f"vehicle {profile.name!r}: {name} must be positive, is {value}")
    if params.max_steer >= 0.5 * math.pi:
        raise GeometryError(f"vehicle {profile.name!r}: max_steer must be below pi/2, is {params.max_steer}")
    return params
