"""Raw ultrasonic readings: which sensors are dead, and near echoes that must not wait for the map.

An ultrasonic sensor often falls silent when something is very near, so that silence after a near echo still means near,
until the car has moved away from where it heard the echo.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def fuse_echoes(  # type: ignore[no-untyped-def]
    readings, ages, odometer, blind_after, near_echo, near_release, mounts, near, near_at, distances, points
):
    """Sort out the readings (12,) [m] (NaN or inf: no echo) of `ages` (12,) [s]; returns the dead sensors as a bit
    mask.

    Fills distances (12,) [m] from the outline: the echo where there is one, inf where not; and points (12, 2), ego
    frame: where each near echo is taken to come from, NaN for none. near (12,) [m] and near_at (12,) [m of odometer]
    remember the last near echo; blind_after, near_echo and near_release are those of `RiskLimits`, of which no more
    crosses into the kernel than it needs. A negative reading cannot be and counts as a dead sensor, like an age that is
    not a number.
    """
    dead = 0
    for k in range(12):
        distances[k] = np.inf
        reading = readings[k]
        if not ages[k] <= blind_after or reading < 0.0:
            dead |= 1 << k
        elif math.isfinite(reading):
            distances[k] = max(reading - mounts[k, 4], 0.0)
            near[k] = distances[k] if distances[k] < near_echo else np.inf
            near_at[k] = odometer
        if not odometer - near_at[k] <= near_release:
            near[k] = np.inf
        if near[k] < np.inf:
            distances[k] = near[k]
            way = mounts[k, 4] + near[k]
            points[k, 0] = mounts[k, 0] + way * mounts[k, 2]
            points[k, 1] = mounts[k, 1] + way * mounts[k, 3]
        else:
            points[k, 0] = np.nan
            points[k, 1] = np.nan
    return dead
