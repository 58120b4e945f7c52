"""`parkit check` and the fixture with the stand-in itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coach_core.errors import UsageError
from ops.check.elsewhere import SimulatorElsewhere
from ops.run import RunError, SessionOptions

if TYPE_CHECKING:  # pytest has to be the first to import a plugin
    from ops.pytest_plugin import DriveWorld

pytest_plugins = ("ops.pytest_plugin",)
pytestmark = pytest.mark.integration

PROJECT = Path(__file__).resolve().parents[3]


def test_equal_checks_give_equal_digests_and_a_page_with_replays(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    command = [sys.executable, "-m", "ops.cli.main", "check", "worlds/perpendicular.wbt", "--seeds", "2", "--json"]
    digests = []
    for _ in range(2):
        done = subprocess.run(
            [*command, "--report", str(page)], cwd=PROJECT, capture_output=True, text=True, timeout=560, check=False
        )
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        assert (done.returncode, lines[-1]["verdict"]) == (0, "passed"), done.stderr
        digests.append([line["digest"] for line in lines[:-1]])
    assert digests[0] == digests[1]
    assert '"places": [[' in page.read_text(encoding="utf-8")


def test_a_simulator_elsewhere_says_what_one_here_would() -> None:
    world = PROJECT / "worlds" / "perpendicular.wbt"
    with SimulatorElsewhere("standin") as simulator:
        with pytest.raises(UsageError, match=r"nowhere\.wbt does not exist"):
            simulator.run(SessionOptions(world=world.with_name("nowhere.wbt")), stop=lambda: False)
        with pytest.raises(KeyboardInterrupt):
            simulator.run(SessionOptions(world=world, driver="expert"), stop=lambda: True)


def test_a_simulator_elsewhere_that_is_killed_is_a_failed_run() -> None:
    with SimulatorElsewhere("standin") as simulator:
        simulator._process.kill()
        with pytest.raises(RunError, match="ended with status"):
            simulator.run(SessionOptions(world=PROJECT / "worlds" / "perpendicular.wbt"), stop=lambda: False)


def test_the_fixture_drives_a_world(parkit_world: DriveWorld) -> None:
    result = parkit_world(PROJECT / "worlds" / "perpendicular.wbt", driver="expert", seed=1)
    assert result["result"] == "parked"
