"""Rows of episodes that nobody drove."""

from __future__ import annotations

from ops.study.parking import Row


def row(seed: int = 1, result: str = "parked", **changes: object) -> Row:
    """A novice who parked well with the coach, apart from the changes."""
    plain = {
        "family": "perpendicular", "who": "novice", "coached": True, "seed": seed, "result": result, "duration": 60.0,
        "slot_id": "A1", "lateral": 0.05, "depth": -0.1, "yaw": 1.0, "kerb": None, "clearance": 0.3, "cusps": 1,
        "prompts": 20, "touched": None, "score": 90.0,
    }  # fmt: skip
    return Row(**{**plain, **changes})  # type: ignore[arg-type]
