"""From segments to poses, and tidying lists of segments."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coach_core.geometry.poses import YAW, Pose, Poses, X, Y, wrap_angle
from coach_core.planner.result import PlanSegment


def merged(segments: Sequence[PlanSegment]) -> list[PlanSegment]:
    """The same path with neighbours of equal gear and steering joined."""
    joined: list[PlanSegment] = []
    for segment in segments:
        last = joined[-1] if joined else None
        if last is not None and (last.gear, last.steer) == (segment.gear, segment.steer):
            joined[-1] = last._replace(length=last.length + segment.length)
        else:
            joined.append(segment)
    return joined


def count_cusps(segments: Sequence[PlanSegment]) -> int:
    """How often the gear changes."""
    return sum(before.gear != after.gear for before, after in itertools.pairwise(segments))


def arc_poses(start: Pose, curvature: float, distances: NDArray[np.float64]) -> Poses:
    """Poses (N, 3) at signed `distances` (N,) m along an arc of `curvature` 1/m; yaw is wrapped."""
    turns = curvature * distances
    chords = distances * np.sinc(turns / (2.0 * math.pi))
    headings = start[YAW] + 0.5 * turns
    out = np.empty((len(distances), 3))
    out[:, X] = start[X] + chords * np.cos(headings)
    out[:, Y] = start[Y] + chords * np.sin(headings)
    out[:, YAW] = (start[YAW] + turns + math.pi) % (2.0 * math.pi) - math.pi
    return out


def sample(
    start: Pose, segments: Sequence[PlanSegment], wheelbase: float, step: float
) -> tuple[Poses, NDArray[np.int8]]:
    """Poses at most `step` m apart from `start` along the segments, all segment ends included, and their gears."""
    first = start.copy()
    first[YAW] = wrap_angle(first[YAW])
    poses, gears = [first[None, :]], [np.array([segments[0].gear if segments else 1], np.int8)]
    for segment in segments:
        count = max(math.ceil(segment.length / step - 1e-9), 1)
        distances = segment.gear * segment.length * np.arange(1, count + 1) / count
        poses.append(arc_poses(poses[-1][-1], math.tan(segment.steer) / wheelbase, distances))
        gears.append(np.full(count, segment.gear, np.int8))
    return np.concatenate(poses), np.concatenate(gears)
