"""Compiling ahead, so that the first plan of a drive is as quick as the others."""

from __future__ import annotations

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
from coach_core.planner.attempts import METHODS, Attempt, attempt
from coach_core.planner.costs import NOVICE
from coach_core.planner.field import distance_field
from coach_core.planner.front import improve, plan
from coach_core.planner.question import checked
from coach_core.planner.result import PlanOptions
from coach_core.planner.words import connections
from coach_core.vehicle import VehicleParams


def warm_up() -> None:
    """Compile (or load from numba's cache) every kernel of geometry and planner, with the types of real use."""
    car = VehicleParams(2.8, 0.96, 0.929, 1.942, 0.6)
    square = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    start = advance([4.0, 4.2, 0.0], 0.0, 1.0)
    # a kerb and a parallel slot so short that a tidy manoeuvre does not do and every search has its turn
    kerb, behind, ahead = (
        square * np.array(size) + np.array(centre)
        for size, centre in (((20.0, 0.3), (0.0, -0.3)), ((2.3, 0.97), (-2.3, 1.27)), ((2.3, 0.97), (8.2, 1.27)))
    )
    slot = pack_obstacles([kerb, behind, ahead])
    body_clearance(car, start, slot)
    path_clearances(car, start[None, :], slot)
    free_travel(car, start, 0.0, 1.0, slot)
    polygon_distance(square, square)
    point_polygon_distance([0.0, 0.0], square)
    connections(start, [0.0, 0.0, 0.0], (4.0, 9.0, 19.0))
    goal, options = [1.5, 1.271, 0.0], PlanOptions()
    improve(car, start, goal, slot, plan(car, start, goal, slot, options), options)
    question = checked(car, start, [goal], slot, options)
    if question is not None:  # which searches a plan comes to depends on the slot; here each has its turn
        question = question._replace(field=distance_field(car, slot, question.goals, question.start, 3.0))
        for method in METHODS:
            attempt(question, Attempt(method, 0.05, 20), NOVICE)
