"""The rubrics of examiners: what they see, what they say, and what they leave unsaid."""

import json
import math
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from coach_core.contracts import (
    ClearanceState,
    Contact,
    EndPose,
    GroundLine,
    LineTouched,
    LotMap,
    Pose2,
    Retried,
    ScoreCard,
    SlotMap,
    Started,
    VehicleProfile,
)
from coach_core.contracts.messages import LineKind, SlotKind, Wheel
from coach_core.scoring import SessionTrack, deduction_sentence, score_session
from tests.unit.coach_core.scoring.sessions import (
    DATA,
    RUBRICS,
    clean_decisions,
    clean_frames,
    decision,
    ended,
    event,
    rubric,
)

TEXTS: dict[str, Any] = json.loads((DATA / "score_texts.json").read_text(encoding="utf-8"))
CAR = VehicleProfile("car", 2.8, 0.8, 0.9, 1.8, 1.6, 0.6, 15.0)
EXAMINERS = [name for name in RUBRICS if name != "parkit-1"]
Change = Callable[[int], dict[str, Any]]


def started(kind: SlotKind = "perpendicular", kerbs: Sequence[Any] = ()) -> Started:
    lot = LotMap(
        "lot",
        [SlotMap("A4", kind, 0.0, 0.0, -math.pi / 2, 2.5, 5.0)],
        kerbs=list(kerbs),
        lines=[GroundLine("check", "check", 0.0, 0.0, 1.0, 0.0)],
    )
    return Started("world", "expert", "someone", 1, 0, "any", "ko", CAR, lot)


def line(kind: LineKind, wheel: Wheel) -> LineTouched:
    return LineTouched(f"{kind}-1", kind, wheel, 0.0, 0.0)


def score(
    name: str,
    told: Sequence[tuple[float, Any]] = (),
    frames: Change = lambda _: {},
    decisions: Sequence[Any] | None = None,
    **end: Any,
) -> ScoreCard:
    """A clean 10 s session with these events, judged by a rubric."""
    events = [event(i, t, detail) for i, (t, detail) in enumerate(told)]
    contacts = [detail for _, detail in told if isinstance(detail, Contact)]
    decided = clean_decisions() if decisions is None else decisions
    track = SessionTrack.from_messages(clean_frames(change=frames), decided, events)
    return score_session(track, ended(**end), contacts, rubric(name), None)


def rules(card: ScoreCard) -> list[str]:
    return [record.rule for record in card.deductions]


AT_CHECK = [(9.6, line("check", "rear_left")), (9.6, line("check", "rear_right"))]


@pytest.mark.parametrize("name", EXAMINERS)
def test_an_examiner_gives_no_advice(name: str) -> None:
    card = score(name, [(3.0, line("detection", "rear_left"))], in_slot=False, end_pose=None)
    assert (card.strength, card.best_change, card.best_change_score, card.causes) == ("", "", None, [])


@pytest.mark.parametrize("name", EXAMINERS)
def test_a_slow_or_broken_sensor_is_no_excuse_before_an_examiner(name: str) -> None:
    card = score(name, AT_CHECK, lambda _: {"faults": ["gps"]}, [decision(0, decision_us=99_999.0)])
    assert card.passed is not None


# --- the Korean courses -----------------------------------------------------------------------------------


def test_the_course_is_passed_with_both_rear_wheels_at_the_check_line_and_the_brake_set() -> None:
    card = score("kr-course-right-angle", AT_CHECK)
    assert (card.score, card.passed, card.deductions) == (100.0, True, [])
    assert card.left_out == ["kr.belt"]


def test_the_older_parallel_bay_takes_five_for_a_touch_and_ten_for_going_in_forwards() -> None:
    card = score("kr-parallel-legacy", [(3.0, line("detection", "rear_left")), AT_CHECK[0]])
    assert rules(card) == ["krp.line", "krp.entered_forwards"]
    assert card.score == 85.0
    reversed_in = lambda i: {"gear": "R", "speed_mps": -0.5} if i < 90 else {}  # noqa: E731
    assert score("kr-parallel-legacy", [AT_CHECK[0]], reversed_in).score == 100.0
    assert rules(score("kr-parallel-legacy", [], reversed_in)) == ["krp.check_line"]


def test_a_failure_at_once_leaves_nothing_and_is_told_with_its_moment() -> None:
    card = score("kr-course-right-angle", [(4.0, Contact("wheel_rear_left", 0, 0, 0.1, "kerb")), *AT_CHECK])
    assert (card.score, card.passed, rules(card)) == (0.0, False, ["kr.kerb"])
    assert (card.deductions[0].points, card.deductions[0].t0_s) == (100.0, 4.0)


# --- the British bay --------------------------------------------------------------------------------------


def strokes(count: int) -> Change:
    """Forwards and backwards in turns, half a metre in a second each."""
    return lambda i: {"speed_mps": 0.5 if i // 10 % 2 == 0 else -0.5} if i < 10 * count else {"speed_mps": 0.0}


@pytest.mark.parametrize(
    ("driven", "wanted"),
    [
        (2, []),
        (4, []),  # in, out once, in: the first re-position is free
        (6, ["uk.reposition"]),
        (9, ["uk.reposition"] * 2 + ["uk.reposition", "uk.excessive"]),
    ],
)
def test_a_re_position_beyond_the_first_is_a_driving_fault_and_too_many_are_serious(
    driven: int, wanted: list[str]
) -> None:
    card = score("uk-bay", frames=strokes(driven))
    assert sorted(rules(card)) == sorted(wanted)
    assert (card.score, card.maxima) == (None, {})
    assert card.passed is ("uk.excessive" not in wanted)
    assert card.components["driving"] == wanted.count("uk.reposition")


def test_fifteen_driving_faults_pass_and_sixteen_do_not() -> None:
    def kerbs(count: int) -> list[tuple[float, Any]]:
        return [(0.1 * i, Contact("wheel_rear_left", 0, 0, 0.1, "kerb")) for i in range(count)]

    assert score("uk-bay", kerbs(15)).passed is True
    assert score("uk-bay", kerbs(16)).passed is False


@pytest.mark.parametrize(
    ("told", "end", "rule"),
    [
        ([(5.0, Contact("body", 0, 0, 0.1, "car"))], {}, "uk.contact"),
        ([], {"in_slot": False}, "uk.outside_bay"),
    ],
)
def test_one_serious_or_dangerous_fault_fails(told: list[Any], end: dict[str, Any], rule: str) -> None:
    card = score("uk-bay", told, **end)
    assert (rules(card), card.passed) == ([rule], False)


def test_only_a_finished_attempt_passes() -> None:
    assert score("uk-bay", result="timeout").passed is False
    assert score("uk-bay", result="aborted").passed is None


# --- the end pose of a standard ---------------------------------------------------------------------------


@pytest.mark.parametrize(("degrees", "passed"), [(2.9, True), (-3.0, True), (3.1, False), (-8.0, False)])
def test_the_heading_may_be_three_degrees_off(degrees: float, passed: bool) -> None:
    pose = EndPose(0.0, 0.0, math.radians(degrees))
    assert score("iso-16787-end-pose", [(0.0, started())], end_pose=pose).passed is passed


@pytest.mark.parametrize(("gap", "passed"), [(0.04, False), (0.06, True), (0.29, True), (0.31, False)])
def test_beside_a_kerb_the_wheels_keep_five_to_thirty_centimetres(gap: float, passed: bool) -> None:
    """The car stands along +x at y = 0, 1.8 m wide; the kerb is on its right."""
    top = -0.9 - gap
    kerb = [(-20.0, top - 0.3), (20.0, top - 0.3), (20.0, top), (-20.0, top)]
    there: Change = lambda _: {"pose": Pose2(1.0, 0.0, 0.0)}  # noqa: E731
    card = score("iso-16787-end-pose", [(0.0, started("parallel", [kerb]))], there)
    assert card.passed is passed
    assert card.left_out == ["iso.side_gap"]
    if not passed:
        assert card.deductions[0].measured == pytest.approx(gap)


@pytest.mark.parametrize(("left", "right", "passed"), [(0.35, 0.31, True), (0.35, 0.29, False)])
def test_between_cars_thirty_centimetres_are_kept_to_each_side(left: float, right: float, passed: bool) -> None:
    seen = {"left_front": left, "right_rear": right}
    sectors = [ClearanceState(name, at, "clear") for name, at in seen.items()]
    card = score("iso-16787-end-pose", [(0.0, started())], decisions=[decision(99, sectors=sectors)])
    assert card.passed is passed


def test_what_cannot_be_measured_is_left_out() -> None:
    card = score("iso-16787-end-pose", decisions=[], end_pose=None, in_slot=False)
    assert (card.left_out, card.passed) == (["iso.heading", "iso.kerb_gap", "iso.side_gap"], None)


# --- words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_record_an_examiner_can_make_is_a_whole_sentence(language: Any) -> None:
    kerb, car = Contact("wheel_rear_left", 0, 0, 0.1, "kerb"), Contact("body", 0, 0, 0.1, "car")
    told = [(0.0, started()), (3.0, line("detection", "rear_left"))]
    cards = [score(name, told, end_pose=EndPose(0.0, 0.0, 0.2), in_slot=False) for name in EXAMINERS]
    cards += [score(name, [*told, (5.0, kerb), (5.0, car)], strokes(10)) for name in EXAMINERS]
    cards += [score(name, AT_CHECK, lambda _: {"parking_brake": False}) for name in EXAMINERS]
    still = SessionTrack.from_messages(clean_frames(320, lambda _: {"speed_mps": 0.0}), clean_decisions(320), [])
    cards += [score_session(still, ended(), [], rubric(name), None) for name in EXAMINERS]
    close = [decision(99, sectors=[ClearanceState("left_front", 0.1, "critical")])]
    cards.append(score("iso-16787-end-pose", told, decisions=close))
    said = {record.rule for card in cards for record in card.deductions}
    every = {rule.key for name in EXAMINERS for rule in rubric(name).rules if rule.detector != "unsensed"}
    for card in cards:
        for record in card.deductions:
            sentence = deduction_sentence(record, TEXTS, language)
            assert sentence.endswith(".")
            assert "{" not in sentence
    # the rest have sentences of their own above, or only numbers in them
    assert every - said <= {"kr.overrun", "krp.overrun", "uk.potential_danger", "iso.kerb_gap"}


# --- retries ----------------------------------------------------------------------------------------------


def test_a_retry_takes_a_strike_back_and_holds_the_watch() -> None:
    back = Retried(1, 3.0, Pose2(0.0, 0.0, 0.0))
    strike = Contact("wheel_rear_left", 0, 0, 0.1, "kerb")
    card = score("kr-course-right-angle", [(4.0, strike), (5.0, back), *AT_CHECK])
    assert (card.score, card.deductions) == (100.0, [])
    frames = clean_frames(1230)
    for told, lost in (([], ["kr.overrun"]), ([(5.0, back), (9.0, back)], [])):
        events = [
            event(i, t, detail) for i, (t, detail) in enumerate([*told, *((122.6, touch) for _, touch in AT_CHECK)])
        ]
        track = SessionTrack.from_messages(frames, [], events)
        assert rules(score_session(track, ended(), [], rubric("kr-course-right-angle"), None)) == lost


def test_a_contact_that_was_taken_back_does_not_hold_the_score_down() -> None:
    touch = Contact("body", 0, 0, 0.1, "car")
    told = [(4.0, touch), (5.0, Retried(1, 3.0, Pose2(0.0, 0.0, 0.0)))]
    assert score("parkit-1", told).score == 100.0
    assert score("parkit-1", [*told, (7.0, touch)]).score == 39.0
