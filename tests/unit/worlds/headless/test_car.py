"""Motion of a car against formulas, and against figures measured on the real vehicle library."""

from __future__ import annotations

import math

import pytest

from worlds.headless.physics.car import SPEED, TORQUE, UNDRIVEN, Car, car_spec
from worlds.headless.vrml.tables import vehicles

PRIUS = car_spec(vehicles()["ToyotaPrius"])
BMW = car_spec(vehicles()["BmwX5"])
DT = 0.01


def wheel_angles(spec_name: str, angle: float) -> tuple[float, float]:
    """Left and right wheel for a single-track angle (positive right): Ackermann."""
    facts = vehicles()[spec_name]
    half = 0.5 * facts["trackFront"] / facts["wheelbase"]
    return math.atan(1.0 / (1.0 / math.tan(angle) + half)), math.atan(1.0 / (1.0 / math.tan(angle) - half))


def drive(car: Car, seconds: float) -> None:
    for _ in range(round(seconds / DT)):
        car.step(DT, [])


@pytest.mark.parametrize("speed", [1.0, -1.0])
@pytest.mark.parametrize("angle", [0.15, 0.35, 0.6])
def test_a_steady_circle_has_the_radius_of_wheelbase_over_tan_of_the_steering(angle: float, speed: float) -> None:
    car = Car(PRIUS, 0.0, 0.0, 0.0)
    car.drive(*wheel_angles("ToyotaPrius", angle), SPEED, speed, 0.0)
    drive(car, 3.0)
    points = []
    for _ in range(3):
        points.append((car.x, car.y))
        drive(car, 2.0)
    (ax, ay), (bx, by), (cx, cy) = points
    sides = [math.dist(p, q) for p, q in ((points[0], points[1]), (points[1], points[2]), (points[2], points[0]))]
    area = 0.5 * abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax))
    radius = math.prod(sides) / (4.0 * area)
    assert radius == pytest.approx(PRIUS.wheelbase / math.tan(angle), rel=0.01)


def test_steering_is_positive_to_the_right() -> None:
    car = Car(PRIUS, 0.0, 0.0, 0.0)
    car.drive(*wheel_angles("ToyotaPrius", 0.3), SPEED, 1.0, 0.0)
    drive(car, 2.0)
    assert car.yaw < -0.1
    assert car.y < -0.05


def test_yaw_rate_is_minus_speed_times_tan_steering_over_wheelbase() -> None:
    car = Car(PRIUS, 0.0, 0.0, 0.0)
    car.drive(*wheel_angles("ToyotaPrius", 0.4), SPEED, 1.5, 0.0)
    drive(car, 2.0)
    assert car.yaw_rate == pytest.approx(-car.speed * math.tan(0.4) / PRIUS.wheelbase)


def test_driven_wheels_turn_as_the_real_library_makes_them_at_ten_kmh_and_half_a_radian() -> None:
    # measured on libdriver with a BMW X5: right 6.581, left 8.273 rad/s
    car = Car(BMW, 0.0, 0.0, 0.0)
    car.drive(*wheel_angles("BmwX5", 0.5), SPEED, 10.0 / 3.6, 0.0)
    drive(car, 3.0)
    before = list(car.encoders)
    car.step(DT, [])
    right, left = ((after - b) / DT for after, b in zip(car.encoders[:2], before[:2], strict=True))
    assert right == pytest.approx(6.581, abs=1e-3)
    assert left == pytest.approx(8.273, abs=1e-3)


def test_speed_ramps_both_ways_at_the_cars_cruise_acceleration() -> None:
    car = Car(PRIUS, 0.0, 0.0, 0.0)
    car.drive(0.0, 0.0, SPEED, 10.0, 0.0)
    drive(car, 1.0)
    assert car.speed == pytest.approx(PRIUS.cruise_accel)
    car.drive(0.0, 0.0, SPEED, 0.0, 0.0)
    drive(car, 0.5)
    assert car.speed == pytest.approx(0.5 * PRIUS.cruise_accel)


def test_the_brake_hardly_slows_a_car_in_speed_mode() -> None:
    car = Car(PRIUS, 0.0, 0.0, 0.0)
    car.drive(0.0, 0.0, SPEED, 2.0, PRIUS.brake)
    drive(car, 3.0)
    assert car.speed == pytest.approx(2.0)


def test_steering_motors_take_a_step_at_ten_radians_per_second() -> None:
    car = Car(PRIUS, 0.0, 0.0, 0.0)
    car.drive(0.5, 0.5, UNDRIVEN, 0.0, 0.0)
    car.step(DT, [])
    assert car.left == pytest.approx(0.1)
    drive(car, 0.1)
    assert car.left == pytest.approx(0.5)


def test_wheels_stop_at_the_limit_of_the_proto() -> None:
    car = Car(PRIUS, 0.0, 0.0, 0.0)
    car.drive(1.4, 1.4, UNDRIVEN, 0.0, 0.0)
    drive(car, 1.0)
    assert (car.left, car.right) == (1.0, 1.0)


def test_torque_moves_the_car_and_the_brake_stops_and_holds_it() -> None:
    car = Car(PRIUS, 0.0, 0.0, 0.0)
    car.drive(0.0, 0.0, TORQUE, 500.0, 0.0)
    drive(car, 2.0)
    moving = car.speed
    assert 1.0 < moving < 2.5
    car.drive(0.0, 0.0, TORQUE, 0.0, PRIUS.brake)
    drive(car, 2.0)
    assert car.speed == 0.0
    car.drive(0.0, 0.0, TORQUE, 500.0, PRIUS.brake)
    drive(car, 1.0)
    assert car.speed == 0.0


def test_full_brake_takes_four_wheels_of_brake_torque() -> None:
    car = Car(PRIUS, 0.0, 0.0, 0.0)
    car.speed = 3.0
    car.drive(0.0, 0.0, TORQUE, 0.0, PRIUS.brake)
    car.step(DT, [])
    expected = 4.0 * (PRIUS.brake + PRIUS.damping * 3.0 / PRIUS.radius) / PRIUS.radius / PRIUS.mass
    assert (3.0 - car.speed) / DT == pytest.approx(expected)


def test_reverse_torque_drives_backwards() -> None:
    car = Car(PRIUS, 0.0, 0.0, 0.0)
    car.drive(0.0, 0.0, TORQUE, -500.0, 0.0)
    drive(car, 1.0)
    assert car.speed < -0.4
    assert car.encoders[0] < 0.0


def test_a_rolling_car_slows_down_by_its_wheel_damping() -> None:
    car = Car(PRIUS, 0.0, 0.0, 0.0)
    car.speed = 2.0
    drive(car, 1.0)
    assert 1.9 < car.speed < 2.0


def test_the_body_turns_about_its_rear_axle() -> None:
    body = Car(PRIUS, 0.0, 0.0, 0.0).parts(1.0, 2.0, math.pi / 2)[0].outline
    assert max(y for _, y in body) == pytest.approx(2.0 + PRIUS.body_x[1])
    assert max(x for x, _ in body) == pytest.approx(1.0 - PRIUS.body_y[0])


def test_torque_is_scaled_down_at_fifty_radians_per_second_squared() -> None:
    car = Car(PRIUS, 0.0, 0.0, 0.0)
    car.drive(0.0, 0.0, TORQUE, 1e6, 0.0)
    drive(car, DT)
    assert car.speed == pytest.approx(50.0 * PRIUS.radius * DT, rel=1e-6)
