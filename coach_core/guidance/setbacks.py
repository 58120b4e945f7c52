"""When a slot is given up: plans into it are refused, or warnings stop the car before it again and again."""

from __future__ import annotations

import math

from coach_core.geometry.poses import Pose, X, Y
from coach_core.guidance.limits import MissionLimits
from coach_core.planner import PlanStatus

ONE_PLACE = 0.15
"""A stop this near [m] to the one before is one at the same place: the plan does not know of what the warnings hear."""

APART = 1.0
"""Plans refused within this time [s] are refused for one reason: what only passes by is given the time to be gone."""


class Setbacks:
    """Counts what goes wrong on the way into one slot, or out of it."""

    def __init__(self, limits: MissionLimits) -> None:
        self._limits = limits
        self.disrupted = False
        """A warning asked for the stop that comes next."""
        self._refused = 0
        self._blocked = 0
        self._refused_at = -math.inf
        self._stops = 0
        self._last: Pose | None = None

    @property
    def last_plan_refused(self) -> bool:
        """Whether no plan has been found since the last one that was refused."""
        return self._refused > 0

    def found(self) -> None:
        """There is a plan."""
        self._refused, self._refused_at = 0, -math.inf

    def refused(self, status: PlanStatus, now: float) -> bool:
        """There is none at `now` [s], for that reason; says whether it was one time too many."""
        if now - self._refused_at < APART:
            return False
        self._refused_at = now
        self._refused += 1
        # what stands where the car is to stand does not go away; a plan found in between has only not seen it
        self._blocked += status is PlanStatus.GOAL_IN_COLLISION
        return max(self._refused, self._blocked) > self._limits.failures

    def stands(self, pose: Pose) -> bool:
        """The car has come to stand at `pose` (world); says whether warnings have stopped it here once too often."""
        if self.disrupted:
            last = self._last
            near = last is not None and math.hypot(pose[X] - last[X], pose[Y] - last[Y]) < ONE_PLACE
            self._stops = self._stops + 1 if near else 1
            self._last, self.disrupted = pose.copy(), False
        return self._stops > self._limits.stops
