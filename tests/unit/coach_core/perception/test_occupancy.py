"""What driving past tells of a slot, whichever way it lies."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coach_core.contracts import SlotMap
from coach_core.geometry.poses import apply, compose, inverse
from coach_core.perception.occupancy import (
    AGAINST,
    ALONG,
    CLEAR,
    DEEPER,
    FOR,
    INTO,
    NEARER,
    SQUARE,
    SURPRISE,
    OccupancyWatcher,
    weigh,
    without_own,
)
from coach_core.perception.slots import Slot, slot_from_map
from coach_core.perception.sonar import Floats, Pings

INWARDS = -0.5 * math.pi
ENOUGH = 3
SLOTS = {
    "perpendicular": slot_from_map(SlotMap("S", "perpendicular", 0.0, 0.0, INWARDS, 2.5, 5.0)),
    "angled": slot_from_map(SlotMap("S", "angled", 0.0, 0.0, INWARDS - math.radians(30.0), 2.5, 5.0)),
    "parallel": slot_from_map(SlotMap("S", "parallel", 0.0, 0.0, INWARDS, 6.7, 2.2)),
}
NEAR_END = {"perpendicular": 1.7, "angled": 1.75, "parallel": 1.65}
"""How far from `ABOVE` a parked car is heard [m]."""
BEYOND = {"perpendicular": 3.5, "angled": 3.8, "parallel": 3.0}
ABOVE = np.array([0.0, 1.5, INWARDS])
"""A side sensor 1.5 m before the middle of the entrance, looking across the road."""


def watched(slot: Slot, *distances: float | None, sensor: Floats = ABOVE, others: float = math.inf) -> OccupancyWatcher:
    """After pings of one sensor: None is silence. others: what else there is to be heard [m]."""
    watcher = OccupancyWatcher([slot])
    at = np.array([[*sensor, 1.2, 4.0]])
    for distance in distances:
        echo = np.array([math.nan if distance is None else distance])
        free = np.array([4.0 if distance is None else distance])
        watcher.look(at, Pings(echo, free), np.array([[others]]))
    return watcher


families = pytest.mark.parametrize("family", list(SLOTS))


def test_slot_nobody_looked_into_is_unknown_and_as_likely_taken_as_free() -> None:
    watcher = watched(SLOTS["perpendicular"])
    assert watcher.occupancy("S") == "unknown"
    assert watcher.probability("S") == pytest.approx(0.5)


@families
def test_echoes_of_a_near_end_make_it_occupied(family: str) -> None:
    watcher = watched(SLOTS[family], *[NEAR_END[family]] * ENOUGH)
    assert watcher.occupancy("S") == "occupied"
    assert watcher.probability("S") > 0.9


@families
@pytest.mark.parametrize("silent", [True, False])
def test_echoes_from_far_behind_it_or_none_at_all_make_it_free(family: str, silent: bool) -> None:
    distance = None if silent else BEYOND[family]
    watcher = watched(SLOTS[family], *[distance] * ENOUGH, others=BEYOND[family])
    assert watcher.occupancy("S") == "free"
    assert watcher.probability("S") < 0.12


def test_an_echo_from_within_that_a_nearer_neighbour_does_not_explain_makes_no_slot_free() -> None:
    """A trolley in a bay beside a car that is assumed, but not heard: its echo comes from behind that car's corner."""
    slot, inside = SLOTS["perpendicular"], NEAR_END["perpendicular"] + 1.5
    assert watched(slot, *[inside] * ENOUGH, others=inside).occupancy("S") == "free"
    assert watched(slot, *[inside] * ENOUGH, others=inside - 0.5).occupancy("S") == "unknown"


@families
def test_too_few_echoes_settle_nothing(family: str) -> None:
    assert watched(SLOTS[family], NEAR_END[family]).occupancy("S") == "unknown"
    assert watched(SLOTS[family], None, None).occupancy("S") == "unknown"


@families
def test_contradicting_echoes_are_taken_for_unknown_and_only_much_silence_for_free(family: str) -> None:
    car = [NEAR_END[family]] * ENOUGH
    assert watched(SLOTS[family], *car, *[None] * ENOUGH).occupancy("S") == "unknown"
    assert watched(SLOTS[family], *car, *[None] * 10).occupancy("S") == "free"


@families
def test_something_in_the_middle_of_the_slot_is_no_free_slot(family: str) -> None:
    slot = SLOTS[family]
    before = compose(slot.world_from_slot, [-1.5, 0.0, 0.0])
    assert watched(slot, *[1.5 + 0.5 * slot.depth] * ENOUGH, sensor=before).occupancy("S") == "occupied"


@families
def test_echo_that_a_neighbour_explains_as_well_settles_nothing(family: str) -> None:
    near = NEAR_END[family]
    assert watched(SLOTS[family], *[near] * 10, others=near).occupancy("S") == "unknown"


def test_face_that_slants_away_is_silent_and_its_silence_proves_nothing() -> None:
    steep = slot_from_map(SlotMap("S", "angled", 0.0, 0.0, INWARDS - math.radians(60.0), 2.5, 5.0))
    assert watched(steep, *[None] * 20).occupancy("S") == "unknown"


@pytest.mark.parametrize(
    "sensor",
    [
        np.add(ABOVE, [3.5, 0.0, 0.0]),
        np.add(ABOVE, [0.0, 3.5, 0.0]),
        np.add(ABOVE, [0.0, -2.0, 0.0]),
        np.add(ABOVE, [0.0, 0.0, 1.3]),
        np.array([2.6, -0.1, math.pi]),
        np.add(ABOVE, [0.0, 0.0, math.pi]),
    ],
)
def test_sensor_beside_too_far_away_inside_or_turned_away_tells_nothing(sensor: Floats) -> None:
    watcher = watched(SLOTS["perpendicular"], *[1.7, None] * 10, sensor=sensor)
    assert watcher.probability("S") == pytest.approx(0.5)


def test_nonsense_settles_nothing() -> None:
    watcher = OccupancyWatcher([SLOTS["perpendicular"]])
    nothing = np.array([math.nan])
    for _ in range(10):
        watcher.look(np.array([[*ABOVE, 1.2, 4.0]]), Pings(nothing, nothing), np.array([[math.inf]]))
    assert watcher.probability("S") == pytest.approx(0.5)


def test_what_is_known_survives_new_slots_to_watch() -> None:
    watcher = watched(SLOTS["perpendicular"], *[1.7] * ENOUGH)
    other = slot_from_map(SlotMap("T", "perpendicular", 2.5, 0.0, INWARDS, 2.5, 5.0))
    watcher.watch([other, SLOTS["perpendicular"]])
    assert watcher.states == ("unknown", "occupied")


def test_blocked_slot_is_occupied() -> None:
    watcher = watched(SLOTS["perpendicular"], *[None] * ENOUGH)
    watcher.block("S")
    assert watcher.occupancy("S") == "occupied"


def test_no_slots_need_no_evidence() -> None:
    watcher = OccupancyWatcher([])
    watcher.look(np.array([[*ABOVE, 1.2, 4.0]]), Pings(np.array([1.0]), np.array([1.0])), np.empty((1, 0)))
    assert watcher.states == ()


def test_without_its_own_car_a_slot_leaves_the_next_nearest_or_the_wall() -> None:
    cars = np.array([[2.0, 1.5, 3.0], [math.inf, math.inf, math.inf]])
    others = without_own(cars, np.array([2.5, 4.0]))
    np.testing.assert_array_equal(others, [[1.5, 2.0, 1.5], [4.0, 4.0, 4.0]])
    np.testing.assert_array_equal(without_own(cars[:, :1], np.array([2.5, 4.0])), [[2.5], [4.0]])
    assert without_own(np.empty((2, 0)), np.array([2.5, 4.0])).shape == (2, 0)


def test_near_ends_of_these_tests_are_where_the_slots_have_them() -> None:
    for family, slot in SLOTS.items():
        gap = np.hypot(*(slot.core() - apply(ABOVE, [0.0, 0.0])).T).min()
        assert gap == pytest.approx(NEAR_END[family], abs=0.5)


@pytest.mark.parametrize("family", ["perpendicular", "parallel"])
def test_car_over_the_line_is_known_to_reach_into_the_road(family: str) -> None:
    within, over = watched(SLOTS[family], *[1.6] * ENOUGH), watched(SLOTS[family], 1.3, 1.3, 1.28, 1.3)
    assert within.sticks_out("S") == 0.0
    assert over.sticks_out("S") == pytest.approx(0.2, abs=0.01)
    assert watched(SLOTS[family], 1.3).sticks_out("S") == 0.0
    local = apply(inverse(SLOTS[family].world_from_slot), SLOTS[family].assumed_car(over.sticks_out("S")))
    assert local[:, 0].min() == pytest.approx(-over.sticks_out("S"))


def weighed(
    sensors: Floats, pings: Pings, car: Floats, others: Floats, frames: Floats, sizes: Floats, half: Floats
) -> tuple[Floats, Floats]:
    """The twin of `weigh`: change (K,) and heads (S, K), by whole arrays."""
    echo, free, length = pings.echo[:, None], pings.free[:, None], sizes[:, 1]
    dx, dy = sensors[:, None, 0] - frames[:, 0], sensors[:, None, 1] - frames[:, 1]
    turn = sensors[:, None, 2] - frames[:, 2]
    depth = np.cos(frames[:, 2]) * dx + np.sin(frames[:, 2]) * dy
    across = np.cos(frames[:, 2]) * dy - np.sin(frames[:, 2]) * dx
    outside, audible = depth < 0.0, np.isfinite(car) & (car < others - NEARER)
    audible &= outside & (np.cos(turn) > INTO)
    rival = np.abs(echo - others) < np.abs(echo - car)
    taken = audible & ~rival & (echo >= car - NEARER) & (echo <= car + DEEPER * length)
    empty = audible & (free >= car + CLEAR * length)
    inwards = depth + echo * np.cos(turn)
    inside = (inwards > 0.2) & (inwards < length - 0.4) & (np.abs(across + echo * np.sin(turn)) < half)
    deep = outside & (np.cos(turn) > ALONG) & (empty | ~audible) & inside
    taken |= deep & (echo < others - SURPRISE)
    empty &= ~(deep & (echo > others + SURPRISE))
    change = np.where(taken, FOR, np.where(empty, AGAINST, 0.0)).sum(axis=0)
    return change, np.where(taken & audible & (np.cos(turn) > SQUARE), inwards, np.nan)


@pytest.mark.parametrize("seed", range(20))
def test_pings_are_weighed_as_by_the_twin_that_works_on_whole_arrays(seed: int) -> None:
    rng = np.random.default_rng(seed)
    slots, count = 5, 12
    frames = np.column_stack((rng.uniform(-6, 6, slots), rng.uniform(-1, 1, slots), rng.normal(INWARDS, 0.4, slots)))
    sizes, half = rng.uniform([2.2, 4.5], [3.0, 5.5], (slots, 2)), rng.uniform(0.7, 1.0, slots)
    sensors = np.zeros((count, 5))
    sensors[:, :3] = rng.uniform([-6, 0, INWARDS - 0.9], [6, 3, INWARDS + 0.9], (count, 3))
    echo = np.where(rng.random(count) < 0.3, np.nan, rng.uniform(0.5, 4.0, count))
    pings = Pings(echo, np.where(np.isnan(echo) & (rng.random(count) < 0.6), 4.0, echo))
    car = np.where(rng.random((count, slots)) < 0.3, np.inf, rng.uniform(0.5, 4.0, (count, slots)))
    others = np.where(rng.random((count, slots)) < 0.5, np.inf, rng.uniform(0.5, 4.0, (count, slots)))
    change, heads = np.empty(slots), np.empty((count, slots))
    found = weigh(sensors, *pings, car, others, frames, sizes, half, change, heads)
    expected_change, expected_heads = weighed(sensors, pings, car, others, frames, sizes, half)
    np.testing.assert_allclose(change, expected_change, atol=1e-12)
    np.testing.assert_allclose(heads, expected_heads, atol=1e-12)
    assert found == np.count_nonzero(np.isfinite(heads))
    assert np.any(change != 0.0)
