"""A way into a slot on which the wheels keep off the lines painted round it, or cut them as little as may be.

A course has lines that no wheel may touch, a hand's breadth from where the car must turn; bumpers may pass over them,
and over the kerbs behind. So such a plan is made for the car without its overhangs. Where no few long strokes do it, a
wheel may cut a line, by a little more each time: a learner who is shown no way at all has learnt nothing.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from coach_core.geometry.polygons import ObstacleSet, path_clearances
from coach_core.geometry.poses import Pose
from coach_core.planner import PlanResult, PlanStatus
from coach_core.planner.strokes import REVERSE_IN, StrokeOptions, plan_strokes
from coach_core.vehicle import VehicleParams

TYRE_REACH = 0.10
"""So far [m] ahead of and behind its axle a tyre meets the ground."""
CUTS = (0.0, 0.05, 0.10, 0.15, 0.20, 0.30)
"""A car narrower than ours by this [m] on either side keeps off the lines."""
LEAST_CLEARANCE = 0.05
"""Of the whole car to what stands there, and of its wheels to kerbs [m]."""
BETWEEN_LINES = REVERSE_IN._replace(
    least_clearance=0.03, wanted_clearance=0.15, overshoot=0.10, wanted_overshoot=0.3, soft=0.0, shortest=0.35,
    comfortable=0.6,
)  # fmt: skip


class Ground(NamedTuple):
    """What is about a slot, by what of the car may pass over it."""

    lines: ObstacleSet
    """No wheel should touch these ..."""
    kerbs: ObstacleSet
    """... and none must touch these."""
    standing: ObstacleSet
    """Walls, cars and whatever was heard: nothing of the car may."""


def plan_between_lines(
    vehicle: VehicleParams,
    start: Pose,
    goal: Pose,
    ground: Ground,
    turn_steers: tuple[float, ...],
    steer: float,
    options: StrokeOptions = BETWEEN_LINES,
) -> PlanResult | None:
    """From `start` to `goal` (world poses) with the wheels on the lines as little as may be; None where nothing is
    found. turn_steers, steer: as for `plan_strokes`."""
    wheels = vehicle._replace(front_overhang=TYRE_REACH, rear_overhang=TYRE_REACH)
    for cut in CUTS:
        narrow = wheels._replace(width=vehicle.width - 2.0 * cut)
        found = plan_strokes(narrow, start, goal, ground.lines, turn_steers, steer, options)
        if found.status is not PlanStatus.FOUND:
            continue
        clearance = min(_least(vehicle, found, ground.standing), _least(wheels, found, ground.kerbs))
        if clearance >= LEAST_CLEARANCE:
            return found._replace(min_clearance=clearance)
    return None


def _least(vehicle: VehicleParams, way: PlanResult, obstacles: ObstacleSet) -> float:
    return float(path_clearances(vehicle, way.poses, obstacles).min()) if len(obstacles.boxes) else math.inf
