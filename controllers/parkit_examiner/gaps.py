"""The free gaps along a kerb without painted slots, from where the other cars really stand."""

from __future__ import annotations

import math
from collections.abc import Iterable

from coach_core.contracts import SlotMap
from coach_core.contracts.messages import ParkingStrip
from controllers.parkit_examiner.polygons import Body

LEAST = 3.0
"""A gap shorter than this [m] is no gap: no car stands in it."""


def gap_slots(strip: ParkingStrip, bodies: Iterable[Body]) -> list[SlotMap]:
    """The gaps of a strip as parallel slots, `STRIP:gap1` and on from its first point."""
    total = math.hypot(strip.x2_m - strip.x1_m, strip.y2_m - strip.y1_m)
    yaw = math.atan2(strip.y2_m - strip.y1_m, strip.x2_m - strip.x1_m)
    cos, sin = math.cos(yaw), math.sin(yaw)
    taken = []
    for body in bodies:
        local = [
            (
                (x - strip.x1_m) * cos + (y - strip.y1_m) * sin,
                -(x - strip.x1_m) * sin + (y - strip.y1_m) * cos,
            )
            for x, y in body.outline
        ]
        aside = [b for _, b in local]
        if max(aside) > 0.0 and min(aside) < strip.depth_m:
            along = [a for a, _ in local]
            taken.append((min(along), max(along)))
    found: list[tuple[float, float]] = []
    at = 0.0
    for low, high in [*sorted(taken), (total, total)]:
        if min(low, total) - at >= LEAST:
            found.append((at, min(low, total)))
        at = max(at, high)
    slots = []
    for number, (low, high) in enumerate(found, start=1):
        middle = 0.5 * (low + high)
        x = strip.x1_m + middle * cos - strip.depth_m * sin
        y = strip.y1_m + middle * sin + strip.depth_m * cos
        name = f"{strip.strip_id}:gap{number}"
        slots.append(SlotMap(name, "parallel", x, y, yaw - 0.5 * math.pi, high - low, strip.depth_m, yaw))
    return slots
