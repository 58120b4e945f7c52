"""A lot in use: twenty bays on two sides, some free, a cone and a trolley about, cars and people on the move."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from coach_core.contracts import LotMap
from ops.worlds.bodies import CAR_SIZES, arrow, bay, car, enclosure, outline_of, parked_in, slot
from ops.worlds.layout import Body, Layout, Look, Value
from ops.worlds.lettering import label


@dataclass(frozen=True)
class Parameters:
    """Two rows of equal length face each other over the aisle."""

    bays: int = 20
    bay_width_m: float = 2.5
    bay_depth_m: float = 5.0
    aisle_m: float = 6.0
    free: tuple[int, int] = (3, 6)
    walkers: int = 2
    cars: int = 1


def draw(rng: np.random.Generator) -> Parameters:
    """12 to 28 bays of 2.3 to 2.6 m, an aisle of 6 to 7 m, one to a third free, 0 to 3 walkers, 0 or 1 car."""
    bays = 2 * int(rng.integers(6, 15))
    free = int(rng.integers(1, bays // 3 + 1))
    return Parameters(
        bays,
        (2.3, 2.5, 2.6)[int(rng.integers(3))],
        5.0,
        round(float(rng.uniform(6.0, 7.0)), 2),
        (free, free),
        int(rng.integers(0, 4)),
        int(rng.integers(0, 2)),
    )


def build(p: Parameters, name: str) -> Layout:
    """Row A has its mouths on y = 0, row B on y = aisle."""
    each = p.bays // 2
    half = 0.5 * each * p.bay_width_m
    size = (p.bay_width_m, p.bay_depth_m)
    rows = (("A", 0.0, -0.5 * math.pi), ("B", p.aisle_m, 0.5 * math.pi))
    slots = [
        slot(f"{row}{i + 1}", "perpendicular", (-half + (i + 0.5) * p.bay_width_m, mouth), inward, size)
        for row, mouth, inward in rows
        for i in range(each)
    ]
    end, bottom, top = half + 8.0, -p.bay_depth_m - 0.5, p.aisle_m + p.bay_depth_m + 0.5
    walls = enclosure((-end, bottom), (end, top))
    movers, bodies = _movers(p, half, end)
    # who starts beside the first bays has not driven past them, and a thin thing is only heard now and then
    passed = [slot.slot_id for slot in slots if slot.slot_id not in ("A1", "B1")]
    clutter: list[dict[str, Any]] = [
        {
            "def": "CONE_1",
            "chance": 0.6,
            "blocks": passed,
            "depth_m": [0.5, 1.5],
            "lateral_m": [-0.4, 0.4],
            "yaw_deg": [-180.0, 180.0],
        },
        {
            "def": "TROLLEY_1",
            "chance": 0.6,
            "blocks": passed,
            "depth_m": [1.0, 3.5],
            "lateral_m": [-0.5, 0.5],
            "yaw_deg": [-180.0, 180.0],
        },
    ]
    x, lane = round(-half - 2.4, 2), 0.5 * p.aisle_m
    return Layout(
        name=name,
        family="busy",
        about=f"{p.bays} bays on two sides of a {p.aisle_m:g} m aisle, some free; people and cars are about.",
        info=(
            f"A busy lot: {p.bays} bays on two sides of a {p.aisle_m:g} m aisle, {p.free[0]} to {p.free[1]} free.",
            "Which one to take? Not every bay without a car is free, and others are on their way.",
        ),
        bodies=[
            *walls,
            *map(bay, slots),
            *map(label, slots),
            *(arrow(round(a, 2), lane - 1.4, 0.0) for a in (-half - 3.0, -0.25 * half, 0.75 * half)),
            *(arrow(round(a, 2), lane + 1.4, math.pi) for a in (-0.75 * half, 0.25 * half, half + 3.0)),
            *(parked_in(slot, CAR_SIZES[(0, 1, 0, 2, 1, 3, 4)[i % 7]], 7 * i + i // 4) for i, slot in enumerate(slots)),
            Body("LotCone", end - 1.5, 0.5, define="CONE_1", fields={"name": "cone 1"}),
            Body("Trolley", end - 1.5, p.aisle_m - 0.5, yaw=0.6, define="TROLLEY_1", fields={"name": "trolley 1"}),
            *bodies,
        ],
        lot=LotMap(
            name=name,
            slots=slots,
            walls=[outline_of(wall) for wall in walls],
            drivable=[(-end, bottom), (end, bottom), (end, top), (-end, top)],
        ),
        scenario={
            "about": "What the examiner varies with its seed. Lengths in metres, angles in degrees; docs/worlds.md.",
            "family": "busy",
            "goals": ["reverse_in"],
            "ego_def": "EGO",
            "parked_def": "PARKED_{slot}",
            "free_from": [slot.slot_id for slot in slots if slot.slot_id[1:] not in ("1", str(each))],
            "free_count": list(p.free),
            "start": {"x_m": [x - 1.0, x], "y_m": [1.7, 2.3], "yaw_deg": [-2.0, 2.0]},
            "neighbours": {"lateral_m": [-0.15, 0.15], "depth_m": [-0.15, 0.15], "yaw_deg": [-2.0, 2.0]},
            "clutter": clutter,
            "movers": movers,
            "time_limit_s": 300.0,
        },
        start=(x, 2.0, 0.0),
        look=Look(eye=(-end - 14.0, lane - 6.0, 12.5), target=(-0.1 * half, lane, 0.0)),
    )


_SHIRTS = ((0.85, 0.42, 0.1), (0.13, 0.42, 0.62), (0.55, 0.12, 0.3))


def _movers(p: Parameters, half: float, end: float) -> tuple[list[dict[str, Any]], list[Body]]:
    """Walkers cross the aisle before the learner; a car comes the other way and gives way."""
    movers: list[dict[str, Any]] = []
    bodies: list[Body] = []
    for i in range(p.walkers):
        x = round(-0.5 * half + i * 0.55 * half, 2)
        ends = [[x, p.aisle_m + 0.2], [x, -0.2]] if i % 2 == 0 else [[x, -0.2], [x, p.aisle_m + 0.2]]
        movers.append(
            {
                "def": f"WALKER_{i + 1}",
                "chance": 0.8,
                "path": ends,
                "offset_m": [-1.0, 1.0],
                "speed_mps": [0.8, 1.4],
                "trigger": {"after_s": [0.0, 2.0], "near": [x, 0.5 * p.aisle_m], "ego_within_m": 9.0},
                "then": "away",
                "yields_m": 1.2,
            }
        )
        fields: dict[str, Value] = {"name": f"walker {i + 1}", "shirt": _SHIRTS[i % len(_SHIRTS)]}
        facing = -0.5 * math.pi if i % 2 == 0 else 0.5 * math.pi
        bodies.append(Body("Walker", x, ends[0][1], 0.0, facing, f"WALKER_{i + 1}", fields))
    for i in range(p.cars):
        y = round(0.75 * p.aisle_m, 2)
        start = round(end - 3.0, 2)
        movers.append(
            {
                "def": f"CAR_{i + 1}",
                "chance": 0.7,
                "path": [[start, y], [round(-end + 3.0, 2), y]],
                "offset_m": [-0.2, 0.0],
                "speed_mps": [1.5, 2.5],
                "trigger": {"after_s": [2.0, 12.0]},
                "then": "away",
                "yields_m": 12.0,
                "lane_m": 0.3,
            }
        )
        bodies.append(car("MovingCar", f"CAR_{i + 1}", (start, y, math.pi), CAR_SIZES[1], 3))
    return movers, bodies
