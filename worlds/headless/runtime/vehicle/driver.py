# ruff: noqa: TID252
"""Driver: the vehicle library's controls. Speeds are km/h, steering is positive to the right."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any

from .engine import parse_car_data, wheel_torque

if TYPE_CHECKING:
    from worlds.headless.runtime.controller import Supervisor
    from worlds.headless.runtime.controller._link import complain, link, missing
else:
    from controller import Supervisor
    from controller._link import complain, link, missing

_KMH = 3.6
_MAX_KMH = 50.0 * _KMH
_UNDEFINED = -1
_UNKNOWN = (math.nan,) * 4


class Driver(Supervisor):
    INDICATOR_OFF = 0
    INDICATOR_RIGHT = 1
    INDICATOR_LEFT = 2
    SPEED = 0
    TORQUE = 1
    DOWN = 0
    SLOW = 1
    NORMAL = 2
    FAST = 3

    def __init__(self) -> None:
        super().__init__()
        data = parse_car_data(self.getCustomData())
        if data is None or not link().config["car"]:
            complain("Error: the robot is not a car: its customData does not have the layout of Car.proto.")
            sys.stderr.flush()
            _exit(255)
        assert data is not None
        self._car = data
        self._mode = _UNDEFINED
        self._cruise = 0.0
        self._throttle = 0.0
        self._brake = 0.0
        self._gear = 0
        self._left = self._right = 0.0
        self._wiper = 0
        self._indicator, self._hazard, self._dipped, self._antifog = 0, False, False, False
        self._encoders: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)
        self._encoders_before: tuple[float, ...] = self._encoders
        self._period = int(self.getBasicTimeStep())
        self._steered: float | None = None
        """The angle that the wheels' angles were worked out for."""
        self._rpm = 0.0
        self._sent: tuple[Any, ...] | None = None

    def __del__(self) -> None:
        super().__del__()

    @staticmethod
    def loadApi() -> Any:
        missing("Driver.loadApi (there is no C library)")

    @staticmethod
    def isInitialisationPossible() -> bool:
        return bool(link().config["car"])

    # --- time -----------------------------------------------------------------------------------------

    def step(self) -> int:  # type: ignore[override] # the real one takes no argument either
        """Advance one basic time step: 0, or -1 when the simulation is over."""
        # before the step, from the encoders of the last two steps: hence one step late, and NaN for the first two
        state = link().car
        self._encoders_before, self._encoders = self._encoders, _UNKNOWN if state is None else state[2:]
        command = self._command()
        if command != self._sent:
            link().queue("car", *command)
            self._sent = command
        return link().step(self._period)

    @property
    def _speeds(self) -> list[float]:
        """Of the wheels [rad/s]."""
        dt = self._period / 1000.0
        return [(a - b) / dt for a, b in zip(self._encoders, self._encoders_before, strict=True)]

    def _command(self) -> tuple[Any, ...]:
        brake = self._brake * self._car.brake
        if self._mode == self.SPEED:
            return self._left, self._right, self.SPEED, self._cruise / _KMH, brake
        if self._mode == self.TORQUE:
            mean = sum(self._speeds) / 4.0
            torque, self._rpm = wheel_torque(self._car, self._gear, self._throttle, 0.0 if math.isnan(mean) else mean)
            return self._left, self._right, self.TORQUE, torque, brake
        return self._left, self._right, _UNDEFINED, 0.0, brake

    # --- steering -------------------------------------------------------------------------------------

    def setSteeringAngle(self, steeringAngle: float) -> None:
        """Single-track angle [rad], positive to the right; not limited here, the wheels stop at the PROTO's limits."""
        self.steering_angle = steeringAngle

    def getSteeringAngle(self) -> float:
        return self.steering_angle

    @property
    def steering_angle(self) -> float:
        """Mean of the two measured wheel angles, not the command; NaN before the first step."""
        state = link().car
        return math.nan if state is None else 0.5 * (state[0] + state[1])

    @steering_angle.setter
    def steering_angle(self, steeringAngle: float) -> None:
        angle = float(steeringAngle)
        if math.isnan(angle):
            complain("Error: setSteeringAngle() called with NaN.")
            return
        if angle == self._steered:
            return
        self._steered = angle
        if angle == 0.0:
            self._left = self._right = 0.0
            return
        cotangent, half = 1.0 / math.tan(angle), 0.5 * self._car.track_front / self._car.wheelbase
        self._right = math.atan(1.0 / (cotangent - half))
        self._left = math.atan(1.0 / (cotangent + half))

    # --- speed ----------------------------------------------------------------------------------------

    def setCruisingSpeed(self, cruisingSpeed: float) -> None:
        """Target speed of the driven wheels [km/h], negative backwards; switches to SPEED mode."""
        self.target_cruising_speed = cruisingSpeed

    def getTargetCruisingSpeed(self) -> float:
        return self.target_cruising_speed

    @property
    def target_cruising_speed(self) -> float:
        return self._cruise

    @target_cruising_speed.setter
    def target_cruising_speed(self, cruisingSpeed: float) -> None:
        speed = float(cruisingSpeed)
        if math.isnan(speed):
            complain("Error: setCruisingSpeed() called with NaN.")
            return
        if abs(speed) > _MAX_KMH:
            complain(f"Warning: setCruisingSpeed(): the speed is limited to {_MAX_KMH:g} km/h.")
            speed = math.copysign(_MAX_KMH, speed)
        self._mode, self._cruise = self.SPEED, speed

    def getCurrentSpeed(self) -> float:
        return self.current_speed

    @property
    def current_speed(self) -> float:
        """Mean speed of the driven wheels [km/h], one step late; 0 before the first step, then NaN twice."""
        driven = self._driven_speeds()
        return _KMH * self._car.front_radius * sum(driven) / len(driven)

    def _driven_speeds(self) -> list[float]:
        drive = link().config["drive"]
        return self._speeds if drive == 2 else self._speeds[2:] if drive == 1 else self._speeds[:2]

    # --- torque ---------------------------------------------------------------------------------------

    def setThrottle(self, throttle: float) -> None:
        """0 to 1; switches to TORQUE mode. Nothing moves until a gear is set."""
        self.throttle = throttle

    def getThrottle(self) -> float:
        return self.throttle

    @property
    def throttle(self) -> float:
        return self._throttle

    @throttle.setter
    def throttle(self, throttle: float) -> None:
        self._mode, self._throttle = self.TORQUE, _share("setThrottle", throttle)

    def setBrakeIntensity(self, brakeIntensity: float) -> None:
        """0 to 1: a constant torque on each wheel, felt in TORQUE mode only; stays until 0 is set."""
        self.brake_intensity = brakeIntensity

    def getBrakeIntensity(self) -> float:
        return self.brake_intensity

    @property
    def brake_intensity(self) -> float:
        return self._brake

    @brake_intensity.setter
    def brake_intensity(self, brakeIntensity: float) -> None:
        self._brake = _share("setBrakeIntensity", brakeIntensity)

    def setGear(self, gear: int) -> None:
        """-1 reverse, 0 neutral, 1.. forward."""
        self.gear = gear

    def getGear(self) -> int:
        return self.gear

    @property
    def gear(self) -> int:
        if self._mode == self.SPEED:
            complain("Warning: getGear() called in SPEED mode.")
            return 0
        return self._gear

    @gear.setter
    def gear(self, gear: int) -> None:
        self._gear = max(-1, min(int(gear), self.gear_number))

    def getGearNumber(self) -> int:
        return self.gear_number

    @property
    def gear_number(self) -> int:
        """Number of ratios, the reverse one included: the highest valid gear is one less."""
        return len(self._car.gears)

    def getRpm(self) -> float:
        return self.rpm

    @property
    def rpm(self) -> float:
        if self._mode == self.SPEED:
            complain("Warning: getRpm() called in SPEED mode.")
            return 0.0
        return self._rpm

    def getControlMode(self) -> int:
        return self.control_mode

    @property
    def control_mode(self) -> int:
        """SPEED, TORQUE, or -1 before the first command."""
        return self._mode

    # --- lights and wipers ----------------------------------------------------------------------------

    def setIndicator(self, indicator: int) -> None:
        """Raises AttributeError, as the real one does on every call."""
        self.indicator = indicator

    def getIndicator(self) -> int:
        return self.indicator

    @property
    def indicator(self) -> int:
        return self._indicator

    @indicator.setter
    def indicator(self, indicator: int) -> None:  # noqa: ARG002
        raise AttributeError("undefined symbol: wbu_driver_set_indicator_state")

    def setHazardFlashers(self, hazardFlasher: bool) -> None:
        self.hazard_flashers = hazardFlasher

    def getHazardFlashers(self) -> bool:
        return self.hazard_flashers

    @property
    def hazard_flashers(self) -> bool:
        return self._hazard

    @hazard_flashers.setter
    def hazard_flashers(self, hazardFlasher: bool) -> None:
        self._hazard = bool(hazardFlasher)

    def setDippedBeams(self, state: bool) -> None:
        self.dipped_beams = state

    def getDippedBeams(self) -> bool:
        return self.dipped_beams

    @property
    def dipped_beams(self) -> bool:
        return self._dipped

    @dipped_beams.setter
    def dipped_beams(self, state: bool) -> None:
        self._dipped = bool(state)

    def setAntifogLights(self, state: bool) -> bool:  # noqa: ARG002
        """Does nothing, as the real one: it returns the state. Assign `antifog_lights` instead."""
        return self._antifog

    def getAntifogLights(self) -> bool:
        return self.antifog_lights

    @property
    def antifog_lights(self) -> bool:
        return self._antifog

    @antifog_lights.setter
    def antifog_lights(self, state: bool) -> None:
        self._antifog = bool(state)

    def setWiperMode(self, mode: int) -> None:
        self.wiper_mode = mode

    def getWiperMode(self) -> int:
        return self.wiper_mode

    @property
    def wiper_mode(self) -> int:
        return self._wiper

    @wiper_mode.setter
    def wiper_mode(self, mode: int) -> None:
        self._wiper = int(mode)


def _share(call: str, value: float) -> float:
    share = float(value)
    if math.isnan(share) or not 0.0 <= share <= 1.0:
        complain(f"Warning: {call}(): the value must be from 0 to 1; it is limited.")
        share = 0.0 if math.isnan(share) else min(1.0, max(0.0, share))
    return share


def _exit(status: int) -> None:
    import os

    os._exit(status)
