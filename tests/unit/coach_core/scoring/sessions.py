"""Sessions made by hand for the scoring tests: plain motion, then whatever a test changes in it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from coach_core.contracts import (
    SECTORS,
    ClearanceState,
    Decision,
    Ended,
    EndPose,
    Level,
    Pose2,
    SensorFrame,
    SessionEvent,
)
from coach_core.scoring import RUBRIC_PACKAGE, Rubric, load_rubric, rubric_file

DATA = Path(__file__).parents[4].joinpath(*RUBRIC_PACKAGE.split("."))
RUBRICS = sorted(path.stem for path in (DATA / "rubrics").glob("*.json"))
STEP_S = 0.1


def rubric_data(name: str = "parkit-1") -> dict[str, Any]:
    data: dict[str, Any] = json.loads((DATA / rubric_file(name)).read_text(encoding="utf-8"))
    return data


def parkit_1() -> Rubric:
    return load_rubric(rubric_data())


def rubric(name: str) -> Rubric:
    return load_rubric(rubric_data(name))


def frame(seq: int, **changes: Any) -> SensorFrame:
    """A frame of a car rolling forwards along +x at 0.5 m/s."""
    values: dict[str, Any] = {
        "schema_version": 1,
        "vehicle_id": "car-1",
        "session_id": "session-1",
        "seq": seq,
        "timestamp": 1_700_000_000_000_000 + seq * 100_000,
        "sim_time_s": seq * STEP_S,
        "readings": [],
        "pose": Pose2(0.05 * seq, 0.0, 0.0),
        "speed_mps": 0.5,
        "steering_angle_rad": 0.0,
        "gear": "D",
        "throttle": 0.1,
        "brake": 0.0,
    }
    return SensorFrame(**{**values, **changes})


def decision(seq: int, level: Level = "clear", clearance: float | None = 1.0, **changes: Any) -> Decision:
    """What the coach made of that frame: a level, and one distance at the rear right."""
    values: dict[str, Any] = {
        "schema_version": 1,
        "vehicle_id": "car-1",
        "session_id": "session-1",
        "seq": seq,
        "timestamp": 1_700_000_000_000_000 + seq * 100_000,
        "sim_time_s": seq * STEP_S,
        "level": level,
        "sectors": [
            ClearanceState(
                name, clearance if name == "rear_right" else None, level if name == "rear_right" else "clear"
            )
            for name in SECTORS
        ],
        "ttc_s": None,
        "patterns": [],
        "cue": None,
        "target_steering_angle_rad": None,
        "stop_in_m": None,
        "plan": None,
        "assist_level": 4,
        "pose": Pose2(0.0, 0.0, 0.0),
        "obstacles": None,
        "decision_us": 150.0,
    }
    return Decision(**{**values, **changes})


def event(seq: int, at_s: float, detail: Any) -> SessionEvent:
    return SessionEvent(1, "car-1", "session-1", seq, 1_700_000_000_000_000 + round(at_s * 1e6), at_s, detail)


def ended(**changes: Any) -> Ended:
    """Parked well after 10 s, unless changed."""
    values: dict[str, Any] = {
        "result": "parked",
        "slot_id": "A4",
        "duration_s": 10.0,
        "contacts": 0,
        "min_clearance_m": 0.4,
        "end_pose": EndPose(0.02, 0.05, math.radians(0.5)),
        "wheels_on_line": 0,
        "in_slot": True,
    }
    return Ended(**{**values, **changes})


def clean_frames(count: int = 100, change: Callable[[int], dict[str, Any]] = lambda _: {}) -> list[SensorFrame]:
    """Forwards at 0.5 m/s, then standing in P with the parking brake for the last three frames."""
    frames = []
    for seq in range(count):
        values: dict[str, Any] = {}
        if seq >= count - 3:
            values = {
                "speed_mps": 0.0,
                "gear": "P",
                "parking_brake": True,
                "brake": 0.5,
                "pose": Pose2(0.05 * count, 0.0, 0.0),
            }
        frames.append(frame(seq, **{**values, **change(seq)}))
    return frames


def clean_decisions(count: int = 100, change: Callable[[int], dict[str, Any]] = lambda _: {}) -> list[Decision]:
    return [decision(seq, **change(seq)) for seq in range(count)]


def during(rows: Sequence[int], **values: Any) -> Callable[[int], dict[str, Any]]:
    """`values` in these rows, nothing elsewhere."""
    chosen = set(rows)
    return lambda seq: dict(values) if seq in chosen else {}
