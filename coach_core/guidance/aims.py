"""What a plan is for: standing well in a slot, or having left one. Says what to ask the planner and when it is done."""

from __future__ import annotations

import math
from typing import Protocol

from coach_core.geometry.polygons import footprint
from coach_core.geometry.poses import YAW, Pose, X, Y, apply, inverse, wrap_angle
from coach_core.guidance.guide import side
from coach_core.guidance.leaving import Row
from coach_core.guidance.limits import MissionLimits
from coach_core.guidance.planning import Entry
from coach_core.guidance.tracker import slot_error
from coach_core.perception.slots import Slot
from coach_core.vehicle import VehicleParams

TIGHT_WITHIN = 3.5
"""This close [m] to its place along a kerb the car is between its neighbours."""
CROOKED = math.radians(2.5)
"""Turned by more than this a car is crooked, else at most off the middle."""


class Aim(Protocol):
    """One slot, and what is to be done about it."""

    slot: Slot
    secures: bool
    """Whether gear P and parking brake end it."""
    least_clearance: float
    """The rest of a plan is dropped when it would pass anything closer than this [m]."""
    row: Row | None
    """What is left, if a slot is."""

    def entry(self, pose: Pose) -> Entry:
        """Which kind of manoeuvre does it from `pose` (world)."""

    def goals(self) -> tuple[Pose, ...]:
        """Where the manoeuvre may end (world); the first is the best."""

    def reached(self, pose: Pose, corrections: int) -> bool:
        """Whether a car that stands at `pose` is done, having been corrected so often."""

    def nearly(self, pose: Pose) -> bool:
        """Whether a plan from `pose` would only mend how the car stands."""

    def will_do(self, end: Pose, *, last: bool) -> bool:
        """Whether a plan that ends at `end` is kept; last: while its last stroke is driven."""

    def is_tight(self, pose: Pose) -> bool:
        """Whether driving on a little is too far at `pose`."""

    def way_out(self, pose: Pose) -> tuple[int, tuple[float, ...]]:
        """Gear and wheel angles [rad] to try where no plan is found."""

    def reason_to_go_out(self, pose: Pose) -> tuple[str, dict[str, str]] | None:
        """The cue that says why the learner is asked out of the slot again, and its parameters."""


class IntoSlot:
    """Standing well in a slot."""

    secures = True
    row: Row | None = None

    def __init__(self, slot: Slot, vehicle: VehicleParams, limits: MissionLimits) -> None:
        self.slot = slot
        self._vehicle = vehicle
        self._limits = limits
        self._parked = slot.parked_pose(vehicle)
        self._along = slot.kind == "parallel"
        self.least_clearance = limits.clearance_along if self._along else limits.clearance

    def entry(self, pose: Pose) -> Entry:
        if self._along and self._inside(pose):
            return "align"
        return entry_of(self.slot)

    def goals(self) -> tuple[Pose, ...]:
        return (self._parked,)

    def reached(self, pose: Pose, corrections: int) -> bool:
        error = slot_error(self._parked, pose)
        limits = self._limits
        tried = corrections - (0 if self._off_the_road(pose) else limits.corrections)
        if self._along:
            good, fair = limits.good_along if corrections == 0 else limits.enough_along, limits.fair_along
        else:
            good, fair = limits.good, limits.fair
        return (tried >= 0 and good.holds(error)) or (tried >= limits.corrections and fair.holds(error))

    def nearly(self, pose: Pose) -> bool:
        return self._along and self._limits.enough_along.holds(slot_error(self._parked, pose))

    def will_do(self, end: Pose, *, last: bool) -> bool:
        limits = self._limits
        if self._along:
            keep = limits.keep_along if last else limits.keep_early_along
        else:
            keep = limits.keep if last else limits.keep_early
        return keep.holds(slot_error(self._parked, end))

    def is_tight(self, pose: Pose) -> bool:
        """Between a kerb and two cars; elsewhere the warnings say early enough when driving on gets dangerous."""
        return self._along and math.hypot(self._parked[X] - pose[X], self._parked[Y] - pose[Y]) < TIGHT_WITHIN

    def way_out(self, pose: Pose) -> tuple[int, tuple[float, ...]]:
        if not self._along:
            return (-1 if self.entry(pose) == "nose" else 1), (0.0,)
        turned = slot_error(self._parked, pose)[2]  # straight, or so that the car ends along the road
        return 1, (0.0, math.copysign(self._vehicle.max_steer, -turned))

    def reason_to_go_out(self, pose: Pose) -> tuple[str, dict[str, str]] | None:
        if not self._inside(pose):
            return None
        lateral, _, yaw = slot_error(self._parked, pose)
        return ("fix.crooked", {}) if abs(yaw) > CROOKED else ("fix.off_centre", {"dir": side(lateral)})

    def _off_the_road(self, pose: Pose) -> bool:
        """Along a kerb: whether the whole car stands behind its painted line. Across it the depth sees to that."""
        if not self._along or self.slot.measured:
            return True
        corners = apply(inverse(self.slot.world_from_slot), footprint(self._vehicle, pose))
        return float(corners[:, X].min()) >= 0.0

    def _inside(self, pose: Pose) -> bool:
        error = slot_error(self._parked, pose)
        return abs(error[0]) < 0.8 and abs(error[1]) < 1.5 and abs(error[2]) < 0.5


class OutOfSlot:
    """Having left a slot: the whole car beyond its mouth, and heading along the row."""

    secures = False

    def __init__(
        self, slot: Slot, row: Row, vehicle: VehicleParams, limits: MissionLimits, heading: float | None = None
    ) -> None:
        """heading: yaw [rad, world] to leave in if there is a choice; None: either way along the row."""
        self.slot = slot
        self.row: Row | None = row
        self._heading = heading
        self._row = row
        self._vehicle = vehicle
        self._limits = limits
        self.least_clearance = limits.clearance_along if slot.kind == "parallel" else limits.clearance

    def entry(self, pose: Pose) -> Entry:
        del pose
        return "leave"

    def goals(self) -> tuple[Pose, ...]:
        goals = self._row.goals(self.slot, self._vehicle)
        if self._heading is None:
            return goals
        return tuple(goal for goal in goals if math.cos(float(goal[YAW]) - self._heading) > 0.0) or goals

    def reached(self, pose: Pose, corrections: int) -> bool:
        del corrections
        return self._row.is_out(pose, self._vehicle)

    def nearly(self, pose: Pose) -> bool:
        del pose
        return False

    def will_do(self, end: Pose, *, last: bool) -> bool:
        del last
        return self._row.is_out(end, self._vehicle)

    def is_tight(self, pose: Pose) -> bool:
        return self.slot.kind == "parallel" and self._row.room_out(pose, self._vehicle) < 0.0

    def way_out(self, pose: Pose) -> tuple[int, tuple[float, ...]]:
        inwards = math.cos(float(pose[YAW]) - float(self.slot.world_from_slot[YAW]))
        return (-1 if inwards > 0.5 else 1), (0.0,)

    def reason_to_go_out(self, pose: Pose) -> tuple[str, dict[str, str]] | None:
        del pose
        return None


def entry_of(slot: Slot) -> Entry:
    """How a car gets from the aisle into a slot in which it is to stand that way."""
    if slot.kind == "parallel":
        return "along"
    return "nose" if math.cos(slot.parked_yaw) > 0.0 else "reverse"


STANDS_OUT = 0.4
"""A parked car may stand out of its slot this far [m] on any side ..."""
STANDS_TURNED = math.radians(15.0)
"""... and be turned by this much."""


def stands_in(slot: Slot, pose: Pose, vehicle: VehicleParams) -> bool:
    """Whether a car at `pose` (world) is parked in the slot, either way round."""
    local = apply(inverse(slot.world_from_slot), footprint(vehicle, pose))
    half = 0.5 * slot.width + STANDS_OUT
    if not ((local[:, X] > -STANDS_OUT) & (local[:, X] < slot.depth + STANDS_OUT) & (abs(local[:, Y]) < half)).all():
        return False
    turned = wrap_angle(float(pose[YAW]) - float(slot.world_from_slot[YAW]) - slot.parked_yaw)
    return abs(math.remainder(turned, math.pi)) < STANDS_TURNED
