"""Slots, painted or measured, and the cars that may stand in them."""

from __future__ import annotations

import math
from typing import NamedTuple

from coach_core.contracts import SlotMap
from coach_core.contracts.messages import SlotKind
from coach_core.geometry.poses import Polygon, Pose, apply, as_pose, compose, wrap_angle
from coach_core.vehicle import VehicleParams

NOSE_ROOM = 0.25
"""A well parked car keeps this [m] from the entrance line."""
KERB_ROOM = 0.25
"""A car well parked along a kerb keeps this [m] from it."""
PARKED_HALF_WIDTH = 1.02
"""Half width [m] assumed of a car that was seen only from the front: 1.85 m wide and up to 10 cm off centre."""
PARKED_SIDE_ROOM = 0.25
"""In a wide slot it may stand anywhere, but leaves this much [m] free beside it."""
PARKED_REACH = 2.15
"""A car along a kerb reaches this far [m] from it: 1.85 m wide and up to 30 cm away."""
PARKED_END_ROOM = 0.05
"""It may stand right up to the end of its slot, less this [m]."""
CORE_NEAR, CORE_HALF_WIDTH, CORE_HALF_LENGTH = 0.2, 0.6, 1.0
"""What every parked car covers [m]: its near end is about this deep in the slot, and it reaches at least this far to
each side of the slot's middle line, across and along a kerb, whatever its size and its few degrees of slant."""


class Slot(NamedTuple):
    """A painted slot with its own frame: origin at the entrance's midpoint, x inwards, y to the left."""

    slot_id: str
    kind: SlotKind
    world_from_slot: Pose
    width: float
    depth: float
    parked_yaw: float = math.pi
    """Heading [rad] of a car parked in it, against the slot's inward direction."""
    width_sigma: float = 0.0
    """Standard deviation [m] of a measured width; 0 for painted lines."""
    measured: bool = False
    """Found by the sensors, not known from the lot map."""

    def corners(self) -> Polygon:
        """Outline (4, 2), world frame, counter-clockwise."""
        half = 0.5 * self.width
        return apply(self.world_from_slot, [[0.0, -half], [self.depth, -half], [self.depth, half], [0.0, half]])

    def assumed_car(self, sticks_out: float = 0.0) -> Polygon:
        """Outline (4, 2) of the car that may stand in this slot, a little larger than a real one.

        sticks_out: how far [m] it was heard to reach into the road.
        """
        if self.kind == "parallel":
            half = max(0.5 * self.width - PARKED_END_ROOM, 0.5)
            near = -sticks_out if sticks_out > 0.0 else max(0.0, self.depth - PARKED_REACH)
            return self._box(near, self.depth - 0.1, half)
        half = min(max(PARKED_HALF_WIDTH, 0.5 * self.width - PARKED_SIDE_ROOM), 0.5 * self.width)
        return self._box(-sticks_out, self.depth - 0.1, half)

    def half_inside(self) -> float:
        """How far [m] from the middle line an echo is still of something in this slot, not of a neighbour's corner."""
        return 0.5 * self.width - max(0.3, 0.12 * self.width)

    def core(self) -> Polygon:
        """Outline (4, 2) of what any car parked in this slot covers, its near end where it usually is."""
        if self.kind == "parallel":
            near = max(0.0, self.depth - PARKED_REACH) + 0.1
            return self._box(near, self.depth - 0.3, CORE_HALF_LENGTH)
        return self._box(CORE_NEAR, self.depth - 0.5, CORE_HALF_WIDTH)

    def _box(self, near: float, far: float, half: float) -> Polygon:
        """Outline (4, 2), world: from depth `near` to `far`, `half` to each side [m]."""
        far = max(far, near + 0.2)
        return apply(self.world_from_slot, [[near, -half], [far, -half], [far, half], [near, half]])

    def kerb_room(self, width: float) -> float:
        """How far [m] from the kerb a car of this width stands when well parked along it."""
        return min(KERB_ROOM, 0.5 * max(0.0, self.depth - width))

    def parked_pose(self, vehicle: VehicleParams) -> Pose:
        """Rear-axle pose (world) of a car well parked in it.

        Reverse-in: nose just inside the entrance; nose-in: tail just inside it. Parallel: in the middle of the slot's
        length, and `KERB_ROOM` from its far side where the depth allows, else in the middle of the depth.
        """
        along = 0.5 * (vehicle.length - 2.0 * vehicle.rear_overhang)
        """From the rear axle to the middle of the car."""
        if self.kind == "parallel":
            far = self.kerb_room(vehicle.width)
            middle = self.depth - far - 0.5 * vehicle.width
        else:
            middle = min(NOSE_ROOM, 0.5 * max(0.0, self.depth - vehicle.length)) + 0.5 * vehicle.length
        cos, sin = math.cos(self.parked_yaw), math.sin(self.parked_yaw)
        return compose(self.world_from_slot, [middle - along * cos, -along * sin, self.parked_yaw])


def slot_from_map(slot: SlotMap) -> Slot:
    """A slot of the lot map with its frame worked out."""
    pose = as_pose([slot.entrance_x_m, slot.entrance_y_m, slot.inward_yaw_rad])
    if slot.parked_yaw_rad is not None:
        parked_yaw = wrap_angle(slot.parked_yaw_rad - slot.inward_yaw_rad)
    else:
        parked_yaw = 0.5 * math.pi if slot.kind == "parallel" else math.pi
    return Slot(slot.slot_id, slot.kind, pose, slot.width_m, slot.depth_m, parked_yaw)


def slot_message(slot: Slot) -> SlotMap:
    """The slot as messages tell it: the inverse of `slot_from_map`."""
    x, y, yaw = (float(value) for value in slot.world_from_slot)
    parked_yaw = float(wrap_angle(yaw + slot.parked_yaw))
    return SlotMap(slot.slot_id, slot.kind, x, y, yaw, slot.width, slot.depth, parked_yaw)
