"""Rays of distance sensors, against boxes whose answers can be worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.toy.rays import PlainCaster
from worlds.headless.physics.rays import RayCaster, ray_directions
from worlds.headless.physics.shapes import Obstacle, Primitive, at
from worlds.headless.vrml.scene import IDENTITY, Frame, Matrix, Node, rotation_matrix
from worlds.headless.vrml.tables import nodes

SOLID = Node(nodes()["Solid"], 1, "test", 1)


def obstacle(kind: str, size: tuple[float, float, float], frame: Frame) -> Obstacle:
    return Obstacle(SOLID, SOLID, Primitive(kind, IDENTITY, size), frame)


def turned(angle: float, x: float, y: float, z: float = 0.0) -> Frame:
    return Frame(rotation_matrix([0.0, 0.0, 1.0, angle]), np.array([x, y, z]))


def cast(
    obstacles: list[Obstacle], direction: tuple[float, float, float], robot: Frame = IDENTITY
) -> tuple[float, float]:
    unit: Matrix = np.array(direction, dtype=float).reshape(3, 1)
    distances, cosines = RayCaster(obstacles).cast(robot, np.zeros((3, 1)), unit / np.linalg.norm(unit))
    return float(distances[0]), float(cosines[0])


def test_a_ray_meets_a_box_head_on() -> None:
    assert cast([obstacle("box", (1.0, 1.0, 1.0), turned(0.0, 3.0, 0.0))], (1, 0, 0)) == pytest.approx((2.5, 1.0))


def test_a_ray_along_an_axis_is_not_lost_to_a_division_by_zero() -> None:
    box = obstacle("box", (2.0, 2.0, 2.0), turned(math.pi / 2, 0.0, -4.0))
    assert cast([box], (0, -1, 0)) == pytest.approx((3.0, 1.0))


def test_a_ray_beside_a_box_meets_nothing() -> None:
    assert cast([obstacle("box", (1.0, 1.0, 1.0), turned(0.0, 3.0, 0.6))], (1, 0, 0))[0] == math.inf


def test_the_angle_to_the_normal_of_a_turned_box_is_told() -> None:
    box = obstacle("box", (1.0, 10.0, 1.0), turned(math.radians(30), 5.0, 0.0))
    distance, cosine = cast([box], (1, 0, 0))
    assert cosine == pytest.approx(math.cos(math.radians(30)))
    assert distance == pytest.approx(5.0 - 0.5 / math.cos(math.radians(30)))


def test_the_nearest_box_wins() -> None:
    boxes = [obstacle("box", (1.0, 1.0, 1.0), turned(0.0, x, 0.0)) for x in (6.0, 3.0, 9.0)]
    assert cast(boxes, (1, 0, 0))[0] == pytest.approx(2.5)


def test_a_ray_over_a_low_box_passes() -> None:
    assert cast([obstacle("box", (1.0, 1.0, 0.1), turned(0.0, 3.0, 0.0, -0.5))], (1, 0, 0))[0] == math.inf


def test_a_cylinder_is_met_on_its_side_and_on_its_cap() -> None:
    pillar = obstacle("cylinder", (0.5, 2.0, 0.0), turned(0.0, 3.0, 0.0))
    assert cast([pillar], (1, 0, 0)) == pytest.approx((2.5, 1.0))
    below = obstacle("cylinder", (0.5, 2.0, 0.0), at(0.0, 0.0, -3.0))
    assert cast([below], (0, 0, -1)) == pytest.approx((2.0, 1.0))


def test_a_glancing_ray_on_a_cylinder_has_a_small_cosine() -> None:
    pillar = obstacle("cylinder", (0.5, 2.0, 0.0), turned(0.0, 3.0, 0.3))
    distance, cosine = cast([pillar], (1, 0, 0))
    assert distance == pytest.approx(3.0 - 0.4)
    assert cosine == pytest.approx(0.8)


def test_the_floor_is_met_by_a_sinking_ray_only() -> None:
    floor = obstacle("plane", (0.0, 0.0, 0.0), at(0.0, 0.0, -0.5))
    distance, cosine = cast([floor], (1, 0, -1))
    assert distance == pytest.approx(0.5 * math.sqrt(2.0))
    assert cosine == pytest.approx(math.sqrt(0.5))
    assert cast([floor], (1, 0, 1))[0] == math.inf


def test_rays_turn_and_move_with_the_robot() -> None:
    box = obstacle("box", (1.0, 1.0, 1.0), turned(0.0, 2.0, 7.0))
    assert cast([box], (1, 0, 0), turned(math.pi / 2, 2.0, 3.0))[0] == pytest.approx(3.5)


@pytest.mark.parametrize("count", range(2, 16))
def test_all_rays_stay_in_the_cone_and_some_reach_its_rim(count: int) -> None:
    directions = ray_directions(count, 1.0)
    tilts = np.arccos(np.clip(directions[:, 0], -1.0, 1.0))
    assert directions.shape == (count, 3)
    assert np.linalg.norm(directions, axis=1) == pytest.approx(np.ones(count))
    assert tilts.max() == pytest.approx(0.5)


def test_one_ray_and_no_aperture_both_look_straight_ahead() -> None:
    assert ray_directions(1, 1.0).tolist() == [[1.0, 0.0, 0.0]]
    assert ray_directions(9, 0.0).tolist() == [[1.0, 0.0, 0.0]]


def test_three_rays_are_one_up_and_two_lower_ones() -> None:
    up, *lower = ray_directions(3, 1.0)
    assert up[2] > 0.0
    assert all(ray[2] < 0.0 for ray in lower)
    assert lower[0][1] == pytest.approx(-lower[1][1])


def test_two_rays_are_left_and_right() -> None:
    one, other = ray_directions(2, 1.0)
    assert one[1] == pytest.approx(-other[1])
    assert one[2] == pytest.approx(0.0, abs=1e-12)


def scattered(rng: np.random.Generator) -> list[Obstacle]:
    """A floor, boxes and cylinders at random, some of them far away, lying or sunk into the floor."""
    found = [obstacle("plane", (0.0, 0.0, 0.0), IDENTITY)]
    for kind in ["box"] * 10 + ["cylinder"] * 6:
        size = tuple(rng.uniform(0.1, 2.0, 3).tolist())
        turn = rotation_matrix([*rng.normal(size=2).tolist(), 3.0, rng.uniform(-3.0, 3.0)])
        found.append(obstacle(kind, size, Frame(turn, rng.uniform((-6.0, -6.0, -0.5), (6.0, 6.0, 1.0)))))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_every_ray_meets_what_it_meets_when_each_is_tried_against_each(seed: int) -> None:
    rng = np.random.default_rng(seed)
    obstacles = scattered(rng)
    origins = rng.uniform((-1.0, -1.0, 0.1), (1.0, 1.0, 0.6), (60, 3)).T.copy()
    ways = rng.normal(size=(60, 3)) * (1.0, 1.0, 0.3)
    directions = (ways / np.linalg.norm(ways, axis=1)[:, None]).T.copy()
    robot = turned(rng.uniform(-3.0, 3.0), *rng.uniform(-3.0, 3.0, 2).tolist(), 0.3)
    distances, cosines = RayCaster(obstacles).cast(robot, origins, directions)
    expected_distances, expected_cosines = PlainCaster(obstacles).cast(robot, origins, directions)
    assert np.isfinite(distances).sum() > 20
    np.testing.assert_allclose(distances, expected_distances, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(cosines, expected_cosines, rtol=1e-9, atol=1e-9)


def test_where_nothing_stands_no_ray_meets_anything() -> None:
    assert cast([], (1, 0, 0)) == (math.inf, 0.0)
