"""The sound files that are shipped, by name, with their lengths."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any, NamedTuple

from coach_core.errors import UsageError
from controllers.parkit_coach.sound.spoken import Language

FOLDER = "sounds"
"""Inside the controller's folder: Webots finds sounds from there."""


class Library(NamedTuple):
    """What can be played. Files are named relative to the controller's folder."""

    language: Language
    seconds: dict[str, float]
    """Length [s] of each spoken line."""

    def line(self, key: str) -> str:
        """File of a spoken line."""
        return f"{FOLDER}/{self.language}/{key}.wav"

    @staticmethod
    def beep(name: str) -> str:
        """File of a beep."""
        return f"{FOLDER}/beeps/{name}.wav"


def manifest() -> dict[str, Any]:
    """The table of all sounds; UsageError if it is missing."""
    path = resources.files("controllers.parkit_coach") / FOLDER / "manifest.json"
    try:
        table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UsageError(
            "the sounds controllers/parkit_coach/sounds are missing; make them with `python -m ops.voices` "
            "or set PARKIT_SOUND=0"
        ) from error
    return table


def open_library(language: Language) -> Library:
    """The sounds for a language."""
    return Library(language, {key: float(entry["seconds"]) for key, entry in manifest()[language].items()})
