"""A world as it stood at one moment of a session, for the view behind the car's display."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ops.worlds.picture import draw
from worlds.headless.vrml.parser import World, parse_world
from worlds.headless.vrml.scene import Node, axis_angle

MOVED_KINDS = frozenset(("car", "cone", "person", "object"))
"""Bodies of a trace that the examiner puts where a scenario wants them; walls stay."""
PLACED_PROTOS = frozenset(("ParkedCar", "LotCone", "Walker", "Trolley", "MovingCar"))

Point = tuple[float, float, float]


class Scenery:
    """One world and the bodies of one session's trace. The file is read once, its nodes are moved about."""

    def __init__(self, world: Path, trace: list[dict[str, Any]], ego_def: str) -> None:
        self._world = parse_world(world)
        self._ego = self._world.defs[ego_def]
        self._ticks = [line for line in trace if "ego" in line]
        bodies = {body["name"]: body["outline"] for body in trace[0]["bodies"] if body["kind"] in MOVED_KINDS}
        movers = {name for line in self._ticks for name in line.get("movers", {})}
        self.nodes: list[Node] = []
        """What is there to be seen."""
        for node in self._world.nodes:
            name = node.def_name
            if node.type_name in PLACED_PROTOS and name not in bodies and name not in movers:
                continue  # not there in this scenario
            if name in bodies:
                _put(node, *_stands(bodies[name], _yaw(node)))
            self.nodes.append(node)

    def draw(self, now: float, eye: Point, target: Point, size: tuple[int, int]) -> Image.Image:
        """What one sees at `now` [s] from `eye` looking at `target` (world frame [m]), `size` in pixels."""
        tick = min(self._ticks, key=lambda line: abs(line["t"] - now))
        _put(self._ego, *tick["ego"][:3])
        for name, place in _places(tick.get("movers", {})).items():
            _put(self._world.defs[name], *place)
        viewpoint = next(node for node in self.nodes if node.type_name == "Viewpoint")
        _set(viewpoint, "position", list(eye))
        _set(viewpoint, "orientation", axis_angle(_looking(np.array(eye), np.array(target))))
        return draw(World(self._world.file, self.nodes, self._world.defs), "viewpoint", *size)


def _places(movers: Mapping[str, list[float]]) -> dict[str, tuple[float, float, float]]:
    return {name: (place[0], place[1], place[2]) for name, place in movers.items()}


def _set(node: Node, name: str, value: list[float]) -> None:
    field = node.find(name)
    assert field is not None, f"{node.type_name} has no field {name}"
    field.value = value


def _put(node: Node, x: float, y: float, yaw: float) -> None:
    _set(node, "translation", [x, y, node.get("translation")[2]])
    _set(node, "rotation", [0.0, 0.0, 1.0, yaw])


def _yaw(node: Node) -> float:
    x, y, z, angle = node.get("rotation")
    del x, y
    return math.copysign(angle, angle * z)


def _stands(outline: list[list[float]], before: float) -> tuple[float, float, float]:
    """x, y [m] and yaw [rad] of a body with this outline, its front where it was about before."""
    corners = np.array(outline)
    x, y = corners.mean(axis=0)
    sides = np.roll(corners, -1, axis=0) - corners
    along = sides[np.argmax(np.hypot(sides[:, 0], sides[:, 1]))]
    yaw = math.atan2(along[1], along[0])
    quarter = 0.5 * math.pi
    return float(x), float(y), yaw + quarter * round((before - yaw) / quarter)


def _looking(eye: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rotation of a Viewpoint: its x axis forward, z up."""
    forward = (target - eye) / np.linalg.norm(target - eye)
    left = np.cross([0.0, 0.0, 1.0], forward)
    left /= np.linalg.norm(left)
    return np.stack([forward, left, np.cross(forward, left)], axis=1)
