"""Questions for planners: standard tasks, the TPCAP cases where they are at hand, and random lots by family.

Lengths m, angles rad, poses [x, y, yaw] of the rear-axle centre. Nothing of the core is used.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ops.bench.planner.lots import BenchCar, Lot, bay, nose_in, parallel, room


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
EASY = ("perpendicular", "angled", "parallel_1.5L", "parallel_1.3L")
TIGHT = ("parallel_1.2L", "parallel_1.15L")
OTHER_WAYS = ("nose_in", "exit_perpendicular", "exit_nose_in", "exit_parallel")
"""Driving in nose first, and driving out: the start in the slot, the goal in the aisle."""
CLASSES = ("bay_normal", "bay_complex", "parallel_normal", "parallel_complex", "parallel_extreme")
"""Difficulty by the slot's size, the road's width and the number of loose things. Source: HOPE (2024), its config."""
FAMILIES = (*EASY, *TIGHT, *OTHER_WAYS, *CLASSES)
_LEAST_START_ROOM, _LEAST_GOAL_ROOM = 0.25, 0.04


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
        lot = _lot(family, rng)
        if room(lot, lot.start) > _LEAST_START_ROOM and room(lot, lot.goal) > _LEAST_GOAL_ROOM:
            name = f"{family}-{seed}-{len(scenes)}"
            ends = (lot.goal, lot.start) if family.startswith("exit_") else (lot.start, lot.goal)
            scenes.append(Scene(name, family, lot.car, *ends, lot.obstacles, lot.margin))
    return scenes


def _lot(family: str, rng: np.random.Generator) -> Lot:
    """The next lot; an exit's is that of the way in."""
    car = BenchCar()
    match family.removeprefix("exit_"):
        case "perpendicular":
            return bay(rng, angles=(90.0,))
        case "angled":
            return bay(rng, angles=(60.0, 45.0))
        case "nose_in":
            return nose_in(bay(rng, angles=(90.0,)))
        case "parallel":
            return parallel(rng, 1.5 * car.length, loose=(0, 3))
        case "bay_normal":
            return bay(rng, width=(car.width + 0.85, car.width + 1.2), aisle=(7.0, 7.0), loose=(3, 3))
        case "bay_complex":
            return bay(rng, width=(car.width + 0.4, car.width + 0.85), aisle=(6.0, 6.0), loose=(5, 5))
        case "parallel_normal":
            return parallel(rng, rng.uniform(1.25, 1.5) * car.length, road=(7.0, 7.0), loose=(3, 3))
        case "parallel_complex":
            slot = rng.uniform(car.length + 0.9, 1.25 * car.length)
            return parallel(rng, slot, road=(6.5, 6.5), loose=(5, 5), margin=0.05)
        case "parallel_extreme":
            slot = rng.uniform(car.length + 0.6, car.length + 0.9)
            return parallel(rng, slot, road=(6.0, 6.0), loose=(8, 8), margin=0.05)
        case _:
            part = float(family.removeprefix("parallel_").removesuffix("L"))
            loose = (0, 3) if part > 1.4 else (0, 0)
            return parallel(rng, part * car.length, loose=loose, margin=0.10 if part > 1.25 else 0.05)
