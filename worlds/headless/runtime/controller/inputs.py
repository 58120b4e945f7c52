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
    """No joystick is ever connected to the stand-in."""

    def __init__(self, sampling_period: int | None = None) -> None:
        self._period = 0
        if sampling_period is not None:
            self.enable(sampling_period)

    def enable(self, p: int) -> None:
        self._period = p

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

    def _absent(self, what: str, otherwise: int) -> int:
        reason = "is not enabled" if self._period == 0 else "is not connected"
        complain(f"Error: Joystick.{what}: the joystick {reason}.")
        return otherwise

    def isConnected(self) -> bool:
        return self.is_connected

    @property
    def is_connected(self) -> bool:
        return False

    @property
    def model(self) -> str:
        raise AttributeError("no joystick is connected, so there is no model")

    def getNumberOfAxes(self) -> int:
        return self.number_of_axes

    @property
    def number_of_axes(self) -> int:
        return self._absent("getNumberOfAxes()", 0)

    def getAxisValue(self, axis: int) -> float:  # noqa: ARG002
        return self._absent("getAxisValue()", 0)

    def getNumberOfPovs(self) -> int:
        return self.number_of_povs

    @property
    def number_of_povs(self) -> int:
        return self._absent("getNumberOfPovs()", 0)

    def getPovValue(self, pov: int) -> int:  # noqa: ARG002
        return self._absent("getPovValue()", 0)

    def getPressedButton(self) -> int:
        return self.pressed_button

    @property
    def pressed_button(self) -> int:
        return self._absent("getPressedButton()", -1)

    def setConstantForce(self, level: int) -> None:  # noqa: ARG002
        self._absent("setConstantForce()", 0)

    def setConstantForceDuration(self, duration: float) -> None:  # noqa: ARG002
        self._absent("setConstantForceDuration()", 0)

    def setAutoCenteringGain(self, gain: float) -> None:  # noqa: ARG002
        self._absent("setAutoCenteringGain()", 0)

    def setResistanceGain(self, gain: float) -> None:  # noqa: ARG002
        self._absent("setResistanceGain()", 0)

    def setForceAxis(self, axis: int) -> None:  # noqa: ARG002
        self._absent("setForceAxis()", 0)


def absent(name: str) -> type[Any]:
    """A class that Webots has and the stand-in has not: says so when somebody makes one."""

    def refuse(self: Any, *arguments: Any, **named: Any) -> None:  # noqa: ARG001
        missing(name)

    return type(name, (), {"__init__": refuse, "__doc__": "Not offered by the stand-in."})
