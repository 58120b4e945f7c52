"""Which echoes are news, and what a sonar should hear of what is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from coach_core.geometry.polygons import ObstacleSet, pack_obstacles
from coach_core.perception.echoes import CAPACITY, LOOKS, MERGE, RAYS, EchoMap, expected_echo

RANGE = 4.0
NOTHING = pack_obstacles([])


def box(x: float, y: float, half: float, yaw: float = 0.0) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    corners = half * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1.0]])
    turn = np.array([[math.cos(yaw), -math.sin(yaw)], [math.sin(yaw), math.cos(yaw)]])
    return np.asarray(corners @ turn.T + [x, y], dtype=np.float64)


def heard(x: float, y: float, yaw: float, view: float, known: ObstacleSet) -> float:
    return float(expected_echo(x, y, yaw, view, RANGE, known.vertices, known.offsets))


def by_shapely(x: float, y: float, yaw: float, view: float, shapes: list[shapely.Polygon]) -> float:
    """The same rays, cut with the same outlines, by an independent library."""
    nearest = RANGE
    for share in np.linspace(-0.5, 0.5, RAYS):
        angle = yaw + view * share
        ray = shapely.LineString([(x, y), (x + RANGE * math.cos(angle), y + RANGE * math.sin(angle))])
        for shape in shapes:
            cut = ray.intersection(shape.exterior)
            if not cut.is_empty:
                nearest = min(nearest, shapely.Point(x, y).distance(cut))
    return nearest


coordinates = st.floats(-4.0, 4.0)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(coordinates, coordinates, st.floats(0.1, 1.5), st.floats(-3.0, 3.0)), max_size=4),
    st.floats(-math.pi, math.pi),
    st.floats(0.1, 1.5),
)
def test_expected_echo_is_where_shapely_cuts_the_rays(
    boxes: list[tuple[float, float, float, float]], yaw: float, view: float
) -> None:
    polygons = [box(*one) for one in boxes]
    here = heard(0.0, 0.0, yaw, view, pack_obstacles(polygons))
    there = by_shapely(0.0, 0.0, yaw, view, [shapely.Polygon(polygon) for polygon in polygons])
    assert here == pytest.approx(there, abs=1e-6)


def test_sonar_hears_the_wall_at_its_least_distance_straight_ahead() -> None:
    assert heard(0.0, 0.0, 0.0, 1.2, pack_obstacles([box(3.0, 0.0, 1.0)])) == pytest.approx(2.0)


def test_empty_world_gives_the_range() -> None:
    assert heard(0.0, 0.0, 0.0, 1.2, NOTHING) == RANGE


# --- the map ------------------------------------------------------------------------------------------


NONE = np.full(1, np.nan)


def take(echoes: EchoMap, distance: float | None, *, known: float = RANGE, yaw: float = 0.0, **at: float) -> None:
    """One ping of a sensor at (0, y): None where there was no echo."""
    sensor = np.array([[0.0, at.get("y", 0.0), yaw, 1.2, RANGE]])
    echo = NONE if distance is None else np.array([distance])
    free = np.array([RANGE if distance is None else distance])
    echoes.take(sensor, echo, free, np.array([known]), at.get("now", 0.0), at.get("drift", 0.0))


def test_echo_nearer_than_anything_known_becomes_a_point_where_it_came_from() -> None:
    echoes = EchoMap()
    take(echoes, 2.0, yaw=0.5 * math.pi)
    assert echoes.points == pytest.approx(np.array([[0.0, 2.0]]))
    assert echoes.revision == 1


@pytest.mark.parametrize(("distance", "known"), [(2.0, 2.0), (1.8, 2.0), (2.5, 2.0), (3.9, RANGE), (None, RANGE)])
def test_echo_that_the_known_explains_adds_nothing(distance: float | None, known: float) -> None:
    echoes = EchoMap()
    take(echoes, distance, known=known)
    assert len(echoes.points) == 0
    assert echoes.revision == 0


def test_echoes_close_together_are_one_obstacle() -> None:
    echoes = EchoMap()
    take(echoes, 2.0)
    take(echoes, 2.0 - 0.9 * MERGE)
    assert len(echoes.points) == 1


@pytest.mark.parametrize("looked_through", [None, 3.0])
def test_looks_straight_through_a_point_prove_it_gone(looked_through: float | None) -> None:
    echoes = EchoMap()
    take(echoes, 2.0)
    before = echoes.revision
    for _ in range(LOOKS):
        assert len(echoes.points) == 1
        take(echoes, looked_through, known=3.0)
    assert len(echoes.points) == 0
    assert echoes.revision > before


def test_echo_in_between_starts_the_count_anew() -> None:
    echoes = EchoMap()
    for _ in range(3 * LOOKS):
        take(echoes, 2.0)
        take(echoes, None)
    assert len(echoes.points) == 1


def test_look_beside_the_point_and_a_ping_that_tells_nothing_prove_nothing() -> None:
    echoes = EchoMap()
    take(echoes, 2.0)
    for _ in range(3 * LOOKS):
        take(echoes, None, yaw=0.2)
        echoes.take(np.array([[0.0, 0.0, 0.0, 1.2, RANGE]]), NONE, NONE, NONE, 0.0, 0.0)
    assert len(echoes.points) == 1


def test_full_map_forgets_its_oldest_point() -> None:
    echoes = EchoMap()
    for step in range(CAPACITY + 1):
        take(echoes, 1.0, y=float(step))
    assert len(echoes.points) == CAPACITY
    assert echoes.points[0] == pytest.approx([1.0, 1.0])
    assert echoes.points[-1] == pytest.approx([1.0, float(CAPACITY)])


def test_point_is_known_less_well_the_further_away_it_was_heard_and_the_further_the_car_drifted_since() -> None:
    echoes = EchoMap()
    take(echoes, 1.0)
    take(echoes, 3.0, yaw=1.0)
    near, far = echoes.sigma(0.0)
    assert near < far
    assert (echoes.sigma(0.3) > echoes.sigma(0.0)).all()
    assert (echoes.sigma(0.3) >= 0.3).all()


def test_point_whose_place_is_no_longer_sure_is_forgotten_unless_it_was_heard_again() -> None:
    echoes = EchoMap()
    take(echoes, 2.0, drift=0.0)
    take(echoes, 2.0, drift=0.4)
    take(echoes, None, yaw=2.0, drift=0.7)
    assert len(echoes.points) == 1
    take(echoes, None, yaw=2.0, drift=1.2)
    assert len(echoes.points) == 0


def test_what_was_mapped_without_fixes_moves_with_the_pose_when_they_come_back() -> None:
    echoes = EchoMap()
    take(echoes, 1.0, now=1.0)
    take(echoes, 1.0, yaw=1.0, now=5.0)
    before = echoes.points.copy()
    echoes.shift(np.array([0.1, -0.2]), since=3.0)
    assert echoes.points - before == pytest.approx(np.array([[0.0, 0.0], [0.1, -0.2]]))


def test_cleared_map_is_empty_and_of_another_revision() -> None:
    echoes = EchoMap()
    take(echoes, 2.0)
    before = echoes.revision
    echoes.clear()
    assert len(echoes.points) == 0
    assert echoes.revision > before
