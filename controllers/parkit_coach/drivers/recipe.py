"""Parking by memorised recipe ("공식"), as learners do on their own: drive past the slot until the shoulder mark,
full lock, reverse until the car looks straight, unwind, back up until it looks deep enough.

Every mark is judged by eye, with the spread of a novice's judgement; one or two attempts are corrected by pulling
forward. No coach is heard; the driver does look at the mirrors and stops for what they see in time.
"""

from __future__ import annotations

import math
from enum import Enum, auto

import numpy as np

from coach_core.contracts import SlotMap
from coach_core.contracts.messages import Gear
from controllers.parkit_coach.drivers.base import Controls, Sight, View, hold_speed

MARK_SPREAD = 0.35
"""Where the learner believes the shoulder mark to be: standard deviation [m]."""
YAW_SPREAD = math.radians(5.0)
"""How well 'parallel to the lines' is judged."""
DEPTH_SPREAD = 0.30
SEEN_GAP = 0.15
"""A gap in the mirror below this [m] frightens, when it is noticed."""
NOTICE = 0.5
"""Chance that a frightening gap is noticed in time (a look at the right mirror at the right moment)."""
ATTEMPTS = 3
STANDSTILL = 0.05


class _Stage(Enum):
    APPROACH = auto()
    TURN_IN = auto()
    STRAIGHTEN = auto()
    BACK = auto()
    PULL_OUT = auto()
    PARK = auto()


class RecipeDriver:
    """Drives into the first free slot the eyes see."""

    def __init__(self, rng: np.random.Generator, pace: float, wheel_rate: float) -> None:
        self._rng = rng
        self._pace = pace
        self._wheel_rate = wheel_rate
        self._stage = _Stage.APPROACH
        self._attempt = 1

    def start(self, sight: Sight) -> None:
        free = [slot for slot in sight.lot.slots if slot.slot_id in sight.free_slots]
        self._slot: SlotMap | None = free[0] if free else None
        self._lock = sight.profile.max_steering_angle_rad
        self._radius = sight.profile.wheelbase_m / math.tan(self._lock)
        self._length = sight.profile.wheelbase_m + sight.profile.front_overhang_m
        self._draw_marks()

    def _draw_marks(self) -> None:
        self._mark_error = float(self._rng.normal(0.0, MARK_SPREAD))
        self._yaw_error = float(self._rng.normal(0.0, YAW_SPREAD))
        self._depth_error = float(self._rng.normal(0.0, DEPTH_SPREAD))
        self._notices = bool(self._rng.random() < NOTICE)

    def act(self, view: View) -> Controls:
        if self._slot is None:
            return self._controls(view, 0.0, "D", self._pace)
        right, inward, yaw = self._see(self._slot, view)
        speed = abs(view.frame.speed_mps)
        stage = self._stage
        if stage is _Stage.APPROACH:
            if right >= self._radius + self._mark_error:
                if speed < STANDSTILL:
                    self._stage = _Stage.TURN_IN
                return self._controls(view, 0.0, "D", 0.0)
            return self._controls(view, 0.0, "D", self._pace)
        if stage is _Stage.TURN_IN:
            side = -self._lock
            if self._frightened(view):
                self._stage = _Stage.PULL_OUT
            elif yaw + self._yaw_error <= 0.0:
                self._stage = _Stage.STRAIGHTEN
            elif abs(view.frame.steering_angle_rad - side) > 0.05 and speed < STANDSTILL:
                return self._controls(view, side, "R", 0.0)
            return self._controls(view, side, "R", self._pace)
        if stage is _Stage.STRAIGHTEN:
            if speed < STANDSTILL and abs(view.frame.steering_angle_rad) < 0.05:
                self._stage = _Stage.BACK
            return self._controls(view, 0.0, "R", 0.0)
        if stage is _Stage.BACK:
            if self._frightened(view):
                self._stage = _Stage.PULL_OUT
            elif inward + self._depth_error >= self._length + 0.25:
                self._stage = _Stage.PARK
            return self._controls(view, 0.0, "R", self._pace)
        if stage is _Stage.PULL_OUT:
            if inward <= -2.2:
                self._attempt += 1
                self._draw_marks()
                self._stage = _Stage.TURN_IN if yaw > 0.2 else _Stage.BACK
                return self._controls(view, 0.0, "D", 0.0)
            return self._controls(view, 0.0, "D", self._pace)
        parked = speed < STANDSTILL
        gear: Gear = "P" if parked else "R"
        return Controls(0.0, self._wheel_rate, 0.0, 0.6, gear, parked)

    def _see(self, slot: SlotMap, view: View) -> tuple[float, float, float]:
        """The car seen from the slot: past its middle [m], rear axle inside it [m], angle still to turn [rad]."""
        pose = view.frame.pose
        dx, dy = pose.x_m - slot.entrance_x_m, pose.y_m - slot.entrance_y_m
        cos, sin = math.cos(slot.inward_yaw_rad), math.sin(slot.inward_yaw_rad)
        outward_yaw = slot.inward_yaw_rad + math.pi
        turn = (outward_yaw - pose.yaw_rad + math.pi) % (2.0 * math.pi) - math.pi
        return -dx * sin + dy * cos, dx * cos + dy * sin, turn

    def _frightened(self, view: View) -> bool:
        """Whether the mirrors show something very near; looked at with a novice's care, a few attempts only."""
        if self._attempt >= ATTEMPTS or not self._notices:
            return False
        near = [r.distance for r in view.frame.readings if r.distance is not None and "front" not in r.sensor_id]
        return bool(near) and min(near) < SEEN_GAP and abs(view.frame.speed_mps) > STANDSTILL

    def _controls(self, view: View, steer: float, gear: Gear, pace: float) -> Controls:
        speed = abs(view.frame.speed_mps)
        current = view.frame.gear
        if gear != current and speed >= STANDSTILL:
            return Controls(steer, self._wheel_rate, 0.0, 0.5, current)
        throttle, brake = hold_speed(speed, pace)
        return Controls(steer, self._wheel_rate, throttle, brake, gear)
