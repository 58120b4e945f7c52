# ruff: noqa: TID252
"""Keyboard, joystick and mouse."""

from __future__ import annotations

from typing import Any

from ._link import complain, link, missing


class Keyboard:
    """Held keys, most recent first, cleared at each step. The runner presses them; nothing is connected otherwise."""

    END = 312
    HOME = 313
    LEFT = 314
    UP = 315
    RIGHT = 316
    DOWN = 317
    PAGEUP = 366
    PAGEDOWN = 367
    NUMPAD_HOME = 375
    NUMPAD_LEFT = 376
    NUMPAD_UP = 377
    NUMPAD_RIGHT = 378
    NUMPAD_DOWN = 379
    NUMPAD_END = 382
    KEY = 65535
    SHIFT = 65536
    CONTROL = 131072
    ALT = 262144

    def __init__(self, sampling_period: int | None = None) -> None:
        self._period = 0
        if sampling_period is not None:
            self.enable(sampling_period)

    def enable(self, p: int) -> None:
        self._period = p
        link().queue("keyboard", p)

    def disable(self) -> None:
        self.enable(0)

    def getSamplingPeriod(self) -> int:
        return self._period

    @property
    def sampling_period(self) -> int:
        return self._period

    @sampling_period.setter
    def sampling_period(self, p: int | None) -> None:
        self.enable(p or 0)

    def getKey(self) -> int:
        """Next held key, -1 when there is none left."""
        if self._period == 0:
            complain("Error: Keyboard.getKey() called for a disabled device! Please use: enable().")
            return -1
        keys = link().keys
        return keys.pop(0) if keys else -1

    def getKeyCode(self) -> int:
        return self.getKey()

    def get_key(self) -> str:
        return chr(self.getKey())


class Joystick:
    """A gamepad or wheel, as far as the runner plugs one in. Calls on a disabled joystick print an error each."""

    def __init__(self, sampling_period: int | None = None) -> None:
        self._period = 0
        if sampling_period is not None:
            self.enable(sampling_period)

    def enable(self, p: int) -> None:
        """From the next step on; `isConnected` cannot be true before."""
        self._period = p
        link().queue("joystick", p)

    def disable(self) -> None:
        self.enable(0)

    def getSamplingPeriod(self) -> int:
        return self._period

    @property
    def sampling_period(self) -> int:
        return self._period

    @sampling_period.setter
    def sampling_period(self, p: int | None) -> None:
        self.enable(p or 0)

    def _enabled(self, what: str) -> bool:
        if self._period <= 0:
            complain(f"Error: Joystick.{what} called for a disabled device! Please use: enable().")
        return self._period > 0

    def isConnected(self) -> bool:
        return self.is_connected

    @property
    def is_connected(self) -> bool:
        return self._enabled("isConnected()") and link().joystick.connected

    @property
    def model(self) -> str:
        if not link().joystick.connected:
            raise AttributeError("no joystick is connected, so there is no model")
        return link().joystick.model

    def getNumberOfAxes(self) -> int:
        return self.number_of_axes

    @property
    def number_of_axes(self) -> int:
        self._enabled("getNumberOfAxes()")
        return len(link().joystick.axes)

    def getAxisValue(self, axis: int) -> float:
        self._enabled("getAxisValue()")
        return self._pick(link().joystick.axes, axis, "axis")

    def getNumberOfPovs(self) -> int:
        return self.number_of_povs

    @property
    def number_of_povs(self) -> int:
        self._enabled("getNumberOfPovs()")
        return len(link().joystick.povs)

    def getPovValue(self, pov: int) -> int:
        self._enabled("getPovValue()")
        return self._pick(link().joystick.povs, pov, "pov")

    @staticmethod
    def _pick(values: list[int], index: int, what: str) -> int:
        if 0 <= index < len(values):
            return values[index]
        complain(f"Error: Joystick: the {what} {index} is bigger than or equal to their number ({len(values)}).")
        return 0

    def getPressedButton(self) -> int:
        return self.pressed_button

    @property
    def pressed_button(self) -> int:
        """Next button held at the last sample, -1 when there is none left; the list is cleared at each step."""
        self._enabled("getPressedButton()")
        buttons = link().joystick.buttons
        return buttons.pop(0) if buttons else -1

    def _force(self, call: str, value: float) -> None:
        if self._enabled(f"{call}()"):
            link().queue("event", "joystick", (call, value))

    def setConstantForce(self, level: int) -> None:
        self._force("setConstantForce", int(level))

    def setConstantForceDuration(self, duration: float) -> None:
        if duration < 0:
            complain("Error: Joystick.setConstantForceDuration() called with a negative duration.")
            return
        self._force("setConstantForceDuration", float(duration))

    def setAutoCenteringGain(self, gain: float) -> None:
        self._force("setAutoCenteringGain", float(gain))

    def setResistanceGain(self, gain: float) -> None:
        self._force("setResistanceGain", float(gain))

    def setForceAxis(self, axis: int) -> None:
        if axis >= len(link().joystick.axes):
            complain(f"Error: Joystick.setForceAxis(): there is no axis {axis}.")
            return
        self._force("setForceAxis", int(axis))


def absent(name: str) -> type[Any]:
    """A class that Webots has and the stand-in has not: says so when somebody makes one."""

    def refuse(self: Any, *arguments: Any, **named: Any) -> None:  # noqa: ARG001
        missing(name)

    return type(name, (), {"__init__": refuse, "__doc__": "Not offered by the stand-in."})
