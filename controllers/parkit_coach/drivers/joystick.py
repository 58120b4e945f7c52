"""A person with a gamepad or a wheel. When it is unplugged, the car brakes gently and the keyboard takes over."""

from __future__ import annotations

from coach_core.contracts import Fault
from coach_core.contracts.messages import Gear
from controllers.parkit_coach.drivers.base import Controls, Sight, View
from controllers.parkit_coach.drivers.keyboard import KeyboardDriver
from controllers.parkit_coach.inputs import Inputs, Stick
from controllers.parkit_coach.inputs.calibration import Action

COMPONENT = "input.joystick"
HAND_RATE = 0.75
"""As fast as hands turn a wheel, 640 degrees/s of it [rad/s at the front wheel]; a flicked stick is no faster."""
GENTLE = 0.35
"""Brake pedal while nobody drives."""
STANDSTILL = 0.05
PLUGGED_IN_WITHIN_S = 1.0
"""Webots finds a device some steps after it was asked for; only then is a missing one told."""
GEARS: tuple[Gear, ...] = ("P", "R", "N", "D")


class JoystickDriver:
    """The stick's angle is the wheel's, its pedals are the car's; buttons select gears."""

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self._keyboard = KeyboardDriver(inputs.keys)
        self._gear: Gear = "D"
        self._parking_brake = False
        self._before: frozenset[Action] = frozenset()
        self._lost: bool | None = None
        """None: never seen yet."""
        self._on_keys = False
        self._began: float | None = None

    def start(self, sight: Sight) -> None:
        self._lock = sight.profile.max_steering_angle_rad
        self._keyboard.start(sight)

    def take_over(self, view: View) -> None:
        """Go on from how the car stands, as after a retry."""
        self._gear, self._parking_brake = view.frame.gear, view.frame.parking_brake
        self._keyboard.take_over(view)

    def act(self, view: View) -> Controls:
        stick = self._inputs.stick()
        if stick is None:
            return self._without(view)
        if self._lost:
            self._inputs.report(Fault(COMPONENT, "cleared", "plugged in again"))
            self._gear, self._parking_brake = view.frame.gear, view.frame.parking_brake
            self._before = stick.pressed  # a button that is down already asks for nothing
        self._lost, self._on_keys = False, False
        return self._drive(stick)

    def _drive(self, stick: Stick) -> Controls:
        pressed = stick.pressed - self._before
        self._before = stick.pressed
        for gear in GEARS:
            if gear in pressed:
                self._gear = gear
        if "parking_brake" in pressed:
            self._parking_brake = not self._parking_brake
        # As in a real car the brake wins over a throttle that is pressed with it.
        throttle = 0.0 if stick.brake > 0.0 else stick.throttle
        return Controls(stick.steer * self._lock, HAND_RATE, throttle, stick.brake, self._gear, self._parking_brake)

    def _without(self, view: View) -> Controls:
        """Brake to a stand first; then whoever presses a key drives on."""
        began = self._began = view.now if self._began is None else self._began
        waiting = self._lost is None and view.now - began < PLUGGED_IN_WITHIN_S
        if not waiting and not self._lost:
            what = "never plugged in" if self._lost is None else "unplugged"
            self._inputs.report(Fault(COMPONENT, "raised", f"{what}; the keyboard drives"))
            self._lost = True
        if not self._on_keys and not waiting and abs(view.frame.speed_mps) < STANDSTILL:
            self._on_keys = True
            self._keyboard.take_over(view)
        if self._on_keys:
            return self._keyboard.act(view)
        return Controls(
            view.frame.steering_angle_rad, 0.0, 0.0, GENTLE, view.frame.gear, parking_brake=view.frame.parking_brake
        )
