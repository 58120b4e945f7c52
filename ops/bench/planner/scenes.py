"""Questions for planners: standard tasks, the TPCAP cases where they are at hand, and random lots by family.

Lengths m, angles rad, poses [x, y, yaw] of the rear-axle centre. Nothing of the core is used.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon


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


class Scene(NamedTuple):
    """One question."""

    name: str
    family: str
    car: BenchCar
    start: NDArray[np.float64]
    goal: NDArray[np.float64]
    obstacles: list[NDArray[np.float64]]
    margin: float
    """clearance [m] asked for"""


TPCAP_STEER = 0.75
FAMILIES = ("perpendicular", "angled", "parallel_1.5L", "parallel_1.3L", "parallel_1.2L", "parallel_1.15L")


def standard_tasks() -> list[Scene]:
    """The four anchor tasks, two of them in tight places, with which planners have been compared before."""
    data = json.loads(Path(__file__).with_name("std_tasks.json").read_text())
    return [
        Scene(
            name, "standard", BenchCar(), np.array(task["start"]), np.array(task["goal"]),
            [np.array(o) for o in task["obstacles"]], 0.05 if "tight" in name else 0.10,
        )
        for name, task in data["tasks"].items()
    ]  # fmt: skip


def tpcap_cases(folder: Path) -> list[Scene]:
    """The TPCAP cases 1-8 found in `folder` (CaseN.csv); an empty list if it is absent."""
    return [_tpcap(path) for path in sorted(folder.glob("Case[1-8].csv"))]


def _tpcap(path: Path) -> Scene:
    """Start, goal, number of polygons, corners of each, then all corners."""
    values = [float(word) for word in path.read_text().replace("\n", ",").split(",") if word.strip()]
    count = int(values[6])
    corners = np.array(values[7 + count :]).reshape(-1, 2)
    sizes = [int(size) for size in values[7 : 7 + count]]
    obstacles = np.split(corners, np.cumsum(sizes)[:-1])
    car = BenchCar(max_steer=TPCAP_STEER)
    return Scene(path.stem.lower(), "tpcap", car, np.array(values[:3]), np.array(values[3:6]), list(obstacles), 0.05)


def random_scenes(family: str, count: int, seed: int) -> list[Scene]:
    """`count` lots of a family; the same for the same seed. Starts and goals are free, but a way is not promised."""
    rng = np.random.default_rng([FAMILIES.index(family), seed])
    scenes: list[Scene] = []
    while len(scenes) < count:
        scene = _parallel(family, rng) if family.startswith("parallel") else _bay(family, rng)
        if _room(scene, scene.start) > 0.25 and _room(scene, scene.goal) > 0.04:
            scenes.append(scene._replace(name=f"{family}-{seed}-{len(scenes)}"))
    return scenes


def _bay(family: str, rng: np.random.Generator) -> Scene:
    """Reverse into a bay between two cars; aisle 5.5 to 7 m, one to three loose things about, cars opposite."""
    car = BenchCar()
    angle = 0.5 * math.pi if family == "perpendicular" else rng.choice([math.radians(60.0), math.radians(45.0)])
    width, depth = rng.uniform(2.4, 2.7), 5.2
    pitch = width / math.sin(angle)
    inside = np.array([math.cos(angle), math.sin(angle)])  # out of the bay, along it
    nose = 0.35  # from the mouth to the nose of a car well parked
    obstacles = []
    for k in (-3, -2, -1, 1, 2, 3):
        if abs(k) > 1 and rng.random() < 0.3:
            continue
        shift, turn = rng.uniform(-0.15, 0.15), math.radians(rng.uniform(-2.0, 2.0))
        mouth = np.array([k * pitch + shift, 0.0])
        obstacles.append(_box(mouth - inside * (nose + 0.5 * car.length), angle + turn, car.length, car.width))
    # bays lean, so their far ends are lower than they are deep
    floor = -(depth * math.sin(angle) + 0.5 * width * math.cos(angle)) - 0.2
    aisle = rng.uniform(5.5, 7.0)
    obstacles += [_box([0.0, floor - 0.3], 0.0, 40.0, 0.6), _box([0.0, aisle + 0.3], 0.0, 40.0, 0.6)]
    goal = np.array([*(-inside * (nose + car.wheelbase + car.front_overhang)), angle])
    # leaning bays are entered in reverse from a car that has passed them
    heading = 0.0 if angle < 1.5 or rng.random() < 0.5 else math.pi
    start = np.array([
        rng.uniform(-9.0, 3.0) * (1.0 if heading == 0.0 else -1.0),
        rng.uniform(1.4, aisle - 1.4),
        heading + math.radians(rng.uniform(-12.0, 12.0)),
    ])  # fmt: skip
    obstacles += _clutter(car, start, goal, rng, (-12.0, 12.0), (0.3, aisle))
    return Scene("", family, car, start, goal, obstacles, 0.10)


def _parallel(family: str, rng: np.random.Generator) -> Scene:
    """Park at a kerb (y = 0) between two cars; the slot is as many car lengths as the family says."""
    car = BenchCar()
    slot = float(family.removeprefix("parallel_").removesuffix("L")) * car.length
    obstacles = []
    for low, high in ((-car.length, 0.0), (slot, slot + car.length)):
        kerb = rng.uniform(0.2, 0.35)
        obstacles.append(_box([0.5 * (low + high), kerb + 0.5 * car.width], 0.0, car.length, car.width))
    road = rng.uniform(6.5, 8.0)
    obstacles += [_box([4.0, -0.3], 0.0, 40.0, 0.6), _box([4.0, road + 0.3], 0.0, 40.0, 0.6)]
    goal = np.array([0.5 * (slot - car.length) + car.rear_overhang, 0.3 + 0.5 * car.width, 0.0])
    turn = math.radians(rng.uniform(-8.0, 8.0))
    start = np.array([rng.uniform(-4.0, slot + 4.0), rng.uniform(3.9, min(5.2, road - 1.4)), turn])
    if family == "parallel_1.5L":
        obstacles += _clutter(car, start, goal, rng, (-6.0, slot + 9.0), (2.4, road))
    margin = 0.10 if family in ("parallel_1.5L", "parallel_1.3L") else 0.05
    return Scene("", family, car, start, goal, obstacles, margin)


def _clutter(
    car: BenchCar, start: NDArray[np.float64], goal: NDArray[np.float64], rng: np.random.Generator,
    across: tuple[float, float], along: tuple[float, float],
) -> list[NDArray[np.float64]]:  # fmt: skip
    """Up to three loose boxes of 0.2 to 0.6 m that leave 0.6 m round the car's start and goal."""
    boxes: list[NDArray[np.float64]] = []
    wanted = int(rng.integers(0, 4))
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


def _room(scene: Scene, pose: NDArray[np.float64]) -> float:
    """Clearance [m] of the body at a pose."""
    body = _body(scene.car, pose)
    return min(float(shapely.distance(body, Polygon(o))) for o in scene.obstacles)
