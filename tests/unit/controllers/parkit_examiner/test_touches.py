"""What is told of touches: once each, by part and wheel."""

from __future__ import annotations

import math

import msgspec
import pytest

from coach_core.contracts.messages import GroundLine
from controllers.parkit_examiner.judge import Truth
from controllers.parkit_examiner.polygons import Body, Point
from controllers.parkit_examiner.touches import KERB_REACH, PRINT_REACH, Happening, TouchWatch, side_lines
from tests.toy.frames import LOT, PROFILE

FRONT = PROFILE.wheelbase_m + PROFILE.front_overhang_m
CONE = Body("CONE", "cone", [(10.0, -0.2), (10.4, -0.2), (10.4, 0.2), (10.0, 0.2)])
KERB = [(10.0, -5.0), (12.0, -5.0), (12.0, 5.0), (10.0, 5.0)]
LINE = GroundLine("stop", "detection", 10.0, -5.0, 10.0, 5.0, 0.2)


def watch(*, kerb: bool = False, line: bool = False) -> TouchWatch:
    lot = msgspec.structs.replace(LOT, kerbs=[KERB] if kerb else [], lines=[LINE] if line else [])
    return TouchWatch(PROFILE, lot)


def look(
    eye: TouchWatch, x: float, *bodies: Body, listed: tuple[Point, ...] = (), speed: float = 0.5
) -> list[Happening]:
    """The car heads along +x with its rear axle at (x, 0)."""
    return eye.look(Truth(x, 0.0, 0.0), speed, bodies, listed)


def test_a_body_is_touched_once_until_it_has_been_left() -> None:
    eye = watch()
    at = 10.0 - FRONT
    told = [look(eye, x, CONE) for x in (at - 1.0, at + 0.05, at + 0.1, at - 0.5, at + 0.05)]
    assert [len(happenings) for happenings in told] == [0, 1, 0, 0, 1]
    assert told[1][0].type == "contact"
    assert told[1][0].facts == {"part": "body", "other": "cone", "at": [10.05, 0.0], "speed_mps": 0.5}
    assert eye.contacts == 2


def test_clearance_is_the_least_so_far() -> None:
    eye = watch()
    for x in (10.0 - FRONT - 2.0, 10.0 - FRONT - 0.3, 10.0 - FRONT - 1.0):
        look(eye, x, CONE)
    assert eye.clearance == pytest.approx(0.3)


def test_what_the_simulator_lists_is_told_although_the_outlines_do_not_meet() -> None:
    eye = watch()
    at = 10.0 - FRONT - 0.03
    (told,) = look(eye, at, CONE, listed=((9.97, 0.0),))
    assert (told.facts["other"], told.facts["at"]) == ("cone", [9.97, 0.0])
    assert look(eye, at, CONE, listed=((9.97, 0.0),)) == []
    (strange,) = look(eye, at, listed=((0.0, 3.0),))
    assert strange.facts["other"] == "object"


def test_a_car_that_stands_against_something_at_first_is_told_of_it() -> None:
    assert [h.facts["other"] for h in look(watch(), 10.0 - FRONT + 0.1, CONE)] == ["cone"]


def test_the_body_may_hang_over_a_kerb_and_the_wheels_may_not_touch_it() -> None:
    eye = watch(kerb=True)
    axle = 10.0 - PROFILE.wheelbase_m - KERB_REACH
    assert look(eye, axle - 0.3) == []  # the bumper is over it by now
    told = look(eye, axle + 0.05)
    assert [(h.type, h.facts["part"], h.facts["other"]) for h in told] == [
        ("contact", "wheel_front_left", "kerb"),
        ("contact", "wheel_front_right", "kerb"),
    ]
    assert look(eye, axle + 0.1) == []
    assert (eye.kerb_strikes, eye.contacts) == (2, 0)


def test_each_wheel_is_told_when_it_enters_a_line_and_again_after_it_has_left() -> None:
    eye = watch(line=True)
    axle = 9.9 - PROFILE.wheelbase_m - PRINT_REACH
    told = [look(eye, x) for x in (axle - 0.1, axle + 0.02, axle + 0.1, axle + 1.0, axle + 0.1)]
    assert [len(happenings) for happenings in told] == [0, 2, 0, 0, 2]
    assert told[1][0].facts["line_id"] == "stop"
    assert told[1][0].facts["line_kind"] == "detection"
    assert [h.facts["wheel"] for h in told[1]] == ["front_left", "front_right"]
    rear = look(eye, axle + PROFILE.wheelbase_m + 0.02)
    assert [h.facts["wheel"] for h in rear] == ["rear_left", "rear_right"]


def test_a_line_the_car_stands_on_at_first_has_not_been_driven_to() -> None:
    eye = watch(line=True)
    assert look(eye, 10.0 - PROFILE.wheelbase_m) == []


def test_the_lines_beside_the_slot_one_parks_in_count_and_no_others() -> None:
    slot = LOT.slots[3]  # mouth at (0, 0), inwards down
    eye = watch()
    turned = math.pi / 2  # nose out
    on_left = Truth(0.5 * slot.width_m - 0.5 * PROFILE.track_m, -3.5, turned)
    middle = Truth(0.0, -3.5, turned)
    eye.look(middle, 0.1, (), ())
    assert eye.look(on_left, 0.1, (), ()) == []
    eye.aim(slot)
    eye.look(middle, 0.1, (), ())
    told = eye.look(on_left, 0.1, (), ())
    # seen looking in, the line at +x is on the left; the driver looks out and has it on the right
    assert {(h.facts["line_id"], h.facts["line_kind"]) for h in told} == {("A4:left", "bay")}
    assert {h.facts["wheel"] for h in told} == {"rear_right", "front_right"}


def test_bay_lines_of_the_map_are_not_made_twice() -> None:
    lot = msgspec.structs.replace(LOT, lines=side_lines(LOT.slots[3]))
    eye = TouchWatch(PROFILE, lot)
    eye.aim(LOT.slots[3])
    eye.look(Truth(0.0, -3.5, math.pi / 2), 0.1, (), ())
    told = eye.look(Truth(1.25 - 0.5 * PROFILE.track_m, -3.5, math.pi / 2), 0.1, (), ())
    assert len(told) == 2


def test_a_new_try_counts_from_nought() -> None:
    eye = watch()
    look(eye, 10.0 - FRONT - 1.0, CONE)
    look(eye, 10.0 - FRONT + 0.1, CONE)
    eye.restart()
    assert (eye.contacts, eye.clearance) == (0, math.inf)
