"""Which plan is followed, and what is done when there is none."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest

from coach_core.contracts import LotMap, Pose2, SensorFrame, SensorReading, SlotOffered
from coach_core.contracts.messages import Gear
from coach_core.geometry.poses import advance, compose
from coach_core.guidance.mission import Mission, MissionView, Phase, new_mission
from coach_core.guidance.planning import DUE_AFTER, PlanRequest
from coach_core.guidance.setbacks import APART
from coach_core.perception.scene import Perception
from coach_core.perception.slots import slot_from_map
from coach_core.planner import PlanResult, PlanSegment, PlanStatus
from coach_core.planner.paths import sample
from coach_core.planner.result import no_plan
from tests.toy.frames import CAR, LOT, PROFILE, catalogue, frame

A3 = LOT.slots[2]
A3_SLOT = slot_from_map(A3)


class Oracle:
    """A planner that answers what it was told to; real ones have tests of their own."""

    def __init__(self) -> None:
        self.asked: list[PlanRequest] = []
        self.segments: list[PlanSegment] | None = None
        self.failure = PlanStatus.NO_PATH

    def submit(self, request: PlanRequest) -> None:
        self.asked.append(request)

    def collect(self) -> PlanResult | None:
        if self.segments is None:
            return no_plan(self.failure)
        poses, gears = sample(self.asked[-1].start, self.segments, CAR.wheelbase, 0.1)
        length = sum(segment.length for segment in self.segments)
        return PlanResult(PlanStatus.FOUND, tuple(self.segments), poses, gears, 0, length, 0.5, 1, 0)


class Rig:
    """A mission, and a car that is put wherever a test wants it."""

    def __init__(self, lot: LotMap = LOT) -> None:
        self.oracle = Oracle()
        self.perception = Perception(PROFILE, lot)
        self.mission: Mission = new_mission(CAR, PROFILE.steering_ratio, self.perception, self.oracle, catalogue())
        self.seq = 0

    def see(self, x: float, y: float, yaw: float, readings: list[SensorReading]) -> SensorFrame:
        self.seq += 1
        return frame(self.seq, pose=Pose2(x, y, yaw), readings=readings, timestamp=self.seq * 20_000)

    def at(
        self, x: float, y: float = 2.4, yaw: float = 0.0, *, speed: float = 0.0, gear: Gear = "D", secured: bool = False
    ) -> MissionView:
        scene = self.perception.update(self.see(x, y, yaw, []))
        return self.mission.update(0.02 * self.seq, scene, speed, 0.0, gear, secured)

    def pass_free_slot(self) -> None:
        """Drive past A3 and see that nobody is in it; then stand."""
        for step in range(8):
            reading = SensorReading("us_right_front", None, (self.seq + 1) * 20_000)
            self.perception.update(self.see(A3.entrance_x_m - 3.2 + 0.05 * step, 2.4, 0.0, [reading]))

    def wait_for_plan(self, x: float, y: float = 2.4, yaw: float = 0.0) -> MissionView:
        for _ in range(round(DUE_AFTER / 0.02) + 2):
            view = self.at(x, y, yaw)
        return view


@pytest.fixture
def rig() -> Rig:
    return Rig()


def cue_ids(view: MissionView) -> list[str]:
    return [cue.id for cue in view.cues]


def test_search_asks_to_drive_on_slowly(rig: Rig) -> None:
    assert cue_ids(rig.at(-10.0)) == ["move.forward_slow"]
    assert cue_ids(rig.at(-10.0, speed=0.8)) == ["appr.slow"]
    assert cue_ids(rig.at(-10.0, gear="P")) == ["gear.drive"]
    assert rig.oracle.asked == []


def test_free_slot_is_planned_for_and_the_plan_taken_up_at_its_due_time(rig: Rig) -> None:
    rig.oracle.segments = [PlanSegment(1, 0.0, 3.0), PlanSegment(-1, -0.6, 5.0)]
    rig.pass_free_slot()
    rig.at(-5.4)
    assert rig.mission.phase is Phase.PLANNING
    assert [request.slot_id for request in rig.oracle.asked] == ["A3"]
    assert cue_ids(rig.at(-5.4)) == ["prep.slot"]
    assert rig.wait_for_plan(-5.4).phase is Phase.FOLLOW
    assert [type(event).__name__ for event in rig.mission.events] == ["SlotOffered", "SlotChosen"]


def test_slot_without_a_way_in_is_given_up_and_the_search_goes_on(rig: Rig) -> None:
    rig.pass_free_slot()
    rig.at(-5.4)
    rig.wait_for_plan(-5.4)
    assert rig.mission.phase is Phase.SEARCH
    assert rig.mission.target is None
    for _ in range(20):
        rig.at(-5.4)
    assert len(rig.oracle.asked) == 1


def following(rig: Rig) -> None:
    rig.oracle.segments = [PlanSegment(1, 0.0, 3.0), PlanSegment(-1, -0.6, 5.0)]
    rig.pass_free_slot()
    rig.at(-5.4)
    rig.wait_for_plan(-5.4)


def test_disturbed_plan_is_stopped_for_and_made_anew_only_at_rest(rig: Rig) -> None:
    following(rig)
    rig.mission.disrupt()
    assert cue_ids(rig.at(-5.3, speed=0.5)) == ["move.stop_here"]
    assert len(rig.oracle.asked) == 1
    rig.at(-5.2)
    assert len(rig.oracle.asked) == 2
    rig.wait_for_plan(-5.2)
    assert rig.mission.phase is Phase.FOLLOW
    assert rig.mission.plan_id == 2


def test_learner_who_strays_is_stopped(rig: Rig) -> None:
    following(rig)
    for _ in range(30):  # the estimate takes a moment to believe it
        view = rig.at(-5.0, 3.0, speed=0.5)
    assert cue_ids(view) == ["move.stop_here"]
    assert rig.mission.phase is Phase.HALT


def test_without_a_new_plan_the_car_is_asked_forward_as_far_as_there_is_room(rig: Rig) -> None:
    following(rig)
    rig.oracle.segments = None
    rig.mission.disrupt()
    rig.at(-5.3)
    rig.wait_for_plan(-5.3)
    assert rig.mission.tracker is not None
    assert rig.mission.tracker.segments == (PlanSegment(1, 0.0, 2.5),)


def nose_to_the_wall(rig: Rig) -> MissionView:
    """Stopped 0.1 m before the wall above, with no plan to be found."""
    following(rig)
    rig.oracle.segments = None
    rig.mission.disrupt()
    y = 6.0 - CAR.wheelbase - CAR.front_overhang - 0.1
    rig.at(-7.5, y, 0.5 * math.pi)
    return rig.wait_for_plan(-7.5, y, 0.5 * math.pi)


def test_without_room_ahead_the_car_is_asked_back(rig: Rig) -> None:
    nose_to_the_wall(rig)
    assert rig.mission.tracker is not None
    assert rig.mission.tracker.segments == (PlanSegment(-1, 0.0, 0.5),)


def test_boxed_in_car_is_not_asked_to_move_into_anything() -> None:
    behind = [(-9.0, 0.8), (-6.0, 0.8), (-6.0, 1.0), (-9.0, 1.0)]
    view = nose_to_the_wall(Rig(msgspec.structs.replace(LOT, walls=[*LOT.walls, behind])))
    assert view.phase in (Phase.HALT, Phase.PLANNING)


def parked_pose(rig: Rig, left: float = 0.0, deep: float = 0.0) -> tuple[float, float, float]:
    slot = next(slot for slot in rig.perception.slots if slot.slot_id == "A3")
    x, y, yaw = compose(slot.parked_pose(CAR), np.array([-deep, -left, 0.0]))
    return float(x), float(y), float(yaw)


def into_the_slot(rig: Rig, left: float) -> None:
    following(rig)
    rig.mission.disrupt()
    x, y, yaw = parked_pose(rig, left, deep=-2.0)
    rig.oracle.segments = [PlanSegment(-1, 0.0, 2.0)]
    rig.at(x, y, yaw)
    rig.wait_for_plan(x, y, yaw)


def test_car_that_stands_well_is_secured_and_then_done(rig: Rig) -> None:
    into_the_slot(rig, left=0.0)
    x, y, yaw = parked_pose(rig)
    assert cue_ids(rig.at(x, y, yaw, gear="R")) == ["gear.park"]
    assert rig.mission.phase is Phase.SECURE
    view = rig.at(x, y, yaw, gear="P", secured=True)
    assert view.phase is Phase.DONE
    assert cue_ids(view) == ["done.first_try"]


def test_car_that_stands_badly_is_planned_for_again(rig: Rig) -> None:
    into_the_slot(rig, left=0.2)
    asked = len(rig.oracle.asked)
    x, y, yaw = parked_pose(rig, left=0.2)
    rig.at(x, y, yaw, gear="R")
    assert rig.mission.phase is Phase.PLANNING
    assert len(rig.oracle.asked) == asked + 1


def test_why_no_slot_is_taken_is_told_once(rig: Rig) -> None:
    rig.pass_free_slot()
    rig.at(-5.4)
    for _ in range(3):
        rig.wait_for_plan(-5.4)
    told = rig.mission.events
    assert [type(event).__name__ for event in told] == ["SlotOffered"]
    assert isinstance(told[0], SlotOffered)
    assert {offer.slot_id: offer.reason for offer in told[0].offers}["A3"] == "blocked"


def test_where_no_slot_is_left_ahead_the_learner_is_told_to_stop_and_sent_back(rig: Rig) -> None:
    last = max(slot.entrance_x_m for slot in LOT.slots)
    assert cue_ids(rig.at(last - 2.0, speed=0.5)) == ["appr.slow"]
    assert cue_ids(rig.at(last + 2.0, speed=0.5)) == ["move.stop_here"]
    assert cue_ids(rig.at(last + 2.2)) == ["gear.reverse"]


def test_slot_that_cannot_be_planned_into_again_and_again_is_given_up(rig: Rig) -> None:
    following(rig)
    rig.oracle.segments = None
    for _ in range(rig.mission.limits.failures + 1):
        rig.mission.disrupt()
        rig.mission.phase = Phase.HALT
        rig.wait_for_plan(-5.0)
        rig.seq += round(APART / 0.02)
    assert rig.mission.target is None
    assert rig.mission.phase is Phase.SEARCH


def halted(rig: Rig, x: float = -5.0) -> None:
    """A warning stops the car at x."""
    rig.mission.phase = Phase.FOLLOW
    rig.mission.disrupt()
    rig.wait_for_plan(x)


def test_slot_with_something_in_it_is_given_up_even_if_plans_are_found_in_between(rig: Rig) -> None:
    following(rig)
    found, rig.oracle.failure = rig.oracle.segments, PlanStatus.GOAL_IN_COLLISION
    for n in range(rig.mission.limits.failures + 1):
        assert rig.mission.target is not None
        rig.oracle.segments = found
        halted(rig, -5.0 + n)
        rig.oracle.segments = None
        halted(rig, -5.5 + n)
    assert rig.mission.target is None


def test_slot_before_which_the_warnings_stop_the_car_again_and_again_is_given_up(rig: Rig) -> None:
    following(rig)
    rig.wait_for_plan(-5.0)  # the estimate takes a moment to believe it
    rig.wait_for_plan(-5.0)
    for _ in range(rig.mission.limits.stops):
        halted(rig)
        assert rig.mission.target is not None
    halted(rig)
    assert rig.mission.target is None


def test_who_gives_up_a_slot_halfway_is_led_out_of_it_before_the_search_goes_on(rig: Rig) -> None:
    following(rig)
    half = compose(A3_SLOT.parked_pose(CAR), [2.5, 0.0, 0.0])
    rig.oracle.segments = None
    while not rig.oracle.asked[-1].row:
        rig.mission.phase = Phase.HALT
        rig.wait_for_plan(*half)
    assert rig.mission.target is not None
    rig.oracle.segments = [PlanSegment(1, 0.0, 2.0)]
    rig.mission.phase = Phase.HALT
    rig.wait_for_plan(*half)
    assert rig.mission.phase is Phase.FOLLOW
    for _ in range(40):
        rig.mission.phase = Phase.HALT
        rig.at(-8.0)
        if rig.mission.target is None:
            break
    assert rig.mission.phase is Phase.SEARCH


@pytest.mark.parametrize(("yaw", "led"), [(0.0, False), (-0.2, True)])
def test_who_gives_up_a_slot_askew_is_led_back_along_the_row_before_the_search_goes_on(
    rig: Rig, yaw: float, led: bool
) -> None:
    following(rig)
    rig.oracle.segments = None
    for _ in range(2 * (rig.mission.limits.failures + 1)):
        if rig.mission.target is None or rig.oracle.asked[-1].row:
            break
        rig.mission.disrupt()
        rig.mission.phase = Phase.HALT
        rig.wait_for_plan(-5.0, 2.5, yaw)
        rig.seq += round(APART / 0.02)
    assert (rig.oracle.asked[-1].row is not None) is led
    assert (rig.mission.phase is Phase.SEARCH) is not led


def test_plan_that_still_fits_is_taken_up_again_after_a_stop_but_not_twice_at_one_place(rig: Rig) -> None:
    rig.pass_free_slot()
    parked = A3_SLOT.parked_pose(CAR)
    start = compose(parked, [4.0, 0.0, 0.0])
    rig.oracle.segments = [PlanSegment(-1, 0.0, 4.0)]
    rig.at(*start)
    rig.wait_for_plan(*start)
    assert rig.mission.phase is Phase.FOLLOW
    there = compose(parked, [3.0, 0.0, 0.0])
    for _ in range(40):  # the estimate takes a moment to believe it
        rig.at(*there, gear="R")
    rig.mission.disrupt()
    rig.at(*there, gear="R")
    assert (rig.mission.phase, len(rig.oracle.asked)) == (Phase.FOLLOW, 1)
    rig.mission.disrupt()
    rig.at(*there, gear="R")
    assert (rig.mission.phase, len(rig.oracle.asked)) == (Phase.PLANNING, 2)


def test_session_that_begins_in_a_slot_is_one_of_leaving_it(rig: Rig) -> None:
    x, y, yaw = parked_pose(rig)
    rig.oracle.segments = [PlanSegment(1, 0.0, 2.0), PlanSegment(1, -0.6, 6.5)]
    for _ in range(round(DUE_AFTER / 0.02) + 2):
        view = rig.at(x, y, yaw, gear="P")
    assert view.phase is Phase.FOLLOW
    assert [(request.slot_id, request.entry) for request in rig.oracle.asked] == [("A3", "leave")]
    assert cue_ids(rig.at(x, y, yaw, gear="P")) == ["prep.around"]
    out = A3.entrance_x_m + 3.0, 2.5, 0.0
    rig.mission.disrupt()
    for _ in range(100):  # the estimate takes a moment to believe it
        view = rig.at(*out)
    assert view.phase is Phase.DONE
    assert cue_ids(view) == ["done.first_try"]


def test_car_that_parks_itself_later_is_not_asked_out_again(rig: Rig) -> None:
    following(rig)
    rig.at(*parked_pose(rig))
    assert [request.entry for request in rig.oracle.asked] == ["reverse"]


def stopped(rig: Rig, way: float, *back: PlanSegment) -> MissionView:
    """On the way forward, 1.2 m, to where it is to reverse into its place, the car has stopped after `way` [m]."""
    start = A3_SLOT.parked_pose(CAR)
    for segment in reversed(back):
        start = advance(start, math.tan(segment.steer) / CAR.wheelbase, segment.length)
    start = compose(start, [-1.2, 0.0, 0.0])
    rig.pass_free_slot()
    rig.oracle.segments = [PlanSegment(1, 0.0, 1.2), *back]
    rig.at(*start)
    rig.wait_for_plan(*start)
    there = compose(start, [way, 0.0, 0.0])
    for _ in range(20):  # the estimate takes a moment to believe it
        rig.at(*there, speed=0.05)
    return rig.at(*there)


STRAIGHT_BACK = PlanSegment(-1, 0.0, 5.2)
ROUND_AND_BACK = (PlanSegment(-1, -0.6, 2.0), PlanSegment(-1, 0.0, 3.0))


def strokes(rig: Rig) -> list[tuple[int, float, float]]:
    assert rig.mission.tracker is not None
    return [(segment.gear, segment.steer, segment.length) for segment in rig.mission.tracker.segments]


def test_learner_who_drove_too_far_goes_back_so_much_further(rig: Rig) -> None:
    assert cue_ids(stopped(rig, 1.7, STRAIGHT_BACK)) == ["gear.reverse"]
    assert len(rig.oracle.asked) == 1
    assert strokes(rig) == [(-1, 0.0, pytest.approx(5.7, abs=0.05))]


def answered(rig: Rig, view: MissionView, *segments: PlanSegment) -> MissionView:
    """The view once the planner has answered with these strokes, the car standing where it stood."""
    rig.oracle.segments = list(segments) or None
    request = rig.oracle.asked[-1]
    for _ in range(round(DUE_AFTER / 0.02) + 2):
        view = rig.at(*request.start)
    return view


def test_learner_who_stopped_early_creeps_up_to_the_mark_where_that_mends_it_and_nothing_is_easier(rig: Rig) -> None:
    view = stopped(rig, 0.97, *ROUND_AND_BACK)
    assert len(rig.oracle.asked) == 2
    assert cue_ids(answered(rig, view, PlanSegment(1, 0.0, 1.0), *ROUND_AND_BACK)) == ["move.forward_creep"]
    assert len(strokes(rig)) == 3
    assert len(rig.oracle.asked) == 2


def test_learner_who_stopped_early_goes_on_from_there_where_another_plan_does_with_less(rig: Rig) -> None:
    view = stopped(rig, 0.97, *ROUND_AND_BACK)
    assert cue_ids(answered(rig, view, *ROUND_AND_BACK)) == ["gear.reverse"]
    assert len(strokes(rig)) == 2


def test_learner_who_drove_too_far_goes_back_to_the_mark_where_the_plan_goes_back_anyway(rig: Rig) -> None:
    assert cue_ids(stopped(rig, 1.7, *ROUND_AND_BACK)) == ["gear.reverse"]
    assert len(rig.oracle.asked) == 1
    assert strokes(rig)[0] == (-1, 0.0, pytest.approx(0.5, abs=0.05))
    assert len(strokes(rig)) == 3
