"""Which echoes are news, and what a sonar should hear of what is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from coach_core.geometry.polygons import ObstacleSet, pack_obstacles
from coach_core.perception.echoes import CAPACITY, MERGE, RAYS, EchoMap, expected_echo

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


def add(echoes: EchoMap, distance: float | None, *, expected: float = RANGE, yaw: float = 0.0) -> None:
    echoes.add(0.0, 0.0, yaw, distance, RANGE, expected)


def test_echo_nearer_than_anything_known_becomes_a_point_where_it_came_from() -> None:
    echoes = EchoMap()
    add(echoes, 2.0, yaw=0.5 * math.pi)
    assert echoes.points == pytest.approx(np.array([[0.0, 2.0]]))
    assert echoes.revision == 1


@pytest.mark.parametrize(("distance", "expected"), [(2.0, 2.0), (1.8, 2.0), (2.5, 2.0), (3.9, RANGE), (None, RANGE)])
def test_echo_that_the_known_explains_adds_nothing(distance: float | None, expected: float) -> None:
    echoes = EchoMap()
    add(echoes, distance, expected=expected)
    assert len(echoes.points) == 0
    assert echoes.revision == 0


def test_echoes_close_together_are_one_obstacle() -> None:
    echoes = EchoMap()
    add(echoes, 2.0)
    add(echoes, 2.0 - 0.9 * MERGE)
    assert len(echoes.points) == 1


@pytest.mark.parametrize("looked_through", [None, 3.0])
def test_longer_echo_in_the_middle_of_the_cone_proves_the_point_gone(looked_through: float | None) -> None:
    echoes = EchoMap()
    add(echoes, 2.0)
    before = echoes.revision
    add(echoes, looked_through, expected=3.0)
    assert len(echoes.points) == 0
    assert echoes.revision > before


def test_longer_echo_beside_the_point_proves_nothing() -> None:
    echoes = EchoMap()
    add(echoes, 2.0)
    add(echoes, None, yaw=0.5)
    assert len(echoes.points) == 1


def test_full_map_forgets_its_oldest_point() -> None:
    echoes = EchoMap()
    for step in range(CAPACITY + 1):
        echoes.add(0.0, float(step), 0.0, 1.0, RANGE, RANGE)
    assert len(echoes.points) == CAPACITY
    assert echoes.points[0] == pytest.approx([1.0, 1.0])
    assert echoes.points[-1] == pytest.approx([1.0, float(CAPACITY)])


def test_cleared_map_is_empty_and_of_another_revision() -> None:
    echoes = EchoMap()
    add(echoes, 2.0)
    before = echoes.revision
    echoes.clear()
    assert len(echoes.points) == 0
    assert echoes.revision > before
