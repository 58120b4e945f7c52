"""When a learner is asked to keep nearer to the bays."""

from __future__ import annotations

import math

import pytest

from coach_core.contracts import SlotMap
from coach_core.contracts.messages import Occupancy, SlotKind
from coach_core.geometry.poses import as_pose
from coach_core.guidance.earshot import ALONGSIDE, FURTHEST, QUIET_FOR, SAID_FOR, Earshot
from coach_core.perception.slots import Slot, slot_from_map
from tests.toy.frames import CAR

HALF = 0.5 * CAR.width


def bay(degrees: float, kind: SlotKind = "angled") -> Slot:
    """Its entrance's middle at the origin, to the right of who drives along +x."""
    return slot_from_map(SlotMap("A", kind, 0.0, 0.0, math.radians(degrees - 180.0), 2.5, 5.0))


def asked(slot: Slot, y: float, *, x: float = 0.0, yaw: float = 0.0, known: Occupancy = "unknown") -> bool:
    return Earshot(CAR).ask_nearer([slot], lambda _: known, as_pose([x, y, yaw]))


@pytest.mark.parametrize("degrees", [45.0, 60.0, 90.0])
def test_learner_is_asked_nearer_where_the_way_into_a_bay_is_longer_than_can_be_heard(degrees: float) -> None:
    limit = HALF + FURTHEST * math.sin(math.radians(degrees))
    assert asked(bay(degrees), limit + 0.05)
    assert not asked(bay(degrees), limit - 0.05)


def test_from_the_other_side_of_the_row_it_is_another_row() -> None:
    assert not asked(bay(45.0), -6.0)


def test_it_is_the_same_whichever_way_one_drives() -> None:
    assert asked(bay(45.0), 6.0, yaw=math.pi)


@pytest.mark.parametrize("known", ["free", "occupied"])
def test_a_bay_that_is_known_needs_no_hearing(known: Occupancy) -> None:
    assert not asked(bay(45.0), 6.0, known=known)


def test_bays_far_ahead_can_wait() -> None:
    assert not asked(bay(45.0), 6.0, x=-ALONGSIDE - 0.1)


def test_it_is_said_for_a_while_and_then_left_to_the_learner_for_a_while() -> None:
    slots = [slot_from_map(SlotMap(f"A{i}", "angled", 3.0 * i, 0.0, -0.75 * math.pi, 2.5, 5.0)) for i in range(8)]
    earshot = Earshot(CAR)
    ways = [0.0, SAID_FOR - 0.1, SAID_FOR + 0.1, SAID_FOR + QUIET_FOR - 0.1, SAID_FOR + QUIET_FOR + 0.1]
    told = [earshot.ask_nearer(slots, lambda _: "unknown", as_pose([x, 6.0, 0.0])) for x in ways]
    assert told == [True, True, False, False, True]
