"""Gamepads and wheels: raw axes and buttons of Webots' Joystick, read through a calibration.

Until an axis has moved, some drivers report 0 for it, which for many pedals is half way down. A pedal therefore counts
only after it has been seen released once; the brake counts at once.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from controllers.parkit_coach.inputs.calibration import Action, Calibration, pedal_value, steering_value

ARMED_BELOW = 0.1
"""A pedal has been seen released when it stands below this."""
MOST_BUTTONS = 32
"""Buttons read in one step, so that a device that never says -1 cannot hold the car."""


class JoystickLike(Protocol):
    """The part of Webots' Joystick that is used."""

    def isConnected(self) -> bool: ...
    def getNumberOfAxes(self) -> int: ...
    def getAxisValue(self, axis: int) -> float: ...
    def getPressedButton(self) -> int: ...


class Stick(NamedTuple):
    """A gamepad or wheel as it stands."""

    steer: float
    """-1 full right ... 1 full left."""
    throttle: float
    brake: float
    pressed: frozenset[Action]
    """What the buttons that are down stand for."""


def held_buttons(joystick: JoystickLike) -> set[int]:
    """Buttons that are down now."""
    down = set[int]()
    for _ in range(MOST_BUTTONS):
        button = joystick.getPressedButton()
        if button < 0:
            break
        down.add(button)
    return down


class StickReader:
    """Reads one Joystick. `read` gives None while nothing usable is plugged in."""

    def __init__(self, joystick: JoystickLike, calibration: Calibration) -> None:
        self._joystick = joystick
        self._calibration = calibration
        self._armed = False
        self._down: set[int] = set()
        self.problem = ""
        """What is wrong with a device that is plugged in but cannot be read, for people."""

    def read(self) -> Stick | None:
        """The device now; call it once a step."""
        if not self._joystick.isConnected():
            self._lost("")
            return None
        calibration = self._calibration
        axes = self._joystick.getNumberOfAxes()
        missing = [axis for axis in calibration.axes() if axis >= axes]
        if missing:
            self._lost(f"it has {axes} axes, but the calibration {calibration.name!r} names axis {missing[0]}")
            return None
        self.problem = ""
        raw = {axis: float(self._joystick.getAxisValue(axis)) for axis in calibration.axes()}
        throttle = pedal_value(calibration.throttle, raw[calibration.throttle.axis])
        self._armed = self._armed or throttle < ARMED_BELOW
        return Stick(
            steer=steering_value(calibration.steer, raw[calibration.steer.axis]),
            throttle=throttle if self._armed else 0.0,
            brake=pedal_value(calibration.brake, raw[calibration.brake.axis]),
            pressed=self._pressed(),
        )

    def raw(self) -> dict[str, object] | None:
        """Numbers and buttons as the device gives them, for whoever writes a calibration; None while unplugged."""
        if not self._joystick.isConnected():
            return None
        axes = range(self._joystick.getNumberOfAxes())
        return {"axes": [self._joystick.getAxisValue(axis) for axis in axes], "buttons": sorted(self._down)}

    def _pressed(self) -> frozenset[Action]:
        self._down = down = held_buttons(self._joystick)
        return frozenset(action for action, button in self._calibration.buttons.items() if button in down)

    def _lost(self, problem: str) -> None:
        self._armed = False
        self.problem = problem
