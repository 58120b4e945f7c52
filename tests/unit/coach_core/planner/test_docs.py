"""The snippet of docs/planner.md runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest


def test_snippet_of_the_planner_page_runs_and_prints_its_segments(capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(__file__).parents[4] / "docs" / "planner.md").read_text()
    (snippet,) = re.findall(r"```python\n(.*?)```", page, flags=re.S)
    exec(compile(snippet, "docs/planner.md", "exec"), {})
    assert capsys.readouterr().out.count("\n") >= 3
