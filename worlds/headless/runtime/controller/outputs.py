# ruff: noqa: TID252
"""Lamps and sounds."""

from __future__ import annotations

from ._link import link
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
    """Sounds and speech; the stand-in plays nothing, but tells the runner what would be heard."""

    def __init__(self, name: str | int) -> None:
        super().__init__(name)
        self._engine, self._language = "pico", "en-US"
        self._looping: set[str] = set()

    @staticmethod
    def playSound(
        left: Speaker, right: Speaker, sound: str, volume: float, pitch: float, balance: float, loop: bool
    ) -> None:
        for speaker in {id(left): left, id(right): right}.values():
            if loop:
                speaker._looping.add(sound)
        link().queue("event", "sound", (left._name, sound, float(volume), float(pitch), float(balance), bool(loop)))

    def stop(self, sound: str | None = None) -> None:
        self._looping = set() if sound is None else self._looping - {sound}
        link().queue("event", "sound_stopped", (self._name, sound or ""))

    def isSoundPlaying(self, sound: str) -> bool:
        """True for looped sounds until they are stopped; sounds played once have no length here."""
        return sound in self._looping

    def setEngine(self, engine: str) -> bool:
        self._engine = engine
        return True

    def setLanguage(self, language: str) -> bool:
        # the real binding calls the set-engine function here: the language stays what it was
        self._engine = language
        return True

    def getLanguage(self) -> str:
        return self._language

    def getEngine(self) -> str:
        return self._engine

    def isSpeaking(self) -> bool:
        return False

    def speak(self, text: str, volume: float) -> None:
        link().queue("event", "speech", (self._name, text, float(volume)))
