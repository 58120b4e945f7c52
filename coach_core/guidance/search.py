"""Which slot to park in: asks for one plan after another until no further one could change the choice."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from coach_core.contracts import SlotChosen, SlotOffer, SlotOffered
from coach_core.contracts.messages import Occupancy
from coach_core.geometry.poses import YAW, Pose
from coach_core.guidance.recommendation import Chooser, Reason, SlotQuestion
from coach_core.perception.slots import Slot, slot_message
from coach_core.planner import PlanResult
from coach_core.vehicle import VehicleParams

MOST_QUESTIONS = 4
"""Plans asked for before a choice is made: the car drives on meanwhile."""
PASSED = 1.0
"""A slot whose entrance is this far [m] behind the rear axle has been passed."""
MISSED_WITHIN, BESIDE = 12.0, 6.0
"""A slot is missed if it is no further behind than the one [m], and to the side than the other."""


class Choice(NamedTuple):
    """The slot to take and the plan into it."""

    slot: Slot
    result: PlanResult
    events: tuple[SlotOffered, SlotChosen]


class SlotSearch:
    """One round of questions after another, each from the place where the manoeuvre would begin."""

    def __init__(self, vehicle: VehicleParams) -> None:
        self._chooser = Chooser(vehicle)
        self._question: SlotQuestion | None = None
        self._slots: dict[str, Slot] = {}
        self._results: dict[str, PlanResult] = {}
        self._asked = 0
        self._given_up: set[str] = set()
        self._gone: list[SlotOffer] = []
        self._told: tuple[tuple[str, str], ...] = ()

    def give_up(self, slot_id: str) -> None:
        """Never choose this slot again."""
        self._given_up.add(slot_id)
        self._chooser.forget()

    def open(self, slots: Sequence[Slot]) -> list[Slot]:
        """Those that were not given up."""
        return [slot for slot in slots if slot.slot_id not in self._given_up]

    def ahead(self, slots: Sequence[Slot], occupancy: Callable[[str], Occupancy], pose: Pose) -> bool:
        """Whether driving on from `pose` (world) may still find one of the slots free."""
        heading = np.array([math.cos(pose[YAW]), math.sin(pose[YAW])])
        return any(
            occupancy(slot.slot_id) != "occupied"
            and float((slot.world_from_slot[:YAW] - pose[:YAW]) @ heading) > -PASSED
            for slot in self.open(slots)
        )

    def missed(self, slots: Sequence[Slot], occupancy: Callable[[str], Occupancy], pose: Pose, by: float) -> bool:
        """Whether a car at `pose` (world) has passed one of the slots that may be free, by this much [m] or more.

        by: from the entrance to the rear axle, negative where the entrance lies ahead of it.
        """
        cos, sin = math.cos(pose[YAW]), math.sin(pose[YAW])
        for slot in self.open(slots):
            x, y = (slot.world_from_slot[:YAW] - pose[:YAW]).tolist()
            behind, beside = -(x * cos + y * sin), abs(y * cos - x * sin)
            if by <= behind < MISSED_WITHIN and beside < BESIDE and occupancy(slot.slot_id) != "occupied":
                return True
        return False

    def begin(self, slots: Sequence[Slot], occupancy: Mapping[str, Occupancy], start: Pose) -> SlotQuestion | None:
        """The first question of a round, from `start` (3,); None where nothing that is free has not been asked for."""
        known = self.open(slots)
        if all(occupancy[slot.slot_id] != "free" for slot in known):
            return None
        self._look(slots, occupancy, start)
        self._slots = {slot.slot_id: slot for slot in known}
        self._question = self._chooser.question()
        self._asked = 0
        return self._question

    def refusal(
        self, slots: Sequence[Slot], occupancy: Mapping[str, Occupancy], start: Pose, *, over: bool
    ) -> SlotOffered | None:
        """Why none of the slots can be taken from `start` (3,), where that is news; None where it is not.

        A free slot that is refused is news, with the reason for each of the others; if the search is over, so are
        slots that are not free.
        """
        self._look(slots, occupancy, start)
        offers = [*self._chooser.offers(), *self._gone]
        if any(offer.feasible for offer in offers):
            return None
        told = tuple((offer.slot_id, offer.reason) for offer in offers if over or offer.occupancy == "free")
        if not told or told == self._told or any(reason == Reason.UNCHECKED for _, reason in told):
            return None
        self._told = told
        return SlotOffered(offers)

    def _look(self, slots: Sequence[Slot], occupancy: Mapping[str, Occupancy], start: Pose) -> None:
        self._chooser.look(self.open(slots), occupancy, start)
        self._gone = [
            SlotOffer(
                slot.slot_id,
                occupancy[slot.slot_id],
                feasible=False,
                rank=None,
                cusps=None,
                clearance_m=None,
                reason=Reason.BLOCKED,
                slot=slot_message(slot) if slot.measured else None,
            )
            for slot in slots
            if slot.slot_id in self._given_up
        ]

    @property
    def asking(self) -> bool:
        """Whether an answer is being waited for."""
        return self._question is not None

    def answer(self, result: PlanResult) -> SlotQuestion | Choice | None:
        """Take the answer to the question: the next one, or the choice; None if nothing can be entered from here."""
        assert self._question is not None
        self._chooser.answer(self._question, result)
        self._results[self._question.slot.slot_id] = result
        self._asked += 1
        self._question = None
        if not self._chooser.settled and self._asked < MOST_QUESTIONS:
            self._question = self._chooser.question()
            if self._question is not None:
                return self._question
        best = self._chooser.best()
        if best is None or best not in self._results:
            return None
        self._told = ()
        events = (SlotOffered([*self._chooser.offers(), *self._gone]), SlotChosen(best))
        return Choice(self._slots[best], self._results[best], events)
