"""Motion of a stock car: a kinematic single track at the rear axle, driven as Webots' vehicle library drives it.

Source of the geometry: LaValle, Planning Algorithms (2006), section 13.1.2.1, integrated exactly for a constant
steering angle.
Steering angles here have the sign of the Driver library: positive turns right. Yaw is counter-clockwise.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from worlds.headless.physics.contacts import ContactSolver, Part
from worlds.headless.physics.shapes import Obstacle

STEER_RATE = 10.0
"""Speed of the steering motors [rad/s]: RotationalMotor's default, so a step command is almost at once."""
_WHEEL_MASS = 8.0
_MAX_WHEEL_ACCELERATION = 50.0
"""The vehicle library scales the engine's torque down when wheels would gain more than this [rad/s²]."""
WHEELS = ("front right wheel", "front left wheel", "rear right wheel", "rear left wheel")

UNDRIVEN, SPEED, TORQUE = -1, 0, 1


class CarSpec(NamedTuple):
    """Facts of a stock car; metres, radians, newton metres, kilograms."""

    wheelbase: float
    track_front: float
    track_rear: float
    radius: float
    tyre_width: float
    body_x: tuple[float, float]
    body_y: tuple[float, float]
    body_z: tuple[float, float]
    min_steer: float
    max_steer: float
    max_speed: float
    cruise_accel: float
    front_drive: bool
    rear_drive: bool
    mass: float
    brake: float
    """Brake torque of one wheel at full intensity."""
    damping: float
    """Resisting torque of one wheel per rad/s."""
    rest_height: float
    """Height of the rear-axle centre above the floor, springs settled."""


def car_spec(raw: dict[str, Any]) -> CarSpec:
    """The specification out of an entry of vehicles.json."""
    box, radius, drive = raw["body_box"], raw["tireRadiusRear"], raw["drive"]
    wheel_mass = raw["physics"].get("wheel_mass", _WHEEL_MASS)
    return CarSpec(
        raw["wheelbase"],
        raw["trackFront"],
        raw["trackRear"],
        radius,
        (raw["tireThicknessFrontRear"] or [0.2])[0],
        tuple(box["x"]),
        tuple(box["y"]),
        tuple(box["z"]),
        raw["minSteeringAngle"],
        raw["maxSteeringAngle"],
        raw["maxVelocity_mps"],
        raw["cruise_accel_mps2"],
        drive.startswith(("traction", "4x4")),
        drive.startswith(("propulsion", "4x4")),
        # four wheels also turn: a disc adds half of its mass once more
        raw["physics"]["mass"] + 4.0 * 1.5 * wheel_mass,
        raw["engine"]["brakeCoefficient"],
        raw["engine"]["wheelsDampingConstant"],
        radius - raw["suspension_sag_estimate_m"],
    )


class _Bend(NamedTuple):
    """What two wheel angles make of the car's way; worked out anew only when a wheel has turned."""

    left: float
    right: float
    curvature: float
    """[1/m], left positive."""
    wheels: tuple[float, float, float, float]
    driven: float


class Car:
    """One car: x, y [m] of its rear-axle centre and yaw [rad], world frame; speed [m/s], negative backwards."""

    def __init__(self, spec: CarSpec, x: float, y: float, yaw: float) -> None:
        self.spec = spec
        self.solver = ContactSolver()
        self.left_target = self.right_target = 0.0
        self.mode, self.demand, self.brake_torque = UNDRIVEN, 0.0, 0.0
        self.place(x, y, yaw)
        self.left = self.right = 0.0
        self._bent: _Bend | None = None
        self.encoders = [0.0, 0.0, 0.0, 0.0]
        # no point of the car is farther than this from the rear-axle centre
        self.far = math.hypot(max(-spec.body_x[0], spec.body_x[1]), spec.track_front) + 0.1

    def place(self, x: float, y: float, yaw: float) -> None:
        """Put the car somewhere, as a supervisor does."""
        self.x, self.y, self.yaw = x, y, yaw
        self.solver.disturb()
        self.yaw_rate = 0.0
        self.speed = 0.0

    def rewind(self) -> None:
        """Joints back to zero, as a reset of the simulation does; who counts encoders sees them jump."""
        self.left = self.right = 0.0
        self.encoders = [0.0, 0.0, 0.0, 0.0]

    def halt(self) -> None:
        """Stop all motion, as resetPhysics does."""
        self.speed = 0.0
        self.yaw_rate = 0.0

    def drive(self, left: float, right: float, mode: int, demand: float, brake_torque: float) -> None:
        """New targets.

        left, right: wheel angles [rad], positive right. demand: in SPEED mode the mean speed of the driven wheels
        [m/s], in TORQUE mode the torque on all of them together [N m]. brake_torque: on each wheel [N m].
        """
        self.left_target, self.right_target = left, right
        self.mode, self.demand, self.brake_torque = mode, demand, brake_torque

    # --- geometry -------------------------------------------------------------------------------------

    @property
    def steer(self) -> float:
        """Single-track angle of the two measured wheel angles: their mean cotangent (Ackermann)."""
        left, right = math.tan(self.left), math.tan(self.right)
        if left * right <= 0.0:
            return 0.5 * (self.left + self.right)
        return math.atan(2.0 * left * right / (left + right))

    def wheel_factors(self) -> tuple[float, float, float, float]:
        """Ground speed of each wheel over that of the rear-axle centre, order FR, FL, RR, RL."""
        bend = math.tan(self.steer) / self.spec.wheelbase
        front = [bend * self.spec.wheelbase / math.sin(a) if abs(a) > 1e-6 else 1.0 for a in (self.right, self.left)]
        side = 0.5 * self.spec.track_rear * bend
        return front[0], front[1], 1.0 - side, 1.0 + side

    def _bend(self) -> _Bend:
        bent = self._bent
        if bent is None or bent.left != self.left or bent.right != self.right:
            factors = self.wheel_factors()
            driven = (factors[:2] if self.spec.front_drive else ()) + (factors[2:] if self.spec.rear_drive else ())
            curvature = -math.tan(self.steer) / self.spec.wheelbase
            bent = self._bent = _Bend(self.left, self.right, curvature, factors, sum(driven) / len(driven))
        return bent

    def parts(self, x: float, y: float, yaw: float) -> list[Part]:
        """Body box and wheels at a pose."""
        spec = self.spec
        c, s = math.cos(yaw), math.sin(yaw)

        def rectangle(cx: float, cy: float, hx: float, hy: float, turn: float) -> list[tuple[float, float]]:
            ct, st = math.cos(turn), math.sin(turn)
            corners = ((hx, hy), (-hx, hy), (-hx, -hy), (hx, -hy))
            ego = [(cx + ct * px - st * py, cy + st * px + ct * py) for px, py in corners]
            return [(x + c * px - s * py, y + s * px + c * py) for px, py in ego]

        (x0, x1), (y0, y1) = spec.body_x, spec.body_y
        body = rectangle(0.5 * (x0 + x1), 0.5 * (y0 + y1), 0.5 * (x1 - x0), 0.5 * (y1 - y0), 0.0)
        z = spec.rest_height
        parts = [Part("body", body, z + spec.body_z[0], z + spec.body_z[1], 0.0)]
        places = (
            (spec.wheelbase, -0.5 * spec.track_front, -self.right),
            (spec.wheelbase, 0.5 * spec.track_front, -self.left),
            (0.0, -0.5 * spec.track_rear, 0.0),
            (0.0, 0.5 * spec.track_rear, 0.0),
        )
        for name, (wx, wy, turn) in zip(WHEELS, places, strict=True):
            outline = rectangle(wx, wy, spec.radius, 0.5 * spec.tyre_width, turn)
            parts.append(Part(name, outline, 0.0, 2.0 * spec.radius, 0.5 * spec.radius))
        return parts

    # --- motion ---------------------------------------------------------------------------------------

    def step(self, dt: float, obstacles: list[Obstacle]) -> None:
        """Advance by `dt` s; a body or wheel that meets an obstacle stops the car there."""
        turned = self._turn_wheels(dt)
        bent = self._bend()
        self._change_speed(dt, bent.driven)
        bend = bent.curvature
        travel = self.speed * dt
        start = (self.x, self.y, self.yaw)
        reach = abs(travel) * (1.0 + abs(bend) * self.far) + turned * self.spec.radius
        share = self.solver.advance(lambda part: self.parts(*_arc(start, bend, part * travel)), reach, obstacles)
        if share < 1.0:
            travel *= share
            self.speed = 0.0
        self.x, self.y, self.yaw = _arc(start, bend, travel)
        self.yaw_rate = bend * self.speed
        if travel != 0.0:
            for i, factor in enumerate(bent.wheels):
                self.encoders[i] += travel * factor / self.spec.radius

    def _turn_wheels(self, dt: float) -> float:
        if self.left == self.left_target and self.right == self.right_target:
            low, high = self.spec.min_steer, self.spec.max_steer
            if low <= self.left <= high and low <= self.right <= high:
                return 0.0
        most = STEER_RATE * dt
        before = self.left, self.right
        low, high = self.spec.min_steer, self.spec.max_steer
        self.left += max(-most, min(most, max(low, min(high, self.left_target)) - self.left))
        self.right += max(-most, min(most, max(low, min(high, self.right_target)) - self.right))
        return max(abs(self.left - before[0]), abs(self.right - before[1]))

    def _change_speed(self, dt: float, ratio: float) -> None:
        """ratio: mean ground speed of the driven wheels over that of the rear-axle centre."""
        spec = self.spec
        if self.mode == SPEED:
            # the velocity motors have 1e8 N m: neither brake nor damping is felt
            wheel = self.speed * ratio
            target = max(-spec.max_speed, min(spec.max_speed, self.demand))
            most = spec.cruise_accel * dt
            self.speed = (wheel + max(-most, min(most, target - wheel))) / ratio
            return
        most = _MAX_WHEEL_ACCELERATION * spec.radius * spec.mass
        push = max(-most, min(most, self.demand / spec.radius)) if self.mode == TORQUE else 0.0
        grip = 4.0 * self.brake_torque / spec.radius
        if self.speed == 0.0:
            free = math.copysign(max(0.0, abs(push) - grip), push)
            self.speed = free / spec.mass * dt
            return
        drag = grip + 4.0 * spec.damping * abs(self.speed) / (spec.radius * spec.radius)
        speed = self.speed + (push - math.copysign(drag, self.speed)) / spec.mass * dt
        # resistance stops a car, it never drives it the other way
        self.speed = 0.0 if speed * self.speed < 0.0 and abs(push) <= drag else speed


def _arc(start: tuple[float, float, float], bend: float, travel: float) -> tuple[float, float, float]:
    """Pose after `travel` m along an arc of curvature `bend` 1/m (left positive)."""
    x, y, yaw = start
    turn = bend * travel
    chord = travel if abs(turn) < 1e-9 else 2.0 * math.sin(0.5 * turn) / bend
    heading = yaw + 0.5 * turn
    return x + chord * math.cos(heading), y + chord * math.sin(heading), math.remainder(yaw + turn, 2.0 * math.pi)
