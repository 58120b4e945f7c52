import math

import numpy as np
import pytest

from coach_core.errors import GeometryError
from coach_core.geometry.polygons import ObstacleSet
from coach_core.risk import CAUTION, CLEAR, CRITICAL, NO_POLYGONS, WARNING, RiskLimits, RiskState
from tests.unit.coach_core.risk.ticks import (
    BACK,
    CAR,
    FRONT,
    HALF,
    SILENT,
    ages,
    points,
    polygon,
    readings,
    sector,
    tick,
)


def ahead(gap: float) -> object:
    near = FRONT + gap
    return polygon((near, -0.1), (near + 0.2, -0.1), (near + 0.2, 0.1), (near, 0.1))


def test_a_level_rises_at_once_and_falls_after_three_tenths_of_a_second() -> None:
    state = RiskState(CAR)
    assert state.update(tick(polygons=ahead(1.0)), 0.0).level == CAUTION
    levels = [state.update(tick(), 0.1 * i).level for i in range(1, 6)]
    assert levels == [CAUTION, CAUTION, CAUTION, CLEAR, CLEAR]
    assert state.update(tick(polygons=ahead(1.0)), 0.6).level == CAUTION


def test_a_level_does_not_fall_within_ten_centimetres_of_its_limit() -> None:
    state = RiskState(CAR)
    state.update(tick(polygons=ahead(1.15)), 0.0)
    assert [state.update(tick(polygons=ahead(1.25)), 0.1 * i).level for i in range(1, 9)] == [CAUTION] * 8
    later = [state.update(tick(polygons=ahead(1.35)), 1.0 + 0.1 * i).level for i in range(5)]
    assert later == [CAUTION, CAUTION, CAUTION, CLEAR, CLEAR]


def test_a_flicker_starts_the_wait_again() -> None:
    state = RiskState(CAR)
    for i, gap in enumerate([1.0, 2.0, 2.0, 1.0, 2.0, 2.0, 2.0]):
        assert state.update(tick(polygons=ahead(gap)), 0.1 * i).level == CAUTION
    assert state.update(tick(polygons=ahead(2.0)), 0.7).level == CLEAR


def test_a_clock_that_jumps_back_does_not_freeze_a_level() -> None:
    state = RiskState(CAR)
    state.update(tick(polygons=ahead(1.0)), 100.0)
    state.update(tick(), 100.1)
    levels = [state.update(tick(), 0.1 * i).level for i in range(5)]
    assert levels[-1] == CLEAR


def test_without_a_clock_nothing_is_lowered() -> None:
    state = RiskState(CAR)
    state.update(tick(polygons=ahead(1.0)), 0.0)
    assert [state.update(tick(), math.nan).level for _ in range(20)] == [CAUTION] * 20


def test_reset_forgets_the_held_level() -> None:
    state = RiskState(CAR)
    state.update(tick(polygons=ahead(1.0)), 0.0)
    state.reset()
    assert state.update(tick(), 0.01).level == CLEAR


def test_results_of_earlier_ticks_stay_as_they_were() -> None:
    state = RiskState(CAR)
    first = state.update(tick(polygons=ahead(1.0)), 0.0)
    for i in range(1, 10):
        state.update(tick(), 0.1 * i)
    assert first.sector_level[sector("front_centre_right")] == CAUTION
    assert first.sector_distance[sector("front_centre_right")] == pytest.approx(1.0)


# --- raw echoes ---------------------------------------------------------------------------------------


def test_a_near_echo_counts_before_the_map_knows_of_it() -> None:
    result = RiskState(CAR).update(tick(speed=0.3, readings=readings(front_centre_left=0.25)), 0.0)
    assert result.level == CRITICAL
    assert result.free_travel == pytest.approx(0.25, abs=1e-3)


def test_a_far_echo_waits_for_the_map() -> None:
    assert RiskState(CAR).update(tick(speed=0.3, readings=readings(front_centre_left=0.6)), 0.0).level == CLEAR


def test_silence_after_a_near_echo_means_near_until_the_car_has_moved_away() -> None:
    state = RiskState(CAR)
    state.update(tick(gear=-1, readings=readings(rear_centre_left=0.12)), 0.0)
    assert state.update(tick(gear=-1), 0.1).sector_distance[sector("rear_centre_left")] == pytest.approx(0.12)
    for i in range(1, 5):
        moved = np.array([0.1 * i, 0.0, 0.0])
        distance = state.update(tick(pose=moved, speed=0.5), 0.1 + 0.2 * i).sector_distance[sector("rear_centre_left")]
    assert distance == math.inf


def test_a_farther_echo_ends_a_near_one() -> None:
    state = RiskState(CAR)
    state.update(tick(readings=readings(front_right=0.2)), 0.0)
    state.update(tick(readings=readings(front_right=0.9)), 0.1)
    assert state.update(tick(), 0.2).sector_distance[sector("front_right")] == math.inf


def test_a_near_echo_beside_the_car_does_not_stop_it_going_straight() -> None:
    assert RiskState(CAR).update(tick(speed=0.5, readings=readings(left_front=0.28)), 0.0).level == CLEAR


def mounted(**places: tuple[float, float, float]) -> RiskState:
    """The test car with these sensors (x, y [m], yaw [rad]) at their own places, the others in the car's middle."""
    sensors = np.tile([0.5 * (BACK + FRONT), 0.0, 0.0], (12, 1))
    for name, place in places.items():
        sensors[sector(name)] = place
    return RiskState(CAR, sensors=sensors)


def test_the_way_from_a_sensor_to_the_outline_is_no_room() -> None:
    """Ranges begin at the sensor: what a corner's sensor hears at 0.27 m may be a hand's breadth before the corner."""
    state = mounted(front_left=(FRONT - 0.13, HALF - 0.2, math.pi / 4), front_centre_left=(FRONT - 0.05, 0.3, 0.0))
    seen = tick(speed=0.3, readings=readings(front_left=0.13 * math.sqrt(2.0) + 0.08, front_centre_left=0.25))
    distances = state.update(seen, 0.0).sector_distance
    assert distances[sector("front_left")] == pytest.approx(0.08 * math.sqrt(0.5))
    assert distances[sector("front_centre_left")] == pytest.approx(0.20)


def test_a_range_shorter_than_that_way_is_no_distance_at_all() -> None:
    state = mounted(rear_left=(BACK + 0.2, HALF - 0.2, 0.75 * math.pi))
    assert state.update(tick(readings=readings(rear_left=0.1)), 0.0).sector_distance[sector("rear_left")] == 0.0


# --- blindness ----------------------------------------------------------------------------------------


def test_silence_is_not_blindness() -> None:
    result = RiskState(CAR).update(tick(speed=0.5), 0.0)
    assert (result.blind, result.level) == (False, CLEAR)


@pytest.mark.parametrize("age", [0.51, math.inf, math.nan])
def test_a_sensor_not_heard_of_for_half_a_second_makes_the_car_blind(age: float) -> None:
    result = RiskState(CAR).update(tick(gear=0, reading_age_s=ages(rear_left=age)), 0.0)
    assert result.blind
    assert result.sector_level[sector("rear_left")] == CAUTION
    assert result.worst_sector == sector("rear_left")


def test_creeping_into_what_a_dead_sensor_should_watch_is_a_warning() -> None:
    dead = ages(rear_left=2.0)
    back = RiskState(CAR).update(tick(speed=-0.3, gear=-1, reading_age_s=dead), 0.0)
    forth = RiskState(CAR).update(tick(speed=0.3, reading_age_s=dead), 0.0)
    assert (back.level, back.patterns) == (WARNING, ("blind_creep",))
    assert (forth.level, forth.patterns) == (CAUTION, ())


def test_a_negative_reading_is_a_broken_sensor() -> None:
    assert RiskState(CAR).update(tick(readings=readings(front_left=-0.1)), 0.0).blind


@pytest.mark.parametrize("broken", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("what", ["speed", "steer", "x", "y", "yaw"])
def test_a_broken_number_of_the_car_itself_is_a_warning_in_gear(what: str, broken: float) -> None:
    changes: dict[str, object] = {what: broken} if what in ("speed", "steer") else {}
    if not changes:
        pose = np.zeros(3)
        pose["xy".find(what) if what != "yaw" else 2] = broken
        changes = {"pose": pose}
    result = RiskState(CAR).update(tick(**changes), 0.0)
    assert (result.blind, result.level, result.ttc) == (True, WARNING, math.inf)
    assert RiskState(CAR).update(tick(gear=0, **changes), 0.0).level == CAUTION


def test_a_broken_obstacle_makes_blind_and_the_others_still_count() -> None:
    seen = tick(speed=0.5, points=points([math.nan, 0.0], [FRONT + 0.3, 0.0]))
    result = RiskState(CAR).update(seen, 0.0)
    assert (result.blind, result.level) == (True, CRITICAL)
    broken = ObstacleSet(np.array([[math.inf, 0.0], [1.0, 1.0], [0.0, 1.0]]), np.array([0, 3]), np.zeros((1, 4)))
    assert RiskState(CAR).update(tick(speed=0.5, polygons=broken), 0.0).blind


def test_offsets_beyond_the_vertices_are_not_followed() -> None:
    odd = ObstacleSet(np.array([[5.0, 0.0], [6.0, -1.0], [6.0, 1.0]]), np.array([-4, 900]), np.zeros((1, 4)))
    assert RiskState(CAR).update(tick(speed=0.5, polygons=odd), 0.0).free_travel == pytest.approx(5.0 - FRONT, abs=1e-3)


# --- mistakes of the caller ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pose": np.zeros(2)}, "pose has shape"),
        ({"points": np.zeros((4, 3))}, "points have shape"),
        ({"readings": np.zeros(11)}, "12 readings and ages"),
        ({"reading_age_s": np.zeros((12, 1))}, "12 readings and ages"),
    ],
)
def test_a_wrong_shape_is_named(changes: dict[str, object], message: str) -> None:
    with pytest.raises(GeometryError, match=message):
        RiskState(CAR).update(tick(**changes), 0.0)


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
def test_a_limit_that_is_not_positive_is_named(value: float) -> None:
    with pytest.raises(GeometryError, match="risk limit warning_ttc"):
        RiskState(CAR, RiskLimits(warning_ttc=value))


# --- patterns -----------------------------------------------------------------------------------------


def patterns_after(*ticks: object) -> tuple[str, ...]:
    state = RiskState(CAR)
    for i, seen in enumerate(ticks):
        result = state.update(seen, 0.1 * i)  # type: ignore[arg-type]
    return result.patterns


def test_reversing_with_lock_names_the_inner_rear_corner() -> None:
    beside_the_tail = points([BACK - 0.7, HALF - 0.1])
    seen = tick(speed=-0.5, gear=-1, steer=0.55, points=beside_the_tail)
    assert "rear_corner_cut_in" in patterns_after(seen)
    assert "straight_back" not in patterns_after(seen)


def test_reversing_with_lock_names_the_outer_front_corner_that_swings_out() -> None:
    # steering left in reverse swings the nose to the right
    beside_the_nose = points([FRONT - 0.5, -HALF - 0.12])
    assert "front_swing_out" in patterns_after(tick(speed=-0.5, gear=-1, steer=0.55, points=beside_the_nose))
    assert "front_swing_out" not in patterns_after(tick(speed=-0.5, gear=-1, steer=-0.55, points=beside_the_nose))


def test_backing_straight_at_something_is_named_and_so_is_driving_nose_in() -> None:
    assert patterns_after(tick(speed=-0.5, gear=-1, points=points([BACK - 1.0, 0.1]))) == ("straight_back",)
    assert patterns_after(tick(speed=0.5, points=points([FRONT + 1.0, 0.1]))) == ("nose_in",)


def test_drifting_against_something_beside_is_a_side_scrape() -> None:
    wall = polygon([-9, HALF + 0.20], [9, HALF + 0.20], [9, 9], [-9, 9])
    drifting = np.array([0.0, -0.08, math.radians(2.5)])
    assert "side_scrape" in patterns_after(tick(speed=0.5, pose=drifting, polygons=wall))


def test_driving_away_from_the_planned_stop_is_the_wrong_gear() -> None:
    def rolling(i: int, way: float) -> object:
        return tick(pose=np.array([0.05 * i, 0.0, 0.0]), speed=0.5, on_plan=True, planned_free_travel=way)

    away = [rolling(i, 2.0 + 0.05 * i) for i in range(8)]
    towards = [rolling(i, 2.0 - 0.05 * i) for i in range(8)]
    next_stop = [rolling(i, 0.3 - 0.05 * i if i < 4 else 5.0 - 0.05 * i) for i in range(8)]
    assert patterns_after(*away) == ("wrong_gear",)
    assert patterns_after(*towards) == ()
    assert patterns_after(*next_stop) == ()


def test_driving_on_in_the_gear_the_plan_does_not_want_is_the_wrong_gear() -> None:
    def rolling(i: int, planned_gear: int) -> object:
        return tick(pose=np.array([0.05 * i, 0.0, 0.0]), speed=0.5, planned_gear=planned_gear)

    assert patterns_after(*[rolling(i, -1) for i in range(8)]) == ("wrong_gear",)
    assert patterns_after(*[rolling(i, 1) for i in range(8)]) == ()
    assert patterns_after(*[rolling(i, 0) for i in range(8)]) == ()
    assert patterns_after(*[rolling(i, -1) for i in range(5)]) == ()  # 0.2 m


def test_accelerating_near_something_is_a_pedal_surge() -> None:
    near = points([FRONT + 1.9, 0.0])
    surge = [tick(speed=0.3 + 0.15 * i, points=near) for i in range(4)]
    steady = [tick(speed=0.5, points=near) for _ in range(4)]
    assert "pedal_surge" in patterns_after(*surge)
    assert "pedal_surge" not in patterns_after(*steady)


def test_not_braking_within_a_second_of_contact_is_a_late_stop() -> None:
    near = points([FRONT + 0.5, 0.0])
    assert "late_stop" in patterns_after(*[tick(speed=0.6, points=near) for _ in range(4)])
    assert "late_stop" not in patterns_after(*[tick(speed=0.9 - 0.1 * i, points=near) for i in range(4)])


def test_a_standing_car_shows_no_pattern() -> None:
    assert patterns_after(tick(gear=-1, points=points([BACK - 0.1, 0.0]), readings=SILENT, polygons=NO_POLYGONS)) == ()
