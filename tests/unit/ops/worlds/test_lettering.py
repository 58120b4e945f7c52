"""The names painted before the bays."""

from __future__ import annotations

import numpy as np
import pytest

from ops.worlds.families import STANDARD_NAMES, drawn, standard
from ops.worlds.layout import FAMILIES, Family
from ops.worlds.lettering import GLYPHS, HEIGHT, STROKE, label, outline


@pytest.mark.parametrize("letter", GLYPHS)
def test_every_stroke_is_a_face_that_looks_up(letter: str) -> None:
    points, faces = outline(letter)
    assert len(faces) % 5 == 0
    for start in range(0, len(faces), 5):
        a, b, c, d = (np.array(points[i]) for i in faces[start : start + 4])
        assert faces[start + 4] == -1
        assert np.cross([*(b - a), 0.0], [*(d - a), 0.0])[2] > 0.0
        assert np.linalg.norm(d - a) == pytest.approx(STROKE)
        assert c - b == pytest.approx(d - a)


def test_letters_are_as_high_as_they_should_be_and_their_middle_is_the_origin() -> None:
    points = np.array(outline("A10")[0])
    assert np.ptp(points[:, 1]) == pytest.approx(HEIGHT + STROKE, abs=0.03)
    assert points.min(axis=0) == pytest.approx(-points.max(axis=0), abs=0.06)


def test_a_name_stands_before_its_bay_and_is_read_looking_in() -> None:
    slot = standard("perpendicular").lot.slots[0]
    text = label(slot)
    assert (text.x, text.y) == pytest.approx((slot.entrance_x_m, slot.entrance_y_m + 0.45))
    # the top of the letters, +y, points into the bay
    assert np.array([-np.sin(text.yaw), np.cos(text.yaw)]) == pytest.approx([0.0, -1.0], abs=1e-5)


@pytest.mark.parametrize("name", [name for name in STANDARD_NAMES if name != "kr_course"])
def test_every_slot_has_its_name_painted(name: str) -> None:
    layout = standard(name)
    painted = [body.fields["text"] for body in layout.bodies if body.proto == "PaintedText"]
    assert painted == [slot.slot_id for slot in layout.lot.slots]


@pytest.mark.parametrize("family", FAMILIES)
def test_every_name_a_family_gives_can_be_painted(family: Family) -> None:
    letters = {letter for seed in range(5) for slot in drawn(family, seed, "w").lot.slots for letter in slot.slot_id}
    assert letters - {"T"} <= set(GLYPHS)
