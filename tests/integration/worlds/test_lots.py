"""Every world of the repository, with our examiner and a learner who only stands there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.integration.worlds.conftest import ROOT, Probe, Project

pytestmark = pytest.mark.integration

WORLDS = sorted(path.stem for path in (ROOT / "worlds").glob("*.wbt"))
STANDING = """
from vehicle import Driver
d = Driver()
names = ["us_" + side for side in (
    "front_left", "front_centre_left", "front_centre_right", "front_right", "right_front", "right_rear",
    "rear_right", "rear_centre_right", "rear_centre_left", "rear_left", "left_rear", "left_front")]
sonars = [d.getDevice(name) for name in names]
for sonar in sonars:
    sonar.enable(50)
nearest = math.inf
while d.step() != -1:
    seen = min(sonar.getValue() for sonar in sonars) if d.getTime() > 0.2 else math.inf
    if seen < nearest:
        nearest = seen
        report(nearest)
"""
EXAMINER = """
import runpy, sys
sys.path.insert(0, {root!r})
runpy.run_path({script!r}, run_name="__main__")
"""


def lot(project: Project, name: str) -> Probe:
    """The committed world with our examiner and a car that stands still."""
    script = ROOT / "controllers" / "parkit_examiner" / "parkit_examiner.py"
    probe = project("", parkit_coach=STANDING, parkit_examiner=EXAMINER.format(root=str(ROOT), script=str(script)))
    for path in (ROOT / "worlds").glob(f"{name}.*"):
        shutil.copy(path, probe.world.with_name(path.name.replace(name, "probe")))
    shutil.copy(ROOT / "worlds" / "learner_car.profile.json", probe.world.parent)
    return probe


@pytest.mark.parametrize("name", WORLDS)
def test_who_stands_at_the_start_is_not_touched_and_sees_nothing_close(
    name: str, project: Project, tmp_path: Path
) -> None:
    probe = lot(project, name)
    verdict = tmp_path / "examiner.json"
    environment = {"PARKIT_SEED": "1", "PARKIT_TIME_LIMIT_S": "8", "PARKIT_RESULT_DIR": str(tmp_path)}
    probe.run(max_sim_s=60.0, env=environment, stop=verdict.exists)
    facts = json.loads(verdict.read_text(encoding="utf-8"))
    assert (facts["result"], facts["contacts"]) == ("timeout", 0)
    assert probe.report() > 0.3
