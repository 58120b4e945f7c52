"""What two places tell of a stroke is what sweeping all of it would tell."""

from __future__ import annotations

import math

import numpy as np

from coach_core.geometry.polygons import pack_obstacles
from coach_core.planner.stroke_search import MAX_STEPS, STEP, passage, stops_badly, sweep
from coach_core.planner.strokes import TO_AND_FRO
from coach_core.vehicle import VehicleParams

CAR = VehicleParams(2.8, 0.9, 0.9, 1.8, 0.6)


def test_a_stroke_that_its_end_rules_out_is_ruled_out_by_the_sweep_as_well() -> None:
    rng = np.random.default_rng(5)
    square = np.array([[0.0, 0.0], [1.5, 0.0], [1.5, 1.5], [0.0, 1.5]])
    clear, here, ruled_out = np.empty(MAX_STEPS + 1), np.empty(3), 0
    for _ in range(60):
        things = [square + rng.uniform(-7.0, 7.0, 2) for _ in range(3)]
        obstacles, ahead = pack_obstacles(things), pack_obstacles(things[:2])
        pose, curvature = np.array([0.0, 0.0, rng.uniform(-3.0, 3.0)]), float(rng.uniform(-0.2, 0.2))
        sign = float(rng.choice([-1.0, 1.0]))
        way = float(rng.uniform(0.3, 5.0))
        if not stops_badly(CAR, pose, curvature, sign * way, obstacles, ahead, TO_AND_FRO, here):
            continue
        ruled_out += 1
        free = sweep(CAR, pose, curvature, sign, way, True, obstacles, TO_AND_FRO, clear)
        if free < way:
            continue
        near = clear[math.ceil(way / STEP - 1e-9)]
        far = sweep(CAR, pose, curvature, sign, way, False, ahead, TO_AND_FRO, np.empty(MAX_STEPS + 1))
        assert passage(free, far, near, way, TO_AND_FRO) == math.inf
    assert ruled_out > 5
