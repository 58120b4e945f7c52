"""What property tests draw from: poses, arcs, polygons, lots."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from coach_core.vehicle import VehicleParams

CAR = VehicleParams(2.8, 0.96, 0.929, 1.942, 0.6)

_coordinates = st.floats(-12.0, 12.0)
angles = st.floats(-math.pi, math.pi, exclude_max=True)


def poses() -> st.SearchStrategy[NDArray[np.float64]]:
    """Poses (3,) within 12 m of the origin."""
    return st.builds(lambda x, y, yaw: np.array([x, y, yaw]), _coordinates, _coordinates, angles)


def curvatures() -> st.SearchStrategy[float]:
    """Curvatures [1/m] a car may drive; tiny ones are exactly zero, as a straight wheel is."""
    return st.floats(-0.3, 0.3).map(lambda k: k if abs(k) > 1e-6 else 0.0)


def arc_lengths() -> st.SearchStrategy[float]:
    """Signed lengths [m]."""
    return st.floats(-15.0, 15.0)


@st.composite
def convex_polygons(draw: st.DrawFn) -> NDArray[np.float64]:
    """Corners (V, 2) on an ellipse, counter-clockwise, three to eight."""
    count = draw(st.integers(3, 8))
    gaps = np.array(draw(st.lists(st.floats(0.2, 1.0), min_size=count, max_size=count)))
    turns = 2.0 * math.pi * np.cumsum(gaps / gaps.sum()) + draw(angles)
    wide, deep = draw(st.floats(0.1, 4.0)), draw(st.floats(0.1, 4.0))
    centre = np.array([draw(_coordinates), draw(_coordinates)])
    return np.asarray(np.column_stack([wide * np.cos(turns), deep * np.sin(turns)]) + centre)


@st.composite
def stars(draw: st.DrawFn) -> NDArray[np.float64]:
    """Corners (V, 2) of a polygon that is seen whole from its centre, mostly concave."""
    radii = np.array(draw(st.lists(st.floats(0.3, 4.0), min_size=4, max_size=9)))
    turns = 2.0 * math.pi * np.arange(len(radii)) / len(radii)
    centre = np.array([draw(_coordinates), draw(_coordinates)])
    return np.asarray(np.column_stack([radii * np.cos(turns), radii * np.sin(turns)]) + centre)
