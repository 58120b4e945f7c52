"""The Korean right-angle course: a lane, a bay at right angles to it, lines that count and kerbs that fail."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from coach_core.contracts import GroundLine, LotMap
from coach_core.errors import UsageError
from ops.worlds.bodies import KERB_HEIGHT, WHITE, YELLOW, arrow, block, ground_line, outline_of, slot, stripe
from ops.worlds.layout import Body, Layout, Look, Point, Value

GRASS = (0.3, 0.42, 0.2)
LINE_WIDTH = 0.15
SQRT2 = math.sqrt(2.0)


@dataclass(frozen=True)
class Parameters:
    """Sources do not agree whether the 3.0 m of the Korean course is its lane or its bay: both, and both settable."""

    lane_m: float = 3.0
    bay_width_m: float = 3.0
    bay_depth_m: float = 5.0
    check_line_m: float = 1.2
    """From the far end of the bay to the check line, which the rear wheels must reach."""
    kerb_gap_m: float = 0.4
    """From a detection line to the kerb outside it."""
    corner_m: float = 1.0
    """How far the corners between lane and bay are cut off, on either side; 0: not at all. With square corners
    and 3.0 m no way was found for the learner's car (turning radius 4.09 m) that keeps its wheels off the lines."""
    run_up_m: float = 14.0
    """Lane before and after the bay."""


def draw(rng: np.random.Generator) -> Parameters:
    """Lane and bay of 3.0 to 3.5 m (3.5 until 2011), kerbs 0.3 to 0.6 m outside, corners cut by 0.8 to 1.2."""
    return Parameters(
        round(float(rng.uniform(3.0, 3.5)), 2),
        round(float(rng.uniform(3.0, 3.5)), 2),
        5.0,
        round(float(rng.uniform(1.1, 1.3)), 2),
        round(float(rng.uniform(0.3, 0.6)), 2),
        round(float(rng.uniform(0.8, 1.2)), 2),
    )


def build(p: Parameters, name: str) -> Layout:
    """The lane is 0 < y < lane, driven along +x; the bay's mouth is the stretch of y = 0 about x = 0."""
    half, end, cut = 0.5 * p.bay_width_m, 0.5 * p.bay_width_m + p.run_up_m, p.corner_m
    if cut and cut < p.kerb_gap_m:
        raise UsageError(f"a corner cut by {cut:g} m leaves no room for its kerb; use 0, or {p.kerb_gap_m:g} m or more")
    lines = [
        ground_line("north", "detection", (-end, p.lane_m), (end, p.lane_m), LINE_WIDTH),
        ground_line("south-west", "detection", (-end, 0.0), (-half - cut, 0.0), LINE_WIDTH),
        ground_line("south-east", "detection", (half + cut, 0.0), (end, 0.0), LINE_WIDTH),
        ground_line("bay-west", "detection", (-half, -cut), (-half, -p.bay_depth_m), LINE_WIDTH),
        ground_line("bay-east", "detection", (half, -cut), (half, -p.bay_depth_m), LINE_WIDTH),
        ground_line("bay-end", "detection", (-half, -p.bay_depth_m), (half, -p.bay_depth_m), LINE_WIDTH),
        ground_line(
            "check", "check", (-half + 0.25, p.check_line_m - p.bay_depth_m),
            (half - 0.25, p.check_line_m - p.bay_depth_m), LINE_WIDTH,
        ),
        ground_line("entry", "entry", (-end + 5.6, 0.1), (-end + 5.6, p.lane_m - 0.1), LINE_WIDTH),
    ]  # fmt: skip
    if cut:
        lines += [
            ground_line("corner-west", "detection", (-half - cut, 0.0), (-half, -cut), LINE_WIDTH),
            ground_line("corner-east", "detection", (half, -cut), (half + cut, 0.0), LINE_WIDTH),
        ]
    kerbs = list(_kerbs(p, half, end))
    bay = slot("T", "perpendicular", (0.0, 0.0), -0.5 * math.pi, (p.bay_width_m, p.bay_depth_m))
    g, middle = p.kerb_gap_m, round(0.5 * p.lane_m, 2)
    x = round(-end + 1.6, 2)
    return Layout(
        name=name,
        family="course",
        about=f"Korean right-angle course: a {p.lane_m:g} m lane, a bay of {p.bay_width_m:g} x {p.bay_depth_m:g} m.",
        info=(
            "The right-angle course of the Korean licence test: reverse into the bay until the rear wheels reach the",
            "check line, apply the parking brake, drive out. Every wheel on a yellow line costs points; a kerb fails.",
        ),
        bodies=[
            *kerbs,
            *(_painted(line) for line in lines),
            arrow(round(-half - 3.6, 2), middle, 0.0),
            arrow(round(half + 3.6, 2), middle, 0.0),
        ],
        lot=LotMap(
            name=name,
            slots=[bay],
            drivable=[
                (-end, -g),
                (-half - g, -g),
                (-half - g, -p.bay_depth_m - g),
                (half + g, -p.bay_depth_m - g),
                (half + g, -g),
                (end, -g),
                (end, p.lane_m + g),
                (-end, p.lane_m + g),
            ],
            kerbs=[outline_of(kerb) for kerb in kerbs],
            lines=lines,
        ),
        scenario={
            "about": "What the examiner varies with its seed. Lengths in metres, angles in degrees; docs/worlds.md.",
            "family": "course",
            "rubric": "kr-course-right-angle",
            "goals": ["reverse_in"],
            "ego_def": "EGO",
            "parked_def": "PARKED_{slot}",
            "free_from": ["T"],
            "start": {"x_m": [x - 0.3, x], "y_m": [middle - 0.2, middle + 0.2], "yaw_deg": [-1.5, 1.5]},
            "neighbours": {"lateral_m": [0.0, 0.0], "depth_m": [0.0, 0.0], "yaw_deg": [0.0, 0.0]},
            "time_limit_s": 360.0,
        },
        start=(x, middle, 0.0),
        look=Look(eye=(-end - 13.0, 6.0, 10.5), target=(-2.0, -0.6, 0.0)),
    )


def _kerbs(p: Parameters, half: float, end: float) -> Iterator[Body]:
    """Kerb stones along the course, grass behind them."""
    g, stone, deep = p.kerb_gap_m, 0.25, -p.bay_depth_m
    low, north, far = round(deep - g, 4), round(p.lane_m + g, 4), 3.0
    inner, outer = half + g, half + g + stone
    # along a cut corner the kerb keeps its gap too: x + y is constant there
    turn, behind = half + p.corner_m + g * SQRT2, half + p.corner_m + (g + stone) * SQRT2
    beside = turn - g if p.corner_m else inner
    below = g - turn + half if p.corner_m else -g - stone
    yield block("Kerb", "north kerb", (-end, north), (end, north + stone), KERB_HEIGHT)
    yield block("Kerb", "west kerb", (-end, -g - stone), (round(-beside, 4), -g), KERB_HEIGHT)
    yield block("Kerb", "east kerb", (round(beside, 4), -g - stone), (end, -g), KERB_HEIGHT)
    yield block("Kerb", "bay west kerb", (-outer, low), (-inner, round(below, 4)), KERB_HEIGHT)
    yield block("Kerb", "bay east kerb", (inner, low), (outer, round(below, 4)), KERB_HEIGHT)
    yield block("Kerb", "bay end kerb", (-outer, low - stone), (outer, low), KERB_HEIGHT)
    green = {"color": GRASS}
    edge, top = (behind - g - stone, outer - behind) if p.corner_m else (outer, -g - stone)
    yield block("Kerb", "north grass", (-end, north + stone), (end, north + stone + far), KERB_HEIGHT, **green)
    for name, side in (("west", -1.0), ("east", 1.0)):
        spans = [(edge, end, -g - stone, name), (outer, edge, top, f"bay {name}")]
        for near, away, height, called in spans if p.corner_m else spans[:1]:
            x = sorted((round(side * near, 4), round(side * away, 4)))
            low_corner, high_corner = (x[0], low - stone), (x[1], round(height, 4))
            yield block("Kerb", f"{called} grass", low_corner, high_corner, KERB_HEIGHT, **green)
    if p.corner_m:
        ends: tuple[Point, Point] = ((-beside, -g), (-inner, below))
        yield from _oblique("corner kerb", ends, 0.0, stone, {})
        # the grass behind the oblique kerb, as deep as the triangle that the other boxes leave
        leg = p.corner_m + (g + stone) * (SQRT2 - 2.0)
        if leg > 0.0:
            yield from _oblique("corner grass", ends, stone, leg / SQRT2, green)
    yield block("Kerb", "south grass", (-end, low - stone - far), (end, low - stone), KERB_HEIGHT, **green)


def _oblique(
    what: str, ends: tuple[Point, Point], behind: float, deep: float, look: Mapping[str, Value]
) -> Iterator[Body]:
    """A box on either side along a cut corner. `ends`: of the western kerb's edge towards the course; the box begins
    `behind` it and is `deep` deep."""
    (ax, ay), (bx, by) = ends
    length, deep = round(math.hypot(bx - ax, by - ay), 4), round(deep, 4)
    off = (behind + 0.5 * deep) / SQRT2
    x, y = 0.5 * (ax + bx) - off, 0.5 * (ay + by) - off
    for name, side in (("west", 1.0), ("east", -1.0)):
        fields: dict[str, Value] = {"name": f"{name} {what}", "size": (length, deep, KERB_HEIGHT), **look}
        yaw = -0.25 * math.pi * side
        yield Body("Kerb", round(side * x, 4), round(y, 4), 0.5 * KERB_HEIGHT, yaw, fields=fields)


def _painted(line: GroundLine) -> Body:
    ends: tuple[Point, Point] = ((line.x1_m, line.y1_m), (line.x2_m, line.y2_m))
    return stripe(*ends, line.width_m, WHITE if line.kind == "entry" else YELLOW)
