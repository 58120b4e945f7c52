"""Making a find easier, and the trees that need it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from coach_core.geometry.polygons import pack_obstacles
from coach_core.planner.costs import NOVICE, path_cost
from coach_core.planner.field import NO_FIELD
from coach_core.planner.search import FOUND, MAX_PLAN
from coach_core.planner.shorten import shorten
from coach_core.planner.trees import grow, halton
from coach_core.planner.words import LEFT, RIGHT, STRAIGHT, make_words
from coach_core.vehicle import VehicleParams

CAR = VehicleParams(2.8, 0.96, 0.929, 1.942, 0.6)
STEERS = np.array([0.0, 0.6, -0.6, 0.3, -0.3, 0.15, -0.15])
CURVATURES = np.tan(STEERS) / CAR.wheelbase
Array = NDArray[np.float64]


def follow(root: Array, steers: NDArray[np.int64], lengths: Array) -> Array:
    x, y, yaw = root
    for steer, length in zip(steers, lengths, strict=True):
        for _ in range(100):  # midpoint rule
            step = 0.01 * length
            middle = yaw + 0.5 * CURVATURES[steer] * step
            x, y, yaw = x + step * math.cos(middle), y + step * math.sin(middle), yaw + CURVATURES[steer] * step
    return np.array([x, y, yaw])


def shortened(root: Array, steers: list[int], lengths: list[float]) -> tuple[NDArray[np.int64], Array]:
    out_steers, out_lengths = np.empty(MAX_PLAN, np.int64), np.empty(MAX_PLAN)
    count, _ = shorten(
        CAR, CURVATURES, pack_obstacles([]), root, np.array(steers), np.array(lengths), len(steers), 40, NOVICE,
        0.1, make_words(), out_steers, out_lengths,
    )  # fmt: skip
    return out_steers[:count], out_lengths[:count]


def test_zigzag_on_open_ground_becomes_easier_and_ends_in_the_same_place() -> None:
    root = np.array([0.0, 0.0, 0.3])
    steers, lengths = [LEFT, RIGHT, LEFT, STRAIGHT, RIGHT], [1.0, -0.8, 1.2, 4.0, 0.7]
    new_steers, new_lengths = shortened(root, steers, lengths)
    before = path_cost(NOVICE, np.array(steers), np.array(lengths), len(steers))
    assert path_cost(NOVICE, new_steers, new_lengths, len(new_steers)) < before
    np.testing.assert_allclose(
        follow(root, new_steers, new_lengths), follow(root, np.array(steers), np.array(lengths)), atol=1e-3
    )


def test_straight_line_cannot_be_made_easier() -> None:
    steers, lengths = shortened(np.zeros(3), [STRAIGHT], [5.0])
    assert steers.tolist() == [STRAIGHT] * len(steers)
    assert lengths.sum() == pytest.approx(5.0)


def test_halton_fills_the_interval_evenly() -> None:
    assert [halton(i, 2) for i in range(1, 6)] == [0.5, 0.25, 0.75, 0.125, 0.625]
    thirds = np.array([halton(i, 3) for i in range(1, 271)])
    assert np.histogram(thirds, bins=9, range=(0.0, 1.0))[0].tolist() == [30] * 9


def test_trees_find_a_way_round_a_wall() -> None:
    wall = pack_obstacles([np.array([[4.0, -6.0], [4.5, -6.0], [4.5, 6.0], [4.0, 6.0]])])
    root, target = np.array([0.0, 0.0, 0.5 * math.pi]), np.array([9.0, 0.0, 0.5 * math.pi])
    steers, lengths = np.empty(MAX_PLAN, np.int64), np.empty(MAX_PLAN)
    status, count, _ = grow(
        CAR, CURVATURES, wall, NO_FIELD, root, target, 0.1, 12.0, 400, 0, make_words(), steers, lengths
    )  # fmt: skip
    assert status == FOUND
    end = follow(root, steers[:count], lengths[:count])
    np.testing.assert_allclose(end[:2], target[:2], atol=0.01)
    assert abs(math.remainder(end[2] - target[2], 2.0 * math.pi)) < 1e-6
