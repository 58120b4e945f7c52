"""A street: painted slots along the kerb, then cars along the kerb without paint, traffic on the other side."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from coach_core.contracts import LotMap, ParkingStrip
from ops.worlds.bodies import (
    CAR_SIZES,
    KERB_HEIGHT,
    WALL_HEIGHT,
    WHITE,
    YELLOW,
    arrow,
    bay,
    block,
    car,
    dashes,
    outline_of,
    parked_in,
    slot,
    stripe,
)  # fmt: skip
from ops.worlds.layout import Body, Layout, Look
from ops.worlds.lettering import label

PAVEMENT = 2.2
"""Width [m] of the raised ground behind the kerb."""
RUN_UP = 11.0


@dataclass(frozen=True)
class Parameters:
    """Slots of 1.5 times the learner's car (4.485 m) unless said otherwise; the kerb is on the right."""

    slots: int = 4
    slot_length_m: float = 6.7
    slot_depth_m: float = 2.2
    lane_m: float = 3.4
    """Width of each of the two lanes."""
    row_cars: int = 4
    """Cars along the strip without paint."""
    gap_m: tuple[float, float] = (6.5, 7.2)
    """Free length between two of them."""


def draw(rng: np.random.Generator) -> Parameters:
    """3 to 6 slots of 5.8 to 6.8 x 2.0 to 2.3 m, lanes of 3.0 to 3.6 m; the row's gap is 1.3 to 1.6 cars long."""
    gap = round(float(rng.uniform(1.3, 1.6)) * 4.485, 2)
    return Parameters(
        int(rng.integers(3, 7)),
        round(float(rng.uniform(5.8, 6.8)), 2),
        round(float(rng.uniform(2.0, 2.3)), 2),
        round(float(rng.uniform(3.0, 3.6)), 2),
        int(rng.integers(3, 6)),
        (gap, gap),
    )


def build(p: Parameters, name: str) -> Layout:
    """The kerb's edge is y = 0, traffic beside it goes along +x, the other kerb is at y = depth + 2 lanes."""
    painted = p.slots * p.slot_length_m
    strip_length = round(p.row_cars * 5.8 + p.gap_m[1] + 1.5, 1)
    left = round(-0.5 * (painted + strip_length), 1)
    size = (p.slot_length_m, p.slot_depth_m)
    slots = [
        slot(f"P{i + 1}", "parallel", (left + (i + 0.5) * p.slot_length_m, p.slot_depth_m), -0.5 * math.pi, size)
        for i in range(p.slots)
    ]
    strip_from = round(left + painted + 1.0, 2)
    strip = ParkingStrip("S1", strip_from, 0.0, round(strip_from + strip_length, 2), 0.0, p.slot_depth_m)
    far = round(p.slot_depth_m + 2.0 * p.lane_m, 2)
    ends = (left - RUN_UP - 2.0, strip.x2_m + 9.0)
    kerbs = [
        block("Kerb", "south kerb", (ends[0], -0.25), (ends[1], 0.0), KERB_HEIGHT),
        block("Kerb", "south pavement", (ends[0], -PAVEMENT), (ends[1], -0.25), KERB_HEIGHT, color=(0.58, 0.55, 0.52)),
        block("Kerb", "north kerb", (ends[0], far), (ends[1], far + 0.25), KERB_HEIGHT),
        block("Kerb", "north pavement", (ends[0], far + 0.25), (ends[1], far + PAVEMENT), KERB_HEIGHT,
              color=(0.58, 0.55, 0.52)),
    ]  # fmt: skip
    walls = [
        block("LotWall", "south wall", (ends[0], -PAVEMENT - 0.3), (ends[1], -PAVEMENT), WALL_HEIGHT),
        block("LotWall", "north wall", (ends[0], far + PAVEMENT), (ends[1], far + PAVEMENT + 0.3), WALL_HEIGHT),
    ]
    lane = round(p.slot_depth_m + 0.5 * p.lane_m, 2)
    oncoming = round(p.slot_depth_m + 1.5 * p.lane_m, 2)
    rows = list(_row(p, strip))
    first = round(left - 4.5, 2)
    return Layout(
        name=name,
        family="parallel",
        about=f"A street with {p.slots} painted slots of {p.slot_length_m:g} x {p.slot_depth_m:g} m along the kerb.",
        info=(
            f"Parallel parking: {p.slots} painted slots, then {p.row_cars} cars along the kerb with a gap among them.",
            "The kerb is on the right and the traffic on the left: the nose swings out into the lane.",
        ),
        bodies=[
            *kerbs,
            *walls,
            *map(bay, slots),
            *map(label, slots),
            *dashes((ends[0], p.slot_depth_m), (left, p.slot_depth_m), 1.5, 1.5, 0.1, WHITE),
            stripe((ends[0], p.slot_depth_m + p.lane_m), (ends[1], p.slot_depth_m + p.lane_m), 0.12, YELLOW),
            arrow(round(left + 3.0, 2), lane, 0.0),
            arrow(strip.x1_m, lane, 0.0),
            arrow(strip.x1_m - 4.0, oncoming, math.pi),
            arrow(round(ends[1] - 6.0, 2), oncoming, math.pi),
            *(parked_in(slot, CAR_SIZES[(1, 2, 0, 1)[i % 4]], 2 * i + 1) for i, slot in enumerate(slots)),
            *rows,
            car("MovingCar", "CAR_1", (round(ends[1] - 3.5, 2), oncoming, math.pi), CAR_SIZES[2], 4),
        ],
        lot=LotMap(
            name=name,
            slots=slots,
            walls=[outline_of(wall) for wall in walls],
            drivable=[(ends[0], 0.0), (ends[1], 0.0), (ends[1], far), (ends[0], far)],
            kerbs=[outline_of(kerb) for kerb in kerbs],
            strips=[strip],
        ),
        scenario={
            "about": "What the examiner varies with its seed. Lengths in metres, angles in degrees; docs/worlds.md.",
            "family": "parallel",
            "goals": ["parallel"],
            "ego_def": "EGO",
            "parked_def": "PARKED_{slot}",
            "free_from": [slot.slot_id for slot in slots[1:-1]],
            "start": {"x_m": [first - 1.5, first], "y_m": [lane - 0.25, lane + 0.15], "yaw_deg": [-1.5, 1.5]},
            "neighbours": {"lateral_m": [-0.30, 0.30], "depth_m": [-0.05, 0.05], "yaw_deg": [-1.5, 1.5]},
            "rows": [
                {
                    "strip": "S1",
                    "defs": [row.define for row in rows],
                    "first_m": [0.2, 1.0],
                    "spacing_m": [0.7, 1.1],
                    "gap_after": [row.define for row in rows[:-1]],
                    "gap_m": list(p.gap_m),
                    "kerb_m": [0.15, 0.35],
                    "yaw_deg": [-1.5, 1.5],
                }
            ],
            "movers": [
                {
                    "def": "CAR_1",
                    "chance": 0.8,
                    "path": [[round(ends[1] - 3.5, 2), oncoming], [round(ends[0] + 3.5, 2), oncoming]],
                    "offset_m": [-0.2, 0.2],
                    "speed_mps": [4.0, 7.0],
                    "trigger": {"after_s": [3.0, 25.0]},
                    "then": "away",
                    "yields_m": 15.0,
                    "lane_m": 0.5,
                }
            ],
            "time_limit_s": 240.0,
        },
        start=(first, lane, 0.0),
        look=Look(
            eye=(left - 19.0, far + 3.0, 9.0), target=(left + 8.0, 2.2, 0.0), floor=(ends[1] - ends[0] + 30.0, 60.0)
        ),
    )


def _row(p: Parameters, strip: ParkingStrip) -> Iterator[Body]:
    """Cars along the strip as the world file has them; the examiner lines them up anew."""
    tail = strip.x1_m + 0.6
    for i in range(p.row_cars):
        size = CAR_SIZES[(0, 1, 3, 2, 1)[i % 5]]
        at = (round(tail + 0.5 * size[0], 2), round(0.25 + 0.5 * size[1], 3), 0.0)
        yield car("ParkedCar", f"ROW_{i + 1}", at, size, 3 * i + 5)
        tail += size[0] + (p.gap_m[0] if i == p.row_cars // 2 - 1 else 0.9)
