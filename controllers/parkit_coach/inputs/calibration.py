"""What the axes and buttons of a gamepad or wheel mean: a JSON file a person can write.

    {
      "version": 1,
      "name": "gamepad",
      "steer":    {"axis": 0, "left": -32768, "right": 32767, "deadzone": 0.08, "curve": 1.6},
      "throttle": {"axis": 5, "released": -32768, "pressed": 32767},
      "brake":    {"axis": 2, "released": -32768, "pressed": 32767},
      "buttons":  {"D": 0, "R": 1, "N": 2, "P": 3, "parking_brake": 5}
    }

Ranges are raw values as Webots' Joystick gives them. An axis that runs the other way has its two ends swapped; two
pedals on one axis name the same axis with different ends.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from coach_core.errors import UsageError

Action = Literal["P", "R", "N", "D", "parking_brake", "retry"]
"""What a button can stand for."""

Axis = Annotated[int, msgspec.Meta(ge=0, le=31)]
Button = Annotated[int, msgspec.Meta(ge=0, le=255)]
Deadzone = Annotated[float, msgspec.Meta(ge=0.0, le=0.5)]

HELP = "docs/driving.md shows one"


class SteerAxis(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Raw values at full left and full right; `centre` where it is not half way between."""

    axis: Axis
    left: float
    right: float
    centre: float | None = None
    deadzone: Deadzone = 0.02
    """Share of the way from the centre that means straight on."""
    curve: Annotated[float, msgspec.Meta(ge=1.0, le=3.0)] = 1.0
    """1 for a wheel; more makes a short stick finer near the centre."""


class PedalAxis(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Raw values with the foot off and with the pedal down."""

    axis: Axis
    released: float
    pressed: float
    deadzone: Deadzone = 0.03


class Calibration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One device."""

    version: Literal[1]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    steer: SteerAxis
    throttle: PedalAxis
    brake: PedalAxis
    buttons: dict[Action, Button]

    def axes(self) -> tuple[int, ...]:
        """The axes that are read."""
        return tuple(dict.fromkeys((self.steer.axis, self.throttle.axis, self.brake.axis)))


def load_calibration(path: Path) -> Calibration:
    """The calibration in a file; UsageError names the file, the field and what is wrong with it."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Calibration)
    except FileNotFoundError:
        raise UsageError(f"joystick calibration {path} is missing; {HELP}") from None
    except OSError as error:
        raise UsageError(f"joystick calibration {path} cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"joystick calibration {path}: {error}; {HELP}") from error
    problem = _problem(found)
    if problem:
        raise UsageError(f"joystick calibration {path}: {problem}; {HELP}")
    return found


def _problem(found: Calibration) -> str:
    """What a well-formed calibration still says wrongly; empty if nothing."""
    steer = found.steer
    if steer.left == steer.right:
        return "steer.left and steer.right are the same value"
    if steer.centre is not None and not min(steer.left, steer.right) < steer.centre < max(steer.left, steer.right):
        return f"steer.centre {steer.centre:g} does not lie between left and right"
    for name, pedal in (("throttle", found.throttle), ("brake", found.brake)):
        if pedal.released == pedal.pressed:
            return f"{name}.released and {name}.pressed are the same value"
    if found.throttle.axis == steer.axis or found.brake.axis == steer.axis:
        return f"axis {steer.axis} steers and is a pedal too"
    missing = [gear for gear in ("R", "D") if gear not in found.buttons]
    if missing:
        return f"buttons has no {missing[0]!r}: without it the car cannot be driven both ways"
    doubled = [button for button in set(found.buttons.values()) if list(found.buttons.values()).count(button) > 1]
    if doubled:
        both = " and ".join(repr(action) for action, button in found.buttons.items() if button == doubled[0])
        return f"button {doubled[0]} stands for {both}"
    return ""


def steering_value(axis: SteerAxis, raw: float) -> float:
    """-1 full right ... 1 full left; straight on for a value that is no number."""
    if not math.isfinite(raw):
        return 0.0
    centre = 0.5 * (axis.left + axis.right) if axis.centre is None else axis.centre
    end = axis.left if (raw - centre) * (axis.left - centre) >= 0.0 else axis.right
    way = min(1.0, abs((raw - centre) / (end - centre)))
    way = math.pow(max(0.0, (way - axis.deadzone) / (1.0 - axis.deadzone)), axis.curve)
    return way if end == axis.left else -way


def pedal_value(axis: PedalAxis, raw: float) -> float:
    """0 released ... 1 down; released for a value that is no number."""
    if not math.isfinite(raw):
        return 0.0
    way = min(1.0, max(0.0, (raw - axis.released) / (axis.pressed - axis.released)))
    return max(0.0, (way - axis.deadzone) / (1.0 - axis.deadzone))
