"""The front door of the warnings: one input per tick in, one result out."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coach_core.errors import GeometryError
from coach_core.geometry.polygons import ObstacleSet
from coach_core.geometry.poses import apply
from coach_core.risk.course import turning_course
from coach_core.risk.echoes import fuse_echoes
from coach_core.risk.inputs import RiskInput, RiskResult, as_arrays, fraction, has_stop
from coach_core.risk.limits import RiskLimits
from coach_core.risk.looming import Looming
from coach_core.risk.memory import Fallen
from coach_core.risk.motion import Motion
from coach_core.risk.movers import NEVER, Crossing, first_crossing
from coach_core.risk.outline import FRONT_SECTORS, REAR_SECTORS, SECTOR_COUNT, echo_mounts, outline_of
from coach_core.risk.patterns import Situation, find_patterns
from coach_core.risk.rules import CAUTION, CLEAR, CRITICAL, WARNING, is_on_plan, levels_into, way_within
from coach_core.risk.sweep import CLOSING, GAP, TRAVEL, Reach, scan
from coach_core.risk.wheels import WheelSweep
from coach_core.vehicle import VehicleParams

Floats = NDArray[np.float64]

_ALL = (1 << SECTOR_COUNT) - 1
_MAX_SPEED, _MAX_STEER, _MAX_COORDINATE = 100.0, 1.5, 1e6
"""What is not below these [m/s, rad, m] is not a car's state but a broken number, as NaN is."""
_NO_TRAVEL: Floats = np.full(SECTOR_COUNT, np.inf)
_NO_ECHOES: Floats = np.empty((0, 2))
_PUSH_SHOWS_S = 0.2
"""Whoever speeds up on plan must still be on it this much later [s]."""


class RiskState:
    """The warnings of one car: keeps the hysteresis, the near echoes and the motion between ticks. Reads no clock."""

    def __init__(self, vehicle: VehicleParams, limits: RiskLimits | None = None, sensors: Floats | None = None) -> None:
        """sensors (12, 3): x, y [m] and yaw [rad] of each sector's sensor, ego frame; on the outline if not given.

        GeometryError names a limit that is not a positive number.
        """
        given = RiskLimits() if limits is None else limits
        for name, value in zip(given._fields, given, strict=True):
            if not (math.isfinite(value) and value > 0.0):
                raise GeometryError(f"risk limit {name} must be a positive number, is {value}")
        # kernels are compiled for floats: an int given by hand must not compile them anew
        self.limits = RiskLimits(given.version, *(float(value) for value in given[1:]))
        self._wheelbase, self._max_steer = vehicle.wheelbase, vehicle.max_steer
        self._body = outline_of(vehicle)
        self._mounts = echo_mounts(self._body, sensors)
        self._scratch = np.empty((4, SECTOR_COUNT))
        self._scan = np.empty((5, SECTOR_COUNT))
        self._held_travel = math.inf
        """Free travel [m] with the wheel held as it is: the plan itself may ask for the turn under way."""
        self._turning = np.empty((5, SECTOR_COUNT))
        self._wheels = WheelSweep(vehicle, self.limits)
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
        self._fallen = Fallen(self.limits.silent_for, self._body)
        self._looming = Looming(self.limits.looming_range, self.limits.looming_time, self._mounts[:, 4].tolist())

    def update(self, tick: RiskInput, now: float) -> RiskResult:
        """Judge one tick at `now` [s, any origin, not running back].

        Numbers that are NaN or infinite never raise: they make the result `blind` and at least a caution.
        GeometryError if an array has the wrong shape, which is a mistake in the caller.
        """
        pose, points, readings, ages, movers = as_arrays(tick)
        limits, found = self.limits, self._scan
        speed, steer = float(tick.speed), float(tick.steer)
        known = abs(speed) < _MAX_SPEED and abs(steer) < _MAX_STEER and _is_finite(pose)
        travelled = self._drive(pose) if known else 0.0
        distances = np.empty(SECTOR_COUNT)
        dead = fuse_echoes(
            readings,
            ages,
            self._odometer,
            limits.blind_after,
            limits.near_echo,
            limits.near_release,
            self._mounts,
            self._near,
            self._near_at,
            distances,
            self._echo_points,
        )
        pace, push, crossing, on_lines = 0.0, 0.0, NEVER, _NO_TRAVEL
        wheels = _NO_TRAVEL
        if known:
            stop_in = float(tick.planned_free_travel)
            self._motion.update(speed, steer, stop_in, tick.planned_gear, travelled, float(now))
            direction = _direction(speed, tick.gear, limits)
            pace = abs(speed)
            push = self._push(tick, direction)
            self._fallen.update(points, movers, pose, float(now))
            self._fallen.look(pose, self._mounts, readings)
            if not has_stop(tick) and len(self._fallen.points):
                points = np.concatenate((points, self._fallen.points))
            broken = self._sweep(pose, pace, steer, direction, push, points, tick.polygons)
            wheels, on_lines, bad_ground = self._roll(pose, pace, steer, direction, push, tick)
            self._turn_to_plan(pose, pace * direction, steer, points, tick)
            crossing, bad_movers = self._cross(movers, pose, pace, steer, direction)
            self._loom(tick, readings, ages, pace, direction, float(now))
            broken += bad_ground + bad_movers
        else:
            # where the car is or how it moves is unknown; unknown speed in gear counts as moving
            direction = 1 if tick.gear > 0 else -1 if tick.gear < 0 else 0
            found[:] = np.inf
            broken = 0
            self._fallen.clear()
            self._looming.clear()
        travel = found[TRAVEL].tolist()
        free_travel: float = min(travel)
        claimed = tick.on_plan and known
        soon = pace + max(push, 0.0) * _PUSH_SHOWS_S - (limits.braking_slack if fraction(tick.brake) > 0.0 else 0.0)
        on_plan = is_on_plan(claimed, float(tick.planned_free_travel), soon, self._held_travel, limits)
        moving = pace > limits.standstill_speed
        blind_ahead = bool(broken) or bool(dead & _mask(direction))
        floor = self._floor(dead, known and not broken, direction, moving or not known)
        if not on_plan and moving and on_lines is not _NO_TRAVEL:
            floor[on_lines < way_within(limits.warning_ttc, pace, push, limits)] = WARNING
        levels_into(found, floor, pace, push, on_plan, float(now), limits, self._held, self._since)

        distances = np.minimum(distances, found[GAP])
        held = self._held.copy()
        levels = held.tolist()
        level = max(levels)
        ttc = free_travel / pace if moving else math.inf
        situation = Situation(
            direction,
            pace,
            steer,
            levels,
            travel,
            found[CLOSING].tolist(),
            free_travel,
            ttc,
            blind_ahead,
            min(_least(wheels), _least(on_lines)),
            crossing.time,
            push,
        )
        return RiskResult(
            level=level,
            sector_distance=distances,
            sector_level=held,
            ttc=ttc,
            free_travel=free_travel,
            worst_sector=_worst(levels, travel, distances.tolist()),
            patterns=find_patterns(situation, self._motion, limits) if known else (),
            blind=bool(dead) or not known or bool(broken),
            muted=on_plan and CLEAR < level < CRITICAL,
        )

    def _push(self, tick: RiskInput, direction: int) -> float:
        """Acceleration [m/s²] that is under way, or that the pedals will bring: 0 where it is gentle, negative under
        the brake."""
        limits = self.limits
        if direction == 0:
            return 0.0
        brake = fraction(tick.brake)
        if brake > 0.0:
            return min(0.0, self._motion.acceleration, -limits.brake_share * limits.full_brake * brake)
        pedal, gained = limits.full_throttle * fraction(tick.throttle), self._motion.acceleration
        if has_stop(tick):  # on the way to a planned stop, moving off gently is what everybody does
            pedal = pedal if pedal > limits.surge_acceleration else 0.0
            gained = gained if gained > limits.gentle_push else 0.0
        push = max(pedal, gained)
        return min(push, limits.full_throttle) if push > limits.least_push else 0.0

    def _drive(self, pose: Floats) -> float:
        """Add the way from the last known pose to the odometer and return it [m]."""
        x, y = float(pose[0]), float(pose[1])
        travelled = 0.0 if self._last_xy is None else math.hypot(x - self._last_xy[0], y - self._last_xy[1])
        self._last_xy = (x, y)
        self._odometer += travelled
        return travelled

    def _way(self, pace: float, direction: int, push: float) -> float:
        """How far to look [m], negative in reverse."""
        limits = self.limits
        gained = way_within(limits.warning_ttc, pace, push, limits) if push > 0.0 else 0.0
        return direction * max(limits.horizon * max(pace, limits.creep), gained)

    def _sweep(
        self,
        pose: Floats,
        pace: float,
        steer: float,
        direction: int,
        push: float,
        points: Floats,
        polygons: ObstacleSet,
    ) -> int:
        """Fill the scan; returns how many obstacles were not finite."""
        limits = self.limits
        way = self._way(pace, direction, push)
        lookahead = min(pace * limits.reaction, limits.lateral_lookahead)
        rate = limits.lateral_closing_speed * lookahead / pace if pace > 0.0 else 0.0
        reach = Reach(limits.sector_range, limits.lateral_gap + limits.lower_distance, rate, limits.resolution)

        def look(angle: float, reach: Reach, out: Floats) -> int:
            return int(
                scan(
                    pose,
                    math.tan(angle) / self._wheelbase,
                    way,
                    direction * lookahead,
                    reach,
                    points,
                    polygons.vertices,
                    polygons.offsets,
                    self._echo_points,
                    self._body,
                    self._scratch,
                    out,
                )
            )

        broken = look(steer, reach, self._scan)
        self._held_travel = _least(self._scan[TRAVEL])
        for angle in self._turned(steer) if way != 0.0 else ():
            look(angle, Reach(0.0, 0.0, rate, limits.resolution), self._turning)
            np.minimum(self._scan[TRAVEL], self._turning[TRAVEL], out=self._scan[TRAVEL])
        return broken

    def _turned(self, steer: float) -> tuple[float, ...]:
        """Angles [rad] that stand for the turn under way, going on for one and for two seconds; none where the wheel is
        held."""
        limits, rate, lock = self.limits, self._motion.steer_rate, self._max_steer
        if abs(rate) < limits.turn_rate:
            return ()
        return tuple(max(-lock, min(lock, steer + rate * limits.turn_ahead * part)) for part in (0.5, 1.0))

    def _roll(
        self, pose: Floats, pace: float, steer: float, direction: int, push: float, tick: RiskInput
    ) -> tuple[Floats, Floats, int]:
        """Free travel [m] (12,) of the wheels to kerbs, which counts in the scan, and to lines; and how many of these
        were not finite."""
        if len(tick.kerbs.offsets) <= 1 and len(tick.lines.offsets) <= 1:
            return _NO_TRAVEL, _NO_TRAVEL, 0
        way = self._way(pace, direction, push)
        kerbs, lines, broken, bad_lines = _NO_TRAVEL, _NO_TRAVEL, 0, 0
        for angle in (steer, *self._turned(steer)):
            curvature = math.tan(angle) / self._wheelbase
            to_kerb, bad_kerbs = self._wheels.travel(pose, curvature, way, tick.kerbs)
            if len(tick.lines.offsets) > 1:
                to_line, bad_lines = self._wheels.travel(pose, curvature, way, tick.lines)
                lines = np.minimum(lines, to_line)
            if angle == steer:
                self._held_travel = min(self._held_travel, _least(to_kerb))
            kerbs, broken = np.minimum(kerbs, to_kerb), bad_kerbs + bad_lines
        np.minimum(self._scan[TRAVEL], kerbs, out=self._scan[TRAVEL])
        return kerbs, lines, broken

    def _turn_to_plan(self, pose: Floats, velocity: float, steer: float, points: Floats, tick: RiskInput) -> None:
        """Let what is judged against the plan be the way with the wheel turned on to its angle, where it is being
        turned there: held where it is now, it would leave the plan's way."""
        limits, rate = self.limits, self._motion.steer_rate
        stop_in = float(tick.planned_free_travel)
        if not tick.on_plan or not math.isfinite(stop_in) or not math.isfinite(tick.planned_steer):
            return
        if abs(rate) < limits.turn_rate or self._held_travel >= stop_in - limits.plan_tolerance:
            return
        course = turning_course(pose, steer, tick.planned_steer, rate, self._wheelbase, velocity, stop_in)
        if not course:
            return
        echoes = self._echo_points[np.isfinite(self._echo_points[:, 0])]
        if len(echoes):
            points = np.concatenate((points, apply(pose, echoes)))
        reach, free = Reach(0.0, 0.0, 0.0, limits.resolution), math.inf
        for piece in course:
            scan(
                piece.pose,
                piece.curvature,
                piece.way,
                0.0,
                reach,
                points,
                tick.polygons.vertices,
                tick.polygons.offsets,
                _NO_ECHOES,
                self._body,
                self._scratch,
                self._turning,
            )
            to_kerb, _ = self._wheels.travel(piece.pose, piece.curvature, piece.way, tick.kerbs)
            met = min(float(self._turning[TRAVEL].min()), float(to_kerb.min()))
            if met < math.inf:
                free = piece.before + met
                break
        self._held_travel = free

    def _cross(self, movers: Floats, pose: Floats, pace: float, steer: float, direction: int) -> tuple[Crossing, int]:
        """The first mover that will be met, which counts in the scan as what is met after the same way; and how many
        movers were not finite."""
        if not len(movers):
            return NEVER, 0
        limits = self.limits
        known = np.isfinite(movers).all(axis=1)
        curvature = math.tan(steer) / self._wheelbase
        met = first_crossing(
            movers[known], pose, curvature, direction * pace, self._body, limits.mover_margin, limits.horizon
        )
        if met.sector >= 0 and pace > limits.standstill_speed:
            self._scan[TRAVEL, met.sector] = min(self._scan[TRAVEL, met.sector], met.time * pace)
            self._held_travel = min(self._held_travel, met.time * pace)
        return met, int(len(movers) - known.sum())

    def _loom(self, tick: RiskInput, readings: Floats, ages: Floats, pace: float, direction: int, now: float) -> None:
        """Off plan, let what comes nearer very fast count in the scan as what is met when it is here."""
        self._looming.update(readings, ages, now)
        if has_stop(tick) or pace <= self.limits.standstill_speed:
            return
        left, sector = self._looming.soonest(_leading(direction), now)
        if sector >= 0:
            self._scan[TRAVEL, sector] = min(self._scan[TRAVEL, sector], left * pace)

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


def _direction(speed: float, gear: int, limits: RiskLimits) -> int:
    """Where the car goes: as it rolls, or as the gear says while it stands."""
    if abs(speed) > limits.standstill_speed:
        return 1 if speed > 0.0 else -1
    return 1 if gear > 0 else -1 if gear < 0 else 0


def _leading(direction: int) -> tuple[int, ...]:
    return FRONT_SECTORS if direction > 0 else REAR_SECTORS if direction < 0 else ()


def _mask(direction: int) -> int:
    return sum(1 << k for k in _leading(direction))


def _is_finite(pose: Floats) -> bool:
    x, y, yaw = pose.tolist()
    return bool(abs(x) < _MAX_COORDINATE and abs(y) < _MAX_COORDINATE and abs(yaw) < _MAX_COORDINATE)


def _least(travel: Floats) -> float:
    least: float = min(travel.tolist())
    return least


def _worst(levels: list[int], travel: list[float], distances: list[float]) -> int:
    """The sector with the highest level, then the least free travel, then the least distance; -1 if nothing is near."""
    keys = zip([-level for level in levels], travel, distances, range(SECTOR_COUNT), strict=True)
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
        np.zeros(3), 1.0, 0.2, 1, np.array([[6.0, 0.0]]), square, np.full(12, 2.0), np.zeros(12), True, 1.0,
        throttle=1.0,
    )  # fmt: skip
    state = RiskState(vehicle)
    for now in (0.0, 0.1):
        state.update(tick, now)
