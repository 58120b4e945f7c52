"""The recipes: strokes that learners know by heart, each with the mark at which it ends.

All are for a slot to the right of the aisle. Distances m, angles rad, steering left positive.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from coach_core.contracts import SlotMap, VehicleProfile
from coach_core.contracts.messages import Gear

NOSE_ROOM = 0.25
"""A car that is in keeps this [m] to the mouth of its slot."""
AT_45 = math.radians(42.0)
"""The angle at which a learner straightens the wheel when backing in along a kerb."""
TURNS_EARLY, AT_NOSE, BACKED = 0.4, math.radians(40.0), math.radians(62.0)
"""Nose-in: the first lock comes this much [m] before a turning radius and ends at the first angle; the way back ends
at the second."""
CLEAR = 2.2
"""Pulled out when the rear axle is this far [m] out of the mouth."""


class Sees(NamedTuple):
    """Where the rear axle is, as the eye measures it against the slot and the aisle."""

    along: float
    """Past the middle of the slot's mouth, up the aisle."""
    left: float
    """Of the middle of the mouth, across the aisle."""
    inward: float
    """Behind the mouth, along the slot."""
    to_turn: float
    """From the car's heading to that of a parked one, counter-clockwise positive."""
    turned: float
    """From the aisle's heading to the car's."""
    travelled: float
    """Since the stroke began."""


class Marks(NamedTuple):
    """How wrong this attempt's judgement is: of a mark alongside, of an angle, of a depth."""

    beside: float
    angle: float
    depth: float


Done = Callable[[Sees, Marks], bool]


class Stroke(NamedTuple):
    """Gear in, wheel turned at rest, off until the mark."""

    gear: Gear
    steer: float
    done: Done


class Recipe(NamedTuple):
    """Strokes into a slot, the way out when frightened, and the stroke to begin again with."""

    slot: SlotMap
    parked_yaw: float
    strokes: tuple[Stroke, ...]
    escape: tuple[Stroke, ...]
    again: Callable[[Sees], int]


def recipe_for(slot: SlotMap, car: VehicleProfile, aisle_yaw: float) -> Recipe:
    """What learners are taught for this kind of slot."""
    if slot.kind == "parallel":
        return _along_the_kerb(slot, car)
    parked = slot.inward_yaw_rad + math.pi if slot.parked_yaw_rad is None else slot.parked_yaw_rad
    if math.cos(parked - slot.inward_yaw_rad) > 0.0:
        return _nose_in(slot, car, parked)
    return _reverse_in(slot, car, parked, aisle_yaw)


def _reverse_in(slot: SlotMap, car: VehicleProfile, parked: float, aisle_yaw: float) -> Recipe:
    """Past the slot to the shoulder mark, full lock back until straight to the lines, unwind, back until deep."""
    lock = car.max_steering_angle_rad
    radius = car.wheelbase_m / math.tan(lock)
    turn = (parked - aisle_yaw) % math.tau
    deep = car.wheelbase_m + car.front_overhang_m + NOSE_ROOM

    def at_shoulder(sees: Sees, marks: Marks) -> bool:
        # the turning circle touches the aisle's line and the slot's where these are equally far from their crossing
        return sees.along >= sees.left / math.tan(turn) + radius * math.tan(0.5 * turn) + marks.beside

    return Recipe(
        slot,
        parked,
        (
            Stroke("D", 0.0, at_shoulder),
            Stroke("R", -lock, lambda sees, marks: sees.to_turn + marks.angle <= 0.0),
            Stroke("R", 0.0, lambda sees, marks: sees.inward + marks.depth >= deep),
        ),
        (Stroke("D", 0.0, lambda sees, _: sees.inward <= -CLEAR),),
        lambda sees: 1 if sees.to_turn > 0.2 else 2,
    )


def _nose_in(slot: SlotMap, car: VehicleProfile, parked: float) -> Recipe:
    """In three points, since hardly an aisle is wide enough for one go: full lock towards the slot until the nose
    looks at the far neighbour, back with the other lock until nearly straight, in until the tail is inside.
    """
    lock = car.max_steering_angle_rad
    radius = car.wheelbase_m / math.tan(lock)
    deep = car.rear_overhang_m + NOSE_ROOM
    return Recipe(
        slot,
        parked,
        (
            Stroke("D", 0.0, lambda sees, marks: sees.along >= marks.beside - radius - TURNS_EARLY),
            Stroke("D", -lock, lambda sees, marks: sees.turned + marks.angle <= -AT_NOSE),
            Stroke("R", lock, lambda sees, marks: sees.turned + marks.angle <= -BACKED),
            Stroke("D", -lock, lambda sees, marks: sees.to_turn + marks.angle >= 0.0),
            Stroke("D", 0.0, lambda sees, marks: sees.inward + marks.depth >= deep),
        ),
        (Stroke("R", lock, lambda sees, _: sees.travelled >= 1.5 or sees.to_turn >= 0.0),),
        lambda sees: 3 if sees.to_turn < -0.1 else 4,
    )


def _along_the_kerb(slot: SlotMap, car: VehicleProfile) -> Recipe:
    """Level with the car in front, full lock back to 45 degrees, straight back, the other lock until parallel."""
    lock = car.max_steering_angle_rad
    radius = car.wheelbase_m / math.tan(lock)
    parked = slot.inward_yaw_rad + 0.5 * math.pi
    level = 0.5 * slot.width_m + car.rear_overhang_m
    counter = 0.5 * slot.depth_m - radius * (1.0 - math.cos(AT_45))
    """Depth of the rear axle from which the other lock brings the car into the middle."""
    middle = 0.5 * (car.rear_overhang_m - car.wheelbase_m - car.front_overhang_m)
    return Recipe(
        slot,
        parked,
        (
            Stroke("D", 0.0, lambda sees, marks: sees.along >= level + marks.beside),
            Stroke("R", -lock, lambda sees, marks: sees.turned + marks.angle >= AT_45),
            Stroke("R", 0.0, lambda sees, marks: sees.inward + 0.5 * marks.depth >= counter),
            Stroke("R", lock, lambda sees, marks: sees.turned + marks.angle <= 0.0),
            Stroke("D", 0.0, lambda sees, marks: sees.along + marks.depth >= middle),
        ),
        (Stroke("D", 0.0, lambda sees, _: sees.travelled >= 1.5 or sees.inward <= -CLEAR),),
        lambda sees: 1 if sees.turned < 0.3 else 2,
    )
