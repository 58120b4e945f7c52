"""What holds of poses, polygons and distances whatever the numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely.geometry import Polygon as ShapelyPolygon

from coach_core.geometry.decomposition import as_polygon, convex_parts
from coach_core.geometry.polygons import (
    body_clearance,
    footprint,
    pack_obstacles,
    point_polygon_distance,
    polygon_distance,
)
from coach_core.geometry.poses import advance, apply, compose, inverse
from coach_core.geometry.sweep import free_travel
from tests import reference
from tests.property.strategies import CAR, arc_lengths, convex_polygons, curvatures, poses, stars

Array = NDArray[np.float64]


def assert_pose_close(a: Array, b: Array, atol: float) -> None:
    np.testing.assert_allclose(a[:2], b[:2], atol=atol)
    assert abs(math.remainder(a[2] - b[2], 2.0 * math.pi)) <= atol


@given(poses(), curvatures(), arc_lengths())
def test_driving_back_along_an_arc_returns_to_its_start(pose: Array, curvature: float, distance: float) -> None:
    assert_pose_close(advance(advance(pose, curvature, distance), curvature, -distance), pose, atol=1e-9)


@given(poses(), curvatures(), arc_lengths(), st.floats(0.0, 1.0))
def test_an_arc_in_two_parts_is_the_arc_in_one(pose: Array, curvature: float, distance: float, part: float) -> None:
    halfway = advance(pose, curvature, part * distance)
    assert_pose_close(
        advance(halfway, curvature, (1.0 - part) * distance), advance(pose, curvature, distance), atol=1e-8
    )


@given(poses(), poses(), poses())
def test_transforms_compose_as_they_apply(a: Array, b: Array, c: Array) -> None:
    np.testing.assert_allclose(apply(compose(a, b), c[:2]), apply(a, apply(b, c[:2])), atol=1e-9)


@given(poses(), poses())
def test_inverse_takes_a_pose_back(a: Array, b: Array) -> None:
    assert_pose_close(compose(inverse(a), compose(a, b)), b, atol=1e-9)


@given(stars())
def test_convex_parts_cover_a_polygon_once(star: Array) -> None:
    parts = [ShapelyPolygon(part) for part in convex_parts(as_polygon(star))]
    assert all(part.convex_hull.area == pytest.approx(part.area) for part in parts)
    assert sum(part.area for part in parts) == pytest.approx(ShapelyPolygon(star).area)


@given(stars(), convex_polygons())
def test_polygon_distance_is_symmetric_and_that_of_the_slow_twin(a: Array, b: Array) -> None:
    assert polygon_distance(a, b) == polygon_distance(b, a)
    assert polygon_distance(a, b) == pytest.approx(reference.distance(a, b), abs=1e-9)


@given(poses(), stars())
def test_point_distance_is_that_of_the_slow_twin(pose: Array, star: Array) -> None:
    expected = reference.point_distance(pose[:2], star)
    assert point_polygon_distance(pose[:2], star) == pytest.approx(expected, abs=1e-9)


@given(poses(), st.lists(convex_polygons(), min_size=1, max_size=4))
def test_clearance_is_that_of_the_slow_twin(pose: Array, polygons: list[Array]) -> None:
    clearance = body_clearance(CAR, pose, pack_obstacles(polygons))
    assert clearance == pytest.approx(reference.clearance(CAR, pose, polygons), abs=1e-9)


@given(poses(), poses(), convex_polygons())
def test_clearance_is_the_same_from_wherever_one_looks(pose: Array, frame: Array, polygon: Array) -> None:
    moved = body_clearance(CAR, compose(frame, pose), pack_obstacles([apply(frame, polygon)]))
    assert moved == pytest.approx(body_clearance(CAR, pose, pack_obstacles([polygon])), abs=1e-8)


@given(poses())
def test_footprint_has_the_area_of_the_car(pose: Array) -> None:
    assert ShapelyPolygon(footprint(CAR, pose)).area == pytest.approx(CAR.length * CAR.width)


@given(poses(), st.floats(-0.6, 0.6), st.floats(-4.0, 4.0), convex_polygons(), st.floats(0.02, 0.4))
def test_nothing_on_a_free_way_is_nearer_than_the_margin_by_more_than_a_step(
    pose: Array, steer: float, distance: float, polygon: Array, margin: float
) -> None:
    travel = free_travel(CAR, pose, steer, distance, pack_obstacles([polygon]), margin)
    curvature = math.tan(steer) / CAR.wheelbase
    for part in np.linspace(0.0, 1.0, 30):
        if travel.way > 0.0:
            here = advance(pose, curvature, math.copysign(travel.way, distance) * part)
            assert reference.clearance(CAR, here, [polygon]) >= margin - 0.02
