"""Silence is not clearance: what was heard and fell silent still counts for a car that is on no plan."""

import numpy as np
import pytest

from coach_core.risk import CAUTION, CRITICAL, NO_POINTS, RiskState
from coach_core.risk.memory import Fallen
from coach_core.risk.outline import outline_of
from tests.unit.coach_core.risk.ticks import CAR, FRONT, points, readings, tick

BODY, HERE = outline_of(CAR), np.zeros(3)
POST = points([FRONT + 1.2, 0.3])


def level_after(silence: float, **changes: object) -> int:
    """Level `silence` s after the map gave up a post before a car that goes at 0.8 m/s, held still for the test."""
    state = RiskState(CAR)
    state.update(tick(speed=0.8, points=POST, **changes), 0.0)
    now, level = 0.0, CRITICAL
    while now < silence:
        now = min(now + 0.1, silence)
        level = state.update(tick(speed=0.8, **changes), now).level
    return level


def test_a_point_that_the_map_gave_up_still_counts_for_a_while() -> None:
    assert level_after(2.4) == CRITICAL
    assert level_after(3.2) < CAUTION


def test_on_plan_what_the_map_gave_up_is_gone() -> None:
    assert level_after(0.8, on_plan=True, planned_free_travel=4.0) < CAUTION


def test_an_echo_from_behind_shows_that_it_is_gone() -> None:
    seen_through = readings(front_centre_left=2.5)
    assert level_after(0.8, readings=seen_through) < CAUTION
    assert level_after(0.8, readings=readings(front_centre_left=1.3)) == CRITICAL
    assert level_after(0.8, readings=readings(rear_centre_left=2.5)) == CRITICAL


@pytest.mark.parametrize(
    ("now_there", "movers"),
    [
        (points([4.0, 0.1]), np.empty((0, 4))),  # the same, placed anew
        (NO_POINTS, np.array([[4.3, 0.2, 0.0, 1.0]])),  # it was somebody who walks
    ],
)
def test_a_point_that_went_elsewhere_is_not_remembered(now_there: np.ndarray, movers: np.ndarray) -> None:
    fallen = Fallen(2.5, BODY)
    fallen.update(points([4.0, 0.0]), np.empty((0, 4)), HERE, 0.0)
    fallen.update(now_there, movers, HERE, 0.1)
    assert len(fallen.points) == 0


def test_a_point_that_is_heard_again_is_the_map_s_once_more() -> None:
    fallen = Fallen(2.5, BODY)
    for now, seen in enumerate((POST, NO_POINTS, POST)):
        fallen.update(seen, np.empty((0, 4)), HERE, 0.1 * now)
    assert len(fallen.points) == 0


@pytest.mark.parametrize(("ahead", "kept"), [(1.4, 1), (1.6, 0)])
def test_what_fell_silent_far_off_was_nowhere_in_particular(ahead: float, kept: int) -> None:
    fallen = Fallen(2.5, BODY)
    fallen.update(points([FRONT + ahead, 0.3]), np.empty((0, 4)), HERE, 0.0)
    fallen.update(NO_POINTS, np.empty((0, 4)), HERE, 0.1)
    assert len(fallen.points) == kept


def test_what_is_no_number_is_not_remembered() -> None:
    fallen = Fallen(2.5, BODY)
    for now in (0.0, 0.1, 0.2):
        fallen.update(points([np.nan, 0.0], [4.0, np.inf]), np.empty((0, 4)), HERE, now)
    assert len(fallen.points) == 0


def test_after_a_moment_without_a_pose_nothing_is_remembered() -> None:
    state = RiskState(CAR)
    state.update(tick(speed=0.8, points=POST), 0.0)
    state.update(tick(speed=0.8, pose=np.full(3, np.nan)), 0.1)
    assert state.update(tick(speed=0.8), 0.2).free_travel == np.inf
