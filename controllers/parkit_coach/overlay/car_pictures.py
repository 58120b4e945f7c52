"""Pictures of the car and its controls: the steering wheel with its ring, the car from above, the sensors' cones."""

from __future__ import annotations

import functools
import math

from PIL import Image

from controllers.parkit_coach.overlay.canvas import Canvas, round_the_ring
from controllers.parkit_coach.overlay.palette import (
    BODY,
    GLASS,
    INK,
    LEVEL_FILL,
    MUTED,
    PLATE,
    TARGET,
    TYRE,
    WHITE,
    rank,
    rgba,
)
from controllers.parkit_coach.overlay.sprites import Body, Car, Cone, RingHead, RingMark, Wheel

RIM = 48.0
"""Radius [px] of the steering wheel's rim."""
RING = 64.0
"""Radius [px] of the ring round it, on which target and way are marked."""
WHEEL_SIZE = 108
MARK_SIZE = 44
HEAD_SIZE = 20
MAP_SCALE = 20.0
"""Pixels per metre of the map."""
CAR_PAD = 6
"""Pixels round the car's picture, for front wheels that stand out."""


@functools.cache
def _straight_wheel() -> Image.Image:
    canvas = Canvas(2 * WHEEL_SIZE, 2 * WHEEL_SIZE)  # twice the size: it is turned before it is reduced
    centre, rim = float(WHEEL_SIZE), 2 * RIM
    light, dark = rgba(BODY), rgba(PLATE)
    canvas.ring(centre, centre, rim, 19, dark)
    canvas.ring(centre, centre, rim, 15, light)
    right_half = [(0, -16), (30, -16), (rim, -4), (rim, 12), (26, 14), (11, 40), (11, rim)]
    left_half = [(-x, y) for x, y in reversed(right_half)]
    canvas.polygon([(centre + x, centre + y) for x, y in (*right_half, *left_half)], light)
    canvas.disc(centre, centre, 25, light)
    canvas.disc(centre, centre, 15, rgba(GLASS))
    # the mark at twelve o'clock, by which one sees how far the wheel is turned
    canvas.arc(centre, centre, rim, -9, 9, 17, rgba(INK), round_ends=False)
    canvas.arc(centre, centre, rim, -6, 6, 15, rgba(0xFFC83D), round_ends=False)
    return canvas.done()


def wheel(sprite: Wheel) -> Image.Image:
    return _straight_wheel().rotate(-sprite.degrees, Image.Resampling.BILINEAR).reduce(2)


def ring_mark(sprite: RingMark) -> Image.Image:
    """Dashes on the ring about the target, and a pointer at it; one solid arc once it is reached."""
    canvas = Canvas(MARK_SIZE, MARK_SIZE)
    x, y = round_the_ring(0.0, RING, sprite.degrees)
    x, y = MARK_SIZE / 2 - x, MARK_SIZE / 2 - y  # the ring's centre, seen from the picture
    colour = rgba(TARGET)
    if sprite.reached:
        canvas.arc(x, y, RING, sprite.degrees - 15, sprite.degrees + 15, 7, colour)
    else:
        for dash in (-13.0, -4.3, 4.3, 13.0):
            canvas.arc(
                x, y, RING, sprite.degrees + dash - 2.6, sprite.degrees + dash + 2.6, 7, colour, round_ends=False
            )
    angle = sprite.degrees
    tip, left, right = ((RING - 11, 0.0), (RING - 3, -6.0), (RING - 3, 6.0))
    corners = []
    for radius, across in (tip, left, right):
        px, py = round_the_ring(0.0, radius, angle)
        side = math.radians(angle)
        corners.append((x + px + across * math.cos(side), y + py + across * math.sin(side)))
    canvas.polygon(corners, colour)
    return canvas.done()


def ring_head(sprite: RingHead) -> Image.Image:
    canvas = Canvas(HEAD_SIZE, HEAD_SIZE)
    half = HEAD_SIZE / 2
    along = math.radians(sprite.degrees + (90 if sprite.clockwise else -90))
    ahead = (math.sin(along), -math.cos(along))
    aside = (-ahead[1], ahead[0])

    def at(forward: float, sideways: float) -> tuple[float, float]:
        return half + forward * ahead[0] + sideways * aside[0], half + forward * ahead[1] + sideways * aside[1]

    canvas.polygon([at(7, 0), at(-5, 7), at(-5, -7)], rgba(WHITE))
    return canvas.done()


def car_size(body: Body) -> tuple[int, int]:
    """Width and height [px] of the car's picture."""
    length = body.rear_overhang + body.wheelbase + body.front_overhang
    return round(body.width * MAP_SCALE) + 2 * CAR_PAD, round(length * MAP_SCALE) + 2 * CAR_PAD


def axle_in_car(body: Body) -> tuple[float, float]:
    """The rear-axle centre in the car's picture [px]."""
    return car_size(body)[0] / 2, CAR_PAD + (body.wheelbase + body.front_overhang) * MAP_SCALE


def car(sprite: Car) -> Image.Image:
    body, scale = sprite.body, MAP_SCALE
    canvas = Canvas(*car_size(body))
    axle_x, axle_y = axle_in_car(body)
    half, nose, tail = body.width / 2, body.wheelbase + body.front_overhang, -body.rear_overhang

    def at(forward: float, left: float) -> tuple[float, float]:
        return axle_x - left * scale, axle_y - forward * scale

    def shape(colour: int, *corners: tuple[float, float]) -> None:
        """Corners as shares of wheelbase and half width: of any car, not of one."""
        canvas.polygon([at(x * body.wheelbase, y * half) for x, y in corners], rgba(colour))

    left, top = at(nose, half)
    width, length = body.width * scale, (nose - tail) * scale
    canvas.plate(left, top, width, length, 0.36 * scale, rgba(PLATE))
    canvas.plate(left + 1, top + 1, width - 2, length - 2, 0.34 * scale, rgba(BODY))
    shape(GLASS, (0.94, 0.72), (0.94, -0.72), (0.72, -0.62), (0.72, 0.62))
    shape(GLASS, (-0.15, 0.68), (-0.15, -0.68), (-0.01, -0.6), (-0.01, 0.6))
    for side in (-1.0, 1.0):
        shape(GLASS, (0.76, side * 0.84), (0.66, side * 0.75), (0.16, side * 0.75), (0.14, side * 0.84))
        shape(MUTED, (0.8, side), (0.86, side), (0.84, side * 1.19), (0.79, side * 1.19))
        for inner, outer, colour in ((nose - 0.2, nose - 0.06, 0xFFE9A8), (tail + 0.17, tail + 0.05, 0xB3263F)):
            canvas.polygon(
                [at(x, side * y * half) for x, y in ((inner, 0.5), (outer, 0.5), (outer, 0.84), (inner, 0.84))],
                rgba(colour),
            )
    for axle, turned in ((0.0, 0.0), (body.wheelbase, math.radians(sprite.steer))):
        for side in (-1.0, 1.0):
            corners = _tyre_corners(axle, side * (half - 0.13), turned)
            canvas.polygon([at(x, y) for x, y in corners], rgba(TYRE))
    return canvas.done()


def _tyre_corners(axle: float, hub: float, turned: float) -> list[tuple[float, float]]:
    cos, sin = math.cos(turned), math.sin(turned)
    corners = ((0.36, 0.13), (0.36, -0.13), (-0.36, -0.13), (-0.36, 0.13))
    return [(axle + x * cos - y * sin, hub + x * sin + y * cos) for x, y in corners]


def cone(sprite: Cone) -> Image.Image:
    """Square, the sensor in the middle; bars count from the reach inwards."""
    size = cone_size(sprite.reach)
    canvas = Canvas(size, size)
    centre, reach = size / 2, float(sprite.reach)
    start, end = sprite.degrees - sprite.half, sprite.degrees + sprite.half
    fill = LEVEL_FILL[sprite.level]
    bars = rank(sprite.level)
    if bars == 0:
        canvas.arc(centre, centre, reach, start + 4, end - 4, 1.2, rgba(fill, 0.75), round_ends=False)
        return canvas.done()
    canvas.wedge(centre, centre, reach, start, end, rgba(fill, 0.22 + 0.08 * bars))
    for bar in range(bars):
        radius = reach - 6.0 * bar
        width = 4.0 if bar == 0 else 3.0
        canvas.arc(centre, centre, radius, start, end, width + 1.6, rgba(INK))
        canvas.arc(centre, centre, radius, start, end, width, rgba(fill))
    return canvas.done()


def cone_size(reach: int) -> int:
    """Side [px] of a cone's picture."""
    return 2 * (reach + 4)
