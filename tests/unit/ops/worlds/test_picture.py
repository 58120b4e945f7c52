"""Pictures of worlds show what stands where."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ops.worlds.layout import PROJECT
from ops.worlds.picture import draw
from worlds.headless.vrml.parser import parse_world

SCENE = """#VRML_SIM R2025a utf8
WorldInfo { }
Viewpoint { position -6 0 6 orientation 0 1 0 0.785398 }
Pose { children [ Shape { appearance PBRAppearance { baseColor 0.5 0.5 0.5 } geometry Plane { size 9 9 } } ] }
Pose {
  translation 2 1 0.5
  children [ Shape { appearance PBRAppearance { baseColor 1 0 0 } geometry Box { size 1 1 1 } } ]
}
Pose {
  translation -2 -1 0.5
  children [ Shape { appearance PBRAppearance { baseColor 0 0 1 } geometry Cylinder { height 1 radius 0.5 } } ]
}
"""


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    path = tmp_path / "scene.wbt"
    path.write_text(SCENE, encoding="utf-8")
    return path


def _middle_of(picture: np.ndarray, channel: int) -> tuple[float, float]:
    """Mean pixel (x, y) of what is mostly of one colour."""
    others = [other for other in range(3) if other != channel]
    strong = picture[..., channel].astype(int) - picture[..., others].max(axis=2)
    ys, xs = np.nonzero(strong > 60)
    assert len(xs) > 10
    return float(xs.mean()), float(ys.mean())


def test_from_above_east_is_right_and_north_is_up(scene: Path) -> None:
    picture = np.asarray(draw(parse_world(scene), "top", 160, 90))
    (red_x, red_y), (blue_x, blue_y) = _middle_of(picture, 0), _middle_of(picture, 2)
    assert red_x > 80 > blue_x
    assert red_y < 45 < blue_y


def test_from_the_viewpoint_what_lies_ahead_is_higher_and_left_is_left(scene: Path) -> None:
    picture = np.asarray(draw(parse_world(scene), "viewpoint", 160, 90))
    (red_x, red_y), (blue_x, blue_y) = _middle_of(picture, 0), _middle_of(picture, 2)
    assert red_x < 80 < blue_x
    assert red_y < blue_y


def test_things_cast_shadows_away_from_the_sun(scene: Path) -> None:
    picture = np.asarray(draw(parse_world(scene), "top", 160, 90)).astype(int)
    grey = picture[np.ptp(picture, axis=2) < 12]
    assert np.percentile(grey, 1) < 0.8 * np.median(grey)  # the median lies in the sun


def test_the_learners_car_is_drawn_although_its_shape_is_webots_own() -> None:
    with_car = parse_world(PROJECT / "worlds" / "kr_course.wbt")
    picture = np.asarray(draw(with_car, "top", 200, 112)).astype(int)
    blue = picture[..., 2] - picture[..., 0] > 60
    assert blue.sum() > 50
