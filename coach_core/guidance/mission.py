"""From looking for a slot to the parking brake: which plan is followed, and when it is made anew."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from coach_core.contracts import Cue, SlotChosen, SlotOffer, SlotOffered
from coach_core.contracts.messages import Gear
from coach_core.geometry.polygons import path_clearances
from coach_core.geometry.poses import YAW, Pose, X, Y, advance
from coach_core.guidance.guide import STANDSTILL, Advice, Guide, GuideLimits, Step, side
from coach_core.guidance.planning import DUE_AFTER, Entry, Planner, PlanRequest
from coach_core.guidance.selector import CueCatalogue
from coach_core.guidance.tracker import PlanTracker, slot_error
from coach_core.perception.scene import Perception, Scene
from coach_core.perception.slots import Slot
from coach_core.planner import PlanOptions, PlanResult, PlanSegment, PlanStatus
from coach_core.vehicle import VehicleParams


class Phase(StrEnum):
    """What the learner and the coach are doing."""

    SEARCH = "search"
    HALT = "halt"
    PLANNING = "planning"
    FOLLOW = "follow"
    SECURE = "secure"
    DONE = "done"


class Tolerance(NamedTuple):
    """How well the car must stand: beside and along its own direction [m], yaw [rad]."""

    lateral: float
    depth: float
    yaw: float

    def holds(self, error: tuple[float, float, float]) -> bool:
        return abs(error[0]) <= self.lateral and abs(error[1]) <= self.depth and abs(error[2]) <= self.yaw


class MissionLimits(NamedTuple):
    """When a plan is good enough; lengths [m], angles [rad]."""

    good: Tolerance = Tolerance(0.10, 0.24, math.radians(2.0))
    """Parked well: nothing to correct."""
    fair: Tolerance = Tolerance(0.14, 0.30, math.radians(2.8))
    """Parked: accepted once correcting has been tried `corrections` times."""
    keep: Tolerance = Tolerance(0.08, 0.14, math.radians(1.6))
    """The last stroke is kept while driving it exactly would end this close to the goal ..."""
    keep_early: Tolerance = Tolerance(0.12, 0.30, math.radians(3.0))
    """... and with more strokes to come, while it would end this close: they leave room for correcting."""
    corrections: int = 2
    early: float = 0.6
    """Having stopped this much before the end of a stroke, the learner need not creep on if the rest fits."""
    clearance: float = 0.12
    """The rest of a plan is dropped when it would pass anything closer than this."""
    rescue: float = 2.5
    """Way to pull forward when no plan is found."""


class MissionView(NamedTuple):
    """What the mission has to say of one frame."""

    phase: Phase
    cues: list[Cue]
    target_steer: float | None
    stop_in: float | None
    on_plan: bool


WAITING = (Step.GEAR, Step.STEER, Step.GO)
"""Steps at which the car stands."""
FALLBACK_EXPANSIONS = 4000
"""Effort of the general planner, where long strokes do not do: a learner waits for the answer."""
PREFACE = 2.0
"""A sentence that explains the next moves is shown this long [s]."""


class Mission:
    """The state between two frames; `update` is called once a frame."""

    def __init__(
        self,
        vehicle: VehicleParams,
        perception: Perception,
        planner: Planner,
        guide: Guide,
        cues: CueCatalogue,
        options: PlanOptions,
        limits: MissionLimits | None = None,
    ) -> None:
        self._vehicle = vehicle
        self._perception = perception
        self._planner = planner
        self._guide = guide
        self._cues = cues
        self._options = options
        self._limits = limits or MissionLimits()
        self.phase = Phase.SEARCH
        self.target: Slot | None = None
        self.tracker: PlanTracker | None = None
        self.result: PlanResult | None = None
        self.plan_id = 0
        self.events: list[SlotOffered | SlotChosen] = []
        self._steer = 0.0
        self._due = 0.0
        self._run_up = 0.0
        self._rejected: set[str] = set()
        self._corrections = 0
        self._preface: tuple[Cue, float] | None = None
        self._waiting_cue: Cue | None = None

    def update(self, now: float, scene: Scene, speed: float, steer: float, gear: Gear, secured: bool) -> MissionView:
        """Advance by one frame. speed [m/s] signed, steer [rad]; secured: gear P and parking brake set."""
        self._steer = steer
        if self.phase is Phase.SEARCH:
            self._search(now, scene, speed, steer)
        if self.phase is Phase.HALT and abs(speed) <= STANDSTILL:
            if self.result is not None and self._well_parked(scene.pose):
                self.phase = Phase.SECURE
            else:
                self._request(now, scene, scene.pose, 0.0)
        if self.phase is Phase.PLANNING and now >= self._due:
            self._collect(now, scene)
        view = self._view(now, scene, speed, steer, gear, secured)
        if view.cues:
            self._waiting_cue = view.cues[0]
        return view

    def disrupt(self) -> None:
        """The plan met something it did not expect: stop and plan again from there."""
        if self.phase is Phase.FOLLOW:
            self.phase = Phase.HALT

    # --- looking for a slot -------------------------------------------------------------------------------

    def _search(self, now: float, scene: Scene, speed: float, steer: float) -> None:
        free = [
            slot
            for slot in self._perception.slots
            if slot.slot_id not in self._rejected and self._perception.occupancy(slot.slot_id) == "free"
        ]
        if not free:
            return
        here = scene.pose[:YAW]
        self.target = min(free, key=lambda slot: float(np.hypot(*(slot.world_from_slot[:YAW] - here))))
        self._perception.choose(self.target.slot_id)
        if speed > STANDSTILL and abs(steer) < 0.06:
            run_up = speed * DUE_AFTER + self._guide.stopping_distance(speed) + 0.3
            self._request(now, scene, advance(scene.pose, 0.0, run_up), run_up)
        else:
            self.phase = Phase.HALT

    def _offer(self, result: PlanResult) -> None:
        assert self.target is not None
        offers = []
        for slot in self._perception.slots:
            occupancy = self._perception.occupancy(slot.slot_id)
            chosen = slot.slot_id == self.target.slot_id
            offers.append(
                SlotOffer(
                    slot.slot_id,
                    occupancy,
                    feasible=chosen,
                    rank=1 if chosen else None,
                    cusps=result.cusps if chosen else None,
                    clearance_m=round(float(result.min_clearance), 3) if chosen else None,
                    reason="nearest_free" if chosen else occupancy,
                )
            )
        self.events += [SlotOffered(offers), SlotChosen(self.target.slot_id)]

    # --- planning -----------------------------------------------------------------------------------------

    def _request(self, now: float, scene: Scene, start: Pose, run_up: float) -> None:
        assert self.target is not None
        goal = self.target.parked_pose(self._vehicle)
        obstacles = self._perception.obstacles_for(self.target.slot_id, scene.points)
        self._planner.submit(
            PlanRequest(
                self.target.slot_id,
                self._vehicle,
                start,
                goal,
                obstacles,
                self._steer,
                self._guide.turn_steers(),
                _entry(self.target),
                self._options,
            )
        )
        self._run_up = run_up
        self._due = now + DUE_AFTER
        self.phase = Phase.PLANNING

    def _collect(self, now: float, scene: Scene) -> None:
        result = self._planner.collect()
        if result is None:
            return
        assert self.target is not None
        if result.status is not PlanStatus.FOUND:
            self._no_plan(now, scene)
            return
        segments = list(result.segments)
        if self._run_up > 0.0:
            ahead = self._run_up - self._driven_since_request(scene, result)
            if segments[0].gear > 0 and abs(segments[0].steer) < 1e-6:
                segments[0] = segments[0]._replace(length=segments[0].length + ahead)
            else:
                segments.insert(0, PlanSegment(1, 0.0, ahead))
        if not any(isinstance(event, SlotChosen) for event in self.events) and self.plan_id == 0:
            self._offer(result)
        self._adopt(scene.pose if self._run_up > 0.0 else result.poses[0], segments, result)
        self._explain(now, scene)

    def _driven_since_request(self, scene: Scene, result: PlanResult) -> float:
        start = result.poses[0]
        left = (start[X] - scene.pose[X]) * math.cos(start[YAW]) + (start[Y] - scene.pose[Y]) * math.sin(start[YAW])
        return self._run_up - float(max(0.05, left))

    def _adopt(self, start: Pose, segments: list[PlanSegment], result: PlanResult | None) -> None:
        self.tracker = PlanTracker(start, segments, self._vehicle.wheelbase)
        self.result = result
        self.plan_id += 1
        self.phase = Phase.FOLLOW

    def _no_plan(self, now: float, scene: Scene) -> None:
        """Another slot if the way into this one was never found, else pull forward once and try again."""
        assert self.target is not None
        if self.plan_id == 0:
            self._rejected.add(self.target.slot_id)
            self.target, self.phase = None, Phase.SEARCH
            return
        self._preface = (self._cues.cue("fix.pull_forward"), now + PREFACE)
        out = -1 if _entry(self.target) == "nose" else 1
        ways = [PlanSegment(out, 0.0, float(way)) for way in np.arange(self._limits.rescue, 0.4, -0.3)]
        for segment in (*ways, PlanSegment(-out, 0.0, 0.5)):
            poses = PlanTracker(scene.pose, [segment], self._vehicle.wheelbase).rollout(scene.pose)
            room, *way = path_clearances(self._vehicle, poses, scene.polygons)
            if min(way) > min(self._limits.clearance, 0.8 * room):  # who stands close to something may leave it
                self._adopt(scene.pose, [segment], None)
                return
        self._preface, self.phase = None, Phase.HALT  # boxed in: stand, and look again

    def _explain(self, now: float, scene: Scene) -> None:
        """Why the learner is asked to leave the slot again."""
        assert self.target is not None
        assert self.tracker is not None
        if not self._inside(scene.pose) or self.tracker.segment.gear < 0:
            return
        lateral, _, yaw = slot_error(self.target.parked_pose(self._vehicle), scene.pose)
        cue = (
            self._cues.cue("fix.crooked")
            if abs(yaw) > math.radians(2.5)
            else self._cues.cue("fix.off_centre", dir=side(lateral))
        )
        self._preface = (cue, now + PREFACE)

    def _inside(self, pose: Pose) -> bool:
        assert self.target is not None
        error = slot_error(self.target.parked_pose(self._vehicle), pose)
        return abs(error[0]) < 0.8 and abs(error[1]) < 1.5 and abs(error[2]) < 0.5

    # --- what to say --------------------------------------------------------------------------------------

    def _view(self, now: float, scene: Scene, speed: float, steer: float, gear: Gear, secured: bool) -> MissionView:
        if self.phase is Phase.SEARCH:
            return self._plain(self._search_cue(speed, gear))
        if self.phase is Phase.HALT:
            return self._plain("move.stop_here", stop_in=0.0)
        if self.phase is Phase.PLANNING:
            if self.plan_id == 0:
                return self._plain("prep.slot")
            return MissionView(self.phase, [self._waiting_cue] if self._waiting_cue else [], None, None, True)
        if self.phase is Phase.SECURE:
            return self._secure(steer, secured, speed)
        if self.phase is Phase.DONE:
            return MissionView(self.phase, self._praise(), None, None, True)
        return self._follow(now, scene, speed, steer, gear)

    def _plain(self, cue_id: str, stop_in: float | None = None) -> MissionView:
        return MissionView(self.phase, [self._cues.cue(cue_id)], None, stop_in, True)

    def _search_cue(self, speed: float, gear: Gear) -> str:
        if abs(speed) <= STANDSTILL:
            return "move.forward_slow" if gear == "D" else "gear.drive"
        return "appr.slow"

    def _follow(self, now: float, scene: Scene, speed: float, steer: float, gear: Gear) -> MissionView:
        assert self.tracker is not None
        advice = self._guide.follow(self.tracker, scene.pose, speed, steer, gear)
        while advice.step is Step.FINISHED:
            if not self._next_segment(now, scene):
                return self._view(now, scene, speed, steer, gear, False)
            advice = self._guide.follow(self.tracker, scene.pose, speed, steer, gear)
        if advice.step in WAITING and self._near_enough(scene):
            self._go_on(scene)
            advice = self._guide.follow(self.tracker, scene.pose, speed, steer, gear)
        if advice.step is Step.LOST:
            self.phase = Phase.HALT
            return self._plain("move.stop_here", stop_in=0.0)
        return self._say(now, advice)

    def _say(self, now: float, advice: Advice) -> MissionView:
        cue = advice.cue
        if self._preface is not None:
            if now < self._preface[1] and advice.step in (Step.GEAR, Step.STEER):
                cue = self._preface[0]
            else:
                self._preface = None
        cues = [] if cue is None else [cue]
        return MissionView(self.phase, cues, advice.target_steer, advice.stop_in, advice.step is Step.DRIVE)

    def _next_segment(self, now: float, scene: Scene) -> bool:
        """Go on with the plan's next segment; False when the phase changed instead."""
        assert self.tracker is not None
        assert self.target is not None
        pose = scene.pose
        if self.result is not None and self._well_parked(pose):
            self.phase = Phase.SECURE
            return False
        if not self.tracker.is_last:
            if self._rest_fits(scene):
                self._go_on(scene)
                return True
        elif self.result is not None:
            self._corrections += 1
        self._request(now, scene, pose, 0.0)
        return False

    def _near_enough(self, scene: Scene) -> bool:
        """Stopped early, but the strokes to come fit from here as well: no need to creep up to the mark."""
        assert self.tracker is not None
        left = self.tracker.progress(scene.pose).remaining
        started = left < 0.5 * self.tracker.segment.length
        return started and left < self._limits.early and not self.tracker.is_last and self._rest_fits(scene)

    def _rest_fits(self, scene: Scene) -> bool:
        """Whether the strokes after the current one, driven exactly from here, would end well enough."""
        assert self.tracker is not None
        assert self.target is not None
        if self.result is None:
            return False
        limits, tracker = self._limits, self.tracker
        rest = tracker.rollout(scene.pose, tracker.index + 1)
        error = slot_error(self.target.parked_pose(self._vehicle), rest[-1])
        keep = limits.keep if tracker.index + 2 == len(tracker.segments) else limits.keep_early
        clear = path_clearances(self._vehicle, rest, scene.polygons).min() > limits.clearance
        return bool(clear) and keep.holds(error)

    def _go_on(self, scene: Scene) -> None:
        """Take up the next stroke from where the car really stands."""
        assert self.tracker is not None
        rest = self.tracker.segments[self.tracker.index + 1 :]
        self.tracker = PlanTracker(scene.pose, rest, self._vehicle.wheelbase)
        self.plan_id += 1

    def _well_parked(self, pose: Pose) -> bool:
        assert self.target is not None
        error = slot_error(self.target.parked_pose(self._vehicle), pose)
        limits = self._limits
        return limits.good.holds(error) or (self._corrections >= limits.corrections and limits.fair.holds(error))

    def _secure(self, steer: float, secured: bool, speed: float) -> MissionView:
        if secured and abs(speed) <= STANDSTILL:
            self.phase = Phase.DONE
            return MissionView(self.phase, self._praise(), None, None, True)
        if abs(steer) > 0.10:
            return MissionView(self.phase, [self._cues.cue("done.in_slot")], 0.0, 0.0, True)
        return self._plain("gear.park", stop_in=0.0)

    def _praise(self) -> list[Cue]:
        return [self._cues.cue("done.first_try")] if self._corrections == 0 else []


def _entry(slot: Slot) -> Entry:
    """How a car gets into a slot in which it is to stand that way."""
    if slot.kind == "parallel":
        return "along"
    return "nose" if math.cos(slot.parked_yaw) > 0.0 else "reverse"


def new_mission(
    vehicle: VehicleParams, steering_ratio: float, perception: Perception, planner: Planner, cues: CueCatalogue
) -> Mission:
    """A mission with the limits that suit a novice."""
    guide = Guide(vehicle, steering_ratio, cues, GuideLimits())
    return Mission(vehicle, perception, planner, guide, cues, PlanOptions(max_expansions=FALLBACK_EXPANSIONS))
