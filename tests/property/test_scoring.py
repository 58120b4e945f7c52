"""What must hold for the score of any session, and for the arithmetic behind it."""

import math
import random
import typing
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from coach_core.contracts import Contact, Ended, EndPose, Level, Pose2, ScoreCard
from coach_core.scoring import TOTAL, Par, SessionTrack, score_session
from coach_core.scoring.findings import Finding
from coach_core.scoring.ledger import Entry, quarters, reckon, rule_weights, same_cause_once, settle
from tests.unit.coach_core.scoring.sessions import decision, ended, event, frame, parkit_1, rubric

RUBRIC = parkit_1()
RULES = {rule.key: rule for rule in RUBRIC.rules}
CONTACT = "total.contact"
EXAMPLES = settings(max_examples=80, deadline=None)

times = st.floats(0.0, 60.0)


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    """Findings of any rules at any times, as many as may come."""
    found = []
    for key in draw(st.lists(st.sampled_from(sorted(RULES)), max_size=25)):
        t0 = draw(times)
        finding = Finding(t0, t0 + draw(st.floats(0.0, 5.0)), None, None, steps=draw(st.integers(1, 12)))
        rule = RULES[key]
        whole = quarters(100) - quarters(rule.ceiling) if rule.ceiling is not None else quarters(rule.points)
        found.append(Entry(rule, finding, whole if rule.ceiling is not None else whole * finding.steps))
    return found


@EXAMPLES
@given(entries())
def test_points_add_up_exactly_and_no_cap_is_passed(found: list[Entry]) -> None:
    settled = settle(found, RUBRIC)
    assert sum(settled.taken) + settled.score == quarters(100)
    assert 0 <= settled.score <= quarters(100)
    assert all(0 <= taken <= entry.raw for taken, entry in zip(settled.taken, found, strict=True))
    for component in RUBRIC.components:
        lost = sum(t for t, e in zip(settled.taken, found, strict=True) if e.rule.component == component.key)
        assert lost == settled.lost[component.key]
        assert lost <= quarters(component.max)
    for rule in RUBRIC.rules:
        if rule.cap is not None:
            taken = sum(t for t, e in zip(settled.taken, found, strict=True) if e.rule.group == rule.group)
            assert taken <= quarters(rule.cap)
    ceilings = [t for t, e in zip(settled.taken, found, strict=True) if e.rule.ceiling is not None]
    assert sum(taken > 0 for taken in ceilings) <= 1
    if ceilings:
        assert settled.score <= quarters(39)


@EXAMPLES
@given(entries())
def test_what_is_lost_is_the_sum_of_the_obvious_minima(found: list[Entry]) -> None:
    """The slow twin: per component, the capped sums of its groups, capped by the component; in fractions."""
    lost = Fraction(0)
    for component in RUBRIC.components:
        groups: dict[str, Fraction] = {}
        for entry in found:
            if entry.rule.component == component.key:
                groups[entry.rule.group] = groups.get(entry.rule.group, Fraction(0)) + Fraction(entry.raw, 4)
        caps = {rule.group: rule.cap for rule in RUBRIC.rules}
        total = Fraction(0)
        for group, points in groups.items():
            cap = caps[group]
            total += points if cap is None else min(points, Fraction(cap))
        lost += min(total, Fraction(component.max))
    expected = 100 - lost
    if any(entry.rule.ceiling is not None for entry in found):
        expected = min(expected, Fraction(39))
    assert Fraction(settle(found, RUBRIC).score, 4) == expected


@EXAMPLES
@given(entries(), st.randoms(use_true_random=False))
def test_the_order_of_the_findings_does_not_matter(found: list[Entry], chance: random.Random) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert reckon(found, RUBRIC) == reckon(shuffled, RUBRIC)


@EXAMPLES
@given(entries())
def test_taking_a_record_away_never_lowers_the_score(found: list[Entry]) -> None:
    score = settle(found, RUBRIC).score
    for index in range(len(found)):
        assert settle(found[:index] + found[index + 1 :], RUBRIC).score >= score


@EXAMPLES
@given(entries())
def test_of_one_root_cause_only_the_highest_is_kept_and_nothing_within_two_seconds_of_it(found: list[Entry]) -> None:
    kept = same_cause_once(found, RUBRIC.root_cause_window_s)
    for i, one in enumerate(kept):
        for other in kept[i + 1 :]:
            if one.rule.root_cause == other.rule.root_cause:
                assert max(one.finding.t0 - other.finding.t1, other.finding.t0 - one.finding.t1) > 2.0
    for dropped in found:
        if dropped not in kept:
            assert any(
                entry.rule.root_cause == dropped.rule.root_cause
                and entry.raw >= dropped.raw
                and max(entry.finding.t0 - dropped.finding.t1, dropped.finding.t0 - entry.finding.t1) <= 2.0
                for entry in kept
            )


@EXAMPLES
@given(st.sets(st.sampled_from([key for key in sorted(RULES) if key.startswith("procedure.")])))
def test_what_is_left_of_the_procedure_always_weighs_ten(left_out: set[str]) -> None:
    weights = rule_weights(RUBRIC, left_out)
    judged = [weights[key] for key in weights if key.startswith("procedure.")]
    assert sum(judged) == (quarters(10) if judged else 0)
    assert all(weight > 0 for weight in judged)


# --- whole sessions -----------------------------------------------------------------------------------


@st.composite
def sessions(draw: st.DrawFn) -> tuple[list[Any], list[Any], list[Any], Ended, list[Contact], Par | None]:
    """A drive of a few stretches of random driving, random warnings and a random end."""
    frames: list[Any] = []
    decisions: list[Any] = []
    x = 0.0
    for _ in range(draw(st.integers(1, 5))):
        speed = draw(st.floats(-3.0, 3.0))
        values = {
            "speed_mps": speed,
            "gear": draw(st.sampled_from("PRND")),
            "brake": draw(st.sampled_from([0.0, 0.5])),
            "steering_angle_rad": draw(st.floats(-0.6, 0.6)),
            "parking_brake": draw(st.booleans()),
            "faults": draw(st.sampled_from([[], [], ["us_rear_left"]])),
        }
        level: Level = draw(st.sampled_from(typing.get_args(Level)))
        clearance = draw(st.one_of(st.none(), st.floats(0.0, 3.0)))
        decided = draw(st.sampled_from([True, True, True, False]))
        for _ in range(draw(st.integers(1, 25))):
            seq = len(frames)
            x += 0.1 * speed
            frames.append(frame(seq, pose=Pose2(x, 0.0, 0.0), **values))
            if decided:
                decisions.append(decision(seq, level, clearance))
    end = ended(
        result=draw(st.sampled_from(["parked", "contact", "timeout", "aborted"])),
        duration_s=draw(st.floats(0.0, 400.0)),
        contacts=draw(st.integers(0, 2)),
        in_slot=draw(st.booleans()),
        wheels_on_line=draw(st.integers(0, 4)),
        end_pose=draw(st.one_of(st.none(), st.builds(EndPose, *[st.floats(-1.0, 1.0)] * 3))),
    )
    touches = [Contact("rear", 0.0, 0.0, 0.1)] * draw(st.integers(0, 2))
    events = [event(i, draw(times), touch) for i, touch in enumerate(touches)]
    par = draw(st.one_of(st.none(), st.builds(Par, st.integers(0, 4), st.floats(1.0, 120.0))))
    return frames, decisions, events, end, touches, par


def judge(session: tuple[list[Any], list[Any], list[Any], Ended, list[Contact], Par | None]) -> ScoreCard:
    frames, decisions, events, end, touches, par = session
    return score_session(SessionTrack.from_messages(frames, decisions, events), end, touches, RUBRIC, par)


@EXAMPLES
@given(sessions(), st.randoms(use_true_random=False))
def test_the_records_of_any_session_add_up_to_what_it_lost(session: Any, chance: random.Random) -> None:
    card = judge(session)
    _, _, _, end, touches, _ = session
    assert card.strength
    assert all(0.0 <= part <= card.maxima[key] for key, part in card.components.items())
    assert all(record.points <= record.raw_points for record in card.deductions)
    if end.result == "aborted" or card.score is None:
        assert (card.score, card.passed) == (None, None)
        return
    points = [record.points for record in card.deductions]
    chance.shuffle(points)
    assert sum(points) == 100.0 - card.score  # exactly, in any order
    assert 0.0 <= card.score <= 100.0
    above = sum(record.points for record in card.deductions if record.component == TOTAL)
    assert sum(card.components.values()) - above == card.score
    if touches or end.contacts or end.result == "contact":
        assert card.score <= 39.0
        assert card.passed is False
        assert any(record.rule == CONTACT for record in card.deductions)
    assert sum(cause.points for cause in card.causes) == 100.0 - card.score  # every point has a cause
    assert bool(card.best_change) == bool(card.causes)
    if card.best_change:
        assert card.best_change_score is not None
        assert card.best_change_score >= card.score


@EXAMPLES
@given(sessions(), st.randoms(use_true_random=False))
def test_messages_may_come_in_any_order_and_twice(session: Any, chance: random.Random) -> None:
    frames, decisions, events, *rest = session
    again = [frames + frames[:3], decisions + decisions[:3], list(events)]
    for messages in again:
        chance.shuffle(messages)
    assert judge((*again, *rest)) == judge(session)


@EXAMPLES
@given(sessions())
def test_a_card_is_the_same_every_time_and_holds_only_finite_numbers(session: Any) -> None:
    card = judge(session)
    assert judge(session) == card
    for record in card.deductions:
        numbers = [record.points, record.raw_points, record.t0_s, record.t1_s]
        numbers += [value for value in (record.measured, record.limit) if value is not None]
        assert all(math.isfinite(number) for number in numbers)
        assert record.t0_s <= record.t1_s


@EXAMPLES
@given(sessions(), st.sampled_from(["kr-course-right-angle", "kr-parallel-legacy", "uk-bay", "iso-16787-end-pose"]))
def test_an_examiner_s_records_add_up_too(session: Any, name: str) -> None:
    frames, decisions, events, end, touches, par = session
    card = score_session(SessionTrack.from_messages(frames, decisions, events), end, touches, rubric(name), par)
    points = sum(record.points for record in card.deductions)
    if card.score is not None:
        assert points == 100.0 - card.score
    elif card.passed is not None:
        assert points == sum(card.components.values())  # faults
    assert card.passed is not True or end.result == "parked"
