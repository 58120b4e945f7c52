"""Lines, areas and dots on the map, cut to its frame."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from controllers.parkit_coach.overlay.clipping import Point, clip_line, clip_polygon
from controllers.parkit_coach.overlay.commands import Command, Line, Paste, Pen, Polygon
from controllers.parkit_coach.overlay.layout import MAP_FRAME
from controllers.parkit_coach.overlay.sprites import Sprite


def dab(out: list[Command], sprite: Sprite, size: int, at: Point) -> None:
    """A small sprite about a point, if it is on the map."""
    if MAP_FRAME.holds(at, size / 2):
        out.append(Paste(sprite, round(at[0] - size / 2), round(at[1] - size / 2)))


def fill(out: list[Command], corners: list[Point], pen: Pen) -> None:
    """A filled polygon."""
    kept = clip_polygon(corners, MAP_FRAME)
    if len(kept) >= 3:
        out.append(Polygon(pen, tuple(round(x) for x, _ in kept), tuple(round(y) for _, y in kept)))


def outline(
    out: list[Command], points: Sequence[Point], colour: int, *, broad: bool = False, opacity: float = 0.9
) -> None:
    """A polyline; its neighbours at part of its strength take the steps out of a Display's hard lines."""
    for start, end in itertools.pairwise(points):
        clipped = clip_line(start, end, MAP_FRAME)
        if clipped is None:
            continue
        (x1, y1), (x2, y2) = ((round(x), round(y)) for x, y in clipped)
        steep = abs(y2 - y1) > abs(x2 - x1)
        for offset, share in ((-1, 0.35), (1, 0.9 if broad else 0.35), (0, 1.0)):
            dx, dy = (offset, 0) if steep else (0, offset)
            if MAP_FRAME.holds((x1 + dx, y1 + dy)) and MAP_FRAME.holds((x2 + dx, y2 + dy)):
                out.append(Line(Pen(colour, round(opacity * share, 3)), x1 + dx, y1 + dy, x2 + dx, y2 + dy))
