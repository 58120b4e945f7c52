"""One picture from frames: readings, their age, what is assumed where nobody looked."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest

from coach_core.contracts import SECTORS, Pose2, SensorReading
from coach_core.geometry.polygons import pack_obstacles
from coach_core.perception.scene import Perception, Scene
from tests.toy.frames import LOT, PROFILE, echoes, frame

FRONT_LEFT = SECTORS.index("front_left")


@pytest.fixture
def perception() -> Perception:
    return Perception(PROFILE, LOT)


def test_sensor_that_never_spoke_has_no_reading_and_an_endless_age(perception: Perception) -> None:
    scene = perception.update(frame(readings=[SensorReading("us_front_left", 1.5, 0)]))
    assert scene.readings[FRONT_LEFT] == 1.5
    assert scene.reading_age[FRONT_LEFT] == 0.0
    others = np.arange(12) != FRONT_LEFT
    assert np.isnan(scene.readings[others]).all()
    assert np.isinf(scene.reading_age[others]).all()


def test_no_echo_is_an_infinite_distance(perception: Perception) -> None:
    assert np.isinf(perception.update(frame()).readings).all()


def test_repeated_and_older_readings_grow_old_instead_of_fresh(perception: Perception) -> None:
    perception.update(frame(10, readings=echoes(2.0, 200_000)))
    scene = perception.update(frame(20, readings=echoes(1.0, 200_000)))
    assert scene.readings[FRONT_LEFT] == 2.0
    assert scene.reading_age == pytest.approx(np.full(12, 0.2))


def test_nonsense_is_not_remembered_as_a_reading(perception: Perception) -> None:
    perception.update(frame(0))
    scene = perception.update(frame(1, readings=echoes(None, 20_000, front_left=math.inf)))
    assert np.isnan(scene.readings[FRONT_LEFT])
    assert np.isinf(scene.reading_age[FRONT_LEFT])


def test_sensors_the_car_does_not_have_are_passed_over(perception: Perception) -> None:
    scene = perception.update(frame(readings=[SensorReading("lidar", 0.1, 5)]))
    assert np.isnan(scene.readings).all()


def test_every_slot_that_nobody_looked_into_is_taken_for_occupied(perception: Perception) -> None:
    assert perception.update(frame()).polygons.size == len(LOT.walls) + len(LOT.slots)


def test_chosen_slot_has_no_assumed_car_and_neither_has_a_plan_into_it(perception: Perception) -> None:
    everything = perception.update(frame()).polygons.size
    perception.choose("A3")
    assert perception.update(frame(1)).polygons.size == everything - 1
    assert perception.obstacles_for("A4", np.empty((0, 2))).size == everything - 1


def test_echo_points_are_small_squares_to_the_planner(perception: Perception) -> None:
    without = perception.obstacles_for("A3", np.empty((0, 2)))
    with_one = perception.obstacles_for("A3", np.array([[1.0, 2.0]]))
    assert with_one.size == without.size + 1
    assert with_one.boxes[-1] == pytest.approx([0.95, 1.95, 1.05, 2.05])


def test_point_in_a_slot_may_be_the_neighbour_if_its_place_is_ill_known(perception: Perception) -> None:
    slot = next(slot for slot in LOT.slots if slot.slot_id == "A3")
    off_the_middle = np.array([[slot.entrance_x_m + 0.3, slot.entrance_y_m - 0.1]])
    without = perception.obstacles_for("A3", np.empty((0, 2))).size
    assert perception.obstacles_for("A3", off_the_middle, np.array([0.1])).size == without + 1
    assert perception.obstacles_for("A3", off_the_middle, np.array([0.35])).size == without
    in_the_middle = np.array([[slot.entrance_x_m, slot.entrance_y_m - 0.1]])
    assert perception.obstacles_for("A3", in_the_middle, np.array([0.35])).size == without + 1


def passed(perception: Perception, slot_x: float, distance: float | None) -> None:
    """Drive past a slot with the right front sensor opposite it."""
    for seq in range(8):
        x = slot_x - 3.0 - 0.2 + 0.05 * seq
        readings = [SensorReading("us_right_front", distance, seq * 20_000)]
        perception.update(frame(seq, pose=Pose2(x, 2.4, 0.0), speed_mps=2.5, readings=readings))


def test_slot_driven_past_without_an_echo_is_free_and_no_longer_in_the_way(perception: Perception) -> None:
    passed(perception, LOT.slots[2].entrance_x_m, None)
    assert perception.occupancy("A3") == "free"
    assert perception.update(frame(9, pose=Pose2(-5.3, 2.4, 0.0))).polygons.size == len(LOT.walls) + len(LOT.slots) - 1


def test_slot_driven_past_with_a_near_echo_is_occupied(perception: Perception) -> None:
    passed(perception, LOT.slots[2].entrance_x_m, 1.9)
    assert perception.occupancy("A3") == "occupied"


def seen_twice(perception: Perception, x: float = -10.0) -> Scene:
    """Two pings in a row from the left, where nothing is known to be."""
    for seq in range(2):
        scene = perception.update(
            frame(seq, pose=Pose2(x, 2.4, 0.0), readings=echoes(None, 20_000 * seq, left_front=1.0))
        )
    return scene


def test_single_echo_is_not_believed_but_two_in_a_row_are(perception: Perception) -> None:
    once = perception.update(frame(0, readings=echoes(None, 0, left_front=1.0)))
    assert len(once.points) == 0
    assert len(seen_twice(Perception(PROFILE, LOT)).points) == 1


def test_point_where_the_car_has_come_to_stand_was_elsewhere(perception: Perception) -> None:
    seen = seen_twice(perception)
    (x, y), pose = seen.points[0].tolist(), seen.pose
    for seq in range(3, 500):  # sideways is not how cars drive, but slowly enough to be believed
        share = min(1.0, (seq - 2) / 480.0)
        at = Pose2(pose[0] + share * (x - pose[0]), pose[1] + share * (y - pose[1]), pose[2])
        behind = [reading for reading in echoes(None, 20_000 * seq) if reading.sensor_id == "us_rear_left"]
        scene = perception.update(frame(seq, pose=at, readings=behind))
        assert scene.jumped is False
    assert len(scene.points) == 0


def test_jump_forgets_the_echoes_of_where_the_car_was(perception: Perception) -> None:
    near = seen_twice(perception)
    far = perception.update(frame(2, pose=Pose2(2.0, 2.4, 0.0), readings=[]))
    assert far.jumped
    assert len(far.points) == 0
    assert far.points_revision != near.points_revision


def test_nothing_is_mapped_while_the_pose_is_a_guess(perception: Perception) -> None:
    lost = seen_twice(perception, math.nan)
    assert not lost.pose_known
    assert math.isinf(lost.pose_sigma)
    assert len(lost.points) == 0


def test_mapping_goes_on_over_a_short_outage_and_stops_when_the_wheels_have_carried_it_too_far() -> None:
    short, long = Perception(PROFILE, LOT), Perception(PROFILE, LOT)
    for perception, speed, found in ((short, 1.0, 1), (long, 14.0, 0)):
        perception.update(frame(0))
        for seq in range(1, 100):
            heard = 1.0 if seq > 90 else None
            lost = Pose2(math.nan, 0.0, 0.0)
            scene = perception.update(
                frame(seq, pose=lost, speed_mps=speed, readings=echoes(None, 20_000 * seq, left_front=heard))
            )
        assert not scene.pose_known
        assert (len(scene.points) > 0) == bool(found)


def test_point_well_inside_a_slot_makes_it_occupied_however_much_of_it_is_free(perception: Perception) -> None:
    passed(perception, LOT.slots[2].entrance_x_m, None)
    assert perception.occupancy("A3") == "free"
    x = LOT.slots[2].entrance_x_m - 3.0
    for seq in range(20, 23):
        readings = [SensorReading("us_right_front", 3.0, seq * 20_000)]
        perception.update(frame(seq, pose=Pose2(x, 2.4, 0.0), readings=readings))
    assert perception.occupancy("A3") == "occupied"
    assert perception.occupied_probability("A3") > 0.8


def test_kerbs_are_told_apart_from_what_the_body_must_not_touch() -> None:
    kerb = [(0.0, 0.0), (10.0, 0.0), (10.0, 0.2), (0.0, 0.2)]
    with_kerb = Perception(PROFILE, msgspec.structs.replace(LOT, kerbs=[kerb])).update(frame())
    without = Perception(PROFILE, LOT).update(frame())
    assert with_kerb.kerbs.size == 1
    assert with_kerb.polygons.size == without.polygons.size
    assert without.kerbs.size == 0


def test_plan_sees_what_the_scene_sees_and_the_points(perception: Perception) -> None:
    scene = perception.update(frame())
    planned = perception.obstacles_for("", np.empty((0, 2)))
    np.testing.assert_array_equal(planned.vertices, scene.polygons.vertices)
    np.testing.assert_array_equal(planned.offsets, scene.polygons.offsets)
    np.testing.assert_array_equal(planned.boxes, scene.polygons.boxes)
    repacked = pack_obstacles([planned.polygon(k) for k in range(planned.size)])
    np.testing.assert_allclose(repacked.boxes, planned.boxes)


def test_fused_reading_bridges_a_missing_echo_and_leaves_out_a_single_one(perception: Perception) -> None:
    heard = []
    for seq, distance in enumerate([2.0, 2.0, 2.0, None, 2.0, 0.5, 2.0, *[None] * 16]):
        scene = perception.update(frame(seq, readings=echoes(None, 20_000 * seq, front_left=distance)))
        heard.append(float(scene.fused[FRONT_LEFT]))
    assert heard[1:12] == [2.0] * 11
    assert math.isinf(heard[-1])
