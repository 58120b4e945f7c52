"""Gaps between parked cars, measured while driving past."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from coach_core.contracts.messages import ParkingStrip
from coach_core.geometry.poses import Pose, apply
from coach_core.perception.gaps import LONGEST, StripScanner
from coach_core.perception.slots import slot_from_map, slot_message
from coach_core.perception.sonar import Floats
from tests.unit.coach_core.perception.kerbside import DEPTH, Passing, drive_past

STRIP = ParkingStrip("K", 0.0, 0.0, 30.0, 0.0, 2.2)
SQUARE = 2.0
"""Width [m] that every car of these simple passes reaches from the kerb."""


def scanned(
    *cars: tuple[float, float], until: float = 34.0, start: float = -4.0, strip_pose: Pose | None = None
) -> StripScanner:
    """A strip after one sensor 1 m beside the cars drove past in steps of 5 cm, hearing exactly straight ahead.

    strip_pose: where the strip lies in the world; the pass is the same in its frame.
    """
    pose = np.zeros(3) if strip_pose is None else strip_pose
    ends = apply(pose, [[0.0, 0.0], [30.0, 0.0]])
    scanner = StripScanner(ParkingStrip("K", *ends[0].tolist(), *ends[1].tolist(), 2.2))
    for s in np.arange(start, until, 0.05):
        heard = next((3.0 - SQUARE for a, b in cars if a <= s <= b), math.inf)
        place = apply(pose, [float(s), 3.0])
        # a cone of no width: the ends are where the axis meets them
        sensor = np.array([[*place, pose[2] - 0.5 * math.pi, 0.0, 4.0]])
        scanner.take(sensor, np.array([heard]), np.array([True]))
    return scanner


def stretches(scanner: StripScanner) -> list[tuple[float, float]]:
    """The gaps along the strip, from the first."""
    strip = scanner.strip
    along = np.array([strip.x2_m - strip.x1_m, strip.y2_m - strip.y1_m]) / scanner.length
    out = []
    for slot in scanner.gaps:
        middle = float((slot.world_from_slot[:2] - [strip.x1_m, strip.y1_m]) @ along)
        out.append((middle - 0.5 * slot.width, middle + 0.5 * slot.width))
    return sorted(out)


def test_gap_between_two_cars_and_the_rest_of_the_strip_are_slots() -> None:
    scanner = scanned((2.0, 6.5), (12.0, 16.5), (17.5, 29.9))
    assert stretches(scanner) == [pytest.approx((6.5, 12.0), abs=0.05)]
    (slot,) = scanner.gaps
    assert slot.slot_id == "K-1"
    assert slot.measured
    assert 0.0 < slot.width_sigma < 0.06
    assert slot.parked_yaw == 0.5 * math.pi
    assert slot_from_map(slot_message(slot)).corners() == pytest.approx(slot.corners())


@pytest.mark.parametrize("yaw", [0.7, -2.0, math.pi])
def test_strip_may_lie_any_way_in_the_world(yaw: float) -> None:
    pose = np.array([5.0, -3.0, yaw])
    scanner = scanned((2.0, 6.5), (12.0, 29.9), strip_pose=pose)
    assert stretches(scanner) == [pytest.approx((6.5, 12.0), abs=0.05)]
    kerb = shapely.LineString(apply(pose, [[0.0, 0.0], [30.0, 0.0]]))
    assert shapely.Polygon(scanner.gaps[0].corners()).distance(kerb) < 1e-9
    for outline in scanner.outlines():
        assert shapely.Polygon(outline).exterior.is_ccw


def test_free_ends_of_the_strip_count_once_they_were_seen() -> None:
    assert stretches(scanned((8.0, 22.0))) == [
        pytest.approx((0.0, 8.0), abs=0.05),
        pytest.approx((22.0, 30.0), abs=0.05),
    ]


def test_gap_that_is_still_being_passed_is_no_slot_until_it_is_long_enough_for_any_car() -> None:
    assert stretches(scanned((2.0, 6.5), until=12.0)) == []
    assert len(stretches(scanned((2.0, 6.5), until=6.5 + LONGEST + 1.0))) == 1


def test_long_free_kerb_becomes_several_slots() -> None:
    found = stretches(scanned((2.0, 4.0), (24.0, 29.9)))
    assert len(found) == 3
    assert found[0][0] == pytest.approx(4.0, abs=0.05)
    assert found[-1][1] == pytest.approx(24.0, abs=0.05)


def test_gap_keeps_its_name_when_measured_again() -> None:
    scanner = scanned((2.0, 6.5), (12.0, 29.9), until=20.0)
    before = scanner.gaps
    for s in np.arange(20.0, 34.0, 0.05):
        heard = 1.0 if s < 29.9 else math.inf
        scanner.take(np.array([[s, 3.0, -0.5 * math.pi, 0.0, 4.0]]), np.array([heard]), np.array([True]))
    assert [slot.slot_id for slot in before] == [slot.slot_id for slot in scanner.gaps] == ["K-1"]


def test_single_silent_ping_is_no_gap_and_a_single_echo_is_no_car() -> None:
    scanner = StripScanner(STRIP)
    for n, s in enumerate(np.arange(-4.0, 34.0, 0.05)):
        heard = 1.0 if (2.0 <= s <= 10.0 and n % 17) or n == 400 else math.inf
        scanner.take(np.array([[s, 3.0, -0.5 * math.pi, 0.0, 4.0]]), np.array([heard]), np.array([True]))
    assert len(scanner.bodies) == 1


def test_everything_that_was_not_seen_may_be_occupied() -> None:
    untouched = StripScanner(STRIP)
    assert shapely.unary_union([shapely.Polygon(o) for o in untouched.outlines()]).area == pytest.approx(30.0 * 2.2)
    half = scanned((2.0, 6.5), until=15.0)
    taken = shapely.unary_union([shapely.Polygon(outline) for outline in half.outlines()])
    assert taken.contains(shapely.Point(4.0, 1.0))
    assert taken.contains(shapely.Point(20.0, 1.0))
    assert not taken.contains(shapely.Point(9.0, 1.0))


def test_kerb_a_sensor_that_looks_elsewhere_and_nonsense_are_no_cars() -> None:
    scanner = StripScanner(STRIP)
    for s in np.arange(-4.0, 34.0, 0.05):
        sensors = np.array(
            [
                [s, 3.0, -0.5 * math.pi, 0.0, 4.0],
                [s, 3.0, 0.5 * math.pi, 0.0, 4.0],
                [s, 3.0, -0.8, 0.0, 4.0],
                [s, 9.0, -0.5 * math.pi, 0.0, 4.0],
            ]
        )
        scanner.take(sensors, np.array([2.9, 1.0, 1.0, 1.0]), np.array([True] * 4))
        scanner.take(sensors, np.full(4, math.nan), np.array([True] * 4))
    assert scanner.bodies == []


# --- in the stand-in's rays ---------------------------------------------------------------------------


def nearest(passing: Passing) -> tuple[float, float]:
    """Error of the gap's length and its standard deviation [m]."""
    low, high = passing.row.gap
    slots = [slot for slot in passing.perception.slots if abs(slot.world_from_slot[0] - 0.5 * (low + high)) < 1.5]
    assert len(slots) == 1
    return slots[0].width - (high - low), slots[0].width_sigma


@pytest.fixture(scope="module")
def passings() -> list[Passing]:
    return [drive_past(seed) for seed in range(6)]


def test_length_is_right_to_a_hand_s_breadth_from_any_distance_at_any_speed(passings: list[Passing]) -> None:
    for passing in passings:
        error, sigma = nearest(passing)
        assert abs(error) < 0.15
        assert abs(error) < 4.0 * sigma


def test_measured_gap_is_free_and_named_after_its_strip(passings: list[Passing]) -> None:
    for passing in passings:
        for slot in passing.perception.slots:
            assert slot.slot_id.startswith("K-")
            assert slot.depth == DEPTH
        low, high = passing.row.gap
        gap = min(passing.perception.slots, key=lambda slot: abs(slot.world_from_slot[0] - 0.5 * (low + high)))
        assert passing.perception.occupancy(gap.slot_id) == "free"


def test_parked_cars_are_in_the_way_of_a_plan_and_the_gap_is_not(passings: list[Passing]) -> None:
    for passing in passings:
        low, high = passing.row.gap
        known = passing.perception.obstacles_for("", np.empty((0, 2)))
        taken = shapely.unary_union([shapely.Polygon(known.polygon(k)) for k in range(known.size)])
        for x, y, _, length, _ in passing.row.cars:
            assert taken.contains(shapely.box(x - 0.4 * length, y - 0.5, x + 0.4 * length, y + 0.5))
        assert taken.intersection(shapely.box(low + 0.2, 0.1, high - 0.2, 2.0)).area < 1e-9


def test_nothing_moves_along_a_row_of_parked_cars(passings: list[Passing]) -> None:
    assert not any(len(scene.movers) for passing in passings for scene in passing.scenes)


def test_gap_being_parked_in_is_no_longer_measured() -> None:
    passing = drive_past(3)
    gap = passing.perception.slots[0]
    passing.perception.choose(gap.slot_id)
    assert gap in passing.perception.slots


def test_gap_is_measured_without_fixes_too() -> None:
    """A fix at the start only: the row is measured in the wheels' own frame, a few centimetres off."""
    error, _ = nearest(drive_past(2, fixes=False))
    assert abs(error) < 0.2


def rows(scanner: StripScanner) -> Floats:
    return np.array([[body.first, body.last] for body in scanner.bodies])


def test_two_cars_close_together_are_told_apart_when_there_is_room_between_them_for_the_cone() -> None:
    assert len(rows(scanned((2.0, 6.5), (7.4, 12.0)))) == 2
