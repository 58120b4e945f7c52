"""`calibrate:FILE` in the stand-in: somebody with a wheel does what is asked, and the file drives the car."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from controllers.parkit_coach.inputs.calibration import load_calibration
from ops.run import PRELOAD
from worlds.headless import JoystickState, Runner, RunOptions, RunOutcome

pytestmark = pytest.mark.integration

WORLD = Path(__file__).parents[3] / "worlds" / "perpendicular.wbt"
FULL = 32767
MOVES: list[JoystickState] = [
    JoystickState((0, FULL, FULL)),
    JoystickState((-FULL, FULL, FULL)),
    JoystickState((FULL, FULL, FULL)),
    JoystickState((0, FULL, -FULL)),
    JoystickState((0, FULL, FULL)),
    JoystickState((0, -FULL, FULL)),
    JoystickState((0, FULL, FULL)),
    *(JoystickState((0, FULL, FULL), (button,)) for button in (12, 13, 4, 14, 7)),
]
EACH_S = 1.0


def somebody(now: float) -> JoystickState:
    """One movement a second, hands off the buttons in between."""
    state = MOVES[min(int(now / EACH_S), len(MOVES) - 1)]
    return state._replace(buttons=state.buttons if now % EACH_S < 0.5 else ())


def drive(driver: str, joystick: Callable[[float], JoystickState | None], seconds: float, pictures: Path) -> RunOutcome:
    options = RunOptions(
        preload=PRELOAD,
        env={"PARKIT_DRIVER": driver, "PARKIT_LANGUAGE": "en", "PARKIT_OUTBOX_DIR": str(pictures)},
        max_sim_s=seconds,
        joystick=joystick,
        display_dir=pictures,
    )
    with Runner() as runner:
        return runner.run(WORLD, options)


def test_a_wheel_is_calibrated_by_doing_what_the_display_says(tmp_path: Path) -> None:
    file = tmp_path / "wheel.json"
    outcome = drive(f"calibrate:{file}", somebody, 18.0, tmp_path)
    coach = next(one for one in outcome.controllers if one.controller == "parkit_coach")
    assert coach.exit_code == 0, coach.stderr_tail
    found = load_calibration(file)
    assert (found.steer.left, found.steer.right) == (-FULL, FULL)
    assert found.axes() == (0, 2, 1)
    assert json.loads(file.read_text())["buttons"] == {"D": 12, "R": 13, "N": 4, "P": 14, "parking_brake": 7}


def test_a_device_that_is_not_plugged_in_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    outcome = drive(f"calibrate:{tmp_path / 'wheel.json'}", lambda _now: None, 10.0, tmp_path)
    coach = next(one for one in outcome.controllers if one.controller == "parkit_coach")
    assert coach.exit_code == 2
    assert "no gamepad or wheel is plugged in" in coach.stderr_tail
    assert not (tmp_path / "wheel.json").exists()


def test_a_device_unplugged_half_way_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    gone = drive(f"calibrate:{tmp_path / 'w.json'}", lambda now: somebody(now) if now < 3.0 else None, 10.0, tmp_path)
    coach = next(one for one in gone.controllers if one.controller == "parkit_coach")
    assert coach.exit_code == 2
    assert "was unplugged" in coach.stderr_tail
