"""One instruction at a time, from where the car is in its segment."""

from __future__ import annotations

import math

import pytest

from coach_core.contracts.messages import Gear
from coach_core.geometry.poses import advance, as_pose, compose
from coach_core.guidance.guide import Advice, Guide, GuideLimits, Step
from coach_core.guidance.tracker import PlanTracker
from coach_core.planner import PlanSegment
from tests.toy.frames import CAR, PROFILE, catalogue

LIMITS = GuideLimits()
START = as_pose([0.0, 0.0, 0.0])
LOCK = CAR.max_steer
AHEAD, BACK, LEFT_BACK = PlanSegment(1, 0.0, 5.0), PlanSegment(-1, 0.0, 5.0), PlanSegment(-1, LOCK, 5.0)


@pytest.fixture
def guide() -> Guide:
    return Guide(CAR, PROFILE.steering_ratio, catalogue(), LIMITS)


def ask(
    guide: Guide, segment: PlanSegment, *, way: float = 0.0, speed: float = 0.0, steer: float = 0.0, gear: Gear = "D"
) -> Advice:
    tracker = PlanTracker(START, [segment], CAR.wheelbase)
    return guide.follow(tracker, advance(START, tracker.curvature(segment), segment.gear * way), speed, steer, gear)


def said(advice: Advice) -> str | None:
    return None if advice.cue is None else advice.cue.id


def test_gear_comes_first_then_the_wheel_then_the_way(guide: Guide) -> None:
    assert said(ask(guide, LEFT_BACK, gear="D")) == "gear.reverse"
    assert said(ask(guide, LEFT_BACK, gear="R")) == "steer.full"
    assert said(ask(guide, LEFT_BACK, gear="R", steer=LOCK)) == "steer.full"  # the hands are still on it
    assert said(ask(guide, LEFT_BACK, gear="R", steer=LOCK)) == "move.back_creep"
    assert said(ask(guide, BACK, gear="R")) == "move.back_creep"
    assert said(ask(guide, AHEAD, gear="R")) == "gear.drive"
    assert said(ask(guide, AHEAD, gear="D")) == "move.forward_slow"


@pytest.mark.parametrize(("steer", "direction"), [(LOCK, "left"), (-LOCK, "right")])
def test_left_is_left(guide: Guide, steer: float, direction: str) -> None:
    cue = ask(guide, PlanSegment(1, steer, 3.0)).cue
    assert cue is not None
    assert (cue.id, cue.params) == ("steer.full", {"dir": direction})


def test_partial_angles_are_told_in_turns_of_the_hand_wheel(guide: Guide) -> None:
    half, one = guide.turn_steers()
    assert half * PROFILE.steering_ratio == pytest.approx(math.pi)
    for steer, turns in ((half, "half"), (-one, "one")):
        cue = ask(guide, PlanSegment(1, steer, 3.0)).cue
        assert cue is not None
        assert (cue.id, cue.params["turns"]) == ("steer.turns", turns)


def test_little_that_is_missing_is_a_nudge_in_its_direction(guide: Guide) -> None:
    half = guide.turn_steers()[0]
    ask(guide, PlanSegment(1, half, 3.0), steer=half - 0.08)
    cue = ask(guide, PlanSegment(1, half, 3.0), steer=half - 0.08).cue
    assert cue is not None
    assert (cue.id, cue.params) == ("steer.more", {"dir": "left"})
    for _ in range(2):  # while the hands move, nothing new is said
        advice = ask(guide, PlanSegment(1, half, 3.0), steer=half + 0.08)
    assert said(advice) == "steer.unwind"


def test_full_lock_may_be_overturned_but_not_missed(guide: Guide) -> None:
    assert not guide.steering_off(LOCK, LOCK + 0.05)
    assert guide.steering_off(LOCK, LOCK - LIMITS.steer_full - 0.01)
    assert guide.steering_off(-LOCK, LOCK)


def test_stop_is_announced_soon_then_here_and_not_taken_back(guide: Guide) -> None:
    tracker = PlanTracker(START, [AHEAD], CAR.wheelbase)

    def at(way: float, speed: float) -> str | None:
        return said(guide.follow(tracker, advance(START, 0.0, way), speed, 0.0, "D"))

    for _ in range(50):  # the acceleration's mean settles
        first = at(1.0, 0.7)
    need = guide.stopping_distance(0.7)
    assert first == "move.keep"
    assert at(5.0 - need - 0.5 * 0.7 * LIMITS.prepare, 0.7) == "appr.prepare_stop"
    assert at(5.0 - need + 0.02, 0.7) == "move.stop_here"
    assert at(5.0 - need + 0.03, 0.2) == "move.stop_here"


def test_who_was_sent_off_with_the_foot_on_the_brake_is_not_told_to_stop_soon(guide: Guide) -> None:
    tracker = PlanTracker(START, [BACK], CAR.wheelbase)
    said_on_the_way = {
        said(guide.follow(tracker, advance(START, 0.0, -0.01 * step), -0.35, 0.0, "R"))
        for step in range(round(100 * BACK.length))
    }
    assert said_on_the_way == {"move.keep", "move.stop_here"}


def test_asked_to_go_slower_the_learner_is_let_alone_only_at_a_walk(guide: Guide) -> None:
    between = 0.5 * (LIMITS.walking + LIMITS.brisk)
    asked = [guide.is_brisk(speed) for speed in (between, LIMITS.brisk + 0.1, between, LIMITS.walking - 0.1, between)]
    assert asked == [False, True, True, False, False]


def test_stop_is_passed_only_when_it_is_left_behind_clearly(guide: Guide) -> None:
    length = AHEAD.length
    assert ask(guide, AHEAD, way=length + 0.5 * LIMITS.past, speed=0.3).stop_in == pytest.approx(0.01)
    assert ask(guide, AHEAD, way=length + 1.5 * LIMITS.past, speed=0.3).stop_in == 0.0


def test_stopping_distance_is_reaction_and_braking_and_grows_with_speed(guide: Guide) -> None:
    assert guide.stopping_distance(1.0) == pytest.approx(LIMITS.reaction + 0.5 / LIMITS.braking)
    assert guide.stopping_distance(1.0, 0.5) > guide.stopping_distance(1.0) > guide.stopping_distance(0.5)
    assert guide.stopping_distance(0.0) == 0.0


@pytest.mark.parametrize(("speed", "cue"), [(0.5, "move.keep"), (1.0, "appr.slow"), (1.6, "warn.fast")])
def test_pace_is_asked_down_kindly_and_then_firmly(guide: Guide, speed: float, cue: str) -> None:
    long = PlanSegment(1, 0.0, 50.0)
    for _ in range(50):
        advice = ask(guide, long, way=1.0, speed=speed)
    assert said(advice) == cue


def test_driving_the_wrong_way_is_stopped(guide: Guide) -> None:
    advice = ask(guide, AHEAD, way=1.0, speed=-0.5)
    assert (advice.step, said(advice), advice.stop_in) == (Step.STOP, "gear.stop_first", 0.0)


@pytest.mark.parametrize("off", [(0.0, 0.31, 0.0), (0.0, -0.31, 0.0), (0.0, 0.0, 0.15), (0.0, 0.0, -0.15)])
def test_car_too_far_off_is_lost_and_asked_to_stop(guide: Guide, off: tuple[float, float, float]) -> None:
    tracker = PlanTracker(START, [AHEAD], CAR.wheelbase)
    pose = compose(advance(START, 0.0, 2.0), off)
    advice = guide.follow(tracker, pose, 0.5, 0.0, "D")
    assert (advice.step, said(advice)) == (Step.LOST, "move.stop_here")
    assert said(guide.follow(tracker, pose, 0.0, 0.0, "D")) is None


def test_standing_near_the_end_finishes_the_segment_but_a_short_one_does_not_vanish(guide: Guide) -> None:
    assert ask(guide, AHEAD, way=5.0 - 0.9 * LIMITS.stop_early_last).step is Step.FINISHED
    assert ask(guide, AHEAD, way=4.0).step is Step.GO
    assert ask(guide, PlanSegment(1, 0.0, 0.1)).step is Step.GO


def test_little_that_is_left_is_asked_for_where_strokes_follow_or_driving_on_is_too_far(guide: Guide) -> None:
    little = advance(START, 0.0, 5.0 - 0.9 * LIMITS.stop_early_last)
    more = PlanTracker(START, [AHEAD, BACK], CAR.wheelbase)
    assert guide.follow(more, little, 0.0, 0.0, "D").step is Step.GO
    alone = PlanTracker(START, [AHEAD], CAR.wheelbase)
    assert guide.follow(alone, little, 0.0, 0.0, "D", tight=True).step is Step.GO


def test_at_the_end_of_the_way_stop_is_said_earlier_in_reverse(guide: Guide) -> None:
    speed = 0.4
    way = 5.0 - guide.stopping_distance(speed) - 0.5 * LIMITS.longer_back * speed
    last, more = ([BACK], [BACK, AHEAD])
    told = {
        len(segments): said(
            Guide(CAR, PROFILE.steering_ratio, catalogue(), LIMITS).follow(
                PlanTracker(START, segments, CAR.wheelbase), advance(START, 0.0, -way), -speed, 0.0, "R"
            )
        )
        for segments in (last, more)
    }
    assert told == {1: "move.stop_here", 2: "move.keep"}


def test_way_to_the_stop_is_told_and_never_negative(guide: Guide) -> None:
    assert ask(guide, AHEAD, way=2.0, speed=0.5).stop_in == pytest.approx(3.0)
    assert ask(guide, AHEAD, way=5.2, speed=0.5).stop_in == 0.0


def test_short_stroke_is_begun_with_the_foot_on_the_brake(guide: Guide) -> None:
    short = 0.5 * LIMITS.creep
    assert said(ask(guide, PlanSegment(1, 0.0, short), gear="D")) == "move.forward_creep"
    assert said(ask(guide, PlanSegment(-1, LOCK, short), gear="R", steer=LOCK)) == "move.back_creep"


def test_where_it_is_tight_a_long_stroke_is_driven_with_the_foot_on_the_brake_too(guide: Guide) -> None:
    tracker = PlanTracker(START, [BACK], CAR.wheelbase)
    assert said(guide.follow(tracker, START, 0.0, 0.0, "R", tight=True)) == "move.back_creep"


def test_who_does_not_brake_is_told_once_more_and_then_counts_as_not_having_heard(guide: Guide) -> None:
    tracker = PlanTracker(START, [AHEAD], CAR.wheelbase)

    def drive(seconds: float) -> Advice:
        for _ in range(round(seconds / 0.02)):
            advice = guide.follow(tracker, advance(START, 0.0, 4.9), 0.5, 0.0, "D")
        return advice

    assert said(drive(0.5 * LIMITS.patience)) == "move.stop_here"
    told = drive(0.55 * LIMITS.patience)
    assert (said(told), told.ignored) == ("move.stop_now", False)
    assert drive(LIMITS.alarm).ignored


def test_who_brakes_in_time_is_not_told_twice(guide: Guide) -> None:
    tracker = PlanTracker(START, [AHEAD], CAR.wheelbase)
    speed = 0.8
    while speed > 0.1:
        advice = guide.follow(tracker, advance(START, 0.0, 4.9), speed, 0.0, "D")
        assert said(advice) == "move.stop_here"
        speed -= 0.02 * 0.6


def backing(room: float, way: float, seconds: float, *, tight: bool, speed: float = 0.35) -> Advice:
    """What is said in reverse, with so much room [m] behind the mark, after so long at one place."""
    guide = Guide(CAR, PROFILE.steering_ratio, catalogue(), LIMITS)
    tracker = PlanTracker(START, [BACK, AHEAD], CAR.wheelbase)
    for _ in range(round(seconds / 0.02) + 1):
        advice = guide.follow(tracker, advance(START, 0.0, -way), -speed, 0.0, "R", tight=tight, room=room)
    return advice


def reversing(room: float, way: float, seconds: float = 0.0) -> str | None:
    return said(backing(room, way, seconds, tight=True))


def test_with_little_room_behind_the_mark_the_stop_is_said_earlier() -> None:
    mark = BACK.length - Guide(CAR, PROFILE.steering_ratio, catalogue(), LIMITS).stopping_distance(0.35)
    between = mark - 0.5 * (LIMITS.ahead_tight + LIMITS.ahead_most)
    shortly = 0.9 * LIMITS.again_after
    assert reversing(0.5, between, shortly) == "move.keep"
    assert reversing(0.1, between, shortly) == "move.stop_here"


def test_with_little_room_behind_the_mark_the_stop_is_said_again_before_it_is_passed() -> None:
    soon = LIMITS.again_after + 0.1
    assert soon < LIMITS.patience_tight
    assert reversing(0.1, BACK.length - 0.2, soon) == "move.stop_now"
    assert reversing(1.0, BACK.length - 0.2, soon) == "move.stop_here"


def test_before_a_wall_the_stop_is_said_early_enough_to_be_said_twice() -> None:
    mark = BACK.length - Guide(CAR, PROFILE.steering_ratio, catalogue(), LIMITS).stopping_distance(0.35)
    earlier = mark - 0.8 * LIMITS.unheard_most
    shortly = 0.9 * LIMITS.again_after
    assert said(backing(LIMITS.room_near, earlier, shortly, tight=False)) == "move.keep"
    assert said(backing(0.3, earlier, shortly, tight=False)) == "move.stop_here"


@pytest.mark.parametrize("speed", [0.5 * LIMITS.pace_near, LIMITS.pace_near])
def test_before_a_wall_the_stop_is_said_no_later_to_who_happens_to_crawl(speed: float) -> None:
    guide = Guide(CAR, PROFILE.steering_ratio, catalogue(), LIMITS)
    way = BACK.length - guide.stopping_distance(LIMITS.pace_near)
    assert said(backing(0.3, way, 0.0, tight=False, speed=speed)) == "move.stop_here"


def test_before_a_wall_who_does_not_brake_is_told_again_at_once_and_then_firmly() -> None:
    place = BACK.length - 0.03
    again, firmly = LIMITS.again_after + 0.1, LIMITS.alarm_near + 0.1
    assert firmly < min(LIMITS.patience_near, LIMITS.alarm)
    assert said(backing(0.3, place, again, tight=False)) == "move.stop_now"
    assert backing(0.3, place, firmly, tight=False).ignored
    far = backing(LIMITS.room_near, place, firmly, tight=False)
    assert (said(far), far.ignored) == ("move.stop_here", False)


def test_stroke_that_ends_before_a_wall_is_begun_with_the_foot_on_the_brake(guide: Guide) -> None:
    tracker = PlanTracker(START, [PlanSegment(1, 0.0, 0.9 * LIMITS.creep_near)], CAR.wheelbase)
    assert said(guide.follow(tracker, START, 0.0, 0.0, "D", room=0.9 * LIMITS.room_creep)) == "move.forward_creep"
    assert said(guide.follow(tracker, START, 0.0, 0.0, "D", room=LIMITS.room_creep)) == "move.forward_slow"


@pytest.mark.parametrize(
    ("before", "speed", "told"),
    [
        (LIMITS.prepare_least + 0.2, 0.7, "appr.prepare_stop"),
        (0.5 * LIMITS.prepare_least, 0.7, "move.keep"),
        (LIMITS.prepare_least + 0.2, 0.8 * LIMITS.covered, "move.keep"),
    ],
)
def test_stop_is_announced_in_good_time_or_not_and_never_to_who_is_slow_already(
    guide: Guide, before: float, speed: float, told: str
) -> None:
    tracker = PlanTracker(START, [AHEAD], CAR.wheelbase)
    for _ in range(50):  # the acceleration's mean settles
        guide.follow(tracker, START, speed, 0.0, "D")
    place = advance(START, 0.0, AHEAD.length - guide.stopping_distance(speed) - before * speed)
    assert said(guide.follow(tracker, place, speed, 0.0, "D")) == told


def test_rest_of_a_stroke_that_is_short_is_driven_with_the_foot_on_the_brake(guide: Guide) -> None:
    assert said(ask(guide, AHEAD, way=AHEAD.length - 0.5 * LIMITS.creep)) == "move.forward_creep"


def test_whole_turn_is_not_told_again_after_a_nudge(guide: Guide) -> None:
    half = guide.turn_steers()[0]
    segment = PlanSegment(1, half, 3.0)
    tracker = PlanTracker(START, [segment], CAR.wheelbase)
    told = [said(guide.follow(tracker, START, 0.0, steer, "D")) for steer in (half - 0.1, half - 0.1, half - 0.08)]
    assert told[1:] == ["steer.more", "steer.more"]
