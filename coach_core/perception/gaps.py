"""Gaps between cars parked along a kerb without painted slots, measured while driving past.

A side sensor tells where a parked car begins and ends, but not at once: its cone reaches ahead. A sonar of ten rays in
a cone of 1.2 rad hears a flank at the distance d from the moment the ray 0.26 rad ahead of the axis meets it, that is
d tan 0.26 before the axis does, and then along a slanted ray, 5 % too far; when the axis itself has met it the reading
drops to d. So each sensor tells two things of each end of a car: between which two pings the slanted ray met it, and
between which two the axis did. An end lies in the stretch that both sensors of that side allow; its middle is the
estimate, its width the uncertainty.

Along a strip, s [m] runs from its first point to its second, and w [m] from the kerb into the road.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coach_core.contracts import ParkingStrip
from coach_core.geometry.poses import Polygon, as_pose
from coach_core.perception.slots import Slot
from coach_core.perception.sonar import Floats, Mask

FACING = math.cos(math.radians(12.0))
"""Only a sensor that looks this squarely at the kerb measures."""
ROAD = 3.0
"""Sensors further than this [m] from the parked cars do not measure."""
LEAST_REACH = 0.3
"""What reaches less than this [m] from the kerb is the kerb."""
INNER_RAY = 0.25
"""The inner ring of rays leaves the axis by this part of the cone; its two lower rays by 120° from straight up."""
SLANT = 1.0235
"""Readings above this many times the flank's distance [1] came along the slanted ray: half way to 1 / cos(0.3)."""
WIDTH = 1.75
"""A car askew hides the corner at the kerb behind its flank: so much [m] times its slope further out."""
STRAIGHT = 0.06
"""Echoes further than this [m] from a line are not of one flank."""
MOST_ASKEW = 0.1
"""Flanks run this much askew to the learner's way at most [1]."""
BRIDGE = 2
"""So many silent pings within a car's echoes are drop-outs."""
SAME_END = 0.4
"""Two sensors that put an end further apart than this [m] speak of two cars."""
STEP = 0.02
"""A ping is kept when the sensor has moved this far [m] since its last."""
KEPT = 1500
"""Pings kept of each sensor: 75 s of driving past."""
UNSEEN = 0.6
"""Pings further apart than this [m] leave a stretch unseen."""
LEAST_GAP = 3.0
"""Shorter gaps [m] are the room between two cars."""
PIECE = 7.5
LONGEST = 9.0
"""A longer stretch [m] of free kerb becomes several slots; one still open is cut into pieces of `PIECE` [m]."""
POSE_SIGMA = 0.025
"""Of an end beside that [m]: where the sensor was, and that a car a little askew hides its other corner."""


class Edge(NamedTuple):
    """An end of a parked car lies between `low` and `high` [m along the strip]."""

    low: float
    high: float

    @property
    def at(self) -> float:
        return 0.5 * (self.low + self.high)

    @property
    def sigma(self) -> float:
        """Standard deviation [m]: anywhere in between is as likely."""
        return math.hypot((self.high - self.low) / math.sqrt(12.0), POSE_SIGMA)


class Body(NamedTuple):
    """A parked car, or whatever stands at the kerb; an end that was not driven past is None."""

    start: Edge | None
    end: Edge | None
    first: float
    """Echoes from here ..."""
    last: float
    """... to here [m along the strip]."""
    reach: float
    """How far it reaches from the kerb [m]."""
    pings: int


class _Pings:
    """What one sensor heard along the strip: s, w of the sensor, and the reading [m], inf for silence."""

    def __init__(self, field_of_view: float) -> None:
        self.tilt = INNER_RAY * field_of_view
        self.rows: list[tuple[float, float, float]] = []

    def add(self, s: float, w: float, distance: float) -> bool:
        """Whether the ping is kept."""
        if self.rows and abs(s - self.rows[-1][0]) < STEP:
            return False
        if len(self.rows) == KEPT:
            del self.rows[: KEPT // 10]
        self.rows.append((s, w, distance))
        return True

    def sorted(self) -> Floats:
        rows = np.array(self.rows).reshape(-1, 3)
        return rows[np.argsort(rows[:, 0], kind="stable")]


class StripScanner:
    """One strip: the bodies along it, and the gaps between them as slots."""

    def __init__(self, strip: ParkingStrip) -> None:
        self.strip = strip
        along = np.array([strip.x2_m - strip.x1_m, strip.y2_m - strip.y1_m])
        self.length = float(np.hypot(*along))
        self._origin = np.array([strip.x1_m, strip.y1_m])
        self._along = along / self.length
        self._across = np.array([-self._along[1], self._along[0]])
        self._yaw = math.atan2(self._along[1], self._along[0])
        self._heard: dict[int, _Pings] = {}
        self._pieces: list[tuple[float, float]] = []
        self._numbers = 0
        self._due = False
        self.gaps: list[Slot] = []
        self.bodies: list[Body] = []
        self.seen: tuple[float, float] | None = None
        """The stretch [m] driven past so far."""

    def take(self, sensors: Floats, readings: Floats, fresh: Mask) -> bool:
        """Take in pings (S,) [m] (inf: silence) of sensors (S, 5); whether bodies or gaps may have changed."""
        looks = -(np.cos(sensors[:, 2]) * self._across[0] + np.sin(sensors[:, 2]) * self._across[1])
        away = sensors[:, :2] - self._origin
        s, w = away @ self._along, away @ self._across
        near = (w > self.strip.depth_m - 0.5) & (w < self.strip.depth_m + ROAD) & (s > -2.0) & (s < self.length + 2.0)
        changed = False
        for k in np.flatnonzero((looks > FACING) & near & fresh & ~np.isnan(readings)):
            heard = self._heard.setdefault(int(k), _Pings(float(sensors[k, 3])))
            before = heard.rows[-1] if heard.rows else None
            # where the axis meets the flanks, about as deep in the strip as cars are wide
            aside = math.tan(math.remainder(sensors[k, 2] + 0.5 * math.pi - self._yaw, 2.0 * math.pi))
            reach = min(float(readings[k]), float(w[k]) - 0.8 * self.strip.depth_m)
            place = float(s[k]) + max(reach, 0.0) * aside
            if heard.add(place, float(w[k]), float(readings[k])):
                body = _is_body(float(w[k]), float(readings[k]))
                if before is None or _is_body(before[1], before[2]) != body:
                    self._due = True
                elif self._due or self.seen is None or not self.seen[0] - 0.5 < place < self.seen[1] + 0.5:
                    changed = True
        if changed:
            self._due = False
            self._measure()
        return changed

    def outlines(self) -> list[Polygon]:
        """What stands, or may stand, along the strip (each (4, 2), world): the bodies, and all that nobody has seen."""
        depth = self.strip.depth_m
        if self.seen is None:
            return [self._rectangle(0.0, self.length, depth)]
        boxes = []
        if self.seen[0] > 0.5:
            boxes.append((0.0, self.seen[0], depth))
        for body in self.bodies:
            start = body.start.low if body.start is not None else body.first
            end = body.end.high if body.end is not None else body.last
            boxes.append((start, max(end, start + 0.1), body.reach))
        if self.seen[1] < self.length - 0.5:
            boxes.append((self.seen[1], self.length, depth))
        return [self._rectangle(*box) for box in boxes]

    def covers(self, points: Floats) -> Mask:
        """Which of `points` (N, 2) lie where cars park: what is there is the scanner's business."""
        away = points - self._origin
        s, w = away @ self._along, away @ self._across
        inside: Mask = (s > -1.0) & (s < self.length + 1.0) & (w > -0.5) & (w < self.strip.depth_m + 0.4)
        return inside

    # --- measuring ----------------------------------------------------------------------------------------

    def _measure(self) -> None:
        found: list[Body] = []
        low, high = math.inf, -math.inf
        for heard in self._heard.values():
            rows = heard.sorted()
            if len(rows) < 3:
                continue
            low, high = min(low, rows[0, 0]), max(high, rows[-1, 0])
            for body in _bodies(rows, heard.tilt):
                _merge(found, body)
        if low > high:
            return
        self.seen = max(0.0, low), min(self.length, high)
        self.bodies = sorted((body for body in found if body.pings >= 2), key=lambda body: body.first)
        self._find_gaps()

    def _find_gaps(self) -> None:
        """Free stretches between the bodies, and at the ends of the strip if they were seen."""
        assert self.seen is not None
        ends: list[tuple[Edge | None, Edge | None]] = []
        left: Edge | None = Edge(self.seen[0], self.seen[0])
        for body in self.bodies:
            ends.append((left, body.start))
            left = body.end
        ends.append((left, Edge(self.seen[1], self.seen[1]) if self.seen[1] >= self.length - 0.5 else None))
        slots: list[Slot] = []
        for start, end in ends:
            if start is None:
                continue
            stop = end.at if end is not None else self.seen[1]
            if end is None and stop - start.at < LONGEST:
                continue  # still driving past it
            sigma = math.hypot(start.sigma, end.sigma if end is not None else POSE_SIGMA)
            for a, b in self._parts(start.at, stop, closed=end is not None):
                if b - a >= LEAST_GAP and self._was_seen(a, b):
                    slots.append(self._slot(a, b, sigma))
        self.gaps = slots

    def _parts(self, start: float, stop: float, *, closed: bool) -> list[tuple[float, float]]:
        length = stop - start
        if closed:
            count = math.ceil(length / LONGEST)
            return [(start + length * i / count, start + length * (i + 1) / count) for i in range(count)]
        return [(start + PIECE * i, start + PIECE * (i + 1)) for i in range(int(length / PIECE))]

    def _was_seen(self, start: float, stop: float) -> bool:
        """Whether one sensor looked at the whole stretch."""
        for heard in self._heard.values():
            s = heard.sorted()[:, 0]
            inside = np.concatenate(([start], s[(s > start) & (s < stop)], [stop]))
            if float(np.diff(inside).max()) < UNSEEN:
                return True
        return False

    def _slot(self, start: float, stop: float, sigma: float) -> Slot:
        """The stretch as a slot; it keeps its name while it is about where it was."""
        middle = 0.5 * (start + stop)
        entrance = self._origin + middle * self._along + self.strip.depth_m * self._across
        name = None
        for slot in self.gaps:
            if abs(float((slot.world_from_slot[:2] - entrance) @ self._along)) < 0.5 * LEAST_GAP:
                name = slot.slot_id
        if name is None:
            self._numbers += 1
            name = f"{self.strip.strip_id}-{self._numbers}"
        frame = as_pose([entrance[0], entrance[1], self._yaw - 0.5 * math.pi])
        return Slot(
            name, "parallel", frame, stop - start, self.strip.depth_m, 0.5 * math.pi, width_sigma=sigma, measured=True
        )

    def _rectangle(self, start: float, stop: float, reach: float) -> Polygon:
        corners = np.array([[start, 0.0], [stop, 0.0], [stop, reach], [start, reach]])
        outline: Polygon = self._origin + corners[:, :1] * self._along + corners[:, 1:] * self._across
        return outline


def _is_body(w: float, distance: float) -> bool:
    return w - distance >= LEAST_REACH


def _bodies(rows: Floats, tilt: float) -> list[Body]:
    """The bodies that one sensor heard: rows (N, 3) of s, w, reading [m], sorted by s; tilt [rad] of its inner rays."""
    s, w, distance = rows.T
    hit = w - distance >= LEAST_REACH
    starts, stops = _runs(hit)
    bodies = []
    for a, b in zip(starts, stops, strict=True):
        mine = np.arange(a, b)
        mine = mine[hit[mine]]
        first = _edge(s, distance, mine, a - 1, tilt, 1.0)
        last = _edge(s, distance, mine[::-1], b, tilt, -1.0)
        hidden = WIDTH * _slope(s[mine], w[mine] - distance[mine])
        if last is not None and hidden > 0.0:
            last = Edge(last.low + hidden, last.high + hidden)
        elif first is not None and hidden < 0.0:
            first = Edge(first.low + hidden, first.high + hidden)
        reach = float((w[mine] - distance[mine]).max())
        bodies.append(Body(first, last, float(s[a]), float(s[b - 1]), reach, len(mine)))
    return bodies


def _slope(s: Floats, reach: Floats) -> float:
    """How much a flank leans outwards along the strip [1]; 0 where it is too short to tell."""
    inner = (s > s.min() + 0.6) & (s < s.max() - 0.6)
    if np.count_nonzero(inner) < 5 or np.ptp(s[inner]) < 1.5:
        return 0.0
    x, y = s[inner], reach[inner]
    slope = float(((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum())
    straight = float(np.abs(y - y.mean() - slope * (x - x.mean())).max()) < STRAIGHT
    return slope if straight and abs(slope) < 0.5 * MOST_ASKEW else 0.0


def _runs(hit: Mask) -> tuple[list[int], list[int]]:
    """First and one past the last index of each run of hits, short silences within bridged."""
    at = np.flatnonzero(hit)
    if len(at) == 0:
        return [], []
    breaks = np.flatnonzero(np.diff(at) > BRIDGE + 1)
    return [int(at[0]), *at[breaks + 1].tolist()], [*(at[breaks] + 1).tolist(), int(at[-1]) + 1]


def _edge(s: Floats, distance: Floats, hits: NDArray[np.int64], outside: int, tilt: float, sign: float) -> Edge | None:
    """The end of a body that the hits (indices, from that end inwards) begin at; None if it was not driven past.

    outside: index of the last silent ping before it; sign: 1 where the body lies towards larger s.
    """
    if not 0 <= outside < len(s):
        return None
    along, away = np.abs(s[hits] - s[hits[0]]), distance[hits]
    flank = _flank(along, away)
    ahead = float(flank[0]) * math.tan(tilt) * math.sin(math.radians(120.0))
    bounds = [(s[outside] + sign * ahead, s[hits[0]] + sign * ahead)]
    square = np.flatnonzero((away <= SLANT * flank) & (along < 2.0 * ahead + UNSEEN))
    if len(square):
        before = outside if square[0] == 0 else hits[square[0] - 1]
        bounds.append((s[before], s[hits[square[0]]]))
    return _meet([(min(pair), max(pair)) for pair in bounds])


def _flank(along: Floats, away: Floats) -> Floats:
    """Distance [m] of a flank at each of its echoes `away` (N,) [m], `along` (N,) [m] from the first: a straight line
    through those far enough in to have come along the axis."""
    inner = (along > 0.5) & (along < 2.0)
    if np.count_nonzero(inner) < 4:
        return np.full(len(away), float(np.median(away)))
    x, y = along[inner], away[inner]
    slope = float(((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum())
    slope = min(max(slope, -MOST_ASKEW), MOST_ASKEW)
    line: Floats = float(np.median(y - slope * x)) + slope * along
    return line


def _meet(bounds: list[tuple[float, float]]) -> Edge:
    """What all of the bounds allow; where they contradict each other, the middle and how far they are apart."""
    low, high = max(low for low, _ in bounds), min(high for _, high in bounds)
    return Edge(float(min(low, high)), float(max(low, high)))


def _merge(found: list[Body], body: Body) -> None:
    """Add what another sensor heard: of the same body if most of one lies within the other.

    Two cars that stand close may be one to a sensor and two to the other; then they are one.
    """
    for other in list(found):
        shared = min(body.last, other.last) - max(body.first, other.first)
        if shared > 0.5 * min(body.last - body.first, other.last - other.first):
            found.remove(other)
            body = Body(
                _both(body.start, other.start, min),
                _both(body.end, other.end, max),
                min(body.first, other.first),
                max(body.last, other.last),
                max(body.reach, other.reach),
                body.pings + other.pings,
            )
    found.append(body)


def _both(a: Edge | None, b: Edge | None, outer: Callable[..., float]) -> Edge | None:
    """What two sensors say of one end; the outer one of ends too far apart to be the same."""
    if a is None or b is None:
        return a if b is None else b
    if abs(a.at - b.at) > SAME_END:
        return a if outer(a.at, b.at) == a.at else b
    return _meet([a, b])
