"""Bounding objects: the boxes, cylinders, spheres and planes that rays and bodies meet, placed in the world."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from worlds.headless.errors import WorldError
from worlds.headless.physics.polygons import Point, convex_hull
from worlds.headless.vrml.scene import IDENTITY, Frame, Matrix, Node, local_frame
from worlds.headless.vrml.tables import vehicles

_FOOTPRINT_CORNERS = 24
_CONE_HEIGHT, _CONE_RADIUS = 0.5, 0.255


class Primitive(NamedTuple):
    """One geometry of a bounding object. `frame` places it in its solid; sizes are metres.

    kind "box": size = (x, y, z); "cylinder": (radius, height, 0), axis along z; "plane": zeros, normal +z.
    """

    kind: str
    frame: Frame
    size: tuple[float, float, float]


def at(x: float, y: float, z: float) -> Frame:
    return Frame(np.eye(3), np.array([x, y, z]))


def bounding_primitives(solid: Node) -> list[Primitive]:
    """What of this solid can be hit, in its own frame; devices and visual-only nodes give nothing."""
    base = solid.base
    if base.type_name in _STOCK:
        return _STOCK[base.type_name](base)
    if base.type_name.removesuffix("Simple") in vehicles():
        return [_vehicle_box(base)]
    found = base.find("boundingObject")
    if found is None:
        return []
    return list(_walk(found.value, IDENTITY)) if found.value is not None else []


def _walk(node: Node, frame: Frame) -> Iterator[Primitive]:
    base = node.base
    name = base.type_name
    if name in ("Pose", "Group"):
        inner = frame @ local_frame(base) if name == "Pose" else frame
        for child in base.get("children"):
            yield from _walk(child, inner)
    elif name == "Shape":
        if base.get("geometry") is not None:
            yield from _walk(base.get("geometry"), frame)
    elif name == "Box":
        x, y, z = base.get("size")
        yield Primitive("box", frame, (x, y, z))
    elif name == "Cylinder":
        yield Primitive("cylinder", frame, (base.get("radius"), base.get("height"), 0.0))
    elif name == "Plane":
        yield Primitive("plane", frame, (0.0, 0.0, 0.0))
    else:
        sentence = (
            f"{name} cannot be a bounding object in the stand-in; use Box, Cylinder, Plane, Pose, Group or Shape."
        )
        raise WorldError(node.file, node.line, sentence)


# --- stock PROTOs whose shape we know -----------------------------------------------------------------


def _vehicle_box(node: Node) -> Primitive:
    box = vehicles()[node.type_name.removesuffix("Simple")]["body_box"]
    lows = [box[axis][0] for axis in "xyz"]
    highs = [box[axis][1] for axis in "xyz"]
    x, y, z = (0.5 * (low + high) for low, high in zip(lows, highs, strict=True))
    return Primitive("box", at(x, y, z), (highs[0] - lows[0], highs[1] - lows[1], highs[2] - lows[2]))


def _floor(node: Node) -> list[Primitive]:  # noqa: ARG001
    return [Primitive("plane", IDENTITY, (0.0, 0.0, 0.0))]


def _solid_box(node: Node) -> list[Primitive]:
    x, y, z = node.get("size")
    return [Primitive("box", IDENTITY, (x, y, z))]


def _wall(node: Node) -> list[Primitive]:
    x, y, z = node.get("size")
    return [Primitive("box", at(0.0, 0.0, 0.5 * z), (x, y, z))]


def _cone(node: Node) -> list[Primitive]:  # noqa: ARG001
    return [Primitive("cylinder", at(0.0, 0.0, 0.5 * _CONE_HEIGHT), (_CONE_RADIUS, _CONE_HEIGHT, 0.0))]


def _pedestrian(node: Node) -> list[Primitive]:
    # origin 1.27 m above the soles; the stand-in's person is a column of 1.8 m
    return [Primitive("cylinder", at(0.0, 0.0, -0.37), (0.25, 1.8, 0.0))] if node.get("enableBoundingObject") else []


def _road(node: Node) -> list[Primitive]:
    for field in ("roadBoundingObject", "rightBorderBoundingObject", "leftBorderBoundingObject"):
        if node.get(field):
            raise WorldError(
                node.file, node.line, f"{node.type_name}.{field} TRUE is not built by the stand-in; use a Solid Box."
            )
    if node.get("rightBarrier") or node.get("leftBarrier"):
        raise WorldError(
            node.file, node.line, f"barriers of {node.type_name} are not built by the stand-in; use a Solid Box."
        )
    return []


_STOCK = {
    "Floor": _floor,
    "SolidBox": _solid_box,
    "Wall": _wall,
    "TrafficCone": _cone,
    "Pedestrian": _pedestrian,
    "StraightRoadSegment": _road,
}


# --- in the world -------------------------------------------------------------------------------------


class Obstacle:
    """A primitive of a solid in the world, with the footprint that contacts need."""

    __slots__ = ("centre", "footprint", "high", "low", "node", "pose", "primitive", "radius", "top")

    def __init__(self, node: Node, top: Node, primitive: Primitive, world: Frame) -> None:
        self.node = node
        self.top = top
        self.primitive = primitive
        self.move(world)

    def move(self, solid: Frame) -> None:
        """Place it anew for a pose of its solid in the world."""
        self.pose = solid @ self.primitive.frame
        corners = _corners(self.primitive, self.pose)
        if len(corners) == 0:
            self.footprint: list[Point] = []
            self.low, self.high, self.radius = -math.inf, float(self.pose.origin[2]), math.inf
            self.centre = (0.0, 0.0)
            return
        ring = _ring(self.primitive.kind, self.primitive.size) if _is_upright(self.pose.rotation) else ()
        self.footprint = _around(corners, ring) if ring else convex_hull([(x, y) for x, y, _ in corners.tolist()])
        heights = corners[:, 2].tolist()
        self.low, self.high = min(heights), max(heights)
        xs, ys = [x for x, _ in self.footprint], [y for _, y in self.footprint]
        self.centre = (0.5 * (min(xs) + max(xs)), 0.5 * (min(ys) + max(ys)))
        self.radius = max(math.hypot(x - self.centre[0], y - self.centre[1]) for x, y in self.footprint)


def _corners(primitive: Primitive, pose: Frame) -> Matrix:
    """Points whose hull is (or closely holds) the primitive, (N, 3) world; none for a plane."""
    found: Matrix = _own_corners(primitive.kind, primitive.size) @ pose.rotation.T + pose.origin
    return found


def _is_upright(rotation: Matrix) -> bool:
    """Whether it turns about the vertical only, exactly: so everything stands that nobody has tilted."""
    across, along, up = rotation[2].tolist()
    return bool(across == 0.0 and along == 0.0 and up > 0.0)


@lru_cache(maxsize=256)
def _ring(kind: str, size: tuple[float, float, float]) -> tuple[int, ...]:
    """Which of its own corners lie round an upright primitive, counter-clockwise; none if it has no area.

    A walker is looked at anew at every step, and its hull need not be searched for: it is always this.
    """
    if min(size[:1] if kind == "cylinder" else size[:2]) <= 0.0:
        return ()
    return (0, 4, 6, 2) if kind == "box" else tuple(range(0, 2 * _FOOTPRINT_CORNERS, 2))


def _around(corners: Matrix, ring: tuple[int, ...]) -> list[Point]:
    """These corners as `convex_hull` would give them: to the same decimals, and the leftmost first."""
    points = corners.tolist()
    found = [(round(points[i][0], 12), round(points[i][1], 12)) for i in ring]
    first = found.index(min(found))
    return found[first:] + found[:first]


@lru_cache(maxsize=256)
def _own_corners(kind: str, size: tuple[float, float, float]) -> Matrix:
    """The same points in the primitive's own frame; shared, so nobody may write to them."""
    if kind == "plane":
        return np.empty((0, 3))
    if kind == "box":
        half = 0.5 * np.array(size)
        signs = np.array([(i, j, k) for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)])
        local: Matrix = signs * half
    else:
        radius, height, _ = size
        # the polygon stands outside the circle, so that a gap is never taken for larger than it is
        outer = radius / math.cos(math.pi / _FOOTPRINT_CORNERS)
        turns = [2.0 * math.pi * i / _FOOTPRINT_CORNERS for i in range(_FOOTPRINT_CORNERS)]
        local = np.array(
            [(outer * math.cos(a), outer * math.sin(a), z) for a in turns for z in (-0.5 * height, 0.5 * height)]
        )
    local.flags.writeable = False
    return local
