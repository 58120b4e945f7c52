"""Where in a session learner and coach are, and what the mission says of one frame."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from coach_core.contracts import Cue


class Phase(StrEnum):
    """What the learner and the coach are doing."""

    SEARCH = "search"
    HALT = "halt"
    PLANNING = "planning"
    FOLLOW = "follow"
    SECURE = "secure"
    DONE = "done"


class MissionView(NamedTuple):
    """What the mission has to say of one frame."""

    phase: Phase
    cues: list[Cue]
    target_steer: float | None
    stop_in: float | None
    on_plan: bool
    ignored: bool = False
    """Told to stop, the learner drives on."""
    tight: bool = False
    """Driving on a little is too far here."""
