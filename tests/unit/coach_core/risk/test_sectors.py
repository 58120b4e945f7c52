import math

import numpy as np
import pytest

from coach_core.contracts import SECTORS
from coach_core.risk import RiskState
from tests.unit.coach_core.risk.ticks import BACK, CAR, FRONT, HALF, points, polygon, readings, sector, tick


@pytest.mark.parametrize(
    ("name", "x", "y"),
    [
        ("front_left", FRONT + 0.5, 0.8),
        ("front_centre_left", FRONT + 0.5, 0.2),
        ("front_centre_right", FRONT + 0.5, -0.2),
        ("front_right", FRONT + 0.5, -0.8),
        ("right_front", 3.0, -HALF - 0.5),
        ("right_rear", 0.0, -HALF - 0.5),
        ("rear_right", BACK - 0.5, -0.8),
        ("rear_centre_right", BACK - 0.5, -0.2),
        ("rear_centre_left", BACK - 0.5, 0.2),
        ("rear_left", BACK - 0.5, 0.8),
        ("left_rear", 0.0, HALF + 0.5),
        ("left_front", 3.0, HALF + 0.5),
    ],
)
def test_a_point_half_a_metre_off_a_part_of_the_outline_is_seen_in_its_sector(name: str, x: float, y: float) -> None:
    distances = RiskState(CAR).update(tick(points=points([x, y])), 0.0).sector_distance
    assert distances[sector(name)] == pytest.approx(0.5)
    assert [k for k in range(12) if math.isfinite(distances[k])] == [sector(name)]


def test_what_lies_off_a_corner_belongs_to_the_corner_sector_at_its_true_distance() -> None:
    distances = RiskState(CAR).update(tick(points=points([BACK - 0.3, HALF + 0.4])), 0.0).sector_distance
    assert distances[sector("rear_left")] == pytest.approx(0.5)


def test_sectors_turn_with_the_car() -> None:
    pose = np.array([10.0, 5.0, math.pi / 2])
    distances = RiskState(CAR).update(tick(pose=pose, points=points([10.2, 5.0 + FRONT + 0.7])), 0.0).sector_distance
    assert distances[sector("front_centre_right")] == pytest.approx(0.7)


def test_a_wall_along_the_whole_side_is_seen_in_both_side_sectors_and_both_corners() -> None:
    wall = polygon([-9, -1.6], [-9, -1.4], [9, -1.4], [9, -1.6])
    distances = RiskState(CAR).update(tick(polygons=wall), 0.0).sector_distance
    gap = 1.4 - HALF
    seen = {SECTORS[k]: distances[k] for k in range(12) if math.isfinite(distances[k])}
    assert set(seen) == {"right_front", "right_rear", "front_right", "rear_right"}
    assert seen["right_front"] == pytest.approx(gap)
    assert seen["rear_right"] == pytest.approx(gap)  # the wall goes on beside the corner


def test_a_fresh_echo_nearer_than_the_map_wins() -> None:
    state = RiskState(CAR)
    seen = tick(points=points([FRONT + 1.0, 0.2]), readings=readings(front_centre_left=0.6))
    assert state.update(seen, 0.0).sector_distance[sector("front_centre_left")] == pytest.approx(0.6)


def test_an_obstacle_out_of_range_is_in_no_sector() -> None:
    result = RiskState(CAR).update(tick(points=points([FRONT + 30.0, 0.0])), 0.0)
    assert not any(math.isfinite(distance) for distance in result.sector_distance)
    assert result.worst_sector == -1


def test_a_body_inside_an_obstacle_has_no_gap_anywhere() -> None:
    field = polygon([-50, -50], [50, -50], [50, 50], [-50, 50])
    assert RiskState(CAR).update(tick(polygons=field), 0.0).sector_distance.tolist() == [0.0] * 12
