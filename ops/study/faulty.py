"""Drivers who do one thing wrong: an expert with a single habit, to see whether the score names it as the cause."""

from __future__ import annotations

import math
from typing import Literal, get_args

from coach_core.contracts import PlanSegment, PlanSummary
from controllers.parkit_coach.drivers.base import Controls, Sight, View, hold_speed
from controllers.parkit_coach.drivers.expert import ExpertDriver

Fault = Literal[
    "start_pose",
    "turned_late",
    "turned_early",
    "not_straightened",
    "wrong_way",
    "wrong_gear",
    "too_fast",
    "braked_late",
    "rolling_shift",
    "hesitated",
]
FAULTS: tuple[Fault, ...] = get_args(Fault)

CURVE = 0.15
"""A segment with more steering [rad] than this is a curve."""
HURRY = 2.2
"""Pace [m/s] of who is too fast."""
WAIT_S = 75.0
"""Who hesitates stands about this long before the first stroke after a stop."""
STANDSTILL = 0.02


class FaultyDriver:
    """An expert but for one habit. size scales it: 1 is plain to see, below a half hardly."""

    def __init__(self, fault: Fault, size: float = 1.0) -> None:
        self._expert = ExpertDriver()
        self._fault = fault
        self._size = size
        self._plan_id = -1
        self._driven = 0.0
        self._last = 0.0
        self._reversed = False
        self._wrong = 0.0
        self._stood_since: float | None = None
        self._waited = False
        self._turned = False
        self._mended = False
        self._at: int | None = None

    def start(self, sight: Sight) -> None:
        self._expert.start(sight)

    def act(self, view: View) -> Controls:
        controls = self._expert.act(view)
        plan = view.decision.plan
        dt, self._last = view.now - self._last, view.now
        if plan is None or plan.status not in ("follow", "halt", "planning"):
            return controls
        speed = view.frame.speed_mps
        if plan.plan_id != self._plan_id:
            self._plan_id, self._driven = plan.plan_id, 0.0
        self._driven += abs(speed) * dt
        self._reversed = self._reversed or speed < -0.05
        if view.decision.level == "critical" and self._fault not in ("braked_late", "too_fast"):
            return controls  # even so, nobody drives on into a car
        segment = plan.segments[min(plan.segment_index, len(plan.segments) - 1)]
        return self._spoil(controls, view, plan, segment, dt)

    def _once(self, plan: PlanSummary) -> bool:
        """A mistake is made in one stroke and not again: the plan in which it was made first."""
        if self._at is None:
            self._at = plan.plan_id
        return self._at == plan.plan_id

    def _spoil(self, controls: Controls, view: View, plan: PlanSummary, segment: PlanSegment, dt: float) -> Controls:
        speed, want = view.frame.speed_mps, segment.steering_angle_rad
        curve = abs(want) > CURVE
        following = plan.segments[plan.segment_index + 1] if plan.segment_index + 1 < len(plan.segments) else None
        left = segment.length_m - self._driven
        if self._fault == "start_pose" and not self._reversed and segment.gear > 0:
            return self._roll_on(controls, speed, 3.0)
        if self._fault == "braked_late" and self._reversed:
            return self._roll_on(controls, speed, 0.8)
        if self._fault == "turned_late" and self._reversed_gear(view) and curve and self._driven < 1.2 * self._size:
            return self._go(controls._replace(steer=0.0), speed) if self._once(plan) else controls
        if self._fault == "turned_early" and following is not None and abs(following.steering_angle_rad) > CURVE:
            if not curve and 0.0 < left < 1.2 * self._size and self._once(plan):
                return controls._replace(steer=following.steering_angle_rad)
        elif self._fault == "not_straightened":
            self._turned = self._turned or (curve and self._driven > 0.5)
            if self._turned and not curve and self._driven < 1.5 * self._size and self._once(plan):
                return self._go(controls._replace(steer=math.copysign(0.35, view.frame.steering_angle_rad)), speed)
        elif self._fault == "wrong_way" and curve and self._reversed_gear(view) and self._wrong < 0.8 * self._size:
            self._wrong += abs(speed) * dt
            return self._go(controls._replace(steer=-want), speed)
        elif self._fault == "wrong_gear" and segment.gear < 0 and not self._mended:
            self._wrong += max(0.0, speed) * dt
            if self._wrong < 0.8 * self._size:
                return self._go(controls._replace(gear="D"), speed)
            self._mended = speed < STANDSTILL  # stops before the gear is put right
            return controls._replace(gear="D", throttle=0.0, brake=0.7)
        elif self._fault == "too_fast" and controls.throttle + abs(speed) > 0.1 and left > 0.3:
            throttle, brake = hold_speed(speed, HURRY * (0.6 + 0.4 * self._size))
            return controls._replace(throttle=max(throttle, 0.8 if brake == 0.0 else 0.0), brake=brake)
        elif self._fault == "rolling_shift" and segment.gear > 0 and 0.0 < left < 0.4 and abs(speed) < 0.3:
            return controls._replace(gear="R", brake=0.05)
        elif self._fault == "hesitated":
            return self._hesitate(controls, view)
        return controls

    def _roll_on(self, controls: Controls, speed: float, way: float) -> Controls:
        """Past the stop by `way` m before the brake comes."""
        if abs(speed) > 0.15 and controls.brake > 0.0 and self._wrong < way * self._size:
            self._wrong += abs(speed) * 0.02
            throttle, brake = hold_speed(speed, 0.7)
            return controls._replace(throttle=throttle, brake=brake)
        if abs(speed) < STANDSTILL:
            self._wrong = 0.0
        return controls

    def _go(self, controls: Controls, speed: float) -> Controls:
        """Off without looking at the wheel."""
        throttle, brake = hold_speed(speed, 0.6)
        return controls._replace(throttle=throttle, brake=brake)

    @staticmethod
    def _reversed_gear(view: View) -> bool:
        return view.frame.gear == "R"

    def _hesitate(self, controls: Controls, view: View) -> Controls:
        standing = abs(view.frame.speed_mps) < STANDSTILL
        if not standing or self._waited:
            self._stood_since = None
            return controls
        since = self._stood_since = view.now if self._stood_since is None else self._stood_since
        if view.now - since > WAIT_S * self._size:
            self._waited = True
            return controls
        return Controls(view.frame.steering_angle_rad, brake=0.8, gear=view.frame.gear)
