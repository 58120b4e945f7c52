"""Footprints of obstacles: what is known of one that stands must be what the hull of its corners says."""

from __future__ import annotations

import math

import numpy as np
import pytest

from worlds.headless.physics.polygons import convex_hull
from worlds.headless.physics.shapes import Obstacle, Primitive, at
from worlds.headless.vrml.scene import Frame, Matrix, Node, rotation_matrix
from worlds.headless.vrml.tables import nodes

SOLID = Node(nodes()["Solid"], 1, "test", 1)
SHAPES = [("box", (4.2, 1.8, 1.5)), ("box", (0.3, 6.0, 0.1)), ("cylinder", (0.25, 1.8, 0.0))]


def placed(kind: str, size: tuple[float, float, float], rotation: Matrix) -> Obstacle:
    return Obstacle(
        SOLID, SOLID, Primitive(kind, at(0.4, -0.2, 0.7), size), Frame(rotation, np.array([3.0, -7.5, 0.1]))
    )


def hull_of(obstacle: Obstacle) -> list[tuple[float, float]]:
    """By the primitive's definition: corners of a box; tangents round the circle of a cylinder."""
    kind, _, size = obstacle.primitive
    if kind == "box":
        own = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) * 0.5 * np.array(size)
    else:
        outer = size[0] / math.cos(math.pi / 24)
        turns = [2.0 * math.pi * i / 24 for i in range(24)]
        own = np.array([(outer * math.cos(a), outer * math.sin(a), z) for a in turns for z in (-0.9, 0.9)])
    corners = own @ obstacle.pose.rotation.T + obstacle.pose.origin
    return convex_hull([(x, y) for x, y, _ in corners.tolist()])


@pytest.mark.parametrize(("kind", "size"), SHAPES)
@pytest.mark.parametrize("yaw", [0.0, 0.3, 1.0, 2.0, math.pi, -2.5, -0.7])
def test_what_stands_has_the_hull_of_its_corners(kind: str, size: tuple[float, float, float], yaw: float) -> None:
    obstacle = placed(kind, size, rotation_matrix([0.0, 0.0, 1.0, yaw]))

    assert np.allclose(sorted(obstacle.footprint), sorted(hull_of(obstacle)), rtol=0.0, atol=1e-9)
    assert obstacle.footprint[0] == min(obstacle.footprint)
    area = sum(
        ax * by - bx * ay
        for (ax, ay), (bx, by) in zip(obstacle.footprint, obstacle.footprint[1:] + obstacle.footprint[:1], strict=True)
    )
    assert area > 0.0, "counter-clockwise"


@pytest.mark.parametrize("axis", [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (1.0, 1.0, 0.2)])
@pytest.mark.parametrize("angle", [0.4, 1.6, math.pi])
def test_what_is_tilted_has_the_hull_of_all_its_corners(axis: tuple[float, float, float], angle: float) -> None:
    obstacle = placed("box", (2.0, 1.0, 0.5), rotation_matrix([*axis, angle]))

    assert np.allclose(sorted(obstacle.footprint), sorted(hull_of(obstacle)), rtol=0.0, atol=1e-9)


def test_a_box_without_width_is_a_line() -> None:
    obstacle = placed("box", (2.0, 0.0, 0.5), rotation_matrix([0.0, 0.0, 1.0, 0.0]))

    assert len(obstacle.footprint) == 2
    assert obstacle.radius == pytest.approx(1.0)
