"""The learner's car in a study: the stand-in's physics behind the real powertrain, with the delays of a real car.

The car, its contacts and its rays come from `worlds.headless.physics`: the coach is never judged by its own model.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Any, NamedTuple

import numpy as np

from coach_core.contracts import VehicleProfile
from controllers.parkit_coach.drivers import Controls
from controllers.parkit_coach.powertrain import CarState, Powertrain
from ops.study.episode import Body, Start
from ops.worlds.bodies import CAR_CORNER
from worlds.headless.physics.car import SPEED, Car, CarSpec, car_spec
from worlds.headless.physics.contacts import Contact
from worlds.headless.physics.shapes import Obstacle, Primitive, at
from worlds.headless.vrml.scene import IDENTITY, Frame, Node, rotation_matrix
from worlds.headless.vrml.tables import NodeSpec, vehicles

STEP_S = 0.01
"""Basic time step of the worlds [s]."""
KMH_PER_MPS = 3.6
_SNAP = 0.004
"""A lagging speed within this [m/s] of its target is there."""
_SPEC = NodeSpec("Solid", {}, ("Solid",), frozenset(), None)


class Delays(NamedTuple):
    """How late a car does what it is told (DOMAIN.md section 9): pedals pass `dead_time`, speed lags by `lag` [s]."""

    dead_time: float = 0.10
    lag: float = 0.20


class Surroundings:
    """The bodies of an episode as the physics wants them; `at` moves those that have a path.

    Contacts are judged by boxes; sonars hear vehicles with the round corners they have in the worlds.
    """

    def __init__(self, bodies: tuple[Body, ...]) -> None:
        self.bodies = list(bodies)
        self._still = bodies
        self.moving = [i for i, body in enumerate(bodies) if body.path]
        self.obstacles = [_obstacle(i, body) for i, body in enumerate(bodies)]
        self._heard = [_as_heard(obstacle, body) for obstacle, body in zip(self.obstacles, bodies, strict=True)]
        self.at(0.0)

    def at(self, time: float) -> None:
        """Everything where it is at `time` [s]."""
        for i in self.moving:
            self.bodies[i] = self._still[i].at(time)
            for obstacle in (self.obstacles[i], *self._heard[i]):
                obstacle.move(_frame(self.bodies[i]))

    @property
    def heard(self) -> list[Obstacle]:
        """What the rays of a sonar meet."""
        return [part for parts in self._heard for part in parts]

    def body_of(self, contact: Contact) -> Body:
        return self.bodies[contact.obstacle.node.id]


class Plant:
    """The car and what lies between the driver's hands and its wheels."""

    def __init__(self, profile: VehicleProfile, start: Start, surroundings: Surroundings, delays: Delays) -> None:
        self.spec: CarSpec = car_spec(vehicles()["ToyotaPrius"])
        self.car = Car(self.spec, start.x, start.y, start.yaw)
        self._surroundings = surroundings
        self._caught_up = 1.0 - math.exp(-STEP_S / max(1e-6, delays.lag))
        """Part of what a lagging speed is behind that it catches up in one step."""
        self._target = 0.0
        self._reached = abs(start.speed)
        self._powertrain = Powertrain(self, profile.max_steering_angle_rad, STEP_S)
        before = Controls(brake=1.0) if start.speed == 0.0 else Controls()
        self._waiting = deque([before] * round(delays.dead_time / STEP_S))
        self.wheel_speed = start.speed
        """Mean speed of the driven wheels [m/s], one step late, as Webots gives it."""
        self.state = self._begin(start)

    # --- the part of Webots' Driver that the powertrain uses; km/h, positive right ----------------------------

    def setSteeringAngle(self, angle: float) -> None:
        """Single-track angle [rad], turned into one for each front wheel as the vehicle library does."""
        self._wheels = (0.0, 0.0)
        if angle != 0.0:
            cotangent, half = 1.0 / math.tan(angle), 0.5 * self.spec.track_front / self.spec.wheelbase
            self._wheels = math.atan(1.0 / (cotangent + half)), math.atan(1.0 / (cotangent - half))

    def setCruisingSpeed(self, speed: float) -> None:
        self._target = speed / KMH_PER_MPS

    # --- driving ----------------------------------------------------------------------------------------------

    def step(self, controls: Controls) -> CarState:
        """One basic time step under the driver's controls. Hands act at once, feet after the dead time."""
        self._waiting.append(controls)
        feet = self._waiting.popleft()
        if (feet.throttle, feet.brake) != (controls.throttle, controls.brake):
            controls = controls._replace(throttle=feet.throttle, brake=feet.brake)
        self.state = self._powertrain.apply(controls)
        gap = abs(self._target) - self._reached
        self._reached += gap if abs(gap) < _SNAP else gap * self._caught_up
        self.wheel_speed = self.car.speed * self._driven()
        if self._surroundings.moving:
            self.car.solver.disturb()
        self.car.drive(*self._wheels, SPEED, math.copysign(self._reached, self._target), 0.0)
        self.car.step(STEP_S, self._surroundings.obstacles)
        return self.state

    @property
    def contacts(self) -> list[Contact]:
        return self.car.solver.contacts

    def _begin(self, start: Start) -> CarState:
        """Gear in, wheel turned and the speed reached before the episode begins; the car itself waits meanwhile."""
        ready = Controls(start.steer, 1e3, 0.0, 0.0, start.gear)
        state = self._powertrain.apply(ready._replace(brake=1.0))
        while abs(self._target) < abs(start.speed):
            before, state = self._target, self._powertrain.apply(ready._replace(throttle=0.2))
            if self._target == before:
                raise ValueError(f"a car in {start.gear} cannot begin at {start.speed} m/s")
        self.car.left, self.car.right = self._wheels
        self.car.speed = start.speed
        return state

    def _driven(self) -> float:
        front_right, front_left, *_ = self.car.wheel_factors()
        return 0.5 * (front_right + front_left)


def _frame(body: Body) -> Frame:
    return Frame(rotation_matrix([0.0, 0.0, 1.0, body.yaw]), np.array([body.x, body.y, 0.5 * body.height]))


def _obstacle(index: int, body: Body) -> Obstacle:
    size = (0.5 * body.length, body.height, 0.0) if body.is_round else (body.length, body.width, body.height)
    node: Any = Node(_SPEC, index, "", 0)
    return Obstacle(node, node, Primitive("cylinder" if body.is_round else "box", IDENTITY, size), _frame(body))


def _as_heard(obstacle: Obstacle, body: Body) -> list[Obstacle]:
    """The same body with its corners round: a car's as protos/ParkedCar.proto has them."""
    corner = CAR_CORNER if body.kind == "car" else body.corner
    if corner == 0.0:
        return [obstacle]
    length, width, height, flat = body.length, body.width, body.height, 2.0 * corner
    parts = [
        Primitive("box", IDENTITY, (length, width - flat, height)),
        Primitive("box", IDENTITY, (length - flat, width, height)),
    ]
    for x in (0.5 * length - corner, corner - 0.5 * length):
        for y in (0.5 * width - corner, corner - 0.5 * width):
            parts.append(Primitive("cylinder", at(x, y, 0.0), (corner, height, 0.0)))
    return [Obstacle(obstacle.node, obstacle.node, part, _frame(body)) for part in parts]


def floor() -> Obstacle:
    """The ground, which hides from a ray what lies behind it."""
    node = Node(_SPEC, -1, "", 0)
    return Obstacle(node, node, Primitive("plane", IDENTITY, (0.0, 0.0, 0.0)), IDENTITY)
