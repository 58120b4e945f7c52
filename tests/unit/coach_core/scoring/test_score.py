import math
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from coach_core.contracts import Contact, Deduction, EndPose, HintAcked, ScoreCard
from coach_core.scoring import TOTAL, Par, SessionTrack, score_session
from tests.unit.coach_core.scoring.sessions import clean_decisions, clean_frames, during, ended, event, parkit_1

Change = Callable[[int], dict[str, Any]]
CONTACT_CAP = "total.contact"
PAR = Par(cusps=1, time_s=60.0)
TOUCH = Contact("front_left", 1.0, 2.0, 0.2)


def unchanged(_: int) -> dict[str, Any]:
    return {}


def score(
    frames: Change = unchanged,
    decisions: Change = unchanged,
    *,
    events: Sequence[Any] = (),
    touches: Sequence[Contact] = (),
    rows: int = 100,
    par: Par | None = PAR,
    **end: Any,
) -> ScoreCard:
    """Score of a clean 10 s session with these changes."""
    track = SessionTrack.from_messages(clean_frames(rows, frames), clean_decisions(rows, decisions), events)
    return score_session(track, ended(**end), touches, parkit_1(), par)


def points(card: ScoreCard) -> dict[str, float]:
    """Points by rule, of the records that cost some."""
    found: dict[str, float] = {}
    for record in card.deductions:
        if record.points:
            found[record.rule] = found.get(record.rule, 0.0) + record.points
    return found


def record(card: ScoreCard, rule: str) -> Deduction:
    return next(record for record in card.deductions if record.rule == rule)


def test_a_clean_session_keeps_every_point() -> None:
    card = score()
    assert (card.score, card.passed, card.deductions, card.best_change) == (100.0, True, [], "")
    assert card.components == card.maxima
    assert (card.rubric, card.rubric_version) == ("parkit-1", 2)


def test_what_the_rig_cannot_sense_is_stated() -> None:
    assert score().left_out == ["safety.person_not_yielded", "procedure.no_look", "procedure.belt_signal"]
    assert set(score(par=None).left_out) >= {"efficiency.extra_cusps", "efficiency.over_time"}


# --- safety -------------------------------------------------------------------------------------------


def test_a_stop_signal_without_a_brake_costs_eight() -> None:
    card = score(decisions=during(range(30, 60), level="critical"))
    assert points(card) == {"safety.critical_unbraked": 8.0}
    assert card.score == 92.0
    assert record(card, "safety.critical_unbraked").t0_s == pytest.approx(3.0)


@pytest.mark.parametrize("answer", [{"brake": 0.4}, {"speed_mps": 0.0}])
def test_a_stop_signal_that_is_answered_within_a_second_costs_nothing(answer: dict[str, float]) -> None:
    critical = during(range(30, 60), level="critical")
    assert score(during(range(39, 45), **answer), critical).score == 100.0
    assert score(during(range(42, 45), **answer), critical).score == 92.0


def test_a_warning_that_was_corrected_costs_nothing() -> None:
    assert score(decisions=during(range(30, 60), level="warning")).score == 100.0


def test_three_stop_signals_are_the_most_that_count() -> None:
    def critical(i: int) -> dict[str, Any]:
        return {"level": "critical"} if i % 35 < 5 and i < 130 else {}

    card = score(decisions=critical, rows=160)
    records = [r for r in card.deductions if r.rule == "safety.critical_unbraked"]
    assert [r.points for r in records] == [8.0, 8.0, 8.0, 0.0]
    assert [r.raw_points for r in records] == [8.0] * 4
    assert card.components["safety"] == 16.0


def test_a_stop_signal_in_the_last_second_is_not_judged_unless_it_ends_in_a_contact() -> None:
    def rolling_to_the_end(i: int) -> dict[str, Any]:
        return {"speed_mps": 0.5, "brake": 0.0} if i >= 97 else {}

    late_signal = during(range(95, 100), level="critical")
    assert "safety.critical_unbraked" not in points(score(rolling_to_the_end, late_signal))
    touched = score(rolling_to_the_end, late_signal, events=[event(0, 9.8, TOUCH)], touches=[TOUCH])
    assert "safety.critical_unbraked" in points(touched)


def test_a_narrow_gap_costs_four_when_moving_faster_than_two_kilometres_an_hour() -> None:
    near = during(range(40, 50), clearance=0.128)
    card = score(during(range(35, 55), speed_mps=0.7), near)
    assert points(card) == {"safety.low_clearance": 4.0}
    found = record(card, "safety.low_clearance")
    assert (found.measured, found.limit) == (0.128, 0.15)
    assert found.params == {"cm": 12, "limit_cm": 15, "sector": "rear_right"}
    assert score(decisions=near).score == 100.0  # at 0.5 m/s


def test_one_scare_counts_once_at_the_highest() -> None:
    """A stop signal and a narrow gap within two seconds have the same root cause."""
    fast = during(range(30, 70), speed_mps=0.7)
    critical = during(range(40, 60), level="critical", clearance=0.10)
    assert points(score(fast, critical)) == {"safety.critical_unbraked": 8.0}

    def two(i: int) -> dict[str, Any]:
        return {"level": "critical"} if 20 <= i < 32 else {"clearance": 0.1} if 60 <= i < 65 else {}

    assert points(score(during(range(10, 70), speed_mps=0.7), two)) == {
        "safety.critical_unbraked": 8.0,
        "safety.low_clearance": 4.0,
    }


# --- spans that do not count ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frames", "decisions", "events"),
    [
        (during(range(25, 70), faults=["us_rear_left"]), unchanged, []),
        (unchanged, during(range(25, 70), decision_us=12_000.0), []),
        (
            unchanged,
            unchanged,
            [event(0, 2.5, HintAcked("c1", "applied", "paused")), event(1, 7.0, HintAcked("c2", "applied", "resumed"))],
        ),
    ],
    ids=["fault", "late", "pause"],
)
def test_what_happens_while_frames_are_not_counted_costs_nothing(
    frames: Change, decisions: Change, events: list[Any]
) -> None:
    def fast(i: int) -> dict[str, Any]:
        return {**frames(i), **({"speed_mps": 2.0, "gear": "R"} if 30 <= i < 60 else {})}

    scare = during(range(30, 60), level="critical", clearance=0.05)

    def scared(i: int) -> dict[str, Any]:
        return {**decisions(i), **scare(i)}

    assert score(fast, scared, events=events).score == 100.0
    counted = points(score(during(range(30, 60), speed_mps=2.0, gear="R"), scare))
    assert {"safety.critical_unbraked", "control.too_fast", "control.jerky"} <= set(counted)


# --- final position -----------------------------------------------------------------------------------


def test_ending_outside_the_bay_costs_the_whole_position() -> None:
    card = score(in_slot=False, end_pose=None)
    assert points(card) == {"position.outside_bay": 25.0}
    assert card.components["position"] == 0.0


def test_each_wheel_on_a_line_costs_ten() -> None:
    assert points(score(wheels_on_line=2)) == {"position.wheel_on_line": 20.0}
    assert points(score(wheels_on_line=4)) == {"position.wheel_on_line": 25.0}


@pytest.mark.parametrize(
    ("degrees", "lost"), [(2.9, 0), (3.0, 0), (3.9, 0), (4.0, 1), (-5.2, 2), (9.0, 6), (11.0, 8), (45.0, 8)]
)
def test_heading_costs_a_point_for_every_full_degree_beyond_three(degrees: float, lost: int) -> None:
    assert score(end_pose=EndPose(0.0, 0.0, math.radians(degrees))).score == 100.0 - lost


@pytest.mark.parametrize(("lateral", "lost"), [(0.15, 0), (0.19, 0), (0.20, 1), (-0.30, 3), (0.70, 8)])
def test_off_centre_costs_a_point_for_every_five_centimetres_beyond_fifteen(lateral: float, lost: int) -> None:
    assert score(end_pose=EndPose(lateral, 0.0, 0.0)).score == 100.0 - lost


@pytest.mark.parametrize(("depth", "lost"), [(0.20, 0), (0.30, 1), (-0.45, 2), (2.0, 5)])
def test_depth_costs_a_point_for_every_ten_centimetres_beyond_twenty(depth: float, lost: int) -> None:
    assert score(end_pose=EndPose(0.0, depth, 0.0)).score == 100.0 - lost


def test_a_wheel_on_the_line_and_standing_off_centre_are_one_cause() -> None:
    assert points(score(wheels_on_line=1, end_pose=EndPose(0.45, 0.0, 0.0))) == {"position.wheel_on_line": 10.0}


def test_front_wheels_left_turned_cost_two() -> None:
    assert points(score(during(range(90, 100), steering_angle_rad=-0.3))) == {"position.wheels_turned": 2.0}


# --- control ------------------------------------------------------------------------------------------


def test_too_fast_in_the_manoeuvre_costs_a_point_for_every_half_second() -> None:
    def fast(seconds: float) -> Change:
        return during(range(30, 30 + round(10 * seconds)), speed_mps=1.45, gear="R")

    assert points(score(fast(1.2)))["control.too_fast"] == 2.0
    assert "control.too_fast" not in points(score(fast(0.4)))
    assert points(score(fast(6.0)))["control.too_fast"] == 6.0


def test_the_way_to_the_bay_may_be_faster() -> None:
    def fast_then_reverse(i: int) -> dict[str, Any]:
        return {"speed_mps": 2.5} if i < 40 else {"gear": "R", "speed_mps": -0.5} if i < 90 else {}

    assert "control.too_fast" not in points(score(fast_then_reverse))


def test_a_jerk_of_the_throttle_costs_two() -> None:
    def surge(i: int) -> dict[str, Any]:
        return {"speed_mps": max(1.3 - 0.05 * max(i - 60, 0), 0.0)} if i >= 30 else {}

    card = score(surge)
    assert points(card)["control.jerky"] == 2.0
    assert record(card, "control.jerky").params == {"pedal": "throttle"}


def test_braking_hard_after_a_warning_is_what_was_asked_for() -> None:
    def stop(i: int) -> dict[str, Any]:
        return {"speed_mps": min(0.1 * i, 1.3)} if i < 50 else {"speed_mps": 0.0, "brake": 1.0}

    assert points(score(stop)) == {"control.jerky": 2.0}
    assert points(score(stop, during(range(48, 52), level="warning"))) == {}


def test_changing_gear_while_rolling_costs_three_once() -> None:
    def swap(i: int) -> dict[str, Any]:
        return {"gear": "R", "speed_mps": 0.5} if 30 <= i < 34 or 70 <= i < 74 else {}

    assert points(score(swap)) == {"control.gear_while_rolling": 3.0}


def test_changing_gear_at_a_standstill_costs_nothing() -> None:
    assert score(during(range(30, 40), gear="R", speed_mps=0.0)).score == 100.0


# --- procedure and efficiency ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "missing"),
    [({"gear": "D"}, "gear"), ({"parking_brake": False}, "brake"), ({"gear": "D", "parking_brake": False}, "both")],
)
def test_leaving_without_p_and_the_parking_brake_costs_the_rescaled_procedure(
    end: dict[str, Any], missing: str
) -> None:
    card = score(during([99], **end))
    assert points(card) == {"procedure.not_secured": 10.0}
    assert record(card, "procedure.not_secured").params == {"missing": missing}


def there_and_back(strokes: int) -> Change:
    """Half a metre on, half a metre back, as often as asked, in 1 s each; then standing."""
    return lambda i: {"speed_mps": 0.0 if i // 10 >= strokes else 0.5 if i // 10 % 2 == 0 else -0.5}


def test_every_change_of_direction_beyond_par_costs_three_and_two_at_most() -> None:
    assert "efficiency.extra_cusps" not in points(score(there_and_back(2)))
    assert points(score(there_and_back(2), par=Par(0, 60.0)))["efficiency.extra_cusps"] == 3.0
    # strokes of one second are all within two seconds of each other: every other one counts
    assert points(score(there_and_back(9), par=Par(0, 60.0)))["efficiency.extra_cusps"] == 6.0


def test_time_beyond_par_costs_a_point_for_every_ten_seconds() -> None:
    assert score(duration_s=69.9).score == 100.0
    assert score(duration_s=85.0).score == 98.0
    assert score(duration_s=500.0).score == 96.0


def test_time_that_is_not_counted_does_not_run_the_clock() -> None:
    frozen = during(range(10, 60), faults=["gps"])  # 5 s
    assert (score(duration_s=72.0).score, score(frozen, duration_s=72.0).score) == (99.0, 100.0)


def test_without_a_par_efficiency_costs_nothing() -> None:
    assert score(duration_s=500.0, par=None).score == 100.0


# --- the whole ----------------------------------------------------------------------------------------


def test_a_contact_holds_the_score_at_thirty_nine_by_a_record_of_its_own() -> None:
    card = score(touches=[TOUCH], events=[event(0, 5.0, TOUCH)])
    assert (card.score, card.passed) == (39.0, False)
    assert (card.best_change, card.best_change_score) == ("cause.too_close", 100.0)
    held = record(card, CONTACT_CAP)
    assert (held.component, held.points, held.raw_points, held.t0_s) == (TOTAL, 61.0, 61.0, 5.0)
    assert sum(card.components.values()) - held.points == card.score


@pytest.mark.parametrize("end", [{"contacts": 2}, {"result": "contact"}])
def test_the_examiner_s_word_is_enough_for_a_contact(end: dict[str, Any]) -> None:
    assert score(**end).score == 39.0


def test_a_contact_takes_nothing_more_from_a_score_below_the_cap() -> None:
    def bad(i: int) -> dict[str, Any]:
        return {"level": "critical"} if i % 35 < 5 and i < 130 else {}

    fast = during(range(20, 158), speed_mps=2.0, gear="R", parking_brake=False)
    card = score(fast, bad, rows=158, touches=[TOUCH], in_slot=False, duration_s=300.0)
    assert card.score is not None
    assert card.score < 39.0
    assert record(card, CONTACT_CAP).points == 0.0


def test_only_a_parked_car_passes() -> None:
    timeout = score(result="timeout")
    assert (timeout.score, timeout.passed) == (100.0, False)


def test_an_aborted_session_has_no_score_but_the_parts_that_could_be_judged() -> None:
    card = score(decisions=during(range(30, 60), level="critical"), result="aborted", in_slot=False, end_pose=None)
    assert (card.score, card.passed) == (None, None)
    assert card.components == {"safety": 32.0, "control": 15.0}
    assert points(card) == {"safety.critical_unbraked": 8.0}


def test_a_session_in_which_nothing_could_be_counted_has_no_score() -> None:
    card = score(decisions=lambda _: {"decision_us": 99_999.0})
    assert (card.score, card.components, card.strength) == (None, {}, "strength.persisted")
    empty = score_session(SessionTrack.from_messages([], [], []), ended(), [], parkit_1(), PAR)
    assert empty.score is None


def test_touching_a_kerb_with_a_wheel_costs_eight_and_is_no_contact() -> None:
    kerb = Contact("wheel_rear_right", 1.0, 2.0, 0.2, "kerb")
    card = score(touches=[kerb], events=[event(0, 5.0, kerb)], contacts=1)
    assert points(card) == {"safety.kerb_struck": 8.0}
    assert card.passed


def test_the_best_change_is_the_cause_without_which_the_score_would_be_highest_after_caps() -> None:
    # two wheels on the line lose 20; the heading's 8 points find only 5 left in the component: all has one cause
    card = score(wheels_on_line=2, end_pose=EndPose(0.0, 0.0, 0.3), duration_s=85.0)
    assert [(cause.cause, cause.points) for cause in card.causes] == [
        ("cause.not_corrected", 25.0),
        ("cause.hesitated", 2.0),
    ]
    assert (card.best_change, card.best_change_score) == ("cause.not_corrected", 98.0)


# --- strengths ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("card", "strength"),
    [
        (lambda: score(), "strength.first_try"),
        (lambda: score(there_and_back(9)), "strength.centred"),
        (lambda: score(in_slot=False), "strength.room_kept"),
        (
            lambda: score(
                during(range(32, 36), brake=0.5), during([30], level="critical", clearance=0.2), in_slot=False
            ),
            "strength.braked_in_time",
        ),
        (lambda: score(touches=[TOUCH]), "strength.calm_speed"),
        (lambda: score(lambda i: {"gear": "R", "speed_mps": min(0.05 * i, 1.6)}, touches=[TOUCH]), "strength.smooth"),
        (lambda: score(lambda _: {"speed_mps": 0.0}, in_slot=False), "strength.secured"),
        (
            lambda: score(lambda _: {"speed_mps": 0.0, "gear": "D"}, in_slot=False),
            "strength.persisted",
        ),
    ],
)
def test_there_is_always_a_strength_and_the_most_telling_one_is_named(
    card: Callable[[], ScoreCard], strength: str
) -> None:
    assert card().strength == strength
