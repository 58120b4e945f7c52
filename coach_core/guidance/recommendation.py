"""Which slot to take, and why, in one sentence.

A slot is offered only when a plan into it has been found for *this* car from where it would begin; what is cheaper than
a plan is asked first (is it free, is it large enough). A plan costs milliseconds, so a `Chooser` takes one at a time:

    chooser = Chooser(vehicle)
    chooser.look(slots, occupancy, start)   # when an occupancy changed, a gap was found or the car has moved on
    question = chooser.question()           # the slot whose plan is worth most now; None: nothing left to ask
    ...                                     # plan from question.start into question.slot, in a worker thread
    chooser.answer(question, result)
    chooser.settled                         # no open question could change the first choice any more
    chooser.best()                          # the slot to take, or None
    chooser.offers()                        # every slot with its rank or the reason why not

`start` is the pose where the manoeuvre would begin: that of the standing car, or the end of its run-up. Questions come
in the order of the least effort a slot could cost, so that a few plans settle the first choice; who goes on asking
learns of the rest. `look` keeps the answers while they hold: it drops them all when the start has moved by more than
`MOVED` or something became occupied (a slot that turned out free only makes more room), and `forget` drops them by
hand, as for a new obstacle. `recommend` asks everything in one go, in the calling thread.

The texts of the reasons are in coach_core/data/slot_reasons.json.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from coach_core.contracts import SlotOffer
from coach_core.contracts.messages import Occupancy
from coach_core.geometry.poses import YAW, Pose, wrap_angle
from coach_core.perception.slots import Slot, slot_message
from coach_core.planner import PlanResult, PlanStatus
from coach_core.vehicle import VehicleParams

MOVED = 1.0
"""Answers hold while the start is within this [m] of where they were asked for ..."""
TURNED = 0.2
"""... and within this [rad]."""
SURE = 1.64
"""A measured length counts this many of its standard deviations shorter: 95 % of them are longer."""


class Reason(StrEnum):
    """Why a slot is offered, comes second, or is not offered: keys of the texts."""

    FITS_EASILY = "fits_easily"
    NEAREST = "nearest"
    FEWEST_MOVES = "fewest_moves"
    ROOMIEST = "roomiest"
    ONLY_ONE = "only_one"
    EASIEST = "easiest"

    FARTHER = "farther"
    MORE_MOVES = "more_moves"
    TIGHTER = "tighter"
    HARDER = "harder"

    OCCUPIED = "occupied"
    UNKNOWN = "unknown"
    UNCHECKED = "unchecked"
    TOO_SHORT = "too_short"
    TOO_NARROW = "too_narrow"
    TOO_MANY_MOVES = "too_many_moves"
    BLOCKED = "blocked"


class Preferences(NamedTuple):
    """What makes a slot easy; in metres of driving unless another unit is given."""

    per_cusp: float = 4.0
    """A change of gear is a stop, a look round and a new direction: some five seconds at a learner's speed."""
    per_clearance: float = 25.0
    """For each metre below `wanted_clearance`."""
    wanted_clearance: float = 0.45
    parallel: float = 5.0
    """Novices find a slot along the kerb the hardest kind."""
    most_cusps: int = 6
    """A manoeuvre of more cusps than this is no offer to a learner."""
    side_room: float = 0.10
    """A slot between neighbours must be wider than the car by this on each side [m] ..."""
    end_room: float = 0.8
    """... and one along a kerb longer by this at each end [m]: offered 1.3 car lengths, six of fourteen novices
    park and five hit a car (docs/planner.md)."""


class SlotQuestion(NamedTuple):
    """Asks for a plan from `start` into `slot`."""

    slot: Slot
    start: Pose
    round: int
    """Answers to questions of an earlier round, before things changed, are passed over."""


class _Candidate(NamedTuple):
    slot: Slot
    occupancy: Occupancy
    misfit: Reason | None
    """Why the car cannot stand in it at all."""
    distance: float
    """From the start to the parked pose [m]."""
    least: float
    """No way into it costs less effort."""


class _Answer(NamedTuple):
    found: bool
    cusps: int
    clearance: float
    effort: float


def misfit(slot: Slot, vehicle: VehicleParams, preferences: Preferences = Preferences()) -> Reason | None:  # noqa: B008
    """Why `vehicle` cannot stand in `slot` whatever the way in; None if it can.

    A slot along a kerb takes the car lengthwise, the others nose or tail first.
    """
    opening = slot.width - SURE * slot.width_sigma
    if slot.kind == "parallel":
        if opening < vehicle.length + 2.0 * preferences.end_room:
            return Reason.TOO_SHORT
        return Reason.TOO_NARROW if slot.depth < vehicle.width else None
    if opening < vehicle.width + 2.0 * preferences.side_room:
        return Reason.TOO_NARROW
    return Reason.TOO_SHORT if slot.depth < vehicle.length else None


def effort_of(slot: Slot, result: PlanResult, preferences: Preferences = Preferences()) -> float:  # noqa: B008
    """What a plan into `slot` costs the learner, in metres of driving; inf where there is none for a learner."""
    if result.status is not PlanStatus.FOUND or result.cusps > preferences.most_cusps:
        return math.inf
    short = max(0.0, preferences.wanted_clearance - result.min_clearance)
    family = preferences.parallel if slot.kind == "parallel" else 0.0
    return result.length + preferences.per_cusp * result.cusps + preferences.per_clearance * short + family


class Chooser:
    """Ranks the slots as the answers come in. Deterministic: depends on what it was told and in what order."""

    def __init__(self, vehicle: VehicleParams, preferences: Preferences | None = None) -> None:
        self._vehicle = vehicle
        self._preferences = preferences or Preferences()
        self._start: Pose | None = None
        self._round = 0
        self._candidates: dict[str, _Candidate] = {}
        self._answers: dict[str, _Answer] = {}

    def look(self, slots: Sequence[Slot], occupancy: Mapping[str, Occupancy], start: Pose) -> None:
        """Take in the slots as they are known now; `start` (3,) world: where the manoeuvre would begin."""
        moved = self._start is None or (
            float(np.hypot(*(start[:YAW] - self._start[:YAW]))) > MOVED
            or abs(wrap_angle(start[YAW] - self._start[YAW])) > TURNED
        )
        if moved:
            self._start = start.copy()
            self.forget()
        before = self._candidates
        self._candidates = {
            slot.slot_id: self._candidate(slot, occupancy.get(slot.slot_id, "unknown")) for slot in slots
        }
        for slot_id, now in self._candidates.items():
            was = before.get(slot_id)
            if was is None:
                continue
            if now.occupancy == "occupied" and was.occupancy == "free":
                self.forget()
            elif now.slot is not was.slot and not _same_place(now.slot, was.slot):
                self._answers.pop(slot_id, None)
        for slot_id in self._answers.keys() - self._candidates.keys():
            del self._answers[slot_id]

    def forget(self) -> None:
        """Drop all answers, those under way too: what was known of the surroundings no longer holds."""
        self._answers.clear()
        self._round += 1

    def question(self) -> SlotQuestion | None:
        """The open question whose slot might be the easiest; None when every free slot has its answer."""
        if self._start is None:
            return None
        open_ones = self._open()
        if not open_ones:
            return None
        return SlotQuestion(min(open_ones, key=_order).slot, self._start, self._round)

    def answer(self, question: SlotQuestion, result: PlanResult) -> None:
        """Take the answer to a question; one of an earlier round, or for a slot that is gone, is passed over."""
        slot = question.slot
        if slot.slot_id not in self._candidates or question.round != self._round:
            return
        effort = effort_of(slot, result, self._preferences)
        clearance = float(result.min_clearance)
        self._answers[slot.slot_id] = _Answer(result.status is PlanStatus.FOUND, result.cusps, clearance, effort)

    @property
    def settled(self) -> bool:
        """Whether no open question could change the first choice."""
        best = self.best()
        limit = math.inf if best is None else self._answers[best].effort
        return all(candidate.least >= limit for candidate in self._open())

    def best(self) -> str | None:
        """The slot of the least effort among those answered so far; None if none can be entered."""
        ranked = self._ranked()
        return ranked[0].slot.slot_id if ranked else None

    def offers(self) -> list[SlotOffer]:
        """Every slot in the order it was given: ranked where a plan was found, else with the reason why not."""
        ranked = self._ranked()
        reasons = self._praise(ranked)
        offers = []
        for slot_id, candidate in self._candidates.items():
            answer = self._answers.get(slot_id)
            rank = next((n for n, other in enumerate(ranked, 1) if other is candidate), None)
            offers.append(
                SlotOffer(
                    slot_id,
                    candidate.occupancy,
                    feasible=rank is not None,
                    rank=rank,
                    cusps=answer.cusps if answer is not None and rank is not None else None,
                    clearance_m=_rounded(answer.clearance) if answer is not None and rank is not None else None,
                    reason=reasons[rank - 1] if rank is not None else self._objection(candidate, answer),
                    slot=slot_message(candidate.slot) if candidate.slot.measured else None,
                )
            )
        return offers

    # --- parts --------------------------------------------------------------------------------------------

    def _candidate(self, slot: Slot, occupancy: Occupancy) -> _Candidate:
        assert self._start is not None
        goal = slot.parked_pose(self._vehicle)
        distance = float(np.hypot(*(goal[:YAW] - self._start[:YAW])))
        family = self._preferences.parallel if slot.kind == "parallel" else 0.0
        return _Candidate(slot, occupancy, misfit(slot, self._vehicle, self._preferences), distance, distance + family)

    def _open(self) -> list[_Candidate]:
        return [
            candidate
            for slot_id, candidate in self._candidates.items()
            if candidate.occupancy == "free" and candidate.misfit is None and slot_id not in self._answers
        ]

    def _ranked(self) -> list[_Candidate]:
        """The slots that can be entered, easiest first."""
        able = [
            (self._answers[slot_id].effort, n, candidate)
            for n, (slot_id, candidate) in enumerate(self._candidates.items())
            if candidate.occupancy == "free" and slot_id in self._answers
        ]
        return [candidate for effort, _, candidate in sorted(able, key=lambda one: one[:2]) if effort < math.inf]

    def _objection(self, candidate: _Candidate, answer: _Answer | None) -> str:
        if candidate.occupancy != "free":
            return candidate.occupancy
        if candidate.misfit is not None:
            return candidate.misfit
        if answer is None:
            return Reason.UNCHECKED
        return Reason.TOO_MANY_MOVES if answer.found else Reason.BLOCKED

    def _praise(self, ranked: list[_Candidate]) -> list[str]:
        """Why the first is the first, and in what each of the others is behind it."""
        if not ranked:
            return []
        first = ranked[0]
        best, rest = self._answers[first.slot.slot_id], ranked[1:]
        others = [self._answers[other.slot.slot_id] for other in rest]
        reason = Reason.EASIEST
        if not rest:
            reason = Reason.ONLY_ONE
        elif best.cusps < min(other.cusps for other in others):
            reason = Reason.FEWEST_MOVES
        elif best.clearance > max(other.clearance for other in others) + 0.05:
            reason = Reason.ROOMIEST
        elif first.distance < min(other.distance for other in rest):
            reason = Reason.NEAREST
        elif best.cusps <= 1 and best.clearance >= self._preferences.wanted_clearance:
            reason = Reason.FITS_EASILY
        return [reason, *(self._behind(first, best, other) for other in rest)]

    def _behind(self, first: _Candidate, best: _Answer, other: _Candidate) -> str:
        answer, wish = self._answers[other.slot.slot_id], self._preferences
        losses = {
            Reason.MORE_MOVES: wish.per_cusp * (answer.cusps - best.cusps),
            Reason.TIGHTER: wish.per_clearance
            * (min(best.clearance, wish.wanted_clearance) - min(answer.clearance, wish.wanted_clearance)),
            Reason.FARTHER: other.distance - first.distance,
        }
        worst = max(losses, key=lambda reason: losses[reason])
        return worst if losses[worst] > 0.0 else Reason.HARDER


def recommend(
    slots: Sequence[Slot],
    occupancy: Mapping[str, Occupancy],
    vehicle: VehicleParams,
    pose: Pose,
    plan_for: Callable[[Slot, Pose], PlanResult],
    preferences: Preferences | None = None,
) -> list[SlotOffer]:
    """All offers from the start `pose`, asking `plan_for(slot, pose)` for every free slot that is large enough."""
    chooser = Chooser(vehicle, preferences)
    chooser.look(slots, occupancy, pose)
    while (question := chooser.question()) is not None:
        chooser.answer(question, plan_for(question.slot, question.start))
    return chooser.offers()


def _order(candidate: _Candidate) -> tuple[float, str]:
    return candidate.least, candidate.slot.slot_id


def _same_place(a: Slot, b: Slot) -> bool:
    """Whether a slot measured again is still the same to a plan."""
    shift = float(np.abs(a.world_from_slot - b.world_from_slot).max())
    return max(shift, abs(a.width - b.width), abs(a.depth - b.depth)) < 0.05


def _rounded(value: float) -> float | None:
    return round(value, 3) if math.isfinite(value) else None
