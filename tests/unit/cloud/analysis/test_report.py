"""The report of a session, from its messages alone."""

import math

import msgspec
import pytest

from cloud.analysis.report import (
    SessionMessages,
    alert_spans,
    build_report,
    driven_path,
    latency,
    missing,
    planned_path,
)
from cloud.analysis.rubrics import builtin_rubric, known_rubrics
from coach_core.contracts import AlertSpan, Decision, Pose2, SensorFrame, SessionEvent, SessionReport, SlotChosen
from coach_core.errors import ContractError
from tests.unit.cloud.messages import decision, ended, event, frame, plan, started

RUBRIC = builtin_rubric("parkit-1")
PATH = [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0)]


def session(count: int = 100) -> SessionMessages:
    events: list[SessionEvent] = [event(0, started()), event(1, SlotChosen("A1"), at_s=0.5)]
    events.append(event(2, ended(duration_s=count * 0.02), at_s=count * 0.02))
    return SessionMessages(events, [frame(seq) for seq in range(count)], [decision(seq) for seq in range(count)])


def report_of(messages: SessionMessages) -> SessionReport:
    report = build_report(messages, RUBRIC)
    assert report is not None
    return report


def test_a_report_says_who_what_where_and_how_it_ended() -> None:
    report = report_of(session())
    assert (report.session_id, report.vehicle_id, report.world, report.driver_name) == (
        "s-1",
        "car-1",
        "perpendicular",
        "연습생",
    )
    assert (report.result, report.slot_id, report.duration_s) == ("parked", "A1", 2.0)
    assert (report.frames, report.missing_frames) == (100, 0)
    assert (report.card.rubric, report.min_clearance_m) == ("parkit-1", 0.35)
    assert report.ended_at - report.started_at == 2_000_000


def test_the_deductions_of_a_report_add_up_to_its_score() -> None:
    card = report_of(session()).card
    assert card.score is not None
    assert sum(deduction.points for deduction in card.deductions) == 100.0 - card.score


def test_the_same_messages_give_the_same_report_in_any_order_of_delivery() -> None:
    messages = session()
    assert msgspec.json.encode(report_of(messages)) == msgspec.json.encode(report_of(session()))


def test_there_is_no_report_before_start_and_end_are_known() -> None:
    messages = session()
    assert build_report(messages._replace(events=messages.events[1:]), RUBRIC) is None
    assert build_report(messages._replace(events=messages.events[:-1]), RUBRIC) is None


def test_what_happened_after_the_end_is_left_out() -> None:
    messages = session(100)
    more = messages._replace(
        frames=[*messages.frames, frame(101), frame(102)], decisions=[*messages.decisions, decision(101)]
    )
    assert report_of(more) == report_of(messages)


def test_gaps_are_counted_also_at_the_beginning() -> None:
    assert missing([frame(seq) for seq in (2, 3, 5, 9)]) == 6
    assert missing([]) == 0


@pytest.mark.parametrize("name", ["no-such-rubric", "../rubrics/parkit-1", ""])
def test_an_unknown_rubric_is_refused_with_the_names_of_those_there_are(name: str) -> None:
    with pytest.raises(ContractError, match=r"unknown rubric .*; there are: .*kr-course-right-angle.*, parkit-1"):
        builtin_rubric(name)


@pytest.mark.parametrize("name", known_rubrics())
def test_the_started_event_names_the_rubric_a_session_is_judged_by(name: str) -> None:
    assert builtin_rubric(name).name == name


def level_at(levels: str) -> list[Decision]:
    """A decision each 20 ms; c caution, w warning, . clear, - none (a gap of a second)."""
    words = {"c": "caution", "w": "warning", ".": "clear"}
    made: list[Decision] = []
    seq = 0
    for letter in levels:
        if letter == "-":
            seq += 50
            continue
        made.append(decision(seq, level=words[letter]))  # type: ignore[arg-type]
        seq += 1
    return made


@pytest.mark.parametrize(
    ("levels", "spans"),
    [
        ("....", []),
        (".cc..", [("caution", 0.02, 0.06)]),
        (".ccww.", [("caution", 0.02, 0.06), ("warning", 0.06, 0.10)]),
        (".cc", [("caution", 0.02, 0.04)]),
        ("c-c.", [("caution", 0.0, 0.0), ("caution", 1.02, 1.04)]),
    ],
)
def test_alerts_are_spans_of_one_level_in_one_sector(levels: str, spans: list[tuple[str, float, float]]) -> None:
    found = alert_spans(level_at(levels))
    assert [(str(span.level), round(span.t0_s, 6), round(span.t1_s, 6)) for span in found] == spans
    assert all(span.sector == "rear_left" and span.min_distance_m == 0.4 for span in found)


def test_an_alert_keeps_its_least_distance() -> None:
    near = [decision(seq, level="warning") for seq in range(3)]
    near[1] = msgspec.structs.replace(
        near[1], sectors=[msgspec.structs.replace(state, distance_m=0.1) for state in near[1].sectors]
    )
    (span,) = alert_spans(near)
    assert span == AlertSpan("warning", "rear_left", 0.0, 0.04, 0.1)


def test_the_driven_path_is_thinned_but_keeps_its_ends_and_every_turn() -> None:
    frames = [frame(seq, x_m=seq * 0.01) for seq in range(101)]
    turned = msgspec.structs.replace(frames[52], pose=Pose2(0.52, 0.0, math.radians(3)))
    frames[52] = turned
    path = driven_path(frames, [])
    assert path[0][:2] == (0.0, 0.0)
    assert path[-1][:2] == (2.0, 1.0)
    assert (turned.sim_time_s, 0.52, 0.0, math.radians(3)) in path
    assert len(path) < 25


def test_the_driven_path_follows_the_coachs_estimate() -> None:
    estimates = [msgspec.structs.replace(decision(0), pose=Pose2(9.0, 8.0, 0.5))]
    assert driven_path([frame(0), frame(60)], estimates)[0] == (0.0, 9.0, 8.0, 0.5)


def test_the_planned_path_is_that_of_the_plan_followed_longest() -> None:
    rest = [(5.0, 5.0, 0.0), (6.0, 5.0, 0.0)]
    decisions = [decision(0, plan=plan(1, path=PATH))]
    decisions += [decision(seq, plan=plan(1)) for seq in range(1, 60)]
    decisions += [decision(60, plan=plan(2, path=rest))]
    decisions += [decision(seq, plan=plan(2)) for seq in range(61, 80)]
    assert planned_path(decisions) == PATH
    assert planned_path([decision(0)]) == []


def test_latency_is_that_of_the_decisions() -> None:
    measured = latency([decision(seq, decision_us=float(seq)) for seq in range(101)])
    assert (measured.p50_us, measured.p99_us, measured.max_us) == (50.0, 99.0, 100.0)
    assert latency([]).max_us == 0.0


def test_a_session_without_any_frame_still_has_a_report() -> None:
    messages = session()._replace(frames=[], decisions=[])
    report = report_of(messages)
    assert (report.card.score, report.frames, report.driven_path) == (None, 0, [])


def test_a_session_with_a_gap_is_judged_and_says_so() -> None:
    frames: list[SensorFrame] = [frame(seq) for seq in range(100) if not 40 <= seq < 60]
    assert report_of(session()._replace(frames=frames)).missing_frames == 20
