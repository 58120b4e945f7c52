"""Pixels of a Display."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from worlds.headless.devices.display import Display
from worlds.headless.devices.drawing import CommandQueue
from worlds.headless.scenery import Place
from worlds.headless.vrml.scene import IDENTITY, Field, Node
from worlds.headless.vrml.tables import nodes


@pytest.fixture
def display(tmp_path: Path) -> Display:
    node = Node(nodes()["Display"], 1, "test.wbt", 1)
    for name, kind, value in (("name", "SFString", "screen"), ("width", "SFInt32", 40), ("height", "SFInt32", 30)):
        node.fields[name] = Field(name, kind, value)
    return Display(1, Place(node, None, IDENTITY), tmp_path)


def pixel(display: Display, x: int, y: int) -> list[int]:
    found: list[int] = display.render()[y, x].tolist()
    return found


def test_a_new_display_is_transparent(display: Display) -> None:
    assert pixel(display, 0, 0) == [0, 0, 0, 0]


def test_a_filled_rectangle_covers_exactly_its_width_and_height(display: Display) -> None:
    display.queue([("color", 0xFF8000), ("rectangle", 5, 6, 10, 4, True)])
    shown = display.render()[:, :, 3] > 0
    assert shown.sum() == 40
    assert pixel(display, 5, 6) == [255, 128, 0, 255]
    assert pixel(display, 14, 9) == [255, 128, 0, 255]
    assert pixel(display, 15, 9) == [0, 0, 0, 0]


def test_alpha_is_stored_and_opacity_blends_the_colour(display: Display) -> None:
    display.queue([("color", 0xFFFFFF), ("alpha", 0.5), ("rectangle", 0, 0, 5, 5, True)])
    assert pixel(display, 0, 0) == [255, 255, 255, 128]
    display.queue([("color", 0x000000), ("alpha", 1.0), ("opacity", 0.5), ("rectangle", 0, 0, 5, 5, True)])
    assert pixel(display, 0, 0)[0] in (127, 128)


@pytest.mark.parametrize(
    ("form", "data"),
    [(3, [10, 20, 30]), (4, [10, 20, 30, 40]), (5, [40, 10, 20, 30]), (6, [30, 20, 10, 40]), (7, [40, 30, 20, 10])],
)
def test_each_image_format_puts_its_bytes_in_their_place(display: Display, form: int, data: list[int]) -> None:
    display.queue([("image_new", 1, bytes(data * 4), form, 2, 2), ("image_paste", 1, 3, 3, False)])
    assert pixel(display, 4, 4) == [10, 20, 30, 255 if form == 3 else 40]


def test_pasting_with_blend_mixes_by_the_images_alpha(display: Display) -> None:
    display.queue([("color", 0x000000), ("rectangle", 0, 0, 40, 30, True)])
    display.queue([("image_new", 1, bytes([255, 255, 255, 128]), 4, 1, 1), ("image_paste", 1, 0, 0, True)])
    red, _, _, alpha = pixel(display, 0, 0)
    assert red == pytest.approx(128, abs=1)
    assert alpha == 255


def test_pasting_over_the_edge_is_clipped(display: Display) -> None:
    display.queue([("image_new", 1, bytes([9, 9, 9] * 100), 3, 10, 10), ("image_paste", 1, 35, -5, False)])
    assert pixel(display, 39, 4) == [9, 9, 9, 255]
    assert pixel(display, 39, 5) == [0, 0, 0, 0]


def test_text_leaves_ink_near_its_place(display: Display) -> None:
    display.queue([("font", "Arial", 12, True), ("color", 0x00FF00), ("text", "Hi", 4, 4)])
    ys, xs = np.nonzero(display.render()[:, :, 1])
    assert len(xs) > 10
    assert xs.min() >= 3
    assert ys.min() >= 3


def test_copied_pixels_can_be_pasted_elsewhere(display: Display) -> None:
    display.queue([("color", 0x0000FF), ("rectangle", 0, 0, 2, 2, True)])
    display.queue([("image_copy", 7, 0, 0, 2, 2), ("image_paste", 7, 20, 20, False), ("image_delete", 7)])
    assert pixel(display, 21, 21) == [0, 0, 255, 255]


def test_a_saved_picture_is_a_png_of_the_displays_size(display: Display, tmp_path: Path) -> None:
    display.queue([("color", 0xFF0000), ("rectangle", 0, 0, 40, 30, True)])
    display.save(tmp_path / "shots" / "a.png")
    with Image.open(tmp_path / "shots" / "a.png") as picture:
        assert picture.size == (40, 30)


def test_a_reset_clears_pixels_and_settings(display: Display) -> None:
    display.queue([("color", 0xFF0000), ("rectangle", 0, 0, 40, 30, True)])
    display.render()
    display.reset()
    display.queue([("pixel", 1, 1)])
    assert pixel(display, 0, 0) == [0, 0, 0, 0]
    assert pixel(display, 1, 1) == [255, 255, 255, 255]


CLEAR = ("rectangle", 0, 0, 40, 30, True)


def test_pictures_painted_over_before_anybody_looked_are_not_kept(display: Display) -> None:
    waiting = CommandQueue(40, 30)
    for frame in range(500):
        waiting.add([("color", frame), CLEAR, ("text", "frame", 1, 1), ("image_new", frame, b"", 3, 1, 1)])
        waiting.add([("image_paste", frame, 0, 0, True), ("image_delete", frame)])
    assert len(waiting.commands) < 10
    assert waiting.commands[0] == ("color", 499)
    display.queue([("color", 0x112233), ("rectangle", 3, 3, 2, 2, True), ("color", 0x445566), CLEAR])
    assert pixel(display, 3, 3) == [0x44, 0x55, 0x66, 255]


@pytest.mark.parametrize(
    "cover",
    [[("opacity", 0.5), CLEAR], [("rectangle", 0, 0, 40, 29, True)], [("rectangle", 0, 0, 40, 30, False)]],
    ids=["see-through", "not all", "outline"],
)
def test_what_does_not_cover_everything_leaves_the_rest_to_draw(cover: list[tuple[object, ...]]) -> None:
    waiting = CommandQueue(40, 30)
    waiting.add([("line", 0, 0, 5, 5), *cover])
    assert waiting.commands[0][0] == "line"


def test_a_full_picture_pasted_covers_what_was_drawn_before() -> None:
    waiting = CommandQueue(2, 1)
    waiting.add([("line", 0, 0, 1, 0), ("image_new", 1, bytes(6), 3, 2, 1), ("image_paste", 1, 0, 0, False)])
    assert [command[0] for command in waiting.commands] == ["image_new", "image_paste"]


def test_a_copy_of_the_pixels_keeps_what_it_copies() -> None:
    waiting = CommandQueue(40, 30)
    waiting.add([("line", 0, 0, 5, 5), ("image_copy", 1, 0, 0, 5, 5), CLEAR, ("image_paste", 1, 9, 9, False)])
    assert len(waiting.commands) == 4


def test_an_image_is_saved_when_it_is_asked_for(display: Display, tmp_path: Path) -> None:
    display.queue([("color", 0xFF0000), CLEAR, ("image_save", None, str(tmp_path / "now.png"))])
    assert (tmp_path / "now.png").is_file()
