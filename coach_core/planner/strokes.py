"""Manoeuvres a novice can drive into a slot: a few long strokes, each with the wheel held where it is.

The general planner reaches a goal exactly, if need be with strokes of a few centimetres; nobody learning to park can
drive those. Here the shape of the manoeuvre is fixed: up to two strokes either way, then one of the endings that
`stroke_endings` solves in closed form. Each stroke must also be clear when the learner stops late.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from coach_core.geometry.polygons import ObstacleSet, clearance_at, pack_obstacles
from coach_core.geometry.poses import YAW, Pose, X, Y, apply, as_pose, compose, inverse
from coach_core.planner.paths import count_cusps, sample
from coach_core.planner.result import PlanResult, PlanSegment, PlanStatus, no_plan
from coach_core.planner.stroke_search import MAX_STROKES, search
from coach_core.planner.stroke_tree import to_and_fro
from coach_core.vehicle import VehicleParams


class StrokeOptions(NamedTuple):
    """What a good manoeuvre is; lengths and clearances [m], angles [rad], the rest in metres of driving."""

    final: int = -1
    """Gear of the last straight: -1 reverse, +1 forwards, 0 either."""
    arcs: int = 0
    """Gear of the first arc of the ending, likewise."""
    along: float = 0.0
    """The last straight is left out when the car is this close to its place."""
    straight: float = 0.012
    """Yaw [rad] below which the car stands straight in the slot's line."""
    lateral: float = 0.07
    """How far beside the goal's line the last stroke may run."""
    aside: float = 0.0
    """Lines up to this far from the goal's, on the side away from the kerb, do as well at the price of the distance."""
    shortest: float = 0.45
    """No stroke is shorter than this ..."""
    comfortable: float = 1.0
    """... and better none shorter than this."""
    per_lateral: float = 20.0
    """For each metre beside the goal's line."""
    soft: float = 0.10
    """Each stroke stays clear of what is only beside the goal, such as the kerb, when driven this much too far ..."""
    overshoot: float = 0.35
    """... of all else when it is driven this much too far ..."""
    wanted_overshoot: float = 0.9
    """... and better this much."""
    per_overshoot: float = 8.0
    """For each metre of it that is missing."""
    wanted_soft: float = 0.0
    per_soft: float = 0.0
    """The same for what is only beside the goal."""
    least_clearance: float = 0.15
    wanted_clearance: float = 0.45
    reach: float = 6.5
    """Longest arc, and longest stroke before the ending."""
    per_stroke: float = 2.5
    per_cusp: float = 2.0
    per_steer: float = 2.0
    """For each radian the wheel is turned between strokes."""
    partial: float = 0.8
    """For a wheel that is neither straight nor at full lock."""
    per_clearance: float = 12.0
    """For each stroke and metre below the wanted clearance."""
    per_swing: float = 0.0
    """For going over to full lock the other way without a straight between, whose length could make up for a late
    stop."""
    kerb: bool = False
    """Whether something beside the goal, such as a kerb, may be nearer than what a car could run into."""
    places: int = 0
    """Where few strokes do not do: as many as it takes, found by looking at this many places from the goal."""
    cell: float = 0.10
    """Of these, places nearer to each other than this, and half of it across the goal's line, are one; ..."""
    turn: float = 0.05
    """... if their yaws differ by less than this [rad]."""
    thorough: bool = True
    """Whether two strokes of any kind are tried before an ending, where the usual ones do not do."""
    straight_end: float = 1.2
    """The last straight should be at least this long ..."""
    per_short_end: float = 2.0
    """... and costs this for each metre it is shorter."""


REVERSE_IN = StrokeOptions()
NOSE_IN = StrokeOptions(final=1)
CLOSE_NOSE_IN = NOSE_IN._replace(least_clearance=0.08, overshoot=0.15, comfortable=0.6, shortest=0.35)
"""Forwards a car needs more room before the slot than most aisles leave it."""
NOSE_TO_AND_FRO = CLOSE_NOSE_IN._replace(
    overshoot=0.3, wanted_overshoot=0.7, per_overshoot=15.0, places=3000, thorough=False
)
"""One stroke more, rather than one that ends a hand's breadth before the wall across the aisle. It takes less time than
looking at strokes of any kind before the usual endings, and finds more."""
ALONG_KERB = StrokeOptions(
    final=0,
    arcs=-1,
    along=0.12,
    lateral=0.04,
    shortest=0.35,
    comfortable=0.8,
    overshoot=0.25,
    least_clearance=0.12,
    per_swing=6.0,
    straight_end=0.0,
)
"""Between two cars there is no room for long last straights, nor for much lateness. The rear goes in first."""
TO_AND_FRO = ALONG_KERB._replace(
    soft=0.15, overshoot=0.3, wanted_overshoot=0.7, per_overshoot=15.0, wanted_soft=0.35, per_soft=10.0,
    least_clearance=0.05, lateral=0.05, comfortable=0.6, aside=0.06, per_swing=0.0, kerb=True, places=6000,
    thorough=False,
)  # fmt: skip
"""With room to stop late behind every stroke, however many it takes."""
SHORT_TO_AND_FRO = TO_AND_FRO._replace(shortest=0.3, aside=0.15, places=20_000, cell=0.05, turn=0.02)
"""For gaps of 1.3 car lengths: a little farther from the kerb, and looked for more closely."""
TIGHT_ALONG_KERB = ALONG_KERB._replace(overshoot=0.1, least_clearance=0.07, shortest=0.25, comfortable=0.6)
ALIGN = ALONG_KERB._replace(arcs=0, overshoot=0.35, comfortable=0.6, straight=0.02, lateral=0.06, thorough=True)
"""To and fro in a slot along a kerb."""
TIGHT_ALIGN = ALIGN._replace(overshoot=0.1, least_clearance=0.07, shortest=0.25, thorough=False)


def plan_strokes(
    vehicle: VehicleParams,
    start: Pose,
    goal: Pose,
    obstacles: ObstacleSet,
    turn_steers: tuple[float, ...],
    steer: float = 0.0,
    options: StrokeOptions = REVERSE_IN,
) -> PlanResult:
    """The easiest manoeuvre of these shapes from `start` to `goal` (world poses, rear axle).

    turn_steers: the partial wheel angles a novice can be told, [rad] positive, ascending; full lock and straight are
    always used. steer: where the wheel is now [rad]. NO_PATH says only that none of these shapes does it.
    """
    steers = [0.0, vehicle.max_steer, -vehicle.max_steer]
    for partial in turn_steers:
        if partial < vehicle.max_steer - 0.05:
            steers += [partial, -partial]
    wheel = np.array(steers)
    curvatures = np.tan(wheel) / vehicle.wheelbase
    world = as_pose(start)
    local = compose(inverse(goal), world)
    out = np.zeros((MAX_STROKES, 2))
    there = as_pose(goal)
    room = float(clearance_at(vehicle, world[X], world[Y], world[YAW], obstacles, math.inf))
    if room == 0.0:
        return no_plan(PlanStatus.START_IN_COLLISION)
    room = min(room, float(clearance_at(vehicle, there[X], there[Y], there[YAW], obstacles, math.inf)))
    if room == 0.0:
        return no_plan(PlanStatus.GOAL_IN_COLLISION)
    options = options._replace(
        least_clearance=min(options.least_clearance, 0.8 * room), soft=min(options.soft, options.overshoot)
    )
    ahead, away = _apart(vehicle, there, obstacles) if options.kerb else (obstacles, 0.0)
    options = options._replace(aside=away * options.aside)
    count = search(vehicle, world, local, float(steer), curvatures, wheel, obstacles, ahead, options, out)
    if count == 0 and options.places > 0:
        joining = options._replace(arcs=0, final=0, along=0.0, aside=0.0, lateral=0.01, straight=0.005)
        count = to_and_fro(
            vehicle, world, there, float(steer), curvatures, wheel, obstacles, ahead, options, joining, out
        )  # fmt: skip
    if count == 0:
        return no_plan(PlanStatus.NO_PATH)
    segments = [
        PlanSegment(1 if signed > 0.0 else -1, float(wheel[int(index)]), abs(float(signed)))
        for index, signed in out[:count]
    ]
    poses, gears = sample(world, segments, vehicle.wheelbase, 0.05)
    clearance = min(float(clearance_at(vehicle, pose[X], pose[Y], pose[YAW], obstacles, math.inf)) for pose in poses)
    length = sum(segment.length for segment in segments)
    return PlanResult(PlanStatus.FOUND, tuple(segments), poses, gears, count_cusps(segments), length, clearance, 0, 0)


def _apart(vehicle: VehicleParams, goal: Pose, obstacles: ObstacleSet) -> tuple[ObstacleSet, float]:
    """The obstacles a car could run into lengthwise, which are all but those wholly to one side of the parked one; and
    on which side of it the nearest of the others is not: 1 left, -1 right, 0 where there is none."""
    kept, nearest, away = [], math.inf, 0.0
    for first, last in pairwise(obstacles.offsets):
        side = apply(inverse(goal), obstacles.vertices[first:last])[:, 1]
        gap = max(side.min(), -side.max()) - 0.5 * vehicle.width
        if gap < 0.0:
            kept.append(obstacles.vertices[first:last])
        elif gap < nearest:
            nearest, away = gap, -math.copysign(1.0, side[0])
    return pack_obstacles(kept), away
