"""From Webots' devices to a SensorFrame: the one place where the simulator's units and signs are turned into ours.

Webots gives km/h, and steering angles that are positive to the right; ours are m/s and positive to the left.
"""

from __future__ import annotations

import math
import time
from typing import Any

from coach_core.contracts import Pose2, SensorFrame, SensorReading, VehicleProfile
from coach_core.contracts.messages import Gear
from coach_core.errors import UsageError

SONAR_PERIOD_MS = 50
POSE_PERIOD_MS = 20
KMH_PER_MPS = 3.6


def rear_axle_speed(wheels: float, steer: float) -> float:
    """Speed [m/s] of the rear-axle centre from that of the driven front wheels, at a front-wheel angle [rad].

    The learner's car drives its front wheels, and Webots tells their mean speed; they run on a wider circle than the
    rear axle, whose speed the odometry needs: at full lock a fifth faster.
    """
    return wheels * math.cos(steer)


class Senses:
    """The car's sensors, enabled on construction."""

    def __init__(self, robot: Any, profile: VehicleProfile) -> None:
        self._robot = robot
        self._sonars = {mount.sensor_id: self._device(mount.sensor_id) for mount in profile.sensors}
        self._range = {mount.sensor_id: mount.max_range_m for mount in profile.sensors}
        self._gps = self._device("gps")
        self._imu = self._device("imu")
        for sonar in self._sonars.values():
            sonar.enable(SONAR_PERIOD_MS)
        self._gps.enable(POSE_PERIOD_MS)
        self._imu.enable(POSE_PERIOD_MS)
        self._enabled_at = round(robot.getTime() * 1000.0)
        self._readings: list[SensorReading] = []
        self._sampled = -1
        self._pose = Pose2(0.0, 0.0, 0.0)

    def _device(self, name: str) -> Any:
        device = self._robot.getDevice(name)
        if device is None:
            raise UsageError(f"the car has no device {name!r}; use protos/LearnerCar.proto for the learner's car")
        return device

    def ready(self) -> bool:
        """Whether every sensor has delivered a first value."""
        sampled = round(self._robot.getTime() * 1000.0) - self._enabled_at >= SONAR_PERIOD_MS
        return sampled and math.isfinite(self._gps.getValues()[0]) and math.isfinite(self._robot.getCurrentSpeed())

    def frame(
        self,
        *,
        vehicle_id: str,
        session_id: str,
        seq: int,
        steer: float,
        gear: Gear,
        throttle: float,
        brake: float,
        parking_brake: bool,
    ) -> SensorFrame:
        """What is sensed now. steer: our own copy of the command [rad, left positive]; Webots' is no command.

        A value that is not a number becomes the last good pose or no speed, and a fault that says so.
        """
        now = self._robot.getTime()
        stamp = time.time_ns() // 1000
        sample = (round(now * 1000.0) - self._enabled_at) // SONAR_PERIOD_MS
        if sample != self._sampled:  # frames and samples have no common rhythm
            self._sampled = sample
            readings = [self._read(sensor_id, stamp) for sensor_id in self._sonars]
            self._readings = [reading for reading in readings if reading is not None]
        faults = []
        x, y, _ = self._gps.getValues()
        yaw = self._imu.getRollPitchYaw()[2]
        if math.isfinite(x) and math.isfinite(y) and math.isfinite(yaw):
            self._pose = Pose2(x, y, yaw)
        else:
            faults.append("pose")
        speed = rear_axle_speed(self._robot.getCurrentSpeed() / KMH_PER_MPS, steer)
        if not math.isfinite(speed):
            speed = 0.0
            faults.append("speed")
        return SensorFrame(
            schema_version=1,
            vehicle_id=vehicle_id,
            session_id=session_id,
            seq=seq,
            timestamp=stamp,
            sim_time_s=round(now, 6),
            readings=self._readings,
            pose=self._pose,
            speed_mps=speed,
            steering_angle_rad=steer,
            gear=gear,
            throttle=throttle,
            brake=brake,
            parking_brake=parking_brake,
            faults=faults,
        )

    def _read(self, sensor_id: str, stamp: int) -> SensorReading | None:
        """A reading; None when the sensor says nothing, which is not the same as hearing no echo."""
        value = self._sonars[sensor_id].getValue()
        if math.isnan(value):
            return None
        none = value >= 0.995 * self._range[sensor_id]
        return SensorReading(sensor_id, None if none else max(0.0, value), stamp)
