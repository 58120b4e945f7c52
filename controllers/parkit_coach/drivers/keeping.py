"""Driving along a row of bays at a distance judged by eye: what everybody who has sat in a car can do."""

from __future__ import annotations

import math
from collections.abc import Sequence

from coach_core.contracts import Pose2, SlotMap

ASKED = 1.0
"""What "about one metre from the bays" asks for [m], flank to lines."""
SETTLE = 3.0
"""Over about this way [m] the distance is brought to what it should be ..."""
MOST_YAW = 0.2
"""... at no more than this angle [rad] to the row, ..."""
GAIN, MOST_STEER = 2.5, 0.4
"""... steering so many rad for each rad that is missing, and no more than so much [rad]."""
NEAR, ALONG = 0.15, 0.03
"""So near [m] and so parallel [rad] is done."""


def steer_to_keep(slots: Sequence[SlotMap], pose: Pose2, half_width: float, gap: float) -> float | None:
    """Front-wheel angle [rad, left positive] that brings the flank to `gap` [m] from the bays; None when it is there.

    pose: of the rear axle, driving forwards. Also None where there is no row to be seen.
    """
    row = sorted(slots, key=lambda slot: math.hypot(slot.entrance_x_m - pose.x_m, slot.entrance_y_m - pose.y_m))[:2]
    if len(row) < 2:
        return None
    dx, dy = row[1].entrance_x_m - row[0].entrance_x_m, row[1].entrance_y_m - row[0].entrance_y_m
    along = math.atan2(dy, dx)
    if abs(math.remainder(pose.yaw_rad - along, math.tau)) > 0.5 * math.pi:
        along += math.pi
    cos, sin = math.cos(along), math.sin(along)

    def left_of_row(x: float, y: float) -> float:
        return cos * (y - row[0].entrance_y_m) - sin * (x - row[0].entrance_x_m)

    side = math.copysign(1.0, left_of_row(pose.x_m, pose.y_m))
    mouth = max(side * left_of_row(x, y) for x, y in _entrance(row[0]))
    too_far = side * left_of_row(pose.x_m, pose.y_m) - mouth - half_width - gap
    yaw = math.remainder(pose.yaw_rad - along, math.tau)
    if abs(too_far) < NEAR and abs(yaw) < ALONG:
        return None
    wanted = -side * min(max(too_far / SETTLE, -MOST_YAW), MOST_YAW)
    return min(max(GAIN * (wanted - yaw), -MOST_STEER), MOST_STEER)


def _entrance(slot: SlotMap) -> list[tuple[float, float]]:
    """The two ends of a bay's entrance."""
    across_x, across_y = -math.sin(slot.inward_yaw_rad), math.cos(slot.inward_yaw_rad)
    half = 0.5 * slot.width_m
    return [(slot.entrance_x_m + w * across_x, slot.entrance_y_m + w * across_y) for w in (-half, half)]
