"""What is asked of the planner and what it answers."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coach_core.geometry.poses import Poses


class PlanStatus(StrEnum):
    """How planning ended. Only FOUND comes with a path."""

    FOUND = "found"
    NO_PATH = "no_path"
    """the whole search area was tried"""
    BUDGET_EXHAUSTED = "budget_exhausted"
    """there may be a way, but not within `max_expansions`"""
    START_IN_COLLISION = "start_in_collision"
    GOAL_IN_COLLISION = "goal_in_collision"
    INVALID_INPUT = "invalid_input"
    """a pose or dimension is not finite or not possible"""


class PlanSegment(NamedTuple):
    """One instruction: with the front wheels at `steer` rad (left positive), drive `length` m (> 0) in `gear` (+1, -1).

    The wheels are turned at standstill, between segments.
    """

    gear: int
    steer: float
    length: float


class PlanOptions(NamedTuple):
    """How to plan; distances in m."""

    margin: float = 0.10
    """clearance kept along the whole path, if possible"""
    min_margin: float = 0.03
    """clearance kept at the least; a start or goal that is nearer is taken as it is"""
    clearance: float = 0.30
    """clearance worth a detour"""
    max_expansions: int = 60_000
    """nodes expanded over all attempts; so many take two or three seconds, and only lots without a way need them"""
    second_look: int = 1500
    """nodes that `improve` may expand; so many take 0.15 s at most"""
    refine: int = 10
    """nodes expanded to better a tidy plan, by `plan` at most 10; 60 costs some milliseconds and gains a little"""
    prefer_novice: bool = True
    """few, long, clear segments; else short paths"""
    partials: tuple[float, float] = (0.5, 0.25)
    """wheel angles besides straight and full lock, as shares of it; the larger first"""
    sample_step: float = 0.05
    """largest distance between the poses of the result"""


class PlanResult(NamedTuple):
    """A manoeuvre from start to goal, or the reason why there is none (then the path is empty)."""

    status: PlanStatus
    segments: tuple[PlanSegment, ...]
    poses: Poses
    """(N, 3) along the path, start and end included"""
    gears: NDArray[np.int8]
    """(N,) gear in which each pose is reached; the first has that of the first segment"""
    cusps: int
    """changes of gear on the way"""
    length: float
    """[m]"""
    min_clearance: float
    """least distance [m] of the body to an obstacle over `poses`; inf if there are none"""
    expansions: int
    goal_index: int
    """which goal is reached: 0 the goal, 1 the first of the alternatives, ...; -1 none"""


def no_plan(status: PlanStatus, expansions: int = 0) -> PlanResult:
    """The answer without a path."""
    return PlanResult(status, (), np.empty((0, 3)), np.empty(0, np.int8), 0, 0.0, 0.0, expansions, -1)
