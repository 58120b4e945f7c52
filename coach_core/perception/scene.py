"""One picture of the surroundings from all the car senses; never from ground truth."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coach_core.contracts import SECTORS, LotMap, SensorFrame, VehicleProfile
from coach_core.contracts.messages import Occupancy
from coach_core.geometry.polygons import ObstacleSet, pack_obstacles
from coach_core.geometry.poses import YAW, Pose, X, Y, apply, wrap_angle
from coach_core.perception.echoes import EchoMap, expected_echo
from coach_core.perception.localisation import Localiser
from coach_core.perception.slots import OccupancyWatcher, Slot, slot_from_map

POINT_HALF_SIZE = 0.05
"""An echo point becomes a square of twice this [m] for the planner."""


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


class Perception:
    """Turns frames into scenes: pose, echo map, occupancy of the slots."""

    def __init__(self, profile: VehicleProfile, lot: LotMap) -> None:
        self.slots: list[Slot] = [slot_from_map(slot) for slot in lot.slots]
        self._walls = [np.array(wall) for wall in lot.walls]
        self._localiser = Localiser(profile.wheelbase_m)
        self._watcher = OccupancyWatcher(self.slots)
        self._echoes = EchoMap()
        self._index = {f"us_{sector}": i for i, sector in enumerate(SECTORS)}
        self._mounts = {mount.sensor_id: mount for mount in profile.sensors}
        self._stamp = [-1] * len(SECTORS)
        self._heard = np.full(len(SECTORS), -np.inf)
        self._readings = np.full(len(SECTORS), np.nan)
        self._target: str | None = None
        self._occupancy: tuple[Occupancy, ...] = ()
        self._polygons = self._pack()

    def choose(self, slot_id: str) -> None:
        """The slot to park in: no car is assumed in it from now on."""
        self._target = slot_id
        self._polygons = self._pack()

    def occupancy(self, slot_id: str) -> Occupancy:
        """What the echoes say of a slot so far."""
        return self._watcher.occupancy(slot_id)

    def obstacles_for(self, slot_id: str, points: NDArray[np.float64]) -> ObstacleSet:
        """What a plan into `slot_id` must keep clear of: walls, assumed cars and echo points (N, 2)."""
        squares = [point + POINT_HALF_SIZE * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1.0]]) for point in points]
        return pack_obstacles([*self._walls, *self._assumed_cars(slot_id), *squares])

    def update(self, frame: SensorFrame) -> Scene:
        """The scene after `frame`. Readings that are not newer than the last of their sensor are ignored."""
        pose = self._localiser.update(frame)
        if self._localiser.jumped:
            self._echoes.clear()
        now = frame.sim_time_s if math.isfinite(frame.sim_time_s) else math.nan
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
            if self._localiser.known:
                self._take(reading.sensor_id, distance, pose)
        states = tuple(self.occupancy(slot.slot_id) for slot in self.slots)
        if states != self._occupancy:
            self._occupancy = states
            self._polygons = self._pack()
        return Scene(
            pose,
            self._localiser.known,
            self._echoes.points,
            self._echoes.revision,
            self._readings,
            now - self._heard,
            self._polygons,
            self._localiser.jumped,
        )

    def _take(self, sensor_id: str, distance: float | None, pose: Pose) -> None:
        mount = self._mounts.get(sensor_id)
        if mount is None:
            return
        position = apply(pose, [mount.x_m, mount.y_m])
        yaw = wrap_angle(pose[YAW] + mount.yaw_rad)
        self._watcher.look(np.array([position[X], position[Y], yaw]), distance, mount.max_range_m)
        expected = expected_echo(
            position[X],
            position[Y],
            yaw,
            mount.field_of_view_rad,
            mount.max_range_m,
            self._polygons.vertices,
            self._polygons.offsets,
        )
        self._echoes.add(position[X], position[Y], yaw, distance, mount.max_range_m, expected)

    def _assumed_cars(self, target: str | None) -> list[NDArray[np.float64]]:
        """A slot nobody has looked into is taken as occupied."""
        return [
            slot.assumed_car()
            for slot in self.slots
            if slot.slot_id != target and self.occupancy(slot.slot_id) != "free"
        ]

    def _pack(self) -> ObstacleSet:
        return pack_obstacles([*self._walls, *self._assumed_cars(self._target)])
