# ruff: noqa: TID252
"""Car: a Driver with the facts of the car and its single wheels."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .driver import Driver

if TYPE_CHECKING:
    from worlds.headless.runtime.controller._link import link
else:
    from controller._link import link


class Car(Driver):
    TRACTION = 0
    PROPULSION = 1
    FOUR_BY_FOUR = 2
    COMBUSTION_ENGINE = 0
    ELECTRIC_ENGINE = 1
    PARALLEL_HYBRID_ENGINE = 2
    POWER_SPLIT_HYBRID_ENGINE = 3
    WHEEL_FRONT_RIGHT = 0
    WHEEL_FRONT_LEFT = 1
    WHEEL_REAR_RIGHT = 2
    WHEEL_REAR_LEFT = 3

    def __init__(self) -> None:
        super().__init__()
        self._indicator_period = 0.34

    def __del__(self) -> None:
        super().__del__()

    def enableIndicatorAutoDisabling(self, enable: bool) -> None:
        """Indicators cannot be set, so there is nothing to cancel."""

    def enableLimitedSlipDifferential(self, enable: bool) -> None:
        """Wheels do not slip here."""

    # --- facts ----------------------------------------------------------------------------------------

    def getType(self) -> int:
        return self.type

    def getEngineType(self) -> int:
        return self.engine_type

    def getFrontWheelRadius(self) -> float:
        return self.front_wheel_radius

    def getRearWheelRadius(self) -> float:
        return self.rear_wheel_radius

    def getTrackFront(self) -> float:
        return self.track_front

    def getTrackRear(self) -> float:
        return self.track_rear

    def getWheelbase(self) -> float:
        return self.wheelbase

    @property
    def type(self) -> int:
        return int(link().config["drive"])

    @property
    def engine_type(self) -> int:
        return self._car.engine_type

    @property
    def front_wheel_radius(self) -> float:
        return self._car.front_radius

    @property
    def rear_wheel_radius(self) -> float:
        return self._car.rear_radius

    @property
    def track_front(self) -> float:
        return self._car.track_front

    @property
    def track_rear(self) -> float:
        return self._car.track_rear

    @property
    def wheelbase(self) -> float:
        return self._car.wheelbase

    # --- single wheels --------------------------------------------------------------------------------

    def getLeftSteeringAngle(self) -> float:
        return self.left_steering_angle

    def getRightSteeringAngle(self) -> float:
        return self.right_steering_angle

    def setLeftSteeringAngle(self, angle: float) -> None:
        self.left_steering_angle = angle

    def setRightSteeringAngle(self, angle: float) -> None:
        self.right_steering_angle = angle

    @property
    def left_steering_angle(self) -> float:
        state = link().car
        return math.nan if state is None else state[0]

    @left_steering_angle.setter
    def left_steering_angle(self, angle: float) -> None:
        self._left = float(angle)

    @property
    def right_steering_angle(self) -> float:
        state = link().car
        return math.nan if state is None else state[1]

    @right_steering_angle.setter
    def right_steering_angle(self, angle: float) -> None:
        self._right = float(angle)

    def getWheelEncoder(self, wheel_index: int) -> float:
        """Angle the wheel has turned [rad]; order front right, front left, rear right, rear left."""
        state = link().car
        return math.nan if state is None else state[2 + wheel_index]

    def getWheelSpeed(self, wheel_index: int) -> float:
        """[rad/s], of the step before the one just made."""
        return self._speeds[wheel_index]

    # --- lights ---------------------------------------------------------------------------------------

    def getBrakeLights(self) -> bool:
        return self.brake_lights

    def getBackwardsLights(self) -> bool:
        return self.backwards_lights

    def getIndicatorPeriod(self) -> float:
        return self.indicator_period

    def setIndicatorPeriod(self, period: float) -> None:
        self.indicator_period = period

    @property
    def brake_lights(self) -> bool:
        return self._brake > 0.0

    @property
    def backwards_lights(self) -> bool:
        if self._mode == self.TORQUE:
            return self._gear == -1
        return self._mode == self.SPEED and self._cruise < 0.0

    @property
    def indicator_period(self) -> float:
        return self._indicator_period

    @indicator_period.setter
    def indicator_period(self, period: float) -> None:
        self._indicator_period = float(period)
