"""Plays what beeper and announcer decide on the car's two speakers, and mixes them.

A line lowers the beeps; the solid tone lowers every line but the critical ones. A sound is told to Webots only when it
begins, ends or changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from coach_core.contracts import Decision, Ended, Fault, SensorFrame
from coach_core.contracts.messages import EventDetail
from controllers.parkit_coach.sound.beeps import Beeper, Tone, beep_name
from controllers.parkit_coach.sound.library import Library, open_library
from controllers.parkit_coach.sound.spoken import Language, notice_of, utterance_of
from controllers.parkit_coach.sound.voice import Announcer, Start, Stop, Verbosity

LOWERED = 0.355
"""9 dB less."""


class Volumes(NamedTuple):
    """0 silent ... 1 as loud as Webots plays."""

    beeps: float
    voice: float


class Sound(NamedTuple):
    """A sound as it is playing."""

    file: str
    volume: float
    balance: float
    loop: bool


class SoundDesk:
    """One car's sounds. left, right: Webots' Speakers; play: Speaker.playSound."""

    def __init__(
        self,
        left: Any,
        right: Any,
        play: Any,
        catalogue: Mapping[str, Any],
        spoken: Mapping[str, Any],
        language: Language,
        volumes: Volumes,
        verbosity: Verbosity = "normal",
    ) -> None:
        self._left, self._right, self._play = left, right, play
        self._catalogue, self._spoken = catalogue, spoken
        self._volumes = volumes
        self._beeper = Beeper()
        self._library: Library = open_library(language)
        self._announcer = Announcer(self._library.seconds, verbosity)
        self._beep: Sound | None = None
        self._line: Sound | None = None
        self._events: list[str] = []

    def hear(self, event: EventDetail) -> None:
        """Take note of something that is told once."""
        if isinstance(event, Fault):
            self._events.append(f"{event.component}.{event.state}")
        elif isinstance(event, Ended):
            self._events.append(f"debrief.{event.result}")

    def notice(self, key: str) -> None:
        """Have a line said that is no cue."""
        self._events.append(key)

    def set_up(self, language: Language, volumes: Volumes, verbosity: Verbosity) -> None:
        """Change what the learner has chosen, at once."""
        self._carry_out(self._announcer.silence(), None)
        if language != self._library.language:
            self._library = open_library(language)
        self._volumes = volumes
        self._announcer = Announcer(self._library.seconds, verbosity)

    def tick(self, frame: SensorFrame, decision: Decision) -> None:
        """Sound like this instant."""
        now = frame.sim_time_s
        self._sound(now, self._beeper.tick(now, decision, frame.speed_mps, frame.gear), decision)

    def after(self, now: float) -> None:
        """Go on when the drive is over: nothing beeps, a last line may be said."""
        self._sound(now, None, None)

    def close(self) -> None:
        """Be silent."""
        self._beep = self._swap(self._beep, None)
        self._carry_out(self._announcer.silence(), None)

    def _sound(self, now: float, tone: Tone | None, decision: Decision | None) -> None:
        for key in self._events:
            line = notice_of(self._spoken, key)
            if line is not None:
                self._announcer.notice(now, line)
        self._events.clear()
        cue = decision.cue if decision is not None else None
        asked = None if cue is None else utterance_of(self._catalogue, self._spoken, cue)
        self._carry_out(self._announcer.tick(now, asked), tone)
        speaking = self._announcer.speaking
        if speaking is None:
            self._line = None
        beeps = self._volumes.beeps * (LOWERED if speaking is not None and not _solid(tone) else 1.0)
        file = None if tone is None else self._library.beep(beep_name(tone.side, tone.rhythm))
        wanted = None if file is None or tone is None or beeps == 0.0 else Sound(file, beeps, tone.balance, loop=True)
        self._beep = self._swap(self._beep, wanted)

    def _carry_out(self, steps: list[Start | Stop], tone: Tone | None) -> None:
        for step in steps:
            if isinstance(step, Stop):
                self._line = self._swap(self._line, None)
                continue
            line = step.line
            volume = self._volumes.voice * (LOWERED if _solid(tone) and line.priority != "critical" else 1.0)
            if volume > 0.0:
                self._line = self._swap(None, Sound(self._library.line(line.key), volume, line.balance, loop=False))

    def _swap(self, old: Sound | None, new: Sound | None) -> Sound | None:
        """Play `new` instead of `old`; the same file goes on with its new volume and balance."""
        if new == old:
            return new
        if old is not None and (new is None or new.file != old.file):
            for speaker in (self._left, self._right):
                speaker.stop(old.file)
        if new is not None:
            self._play(self._left, self._right, new.file, new.volume, 1.0, new.balance, new.loop)
        return new


def _solid(tone: Tone | None) -> bool:
    return tone is not None and tone.rhythm == "solid"
