"""What can be asked of a Display, as plain data: panels are lists of these, and the player only plays them.

Pixels are whole numbers from the top left corner. Commands of different kinds are never equal, so a panel has
changed exactly if its commands have.
"""

from __future__ import annotations

import msgspec

from controllers.parkit_coach.overlay.sprites import Sprite, Strip


class Pen(msgspec.Struct, frozen=True, gc=False):
    """How a shape is drawn. opacity: share of the colour in the mix; alpha: what the pixel's alpha becomes."""

    colour: int
    opacity: float = 1.0
    alpha: float = 1.0


ERASER = Pen(0x000000, 1.0, 0.0)
"""Leaves pixels through which the road is seen."""


class Line(msgspec.Struct, frozen=True, gc=False):
    pen: Pen
    x1: int
    y1: int
    x2: int
    y2: int


class Polygon(msgspec.Struct, frozen=True):
    """Filled."""

    pen: Pen
    xs: tuple[int, ...]
    ys: tuple[int, ...]


class Box(msgspec.Struct, frozen=True, gc=False):
    """A filled rectangle."""

    pen: Pen
    x: int
    y: int
    width: int
    height: int


class Paste(msgspec.Struct, frozen=True):
    """A sprite with its top left corner at x, y. blend False copies its pixels, which Webots does much faster."""

    sprite: Sprite
    x: int
    y: int
    blend: bool = True


Command = Line | Polygon | Box | Paste


def text(strip: Strip, x: float, y: float) -> Paste:
    """A strip of text; copied where its ground is drawn in, blended where it is not."""
    return Paste(strip, round(x), round(y), strip.ground is None)
