"""What `parkit bench planner` says to wrong requests, before it measures anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ops.cli import bench

WANTED = "TPCAP cases"


def test_folder_without_the_cases_is_refused_by_name(tmp_path: Path) -> None:
    answer = CliRunner().invoke(bench.app, ["planner", "--tpcap", str(tmp_path)], env={"COLUMNS": "200"})
    assert answer.exit_code == 2
    assert WANTED in answer.output
    assert "--tpcap" in answer.output


def test_continuous_integration_must_have_the_cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "TPCAP", tmp_path / "nowhere")
    monkeypatch.delenv("PARKIT_TPCAP", raising=False)
    answer = CliRunner().invoke(bench.app, ["planner"], env={"CI": "true", "COLUMNS": "200"})
    assert answer.exit_code == 2
    assert WANTED in answer.output
