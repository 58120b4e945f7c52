"""Parking by memorised recipe ("공식"), as learners do on their own: strokes known by heart, for each kind of slot.

Every mark is judged by eye, with the spread of a novice's judgement; a stroke ends where the mark seems to be. No
coach is heard; the driver does look at the mirrors, stops for what they see in time, pulls out and tries again.
"""

from __future__ import annotations

import math

import numpy as np

from coach_core.contracts import SlotMap
from coach_core.contracts.messages import Gear
from controllers.parkit_coach.drivers.base import Controls, Sight, View, hold_speed
from controllers.parkit_coach.drivers.recipes import Marks, Recipe, Sees, Stroke, recipe_for

MARK_SPREAD = 0.35
"""Where the learner believes a mark beside the car to be: standard deviation [m]."""
YAW_SPREAD = math.radians(5.0)
"""How well 'parallel to the lines' is judged."""
DEPTH_SPREAD = 0.30
SEEN_GAP = 0.15
"""A gap in the mirror below this [m] frightens, when it is noticed."""
NOTICE = 0.5
"""Chance that a frightening gap is noticed in time (a look at the right mirror at the right moment)."""
SEEN_AHEAD, NOTICE_AHEAD = 0.40, 0.9
"""The same through the windscreen."""
ATTEMPTS = 4
BRAKES_AHEAD = 0.35
"""The foot goes to the brake this long [s] before the mark: about what the car then still rolls."""
STANDSTILL = 0.05
AT_ANGLE = 0.05


class RecipeDriver:
    """Drives into the first free slot ahead that the eyes see. error: how wrong the marks are, 1 for a novice."""

    def __init__(self, rng: np.random.Generator, pace: float, wheel_rate: float, error: float = 1.0) -> None:
        self._rng = rng
        self._pace = pace
        self._wheel_rate = wheel_rate
        self._error = error
        self._recipe: Recipe | None = None
        self._attempt = 1
        self._escaping = False
        self._stroke = 0
        self._braking = False

    def start(self, sight: Sight) -> None:
        self._profile = sight.profile
        self._free = [slot for slot in sight.lot.slots if slot.slot_id in sight.free_slots]
        self._draw_marks()

    def act(self, view: View) -> Controls:
        pose = view.frame.pose
        if self._recipe is None:
            slot = self._first_ahead(view)
            if slot is None:
                return self._controls(view, 0.0, "D", self._pace)
            self._aisle_yaw = pose.yaw_rad
            self._recipe = recipe_for(slot, self._profile, self._aisle_yaw)
            self._from = pose
        sees = self._look(self._recipe, view)
        strokes = self._recipe.escape if self._escaping else self._recipe.strokes
        if self._stroke == len(strokes):
            if not self._escaping:
                return self._park(view)
            self._attempt += 1
            self._draw_marks()
            self._escaping, self._stroke = False, self._recipe.again(sees)
            return self._brake(view)
        stroke = strokes[self._stroke]
        if self._braking:  # between two strokes the car stands
            self._braking = abs(view.frame.speed_mps) >= STANDSTILL
            return self._brake(view)
        if not self._escaping and self._frightened(view, stroke):
            self._begin(view, 0)
            self._escaping = True
            return self._brake(view)
        if stroke.done(sees, self._marks):
            self._begin(view, self._stroke + 1)
            return self._brake(view)
        if abs(view.frame.steering_angle_rad - stroke.steer) > AT_ANGLE and abs(view.frame.speed_mps) < STANDSTILL:
            return self._controls(view, stroke.steer, stroke.gear, 0.0)
        return self._controls(view, stroke.steer, stroke.gear, self._pace)

    def _begin(self, view: View, stroke: int) -> None:
        self._stroke, self._braking, self._from = stroke, True, view.frame.pose

    def _draw_marks(self) -> None:
        spread = self._error * self._rng.normal(0.0, 1.0, 3)
        self._marks = Marks(
            float(MARK_SPREAD * spread[0]), float(YAW_SPREAD * spread[1]), float(DEPTH_SPREAD * spread[2])
        )
        look = self._rng.random()
        self._notices = {"R": bool(look < NOTICE), "D": bool(look < NOTICE_AHEAD)}

    def _first_ahead(self, view: View) -> SlotMap | None:
        pose = view.frame.pose
        cos, sin = math.cos(pose.yaw_rad), math.sin(pose.yaw_rad)

        def ahead(slot: SlotMap) -> float:
            return (slot.entrance_x_m - pose.x_m) * cos + (slot.entrance_y_m - pose.y_m) * sin

        return min((slot for slot in self._free if ahead(slot) > 0.0), key=ahead, default=None)

    def _look(self, recipe: Recipe, view: View) -> Sees:
        pose, slot, frame = view.frame.pose, recipe.slot, view.frame
        rolls = frame.speed_mps * BRAKES_AHEAD
        yaw = pose.yaw_rad + rolls * math.tan(frame.steering_angle_rad) / self._profile.wheelbase_m
        middle = 0.5 * (pose.yaw_rad + yaw)
        x, y = pose.x_m + rolls * math.cos(middle), pose.y_m + rolls * math.sin(middle)
        dx, dy = x - slot.entrance_x_m, y - slot.entrance_y_m
        cos, sin = math.cos(self._aisle_yaw), math.sin(self._aisle_yaw)
        inward = dx * math.cos(slot.inward_yaw_rad) + dy * math.sin(slot.inward_yaw_rad)
        return Sees(
            along=dx * cos + dy * sin,
            left=-dx * sin + dy * cos,
            inward=inward,
            to_turn=math.remainder(recipe.parked_yaw - yaw, math.tau),
            turned=math.remainder(yaw - self._aisle_yaw, math.tau),
            travelled=math.hypot(x - self._from.x_m, y - self._from.y_m),
        )

    def _frightened(self, view: View, stroke: Stroke) -> bool:
        """Whether something very near shows where the car is going; looked for with a novice's care."""
        notices = self._notices["R" if stroke.gear == "R" else "D"]
        if self._attempt >= ATTEMPTS or not notices or abs(view.frame.speed_mps) <= STANDSTILL:
            return False
        hidden, gap = ("front", SEEN_GAP) if stroke.gear == "R" else ("rear", SEEN_AHEAD)
        near = [r.distance for r in view.frame.readings if r.distance is not None and hidden not in r.sensor_id]
        return bool(near) and min(near) < gap

    def _park(self, view: View) -> Controls:
        parked = abs(view.frame.speed_mps) < STANDSTILL
        return Controls(0.0, self._wheel_rate, 0.0, 0.6, "P" if parked else view.frame.gear, parked)

    def _brake(self, view: View) -> Controls:
        return Controls(view.frame.steering_angle_rad, self._wheel_rate, 0.0, 0.6, view.frame.gear)

    def _controls(self, view: View, steer: float, gear: Gear, pace: float) -> Controls:
        speed = abs(view.frame.speed_mps)
        current = view.frame.gear
        if gear != current and speed >= STANDSTILL:
            return Controls(steer, self._wheel_rate, 0.0, 0.5, current)
        throttle, brake = hold_speed(speed, pace)
        return Controls(steer, self._wheel_rate, throttle, brake, gear)
