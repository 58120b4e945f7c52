"""Turns a plan into one instruction at a time, and notices when the plan no longer fits what the learner did.

Between two stops the wheel stays where it is: the learner stops, selects the gear, turns the wheel, drives, stops.
So each segment of the plan runs through the same steps, and the guide only has to look where in them the car is.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import NamedTuple

from coach_core.contracts import Cue
from coach_core.contracts.messages import Gear
from coach_core.geometry.poses import Pose
from coach_core.guidance.selector import CueCatalogue
from coach_core.guidance.tracker import PlanTracker
from coach_core.planner import PlanSegment
from coach_core.vehicle import VehicleParams

STANDSTILL = 0.04
"""Below this speed [m/s] the car stands."""


ALMOST = 0.01
"""Way [m] to a stop that is reached but not passed."""
FRAME = 0.02
"""Time [s] between two frames, for the acceleration."""
GAIN_SHARE = 0.15
"""How much of the newest acceleration goes into its running mean."""
TURNS = {"half": 0.5, "one": 1.0}
"""Turns of the hand wheel that are told by number, between straight and full lock."""


class GuideLimits(NamedTuple):
    """When to say what; times [s], lengths [m], angles [rad]."""

    reaction: float = 0.9
    """A novice's time from hearing a word to acting on it (0.8 ± 0.3 s, longer in reverse)."""
    braking: float = 1.8
    """Deceleration [m/s²] a novice uses for an announced stop."""
    patience: float = 1.5
    patience_tight: float = 0.8
    """Whoever has not begun to brake this long after 'stop here' is told once more ..."""
    ahead_tight: float = 0.12
    """The word is said this much [m] earlier where driving on a little is too far: who misses it hears it again in
    time, and who stops short of the mark has a plan all the same."""
    alarm: float = 1.6
    """... and after this time has not heard it ..."""
    heeding: float = 0.25
    """... where braking means losing speed faster than this [m/s²]."""
    late: float = 0.2
    """Who is this [s] from having to brake ..."""
    gentle: float = 1.0
    """... at this [m/s²] ..."""
    past: float = 0.10
    """A mark is passed when the car is this far [m] beyond it."""
    near: float = 0.08
    """... for coming to stand this [m] beyond the mark can still stop gently."""
    creep: float = 1.5
    """A stroke this short is driven with the foot on the brake, and so is every one in reverse: who was sent off that
    way need not be told to stop soon."""
    covered: float = 0.4
    """Pace [m/s] a novice hardly exceeds with the foot over the brake."""
    prepare: float = 1.4
    """'Soon' is said this long before 'now'."""
    steer_at_rest: float = 0.045
    """A wheel this close to its target is right when standing."""
    steer_full: float = 0.03
    """At full lock, this much is missing at most."""
    steer_moving: float = 0.09
    """A wheel this far off its target is corrected while driving."""
    stop_early: float = 0.12
    """Stopping this much before the end of a segment is close enough."""
    lateral_off: float = 0.30
    heading_off: float = 0.14
    """Further from the segment than this, the plan is given up at once."""
    brisk: float = 0.85
    """Above this [m/s] a manoeuvre is asked to go slower, kindly, ..."""
    walking: float = 0.65
    """... until it is below this ..."""
    too_fast: float = 1.40
    """... and above this with a warning: 5 km/h is the rubric's limit."""


class Step(StrEnum):
    """What the learner is to do next within a segment."""

    STOP = "stop"
    GEAR = "gear"
    STEER = "steer"
    GO = "go"
    DRIVE = "drive"
    FINISHED = "finished"
    LOST = "lost"


class Advice(NamedTuple):
    """What the guide has to say of one frame."""

    step: Step
    cue: Cue | None
    target_steer: float | None
    """Wanted front-wheel angle [rad]."""
    stop_in: float | None
    """Way [m] to the next stop; 0 when it was passed."""
    ignored: bool = False
    """The learner was told to stop, had the time to, and drives on."""


def side(angle: float) -> str:
    """Catalogue parameter for a direction: left positive."""
    return "left" if angle > 0.0 else "right"


class Guide:
    """Remembers nothing but the last wheel angle: whether the hands are still turning."""

    def __init__(self, vehicle: VehicleParams, steering_ratio: float, cues: CueCatalogue, limits: GuideLimits) -> None:
        self._vehicle = vehicle
        self._ratio = steering_ratio
        self._cues = cues
        self._limits = limits
        self._last_steer = 0.0
        self._turning = False
        self._said: tuple[PlanTracker, int, int] | None = None
        self._speed = 0.0
        self._gain = 0.0
        self._covered_for = 0.0
        self._asked_for = 0.0
        self._again = False
        self._tight = False
        self._brisk = False

    def follow(
        self, tracker: PlanTracker, pose: Pose, speed: float, steer: float, gear: Gear, *, tight: bool = False
    ) -> Advice:
        """Advice for the current segment of the plan; FINISHED asks the caller to move on to the next.

        tight: the segment ends where driving on a little is too far; it is driven with the foot on the brake.
        """
        self._tight = tight
        limits, segment = self._limits, tracker.segment
        progress = tracker.progress(pose)
        wanted_gear: Gear = "D" if segment.gear > 0 else "R"
        moving = abs(speed) > STANDSTILL
        self._turning = (steer - self._last_steer) * (segment.steer - steer) > 1e-6
        self._last_steer = steer
        self._gain += GAIN_SHARE * ((abs(speed) - self._speed) / FRAME - self._gain)
        self._speed = abs(speed)
        if abs(progress.lateral) > limits.lateral_off or abs(progress.heading) > limits.heading_off:
            return self._advice(Step.LOST, "move.stop_here" if moving else None, segment.steer, 0.0)
        if moving:
            if speed * segment.gear < 0.0:
                return self._advice(Step.STOP, "gear.stop_first", segment.steer, 0.0)
            return self._drive(tracker, progress.remaining, abs(speed), steer)
        self._said = None
        if progress.remaining <= self.stop_tolerance(tracker):
            return self._advice(Step.FINISHED, None, segment.steer, 0.0)
        if gear != wanted_gear:
            cue = "gear.drive" if wanted_gear == "D" else "gear.reverse"
            return self._advice(Step.GEAR, cue, segment.steer, progress.remaining)
        if self.steering_off(segment.steer, steer):
            return Advice(Step.STEER, self._steer_cue(tracker, steer), segment.steer, progress.remaining)
        return self._advice(Step.GO, self._go_cue(segment), segment.steer, progress.remaining)

    def stop_tolerance(self, tracker: PlanTracker) -> float:
        """How far [m] before its end a segment counts as driven; a short one must not vanish altogether."""
        return min(self._limits.stop_early, 0.4 * tracker.segment.length)

    def steering_off(self, wanted: float, steer: float) -> bool:
        """Whether a standing driver should turn the wheel (further)."""
        limits = self._limits
        if abs(wanted) > self._vehicle.max_steer - limits.steer_full:
            return steer * math.copysign(1.0, wanted) < abs(wanted) - limits.steer_full
        return abs(steer - wanted) > limits.steer_at_rest

    def stopping_distance(self, speed: float, gain: float = 0.0) -> float:
        """Way [m] from saying 'stop here' to standing, at |speed| m/s, gaining `gain` m/s² until the learner reacts."""
        reaction = self._limits.reaction
        then = speed + gain * reaction
        return 0.5 * (speed + then) * reaction + 0.5 * then * then / self._limits.braking

    def _drive(self, tracker: PlanTracker, remaining: float, speed: float, steer: float) -> Advice:
        limits, wanted = self._limits, tracker.segment.steer
        gain = min(max(0.0, self._gain), 1.0)
        if self._covering(tracker):
            gain = min(gain, max(0.0, limits.covered - speed) / limits.reaction)
        need = self.stopping_distance(speed, gain) + (limits.ahead_tight if self._tight else 0.0)
        near = 2 if remaining <= need else 1 if remaining <= need + speed * limits.prepare else 0
        near = self._never_take_back(tracker, near)
        self._asked_for = self._asked_for + FRAME if near == 2 else 0.0
        self._again = self._again and near == 2
        # whoever can still stop gently near the mark may know what they are doing
        gently = speed * limits.late + 0.5 * speed * speed / limits.gentle
        heeded = self._gain < -limits.heeding or remaining + limits.near > gently
        if near == 2:
            patience = limits.patience_tight if self._tight else limits.patience
            self._again = self._again or (self._asked_for > patience and not heeded)
            cue = self._cues.cue("move.stop_now" if self._again else "move.stop_here")
        elif speed > limits.too_fast:
            cue = self._cues.cue("warn.fast")
        elif abs(steer - wanted) > limits.steer_moving:
            cue = self._steer_cue(tracker, steer)
        elif near == 1 and not self._creeps(tracker.segment):
            cue = self._cues.cue("appr.prepare_stop")
        elif self.is_brisk(speed):
            cue = self._cues.cue("appr.slow")
        else:
            cue = self._cues.cue("move.keep")
        ignored = self._asked_for > limits.alarm and not heeded
        return Advice(Step.DRIVE, cue, wanted, max(ALMOST if remaining > -limits.past else 0.0, remaining), ignored)

    def _covering(self, tracker: PlanTracker) -> bool:
        """Whether the learner's foot is over the brake: told to stop soon a while ago, or sent off that way."""
        said = self._said
        if self._creeps(tracker.segment):
            return True
        if said is None or said[0] is not tracker or said[1] != tracker.index or said[2] == 0:
            self._covered_for = 0.0
            return False
        self._covered_for += FRAME
        return self._covered_for > self._limits.reaction

    def is_brisk(self, speed: float) -> bool:
        """Whether to ask for less speed; once asked for, until it is down to a walk."""
        self._brisk = speed > (self._limits.walking if self._brisk else self._limits.brisk)
        return self._brisk

    def _creeps(self, segment: PlanSegment) -> bool:
        return self._tight or segment.gear < 0 or segment.length < self._limits.creep

    def _never_take_back(self, tracker: PlanTracker, near: int) -> int:
        """'Soon' and 'here' stay said until the car stands, however the speed wavers."""
        if self._said is not None and self._said[0] is tracker and self._said[1] == tracker.index:
            near = max(near, self._said[2])
        self._said = (tracker, tracker.index, near)
        return near

    def _steer_cue(self, tracker: PlanTracker, steer: float) -> Cue:
        """The whole instruction while much is missing or the hands are on it, a nudge for what is then left."""
        wanted = tracker.segment.steer
        change = wanted - steer
        if abs(wanted) < 0.02:
            return self._cues.cue("move.parallel" if tracker.is_last else "steer.straight")
        if abs(change) < 0.12 and not self._turning:
            if change * wanted < 0.0:
                return self._cues.cue("steer.unwind")
            return self._cues.cue("steer.more", dir=side(change))
        if abs(wanted) > self._vehicle.max_steer - self._limits.steer_full:
            return self._cues.cue("steer.full", dir=side(wanted))
        return self._cues.cue("steer.turns", dir=side(wanted), turns=self._turns(wanted))

    def turn_steers(self) -> tuple[float, ...]:
        """Front-wheel angles [rad] of the turns of the hand wheel a novice can be told."""
        return tuple(turns * 2.0 * math.pi / self._ratio for turns in TURNS.values())

    def _turns(self, wanted: float) -> str:
        turned = abs(wanted) * self._ratio / (2.0 * math.pi)
        return min(TURNS, key=lambda name: abs(TURNS[name] - turned))

    def _go_cue(self, segment: PlanSegment) -> str:
        if segment.gear < 0:
            return "move.back_creep"
        return "move.forward_creep" if self._creeps(segment) else "move.forward_slow"

    def _advice(self, step: Step, cue_id: str | None, steer: float | None, stop_in: float | None) -> Advice:
        cue = None if cue_id is None else self._cues.cue(cue_id)
        return Advice(step, cue, steer, stop_in)
