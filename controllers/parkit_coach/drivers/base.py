"""What every driver sees and what every driver can do."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from coach_core.contracts import Cue, Decision, LotMap, SensorFrame, VehicleProfile
from coach_core.contracts.messages import Gear


class Controls(NamedTuple):
    """A driver's hands and feet."""

    steer: float = 0.0
    """Front-wheel angle the hands are turning to [rad, left positive]."""
    steer_rate: float = 0.40
    """How fast they turn it [rad/s at the front wheel]."""
    throttle: float = 0.0
    brake: float = 0.0
    gear: Gear = "D"
    parking_brake: bool = False


class Sight(NamedTuple):
    """What a driver knows without the coach: the lot, the car, and which slots the eyes see free."""

    profile: VehicleProfile
    lot: LotMap
    free_slots: tuple[str, ...]
    assist_level: int


class View(NamedTuple):
    """What a driver has before them at one tick."""

    now: float
    frame: SensorFrame
    decision: Decision
    cue: Cue | None


class Driver(Protocol):
    """Someone or something that drives."""

    def start(self, sight: Sight) -> None:
        """Called once, before the first tick."""

    def act(self, view: View) -> Controls:
        """Called every tick."""


def hold_speed(speed: float, wanted: float) -> tuple[float, float]:
    """(throttle, brake) that bring |speed| [m/s] to `wanted` [m/s]: feather the throttle, brake what is too much."""
    error = wanted - abs(speed)
    if wanted <= 0.0:
        return 0.0, 0.6
    if error >= 0.0:
        return min(0.3, 0.8 * error), 0.0
    return 0.0, min(0.8, -1.5 * error)
