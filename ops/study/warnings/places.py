"""Where contacts happen: small lots of each family, drawn from documented ranges.

The aisle runs along x from y = 0 upwards, the slots lie below it, and the middle one is left out of both lot map and
lot: it is where the learner wants to go. What the coach is told is the lot map alone: walls, pillars, kerbs and the
slots in which a car may stand; where a car really stands, and whatever stands elsewhere, it has to find out.
Ranges: DOMAIN.md 3.2 (slots and aisles), 9 (cars).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from coach_core.contracts import LotMap, SlotMap
from ops.study.episode import Body, known_kerbs, known_walls

FAMILIES = ("perpendicular", "angled", "parallel", "garage")
SLOTS = 5
MIDDLE = 2


class Place(NamedTuple):
    """A lot with a gap in the middle: entrance of the gap at the origin, `inward` [rad] the way into it."""

    family: str
    slots: tuple[SlotMap, ...]
    bodies: tuple[Body, ...]
    inward: float
    width: float
    depth: float
    aisle: float

    def lot(self, bodies: tuple[Body, ...]) -> LotMap:
        """What the coach is told of this place with these bodies in it."""
        return LotMap(self.family, list(self.slots), walls=known_walls(bodies), kerbs=known_kerbs(bodies))


def draw_place(rng: np.random.Generator, family: str) -> Place:
    """A place of `family`; ranges in metres and degrees stand where they are drawn."""
    if family == "parallel":
        return _parallel(rng)
    angle = math.radians(float(rng.choice([45.0, 60.0]))) if family == "angled" else 0.5 * math.pi
    width, depth, aisle = float(rng.uniform(2.3, 2.6)), 5.0, float(rng.uniform(5.0, 7.0))
    inward = angle - math.pi
    pitch = width / math.sin(angle)
    slots, bodies = [], []
    for k in range(SLOTS):
        x = (k - MIDDLE) * pitch
        if k == MIDDLE:
            continue
        slots.append(
            SlotMap(f"A{k + 1}", "angled" if family == "angled" else "perpendicular", x, 0.0, inward, width, depth)
        )
        bodies.append(_parked(rng, x, 0.0, inward, depth, inward))
    reach = depth * math.sin(angle) + 1.2
    bodies.append(_wall(0.0, -reach, 0.0, 26.0))
    bodies.append(_wall(0.0, aisle + 0.15, 0.0, 26.0))
    if family == "garage":
        side = float(rng.uniform(0.4, 0.7))
        back = float(rng.uniform(0.2, 1.0))
        for line in (-1.5, -0.5, 0.5, 1.5):
            if rng.random() < 0.6:
                x = line * pitch
                bodies.append(Body("pillar", x, -back - 0.5 * side, 0.0, min(side, 0.35), side, 2.4))
    return Place(family, tuple(slots), tuple(bodies), inward, width, depth, aisle)


def _parallel(rng: np.random.Generator) -> Place:
    """Cars along a kerb: gap of 1.3 to 1.6 car lengths, neighbours 0.1 to 0.5 m from the kerb."""
    width, depth, aisle = 4.485 * float(rng.uniform(1.3, 1.6)), 2.3, float(rng.uniform(3.5, 6.0))
    slots, bodies = [], []
    for k in (-1, 1):
        x = k * (0.5 * width + 3.0)
        slots.append(SlotMap(f"A{k + 2}", "parallel", x, 0.0, -0.5 * math.pi, 6.0, depth))
        bodies.append(_parked(rng, x - 2.6 * k + 2.6 * k, 0.0, -0.5 * math.pi, depth, 0.0))
    bodies.append(Body("kerb", 0.0, -depth - 0.15, 0.0, 26.0, 0.3, 0.15))
    bodies.append(_wall(0.0, aisle + 0.15, 0.0, 26.0))
    return Place("parallel", tuple(slots), tuple(bodies), -0.5 * math.pi, width, depth, aisle)


def _parked(rng: np.random.Generator, x: float, y: float, inward: float, depth: float, yaw: float) -> Body:
    """A car in the slot whose entrance is at x, y: 4.2-4.9 m long, 1.75-1.95 wide, off by up to 15 cm and 2 degrees."""
    length, width = float(rng.uniform(4.2, 4.9)), float(rng.uniform(1.75, 1.95))
    along = 0.5 * (width + 0.6) if math.cos(yaw - inward) < 0.5 else 0.5 * length + float(rng.uniform(0.05, 0.35))
    across = float(np.clip(rng.normal(0.0, 0.07), -0.15, 0.15))
    along = min(along, depth - 0.5 * (width if math.cos(yaw - inward) < 0.5 else length))
    turn = math.radians(float(np.clip(rng.normal(0.0, 1.0), -2.0, 2.0)))
    cos, sin = math.cos(inward), math.sin(inward)
    return Body("car", x + along * cos - across * sin, y + along * sin + across * cos, yaw + turn, length, width)


def _wall(x: float, y: float, yaw: float, length: float) -> Body:
    return Body("wall", x, y, yaw, length, 0.3, 1.2)
