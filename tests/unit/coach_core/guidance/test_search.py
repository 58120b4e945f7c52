"""Questions until the choice is made."""

from __future__ import annotations

import numpy as np

from coach_core.contracts import SlotOffered
from coach_core.contracts.messages import Occupancy
from coach_core.guidance.recommendation import SlotQuestion
from coach_core.guidance.search import MOST_QUESTIONS, Choice, SlotSearch
from coach_core.perception.slots import slot_from_map
from coach_core.planner import PlanResult, PlanSegment, PlanStatus
from coach_core.planner.result import no_plan
from tests.toy.frames import CAR, LOT

SLOTS = [slot_from_map(slot) for slot in LOT.slots]
START = np.array([-6.0, 2.5, 0.0])


def plan(length: float, cusps: int = 1) -> PlanResult:
    segments = (PlanSegment(-1, 0.0, length),)
    return PlanResult(PlanStatus.FOUND, segments, START[None, :], np.array([-1], np.int8), cusps, length, 0.5, 1, 0)


def free(*slot_ids: str) -> dict[str, Occupancy]:
    return {slot.slot_id: "free" if slot.slot_id in slot_ids else "occupied" for slot in SLOTS}


def test_nothing_free_asks_nothing() -> None:
    search = SlotSearch(CAR)
    assert search.begin(SLOTS, free(), START) is None
    assert not search.asking


def test_only_free_slot_is_chosen_by_its_first_plan() -> None:
    search = SlotSearch(CAR)
    question = search.begin(SLOTS, free("A4"), START)
    assert question is not None
    choice = search.answer(plan(12.0))
    assert isinstance(choice, Choice)
    assert (question.slot.slot_id, choice.slot.slot_id) == ("A4", "A4")
    assert [offer.rank for offer in choice.events[0].offers if offer.slot_id == "A4"] == [1]


def test_farther_slot_with_the_easier_plan_is_chosen_and_both_are_offered() -> None:
    search = SlotSearch(CAR)
    first = search.begin(SLOTS, free("A3", "A4"), START)
    assert first is not None
    second = search.answer(plan(14.0, cusps=4))
    assert isinstance(second, SlotQuestion)
    assert second.slot.slot_id != first.slot.slot_id
    choice = search.answer(plan(15.0))
    assert isinstance(choice, Choice)
    assert choice.slot.slot_id == second.slot.slot_id
    offered: SlotOffered = choice.events[0]
    assert sorted(offer.rank for offer in offered.offers if offer.rank is not None) == [1, 2]


def test_slots_without_a_way_in_are_no_choice() -> None:
    search = SlotSearch(CAR)
    assert search.begin(SLOTS, free("A3"), START) is not None
    assert search.answer(no_plan(PlanStatus.NO_PATH)) is None
    assert search.begin(SLOTS, free("A3"), START) is None  # asked already from here
    assert search.begin(SLOTS, free("A3"), np.add(START, [2.0, 0.0, 0.0])) is not None


def test_questions_end_before_the_car_has_driven_past_the_start() -> None:
    search = SlotSearch(CAR)
    answer: SlotQuestion | Choice | None = search.begin(SLOTS, free(*(slot.slot_id for slot in SLOTS)), START)
    asked = 0
    while isinstance(answer, SlotQuestion):
        asked += 1
        answer = search.answer(plan(40.0 - asked, cusps=5))
    assert asked == MOST_QUESTIONS
    assert isinstance(answer, Choice)


def test_slot_that_was_given_up_is_not_asked_for_again() -> None:
    search = SlotSearch(CAR)
    search.give_up("A3")
    assert search.begin(SLOTS, free("A3"), START) is None
    assert "A3" not in [slot.slot_id for slot in search.open(SLOTS)]


def refused(search: SlotSearch, occupancy: dict[str, Occupancy], *, over: bool = False) -> dict[str, str] | None:
    """The reasons that are news, by slot."""
    offered = search.refusal(SLOTS, occupancy, START, over=over)
    return None if offered is None else {offer.slot_id: offer.reason for offer in offered.offers}


def test_why_no_slot_can_be_taken_is_told_once_with_a_reason_for_each() -> None:
    search = SlotSearch(CAR)
    search.begin(SLOTS, free("A3"), START)
    assert refused(search, free("A3")) is None  # being asked
    search.answer(no_plan(PlanStatus.NO_PATH))
    told = refused(search, free("A3"))
    assert told is not None
    assert (told["A3"], told["A4"]) == ("blocked", "occupied")
    assert refused(search, free("A3")) is None


def test_slots_that_are_taken_are_news_only_when_the_search_is_over() -> None:
    search = SlotSearch(CAR)
    assert refused(search, free()) is None
    told = refused(search, free(), over=True)
    assert told is not None
    assert set(told.values()) == {"occupied"}


def test_slot_that_was_given_up_keeps_its_reason() -> None:
    search = SlotSearch(CAR)
    search.give_up("A3")
    told = refused(search, free("A3"), over=True)
    assert told is not None
    assert told["A3"] == "blocked"


def test_slot_that_can_be_taken_is_no_refusal() -> None:
    search = SlotSearch(CAR)
    search.begin(SLOTS, free("A4"), START)
    assert isinstance(search.answer(plan(12.0)), Choice)
    assert refused(search, free("A4")) is None
