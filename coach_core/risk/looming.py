"""What comes nearer so fast that it will be here within half a second, wherever in the sensor's cone it is.

A sonar does not tell from where an echo comes; the map puts it on the axis, and finds out that something moves when it
has heard it a few times. Somebody who steps out close before the car's corner may be met before either helps. The range
alone tells: what is 0.7 m away and comes nearer by 1.5 m/s is here in less than half a second. What the car passes at a
distance of more than a quarter of its speed (0.25 m at 1 m/s) never looks like that.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SENSORS = 12
_PINGS = 3
_LASTS = 0.25
"""Pings must lie within this time [s]: one of them in four may be lost."""
_EVEN = 0.06
"""Farthest [m] that the middle one may lie from the line through the others: an echo of something else leaps."""
_RUSHES = 1.8
"""Out of silence, two pings are enough for what comes nearer faster than this [m/s]: no noise of theirs looks so."""
_NEW = 1e-3


class Looming:
    """The last pings of each of the twelve sensors."""

    def __init__(self, nearer: float, soon: float, inside: Sequence[float] = (0.0,) * SENSORS) -> None:
        """Only what is `nearer` [m] to the outline and will be here `soon` [s] counts. inside: how far [m] each sensor
        sits inside the outline; so much of its ranges is no room."""
        self._nearer, self._soon, self._inside = nearer, soon, tuple(inside)
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        # plain floats: most ticks bring no ping, and to see that takes an array longer than twelve comparisons
        self._range = [(math.nan,) * _PINGS] * SENSORS
        self._time = [(math.nan,) * _PINGS] * SENSORS

    def update(self, readings: Floats, ages: Floats, now: float) -> None:
        """Take one tick: readings (12,) [m], NaN or inf for none, each so old (12,) [s]; time [s], not running back."""
        for k, (age, times) in enumerate(zip(ages.tolist(), self._time, strict=True)):
            stamp = now - age
            if stamp <= times[-1] + _NEW:
                continue
            reading = float(readings[k])
            if 0.0 <= reading < math.inf:
                self._range[k], self._time[k] = (*self._range[k][1:], reading - self._inside[k]), (*times[1:], stamp)

    def soonest(self, sectors: tuple[int, ...], now: float) -> tuple[float, int]:
        """When [s from now] the first of what looms in these sectors is here, and in which; (inf, -1) for nothing."""
        best, where = math.inf, -1
        for k in sectors:
            (first, middle, last), (t0, t1, t2) = self._range[k], self._time[k]
            if not now - t1 <= _LASTS or last >= self._nearer:
                continue
            rate = (middle - last) / (t2 - t1)
            if now - t0 <= _LASTS:
                rate = (first - last) / (t2 - t0)
                if abs(first - rate * (t1 - t0) - middle) > _EVEN:
                    continue
            elif rate < _RUSHES:
                continue
            if rate <= 0.0:
                continue
            left = last / rate - (now - t2)
            if left < min(self._soon, best):
                best, where = max(left, 0.0), k
        return best, where
