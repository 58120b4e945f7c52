"""Which line is spoken when: one at a time, safety first, never late. Decides; plays nothing.

Order of importance: critical, the instructor, warnings, guidance, praise. Only a critical line cuts another off, and
nothing cuts off a critical one. What could not be said in time is dropped: a late instruction is a wrong one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from controllers.parkit_coach.sound.spoken import Priority, Utterance

Verbosity = Literal["low", "normal", "high"]
"""low: warnings, the critical and the instructor only; high: what is still asked for is said again."""

ORDER: tuple[Priority, ...] = ("praise", "guidance", "warning", "instructor", "critical")
PAUSE_S = 0.15
"""Silence between two lines [s]."""
SAME_AGAIN_S = 4.0
"""The same line is not said again before [s], unless it is critical: that one repeats as long as it holds."""
CRITICAL_AGAIN_S = 0.5
REMIND_S = 6.0
"""A learner who wants many words is reminded of what still holds after [s]."""


class Start(NamedTuple):
    """Begin a line."""

    line: Utterance


class Stop(NamedTuple):
    """Cut a line off."""

    line: Utterance


class _Waiting(NamedTuple):
    line: Utterance
    since: float


class Announcer:
    """One voice. seconds: how long each line takes, by key; a line that is not in it cannot be said."""

    def __init__(self, seconds: Mapping[str, float], verbosity: Verbosity = "normal") -> None:
        self._seconds = seconds
        self.verbosity: Verbosity = verbosity
        self._speaking: Utterance | None = None
        self._ends = 0.0
        self._free_at = 0.0
        self._cue: _Waiting | None = None
        """What the coach asks for, until it is said or too late."""
        self._notice: _Waiting | None = None
        self._shown: str | None = None
        """Key of the cue of the last tick."""
        self._said: dict[str, float] = {}
        """Key -> when it was last said to its end or begun."""

    @property
    def speaking(self) -> Utterance | None:
        """The line that is being said."""
        return self._speaking

    def notice(self, now: float, line: Utterance) -> None:
        """Ask for a line that is no cue; the more important one waits, of equals the newer."""
        waiting = self._notice
        if waiting is None or _rank(line) >= _rank(waiting.line) or now - waiting.since > waiting.line.ttl:
            self._notice = _Waiting(line, now)

    def tick(self, now: float, cue: Utterance | None) -> list[Start | Stop]:
        """What to do at `now` [s], while the coach shows `cue`."""
        if self._speaking is not None and now >= self._ends:
            self._free_at = self._ends + PAUSE_S
            self._speaking = None
        self._hear(now, cue)
        self._cue, self._notice = _in_time(self._cue, now), _in_time(self._notice, now)
        waiting = max(filter(None, (self._cue, self._notice)), key=lambda w: _rank(w.line), default=None)
        if waiting is None:
            return []
        line, speaking = waiting.line, self._speaking
        if cue is not None and cue.priority == "critical" and line.priority != "critical":
            return []  # not in its breath either
        if speaking is not None:
            if line.priority != "critical" or speaking.priority == "critical":
                return []
            self._said.pop(speaking.key, None)  # it was not heard out
            return [Stop(speaking), self._start(line, now)]
        if now < self._free_at and line.priority != "critical":
            return []
        return [self._start(line, now)]

    def silence(self) -> list[Start | Stop]:
        """Stop speaking and forget what waits."""
        speaking, self._speaking, self._cue, self._notice = self._speaking, None, None, None
        return [] if speaking is None else [Stop(speaking)]

    def _hear(self, now: float, cue: Utterance | None) -> None:
        """Take note of what the coach asks for; a cue it no longer shows is no longer worth saying."""
        key = None if cue is None else cue.key
        new, self._shown = key != self._shown, key
        if cue is None:
            self._cue = None
            return
        if new:
            self._cue = None
        if self._cue is not None or not self._wanted(cue) or cue.key not in self._seconds:
            return
        last = self._said.get(cue.key)
        if cue.priority == "critical":
            if last is None or new or (self._speaking is None and now - self._ends >= CRITICAL_AGAIN_S):
                self._cue = _Waiting(cue, now)
        elif new:
            if last is None or now - last >= SAME_AGAIN_S:
                self._cue = _Waiting(cue, now)
        elif self.verbosity == "high" and last is not None and now - last >= REMIND_S:
            self._cue = _Waiting(cue, now)

    def _wanted(self, line: Utterance) -> bool:
        return self.verbosity != "low" or _rank(line) >= ORDER.index("warning")

    def _start(self, line: Utterance, now: float) -> Start:
        self._speaking, self._ends = line, now + self._seconds.get(line.key, 0.0)
        self._said[line.key] = self._ends
        if self._cue is not None and self._cue.line.key == line.key:
            self._cue = None
        if self._notice is not None and self._notice.line.key == line.key:
            self._notice = None
        return Start(line)


def _rank(line: Utterance) -> int:
    return ORDER.index(line.priority)


def _in_time(waiting: _Waiting | None, now: float) -> _Waiting | None:
    return None if waiting is None or now - waiting.since > waiting.line.ttl else waiting
