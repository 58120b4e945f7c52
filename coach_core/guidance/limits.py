"""When a plan, and the way a car stands, is good enough."""

from __future__ import annotations

import math
from typing import NamedTuple


class Tolerance(NamedTuple):
    """How well the car must stand: beside and along its own direction [m], yaw [rad]."""

    lateral: float
    depth: float
    yaw: float

    def holds(self, error: tuple[float, float, float]) -> bool:
        # uncompiled kernels give numpy's numbers, and these numpy's truth
        return bool(abs(error[0]) <= self.lateral and abs(error[1]) <= self.depth and abs(error[2]) <= self.yaw)


class MissionLimits(NamedTuple):
    """When a plan is good enough; lengths [m], angles [rad]."""

    good: Tolerance = Tolerance(0.10, 0.24, math.radians(2.0))
    """Parked well: nothing to correct."""
    good_along: Tolerance = Tolerance(0.14, 0.17, math.radians(2.2))
    """The same along a kerb, where putting the car further ahead is easy and putting it further aside is not ..."""
    enough_along: Tolerance = Tolerance(0.17, 0.17, math.radians(2.2))
    """... so that this does once it has been tried."""
    fair: Tolerance = Tolerance(0.14, 0.30, math.radians(2.8))
    """Parked: accepted once correcting has been tried `corrections` times."""
    fair_along: Tolerance = Tolerance(0.24, 0.30, math.radians(2.8))
    keep: Tolerance = Tolerance(0.08, 0.14, math.radians(1.6))
    """The last stroke is kept while driving it exactly would end this close to the goal ..."""
    keep_early: Tolerance = Tolerance(0.12, 0.30, math.radians(3.0))
    """... and with more strokes to come, while it would end this close: they leave room for correcting."""
    keep_along: Tolerance = Tolerance(0.14, 0.17, math.radians(2.0))
    keep_early_along: Tolerance = Tolerance(0.20, 0.25, math.radians(3.0))
    """The same along a kerb, where plans may end a little farther from it."""
    corrections: int = 2
    early: float = 0.6
    """Having stopped this much before the end of a stroke, the learner need not creep on if the rest fits."""
    clearance: float = 0.12
    """The rest of a plan is dropped when it would pass anything closer than this."""
    clearance_along: float = 0.04
    """Likewise between two cars along a kerb."""
    failures: int = 3
    """A slot is given up after pulling forward this often in a row."""
    stops: int = 5
    """... or after the warnings have stopped the car this often without its getting anywhere."""
    rescue: float = 2.5
    """Way to pull forward when no plan is found."""
