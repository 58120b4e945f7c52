"""Random lots: a car, a slot, what stands about. Lengths m, angles rad, poses [x, y, yaw] of the rear-axle centre.

Nothing of the core is used. Each draws from the generator it is given and from nothing else.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

_NOSE = 0.35
"""From the mouth of a bay to the nose of a car well parked in it."""
_DEPTH = 5.2
Range = tuple[float, float]


class BenchCar(NamedTuple):
    """The car of the benchmarks: a mid-size saloon, as in the TPCAP competition."""

    wheelbase: float = 2.8
    front_overhang: float = 0.96
    rear_overhang: float = 0.929
    width: float = 1.942
    max_steer: float = 0.6

    @property
    def length(self) -> float:
        return self.rear_overhang + self.wheelbase + self.front_overhang


class Lot(NamedTuple):
    """A way in: from `start` in the aisle to `goal` in the slot."""

    car: BenchCar
    start: NDArray[np.float64]
    goal: NDArray[np.float64]
    obstacles: list[NDArray[np.float64]]
    margin: float
    """clearance asked for"""


def bay(
    rng: np.random.Generator, *, angles: tuple[float, ...] = (90.0,), width: Range = (2.4, 2.7),
    aisle: Range = (5.5, 7.0), loose: tuple[int, int] = (0, 3),
) -> Lot:  # fmt: skip
    """Reverse into a bay between two cars.

    angles: of the bays to the aisle [degrees], one is drawn. aisle: to the wall opposite. loose: how many things lie
    about, at the least and the most.
    """
    car = BenchCar()
    angle = math.radians(angles[0] if len(angles) == 1 else rng.choice(angles))
    broad = rng.uniform(*width)
    pitch = broad / math.sin(angle)
    inside = np.array([math.cos(angle), math.sin(angle)])  # out of the bay, along it
    obstacles = []
    for k in (-3, -2, -1, 1, 2, 3):
        if abs(k) > 1 and rng.random() < 0.3:
            continue
        shift, turn = rng.uniform(-0.15, 0.15), math.radians(rng.uniform(-2.0, 2.0))
        mouth = np.array([k * pitch + shift, 0.0])
        obstacles.append(_box(mouth - inside * (_NOSE + 0.5 * car.length), angle + turn, car.length, car.width))
    # bays lean, so their far ends are lower than they are deep
    floor = -(_DEPTH * math.sin(angle) + 0.5 * broad * math.cos(angle)) - 0.2
    far = rng.uniform(*aisle)
    obstacles += [_box([0.0, floor - 0.3], 0.0, 40.0, 0.6), _box([0.0, far + 0.3], 0.0, 40.0, 0.6)]
    goal = np.array([*(-inside * (_NOSE + car.wheelbase + car.front_overhang)), angle])
    # leaning bays are entered in reverse from a car that has passed them
    heading = 0.0 if angle < 1.5 or rng.random() < 0.5 else math.pi
    start = np.array([
        rng.uniform(-9.0, 3.0) * (1.0 if heading == 0.0 else -1.0),
        rng.uniform(1.4, far - 1.4),
        heading + math.radians(rng.uniform(-12.0, 12.0)),
    ])  # fmt: skip
    obstacles += _clutter(car, start, goal, rng, (-12.0, 12.0), (0.3, far), loose)
    return Lot(car, start, goal, obstacles, 0.10)


def nose_in(lot: Lot) -> Lot:
    """The same bay entered nose first: the body rests where it did, the other way round."""
    car, (x, y, yaw) = lot.car, lot.goal
    shift = car.wheelbase + car.front_overhang - car.rear_overhang
    goal = np.array([x + shift * math.cos(yaw), y + shift * math.sin(yaw), yaw - math.pi])
    return lot._replace(goal=goal)


def parallel(
    rng: np.random.Generator, slot: float, *, road: Range = (6.5, 8.0), loose: tuple[int, int] = (0, 0),
    margin: float = 0.10,
) -> Lot:  # fmt: skip
    """Park at a kerb (y = 0) between two cars `slot` m apart; road: from the kerb to the other side."""
    car = BenchCar()
    obstacles = []
    for low, high in ((-car.length, 0.0), (slot, slot + car.length)):
        kerb = rng.uniform(0.2, 0.35)
        obstacles.append(_box([0.5 * (low + high), kerb + 0.5 * car.width], 0.0, car.length, car.width))
    far = rng.uniform(*road)
    obstacles += [_box([4.0, -0.3], 0.0, 40.0, 0.6), _box([4.0, far + 0.3], 0.0, 40.0, 0.6)]
    goal = np.array([0.5 * (slot - car.length) + car.rear_overhang, 0.3 + 0.5 * car.width, 0.0])
    turn = math.radians(rng.uniform(-8.0, 8.0))
    start = np.array([rng.uniform(-4.0, slot + 4.0), rng.uniform(3.9, min(5.2, far - 1.4)), turn])
    if loose[1] > 0:
        obstacles += _clutter(car, start, goal, rng, (-6.0, slot + 9.0), (2.4, far), loose)
    return Lot(car, start, goal, obstacles, margin)


def _clutter(
    car: BenchCar, start: NDArray[np.float64], goal: NDArray[np.float64], rng: np.random.Generator,
    across: Range, along: Range, loose: tuple[int, int],
) -> list[NDArray[np.float64]]:  # fmt: skip
    """Loose boxes of 0.2 to 0.6 m that leave 0.6 m round the car's start and goal; loose: least and most."""
    boxes: list[NDArray[np.float64]] = []
    wanted = int(rng.integers(loose[0], loose[1] + 1))
    while len(boxes) < wanted:
        at = [rng.uniform(*across), rng.uniform(*along)]
        box = _box(at, rng.uniform(0.0, math.pi), rng.uniform(0.2, 0.6), rng.uniform(0.2, 0.6))
        ends = (_body(car, start), _body(car, goal))
        if min(shapely.distance(end, Polygon(box)) for end in ends) > 0.6:
            boxes.append(box)
    return boxes


def _box(centre: NDArray[np.float64] | list[float], yaw: float, length: float, width: float) -> NDArray[np.float64]:
    """Corners (4, 2) of a rectangle, counter-clockwise."""
    corners = 0.5 * np.array([[-length, -width], [length, -width], [length, width], [-length, width]])
    cos, sin = math.cos(yaw), math.sin(yaw)
    return np.asarray(corners @ np.array([[cos, sin], [-sin, cos]]) + np.asarray(centre))


def _body(car: BenchCar, pose: NDArray[np.float64]) -> Polygon:
    offset = 0.5 * car.length - car.rear_overhang
    centre = [pose[0] + offset * math.cos(pose[2]), pose[1] + offset * math.sin(pose[2])]
    return Polygon(_box(centre, float(pose[2]), car.length, car.width))


def room(lot: Lot, pose: NDArray[np.float64]) -> float:
    """Clearance [m] of the body at a pose."""
    body = _body(lot.car, pose)
    return min(float(shapely.distance(body, Polygon(o))) for o in lot.obstacles)
