"""The first lot, driven through: what the car senses of it is what stands there."""

from __future__ import annotations

import math
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.integration.worlds.conftest import ROOT, Probe, Project

pytestmark = pytest.mark.integration

EXAMINER = """
from controller import Supervisor
s = Supervisor()
field = s.getFromDef("PARKED_A4").getField("translation")
field.setSFVec3f([80.0, 80.0, 0.0])
s.getFromDef("EGO").getField("rotation").setSFRotation([0.0, 0.0, 1.0, 0.0])
while s.step(50) != -1: pass
"""


def perpendicular(project: Project, driver: str) -> Probe:
    """The committed world with these two controllers in place of ours; bay A4 is empty."""
    probe = project("", parkit_coach=driver, parkit_examiner=EXAMINER)
    shutil.copy(ROOT / "worlds" / "perpendicular.wbt", probe.world)
    return probe


def test_driving_past_the_bays_shows_the_free_one_as_a_gap(project: Project) -> None:
    probe = perpendicular(
        project,
        """
        from vehicle import Driver
        d = Driver()
        eye = d.getDevice("us_right_front"); eye.enable(50)
        gps = d.getDevice("gps"); gps.enable(50)
        d.setCruisingSpeed(7.2)
        seen = []
        while d.step() != -1:
            if round(d.getTime() * 1000) % 50 == 0 and d.getTime() > 0.1:
                seen.append([gps.getValues()[0] + 3.0, eye.getValue()])
            if gps.getValues()[0] > 6.0:
                break
        report(seen)
        """,
    )
    probe.run(max_sim_s=30.0)
    seen = probe.report()
    # car at y = 2, sensor 0.82 m to its right, noses of the parked cars at y = -0.2
    beside = [reading for x, reading in seen if abs(x - 2.5) < 0.6 or abs(x + 2.5) < 0.6]
    gap = [reading for x, reading in seen if abs(x) < 0.6]
    assert len(beside) > 20
    assert beside == pytest.approx([1.38] * len(beside), abs=0.06)
    assert min(gap) > 2.5


def test_reversing_into_the_free_bay_by_dead_reckoning_ends_between_the_neighbours(project: Project) -> None:
    # full lock of 0.6 rad turns about a point wheelbase / tan 0.6 = 4.09 m aside; start so that a quarter circle ends
    # on the bay's middle line, then go straight back
    radius = 2.8 / math.tan(0.6)
    probe = perpendicular(
        project,
        f"""
        from vehicle import Car
        d = Car()
        def go(kmh, metres):
            start = d.getWheelEncoder(2), d.getWheelEncoder(3)
            d.setCruisingSpeed(kmh)
            while True:
                d.step()
                turned = [d.getWheelEncoder(i) - s for i, s in zip((2, 3), start)]
                if abs(sum(turned)) / 2 * d.getRearWheelRadius() >= metres: break
            d.setCruisingSpeed(0.0)
            for _ in range(100): d.step()
        d.step()
        imu = d.getDevice("imu"); imu.enable(10)
        gps = d.getDevice("gps"); gps.enable(10)
        go(4.0, 11.0 + {radius!r} - 0.25)
        d.setSteeringAngle(0.6)   # right lock, backwards: the tail swings right, into the bay
        go(-2.0, {radius!r} * math.pi / 2 - 0.06)
        d.setSteeringAngle(0.0)
        go(-2.0, 1.8)
        report([*gps.getValues(), imu.getRollPitchYaw()[2]])
        """,
    )
    outcome = probe.run(max_sim_s=120.0)
    assert outcome.controllers[0].exit_code == 0, outcome.controllers[0].stderr_tail
    x, y, _, yaw = probe.report()
    assert yaw == pytest.approx(math.pi / 2, abs=0.08)
    assert x == pytest.approx(0.0, abs=0.35)
    assert -4.2 < y < -3.0


def test_the_lot_runs_with_the_projects_own_protos_from_any_working_directory(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    probe = perpendicular(project, "from vehicle import Driver\nd = Driver()\nd.step()\nreport(d.getWorldPath())")
    monkeypatch.chdir(probe.world.parent)
    seen: list[Any] = []
    probe.world = Path("probe.wbt")
    probe.run(max_sim_s=0.1, on_step=seen.append)
    assert probe.report() == str(tmp_path / "worlds" / "probe.wbt")
