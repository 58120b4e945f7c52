"""The scene tree: nodes, their fields, and where they are in the world."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from worlds.headless.vrml.tables import NodeSpec, nodes

Matrix = NDArray[np.float64]


class Field:
    """A typed value. A PROTO's interface field and the body fields that say `IS` it are one object."""

    __slots__ = ("name", "type", "value")

    def __init__(self, name: str, type_: str, value: Any) -> None:
        self.name = name
        self.type = type_
        self.value = value


class Node:
    """A node of the scene; for a PROTO instance, `body` is the node its PROTO expands to."""

    __slots__ = ("body", "def_name", "fields", "file", "id", "line", "parent", "spec")

    def __init__(self, spec: NodeSpec, id_: int, file: str, line: int) -> None:
        self.spec = spec
        self.id = id_
        self.file = file
        self.line = line
        self.def_name = ""
        self.parent: Node | None = None
        self.fields: dict[str, Field] = {}
        self.body: Node | None = None

    @property
    def type_name(self) -> str:
        return self.spec.name

    @property
    def base_type_name(self) -> str:
        return next(kind for kind in self.base.spec.kinds if kind in nodes())

    @property
    def base(self) -> Node:
        """The innermost body: the node that has the devices and the shape."""
        node = self
        while node.body is not None:
            node = node.body
        return node

    def is_a(self, kind: str) -> bool:
        return kind in self.base.spec.kinds

    def find(self, field: str) -> Field | None:
        """This field, of the PROTO's interface first, then of what it expands to."""
        node: Node | None = self
        while node is not None:
            if field in node.fields:
                return node.fields[field]
            node = node.body
        return None

    def get(self, field: str) -> Any:
        found = self.find(field)
        if found is None:
            raise KeyError(f"{self.type_name} has no field {field!r}")
        return found.value

    def children(self) -> Iterator[Node]:
        """Nodes directly below, in field order, each once; those of a PROTO instance are its body's."""
        seen: set[int] = set()
        for field in self.base.fields.values():
            values = field.value if field.type == "MFNode" else [field.value] if field.type == "SFNode" else []
            for child in values:
                if child is not None and child.id not in seen:
                    seen.add(child.id)
                    yield child

    def walk(self) -> Iterator[Node]:
        """This node and all below it, depth first."""
        yield self
        for child in self.children():
            yield from child.walk()

    def solid_children(self) -> Iterator[Node]:
        """Nodes below that may hold devices or solids: `children` and the sensor slots of cars."""
        for name, field in self.base.fields.items():
            if field.type == "MFNode" and (name == "children" or name.startswith("sensorsSlot")):
                yield from field.value


# --- frames -------------------------------------------------------------------------------------------


def rotation_matrix(axis_angle: list[float]) -> Matrix:
    """3x3 of an axis (need not be unit) and angle [rad]; Rodrigues' formula. A zero axis gives the identity."""
    x, y, z, angle = axis_angle
    length = math.sqrt(x * x + y * y + z * z)
    if length == 0.0:
        return np.eye(3)
    x, y, z = x / length, y / length, z / length
    c, s = math.cos(angle), math.sin(angle)
    v = 1.0 - c
    return np.array(
        [
            [c + x * x * v, x * y * v - z * s, x * z * v + y * s],
            [y * x * v + z * s, c + y * y * v, y * z * v - x * s],
            [z * x * v - y * s, z * y * v + x * s, c + z * z * v],
        ]
    )


def axis_angle(matrix: Matrix) -> list[float]:
    """Axis and angle [rad, 0..pi] of a rotation matrix; the axis of no rotation is z."""
    cosine = max(-1.0, min(1.0, 0.5 * (float(np.trace(matrix)) - 1.0)))
    angle = math.acos(cosine)
    if angle < 1e-12:
        return [0.0, 0.0, 1.0, 0.0]
    if math.pi - angle < 1e-6:
        # near a half turn the skew part vanishes: the axis is the column of (M + I) with the largest diagonal
        column = int(np.argmax(np.diag(matrix)))
        axis = matrix[:, column] + np.eye(3)[:, column]
        axis = axis / np.linalg.norm(axis)
        return [float(axis[0]), float(axis[1]), float(axis[2]), angle]
    k = 0.5 / math.sin(angle)
    return [
        k * float(matrix[2, 1] - matrix[1, 2]),
        k * float(matrix[0, 2] - matrix[2, 0]),
        k * float(matrix[1, 0] - matrix[0, 1]),
        angle,
    ]


def yaw_of(matrix: Matrix) -> float:
    """Heading [rad, counter-clockwise from +x] of a frame's x axis."""
    return math.atan2(float(matrix[1, 0]), float(matrix[0, 0]))


class Frame:
    """A rotation and a translation: `p_outer = rotation @ p_inner + origin`."""

    __slots__ = ("origin", "rotation")

    def __init__(self, rotation: Matrix, origin: Matrix) -> None:
        self.rotation = rotation
        self.origin = origin

    def __matmul__(self, inner: Frame) -> Frame:
        return Frame(self.rotation @ inner.rotation, self.rotation @ inner.origin + self.origin)

    def inverse(self) -> Frame:
        back = self.rotation.T
        return Frame(back, -back @ self.origin)


IDENTITY = Frame(np.eye(3), np.zeros(3))


def local_frame(node: Node) -> Frame:
    """Frame of a node in its parent, from its translation and rotation fields."""
    translation, rotation = node.find("translation"), node.find("rotation")
    return Frame(
        rotation_matrix(rotation.value) if rotation else np.eye(3),
        np.array(translation.value if translation else [0.0, 0.0, 0.0]),
    )
