"""From looking for a slot to the parking brake, or out of a slot: which plan is followed, and when it is made anew."""

from __future__ import annotations

from coach_core.contracts import Cue, SlotChosen, SlotOffered
from coach_core.contracts.messages import Gear
from coach_core.geometry.polygons import ObstacleSet
from coach_core.geometry.poses import YAW, Pose, advance
from coach_core.guidance.aims import Aim, IntoSlot, OutOfSlot, entry_of, stands_in
from coach_core.guidance.asking import Asker
from coach_core.guidance.exploring import NOTHING_LEFT, Explorer
from coach_core.guidance.guide import STANDSTILL, Advice, Guide, GuideLimits, Step
from coach_core.guidance.leaving import ON_ITS_WAY, row_of
from coach_core.guidance.limits import MissionLimits
from coach_core.guidance.outlook import Outlook, RoomBehind
from coach_core.guidance.phases import MissionView, Phase
from coach_core.guidance.planning import DUE_AFTER, Planner, with_run_up
from coach_core.guidance.preface import Preface
from coach_core.guidance.recommendation import SlotQuestion
from coach_core.guidance.rescue import rescue
from coach_core.guidance.search import MOST_QUESTIONS, SlotSearch
from coach_core.guidance.selector import CueCatalogue
from coach_core.guidance.setbacks import Setbacks
from coach_core.guidance.tracker import PlanTracker
from coach_core.perception.scene import Perception, Scene
from coach_core.perception.slots import Slot
from coach_core.planner import PlanOptions, PlanResult, PlanSegment, PlanStatus
from coach_core.vehicle import VehicleParams

__all__ = ["Mission", "MissionView", "Phase", "new_mission"]

WAITING = (Step.GEAR, Step.STEER, Step.GO)
"""Steps at which the car stands."""
FALLBACK_EXPANSIONS = 4000
"""Effort of the general planner, where long strokes do not do: a learner waits for the answer."""
STRAIGHT_ON = 0.06
"""With a wheel turned less than this [rad] the car goes on straight."""


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
        self._asker = Asker(vehicle, perception, planner, guide, options)
        self._cues = cues
        self.limits = limits or MissionLimits()
        self.phase = Phase.SEARCH
        self.aim: Aim | None = None
        self.tracker: PlanTracker | None = None
        self.result: PlanResult | None = None
        self.plan_id = 0
        self.events: list[SlotOffered | SlotChosen] = []
        self._steer = 0.0
        self._due = 0.0
        self._run_up = 0.0
        self._slot_search = SlotSearch(vehicle)
        self._explorer = Explorer(vehicle, perception, self._slot_search)
        self._corrections = 0
        self._resumed: Pose | None = None
        self._setbacks = Setbacks(self.limits)
        self._onwards = False
        self._searched: float | None = None
        self._preface = Preface()
        self._waiting_cue: Cue | None = None
        self._begun = False
        self._creeping: PlanTracker | None = None
        self._instead: PlanTracker | None = None
        self._room = RoomBehind()

    @property
    def target(self) -> Slot | None:
        """The slot that is driven into, or out of."""
        return None if self.aim is None else self.aim.slot

    def update(self, now: float, scene: Scene, speed: float, steer: float, gear: Gear, secured: bool) -> MissionView:
        """Advance by one frame. speed [m/s] signed, steer [rad]; secured: gear P and parking brake set."""
        self._steer = steer
        if not self._begun and scene.pose_known:
            self._begun = True
            self._begin(now, scene, speed)
        if self.phase is Phase.SEARCH:
            self._search(now, scene, speed, steer)
        if self.phase is Phase.HALT and abs(speed) <= STANDSTILL:
            nowhere = self._setbacks.stands(scene.pose)
            if self.result is not None and self._reached(scene.pose):
                self._arrive()
            elif nowhere and self.aim is not None and self.aim.secures:
                self._give_up(now, scene)
            elif self._resumes(scene):
                self.phase = Phase.FOLLOW
            else:
                self._mend(now, scene)
        if self.phase is Phase.PLANNING and now >= self._due:
            self._collect(now, scene)
        view = self._view(now, scene, speed, steer, gear, secured)
        if view.cues:
            self._waiting_cue = view.cues[0]
        return view

    def _resumes(self, scene: Scene) -> bool:
        """Stopped on its way: whether the same plan goes on from here."""
        if self.tracker is None or self.result is None:
            return False
        if not self._outlook(scene).resumes(self._resumed, self._guide.stop_tolerance(self.tracker)):
            return False
        self._resumed = scene.pose.copy()
        return True

    def disrupt(self) -> None:
        """The plan met something it did not expect: stop and plan again from there."""
        if self.phase is Phase.FOLLOW:
            self._setbacks.disrupted = True
            self.phase = Phase.HALT

    def _begin(self, now: float, scene: Scene, speed: float) -> None:
        """A session that begins with the car standing in a slot is one of leaving it."""
        slots = self._perception.slots
        own = next((slot for slot in slots if stands_in(slot, scene.pose, self._vehicle)), None)
        if own is None or abs(speed) > STANDSTILL:
            return
        self.aim = OutOfSlot(own, row_of(own, slots), self._vehicle, self.limits)
        self._perception.choose(own.slot_id)
        self._preface.begin(self._cues.cue("prep.around"), now)
        self._request(now, scene)

    # --- looking for a slot -------------------------------------------------------------------------------

    def _search(self, now: float, scene: Scene, speed: float, steer: float) -> None:
        slots, occupancy = self._explorer.known()
        run_up, start = 0.0, scene.pose
        if speed > STANDSTILL:
            if abs(steer) > STRAIGHT_ON:
                return  # where the car will come to stand is not foreseeable
            run_up = speed * DUE_AFTER * MOST_QUESTIONS + self._guide.stopping_distance(speed) + 0.3
            start = advance(scene.pose, 0.0, run_up)
        question = self._slot_search.begin(slots, occupancy, start)
        if question is not None:
            self._run_up = run_up
            if self._searched is None:
                self._searched = float(start[YAW])
            self._ask_about(now, scene, question)
        elif "free" in occupancy.values():
            self.events += self._explorer.refusal(start, over=False)

    def _choose(self, now: float, scene: Scene, result: PlanResult) -> None:
        answer = self._slot_search.answer(result)
        if isinstance(answer, SlotQuestion):
            self._ask_about(now, scene, answer)
        elif answer is None:
            self.phase = Phase.SEARCH
        else:
            self.aim = IntoSlot(answer.slot, self._vehicle, self.limits)
            self._perception.choose(answer.slot.slot_id)
            self.events += answer.events
            self._take_up(now, scene, answer.result)

    # --- planning -----------------------------------------------------------------------------------------

    def _request(self, now: float, scene: Scene, *, instead: PlanTracker | None = None) -> None:
        """Plan what is aimed at from where the car stands; `instead` of another plan, if it asks for less."""
        assert self.aim is not None
        self._run_up, self._instead = 0.0, instead
        self._submit(now, scene, self.aim, scene.pose)

    def _mend(self, now: float, scene: Scene, *, instead: PlanTracker | None = None) -> None:
        """Plan anew in the middle of a plan; where the car nearly stands as it should, that is a correction."""
        assert self.aim is not None
        self._corrections += self.aim.nearly(scene.pose)
        self._request(now, scene, instead=instead)

    def _ask_about(self, now: float, scene: Scene, question: SlotQuestion) -> None:
        self._submit(now, scene, IntoSlot(question.slot, self._vehicle, self.limits), question.start)

    def _submit(self, now: float, scene: Scene, aim: Aim, start: Pose) -> None:
        entry = aim.entry(start) if aim is self.aim else entry_of(aim.slot)
        self._asker.ask(scene, aim, start, entry, self._steer, self._obstacles(scene, aim))
        self._due = now + DUE_AFTER
        self.phase = Phase.PLANNING

    def _obstacles(self, scene: Scene, aim: Aim, *, kerb_margin: bool = True) -> ObstacleSet:
        # who stands too near a kerb gets away from it only by a plan that may begin there
        room = kerb_margin and aim.row is None and not self._setbacks.last_plan_refused
        return self._asker.obstacles(scene, aim, kerb_margin=room)

    def _collect(self, now: float, scene: Scene) -> None:
        result = self._planner.collect()
        if result is None:
            return
        if self._slot_search.asking:
            self._choose(now, scene, result)
        elif self._creeps_on(result):
            self.phase = Phase.FOLLOW
        elif result.status is PlanStatus.FOUND:
            self._take_up(now, scene, result)
        else:
            self._no_plan(now, scene, result.status)

    def _creeps_on(self, result: PlanResult) -> bool:
        """Stopped early where creeping up to the mark would do: whether a new plan would ask for no less."""
        former, self._instead = self._instead, None
        if former is None:
            return False
        return result.status is not PlanStatus.FOUND or len(result.segments) >= len(former.segments) - former.index

    def _take_up(self, now: float, scene: Scene, result: PlanResult) -> None:
        """Follow a plan, after the way to where it begins."""
        self._setbacks.found()
        if self._run_up > 0.0:
            self._adopt(scene.pose, with_run_up(result, scene.pose), result)
        else:
            self._adopt(result.poses[0], list(result.segments), result)
        self._explain(now, scene)

    def _adopt(self, start: Pose, segments: list[PlanSegment], result: PlanResult | None) -> None:
        self.tracker = PlanTracker(start, segments, self._vehicle.wheelbase)
        self.result = result
        self.plan_id += 1
        self.phase = Phase.FOLLOW

    def _no_plan(self, now: float, scene: Scene, status: PlanStatus) -> None:
        """Another slot if the way into this one was never found, else pull forward once and try again."""
        assert self.aim is not None
        if self._setbacks.refused(status, now):
            self._give_up(now, scene)
            return
        obstacles = self._obstacles(scene, self.aim)
        segment = rescue(scene.pose, *self.aim.way_out(scene.pose), obstacles, self._vehicle, self.limits)
        if segment is None:  # boxed in: stand, and look again
            self._preface.drop()
            self.phase = Phase.HALT
            return
        self._preface.begin(self._cues.cue("fix.pull_forward"), now)
        self._adopt(scene.pose, [segment], None)

    def _give_up(self, now: float, scene: Scene) -> None:
        """Look for another slot, after having left this one if the car has begun to enter it, or to turn to it."""
        assert self.aim is not None
        slot, into = self.aim.slot, self.aim.secures
        self._setbacks = Setbacks(self.limits)
        self._slot_search.give_up(slot.slot_id)
        self._search_on()
        row = row_of(slot, self._perception.slots)._replace(within=ON_ITS_WAY)
        out = OutOfSlot(slot, row, self._vehicle, self.limits, self._searched)
        if into and not out.reached(scene.pose, 0):
            self.aim, self._onwards = out, True
            self._request(now, scene)

    def _search_on(self) -> None:
        self.aim, self.tracker, self.result, self.phase = None, None, None, Phase.SEARCH
        self._onwards = False

    def _explain(self, now: float, scene: Scene) -> None:
        """Why the learner is asked to leave the slot again."""
        assert self.aim is not None
        assert self.tracker is not None
        if self.tracker.segment.gear < 0:
            return
        if (why := self.aim.reason_to_go_out(scene.pose)) is not None:
            cue_id, params = why
            self._preface.explain(self._cues.cue(cue_id, **params), now)

    # --- what to say --------------------------------------------------------------------------------------

    def _view(self, now: float, scene: Scene, speed: float, steer: float, gear: Gear, secured: bool) -> MissionView:
        if self.phase is Phase.SEARCH:
            cue = self._explorer.cue(scene, speed, steer, gear, self._guide)
            if cue == NOTHING_LEFT:
                self.events += self._explorer.refusal(scene.pose, over=True)
            return self._plain(cue)
        if self.phase is Phase.HALT:
            return self._plain("move.stop_here", stop_in=0.0)
        if self.phase is Phase.PLANNING:
            if self.aim is None:
                return self._plain("prep.slot")
            return MissionView(self.phase, [self._waiting_cue] if self._waiting_cue else [], None, None, True)
        if self.phase is Phase.SECURE:
            return self._secure(steer, secured, speed)
        if self.phase is Phase.DONE:
            return MissionView(self.phase, self._praise(), None, None, True)
        return self._follow(now, scene, speed, steer, gear)

    def _plain(self, cue_id: str, stop_in: float | None = None) -> MissionView:
        return MissionView(self.phase, [self._cues.cue(cue_id)], None, stop_in, True)

    def _follow(self, now: float, scene: Scene, speed: float, steer: float, gear: Gear) -> MissionView:
        advice = self._advise(scene, speed, steer, gear)
        while advice.step is Step.FINISHED:
            if not self._next_segment(now, scene):
                return self._view(now, scene, speed, steer, gear, False)
            advice = self._advise(scene, speed, steer, gear)
        outlook = self._outlook(scene)
        if advice.step in WAITING and self.result is not None and outlook.stopped_early(self.limits.early):
            if self._reached(scene.pose):
                self._arrive()
                return self._view(now, scene, speed, steer, gear, False)
            if (rest := outlook.rest()) is not None:
                self._go_on(rest)
                advice = self._advise(scene, speed, steer, gear)
            elif not (creeps := outlook.drives_on()) or self._creeping is not self.tracker:
                self._creeping = self.tracker
                self._mend(now, scene, instead=self.tracker if creeps else None)
                return self._view(now, scene, speed, steer, gear, False)
        if advice.step is Step.LOST:
            self.phase = Phase.HALT
            return self._plain("move.stop_here", stop_in=0.0)
        return self._say(now, scene, advice)

    def _advise(self, scene: Scene, speed: float, steer: float, gear: Gear) -> Advice:
        assert self.tracker is not None
        assert self.aim is not None
        tight = self.aim.is_tight(self.tracker.end)
        room = self._room.of(self._outlook(scene, kerb_margin=False))
        return self._guide.follow(self.tracker, scene.pose, speed, steer, gear, tight=tight, room=room)

    def _say(self, now: float, scene: Scene, advice: Advice) -> MissionView:
        cue = self._preface.instead_of(advice.cue, now, waits=advice.step in (Step.GEAR, Step.STEER))
        cues = [] if cue is None else [cue]
        assert self.aim is not None
        on_plan = advice.step in (Step.GO, Step.DRIVE) and not advice.ignored
        tight = self.aim.is_tight(scene.pose)
        return MissionView(self.phase, cues, advice.target_steer, advice.stop_in, on_plan, advice.ignored, tight)

    def _next_segment(self, now: float, scene: Scene) -> bool:
        """Go on with the plan's next segment; False when the phase changed instead."""
        assert self.tracker is not None
        if self.result is not None and self._reached(scene.pose):
            self._arrive()
            return False
        if not self.tracker.is_last:
            outlook = self._outlook(scene)
            ahead = (outlook.rest() or outlook.back_to_the_mark()) if self.result is not None else None
            if ahead is not None:
                self._go_on(ahead)
                return True
        elif self.result is not None:
            self._corrections += 1
        self._request(now, scene)
        return False

    def _outlook(self, scene: Scene, *, kerb_margin: bool = True) -> Outlook:
        assert self.tracker is not None
        assert self.aim is not None
        aim = self.aim

        def obstacles() -> ObstacleSet:
            return self._obstacles(scene, aim, kerb_margin=kerb_margin)

        return Outlook(aim, self.tracker, scene.pose, self._vehicle, obstacles)

    def _go_on(self, tracker: PlanTracker) -> None:
        """Take up the next stroke from where the car really stands."""
        self.tracker = tracker
        self.plan_id += 1

    def _reached(self, pose: Pose) -> bool:
        assert self.aim is not None
        return self.aim.reached(pose, self._corrections)

    def _arrive(self) -> None:
        assert self.aim is not None
        if self._onwards:
            self._search_on()
        else:
            self.phase = Phase.SECURE if self.aim.secures else Phase.DONE

    def _secure(self, steer: float, secured: bool, speed: float) -> MissionView:
        if secured and abs(speed) <= STANDSTILL:
            self.phase = Phase.DONE
            return MissionView(self.phase, self._praise(), None, None, True)
        if abs(speed) > STANDSTILL:
            return self._plain("move.stop_here", stop_in=0.0)
        if abs(steer) > 0.10:
            return MissionView(self.phase, [self._cues.cue("done.in_slot")], 0.0, 0.0, True)
        return self._plain("gear.park", stop_in=0.0)

    def _praise(self) -> list[Cue]:
        return [] if self._corrections else [self._cues.cue("done.first_try")]


def new_mission(
    vehicle: VehicleParams, steering_ratio: float, perception: Perception, planner: Planner, cues: CueCatalogue
) -> Mission:
    """A mission with the limits that suit a novice."""
    guide = Guide(vehicle, steering_ratio, cues, GuideLimits())
    return Mission(vehicle, perception, planner, guide, cues, PlanOptions(max_expansions=FALLBACK_EXPANSIONS))
