"""Rays of distance sensors against the obstacles, all rays of a robot in one go."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from worlds.headless.physics.shapes import Obstacle
from worlds.headless.vrml.scene import Frame, Matrix

SONAR_MAX_INCIDENCE = math.radians(22.5)
"""A sonar ray that meets a surface at this angle from its normal, or more, does not come back."""

_KINDS = ("box", "cylinder", "plane")
"""By their numbers in the kernel."""

# Directions on the cone for small ray counts: (turn about the axis from "up" in twelfths of a circle or
# fractions of one, share of the half aperture).
_THIRDS = [(i / 3.0, 1.0) for i in range(3)]
_SIXTHS = [(i / 6.0, 1.0) for i in range(6)]


def _layout(rays: int) -> list[tuple[float, float]]:
    if rays == 1:
        return [(0.0, 0.0)]
    if rays == 2:
        return [(0.25, 1.0), (-0.25, 1.0)]
    if rays == 3:
        return _THIRDS
    if rays <= 8:
        return [(0.0, 0.0), *((i / (rays - 1.0), 1.0) for i in range(rays - 1))]
    if rays == 9:
        return [*((turn, 0.3) for turn, _ in _THIRDS), *_SIXTHS]
    if rays == 10:
        return [(0.0, 0.0), *((turn, 0.5) for turn, _ in _THIRDS), *_SIXTHS]
    rings: list[tuple[int, int]] = []
    left, ring = rays, 0
    while left > 0:
        rings.append((ring, min(left, 3 * ring + 1)))
        left -= 3 * ring + 1
        ring += 1
    # the turn runs on from ring to ring with the number of rays laid so far, as in the simulator
    layout: list[tuple[float, float]] = []
    for ring, count in rings:
        layout += [((len(layout) + i) / count, ring / (len(rings) - 1.0)) for i in range(count)]
    return layout


def ray_directions(rays: int, aperture: float) -> Matrix:
    """Unit directions (N, 3) in the sensor's frame, +x ahead; `aperture` is the full angle of the cone [rad]."""
    if aperture == 0.0:
        rays = 1
    directions = []
    for turn, share in _layout(rays):
        angle, tilt = 2.0 * math.pi * turn, 0.5 * aperture * share
        directions.append((math.cos(tilt), -math.sin(tilt) * math.sin(angle), math.sin(tilt) * math.cos(angle)))
    return np.array(directions)


class RayCaster:
    """Obstacles packed into arrays. Build a new one when any of them has moved."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        # where two are hit at once, the first of this order counts
        ordered = [o for kind in _KINDS for o in obstacles if o.primitive.kind == kind]
        count = len(ordered)
        self._kinds = np.array([_KINDS.index(o.primitive.kind) for o in ordered], dtype=np.int64)
        self._turns = np.array([o.pose.rotation.T for o in ordered]).reshape(count, 3, 3)
        self._centres = np.array([o.pose.origin for o in ordered]).reshape(count, 3)
        self._sizes = np.array([_reaches(o) for o in ordered]).reshape(count, 3)
        self._far = np.array([_far(o) for o in ordered]).reshape(count)

    def cast(self, robot: Frame, origins: Matrix, directions: Matrix) -> tuple[Matrix, Matrix]:
        """Nearest hit of each ray: distance [m] (inf if none) and cosine of the angle to the surface normal.

        origins, directions: (3, N) in the robot's frame, C-contiguous; the directions unit vectors.
        """
        from worlds.headless.physics.ray_kernel import cast_rays  # numba only where rays are cast

        rays = origins.shape[1]
        distance, cosine = np.empty(rays), np.empty(rays)
        cast_rays(
            np.ascontiguousarray(robot.rotation),
            robot.origin,
            origins,
            directions,
            self._kinds,
            self._turns,
            self._centres,
            self._sizes,
            self._far,
            distance,
            cosine,
        )
        return distance, cosine


def _reaches(obstacle: Obstacle) -> tuple[float, float, float]:
    """Half the edges of a box; radius and half the height of a cylinder."""
    x, y, z = obstacle.primitive.size
    return (x, 0.5 * y, 0.0) if obstacle.primitive.kind == "cylinder" else (0.5 * x, 0.5 * y, 0.5 * z)


def _far(obstacle: Obstacle) -> float:
    """Radius [m] of a sphere round the whole obstacle."""
    return math.inf if obstacle.primitive.kind == "plane" else math.hypot(*_reaches(obstacle))
