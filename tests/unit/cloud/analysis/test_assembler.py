"""The middle of analysis: when to store, what is a dead letter, when a session is ready to be reported."""

import base64

import pytest

from cloud.analysis.assembler import QUIET_S, Assembler, Record, complete
from cloud.store.batch import Saved
from cloud.store.store import Coverage
from coach_core.contracts import encode
from tests.unit.cloud.messages import decision, ended, event, frame


def assembler() -> Assembler:
    return Assembler(flush_every_s=0.5, flush_records=10, grace_s=5.0)


def test_records_are_gathered_by_session_and_each_once() -> None:
    middle = assembler()
    for offset, message in enumerate([frame(0), frame(1), frame(0), frame(0, session="s-2")]):
        assert middle.take(Record("sensor-raw", 1, offset, encode(message)), 0.0, 0) is None
    middle.take(Record("coach-decisions", 0, 7, encode(decision(0))), 0.0, 0)
    middle.take(Record("session-events", 2, 9, encode(event(0, ended()))), 0.0, 0)
    batch = middle.batch
    assert batch.size == 6
    assert batch.sessions["s-1"].records == {
        "frames": {0: encode(frame(0)), 1: encode(frame(1))},
        "decisions": {0: encode(decision(0))},
    }
    assert list(batch.sessions["s-1"].events) == [0]
    assert list(batch.sessions["s-2"].records["frames"]) == [0]
    assert middle.offsets == {("sensor-raw", 1): 4, ("coach-decisions", 0): 8, ("session-events", 2): 10}


def test_a_record_that_cannot_be_read_is_a_dead_letter_and_its_offset_is_passed() -> None:
    middle = assembler()
    letter = middle.take(Record("sensor-raw", 3, 41, b"not json"), 0.0, 1_234)
    assert letter is not None
    assert (letter.source, letter.reason, letter.timestamp) == ("sensor-raw/3/41", "not_json", 1_234)
    assert base64.b64decode(letter.payload_b64) == b"not json"
    assert middle.offsets == {("sensor-raw", 3): 42}
    assert middle.flush_due(0.5), "or a bad record alone would never be committed"


def test_a_batch_is_stored_after_its_time_or_its_size() -> None:
    middle = assembler()
    assert not middle.flush_due(1e9), "nothing to store"
    middle.take(Record("sensor-raw", 0, 0, encode(frame(0))), 10.0, 0)
    assert not middle.flush_due(10.4)
    assert middle.flush_due(10.5)
    for seq in range(1, 10):
        middle.take(Record("sensor-raw", 0, seq, encode(frame(seq))), 10.1, 0)
    assert middle.flush_due(10.1)


def test_a_session_is_looked_at_when_it_has_ended_and_is_quiet() -> None:
    middle = assembler()
    middle.saved(Saved({"s-1": 3, "s-2": 1}, 0, frozenset({"s-1"})), 10.0)
    assert middle.due(10.0) == []
    assert middle.due(10.0 + QUIET_S) == ["s-1"]
    middle.saved(Saved({"s-1": 1}, 0, frozenset({"s-1"})), 10.2)
    assert middle.due(10.0 + QUIET_S) == [], "news put it off"


def test_a_session_waits_for_what_is_missing_until_the_grace_is_over() -> None:
    middle = assembler()
    middle.saved(Saved({"s-1": 3}, 0, frozenset({"s-1"})), 10.0)
    now = 10.0
    looks = 0
    while not middle.grace_over("s-1", now):
        now += 0.05
        if middle.due(now):
            looks += 1
            middle.wait("s-1", now)
    assert 14.9 < now < 15.2
    assert 4 <= looks <= 6
    middle.done("s-1")
    assert middle.due(1e9) == []


def test_a_re_delivered_end_alone_starts_nothing() -> None:
    middle = assembler()
    middle.saved(Saved({}, 5, frozenset({"s-1"})), 10.0)
    assert middle.due(1e9) == []


def test_sessions_left_unreported_by_an_earlier_process_are_taken_up() -> None:
    middle = assembler()
    middle.resume(["s-9"], 3.0)
    assert middle.due(3.0 + QUIET_S) == ["s-9"]
    assert middle.grace_over("s-9", 8.0)


WHOLE = Coverage(100, 0, 99)


@pytest.mark.parametrize(
    ("frames", "decisions", "last_s", "is_complete"),
    [
        (WHOLE, WHOLE, 9.98, True),
        (Coverage(99, 0, 99), WHOLE, 9.98, False),
        (WHOLE, Coverage(99, 0, 98), 9.98, False),
        (WHOLE, Coverage(99, 0, 99), 9.98, False),
        (Coverage(99, 1, 99), WHOLE, 9.98, False),
        (WHOLE, WHOLE, 9.0, False),
        (Coverage(0, -1, -1), Coverage(0, -1, -1), -1.0, False),
    ],
)
def test_a_recording_is_complete_without_gap_and_up_to_the_end(
    frames: Coverage, decisions: Coverage, last_s: float, is_complete: bool
) -> None:
    assert complete(frames, decisions, last_s, 10.0) is is_complete
