"""Perpendicular bays along one side of an aisle, walls all round."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coach_core.contracts import LotMap
from ops.worlds.bodies import BODY, arrow, bay, enclosure, outline_of, parked_in, slot
from ops.worlds.layout import Layout, Look
from ops.worlds.lettering import label

RUN_UP = 7.25
"""Free aisle [m] before the first and after the last bay."""
BEHIND = 0.45
"""From the far end of the bays to the wall [m]."""


@dataclass(frozen=True)
class Parameters:
    """What may differ between lots of this family. Widths follow Korean law: standard 2.5 x 5.0, wide 2.6 x 5.2."""

    bays: int = 7
    bay_width_m: float = 2.5
    bay_depth_m: float = 5.0
    aisle_m: float = 6.0


def draw(rng: np.random.Generator) -> Parameters:
    """5 to 11 bays of 2.3 (before 2019), 2.5 or 2.6 m, an aisle of 5.5 to 7.0 m."""
    width, depth = ((2.3, 5.0), (2.5, 5.0), (2.6, 5.2))[int(rng.integers(3))]
    return Parameters(int(rng.integers(5, 12)), width, depth, round(float(rng.uniform(5.5, 7.0)), 2))


def build(p: Parameters, name: str) -> Layout:
    """The lot of these parameters, its bays' mouths on y = 0."""
    half = 0.5 * p.bays * p.bay_width_m
    first = -half + 0.5 * p.bay_width_m
    size = (p.bay_width_m, p.bay_depth_m)
    slots = [
        slot(f"A{i + 1}", "perpendicular", (first + i * p.bay_width_m, 0.0), -0.5 * math.pi, size)
        for i in range(p.bays)
    ]
    end = half + RUN_UP
    bottom = -p.bay_depth_m - BEHIND
    walls = enclosure((-end, bottom), (end, p.aisle_m))
    return Layout(
        name=name,
        family="perpendicular",
        about=f"{p.bays} perpendicular bays of {p.bay_width_m:g} x {p.bay_depth_m:g} m along a {p.aisle_m:g} m aisle.",
        info=(
            f"Perpendicular parking: {p.bays} bays of {p.bay_width_m:g} x {p.bay_depth_m:g} m, walls all round.",
            "The examiner frees a bay and jitters the other cars by its seed.",
        ),
        bodies=[
            *walls,
            *map(bay, slots),
            *map(label, slots),
            arrow(round(-0.4 * half, 2), round(0.4 * p.aisle_m, 2), 0.0),
            arrow(round(0.4 * half, 2), round(0.75 * p.aisle_m, 2), math.pi),
            *(parked_in(slot, BODY, i) for i, slot in enumerate(slots)),
        ],
        lot=LotMap(
            name=name,
            slots=slots,
            walls=[outline_of(wall) for wall in walls],
            drivable=[
                (-end, 0.0),
                (-half, 0.0),
                (-half, bottom),
                (half, bottom),
                (half, 0.0),
                (end, 0.0),
                (end, p.aisle_m),
                (-end, p.aisle_m),
            ],
        ),
        scenario={
            "about": "What the examiner varies with its seed. Lengths in metres, angles in degrees; docs/worlds.md.",
            "family": "perpendicular",
            "goals": ["reverse_in"],
            "ego_def": "EGO",
            "parked_def": "PARKED_{slot}",
            "free_from": [slot.slot_id for slot in slots[2:-2]] or [slots[p.bays // 2].slot_id],
            "start": {"x_m": [-half - 2.25, -half - 0.75], "y_m": [1.9, 2.8], "yaw_deg": [-2.0, 2.0]},
            "neighbours": {"lateral_m": [-0.10, 0.10], "depth_m": [-0.10, 0.15], "yaw_deg": [-1.5, 1.5]},
            "time_limit_s": 240.0,
        },
        start=(-half - 2.25, 2.0, 0.0),
        look=Look(eye=(-end - 8.0, p.aisle_m + 7.0, 9.5), target=(-0.25 * half, -0.5, 0.0)),
    )
