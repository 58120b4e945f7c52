"""A distance-only parking beeper as a baseline: what it would sound in the same frames.

Zones of Hyundai's and Kia's manuals (DOMAIN.md section 2): slow beeps below 1.2 m, fast below 0.6 m, a steady tone
below 0.3 m, from the four sensors on the side to which the gear leads.
"""

from __future__ import annotations

import math

from coach_core.contracts import SECTORS, SensorFrame

STEADY, FAST, SLOW = 0.30, 0.60, 1.20
_FRONT = frozenset(f"us_{name}" for name in SECTORS if name.startswith("front"))
_REAR = frozenset(f"us_{name}" for name in SECTORS if name.startswith("rear"))


def nearest(frame: SensorFrame) -> float:
    """Nearest echo [m] ahead of the gear, inf for none or out of gear."""
    ahead = _REAR if frame.gear == "R" else _FRONT if frame.gear == "D" else frozenset()
    return min(
        (r.distance for r in frame.readings if r.distance is not None and r.sensor_id in ahead), default=math.inf
    )
