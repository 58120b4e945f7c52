"""The examiner's plane geometry, in sentences; its distances are checked against shapely in test_judge."""

from __future__ import annotations

import pytest

from controllers.parkit_examiner.polygons import Body, band, gap, inside, nearest_on

SQUARE = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]


def test_band_is_as_wide_as_asked_and_counter_clockwise() -> None:
    assert band((0.0, 0.0), (4.0, 0.0), 0.2) == [(0.0, -0.1), (4.0, -0.1), (4.0, 0.1), (0.0, 0.1)]


def test_band_of_a_point_is_refused() -> None:
    with pytest.raises(ValueError, match="two different points"):
        band((1.0, 1.0), (1.0, 1.0), 0.2)


def test_nearest_point_lies_on_the_outline() -> None:
    assert nearest_on((1.0, -3.0), SQUARE) == (1.0, 0.0)
    assert nearest_on((5.0, 5.0), SQUARE) == (2.0, 2.0)


def test_inside_tells_in_from_out() -> None:
    assert inside((1.0, 1.5), SQUARE)
    assert not inside((1.0, 2.5), SQUARE)


def test_bound_never_exceeds_the_gap() -> None:
    a, b = Body("a", "car", SQUARE), Body("b", "wall", [(x + 5.0, y + 1.0) for x, y in SQUARE])
    assert a.at_least(b) <= gap(a.outline, b.outline) == 3.0
