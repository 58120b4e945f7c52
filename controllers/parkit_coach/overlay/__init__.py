"""The picture the learner sees over the road: mini-map, the one line to read, wheel, speed and gear.

`scene` gathers what is shown, `composer` and the panels turn it into plain commands, `player` plays them on a Display.
"""

from __future__ import annotations

from typing import Any

from coach_core.contracts import LotMap, VehicleProfile
from controllers.data import cue_texts
from controllers.parkit_coach.overlay.overlay import DEVICE, Overlay
from controllers.settings import ControllerSettings

__all__ = ["Overlay", "open_overlay"]


def open_overlay(robot: Any, settings: ControllerSettings, profile: VehicleProfile, lot: LotMap) -> Overlay | None:
    """The overlay on the car's Display; None if it is switched off or the car has no such device."""
    display = robot.getDevice(DEVICE) if settings.overlay else None
    if display is None:
        return None
    learner = settings.driver_name or settings.vehicle_id
    return Overlay(display, profile, lot, cue_texts(), settings.language, learner)
