"""Leaving a slot: when a car is out, and how learners do it alone, by a memorised recipe.

Lots lie along +x with the mouths of the slots at y = 0 (see `scenes`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from coach_core.contracts import Pose2, SlotMap
from coach_core.contracts.messages import Gear
from controllers.parkit_coach.drivers import Controls, Sight, View
from controllers.parkit_coach.drivers.base import hold_speed
from controllers.parkit_coach.drivers.novice import SKILLS, Skill, draw_traits
from controllers.parkit_coach.drivers.recipe import AT_ANGLE, BRAKES_AHEAD, MARK_SPREAD, YAW_SPREAD
from controllers.parkit_examiner.judge import Truth, outline
from ops.study.judge import parked_yaw
from ops.study.simulator import learner_car
from worlds.headless.physics.car import Car

ALONG = math.radians(20.0)
"""Out is who heads along the aisle, within this ..."""
STANDSTILL = 0.05
"""... stands [m/s], and has no corner left before the mouths."""
SHOULDER = 1.3
"""The driver's shoulder is this far [m] ahead of the rear axle."""
PAST_BUMPER = 2.3
"""Rear axle beyond the mouth [m] when, going back, the mirror passes the neighbours' bumpers."""
SWUNG = math.radians(30.0)
"""Going back out of a bay, the other lock comes after turning this far."""
ROOM_BEHIND = 0.7
"""Going out along a kerb, first back by this [m]."""
NOSE_OUT = math.radians(40.0)
"""Then the other lock comes after turning this far."""

DRIVES_ON = 1.5
"""In the end a little [m] up the aisle."""


def is_out(car: Car) -> bool:
    """Whether a car has left its slot: it stands, wholly beyond the mouths, along the aisle, either way."""
    corners = outline(Truth(car.x, car.y, car.yaw), learner_car())
    turned = math.remainder(car.yaw, math.pi)
    return abs(car.speed) < STANDSTILL and abs(turned) < ALONG and min(y for _, y in corners) > 0.0


class _Sees(NamedTuple):
    """The car as the eye measures it: rear axle beyond the mouths [m], turned since parked [rad], driven [m]."""

    out: float
    turned: float
    to_aisle: float
    travelled: float


class _Stroke(NamedTuple):
    gear: Gear
    steer: float
    done: Callable[[_Sees], bool]


def recipe(slot: SlotMap, lock: float, mark: float, angle: float) -> tuple[_Stroke, ...]:
    """The strokes out of a slot to the right of the aisle, up the aisle; mark [m], angle [rad]: errors of judgement."""
    on = _Stroke("D", 0.0, lambda sees: sees.travelled >= DRIVES_ON)
    if slot.kind == "parallel":
        return (
            _Stroke("R", 0.0, lambda sees: sees.travelled + 0.5 * mark >= ROOM_BEHIND),
            _Stroke("D", lock, lambda sees: sees.turned + angle >= NOSE_OUT),
            _Stroke("D", -lock, lambda sees: sees.to_aisle + angle >= 0.0),
            on,
        )
    if math.cos(parked_yaw(slot) - slot.inward_yaw_rad) > 0.0:
        return (
            _Stroke("R", 0.0, lambda sees: sees.out + mark >= PAST_BUMPER),
            _Stroke("R", -lock, lambda sees: abs(sees.turned) + angle >= SWUNG),
            _Stroke("D", lock, lambda sees: sees.to_aisle <= angle),
            on,
        )
    return (
        _Stroke("D", 0.0, lambda sees: sees.out + mark >= -SHOULDER),
        _Stroke("D", -lock, lambda sees: sees.to_aisle + angle >= 0.0),
        on,
    )


class LeavingDriver:
    """Drives the recipe out of the slot the car stands in; hears no coach."""

    def __init__(self, seed: int, skill: Skill) -> None:
        self._rng = np.random.default_rng([seed, 0xE17])
        self._skill = skill
        self._stroke = 0
        self._braking = False
        self._from: Pose2 | None = None
        self._parked = 0.0

    def start(self, sight: Sight) -> None:
        profile = sight.profile
        slot = next(slot for slot in sight.lot.slots if slot.slot_id in sight.free_slots)
        self._wheelbase = profile.wheelbase_m
        self._traits = draw_traits(self._rng, profile.steering_ratio, self._skill)
        mark, angle = SKILLS[self._skill].error * self._rng.normal(0.0, (MARK_SPREAD, YAW_SPREAD))
        self._strokes = recipe(slot, profile.max_steering_angle_rad, float(mark), float(angle))

    def act(self, view: View) -> Controls:
        frame, rate = view.frame, self._traits.wheel_rate
        speed = abs(frame.speed_mps)
        if self._from is None:
            self._from, self._parked = frame.pose, frame.pose.yaw_rad
        if self._stroke == len(self._strokes) and speed < STANDSTILL:  # not out, but out of ideas
            return Controls(frame.steering_angle_rad, rate, 0.0, 0.6, "P", frame.gear == "P")
        if self._braking or self._stroke == len(self._strokes):
            self._braking = speed >= STANDSTILL
            return Controls(frame.steering_angle_rad, rate, 0.0, 0.6, frame.gear)
        stroke = self._strokes[self._stroke]
        if frame.gear == stroke.gear and stroke.done(self._look(view)):
            self._stroke, self._braking, self._from = self._stroke + 1, True, frame.pose
            return Controls(frame.steering_angle_rad, rate, 0.0, 0.6, frame.gear)
        ready = frame.gear == stroke.gear and (speed >= STANDSTILL or self._turned(view, stroke))
        throttle, brake = hold_speed(speed, self._traits.pace) if ready else (0.0, 0.5)
        return Controls(stroke.steer, rate, throttle, brake, stroke.gear)

    def _turned(self, view: View, stroke: _Stroke) -> bool:
        return abs(view.frame.steering_angle_rad - stroke.steer) < AT_ANGLE

    def _look(self, view: View) -> _Sees:
        pose, frame = view.frame.pose, view.frame
        assert self._from is not None
        rolls = frame.speed_mps * BRAKES_AHEAD
        yaw = pose.yaw_rad + rolls * math.tan(frame.steering_angle_rad) / self._wheelbase
        x, y = pose.x_m + rolls * math.cos(yaw), pose.y_m + rolls * math.sin(yaw)
        return _Sees(
            out=y,
            turned=math.remainder(yaw - self._parked, math.tau),
            to_aisle=math.remainder(-yaw, math.tau),
            travelled=math.hypot(x - self._from.x_m, y - self._from.y_m),
        )
