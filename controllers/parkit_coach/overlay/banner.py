"""One line on the car's display while nobody drives."""

from __future__ import annotations

from typing import Any

from controllers.parkit_coach.overlay import instruction
from controllers.parkit_coach.overlay.composer import BLANK
from controllers.parkit_coach.overlay.overlay import DEVICE
from controllers.parkit_coach.overlay.pictures import render
from controllers.parkit_coach.overlay.player import Player
from controllers.parkit_coach.overlay.scene import Advice


class Banner:
    """The Display of a car; silent where it has none."""

    def __init__(self, robot: Any) -> None:
        display = robot.getDevice(DEVICE)
        self._player = None if display is None else Player(display, render)

    def say(self, words: str) -> None:
        """Show a line where the coach's stands."""
        if self._player is not None:
            self._player.play((BLANK, *instruction.line(Advice(words, "", None, "clear", from_instructor=False))))
