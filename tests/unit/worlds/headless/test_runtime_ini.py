"""runtime.ini of a controller."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from worlds.headless.errors import WorldError
from worlds.headless.processes.runtime_ini import read_runtime_ini


def read(folder: Path, text: str) -> dict[str, str]:
    (folder / "runtime.ini").write_text(text, encoding="utf-8")
    return read_runtime_ini(folder)


def test_no_file_adds_nothing(tmp_path: Path) -> None:
    assert read_runtime_ini(tmp_path) == {}


def test_variables_are_read_with_comments_and_references(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME_OF_TEST", "/home")
    text = "; a comment\n[environment variables]\nA = 1 ; one\nB = $(HOME_OF_TEST)/$A\n"
    assert read(tmp_path, text) == {"A": "1", "B": "/home/1"}


def test_paths_start_from_the_controllers_folder(tmp_path: Path) -> None:
    found = read(tmp_path, "[environment variables with paths]\nLIBS = ./lib:/opt/x\n")
    assert found == {"LIBS": os.pathsep.join([str(tmp_path / "lib"), "/opt/x"])}


def test_variables_of_other_platforms_are_left_out(tmp_path: Path) -> None:
    assert read(tmp_path, "[environment variables for Windows]\nA = 1\n[environment variables]\nB = 2\n") == {"B": "2"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[python]\nCOMMAND = python3.12\n", ":1: [python] is refused by the extern launcher"),
        ("\n[snake]\n", ":2: unknown section [snake]"),
        ("[environment variables]\njust words\n", ":2: expected NAME = value"),
        ("A = 1\n", ":1: expected NAME = value inside a section"),
    ],
)
def test_what_webots_would_refuse_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(WorldError) as caught:
        read(tmp_path, text)
    assert said in str(caught.value)
