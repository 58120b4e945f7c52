"""What a learner has chosen in the robot window, kept from one start to the next.

Only people's sessions read it, and what the environment sets goes before it: a run in CI must not depend on somebody's
taste.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import msgspec
import structlog
from pydantic import ValidationError

from coach_core.contracts.messages import AssistLevel
from coach_core.errors import UsageError
from controllers.data import builtin_rubric
from controllers.parkit_coach.overlay.words import Language
from controllers.parkit_coach.sound.voice import Verbosity
from controllers.settings import ControllerSettings

Volume = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
Name = Annotated[str, msgspec.Meta(max_length=40)]

log = structlog.get_logger()


class Choice(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was chosen; None: nothing was, the setting stands."""

    language: Language | None = None
    voice: bool | None = None
    verbosity: Verbosity | None = None
    beep_volume: Volume | None = None
    voice_volume: Volume | None = None
    assist: AssistLevel | None = None
    driver_name: Name | None = None
    rubric: str | None = None

    def given(self) -> dict[str, Any]:
        """Only what was chosen, by the names of the settings."""
        return {name: value for name in self.__struct_fields__ if (value := getattr(self, name)) is not None}


AT_NEXT_START = frozenset({"driver_name", "rubric"})
"""The session has been announced with these: they count from the next one on."""


def choice_file(settings: ControllerSettings) -> Path:
    """Where choices are kept."""
    return settings.learner_file or Path.home() / ".config" / "parkit" / "learner.json"


def load_choice(path: Path) -> Choice:
    """What was chosen before; nothing, with a line in the log, if the file cannot be used."""
    try:
        choice = msgspec.json.decode(path.read_bytes(), type=Choice)
        if choice.rubric is not None:
            builtin_rubric(choice.rubric)
    except FileNotFoundError:
        return Choice()
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, UsageError) as error:
        log.warning("learner_file_ignored", file=str(path), error=str(error), remedy="mend it or delete it")
        return Choice()
    return choice


def save_choice(path: Path, choice: Choice) -> None:
    """Keep a choice; a disk that is full or read-only costs the choice, not the session."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".tmp")
        draft.write_bytes(msgspec.json.format(msgspec.json.encode(choice)))
        os.replace(draft, path)
    except OSError as error:
        log.warning("learner_file_not_written", file=str(path), error=error.strerror)


def chosen(settings: ControllerSettings, choice: Choice) -> ControllerSettings:
    """The settings with what was chosen, except where the environment says otherwise."""
    free = {name: value for name, value in choice.given().items() if name not in settings.model_fields_set}
    return changed(settings, free)


def changed(settings: ControllerSettings, values: dict[str, Any]) -> ControllerSettings:
    """The settings with other values; UsageError names one that is not possible."""
    try:
        fresh = settings.model_copy(update=values)
        ControllerSettings.model_validate(fresh.model_dump())
    except ValidationError as error:
        raise UsageError(f"wrong setting: {error.errors()[0]['loc'][0]}: {error.errors()[0]['msg']}") from error
    return fresh
