"""The snippet of docs/standin.md runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.integration.worlds.conftest import ROOT, Project, supervisor

pytestmark = pytest.mark.integration


def test_the_example_of_the_documentation_runs_a_world_to_its_verdict(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    quit_at_once = "from controller import Supervisor\ns = Supervisor()\ns.step(10)\ns.simulationQuit(0)\ns.step(10)"
    probe = project(supervisor("c"), c=quit_at_once)
    snippet = re.search(r"```python\n(.*?)```", (ROOT / "docs" / "standin.md").read_text(encoding="utf-8"), re.DOTALL)
    assert snippet is not None
    Path(probe.folder / "worlds" / "perpendicular.wbt").write_bytes(probe.world.read_bytes())
    monkeypatch.chdir(probe.folder)
    exec(compile(snippet.group(1), "standin.md", "exec"), {})
    assert capsys.readouterr().out == "quit 0 simulationQuit(0)\n"
