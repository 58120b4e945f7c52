"""What was heard and then fell silent: silence is no proof that nothing is there.

A face that turns away from the car, a slim post or somebody's legs answer now and then. The map drops such an echo
point after a few silent looks, so that plans need not go round what is perhaps gone; the warnings of a car that is on
no plan hold on to it a little longer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coach_core.geometry.poses import apply, inverse
from coach_core.risk.outline import Outline, point_gap

Floats = NDArray[np.float64]

NOTHING: Floats = np.empty((0, 2))
_SAME = 0.15
"""Points this close [m] are the same one."""
_FAR = 1.5
"""What fell silent farther off [m] than this was nowhere in particular: it is heard again if it is in the way."""
_MOVER = 0.7
"""A point this near [m] to something that moves was its own, and has gone with it."""
_FARTHER = 0.35
"""An echo from this much [m] behind a point came through where it was ..."""
_AXIS = 0.12
"""... if the sensor looks at it within this angle [rad]."""


class Fallen:
    """Echo points (N, 2) [m, world] that the map has given up within the last `keep` s."""

    def __init__(self, keep: float, body: Outline) -> None:
        self._keep, self._body = keep, body
        self._known = NOTHING
        self._silent: list[tuple[float, float, float]] = []

    def update(self, points: Floats, movers: Floats, pose: Floats, now: float) -> None:
        """Take one tick: the map's points (N, 2), of which those that are no numbers are left out; movers (M, 4); the
        car's pose (3,); time [s], not running back."""
        if self._silent:
            self._silent = [entry for entry in self._silent if 0.0 <= now - entry[2] <= self._keep]
        if len(points) == len(self._known) and points.tobytes() == self._known.tobytes():
            return
        known, self._known = self._known, points.copy()
        known = known[np.isfinite(known).all(axis=1)]
        for x, y in known.tolist():
            gone = not (_near(points, x, y, _SAME) or _near(movers[:, :2], x, y, _MOVER))
            ahead, aside = apply(inverse(pose), [x, y]).tolist()
            if gone and point_gap(ahead, aside, self._body) < _FAR:
                self._silent.append((x, y, now))
        self._silent = [entry for entry in self._silent if not _near(points, entry[0], entry[1], _SAME)]

    def clear(self) -> None:
        """Forget everything: where the car is against what it heard is not known."""
        self._known, self._silent = NOTHING, []

    def look(self, pose: Floats, mounts: Floats, readings: Floats) -> None:
        """Forget what a sensor hears something behind. mounts (12, 5): those of `echo_mounts`; readings (12,) [m], NaN
        or inf for none."""
        if not self._silent:
            return
        cos, sin = np.cos(pose[2]), np.sin(pose[2])
        places = self.points - pose[:2]
        ego = np.stack((cos * places[:, 0] + sin * places[:, 1], cos * places[:, 1] - sin * places[:, 0]), axis=1)
        towards = ego[None, :, :] - mounts[:, None, :2]
        along = towards[..., 0] * mounts[:, None, 2] + towards[..., 1] * mounts[:, None, 3]
        aside = np.abs(towards[..., 1] * mounts[:, None, 2] - towards[..., 0] * mounts[:, None, 3])
        with np.errstate(invalid="ignore"):
            behind = np.isfinite(readings)[:, None] & (readings[:, None] > along + _FARTHER)
            through: NDArray[np.bool_] = behind & (along > 0.0) & (aside < _AXIS * along)
        gone = np.flatnonzero(through.any(axis=0)).tolist()
        if gone:
            self._silent = [entry for i, entry in enumerate(self._silent) if i not in gone]

    @property
    def points(self) -> Floats:
        return np.array([entry[:2] for entry in self._silent]) if self._silent else NOTHING


def _near(points: Floats, x: float, y: float, reach: float) -> bool:
    return bool(len(points)) and bool((np.hypot(points[:, 0] - x, points[:, 1] - y) < reach).any())
