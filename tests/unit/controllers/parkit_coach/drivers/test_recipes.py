"""The recipes learners know by heart: right where every mark is judged rightly, wrong where it is not."""

from __future__ import annotations

import math

import pytest

from coach_core.contracts import SlotMap, VehicleProfile
from controllers.parkit_coach.drivers.recipes import Marks, Recipe, Sees, recipe_for
from tests.toy.frames import PROFILE

RIGHT = Marks(0.0, 0.0, 0.0)
INWARD = -0.5 * math.pi
STEP = 0.01


def slot(
    kind: str, inward: float = INWARD, width: float = 2.5, depth: float = 5.0, parked: float | None = None
) -> SlotMap:
    return SlotMap("S", kind, 0.0, 0.0, inward, width, depth, parked)  # type: ignore[arg-type]


def follow(recipe: Recipe, car: VehicleProfile, left: float, marks: Marks = RIGHT) -> tuple[float, float, float]:
    """Where the rear axle ends when every stroke is driven exactly to its mark, from far down the aisle along +x."""
    x, y, yaw = -15.0, left, 0.0
    for stroke in recipe.strokes:
        travelled = 0.0
        while True:
            sees = Sees(
                along=x,
                left=y,
                inward=x * math.cos(recipe.slot.inward_yaw_rad) + y * math.sin(recipe.slot.inward_yaw_rad),
                to_turn=math.remainder(recipe.parked_yaw - yaw, math.tau),
                turned=yaw,
                travelled=travelled,
            )
            if stroke.done(sees, marks):
                break
            way = STEP if stroke.gear == "D" else -STEP
            x, y = x + way * math.cos(yaw), y + way * math.sin(yaw)
            yaw = math.remainder(yaw + way * math.tan(stroke.steer) / car.wheelbase_m, math.tau)
            travelled += STEP
            assert travelled < 40.0, "the mark never comes"
    return x, y, yaw


@pytest.mark.parametrize("left", [1.9, 2.4, 2.8])
@pytest.mark.parametrize("degrees", [90.0, 60.0, 45.0])
def test_reversing_to_the_shoulder_mark_ends_in_the_middle_of_the_slot(degrees: float, left: float) -> None:
    angle = math.radians(degrees)
    recipe = recipe_for(slot("angled", angle - math.pi), PROFILE, 0.0)
    x, y, yaw = follow(recipe, PROFILE, left)
    assert yaw == pytest.approx(angle, abs=0.02)
    assert x * math.sin(angle) - y * math.cos(angle) == pytest.approx(0.0, abs=0.06), "off the slot's middle line"
    deep = PROFILE.wheelbase_m + PROFILE.front_overhang_m + 0.25
    assert -(x * math.cos(angle) + y * math.sin(angle)) == pytest.approx(deep, abs=0.03)


def test_reversing_along_a_kerb_ends_parallel_and_inside() -> None:
    recipe = recipe_for(slot("parallel", width=6.7, depth=2.3), PROFILE, 0.0)
    x, y, yaw = follow(recipe, PROFILE, 1.9)
    assert yaw == pytest.approx(0.0, abs=0.03)
    assert y == pytest.approx(-1.15, abs=0.15)
    assert abs(x + 0.5 * (PROFILE.wheelbase_m + PROFILE.front_overhang_m - PROFILE.rear_overhang_m)) < 0.2


def test_nose_in_ends_straight_with_the_tail_inside() -> None:
    recipe = recipe_for(slot("perpendicular", parked=INWARD), PROFILE, 0.0)
    _, y, yaw = follow(recipe, PROFILE, 2.4)
    assert yaw == pytest.approx(INWARD, abs=0.02)
    assert y == pytest.approx(-(PROFILE.rear_overhang_m + 0.25), abs=0.05)


def test_a_mark_misjudged_shifts_the_car_by_as_much() -> None:
    recipe = recipe_for(slot("perpendicular"), PROFILE, 0.0)
    right = follow(recipe, PROFILE, 2.4)
    late = follow(recipe, PROFILE, 2.4, Marks(0.3, 0.0, 0.0))
    assert late[0] - right[0] == pytest.approx(0.3, abs=0.02)
