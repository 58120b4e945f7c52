"""Contact and clearance of a run, by shapely and the examiner's own outline: nothing here is shared with the coach."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import shapely

from coach_core.contracts import VehicleProfile
from controllers.parkit_examiner.judge import Standing, Truth, outline, standing
from ops.study.episode import Body, BodyKind, Episode, Point
from ops.study.plant import Plant, Surroundings
from worlds.headless.physics.car import WHEELS


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
        pose = (car.x, car.y, car.yaw)
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
        if not self._kerbs.is_empty:
            for part in car.parts(*pose):
                if part.name in WHEELS:
                    distance = shapely.Polygon(part.outline).distance(self._kerbs)
                    self.kerb_clearance = min(self.kerb_clearance, distance)
                    self._room = min(self._room, distance)
                    if distance <= 0.0:
                        x, y = _centre(part.outline)
                        return Touch(time, part.name, "kerb", x, y, speed)
        return None

    def _touched(self, car_shape: shapely.Polygon, time: float, speed: float) -> Touch:
        for i in (*self._still, *self._movers):
            shape = _shape(self._surroundings.bodies[i])
            if car_shape.distance(shape) <= 0.0:
                at = car_shape.intersection(shape).centroid
                return Touch(time, "body", self._surroundings.bodies[i].kind, at.x, at.y, speed)
        raise AssertionError("a union touches but none of its parts does")

    def standing(self, plant: Plant) -> tuple[str, Standing]:
        """How the car stands in the slot whose middle is nearest to its own."""
        car = plant.car
        truth = Truth(car.x, car.y, car.yaw)
        middle = shapely.Polygon(outline(truth, self._profile)).centroid

        def away(index: int) -> float:
            slot = self._episode.lot.slots[index]
            half = 0.5 * slot.depth_m
            return math.hypot(
                slot.entrance_x_m + half * math.cos(slot.inward_yaw_rad) - middle.x,
                slot.entrance_y_m + half * math.sin(slot.inward_yaw_rad) - middle.y,
            )

        slot = self._episode.lot.slots[min(range(len(self._episode.lot.slots)), key=away)]
        return slot.slot_id, standing(truth, self._profile, slot)


def _shape(body: Body) -> shapely.Polygon:
    if body.is_round:
        return shapely.Point(body.x, body.y).buffer(0.5 * body.length)
    return shapely.Polygon(body.outline())


def _centre(polygon: Sequence[Point]) -> Point:
    at = shapely.Polygon(polygon).centroid
    return at.x, at.y
