"""How often the warnings have stopped the car without its getting anywhere."""

from __future__ import annotations

import math

from coach_core.geometry.poses import Pose, X, Y

ONE_PLACE = 0.15
"""A stop this near [m] to the one before is one at the same place: the plan does not know of what the warnings hear."""


class Stops:
    """Counts stops in a row."""

    def __init__(self) -> None:
        self.disrupted = False
        """A warning asked for the stop that comes next."""
        self._count = 0
        self._last: Pose | None = None

    def in_one_place(self, pose: Pose) -> int:
        """How many stops in a row there have been here, now that the car stands at `pose` (world)."""
        if self.disrupted:
            last = self._last
            near = last is not None and math.hypot(pose[X] - last[X], pose[Y] - last[Y]) < ONE_PLACE
            self._count = self._count + 1 if near else 1
            self._last, self.disrupted = pose.copy(), False
        return self._count
