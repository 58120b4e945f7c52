"""What would have been heard in a run."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple


class Played(NamedTuple):
    """Something a Speaker was told. Times are simulated seconds; volume 0..1; balance -1 left .. 1 right."""

    time_s: float
    robot: str
    speaker: str
    kind: Literal["sound", "speech", "stopped"]
    what: str
    """The path given to `playSound`, the text given to `speak`, or the sound that was stopped ("" for all)."""
    volume: float = 1.0
    pitch: float = 1.0
    balance: float = 0.0
    loop: bool = False


def as_played(time_s: float, robot: str, kind: str, data: Any) -> Played | None:
    """The entry for an event of the run; None if it is nothing to hear."""
    if kind == "sound":
        speaker, sound, volume, pitch, balance, loop = data
        return Played(time_s, robot, speaker, "sound", sound, volume, pitch, balance, loop)
    if kind == "speech":
        speaker, text, volume = data
        return Played(time_s, robot, speaker, "speech", text, volume)
    if kind == "sound_stopped":
        speaker, sound = data
        return Played(time_s, robot, speaker, "stopped", sound)
    return None
