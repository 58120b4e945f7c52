"""Driving past cars parked along a kerb, in the stand-in's rays and with the sensors' noise.

Everything is drawn from uniform ranges: cars 3.6 to 5.0 m long and 1.6 to 1.95 m wide, 0.10 to 0.40 m from the kerb and
up to 2° askew, 0.9 to 1.3 m apart but for one gap of 4.5 to 8 m; the learner passes 0.6 to 1.6 m beside them at 1 to 4
m/s, up to 1.5° askew. Pings every 50 ms, 1 % of them lost; fixes with 2 cm of noise, a compass with 0.002 rad.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coach_core.contracts import LotMap, Pose2, SensorReading
from coach_core.contracts.messages import ParkingStrip
from coach_core.perception.scene import Perception, Scene
from tests.toy.frames import PROFILE, frame
from worlds.headless.physics.rays import SONAR_MAX_INCIDENCE, RayCaster, ray_directions
from worlds.headless.physics.shapes import Obstacle, Primitive
from worlds.headless.vrml.scene import IDENTITY, Frame, Node, rotation_matrix
from worlds.headless.vrml.tables import NodeSpec

Floats = NDArray[np.float64]
LENGTH, DEPTH = 40.0, 2.3
SENSOR_HEIGHT = 0.55
RAYS = 10
STRIP = ParkingStrip("K", 0.0, 0.0, LENGTH, 0.0, DEPTH)
LOT = LotMap(
    "kerbside",
    [],
    walls=[[(-20.0, -2.5), (60.0, -2.5), (60.0, -2.2), (-20.0, -2.2)]],
    kerbs=[[(-20.0, -0.3), (60.0, -0.3), (60.0, 0.0), (-20.0, 0.0)]],
    strips=[STRIP],
)


class Row(NamedTuple):
    """Parked cars, each x, y (its middle), yaw, length, width; and the gap from one to the next at `gap`."""

    cars: list[tuple[float, float, float, float, float]]
    gap: tuple[float, float]


class Passing(NamedTuple):
    """What came of driving past."""

    perception: Perception
    scenes: list[Scene]
    row: Row


def box(x: float, y: float, yaw: float, size: tuple[float, float, float]) -> Obstacle:
    """A box that stands on the ground."""
    turn = rotation_matrix([0.0, 0.0, 1.0, yaw])
    place = Frame(turn, np.array([x, y, 0.5 * size[2]]))
    node = Node(NodeSpec("Solid", {}, ("Solid",), frozenset(), None), 0, "", 0)
    return Obstacle(node, node, Primitive("box", IDENTITY, size), place)


def draw_row(rng: np.random.Generator) -> Row:
    """Cars along the strip with one gap among them."""
    cars: list[tuple[float, float, float, float, float]] = []
    at, gap = float(rng.uniform(1.0, 3.0)), (0.0, 0.0)
    for n in range(5):
        length, width = rng.uniform(3.6, 5.0), rng.uniform(1.6, 1.95)
        yaw, kerb = math.radians(rng.uniform(-2.0, 2.0)), rng.uniform(0.10, 0.40)
        half = 0.5 * (length * math.cos(yaw) + width * abs(math.sin(yaw)))
        if n == 2:
            room = rng.uniform(4.5, 8.0)
            gap = (at, at + room)
            at += room
        elif n:
            at += rng.uniform(0.9, 1.3)
        cars.append((at + half, kerb + 0.5 * width, yaw, length, width))
        at += 2.0 * half
    return Row(cars, gap)


def drive_past(seed: int, *, dropout: float = 0.01, fixes: bool = True) -> Passing:
    """One pass along the strip in the direction of its cars."""
    rng = np.random.default_rng([seed, 0x6A9])
    row = draw_row(rng)
    obstacles = [box(x, y, yaw, (length, width, 1.5)) for x, y, yaw, length, width in row.cars]
    obstacles += [box(20.0, -2.35, 0.0, (80.0, 0.3, 1.2)), box(20.0, -0.15, 0.0, (80.0, 0.3, 0.15))]
    flanks = max(y + 0.5 * width for _, y, _, _, width in row.cars)
    speed, askew = rng.uniform(1.0, 4.0), math.radians(rng.uniform(-1.5, 1.5))
    y = flanks + rng.uniform(0.6, 1.6) + 0.5 * PROFILE.width_m
    x, end = -6.0, row.cars[-1][0] + 4.0
    y -= math.tan(askew) * (row.gap[0] - x)
    sonar = Sonar(obstacles, rng, dropout)
    perception, scenes = Perception(PROFILE, LOT), []
    phase, seq, readings = float(rng.uniform(0.0, 0.05)), 0, list[SensorReading]()
    while x < end:
        now = 0.02 * seq
        if now >= phase:
            ago = now - phase
            readings = sonar.readings(
                x - speed * ago * math.cos(askew), y - speed * ago * math.sin(askew), askew, phase
            )
            phase += 0.05
        dx, dy = rng.normal(0.0, 0.02, 2)
        fix = Pose2(x + dx, y + dy, askew + rng.normal(0.0, 0.002)) if fixes or seq == 0 else Pose2(math.nan, 0.0, 0.0)
        sensed = frame(seq, pose=fix, readings=readings, speed_mps=speed * 1.003)
        scenes.append(perception.update(sensed))
        x, y, seq = x + 0.02 * speed * math.cos(askew), y + 0.02 * speed * math.sin(askew), seq + 1
    return Passing(perception, scenes, row)


class Sonar:
    """The twelve sonars of the learner's car in the stand-in's rays."""

    def __init__(self, obstacles: list[Obstacle], rng: np.random.Generator, dropout: float) -> None:
        self._caster, self._rng, self._dropout = RayCaster(obstacles), rng, dropout
        origins, directions = [], []
        for mount in PROFILE.sensors:
            turn = rotation_matrix([0.0, 0.0, 1.0, mount.yaw_rad])
            directions.append(ray_directions(RAYS, mount.field_of_view_rad) @ turn.T)
            origins.append(np.tile([mount.x_m, mount.y_m, SENSOR_HEIGHT], (RAYS, 1)))
        self._origins = np.ascontiguousarray(np.concatenate(origins).T)
        self._directions = np.ascontiguousarray(np.concatenate(directions).T)

    def readings(self, x: float, y: float, yaw: float, time: float) -> list[SensorReading]:
        place = Frame(rotation_matrix([0.0, 0.0, 1.0, yaw]), np.array([x, y, 0.0]))
        distances, cosines = self._caster.cast(place, self._origins, self._directions)
        heard = np.where(cosines <= math.cos(SONAR_MAX_INCIDENCE), np.inf, distances).reshape(-1, RAYS).min(axis=1)
        out = []
        for mount, nearest in zip(PROFILE.sensors, heard.tolist(), strict=True):
            spread = 0.01 * max(0.0, 1.0 - nearest / 4.0) if math.isfinite(nearest) else 0.0
            value = min(nearest, 4.0) * (1.0 + spread * self._rng.normal())
            silent = value >= 3.98 or self._rng.random() < self._dropout
            out.append(SensorReading(mount.sensor_id, None if silent else max(0.0, value), round(time * 1e6)))
        return out
