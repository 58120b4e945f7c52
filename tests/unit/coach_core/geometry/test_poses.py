"""Poses and arcs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from coach_core.errors import GeometryError
from coach_core.geometry.poses import advance, apply, as_pose, compose, inverse, wrap_angle
from tests import reference


def test_half_a_circle_to_the_left_ends_abreast_facing_back() -> None:
    np.testing.assert_allclose(advance([0.0, 0.0, 0.0], 0.25, 4.0 * math.pi), [0.0, 8.0, -math.pi], atol=1e-12)


@pytest.mark.parametrize("curvature", [0.0, 0.2, -0.24, 1e-12])
@pytest.mark.parametrize("distance", [5.0, -3.0])
def test_arc_is_that_of_the_slow_twin(curvature: float, distance: float) -> None:
    fast = advance([1.0, 2.0, 0.5], curvature, distance)
    np.testing.assert_allclose(fast, reference.drive([1.0, 2.0, 0.5], curvature, distance), atol=1e-7)


def test_yaw_is_kept_in_minus_pi_to_pi() -> None:
    assert wrap_angle(math.pi) == -math.pi
    assert wrap_angle(-math.pi) == -math.pi
    assert as_pose([0.0, 0.0, 7.0])[2] == pytest.approx(7.0 - 2.0 * math.pi)


def test_point_ahead_of_the_car_is_ahead_in_the_world() -> None:
    np.testing.assert_allclose(apply([1.0, 1.0, 0.5 * math.pi], [2.0, 0.0]), [1.0, 3.0], atol=1e-12)


def test_transform_and_its_inverse_cancel() -> None:
    pose = [3.0, -2.0, 2.5]
    np.testing.assert_allclose(compose(pose, inverse(pose)), [0.0, 0.0, 0.0], atol=1e-12)


@pytest.mark.parametrize("bad", [[0.0, 0.0], [0.0, math.nan, 0.0], [[0.0, 0.0, 0.0]]])
def test_what_is_no_pose_is_refused(bad: Any) -> None:
    with pytest.raises(GeometryError, match="three finite numbers"):
        as_pose(bad)
