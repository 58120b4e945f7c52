"""The way out of a slot: where the row of slots lies, where a car is out of it, and a plan that gets it there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from coach_core.geometry.polygons import ObstacleSet, footprint
from coach_core.geometry.poses import YAW, Pose, X, Y, wrap_angle
from coach_core.perception.slots import Slot
from coach_core.planner import PlanOptions, PlanResult, PlanSegment, PlanStatus, plan
from coach_core.planner.paths import count_cusps, sample
from coach_core.planner.strokes import REVERSE_IN, plan_strokes
from coach_core.vehicle import VehicleParams

NEXT = 16.0
"""Slots of one row are not further apart than this [m]."""
SAME_WAY = 0.1
"""Slots whose inward directions differ by less than this [rad] are of one row."""
OUT_BY = 0.05
"""The whole car is this far [m] beyond the mouths ..."""
ALONG = math.radians(15.0)
"""... and heads along the row, within this ..."""
ON_ITS_WAY = math.radians(6.0)
"""... or this, where it is to drive straight on along the row: 15 degrees end at the parked cars after a few metres."""
BESIDE = (0.5, 1.0, 1.7, 2.4, 3.0)
"""From the mouths to the flank of a car that is to be along the row [m]."""
AHEAD = (6.5, 5.0)
"""Goals lie this far [m] along the row: further than most turns out take, so that their ends are free."""
LEAVE = REVERSE_IN._replace(final=0, arcs=0, lateral=0.3, straight=0.05, straight_end=0.0, least_clearance=0.25)
LEAVE_CLOSE = LEAVE._replace(overshoot=0.25, shortest=0.3, comfortable=0.6, least_clearance=0.12)
LEAVE_KERB = LEAVE_CLOSE._replace(least_clearance=0.03)
"""Beside a kerb the tail swings out a little over it: clearances count it as a wall, the lateness they are for is along
the gap."""
LEAVE_TIGHT = LEAVE_KERB._replace(overshoot=0.12)
SHAPES = (LEAVE, LEAVE_CLOSE, LEAVE_KERB, LEAVE_TIGHT)
"""Tried in this order."""


class Row(NamedTuple):
    """A line of slots, told by the line of their mouths; world frame."""

    at: tuple[float, float]
    """A point of it [m]."""
    yaw: float
    """Heading [rad] of traffic along it, with the slots to the right."""
    within: float = ALONG
    """A car that is out heads along the row within this [rad]."""

    def room_out(self, pose: Pose, vehicle: VehicleParams) -> float:
        """How far [m] the nearest corner of a car at `pose` is beyond the mouths; negative inside."""
        corners = footprint(vehicle, pose) - np.array(self.at)
        return float((corners @ np.array([-math.sin(self.yaw), math.cos(self.yaw)])).min())

    def is_out(self, pose: Pose, vehicle: VehicleParams) -> bool:
        """Whether a car at `pose` has left its slot: all of it outside, and heading along the row."""
        turned = math.remainder(float(pose[YAW]) - self.yaw, math.pi)
        return abs(turned) < self.within and self.room_out(pose, vehicle) >= OUT_BY

    def goals(self, slot: Slot, vehicle: VehicleParams) -> tuple[Pose, ...]:
        """Where a car that leaves `slot` may be on its way, the direction it is already turned to first."""
        parked = wrap_angle(float(slot.world_from_slot[YAW]) + slot.parked_yaw)
        ways = [self.yaw, wrap_angle(self.yaw + math.pi)]
        if slot.kind == "parallel":
            ways = [min(ways, key=lambda yaw: abs(math.remainder(yaw - parked, math.tau)))]
        elif abs(abs(math.remainder(self.yaw - parked, math.tau)) - 0.5 * math.pi) > SAME_WAY:
            ways.sort(key=lambda yaw: abs(math.remainder(yaw - parked, math.tau)))
        middle = float(
            (slot.world_from_slot[X] - self.at[0]) * math.cos(self.yaw)
            + (slot.world_from_slot[Y] - self.at[1]) * math.sin(self.yaw)
        )
        found = []
        for yaw in ways:
            for ahead, beside in product(AHEAD, BESIDE):
                along = middle + math.copysign(ahead, math.cos(yaw - self.yaw))
                out = beside + 0.5 * vehicle.width
                x = self.at[0] + along * math.cos(self.yaw) - out * math.sin(self.yaw)
                y = self.at[1] + along * math.sin(self.yaw) + out * math.cos(self.yaw)
                found.append(np.array([x, y, yaw]))
        return tuple(found)


def row_of(slot: Slot, slots: Sequence[Slot]) -> Row:
    """The row that a slot belongs to: through the entrance next to its own, else square to the slot."""
    x, y, inward = (float(value) for value in slot.world_from_slot)
    yaw = inward + 0.5 * math.pi
    nearest = NEXT
    for other in slots:
        dx, dy = float(other.world_from_slot[X]) - x, float(other.world_from_slot[Y]) - y
        far = math.hypot(dx, dy)
        same = abs(wrap_angle(float(other.world_from_slot[YAW]) - inward)) < SAME_WAY
        if same and other.kind == slot.kind and 0.5 < far < nearest:
            nearest, along = far, math.atan2(dy, dx)
            yaw = along if math.sin(along - inward) > 0.0 else along + math.pi
    yaw = wrap_angle(yaw)
    normal = np.array([-math.sin(yaw), math.cos(yaw)])
    edge = max(slot.corners(), key=lambda corner: float(corner @ normal))
    off = float((edge - np.array([x, y])) @ normal)
    return Row((x + off * float(normal[0]), y + off * float(normal[1])), yaw)


def plan_out(
    vehicle: VehicleParams,
    start: Pose,
    row: Row,
    goals: Sequence[Pose],
    obstacles: ObstacleSet,
    turn_steers: tuple[float, ...],
    steer: float,
    options: PlanOptions,
) -> PlanResult:
    """The easiest way from `start` to out of the row: in the first direction that has one, to any of its goals.

    Strokes a novice can drive where they do, else whatever gets there. Ends as soon as the car is out.
    """
    best: PlanResult | None = None
    for yaw in dict.fromkeys(float(goal[YAW]) for goal in goals):
        for shape in SHAPES:
            for goal in goals:
                if float(goal[YAW]) != yaw:
                    continue
                found = plan_strokes(vehicle, start, goal, obstacles, turn_steers, steer, shape)
                if found.status is PlanStatus.START_IN_COLLISION:
                    return found
                if found.status is PlanStatus.FOUND:
                    found = _trimmed(found, row, vehicle)
                    if best is None or _effort(found) < _effort(best):
                        best = found
            if best is not None:
                return best
    first, *others = goals
    found = plan(vehicle, start, first, obstacles, options, goals=others)
    return _trimmed(found, row, vehicle) if found.status is PlanStatus.FOUND else found


def _effort(result: PlanResult) -> tuple[float, float]:
    """Strokes first, then metres, some of which the room is worth."""
    return float(len(result.segments) + result.cusps), result.length - 8.0 * min(result.min_clearance, 0.4)


def _trimmed(result: PlanResult, row: Row, vehicle: VehicleParams) -> PlanResult:
    """The plan without the strokes that come after the car is out."""
    segments: list[PlanSegment] = []
    poses, gears = result.poses, result.gears
    for segment in result.segments:
        segments.append(segment)
        poses, gears = sample(result.poses[0], segments, vehicle.wheelbase, 0.05)
        if row.is_out(poses[-1], vehicle):
            break
    length = sum(segment.length for segment in segments)
    return result._replace(
        segments=tuple(segments), poses=poses, gears=gears, cusps=count_cusps(segments), length=length
    )
