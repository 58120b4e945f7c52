"""Where the sensors are, what they should hear and what to believe of a ping."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coach_core.contracts import SECTORS
from coach_core.geometry.polygons import pack_obstacles
from coach_core.geometry.poses import apply
from coach_core.perception.sonar import AGREE, HEARD, HOLD, SURE, PingFilter, SensorBank, expected
from tests.toy.frames import PROFILE

RANGE = 4.0
AHEAD = np.array([[0.0, 0.0, 0.0, 1.2, RANGE]])


def face(distance: float, slant: float, half: float = 3.0) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """A wall that meets the axis of `AHEAD` at `distance` [m], turned by `slant` [rad] from facing it."""
    return apply([distance, 0.0, slant], [[0.0, -half], [1.0, -half], [1.0, half], [0.0, half]])


def heard(*walls: np.ndarray[tuple[int, ...], np.dtype[np.float64]], facing: float = HEARD) -> list[float]:
    return list(expected(AHEAD, pack_obstacles(walls), facing)[1, 0])


def test_wall_straight_ahead_is_heard_at_its_distance() -> None:
    assert heard(face(2.0, 0.0)) == pytest.approx([2.0])


@pytest.mark.parametrize("slant", [0.0, 0.3, -0.3, 0.7, -0.7, 0.9, -0.9, 1.2])
def test_face_is_heard_along_the_ray_that_meets_it_squarest_or_not_at_all(slant: float) -> None:
    """Rays leave the axis by 0.52 rad at most, and there by 0.3 rad up or down as well."""
    (distance,) = heard(face(2.0, slant))
    least = max(0.0, abs(slant) - 0.52)
    square = math.cos(least) * (math.cos(0.3) if least > 0.0 else 1.0)
    if square < HEARD:
        assert math.isinf(distance)
    else:
        normal = 2.0 * math.cos(slant)
        assert normal - 1e-9 <= distance <= normal / HEARD + 1e-9


def test_nothing_is_heard_beyond_the_range_behind_the_sensor_or_beside_its_cone() -> None:
    assert heard(face(4.1, 0.0), face(-2.0, 0.0), np.add(face(2.0, 0.0), [0.0, 9.0])) == [math.inf] * 3


def test_each_polygon_is_heard_as_if_it_were_alone() -> None:
    assert heard(face(3.0, 0.0), face(2.0, 0.0)) == pytest.approx([3.0, 2.0])


def test_no_polygons_give_no_columns() -> None:
    assert expected(AHEAD, pack_obstacles([])).shape == (2, 1, 0)


def test_face_too_slanted_to_be_heard_is_there_all_the_same() -> None:
    there, heard_at = expected(AHEAD, pack_obstacles([face(2.0, 1.2)]), HEARD)[:, 0, 0]
    assert math.isinf(heard_at)
    assert 0.7 < there < 2.0


def test_round_corner_is_heard_whatever_the_slant_of_its_sides() -> None:
    car = pack_obstacles([apply([2.0, 0.0, math.radians(45.0)], [[0.0, 0.0], [4.5, 0.0], [4.5, 1.8], [0.0, 1.8]])])
    assert math.isinf(expected(AHEAD, car, math.cos(math.radians(10.0)))[1, 0, 0])
    assert expected(AHEAD, car, math.cos(math.radians(10.0)), corner=0.3)[1, 0, 0] == pytest.approx(2.0)


def test_what_stands_between_two_rays_is_not_sure_to_be_heard() -> None:
    slim = face(3.0, 0.0, half=0.1) + np.array([0.0, 3.0 * math.tan(0.125 * 0.866 * 1.2)])
    assert math.isfinite(expected(AHEAD, pack_obstacles([slim]))[1, 0, 0])
    assert math.isinf(expected(AHEAD, pack_obstacles([slim]), every=SURE)[1, 0, 0])


def test_sensors_stand_where_the_profile_puts_them_whatever_the_pose() -> None:
    pose = np.array([3.0, -1.0, 2.0])
    sensors = SensorBank(PROFILE).at(pose)
    for mount in PROFILE.sensors:
        row = sensors[SECTORS.index(mount.sensor_id.removeprefix("us_"))]
        assert row[:2] == pytest.approx(apply(pose, [mount.x_m, mount.y_m]))
        assert row[2:] == pytest.approx([mount.yaw_rad + 2.0, mount.field_of_view_rad, mount.max_range_m])


# --- what to believe ----------------------------------------------------------------------------------


def filtered(*distances: float) -> tuple[list[float], list[float], list[float]]:
    """Echo, free way and fused distance after each ping of one sensor, 50 ms apart."""
    pings = PingFilter()
    fresh, ranges = np.ones(12, dtype=np.bool_), np.full(12, RANGE)
    out: tuple[list[float], list[float], list[float]] = ([], [], [])
    for n, distance in enumerate(distances):
        taken = pings.take(np.full(12, distance), fresh, ranges, 0.05 * n)
        for column, value in zip(out, (taken.echo[0], taken.free[0], pings.fused(0.05 * n)[0]), strict=True):
            column.append(float(value))
    return out


def test_first_echo_is_believed_when_a_second_one_agrees() -> None:
    echo, free, fused = filtered(2.0, 2.05, 2.1)
    assert np.isnan(echo[0])
    assert echo[1:] == free[1:] == [2.05, 2.1]
    assert fused[1:] == [2.05, 2.05]


def test_single_false_echo_is_neither_heard_nor_seen_through() -> None:
    echo, free, fused = filtered(2.0, 2.0, 2.0, 2.0 - 1.1 * AGREE, 2.0)
    assert np.isnan([echo[3], free[3]]).all()
    assert fused[2:] == [2.0, 2.0, 2.0]


def test_missing_echoes_are_bridged_for_the_hold_time_and_mean_nothing_till_then() -> None:
    silent = math.inf
    echo, free, fused = filtered(2.0, 2.0, 2.0, *[silent] * 8)
    held = round(HOLD / 0.05)
    assert np.isnan(echo[3:]).all()
    # the median of three still holds at the first missing ping
    assert fused[3 : 4 + held] == [2.0] * (1 + held)
    assert np.isnan(free[3 : 4 + held]).all()
    assert free[4 + held :] == [RANGE] * (8 - 1 - held)
    assert np.isinf(fused[4 + held :]).all()


def test_silence_from_the_start_is_silence_at_once() -> None:
    _, free, fused = filtered(math.inf, math.inf)
    assert free == [RANGE, RANGE]
    assert np.isinf(fused).all()
