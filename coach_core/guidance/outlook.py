"""Whether what is left of a plan still does, from where the car has really stopped, and what would mend it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from coach_core.geometry.polygons import ObstacleSet, path_clearances
from coach_core.geometry.poses import Pose
from coach_core.guidance.aims import Aim
from coach_core.guidance.tracker import PlanTracker, refitted
from coach_core.vehicle import VehicleParams

NUDGE = 0.12
"""Hardly anybody can drive less than this way [m]."""

LATE = 0.1
"""Between two cars every stroke must be clear when it is driven this much too far [m]."""


class Outlook(NamedTuple):
    """A plan under way, and a car that has stopped at `pose` (world) somewhere along its current stroke."""

    aim: Aim
    tracker: PlanTracker
    pose: Pose
    vehicle: VehicleParams
    obstacles: Callable[[], ObstacleSet]
    """What to keep clear of; asked for only where the way would end well."""

    def fits(self, tracker: PlanTracker, index: int = 0, remaining: float | None = None) -> bool:
        """Whether a plan from stroke `index` on, of which `remaining` [m] are left, ends well and clear of things."""
        way = tracker.rollout(self.pose, index, remaining)
        if not self.aim.will_do(way[-1], last=index + 1 == len(tracker.segments)):
            return False
        obstacles = self.obstacles()
        room, *gaps = path_clearances(self.vehicle, way, obstacles)
        if min(gaps, default=room) <= min(self.aim.least_clearance, 0.8 * room):
            return False
        return not self.aim.is_tight(self.pose) or bool(
            path_clearances(self.vehicle, tracker.late(LATE), obstacles).min() > 0.0
        )

    def rest(self) -> PlanTracker | None:
        """The strokes after the current one, from here, if they would end well enough: refitted, else as they are."""
        rest = self.tracker.segments[self.tracker.index + 1 :]
        if not rest:
            return None
        other = refitted(self.pose, rest, self.aim.goals()[0], self.vehicle.wheelbase) if self.aim.secures else None
        for segments in (other, rest):
            if segments is not None:
                tracker = PlanTracker(self.pose, segments, self.vehicle.wheelbase)
                if self.fits(tracker):
                    return tracker
        return None

    def drives_on(self) -> bool:
        """Stopped early: whether to creep up to the mark is the better way; between two cars it is not."""
        left = self.tracker.progress(self.pose).remaining
        return not self.aim.is_tight(self.pose) and self.fits(self.tracker, self.tracker.index, left)

    def back_to_the_mark(self) -> PlanTracker | None:
        """Driven too far where the next stroke goes back anyway: first back by as much, where that mends it."""
        here, following = self.tracker.segment, self.tracker.segments[self.tracker.index + 1 :]
        too_far = -self.tracker.progress(self.pose).remaining
        if not following or following[0].gear == here.gear or too_far < NUDGE or self.aim.is_tight(self.pose):
            return None
        back = here._replace(gear=-here.gear, length=too_far)
        tracker = PlanTracker(self.pose, [back, *following], self.vehicle.wheelbase)
        return tracker if self.fits(tracker) else None
