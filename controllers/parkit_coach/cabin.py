"""What the learner sees and hears in the car, overlay and sound together, and what they set in the robot window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coach_core.contracts import (
    Contact,
    Decision,
    Ended,
    Level,
    LotMap,
    Retried,
    ScoreCard,
    SensorFrame,
    VehicleProfile,
)
from coach_core.contracts.messages import AssistLevel, EventDetail
from coach_core.scoring import Rubric
from controllers.data import score_texts
from controllers.parkit_coach.learner import choice_file, load_choice, save_choice
from controllers.parkit_coach.overlay import open_overlay
from controllers.parkit_coach.overlay.debrief import debrief_of
from controllers.parkit_coach.sound import open_sound, volumes
from controllers.parkit_coach.window import RobotWindow
from controllers.settings import ControllerSettings

OFFER_S, DONE_S = 20.0, 3.0
"""How long the line offers a retry, and says that there was one [s]."""


class Cabin:
    """One car's overlay, speakers and window; each may be missing. raw: the joystick's numbers, None without one."""

    def __init__(
        self,
        robot: Any,
        settings: ControllerSettings,
        profile: VehicleProfile,
        lot: LotMap,
        raw: Callable[[], dict[str, object] | None],
    ) -> None:
        self._settings = settings
        self._overlay = open_overlay(robot, settings, profile, lot)
        self._sound = open_sound(robot, settings)
        self._assist = settings.assist
        self._asked_assist: AssistLevel | None = None
        self._tries_left = settings.retries if settings.person else 0
        self._offered = False
        parts = {
            "overlay": self._overlay is not None,
            "speakers": self._sound is not None,
            "link": bool(settings.mqtt_host),
            "joystick_plugged": settings.driver.startswith("joystick:"),
        }
        file = choice_file(settings)
        self._window = RobotWindow(
            robot, settings, load_choice(file), lambda choice: save_choice(file, choice), parts, raw
        )

    def hear(self, event: EventDetail) -> None:
        """Take note of something that is told once."""
        if self._overlay is not None:
            self._overlay.hear(event)
        if self._sound is not None:
            self._sound.hear(event)
        if isinstance(event, Contact) and self._tries_left > 0 and not self._offered:
            self._offered = True
            self._notice("retry.offer", "critical", OFFER_S)
        elif isinstance(event, Retried):
            self._offered = False
            self._tries_left -= 1
            self._notice("retry.done", "clear", DONE_S)

    def _notice(self, key: str, level: Level, seconds: float) -> None:
        if self._overlay is not None:
            self._overlay.notice(key, level, seconds)
        if self._sound is not None:
            self._sound.notice(key)

    def show(self, frame: SensorFrame, decision: Decision, linked: bool | None) -> None:
        """Look and sound like this instant. linked: whether messages get through; None if the car sends none."""
        self._assist = decision.assist_level
        if self._overlay is not None:
            self._overlay.show(frame, decision, linked)
        if self._sound is not None:
            self._sound.tick(frame, decision)
        fresh = self._window.poll(frame.sim_time_s)
        if fresh is not None:
            self._set_up(fresh)

    def take_assist(self) -> AssistLevel | None:
        """The assist level that was asked for in the window since the last call."""
        asked, self._asked_assist = self._asked_assist, None
        return asked

    def debrief(self, card: ScoreCard, ended: Ended, rubric: Rubric) -> None:
        """Show how it went, until the car is left."""
        if self._overlay is not None:
            texts, language = score_texts(), self._settings.language
            self._overlay.debrief(debrief_of(card, ended, rubric, texts, language, self._assist))

    def after(self, now: float) -> None:
        """A step after the drive, at `now` [s]."""
        if self._sound is not None:
            self._sound.after(now)

    def _set_up(self, settings: ControllerSettings) -> None:
        """Go on with other settings: language, voice, volumes, help."""
        if settings.assist != self._settings.assist:
            self._asked_assist = settings.assist
        self._settings = settings
        if self._overlay is not None:
            self._overlay.set_up(settings.language, settings.driver_name or settings.vehicle_id)
        if self._sound is not None:
            self._sound.set_up(settings.language, volumes(settings), settings.verbosity)

    def close(self) -> None:
        """Leave nothing sounding, and of the overlay the last picture only: a reset opens it anew."""
        if self._overlay is not None:
            self._overlay.close()
        if self._sound is not None:
            self._sound.close()
