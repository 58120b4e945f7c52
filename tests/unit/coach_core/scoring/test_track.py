import math

import numpy as np
import pytest

from coach_core.contracts import SECTORS, Contact, Fault, HintAcked, Pose2, Retried
from coach_core.scoring import SessionTrack
from tests.unit.coach_core.scoring.sessions import clean_decisions, clean_frames, decision, during, event, frame


def track_of(frames: object, decisions: object = (), events: object = ()) -> SessionTrack:
    return SessionTrack.from_messages(frames, decisions, events)  # type: ignore[arg-type]


def test_rows_are_in_order_of_seq_and_each_seq_counts_once() -> None:
    frames = clean_frames(20)
    track = track_of([*reversed(frames), *frames[:5]], clean_decisions(20))
    assert track.seq.tolist() == list(range(20))
    assert track.t[-1] == pytest.approx(1.9)


def test_gears_and_levels_become_codes() -> None:
    frames = [frame(i, gear=gear) for i, gear in enumerate("PRND")]
    decisions = [decision(0, "clear"), decision(1, "caution"), decision(2, "warning")]
    track = track_of(frames, decisions)
    assert track.gear.tolist() == [0, -1, 2, 1]
    assert track.level.tolist() == [0, 1, 2, -1]


def test_the_least_sector_distance_and_its_sector_are_kept() -> None:
    track = track_of([frame(0), frame(1), frame(2)], [decision(0, clearance=0.3), decision(1, clearance=None)])
    assert track.min_clearance[0] == 0.3
    assert SECTORS[track.worst_sector[0]] == "rear_right"
    assert math.isnan(track.min_clearance[1])
    assert track.worst_sector.tolist()[1:] == [-1, -1]


def test_a_frame_without_a_decision_or_with_a_slow_one_is_late() -> None:
    decisions = [decision(0), decision(1, decision_us=10_001.0), decision(2, decision_us=9_999.0)]
    assert track_of([frame(i) for i in range(4)], decisions).late.tolist() == [False, True, False, True]


def test_sensor_faults_are_not_counted_and_link_faults_are() -> None:
    frames = [frame(i, faults=["us_rear_left"] if i == 1 else []) for i in range(8)]
    events = [
        event(0, 0.35, Fault("us_front_left", "raised", "")),
        event(1, 0.55, Fault("us_front_left", "cleared", "")),
        event(2, 0.60, Fault("mqtt", "raised", "")),
    ]
    track = track_of(frames, clean_decisions(8), events)
    assert track.fault.tolist() == [False, True, False, False, True, True, False, False]
    assert track.counted.tolist() == [not fault for fault in track.fault]


def test_a_fault_that_is_never_cleared_lasts_to_the_end() -> None:
    track = track_of([frame(i) for i in range(4)], clean_decisions(4), [event(0, 0.15, Fault("gps", "raised", ""))])
    assert track.fault.tolist() == [False, False, True, True]


def test_an_instructor_s_pause_is_not_counted() -> None:
    events = [
        event(0, 0.1, HintAcked("c1", "applied", "paused")),
        event(1, 0.35, HintAcked("c2", "applied", "resumed")),
        event(2, 0.4, HintAcked("c3", "shown", "paused")),
    ]
    track = track_of([frame(i) for i in range(6)], clean_decisions(6), events)
    assert track.paused.tolist() == [False, True, True, True, False, False]


def test_contacts_keep_their_times() -> None:
    track = track_of([frame(0)], [decision(0)], [event(0, 4.2, Contact("rear", 0.0, 0.0, 0.1))])
    assert track.contact_t.tolist() == [4.2]


def test_a_gap_between_frames_ends_a_span() -> None:
    frames = [frame(i) for i in (0, 1, 2, 20, 21)]
    track = track_of(frames, [decision(i) for i in (0, 1, 2, 20, 21)])
    spans = [(span.t0, span.t1) for span in track.spans(np.ones(5, dtype=np.bool_))]
    assert spans == [pytest.approx((0.0, 0.2)), pytest.approx((2.0, 2.1))]


def test_what_is_not_counted_splits_a_span() -> None:
    track = track_of(clean_frames(10, during([4], faults=["gps"])), clean_decisions(10))
    spans = [(span.first, span.last) for span in track.spans(np.ones(10, dtype=np.bool_))]
    assert spans == [(0, 3), (5, 9)]
    assert track.excluded_s() == pytest.approx(0.1)


def test_the_manoeuvre_starts_with_reverse() -> None:
    track = track_of(clean_frames(50, lambda i: {"gear": "R"} if 20 <= i < 30 else {}), clean_decisions(50))
    assert np.flatnonzero(track.manoeuvre()).tolist() == list(range(20, 50))


def test_going_in_forwards_the_manoeuvre_is_the_last_eight_metres() -> None:
    track = track_of([frame(i) for i in range(401)], clean_decisions(401))  # 20 m
    first = int(np.flatnonzero(track.manoeuvre())[0])
    assert 20.0 - track.x[first] == pytest.approx(8.0, abs=0.11)


def drive(*strokes: float) -> SessionTrack:
    """Along a line: each stroke in metres, signed, at 0.2 m/s."""
    frames = [frame(0, speed_mps=0.0, pose=Pose2(0.0, 0.0, 0.0))]
    x = 0.0
    for stroke in strokes:
        for _ in range(max(round(abs(stroke) / 0.02), 1)):
            x += math.copysign(0.02, stroke)
            frames.append(frame(len(frames), speed_mps=math.copysign(0.2, stroke), pose=Pose2(x, 0.0, 0.0)))
    return track_of([*frames, frame(len(frames), speed_mps=0.0, pose=Pose2(x, 0.0, 0.0))])


@pytest.mark.parametrize(
    ("strokes", "cusps"),
    [
        ((5.0,), 0),
        ((5.0, -5.0), 1),
        ((5.0, -3.0, 1.0, -1.0), 3),
        ((-5.0, 2.0), 1),
        ((5.0, -0.05, 0.05, -0.04), 0),
        ((0.06, -4.0), 0),
    ],
)
def test_cusps_are_changes_of_direction_and_trembling_is_none(strokes: tuple[float, ...], cusps: int) -> None:
    assert len(drive(*strokes).cusp_rows()) == cusps


def test_a_cusp_lies_where_the_car_turned_back() -> None:
    track = drive(3.0, -2.0)
    assert track.x[track.cusp_rows()[0]] == pytest.approx(3.0, abs=0.03)


def test_a_gps_that_jitters_while_the_car_stands_makes_no_cusps() -> None:
    jitter = [frame(i, speed_mps=0.0, pose=Pose2(0.2 * (i % 2), 0.0, 0.0)) for i in range(50)]
    track = track_of(jitter)
    assert (track.cusp_rows(), track.driven()[-1]) == ([], 0.0)


def test_an_empty_session_has_an_empty_track() -> None:
    track = track_of([])
    assert (len(track.t), track.excluded_s(), track.cusp_rows()) == (0, 0.0, [])


def test_what_a_retry_took_back_did_not_happen() -> None:
    touch = Contact("rear", 0.0, 0.0, 0.1, "car")
    events = [event(0, 4.2, touch), event(1, 5.0, Retried(1, 3.0, Pose2(0.0, 0.0, 0.0))), event(2, 7.0, touch)]
    track = track_of(clean_frames(100), clean_decisions(100), events)
    assert track.undone == ((2.0, 5.0),)
    assert [t for t in track.t if 2.0 < t <= 5.0] == []
    assert len(track.t) == 70
    assert [t for t, _ in track.contacts] == track.contact_t.tolist() == [7.0]
