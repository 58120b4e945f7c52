"""What the car of a study senses: the stand-in's sonar rays, a fix, a compass, and the noise of all of them."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from coach_core.contracts import Pose2, SensorFrame, SensorReading, VehicleProfile
from controllers.parkit_coach.powertrain import CarState
from controllers.parkit_coach.senses import rear_axle_speed
from ops.study.plant import Plant, Surroundings, floor
from worlds.headless.physics.rays import SONAR_MAX_INCIDENCE, RayCaster, ray_directions
from worlds.headless.vrml.scene import Frame, rotation_matrix

SONAR_PERIOD_S = 0.05
SONAR_RAYS = 10
SONAR_HEIGHT = 0.2
"""Height of every sonar [m] above the rear axle's, in protos/LearnerCar.proto."""
NO_ECHO = 0.995
"""A sonar that returns this share of its range has heard nothing."""
_FACING = math.cos(SONAR_MAX_INCIDENCE)


class Noise(NamedTuple):
    """Standard deviations, those of protos/LearnerCar.proto; `dropout` is the chance of a ping that is lost."""

    position: float = 0.02
    """Of a fix, in x and in y [m]."""
    yaw: float = 0.002
    sonar: float = 0.01
    """Relative at no distance, falling to nothing at the end of the range, as the world's lookup table has it."""
    dropout: float = 0.01


class Senses:
    """Samples the sonars every 50 ms and makes a frame whenever asked."""

    def __init__(self, profile: VehicleProfile, surroundings: Surroundings, noise: Noise, seed: int) -> None:
        self._mounts = profile.sensors
        self._surroundings = surroundings
        self._noise = noise
        self._rng = np.random.default_rng([seed, 0x5E5E])
        self._floor = floor()
        self._caster: RayCaster | None = None
        origins, directions = [], []
        for mount in profile.sensors:
            turn = rotation_matrix([0.0, 0.0, 1.0, mount.yaw_rad])
            directions.append(ray_directions(SONAR_RAYS, mount.field_of_view_rad) @ turn.T)
            origins.append(np.tile([mount.x_m, mount.y_m, SONAR_HEIGHT], (SONAR_RAYS, 1)))
        self._origins = np.ascontiguousarray(np.concatenate(origins).T)
        self._directions = np.ascontiguousarray(np.concatenate(directions).T)
        self._readings: list[SensorReading] = []
        self._heard_at: tuple[float, float, float] | None = None
        self._heard: list[float] = []

    def ping(self, plant: Plant, time: float) -> None:
        """Every sonar sends once; `time` [s] is the reading's stamp."""
        heard = self._nearest(plant)
        blur = self._rng.standard_normal(len(self._mounts))
        lost = self._rng.random(len(self._mounts)) < self._noise.dropout
        stamp = round(time * 1e6)
        self._readings = []
        for mount, nearest, normal, is_lost in zip(self._mounts, heard, blur.tolist(), lost.tolist(), strict=True):
            reach = mount.max_range_m
            spread = self._noise.sonar * max(0.0, 1.0 - nearest / reach) if math.isfinite(nearest) else 0.0
            value = min(nearest, reach) * (1.0 + spread * normal)
            distance = None if is_lost or value >= NO_ECHO * reach else max(0.0, value)
            self._readings.append(SensorReading(mount.sensor_id, distance, stamp))

    def _nearest(self, plant: Plant) -> list[float]:
        """Distance [m] at which each sonar hears something, inf for nothing. A car that stands hears the same again."""
        car, moving = plant.car, bool(self._surroundings.moving)
        if self._heard_at == (car.x, car.y, car.yaw) and not moving:
            return self._heard
        self._heard_at = (car.x, car.y, car.yaw)
        if self._caster is None or moving:
            self._caster = RayCaster([*self._surroundings.heard, self._floor])
        turn = rotation_matrix([0.0, 0.0, 1.0, car.yaw])
        place = Frame(turn, np.array([car.x, car.y, plant.spec.rest_height]))
        distances, cosines = self._caster.cast(place, self._origins, self._directions)
        squarely = np.where(cosines <= _FACING, np.inf, distances).reshape(len(self._mounts), SONAR_RAYS)
        self._heard = squarely.min(axis=1).tolist()
        return self._heard

    def frame(self, plant: Plant, state: CarState, seq: int, time: float, session_id: str) -> SensorFrame:
        """What the controller would put together at `time` [s]."""
        dx, dy, turn = (self._rng.standard_normal(3)).tolist()
        noise, car = self._noise, plant.car
        return SensorFrame(
            schema_version=1,
            vehicle_id="study",
            session_id=session_id,
            seq=seq,
            timestamp=round(time * 1e6),
            sim_time_s=round(time, 6),
            readings=self._readings,
            pose=Pose2(car.x + noise.position * dx, car.y + noise.position * dy, car.yaw + noise.yaw * turn),
            speed_mps=rear_axle_speed(plant.wheel_speed, state.steer),
            steering_angle_rad=state.steer,
            gear=state.gear,
            throttle=state.throttle,
            brake=state.brake,
            parking_brake=state.parking_brake,
        )
