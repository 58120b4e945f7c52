"""Names painted before the bays: a few glyphs of straight strokes, as points and faces for PaintedText."""

from __future__ import annotations

import math
from itertools import pairwise

from coach_core.contracts import SlotMap
from ops.worlds.layout import Body, Point, Value

HEIGHT = 0.5
"""Height of a capital [m]."""
STROKE = 0.07
BEFORE = 0.2
"""From the mouth of the bay to the top of the letters [m]."""
_WIDE = 0.26
_GAP = 0.16
_BOX = ((0, 0), (0, 2), (1, 2), (1, 0), (0, 0))
_BOWL = ((0, 2), (0.75, 2), (1, 1.75), (1, 1.25), (0.75, 1), (0, 1))

GLYPHS: dict[str, tuple[tuple[Point, ...], ...]] = {
    "A": (((0, 0), (0.5, 2), (1, 0)), ((0.2, 0.75), (0.8, 0.75))),
    "B": (((0, 0), *_BOWL), ((0.75, 1), (1, 0.75), (1, 0.25), (0.75, 0), (0, 0))),
    "P": (((0, 0), *_BOWL),),
    "0": (_BOX,),
    "1": (((0.2, 1.6), (0.6, 2), (0.6, 0)),),
    "2": (((0, 2), (1, 2), (1, 1), (0, 1), (0, 0), (1, 0)),),
    "3": (((0, 2), (1, 2), (1, 0), (0, 0)), ((0.3, 1), (1, 1))),
    "4": (((0, 2), (0, 1), (1, 1)), ((1, 2), (1, 0))),
    "5": (((1, 2), (0, 2), (0, 1), (1, 1), (1, 0), (0, 0)),),
    "6": (((1, 2), (0, 2), (0, 0), (1, 0), (1, 1), (0, 1)),),
    "7": (((0, 2), (1, 2), (0.4, 0)),),
    "8": (_BOX, ((0, 1), (1, 1))),
    "9": (((0, 0), (1, 0), (1, 2), (0, 2), (0, 1), (1, 1)),),
}
"""Strokes on a grid one wide and two high."""


def label(slot: SlotMap) -> Body:
    """The slot's name on the ground before its mouth, upright for who looks into the bay."""
    points, faces = outline(slot.slot_id)
    inward = slot.inward_yaw_rad
    back = BEFORE + 0.5 * HEIGHT
    at = (slot.entrance_x_m - back * math.cos(inward), slot.entrance_y_m - back * math.sin(inward))
    fields: dict[str, Value] = {
        "text": slot.slot_id,
        "points": [(round(x, 3), round(y, 3), 0.0) for x, y in points],
        "faces": [(float(i),) for i in faces],
    }
    return Body("PaintedText", round(at[0], 4), round(at[1], 4), 0.0, inward - 0.5 * math.pi, fields=fields)


def outline(text: str) -> tuple[list[Point], list[int]]:
    """Corners of the strokes [m], the text's middle at the origin, and indices of the faces, each ended by -1."""
    width = len(text) * _WIDE + (len(text) - 1) * _GAP
    points: list[Point] = []
    faces: list[int] = []
    for i, letter in enumerate(text):
        left = -0.5 * width + i * (_WIDE + _GAP)
        for stroke in GLYPHS[letter]:
            places = [(left + x * _WIDE, (0.5 * y - 0.5) * HEIGHT) for x, y in stroke]
            for a, b in pairwise(places):
                faces += [len(points) + k for k in range(4)] + [-1]
                points += _band(a, b)
    return points, faces


def _band(a: Point, b: Point) -> list[Point]:
    """A stroke with square ends, counter-clockwise."""
    length = math.hypot(b[0] - a[0], b[1] - a[1])
    ux, uy = 0.5 * STROKE * (b[0] - a[0]) / length, 0.5 * STROKE * (b[1] - a[1]) / length
    return [
        (a[0] - ux + uy, a[1] - uy - ux),
        (b[0] + ux + uy, b[1] + uy - ux),
        (b[0] + ux - uy, b[1] + uy + ux),
        (a[0] - ux - uy, a[1] - uy + ux),
    ]
