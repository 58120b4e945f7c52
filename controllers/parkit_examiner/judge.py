"""The examiner's eye: outlines, wheels and the end pose, from ground truth.

Shares no geometry with the coach, so that a mistake there cannot pass itself.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

from coach_core.contracts import SlotMap, VehicleProfile
from coach_core.contracts.messages import Wheel
from controllers.parkit_examiner.polygons import Point, gap

__all__ = [
    "Goal", "Point", "Standing", "Truth", "gap", "outline", "patches", "rectangle", "standing", "wheels",
]  # fmt: skip

Goal = Literal["reverse_in", "nose_in", "either", "parallel"]
"""Manoeuvres that count as parked."""

LINE_HALF_WIDTH = 0.05
"""Half the width [m] of a painted line."""
TYRE_HALF_WIDTH = 0.10
PARKED_YAW = math.radians(10.0)
"""A car turned further than this against its slot is not parked in it."""
END_ROOM = 0.25
"""A well parked car keeps this [m] from the slot's mouth, or half of what is to spare where that is less."""
KERB_ROOM = 0.25
"""A car well parked along a kerb keeps this [m] from the slot's far side, or half of what is to spare."""
EDGE = 0.05
"""A body that sticks out of the mouth or the far end by no more than this [m] is still in the slot."""

WHEELS: tuple[Wheel, ...] = ("rear_left", "rear_right", "front_left", "front_right")


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
    """Where the four tyres meet the ground, in the order of `WHEELS`."""
    half = 0.5 * profile.track_m
    cos, sin = math.cos(truth.yaw), math.sin(truth.yaw)
    spots = ((0.0, half), (0.0, -half), (profile.wheelbase_m, half), (profile.wheelbase_m, -half))
    return [(truth.x + cos * a - sin * b, truth.y + sin * a + cos * b) for a, b in spots]


def patches(truth: Truth, profile: VehicleProfile, half_length: float) -> list[list[Point]]:
    """A tyre's width by twice `half_length` [m] round each spot of `wheels`.

    Along the car: how far the front wheels are turned is not known from outside.
    """
    return [
        rectangle(Truth(x, y, truth.yaw), -half_length, half_length, TYRE_HALF_WIDTH) for x, y in wheels(truth, profile)
    ]


class Standing(NamedTuple):
    """How a car stands in a slot, its middle against the middle of the car as it should have parked.

    lateral: positive to the right of whoever sits in it. depth: positive too deep; in a parallel slot positive too far
    ahead. yaw: counter-clockwise.
    """

    lateral_m: float
    depth_m: float
    yaw_rad: float
    in_slot: bool
    wheels_on_line: int


def _wrap(angle: float) -> float:
    return math.remainder(angle, 2.0 * math.pi)


def headings(slot: SlotMap, goal: Goal) -> list[float]:
    """Yaws [rad, world] in which a car may be parked in the slot."""
    if slot.parked_yaw_rad is not None:
        return [slot.parked_yaw_rad]
    if slot.kind == "parallel":
        return [slot.inward_yaw_rad + 0.5 * math.pi]  # along the kerb, the kerb on the right
    ways = {"reverse_in": [math.pi], "nose_in": [0.0]}.get(goal, [math.pi, 0.0])
    return [slot.inward_yaw_rad + way for way in ways]


def standing(truth: Truth, profile: VehicleProfile, slot: SlotMap, goal: Goal = "either") -> Standing:
    """The car against the pose in which `goal` would have it park in `slot`; of two, against the nearer one."""
    cos, sin = math.cos(slot.inward_yaw_rad), math.sin(slot.inward_yaw_rad)

    def in_slot_frame(x: float, y: float) -> Point:
        x, y = x - slot.entrance_x_m, y - slot.entrance_y_m
        return x * cos + y * sin, -x * sin + y * cos

    length = profile.rear_overhang_m + profile.wheelbase_m + profile.front_overhang_m
    along = 0.5 * length - profile.rear_overhang_m
    deep, left = in_slot_frame(truth.x + along * math.cos(truth.yaw), truth.y + along * math.sin(truth.yaw))
    parked = min(headings(slot, goal), key=lambda yaw: abs(_wrap(truth.yaw - yaw)))
    yaw = _wrap(truth.yaw - parked)
    if slot.kind == "parallel":
        kerb = min(KERB_ROOM, 0.5 * max(0.0, slot.depth_m - profile.width_m))
        off = deep - (slot.depth_m - kerb - 0.5 * profile.width_m)
    else:
        off = deep - (min(END_ROOM, 0.5 * max(0.0, slot.depth_m - length)) + 0.5 * length)
    # from the slot's frame to that of the car as it should stand
    facing = parked - slot.inward_yaw_rad
    ahead = off * math.cos(facing) + left * math.sin(facing)
    right = off * math.sin(facing) - left * math.cos(facing)
    depth = ahead if slot.kind == "parallel" else math.copysign(1.0, math.cos(facing)) * ahead
    body = [in_slot_frame(x, y) for x, y in outline(truth, profile)]
    half = 0.5 * slot.width_m
    inside = all(-EDGE <= a <= slot.depth_m + EDGE and abs(b) <= half for a, b in body)
    on_line = 0
    for a, b in (in_slot_frame(x, y) for x, y in wheels(truth, profile)):
        near = TYRE_HALF_WIDTH + LINE_HALF_WIDTH
        on_line += (0.0 <= a <= slot.depth_m and abs(abs(b) - half) < near) or (abs(b) <= half and abs(a) < near)
    return Standing(right, depth, yaw, inside and abs(yaw) < PARKED_YAW, on_line)
