"""A gamepad or wheel plugged into the machine: what it says, and what a controller has been told of it."""

from __future__ import annotations

import math
from typing import Any, NamedTuple


class JoystickState(NamedTuple):
    """One reading. A run's `joystick` callback gives these, or None while nothing is plugged in."""

    axes: tuple[int, ...] = ()
    """Whole numbers as the device's driver gives them; Webots passes them on as they are."""
    buttons: tuple[int, ...] = ()
    """Indices of the buttons held down."""
    povs: tuple[int, ...] = ()
    model: str = "stand-in gamepad"


class JoystickPort:
    """What one robot hears of the joystick: plugging at once, readings at its sampling period.

    Source of the order: Webots' joystick.c, which tells configuration and values in separate messages.
    """

    def __init__(self) -> None:
        self._period = 0.0
        self._due = math.inf
        self._told: tuple[Any, ...] | None = None

    def enable(self, period: float, now: float) -> None:
        """Sample every `period` ms from `now` ms on; 0 switches it off."""
        self._period = float(period)
        self._due = now + period if period > 0 else math.inf
        self._told = None

    @property
    def enabled(self) -> bool:
        return self._period > 0.0

    def restart(self, offset: float) -> None:
        """Simulated time went back by `offset` ms."""
        self._due -= offset

    def news(self, state: JoystickState | None, now: float) -> list[tuple[Any, ...]]:
        """Messages for the controller: ("gone",), ("config", axes, povs, model), ("values", axes, povs, buttons)."""
        shape = ("gone",) if state is None else ("config", len(state.axes), len(state.povs), state.model)
        messages: list[tuple[Any, ...]] = []
        if shape != self._told:
            self._told = shape
            messages.append(shape)
        if self._due <= now:
            self._due += self._period
            if state is not None:
                messages.append(("values", list(state.axes), list(state.povs), list(state.buttons)))
        return messages
