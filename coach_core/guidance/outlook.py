"""Whether what is left of a plan still does, from where the car has really stopped, and what would mend it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from coach_core.geometry.polygons import ObstacleSet, path_clearances
from coach_core.geometry.poses import Pose, X, Y, advance
from coach_core.guidance.aims import Aim
from coach_core.guidance.tracker import PlanTracker, refitted
from coach_core.vehicle import VehicleParams

NUDGE = 0.12
"""Hardly anybody can drive less than this way [m]."""

LATE = 0.1
"""Between two cars every stroke must be clear when it is driven this much too far [m]."""

RESUME_AGAIN = 0.3
"""A plan that was taken up again is not taken up again within this way [m] ..."""
RESUME_WITHIN = 0.08
"""... nor when the car heads elsewhere by more than this [rad]."""
ROOM, ROOM_STEP = 1.0, 0.05
"""Room behind a stroke's end is looked for up to here [m], in steps of that."""


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

    def resumes(self, before: Pose | None, tolerance: float) -> bool:
        """Stopped on its way: whether the same plan, driven on from here, still does; but not twice at one place.

        before: where that was last done; tolerance: this much [m] before its end a stroke counts as driven.
        """
        here = self.pose
        if before is not None and math.hypot(here[X] - before[X], here[Y] - before[Y]) < RESUME_AGAIN:
            return False
        progress = self.tracker.progress(here)
        if progress.remaining <= tolerance or abs(progress.heading) > RESUME_WITHIN:
            return False
        return self.fits(self.tracker, self.tracker.index, progress.remaining)

    def stopped_early(self, within: float) -> bool:
        """Whether rather than creeping up to the mark, at most so far [m], the car might go on from where it stands; to
        its very place, only where driving on is the greater risk."""
        left = self.tracker.progress(self.pose).remaining
        if left >= min(within, 0.5 * self.tracker.segment.length):
            return False
        return not self.tracker.is_last or self.aim.is_tight(self.pose)

    def drives_on(self) -> bool:
        """Stopped early: whether to creep up to the mark is the better way; between two cars it is not."""
        left = self.tracker.progress(self.pose).remaining
        return not self.aim.is_tight(self.pose) and self.fits(self.tracker, self.tracker.index, left)

    def room(self) -> float:
        """How far [m] the current stroke may be driven on beyond its end, at most `ROOM`."""
        segment, bend = self.tracker.segment, self.tracker.curvature(self.tracker.segment)
        ways = np.arange(ROOM_STEP, ROOM + 0.5 * ROOM_STEP, ROOM_STEP)
        poses = [advance(self.tracker.end, bend, segment.gear * float(way)) for way in ways]
        met = np.flatnonzero(path_clearances(self.vehicle, poses, self.obstacles()) <= 0.0)
        return ROOM if len(met) == 0 else float(ways[met[0]]) - ROOM_STEP

    def back_to_the_mark(self) -> PlanTracker | None:
        """Driven too far where the next stroke goes back anyway: first back by as much, where that mends it."""
        here, following = self.tracker.segment, self.tracker.segments[self.tracker.index + 1 :]
        too_far = -self.tracker.progress(self.pose).remaining
        if not following or following[0].gear == here.gear or too_far < NUDGE or self.aim.is_tight(self.pose):
            return None
        back = here._replace(gear=-here.gear, length=too_far)
        tracker = PlanTracker(self.pose, [back, *following], self.vehicle.wheelbase)
        return tracker if self.fits(tracker) else None


class RoomBehind:
    """The room behind the end of the current stroke, looked for once a stroke."""

    def __init__(self) -> None:
        self._stroke: tuple[PlanTracker, int] | None = None
        self._room = ROOM

    def of(self, outlook: Outlook) -> float:
        """How far [m] the car may be driven on, at most `ROOM`."""
        stroke = (outlook.tracker, outlook.tracker.index)
        if stroke != self._stroke:
            self._stroke, self._room = stroke, outlook.room()
        return self._room
