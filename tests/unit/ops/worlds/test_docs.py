"""docs/worlds.md says what is so."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from controllers.parkit_examiner.scenario_file import Clutter, Mover, Row, ScenarioFile, Trigger
from ops.worlds.families import STANDARD_NAMES
from ops.worlds.layout import FAMILIES, PROJECT

TEXT = (PROJECT / "docs" / "worlds.md").read_text(encoding="utf-8")


def snippets(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def test_the_example_writes_the_world_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (example,) = snippets("python")
    exec(compile(example, "worlds.md", "exec"), {})
    assert (tmp_path / "worlds" / "wide_course.wbt").is_file()


def test_the_scenarios_shown_are_scenarios() -> None:
    whole, *entries = snippets("json")
    msgspec.json.decode(whole, type=ScenarioFile)
    for entry in entries:
        kind = Row if '"strip"' in entry else Mover if '"path"' in entry else Clutter
        for one in re.findall(r"^\{.*?\}$", entry, re.DOTALL | re.MULTILINE):
            msgspec.json.decode(one, type=kind)


@pytest.mark.parametrize("kind", [ScenarioFile, Row, Clutter, Mover, Trigger])
def test_every_field_of_a_scenario_is_described(kind: type[msgspec.Struct]) -> None:
    missing = [field.encode_name for field in msgspec.structs.fields(kind) if field.encode_name not in TEXT]
    assert missing == []


def test_every_world_family_and_proto_is_described() -> None:
    protos = [path.stem for path in (PROJECT / "protos").glob("*.proto")]
    assert [name for name in (*STANDARD_NAMES, *FAMILIES, *protos) if name not in TEXT] == []
