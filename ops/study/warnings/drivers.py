"""Those who drive into things: a few actions of hand and foot at set times, or an expert who errs once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coach_core.contracts.messages import Gear
from controllers.parkit_coach.drivers import Controls, Sight, View
from controllers.parkit_coach.drivers.expert import ExpertDriver

CREEP_SPEED, CREEP_GAIN, THROTTLE_GAIN, BRAKE_GAIN = 1.1, 0.5, 2.5, 6.0
"""What the feet know of this car; see controllers/parkit_coach/powertrain.py."""
FOOT_GAIN = 3.0
"""How hard a speed error is corrected [1/s]."""


class Action(NamedTuple):
    """From `at` [s] on: turn the front wheels to `steer` [rad, left positive], and bring the speed to `speed` [m/s,
    unsigned] by `rate` [m/s²]."""

    at: float
    steer: float
    speed: float
    rate: float


class ActingDriver:
    """Carries out actions whatever the coach says, in one gear."""

    def __init__(self, gear: Gear, actions: tuple[Action, ...], steer_rate: float, speed: float) -> None:
        self._gear = gear
        self._actions = actions
        self._steer_rate = steer_rate
        self._wanted = speed
        self._last = 0.0

    def start(self, sight: Sight) -> None:
        del sight

    def act(self, view: View) -> Controls:
        now = view.now
        action = current(self._actions, now)
        before, self._wanted = self._wanted, towards(self._wanted, action.speed, action.rate * (now - self._last))
        pace = (self._wanted - before) / (now - self._last) if now > self._last else 0.0
        self._last = now
        throttle, brake = feet(abs(view.frame.speed_mps), self._wanted, pace)
        return Controls(action.steer, self._steer_rate, throttle, brake, self._gear)


def current(actions: tuple[Action, ...], now: float) -> Action:
    """The action under way; the first one begins at once."""
    return next((action for action in reversed(actions) if action.at <= now), actions[0])


def towards(value: float, target: float, most: float) -> float:
    """`value` moved to `target` by at most `most`."""
    return value + max(-most, min(most, target - value))


def feet(speed: float, wanted: float, pace: float) -> tuple[float, float]:
    """(throttle, brake) that make |speed| [m/s] follow `wanted`, which changes by `pace` [m/s²]."""
    push = pace + FOOT_GAIN * (wanted - speed)
    if wanted <= 0.0 and speed < 0.05:
        return 0.0, 0.6
    if push < 0.0:
        return 0.0, min(1.0, max(0.005, -push / BRAKE_GAIN))
    if speed < CREEP_SPEED and push < CREEP_GAIN:
        return min(1.0, push / THROTTLE_GAIN), 0.001  # a foot on the brake holds the creep back
    creep = CREEP_GAIN if speed < CREEP_SPEED else 0.0
    return min(1.0, (push - creep) / THROTTLE_GAIN), 0.0


class WrongGearDriver(ExpertDriver):
    """Follows the coach's plan up to its first change of gear, forgets to shift and drives off all the same."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        rng = np.random.default_rng([seed, 0x9EA2])
        self._thinks = float(rng.uniform(0.5, 1.5))
        self._action = Action(0.0, 0.0, float(rng.uniform(0.5, 1.2)), float(rng.uniform(0.4, 1.0)))
        self._wrong: Gear | None = None
        self._wanted = 0.0
        self._last = 0.0
        self.drives_off: float | None = None
        """When [s] the mistake begins to move the car; None before."""

    def act(self, view: View) -> Controls:
        before = self._gear
        meant = super().act(view)
        plan = view.decision.plan
        if self._wrong is None and before != meant.gear and plan is not None and plan.status == "follow":
            self._wrong, self.drives_off = before, view.now + self._thinks
        elapsed, self._last = view.now - self._last, view.now
        if self._wrong is None or self.drives_off is None:
            return meant
        if view.now < self.drives_off:
            return meant._replace(gear=self._wrong, throttle=0.0, brake=0.7)
        self._wanted = towards(self._wanted, self._action.speed, self._action.rate * elapsed)
        throttle, brake = feet(abs(view.frame.speed_mps), self._wanted, self._action.rate)
        return meant._replace(gear=self._wrong, throttle=min(0.6, throttle), brake=brake)
