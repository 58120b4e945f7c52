"""The committed worlds: they parse, and the maps and profiles beside them say the same."""

from __future__ import annotations

import math
from pathlib import Path

import msgspec
import pytest

from coach_core.contracts import SECTORS, LotMap, VehicleProfile
from worlds.headless.physics.polygons import separation
from worlds.headless.scenery import Scenery
from worlds.headless.vrml.parser import parse_world
from worlds.headless.vrml.scene import yaw_of
from worlds.headless.vrml.tables import vehicles

WORLDS = Path(__file__).resolve().parents[4] / "worlds"


@pytest.fixture(scope="module")
def scenery() -> Scenery:
    return Scenery(parse_world(WORLDS / "perpendicular.wbt"))


@pytest.fixture(scope="module")
def lot() -> LotMap:
    return msgspec.json.decode((WORLDS / "perpendicular.lot.json").read_bytes(), type=LotMap)


@pytest.fixture(scope="module")
def profile() -> VehicleProfile:
    return msgspec.json.decode((WORLDS / "learner_car.profile.json").read_bytes(), type=VehicleProfile)


@pytest.mark.parametrize("path", sorted(WORLDS.glob("*.wbt")), ids=lambda path: path.name)
def test_every_world_is_read_without_complaint(path: Path) -> None:
    world = parse_world(path)
    assert world.nodes[0].get("basicTimeStep") == 10.0
    assert world.defs["EGO"].type_name == "LearnerCar"
    assert world.defs["EXAMINER"].get("supervisor") is True


def test_the_learners_car_and_its_profile_mount_the_same_sensors(scenery: Scenery, profile: VehicleProfile) -> None:
    mounts = {mount.sensor_id: mount for mount in profile.sensors}
    assert list(mounts) == [f"us_{sector}" for sector in SECTORS]
    found = [place for place in scenery.places.values() if place.node.type_name == "DistanceSensor"]
    assert {place.node.get("name") for place in found} == set(mounts)
    for place in found:
        mount, frame, node = mounts[place.node.get("name")], place.in_top(), place.node
        assert (frame.origin[0], frame.origin[1]) == pytest.approx((mount.x_m, mount.y_m), abs=1e-3)
        assert math.remainder(yaw_of(frame.rotation) - mount.yaw_rad, 2.0 * math.pi) == pytest.approx(0.0, abs=1e-3)
        assert node.get("aperture") == mount.field_of_view_rad
        assert node.get("lookupTable")[-1] == [mount.max_range_m, mount.max_range_m, 0.0]
        assert node.get("type") == "sonar"


def test_sensors_sit_inside_the_body_box_so_that_touching_still_reads_a_distance(profile: VehicleProfile) -> None:
    box = vehicles()["ToyotaPrius"]["body_box"]
    for mount in profile.sensors:
        assert box["x"][0] < mount.x_m < box["x"][1]
        assert box["y"][0] < mount.y_m < box["y"][1]


def test_sensors_ride_high_enough_to_miss_kerbs_and_low_enough_to_see_cars(scenery: Scenery) -> None:
    facts = vehicles()["ToyotaPrius"]
    floor = facts["tireRadiusRear"] - facts["suspension_sag_estimate_m"]
    for place in scenery.places.values():
        if place.node.type_name == "DistanceSensor":
            assert 0.4 < place.in_top().origin[2] + floor < 0.55


def test_the_profile_has_the_stock_cars_dimensions(profile: VehicleProfile) -> None:
    facts = vehicles()["ToyotaPrius"]
    assert profile.wheelbase_m == facts["wheelbase"]
    assert profile.track_m == facts["trackFront"]
    assert profile.front_overhang_m == facts["front_overhang_estimate"]
    assert profile.rear_overhang_m == facts["rear_overhang_estimate"]
    assert profile.width_m == facts["overall_width_over_tires"]
    assert profile.max_steering_angle_rad < facts["max_bicycle_steering"]


def test_painted_bays_of_the_world_are_the_slots_of_the_map(scenery: Scenery, lot: LotMap) -> None:
    bays = [place.in_world() for place in scenery.places.values() if place.node.type_name == "PaintedBay"]
    assert [slot.slot_id for slot in lot.slots] == [f"A{i}" for i in range(1, 8)]
    assert len(bays) == len(lot.slots)
    for bay, slot in zip(bays, lot.slots, strict=True):
        assert (bay.origin[0], bay.origin[1]) == pytest.approx((slot.entrance_x_m, slot.entrance_y_m))
        assert yaw_of(bay.rotation) == pytest.approx(slot.inward_yaw_rad, abs=1e-5)
        assert (slot.width_m, slot.depth_m) == (2.5, 5.0)


def test_walls_of_the_world_are_the_walls_of_the_map(scenery: Scenery, lot: LotMap) -> None:
    ego = next(place.node for place in scenery.places.values() if place.node.def_name == "EGO")
    walls = [o for o in scenery.obstacles(ego) if o.top.type_name == "LotWall"]
    drawn = sorted(sorted((round(x, 6), round(y, 6)) for x, y in wall.footprint) for wall in walls)
    assert drawn == sorted(sorted((x, y) for x, y in wall) for wall in lot.walls)
    assert all(wall.high == pytest.approx(1.2) for wall in walls)


def test_a_parked_car_stands_in_the_middle_of_every_bay_nose_to_the_aisle(scenery: Scenery, lot: LotMap) -> None:
    for slot in lot.slots:
        node = next(p.node for p in scenery.places.values() if p.node.def_name == f"PARKED_{slot.slot_id}")
        frame = scenery.places[node.id].in_world()
        assert frame.origin[0] == pytest.approx(slot.entrance_x_m)
        assert yaw_of(frame.rotation) == pytest.approx(math.pi / 2, abs=1e-5)
        assert node.get("size") == [4.6, 1.85, 1.5]


def test_the_learner_starts_in_the_aisle_clear_of_everything(scenery: Scenery) -> None:
    ego = next(place.node for place in scenery.places.values() if place.node.def_name == "EGO")
    x, y, _ = ego.get("translation")
    outline = [(x + 3.7, y + 1.0), (x - 0.9, y + 1.0), (x - 0.9, y - 1.0), (x + 3.7, y - 1.0)]
    gaps = [separation(outline, o.footprint) for o in scenery.obstacles(ego) if o.footprint]
    assert min(gaps) > 0.5
