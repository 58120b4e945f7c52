"""Where episodes come from: a lot, its parked cars, its clutter and a start, drawn for each family from a seed.

Every range is written down, with its source, in docs/study.md. A lot lies along +x: the learner drives up the aisle
with the slots to the right.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from coach_core.contracts import LotMap, SlotMap
from ops.study.episode import Body, Episode, Start, known_kerbs, known_walls

CAR_LENGTH, CAR_WIDTH = 4.485, 1.823
"""The learner's car [m] (docs/standin.md); DOMAIN.md's L and W."""
PARKED_LENGTH, PARKED_WIDTH = (4.2, 4.75), (1.75, 1.90)
"""Other cars [m]: compact to mid-size."""
BAY_WIDTH, BAY_DEPTH = 2.5, 5.0
"""A standard Korean bay [m] (DOMAIN.md 3.2)."""
BAYS = 7
AISLE = 6.0
"""Width [m] of the aisle before perpendicular bays (DOMAIN.md 3.2)."""
TAKEN = 0.85
"""Chance that a bay other than the free one has a car in it."""
NEIGHBOUR_LATERAL, NEIGHBOUR_DEPTH, NEIGHBOUR_YAW = (-0.10, 0.10), (-0.10, 0.15), (-1.5, 1.5)
"""How far a parked car stands from the middle of its bay [m, m, degrees]."""
BEHIND = 0.45
"""From the far end of the bays to the wall behind them [m]."""
WALL = 0.3
CLUTTER = (0, 2)
"""How many cones and boxes stand along the far side of the aisle, within CLUTTER_REACH [m] of it."""
CLUTTER_REACH = 0.6

Rng = np.random.Generator


def draw(family: str, seed: int) -> Episode:
    """The episode of a seed: equal seeds give equal episodes. ValueError for a family there is not."""
    if family not in FAMILIES:
        raise ValueError(f"unknown family {family!r}; there are: {', '.join(FAMILIES)}")
    rng = np.random.default_rng([seed, *family.encode()])
    return FAMILIES[family](family, seed, rng)


def _perpendicular(family: str, seed: int, rng: Rng, *, nose_in: bool = False) -> Episode:
    inward = -0.5 * math.pi
    xs = [(i - BAYS // 2) * BAY_WIDTH for i in range(BAYS)]
    slots = [
        SlotMap(f"A{i + 1}", "perpendicular", x, 0.0, inward, BAY_WIDTH, BAY_DEPTH, inward if nose_in else None)
        for i, x in enumerate(xs)
    ]
    free = int(rng.integers(2, BAYS - 1))
    taken = [i != free and bool(rng.random() < TAKEN or abs(i - free) == 1) for i in range(BAYS)]
    bodies = [_parked_in(slot, rng) for slot, is_taken in zip(slots, taken, strict=True) if is_taken]
    half = 0.5 * BAYS * BAY_WIDTH + 7.5
    bodies += _walls(-half, half, -BAY_DEPTH - BEHIND, AISLE)
    start = Start(
        xs[free] - _uniform(rng, (6.5, 9.0)), _uniform(rng, (1.9, 2.8)), math.radians(_uniform(rng, (-2.0, 2.0)))
    )
    bodies += _clutter(rng, AISLE, start.x + 7.0, half - 2.0)
    return _episode(family, seed, slots, bodies, start, taken)


# --- parts of a lot -----------------------------------------------------------------------------------------


def _episode(
    family: str, seed: int, slots: list[SlotMap], bodies: list[Body], start: Start, taken: list[bool]
) -> Episode:
    everything = tuple(bodies)
    lot = LotMap(family, slots, known_walls(everything), kerbs=known_kerbs(everything))
    free = tuple(slot.slot_id for slot, is_taken in zip(slots, taken, strict=True) if not is_taken)
    return Episode(family, seed, lot, everything, start, free)


def _parked_in(slot: SlotMap, rng: Rng) -> Body:
    """A car in a bay, nose out or in: which does not show in its outline."""
    length, width = _uniform(rng, PARKED_LENGTH), _uniform(rng, PARKED_WIDTH)
    lateral = _uniform(rng, NEIGHBOUR_LATERAL)
    depth = 0.5 * slot.depth_m + _uniform(rng, NEIGHBOUR_DEPTH)
    cos, sin = math.cos(slot.inward_yaw_rad), math.sin(slot.inward_yaw_rad)
    return Body(
        "car",
        slot.entrance_x_m + depth * cos - lateral * sin,
        slot.entrance_y_m + depth * sin + lateral * cos,
        slot.inward_yaw_rad + math.radians(_uniform(rng, NEIGHBOUR_YAW)),
        length,
        width,
    )


def _walls(west: float, east: float, south: float, north: float) -> list[Body]:
    """Four walls round a lot whose free ground has these bounds [m]."""
    middle, centre = 0.5 * (west + east), 0.5 * (south + north)
    long, high = east - west + 2.0 * WALL, north - south
    return [
        Body("wall", middle, south - 0.5 * WALL, 0.0, long, WALL, 1.2),
        Body("wall", middle, north + 0.5 * WALL, 0.0, long, WALL, 1.2),
        Body("wall", west - 0.5 * WALL, centre, 0.0, WALL, high, 1.2),
        Body("wall", east + 0.5 * WALL, centre, 0.0, WALL, high, 1.2),
    ]


def _clutter(rng: Rng, far: float, west: float, east: float) -> list[Body]:
    """Things that stand along the far side of the aisle, whose edge is at y = `far` [m]."""
    found = []
    for _ in range(int(rng.integers(CLUTTER[0], CLUTTER[1] + 1))):
        x, y = _uniform(rng, (west, east)), far - _uniform(rng, (0.25, CLUTTER_REACH))
        if rng.random() < 0.5:
            found.append(Body("cone", x, y, 0.0, 0.40, 0.40, 0.7, is_round=True))
        else:
            found.append(Body("object", x, y, _uniform(rng, (0.0, math.pi)), 0.5, 0.4, 1.0))
    return found


def _uniform(rng: Rng, bounds: tuple[float, float]) -> float:
    return float(rng.uniform(*bounds))


FAMILIES: dict[str, Callable[[str, int, Rng], Episode]] = {
    "perpendicular": _perpendicular,
}
