"""The learner's car in the stand-in, as a person drives it: devices go and come, and the car says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ops.run import PRELOAD
from worlds.headless import JoystickState, RunOptions, RunOutcome, run_world

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[3]
UP = 315
CALIBRATION = {
    "version": 1,
    "name": "wheel",
    "steer": {"axis": 0, "left": -32768, "right": 32767},
    "throttle": {"axis": 1, "released": 32767, "pressed": -32768},
    "brake": {"axis": 2, "released": 32767, "pressed": -32768},
    "buttons": {"D": 0, "R": 1},
}
UNPLUGGED_AT = 4.0
KOREAN_AT = 2.0


def drive(tmp_path: Path, told: list[str]) -> RunOutcome:
    """Eight seconds on a wheel with the foot off the brake, unplugged half way, then with keys.

    told: what the car tells its robot window. After two seconds the window asks for Korean.
    """
    calibration = tmp_path / "wheel.json"
    calibration.write_text(json.dumps(CALIBRATION))
    environment = {"DRIVER": f"joystick:{calibration}", "RESULT_DIR": str(tmp_path), "OVERLAY": "1", "LANGUAGE": "en"}
    environment["LEARNER_FILE"] = str(tmp_path / "learner.json")
    asked = iter(["{broken", '{"type": "settings", "language": "ko", "assist": 3}', '{"type": "hello"}'])

    def window(now: float, robot: str) -> list[str]:
        return [message] if robot == "learner" and now > KOREAN_AT and (message := next(asked, "")) else []

    def note(_now: float, _robot: str, kind: str, data: object) -> None:
        if kind == "window":
            told.append(str(data))

    return run_world(
        ROOT / "worlds" / "perpendicular.wbt",
        RunOptions(
            seed=3,
            env={f"PARKIT_{name}": value for name, value in environment.items()},
            preload=PRELOAD,
            max_sim_s=8.0,
            joystick=lambda now: JoystickState((0, 32767, 32767)) if now < UNPLUGGED_AT else None,
            window=window,
            on_event=note,
            keys=lambda now: [UP] if now > UNPLUGGED_AT + 2.0 else [],
        ),
    )


def test_wheel_unplugged_while_driving_is_told_aloud_and_the_window_changes_the_language(tmp_path: Path) -> None:
    answers: list[str] = []
    outcome = drive(tmp_path, answers)
    assert outcome.verdict == "timeout", outcome.detail
    assert all(not exit.stderr_tail.count("Traceback") for exit in outcome.controllers)
    played = [(entry.time_s, Path(entry.what)) for entry in outcome.played if entry.kind == "sound"]
    told = [time for time, sound in played if sound.stem == "input.joystick.raised"]
    assert len(told) == 1
    assert UNPLUGGED_AT <= told[0] < UNPLUGGED_AT + 3.0
    lines = [(time, sound.parts[-2]) for time, sound in played if sound.parts[-2] != "beeps"]
    assert {language for time, language in lines if time < KOREAN_AT} == {"en"}
    assert {language for time, language in lines if time > KOREAN_AT + 0.1} == {"ko"}
    assert [json.loads(answer)["type"] for answer in answers] == ["refused", "state", "state"]
    assert json.loads(answers[-1])["settings"]["assist"] == 3
    assert json.loads((tmp_path / "learner.json").read_text()) == {"language": "ko", "assist": 3}


@pytest.mark.parametrize("results", [False, True])
def test_webots_is_not_closed_on_a_person_who_only_wanted_to_drive(tmp_path: Path, results: bool) -> None:
    environment = {"DRIVER": "keyboard", "TIME_LIMIT_S": "1.0", "DEBRIEF_S": "2.0", "LANGUAGE": "en"}
    environment["LEARNER_FILE"] = str(tmp_path / "learner.json")
    if results:
        environment["RESULT_DIR"] = str(tmp_path)
    outcome = run_world(
        ROOT / "worlds" / "perpendicular.wbt",
        RunOptions(env={f"PARKIT_{k}": v for k, v in environment.items()}, preload=PRELOAD, max_sim_s=8.0),
    )
    assert outcome.verdict == ("quit" if results else "timeout"), outcome.detail
    spoken = [Path(entry.what).stem for entry in outcome.played if entry.kind == "sound"]
    assert "debrief.timeout" in spoken
