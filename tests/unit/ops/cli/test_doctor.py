"""What the doctor says of Webots."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ops.cli.doctor import Finding, examine, webots_settings


def about_webots(monkeypatch: pytest.MonkeyPatch, home: Path | None) -> list[Finding]:
    if home is None:
        monkeypatch.delenv("WEBOTS_HOME", raising=False)
    else:
        monkeypatch.setenv("WEBOTS_HOME", str(home))
    return [finding for finding in examine() if finding.name.startswith("Webots")]


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    (tmp_path / "webots").touch()
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "version.txt").write_text("R2025a\n")
    return tmp_path


def test_right_version_is_told_with_the_python_it_has_to_use(monkeypatch: pytest.MonkeyPatch, installed: Path) -> None:
    found, settings = about_webots(monkeypatch, installed)
    assert (found.state, found.detail.split()[0]) == ("ok", "R2025a")
    assert sys.executable in settings.detail


def test_settings_for_webots_name_this_python_and_the_folder_it_was_found_in(
    monkeypatch: pytest.MonkeyPatch, installed: Path
) -> None:
    monkeypatch.setenv("WEBOTS_HOME", str(installed))
    preference, ini, shell = webots_settings().values()
    assert preference == sys.executable
    assert ini.splitlines() == ["[python]", f"COMMAND = {sys.executable}"]
    assert shell == f"export WEBOTS_HOME={installed}"


def test_other_version_is_named(monkeypatch: pytest.MonkeyPatch, installed: Path) -> None:
    (installed / "resources" / "version.txt").write_text("R2023b\n")
    found, _ = about_webots(monkeypatch, installed)
    assert (found.state, found.advice) == ("info", "built for R2025a")
    assert "R2023b" in found.detail


def test_wrong_folder_and_none_are_told_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (wrong,) = about_webots(monkeypatch, tmp_path / "nowhere")
    (none,) = about_webots(monkeypatch, None)
    assert "nowhere" in wrong.detail
    assert "stand-in" in none.detail
