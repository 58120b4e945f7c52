"""The painted slots of the lot map and what the side sensors say of each while driving past."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from coach_core.contracts import SlotMap
from coach_core.contracts.messages import Occupancy, SlotKind
from coach_core.geometry.poses import YAW, Polygon, Pose, X, Y, apply, as_pose, compose, wrap_angle
from coach_core.vehicle import VehicleParams

LOOK_HALF_WIDTH = 0.4
"""An echo tells of a slot only when it is taken this close [m] to the slot's centre line."""
TAKEN_DEPTH = 1.4
"""An echo from less than this depth [m] behind the entrance is a parked car ..."""
EMPTY_DEPTH = 1.6
"""... and one from more than this is the lot behind, or the flank of a neighbour."""
ENOUGH = 3
"""Echoes that settle an occupancy."""
NOSE_ROOM = 0.25
"""A well parked car keeps this [m] from the entrance line."""
KERB_ROOM = 0.25
"""A car well parked along a kerb keeps this [m] from it."""
PARKED_HALF_WIDTH = 1.02
"""Half width [m] assumed of a car that was seen only from the front: 1.85 m wide and up to 10 cm off centre."""


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

    def assumed_car(self) -> Polygon:
        """Outline (4, 2) of the car that may stand in this slot, a little larger than a real one."""
        far = self.depth - 0.1
        points = [
            [0.0, -PARKED_HALF_WIDTH],
            [far, -PARKED_HALF_WIDTH],
            [far, PARKED_HALF_WIDTH],
            [0.0, PARKED_HALF_WIDTH],
        ]
        return apply(self.world_from_slot, points)

    def parked_pose(self, vehicle: VehicleParams) -> Pose:
        """Rear-axle pose (world) of a car well parked in it.

        Reverse-in: nose just inside the entrance; nose-in: tail just inside it. Parallel: in the middle of the slot's
        length, and `KERB_ROOM` from its far side where the depth allows, else in the middle of the depth.
        """
        along = 0.5 * (vehicle.length - 2.0 * vehicle.rear_overhang)
        """From the rear axle to the middle of the car."""
        if self.kind == "parallel":
            far = min(KERB_ROOM, 0.5 * max(0.0, self.depth - vehicle.width))
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


class OccupancyWatcher:
    """Counts for each slot the echoes that say 'a car' and those that say 'nothing'."""

    def __init__(self, slots: list[Slot]) -> None:
        self._slots = slots
        self._taken = dict.fromkeys((slot.slot_id for slot in slots), 0)
        self._empty = dict.fromkeys((slot.slot_id for slot in slots), 0)

    def look(self, sensor: Pose, distance: float | None, max_range: float) -> None:
        """Take one reading of a sensor at pose `sensor` (world frame); `distance` [m], None = no echo."""
        reach = max_range if distance is None else distance
        cos, sin = math.cos(sensor[YAW]), math.sin(sensor[YAW])
        for slot in self._slots:
            origin = slot.world_from_slot
            inward = np.array([math.cos(origin[YAW]), math.sin(origin[YAW])])
            if inward[0] * cos + inward[1] * sin < 0.9:
                continue  # does not look into this slot
            to_sensor = np.array([sensor[X] - origin[X], sensor[Y] - origin[Y]])
            across = abs(-inward[1] * to_sensor[0] + inward[0] * to_sensor[1])
            depth_of_sensor = float(inward @ to_sensor)
            if across > LOOK_HALF_WIDTH or not -2.5 <= depth_of_sensor < 0.0:
                continue
            depth = depth_of_sensor + reach
            if distance is not None and -0.3 <= depth < TAKEN_DEPTH:
                self._taken[slot.slot_id] += 1
            elif depth >= EMPTY_DEPTH:
                self._empty[slot.slot_id] += 1

    def occupancy(self, slot_id: str) -> Occupancy:
        """What the echoes say so far."""
        taken, empty = self._taken[slot_id], self._empty[slot_id]
        if taken >= ENOUGH and taken >= empty:
            return "occupied"
        if empty >= ENOUGH and empty > 2 * taken:
            return "free"
        return "unknown"
