"""From a sprite's name to its pixels: signs, plates and words. The car's own pictures are in `car_pictures`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from PIL import Image

from controllers.parkit_coach.overlay import car_pictures
from controllers.parkit_coach.overlay.canvas import Bitmap, Canvas, bitmap
from controllers.parkit_coach.overlay.palette import (
    FAINT,
    INK,
    LEVEL_FILL,
    PLATE,
    TARGET,
    WHITE,
    rank,
    rgba,
)
from controllers.parkit_coach.overlay.sprites import (
    Badge,
    Car,
    Chip,
    Cone,
    Diamond,
    Dot,
    GearBox,
    Glyph,
    Plate,
    RingHead,
    RingMark,
    Sprite,
    Strip,
    Wheel,
)
from controllers.parkit_coach.overlay.typeface import SIZES, line_height, strip_image, width

CORNER = 14


def render(sprite: Sprite) -> Bitmap:
    """The pixels a sprite's name stands for."""
    return bitmap(_PAINTERS[type(sprite)](sprite))


def _plate(plate: Plate) -> Image.Image:
    fill = rgba(PLATE, plate.alpha)
    if plate.edge == "plain":
        edge, thick = rgba(FAINT, min(1.0, plate.alpha + 0.05)), 1.0
    elif plate.edge == "hint":
        edge, thick = rgba(TARGET), 2.0
    elif plate.edge == "clear":
        edge, thick = rgba(LEVEL_FILL["clear"]), 1.5
    else:
        edge, thick = rgba(LEVEL_FILL[plate.edge]), 1.0 + 1.5 * rank(plate.edge)
    # only the corners are drawn: what is between them is one pixel's colour, stretched
    corner = CORNER + 2
    canvas = Canvas(2 * corner + 1, 2 * corner + 1)
    canvas.plate(0, 0, 2 * corner + 1, 2 * corner + 1, CORNER, fill, edge, thick)
    return _stretch(canvas.done(), corner, plate.width, plate.height)


def _stretch(image: Image.Image, corner: int, wide: int, high: int) -> Image.Image:
    """A picture whose corners keep their size, and whose middle row and column fill the rest."""
    near, middle, far = (0, corner), (corner, corner + 1), (corner + 1, 2 * corner + 1)

    def pieces(size: int) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """From where to where, along one side."""
        return [(near, near), (middle, (corner, size - corner)), (far, (size - corner, size))]

    out = Image.new("RGBA", (wide, high))
    for (left, right), (to_left, to_right) in pieces(wide):
        for (top, bottom), (to_top, to_bottom) in pieces(high):
            size = to_right - to_left, to_bottom - to_top
            out.paste(image.crop((left, top, right, bottom)).resize(size, Image.Resampling.NEAREST), (to_left, to_top))
    return out


def _badge(badge: Badge) -> Image.Image:
    canvas = Canvas(badge.size, badge.size)
    _draw_badge(canvas, badge, 0.0, 0.0)
    return canvas.done()


def _draw_badge(canvas: Canvas, badge: Badge, x: float, y: float) -> None:
    unit = badge.size / 24.0

    def at(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(x + unit * px, y + unit * py) for px, py in points]

    fill, ink = rgba(LEVEL_FILL[badge.level]), rgba(INK)
    outer = _SHAPES[badge.level]
    if outer is None:
        canvas.disc(x + 12 * unit, y + 12 * unit, 10 * unit, ink)
        canvas.disc(x + 12 * unit, y + 12 * unit, 9 * unit, fill)
        return
    grown = [(12 + 1.1 * (px - 12), 12 + 1.1 * (py - 12)) for px, py in outer]
    canvas.polygon(at(grown), ink)
    canvas.polygon(at(outer), fill)
    bars = rank(badge.level)
    top = 10.2 if badge.level == "caution" else 8.2
    for bar in range(bars):
        left = 12 + (bar - (bars - 1) / 2) * 3.6 - 1.1
        canvas.plate(x + unit * left, y + unit * top, 2.2 * unit, 7.6 * unit, unit, ink)


_SHAPES: dict[str, list[tuple[float, float]] | None] = {
    "clear": None,
    "caution": [(12, 2.5), (22, 20.5), (2, 20.5)],
    "warning": [(12, 1.5), (22.5, 12), (12, 22.5), (1.5, 12)],
    "critical": [(8, 2), (16, 2), (22, 8), (22, 16), (16, 22), (8, 22), (2, 16), (2, 8)],
}


def chip_size(chip: Chip) -> tuple[int, int]:
    """Width and height [px] of a chip's picture."""
    height = line_height(chip.size) + 2
    shape = height - 2 if chip.level is not None else 0
    return width(chip.text, chip.size) + shape + round(1.0 * chip.size), height


def _chip(chip: Chip) -> Image.Image:
    wide, high = chip_size(chip)
    canvas = Canvas(wide, high)
    canvas.plate(0, 0, wide, high, high / 2, rgba(INK))
    canvas.plate(1.5, 1.5, wide - 3, high - 3, high / 2 - 1.5, rgba(chip.fill))
    image = canvas.done()
    left = round(0.5 * chip.size)
    if chip.level is not None:
        shape = Canvas(wide, high)
        _draw_badge(shape, Badge(chip.level, high - 8), left - 3, 4)
        image.alpha_composite(shape.done())
        left += high - 8
    image.alpha_composite(strip_image(Strip(chip.text, chip.size, INK)), (left, 1))
    return image


def _letter_size(box: int) -> int:
    """The font's size in use that is nearest to three quarters of the box."""
    return min(SIZES, key=lambda size: abs(size - 0.72 * box))


def _gear_box(box: GearBox) -> Image.Image:
    canvas = Canvas(box.size, box.size)
    canvas.plate(0, 0, box.size, box.size, 8, rgba(WHITE))
    image = canvas.done()
    letter = strip_image(Strip(box.letter, _letter_size(box.size), PLATE))
    image.alpha_composite(letter, ((box.size - letter.width) // 2, (box.size - letter.height) // 2))
    return image


def _glyph(glyph: Glyph) -> Image.Image:
    """Signs on a grid of 48."""
    canvas = Canvas(glyph.size, glyph.size)
    unit = glyph.size / 48.0
    colour = rgba(glyph.colour)

    def stroke(*points: tuple[float, float], thick: float = 5.0) -> None:
        canvas.stroke([(unit * x, unit * y) for x, y in points], thick * unit, colour)

    def turn(mirror: bool) -> None:
        start, end = (-100.0, 62.0) if not mirror else (-62.0, 100.0)
        canvas.arc(24 * unit, 29 * unit, 17 * unit, start, end, 5.5 * unit, colour)
        tip = [(31.5, 18.0), (47.5, 18.5), (39.5, 32.5)]
        canvas.polygon([(unit * ((48 - x) if mirror else x), unit * y) for x, y in tip], colour)

    match glyph.name:
        case "turn_left" | "turn_right":
            turn(glyph.name == "turn_left")
        case "left" | "right" | "up" | "down":
            arrow = [(24.0, 42.0), (24.0, 8.0)], [(10.0, 21.0), (24.0, 7.0), (38.0, 21.0)]
            for line in arrow:
                stroke(*[_towards(glyph.name, point) for point in line])
        case "stop":
            octagon = [(16, 5), (32, 5), (43, 16), (43, 32), (32, 43), (16, 43), (5, 32), (5, 16), (16, 5)]
            stroke(*octagon, thick=4.5)
            stroke((15, 24), (33, 24), thick=6)
        case "wheel":
            canvas.ring(24 * unit, 24 * unit, 18.5 * unit, 5 * unit, colour)
            canvas.disc(24 * unit, 24 * unit, 5.5 * unit, colour)
            stroke((6, 24), (42, 24), thick=4)
            stroke((24, 24), (24, 41), thick=4)
        case "check":
            stroke((8, 26), (19, 37), (40, 12), thick=6)
        case "eye":
            for above in (True, False):
                arc = [(4.0, 24.0), (12, 15.5), (24, 11.5), (36, 15.5), (44, 24)]
                stroke(*[(x, y if above else 48 - y) for x, y in arc], thick=4)
            canvas.disc(24 * unit, 24 * unit, 6 * unit, colour)
        case "speech":
            canvas.plate(4 * unit, 7 * unit, 40 * unit, 27 * unit, 9 * unit, colour)
            canvas.polygon([(12 * unit, 32 * unit), (25 * unit, 32 * unit), (12 * unit, 43 * unit)], colour)
            for x in (15, 24, 33):
                canvas.disc(x * unit, 20.5 * unit, 2.6 * unit, rgba(PLATE))
        case "link_off":
            for radius in (9.0, 18.0):
                canvas.arc(24 * unit, 36 * unit, radius * unit, -45, 45, 4 * unit, colour)
            canvas.disc(24 * unit, 36 * unit, 3.5 * unit, colour)
            stroke((9, 9), (39, 41), thick=4)
    return canvas.done()


def _towards(name: str, point: tuple[float, float]) -> tuple[float, float]:
    """A point of the arrow that points up, for the arrow that points the way `name` says."""
    x, y = point
    return {"up": (x, y), "down": (x, 48 - y), "left": (y, x), "right": (48 - y, x)}[name]


def _dot(dot: Dot) -> Image.Image:
    canvas = Canvas(dot.diameter, dot.diameter)
    canvas.disc(dot.diameter / 2, dot.diameter / 2, dot.diameter / 2, rgba(dot.colour))
    return canvas.done()


def _diamond(diamond: Diamond) -> Image.Image:
    size = diamond.size
    canvas = Canvas(size, size)
    half = size / 2
    for inset, colour in ((0.0, TARGET), (2.6, PLATE)):
        canvas.polygon([(half, inset), (size - inset, half), (half, size - inset), (inset, half)], rgba(colour))
    return canvas.done()


@functools.cache
def _painters() -> dict[type[Any], Callable[[Any], Image.Image]]:
    return {
        Strip: strip_image,
        Plate: _plate,
        Badge: _badge,
        Chip: _chip,
        Glyph: _glyph,
        GearBox: _gear_box,
        Dot: _dot,
        Diamond: _diamond,
        Wheel: car_pictures.wheel,
        RingMark: car_pictures.ring_mark,
        RingHead: car_pictures.ring_head,
        Car: car_pictures.car,
        Cone: car_pictures.cone,
    }


_PAINTERS = _painters()
