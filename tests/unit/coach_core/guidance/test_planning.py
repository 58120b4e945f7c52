"""Plans made beside the tick."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from coach_core.geometry.polygons import pack_obstacles
from coach_core.guidance.planning import InlinePlanner, PlanRequest, ThreadPlanner
from coach_core.planner import PlanOptions, PlanStatus
from tests.toy.frames import CAR

GOAL = np.array([0.0, 0.0, 0.5 * math.pi])


def request(ahead: float = 2.0) -> PlanRequest:
    """Straight back into the slot: quickly found, also by interpreted kernels."""
    nothing = pack_obstacles([])
    start = np.array([0.0, ahead, 0.5 * math.pi])
    return PlanRequest("A1", CAR, start, GOAL, nothing, 0.0, (0.2, 0.4), "reverse", PlanOptions())


@pytest.fixture
def threaded() -> Iterator[ThreadPlanner]:
    planner = ThreadPlanner(wait=True)
    yield planner
    planner.close()


def test_nothing_asked_is_nothing_answered(threaded: ThreadPlanner) -> None:
    assert threaded.collect() is None
    assert InlinePlanner().collect() is None


def test_answer_is_given_once_and_is_the_same_from_both(threaded: ThreadPlanner) -> None:
    inline = InlinePlanner()
    for planner in (threaded, inline):
        planner.submit(request())
    here, there = inline.collect(), threaded.collect()
    assert here is not None
    assert there is not None
    assert here.status is PlanStatus.FOUND
    assert here.segments == there.segments
    assert threaded.collect() is None
    assert inline.collect() is None


def test_latest_request_counts(threaded: ThreadPlanner) -> None:
    threaded.submit(request(1.0))
    threaded.submit(request(3.0))
    answer = threaded.collect()
    assert answer is not None
    assert answer.length == pytest.approx(3.0)


def test_planner_that_may_not_wait_answers_when_it_is_done() -> None:
    planner = ThreadPlanner(wait=False)
    planner.submit(request())
    answer = None
    while answer is None:  # the suite's time limit ends this if it never comes
        answer = planner.collect()
    planner.close()
    assert answer.status is PlanStatus.FOUND


def test_settling_leaves_the_answer_to_be_collected(threaded: ThreadPlanner) -> None:
    threaded.settle()
    threaded.submit(request())
    threaded.settle()
    assert threaded.collect() is not None
