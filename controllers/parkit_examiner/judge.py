"""The examiner's eye: clearances, lines and the end pose, from ground truth.

Shares no geometry with the coach, so that a mistake there cannot pass itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from coach_core.contracts import SlotMap, VehicleProfile

Point = tuple[float, float]

LINE_HALF_WIDTH = 0.05
"""Half the width [m] of a painted line."""
TYRE_HALF_WIDTH = 0.10
PARKED_YAW = math.radians(10.0)
"""A car turned further than this against its slot is not parked in it."""


class Truth(NamedTuple):
    """Where the car really is: rear-axle centre x, y [m], yaw [rad]."""

    x: float
    y: float
    yaw: float


def rectangle(truth: Truth, rear: float, front: float, half_width: float) -> list[Point]:
    """Corners of a rectangle from `rear` to `front` [m, along the car], counter-clockwise."""
    cos, sin = math.cos(truth.yaw), math.sin(truth.yaw)
    corners = ((rear, -half_width), (front, -half_width), (front, half_width), (rear, half_width))
    return [(truth.x + cos * a - sin * b, truth.y + sin * a + cos * b) for a, b in corners]


def outline(truth: Truth, profile: VehicleProfile) -> list[Point]:
    """The car's outline."""
    return rectangle(
        truth, -profile.rear_overhang_m, profile.wheelbase_m + profile.front_overhang_m, 0.5 * profile.width_m
    )


def wheels(truth: Truth, profile: VehicleProfile) -> list[Point]:
    """Where the four tyres meet the ground."""
    half = 0.5 * profile.track_m
    cos, sin = math.cos(truth.yaw), math.sin(truth.yaw)
    spots = ((0.0, half), (0.0, -half), (profile.wheelbase_m, half), (profile.wheelbase_m, -half))
    return [(truth.x + cos * a - sin * b, truth.y + sin * a + cos * b) for a, b in spots]


def _segment_distance(p: Point, a: Point, b: Point) -> float:
    ex, ey = b[0] - a[0], b[1] - a[1]
    length = ex * ex + ey * ey
    share = 0.0 if length == 0.0 else max(0.0, min(1.0, ((p[0] - a[0]) * ex + (p[1] - a[1]) * ey) / length))
    return math.hypot(p[0] - a[0] - share * ex, p[1] - a[1] - share * ey)


def _inside(p: Point, polygon: Sequence[Point]) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        if (y1 > p[1]) != (y2 > p[1]) and p[0] < (x2 - x1) * (p[1] - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def gap(a: Sequence[Point], b: Sequence[Point]) -> float:
    """Least distance [m] between two simple polygons; 0 when they overlap."""
    if _inside(a[0], b) or _inside(b[0], a):
        return 0.0
    edges_a = list(zip(a, [*a[1:], a[0]], strict=True))
    edges_b = list(zip(b, [*b[1:], b[0]], strict=True))
    if any(_cross(p, q, r, s) for p, q in edges_a for r, s in edges_b):
        return 0.0
    return min(
        min(_segment_distance(p, r, s) for p in a for r, s in edges_b),
        min(_segment_distance(p, r, s) for p in b for r, s in edges_a),
    )


def _cross(p: Point, q: Point, r: Point, s: Point) -> bool:
    def side(a: Point, b: Point, c: Point) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    return side(p, q, r) * side(p, q, s) < 0.0 and side(r, s, p) * side(r, s, q) < 0.0


class Standing(NamedTuple):
    """How a car stands in a slot. lateral: positive to the right of whoever sits in it; depth: positive too deep;
    yaw: counter-clockwise of the slot's direction, or of its opposite, whichever is nearer."""

    lateral_m: float
    depth_m: float
    yaw_rad: float
    in_slot: bool
    wheels_on_line: int


def standing(truth: Truth, profile: VehicleProfile, slot: SlotMap) -> Standing:
    """The car against the middle of a slot, nose out or nose in, whichever it is nearer to."""
    cos, sin = math.cos(slot.inward_yaw_rad), math.sin(slot.inward_yaw_rad)
    along = 0.5 * (profile.wheelbase_m + profile.front_overhang_m - profile.rear_overhang_m)
    cx = truth.x + along * math.cos(truth.yaw) - slot.entrance_x_m
    cy = truth.y + along * math.sin(truth.yaw) - slot.entrance_y_m
    depth, lateral = cx * cos + cy * sin, -cx * sin + cy * cos
    turned = truth.yaw - slot.inward_yaw_rad
    yaw = (turned + 0.5 * math.pi) % math.pi - 0.5 * math.pi
    if math.cos(turned) > 0.0:
        lateral = -lateral  # nose in: the slot's left is the learner's left
    body = outline(truth, profile)
    half = 0.5 * slot.width_m
    local = [
        (
            (x - slot.entrance_x_m) * cos + (y - slot.entrance_y_m) * sin,
            -(x - slot.entrance_x_m) * sin + (y - slot.entrance_y_m) * cos,
        )
        for x, y in body
    ]
    inside = all(-0.05 <= a <= slot.depth_m + 0.05 and abs(b) <= half for a, b in local)
    on_line = 0
    for x, y in wheels(truth, profile):
        a = (x - slot.entrance_x_m) * cos + (y - slot.entrance_y_m) * sin
        b = -(x - slot.entrance_x_m) * sin + (y - slot.entrance_y_m) * cos
        near = TYRE_HALF_WIDTH + LINE_HALF_WIDTH
        on_line += (0.0 <= a <= slot.depth_m and abs(abs(b) - half) < near) or (abs(b) <= half and abs(a) < near)
    return Standing(lateral, depth - 0.5 * slot.depth_m, yaw, inside and abs(yaw) < PARKED_YAW, on_line)
