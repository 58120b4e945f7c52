"""Ways in between lines that no wheel should touch."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coach_core.contracts.messages import GroundLine
from coach_core.geometry.polygons import ObstacleSet, pack_obstacles, path_clearances
from coach_core.guidance.between_lines import CUTS, TYRE_REACH, Ground, plan_between_lines
from coach_core.guidance.planning import PlanRequest, solve
from coach_core.perception.ground import strike_lines
from coach_core.planner import PlanOptions
from coach_core.vehicle import VehicleParams
from tests.toy.frames import CAR

NOTHING = pack_obstacles([])
STEERS = (0.2, 0.42)
GOAL = np.array([0.0, -3.9, 0.5 * math.pi])
WHEELS = CAR._replace(front_overhang=TYRE_REACH, rear_overhang=TYRE_REACH)


def course(lane: float) -> ObstacleSet:
    """A lane, 0 < y < lane, and a bay 3 m wide below it with cut corners; all of it within painted lines."""
    ends = [
        (-14.0, lane, 14.0, lane),
        (-14.0, 0.0, -2.5, 0.0),
        (-2.5, 0.0, -1.5, -1.0),
        (-1.5, -1.0, -1.5, -5.0),
        (1.5, -5.0, 1.5, -1.0),
        (1.5, -1.0, 2.5, 0.0),
        (2.5, 0.0, 14.0, 0.0),
    ]
    return strike_lines([GroundLine(f"L{i}", "detection", *line, 0.15) for i, line in enumerate(ends)])


def start(lane: float) -> np.ndarray:
    return np.array([2.0, 0.5 * lane, 0.0])


def deepest_cut(car: VehicleParams, poses: np.ndarray, lines: ObstacleSet) -> float:
    """The least of `CUTS` by which a car must be narrower to keep off the lines."""
    for cut in CUTS:
        if path_clearances(car._replace(width=car.width - 2.0 * cut), poses, lines).min() > 0.0:
            return cut
    return math.inf


def test_no_wheel_touches_a_line_where_there_is_room() -> None:
    lines = course(lane=4.5)
    found = plan_between_lines(CAR, start(4.5), GOAL, Ground(lines, NOTHING, NOTHING), STEERS, 0.0)
    assert found is not None
    assert path_clearances(WHEELS, found.poses, lines).min() > 0.0
    assert np.allclose(found.poses[-1], GOAL, atol=0.1)


def test_where_there_is_little_room_lines_are_cut_less_than_by_a_plan_that_knows_none() -> None:
    lines, nothing = course(lane=3.0), Ground(NOTHING, NOTHING, NOTHING)
    knowing = plan_between_lines(CAR, start(3.0), GOAL, Ground(lines, NOTHING, NOTHING), STEERS, 0.0)
    blind = plan_between_lines(CAR, start(3.0), GOAL, nothing, STEERS, 0.0)
    assert knowing is not None
    assert blind is not None
    assert deepest_cut(WHEELS, knowing.poses, lines) < deepest_cut(WHEELS, blind.poses, lines)


@pytest.mark.parametrize("what", ["kerbs", "standing"])
def test_what_stands_in_the_bay_is_not_driven_at(what: str) -> None:
    box = pack_obstacles([np.array([[-0.6, -3.4], [0.6, -3.4], [0.6, -2.8], [-0.6, -2.8]])])
    ground = Ground(course(lane=4.5), NOTHING, NOTHING)._replace(**{what: box})
    assert plan_between_lines(CAR, start(4.5), GOAL, ground, STEERS, 0.0) is None


def test_a_body_may_pass_over_a_kerb_that_no_wheel_meets() -> None:
    lane, lines = 4.5, course(lane=4.5)
    kerb = pack_obstacles(
        [np.array([[-14.0, lane + 0.2], [14.0, lane + 0.2], [14.0, lane + 0.5], [-14.0, lane + 0.5]])]
    )
    found = plan_between_lines(CAR, start(lane), GOAL, Ground(lines, kerb, NOTHING), STEERS, 0.0)
    assert found is not None
    assert path_clearances(WHEELS, found.poses, kerb).min() >= 0.05


def test_the_planner_keeps_to_the_lines_where_it_is_told_of_them() -> None:
    lines = course(lane=3.0)
    asked = PlanRequest("T", CAR, start(3.0), GOAL, NOTHING, 0.0, STEERS, "reverse", PlanOptions())
    told, untold = solve(asked._replace(ground=Ground(lines, NOTHING, NOTHING))), solve(asked)
    assert deepest_cut(WHEELS, told.poses, lines) < deepest_cut(WHEELS, untold.poses, lines)
