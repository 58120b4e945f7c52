"""Words between two poses."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coach_core.errors import GeometryError
from coach_core.planner.words import HALF_LEFT, LEFT, MAX_WORDS, RIGHT, STRAIGHT, connections, follow

FULL, HALF = 4.0, 9.0
RADII = (FULL, HALF, 19.0)


def test_straight_ahead_is_one_straight_segment() -> None:
    word = connections([0.0, 0.0, 0.0], [6.0, 0.0, 0.0], RADII)[0]
    assert (word.steer, word.length) == ((STRAIGHT,), (6.0,))


def test_straight_behind_is_driven_in_reverse() -> None:
    assert connections([0.0, 0.0, 0.0], [-6.0, 0.0, 0.0], RADII)[0].length == (-6.0,)


def test_quarter_turn_to_the_left_is_one_arc() -> None:
    word = connections([0.0, 0.0, 0.0], [FULL, FULL, 0.5 * math.pi], RADII)[0]
    assert word.steer == (LEFT,)
    assert word.length == pytest.approx((0.5 * math.pi * FULL,))


def test_reversing_into_a_bay_is_among_the_words_as_line_arc_line() -> None:
    # from abreast of the bay: past it, back with full lock, straight in
    goal = [0.0, -6.0, 0.5 * math.pi]
    words = connections([-6.0, 0.0, 0.0], goal, RADII)
    (word,) = [w for w in words if w.steer == (STRAIGHT, RIGHT, STRAIGHT) and w.length[1] < 0.0]
    assert word.length == pytest.approx((10.0, -2.0 * math.pi, -2.0))


def test_half_lock_serves_where_there_is_room() -> None:
    words = connections([0.0, 0.0, 0.0], [HALF, HALF, 0.5 * math.pi], RADII)
    assert any(word.steer == (HALF_LEFT,) for word in words)


def test_turning_on_the_spot_takes_three_arcs_at_least() -> None:
    words = connections([0.0, 0.0, 0.0], [0.0, 0.0, math.pi], RADII)
    assert words[0].total == pytest.approx(math.pi * FULL)
    assert len(words[0].steer) >= 3


def test_same_pose_is_reached_by_the_empty_word() -> None:
    assert connections([1.0, 2.0, 0.3], [1.0, 2.0, 0.3], RADII)[0].total == 0.0


def test_there_are_never_more_words_than_there_is_room_for() -> None:
    rng = np.random.default_rng(1)
    counts = []
    for _ in range(300):
        goal = [*rng.uniform(-10.0, 10.0, 2), rng.uniform(-math.pi, math.pi)]
        words = connections([0.0, 0.0, 0.0], goal, RADII)
        counts.append(len(words))
        ends = np.array([follow([0.0, 0.0, 0.0], word, RADII) for word in words])
        np.testing.assert_allclose(ends[:, :2], np.broadcast_to(goal[:2], (len(words), 2)), atol=1e-9)
    assert max(counts) < MAX_WORDS


def test_radii_must_make_sense() -> None:
    with pytest.raises(GeometryError, match="0 < full <= half"):
        connections([0.0, 0.0, 0.0], [1.0, 0.0, 0.0], (9.0, 4.0, 19.0))
