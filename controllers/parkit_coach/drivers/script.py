"""Drives by a file: one line per instruction, for tests and demonstrations.

    # until_s  gear  steer_rad  throttle  brake
    2.0        D     0.0        0.3       0
    4.0        R     -0.6       0.2       0

Each line holds until its time [s, since the start]; after the last line the car brakes.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple, get_args

from coach_core.contracts.messages import Gear
from coach_core.errors import UsageError
from controllers.parkit_coach.drivers.base import Controls, Sight, View


class _Line(NamedTuple):
    until: float
    controls: Controls


def read_script(path: Path) -> list[_Line]:
    """The instructions of a script file; UsageError names the file and the line that is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise UsageError(f"script {path}: cannot be read: {reason}") from error
    lines: list[_Line] = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            until, gear, steer, throttle, brake = words
            if gear not in get_args(Gear):
                raise ValueError(f"gear {gear!r} is none of P R N D")
            numbers = [float(word) for word in (until, steer, throttle, brake)]
            if not all(map(math.isfinite, numbers)) or not all(0.0 <= pedal <= 1.0 for pedal in numbers[2:]):
                raise ValueError("numbers must be finite, and throttle and brake from 0 to 1")
            if lines and numbers[0] <= lines[-1].until:
                raise ValueError(f"time {until} is not after the line before")
            controls = Controls(numbers[1], 0.4, numbers[2], numbers[3], gear, gear == "P")  # type: ignore[arg-type]
            lines.append(_Line(numbers[0], controls))
        except ValueError as error:
            raise UsageError(f"script {path}:{number}: want 'until_s gear steer_rad throttle brake': {error}") from None
    return lines


class ScriptDriver:
    """Plays a script; listens to nobody."""

    def __init__(self, lines: list[_Line]) -> None:
        self._lines = lines
        self._began: float | None = None

    def start(self, sight: Sight) -> None:
        del sight
        self._began = None

    def act(self, view: View) -> Controls:
        if self._began is None:
            self._began = view.now
        for line in self._lines:
            if view.now - self._began < line.until:
                return line.controls
        return Controls(view.frame.steering_angle_rad, brake=1.0, gear=view.frame.gear)
