"""Smooth shapes with Pillow: drawn four times as large, then reduced."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from PIL import Image, ImageDraw

from controllers.parkit_coach.overlay.sprites import RGBA

SCALE = 4


class Bitmap(NamedTuple):
    """Pixels as a Display takes them: BGRA rows from the top."""

    width: int
    height: int
    bgra: bytes


def bitmap(image: Image.Image) -> Bitmap:
    """An RGBA image as a Display takes it."""
    return Bitmap(image.width, image.height, image.tobytes("raw", "BGRA"))


def round_the_ring(centre: float, radius: float, degrees: float) -> tuple[float, float]:
    """The point of a ring `degrees` clockwise from its top."""
    angle = math.radians(degrees)
    return centre + radius * math.sin(angle), centre - radius * math.cos(angle)


class Canvas:
    """A transparent picture whose shapes are given in its final pixels, at fractions if need be."""

    def __init__(self, width: int, height: int) -> None:
        self._image = Image.new("RGBA", (width * SCALE, height * SCALE))
        self._pen = ImageDraw.Draw(self._image)

    def done(self) -> Image.Image:
        """The picture, smooth."""
        return self._image.reduce(SCALE)

    def disc(self, x: float, y: float, radius: float, fill: RGBA) -> None:
        self._pen.ellipse(_scaled((x - radius, y - radius, x + radius, y + radius)), fill)

    def ring(self, x: float, y: float, radius: float, width: float, colour: RGBA) -> None:
        """`radius` to the middle of the stroke."""
        out = radius + width / 2.0
        self._pen.ellipse(_scaled((x - out, y - out, x + out, y + out)), None, colour, round(width * SCALE))

    def arc(
        self,
        x: float,
        y: float,
        radius: float,
        start: float,
        end: float,
        width: float,
        colour: RGBA,
        round_ends: bool = True,
    ) -> None:
        """From `start` clockwise to `end`, in degrees clockwise from the top."""
        out = radius + width / 2.0
        box = _scaled((x - out, y - out, x + out, y + out))
        self._pen.arc(box, start - 90.0, end - 90.0, colour, round(width * SCALE))
        if round_ends:
            for degrees in (start, end):
                angle = math.radians(degrees)
                self.disc(x + radius * math.sin(angle), y - radius * math.cos(angle), width / 2.0, colour)

    def wedge(self, x: float, y: float, radius: float, start: float, end: float, fill: RGBA) -> None:
        self._pen.pieslice(_scaled((x - radius, y - radius, x + radius, y + radius)), start - 90.0, end - 90.0, fill)

    def polygon(self, corners: Iterable[tuple[float, float]], fill: RGBA) -> None:
        self._pen.polygon([(x * SCALE, y * SCALE) for x, y in corners], fill)

    def stroke(self, points: list[tuple[float, float]], width: float, colour: RGBA) -> None:
        """A polyline with round joints and ends."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self._pen.line(scaled, colour, round(width * SCALE), joint="curve")
        for x, y in points:
            self.disc(x, y, width / 2.0, colour)

    def plate(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        radius: float,
        fill: RGBA,
        edge: RGBA | None = None,
        edge_width: float = 0.0,
    ) -> None:
        """A rectangle with round corners."""
        self._pen.rounded_rectangle(
            _scaled((x, y, x + width, y + height), inside=True), radius * SCALE, fill, edge, round(edge_width * SCALE)
        )


def _scaled(box: tuple[float, float, float, float], inside: bool = False) -> list[float]:
    shrink = 1.0 if inside else 0.0
    return [box[0] * SCALE, box[1] * SCALE, box[2] * SCALE - shrink, box[3] * SCALE - shrink]
