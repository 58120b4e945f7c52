"""A calibration file says what a device's axes and buttons mean, or what is wrong with it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from coach_core.errors import UsageError
from controllers.parkit_coach.inputs.calibration import (
    PedalAxis,
    SteerAxis,
    load_calibration,
    pedal_value,
    steering_value,
)
from tests.toy.frames import PROJECT

GOOD: dict[str, Any] = {
    "version": 1,
    "name": "wheel",
    "steer": {"axis": 0, "left": -32768, "right": 32767},
    "throttle": {"axis": 1, "released": 32767, "pressed": -32768},
    "brake": {"axis": 2, "released": 32767, "pressed": -32768},
    "buttons": {"D": 0, "R": 1, "P": 2, "parking_brake": 3},
}


def written(tmp_path: Path, **changes: Any) -> Path:
    path = tmp_path / "stick.json"
    path.write_text(json.dumps(GOOD | changes))
    return path


def test_good_file_is_read(tmp_path: Path) -> None:
    calibration = load_calibration(written(tmp_path))
    assert calibration.axes() == (0, 1, 2)
    assert calibration.buttons["parking_brake"] == 3


def test_pedals_may_share_an_axis(tmp_path: Path) -> None:
    calibration = load_calibration(
        written(
            tmp_path,
            throttle={"axis": 1, "released": 0, "pressed": -100},
            brake={"axis": 1, "released": 0, "pressed": 100},
        )
    )
    assert calibration.axes() == (0, 1)
    assert pedal_value(calibration.throttle, -100.0) == 1.0
    assert pedal_value(calibration.brake, -100.0) == 0.0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"steer": {"axis": 0, "left": 5, "right": 5}}, r"steer\.left and steer\.right"),
        ({"steer": {"axis": 0, "left": 0, "right": 9, "centre": 9}}, r"steer\.centre 9"),
        ({"steer": {"axis": -1, "left": 0, "right": 9}}, r"\$\.steer\.axis"),
        ({"steer": {"axis": 0, "left": 0, "right": 9, "deadband": 0.1}}, "deadband"),
        ({"throttle": {"axis": 1, "released": 3, "pressed": 3}}, r"throttle\.released"),
        ({"brake": {"axis": 0, "released": 0, "pressed": 1}}, "axis 0 steers and is a pedal too"),
        ({"brake": {"axis": 2, "pressed": 1}}, "released"),
        ({"buttons": {"D": 0}}, "no 'R'"),
        ({"buttons": {"D": 0, "R": 0}}, "button 0 stands for 'D' and 'R'"),
        ({"buttons": {"D": 0, "R": 1, "horn": 2}}, "horn"),
        ({"version": 2}, "version"),
    ],
)
def test_wrong_file_is_refused_with_its_name_and_what_to_mend(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageError, match=rf"stick\.json.*{said}.*docs/driving\.md"):
        load_calibration(written(tmp_path, **changes))


def test_missing_unreadable_and_broken_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.json is missing"):
        load_calibration(tmp_path / "none.json")
    with pytest.raises(UsageError, match="cannot be read"):
        load_calibration(tmp_path)
    (tmp_path / "half.json").write_text('{"version": 1,')
    with pytest.raises(UsageError, match=r"half\.json"):
        load_calibration(tmp_path / "half.json")


def test_calibration_in_the_documentation_can_be_used(tmp_path: Path) -> None:
    text = (PROJECT / "docs" / "driving.md").read_text(encoding="utf-8")
    blocks = [block.partition("```")[0] for block in text.split("```json\n")[1:]]
    files = [block for block in blocks if '"steer"' in block]
    assert len(files) >= 2
    for number, block in enumerate(files):
        path = tmp_path / f"{number}.json"
        path.write_text(block, encoding="utf-8")
        assert load_calibration(path).buttons["D"] >= 0


@pytest.mark.parametrize(("raw", "value"), [(-100.0, 1.0), (100.0, -1.0), (0.0, 0.0), (-200.0, 1.0), (300.0, -1.0)])
def test_left_of_the_stick_is_left_positive_and_ends_are_ends(raw: float, value: float) -> None:
    assert steering_value(SteerAxis(0, left=-100.0, right=100.0), raw) == value
    assert steering_value(SteerAxis(0, left=100.0, right=-100.0), -raw) == value


def test_deadzone_is_flat_and_leaves_no_step_behind_it() -> None:
    axis = SteerAxis(0, left=-100.0, right=100.0, deadzone=0.1)
    assert steering_value(axis, -10.0) == 0.0
    assert 0.0 < steering_value(axis, -10.5) < 0.01
    assert steering_value(axis, -100.0) == 1.0


def test_curve_is_finer_near_the_centre_and_the_centre_may_be_off_the_middle() -> None:
    axis = SteerAxis(0, left=-100.0, right=50.0, centre=0.0, deadzone=0.0, curve=2.0)
    assert steering_value(axis, -50.0) == 0.25
    assert steering_value(axis, 25.0) == -0.25


@pytest.mark.parametrize("raw", [math.nan, math.inf, -math.inf])
def test_no_number_steers_straight_and_presses_nothing(raw: float) -> None:
    assert steering_value(SteerAxis(0, left=-1.0, right=1.0), raw) == 0.0
    assert pedal_value(PedalAxis(0, released=0.0, pressed=1.0), raw) == 0.0
