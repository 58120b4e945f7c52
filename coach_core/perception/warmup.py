"""Compiles the perception's kernels, or loads them from the cache, with the argument types of real use."""

from __future__ import annotations

from coach_core.contracts import (
    SECTORS,
    LotMap,
    Pose2,
    SensorFrame,
    SensorMount,
    SensorReading,
    SlotMap,
    VehicleProfile,
)
from coach_core.perception.scene import Perception

_PINGS = 4
"""The third gives a point in the map, the fourth looks through it."""


def warm_up() -> None:
    """A car stands before a slot and hears something."""
    mounts = [SensorMount(f"us_{sector}", 0.0, 0.0, 0.0, 1.2, 4.0) for sector in SECTORS]
    profile = VehicleProfile("warm-up", 2.8, 0.85, 0.85, 1.82, 1.55, 0.6, 16.0, mounts)
    slot = SlotMap("S", "perpendicular", 3.0, 0.0, 0.0, 2.5, 5.0)
    perception = Perception(profile, LotMap("warm-up", [slot], [[(9.0, -1.0), (10.0, -1.0), (10.0, 1.0)]]))
    for n in range(_PINGS):
        stamp = round(5e4 * n)
        readings = [SensorReading(mount.sensor_id, 1.0, stamp) for mount in mounts]
        perception.update(
            SensorFrame(1, "v", "s", n, stamp, 0.05 * n, readings, Pose2(0.0, 0.0, 0.0), 0.0, 0.0, "P", 0.0, 0.0)
        )
