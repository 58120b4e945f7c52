"""The expert follows the plan to the letter: right gear, wheel turned at rest, smooth stop at the mark."""

from __future__ import annotations

import math

from coach_core.contracts.messages import Gear
from controllers.parkit_coach.drivers.base import Controls, Sight, View, hold_speed

CRUISE = 1.0
"""Speed [m/s] while looking for a slot."""
MANOEUVRE = 0.7
CALM = 2.6
"""Time [s] kept to whatever lies in the way: careful people never come closer than about two seconds (NHTSA)."""
SLOWEST = 0.15
SOFT_BRAKING = 0.5
"""Deceleration [m/s²] planned towards a stop."""
STEER_OFF = 0.012
STANDSTILL = 0.02
ROLLING = 0.10
"""Below this speed [m/s] a wheel that is not where the stroke wants it is turned first, at rest."""
HANDS_STILL = 0.25
"""A wheel turned at rest is held this long [s] before moving off: until then it might be turning on, for all that a
coach knows."""
LATENCY = 0.10
"""The way driven in this time [s] is kept in hand: the pedals answer a little late."""


class ExpertDriver:
    """Acts on the decision's plan, not on its words."""

    def __init__(self) -> None:
        self._gear: Gear = "D"
        self._turned_at = -math.inf
        self._looking_back = False

    def start(self, sight: Sight) -> None:
        del sight
        self._gear, self._turned_at = "D", -math.inf
        self._looking_back = False

    def act(self, view: View) -> Controls:
        decision, frame = view.decision, view.frame
        speed = abs(frame.speed_mps)
        plan = decision.plan
        if self._gear == "P" or (plan is not None and plan.status in ("secure", "done")):
            return self._secure(frame.steering_angle_rad, speed)
        if decision.level == "critical" and speed > 0.0:
            return Controls(frame.steering_angle_rad, brake=1.0, gear=self._gear)
        if plan is not None and plan.status == "follow":
            return self._follow(view, speed)
        told = decision.cue.id if decision.cue is not None else ""
        if decision.stop_in_m is not None or plan is not None or told in ("prep.none", "move.stop_here"):
            return Controls(frame.steering_angle_rad, brake=0.7, gear=self._gear)
        if told in ("gear.reverse", "move.back_slow") or (self._looking_back and told == "appr.slow"):
            return self._look_back(frame.steering_angle_rad, speed)
        self._looking_back = False
        if self._gear != "D":  # a slot that was given up halfway: the search goes on forwards
            if speed < STANDSTILL:
                self._gear = "D"
            return Controls(frame.steering_angle_rad, brake=0.7, gear=self._gear)
        throttle, brake = hold_speed(speed, CRUISE)
        return Controls(0.0, throttle=throttle, brake=brake, gear=self._gear)

    def _look_back(self, steer: float, speed: float) -> Controls:
        """A slot was passed that may be free: back, straight."""
        self._looking_back = True
        if self._gear != "R":
            if speed < STANDSTILL:
                self._gear = "R"
            return Controls(steer, brake=0.7, gear=self._gear)
        throttle, brake = hold_speed(speed, MANOEUVRE)
        return Controls(0.0, throttle=throttle, brake=brake, gear=self._gear)

    def _secure(self, steer: float, speed: float) -> Controls:
        if speed < STANDSTILL and abs(steer) < STEER_OFF:
            self._gear = "P"
        return Controls(0.0, brake=0.8, gear=self._gear, parking_brake=self._gear == "P")

    def _follow(self, view: View, speed: float) -> Controls:
        decision, frame, plan = view.decision, view.frame, view.decision.plan
        assert plan is not None
        segment = plan.segments[min(plan.segment_index, len(plan.segments) - 1)]
        wanted: Gear = "D" if segment.gear > 0 else "R"
        steer = segment.steering_angle_rad
        if self._gear != wanted:
            if speed < STANDSTILL:
                self._gear = wanted
            return Controls(frame.steering_angle_rad, brake=0.7, gear=self._gear)
        if speed < ROLLING and abs(frame.steering_angle_rad - steer) > STEER_OFF:
            self._turned_at = view.now
            return Controls(steer, brake=0.5, gear=self._gear)
        if view.now - self._turned_at < HANDS_STILL:
            return Controls(steer, brake=0.5, gear=self._gear)
        left = (decision.stop_in_m or 0.0) - speed * LATENCY
        pace = min(MANOEUVRE, math.sqrt(2.0 * SOFT_BRAKING * max(0.0, left)))
        if decision.ttc_s is not None:
            pace = min(pace, max(SLOWEST, speed * decision.ttc_s / CALM))
        throttle, brake = hold_speed(speed, pace)
        return Controls(steer, throttle=throttle, brake=brake, gear=self._gear)
