"""Compiles, or loads from the cache, every kernel a tick or a plan uses, so that the first tick does not."""

from __future__ import annotations

import numpy as np

from coach_core.geometry.polygons import path_clearances
from coach_core.perception.echoes import EchoMap, expected_echo
from coach_core.planner.warmup import warm_up as warm_up_planner
from coach_core.risk import warm_up as warm_up_risk


def warm_up() -> None:
    """Call once at start-up; takes seconds the first time on a machine, a fraction of one later."""
    warm_up_risk()
    vertices, offsets = np.array([[1.0, -1.0], [2.0, -1.0], [2.0, 1.0]]), np.array([0, 3])
    expected_echo(0.0, 0.0, 0.0, 1.0, 4.0, vertices, offsets)
    echoes = EchoMap()
    echoes.add(0.0, 0.0, 0.0, 1.0, 4.0, 4.0)
    warm_up_planner()
    assert path_clearances is not None  # compiled by the planner's warm-up
