"""What a seed decides."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest

from coach_core.errors import UsageError
from controllers.parkit_examiner.scenario import AWAY, apply_scenario, draw, load_scenario
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


class Field:
    def __init__(self, value: list[float]) -> None:
        self.value = value

    def getSFVec3f(self) -> list[float]:
        return self.value

    def setSFVec3f(self, value: list[float]) -> None:
        assert all(type(number) is float for number in value)
        self.value = value

    getSFRotation, setSFRotation = getSFVec3f, setSFVec3f


class Node:
    def __init__(self, x: float, y: float, yaw: float) -> None:
        self.fields = {"translation": Field([x, y, 0.4]), "rotation": Field([0.0, 0.0, 1.0, yaw])}
        self.stopped = False

    def getField(self, name: str) -> Field:
        return self.fields[name]

    def resetPhysics(self) -> None:
        self.stopped = True


class Supervisor:
    def __init__(self, **nodes: Node) -> None:
        self.nodes = nodes

    def getFromDef(self, name: str) -> Any:
        return self.nodes.get(name)


def test_bodies_are_put_in_their_places_and_the_car_stands_still() -> None:
    scenario = draw(FILE, LOT, 3)
    (free,) = scenario.free_slots
    ego, neighbour, gone = Node(0.0, 0.0, 0.0), Node(-7.5, -2.5, 1.5), Node(1.0, 1.0, 0.0)
    apply_scenario(Supervisor(EGO=ego, PARKED_A1=neighbour, **{f"PARKED_{free}": gone}), FILE, scenario)
    assert ego.fields["translation"].value[:2] == [scenario.ego.x, scenario.ego.y]
    assert ego.fields["rotation"].value == [0.0, 0.0, 1.0, scenario.ego.yaw]
    assert ego.stopped
    moved = scenario.parked["PARKED_A1"]
    assert neighbour.fields["translation"].value == [-7.5 + moved.x, -2.5 + moved.y, 0.4]
    assert neighbour.fields["rotation"].value[3] == pytest.approx(1.5 + moved.yaw)
    assert gone.fields["translation"].value == [*AWAY, 0.4]


def test_world_without_the_learners_car_is_refused_by_its_name() -> None:
    with pytest.raises(UsageError, match="DEF EGO"):
        apply_scenario(Supervisor(), FILE, draw(FILE, LOT, 1))
