"""Outlines on the ground packed as obstacles: lines that must not be driven on, kerbs made wider, cars left out."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coach_core.contracts.messages import GroundLine
from coach_core.geometry.polygons import ObstacleSet, pack_obstacles
from coach_core.geometry.poses import Polygon


def strike_lines(lines: Sequence[GroundLine]) -> ObstacleSet:
    """The bands of those lines that no wheel should touch: detection lines. Bay lines are crossed on the way in."""
    bands = []
    for line in lines:
        dx, dy = line.x2_m - line.x1_m, line.y2_m - line.y1_m
        length = math.hypot(dx, dy)
        if line.kind == "detection" and length > 0.0:
            ox, oy = -0.5 * line.width_m * dy / length, 0.5 * line.width_m * dx / length
            right = [[line.x1_m - ox, line.y1_m - oy], [line.x2_m - ox, line.y2_m - oy]]
            left = [[line.x2_m + ox, line.y2_m + oy], [line.x1_m + ox, line.y1_m + oy]]
            bands.append([*right, *left])
    return pack_obstacles([np.array(band) for band in bands])


def quads(outlines: ArrayLike) -> ObstacleSet:
    """Convex outlines of four corners each (4, 2), counter-clockwise, packed without looking at each again."""
    corners = np.array(outlines).reshape(-1, 4, 2)
    boxes = np.concatenate((corners.min(axis=1), corners.max(axis=1)), axis=1)
    return ObstacleSet(corners.reshape(-1, 2), 4 * np.arange(len(corners) + 1), boxes)


def widened(outline: Polygon, by: float) -> Polygon:
    """A convex outline (V, 2), anticlockwise, moved out over each of its edges by so much [m]; corners are cut off."""
    if by <= 0.0:
        return outline
    edges = np.roll(outline, -1, axis=0) - outline
    normals = by * np.stack((edges[:, 1], -edges[:, 0]), axis=1) / np.maximum(np.hypot(*edges.T), 1e-9)[:, None]
    return np.stack((outline + np.roll(normals, 1, axis=0), outline + normals), axis=1).reshape(-1, 2)


def joined(walls: ObstacleSet, cars: ObstacleSet, keep: NDArray[np.bool_]) -> ObstacleSet:
    """The walls and those of the cars (all of four corners) to keep: packed without looking at each polygon again."""
    corners = cars.vertices.reshape(-1, 4, 2)[keep]
    ends = walls.offsets[-1] + 4 * np.arange(1, len(corners) + 1)
    return ObstacleSet(
        np.concatenate((walls.vertices, corners.reshape(-1, 2))),
        np.concatenate((walls.offsets, ends)),
        np.concatenate((walls.boxes, cars.boxes[keep])),
    )
