"""Sensors that measure the robot's surroundings and motion."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from worlds.headless.devices.lookup import LookupTable, NormalStream, quantise
from worlds.headless.errors import WorldError
from worlds.headless.physics.rays import SONAR_MAX_INCIDENCE, RayCaster, ray_directions
from worlds.headless.scenery import Place
from worlds.headless.vrml.scene import Frame, Matrix

_FACING = math.cos(SONAR_MAX_INCIDENCE)
_TYPES = {"generic": 0, "infra-red": 1, "sonar": 2, "laser": 3}


class Motion(NamedTuple):
    """What a robot does now: its frame in the world, velocity [m/s] and angular velocity [rad/s], world frame."""

    frame: Frame
    velocity: tuple[float, float, float]
    spin: tuple[float, float, float]


class Sensor:
    """A device that is sampled: every `period` ms after it was enabled, first when one period has passed."""

    def __init__(self, tag: int, place: Place) -> None:
        self.tag = tag
        self.place = place
        self.node = place.node.base
        self.name: str = place.node.get("name")
        self.mount = place.in_top()
        self.period = 0.0
        self.due = math.inf

    def enable(self, period: int, now: float) -> None:
        self.period = float(period)
        self.due = now + period if period > 0 else math.inf

    def describe(self) -> dict[str, Any]:
        return {}

    def measure(self, motion: Motion) -> Any:
        raise NotImplementedError


class DistanceSensor(Sensor):
    """One distance sensor; a `SonarBank` casts the rays of all of a robot's together."""

    def __init__(self, tag: int, place: Place, seed: int, robot: str) -> None:
        super().__init__(tag, place)
        node = self.node
        self.kind: str = node.get("type")
        if self.kind == "infra-red":
            sentence = "an infra-red DistanceSensor sees visible shapes, which are not modelled; use sonar or laser."
            raise WorldError(node.file, node.line, sentence)
        try:
            self.table = LookupTable(node.get("lookupTable"))
        except ValueError as error:
            raise WorldError(node.file, node.line, f'DistanceSensor "{self.name}": {error}.') from None
        self.aperture: float = node.get("aperture")
        rays = 1 if self.kind == "laser" else node.get("numberOfRays")
        directions = ray_directions(rays, self.aperture)
        self.directions: Matrix = directions @ self.mount.rotation.T
        tilt = np.arccos(np.clip(directions[:, 0], -1.0, 1.0))
        weights = np.exp(-np.square(tilt / max(self.aperture * node.get("gaussianWidth"), 1e-9)))
        self.weights: Matrix = weights / weights.sum()
        self._noise = NormalStream(seed, robot, self.name)
        self._resolution: float = node.get("resolution")

    def describe(self) -> dict[str, Any]:
        low, high = self.table.extremes
        return {
            "type": _TYPES[self.kind],
            "aperture": self.aperture,
            "table": self.table.flat,
            "min": low,
            "max": high,
        }

    def value(self, distances: Matrix, nearest: float) -> float:
        """Reading for the hits of this sensor's rays: all distances, and the least that counts (inf: none)."""
        if not self.table.rows:
            return 0.0
        reach = self.table.reach
        if self.kind == "generic":
            distance = float(self.weights @ np.minimum(distances, reach))
        else:
            distance = min(nearest, reach)
        return quantise(self.table.look_up(distance, self._noise), self._resolution)


class SonarBank:
    """All distance sensors of a robot, cast in one go."""

    def __init__(self, sensors: list[DistanceSensor]) -> None:
        self._spans: dict[int, tuple[int, slice]] = {}
        self._first_rays: list[int] = []
        origins, directions, deaf, at = [], [], [], 0
        for index, sensor in enumerate(sensors):
            count = len(sensor.directions)
            self._spans[sensor.tag] = index, slice(at, at + count)
            self._first_rays.append(at)
            deaf.append(np.full(count, sensor.kind == "sonar"))
            origins.append(np.repeat(sensor.mount.origin[None, :], count, axis=0))
            directions.append(sensor.directions)
            at += count
        self._origins = np.ascontiguousarray(np.concatenate(origins).T)
        self._directions = np.ascontiguousarray(np.concatenate(directions).T)
        self._deaf = np.concatenate(deaf)
        self.within = max(float(np.linalg.norm(s.mount.origin)) + s.table.reach for s in sensors)
        """No reading depends on anything farther from the robot's origin than this [m]."""
        self._heard: tuple[Frame, RayCaster, Matrix, list[float]] | None = None
        """From where and among what it was heard last: the distances, and the least of each sensor that counts."""

    def sample(self, due: list[DistanceSensor], robot: Frame, caster: RayCaster) -> list[tuple[int, float]]:
        """A reading of each sensor. Same frame, same surroundings: the same is heard; noise is always new."""
        heard = self._heard
        if heard is None or heard[0] is not robot or heard[1] is not caster:
            heard = self._heard = robot, caster, *self._hear(robot, caster)
        _, _, distances, nearest = heard
        samples = []
        for sensor in due:
            index, span = self._spans[sensor.tag]
            samples.append((sensor.tag, sensor.value(distances[span], nearest[index])))
        return samples

    def _hear(self, robot: Frame, caster: RayCaster) -> tuple[Matrix, list[float]]:
        distances, cosines = caster.cast(robot, self._origins, self._directions)
        # a sonar ray that comes in at a slant is lost, and what it met still hides what is behind
        heard = np.where(self._deaf & (cosines <= _FACING), np.inf, distances)
        return distances, np.minimum.reduceat(heard, self._first_rays).tolist()


class Gps(Sensor):
    """World position [m] with Gaussian error `accuracy`, and ground speed [m/s]."""

    def __init__(self, tag: int, place: Place, seed: int, robot: str) -> None:
        super().__init__(tag, place)
        node = self.node
        if node.get("noiseCorrelation"):
            raise WorldError(node.file, node.line, "GPS.noiseCorrelation is not modelled by the stand-in; leave it 0.")
        self._noise = NormalStream(seed, robot, self.name)
        # fields stay the same objects, whoever sets their values
        names = ("accuracy", "resolution", "speedNoise", "speedResolution")
        self._accuracy, self._resolution, self._spread, self._rounding = (node.fields[name] for name in names)
        self._sampled = False
        self._placed: tuple[Frame, list[float], list[float]] | None = None
        """The robot's frame, and in it the way from the robot's origin and the place in the world."""

    def enable(self, period: int, now: float) -> None:
        super().enable(period, now)
        self._sampled = False

    def measure(self, motion: Motion) -> list[float]:
        """x, y, z, then the velocity vector, which is not a number in the first sample: it takes two places."""
        if self._placed is None or self._placed[0] is not motion.frame:
            shift: Matrix = motion.frame.rotation @ self.mount.origin
            self._placed = motion.frame, shift.tolist(), (motion.frame.origin + shift).tolist()
        _, arm, place = self._placed
        accuracy, resolution = self._accuracy.value, self._resolution.value
        position = [quantise(v + accuracy * self._noise.next(), resolution) for v in place]
        turn = motion.spin[2]
        # robots here turn about z only
        moved = (motion.velocity[0] - turn * arm[1], motion.velocity[1] + turn * arm[0], motion.velocity[2])
        spread = self._spread.value
        blur = 1.0 + spread * self._noise.next() if spread else 1.0
        first, self._sampled = not self._sampled, True
        if first:
            return [*position, math.nan, math.nan, math.nan]
        rounding = self._rounding.value
        return position + [quantise(v * blur, rounding) for v in moved]


class InertialUnit(Sensor):
    """Orientation as a quaternion (x, y, z, w), world ENU."""

    def __init__(self, tag: int, place: Place, seed: int, robot: str) -> None:
        super().__init__(tag, place)
        self._noise = NormalStream(seed, robot, self.name)
        self._turned: tuple[Frame, tuple[float, float, float]] | None = None
        """The robot's frame, and the roll, pitch and yaw of the unit in it."""

    def describe(self) -> dict[str, Any]:
        return {"noise": self.node.get("noise")}

    def measure(self, motion: Motion) -> list[float]:
        if self._turned is None or self._turned[0] is not motion.frame:
            turn: Matrix = motion.frame.rotation @ self.mount.rotation
            (ahead, _, _), (aside, _, _), (up, m21, m22) = turn.tolist()
            pitch = math.asin(max(-1.0, min(1.0, -up)))
            self._turned = motion.frame, (math.atan2(m21, m22), pitch, math.atan2(aside, ahead))
        roll, pitch, yaw = self._turned[1]
        spread = self.node.get("noise")
        if spread:
            roll, pitch, yaw = (angle + spread * self._noise.next() for angle in (roll, pitch, yaw))
        cr, sr, cp, sp = math.cos(roll / 2), math.sin(roll / 2), math.cos(pitch / 2), math.sin(pitch / 2)
        cy, sy = math.cos(yaw / 2), math.sin(yaw / 2)
        return [
            sr * cp * cy - cr * sp * sy,
            cr * sp * cy + sr * cp * sy,
            cr * cp * sy - sr * sp * cy,
            cr * cp * cy + sr * sp * sy,
        ]


class Gyro(Sensor):
    """Angular velocity [rad/s] about the sensor's own axes."""

    def __init__(self, tag: int, place: Place, seed: int, robot: str) -> None:
        super().__init__(tag, place)
        node = self.node
        try:
            self._table = LookupTable(node.get("lookupTable"))
        except ValueError as error:
            raise WorldError(node.file, node.line, f'Gyro "{self.name}": {error}.') from None
        self._noise = NormalStream(seed, robot, self.name)

    def describe(self) -> dict[str, Any]:
        return {"table": self._table.flat}

    def measure(self, motion: Motion) -> list[float]:
        spin = (motion.frame.rotation @ self.mount.rotation).T @ np.array(motion.spin)
        shown = [self.node.get(axis) for axis in ("xAxis", "yAxis", "zAxis")]
        resolution = self.node.get("resolution")
        return [
            quantise(self._table.look_up(float(v), self._noise), resolution) if on else math.nan
            for v, on in zip(spin, shown, strict=True)
        ]
