"""From a driver's hands and feet to Webots' car.

The car is driven in SPEED mode: there the brake pedal of Webots hardly works, but a falling speed target always stops
the car. So the pedals move a target speed, as they would move a real car on level ground.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from coach_core.contracts.messages import Gear
from controllers.parkit_coach.drivers.base import Controls

THROTTLE_GAIN = 2.5
"""Acceleration [m/s²] of a full throttle."""
BRAKE_GAIN = 6.0
"""Deceleration [m/s²] of a full brake."""
CREEP_SPEED = 1.1
"""An automatic rolls off by itself up to this speed [m/s] ..."""
CREEP_GAIN = 0.5
"""... with this acceleration [m/s²], unless the brake holds it."""
DRAG = 0.25
"""Deceleration [m/s²] of a rolling car above the creeping speed."""
TOP_SPEED = 4.0
"""A training car on a lot goes no faster [m/s]."""
HAND_RATE = 0.80
"""Hands turn the wheel no faster, whoever asks for it [rad/s at the front wheel; 690 degrees/s of the hand wheel]."""
INTERLOCK = 0.3
"""P, R and D engage only below this speed [m/s], as in a real automatic."""
KMH_PER_MPS = 3.6


class CarState(NamedTuple):
    """What the powertrain did with the controls."""

    steer: float
    gear: Gear
    throttle: float
    brake: float
    parking_brake: bool


class Powertrain:
    """Applies controls once per basic time step; keeps the target speed between them."""

    def __init__(self, driver: Any, max_steer: float, dt: float) -> None:
        self._driver = driver
        self._max_steer = max_steer
        self._dt = dt
        self._speed = 0.0
        self._steer = 0.0
        self._gear: Gear = "P"

    @property
    def gear(self) -> Gear:
        return self._gear

    @property
    def steer(self) -> float:
        """Front-wheel angle commanded now [rad, left positive]."""
        return self._steer

    def apply(self, controls: Controls) -> CarState:
        """Move pedals and wheel for one step and command the car.

        Pedals count from 0 to 1; one that is no number is a brake pressed fully and a throttle not pressed at all.
        """
        throttle, brake = _pedal(controls.throttle, 0.0), _pedal(controls.brake, 1.0)
        if controls.gear != self._gear and self._speed < INTERLOCK:
            self._gear, self._speed = controls.gear, 0.0
        self._steer = self._turned(controls)
        self._speed = self._accelerated(throttle, brake, controls.parking_brake)
        sign = -1.0 if self._gear == "R" else 1.0
        self._driver.setSteeringAngle(-self._steer)
        self._driver.setCruisingSpeed(sign * self._speed * KMH_PER_MPS)
        return CarState(self._steer, self._gear, throttle, brake, controls.parking_brake)

    def halt(self, gear: Gear) -> None:
        """The car has been put somewhere else and stands there in this gear; the wheel is as the driver has it."""
        self._speed, self._gear = 0.0, gear

    def _turned(self, controls: Controls) -> float:
        if not (math.isfinite(controls.steer) and controls.steer_rate > 0.0):  # no number that is none reaches the car
            return self._steer
        wanted = max(-self._max_steer, min(self._max_steer, controls.steer))
        most = min(controls.steer_rate, HAND_RATE) * self._dt
        return self._steer + max(-most, min(most, wanted - self._steer))

    def _accelerated(self, throttle: float, brake: float, parking_brake: bool) -> float:
        speed = self._speed
        driven = self._gear in ("D", "R")
        change = -BRAKE_GAIN * brake - (BRAKE_GAIN if parking_brake or self._gear == "P" else 0.0)
        if driven:
            change += THROTTLE_GAIN * throttle
            if brake == 0.0 and speed < CREEP_SPEED:
                change += CREEP_GAIN
        if throttle == 0.0 and (speed > CREEP_SPEED or not driven):
            change -= DRAG
        return max(0.0, min(TOP_SPEED, speed + change * self._dt))


def _pedal(pressed: float, otherwise: float) -> float:
    return max(0.0, min(1.0, pressed)) if math.isfinite(pressed) else otherwise
