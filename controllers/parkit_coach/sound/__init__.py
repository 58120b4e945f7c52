"""What the learner hears: beeps by zone and side, and one spoken line at a time.

`beeps` and `voice` decide, `desk` plays; the files are in `sounds/`, made by `python -m ops.voices`.
"""

from __future__ import annotations

from typing import Any

from controllers.data import cue_texts
from controllers.parkit_coach.sound.desk import SoundDesk, Volumes
from controllers.parkit_coach.sound.spoken import load_spoken
from controllers.settings import ControllerSettings

__all__ = ["SoundDesk", "Volumes", "open_sound", "volumes"]

DEVICES = ("speaker_left", "speaker_right")
"""One on each side of the driver; Webots' balance is between the two."""


def volumes(settings: ControllerSettings) -> Volumes:
    """How loud, by the settings."""
    return Volumes(settings.beep_volume, settings.voice_volume if settings.voice else 0.0)


def open_sound(robot: Any, settings: ControllerSettings) -> SoundDesk | None:
    """The desk on the car's speakers; None if sound is switched off or the car has none."""
    if not settings.sound:
        return None
    left, right = (robot.getDevice(name) for name in DEVICES)
    if left is None or right is None:
        return None
    return SoundDesk(
        left,
        right,
        type(left).playSound,
        cue_texts(),
        load_spoken(),
        settings.language,
        volumes(settings),
        settings.verbosity,
    )
