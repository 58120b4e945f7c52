"""Oblique bays along one side of a one-way aisle, entered backwards."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coach_core.contracts import LotMap
from ops.worlds.bodies import CAR_SIZES, arrow, bay, enclosure, outline_of, parked_in, slot
from ops.worlds.layout import Layout, Look
from ops.worlds.lettering import label


@dataclass(frozen=True)
class Parameters:
    """Korean law asks for an aisle of 4.5 m at 60 degrees (5.5 m where there is one entrance only)."""

    bays: int = 8
    angle_deg: float = 60.0
    """Between a parked car's heading and the direction of the aisle."""
    bay_width_m: float = 2.5
    bay_depth_m: float = 5.0
    aisle_m: float = 5.5


def draw(rng: np.random.Generator) -> Parameters:
    """6 to 11 bays at 45 or 60 degrees, 2.3 to 2.6 m wide, an aisle of 4.5 to 6.0 m."""
    angle = (45.0, 60.0)[int(rng.integers(2))]
    width = (2.3, 2.5, 2.6)[int(rng.integers(3))]
    return Parameters(int(rng.integers(6, 12)), angle, width, 5.0, round(float(rng.uniform(4.5, 6.0)), 2))


def build(p: Parameters, name: str) -> Layout:
    """The aisle runs along +x on 0 < y < aisle; no corner of a bay reaches beyond y = 0."""
    angle = math.radians(p.angle_deg)
    inward = angle - math.pi
    pitch = p.bay_width_m / math.sin(angle)
    back = 0.5 * p.bay_width_m * math.cos(angle)
    half = 0.5 * p.bays * pitch
    size = (p.bay_width_m, p.bay_depth_m)
    slots = [slot(f"A{i + 1}", "angled", (-half + (i + 0.5) * pitch, -back), inward, size) for i in range(p.bays)]
    bottom = -back - p.bay_depth_m * math.sin(angle) - back - 0.5
    left, right = -half - p.bay_depth_m * math.cos(angle) - 5.0, half + 8.0
    low, high = (round(left, 2), round(bottom, 2)), (round(right, 2), p.aisle_m)
    walls = enclosure(low, high)
    x = round(-half - 3.4, 2)
    return Layout(
        name=name,
        family="angled",
        about=f"{p.bays} bays at {p.angle_deg:g} degrees along a one-way aisle of {p.aisle_m:g} m, entered backwards.",
        info=(
            f"Angled parking: {p.bays} bays of {p.bay_width_m:g} x {p.bay_depth_m:g} m at {p.angle_deg:g} degrees.",
            "Drive past the free bay along the arrows and reverse in; the nose then points the way out.",
        ),
        bodies=[
            *walls,
            *map(bay, slots),
            *map(label, slots),
            *(arrow(round(-half + (i + 0.5) * half, 2), round(0.62 * p.aisle_m, 2), 0.0) for i in range(4)),
            *(parked_in(slot, CAR_SIZES[(0, 1, 0, 2, 1, 3)[i % 6]], i + 2) for i, slot in enumerate(slots)),
        ],
        lot=LotMap(
            name=name,
            slots=slots,
            walls=[outline_of(wall) for wall in walls],
            drivable=[low, (high[0], low[1]), high, (low[0], high[1])],
        ),
        scenario={
            "about": "What the examiner varies with its seed. Lengths in metres, angles in degrees; docs/worlds.md.",
            "family": "angled",
            "goals": ["reverse_in"],
            "ego_def": "EGO",
            "parked_def": "PARKED_{slot}",
            "free_from": [slot.slot_id for slot in slots[2:-2]],
            "start": {"x_m": [x - 1.0, x], "y_m": [1.7, 2.3], "yaw_deg": [-2.0, 2.0]},
            "neighbours": {"lateral_m": [-0.10, 0.10], "depth_m": [-0.10, 0.15], "yaw_deg": [-1.5, 1.5]},
            "time_limit_s": 240.0,
        },
        start=(x, 2.0, 0.0),
        look=Look(eye=(left - 8.0, p.aisle_m + 8.0, 9.5), target=(-0.2 * half, -1.0, 0.0)),
    )
