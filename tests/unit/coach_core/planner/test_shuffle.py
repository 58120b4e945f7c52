"""Shuffling out of tight parallel slots."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coach_core.geometry.polygons import pack_obstacles
from coach_core.planner.costs import NOVICE
from coach_core.planner.search import EXHAUSTED, FOUND, MAX_PLAN
from coach_core.planner.shuffle import shuffle
from coach_core.planner.words import make_words
from coach_core.vehicle import VehicleParams
from ops.bench.planner.checker import check_path
from ops.bench.planner.scenes import Scene, random_scenes

CAR = VehicleParams(2.8, 0.96, 0.929, 1.942, 0.6)
CURVATURES = np.tan(np.array([0.0, 0.6, -0.6, 0.3, -0.3, 0.15, -0.15])) / CAR.wheelbase


def shuffled(scene: Scene, margin: float) -> tuple[int, list[int], list[float]]:
    """Status, steer indices and signed lengths from the slot outwards."""
    steers, lengths = np.empty(MAX_PLAN, np.int64), np.empty(MAX_PLAN)
    status, count, _ = shuffle(
        CAR, CURVATURES, pack_obstacles(scene.obstacles), scene.goal, scene.start, margin, 500, NOVICE, make_words(),
        steers, lengths,
    )  # fmt: skip
    return int(status), steers[:count].tolist(), lengths[:count].tolist()


def changes(lengths: list[float]) -> int:
    return int(np.count_nonzero(np.diff(np.sign(lengths))))


@pytest.mark.parametrize(("family", "most"), [("parallel_1.3L", 5), ("parallel_1.2L", 7)])
def test_tight_slot_is_left_with_few_changes_of_gear_and_no_touch(family: str, most: int) -> None:
    scene = random_scenes(family, 1, 5)[0]
    status, steers, lengths = shuffled(scene, 0.05)
    assert status == FOUND
    assert changes(lengths) <= most
    poses, gears = [scene.goal], [1]
    for steer, length in zip(steers, lengths, strict=True):
        steps = math.ceil(abs(length) / 0.05)
        for _ in range(steps):
            x, y, yaw = poses[-1]
            turn = CURVATURES[steer] * length / steps
            chord = length / steps * float(np.sinc(turn / (2.0 * math.pi)))
            poses.append(
                np.array([x + chord * math.cos(yaw + 0.5 * turn), y + chord * math.sin(yaw + 0.5 * turn), yaw + turn])
            )
            gears.append(1 if length > 0.0 else -1)
    verdict = check_path(CAR, np.array(poses), gears, scene.goal, scene.start, scene.obstacles)
    assert verdict.problems == ()
    assert verdict.clearance >= 0.04


def test_shorter_slot_takes_more_strokes() -> None:
    counts = [
        changes(shuffled(random_scenes(f"parallel_{size}L", 1, 3)[0], 0.05)[2]) for size in ("1.3", "1.2", "1.15")
    ]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_slot_with_no_room_to_move_is_exhausted() -> None:
    scene = random_scenes("parallel_1.2L", 1, 5)[0]
    lid = np.array([[-10.0, 2.3], [20.0, 2.3], [20.0, 2.6], [-10.0, 2.6]])
    assert shuffled(scene._replace(obstacles=[*scene.obstacles, lid]), 0.05)[0] == EXHAUSTED
