"""A throw-away copy of the project's worlds, to be spoilt."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """worlds/, protos/ and just enough of controllers/ in a folder of its own."""
    (tmp_path / "worlds").mkdir()
    for path in (ROOT / "worlds").glob("*.*"):
        if path.suffix in (".wbt", ".json"):
            shutil.copy(path, tmp_path / "worlds")
    shutil.copytree(ROOT / "protos", tmp_path / "protos")
    for name in ("parkit_coach", "parkit_examiner"):
        (tmp_path / "controllers" / name).mkdir(parents=True)
        (tmp_path / "controllers" / name / f"{name}.py").touch()
    return tmp_path
