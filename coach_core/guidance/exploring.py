"""What is asked of a learner while no slot is chosen: on, back where the way on ends, or no further."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coach_core.contracts import SlotOffered
from coach_core.contracts.messages import Gear, Occupancy
from coach_core.geometry.polygons import path_clearances
from coach_core.geometry.poses import Pose, X, Y, advance, apply, inverse
from coach_core.guidance.earshot import Earshot
from coach_core.guidance.guide import STANDSTILL, Guide
from coach_core.guidance.search import PASSED, SlotSearch
from coach_core.perception.scene import Perception, Scene
from coach_core.perception.slots import Slot
from coach_core.vehicle import VehicleParams

FAR, EVERY = 3.0, 0.25
"""The way on is looked at as far as this [m], in steps of that."""
LEAST = 1.0
"""Whoever stands is sent off only where there is more room than this [m]."""
ENOUGH = 2.0
"""Whoever was sent back has come far enough with this much room [m] ahead ..."""
BEFORE = 4.0
"""... or, if it was for a slot that has been missed, with its entrance this far [m] ahead of the rear axle."""
CLOSE = 0.10
"""Something this near [m] to the body ends the way."""
LOOK_AGAIN = 0.2
"""Under way it is looked at again after this [m]."""
STOP_BEFORE, STOP_EARLY = 0.5, 2.0
"""... and the learner is stopped so far [m] before whatever ends it, and told so much [s] before that has to be: sooner
than it is warned of."""
NOTHING_LEFT = "prep.none"
STRAIGHT = 0.1
"""With the wheel turned less than this [rad] the sensors in the middle of the bumpers look where the car goes."""
AHEAD, BEHIND = (1, 2), (7, 8)
"""Sectors of those ..."""
AHEAD_CORNERS, BEHIND_CORNERS = (0, 3), (6, 9)
NEAR = 0.35
"""... and of the others at the ends; what any of them hears nearer than this [m] is as good as touched."""


class Explorer:
    """Remembers whether the learner has been sent back: that is tried once where the way on ends, and once where a slot
    that may be free has been passed; then there is no other way."""

    def __init__(self, vehicle: VehicleParams, perception: Perception, search: SlotSearch) -> None:
        self._vehicle = vehicle
        self._perception = perception
        self._search = search
        self._earshot = Earshot(vehicle)
        self._back = False
        self._been_back = False
        self._for_missed = False
        self._looked_again = False
        self._stopping = False
        self._looked: tuple[Pose, int, float] | None = None

    def known(self) -> tuple[list[Slot], dict[str, Occupancy]]:
        """The slots there are, and what is known of each."""
        slots = self._perception.slots
        return slots, {slot.slot_id: self._perception.occupancy(slot.slot_id) for slot in slots}

    def refusal(self, start: Pose, *, over: bool) -> list[SlotOffered]:
        """Why no slot is taken from `start` (world), if that is news; over: none will be."""
        why = self._search.refusal(*self.known(), start, over=over)
        return [] if why is None else [why]

    def cue(self, scene: Scene, speed: float, steer: float, gear: Gear, guide: Guide) -> str:
        """What to say at `speed` [m/s, signed] with the wheel at `steer` [rad]."""
        moving = abs(speed) > STANDSTILL
        stop_within = guide.stopping_distance(abs(speed)) + STOP_BEFORE + STOP_EARLY * abs(speed)
        self._stopping = moving and (
            self._stopping
            or self._blocked(scene, steer, 1 if speed > 0.0 else -1, stop_within)
            or (self._back and self._far_enough(scene, steer))
        )
        if self._stopping:
            return "move.stop_here"
        hope = self._search.ahead(self._perception.slots, self._perception.occupancy, scene.pose)
        # where nothing is painted, a gap may come at any time
        if not hope and not self._back and not self._perception.has_strips:
            if self._looked_again or not self._missed(scene, PASSED):
                return NOTHING_LEFT
            if moving:
                self._stopping = True
                return "move.stop_here"
            self._back = self._for_missed = True
        if not moving:
            return self._standing(scene, steer, gear)
        slots = self._search.open(self._perception.slots)
        nearer = speed > 0.0 and self._earshot.ask_nearer(slots, self._perception.occupancy, scene.pose)
        return "appr.gap" if nearer else "appr.slow"

    def _standing(self, scene: Scene, steer: float, gear: Gear) -> str:
        if self._back and (self._room(scene, steer, -1) < LEAST or self._far_enough(scene, steer)):
            if self._for_missed:
                self._looked_again = True
            else:
                self._been_back = True
            self._back = self._for_missed = False
        if not self._back and self._room(scene, steer, 1) >= LEAST:
            return "move.forward_slow" if gear == "D" else "gear.drive"
        if not self._back and (self._been_back or self._room(scene, steer, -1) < LEAST):
            return NOTHING_LEFT
        self._back = True
        return "move.back_slow" if gear == "R" else "gear.reverse"

    def _far_enough(self, scene: Scene, steer: float) -> bool:
        """Whether who was sent back may stop."""
        if self._for_missed:
            return not self._missed(scene, -BEFORE)
        return self._room(scene, steer, 1) >= ENOUGH

    def _missed(self, scene: Scene, by: float) -> bool:
        return self._search.missed(self._perception.slots, self._perception.occupancy, scene.pose, by)

    def _blocked(self, scene: Scene, steer: float, way: int, stop_within: float) -> bool:
        """Whether a car under way, way +1 forwards or -1 in reverse, meets something within so much [m]."""
        looked = self._looked
        if looked is not None and looked[1] == way:
            driven = math.hypot(scene.pose[X] - looked[0][X], scene.pose[Y] - looked[0][Y])
            if driven < LOOK_AGAIN:
                return looked[2] < FAR and looked[2] - driven < stop_within
        room = self._room(scene, steer, way)
        self._looked = scene.pose.copy(), way, room
        return room < min(FAR, stop_within)

    def _room(self, scene: Scene, steer: float, way: int) -> float:
        """How far [m] the car may drive, at most `FAR`: to what the lot map knows, or what was heard straight on."""
        bend = math.tan(steer) / self._vehicle.wheelbase
        ways = np.arange(EVERY, FAR + 0.5 * EVERY, EVERY)
        poses = [advance(scene.pose, bend, way * float(one)) for one in ways]
        clearances = np.minimum(
            path_clearances(self._vehicle, poses, scene.polygons), path_clearances(self._vehicle, poses, scene.kerbs)
        )
        met = np.flatnonzero((clearances < CLOSE) | self._among_echoes(poses, scene, way))
        room = FAR if len(met) == 0 else float(ways[met[0]]) - EVERY
        middle, corners = (AHEAD, AHEAD_CORNERS) if way > 0 else (BEHIND, BEHIND_CORNERS)
        if abs(steer) < STRAIGHT:
            room = min([room, *(float(scene.fused[sector]) for sector in middle if math.isfinite(scene.fused[sector]))])
        near = any(float(scene.fused[sector]) < NEAR for sector in (*middle, *corners))
        return 0.0 if near else max(0.0, room)

    def _among_echoes(self, poses: list[Pose], scene: Scene, way: int) -> NDArray[np.bool_]:
        """At which of the poses the body would be on something that was heard, standing or moving (N,); away from what
        touches the other end of it the car may go."""
        heard = np.vstack([scene.points, scene.movers[:, :2]])
        middle = 0.5 * (self._vehicle.wheelbase + self._vehicle.front_overhang - self._vehicle.rear_overhang)
        left_behind = self._covers(scene.pose, heard) & (way * (apply(inverse(scene.pose), heard)[:, X] - middle) < 0.0)
        return np.array([self._covers(pose, heard[~left_behind]).any() for pose in poses])

    def _covers(self, pose: Pose, points: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which of the points (N, 2) the body at `pose` is nearer to than `CLOSE` on every side (N,)."""
        car = self._vehicle
        x, y = apply(inverse(pose), points).T
        along = (x > -car.rear_overhang - CLOSE) & (x < car.wheelbase + car.front_overhang + CLOSE)
        return np.asarray(along & (abs(y) < 0.5 * car.width + CLOSE))
