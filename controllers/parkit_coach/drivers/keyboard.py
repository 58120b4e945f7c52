"""A person at the keyboard: arrows drive and steer, R D N P select the gear, space brakes, B is the parking brake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from coach_core.contracts.messages import Gear
from controllers.parkit_coach.drivers.base import Controls, Sight, View

LEFT, UP, RIGHT, DOWN = 314, 315, 316, 317
KEY_MASK = 0xFFFF
"""Webots puts Shift, Control and Alt above the key code."""
GEAR_KEYS: dict[int, Gear] = {ord("P"): "P", ord("R"): "R", ord("N"): "N", ord("D"): "D"}
PEDAL_RISE = 0.04
"""How much a pedal moves in one tick while its key is held."""


class KeyboardLike(Protocol):
    """The part of Webots' Keyboard that is used."""

    def getKey(self) -> int: ...


def keys_held(keyboard: KeyboardLike) -> set[int]:
    """All keys held at this step; the list must be emptied each step."""
    held = set()
    while (key := keyboard.getKey()) != -1:
        held.add(key & KEY_MASK)
    return held


class KeyboardDriver:
    """Keys set where the hands turn to and how far the pedals go down."""

    def __init__(self, read_keys: Callable[[], set[int]]) -> None:
        self._read_keys = read_keys
        self._gear: Gear = "D"
        self._throttle = 0.0
        self._parking_brake = False
        self._brake_key_was_down = False

    def start(self, sight: Sight) -> None:
        self._lock = sight.profile.max_steering_angle_rad

    def act(self, view: View) -> Controls:
        held = self._read_keys()
        for key, gear in GEAR_KEYS.items():
            if key in held:
                self._gear = gear
        brake_key = ord("B") in held
        if brake_key and not self._brake_key_was_down:
            self._parking_brake = not self._parking_brake
        self._brake_key_was_down = brake_key
        steer = view.frame.steering_angle_rad
        if LEFT in held and RIGHT not in held:
            steer = self._lock
        elif RIGHT in held and LEFT not in held:
            steer = -self._lock
        elif ord("S") in held:
            steer = 0.0
        self._throttle = min(0.6, self._throttle + PEDAL_RISE) if UP in held else 0.0
        brake = 0.8 if DOWN in held or ord(" ") in held or UP not in held else 0.0
        return Controls(steer, 0.35, self._throttle, brake, self._gear, self._parking_brake)
