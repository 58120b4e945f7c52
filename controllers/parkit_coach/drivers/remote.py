"""A person who drives from elsewhere. The car stops when it hears nothing for a third of a second.

That time is counted both ways, by the wall clock and by simulated time, and the stricter counts: a simulation that
runs fast must not drive on for seconds of its own, nor a slow one for seconds of ours.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from coach_core.contracts import DriveCommand, Fault
from controllers.parkit_coach.drivers.base import Controls, Sight, View
from controllers.parkit_coach.inputs import Inputs

COMPONENT = "input.remote"
SILENCE_S = 0.3
STOP = 0.7
"""Brake pedal [share] of a car that nobody drives: it stands within 0.4 s from walking pace."""
HAND_RATE = 0.75
"""Rate limit of the wheel [rad/s at the front wheel]."""


class RemoteDriver:
    """Does what the newest command says, while there is one. `clock` is the wall's [s]."""

    def __init__(self, inputs: Inputs, clock: Callable[[], float]) -> None:
        self._inputs = inputs
        self._clock = clock
        self._command: DriveCommand | None = None
        self._heard_at = (-math.inf, -math.inf)
        """By the wall clock and by the simulator's [s]."""
        self._silent = True
        self._ever = False

    def start(self, sight: Sight) -> None:
        del sight

    def act(self, view: View) -> Controls:
        wall = self._clock()
        for command in self._inputs.remote():
            self._hear(command, wall, view.now)
        silent = self._is_silent(wall, view.now)
        if silent and not self._silent:
            self._inputs.report(Fault(COMPONENT, "raised", f"nothing heard for {SILENCE_S} s; the car stops"))
        elif not silent and self._silent and self._ever:
            self._inputs.report(Fault(COMPONENT, "cleared", "heard again"))
        self._silent = silent
        if silent or self._command is None:
            return Controls(view.frame.steering_angle_rad, 0.0, 0.0, STOP, view.frame.gear, view.frame.parking_brake)
        self._ever = True
        told = self._command
        throttle = 0.0 if told.brake > 0.0 else told.throttle
        return Controls(told.steering_angle_rad, HAND_RATE, throttle, told.brake, told.gear, told.parking_brake)

    def _is_silent(self, wall: float, now: float) -> bool:
        return wall - self._heard_at[0] > SILENCE_S or now - self._heard_at[1] > SILENCE_S

    def _hear(self, command: DriveCommand, wall: float, now: float) -> None:
        driving = self._command
        if driving is not None and not self._is_silent(wall, now):
            if command.station_id != driving.station_id:
                return  # two stations must not pull at one wheel
            if command.seq <= driving.seq:
                return  # it came late
        self._command, self._heard_at = command, (wall, now)
