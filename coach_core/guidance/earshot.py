"""Whether a learner who looks for a bay drives too far off for the sonars to hear into it, and when to say so."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from coach_core.contracts.messages import Occupancy
from coach_core.geometry.poses import Pose, X, Y
from coach_core.perception.slots import Slot
from coach_core.vehicle import VehicleParams

FURTHEST = 3.5
"""From further off than this [m], along a bay's middle line, silence tells nothing of it: a sonar hears 4 m, and a car
in the bay may stand half a metre deep."""
ALONGSIDE = 8.0
"""Bays this far [m] ahead or behind are those the learner drives along."""
SAID_FOR, QUIET_FOR = 4.0, 6.0
"""It is said for the one way [m], then not for the other: the learner is about it."""


class Earshot:
    """Remembers where the learner was asked to come nearer."""

    def __init__(self, vehicle: VehicleParams) -> None:
        self._half_width = 0.5 * vehicle.width
        self._asked_at: Pose | None = None

    def ask_nearer(self, slots: Iterable[Slot], occupancy: Callable[[str], Occupancy], pose: Pose) -> bool:
        """Whether the learner at `pose` (world) is to be asked now to keep nearer to the bays."""
        driven = math.inf
        if self._asked_at is not None:
            driven = math.hypot(pose[X] - self._asked_at[X], pose[Y] - self._asked_at[Y])
        if SAID_FOR < driven < SAID_FOR + QUIET_FOR or not self._is_too_far(slots, occupancy, pose):
            return False
        if driven > SAID_FOR:
            self._asked_at = pose.copy()
        return True

    def _is_too_far(self, slots: Iterable[Slot], occupancy: Callable[[str], Occupancy], pose: Pose) -> bool:
        """Whether the nearest of the bays that are driven along and not known yet is out of earshot."""
        x, y, yaw = pose.tolist()
        cos, sin = math.cos(yaw), math.sin(yaw)
        distances = []
        for slot in slots:
            slot_x, slot_y, inward = slot.world_from_slot.tolist()
            ahead, beside = cos * (slot_x - x) + sin * (slot_y - y), cos * (slot_y - y) - sin * (slot_x - x)
            into = math.sin(inward - yaw)
            if abs(ahead) < ALONGSIDE and into * beside > 0.0 and occupancy(slot.slot_id) == "unknown":
                distances.append((abs(beside) - self._half_width) / abs(into))
        return min(distances, default=0.0) > FURTHEST
