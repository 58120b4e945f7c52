"""The voice: one line at a time, safety first, nothing late, nothing twice."""

from __future__ import annotations

import pytest

from controllers.parkit_coach.sound.spoken import Priority, Utterance
from controllers.parkit_coach.sound.voice import Announcer, Start, Stop, Verbosity

SECONDS = {"a": 2.0, "b": 1.0, "praise": 1.0, "warn": 1.0, "stop": 0.5, "hint": 1.0}


def line(key: str, priority: Priority = "guidance", ttl: float = 2.0) -> Utterance:
    return Utterance(key, priority, ttl, 0.0)


A, B, PRAISE = line("a"), line("b"), line("praise", "praise", 1.5)
WARN, STOP, HINT = line("warn", "warning", 1.0), line("stop", "critical", 1.0), line("hint", "instructor", 4.0)


class Ear:
    """Hears what a voice says, tick by tick."""

    def __init__(self, verbosity: Verbosity = "normal") -> None:
        self.voice, self.now = Announcer(SECONDS, verbosity), 0.0
        self.heard: list[str] = []

    def listen(self, cue: Utterance | None, seconds: float) -> list[str]:
        """What begins within `seconds` while the coach shows `cue`; '/x' is x cut off."""
        new = []
        for _ in range(round(seconds / 0.02)):
            for step in self.voice.tick(self.now, cue):
                new.append(step.line.key if isinstance(step, Start) else f"/{step.line.key}")
            self.now += 0.02
        self.heard += new
        return new


@pytest.fixture
def ear() -> Ear:
    return Ear()


def test_new_cue_is_said_once_however_long_it_is_shown(ear: Ear) -> None:
    assert ear.listen(A, 20.0) == ["a"]


def test_next_line_waits_for_the_one_being_said(ear: Ear) -> None:
    ear.listen(A, 1.0)
    assert ear.listen(B, 1.0) == []
    assert ear.listen(B, 1.0) == ["b"]


def test_line_that_would_be_late_is_dropped(ear: Ear) -> None:
    ear.listen(A, 0.5)
    assert ear.listen(WARN, 5.0) == []


def test_cue_that_is_no_longer_shown_is_not_said(ear: Ear) -> None:
    ear.listen(A, 1.0)
    ear.listen(B, 0.5)
    assert ear.listen(None, 5.0) == []


def test_critical_line_cuts_off_what_is_being_said(ear: Ear) -> None:
    ear.listen(A, 0.5)
    assert ear.listen(STOP, 0.1) == ["/a", "stop"]


def test_nothing_cuts_off_a_critical_line(ear: Ear) -> None:
    ear.listen(STOP, 0.1)
    for other in (HINT, WARN, A):
        assert ear.listen(other, 0.1) == []
    assert ear.listen(A, 1.0) == ["a"]


def test_critical_line_repeats_as_long_as_it_holds_with_a_breath_between(ear: Ear) -> None:
    heard = ear.listen(STOP, 4.9)
    assert heard == ["stop"] * 5
    assert ear.listen(None, 3.0) == []


def test_line_that_was_cut_off_may_be_said_again_at_once(ear: Ear) -> None:
    ear.listen(A, 0.5)
    ear.listen(STOP, 0.6)
    assert ear.listen(A, 1.0) == ["a"]


def test_same_line_is_not_said_again_within_four_seconds(ear: Ear) -> None:
    ear.listen(B, 1.2)
    ear.listen(PRAISE, 1.2)
    assert ear.listen(B, 1.0) == []
    ear.listen(None, 3.0)
    assert ear.listen(B, 1.0) == ["b"]


def test_low_verbosity_leaves_warnings_the_instructor_and_the_critical() -> None:
    ear = Ear("low")
    for cue in (A, PRAISE, WARN, HINT, STOP):
        ear.listen(cue, 2.0)
    assert set(ear.heard) == {"warn", "hint", "stop"}


def test_high_verbosity_reminds_of_what_still_holds() -> None:
    ear = Ear("high")
    heard = ear.listen(B, 16.0)
    assert heard == ["b"] * 3


def test_notice_is_said_between_cues_and_the_more_important_one_waits(ear: Ear) -> None:
    ear.voice.notice(ear.now, line("praise", "praise", 3.0))
    ear.voice.notice(ear.now, line("warn", "warning", 3.0))
    ear.voice.notice(ear.now, line("b", "guidance", 3.0))
    assert ear.listen(None, 4.0) == ["warn"]


def test_notice_waits_behind_a_more_important_cue_and_is_dropped_when_late(ear: Ear) -> None:
    ear.listen(STOP, 0.1)
    ear.voice.notice(ear.now, line("b", "guidance", 1.0))
    assert ear.listen(STOP, 3.0).count("b") == 0
    assert ear.listen(None, 3.0) == []


def test_silence_stops_at_once_and_forgets(ear: Ear) -> None:
    ear.listen(A, 0.5)
    ear.listen(B, 0.1)
    assert ear.voice.silence() == [Stop(A)]
    assert ear.voice.silence() == []
    assert ear.voice.speaking is None


def test_line_without_a_file_is_not_asked_for(ear: Ear) -> None:
    assert ear.listen(line("nobody recorded it"), 3.0) == []
