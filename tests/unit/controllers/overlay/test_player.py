from __future__ import annotations

from controllers.parkit_coach.overlay.canvas import Bitmap
from controllers.parkit_coach.overlay.commands import Box, Line, Paste, Pen, Polygon
from controllers.parkit_coach.overlay.player import Player
from controllers.parkit_coach.overlay.sprites import Dot, Sprite
from tests.unit.controllers.overlay.scenes import FakeDisplay


def square(sprite: Sprite) -> Bitmap:
    assert isinstance(sprite, Dot)
    side = sprite.diameter
    return Bitmap(side, side, bytes(4 * side * side))


def test_commands_reach_the_display_in_their_order() -> None:
    display = FakeDisplay()
    pen = Pen(0x123456, 0.5, 0.8)
    Player(display, square).play(
        [Box(pen, 1, 2, 3, 4), Line(pen, 5, 6, 7, 8), Polygon(pen, (0, 9, 9), (0, 0, 9)), Paste(Dot(2, 0), 3, 4, False)]
    )
    assert display.calls == [
        ("setColor", 0x123456),
        ("setOpacity", 0.5),
        ("setAlpha", 0.8),
        ("fillRectangle", 1, 2, 3, 4),
        ("drawLine", 5, 6, 7, 8),
        ("fillPolygon", 0, 9, 9, 0, 0, 9),
        ("imageNew", 1),
        ("imagePaste", 1, 3, 4, False),
    ]


def test_an_image_is_made_once() -> None:
    display = FakeDisplay()
    player = Player(display, square)
    for x in range(3):
        player.play([Paste(Dot(4, 0xFFFFFF), x, 0)])
    assert display.count() == {"imageNew": 1, "imagePaste": 3}


def test_the_image_not_used_for_longest_is_deleted() -> None:
    display = FakeDisplay()
    player = Player(display, square, kept_bytes=2 * 4 * 100)
    first, second, third = (Dot(10, colour) for colour in (1, 2, 3))
    player.play([Paste(first, 0, 0), Paste(second, 0, 0), Paste(first, 0, 0), Paste(third, 0, 0)])
    assert set(display.images) == {1, 3}
    player.play([Paste(second, 0, 0)])
    assert display.count()["imageNew"] == 4
    assert sum(display.images.values()) <= 2 * 4 * 100
