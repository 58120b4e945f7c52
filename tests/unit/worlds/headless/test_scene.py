"""Frames of the scene tree."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from worlds.headless.vrml.scene import Frame, axis_angle, rotation_matrix, yaw_of


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1), st.floats(-math.pi, math.pi))
def test_axis_and_angle_survive_the_way_through_a_matrix(x: float, y: float, z: float, angle: float) -> None:
    if math.hypot(x, y, z) < 1e-3:
        x = 1.0
    matrix = rotation_matrix([x, y, z, angle])
    assert matrix @ matrix.T == pytest.approx(np.eye(3), abs=1e-9)
    assert rotation_matrix(axis_angle(matrix)) == pytest.approx(matrix, abs=1e-6)


def test_a_turn_about_z_is_a_yaw_counter_clockwise() -> None:
    assert yaw_of(rotation_matrix([0.0, 0.0, 1.0, 0.5])) == pytest.approx(0.5)
    assert yaw_of(rotation_matrix([0.0, 0.0, -2.0, 0.5])) == pytest.approx(-0.5)


def test_a_frame_and_its_inverse_cancel() -> None:
    frame = Frame(rotation_matrix([0.3, 0.2, 1.0, 1.1]), np.array([1.0, -2.0, 3.0]))
    there = frame.inverse() @ frame
    assert there.rotation == pytest.approx(np.eye(3), abs=1e-12)
    assert there.origin == pytest.approx(np.zeros(3), abs=1e-12)
