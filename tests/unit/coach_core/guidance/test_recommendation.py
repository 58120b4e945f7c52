"""Which slot is offered, which first, and in whose words."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from coach_core.contracts import SlotMap
from coach_core.contracts.messages import Occupancy
from coach_core.guidance.recommendation import Chooser, Preferences, Reason, effort_of, misfit, recommend
from coach_core.perception.slots import Slot, slot_from_map
from coach_core.planner import PlanResult, PlanStatus
from coach_core.planner.result import no_plan
from coach_core.vehicle import VehicleParams
from tests.toy.frames import PROJECT

CAR = VehicleParams(2.8, 0.835, 0.85, 1.823, 0.6)
START = np.zeros(3)
INWARDS = -0.5 * math.pi


def bay(name: str, x: float, width: float = 2.5, depth: float = 5.0) -> Slot:
    return slot_from_map(SlotMap(name, "perpendicular", x, -3.0, INWARDS, width, depth))


def kerb(name: str, x: float, length: float, depth: float = 2.2) -> Slot:
    return slot_from_map(SlotMap(name, "parallel", x, -1.5, INWARDS, length, depth))


def way(length: float = 12.0, cusps: int = 1, clearance: float = 0.5) -> PlanResult:
    return no_plan(PlanStatus.FOUND)._replace(length=length, cusps=cusps, min_clearance=clearance)


NO_WAY = no_plan(PlanStatus.NO_PATH)


def free(*slots: Slot) -> dict[str, Occupancy]:
    return {slot.slot_id: "free" for slot in slots}


def reasons(plans: dict[str, PlanResult], slots: list[Slot]) -> dict[str, tuple[int | None, str]]:
    offers = recommend(slots, free(*slots), CAR, START, lambda slot, _: plans[slot.slot_id])
    return {offer.slot_id: (offer.rank, offer.reason) for offer in offers}


@pytest.mark.parametrize(
    ("slot", "reason"),
    [
        (bay("a", 0.0), None),
        (bay("a", 0.0, width=2.0), Reason.TOO_NARROW),
        (bay("a", 0.0, depth=3.6), Reason.TOO_SHORT),
        (kerb("a", 0.0, 1.4 * CAR.length), None),
        (kerb("a", 0.0, 1.3 * CAR.length), Reason.TOO_SHORT),
        (kerb("a", 0.0, 1.4 * CAR.length)._replace(width_sigma=0.3), Reason.TOO_SHORT),
        (kerb("a", 0.0, 1.5 * CAR.length, depth=1.7), Reason.TOO_NARROW),
    ],
)
def test_slot_too_small_for_this_car_is_told_without_a_plan(slot: Slot, reason: Reason | None) -> None:
    assert misfit(slot, CAR) == reason

    def never(*_: object) -> PlanResult:
        pytest.fail("asked for a plan into a slot that is too small")

    if reason is not None:
        (offer,) = recommend([slot], free(slot), CAR, START, never)
        assert (offer.feasible, offer.rank, offer.reason) == (False, None, reason)


@pytest.mark.parametrize(
    ("occupancy", "plan", "reason"),
    [
        ("occupied", way(), Reason.OCCUPIED),
        ("unknown", way(), Reason.UNKNOWN),
        ("free", NO_WAY, Reason.BLOCKED),
        ("free", no_plan(PlanStatus.GOAL_IN_COLLISION), Reason.BLOCKED),
        ("free", no_plan(PlanStatus.BUDGET_EXHAUSTED), Reason.BLOCKED),
        ("free", way(cusps=9), Reason.TOO_MANY_MOVES),
    ],
)
def test_slot_that_cannot_be_entered_is_never_offered(occupancy: Occupancy, plan: PlanResult, reason: Reason) -> None:
    (offer,) = recommend([bay("a", 0.0)], {"a": occupancy}, CAR, START, lambda *_: plan)
    assert not offer.feasible
    assert (offer.rank, offer.cusps, offer.clearance_m) == (None, None, None)
    assert offer.reason == reason


def test_only_slot_that_can_be_entered_is_offered_as_such() -> None:
    assert reasons({"a": NO_WAY, "b": way()}, [bay("a", 0.0), bay("b", 3.0)]) == {
        "a": (None, Reason.BLOCKED),
        "b": (1, Reason.ONLY_ONE),
    }


@pytest.mark.parametrize(
    ("near", "far", "first", "why", "why_not"),
    [
        (way(cusps=3), way(cusps=1), "far", Reason.FEWEST_MOVES, Reason.MORE_MOVES),
        (way(clearance=0.2), way(clearance=0.5), "far", Reason.ROOMIEST, Reason.TIGHTER),
        (way(), way(length=15.0), "near", Reason.NEAREST, Reason.FARTHER),
        (way(), way(length=13.0, clearance=0.1), "near", Reason.ROOMIEST, Reason.TIGHTER),
        (way(length=14.0), way(), "far", Reason.FITS_EASILY, Reason.HARDER),
        (way(length=14.0, clearance=0.4), way(clearance=0.4), "far", Reason.EASIEST, Reason.HARDER),
    ],
)
def test_first_choice_says_why_it_is_the_first_and_the_other_why_not(
    near: PlanResult, far: PlanResult, first: str, why: Reason, why_not: Reason
) -> None:
    told = reasons({"near": near, "far": far}, [bay("near", 3.0), bay("far", 9.0)])
    second = "near" if first == "far" else "far"
    assert told == {first: (1, why), second: (2, why_not)}


def test_slot_along_the_kerb_must_be_easier_by_what_novices_find_hard_about_it() -> None:
    plans = {"bay": way(14.0), "kerb": way(10.0)}
    assert reasons(plans, [kerb("kerb", 2.0, 7.0), bay("bay", 2.0)])["bay"][0] == 1


def test_measured_gap_is_told_with_its_place() -> None:
    gap = kerb("K-1", 4.0, 7.0)._replace(measured=True)
    (offer,) = recommend([gap], free(gap), CAR, START, lambda *_: way())
    assert offer.slot is not None
    assert slot_from_map(offer.slot).world_from_slot == pytest.approx(gap.world_from_slot)
    assert offer.slot.width_m == 7.0


# --- one plan at a time -----------------------------------------------------------------------------------


def row(count: int) -> list[Slot]:
    return [bay(f"s{n}", 3.0 + 2.5 * n) for n in range(count)]


def test_nearest_is_asked_first_and_far_ones_need_no_plan_to_settle_the_choice() -> None:
    slots, asked = row(12), []
    chooser = Chooser(CAR)
    chooser.look(slots, free(*slots), START)
    while not chooser.settled:
        question = chooser.question()
        assert question is not None
        asked.append(question.slot.slot_id)
        chooser.answer(question, way(length=12.0))
    assert asked == [f"s{n}" for n in range(len(asked))]
    assert len(asked) < len(slots)
    assert chooser.best() == "s0"
    assert [offer.reason for offer in chooser.offers()][len(asked) :] == [Reason.UNCHECKED] * (12 - len(asked))


def test_every_question_answered_leaves_none() -> None:
    slots = row(3)
    chooser = Chooser(CAR)
    chooser.look(slots, free(*slots), START)
    for _ in slots:
        question = chooser.question()
        assert question is not None
        chooser.answer(question, NO_WAY)
    assert chooser.question() is None
    assert chooser.settled
    assert chooser.best() is None


def test_choice_is_that_of_asking_everything() -> None:
    rng = np.random.default_rng(5)
    for _ in range(50):
        slots = row(8)
        plans = {
            slot.slot_id: way(
                float(np.hypot(*slot.parked_pose(CAR)[:2]) + rng.uniform(0.0, 20.0)),
                int(rng.integers(0, 4)),
                float(rng.uniform(0.1, 0.6)),
            )
            for slot in slots
        }
        chooser = Chooser(CAR)
        chooser.look(slots, free(*slots), START)
        while not chooser.settled:
            question = chooser.question()
            assert question is not None
            chooser.answer(question, plans[question.slot.slot_id])
        everything = recommend(slots, free(*slots), CAR, START, lambda slot, _, plans=plans: plans[slot.slot_id])
        assert [offer.slot_id for offer in everything if offer.rank == 1] == [chooser.best()]


@pytest.mark.parametrize("change", ["start", "occupied", "obstacle"])
def test_answers_are_dropped_when_they_no_longer_hold_and_late_ones_are_passed_over(change: str) -> None:
    slots = row(2)
    chooser = Chooser(CAR)
    chooser.look(slots, free(*slots), START)
    question = chooser.question()
    assert question is not None
    chooser.answer(question, way())
    pending = chooser.question()
    assert pending is not None
    if change == "start":
        chooser.look(slots, free(*slots), np.array([2.0, 0.0, 0.0]))
    elif change == "occupied":
        chooser.look(slots, {"s0": "free", "s1": "occupied"}, START)
    else:
        chooser.forget()
    assert chooser.best() is None
    chooser.answer(pending, way())
    assert chooser.best() is None


def test_answers_stay_while_the_car_rolls_a_little_and_more_slots_turn_out_free() -> None:
    slots = row(2)
    chooser = Chooser(CAR)
    chooser.look(slots, {"s0": "free"}, START)
    question = chooser.question()
    assert question is not None
    chooser.answer(question, way())
    chooser.look(slots, free(*slots), np.array([0.5, 0.0, 0.05]))
    assert chooser.best() == "s0"
    following = chooser.question()
    assert following is not None
    assert following.slot.slot_id == "s1"


def test_gap_measured_anew_at_another_length_is_asked_for_again() -> None:
    gap = kerb("K-1", 4.0, 6.4)
    chooser = Chooser(CAR)
    chooser.look([gap], free(gap), START)
    question = chooser.question()
    assert question is not None
    chooser.answer(question, way())
    chooser.look([gap._replace(width=6.42)], free(gap), START)
    assert chooser.best() == "K-1"
    chooser.look([gap._replace(width=6.2)], free(gap), START)
    assert chooser.best() is None


def test_no_way_costs_no_end_of_effort() -> None:
    assert effort_of(bay("a", 0.0), NO_WAY) == math.inf
    assert effort_of(bay("a", 0.0), way(10.0, 1, 0.35)) == pytest.approx(10.0 + 4.0 + 2.5)
    assert effort_of(bay("a", 0.0), way(10.0, 1, math.inf), Preferences(per_cusp=1.0)) == pytest.approx(11.0)


def test_every_reason_has_a_sentence_in_both_languages() -> None:
    texts = json.loads((PROJECT / "coach_core" / "data" / "slot_reasons.json").read_text(encoding="utf-8"))["reasons"]
    assert {reason.value for reason in Reason} <= texts.keys()
    for sentence in texts.values():
        assert sentence["ko"].endswith("요.")
        assert sentence["en"].endswith(".")
