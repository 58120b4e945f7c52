"""The visible triangles of a parsed world, for pictures of it."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ops.worlds.layout import PROJECT
from worlds.headless.physics.shapes import bounding_primitives
from worlds.headless.vrml.parser import World, parse_world
from worlds.headless.vrml.scene import Frame, Node, rotation_matrix
from worlds.headless.vrml.tables import RELEASE, vehicles

Array = NDArray[np.float64]
_ROUND = 20
"""Sides of a cylinder."""
_ASPHALT = np.array([0.30, 0.30, 0.31])
"""Mean colour of the stock Asphalt's texture, which is not shipped here: by eye."""
_HIDDEN = 0.9
"""Surfaces more transparent than this are left out."""


class Mesh(NamedTuple):
    """Triangles (N, 3, 3) in the world frame [m] and their colours (N, 3), 0..1."""

    triangles: Array
    colors: Array


def world_mesh(world: World) -> Mesh:
    """Everything visible in the world; stock cars, whose shape Webots downloads, are drawn as ours are."""
    parts = [part for node in world.nodes for part in _visible(node, np.eye(4))]
    if not parts:
        return Mesh(np.empty((0, 3, 3)), np.empty((0, 3)))
    colors = [np.broadcast_to(color, (len(triangles), 3)) for triangles, color in parts]
    return Mesh(np.concatenate([triangles for triangles, _ in parts]), np.concatenate(colors))


def _visible(node: Node, outer: Array) -> Iterator[tuple[Array, Array]]:
    base = node.base
    matrix = outer @ _local(base)
    name = base.type_name
    if name == "Shape":
        yield from _shape(base, matrix)
    elif name.removesuffix("Simple") in vehicles():
        yield from _stock_car(base, matrix)
    elif name == "Floor":
        width, height = base.get("size")
        yield _place(_plane(width, height), matrix), _floor_color(base.get("appearance"))
    elif name in ("TrafficCone", "Pedestrian", "Wall", "SolidBox"):
        for primitive in bounding_primitives(node):
            mesh = _box(*primitive.size) if primitive.kind == "box" else _cylinder(*primitive.size[:2])
            yield _place(mesh, matrix @ _matrix(primitive.frame)), np.array([0.6, 0.6, 0.6])
    elif base.find("children") is not None:
        for child in base.get("children"):
            yield from _visible(child, matrix)


def _local(base: Node) -> Array:
    matrix = np.eye(4)
    translation, rotation, scale = base.find("translation"), base.find("rotation"), base.find("scale")
    if rotation is not None:
        matrix[:3, :3] = rotation_matrix(rotation.value)
    if scale is not None:
        matrix[:3, :3] = matrix[:3, :3] @ np.diag(scale.value)
    if translation is not None:
        matrix[:3, 3] = translation.value
    return matrix


def _matrix(frame: Frame) -> Array:
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = frame.rotation, frame.origin
    return matrix


def _place(triangles: Array, matrix: Array) -> Array:
    placed: Array = triangles @ matrix[:3, :3].T + matrix[:3, 3]
    return placed


def _shape(shape: Node, matrix: Array) -> Iterator[tuple[Array, Array]]:
    geometry, appearance = shape.get("geometry"), shape.get("appearance")
    if geometry is None:
        return
    look = appearance.base if appearance is not None else None
    if look is not None and look.find("transparency") is not None and look.get("transparency") > _HIDDEN:
        return
    kind = geometry.base.type_name
    if kind == "Box":
        mesh = _box(*geometry.get("size"))
    elif kind == "Cylinder":
        mesh = _cylinder(geometry.get("radius"), geometry.get("height"))
    elif kind == "Plane":
        mesh = _plane(*geometry.get("size"))
    elif kind == "IndexedFaceSet":
        mesh = _faces(geometry.base)
    else:
        return
    yield _place(mesh, matrix), _color(look)


def _color(look: Node | None) -> Array:
    if look is None:
        return np.array([0.8, 0.8, 0.8])
    for field in ("baseColor", "diffuseColor"):
        if look.find(field) is not None:
            glow = look.find("emissiveColor")
            color: Array = np.minimum(1.0, np.array(look.get(field)) + 0.5 * np.array(glow.value if glow else 0.0))
            return color
    return np.array([0.8, 0.8, 0.8])


def _floor_color(appearance: Node | None) -> Array:
    if appearance is None:
        return np.array([0.5, 0.5, 0.5])
    look = appearance.base
    return _ASPHALT * look.get("colorOverride") / 0.7 if look.type_name == "Asphalt" else _color(look)


@cache
def _car_body() -> Node:
    """Our CarBody, read from its PROTO through a world of its own."""
    proto = PROJECT / "protos" / "CarBody.proto"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "alone.wbt"
        lines = (f"#VRML_SIM {RELEASE} utf8", f'EXTERNPROTO "{proto}"', "WorldInfo { }", "CarBody { }")
        file.write_text("\n".join(lines), encoding="utf-8")
        return parse_world(file).nodes[1]


def _stock_car(car: Node, matrix: Array) -> Iterator[tuple[Array, Array]]:
    facts = vehicles()[car.type_name.removesuffix("Simple")]
    box = facts["body_box"]
    length, width = facts["overall_length_estimate"], facts["overall_width_over_tires"]
    middle = 0.5 * (facts["wheelbase"] + facts["front_overhang_estimate"] - facts["rear_overhang_estimate"])
    ground = facts["tireRadiusRear"] - facts["suspension_sag_estimate_m"]
    fit = np.diag([length / 4.6, width / 1.85, (box["z"][1] + ground) / 1.5, 1.0])
    fit[:3, 3] = (middle, 0.0, -ground)
    paint = np.array(car.get("color"))
    for i, (triangles, color) in enumerate(_visible(_car_body(), np.eye(4))):
        # the body and the roof come in the paint's colour, first and third
        yield _place(triangles, matrix @ fit), paint if i in (0, 2) else color


# --- meshes -------------------------------------------------------------------------------------------


def _quads(points: list[tuple[float, float, float]], faces: list[tuple[int, ...]]) -> Array:
    corners = np.array(points)
    return np.array([corners[[face[0], face[i], face[i + 1]]] for face in faces for i in range(1, len(face) - 1)])


def _box(x: float, y: float, z: float) -> Array:
    points = [(sx * x / 2, sy * y / 2, sz * z / 2) for sz in (-1, 1) for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    sides: list[tuple[int, ...]] = [(i, (i + 1) % 4, 4 + (i + 1) % 4, 4 + i) for i in range(4)]
    return _quads(points, [(3, 2, 1, 0), (4, 5, 6, 7), *sides])


def _plane(x: float, y: float) -> Array:
    points = [(-x / 2, -y / 2, 0.0), (x / 2, -y / 2, 0.0), (x / 2, y / 2, 0.0), (-x / 2, y / 2, 0.0)]
    return _quads(points, [(0, 1, 2, 3)])


def _cylinder(radius: float, height: float) -> Array:
    turns = [2.0 * math.pi * i / _ROUND for i in range(_ROUND)]
    points = [(radius * math.cos(a), radius * math.sin(a), z * height / 2) for z in (-1, 1) for a in turns]
    sides = [(i, (i + 1) % _ROUND, _ROUND + (i + 1) % _ROUND, _ROUND + i) for i in range(_ROUND)]
    return _quads(points, [*sides, tuple(range(_ROUND, 2 * _ROUND)), tuple(range(_ROUND - 1, -1, -1))])


def _faces(geometry: Node) -> Array:
    coordinates = geometry.get("coord")
    points = [tuple(point) for point in coordinates.base.get("point")] if coordinates is not None else []
    faces: list[tuple[int, ...]] = []
    face: list[int] = []
    for index in [*geometry.get("coordIndex"), -1]:
        if index >= 0:
            face.append(index)
        elif face:
            faces.append(tuple(face))
            face = []
    return _quads(points, faces)
