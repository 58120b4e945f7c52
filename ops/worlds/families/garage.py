"""An indoor deck: groups of three bays between pillars, dim light."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coach_core.contracts import LotMap
from ops.worlds.bodies import (
    CAR_SIZES,
    PILLAR_HEIGHT,
    YELLOW,
    arrow,
    bay,
    block,
    enclosure,
    outline_of,
    parked_in,
    slot,
    stripe,
)  # fmt: skip
from ops.worlds.layout import Body, Layout, Look
from ops.worlds.lettering import label

GROUP = 3


@dataclass(frozen=True)
class Parameters:
    """Groups of three bays between pillars along both sides of an aisle."""

    groups: int = 3
    bay_width_m: float = 2.5
    bay_depth_m: float = 5.0
    aisle_m: float = 6.0
    pillar_m: float = 0.7
    set_back_m: float = 0.6
    """From the mouth line of the bays to the near face of the pillars."""


def draw(rng: np.random.Generator) -> Parameters:
    """2 to 4 groups, bays of 2.3 to 2.6 m, an aisle of 5.5 to 6.5 m, pillars of 0.5 to 0.9 m, 0.3 to 1.2 m set back."""
    return Parameters(
        int(rng.integers(2, 5)),
        (2.3, 2.5, 2.6)[int(rng.integers(3))],
        5.0,
        round(float(rng.uniform(5.5, 6.5)), 2),
        round(float(rng.uniform(0.5, 0.9)), 2),
        round(float(rng.uniform(0.3, 1.2)), 2),
    )


def build(p: Parameters, name: str) -> Layout:
    """South bays have their mouths on y = 0, north ones on y = aisle."""
    span = GROUP * p.bay_width_m + p.pillar_m + 0.1
    half = 0.5 * (p.groups * span + p.pillar_m)
    size = (p.bay_width_m, p.bay_depth_m)
    slots, pillars = [], []
    for row, mouth, inward in (("A", 0.0, -0.5 * math.pi), ("B", p.aisle_m, 0.5 * math.pi)):
        side = 1.0 if inward > 0 else -1.0
        for group in range(p.groups + 1):
            x = round(-half + group * span, 4)
            near, far = mouth + side * p.set_back_m, mouth + side * (p.set_back_m + p.pillar_m)
            pillars.append(_pillar(f"pillar {row}{group + 1}", x, min(near, far), p.pillar_m))
            if group < p.groups:
                for i in range(GROUP):
                    at = (x + p.pillar_m + 0.05 + (i + 0.5) * p.bay_width_m, mouth)
                    slots.append(slot(f"{row}{group * GROUP + i + 1}", "perpendicular", at, inward, size))
    end, low, high = half + 7.5, -p.bay_depth_m - 0.4, p.aisle_m + p.bay_depth_m + 0.4
    low_corner, high_corner = (round(-end, 2), round(low, 2)), (round(end, 2), round(high, 2))
    walls = enclosure(low_corner, high_corner)
    middle = 0.5 * p.aisle_m
    own = [slot for slot in slots if slot.slot_id.startswith("A")]
    return Layout(
        name=name,
        family="garage",
        about=f"A parking deck: {len(slots)} bays in groups of {GROUP} between pillars, a {p.aisle_m:g} m aisle.",
        info=(
            f"Garage: {len(slots)} bays of {p.bay_width_m:g} x {p.bay_depth_m:g} m, pillars of {p.pillar_m:g} m.",
            "A pillar beside the mouth takes away the room in which the nose swings out.",
        ),
        bodies=[
            *walls,
            *pillars,
            *map(bay, slots),
            *map(label, slots),
            stripe((-end, 0.03), (-half, 0.03), 0.12, YELLOW),
            stripe((-end, p.aisle_m - 0.03), (-half, p.aisle_m - 0.03), 0.12, YELLOW),
            stripe((half, 0.03), (end, 0.03), 0.12, YELLOW),
            stripe((half, p.aisle_m - 0.03), (end, p.aisle_m - 0.03), 0.12, YELLOW),
            *(arrow(round(x, 2), middle - 1.4, 0.0) for x in (-half - 3.0, 0.0, half + 2.0)),
            *(arrow(round(x, 2), middle + 1.4, math.pi) for x in (-half - 2.0, half + 3.0)),
            *(parked_in(slot, CAR_SIZES[(0, 1, 2, 0, 3)[i % 5]], 3 * i + i // 7) for i, slot in enumerate(slots)),
        ],
        lot=LotMap(
            name=name,
            slots=slots,
            walls=[outline_of(body) for body in (*walls, *pillars)],
            drivable=[low_corner, (high_corner[0], low_corner[1]), high_corner, (low_corner[0], high_corner[1])],
        ),
        scenario={
            "about": "What the examiner varies with its seed. Lengths in metres, angles in degrees; docs/worlds.md.",
            "family": "garage",
            "goals": ["reverse_in"],
            "ego_def": "EGO",
            "parked_def": "PARKED_{slot}",
            "free_from": [slot.slot_id for slot in own[1:-1]],
            "start": {"x_m": [-half - 2.6, -half - 1.2], "y_m": [1.8, 2.5], "yaw_deg": [-2.0, 2.0]},
            "neighbours": {"lateral_m": [-0.10, 0.10], "depth_m": [-0.10, 0.15], "yaw_deg": [-1.5, 1.5]},
            "time_limit_s": 240.0,
        },
        start=(round(-half - 2.2, 2), 2.1, 0.0),
        look=Look(
            eye=(-end - 12.0, middle + 4.5, 11.5),
            target=(-0.15 * half, middle - 0.8, 0.0),
            sky="factory",
            luminosity=0.6,
            skybox=False,
            floor=(2.0 * end + 2.0, high - low + 2.0),
            floor_at=(0.0, middle),
            floor_color=(0.36, 0.37, 0.37),
        ),
    )


def _pillar(name: str, x: float, y: float, side: float) -> Body:
    band = (round(side + 0.02, 3), round(side + 0.02, 3), 0.2)
    return block("Pillar", name, (x, round(y, 4)), (x + side, round(y + side, 4)), PILLAR_HEIGHT, band=band)
