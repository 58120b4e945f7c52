import math

import numpy as np
import pytest

from coach_core.risk import CAUTION, CLEAR, CRITICAL, NARROW_LIMITS, WARNING, RiskResult, RiskState
from tests.unit.coach_core.risk.ticks import BACK, CAR, FRONT, HALF, points, polygon, sector, tick

WALL_BEHIND = polygon([-4, -3], [-4, 3], [-5, 3], [-5, -3])
WALL_GAP = 4.0 + BACK


def reversing(gap: float, speed: float, **changes: object) -> RiskResult:
    """Straight back at a wall that is `gap` m behind the bumper."""
    pose = np.array([gap - WALL_GAP, 0.0, 0.0])
    return RiskState(CAR).update(tick(pose=pose, speed=-speed, gear=-1, polygons=WALL_BEHIND, **changes), 0.0)


@pytest.mark.parametrize(
    ("speed", "gap", "level"),
    [
        (0.0, 1.5, CLEAR),
        (0.0, 1.1, CAUTION),
        (0.2, 1.1, CAUTION),
        (0.5, 1.55, CLEAR),
        (0.5, 1.49, WARNING),  # 3 s at 0.5 m/s are 1.5 m
        (0.5, 1.01, WARNING),
        (0.5, 0.99, CRITICAL),  # 2 s are 1 m
        (1.4, 3.40, WARNING),
        (1.4, 2.75, CRITICAL),
    ],
)
def test_levels_behind_the_car_follow_time_to_collision(speed: float, gap: float, level: int) -> None:
    assert reversing(gap, speed).level == level


def test_the_stopping_distance_rules_at_speed() -> None:
    # 7 m/s: 7 x 1.0 + 49 / 6 = 15.17 m to stop, more than the 14 m of 2 s
    far_wall = polygon([-24, -3], [-24, 3], [-25, 3], [-25, -3])

    def level(gap: float) -> int:
        pose = np.array([gap - (24.0 + BACK), 0.0, 0.0])
        return RiskState(CAR).update(tick(pose=pose, speed=-7.0, gear=-1, polygons=far_wall), 0.0).level

    assert level(15.30) == WARNING
    assert level(15.24) == CRITICAL


def test_free_travel_and_time_to_collision_are_exact_straight_back() -> None:
    result = reversing(1.5, 0.6)
    assert result.free_travel == pytest.approx(1.5, abs=2e-4)
    assert result.ttc == pytest.approx(2.5, abs=1e-3)
    assert result.sector_level.tolist() == [0] * 6 + [WARNING] * 4 + [0] * 2


def test_free_travel_follows_the_arc_of_the_steering() -> None:
    steer = 0.5
    curvature = math.tan(steer) / CAR.wheelbase
    # the front left corner after 1.2 m along the arc, forwards
    turn = 1.2 * curvature
    x = math.sin(turn) / curvature + FRONT * math.cos(turn) - HALF * math.sin(turn)
    y = (1 - math.cos(turn)) / curvature + FRONT * math.sin(turn) + HALF * math.cos(turn)
    result = RiskState(CAR).update(tick(points=points([x, y]), steer=steer, speed=0.5), 0.0)
    # the corner gets there after 1.2 m; the front face may sweep over that place a little sooner, never later
    assert 1.1 < result.free_travel <= 1.2 + 1e-3


@pytest.mark.parametrize("gap", [1.0, 0.4, 0.05, 0.01, 0.0])
def test_standing_never_raises_more_than_a_caution(gap: float) -> None:
    assert reversing(gap, 0.0).level == CAUTION


def test_a_parked_car_is_clear_however_near_its_neighbours_are() -> None:
    near = points([FRONT + 0.1, 0.0], [BACK - 0.1, 0.0], [1.0, HALF + 0.1])
    assert RiskState(CAR).update(tick(gear=0, points=near), 0.0).level == CLEAR


def test_only_what_the_gear_leads_to_counts() -> None:
    assert RiskState(CAR).update(tick(gear=1, polygons=WALL_BEHIND, pose=np.array([-3.0, 0, 0])), 0.0).level == CLEAR
    assert RiskState(CAR).update(tick(gear=-1, polygons=WALL_BEHIND, pose=np.array([-3.0, 0, 0])), 0.0).level == CAUTION


def test_a_car_rolling_back_in_drive_is_judged_by_the_way_it_rolls() -> None:
    pose = np.array([0.4 - WALL_GAP, 0.0, 0.0])
    assert RiskState(CAR).update(tick(pose=pose, gear=1, speed=-0.4, polygons=WALL_BEHIND), 0.0).level == CRITICAL


def test_a_wall_running_parallel_stays_clear() -> None:
    wall = polygon([-9, 1.15], [9, 1.15], [9, 2], [-9, 2])  # 0.24 m beside the car
    assert RiskState(CAR).update(tick(speed=0.8, polygons=wall), 0.0).level == CLEAR


def test_a_wall_beside_the_car_that_comes_closer_is_a_warning_below_thirty_centimetres() -> None:
    def level(gap: float) -> int:
        pose = np.array([0.0, 0.0, math.radians(3.0)])
        # the front left corner is nearest the wall
        corner = FRONT * math.sin(pose[2]) + HALF * math.cos(pose[2])
        wall = polygon([-9, corner + gap], [9, corner + gap], [9, 9], [-9, 9])
        return int(
            RiskState(CAR).update(tick(pose=pose, speed=0.5, polygons=wall), 0.0).sector_level[sector("left_front")]
        )

    assert level(0.26) == WARNING
    assert level(0.36) == CLEAR


def test_the_narrow_profile_lets_a_gap_of_twenty_centimetres_pass() -> None:
    pose = np.array([0.0, 0.0, math.radians(3.0)])
    wall = polygon([-9, 1.3], [9, 1.3], [9, 9], [-9, 9])
    seen = tick(pose=pose, speed=0.5, polygons=wall)
    usual, narrow = RiskState(CAR).update(seen, 0.0), RiskState(CAR, NARROW_LIMITS).update(seen, 0.0)
    assert 0.15 < usual.sector_distance[sector("left_front")] < 0.30
    assert (usual.level, narrow.level) == (WARNING, CLEAR)


def test_scraping_along_something_is_critical_while_moving() -> None:
    beside = points([1.0, HALF + 0.01])
    assert RiskState(CAR).update(tick(speed=0.3, points=beside), 0.0).level == CRITICAL
    assert RiskState(CAR).update(tick(speed=0.0, points=beside), 0.0).level == CLEAR


def test_driving_away_from_what_touches_the_bumper_is_no_danger() -> None:
    touching = polygon([BACK - 1, -1], [BACK + 0.01, -1], [BACK + 0.01, 1], [BACK - 1, 1])
    assert RiskState(CAR).update(tick(speed=0.5, gear=1, polygons=touching), 0.0).level == CLEAR
    assert RiskState(CAR).update(tick(speed=-0.5, gear=-1, polygons=touching), 0.0).level == CRITICAL


def test_on_plan_a_gentle_approach_to_the_last_half_metre_is_a_silent_caution_at_most() -> None:
    """2 km/h and slower towards a stop 0.35 m before a wall, as the plan has it."""
    state = RiskState(CAR)
    stop_gap = 0.35
    way, now, levels = 1.2, 0.0, []
    while way > 0.0:
        speed = min(0.556, math.sqrt(2 * 0.5 * way))
        pose = np.array([stop_gap + way - WALL_GAP, 0.0, 0.0])
        seen = tick(
            pose=pose, speed=-speed, gear=-1, polygons=WALL_BEHIND, on_plan=True, planned_free_travel=way
        )  # fmt: skip
        result = state.update(seen, now)
        levels.append(result.level)
        assert result.muted == (result.level > CLEAR)
        way -= max(speed, 0.02) * 0.05
        now += 0.05
    assert max(levels) == CAUTION


def test_the_same_approach_off_plan_would_have_been_stopped() -> None:
    assert reversing(0.65, 0.556).level == CRITICAL


def test_being_on_plan_does_not_excuse_speed() -> None:
    slow = reversing(0.75, 0.55, on_plan=True, planned_free_travel=0.35)
    fast = reversing(0.75, 0.80, on_plan=True, planned_free_travel=0.35)  # 0.59 + 0.15 m/s is the plan's speed there
    assert (slow.level, slow.muted) == (CAUTION, True)
    assert (fast.level, fast.muted) == (CRITICAL, False)


def test_an_obstacle_before_the_planned_stop_takes_the_plan_s_excuse_away() -> None:
    clear_way = reversing(0.75, 0.55, on_plan=True, planned_free_travel=0.6)
    blocked = reversing(0.75, 0.55, on_plan=True, planned_free_travel=1.0)
    assert (clear_way.level, blocked.level) == (CAUTION, CRITICAL)


def test_on_plan_a_crawl_may_end_a_hand_s_breadth_before_something() -> None:
    def level(speed: float, gap: float, *, on_plan: bool) -> int:
        seen = tick(
            speed=-speed, gear=-1, points=points([BACK - gap, 0.0]), on_plan=on_plan, planned_free_travel=gap - 0.08
        )
        return RiskState(CAR).update(seen, 0.0).level

    # 0.2 m/s: 0.10 m of reaction and 0.007 m of braking leave 0.07 m
    assert level(0.2, 0.18, on_plan=True) == CAUTION
    assert level(0.2, 0.18, on_plan=False) == CRITICAL
    assert level(0.2, 0.15, on_plan=True) == CRITICAL
    assert level(0.35, 0.29, on_plan=True) == CRITICAL


def test_critical_is_never_muted() -> None:
    result = reversing(0.25, 0.5, on_plan=True, planned_free_travel=0.2)
    assert (result.level, result.muted) == (CRITICAL, False)
