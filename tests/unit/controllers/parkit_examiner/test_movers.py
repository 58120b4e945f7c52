"""Where walkers and cars are at a time of the attempt."""

from __future__ import annotations

import math

import pytest

from controllers.parkit_examiner.judge import Truth, rectangle
from controllers.parkit_examiner.movers import MoverPath
from controllers.parkit_examiner.polygons import Point
from controllers.parkit_examiner.scenario import MoverDraw, Placement

FAR = Truth(50.0, 50.0, 0.0)
BODY = rectangle(FAR, -1.0, 4.0, 0.9)


def mover(
    *path: tuple[float, float],
    speed: float = 1.0,
    after: float = 0.0,
    near: tuple[float, float] | None = None,
    then: str = "stay",
    yields: float = 0.0,
    lane: float | None = None,
) -> MoverPath:
    return MoverPath(MoverDraw("W", path, speed, after, near, 3.0, then, yields, lane), 0.5, 0.5)


def walk(path: MoverPath, seconds: float, ego: Truth = FAR, body: list[Point] = BODY) -> Placement | None:
    """Where it is `seconds` later."""
    start = getattr(path, "clock", 0.0)
    for step in range(round(seconds / 0.05)):
        path.advance(start + 0.05 * step, 0.05, ego, body)
    path.clock = start + seconds  # type: ignore[attr-defined]
    return path.place()


def test_it_waits_for_its_time_and_faces_the_way_it_goes() -> None:
    path = mover((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), after=2.0)
    assert walk(path, 2.0) == Placement(0.0, 0.0, 0.0)
    assert walk(path, 3.0) == pytest.approx((3.0, 0.0, 0.0))
    assert walk(path, 3.0) == pytest.approx((4.0, 2.0, math.pi / 2))
    assert walk(path, 9.0) == pytest.approx((4.0, 4.0, math.pi / 2))


def test_it_sets_off_some_time_after_the_learner_came_near() -> None:
    path = mover((0.0, 0.0), (4.0, 0.0), after=1.0, near=(10.0, 0.0))
    assert walk(path, 5.0) == Placement(0.0, 0.0, 0.0)
    walk(path, 1.0, Truth(8.0, 0.0, 0.0))
    assert walk(path, 2.0) == pytest.approx((2.0, 0.0, 0.0), abs=0.06)


def test_at_the_end_it_stays_goes_away_returns_or_begins_again() -> None:
    ends = {then: walk(mover((0.0, 0.0), (4.0, 0.0), then=then), 5.0) for then in ("stay", "away", "return", "loop")}
    assert ends["away"] is None
    assert ends["stay"] == pytest.approx((4.0, 0.0, 0.0))
    back = ends["return"]
    assert back is not None
    assert (back.x, abs(back.yaw)) == pytest.approx((3.0, math.pi))
    assert ends["loop"] == pytest.approx((1.0, 0.0, 0.0))


@pytest.mark.parametrize(("ego", "waits"), [(Truth(4.0, 0.0, 0.0), True), (Truth(0.0, 2.0, 0.0), False)])
def test_it_yields_to_a_car_ahead_of_it_and_not_to_one_beside_it(ego: Truth, waits: bool) -> None:
    path = mover((0.0, 0.0), (20.0, 0.0), yields=1.0)
    body = rectangle(ego, -1.0, 1.0, 0.9)
    place = walk(path, 10.0, ego, body)
    assert place is not None
    # the car's tail is at x = 3 and the walker's front 0.25 m ahead of it
    assert place.x == (pytest.approx(1.75, abs=0.06) if waits else pytest.approx(10.0))


@pytest.mark.parametrize(("aside", "waits"), [(0.0, True), (1.4, True), (1.5, False)])
def test_in_its_lane_it_waits_only_for_a_car_that_reaches_into_it(aside: float, waits: bool) -> None:
    path = mover((0.0, 0.0), (20.0, 0.0), yields=3.0, lane=0.3)
    ego = Truth(8.0, aside, 0.0)
    place = walk(path, 12.0, ego, rectangle(ego, -1.0, 1.0, 0.9))
    assert place is not None
    # the car's tail is at x = 7, the lane 0.55 m wide on each side
    assert place.x == (pytest.approx(3.75, abs=0.06) if waits else pytest.approx(12.0))


def test_in_its_lane_it_backs_from_a_car_that_turns_in_close_ahead() -> None:
    path = mover((0.0, 0.0), (20.0, 0.0), yields=4.0, lane=0.3)
    aside, ahead = Truth(8.0, 5.0, 0.0), Truth(8.0, 0.0, 0.0)
    walk(path, 6.0, aside, rectangle(aside, -1.0, 1.0, 0.9))
    place = walk(path, 9.0, ahead, rectangle(ahead, -1.0, 1.0, 0.9))
    assert place is not None
    # 2 m from the car's tail at x = 7, and 0.25 m of its own
    assert place.x == pytest.approx(4.75, abs=0.06)


def test_giving_its_progress_back_puts_it_where_it_was() -> None:
    path = mover((0.0, 0.0), (9.0, 0.0))
    before = walk(path, 2.0)
    kept = path.progress
    walk(path, 3.0)
    path.progress = kept
    assert path.place() == before
