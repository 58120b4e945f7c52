"""Where episodes come from: a lot, its parked cars, its clutter and a start, drawn for each family from a seed.

Every range is written down, with its source, in docs/study.md. A lot lies along +x: the learner drives up the aisle
with the slots to the right.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from coach_core.contracts import LotMap, SlotMap
from ops.study.episode import Body, Episode, Start, known_kerbs, known_walls
from ops.study.judge import parked_yaw

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
START_BEFORE, START_ABOVE, START_YAW = (6.5, 9.0), (1.9, 2.8), (-2.0, 2.0)
"""Start of the rear axle: before the free bay's middle [m], from the mouths [m], against the aisle [degrees]."""
BEHIND = 0.45
"""From the far end of the bays to the wall behind them [m]."""
WALL = 0.3
CLUTTER = (0, 2)
"""How many pillars and crates stand along the far side of the aisle, within CLUTTER_REACH [m] of it."""
CLUTTER_REACH = 0.6

KERB_BAY, KERB_DEPTH, KERB_HEIGHT = 6.0, 2.3, 0.12
"""Length and depth [m] of the places along a kerb, and the kerb's height."""
KERB_GAP, GAP_SLACK, PASSING = (0.15, 0.30), (0.0, 0.10), (0.6, 1.4)
"""A parked car from the kerb, and from the end of its place; the learner's flank from the mouths when passing [m]."""
LANE = 4.5
"""Road [m] beside cars parked along a kerb, up to the wall opposite: the normal class of DOMAIN.md 6.5."""
PAVEMENT = 1.5

EXIT = "exit"
EXITS = ("perpendicular", "angled60", "parallel1.5", "nose_in")
"""What is left in the family of exits: each as likely."""
EXIT_AHEAD = (-0.10, 0.10)
"""How far a car that is to leave stands ahead of the middle of its slot [m]."""
REAR_OVERHANG = 0.85
"""Of the learner's car [m], from the rear axle."""

Rng = np.random.Generator


def draw(family: str, seed: int) -> Episode:
    """The episode of a seed: equal seeds give equal episodes. ValueError for a family there is not."""
    if family not in FAMILIES:
        raise ValueError(f"unknown family {family!r}; there are: {', '.join(FAMILIES)}")
    rng = np.random.default_rng([seed, *family.encode()])
    return FAMILIES[family](family, seed, rng)


# --- families -----------------------------------------------------------------------------------------------


def _perpendicular(family: str, seed: int, rng: Rng, *, nose_in: bool = False) -> Episode:
    inward = -0.5 * math.pi
    xs = [(i - BAYS // 2) * BAY_WIDTH for i in range(BAYS)]
    slots = [
        SlotMap(f"A{i + 1}", "perpendicular", x, 0.0, inward, BAY_WIDTH, BAY_DEPTH, inward if nose_in else None)
        for i, x in enumerate(xs)
    ]
    return _row_of_bays(family, seed, rng, slots, BAY_DEPTH, AISLE)


def _angled(family: str, seed: int, rng: Rng, *, degrees: float, aisle: float) -> Episode:
    """Bays that lean back, so that a car leaves them forwards the way it came: entered in reverse from beyond."""
    angle = math.radians(degrees)
    lean = 0.5 * BAY_WIDTH * math.cos(angle)
    """The corner nearest to the aisle lies this far before the middle of the entrance."""
    xs = [(i - BAYS // 2) * BAY_WIDTH / math.sin(angle) for i in range(BAYS)]
    slots = [SlotMap(f"B{i + 1}", "angled", x, -lean, angle - math.pi, BAY_WIDTH, BAY_DEPTH) for i, x in enumerate(xs)]
    return _row_of_bays(family, seed, rng, slots, 2.0 * lean + BAY_DEPTH * math.sin(angle), aisle)


def _row_of_bays(family: str, seed: int, rng: Rng, slots: list[SlotMap], deep: float, aisle: float) -> Episode:
    """A row whose mouths lie at y = 0 and whose far ends at y = -deep; walls all round, clutter opposite."""
    free = int(rng.integers(2, BAYS - 1))
    taken = [i != free and bool(rng.random() < TAKEN or abs(i - free) == 1) for i in range(BAYS)]
    bodies = [_parked_in(slot, rng) for slot, is_taken in zip(slots, taken, strict=True) if is_taken]
    half = slots[-1].entrance_x_m + 9.0
    bodies += _walls(-half - 2.0, half, -deep - BEHIND, aisle)
    start = Start(
        slots[free].entrance_x_m - _uniform(rng, START_BEFORE),
        _uniform(rng, (START_ABOVE[0], min(START_ABOVE[1], aisle - 2.0))),
        math.radians(_uniform(rng, START_YAW)),
    )
    bodies += _clutter(rng, aisle, start.x + 7.0, half - 2.0)
    return _episode(family, seed, slots, bodies, start, taken)


def _parallel(family: str, seed: int, rng: Rng, *, lengths: float) -> Episode:
    """A gap of so many car lengths at a kerb on the right, between two parked cars."""
    gap, inward = lengths * CAR_LENGTH, -0.5 * math.pi
    middles = [-0.5 * gap - 0.5 * KERB_BAY, 0.0, 0.5 * gap + 0.5 * KERB_BAY]
    slots = [
        SlotMap(f"P{i + 1}", "parallel", x, 0.0, inward, gap if i == 1 else KERB_BAY, KERB_DEPTH)
        for i, x in enumerate(middles)
    ]
    bodies = []
    for side in (-1.0, 1.0):
        length, width = _uniform(rng, PARKED_LENGTH), _uniform(rng, PARKED_WIDTH)
        x = side * (0.5 * gap + _uniform(rng, GAP_SLACK) + 0.5 * length)
        y = -KERB_DEPTH + _uniform(rng, KERB_GAP) + 0.5 * width
        bodies.append(Body("car", x, y, math.radians(_uniform(rng, NEIGHBOUR_YAW)), length, width))
    half = 0.5 * gap + KERB_BAY + 10.0
    bodies += _walls(-half, half, -KERB_DEPTH - PAVEMENT, LANE)
    bodies.append(Body("kerb", 0.0, -KERB_DEPTH - 0.15, 0.0, 2.0 * half, 0.3, KERB_HEIGHT))
    for _ in range(int(rng.integers(CLUTTER[0], CLUTTER[1] + 1))):
        at = (_uniform(rng, (-gap, gap)), -KERB_DEPTH - _uniform(rng, (0.35, 0.8)))
        bodies.append(Body("object", *at, 0.0, 0.3, 0.3, 1.0))
    start = Start(
        -_uniform(rng, (9.0, 12.0)) - 0.5 * gap,
        0.5 * CAR_WIDTH + _uniform(rng, PASSING),
        math.radians(_uniform(rng, START_YAW)),
    )
    return _episode(family, seed, slots, bodies, start, [True, False, True])


def _exit(family: str, seed: int, rng: Rng) -> Episode:
    """Parked in the free slot of another family's lot, as somebody else left it; no other slot is free."""
    kind = EXITS[int(rng.integers(len(EXITS)))]
    there = FAMILIES[kind](family, seed, rng)
    slot = next(slot for slot in there.lot.slots if slot.slot_id == there.free_slots[len(there.free_slots) // 2])
    yaw = parked_yaw(slot)
    lateral, ahead = _uniform(rng, NEIGHBOUR_LATERAL), _uniform(rng, EXIT_AHEAD)
    middle = 0.5 * slot.depth_m
    back = 0.5 * CAR_LENGTH - REAR_OVERHANG
    cos, sin = math.cos(yaw), math.sin(yaw)
    start = Start(
        slot.entrance_x_m + middle * math.cos(slot.inward_yaw_rad) + (ahead - back) * cos - lateral * sin,
        slot.entrance_y_m + middle * math.sin(slot.inward_yaw_rad) + (ahead - back) * sin + lateral * cos,
        yaw + math.radians(_uniform(rng, NEIGHBOUR_YAW)),
        gear="P",
    )
    return there._replace(start=start, free_slots=(slot.slot_id,))


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
    """Things that stand along the far side of the aisle, whose edge is at y = `far` [m]: pillars, which the lot map
    knows, and crates, which it does not. Nothing slim and round: the stand-in's sonar, like Webots', hardly hears it.
    """
    found = []
    for _ in range(int(rng.integers(CLUTTER[0], CLUTTER[1] + 1))):
        x, y = _uniform(rng, (west, east)), far - _uniform(rng, (0.25, CLUTTER_REACH))
        if rng.random() < 0.5:
            found.append(Body("pillar", x, far - 0.2, 0.0, 0.4, 0.4, 2.2))
        else:
            found.append(Body("object", x, y, math.radians(_uniform(rng, (-15.0, 15.0))), 0.6, 0.4, 1.0))
    return found


def _uniform(rng: Rng, bounds: tuple[float, float]) -> float:
    return float(rng.uniform(*bounds))


FAMILIES: dict[str, Callable[[str, int, Rng], Episode]] = {
    "perpendicular": _perpendicular,
    "angled60": partial(_angled, degrees=60.0, aisle=5.5),
    "angled45": partial(_angled, degrees=45.0, aisle=5.0),
    "parallel1.5": partial(_parallel, lengths=1.5),
    "parallel1.3": partial(_parallel, lengths=1.3),
    "nose_in": partial(_perpendicular, nose_in=True),
    EXIT: _exit,
}
"""Aisles are those of DOMAIN.md 3.2 for lots with one entrance."""
