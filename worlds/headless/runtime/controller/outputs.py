# ruff: noqa: TID252
"""Lamps and sounds."""

from __future__ import annotations

import math
import wave

from ._link import complain, link
from .device import Device


class LED(Device):
    def __init__(self, name: str | int) -> None:
        super().__init__(name)
        self._value = 0

    def set(self, v: bool | int) -> None:
        self.value = v

    def get(self) -> int:
        return self.value

    @property
    def value(self) -> int:
        return self._value

    @value.setter
    def value(self, v: bool | int) -> None:
        self._value = int(v)
        link().queue("event", "led", (self._name, self._value))


class Speaker(Device):
    """Sounds and speech. Nothing is heard here; the runner is told what would be, and sounds last as long as theirs."""

    def __init__(self, name: str | int) -> None:
        super().__init__(name)
        self._engine, self._language = "pico", "en-US"
        self._until: dict[str, float] = {}

    @staticmethod
    def playSound(
        left: Speaker, right: Speaker, sound: str, volume: float, pitch: float, balance: float, loop: bool
    ) -> None:
        """Play a WAV file, found as Webots finds it: absolute, or from the controller's folder.

        Called again while the sound plays it changes volume, pitch, balance and loop and does not start anew.
        """
        seconds = _seconds(sound)
        if seconds is None:
            return
        now = link().time
        for speaker in {id(left): left, id(right): right}.values():
            if loop:
                speaker._until[sound] = math.inf
            elif not now < speaker._until.get(sound, 0.0) < math.inf:
                speaker._until[sound] = now + seconds / max(float(pitch), 1e-3)
        link().queue("event", "sound", (left._name, sound, float(volume), float(pitch), float(balance), bool(loop)))

    def stop(self, sound: str | None = None) -> None:
        if sound is None:
            self._until.clear()
        else:
            self._until.pop(sound, None)
        link().queue("event", "sound_stopped", (self._name, sound or ""))

    def isSoundPlaying(self, sound: str) -> bool:
        """Whether it still plays; of any sound if `sound` is empty."""
        now = link().time
        return any(until > now for name, until in self._until.items() if sound in ("", name))

    def setEngine(self, engine: str) -> bool:
        """Only "pico" is everywhere; "microsoft" is Windows'."""
        if engine != "pico":
            return False
        self._engine = engine
        return True

    def setLanguage(self, language: str) -> bool:
        # the real binding calls the set-engine function here: the language stays what it was
        return self.setEngine(language)

    def getLanguage(self) -> str:
        return self._language

    def getEngine(self) -> str:
        return self._engine

    def isSpeaking(self) -> bool:
        """How long speech would last is not known here: never."""
        return False

    def speak(self, text: str, volume: float) -> None:
        link().queue("event", "speech", (self._name, text, float(volume)))


def _seconds(sound: str) -> float | None:
    """Length of a WAV file at its own pitch; None, with a line on standard error, if it cannot be played."""
    try:
        with wave.open(sound, "rb") as file:
            return file.getnframes() / file.getframerate()
    except FileNotFoundError:
        complain(f"Error: Speaker: sound file '{sound}' was not found; the path starts at the controller's folder.")
    except (wave.Error, EOFError, OSError) as error:
        complain(f"Error: Speaker: '{sound}' cannot be played: {error}; use a WAV file of PCM samples.")
    return None
