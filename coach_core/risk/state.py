"""The front door of the warnings: one input per tick in, one result out."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coach_core.errors import GeometryError
from coach_core.geometry.polygons import ObstacleSet
from coach_core.risk.echoes import fuse_echoes
from coach_core.risk.limits import RiskLimits
from coach_core.risk.outline import FRONT_SECTORS, REAR_SECTORS, SECTOR_COUNT, echo_mounts, outline_of
from coach_core.risk.patterns import Motion, Situation, find_patterns
from coach_core.risk.rules import CAUTION, CLEAR, CRITICAL, WARNING, is_on_plan, levels_into
from coach_core.risk.sweep import CLOSING, GAP, TRAVEL, Reach, scan
from coach_core.vehicle import VehicleParams

Floats = NDArray[np.float64]

NO_POINTS: Floats = np.empty((0, 2))
NO_POLYGONS = ObstacleSet(np.empty((0, 2)), np.zeros(1, dtype=np.int64), np.empty((0, 4)))
_ALL = (1 << SECTOR_COUNT) - 1
_MAX_SPEED, _MAX_STEER, _MAX_COORDINATE = 100.0, 1.5, 1e6
"""What is not below these [m/s, rad, m] is not a car's state but a broken number, as NaN is."""


class RiskInput(NamedTuple):
    """What one tick knows.

    pose (3,) world [m, m, rad]; speed [m/s], negative backwards; steer [rad, left positive]; gear +1 forward, -1
    reverse, 0 parked or neutral; points (N, 2) world, echoes of the map; polygons, convex and packed, world: walls and
    cars known or assumed; readings (12,) raw ultrasonic distance by sector [m], NaN or inf where there was no echo;
    reading_age_s (12,). on_plan: the pose follows the plan within its tolerance; planned_free_travel: to the plan's
    next stop [m], NaN if none.
    """

    pose: Floats
    speed: float
    steer: float
    gear: int
    points: Floats
    polygons: ObstacleSet
    readings: Floats
    reading_age_s: Floats
    on_plan: bool
    planned_free_travel: float


class RiskResult(NamedTuple):
    """What one tick says. Levels 0 clear, 1 caution, 2 warning, 3 critical.

    level: worst of the sectors. sector_distance (12,) [m] from the outline to the nearest thing in the sector, inf if
    none within range; sector_level (12,) held by the hysteresis. ttc [s] and free_travel [m] along the swept path to
    the first contact, inf if none within the horizon. worst_sector: index into SECTORS, -1 if nothing is near.
    patterns: names. blind: something needed to judge was missing (a dead sensor, a number that is none). muted: the
    driver follows the plan towards what is near; show the level, but make no sound. Never true at critical.
    """

    level: int
    sector_distance: Floats
    sector_level: NDArray[np.int64]
    ttc: float
    free_travel: float
    worst_sector: int
    patterns: tuple[str, ...]
    blind: bool
    muted: bool


class RiskState:
    """The warnings of one car: keeps the hysteresis, the near echoes and the motion between ticks. Reads no clock."""

    def __init__(self, vehicle: VehicleParams, limits: RiskLimits | None = None) -> None:
        """GeometryError names a limit that is not a positive number."""
        given = RiskLimits() if limits is None else limits
        for name, value in zip(given._fields, given, strict=True):
            if not (math.isfinite(value) and value > 0.0):
                raise GeometryError(f"risk limit {name} must be a positive number, is {value}")
        # kernels are compiled for floats: an int given by hand must not compile them anew
        self.limits = RiskLimits(given.version, *(float(value) for value in given[1:]))
        self._wheelbase = vehicle.wheelbase
        self._body = outline_of(vehicle)
        self._mounts = echo_mounts(self._body)
        self._scratch = np.empty((4, SECTOR_COUNT))
        self._scan = np.empty((5, SECTOR_COUNT))
        self._echo_points = np.empty((SECTOR_COUNT, 2))
        self.reset()

    def reset(self) -> None:
        """Forget everything, as for a new session."""
        self._held = np.zeros(SECTOR_COUNT, dtype=np.int64)
        self._since = np.full(SECTOR_COUNT, np.nan)
        self._near = np.full(SECTOR_COUNT, np.inf)
        self._near_at = np.full(SECTOR_COUNT, -np.inf)
        self._odometer = 0.0
        self._last_xy: tuple[float, float] | None = None
        self._motion = Motion()

    def update(self, tick: RiskInput, now: float) -> RiskResult:
        """Judge one tick at `now` [s, any origin, not running back].

        Numbers that are NaN or infinite never raise: they make the result `blind` and at least a caution.
        GeometryError if an array has the wrong shape, which is a mistake in the caller.
        """
        pose, points, readings, ages = _as_arrays(tick)
        limits, found = self.limits, self._scan
        speed, steer = float(tick.speed), float(tick.steer)
        known = abs(speed) < _MAX_SPEED and abs(steer) < _MAX_STEER and bool((np.abs(pose) < _MAX_COORDINATE).all())
        travelled = self._drive(pose) if known else 0.0
        distances = np.empty(SECTOR_COUNT)
        dead = fuse_echoes(
            readings,
            ages,
            self._odometer,
            limits,
            self._mounts,
            self._near,
            self._near_at,
            distances,
            self._echo_points,
        )
        if known:
            direction = _direction(speed, tick.gear, limits)
            broken = self._sweep(pose, speed, steer, direction, points, tick.polygons)
        else:
            # where the car is or how it moves is unknown; unknown speed in gear counts as moving
            direction = 1 if tick.gear > 0 else -1 if tick.gear < 0 else 0
            found[:] = np.inf
            broken = 0
        pace = abs(speed) if known else 0.0
        free_travel = float(found[TRAVEL].min())
        on_plan = bool(is_on_plan(tick.on_plan, float(tick.planned_free_travel), pace, free_travel, limits))
        moving = pace > limits.standstill_speed
        blind_ahead = bool(broken) or bool(dead & _mask(direction))
        floor = self._floor(dead, known and not broken, direction, moving or not known)
        levels_into(found, floor, pace, on_plan and known, float(now), limits, self._held, self._since)

        distances = np.minimum(distances, found[GAP])
        level = int(self._held.max())
        ttc = free_travel / pace if moving else math.inf
        if known:
            self._motion.update(speed, float(tick.planned_free_travel), travelled, float(now))
        held = self._held.copy()
        situation = Situation(
            direction,
            pace,
            steer,
            held.tolist(),
            found[TRAVEL].tolist(),
            found[CLOSING].tolist(),
            free_travel,
            ttc,
            blind_ahead,
        )
        return RiskResult(
            level=level,
            sector_distance=distances,
            sector_level=held,
            ttc=ttc,
            free_travel=free_travel,
            worst_sector=_worst(held, found[TRAVEL], distances),
            patterns=find_patterns(situation, self._motion, limits) if known else (),
            blind=bool(dead) or not known or bool(broken),
            muted=on_plan and known and CLEAR < level < CRITICAL,
        )

    def _drive(self, pose: Floats) -> float:
        """Add the way from the last known pose to the odometer and return it [m]."""
        x, y = float(pose[0]), float(pose[1])
        travelled = 0.0 if self._last_xy is None else math.hypot(x - self._last_xy[0], y - self._last_xy[1])
        self._last_xy = (x, y)
        self._odometer += travelled
        return travelled

    def _sweep(
        self, pose: Floats, speed: float, steer: float, direction: int, points: Floats, polygons: ObstacleSet
    ) -> int:
        """Fill the scan; returns how many obstacles were not finite."""
        limits = self.limits
        pace = abs(speed)
        curvature = math.tan(steer) / self._wheelbase
        way = direction * limits.horizon * max(pace, limits.creep)
        lookahead = min(pace * limits.reaction, limits.lateral_lookahead)
        rate = limits.lateral_closing_speed * lookahead / pace if pace > 0.0 else 0.0
        reach = Reach(limits.sector_range, limits.lateral_gap + limits.lower_distance, rate, limits.resolution)
        return int(
            scan(
                pose,
                curvature,
                way,
                direction * lookahead,
                reach,
                points,
                polygons.vertices,
                polygons.offsets,
                self._echo_points,
                self._body,
                self._scratch,
                self._scan,
            )
        )

    def _floor(self, dead: int, known: bool, direction: int, moving: bool) -> NDArray[np.int64]:
        """Levels that missing knowledge asks for by itself: caution, and a warning where the car moves into the
        unseen."""
        floor = np.zeros(SECTOR_COUNT, dtype=np.int64)
        unseen = dead if known else _ALL
        if not unseen:
            return floor
        for k in range(SECTOR_COUNT):
            if unseen >> k & 1:
                floor[k] = CAUTION
        if moving:
            for k in _leading(direction):
                if unseen >> k & 1:
                    floor[k] = WARNING
        return floor


def _as_arrays(tick: RiskInput) -> tuple[Floats, Floats, Floats, Floats]:
    """Contiguous float64 views (copies only where needed); GeometryError on a wrong shape."""
    pose = np.ascontiguousarray(tick.pose, dtype=np.float64)
    points = np.ascontiguousarray(tick.points, dtype=np.float64)
    readings = np.ascontiguousarray(tick.readings, dtype=np.float64)
    ages = np.ascontiguousarray(tick.reading_age_s, dtype=np.float64)
    if pose.shape != (3,):
        raise GeometryError(f"a risk input's pose has shape (3,), got {pose.shape}")
    if points.ndim != 2 or points.shape[1] != 2:
        raise GeometryError(f"a risk input's points have shape (N, 2), got {points.shape}")
    if readings.shape != (SECTOR_COUNT,) or ages.shape != (SECTOR_COUNT,):
        raise GeometryError(f"a risk input has {SECTOR_COUNT} readings and ages, got {readings.shape} and {ages.shape}")
    return pose, points, readings, ages


def _direction(speed: float, gear: int, limits: RiskLimits) -> int:
    """Where the car goes: as it rolls, or as the gear says while it stands."""
    if abs(speed) > limits.standstill_speed:
        return 1 if speed > 0.0 else -1
    return 1 if gear > 0 else -1 if gear < 0 else 0


def _leading(direction: int) -> tuple[int, ...]:
    return FRONT_SECTORS if direction > 0 else REAR_SECTORS if direction < 0 else ()


def _mask(direction: int) -> int:
    return sum(1 << k for k in _leading(direction))


def _worst(levels: NDArray[np.int64], travel: Floats, distances: Floats) -> int:
    """The sector with the highest level, then the least free travel, then the least distance; -1 if nothing is near."""
    keys = zip((-levels).tolist(), travel.tolist(), distances.tolist(), range(SECTOR_COUNT), strict=True)
    level, way, distance, sector = min(keys)
    return -1 if level == 0 and way == math.inf and distance == math.inf else sector


def warm_up() -> None:
    """Compile every kernel, or load it from the cache, with the argument types of real use."""
    vehicle = VehicleParams(2.8, 0.9, 0.9, 1.8, 0.6)
    square = ObstacleSet(
        np.array([[8.0, -1.0], [9.0, -1.0], [9.0, 1.0], [8.0, 1.0]]),
        np.array([0, 4]),
        np.array([[8.0, -1.0, 9.0, 1.0]]),
    )
    tick = RiskInput(
        np.zeros(3), 1.0, 0.2, 1, np.array([[6.0, 0.0]]), square, np.full(12, 2.0), np.zeros(12), True, 1.0
    )  # fmt: skip
    state = RiskState(vehicle)
    for now in (0.0, 0.1):
        state.update(tick, now)
