"""The compiled loop of the ray caster. In a module of its own, so that whoever casts no ray does not load numba."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

BOX, CYLINDER, PLANE = 0, 1, 2
_PARALLEL = 1e-12
_SLACK = 1e-6
"""Added to the radius [m] of the sphere round an obstacle: what only grazes it is looked at as well."""


@njit(cache=True)
def cast_rays(  # type: ignore[no-untyped-def]
    rotation, place, origins, directions, kinds, turns, centres, sizes, far, distance, cosine
):
    """Fills `distance` [m] (inf: no hit) and `cosine` (of the angle to the normal), both (N,), of the nearest hits.

    rotation (3, 3), place (3,): the robot in the world. origins, directions (3, N): rays in the robot's frame, the
    directions unit vectors. Per obstacle: kinds (B,); turns (B, 3, 3), world to its own frame; centres (B, 3) [m],
    world; sizes (B, 3) [m]: half the edges of a box, or radius and half the height of a cylinder; far (B,) [m]: no
    point of it is farther from its centre.
    Boxes: the slab method; Kay and Kajiya, Ray Tracing Complex Scenes (1986).
    """
    rays = origins.shape[1]
    for i in range(rays):
        distance[i] = math.inf
        cosine[i] = 0.0
    m = np.empty((3, 3))
    shift = np.empty(3)
    middle = np.empty(3)
    o = np.empty(3)
    d = np.empty(3)
    for b in range(len(kinds)):
        turn = turns[b]
        for r in range(3):
            shift[r] = 0.0
            middle[r] = 0.0
            for k in range(3):
                shift[r] += turn[r, k] * (place[k] - centres[b, k])
                middle[r] += rotation[k, r] * (centres[b, k] - place[k])
            for c in range(3):
                m[r, c] = turn[r, 0] * rotation[0, c] + turn[r, 1] * rotation[1, c] + turn[r, 2] * rotation[2, c]
        radius = far[b] + _SLACK
        kind = kinds[b]
        for i in range(rays):
            ox, oy, oz = origins[0, i], origins[1, i], origins[2, i]
            dx, dy, dz = directions[0, i], directions[1, i], directions[2, i]
            if kind != PLANE:
                vx, vy, vz = middle[0] - ox, middle[1] - oy, middle[2] - oz
                along = vx * dx + vy * dy + vz * dz
                if along + radius < 0.0 or along - radius > distance[i]:
                    continue
                if vx * vx + vy * vy + vz * vz - along * along > radius * radius:
                    continue
            for r in range(3):
                o[r] = m[r, 0] * ox + m[r, 1] * oy + m[r, 2] * oz + shift[r]
                d[r] = m[r, 0] * dx + m[r, 1] * dy + m[r, 2] * dz
            if kind == PLANE:
                if d[2] < 0.0 and o[2] > 0.0 and o[2] / -d[2] < distance[i]:
                    distance[i] = o[2] / -d[2]
                    cosine[i] = -d[2]
                continue
            if kind == BOX:
                enter, leave, facing = -math.inf, math.inf, 0.0
                for r in range(3):
                    # a ray along a face never crosses it: a direction of nearly nothing keeps its slab's bounds finite
                    inverse = 1.0 / (_PARALLEL if abs(d[r]) < _PARALLEL else d[r])
                    mid, reach = -o[r] * inverse, abs(sizes[b, r] * inverse)
                    if mid - reach > enter:
                        enter, facing = mid - reach, abs(d[r])
                    leave = min(leave, mid + reach)
            else:
                for r in range(3):
                    if abs(d[r]) < _PARALLEL:
                        d[r] = _PARALLEL
                square = d[0] * d[0] + d[1] * d[1]
                towards = o[0] * d[0] + o[1] * d[1]
                inside = o[0] * o[0] + o[1] * o[1] - sizes[b, 0] * sizes[b, 0]
                root = towards * towards - square * inside
                if root < 0.0:
                    continue
                root = math.sqrt(root)
                mid, reach = -o[2] / d[2], abs(sizes[b, 1] / d[2])
                enter, leave = (-towards - root) / square, min((-towards + root) / square, mid + reach)
                if enter >= mid - reach:
                    facing = -((o[0] + enter * d[0]) * d[0] + (o[1] + enter * d[1]) * d[1]) / sizes[b, 0]
                else:
                    enter, facing = mid - reach, abs(d[2])
            if 0.0 < enter <= leave and enter < distance[i]:
                distance[i] = enter
                cosine[i] = facing
