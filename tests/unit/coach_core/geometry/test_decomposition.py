"""Concave polygons in convex parts."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from coach_core.geometry.decomposition import as_polygon, convex_parts, signed_area

COMB = [[0, 0], [7, 0], [7, 4], [6, 4], [6, 1], [5, 1], [5, 4], [4, 4], [4, 1], [3, 1], [3, 4], [0, 4]]
ARROW = [[0, 0], [4, 2], [0, 4], [1, 2]]
SPIRAL = [[0, 0], [6, 0], [6, 5], [1, 5], [1, 2], [4, 2], [4, 3], [2, 3], [2, 4], [5, 4], [5, 1], [0, 1]]


def shape(corners: list[list[int]]) -> NDArray[np.float64]:
    return as_polygon(np.array(corners, dtype=float))


@pytest.mark.parametrize("corners", [COMB, ARROW, SPIRAL])
def test_parts_are_convex_and_make_up_the_whole(corners: list[list[int]]) -> None:
    whole = Polygon(corners)
    parts = [Polygon(part) for part in convex_parts(shape(corners))]
    assert all(part.convex_hull.area == pytest.approx(part.area) for part in parts)
    assert sum(part.area for part in parts) == pytest.approx(whole.area)
    assert shapely.union_all(parts).symmetric_difference(whole).area == pytest.approx(0.0, abs=1e-9)


def test_convex_polygon_is_its_own_only_part() -> None:
    square = shape([[0, 0], [2, 0], [2, 2], [0, 2]])
    (part,) = convex_parts(square)
    np.testing.assert_array_equal(part, square)


def test_corner_on_a_straight_edge_does_no_harm() -> None:
    assert sum(map(signed_area, convex_parts(shape([[0, 0], [1, 0], [2, 0], [2, 2], [1, 1], [0, 2]])))) == 3.0


def test_repeated_corners_are_dropped_and_the_turn_is_made_counter_clockwise() -> None:
    polygon = shape([[0, 0], [0, 0], [0, 1], [1, 1], [1, 0], [1, 0]])
    assert len(polygon) == 4
    assert signed_area(polygon) == 1.0
