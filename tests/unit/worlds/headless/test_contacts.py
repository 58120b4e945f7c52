"""Convex polygons, and a car that must not drive into them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worlds.headless.physics.car import SPEED, Car, car_spec
from worlds.headless.physics.polygons import Point, convex_hull, distance, separation, touching_points
from worlds.headless.physics.shapes import Obstacle, Primitive
from worlds.headless.vrml.scene import IDENTITY, Frame, Node, rotation_matrix
from worlds.headless.vrml.tables import nodes, vehicles

SOLID = Node(nodes()["Solid"], 1, "test", 1)
SPEC = car_spec(vehicles()["ToyotaPrius"])


def square(x: float, y: float, half: float = 0.5) -> list[Point]:
    return [(x + half, y + half), (x - half, y + half), (x - half, y - half), (x + half, y - half)]


def box(x: float, y: float, size: tuple[float, float, float], yaw: float = 0.0) -> Obstacle:
    frame = Frame(rotation_matrix([0.0, 0.0, 1.0, yaw]), np.array([x, y, 0.5 * size[2]]))
    return Obstacle(SOLID, SOLID, Primitive("box", IDENTITY, size), frame)


def drive(car: Car, speed: float, seconds: float, obstacles: list[Obstacle], steer: float = 0.0) -> None:
    car.drive(steer, steer, SPEED, speed, 0.0)
    for _ in range(round(seconds / 0.01)):
        car.step(0.01, obstacles)


def test_the_distance_of_two_squares_is_that_of_their_corners() -> None:
    assert distance(square(0, 0), square(4, 0)) == pytest.approx(3.0)
    assert distance(square(0, 0), square(3, 4)) == pytest.approx(math.hypot(2, 3))
    assert distance(square(0, 0), square(0.9, 0)) == 0.0


def test_an_overlap_is_told_by_its_depth() -> None:
    assert separation(square(0, 0), square(0.9, 0)) == pytest.approx(-0.1)


def test_the_hull_of_a_square_and_its_inside_is_the_square() -> None:
    assert sorted(convex_hull([*square(0, 0), (0.0, 0.0), (0.5, 0.0)])) == sorted(square(0, 0))


def test_crossing_bars_without_corners_inside_still_give_a_point() -> None:
    long = [(2.0, 0.1), (-2.0, 0.1), (-2.0, -0.1), (2.0, -0.1)]
    tall = [(y, x) for x, y in long][::-1]
    assert len(touching_points(long, tall, 1e-3)) == 1


@given(st.floats(-5, 5), st.floats(-5, 5))
def test_distance_is_symmetric_and_zero_exactly_when_touching(x: float, y: float) -> None:
    a, b = square(0, 0), square(x, y)
    assert distance(a, b) == pytest.approx(distance(b, a))
    assert (distance(a, b) == 0.0) == (max(abs(x), abs(y)) <= 1.0)


def test_a_car_stops_at_a_wall_without_entering_it() -> None:
    car = Car(SPEC, 0.0, 0.0, 0.0)
    wall = box(8.0, 0.0, (0.3, 10.0, 1.2))
    drive(car, 2.0, 5.0, [wall])
    nose = car.x + SPEC.body_x[1]
    assert nose == pytest.approx(7.85, abs=2e-3)
    assert nose <= 7.85
    assert car.speed == pytest.approx(0.0, abs=0.05)
    assert {contact.part for contact in car.solver.contacts} == {"body"}


def test_contacts_last_while_the_car_rests_and_end_when_it_backs_off() -> None:
    car = Car(SPEC, 0.0, 0.0, 0.0)
    wall = box(8.0, 0.0, (0.3, 10.0, 1.2))
    drive(car, 2.0, 5.0, [wall])
    drive(car, 0.0, 1.0, [wall])
    assert car.solver.contacts
    drive(car, -1.0, 1.0, [wall])
    assert car.x + SPEC.body_x[1] < 7.5
    assert not car.solver.contacts


def test_the_contact_point_is_where_the_bodies_meet() -> None:
    car = Car(SPEC, 0.0, 0.0, 0.0)
    pillar = box(6.0, 0.2, (0.4, 0.4, 1.5))
    drive(car, 1.0, 6.0, [pillar])
    for contact in car.solver.contacts:
        assert contact.point[0] == pytest.approx(5.8, abs=5e-3)
        assert 0.0 <= contact.point[1] <= 0.4
        assert contact.obstacle is pillar


def test_a_wheel_that_sticks_out_touches_before_the_body_does() -> None:
    # the tyres of the stock car reach 0.9115 m from the middle, the body box 0.85 m
    car = Car(SPEC, 0.0, 0.0, 0.0)
    pillar = box(6.0, 0.98, (0.4, 0.2, 1.5))
    drive(car, 1.0, 8.0, [pillar])
    assert {contact.part for contact in car.solver.contacts} == {"front left wheel"}


def test_a_low_kerb_is_rolled_over() -> None:
    car = Car(SPEC, 0.0, 0.0, 0.0)
    drive(car, 2.0, 4.0, [box(5.0, 0.0, (0.2, 10.0, 0.1))])
    assert car.x > 6.0


def test_something_over_the_roof_is_not_touched() -> None:
    car = Car(SPEC, 0.0, 0.0, 0.0)
    beam = box(5.0, 0.0, (0.2, 10.0, 0.2))
    beam.move(Frame(np.eye(3), np.array([5.0, 0.0, 2.2])))
    drive(car, 2.0, 4.0, [beam])
    assert car.x > 6.0


def test_a_car_that_was_put_into_a_wall_can_still_drive_out() -> None:
    car = Car(SPEC, 4.6, 0.0, 0.0)
    wall = box(8.0, 0.0, (0.3, 10.0, 1.2))
    drive(car, 1.0, 1.0, [wall])
    assert car.x == pytest.approx(4.6, abs=1e-3)
    assert car.solver.contacts
    drive(car, -1.0, 2.0, [wall])
    assert car.x < 4.0


def test_a_body_that_moves_into_a_standing_car_is_noticed() -> None:
    car = Car(SPEC, 0.0, 0.0, 0.0)
    mover = box(8.0, 0.0, (0.5, 0.5, 1.7))
    drive(car, 0.0, 0.1, [mover])
    assert not car.solver.contacts
    mover.move(Frame(np.eye(3), np.array([3.7, 0.0, 0.85])))
    car.solver.disturb()
    drive(car, 0.0, 0.01, [mover])
    assert car.solver.contacts


@settings(deadline=None, max_examples=20)
@given(st.floats(-math.pi, math.pi), st.floats(-0.6, 0.6), st.sampled_from([-1.5, 1.5]))
def test_no_drive_among_pillars_ever_ends_inside_one(yaw: float, steer: float, speed: float) -> None:
    car = Car(SPEC, 0.0, 0.0, yaw)
    pillars = [box(7.0 * math.cos(a), 7.0 * math.sin(a), (0.6, 0.6, 2.0), a) for a in np.arange(0.0, 6.28, 0.4)]
    drive(car, speed, 4.0, pillars, steer)
    for part in car.parts(car.x, car.y, car.yaw):
        assert all(separation(part.outline, pillar.footprint) > -1e-6 for pillar in pillars)
