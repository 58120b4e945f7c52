"""What the driver is doing, from what the ticks so far have told: speeding up, turning the wheel, leaving the plan."""

from __future__ import annotations

import math
from collections import deque

_WINDOW_S = 0.15
_TURN_WINDOW_S = 0.06
"""The wheel's angle is known exactly, the speed is not."""
_HISTORY = 32


class Motion:
    """Acceleration, rate of the steering and travel away from the plan."""

    def __init__(self) -> None:
        self._past: deque[tuple[float, float, float]] = deque(maxlen=_HISTORY)
        self._stop_in = math.nan
        self._away = 0.0
        self._against = 0.0
        self.acceleration = 0.0
        """Of the unsigned speed [m/s²] over the last moments; 0 while too little is known."""
        self.steer_rate = 0.0
        """Of the steering angle [rad/s], left positive; 0 while too little is known."""

    def update(
        self, speed: float, steer: float, stop_in: float, planned_gear: int, travelled: float, now: float
    ) -> None:
        """Take one tick: signed speed [m/s], steering angle [rad], distance to the plan's next stop [m, NaN none],
        the plan's gear (0 without a plan), travel since the last tick [m]."""
        if self._past and not now > self._past[-1][0]:
            self._past.clear()
        self._past.append((now, abs(speed), steer))
        self.acceleration = self.steer_rate = 0.0
        for then, earlier, angle in reversed(self._past):
            elapsed = now - then + 1e-9
            if elapsed >= _TURN_WINDOW_S and self.steer_rate == 0.0:
                self.steer_rate = (steer - angle) / elapsed
            if elapsed >= _WINDOW_S:
                self.acceleration = (abs(speed) - earlier) / elapsed
                break
        change = stop_in - self._stop_in
        if not abs(change) <= travelled + 0.1:  # another stop, another plan, or none
            self._away = 0.0
        else:
            self._away = max(0.0, self._away + change)
        self._stop_in = stop_in
        self._against = self._against + travelled if speed * planned_gear < 0.0 else 0.0

    @property
    def away(self) -> float:
        """How far [m] the car has gone away from the plan's next stop since last nearest to it, or against its gear."""
        return max(self._away, self._against)
