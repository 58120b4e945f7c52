"""The lookup table of a sensor: from what is measured to what is returned, noise included."""

from __future__ import annotations

import bisect
import math
import zlib

import numpy as np


class NormalStream:
    """Standard normal numbers of one device, reproducible from the run's seed and the device's names."""

    _BLOCK = 256

    def __init__(self, seed: int, *names: str) -> None:
        self._rng = np.random.default_rng([seed, *(zlib.crc32(name.encode()) for name in names)])
        self._block: list[float] = []

    def next(self) -> float:
        if not self._block:
            self._block = self._rng.standard_normal(self._BLOCK).tolist()
        return self._block.pop()


class LookupTable:
    """Rows of (input, output, relative noise), inputs increasing; an empty table returns its input."""

    def __init__(self, rows: list[list[float]]) -> None:
        self.rows = rows
        self._inputs = [row[0] for row in rows]
        if any(b <= a for a, b in zip(self._inputs, self._inputs[1:], strict=False)):
            raise ValueError("the inputs of a lookupTable must increase")

    @property
    def reach(self) -> float:
        """The last input: how far a ray goes."""
        return self._inputs[-1] if self.rows else 0.0

    @property
    def extremes(self) -> tuple[float, float]:
        outputs = [row[1] for row in self.rows] or [0.0]
        return min(outputs), max(outputs)

    @property
    def flat(self) -> list[float]:
        return [number for row in self.rows for number in row]

    def look_up(self, value: float, noise: NormalStream) -> float:
        """Output for an input; noise is relative: output * (1 + noise * normal)."""
        if not self.rows:
            return value
        i = bisect.bisect_right(self._inputs, value)
        if i == 0 or i == len(self.rows):
            _, output, spread = self.rows[min(i, len(self.rows) - 1)]
        else:
            x0, y0, n0 = self.rows[i - 1]
            x1, y1, n1 = self.rows[i]
            share = (value - x0) / (x1 - x0)
            output, spread = y0 + share * (y1 - y0), n0 + share * (n1 - n0)
        return output * (1.0 + spread * noise.next()) if spread else output


def quantise(value: float, resolution: float) -> float:
    """Rounded to a multiple of `resolution`; -1 means no rounding."""
    return value if resolution <= 0.0 or not math.isfinite(value) else round(value / resolution) * resolution
