"""Projects with a world and small controllers, written where a test can read them at a glance."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from worlds.headless import Runner, RunOptions, RunOutcome

ROOT = Path(__file__).resolve().parents[3]
HEADER = "#VRML_SIM R2025a utf8\n"
EXTERN = 'EXTERNPROTO "../protos/LearnerCar.proto"\nEXTERNPROTO "../protos/LotWall.proto"\n'
WORLD = "WorldInfo { basicTimeStep 10 }\n"

PRELUDE = """import json, math, os, sys
def report(value, name="report"):
    with open(os.path.join({folder!r}, name + ".json"), "w") as file:
        json.dump(value, file)
"""

Project = Callable[..., "Probe"]


class Probe:
    """A project in a folder of its own; its controllers have a function `report(value, name="report")`."""

    def __init__(self, folder: Path, runner: Runner) -> None:
        self.folder = folder
        self.world = folder / "worlds" / "probe.wbt"
        self._runner = runner

    def run(self, **options: Any) -> RunOutcome:
        chosen: dict[str, Any] = {"max_sim_s": 5.0, "quiet": True, **options}
        return self._runner.run(self.world, RunOptions(**chosen))

    def report(self, name: str = "report") -> Any:
        """What a controller reported last under this name."""
        return json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def runner() -> Iterator[Runner]:
    with Runner() as shared:
        yield shared


@pytest.fixture
def project(tmp_path: Path, runner: Runner) -> Project:
    """`project(nodes, name="controller source", ...)`: a world of these nodes with these controllers."""

    def make(nodes: str, **controllers: str) -> Probe:
        probe = Probe(tmp_path, runner)
        probe.world.parent.mkdir()
        shutil.copytree(ROOT / "protos", tmp_path / "protos")
        probe.world.write_text(HEADER + EXTERN + WORLD + nodes, encoding="utf-8")
        for name, source in controllers.items():
            script = tmp_path / "controllers" / name / f"{name}.py"
            script.parent.mkdir(parents=True)
            script.write_text(PRELUDE.format(folder=str(tmp_path)) + textwrap.dedent(source), encoding="utf-8")
        return probe

    return make


def car(controller: str, fields: str = "") -> str:
    return f'DEF EGO LearnerCar {{ controller "{controller}" {fields} }}\n'


def supervisor(controller: str, fields: str = "") -> str:
    return f'DEF BOSS Robot {{ name "boss" supervisor TRUE controller "{controller}" {fields} }}\n'
