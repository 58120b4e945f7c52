"""Draws are what they say: equal for equal seeds, and heading for the contact that is meant."""

import math

import pytest

from ops.study.simulator import learner_car
from ops.study.warnings.drivers import Action, current, feet, towards
from ops.study.warnings.foresight import foresee
from ops.study.warnings.patterns import LATEST, PATTERNS, SOONEST, draw, is_known

CAR = learner_car()


@pytest.mark.parametrize("pattern", PATTERNS)
def test_equal_seeds_give_equal_episodes_and_others_differ(pattern: str) -> None:
    first, again, other = (draw(pattern, seed, CAR) for seed in (5, 5, 6))
    assert first == again
    assert first.episode != other.episode


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_contact_of_a_draw_comes_neither_at_once_nor_late(pattern: str) -> None:
    for seed in range(3):
        drawn = draw(pattern, seed, CAR)
        assert SOONEST <= drawn.foreseen.time <= LATEST
        assert drawn.foreseen.body in drawn.episode.bodies


def test_each_pattern_hits_the_part_of_the_car_it_is_named_for() -> None:
    for seed in range(3):
        assert draw("straight_back", seed, CAR).foreseen.x < 0.0
        assert draw("nose_in", seed, CAR).foreseen.x > CAR.wheelbase_m
        assert abs(draw("side_scrape", seed, CAR).foreseen.y) > 0.85
        assert draw("line_strike", seed, CAR).foreseen.body.kind == "kerb"
        assert draw("crossing_mover", seed, CAR).foreseen.body.path


def test_a_car_in_a_slot_and_a_wall_are_known_and_a_car_in_the_aisle_is_not() -> None:
    episode = draw("straight_back", 0, CAR).episode
    slot = episode.lot.slots[0]
    x = slot.entrance_x_m + 2.0 * math.cos(slot.inward_yaw_rad)
    y = slot.entrance_y_m + 2.0 * math.sin(slot.inward_yaw_rad)
    assert is_known(episode, x, y, "car")
    assert not is_known(episode, x, -y, "car")
    assert is_known(episode, x, -y, "wall")
    assert not is_known(episode, x, y, "person")


def test_without_the_action_that_leads_there_nothing_is_hit() -> None:
    drawn = draw("pedal_surge", 1, CAR)
    start = drawn.episode.start._replace(speed=0.0)
    standing = (Action(0.0, 0.0, 0.0, 1.0),)
    assert foresee(CAR, drawn.episode.bodies, start, standing, drawn.steer_rate, 5.0) is None


# --- hands and feet -------------------------------------------------------------------------------------------


def test_the_latest_action_due_is_the_one_under_way() -> None:
    actions = (Action(0.0, 0.0, 0.5, 1.0), Action(1.0, 0.3, 0.5, 1.0))
    assert [current(actions, now).steer for now in (0.0, 0.9, 1.0, 7.0)] == [0.0, 0.0, 0.3, 0.3]


def test_a_value_moves_towards_its_target_and_no_farther() -> None:
    assert towards(0.0, 1.0, 0.3) == 0.3
    assert towards(0.9, 1.0, 0.3) == 1.0
    assert towards(0.0, -1.0, 0.3) == -0.3


def test_feet_press_one_pedal_to_speed_up_and_the_other_to_slow_down() -> None:
    assert feet(0.5, 0.5, 1.0)[0] > 0.0
    throttle, brake = feet(1.0, 0.2, -1.0)
    assert (throttle, brake > 0.1) == (0.0, True)
    assert feet(0.0, 0.0, 0.0) == (0.0, 0.6)
