"""Compiling ahead, so that the first plan of a drive is as quick as the others."""

from __future__ import annotations

import math

import numpy as np

from coach_core.geometry.polygons import (
    body_clearance,
    pack_obstacles,
    path_clearances,
    point_polygon_distance,
    polygon_distance,
)
from coach_core.geometry.poses import advance
from coach_core.geometry.sweep import free_travel
from coach_core.planner.front import plan
from coach_core.planner.result import PlanOptions
from coach_core.vehicle import VehicleParams


def warm_up() -> None:
    """Compile (or load from numba's cache) every kernel of geometry and planner, with the types of real use."""
    car = VehicleParams(2.8, 0.96, 0.929, 1.942, 0.6)
    square = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    walls = pack_obstacles([square + np.array(at) for at in ((0.0, 3.5), (0.0, -3.5), (-4.0, 0.0))])
    start = advance([0.0, 0.0, 0.0], 0.1, 1.0)
    body_clearance(car, start, walls)
    path_clearances(car, start[None, :], walls)
    free_travel(car, start, 0.0, 1.0, walls)
    polygon_distance(square, square)
    point_polygon_distance([0.0, 0.0], square)
    # an impossible goal takes the search through all its attempts
    plan(car, start, [0.0, 12.0, math.pi], walls, PlanOptions(max_expansions=450))
