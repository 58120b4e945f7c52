"""The slow, obvious twin of the stand-in's ray caster: every ray against every obstacle, in numpy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from worlds.headless.physics.shapes import Obstacle
from worlds.headless.vrml.scene import Frame, Matrix

_PARALLEL = 1e-12


class PlainCaster:
    """As RayCaster."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        boxes = [o for o in obstacles if o.primitive.kind == "box"]
        round_ones = [o for o in obstacles if o.primitive.kind == "cylinder"]
        self._planes = [o for o in obstacles if o.primitive.kind == "plane"]
        self._box = _Packed(boxes)
        self._half = 0.5 * np.array([o.primitive.size for o in boxes]).reshape(-1, 3, 1)
        self._cylinder = _Packed(round_ones)
        self._radius = np.array([o.primitive.size[0] for o in round_ones]).reshape(-1, 1)
        self._height = np.array([o.primitive.size[1] for o in round_ones]).reshape(-1, 1)

    def cast(self, robot: Frame, origins: Matrix, directions: Matrix) -> tuple[Matrix, Matrix]:
        """Nearest hit of each ray: distance [m] (inf if none) and cosine of the angle to the surface normal.

        origins, directions: (3, N) in the robot's frame.
        """
        rays = origins.shape[1]
        best = np.full(rays, np.inf)
        cosine = np.zeros(rays)
        for distance, facing in self._hits(robot, origins, directions):
            closer = distance < best
            best = np.where(closer, distance, best)
            cosine = np.where(closer, facing, cosine)
        return best, cosine

    def _hits(self, robot: Frame, origins: Matrix, directions: Matrix) -> list[tuple[Matrix, Matrix]]:
        found = []
        if self._box.count:
            found.append(self._boxes(*self._box.localise(robot, origins, directions)))
        if self._cylinder.count:
            found.append(self._cylinders(*self._cylinder.localise(robot, origins, directions)))
        for plane in self._planes:
            found.append(_plane(plane, robot, origins, directions))
        return found

    def _boxes(self, o: Matrix, d: Matrix) -> tuple[Matrix, Matrix]:
        # a ray along a face never crosses it: a direction of nearly nothing keeps its slab's bounds finite
        inverse = 1.0 / np.where(np.abs(d) < _PARALLEL, _PARALLEL, d)
        centre, reach = -o * inverse, np.abs(self._half * inverse)
        near, far = centre - reach, centre + reach
        enter, leave = near.max(axis=1), far.min(axis=1)
        distance = np.where((enter <= leave) & (enter > 0.0), enter, np.inf)
        box = distance.argmin(axis=0)
        ray = np.arange(distance.shape[1])
        axis = near[box, :, ray].argmax(axis=1)
        return distance[box, ray], np.abs(d[box, axis, ray])

    def _cylinders(self, o: Matrix, d: Matrix) -> tuple[Matrix, Matrix]:
        ox, oy, oz = o[:, 0], o[:, 1], o[:, 2]
        dx, dy, dz = (np.where(np.abs(d[:, i]) < _PARALLEL, _PARALLEL, d[:, i]) for i in range(3))
        with np.errstate(divide="ignore", invalid="ignore"):
            a = dx * dx + dy * dy
            b = ox * dx + oy * dy
            c = ox * ox + oy * oy - self._radius * self._radius
            root = np.sqrt(b * b - a * c)
            side_in, side_out = (-b - root) / a, (-b + root) / a
            cap_mid, cap_reach = -oz / dz, np.abs(0.5 * self._height / dz)
            cap_in, cap_out = cap_mid - cap_reach, cap_mid + cap_reach
        enter, leave = np.fmax(side_in, cap_in), np.fmin(side_out, cap_out)
        hit = (root >= 0.0) & (enter <= leave) & (enter > 0.0)
        distance = np.where(hit, enter, np.inf)
        which = distance.argmin(axis=0)
        ray = np.arange(distance.shape[1])
        t = distance[which, ray]
        with np.errstate(invalid="ignore"):
            through_side = side_in[which, ray] >= cap_in[which, ray]
            radial = -((ox + t * dx) * dx + (oy + t * dy) * dy)[which, ray] / self._radius[which, 0]
        return t, np.where(through_side, radial, np.abs(dz[which, ray]))


class _Packed:
    """Frames of equal primitives as arrays, to bring rays into each one's own frame."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        self.count = len(obstacles)
        if self.count:
            self._turn = np.stack([o.pose.rotation.T for o in obstacles])
            self._origin = np.stack([o.pose.origin for o in obstacles])

    def localise(self, robot: Frame, origins: Matrix, directions: Matrix) -> tuple[Matrix, Matrix]:
        turn = self._turn @ robot.rotation
        shift = np.einsum("bij,bj->bi", self._turn, robot.origin - self._origin)
        return turn @ origins + shift[:, :, None], turn @ directions


def _plane(plane: Obstacle, robot: Frame, origins: Matrix, directions: Matrix) -> tuple[Matrix, Matrix]:
    normal = plane.pose.rotation[:, 2]
    height = normal @ (robot.rotation @ origins + (robot.origin - plane.pose.origin)[:, None])
    sinking = -(normal @ (robot.rotation @ directions))
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.where((sinking > 0.0) & (height > 0.0), height / sinking, np.inf)
    return distance, sinking
