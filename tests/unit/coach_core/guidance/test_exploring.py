"""What is asked of a learner while no slot is chosen."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from coach_core.contracts import LotMap, Pose2
from coach_core.contracts.messages import Gear
from coach_core.guidance.exploring import BEFORE, ENOUGH, LEAST, NEAR, NOTHING_LEFT, Explorer
from coach_core.guidance.guide import Guide, GuideLimits
from coach_core.guidance.search import SlotSearch
from coach_core.perception.scene import Perception, Scene
from tests.toy.frames import CAR, LOT, PROFILE, catalogue, echoes, frame

Outline = list[tuple[float, float]]
NOSE = CAR.wheelbase + CAR.front_overhang


def wall(x: float, y: float = 2.4) -> Outline:
    """Across the aisle, its near side at `x` [m]."""
    return [(x, y - 2.0), (x + 0.3, y - 2.0), (x + 0.3, y + 2.0), (x, y + 2.0)]


class Car:
    """A car that looks for a slot in a lot with these walls besides."""

    def __init__(self, *walls: Outline) -> None:
        lot: LotMap = msgspec.structs.replace(LOT, walls=[*LOT.walls, *walls])
        self.perception = Perception(PROFILE, lot)
        self.search = SlotSearch(CAR)
        self.explorer = Explorer(CAR, self.perception, self.search)
        self.guide = Guide(CAR, PROFILE.steering_ratio, catalogue(), GuideLimits())
        self.seq = 0

    def look(self, x: float, heard: float | None, y: float = 2.4) -> Scene:
        for _ in range(5):  # pings are believed when three agree
            self.seq += 1
            at_us = self.seq * 100_000
            ahead = {"front_centre_left": heard, "front_centre_right": heard}
            scene = self.perception.update(
                frame(self.seq, pose=Pose2(x, y, 0.0), readings=echoes(None, at_us, **ahead), timestamp=at_us)
            )
        return scene

    def cue(self, x: float, *, speed: float = 0.0, gear: Gear = "D", heard: float | None = None, y: float = 2.4) -> str:
        return self.explorer.cue(self.look(x, heard, y), speed, 0.0, gear, self.guide)


X = -8.0


def test_with_room_ahead_the_learner_is_asked_forward() -> None:
    car = Car()
    assert car.cue(X) == "move.forward_slow"
    assert car.cue(X, gear="P") == "gear.drive"
    assert car.cue(X, speed=0.5) == "appr.slow"


def test_learner_out_of_earshot_of_the_bays_is_asked_to_keep_nearer() -> None:
    assert Car().cue(X, speed=0.5, y=4.7) == "appr.gap"
    assert Car().cue(X, speed=-0.5, gear="R", y=4.7) == "appr.slow"


@pytest.mark.parametrize("known", [True, False])
def test_before_a_wall_the_learner_is_asked_back(known: bool) -> None:
    gap = 0.6 * LEAST
    car = Car(wall(X + NOSE + gap)) if known else Car()
    heard = None if known else gap
    assert car.cue(X, heard=heard) == "gear.reverse"
    assert car.cue(X, gear="R", heard=heard) == "move.back_slow"
    assert car.cue(X - 0.5, gear="R", speed=-0.3, heard=heard) == "appr.slow"


def test_learner_under_way_is_stopped_before_a_wall() -> None:
    car = Car(wall(X + NOSE + 1.2))
    assert car.cue(X - 3.0, speed=0.5) == "appr.slow"
    assert car.cue(X, speed=0.5) == "move.stop_here"
    assert car.cue(X, speed=0.1) == "move.stop_here"  # not taken back


def test_between_two_walls_there_is_nothing_to_ask_for() -> None:
    assert LEAST > 0.5
    car = Car(wall(X + NOSE + 0.4), wall(X - CAR.rear_overhang - 0.3 - 0.4))
    assert car.cue(X) == NOTHING_LEFT


def test_learner_is_sent_back_once_only() -> None:
    behind = -CAR.rear_overhang - 0.3 - 3.0
    car = Car(wall(X + NOSE + 0.4), wall(X + behind))
    assert car.cue(X) == "gear.reverse"
    assert car.cue(X - 2.5, gear="R") == "gear.drive"  # no further back
    assert car.cue(X, gear="D") == NOTHING_LEFT


def test_learner_who_finds_nothing_is_stopped_before_a_wall_all_the_same() -> None:
    last = max(slot.entrance_x_m for slot in LOT.slots) + 2.0
    car = Car(wall(last + NOSE + 1.2))
    for slot in LOT.slots:
        car.search.give_up(slot.slot_id)
    assert car.cue(last - 0.1, speed=0.1) == NOTHING_LEFT
    assert car.cue(last, speed=0.5) == "move.stop_here"


def test_learner_who_has_passed_slots_that_may_be_free_is_sent_back_once_and_looks_again() -> None:
    last = max(slot.entrance_x_m for slot in LOT.slots)
    past, first = last + 2.0, min(slot.entrance_x_m for slot in LOT.slots)
    car = Car()
    assert car.cue(past, speed=0.5) == "move.stop_here"
    assert car.cue(past) == "gear.reverse"
    assert car.cue(past, gear="R") == "move.back_slow"
    assert car.cue(last, gear="R", speed=-0.5) == "appr.slow"
    assert car.cue(last - 2.0, gear="R") == "move.back_slow"  # others are behind yet
    assert car.cue(first - BEFORE - 0.1, gear="R", speed=-0.5) == "move.stop_here"
    assert car.cue(first - BEFORE - 0.1, gear="R") == "gear.drive"
    assert car.cue(last, speed=0.5) == "appr.slow"
    assert car.cue(past, speed=0.5) == NOTHING_LEFT


def test_learner_is_sent_back_for_a_missed_slot_only_as_far_as_there_is_room() -> None:
    past = max(slot.entrance_x_m for slot in LOT.slots) + 2.0
    car = Car(wall(past - CAR.rear_overhang - 0.3 - 2.0))
    assert car.cue(past) == "gear.reverse"
    assert car.cue(past - 1.8, gear="R") == "gear.drive"  # its flank may have heard more from here
    assert car.cue(past) == NOTHING_LEFT


def test_what_was_heard_in_the_way_of_a_corner_counts() -> None:
    car = Car()
    scene = car.look(X, None)
    corner = np.array([[X + NOSE + 0.5, 2.4 - 0.45 * CAR.width]])
    beside = np.array([[X + NOSE + 0.5, 2.4 - 0.5 * CAR.width - 0.3]])
    for points, told in ((beside, "move.forward_slow"), (corner, "gear.reverse")):
        assert car.explorer.cue(scene._replace(points=points), 0.0, 0.0, "D", car.guide) == told


def test_nobody_is_sent_on_towards_what_is_heard_near_a_corner_however_the_wheel_is_turned() -> None:
    car = Car()
    scene = car.look(X, None)
    near = scene.fused.copy()
    near[0] = 0.5 * NEAR
    assert car.explorer.cue(scene._replace(fused=near), 0.0, 0.3, "D", car.guide) == "gear.reverse"


def test_who_passes_in_front_is_in_the_way() -> None:
    car = Car()
    scene = car.look(X, None)
    walker = np.array([[X + NOSE + 0.6, 2.4, 0.0, 0.5]])
    assert car.explorer.cue(scene._replace(movers=walker), 0.0, 0.0, "D", car.guide) == "gear.reverse"


def test_away_from_what_touches_the_nose_the_car_may_go() -> None:
    car = Car()
    scene = car.look(X, None)
    touching = scene._replace(points=np.array([[X + NOSE - 0.02, 2.4 + 0.4 * CAR.width]]))
    assert car.explorer.cue(touching, 0.0, 0.0, "D", car.guide) == "gear.reverse"


def test_learner_is_sent_back_no_farther_than_it_takes() -> None:
    car = Car(wall(X + NOSE + 0.4))
    assert car.cue(X) == "gear.reverse"
    assert car.cue(X - 0.5, gear="R", speed=-0.3) == "appr.slow"
    assert car.cue(X - ENOUGH, gear="R", speed=-0.3) == "move.stop_here"
    assert car.cue(X - ENOUGH, gear="R") == "gear.drive"
