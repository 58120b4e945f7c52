"""Who drives: a person at the keyboard, a simulated novice or expert, or a script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from coach_core.errors import UsageError
from controllers.parkit_coach.drivers.base import Controls, Driver, Sight, View
from controllers.parkit_coach.drivers.expert import ExpertDriver
from controllers.parkit_coach.drivers.keyboard import KeyboardDriver
from controllers.parkit_coach.drivers.novice import NoviceDriver
from controllers.parkit_coach.drivers.script import ScriptDriver, read_script

__all__ = ["DRIVERS", "Controls", "Driver", "Sight", "View", "check_driver", "make_driver"]

DRIVERS = ("keyboard", "novice", "expert", "script:FILE")


def check_driver(name: str) -> None:
    """UsageError unless `name` is a driver that can be made."""
    if name.startswith("script:"):
        read_script(Path(name.removeprefix("script:")))
    elif name not in DRIVERS:
        raise UsageError(f"unknown driver {name!r}; there are: {', '.join(DRIVERS)}")


def make_driver(name: str, seed: int, read_keys: Callable[[], set[int]]) -> Driver:
    """The driver called `name`; `read_keys` gives the keys held, for the keyboard driver."""
    check_driver(name)
    if name == "keyboard":
        return KeyboardDriver(read_keys)
    if name == "novice":
        return NoviceDriver(seed)
    if name == "expert":
        return ExpertDriver()
    return ScriptDriver(read_script(Path(name.removeprefix("script:"))))
