"""What a person drives with: keys, a gamepad or wheel, a remote station. Devices are read here; `drivers` decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from coach_core.contracts import DriveCommand, Fault
from controllers.parkit_coach.inputs.stick import Stick

__all__ = ["NO_INPUTS", "Inputs", "Stick"]


class Inputs(NamedTuple):
    """Where a driver reads what people do; each reader is called once a tick."""

    keys: Callable[[], tuple[int, ...]]
    """Keys held now, the one pressed last first."""
    stick: Callable[[], Stick | None]
    """The gamepad or wheel as it stands; None while none is plugged in."""
    remote: Callable[[], list[DriveCommand]]
    """What a remote station has sent since the last call, oldest first."""
    report: Callable[[Fault], None]
    """Told when a device goes or comes back."""


NO_INPUTS = Inputs(keys=tuple, stick=lambda: None, remote=list, report=lambda _fault: None)
"""Nobody at the controls."""
