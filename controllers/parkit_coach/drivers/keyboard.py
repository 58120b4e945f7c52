"""A person at the keyboard: arrows drive and steer, R D N P select the gear, space brakes, B is the parking brake.

A key is all or nothing, a foot is not. So the up arrow lets the foot off the brake and holds walking pace (Shift: twice
that), letting go of it rests the foot on the brake, and the wheel turns slowly at first, for small corrections.
"""

from __future__ import annotations

from collections.abc import Callable

from coach_core.contracts.messages import Gear
from controllers.parkit_coach.drivers.base import Controls, Sight, View
from controllers.parkit_coach.inputs.keys import DOWN, LEFT, RIGHT, SHIFT, UP

GEAR_KEYS: dict[int, Gear] = {ord("P"): "P", ord("R"): "R", ord("N"): "N", ord("D"): "D"}
WALK, BRISK = 1.1, 2.2
"""Speed [m/s] that the up arrow holds, without and with Shift: 4 and 8 km/h."""
RESTING, SOFT, FULL = 0.3, 0.5, 1.0
"""Brake pedal: no key, down arrow, space."""
BRAKE_RATE = 2.0
"""How fast a soft brake is pressed [1/s]; the full brake comes at once."""
SLOW_HANDS, FAST_HANDS = 0.12, 0.40
"""Rate [rad/s at the front wheel] of a wheel that has just begun to turn, and of one that is kept turning ..."""
HANDS_SPEED_UP_S = 0.5
"""... for this long [s]."""


class KeyboardDriver:
    """Keys set where the hands turn to and how far the pedals go down."""

    def __init__(self, read_keys: Callable[[], tuple[int, ...]]) -> None:
        self._read_keys = read_keys
        self._gear: Gear = "D"
        self._brake = 0.0
        self._parking_brake = False
        self._before: tuple[int, ...] = ()
        self._turning: int | None = None
        self._turned_s = 0.0
        self._last = 0.0

    def start(self, sight: Sight) -> None:
        self._lock = sight.profile.max_steering_angle_rad

    def take_over(self, view: View) -> None:
        """Go on from how the car stands, as when another device has been unplugged."""
        self._gear, self._parking_brake = view.frame.gear, view.frame.parking_brake
        self._brake, self._before, self._last = view.frame.brake, self._read_keys(), view.now

    def act(self, view: View) -> Controls:
        held = self._read_keys()
        dt, self._last = max(0.0, view.now - self._last), view.now
        pressed = [key for key in held if key not in self._before]
        self._before = held
        for key in pressed:
            if key in GEAR_KEYS:
                self._gear = GEAR_KEYS[key]
            elif key == ord("B"):
                self._parking_brake = not self._parking_brake
        throttle, brake = self._feet(held, abs(view.frame.speed_mps), dt)
        steer, rate = self._hands(held, view.frame.steering_angle_rad, dt)
        return Controls(steer, rate, throttle, brake, self._gear, self._parking_brake)

    def _feet(self, held: tuple[int, ...], speed: float, dt: float) -> tuple[float, float]:
        """(throttle, brake); the brake goes before the throttle where both are asked for."""
        if ord(" ") in held:
            self._brake = FULL
        elif DOWN in held or UP not in held:
            wanted = SOFT if DOWN in held else RESTING
            self._brake = min(wanted, self._brake + BRAKE_RATE * dt)
        else:
            error = (BRISK if SHIFT in held else WALK) - speed
            self._brake = 0.0 if error > -0.05 else min(SOFT, -error)
            return min(0.3, max(0.0, 0.6 * error)), self._brake
        return 0.0, self._brake

    def _hands(self, held: tuple[int, ...], steer: float, dt: float) -> tuple[float, float]:
        """(angle the wheel is turned to, rate); of two sides pressed the later one counts."""
        turning = next((key for key in held if key in (LEFT, RIGHT, ord("S"))), None)
        self._turned_s = self._turned_s + dt if turning == self._turning else 0.0
        self._turning = turning
        share = min(1.0, self._turned_s / HANDS_SPEED_UP_S)
        rate = SLOW_HANDS + share * (FAST_HANDS - SLOW_HANDS)
        if turning is None:
            return steer, FAST_HANDS
        return {LEFT: self._lock, RIGHT: -self._lock}.get(turning, 0.0), rate
