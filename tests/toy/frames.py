"""Frames, cues and the first world's data for tests that need no simulator."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from coach_core.contracts import SECTORS, LotMap, Pose2, SensorFrame, SensorReading, VehicleProfile
from coach_core.guidance.selector import CueCatalogue
from coach_core.vehicle import VehicleParams, vehicle_from_profile
from controllers.worldfiles import load_lot, load_profile

PROJECT = Path(__file__).resolve().parents[2]
WORLD = PROJECT / "worlds" / "perpendicular.wbt"
LOT: LotMap = load_lot(WORLD)
PROFILE: VehicleProfile = load_profile(WORLD)
CAR: VehicleParams = vehicle_from_profile(PROFILE)
FRAME_S = 0.02


def catalogue() -> CueCatalogue:
    """The project's own cues."""
    return CueCatalogue(json.loads((PROJECT / "coach_core" / "data" / "cues.json").read_text(encoding="utf-8")))


def echoes(distance: float | None, at_us: int, **others: float | None) -> list[SensorReading]:
    """All twelve sonars at `distance` [m], apart from the sectors named."""
    return [SensorReading(f"us_{sector}", others.get(sector, distance), at_us) for sector in SECTORS]


def frame(seq: int = 0, **changes: Any) -> SensorFrame:
    """Frame `seq` of a car that stands in the aisle with nothing near, apart from the changes."""
    at_us = seq * round(FRAME_S * 1e6)
    plain: dict[str, Any] = {
        "schema_version": 1,
        "vehicle_id": "car-1",
        "session_id": "s-1",
        "seq": seq,
        "timestamp": at_us,
        "sim_time_s": round(seq * FRAME_S, 6),
        "readings": echoes(None, at_us),
        "pose": Pose2(-10.0, 2.4, 0.0),
        "speed_mps": 0.0,
        "steering_angle_rad": 0.0,
        "gear": "D",
        "throttle": 0.0,
        "brake": 0.0,
    }
    return SensorFrame(**{**plain, **changes})
