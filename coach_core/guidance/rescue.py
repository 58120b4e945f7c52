"""What to do where no plan is found: one stroke that makes room."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from coach_core.geometry.polygons import ObstacleSet, path_clearances
from coach_core.geometry.poses import Pose
from coach_core.guidance.limits import MissionLimits
from coach_core.guidance.tracker import PlanTracker
from coach_core.planner import PlanSegment
from coach_core.vehicle import VehicleParams

SHORTEST, STEP = 0.4, 0.3
"""Ways are tried down to this length [m], in steps of that."""
END_ROOM = (0.4, 0.1)
"""So far [m] beyond its end a way is clear, if there is such a way, for who misses the word to stop."""
BACK = 0.5
"""Way [m] back to where the car came from, if it cannot get out."""


def rescue(
    pose: Pose,
    out: int,
    steers: tuple[float, ...],
    obstacles: ObstacleSet,
    vehicle: VehicleParams,
    limits: MissionLimits,
) -> PlanSegment | None:
    """The longest clear way in gear `out` with one of the wheel angles [rad], else a little back; None if boxed in."""
    for room in END_ROOM:
        for segment in _ways(out, steers, limits.rescue):
            further = segment._replace(length=segment.length + room)
            poses = PlanTracker(pose, [further], vehicle.wheelbase).rollout(pose)
            here, *way = path_clearances(vehicle, poses, obstacles)
            if min(way) > min(limits.clearance, 0.8 * here):  # who stands close to something may leave it
                return segment
    return None


def _ways(out: int, steers: tuple[float, ...], longest: float) -> Iterator[PlanSegment]:
    for length in np.arange(longest, SHORTEST, -STEP):
        for steer in steers:
            yield PlanSegment(out, steer, float(length))
    yield PlanSegment(-out, 0.0, BACK)
