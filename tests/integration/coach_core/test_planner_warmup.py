"""What warming up promises, seen from a fresh process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

PROGRAM = """
from numba.core import event

from coach_core.geometry.polygons import pack_obstacles
from coach_core.planner import PlanOptions, plan
from coach_core.planner.warmup import warm_up
from coach_core.vehicle import VehicleParams
from ops.bench.planner.scenes import random_scenes, standard_tasks

warm_up()
compiled = event.RecordingListener()
event.register("numba:compile", compiled)
for scene in standard_tasks() + random_scenes("perpendicular", 30, 1):
    plan(VehicleParams(*scene.car), scene.start, scene.goal, pack_obstacles(scene.obstacles))
print("compiled afterwards:", sorted({entry.data["dispatcher"].__name__ for _, entry in compiled.buffer}))
"""


def test_after_warming_up_no_plan_compiles_anything() -> None:
    root = Path(__file__).parents[3]
    run = subprocess.run([sys.executable, "-c", PROGRAM], cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "compiled afterwards: []"
