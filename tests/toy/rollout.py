"""What becomes of a plan's segments when they are driven: an integration and a geometry of its own."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely

from coach_core.planner import PlanResult
from tests.toy.frames import CAR

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def body(x: float, y: float, yaw: float) -> shapely.Polygon:
    front, rear, half = CAR.wheelbase + CAR.front_overhang, -CAR.rear_overhang, 0.5 * CAR.width
    cos, sin = math.cos(yaw), math.sin(yaw)
    corners = [(rear, -half), (front, -half), (front, half), (rear, half)]
    return shapely.Polygon([(x + a * cos - b * sin, y + a * sin + b * cos) for a, b in corners])


def driven(start: Array, result: PlanResult, scene: Sequence[Array], late: float = 0.0) -> tuple[Array, float]:
    """End pose, and least clearance, of a midpoint integration of the segments; each also driven `late` m too far."""
    everything = shapely.union_all([shapely.Polygon(polygon) for polygon in scene])
    x, y, yaw = start
    least = math.inf
    for segment in result.segments:
        turn = math.tan(segment.steer) / CAR.wheelbase
        steps = math.ceil((segment.length + late) / 0.01)
        step = segment.gear * (segment.length + late) / steps
        px, py, pyaw, way = x, y, yaw, 0.0
        for _ in range(steps):
            middle = pyaw + 0.5 * step * turn
            px, py, pyaw = px + step * math.cos(middle), py + step * math.sin(middle), pyaw + step * turn
            way += abs(step)
            if round(way / 0.01) % 6 == 0:
                least = min(least, body(px, py, pyaw).distance(everything))
        length = segment.gear * segment.length
        n = 200
        for _ in range(n):
            middle = yaw + 0.5 * length / n * turn
            x, y, yaw = x + length / n * math.cos(middle), y + length / n * math.sin(middle), yaw + length / n * turn
    return np.array([x, y, yaw]), least
