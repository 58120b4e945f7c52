"""The coach as a whole: sessions in the toy lot, and frames no sensor should send."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import numpy as np
import pytest

from coach_core.coach import Coach
from coach_core.contracts import CoachCommand, Cue, Decision, Pose2, SensorFrame, decode, encode
from coach_core.contracts.messages import (
    AssistLevelCommand,
    Fault,
    GearChanged,
    HintAcked,
    HintCommand,
    RetryCommand,
    SlotChosen,
    SlotOffered,
)
from coach_core.guidance.planning import ThreadPlanner
from tests.toy.frames import echoes, frame
from tests.toy.lot import ToyRun, drive, new_coach

BAD = (math.nan, math.inf, -math.inf)


# --- whole sessions -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def session() -> ToyRun:
    """The expert's session of seed 1."""
    return drive("expert", 1)


@pytest.mark.parametrize("seed", [2, 3])
def test_expert_parks_straight_and_without_contact(seed: int) -> None:
    run = drive("expert", seed)
    assert run.result == "parked"
    assert run.clearance > 0.2
    assert run.standing is not None
    assert abs(run.standing.lateral_m) < 0.10
    assert abs(run.standing.yaw_rad) < math.radians(2.0)


@pytest.mark.parametrize("seed", [1, 2])
def test_novice_who_knows_nothing_but_the_cues_parks(seed: int) -> None:
    run = drive("novice", seed)
    assert run.result == "parked"
    assert run.clearance > 0.1
    assert run.standing is not None
    assert run.standing.in_slot


def test_same_frames_give_the_same_decisions_with_a_planner_in_a_thread(session: ToyRun) -> None:
    planner = ThreadPlanner(wait=True)
    coach = new_coach(planner)
    again = []
    for sensed in session.frames:
        planner.settle()
        again.append(coach.step(sensed, sensed.sim_time_s))
    planner.close()
    assert again == session.decisions


def test_every_decision_survives_the_wire(session: ToyRun) -> None:
    for decision in session.decisions[::50]:
        assert decode(encode(decision), Decision) == decision


def test_session_offers_its_slots_once_and_takes_the_free_one(session: ToyRun) -> None:
    offered = [event for event in session.events if isinstance(event, SlotOffered)]
    chosen = [event for event in session.events if isinstance(event, SlotChosen)]
    assert len(offered) == len(chosen) == 1
    best = [offer for offer in offered[0].offers if offer.rank == 1]
    assert [(offer.slot_id, offer.occupancy, offer.feasible) for offer in best] == [(chosen[0].slot_id, "free", True)]


def test_path_of_a_plan_is_sent_once_for_each_plan(session: ToyRun) -> None:
    sent = [decision.plan.plan_id for decision in session.decisions if decision.plan and decision.plan.path]
    assert sent == sorted(set(sent))
    assert sent[-1] == session.decisions[-1].plan.plan_id  # type: ignore[union-attr]


def test_gear_changes_are_told_as_events(session: ToyRun) -> None:
    gears = [(event.previous, event.gear) for event in session.events if isinstance(event, GearChanged)]
    assert gears[0] == ("D", "R")


def test_finished_coach_says_so_once_the_car_is_secured(session: ToyRun) -> None:
    coach = new_coach()
    for sensed in session.frames:
        coach.step(sensed, sensed.sim_time_s)
    assert not coach.finished
    last = session.frames[-1]
    later = msgspec.structs.replace(last, seq=last.seq + 1, sim_time_s=last.sim_time_s + 0.02, gear="P", speed_mps=0.0)
    coach.step(msgspec.structs.replace(later, parking_brake=True), later.sim_time_s)
    assert coach.finished


def test_guidance_is_hidden_below_level_three_and_warnings_below_two(session: ToyRun) -> None:
    def shown(level: int) -> tuple[set[str], bool]:
        coach = new_coach(assist=level)
        decisions = [coach.step(sensed, sensed.sim_time_s) for sensed in session.frames[::6]]
        cues: set[str] = {decision.cue.severity for decision in decisions if decision.cue}
        return cues, any(d.target_steering_angle_rad is not None or d.stop_in_m is not None for d in decisions)

    severities, numbers = shown(3)
    assert "clear" in severities
    assert numbers
    for level, allowed in ((2, {"warning", "critical"}), (1, {"critical"}), (0, set())):
        severities, numbers = shown(level)
        assert severities <= allowed
        assert not numbers


# --- frames no sensor should send ---------------------------------------------------------------------


def blinded(**changes: Any) -> list[SensorFrame]:
    """Ten good frames, one bad, ten good."""
    frames = [frame(seq) for seq in range(21)]
    frames[10] = frame(10, **changes)
    return frames


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize(
    "field", ["speed_mps", "steering_angle_rad", "sim_time_s", "pose.x_m", "pose.y_m", "pose.yaw_rad"]
)
def test_frame_with_a_number_that_is_none_is_never_judged_clear(field: str, bad: float) -> None:
    changes: dict[str, Any] = {field: bad}
    if field.startswith("pose."):
        changes = {"pose": msgspec.structs.replace(frame().pose, **{field[5:]: bad})}
    coach = new_coach()
    decisions = [coach.step(sensed, sensed.sim_time_s) for sensed in blinded(**changes)]
    assert decisions[9].level == "clear"
    assert decisions[10].level != "clear"
    assert decisions[10].cue is not None
    assert decisions[10].cue.id == "warn.sensor"
    assert all(decode(encode(decision), Decision) == decision for decision in decisions)
    assert coach.step(frame(60), frame(60).sim_time_s).level == "clear"


@pytest.mark.parametrize("bad", [*BAD, -0.5])
def test_sonar_that_talks_nonsense_is_never_judged_clear(bad: float) -> None:
    coach = new_coach()
    readings = echoes(None, 200_000, rear_left=bad)
    decisions = [coach.step(sensed, sensed.sim_time_s) for sensed in blinded(readings=readings)]
    assert decisions[9].level == "clear"
    assert decisions[10].level != "clear"


def test_sonar_that_falls_silent_is_never_judged_clear() -> None:
    coach = new_coach()
    fresh = [coach.step(frame(seq), frame(seq).sim_time_s).level for seq in range(10)]
    stale = [
        coach.step(frame(seq, readings=echoes(None, frame(9).timestamp)), frame(seq).sim_time_s)
        for seq in range(10, 60)
    ]
    assert set(fresh) == {"clear"}
    assert stale[-1].level != "clear"
    assert Fault("ultrasonic", "raised", "") in coach.take_events()


def test_frame_without_any_reading_is_never_judged_clear() -> None:
    decision = new_coach().step(frame(readings=[]), 0.0)
    assert decision.level != "clear"


def test_first_frame_without_a_fix_is_survived() -> None:
    coach = new_coach()
    decision = coach.step(frame(pose=Pose2(math.nan, math.nan, math.nan)), 0.0)
    assert decision.level != "clear"
    assert coach.step(frame(40), 0.8).pose == Pose2(-10.0, 2.4, 0.0)


def test_fault_is_raised_once_and_cleared_once() -> None:
    coach = new_coach()
    for sensed in blinded(speed_mps=math.nan):
        coach.step(sensed, sensed.sim_time_s)
    faults = [event for event in coach.take_events() if isinstance(event, Fault)]
    assert faults == [Fault("speed", "raised", ""), Fault("speed", "cleared", "")]


def test_fault_that_the_car_reports_itself_is_judged_blind() -> None:
    coach = new_coach()
    decisions = [coach.step(sensed, sensed.sim_time_s) for sensed in blinded(faults=["speed"])]
    assert decisions[10].level != "clear"


def test_late_and_repeated_frames_do_no_harm() -> None:
    coach = new_coach()
    for seq in (0, 1, 2, 3, 7, 5, 5, 6, 4, 7, 8):
        decision = coach.step(frame(seq, pose=Pose2(-10.0 + 0.02 * seq, 2.4, 0.0), speed_mps=1.0), seq * 0.02)
    assert decision.pose.x_m == pytest.approx(-9.84, abs=0.02)
    assert decision.level == "clear"


def test_clock_that_is_set_back_does_not_freeze_the_coach() -> None:
    coach = new_coach()
    coach.step(frame(500), 10.0)
    for seq in range(3):
        decision = coach.step(frame(seq, timestamp=frame(501 + seq).timestamp, pose=Pose2(3.0, 2.0, 0.0)), 10.0)
    assert decision.pose.x_m == pytest.approx(3.0)


def test_pose_jump_is_followed_at_once_told_as_a_fault_and_planned_anew(session: ToyRun) -> None:
    following = next(d.seq for d in session.decisions if d.plan is not None and d.plan.status == "follow") + 5

    def jump(sensed: SensorFrame) -> SensorFrame:
        if sensed.seq < following:
            return sensed
        return msgspec.structs.replace(sensed, pose=msgspec.structs.replace(sensed.pose, x_m=sensed.pose.x_m - 1.2))

    coach = new_coach()
    decisions = [coach.step(jump(sensed), sensed.sim_time_s) for sensed in session.frames[: following + 30]]
    assert decisions[following].pose.x_m == pytest.approx(jump(session.frames[following]).pose.x_m)
    assert Fault("pose_jump", "raised", "") in coach.take_events()
    before, after = decisions[following - 1].plan, decisions[-1].plan
    assert before is not None
    assert after is not None
    assert after.status != before.status or after.plan_id > before.plan_id


def test_numbers_that_no_integer_of_64_bits_holds_do_no_harm() -> None:
    coach = new_coach()
    coach.step(frame(0, readings=echoes(1.0, 2**70)), 0.0)
    assert coach.step(frame(1), 0.02).seq == 1


def test_any_mixture_of_broken_values_neither_raises_nor_is_called_clear_when_blind() -> None:
    rng = np.random.default_rng(5)
    coach = new_coach()
    pick = [math.nan, math.inf, -math.inf, 1e300, -1e300]
    for seq in range(400):
        changes: dict[str, Any] = {}
        broken = rng.random() < 0.5
        if broken:
            field = rng.choice(["speed_mps", "steering_angle_rad", "pose", "readings"])
            value = float(rng.choice(pick))
            changes = {field: value}
            if field == "pose":
                changes = {"pose": Pose2(value, 0.0, 0.0)}
            elif field == "readings":
                value = float(rng.choice(pick[:3]))
                changes = {"readings": echoes(2.0, seq * 20_000, front_left=value)}
            elif field == "steering_angle_rad":
                changes = {field: float(rng.choice(pick[:3]))}
        decision = coach.step(frame(seq, **changes), seq * 0.02)
        assert not broken or decision.level != "clear"
        assert decode(encode(decision), Decision) == decision


# --- warnings and hints -------------------------------------------------------------------------------


def closing(coach: Coach, **others: float | None) -> list[Decision]:
    """Driving forward at 1 m/s towards something the front sonars hear."""
    decisions = []
    for seq in range(60):
        distance = 1.6 - 0.02 * seq
        sectors: dict[str, float | None] = dict.fromkeys(("front_centre_left", "front_centre_right"), distance)
        sensed = frame(
            seq,
            pose=Pose2(-10.0 + 0.02 * seq, 2.4, 0.0),
            speed_mps=1.0,
            readings=echoes(None, seq * 20_000, **(sectors | others)),
        )
        decisions.append(coach.step(sensed, sensed.sim_time_s))
    return decisions


def test_something_ahead_is_warned_of_and_then_stopped_for() -> None:
    decisions = closing(new_coach())
    levels = [decision.level for decision in decisions]
    assert levels[-1] == "critical"
    assert decisions[-1].cue == Cue("crit.stop", {}, "critical")


def test_broken_sonar_does_not_hide_the_cry_to_stop() -> None:
    decisions = closing(new_coach(), rear_left=math.nan)
    assert decisions[-1].cue is not None
    assert decisions[-1].cue.id == "crit.stop"


def hint(text: str, command_id: str = "c-1", expires_at: int = 10) -> CoachCommand:
    return CoachCommand(1, "car-1", command_id, 0, expires_at, "kim", HintCommand(text))


def test_hint_is_shown_for_four_seconds_and_acknowledged() -> None:
    coach = new_coach()
    coach.step(frame(0), 0.0)
    coach.command(hint("look right"), received_us=5, now=0.0)
    assert coach.take_events() == [HintAcked("c-1", "shown")]
    shown = [coach.step(frame(seq), seq * 0.02).cue for seq in range(1, 260)]
    told = [cue is not None and cue.params.get("text") == "look right" for cue in shown]
    assert told == [seq * 0.02 < 4.0 for seq in range(1, 260)]


def test_latest_hint_wins() -> None:
    coach = new_coach()
    coach.command(hint("first", "c-1"), 5, 0.0)
    coach.command(hint("second", "c-2"), 5, 0.0)
    cue = coach.step(frame(0), 0.0).cue
    assert cue is not None
    assert cue.params == {"text": "second"}


def test_hint_that_comes_too_late_is_not_shown() -> None:
    coach = new_coach()
    coach.command(hint("too late", expires_at=10), received_us=11, now=0.0)
    assert coach.take_events() == [HintAcked("c-1", "expired")]
    cue = coach.step(frame(0), 0.0).cue
    assert cue is None or cue.id != "sys.instructor"


def test_hint_is_refused_in_test_mode_and_dropped_when_it_begins() -> None:
    coach = new_coach()
    coach.command(hint("before"), 5, 0.0)
    coach.command(CoachCommand(1, "car-1", "c-2", 0, 10, "kim", AssistLevelCommand(0)), 5, 0.0)
    coach.command(hint("during", "c-3"), 5, 0.0)
    acks = coach.take_events()
    assert [(ack.command_id, ack.status) for ack in acks if isinstance(ack, HintAcked)] == [
        ("c-1", "shown"),
        ("c-2", "applied"),
        ("c-3", "refused"),
    ]
    decision = coach.step(frame(0), 0.0)
    assert decision.assist_level == 0
    assert decision.cue is None


def test_command_that_this_car_cannot_carry_out_is_refused() -> None:
    coach = new_coach()
    coach.command(CoachCommand(1, "car-1", "c-1", 0, 10, "kim", RetryCommand()), 5, 0.0)
    (ack,) = coach.take_events()
    assert isinstance(ack, HintAcked)
    assert ack.status == "refused"


def test_hint_does_not_hide_the_cry_to_stop() -> None:
    coach = new_coach()
    coach.command(hint("nice"), 5, 0.0)
    assert closing(coach)[-1].cue == Cue("crit.stop", {}, "critical")
