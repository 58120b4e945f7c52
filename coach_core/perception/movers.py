"""Things that move: walkers and cars among the echoes that nothing known explains.

A sonar tells how fast something comes nearer, not which way it goes. Seen from a moving car standing things come
nearer too, but only as fast as the car goes towards them. Four pings in a row whose range changes faster than any
standing thing in the cone could make it are a mover; nothing else is. Its place and velocity are then followed by a
Kalman filter over the ranges of all sensors that hear it.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coach_core.contracts import SECTORS
from coach_core.perception.sonar import Floats

WINDOW = 4
"""Pings in a row that make a mover: three changes of range."""
MARGIN = 0.35
"""The range must change by this much faster [m/s] than a standing thing's could; its noise is 0.1 m/s."""
STRAIGHT = 0.05
"""Largest distance [m] of a ping from the line through the window: a mover's range changes evenly."""
MAX_RATE = 4.0
"""Things that come nearer faster than this [m/s] are an echo of something else."""
MAX_GAP = 0.12
"""Pings further apart than this [s] are not in a row."""
CONE = 0.90
"""Half angle [rad] about the axis of the faces that may answer: the cone and the 22.5° they may be turned."""
GATE = 0.6
"""An echo this near [m] to where a mover is expected is its own."""
FORGET = 0.6
"""A mover not heard for this long [s] is gone."""
SLOW = 0.15
"""One slower than this [m/s] for `FORGET` has stopped: it is an obstacle like others."""
ACCELERATION = 1.5
"""What a mover may do [m/s²]."""
RANGE_SIGMA, BEARING_SIGMA = 0.04, 0.30
_TURNS = np.linspace(-CONE, CONE, 7)


class _Track:
    """One mover: state x, y [m], vx, vy [m/s], world, with covariance."""

    def __init__(self, sensor: Floats, distance: float, rate: float, now: float) -> None:
        """rate: radial velocity over ground [m/s], away from the sensor."""
        cos, sin = math.cos(sensor[2]), math.sin(sensor[2])
        self.state = np.array([sensor[0] + distance * cos, sensor[1] + distance * sin, rate * cos, rate * sin])
        turn = np.array([[cos, -sin], [sin, cos]])
        place = turn @ np.diag([RANGE_SIGMA**2, (BEARING_SIGMA * distance) ** 2]) @ turn.T
        speed = turn @ np.diag([0.1**2, 0.8**2]) @ turn.T
        self.covariance = np.block([[place, np.zeros((2, 2))], [np.zeros((2, 2)), speed]])
        self.at, self.heard_at, self.moving_at = now, now, now

    def predict(self, now: float) -> None:
        dt = now - self.at
        if dt <= 0.0:
            return
        step = np.eye(4)
        step[0, 2] = step[1, 3] = dt
        self.state = step @ self.state
        self.covariance = step @ self.covariance @ step.T
        self.covariance[2:, 2:] += np.eye(2) * (ACCELERATION * dt) ** 2
        self.at = now

    def gap(self, sensor: Floats, distance: float) -> float:
        """How far [m] an echo is from where this mover would give one; inf outside the cone."""
        dx, dy = self.state[0] - sensor[0], self.state[1] - sensor[1]
        off = abs((math.atan2(dy, dx) - sensor[2] + math.pi) % (2.0 * math.pi) - math.pi)
        return abs(math.hypot(dx, dy) - distance) if off < CONE else math.inf

    def update(self, sensor: Floats, distance: float, now: float) -> None:
        """Take in an echo: its range, and that it came from about the axis."""
        dx, dy = self.state[0] - sensor[0], self.state[1] - sensor[1]
        away = max(math.hypot(dx, dy), 0.05)
        off = (math.atan2(dy, dx) - sensor[2] + math.pi) % (2.0 * math.pi) - math.pi
        slope = np.zeros((2, 4))
        slope[0, :2] = dx / away, dy / away
        slope[1, :2] = -dy / away**2, dx / away**2
        miss = np.array([distance - away, -off])
        spread = slope @ self.covariance @ slope.T + np.diag([RANGE_SIGMA**2, BEARING_SIGMA**2])
        gain = np.linalg.solve(spread, slope @ self.covariance).T
        self.state = self.state + gain @ miss
        self.covariance = (np.eye(4) - gain @ slope) @ self.covariance
        self.heard_at = now
        if math.hypot(self.state[2], self.state[3]) >= SLOW:
            self.moving_at = now


class MoverTracker:
    """Finds and follows the movers."""

    def __init__(self) -> None:
        count = len(SECTORS)
        self._range = np.full((WINDOW, count), np.nan)
        self._time = np.full((WINDOW, count), np.nan)
        self._place = np.zeros((WINDOW, count, 2))
        self._tracks: list[_Track] = []
        self._movers: Floats = np.empty((0, 4))
        self._remembers = False
        """Whether any window holds a ping."""

    @property
    def movers(self) -> Floats:
        """(N, 4) x, y [m], vx, vy [m/s], world."""
        return self._movers

    def clear(self) -> None:
        self._range[:] = np.nan
        self._tracks.clear()
        self._movers = np.empty((0, 4))

    def take(
        self, sensors: Floats, echo: Floats, fresh: NDArray[np.bool_], news: NDArray[np.bool_], now: float
    ) -> NDArray[np.bool_]:
        """Take in pings (12,) [m] of sensors (12, 5); returns which of them came from a mover.

        fresh: which are new pings; news: which of their echoes nothing known explains.
        """
        own = np.zeros(len(echo), dtype=np.bool_)
        found = [s for s, new in enumerate(news.tolist()) if new]
        if not found and not self._tracks and not self._remembers:
            return own  # nothing new and nothing remembered
        if not fresh.any():
            return own
        self._remember(sensors, echo, fresh, news, now)
        self._remembers = bool(found) or not math.isnan(np.fmax.reduce(self._range[-1]))
        for track in self._tracks:
            track.predict(now)
        rate = self._moving(sensors) if found else None
        for s in found:
            gaps = [track.gap(sensors[s], float(echo[s])) for track in self._tracks]
            if gaps and min(gaps) < GATE:
                self._tracks[gaps.index(min(gaps))].update(sensors[s], float(echo[s]), now)
                own[s] = True
            elif rate is not None and math.isfinite(rate[s]):
                self._tracks.append(_Track(sensors[s], float(echo[s]), float(rate[s]), now))
                own[s] = True
        if self._tracks or len(self._movers):
            self._tracks = [
                track for track in self._tracks if now - track.heard_at < FORGET and now - track.moving_at < FORGET
            ]
            self._movers = np.array([track.state for track in self._tracks]).reshape(-1, 4)
        return own

    def _remember(
        self, sensors: Floats, echo: Floats, fresh: NDArray[np.bool_], news: NDArray[np.bool_], now: float
    ) -> None:
        """Push the pings into the windows; one that is no news, or leaps, begins its window anew."""
        if not news.any():
            self._range[:, fresh] = np.nan
            return
        with np.errstate(invalid="ignore"):
            leaps = np.abs(echo - self._range[-1]) > MAX_RATE * (now - self._time[-1]) + 0.05
            broken = fresh & (~news | leaps | (now - self._time[-1] > MAX_GAP))
        self._range[:, broken] = np.nan
        for column, newest in ((self._range, np.where(news, echo, np.nan)), (self._time, np.full(len(echo), now))):
            column[:-1, fresh] = column[1:, fresh]
            column[-1, fresh] = newest[fresh]
        self._place[:-1, fresh] = self._place[1:, fresh]
        self._place[-1, fresh] = sensors[fresh, :2]

    def _moving(self, sensors: Floats) -> Floats:
        """(12,) radial velocity over ground [m/s] of what each sensor hears, where it moves; NaN elsewhere."""
        time = self._time - self._time.mean(axis=0)
        mean = self._range.mean(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            slope = (time * (self._range - mean)).sum(axis=0) / (time * time).sum(axis=0)
            even = np.abs(self._range - mean - slope * time).max(axis=0) < STRAIGHT
            velocity = (self._place[-1] - self._place[0]) / (self._time[-1] - self._time[0])[:, None]
            turned = sensors[:, 2][None, :] + _TURNS[:, None]
            towards = velocity[:, 0] * np.cos(turned) + velocity[:, 1] * np.sin(turned)
            # a slanting face comes nearer along the ray faster than along its normal
            slant = 1.0 / math.cos(math.radians(22.5))
            most, least = towards.max(axis=0), towards.min(axis=0)
            lowest = -np.where(most > 0.0, most * slant, most) - MARGIN
            highest = -np.where(least < 0.0, least * slant, least) + MARGIN
            # one leap to another ray's echo tilts the line; what moves does so from each ping to the next
            middle = np.median(np.diff(self._range, axis=0) / np.diff(self._time, axis=0), axis=0)
            nearer = (slope < lowest) & (middle < lowest + MARGIN)
            farther = (slope > highest) & (middle > highest - MARGIN)
            moves = even & (nearer | farther)
            along = velocity[:, 0] * np.cos(sensors[:, 2]) + velocity[:, 1] * np.sin(sensors[:, 2])
        return np.where(moves, slope + along, np.nan)
