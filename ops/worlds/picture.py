"""Pictures of a world without Webots: from straight above, or from its Viewpoint. Sun, shadows, nothing fancy."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ops.worlds.mesh import Array, Mesh, world_mesh
from worlds.headless.vrml.parser import World
from worlds.headless.vrml.scene import rotation_matrix

View = Literal["top", "viewpoint"]
_SUN = np.array([0.45, 0.5, -1.0])
_SHADOW_CELLS = 1400
_SMOOTH = 2
"""Pixels are drawn this many times finer each way and averaged."""
_SKY = np.array([0.72, 0.80, 0.88])
_NEAR = 0.2


class Camera(NamedTuple):
    """Maps world points to a picture: pixels = centre + scale * (right, down), divided by depth if in perspective."""

    rotation: Array
    """Rows: right, down, forward, world frame."""
    origin: Array
    scale: float
    perspective: bool
    width: int
    height: int

    def project(self, points: Array) -> Array:
        """(..., 3) world points -> pixel x, pixel y, depth [m]."""
        local = (points - self.origin) @ self.rotation.T
        depth = local[..., 2]
        by = np.maximum(depth, 1e-6) if self.perspective else 1.0
        x = 0.5 * self.width + self.scale * local[..., 0] / by
        y = 0.5 * self.height + self.scale * local[..., 1] / by
        return np.stack([x, y, depth], axis=-1)

    def back(self, depth: Array) -> Array:
        """World points (H, W, 3) seen at these depths."""
        ys, xs = np.mgrid[0 : self.height, 0 : self.width] + 0.5
        by = depth if self.perspective else np.ones_like(depth)
        local = np.stack(
            [(xs - 0.5 * self.width) / self.scale * by, (ys - 0.5 * self.height) / self.scale * by, depth], axis=-1
        )
        points: Array = local @ self.rotation + self.origin
        return points


def draw(world: World, view: View, width: int = 1600, height: int = 900) -> Image.Image:
    """The world as a picture of this size [pixels]."""
    mesh = world_mesh(world)
    size = (width * _SMOOTH, height * _SMOOTH)
    camera = _from_viewpoint(world, *size) if view == "viewpoint" else _from_above(_of_interest(mesh), *size)
    depth, triangle = _rasterise(mesh.triangles, camera)
    seen = triangle >= 0
    points = camera.back(np.where(seen, depth, 1.0))
    normals = _normals(mesh.triangles)
    facing = np.abs(normals @ (-_SUN / np.linalg.norm(_SUN)))
    upward = np.abs(normals[:, 2])
    lit = _lit(mesh, points, seen)
    index = np.where(seen, triangle, 0)
    light = 0.42 + 0.16 * upward[index] + 0.62 * facing[index] * lit
    color = (mesh.colors[index] ** 2.2) * (light * _grain(points))[..., None]
    picture = np.where(seen[..., None], np.clip(color, 0.0, 1.0) ** (1.0 / 2.2), _SKY)
    small = picture.reshape(height, _SMOOTH, width, _SMOOTH, 3).mean(axis=(1, 3))
    return Image.fromarray((255.0 * small + 0.5).astype(np.uint8))


def save(world: World, path: Path, view: View, width: int = 1600, height: int = 900) -> None:
    """Write the picture as PNG."""
    draw(world, view, width, height).save(path)


def _of_interest(mesh: Mesh) -> Array:
    """Low and high corner of what stands on the ground: the floor itself is larger than anyone wants to see."""
    points = mesh.triangles.reshape(-1, 3)
    raised = points[points[:, 2] > 0.05] if np.any(points[:, 2] > 0.05) else points
    return np.stack([raised.min(axis=0), raised.max(axis=0)])


def _from_above(box: Array, width: int, height: int) -> Camera:
    low, high = box
    scale = min(width / (high[0] - low[0] + 2.0), height / (high[1] - low[1] + 2.0))
    rotation = np.array([[1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, -1.0]])
    origin = np.array([0.5 * (low[0] + high[0]), 0.5 * (low[1] + high[1]), high[2] + 10.0])
    return Camera(rotation, origin, scale, False, width, height)


def _from_viewpoint(world: World, width: int, height: int) -> Camera:
    node = next(node for node in world.nodes if node.type_name == "Viewpoint")
    frame = rotation_matrix(node.get("orientation"))
    rotation = np.stack([-frame[:, 1], -frame[:, 2], frame[:, 0]])
    # Webots' field of view belongs to the larger side of the picture
    scale = 0.5 * max(width, height) / math.tan(0.5 * node.get("fieldOfView"))
    return Camera(rotation, np.array(node.get("position"), dtype=float), scale, True, width, height)


def _normals(triangles: Array) -> Array:
    cross = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    unit: Array = cross / np.maximum(np.linalg.norm(cross, axis=1, keepdims=True), 1e-12)
    return unit


def _rasterise(triangles: Array, camera: Camera) -> tuple[Array, NDArray[np.int64]]:
    """Depth [m] of the nearest triangle at each pixel and its number, -1 where there is none."""
    depth = np.full((camera.height, camera.width), np.inf)
    number = np.full((camera.height, camera.width), -1, dtype=np.int64)
    for i, corners in enumerate(triangles):
        for piece in _clipped(corners, camera) if camera.perspective else (corners,):
            _fill(camera.project(piece), i, camera.perspective, depth, number)
    return depth, number


def _clipped(corners: Array, camera: Camera) -> list[Array]:
    """The part of a triangle before the camera, as triangles."""
    ahead = (corners - camera.origin) @ camera.rotation[2] - _NEAR
    if (ahead >= 0.0).all():
        return [corners]
    if (ahead < 0.0).all():
        return []
    kept = []
    for i in range(3):
        j = (i + 1) % 3
        if ahead[i] >= 0.0:
            kept.append(corners[i])
        if (ahead[i] >= 0.0) != (ahead[j] >= 0.0):
            share = ahead[i] / (ahead[i] - ahead[j])
            kept.append(corners[i] + share * (corners[j] - corners[i]))
    return [np.stack([kept[0], kept[k], kept[k + 1]]) for k in range(1, len(kept) - 1)]


def _fill(corners: Array, i: int, perspective: bool, depth: Array, number: NDArray[np.int64]) -> None:
    height, width = depth.shape
    x0, y0 = np.maximum(np.floor(corners[:, :2].min(axis=0)).astype(int), 0)
    x1, y1 = np.minimum(np.ceil(corners[:, :2].max(axis=0)).astype(int), (width - 1, height - 1))
    if x0 > x1 or y0 > y1:
        return
    (ax, ay, az), (bx, by, bz), (cx, cy, cz) = corners
    area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    if abs(area) < 1e-9:
        return
    xs, ys = np.arange(x0, x1 + 1) + 0.5, (np.arange(y0, y1 + 1) + 0.5)[:, None]
    u = ((bx - xs) * (cy - ys) - (by - ys) * (cx - xs)) / area
    v = ((cx - xs) * (ay - ys) - (cy - ys) * (ax - xs)) / area
    w = 1.0 - u - v
    inside = (u >= 0.0) & (v >= 0.0) & (w >= 0.0)
    z = 1.0 / (u / az + v / bz + w / cz) if perspective else u * az + v * bz + w * cz
    window = (slice(y0, y1 + 1), slice(x0, x1 + 1))
    nearer = inside & (z < depth[window])
    depth[window][nearer] = z[nearer]
    number[window][nearer] = i


def _lit(mesh: Mesh, points: Array, seen: NDArray[np.bool_]) -> Array:
    """Share of sunlight (H, W) at points of the world: a depth map from the sun, averaged over a few cells."""
    sun = _SUN / np.linalg.norm(_SUN)
    right = np.cross(sun, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    rotation = np.stack([right, np.cross(sun, right), sun])
    low, high = _of_interest(mesh)
    span = float(np.linalg.norm(high - low)) + 4.0
    camera = Camera(
        rotation, 0.5 * (low + high) - 100.0 * sun, _SHADOW_CELLS / span, False, _SHADOW_CELLS, _SHADOW_CELLS
    )
    depth, _ = _rasterise(mesh.triangles, camera)
    spots = camera.project(points)
    outside = np.any((spots[..., :2] < 0.0) | (spots[..., :2] >= _SHADOW_CELLS), axis=-1)
    lit = np.zeros(seen.shape)
    shifts = ((-0.7, -0.7), (0.7, -0.7), (-0.7, 0.7), (0.7, 0.7), (0.0, 0.0))
    for dx, dy in shifts:
        x = np.clip(spots[..., 0] + dx, 0, _SHADOW_CELLS - 1).astype(int)
        y = np.clip(spots[..., 1] + dy, 0, _SHADOW_CELLS - 1).astype(int)
        lit += (spots[..., 2] <= depth[y, x] + 0.08) | outside
    return lit / len(shifts)


def _grain(points: Array) -> Array:
    """A little unevenness of the ground, fixed to the place."""
    cells = np.floor(points[..., :2] / 0.06).astype(np.int64)
    mixed = (cells[..., 0] * 73856093 ^ cells[..., 1] * 19349663) & 0xFFFF
    return np.where(points[..., 2] < 0.003, 0.94 + 0.12 * mixed / 65535.0, 1.0)
