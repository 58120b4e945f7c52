"""Endings in closed form, driven step by step."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach_core.geometry.poses import advance
from coach_core.planner.stroke_endings import MAX_ENDINGS, endings
from coach_core.planner.strokes import ALONG_KERB, NOSE_IN, REVERSE_IN, StrokeOptions

CURVATURES = np.array([0.0, *(sign * k for k in (0.244, 0.159, 0.076) for sign in (1.0, -1.0))])


def found(x: float, y: float, yaw: float, options: StrokeOptions) -> list[tuple[list[tuple[int, float]], float]]:
    """Strokes (steer index, signed length) and the miss of each ending."""
    ways = np.zeros((MAX_ENDINGS, 3, 2))
    counts, misses = np.zeros(MAX_ENDINGS, np.int64), np.zeros(MAX_ENDINGS)
    number = endings(x, y, yaw, CURVATURES, options, ways, counts, misses)
    return [([(int(i), float(s)) for i, s in ways[e, : counts[e]]], float(misses[e])) for e in range(number)]


@settings(max_examples=200, deadline=None)
@given(
    st.floats(-3.0, 8.0),
    st.floats(-5.0, 5.0),
    st.floats(-1.6, 1.6),
    st.sampled_from([REVERSE_IN, NOSE_IN, ALONG_KERB]),
)
def test_every_ending_stops_straight_on_the_goals_line(x: float, y: float, yaw: float, options: StrokeOptions) -> None:
    for strokes, miss in found(x, y, yaw, options):
        pose = np.array([x, y, yaw])
        for index, length in strokes:
            pose = advance(pose, CURVATURES[index], length)
            assert abs(length) >= options.shortest
        assert abs(pose[2]) <= options.straight + 1e-9
        # a car that is let through as straight enough drifts a little on its last metres
        assert abs(pose[1]) <= options.lateral + 0.021 * abs(x) + 1e-9
        assert abs(pose[0]) <= options.along + 1e-3
        assert miss <= options.lateral + 0.2 * options.along + 1e-9
        if options.final:
            assert strokes[-1][0] == 0
            assert strokes[-1][1] * options.final > 0.0


def test_straight_line_and_quarter_circle_are_among_the_endings() -> None:
    assert ([(0, -3.0)], 0.0) in found(3.0, 0.0, 0.0, REVERSE_IN)
    radius = 1.0 / CURVATURES[1]
    ways = [strokes for strokes, _ in found(radius + 2.0, -radius, -0.5 * math.pi, REVERSE_IN)]
    assert any(
        [index for index, _ in way] == [2, 0]
        and [length for _, length in way] == pytest.approx([-0.5 * math.pi * radius, -2.0])
        for way in ways
    )


def test_there_is_room_for_every_ending() -> None:
    poses = [(x, y, yaw) for x in (2.0, 4.0, 6.0) for y in (-1.0, 0.0, 1.0) for yaw in (-0.6, 0.0, 0.01, 0.6)]
    assert max(len(found(*pose, ALONG_KERB)) for pose in poses) < MAX_ENDINGS
