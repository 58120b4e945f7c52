"""Where a driver's actions lead, by a plain single-track model and shapely: to draw episodes that end in a contact.

Rough on purpose (speed follows the wish after a fixed delay): it only sorts out candidates and tells whether an action
brought a danger about. What really happens is the simulator's to say.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from coach_core.contracts import VehicleProfile
from controllers.parkit_examiner.judge import Truth, outline, wheels
from ops.study.episode import Body, Start
from ops.study.warnings.drivers import Action, current, towards

DT = 0.05
TYRE = 0.2
"""About half the footprint of a tyre [m]."""
FEET_DELAY = 0.30
"""Dead time and lag of the pedals together [s]; see ops/study/plant.py."""


class Foreseen(NamedTuple):
    """The first contact: when [s]; where on the car, rear-axle frame [m]; what; speed and steer [rad] then."""

    time: float
    x: float
    y: float
    body: Body
    speed: float
    steer: float
    wheel: bool


def foresee(
    profile: VehicleProfile,
    bodies: tuple[Body, ...],
    start: Start,
    actions: tuple[Action, ...],
    steer_rate: float,
    horizon: float,
) -> Foreseen | None:
    """The first contact within `horizon` s, None if there is none."""
    track = _track(profile, start, actions, steer_rate, horizon)
    best: Foreseen | None = None
    cars = [shapely.Polygon(outline(Truth(*row[1:4]), profile)) for row in track]
    for body in bodies:
        index, wheel = _first(profile, body, track, cars)
        if index is None or (best is not None and track[index, 0] >= best.time):
            continue
        time, x, y, yaw, speed, steer = track[index]
        at = (
            cars[index].intersection(shape_of(body.at(time))).centroid
            if not wheel
            else _wheel_hit(profile, body, track[index])
        )
        dx, dy = at.x - x, at.y - y
        cos, sin = math.cos(yaw), math.sin(yaw)
        best = Foreseen(time, cos * dx + sin * dy, cos * dy - sin * dx, body, speed, steer, wheel)
    return best


def _track(
    profile: VehicleProfile, start: Start, actions: tuple[Action, ...], steer_rate: float, horizon: float
) -> NDArray[np.float64]:
    """Rows of time, x, y, yaw, speed (unsigned), steer."""
    sign = -1.0 if start.gear == "R" else 1.0
    x, y, yaw, steer, wish = start.x, start.y, start.yaw, start.steer, abs(start.speed)
    late = [wish] * max(1, round(FEET_DELAY / DT))
    rows = []
    for i in range(math.ceil(horizon / DT)):
        now = i * DT
        speed = late[-round(FEET_DELAY / DT)]
        rows.append((now, x, y, yaw, speed, steer))
        action = current(actions, now)
        steer = towards(steer, action.steer, steer_rate * DT)
        wish = towards(wish, action.speed, action.rate * DT)
        late.append(wish)
        turn = sign * speed * DT * math.tan(steer) / profile.wheelbase_m
        x += sign * speed * DT * math.cos(yaw + 0.5 * turn)
        y += sign * speed * DT * math.sin(yaw + 0.5 * turn)
        yaw += turn
    return np.array(rows)


def _first(
    profile: VehicleProfile, body: Body, track: NDArray[np.float64], cars: list[shapely.Polygon]
) -> tuple[int | None, bool]:
    shape, wheel = shape_of(body), body.kind == "kerb"
    for index, row in enumerate(track):
        if wheel:
            hit = any(shape.distance(shapely.Point(spot)) < TYRE for spot in wheels(Truth(*row[1:4]), profile))
        else:
            hit = cars[index].intersects(shape_of(body.at(row[0])) if body.path else shape)
        if hit:
            return index, wheel
    return None, wheel


def _wheel_hit(profile: VehicleProfile, body: Body, row: NDArray[np.float64]) -> shapely.Point:
    spots = [shapely.Point(spot) for spot in wheels(Truth(*row[1:4]), profile)]
    return min(spots, key=lambda spot: float(spot.distance(shape_of(body))))


def shape_of(body: Body) -> shapely.Polygon:
    """Its outline seen from above."""
    if body.is_round:
        return shapely.Point(body.x, body.y).buffer(0.5 * body.length, quad_segs=4)
    return shapely.Polygon(body.outline())
