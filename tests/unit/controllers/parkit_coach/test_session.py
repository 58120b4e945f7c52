"""What a session keeps of its frames and decisions."""

from __future__ import annotations

import msgspec

from coach_core.contracts import Decision, Ended
from controllers.data import builtin_rubric
from controllers.parkit_coach.session import SessionLog
from tests.toy.frames import frame

SLOW_US = 50_000.0
ENDED = Ended("aborted", None, 1.0, 0, None, None, 0, False)


def decision(seq: int, took_us: float) -> Decision:
    facts = {
        "schema_version": 1, "vehicle_id": "car-1", "session_id": "s-1", "seq": seq, "timestamp": seq,
        "sim_time_s": 0.02 * seq, "level": "clear", "sectors": [], "ttc_s": None, "patterns": [], "cue": None,
        "target_steering_angle_rad": None, "stop_in_m": None, "plan": None, "assist_level": 4,
        "pose": {"x_m": 0.0, "y_m": 0.0, "yaw_rad": 0.0}, "obstacles": None, "decision_us": took_us,
    }  # fmt: skip
    return msgspec.convert(facts, Decision)


def log(took_us: float, *, real_time: bool) -> SessionLog:
    kept = SessionLog("car-1", "s-1", None, real_time=real_time)
    for seq in range(4):
        kept.add(frame(seq, gear="D" if seq < 2 else "R"), decision(seq, took_us))
    return kept


def test_a_coach_that_is_waited_for_is_never_late_and_still_says_how_long_it_took() -> None:
    waited, raced = log(SLOW_US, real_time=False), log(SLOW_US, real_time=True)
    assert not waited._judged().late.any()
    assert raced._judged().late.all()
    rubric = builtin_rubric("parkit-1")
    for kept in (waited, raced):
        assert kept.summary(kept.score(ENDED, rubric))["decision_us"]["p50"] == SLOW_US


def test_the_digest_does_not_depend_on_how_long_anything_took() -> None:
    rubric = builtin_rubric("parkit-1")
    quick, slow = log(100.0, real_time=False), log(SLOW_US, real_time=False)
    assert quick.summary(quick.score(ENDED, rubric))["digest"] == slow.summary(slow.score(ENDED, rubric))["digest"]


def test_the_gear_of_a_moment_is_that_of_the_last_frame_before_it() -> None:
    kept = log(100.0, real_time=False)
    assert [kept.gear_at(t) for t in (-1.0, 0.0, 0.03, 0.041, 9.0)] == ["D", "D", "D", "R", "R"]


def test_what_is_heard_is_published_as_it_comes() -> None:
    heard: list[str] = []
    kept = SessionLog("car-1", "s-1", lambda channel, _: heard.append(channel), real_time=True)
    kept.add(frame(0), decision(0, 100.0))
    kept.event(ENDED, 1.0)
    assert heard == ["frames", "decisions", "events"]
