"""Where the car is: odometry between fixes, pulled gently towards GPS and compass.

The wheels say precisely how far the car moved, the GPS where it is on average (2 cm of noise a fix);
blending them gives a pose that neither drifts nor jitters. How wrong it may be is kept beside it: the wheels add to it
with every metre, each fix takes some of it away.
"""

from __future__ import annotations

import math

import numpy as np

from coach_core.contracts import Pose2, SensorFrame
from coach_core.geometry.poses import Pose, X, Y, advance_into, wrapped

POSITION_TIME_CONSTANT = 0.4
"""Time [s] in which a wrong position is forgotten by a factor e."""
YAW_TIME_CONSTANT = 0.05
JUMP = 1.0
"""A fix further than this [m] from the estimate is a jump: the car was moved or the GPS is wrong."""
MAX_GAP = 0.5
"""Odometry is not extrapolated over a longer gap [s] between frames."""
MAX_SPEED = 15.0
"""A wheel speed above this [m/s] is a broken sensor, not a parking car."""
MAX_STEER = 1.5
MAX_COORDINATE = 1e6
FIX_SIGMA = 0.02
"""Standard deviation [m] of a fix, per axis ..."""
COMPASS_SIGMA = 0.002
"""... and of the compass [rad]."""
DRIFT = 0.015
"""The wheels' error in each metre driven [m]: a tyre's radius, a slip, a steering angle a little off ..."""
YAW_DRIFT = 0.02
"""... and in each radian turned [rad]."""
OUTAGE = 0.3
"""Fixes that stay away longer than this [s] are an outage."""
RETURN = 2.0
"""After an outage the pose is pulled back to the fixes for this long [s]; what was mapped meanwhile goes with it."""


class Localiser:
    """Estimates the rear-axle pose, which stays finite whatever the frames say.

    `jumped`: the last fix did not follow from the motion. `known`: the last frame had a usable fix; without one the
    estimate only coasts along the odometry. `sigma` [m] and `yaw_sigma` [rad]: how wrong the pose may be (one standard
    deviation per axis), inf before the first fix. `drift` [m]: odometry error added up over all outages, never falling.
    `outage_since` [s]: when fixes stayed away last, NaN if they never did. `pull` (2,) [m]: how far the last update
    moved the pose back to the fixes after an outage; 0 otherwise. Plain floats: this runs every frame.
    """

    def __init__(self, wheelbase: float) -> None:
        self._wheelbase = wheelbase
        self._pose: Pose | None = None
        self._time = 0.0
        self.jumped = False
        self.known = False
        self.sigma = math.inf
        self.yaw_sigma = math.inf
        self.drift = 0.0
        self.outage_since = math.nan
        self.pull = (0.0, 0.0)
        self._fixed_at = math.nan
        self._back_at = math.nan

    def update(self, frame: SensorFrame) -> Pose:
        """The pose at `frame` (world frame, fresh array). Frames that are not newer leave it unchanged."""
        fix, now = frame.pose, frame.sim_time_s
        self.jumped = False
        self.pull = (0.0, 0.0)
        self.known = "pose" not in frame.faults and _usable(fix) and math.isfinite(now)
        if self._pose is None:
            return self._restart(fix, now) if self.known else np.zeros(3)
        dt = now - self._time
        if not math.isfinite(dt) or -MAX_GAP <= dt <= 0.0:
            return self._pose.copy()
        if not 0.0 < dt <= MAX_GAP:
            if self.known:
                return self._restart(fix, now)
            self.sigma = math.inf  # driven on unseen, nobody knows how far
            return self._pose.copy()
        self._time = now
        self._coast(frame.speed_mps, frame.steering_angle_rad, dt)
        if not self.known:
            if now - self._fixed_at > OUTAGE and not self.outage_since >= self._fixed_at:
                self.outage_since = self._fixed_at
            return self._pose.copy()
        x, y, yaw = self._pose.tolist()
        dx, dy = fix.x_m - x, fix.y_m - y
        if math.hypot(dx, dy) > JUMP:
            return self._restart(fix, now)
        if self.outage_since >= self._fixed_at:
            self._back_at = now
        self._fixed_at = now
        gain, turn = 1.0 - math.exp(-dt / POSITION_TIME_CONSTANT), 1.0 - math.exp(-dt / YAW_TIME_CONSTANT)
        dx, dy = gain * dx, gain * dy
        yaw = wrapped(yaw + turn * wrapped(fix.yaw_rad - yaw))
        self._pose = np.array((x + dx, y + dy, yaw))
        self.sigma = math.hypot((1.0 - gain) * self.sigma, gain * FIX_SIGMA)
        self.yaw_sigma = math.hypot((1.0 - turn) * self.yaw_sigma, turn * COMPASS_SIGMA)
        if now - self._back_at <= RETURN:
            self.pull = dx, dy
        return self._pose.copy()

    def _coast(self, speed: float, steer: float, dt: float) -> None:
        """Move the estimate by the odometry, unless that is broken."""
        if abs(speed) <= MAX_SPEED and abs(steer) <= MAX_STEER:  # false for NaN
            curvature, way = math.tan(steer) / self._wheelbase, abs(speed) * dt
            advance_into(self._pose, curvature, speed * dt, self._pose)
            added = (DRIFT + self.yaw_sigma) * way
            self.yaw_sigma += YAW_DRIFT * abs(curvature) * way
        else:
            added = MAX_SPEED * dt  # it may have gone anywhere
        self.sigma += added
        if not self.known:
            self.drift += added

    def _restart(self, fix: Pose2, now: float) -> Pose:
        before = self._pose
        self.jumped = before is not None and math.hypot(fix.x_m - before[X], fix.y_m - before[Y]) > JUMP
        self._pose, self._time = np.array((fix.x_m, fix.y_m, wrapped(fix.yaw_rad))), now
        self._fixed_at, self.sigma, self.yaw_sigma = now, FIX_SIGMA, COMPASS_SIGMA
        return self._pose.copy()


def _usable(fix: Pose2) -> bool:
    """Whether a fix is made of numbers a lot can have."""
    return abs(fix.x_m) < MAX_COORDINATE and abs(fix.y_m) < MAX_COORDINATE and abs(fix.yaw_rad) < MAX_COORDINATE
