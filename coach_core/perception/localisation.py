"""Where the car is: odometry between fixes, pulled gently towards GPS and compass.

The wheels say precisely how far the car moved, the GPS where it is on average (2 cm of noise a fix);
blending them gives a pose that neither drifts nor jitters.
"""

from __future__ import annotations

import math

import numpy as np

from coach_core.contracts import Pose2, SensorFrame
from coach_core.geometry.poses import YAW, Pose, X, Y, advance_into, wrap_angle

POSITION_TIME_CONSTANT = 0.4
"""Time [s] in which a wrong position is forgotten by a factor e."""
YAW_TIME_CONSTANT = 0.05
JUMP = 1.0
"""A fix further than this [m] from the estimate is a jump: the car was moved or the GPS is wrong."""
MAX_GAP = 0.5
"""Odometry is not extrapolated over a longer gap [s] between frames."""


class Localiser:
    """Estimates the rear-axle pose; `jumped` tells that the last fix did not follow from the motion."""

    def __init__(self, wheelbase: float) -> None:
        self._wheelbase = wheelbase
        self._pose: Pose | None = None
        self._time = 0.0
        self.jumped = False

    def update(self, frame: SensorFrame) -> Pose:
        """The pose at `frame` (world frame, fresh array). Frames that are not newer leave it unchanged."""
        fix, now = frame.pose, frame.sim_time_s
        self.jumped = False
        if self._pose is None or not 0.0 <= now - self._time <= MAX_GAP:
            return self._restart(fix, now)
        dt = now - self._time
        if dt == 0.0:
            return self._pose.copy()
        self._time = now
        curvature = math.tan(frame.steering_angle_rad) / self._wheelbase
        advance_into(self._pose, curvature, frame.speed_mps * dt, self._pose)
        error = np.array([fix.x_m - self._pose[X], fix.y_m - self._pose[Y]])
        if math.hypot(*error) > JUMP:
            self.jumped = True
            return self._restart(fix, now)
        self._pose[:YAW] += (1.0 - math.exp(-dt / POSITION_TIME_CONSTANT)) * error
        yaw_error = wrap_angle(fix.yaw_rad - self._pose[YAW])
        self._pose[YAW] = wrap_angle(self._pose[YAW] + (1.0 - math.exp(-dt / YAW_TIME_CONSTANT)) * yaw_error)
        return self._pose.copy()

    def _restart(self, fix: Pose2, now: float) -> Pose:
        self._pose, self._time = np.array([fix.x_m, fix.y_m, fix.yaw_rad]), now
        return self._pose.copy()
