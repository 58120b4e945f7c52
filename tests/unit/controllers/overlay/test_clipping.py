from __future__ import annotations

import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from controllers.parkit_coach.overlay.clipping import Frame, clip_line, clip_polygon

FRAME = Frame(10.0, 20.0, 110.0, 90.0)
BOX = shapely.box(*FRAME)

numbers = st.integers(-200, 300).map(float)
points = st.tuples(numbers, numbers)


@given(points, points)
def test_a_clipped_line_is_the_part_within_the_frame(start: tuple[float, float], end: tuple[float, float]) -> None:
    clipped = clip_line(start, end, FRAME)
    assume(start != end)
    expected = shapely.LineString([start, end]).intersection(BOX)
    assert (clipped is None) == expected.is_empty
    if clipped is not None:
        assert shapely.LineString(clipped).hausdorff_distance(expected) < 1e-6


@given(st.tuples(points, points, points))
def test_a_clipped_triangle_covers_what_lies_within_the_frame(corners: tuple[tuple[float, float], ...]) -> None:
    expected = shapely.Polygon(corners).intersection(BOX).area
    clipped = clip_polygon(list(corners), FRAME)
    area = shapely.Polygon(clipped).area if len(clipped) >= 3 else 0.0
    assert area == pytest.approx(expected, abs=1e-6)


def test_a_polygon_elsewhere_leaves_nothing() -> None:
    assert clip_polygon([(200.0, 0.0), (300.0, 0.0), (250.0, 50.0)], FRAME) == []
