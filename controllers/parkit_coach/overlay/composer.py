"""From a scene to the commands of the whole picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from coach_core.contracts import LotMap, VehicleProfile
from controllers.parkit_coach.overlay import instruction, margins, reasons
from controllers.parkit_coach.overlay.commands import ERASER, Box, Command
from controllers.parkit_coach.overlay.gauges import Gauges
from controllers.parkit_coach.overlay.layout import HEIGHT, WIDTH
from controllers.parkit_coach.overlay.minimap import MiniMap
from controllers.parkit_coach.overlay.scene import Advice, Scene
from controllers.parkit_coach.overlay.sprites import Sprite
from controllers.parkit_coach.overlay.words import Language

BLANK = Box(ERASER, 0, 0, WIDTH, HEIGHT)
"""A Display begins black and opaque; this lets the road through."""


class Composer:
    """Draws scenes for one car, lot, learner and language."""

    def __init__(self, profile: VehicleProfile, lot: LotMap, language: Language, learner: str) -> None:
        self._map = MiniMap(profile, lot, language)
        self._gauges = Gauges(language)
        self._language: Language = language
        self._learner = learner

    def sprites(self, known: Iterable[Advice], slot_texts: Mapping[str, Any]) -> list[Sprite]:
        """Pictures that are sure to be needed, for every line `known` beforehand and the reasons for slots."""
        return [
            *self._map.sprites(),
            *self._gauges.sprites(),
            *instruction.sprites(known),
            *margins.sprites(self._learner, self._language),
            *reasons.sprites(slot_texts, self._language),
        ]

    def picture(self, scene: Scene) -> tuple[Command, ...]:
        """The whole picture, from an empty Display on; equal commands, equal pixels.

        Panels that did not change are drawn again: that costs little, and whoever draws needs to keep nothing older.
        """
        return (
            BLANK,
            *self._map.commands(scene),
            *self._gauges.commands(scene),
            *instruction.commands(scene),
            *reasons.commands(scene.reasons),
            *margins.status(scene, self._learner, self._language),
            *margins.edges(scene),
        )
