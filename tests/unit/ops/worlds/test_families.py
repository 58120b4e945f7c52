"""The families of worlds: what is in the repository is what they build, and what they draw is valid."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from shapely import Point, Polygon, box, unary_union

from coach_core.contracts import SlotMap
from coach_core.errors import UsageError
from ops.worlds.check import check
from ops.worlds.families import FAMILIES, STANDARD_NAMES, course, drawn, standard
from ops.worlds.layout import PROJECT, Family
from ops.worlds.writer import json_text, lot_text, viewpoint_orientation, world_text, write
from worlds.headless.vrml.scene import rotation_matrix


@pytest.mark.parametrize("name", STANDARD_NAMES)
def test_the_worlds_of_the_repository_are_their_families_written_out(name: str) -> None:
    layout = standard(name)
    worlds = PROJECT / "worlds"
    assert (worlds / f"{name}.wbt").read_text(encoding="utf-8") == world_text(layout, "../protos"), (
        "run `python -m ops.worlds` after a change to a family"
    )
    assert (worlds / f"{name}.lot.json").read_text(encoding="utf-8") == lot_text(layout)
    assert (worlds / f"{name}.scenario.json").read_text(encoding="utf-8") == json_text(dict(layout.scenario)) + "\n"


@pytest.mark.parametrize("family", FAMILIES)
def test_drawn_worlds_pass_the_check(family: Family, project: Path) -> None:
    paths = []
    for seed in range(2):
        write(drawn(family, seed, f"{family}_{seed}"), project / "worlds")
        paths.append(project / "worlds" / f"{family}_{seed}.wbt")
    assert [str(item) for item in check(paths).items if item.severity != "note"] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_equal_seeds_draw_equal_worlds_and_others_differ(family: Family) -> None:
    texts = [world_text(drawn(family, seed, "w"), "../protos") for seed in (4, 4, 5, 6, 7)]
    assert texts[0] == texts[1]
    assert len(set(texts)) > 2


def test_the_parallel_family_has_the_kerb_on_the_right_of_the_parked_cars() -> None:
    layout = standard("parallel")
    slot = layout.lot.slots[0]
    car = next(body for body in layout.bodies if body.define == "PARKED_P1")
    assert (slot.kind, slot.inward_yaw_rad, car.yaw) == (
        "parallel",
        pytest.approx(-math.pi / 2),
        pytest.approx(0.0, abs=1e-5),
    )
    kerb = layout.lot.kerbs[0]
    assert max(y for _, y in kerb) == pytest.approx(slot.entrance_y_m - slot.depth_m, abs=1e-6)


def test_oblique_bays_touch_the_aisle_with_one_corner_and_keep_their_distance() -> None:
    slots = standard("angled").lot.slots
    highest = [max(y for _, y in _mouth(slot)) for slot in slots]
    assert highest == pytest.approx([0.0] * len(slots), abs=1e-5)
    for one, other in pairwise(slots):
        across = np.array([-math.sin(one.inward_yaw_rad), math.cos(one.inward_yaw_rad)])
        step = np.array([other.entrance_x_m - one.entrance_x_m, other.entrance_y_m - one.entrance_y_m])
        assert abs(float(step @ across)) == pytest.approx(one.width_m, abs=1e-4)


def _mouth(slot: SlotMap) -> list[tuple[float, float]]:
    half, yaw = 0.5 * slot.width_m, slot.inward_yaw_rad
    return [
        (slot.entrance_x_m - side * math.sin(yaw), slot.entrance_y_m + side * math.cos(yaw)) for side in (-half, half)
    ]


def test_the_course_measures_what_it_was_asked_for() -> None:
    lot = course.build(course.Parameters(lane_m=3.5, bay_width_m=3.2), "wide").lot
    lines = {line.line_id: line for line in lot.lines}
    assert lines["north"].y1_m - lines["south-west"].y1_m == pytest.approx(3.5)
    assert lines["bay-east"].x1_m - lines["bay-west"].x1_m == pytest.approx(3.2)
    assert {line.kind for line in lot.lines} == {"detection", "check", "entry"}
    assert lot.slots[0].width_m == pytest.approx(3.2)


def test_the_course_has_a_kerb_behind_every_line_but_those_across_the_way() -> None:
    lot = standard("kr_course").lot
    for line in lot.lines:
        if line.kind == "detection":
            middle = Point(0.5 * (line.x1_m + line.x2_m), 0.5 * (line.y1_m + line.y2_m))
            least = min(Polygon(kerb).distance(middle) for kerb in lot.kerbs)
            assert least == pytest.approx(course.Parameters().kerb_gap_m, abs=1e-3), line.line_id


@pytest.mark.parametrize("corner", [0.0, 1.0])
def test_no_kerb_of_the_course_stands_in_the_way_of_wheels(corner: float) -> None:
    p = course.Parameters(corner_m=corner)
    lot = course.build(p, "c").lot
    half = 0.5 * p.bay_width_m
    lane = box(-half - p.run_up_m, 0.0, half + p.run_up_m, p.lane_m)
    bay = box(-half, -p.bay_depth_m, half, 0.0)
    cut = Polygon([(-half - corner, 0.0), (-half, -corner), (half, -corner), (half + corner, 0.0)]) if corner else bay
    ways = unary_union([lane, bay, cut])
    for kerb in lot.kerbs:
        assert Polygon(kerb).distance(ways) > p.kerb_gap_m - 1e-3


def test_a_corner_too_short_for_its_kerb_is_refused() -> None:
    with pytest.raises(UsageError, match="leaves no room for its kerb"):
        course.build(course.Parameters(corner_m=0.2), "c")


def test_the_first_view_looks_at_its_target_the_right_way_up() -> None:
    eye, target = (-20.0, 12.0, 9.0), (1.0, -0.5, 0.0)
    frame = rotation_matrix(list(viewpoint_orientation(eye, target)))
    ahead = np.array(target) - np.array(eye)
    assert frame[:, 0] == pytest.approx(ahead / np.linalg.norm(ahead), abs=1e-3)
    assert frame[2, 2] > 0.5
    assert frame[2, 1] == pytest.approx(0.0, abs=1e-3)
