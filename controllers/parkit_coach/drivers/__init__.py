"""Who drives: a person with keys, a stick or from elsewhere, a simulated novice or expert, or a script."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from coach_core.errors import UsageError
from controllers.parkit_coach.drivers.base import Controls, Driver, Sight, View
from controllers.parkit_coach.drivers.expert import ExpertDriver
from controllers.parkit_coach.drivers.joystick import JoystickDriver
from controllers.parkit_coach.drivers.keyboard import KeyboardDriver
from controllers.parkit_coach.drivers.novice import NoviceDriver
from controllers.parkit_coach.drivers.remote import RemoteDriver
from controllers.parkit_coach.drivers.script import ScriptDriver, read_script
from controllers.parkit_coach.inputs import NO_INPUTS, Inputs
from controllers.parkit_coach.inputs.calibration import load_calibration

__all__ = [
    "DRIVERS",
    "Controls",
    "Driver",
    "Sight",
    "View",
    "check_driver",
    "file_of",
    "full_name",
    "make_driver",
]

DRIVERS = ("keyboard", "joystick:FILE", "calibrate:FILE", "remote", "novice", "expert", "script:FILE")
"""`calibrate` drives nothing: it writes the FILE that `joystick` reads (controllers/parkit_coach/calibrate.py)."""


PROJECT = Path(__file__).resolve().parents[3]


def file_of(name: str) -> Path | None:
    """The file that the driver `kind:FILE` names; None for the others.

    A controller runs in its own folder: what is not there is looked for from the project's.
    """
    kind, colon, file = name.partition(":")
    if not colon or kind not in ("joystick", "calibrate", "script"):
        return None
    path = Path(file)
    return path if path.exists() or not (PROJECT / path).is_file() else PROJECT / path


def full_name(name: str) -> str:
    """The driver's name with its file's full path, for a process that runs in another folder."""
    file = file_of(name)
    return name if file is None or file == Path() else f"{name.partition(':')[0]}:{file.resolve()}"


def check_driver(name: str) -> None:
    """UsageError unless `name` is a driver that can be made."""
    file = file_of(name)
    if name in ("joystick", "calibrate") or (file is not None and file == Path()):
        raise UsageError(f"driver {name!r} needs a file: {name.partition(':')[0]}:FILE; docs/driving.md shows one")
    if file is None:
        if name not in DRIVERS or name.endswith(":FILE"):
            raise UsageError(f"unknown driver {name!r}; there are: {', '.join(DRIVERS)}")
    elif name.startswith("joystick:"):
        load_calibration(file)
    elif name.startswith("calibrate:"):
        if file.suffix != ".json" or not file.absolute().parent.is_dir():
            raise UsageError(f"calibration {file}: want a name that ends in .json, in a folder that exists")
    else:
        read_script(file)


def make_driver(
    name: str, seed: int, inputs: Inputs = NO_INPUTS, clock: Callable[[], float] = time.monotonic
) -> Driver:
    """The driver called `name`. inputs: where people's hands are read; clock: wall time [s], for the remote driver."""
    check_driver(name)
    if name == "keyboard":
        return KeyboardDriver(inputs.keys)
    if name.startswith("joystick:"):
        return JoystickDriver(inputs)
    if name == "remote":
        return RemoteDriver(inputs, clock)
    if name == "novice":
        return NoviceDriver(seed)
    if name == "expert":
        return ExpertDriver()
    file = file_of(name)
    assert file is not None
    return ScriptDriver(read_script(file))
