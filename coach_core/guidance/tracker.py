"""Where along its plan the car is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from coach_core.geometry.poses import YAW, Pose, Poses, X, Y, advance, advance_into, compose, inverse, wrap_angle
from coach_core.planner import PlanSegment

SAMPLE = 0.10
"""Spacing [m] of poses along a rolled-out path."""


class Progress(NamedTuple):
    """Position of the car relative to one segment."""

    remaining: float
    """Way [m] still to drive along the segment; negative when driven too far."""
    lateral: float
    """Offset [m] from the segment's arc, left of its direction of travel positive."""
    heading: float
    """Yaw error [rad] against the arc at that point."""


class PlanTracker:
    """The segments of one plan, driven one after another; `index` is the one under way."""

    def __init__(self, start: Pose, segments: Sequence[PlanSegment], wheelbase: float) -> None:
        self.segments = tuple(segments)
        self.index = 0
        self._wheelbase = wheelbase
        self._starts = [np.array(start, dtype=np.float64)]
        for segment in self.segments:
            end = np.empty(3)
            advance_into(self._starts[-1], self.curvature(segment), segment.gear * segment.length, end)
            self._starts.append(end)

    @property
    def segment(self) -> PlanSegment:
        return self.segments[self.index]

    @property
    def is_last(self) -> bool:
        return self.index == len(self.segments) - 1

    @property
    def start(self) -> Pose:
        return self._starts[0]

    @property
    def end(self) -> Pose:
        """Where the current segment ends."""
        return self._starts[self.index + 1]

    @property
    def last(self) -> Pose:
        """Where the last segment ends."""
        return self._starts[-1]

    def late(self, way: float) -> list[Pose]:
        """Where each stroke from the current one on ends if it is driven `way` m too far."""
        return [
            advance(end, math.tan(segment.steer) / self._wheelbase, segment.gear * way)
            for segment, end in zip(self.segments[self.index :], self._starts[self.index + 1 :], strict=True)
        ]

    @property
    def cusps(self) -> int:
        """Changes of direction still in these segments."""
        return sum(a.gear != b.gear for a, b in zip(self.segments, self.segments[1:], strict=False))

    def curvature(self, segment: PlanSegment) -> float:
        """Curvature [1/m] of a segment, left positive."""
        return math.tan(segment.steer) / self._wheelbase

    def progress(self, pose: Pose) -> Progress:
        """How far along the current segment `pose` (world) is: its foot point on the segment's circle or line."""
        segment = self.segment
        local = compose(inverse(self._starts[self.index]), pose)
        curvature = self.curvature(segment)
        if abs(curvature) < 1e-6:
            along, lateral, turned = local[X], local[Y], 0.0
        else:
            turned = math.atan2(curvature * local[X], 1.0 - curvature * local[Y])
            # A foot point behind the start by more than a quarter circle is really one far ahead.
            if segment.gear * turned / curvature < -0.5 * math.pi / abs(curvature):
                turned += math.copysign(2.0 * math.pi, segment.gear * curvature)
            along = turned / curvature
            radius = 1.0 / curvature
            lateral = radius - math.copysign(math.hypot(local[X], local[Y] - radius), radius)
        heading = wrap_angle(local[YAW] - turned)
        return Progress(segment.length - segment.gear * along, segment.gear * lateral, heading)

    def rollout(self, pose: Pose, index: int | None = None, remaining: float | None = None) -> Poses:
        """Poses (N, 3) from `pose` along the rest of the plan, driven exactly from where the car really is.

        index: the segment to begin with (default: the current one); remaining: the way [m] left of it.
        """
        index = self.index if index is None else index
        poses = [np.array(pose)]
        for i in range(index, len(self.segments)):
            segment = self.segments[i]
            length = remaining if i == index and remaining is not None else segment.length
            if length <= 0.0:
                continue
            steps = max(1, math.ceil(length / SAMPLE))
            for _ in range(steps):
                following = np.empty(3)
                advance_into(poses[-1], self.curvature(segment), segment.gear * length / steps, following)
                poses.append(following)
        return np.array(poses)


STRETCH, SHORTEST = 0.8, 0.2
"""Refitting changes a stroke by no more than this [m], and leaves none shorter than that."""


def refitted(start: Pose, segments: Sequence[PlanSegment], goal: Pose, wheelbase: float) -> list[PlanSegment] | None:
    """The strokes with other lengths: from `start`, driven exactly, they end at the goal's yaw and as far ahead.

    The last arc takes up the yaw and a straight at the end the way; what is left is an error to the side. None where
    that would change a stroke too much.
    """
    found = list(segments)
    bends = [math.tan(segment.steer) / wheelbase * segment.gear for segment in found]
    arc = next((i for i in reversed(range(len(found))) if abs(bends[i]) > 1e-6), None)
    if arc is not None:
        turn = sum(bend * segment.length for bend, segment in zip(bends, found, strict=True))
        missing = wrap_angle(goal[YAW] - start[YAW] - turn)
        found[arc] = found[arc]._replace(length=found[arc].length + missing / bends[arc])
    if abs(bends[-1]) <= 1e-6:
        end = PlanTracker(start, found, wheelbase).last
        found[-1] = found[-1]._replace(length=found[-1].length - found[-1].gear * slot_error(goal, end)[1])
    kept = all(
        segment.length >= min(SHORTEST, before.length) and abs(segment.length - before.length) <= STRETCH
        for segment, before in zip(found, segments, strict=True)
    )
    return found if kept else None


def slot_error(parked: Pose, pose: Pose) -> tuple[float, float, float]:
    """(lateral m, ahead m, yaw rad) of `pose` in the frame of the pose it should have parked.

    lateral: positive to the car's left; ahead: positive where the car stands further forward; yaw: counter-clockwise.
    """
    error = compose(inverse(parked), pose)
    return float(error[Y]), float(error[X]), wrap_angle(error[YAW])


def way_to(place: Pose, pose: Pose) -> float:
    """How far [m] ahead of `pose` a place is, in the direction a car at that place heads."""
    return float((place[X] - pose[X]) * math.cos(place[YAW]) + (place[Y] - pose[Y]) * math.sin(place[YAW]))
