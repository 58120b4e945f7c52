"""What a seed decides."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest

from coach_core.contracts.messages import ParkingStrip
from coach_core.errors import UsageError
from controllers.parkit_examiner.scenario import AWAY, CarSize, draw, load_scenario, row_places
from controllers.parkit_examiner.scenario_file import ScenarioFile
from tests.toy.frames import LOT, WORLD

FILE = load_scenario(WORLD)


def test_equal_seeds_give_equal_scenarios_and_others_others() -> None:
    assert draw(FILE, LOT, 7) == draw(FILE, LOT, 7)
    assert draw(FILE, LOT, 7) != draw(FILE, LOT, 8)


@pytest.mark.parametrize("seed", range(20))
def test_drawn_numbers_lie_within_the_file_and_only_the_free_slot_is_emptied(seed: int) -> None:
    scenario = draw(FILE, LOT, seed)
    (free,) = scenario.free_slots
    assert free in FILE.free_from
    away = [name for name, place in scenario.parked.items() if (place.x, place.y) == AWAY]
    assert away == [f"PARKED_{free}"]
    assert FILE.start.x_m[0] <= scenario.ego.x <= FILE.start.x_m[1]
    assert FILE.start.y_m[0] <= scenario.ego.y <= FILE.start.y_m[1]
    assert abs(scenario.ego.yaw) <= math.radians(2.0)
    for name, place in scenario.parked.items():
        if name not in away:  # the slots open upwards: lateral is along x, depth along -y
            assert abs(place.x) <= 0.10 + 1e-6
            assert -0.15 - 1e-6 <= place.y <= 0.10 + 1e-6


def test_every_slot_that_may_be_free_is_drawn_sometime() -> None:
    assert {draw(FILE, LOT, seed).free_slots[0] for seed in range(40)} == set(FILE.free_from)


@pytest.mark.parametrize(("free_from", "what"), [(["A3", "Z9"], "Z9"), ([], "names no slot")])
def test_file_that_frees_what_is_not_there_is_refused(free_from: list[str], what: str) -> None:
    with pytest.raises(UsageError, match=what):
        draw(msgspec.structs.replace(FILE, free_from=free_from), LOT, 1)


# --- what a scenario may hold beside parked cars ------------------------------------------------------

STRIP_LOT = msgspec.structs.replace(LOT, strips=[ParkingStrip("S1", 0.0, 0.0, 0.0, 30.0, 2.2)])
RICH = msgspec.convert(
    {
        **msgspec.to_builtins(FILE),
        "free_count": [1, 3],
        "goals": ["reverse_in", "nose_in"],
        "rows": [
            {
                "strip": "S1",
                "defs": ["R1", "R2", "R3"],
                "first_m": [0.5, 0.5],
                "spacing_m": [1.0, 1.0],
                "gap_after": ["R1"],
                "gap_m": [7.0, 7.0],
                "kerb_m": [0.2, 0.2],
            }
        ],
        "clutter": [
            {"def": "CONE", "chance": 0.5, "x_m": [1.0, 2.0], "y_m": [4.0, 5.0]},
            {"def": "TROLLEY", "blocks": ["A1", "A2", "A3", "A4"], "depth_m": [2.0, 2.0], "lateral_m": [0.3, 0.3]},
        ],
        "movers": [
            {"def": "W", "chance": 0.5, "path": [[0, 5], [0, 1]], "offset_m": [0.5, 0.5], "speed_mps": [0.8, 1.4]},
        ],
    },
    ScenarioFile,
)
SEEDS = range(60)


def test_as_many_slots_are_free_as_the_file_allows() -> None:
    counts = {len(draw(RICH, STRIP_LOT, seed).free_slots) for seed in SEEDS}
    assert counts == {1, 2, 3}
    assert {draw(RICH, STRIP_LOT, seed).goal for seed in SEEDS} == {"reverse_in", "nose_in"}


def test_clutter_stands_in_a_slot_that_is_not_free_and_whose_car_is_away() -> None:
    for seed in SEEDS:
        scenario = draw(RICH, STRIP_LOT, seed)
        spot = scenario.clutter["TROLLEY"]
        assert spot is not None
        (slot,) = [s for s in LOT.slots if abs(s.entrance_x_m - spot.x) < 1.0]
        assert slot.slot_id not in scenario.free_slots
        assert scenario.parked[f"PARKED_{slot.slot_id}"][:2] == AWAY
        # inwards is down here, so the left of it is to the east
        assert (spot.x, spot.y) == pytest.approx((slot.entrance_x_m + 0.3, -2.0), abs=1e-5)


def test_what_has_a_chance_is_sometimes_there_and_sometimes_not() -> None:
    drawn = [draw(RICH, STRIP_LOT, seed) for seed in SEEDS]
    assert {scenario.clutter["CONE"] is None for scenario in drawn} == {True, False}
    assert {scenario.absent for scenario in drawn} == {(), ("W",)}


def test_a_path_is_shifted_to_the_left_of_its_first_stretch() -> None:
    (mover,) = next(s.movers for s in (draw(RICH, STRIP_LOT, seed) for seed in SEEDS) if s.movers)
    assert mover.path == ((0.5, 5.0), (0.5, 1.0))
    assert 0.8 <= mover.speed <= 1.4


def test_an_entry_more_leaves_the_others_as_they_were() -> None:
    fewer = msgspec.structs.replace(RICH, clutter=RICH.clutter[1:], movers=[])
    for seed in range(10):
        before, after = draw(fewer, STRIP_LOT, seed), draw(RICH, STRIP_LOT, seed)
        assert after.clutter["TROLLEY"] == before.clutter["TROLLEY"]
        assert (after.ego, after.parked, after.rows) == (before.ego, before.parked, before.rows)


def test_a_row_stands_along_its_strip_with_the_wide_gap_where_it_was_drawn() -> None:
    (row,) = draw(RICH, STRIP_LOT, 1).rows
    places = row_places(row, STRIP_LOT, dict.fromkeys(("R1", "R2", "R3"), CarSize(4.0, 1.8)))
    # northwards along x = 0, the road and the cars on the left of it
    assert [place and pytest.approx((place.x, place.y)) for place in places.values()] == [
        (-1.1, 2.5),
        (-1.1, 13.5),
        (-1.1, 18.5),
    ]
    assert places["R1"] is not None
    assert places["R1"].yaw == pytest.approx(math.pi / 2)


def test_cars_beyond_the_end_of_the_strip_are_taken_away() -> None:
    (row,) = draw(RICH, STRIP_LOT, 1).rows
    places = row_places(row, STRIP_LOT, dict.fromkeys(("R1", "R2", "R3"), CarSize(8.0, 1.8)))
    assert [place is None for place in places.values()] == [False, False, True]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"free_count": (0, 2), "rows": []}, "free_count"),
        ({"free_count": (2, 9)}, "free_count"),
        ({"goals": []}, "goals names no manoeuvre"),
        ({"rows": [msgspec.structs.replace(RICH.rows[0], strip="S9")]}, "S9"),
        ({"clutter": [msgspec.structs.replace(RICH.clutter[1], blocks=["Z1"])]}, "Z1"),
        ({"movers": [msgspec.structs.replace(RICH.movers[0], path=[(0.0, 0.0), (0.0, 0.0)])]}, "path of W"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_with_what_is_wrong(changes: dict[str, Any], what: str) -> None:
    with pytest.raises(UsageError, match=what):
        draw(msgspec.structs.replace(RICH, **changes), STRIP_LOT, 1)
