"""Scenes of the planner's benchmark."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from coach_core.geometry.polygons import footprint
from coach_core.vehicle import VehicleParams
from ops.bench.planner.checker import least_clearance
from ops.bench.planner.lots import bay, nose_in
from ops.bench.planner.scenes import FAMILIES, TPCAP_STEER, random_scenes, standard_tasks, tpcap_cases


def test_standard_tasks_are_the_four_that_others_were_measured_on() -> None:
    names = [scene.name for scene in standard_tasks()]
    assert names == ["perp_rev", "parallel_1.5L", "tight_parallel_1.2L", "angled60_rev"]


@pytest.mark.parametrize("family", FAMILIES)
def test_random_lots_are_the_same_for_a_seed_and_free_at_both_ends(family: str) -> None:
    scenes, again, others = random_scenes(family, 4, 7), random_scenes(family, 4, 7), random_scenes(family, 4, 8)
    for scene, twin, other in zip(scenes, again, others, strict=True):
        np.testing.assert_array_equal(scene.start, twin.start)
        assert not np.array_equal([scene.start, scene.goal], [other.start, other.goal])
        for pose in (scene.start, scene.goal):
            assert least_clearance(scene.car, pose[None, :], scene.obstacles) > 0.04


def test_tpcap_row_is_read_as_its_format_says(tmp_path: Path) -> None:
    # start, goal, two polygons of 3 and 4 corners, the corners
    row = [1.0, 2.0, 0.5, 3.0, 4.0, 0.25, 2, 3, 4, 0, 0, 1, 0, 0, 1, 5, 5, 6, 5, 6, 6, 5, 6]
    (tmp_path / "Case3.csv").write_text(",".join(map(str, row)) + "\n")
    (tmp_path / "Case12.csv").write_text("held out")
    (scene,) = tpcap_cases(tmp_path)
    assert (scene.name, scene.car.max_steer) == ("case3", TPCAP_STEER)
    assert (scene.start.tolist(), scene.goal.tolist()) == ([1.0, 2.0, 0.5], [3.0, 4.0, 0.25])
    assert [len(obstacle) for obstacle in scene.obstacles] == [3, 4]
    assert scene.obstacles[1][-1].tolist() == [5.0, 6.0]


def test_without_the_tpcap_cases_there_are_none(tmp_path: Path) -> None:
    assert tpcap_cases(tmp_path / "nowhere") == []


def test_exit_is_the_way_in_turned_round() -> None:
    scene = random_scenes("exit_perpendicular", 1, 1)[0]
    assert scene.start[1] < 0.0 < scene.goal[1]  # from the bay below the aisle's edge into the aisle
    assert math.isclose(scene.start[2], 0.5 * math.pi)


def test_nose_in_rests_where_reversing_in_does() -> None:
    lot = bay(np.random.default_rng(1))
    turned = nose_in(lot)
    assert math.isclose(turned.goal[2], -0.5 * math.pi)
    bodies = [footprint(VehicleParams(*lot.car), pose) for pose in (lot.goal, turned.goal)]
    np.testing.assert_allclose(np.roll(bodies[0], 2, axis=0), bodies[1], atol=1e-9)


@pytest.mark.parametrize(("name", "shortest", "longest"), [("complex", 0.9, 1.173), ("extreme", 0.6, 0.9)])
def test_classes_of_parallel_slots_are_as_long_as_their_definition(name: str, shortest: float, longest: float) -> None:
    for scene in random_scenes(f"parallel_{name}", 5, 1):
        spare = scene.obstacles[1][:, 0].min() - scene.obstacles[0][:, 0].max() - scene.car.length
        assert shortest - 1e-9 <= spare <= longest


def test_parallel_slot_is_as_long_as_its_family_says() -> None:
    scene = random_scenes("parallel_1.2L", 1, 1)[0]
    behind, ahead = scene.obstacles[0], scene.obstacles[1]
    assert ahead[:, 0].min() - behind[:, 0].max() == pytest.approx(1.2 * scene.car.length)
    assert math.isclose(scene.goal[2], 0.0)
