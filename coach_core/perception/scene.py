"""One picture of the surroundings from all the car senses; never from ground truth."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coach_core.contracts import SECTORS, LotMap, SensorFrame, VehicleProfile
from coach_core.contracts.messages import Occupancy
from coach_core.geometry.polygons import ObstacleSet, pack_obstacles
from coach_core.geometry.poses import YAW, Pose, X, Y, advance, apply, inverse
from coach_core.perception.echoes import SURPRISE, EchoMap
from coach_core.perception.gaps import StripScanner
from coach_core.perception.ground import joined, quads, strike_lines, widened
from coach_core.perception.localisation import MAX_SPEED, Localiser
from coach_core.perception.movers import MoverTracker
from coach_core.perception.occupancy import OccupancyWatcher, without_own
from coach_core.perception.slots import Slot, slot_from_map
from coach_core.perception.sonar import ROUND, PingFilter, Pings, SensorBank, expected

POINT_HALF_SIZE = 0.05
"""An echo point becomes a square of twice this [m] for the planner."""
_SQUARE = POINT_HALF_SIZE * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1.0]])
FAR = 2.5
"""Echoes from farther off [m] than this and from beyond the nearest end of an assumed car are taken for that car's."""
LOST_SIGMA = 0.25
"""While the pose is less sure than this [m], echoes are not compared with the lot map ..."""
STRIP_SIGMA = 0.5
"""... and while it is less sure than this, gaps are not measured: their lengths depend on the last few metres only."""
OLDEST_PING = 0.1
"""A ping stamped up to this [s] before its frame was taken where the car was then."""
TRAIL = 0.7
"""Echo points this near [m] to a mover were its own, before it was known to move."""
NOTHING: NDArray[np.float64] = np.empty((0, 4))
NO_OBSTACLES = pack_obstacles([])


KERB_MARGIN, KERB_LEAST = 0.10, 0.06
"""A turned front wheel reaches this far [m] beyond the body: plans keep off kerbs by that much more, as far as at
least the other is left to the place where the car is to stand."""
SIDE = 0.6
"""Within this [m] of a slot's sides an echo is taken for the neighbour's: a beam is wider than that where it ends."""
OVERRUN = 0.10
"""A point deeper in the car's body than this [m] cannot be."""
CONE_SIGMAS = 3.0
"""Half a sonar's cone in standard deviations of a place across it."""


class Scene(NamedTuple):
    """The coach's view at one frame; arrays are owned by the perception and valid until its next update."""

    pose: Pose
    """Always finite."""
    pose_known: bool
    """False while there is no usable fix: the pose is a guess."""
    points: NDArray[np.float64]
    """(N, 2) echo points [m, world] of things the lot map does not know."""
    points_revision: int
    readings: NDArray[np.float64]
    """(12,) m by sector; inf = no echo, NaN = this sensor has said nothing, or nonsense."""
    reading_age: NDArray[np.float64]
    """(12,) s since each sensor's last reading; inf if it never spoke, or last spoke nonsense."""
    polygons: ObstacleSet
    """Walls, and the cars that are or may be parked; the target slot is free."""
    jumped: bool
    movers: NDArray[np.float64] = NOTHING
    """(N, 4) x, y [m], vx, vy [m/s], world: walkers and cars under way. They are not among the points."""
    kerbs: ObstacleSet = NO_OBSTACLES
    """Raised edges: the body may overhang them, wheels must not touch them. Not among the polygons."""
    fused: NDArray[np.float64] = NOTHING
    """(12,) m by sector: the median of three readings, held over drop-outs of 0.2 s; inf = no echo."""
    pose_sigma: float = math.inf
    """How wrong the position may be [m, one standard deviation per axis]; inf before the first fix."""
    yaw_sigma: float = math.inf
    """[rad]"""
    point_sigma: NDArray[np.float64] = NOTHING
    """(N,) standard deviation [m] of each point's place against the car."""


class Perception:
    """Turns frames into scenes: pose, echo map, movers, occupancy of the slots."""

    def __init__(self, profile: VehicleProfile, lot: LotMap) -> None:
        self._painted: list[Slot] = [slot_from_map(slot) for slot in lot.slots]
        self._wall_outlines = [np.array(wall) for wall in lot.walls]
        self._wide: dict[float, ObstacleSet] = {}
        self._width = profile.width_m
        self._body = (
            OVERRUN - profile.rear_overhang_m,
            profile.wheelbase_m + profile.front_overhang_m - OVERRUN,
            0.5 * profile.width_m - OVERRUN,
        )
        """Rear, front and side [m] of where nothing can be but the car."""
        self._walls = pack_obstacles(self._wall_outlines)
        self._kerbs = pack_obstacles([np.array(kerb) for kerb in lot.kerbs])
        self.lines = strike_lines(lot.lines)
        """What no wheel should touch, though the body may pass over it."""
        ends = self._kerbs.offsets
        self._kerb_outlines = [self._kerbs.vertices[a:b] for a, b in pairwise(ends)]
        """Convex and anticlockwise."""
        self._fixed = pack_obstacles([np.array(outline) for outline in (*lot.walls, *lot.kerbs)])
        self._localiser = Localiser(profile.wheelbase_m)
        self._bank = SensorBank(profile)
        self._filter = PingFilter()
        self._watcher = OccupancyWatcher(self._painted)
        self._echoes = EchoMap()
        self._movers = MoverTracker()
        self._index = {f"us_{sector}": i for i, sector in enumerate(SECTORS)}
        self._stamp = [-1] * len(SECTORS)
        self._heard = np.full(len(SECTORS), -np.inf)
        self._readings = np.full(len(SECTORS), np.nan)
        self._target: str | None = None
        self._looked = -1
        self._strips = [StripScanner(strip) for strip in lot.strips]
        self._measuring = list(self._strips)
        self._slots = list(self._painted)
        self._gather()

    @property
    def slots(self) -> list[Slot]:
        """The painted slots, and the gaps measured so far; a gap keeps its name when it is measured better."""
        return self._slots

    @property
    def has_strips(self) -> bool:
        """Whether gaps are looked for along a kerb."""
        return bool(self._strips)

    def choose(self, slot_id: str) -> None:
        """The slot to park in: no car is assumed in it from now on, and a gap is no longer measured."""
        self._target = slot_id
        self._measuring = [strip for strip in self._strips if all(slot.slot_id != slot_id for slot in strip.gaps)]
        self._pack()

    def occupancy(self, slot_id: str) -> Occupancy:
        """What the echoes say of a slot so far."""
        return self._watcher.occupancy(slot_id)

    def occupied_probability(self, slot_id: str) -> float:
        """How likely it is that something stands in a slot."""
        return self._watcher.probability(slot_id)

    def obstacles_for(
        self, slot_id: str, points: NDArray[np.float64], sigma: NDArray[np.float64] | float = 0.0, *,
        kerb_margin: bool = True,
    ) -> ObstacleSet:  # fmt: skip
        """What a plan into `slot_id` must keep clear of: walls, kerbs, assumed cars and echo points (N, 2).

        sigma (N,) [m]: how well the points' places are known. kerb_margin: kerbs are taken for wider than they are; a
        car that is to leave may stand within that.
        """
        slot = self._slot(slot_id)
        room = KERB_MARGIN if kerb_margin else 0.0
        if slot is not None and slot.kind == "parallel":
            room = min(room, max(0.0, slot.kerb_room(self._width) - KERB_LEAST))
        return self._with(self._walls_and_kerbs(room), slot_id, points, sigma)

    def standing_for(
        self, slot_id: str, points: NDArray[np.float64], sigma: NDArray[np.float64] | float = 0.0
    ) -> ObstacleSet:
        """The same without the kerbs: what nothing of the car may touch."""
        return self._with(self._walls, slot_id, points, sigma)

    def _with(
        self, fixed: ObstacleSet, slot_id: str, points: NDArray[np.float64], sigma: NDArray[np.float64] | float
    ) -> ObstacleSet:
        slot = self._slot(slot_id)
        if slot is not None:
            points = points[~_at_the_sides(slot, points, sigma)]
        squares = quads(points[:, None, :] + _SQUARE)
        known = joined(fixed, self._cars, self._parked(slot_id))
        return joined(known, squares, np.ones(squares.size, dtype=np.bool_))

    def _slot(self, slot_id: str) -> Slot | None:
        return next((slot for slot in self._slots if slot.slot_id == slot_id), None)

    def _walls_and_kerbs(self, room: float) -> ObstacleSet:
        """What never moves, kerbs wider by `room` [m]; packed once, for plans are checked against it within a tick."""
        if room not in self._wide:
            kerbs = [widened(kerb, room) for kerb in self._kerb_outlines]
            self._wide[room] = pack_obstacles([*self._wall_outlines, *kerbs])
        return self._wide[room]

    @property
    def mounts(self) -> NDArray[np.float64]:
        """Where the sensors sit, as in `SensorBank.mounts`."""
        return self._bank.mounts

    def update(self, frame: SensorFrame) -> Scene:
        """The scene after `frame`. Readings that are not newer than the last of their sensor are ignored."""
        pose = self._localiser.update(frame)
        if self._localiser.jumped:
            self._echoes.clear()
            self._movers.clear()
        if self._localiser.pull != (0.0, 0.0):
            self._echoes.shift(self._localiser.pull, self._localiser.outage_since)
        now = frame.sim_time_s if math.isfinite(frame.sim_time_s) else math.nan
        fresh = self._hear(frame, now)
        if fresh is not None:
            self._take(self._when_pinged(frame, pose), fresh, now)
        return Scene(
            pose,
            self._localiser.known,
            self._echoes.points,
            self._echoes.revision,
            self._readings,
            now - self._heard,
            self._polygons,
            self._localiser.jumped,
            self._movers.movers,
            self._kerbs,
            self._filter.fused(now),
            self._localiser.sigma,
            self._localiser.yaw_sigma,
            self._echoes.sigma(self._localiser.drift),
        )

    # --- parts of an update -------------------------------------------------------------------------------

    def _hear(self, frame: SensorFrame, now: float) -> NDArray[np.bool_] | None:
        """Keep the readings that are new; says which sensors have spoken sense (12,), None if none has."""
        fresh = None
        for reading in frame.readings:
            index = self._index.get(reading.sensor_id)
            if index is None or reading.timestamp <= self._stamp[index]:
                continue
            self._stamp[index] = reading.timestamp
            distance = reading.distance
            if math.isnan(now) or not (distance is None or 0.0 <= distance < math.inf):
                self._heard[index], self._readings[index] = -np.inf, np.nan
                continue
            # Ages count simulated time: the wall's would make decisions depend on how fast the run is.
            self._heard[index] = now
            self._readings[index] = np.inf if distance is None else distance
            if fresh is None:
                fresh = np.zeros(len(SECTORS), dtype=np.bool_)
            fresh[index] = True
        return fresh

    def _when_pinged(self, frame: SensorFrame, pose: Pose) -> Pose:
        """Where the car was when its newest pings were taken: up to some frames before this one."""
        age = 1e-6 * (frame.timestamp - max([reading.timestamp for reading in frame.readings], default=frame.timestamp))
        if not 0.0 < age <= OLDEST_PING or not abs(frame.speed_mps) <= MAX_SPEED:
            return pose
        return advance(pose, 0.0, -frame.speed_mps * age)

    def _take(self, pose: Pose, fresh: NDArray[np.bool_], now: float) -> None:
        """What the new pings tell of points, movers and slots."""
        sensors = self._bank.at(pose)
        pings = self._filter.take(self._readings, fresh, self._bank.ranges, now)
        if self._localiser.sigma <= STRIP_SIGMA:
            changed = [strip.take(sensors, self._readings, fresh) for strip in self._measuring]
            if any(changed):
                self._gather()
        if not self._localiser.sigma <= LOST_SIGMA:
            return
        nearest = np.full((2, len(sensors)), np.inf)
        expected(sensors, self._fixed, nearest=nearest)
        walls = nearest[1].copy()
        cars = expected(sensors, self._cars, corner=ROUND, keep=self._assumed, nearest=nearest)
        there, known = nearest
        # a standing thing that the sonar should not hear is none that moves
        news = pings.echo < np.minimum(there, self._bank.ranges) - SURPRISE
        moving = self._movers.take(sensors, pings.echo, fresh, news, now)
        any_moving = bool(moving.any())
        still = Pings(np.where(moving, np.nan, pings.echo), pings.free) if any_moving else pings
        mapped = np.where(self._perhaps_a_cars(sensors, still.echo, cars[0]), np.nan, still.echo)
        if self._strips and news.any():  # along a kerb the scanners say what stands where
            mapped = np.where(self._at_strips(sensors, still.echo), np.nan, mapped)
        self._echoes.take(sensors, mapped, still.free, known, now, self._localiser.drift)
        self._forget_overrun(pose)
        if any_moving:
            self._forget_trails()
        states = self._watcher.states
        others = without_own(cars[1], walls)[:, : len(self._slots)]
        self._watcher.look(sensors, still, others, self._target)
        if self._echoes.revision != self._looked:
            self._looked = self._echoes.revision
            self._block()
        if self._watcher.states != states:
            self._gather()

    def _perhaps_a_cars(
        self, sensors: NDArray[np.float64], echo: NDArray[np.float64], cars: NDArray[np.float64]
    ) -> NDArray[np.bool_]:
        """Which echoes (S,) [m] come from so far that nobody can tell them from the corner of an assumed car that is
        shorter than its slot; what is in a slot is another matter. cars (S, K): distance [m] to each along any ray."""
        far: NDArray[np.bool_] = (echo > FAR) & (echo > cars.min(axis=1, initial=np.inf) - SURPRISE)
        for s in np.flatnonzero(far).tolist():
            x, y, yaw = sensors[s, :3].tolist()
            away = float(echo[s])
            place_x, place_y = x + away * math.cos(yaw), y + away * math.sin(yaw)
            far[s] = not any(_holds(slot, place_x, place_y) for slot in self._slots)
        return far

    def _at_strips(self, sensors: NDArray[np.float64], echo: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which echoes come from where cars park along a strip."""
        places = _places(sensors, np.nan_to_num(echo))
        inside: NDArray[np.bool_] = np.logical_or.reduce([strip.covers(places) for strip in self._strips])
        return inside

    def _forget_overrun(self, pose: Pose) -> None:
        """Drop the points where the car itself stands: what an echo came from was elsewhere in the cone."""
        points = self._echoes.points
        if len(points):
            ego = apply(inverse(pose), points)
            rear, front, side = self._body
            inside = (ego[:, X] > rear) & (ego[:, X] < front) & (np.abs(ego[:, Y]) < side)
            self._echoes.drop(inside)

    def _forget_trails(self) -> None:
        """Drop the points that a mover left behind before it was known to be one."""
        points = self._echoes.points
        if len(points):
            gaps = np.hypot(*(points[:, None, :] - self._movers.movers[None, :, :2]).transpose(2, 0, 1))
            self._echoes.drop((gaps < TRAIL).any(axis=1))

    def _block(self) -> None:
        """A slot with an echo point well inside it is not free, however much of it is."""
        points = self._echoes.points
        for slot in self.slots if len(points) else ():
            if slot.slot_id != self._target and self.occupancy(slot.slot_id) == "free":
                local = apply(inverse(slot.world_from_slot), points)
                deep = (local[:, X] > 0.2) & (local[:, X] < slot.depth - 0.4)
                if (deep & (np.abs(local[:, Y]) < slot.half_inside())).any():
                    self._watcher.block(slot.slot_id)

    def _parked(self, target: str | None) -> NDArray[np.bool_]:
        """Which slots a car is assumed in, (K,): one that nobody has looked into is taken as occupied."""
        keep = np.ones(self._cars.size, dtype=np.bool_)
        keep[: len(self._slots)] = [
            slot.slot_id != target and self.occupancy(slot.slot_id) != "free" for slot in self._slots
        ]
        return keep

    def _gather(self) -> None:
        """Put together the slots there are, and all that may stand somewhere: cars in slots, things along strips."""
        gaps = [slot for strip in self._strips for slot in strip.gaps]
        known = {slot.slot_id for slot in self._slots}
        if self._slots != self._painted or gaps:
            self._slots = [*self._painted, *gaps]
            self._watcher.watch(self._slots)
            for slot in gaps:
                if slot.slot_id not in known:
                    self._watcher.clear(slot.slot_id)
        outlines = [slot.assumed_car(self._watcher.sticks_out(slot.slot_id)) for slot in self._slots]
        self._cars = quads([*outlines, *(box for strip in self._strips for box in strip.outlines())])
        self._pack()

    def _pack(self) -> None:
        """Work out anew what is assumed, after a slot was chosen or an occupancy changed."""
        self._assumed = self._parked(self._target)
        self._polygons = joined(self._walls, self._cars, self._assumed)


def _places(sensors: NDArray[np.float64], echo: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where on the sensors' axes echoes (S,) [m] come from, (S, 2) world."""
    ahead = np.stack((np.cos(sensors[:, YAW]), np.sin(sensors[:, YAW])), axis=1)
    places: NDArray[np.float64] = sensors[:, :2] + echo[:, None] * ahead
    return places


def _holds(slot: Slot, x: float, y: float) -> bool:
    """Whether a place [m, world] lies in a slot."""
    slot_x, slot_y, yaw = slot.world_from_slot.tolist()
    dx, dy = x - slot_x, y - slot_y
    cos, sin = math.cos(yaw), math.sin(yaw)
    return bool(0.0 < cos * dx + sin * dy < slot.depth and abs(cos * dy - sin * dx) < 0.5 * slot.width)


def _at_the_sides(slot: Slot, points: NDArray[np.float64], sigma: NDArray[np.float64] | float) -> NDArray[np.bool_]:
    """Which echo points lie inside a slot but, for all that is known, close to its sides: a wide beam's echo of the
    neighbour, most likely. sigma [m]: of the points' places, for nobody knows where in the cone an echo came from."""
    local = apply(inverse(slot.world_from_slot), points) if len(points) else points
    side = np.abs(local[:, 1])
    half = 0.5 * slot.width
    reach = np.maximum(SIDE, CONE_SIGMAS * sigma)
    within: NDArray[np.bool_] = (side < half) & (side > half - reach) & (local[:, 0] > -SIDE)
    return within
