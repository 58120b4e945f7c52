"""Compiles, or loads from the cache, every kernel a tick or a plan uses, so that the first tick does not."""

from __future__ import annotations

import math

import numpy as np

from coach_core.geometry.polygons import pack_obstacles
from coach_core.perception.warmup import warm_up as warm_up_perception
from coach_core.planner.strokes import TO_AND_FRO, plan_strokes
from coach_core.planner.warmup import warm_up as warm_up_planner
from coach_core.risk import warm_up as warm_up_risk
from coach_core.vehicle import VehicleParams


def warm_up() -> None:
    """Call once at start-up; takes seconds the first time on a machine, a fraction of one later."""
    warm_up_risk()
    warm_up_perception()
    warm_up_planner()
    car = VehicleParams(2.8, 0.835, 0.85, 1.823, 0.6)
    start, goal, nothing = np.array([2.0, 3.0, 0.0]), np.array([0.0, 0.0, 0.5 * math.pi]), pack_obstacles([])
    plan_strokes(car, start, goal, nothing, (0.2, 0.4))
    plan_strokes(car, start, goal, nothing, (), options=TO_AND_FRO._replace(reach=0.3, places=1))
