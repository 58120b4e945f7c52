"""Kerbs and lines concern the wheels, not the body above them."""

import math

import numpy as np

from coach_core.contracts.messages import GroundLine
from coach_core.geometry.polygons import ObstacleSet
from coach_core.perception.ground import strike_lines
from coach_core.risk import CAUTION, CLEAR, CRITICAL, WARNING, RiskResult, RiskState
from tests.unit.coach_core.risk.ticks import CAR, HALF, polygon, sector, tick

RADIUS = 0.32
KERB_BEHIND = polygon([-9, -5], [-2, -5], [-2, 5], [-9, 5])
"""2 m behind the rear axle."""


def reversing(speed: float = 0.5, way: float = 0.0, **changes: object) -> RiskResult:
    pose = np.array([-way, 0.0, 0.0])
    return RiskState(CAR).update(tick(speed=-speed, gear=-1, pose=pose, **changes), 0.0)


def test_the_body_may_hang_over_a_kerb_that_no_wheel_reaches() -> None:
    beside = polygon([-9, HALF + 0.05], [9, HALF + 0.05], [9, 3], [-9, 3])
    result = RiskState(CAR).update(tick(speed=0.8, kerbs=beside), 0.0)
    assert (result.level, result.patterns) == (CLEAR, ())
    assert RiskState(CAR).update(tick(speed=0.8, polygons=KERB_BEHIND, gear=1), 0.0).level == CLEAR


def test_free_travel_to_a_kerb_is_that_of_the_tyre() -> None:
    result = reversing(kerbs=KERB_BEHIND)
    assert abs(result.free_travel - (2.0 - RADIUS)) < 1e-3
    assert result.level == CLEAR


def test_a_wheel_about_to_strike_a_kerb_is_critical_and_named() -> None:
    result = reversing(kerbs=KERB_BEHIND, way=0.8)
    assert (result.level, "line_strike" in result.patterns) == (CRITICAL, True)
    assert result.sector_level[sector("rear_centre_left")] == CRITICAL


def test_drifting_towards_a_kerb_strikes_with_the_front_wheel_on_that_side() -> None:
    kerb = polygon([-9, HALF + 0.1], [30, HALF + 0.1], [30, 3], [-9, 3])
    pose = np.array([0.0, 0.0, math.radians(4.0)])
    result = RiskState(CAR).update(tick(speed=0.5, pose=pose, kerbs=kerb), 0.0)
    assert result.level == CRITICAL
    assert result.sector_level[sector("left_front")] + result.sector_level[sector("front_left")] >= CRITICAL


def test_a_kerb_a_hand_s_breadth_beside_the_wheels_is_where_a_car_parks() -> None:
    beside = polygon([-9, -HALF - 0.2], [9, -HALF - 0.2], [9, -3], [-9, -3])
    assert RiskState(CAR).update(tick(speed=-0.5, gear=-1, kerbs=beside), 0.0).level == CLEAR


def test_a_line_is_warned_of_but_never_critical() -> None:
    line = polygon([-2.15, -5], [-2, -5], [-2, 5], [-2.15, 5])
    result = reversing(lines=line, way=1.2)
    assert (result.level, "line_strike" in result.patterns) == (WARNING, True)
    assert result.free_travel == math.inf


def test_on_plan_a_line_may_be_crossed_without_a_word() -> None:
    line = polygon([-2.15, -5], [-2, -5], [-2, 5], [-2.15, 5])
    assert reversing(lines=line, way=1.2, on_plan=True, planned_free_travel=3.0).level <= CAUTION


def test_a_kerb_with_a_broken_corner_makes_blind() -> None:
    broken = ObstacleSet(np.array([[math.nan, 0.0], [1.0, 1.0], [0.0, 1.0]]), np.array([0, 3]), np.zeros((1, 4)))
    assert reversing(kerbs=broken).blind


def test_only_detection_lines_must_not_be_touched() -> None:
    detection = GroundLine("d", "detection", -2.0, -5.0, -2.0, 5.0, 0.2)
    lines = strike_lines(
        [detection, GroundLine("b", "bay", 0.0, 0.0, 1.0, 0.0), GroundLine("no length", "detection", 1, 1, 1, 1)]
    )
    assert lines.size == 1
    assert lines.vertices[:, 0].min() == -2.1
    assert lines.vertices[:, 0].max() == -1.9
    assert lines.vertices[:, 1].tolist().count(5.0) == 2
