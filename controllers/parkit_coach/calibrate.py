"""The driver `calibrate:FILE`: nobody drives, the car asks for movements and writes a calibration file.

It runs inside the simulator because the numbers must be those that its Joystick gives: other programs may count axes
otherwise.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from coach_core.errors import UsageError
from controllers.parkit_coach.inputs.calibration import load_calibration
from controllers.parkit_coach.inputs.calibrator import PROMPTS, Calibrator
from controllers.parkit_coach.inputs.stick import held_buttons
from controllers.parkit_coach.overlay.banner import Banner
from controllers.settings import ControllerSettings

PLUGGED_IN_WITHIN_S = 5.0
FAREWELL_S = 3.0
"""How long [s] the display says that it is done."""


def calibrate(robot: Any, path: Path, settings: ControllerSettings) -> None:
    """Ask until `path` is written or the simulation ends; UsageError where there is no device, or no place to write."""
    step_ms = int(robot.getBasicTimeStep())
    joystick = robot.getJoystick()
    joystick.enable(step_ms)
    banner = Banner(robot) if settings.overlay else None
    prompts = PROMPTS[settings.language]
    calibrator, said, model = Calibrator(), "", ""
    until: float | None = None
    while robot.step() != -1:
        now = robot.getTime()
        if until is not None:
            if now >= until:
                return
            continue
        if joystick.isConnected():
            if model and joystick.model != model:
                calibrator, said = Calibrator(), ""
            model = joystick.model
            axes = [joystick.getAxisValue(axis) for axis in range(joystick.getNumberOfAxes())]
            calibrator.feed(now, axes, sorted(held_buttons(joystick)))
        elif model:
            raise UsageError(f"{model} was unplugged; nothing was written. Plug it in and start again")
        elif now > PLUGGED_IN_WITHIN_S:
            raise UsageError("no gamepad or wheel is plugged in, or the simulator does not see it")
        if calibrator.step != said:
            said = calibrator.step
            print(f"parkit_coach: {prompts[said]}", flush=True)
            if banner is not None:
                banner.say(prompts[said])
        if said == "done":
            _write(path, calibrator, model)
            print(f"parkit_coach: wrote {path}; drive with PARKIT_DRIVER=joystick:{path}", flush=True)
            until = now + FAREWELL_S


def _write(path: Path, calibrator: Calibrator, model: str) -> None:
    text = msgspec.json.format(msgspec.json.encode(calibrator.result(model[:64] or "joystick")), indent=2)
    try:
        path.write_bytes(text + b"\n")
    except OSError as error:
        raise UsageError(f"the calibration {path} cannot be written: {error.strerror}") from error
    load_calibration(path)
