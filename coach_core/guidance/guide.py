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
from coach_core.vehicle import VehicleParams

STANDSTILL = 0.04
"""Below this speed [m/s] the car stands."""


ALMOST = 0.01
"""Way [m] to a stop that is reached but not passed."""
FRAME = 0.02
"""Time [s] between two frames, for the acceleration."""
GAIN_SHARE = 0.15
"""How much of the newest acceleration goes into its running mean."""
HANDS_MOVE = 1e-3
"""Hands turn the wheel when its angle changes by more than this [rad] a frame."""
NUDGED = 0.2
"""Who was asked for a little more is not told the whole turn again while less than this [rad] is missing."""
TURNS = {"half": 0.5, "one": 1.0}
"""Turns of the hand wheel that are told by number, between straight and full lock."""


class GuideLimits(NamedTuple):
    """When to say what; times [s], lengths [m], angles [rad]."""

    reaction: float = 0.9
    """A novice's time from hearing a word to acting on it (0.8 ± 0.3 s), until the brake bites."""
    longer_back: float = 0.12
    """In reverse it takes this much [s] longer, with the eyes on the mirrors: what counts at the end of the way."""
    braking: float = 1.8
    """Deceleration [m/s²] a novice uses for an announced stop."""
    patience: float = 1.5
    patience_tight: float = 0.8
    """Whoever has not begun to brake this long [s] after 'stop here' is told once more, unless a gentle stop near the
    mark is still possible; ..."""
    room_near: float = 0.9
    patience_near: float = 1.2
    """... with less room [m] than this behind the mark after that time, whether it is or not, ..."""
    again_after: float = 0.5
    slowest: float = 0.8
    """... and where it is tight after this time, as soon as somebody who takes this much [s] longer than most to react
    would else not stop within that room."""
    alarm: float = 1.6
    """After this time the word has not been heard, ..."""
    alarm_near: float = 1.0
    """... and after this where somebody slow would else not stop within the room there is."""
    heeding: float = 0.25
    """Braking means losing speed faster than this [m/s²] ..."""
    heeding_tight: float = 0.5
    """... and where a mistake would be dear, faster than this: at a crawl the pace wavers by less."""
    ahead_tight: float = 0.12
    """The word is said this much [m] earlier where driving on a little is too far: who misses it hears it again in
    time, and who stops short of the mark has a plan all the same ..."""
    room_tight: float = 0.42
    ahead_most: float = 0.20
    """... and earlier still, by as much as the room [m] behind the mark is short of the one, at most by the other."""
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
    creep_near: float = 3.5
    room_creep: float = 0.9
    """So is one this short with less room [m] than this behind its end."""
    pace_near: float = 0.33
    """Who crawls towards a mark with little room behind it may still be this fast [m/s] when they hear the word, ..."""
    slowest_near: float = 1.1
    """..., or takes this much [s] longer than most, ..."""
    unheard_most: float = 0.30
    """... which is said up to this much [m] earlier so that who misses it stops within that room at its repetition."""
    covered: float = 0.4
    """Pace [m/s] a novice hardly exceeds with the foot over the brake."""
    prepare: float = 1.4
    """'Soon' is said this long before 'now' ..."""
    prepare_least: float = 0.5
    """... and not at all when it would be shorter than this, or to who is as slow as with the foot over the brake."""
    steer_at_rest: float = 0.045
    """A wheel this close to its target is right when standing."""
    steer_full: float = 0.03
    """At full lock, this much is missing at most."""
    steer_moving: float = 0.09
    """A wheel this far off its target is corrected while driving."""
    stop_early: float = 0.12
    """Stopping this much before the end of a segment is close enough ..."""
    stop_early_last: float = 0.18
    """... and this much before the end of the whole way, where that is not tight: who is asked for less than twice as
    much goes further than asked."""
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
        self._room = math.inf
        self._brisk = False
        self._left: tuple[PlanTracker, int, float] | None = None
        self._steer_said: Cue | None = None
        self._nudging = False

    def follow(
        self,
        tracker: PlanTracker,
        pose: Pose,
        speed: float,
        steer: float,
        gear: Gear,
        *,
        tight: bool = False,
        room: float = math.inf,
    ) -> Advice:
        """Advice for the current segment of the plan; FINISHED asks the caller to move on to the next.

        tight: the segment ends where driving on a little is too far; it is driven with the foot on the brake.
        room: how far [m] the car may drive on there.
        """
        self._tight, self._room = tight, room
        limits, segment = self._limits, tracker.segment
        progress = tracker.progress(pose)
        wanted_gear: Gear = "D" if segment.gear > 0 else "R"
        moving = abs(speed) > STANDSTILL
        self._turning = (steer - self._last_steer) * (segment.steer - steer) > 1e-6
        hands_move = abs(steer - self._last_steer) > HANDS_MOVE
        self._last_steer = steer
        self._gain += GAIN_SHARE * ((abs(speed) - self._speed) / FRAME - self._gain)
        self._speed = abs(speed)
        if abs(progress.lateral) > limits.lateral_off or abs(progress.heading) > limits.heading_off:
            return self._advice(Step.LOST, "move.stop_here" if moving else None, segment.steer, 0.0)
        if moving:
            self._nudging = False
            if speed * segment.gear < 0.0:
                return self._advice(Step.STOP, "gear.stop_first", segment.steer, 0.0)
            return self._drive(tracker, progress.remaining, abs(speed), steer)
        self._said = None
        self._left = (tracker, tracker.index, progress.remaining)
        told, self._steer_said = self._steer_said, None
        if progress.remaining <= self.stop_tolerance(tracker):
            return self._advice(Step.FINISHED, None, segment.steer, 0.0)
        if gear != wanted_gear:
            cue = "gear.drive" if wanted_gear == "D" else "gear.reverse"
            return self._advice(Step.GEAR, cue, segment.steer, progress.remaining)
        if told is not None and hands_move:  # on their way past the mark, they are not done
            self._steer_said = told
        elif self.steering_off(segment.steer, steer):
            self._steer_said = self._steer_cue(tracker, steer)
        if self._steer_said is not None:
            return Advice(Step.STEER, self._steer_said, segment.steer, progress.remaining)
        return self._advice(Step.GO, self._go_cue(tracker), segment.steer, progress.remaining)

    def stop_tolerance(self, tracker: PlanTracker) -> float:
        """How far [m] before its end a segment counts as driven; a short one must not vanish altogether."""
        limits = self._limits
        early = limits.stop_early_last if tracker.is_last and not self._tight else limits.stop_early
        return min(early, 0.4 * tracker.segment.length)

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
        need = self.stopping_distance(speed, gain)
        need += self._ahead(tracker, speed, need)
        near = 2 if remaining <= need else 1 if self._is_soon(remaining - need, speed) else 0
        near = self._never_take_back(tracker, near)
        self._asked_for = self._asked_for + FRAME if near == 2 else 0.0
        self._again = self._again and near == 2
        # whoever can still stop gently near the mark may know what they are doing
        gently = speed * limits.late + 0.5 * speed * speed / limits.gentle
        braking = self._gain < -limits.heeding
        heeded = braking or remaining + limits.near > gently
        if near == 2:
            patience = limits.patience_tight if self._tight else limits.patience
            self._again = self._again or (self._asked_for > patience and not heeded) or self._presses(remaining, speed)
            cue = self._cues.cue("move.stop_now" if self._again else "move.stop_here")
        elif speed > limits.too_fast:
            cue = self._cues.cue("warn.fast")
        elif abs(steer - wanted) > limits.steer_moving:
            cue = self._steer_cue(tracker, steer)
        elif near == 1 and not self._creeps(tracker):
            cue = self._cues.cue("appr.prepare_stop")
        elif self.is_brisk(speed):
            cue = self._cues.cue("appr.slow")
        else:
            cue = self._cues.cue("move.keep")
        near_something = not self._tight and self._is_late(remaining, speed, limits.slowest)
        ignored = self._asked_for > (limits.alarm_near if near_something else limits.alarm) and not heeded
        passed = remaining <= -limits.past and not braking
        return Advice(Step.DRIVE, cue, wanted, max(0.0 if passed else ALMOST, remaining), ignored)

    def _ahead(self, tracker: PlanTracker, speed: float, need: float) -> float:
        """How much [m] earlier than `need` [m] before the mark 'stop here' is said."""
        limits = self._limits
        if not self._tight:
            longer = limits.longer_back * speed if tracker.is_last and tracker.segment.gear < 0 else 0.0
            if self._room >= limits.room_near:
                return longer
            pace = max(speed, limits.pace_near)
            unheard = self.stopping_distance(pace) + (limits.slowest_near + limits.again_after) * pace
            return max(longer, min(unheard - self._room - need, limits.unheard_most))
        return min(max(limits.ahead_tight, limits.room_tight - self._room), limits.ahead_most)

    def _presses(self, remaining: float, speed: float) -> bool:
        """Whether one who has heard nothing must be told again now, to stop within the room there is."""
        limits = self._limits
        near = not self._tight and self._room < limits.room_near and self._asked_for > limits.patience_near
        if near and self._gain >= -limits.heeding:
            return True
        slowest = limits.slowest if self._tight else limits.slowest_near
        return self._asked_for > limits.again_after and self._is_late(remaining, speed, slowest)

    def _is_late(self, remaining: float, speed: float, longer: float) -> bool:
        """Whether who does not brake yet and takes so much [s] longer than most would not stop within the room."""
        limits = self._limits
        near = self._tight or self._room < limits.room_near
        late = near and remaining + self._room < self.stopping_distance(speed) + longer * speed
        return late and self._gain >= -limits.heeding_tight

    def _covering(self, tracker: PlanTracker) -> bool:
        """Whether the learner's foot is over the brake: told to stop soon a while ago, or sent off that way."""
        said = self._said
        if self._creeps(tracker):
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

    def _is_soon(self, ahead: float, speed: float) -> bool:
        """Whether to say 'soon', `ahead` m before 'here' is said."""
        limits = self._limits
        return speed > limits.covered and speed * limits.prepare_least < ahead <= speed * limits.prepare

    def _creeps(self, tracker: PlanTracker) -> bool:
        left = tracker.segment.length
        if self._left is not None and self._left[0] is tracker and self._left[1] == tracker.index:
            left = self._left[2]
        limits = self._limits
        short = limits.creep_near if self._room < limits.room_creep else limits.creep
        return self._tight or tracker.segment.gear < 0 or left < short

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
        self._nudging = abs(change) < (NUDGED if self._nudging else 0.12) and (self._nudging or not self._turning)
        if self._nudging:
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

    def _go_cue(self, tracker: PlanTracker) -> str:
        if tracker.segment.gear < 0:
            return "move.back_creep"
        return "move.forward_creep" if self._creeps(tracker) else "move.forward_slow"

    def _advice(self, step: Step, cue_id: str | None, steer: float | None, stop_in: float | None) -> Advice:
        cue = None if cue_id is None else self._cues.cue(cue_id)
        return Advice(step, cue, steer, stop_in)
