"""The overlay of one car: shows frames and decisions on its Display, at most 20 times a second."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coach_core.contracts import Decision, Level, LotMap, SensorFrame, VehicleProfile
from coach_core.contracts.messages import EventDetail
from coach_core.errors import UsageError
from controllers.data import slot_reasons
from controllers.parkit_coach.overlay.commands import Command
from controllers.parkit_coach.overlay.composer import BLANK, Composer
from controllers.parkit_coach.overlay.debrief import Debrief
from controllers.parkit_coach.overlay.debrief import commands as debrief_commands
from controllers.parkit_coach.overlay.layout import HEIGHT, WIDTH
from controllers.parkit_coach.overlay.pictures import render
from controllers.parkit_coach.overlay.player import Player
from controllers.parkit_coach.overlay.scene import Scene, SceneKeeper, known_advice
from controllers.parkit_coach.overlay.typeface import open_sizes
from controllers.parkit_coach.overlay.words import Language
from controllers.parkit_coach.sound.spoken import load_spoken

DEVICE = "overlay"
REDRAW_S = 0.05
"""Simulated time between two pictures [s]."""


class Overlay:
    """Draws a picture when one is due and differs from the last."""

    def __init__(
        self,
        display: Any,
        profile: VehicleProfile,
        lot: LotMap,
        catalogue: Mapping[str, Any],
        language: Language = "ko",
        learner: str = "",
    ) -> None:
        """UsageError if the Display has another size than the one that is drawn for."""
        size = display.getWidth(), display.getHeight()
        if size != (WIDTH, HEIGHT):
            raise UsageError(
                f"the car's Display {DEVICE!r} is {size[0]}x{size[1]}, Parkit draws {WIDTH}x{HEIGHT}: "
                "set its width and height as in protos/LearnerCar.proto, or PARKIT_OVERLAY=0"
            )
        self._profile, self._lot, self._learner = profile, lot, learner
        self._keeper = SceneKeeper(catalogue, language, profile.steering_ratio, load_spoken()["also"], slot_reasons())
        self._composer = Composer(profile, lot, language, learner)
        self._language: Language = language
        open_sizes()
        self._player = Player(display, render)
        self._player.play((BLANK,))
        self._player.prepare(self._composer.sprites(known_advice(catalogue, language), slot_reasons()))
        self._due = 0.0
        self._scene: Scene | None = None
        self._picture: tuple[Command, ...] = ()

    def set_up(self, language: Language, learner: str) -> None:
        """Go on in another language or with another name; words not yet made are made as they are needed."""
        if (language, learner) != (self._language, self._learner):
            self._language, self._learner = language, learner
            self._keeper.speak(language)
            self._composer = Composer(self._profile, self._lot, language, learner)
            self._scene, self._due = None, 0.0

    def debrief(self, debrief: Debrief) -> None:
        """Show how the session went; nothing else is shown from now on."""
        self._picture = (BLANK, *debrief_commands(debrief, self._language))
        self._player.play(self._picture)

    def close(self) -> None:
        """Leave nothing behind in the simulator but the last picture."""
        self._player.forget()

    def hear(self, event: EventDetail) -> None:
        """Take note of something the coach told once."""
        self._keeper.hear(event)

    def notice(self, key: str, level: Level, seconds: float) -> None:
        """Have the line say something that is no advice, for a while [s]."""
        self._keeper.notice(key, level, seconds)

    def show(self, frame: SensorFrame, decision: Decision, linked: bool | None) -> None:
        """Take note of a tick and draw it when a picture is due.

        linked: whether the car's messages get through; None if it sends none.
        """
        self._keeper.note(decision)
        now = frame.sim_time_s
        if now < self._due - 1e-9:
            return
        # from the last due time, so that a period that is no multiple of the tick is kept on average
        self._due = (self._due if now - self._due < REDRAW_S else now) + REDRAW_S
        scene = self._keeper.scene(frame, decision, linked)
        if scene == self._scene:
            return
        self._scene = scene
        picture = self._composer.picture(scene)
        if picture != self._picture:
            self._player.play(picture)
            self._picture = picture
