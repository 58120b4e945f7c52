"""The devices people drive with, opened on a robot and read at every step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from coach_core.contracts import DriveCommand, Fault
from controllers.parkit_coach.inputs import Inputs, Stick
from controllers.parkit_coach.inputs.calibration import load_calibration
from controllers.parkit_coach.inputs.keys import HeldKeys
from controllers.parkit_coach.inputs.stick import StickReader

RETRY_KEY = ord("T")


class Devices:
    """Keyboard always, Joystick where a calibration is given. Webots forgets keys and buttons that are not read."""

    def __init__(self, robot: Any, period_ms: int, calibration: Path | None) -> None:
        keyboard = robot.getKeyboard()
        keyboard.enable(period_ms)
        self._keys = HeldKeys(keyboard, robot.getTime)
        self._reader: StickReader | None = None
        if calibration is not None:
            joystick = robot.getJoystick()
            joystick.enable(period_ms)
            self._reader = StickReader(joystick, load_calibration(calibration))
        self._stick: Stick | None = None

    def sample(self) -> None:
        """Read everything; call it after each step."""
        self._keys.sample()
        if self._reader is not None:
            self._stick = self._reader.read()

    def retry_held(self) -> bool:
        """Whether the learner holds the key T, or the button for it, to go back to before a mistake."""
        return RETRY_KEY in self._keys() or (self._stick is not None and "retry" in self._stick.pressed)

    def raw(self) -> dict[str, object] | None:
        """The joystick's own numbers; None without one."""
        return self._reader.raw() if self._reader is not None else None

    def keys(self) -> frozenset[int]:
        """Keys held now."""
        return frozenset(self._keys())

    def inputs(self, remote: Callable[[], list[DriveCommand]], report: Callable[[Fault], None]) -> Inputs:
        """What a driver needs. report: told of devices that go and come."""

        def tell(fault: Fault) -> None:
            problem = self._reader.problem if self._reader is not None else ""
            if fault.component == "input.joystick" and fault.state == "raised" and problem:
                fault = Fault(fault.component, fault.state, f"{fault.detail} ({problem})")
            report(fault)

        return Inputs(self._keys, lambda: self._stick, remote, tell)
