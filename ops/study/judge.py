"""Contact and clearance of a run, by shapely and the examiner's own outline: nothing here is shared with the coach."""

from __future__ import annotations

import math
from typing import NamedTuple

import shapely

from coach_core.contracts import SlotMap, VehicleProfile
from controllers.parkit_examiner.judge import Truth, outline
from ops.study.episode import Body, BodyKind, Episode
from ops.study.plant import Plant, Surroundings
from worlds.headless.physics.car import WHEELS
from worlds.headless.physics.contacts import Part


class Touch(NamedTuple):
    """A contact: when [s], where [m], how fast [m/s, signed], which part of the car, what it met.

    A kerb is touched by a wheel: `part` is its name, as "front right wheel".
    """

    time: float
    part: str
    kind: BodyKind
    x: float
    y: float
    speed: float


class Stand(NamedTuple):
    """How a car stands, against one in the very middle of the slot that heads as it should.

    lateral: positive to the learner's right [m]; depth: positive too deep, along a kerb too far ahead [m]; yaw:
    counter-clockwise [rad].
    """

    slot_id: str
    lateral: float
    depth: float
    yaw: float
    in_slot: bool


PARKED_YAW = math.radians(10.0)
"""A car turned further than this is not parked, one that stands the wrong way round neither."""
OVERHANG = 0.05
"""The body may stand out of the slot's mouth or back this far [m]."""


class Judge:
    """Follows one run."""

    def __init__(self, episode: Episode, profile: VehicleProfile, surroundings: Surroundings) -> None:
        self._episode = episode
        self._profile = profile
        self._surroundings = surroundings
        self._reach = math.hypot(profile.wheelbase_m + profile.front_overhang_m, 0.5 * profile.width_m)
        solid = [i for i, body in enumerate(surroundings.bodies) if body.kind != "kerb"]
        self._still = [i for i in solid if i not in surroundings.moving]
        self._movers = [i for i in solid if i in surroundings.moving]
        self._shapes = [_shape(body) for body in surroundings.bodies]
        self._fixed = shapely.union_all([self._shapes[i] for i in self._still])
        self._kerbs = shapely.union_all(
            [self._shapes[i] for i, body in enumerate(surroundings.bodies) if body.kind == "kerb"]
        )
        self._room = -math.inf
        self._before: tuple[float, float, float] | None = None
        self._wheels = (0.0, 0.0)
        self.clearance = math.inf
        """Least distance [m] of the body to anything but kerbs, so far."""
        self.kerb_clearance = math.inf
        """Least distance [m] of a wheel to a kerb, so far."""

    def watch(self, plant: Plant, time: float, speed: float) -> Touch | None:
        """Look at the car now. speed: what it drove before a contact may have stopped it [m/s]."""
        for contact in plant.contacts:
            body = self._surroundings.body_of(contact)
            return Touch(time, contact.part, body.kind, contact.point[0], contact.point[1], speed)
        car = plant.car
        pose, wheels = (car.x, car.y, car.yaw), (car.left, car.right)
        if not self._movers and pose == self._before and wheels == self._wheels:
            return None  # nothing at all has changed
        self._wheels = wheels
        if self._before is not None:
            moved = math.hypot(pose[0] - self._before[0], pose[1] - self._before[1])
            self._room -= moved + self._reach * abs(math.remainder(pose[2] - self._before[2], math.tau))
        self._before = pose
        if not self._movers and self._room > min(self.clearance, self.kerb_clearance, 1e9):
            return None  # nothing can have come nearer than it has been
        corners = outline(Truth(*pose), self._profile)
        car_shape = shapely.Polygon(corners)
        gap = car_shape.distance(self._fixed) if self._still else math.inf
        for i in self._movers:
            gap = min(gap, car_shape.distance(_shape(self._surroundings.bodies[i])))
        self.clearance = min(self.clearance, gap)
        self._room = gap
        if gap <= 0.0:
            return self._touched(car_shape, time, speed)
        distance, wheel = self._kerb(plant)
        self.kerb_clearance = min(self.kerb_clearance, distance)
        self._room = min(self._room, distance)
        if distance <= 0.0 and wheel is not None:
            at = shapely.Polygon(wheel.outline).centroid
            return Touch(time, wheel.name, "kerb", at.x, at.y, speed)
        return None

    def kerb_gap(self, plant: Plant) -> float:
        """Distance [m] of the nearest wheel to a kerb now; inf where there is none."""
        return self._kerb(plant)[0]

    def _kerb(self, plant: Plant) -> tuple[float, Part | None]:
        if self._kerbs.is_empty:
            return math.inf, None
        car = plant.car
        wheels = [part for part in car.parts(car.x, car.y, car.yaw) if part.name in WHEELS]
        gaps = [float(shapely.Polygon(wheel.outline).distance(self._kerbs)) for wheel in wheels]
        nearest = min(range(len(gaps)), key=gaps.__getitem__)
        return gaps[nearest], wheels[nearest]

    def _touched(self, car_shape: shapely.Polygon, time: float, speed: float) -> Touch:
        for i in (*self._still, *self._movers):
            shape = _shape(self._surroundings.bodies[i])
            if car_shape.distance(shape) <= 0.0:
                at = car_shape.intersection(shape).centroid
                return Touch(time, "body", self._surroundings.bodies[i].kind, at.x, at.y, speed)
        raise AssertionError("a union touches but none of its parts does")

    def stand(self, plant: Plant) -> Stand | None:
        """How the car stands in the slot whose middle is nearest to its own; None in a lot without slots."""
        car = plant.car
        body = shapely.Polygon(outline(Truth(car.x, car.y, car.yaw), self._profile))
        slots = self._episode.lot.slots
        if not slots:
            return None
        slot = min(slots, key=lambda slot: slot_outline(slot).centroid.distance(body.centroid))
        return stand_in(slot, body, car.yaw)


def stand_in(slot: SlotMap, body: shapely.Polygon, yaw: float) -> Stand:
    """A car with this outline and heading [rad], against one that stands in the very middle of the slot."""
    parked = parked_yaw(slot)
    turned = math.remainder(yaw - parked, math.tau)
    middle = slot_outline(slot).centroid
    dx, dy = body.centroid.x - middle.x, body.centroid.y - middle.y
    ahead, left = dx * math.cos(parked) + dy * math.sin(parked), dy * math.cos(parked) - dx * math.sin(parked)
    nose_in = math.cos(parked - slot.inward_yaw_rad)
    """1 where the nose points into the slot, -1 where it points out, 0 along a kerb."""
    depth = -ahead if nose_in < -0.5 else ahead
    inside = slot_outline(slot, OVERHANG).contains(body) and abs(turned) < PARKED_YAW
    return Stand(slot.slot_id, -left, depth, turned, inside)


def parked_yaw(slot: SlotMap) -> float:
    """Heading [rad, world] of a car that stands in a slot as it is meant to (see `SlotMap.parked_yaw_rad`)."""
    if slot.parked_yaw_rad is not None:
        return slot.parked_yaw_rad
    return slot.inward_yaw_rad + (0.5 * math.pi if slot.kind == "parallel" else math.pi)


def slot_outline(slot: SlotMap, longer: float = 0.0) -> shapely.Polygon:
    """The painted rectangle; `longer` [m] beyond both ends, mouth and back."""
    cos, sin = math.cos(slot.inward_yaw_rad), math.sin(slot.inward_yaw_rad)
    half = 0.5 * slot.width_m
    corners = ((-longer, -half), (slot.depth_m + longer, -half), (slot.depth_m + longer, half), (-longer, half))
    return shapely.Polygon(
        [(slot.entrance_x_m + u * cos - v * sin, slot.entrance_y_m + u * sin + v * cos) for u, v in corners]
    )


def _shape(body: Body) -> shapely.Polygon:
    if body.is_round:
        return shapely.Point(body.x, body.y).buffer(0.5 * body.length)
    return shapely.Polygon(body.outline())
