"""`parkit world new`, `check` and `show` as people meet them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from coach_core.errors import UsageError
from ops.cli.world import app
from ops.worlds.layout import PROJECT


def parkit_world(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=True)


def test_a_new_world_in_any_folder_makes_it_a_project_that_passes_the_check(tmp_path: Path) -> None:
    made = parkit_world("new", "--family", "angled", "--seed", 4, "--out", tmp_path / "mine")
    assert made.exit_code == 0, made.output
    world = tmp_path / "mine" / "worlds" / "angled_4.wbt"
    names = {"angled_4.wbt", "angled_4.lot.json", "angled_4.scenario.json", "learner_car.profile.json"}
    assert {path.name for path in world.parent.iterdir()} == names
    assert (tmp_path / "mine" / "controllers" / "parkit_coach" / "parkit_coach.py").is_file()
    checked = parkit_world("check", world)
    assert (checked.exit_code, checked.stdout) == (0, "")


def test_a_world_that_exists_is_not_overwritten(tmp_path: Path) -> None:
    assert parkit_world("new", "--family", "course", "--out", tmp_path, "--name", "mine").exit_code == 0
    again = parkit_world("new", "--family", "busy", "--out", tmp_path, "--name", "mine")
    assert isinstance(again.exception, UsageError)
    assert "--name" in str(again.exception)


def test_a_folder_with_other_controllers_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "controllers").mkdir()
    refused = parkit_world("new", "--family", "course", "--out", tmp_path)
    assert isinstance(refused.exception, UsageError)
    assert "choose a folder" in str(refused.exception)


def test_a_name_that_is_a_path_is_refused(tmp_path: Path) -> None:
    assert parkit_world("new", "--family", "course", "--out", tmp_path, "--name", "../x").exit_code == 2


@pytest.fixture
def spoilt(project: Path) -> Path:
    path = project / "worlds" / "perpendicular.wbt"
    path.write_text(path.read_text(encoding="utf-8").replace("lineScale 1", "lineScale one", 1), encoding="utf-8")
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT / "protos", tmp_path / "protos")
    shutil.copytree(PROJECT / "worlds", tmp_path / "worlds", ignore=shutil.ignore_patterns("headless", "*.py"))
    (tmp_path / "controllers").symlink_to(PROJECT / "controllers")
    return tmp_path


def test_an_error_is_a_line_an_editor_can_jump_to_and_status_2(spoilt: Path) -> None:
    checked = parkit_world("check", spoilt)
    line = spoilt.read_text(encoding="utf-8").splitlines().index("  lineScale one") + 1
    assert checked.exit_code == 2
    assert checked.stdout == f"{spoilt}:{line}: error: WorldInfo.lineScale needs a number, found 'one'.\n"


def test_the_findings_of_a_folder_come_as_one_json_object(spoilt: Path) -> None:
    checked = parkit_world("check", spoilt.parent, "--json")
    assert checked.exit_code == 2
    answer = json.loads(checked.stdout)
    assert (answer["files"], answer["errors"]) == (len(list(spoilt.parent.glob("*.wbt"))), 1)
    error = next(item for item in answer["findings"] if item["severity"] == "error")
    assert (error["file"], error["severity"]) == (str(spoilt), "error")


@pytest.mark.parametrize("name", ["notes.txt", "empty"])
def test_what_is_no_world_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    (tmp_path / "empty").mkdir()
    refused = parkit_world("check", tmp_path / name)
    assert isinstance(refused.exception, UsageError)
    assert name in str(refused.exception)


def test_a_picture_has_the_size_asked_for(tmp_path: Path) -> None:
    png = tmp_path / "course.png"
    world = PROJECT / "worlds" / "kr_course.wbt"
    assert parkit_world("show", world, "--png", png, "--width", 160, "--height", 90).exit_code == 0
    with Image.open(png) as picture:
        assert picture.size == (160, 90)


def test_a_world_that_cannot_be_read_is_not_drawn(spoilt: Path, tmp_path: Path) -> None:
    refused = parkit_world("show", spoilt, "--png", tmp_path / "x.png")
    assert isinstance(refused.exception, UsageError)
    assert "lineScale" in str(refused.exception)
