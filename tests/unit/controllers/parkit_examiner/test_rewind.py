"""Which moment a retry goes back to."""

from __future__ import annotations

import pytest

from controllers.parkit_examiner.judge import Truth
from controllers.parkit_examiner.rewind import BACK, KEPT, Rewinder
from controllers.parkit_examiner.stage import Snapshot


def drive(rewinder: Rewinder, begin: float, end: float) -> None:
    """A look every 0.5 s."""
    for tick in range(round(2 * begin), round(2 * end) + 1):
        time = 0.5 * tick
        rewinder.note(Snapshot(time, time, [time, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], (), Truth(time, 0.0, 0.0)))


def back(rewinder: Rewinder, now: float) -> float:
    moment = rewinder.back(now)
    assert moment is not None
    return moment.time


def test_a_retry_begins_three_seconds_before_the_mistake() -> None:
    rewinder = Rewinder(3)
    drive(rewinder, 0.0, 20.0)
    rewinder.mistake(14.0)
    assert back(rewinder, 20.0) == 14.0 - BACK


@pytest.mark.parametrize("mistake", [None, 2.0])
def test_without_a_recent_mistake_it_begins_three_seconds_ago(mistake: float | None) -> None:
    rewinder = Rewinder(3)
    if mistake is not None:
        rewinder.mistake(mistake)
    drive(rewinder, 0.0, 30.0)
    assert back(rewinder, 30.0) == 30.0 - BACK


def test_it_never_goes_back_beyond_the_beginning_or_what_is_remembered() -> None:
    young = Rewinder(3)
    drive(young, 0.0, 1.0)
    assert back(young, 1.0) == 0.0
    old = Rewinder(3)
    drive(old, 0.0, 100.0)
    old.mistake(81.0)
    assert back(old, 100.0) == 81.0 - BACK >= 100.0 - KEPT


def test_a_second_retry_goes_back_from_where_the_first_one_led() -> None:
    rewinder = Rewinder(3)
    drive(rewinder, 0.0, 20.0)
    rewinder.mistake(20.0)
    assert back(rewinder, 20.0) == 17.0
    assert back(rewinder, 17.0) == 14.0


def test_three_tries_and_no_more() -> None:
    rewinder = Rewinder(3)
    drive(rewinder, 0.0, 20.0)
    assert all(rewinder.back(20.0) for _ in range(3))
    assert rewinder.left == 0
    assert rewinder.back(20.0) is None
    assert rewinder.tries == 3
