"""Our PROTOs with their derived fields worked out, and the lot map's matching entries."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from coach_core.contracts import GroundLine, SlotMap
from coach_core.contracts.messages import LineKind
from ops.worlds.layout import Body, Point, Value

CAR_SIZES = ((4.6, 1.85, 1.5), (4.48, 1.82, 1.47), (4.7, 1.9, 1.66), (4.05, 1.75, 1.5), (3.6, 1.6, 1.49))
"""Length, width, height [m] of cars that stand about: two saloons, an SUV, a small car, a Korean light car."""

CAR_COLORS = (
    (0.75, 0.76, 0.78), (0.12, 0.13, 0.15), (0.86, 0.86, 0.84), (0.45, 0.09, 0.1), (0.2, 0.24, 0.3),
    (0.8, 0.8, 0.82), (0.1, 0.2, 0.35), (0.9, 0.9, 0.88), (0.3, 0.32, 0.33), (0.16, 0.27, 0.24),
)  # fmt: skip
"""Paint as it is seen on Korean roads: mostly white, grey and black, now and then a colour."""

BODY = (4.6, 1.85, 1.5)
"""Size of CarBody [m] before it is scaled."""
CAR_CORNER = 0.2
"""Radius [m] of a car's corners seen from above, about that of CarBody's: real ones are rounder still. A sonar hears a
round corner from every side, a sharp one from none."""
LINE = 0.1
"""Width [m] of a bay's line."""
KERB_HEIGHT = 0.15
WALL_HEIGHT = 1.2
PILLAR_HEIGHT = 2.6
WHITE = (0.95, 0.95, 0.92)
YELLOW = (0.93, 0.72, 0.12)


def car(proto: str, define: str, at: tuple[float, float, float], size: Sequence[float], color: int) -> Body:
    """A ParkedCar or MovingCar: `at` is the middle of the car and its heading [rad]."""
    fields: dict[str, Value] = {
        "name": define.lower().replace("_", " ").replace("parked ", "parked car "),
        "color": CAR_COLORS[color % len(CAR_COLORS)],
        "size": tuple(size),
        "bodyScale": tuple(round(size[i] / BODY[i], 4) for i in range(3)),
        **car_shape(size),
    }
    x, y, yaw = at
    return Body(proto, x, y, 0.0, yaw, define, fields)


def car_shape(size: Sequence[float]) -> dict[str, Value]:
    """What a sonar hears and a bumper touches of a car of this length, width and height [m], as fields of its PROTO."""
    length, width, height = size
    x, y, z = 0.5 * length - CAR_CORNER, 0.5 * width - CAR_CORNER, 0.5 * height
    corners = {"frontLeft": (x, y), "frontRight": (x, -y), "rearLeft": (-x, y), "rearRight": (-x, -y)}
    return {
        "centre": (0.0, 0.0, z),
        "lengthwise": (length, round(2.0 * y, 4), height),
        "crosswise": (round(2.0 * x, 4), width, height),
        "height": height,
        **{name: (round(a, 4), round(b, 4), z) for name, (a, b) in corners.items()},
    }


def parked_in(slot: SlotMap, size: Sequence[float], color: int) -> Body:
    """A car in the middle of a slot: nose to the aisle, or along the kerb with the kerb on its right."""
    x = slot.entrance_x_m + 0.5 * slot.depth_m * math.cos(slot.inward_yaw_rad)
    y = slot.entrance_y_m + 0.5 * slot.depth_m * math.sin(slot.inward_yaw_rad)
    turn = 0.5 * math.pi if slot.kind == "parallel" else math.pi
    yaw = slot.parked_yaw_rad if slot.parked_yaw_rad is not None else slot.inward_yaw_rad + turn
    return car("ParkedCar", f"PARKED_{slot.slot_id}", (round(x, 4), round(y, 4), wrapped(yaw)), size, color)


def bay(slot: SlotMap) -> Body:
    """The paint of a slot."""
    depth, half = slot.depth_m, 0.5 * slot.width_m
    inner = half - 0.5 * LINE
    corners = [(0.0, -half), (depth, -half), (depth, half), (0.0, half)]
    corners += [(0.0, -inner), (depth - LINE, -inner), (depth - LINE, inner), (0.0, inner)]
    points = [(round(x, 4), round(y, 4), 0.0) for x, y in corners]
    place = (slot.entrance_x_m, slot.entrance_y_m)
    return Body(
        "PaintedBay", *place, 0.0, slot.inward_yaw_rad, fields={"size": (depth, slot.width_m), "corners": points}
    )


def slot(slot_id: str, kind: str, at: Point, inward: float, size: Point) -> SlotMap:
    """A slot of the map: `at` is the middle of its mouth, size = (width of the mouth, depth) [m]."""
    return SlotMap(
        slot_id=slot_id,
        kind=kind,  # type: ignore[arg-type]  # one of SlotKind, by every caller
        entrance_x_m=round(at[0], 6),
        entrance_y_m=round(at[1], 6),
        inward_yaw_rad=round(inward, 6),
        width_m=size[0],
        depth_m=size[1],
    )


def block(proto: str, name: str, low: Point, high: Point, height: float, **fields: tuple[float, ...]) -> Body:
    """A box between two corners of its plan, standing on the ground: LotWall, Pillar or Kerb."""
    size = (round(high[0] - low[0], 4), round(high[1] - low[1], 4), height)
    middle = (round(0.5 * (low[0] + high[0]), 4), round(0.5 * (low[1] + high[1]), 4))
    return Body(proto, *middle, 0.5 * height, 0.0, fields={"name": name, "size": size, **fields})


def rectangle(low: Point, high: Point) -> list[Point]:
    """The plan of a box, counter-clockwise."""
    return [low, (high[0], low[1]), high, (low[0], high[1])]


def outline_of(body: Body) -> list[Point]:
    """Plan of a LotWall, Pillar or Kerb, as the lot map has it."""
    size = body.fields["size"]
    assert isinstance(size, tuple)  # for mypy; `block` made it
    dx, dy = 0.5 * float(size[0]), 0.5 * float(size[1])
    cos, sin = math.cos(body.yaw), math.sin(body.yaw)
    corners = ((-dx, -dy), (dx, -dy), (dx, dy), (-dx, dy))
    return [(round(body.x + cos * a - sin * b, 4), round(body.y + sin * a + cos * b, 4)) for a, b in corners]


def enclosure(low: Point, high: Point, thickness: float = 0.3) -> list[Body]:
    """Four walls round a rectangle, their inner faces on its sides: south, north, west, east."""
    (x0, y0), (x1, y1), t = low, high, thickness
    return [
        block("LotWall", "south wall", (x0 - t, y0 - t), (x1 + t, y0), WALL_HEIGHT),
        block("LotWall", "north wall", (x0 - t, y1), (x1 + t, y1 + t), WALL_HEIGHT),
        block("LotWall", "west wall", (x0 - t, y0), (x0, y1), WALL_HEIGHT),
        block("LotWall", "east wall", (x1, y0), (x1 + t, y1), WALL_HEIGHT),
    ]


def stripe(a: Point, b: Point, width: float = LINE, color: tuple[float, ...] = WHITE) -> Body:
    """A painted line from a to b."""
    length = math.hypot(b[0] - a[0], b[1] - a[1])
    yaw = math.atan2(b[1] - a[1], b[0] - a[0])
    fields = {"size": (round(length, 4), width), "color": color}
    return Body("PaintLine", round(0.5 * (a[0] + b[0]), 4), round(0.5 * (a[1] + b[1]), 4), 0.0, yaw, fields=fields)


def dashes(a: Point, b: Point, dash: float, gap: float, width: float, color: tuple[float, ...]) -> Iterator[Body]:
    """A broken line from a to b, beginning and ending with a whole dash."""
    length = math.hypot(b[0] - a[0], b[1] - a[1])
    ux, uy = (b[0] - a[0]) / length, (b[1] - a[1]) / length
    for i in range(int((length + gap) // (dash + gap))):
        t = i * (dash + gap)
        yield stripe((a[0] + ux * t, a[1] + uy * t), (a[0] + ux * (t + dash), a[1] + uy * (t + dash)), width, color)


def arrow(x: float, y: float, yaw: float) -> Body:
    return Body("PaintedArrow", x, y, 0.0, yaw)


def ground_line(line_id: str, kind: LineKind, a: Point, b: Point, width: float = 0.15) -> GroundLine:
    return GroundLine(
        line_id=line_id,
        kind=kind,
        x1_m=round(a[0], 4),
        y1_m=round(a[1], 4),
        x2_m=round(b[0], 4),
        y2_m=round(b[1], 4),
        width_m=width,
    )


def wrapped(yaw: float) -> float:
    """The angle in (-pi, pi]."""
    turned = math.remainder(yaw, 2.0 * math.pi)
    return math.pi if turned <= -math.pi + 1e-9 else turned
