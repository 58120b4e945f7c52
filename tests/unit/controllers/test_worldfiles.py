"""The data files beside a world."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach_core.errors import UsageError
from controllers.data import builtin_rubric
from controllers.worldfiles import load_lot, load_profile
from tests.toy.frames import WORLD


def test_first_world_has_a_lot_and_a_car() -> None:
    assert [slot.slot_id for slot in load_lot(WORLD).slots] == ["A1", "A2", "A3", "A4", "A5", "A6", "A7"]
    assert len(load_profile(WORLD).sensors) == 12


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"lot map .*odd\.lot\.json is missing"):
        load_lot(tmp_path / "odd.wbt")


def test_file_that_is_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "odd.lot.json").mkdir()
    with pytest.raises(UsageError, match=r"odd\.lot\.json cannot be read"):
        load_lot(tmp_path / "odd.wbt")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "not JSON"),
        (json.dumps({"name": "odd"}), "slots"),
        (json.dumps({"name": "odd", "slots": [{}]}), "slot_id"),
    ],
)
def test_file_that_does_not_follow_the_contract_is_named_with_what_is_wrong(
    tmp_path: Path, text: str, what: str
) -> None:
    (tmp_path / "odd.lot.json").write_text(text)
    with pytest.raises(UsageError, match=rf"odd\.lot\.json: .*{what}"):
        load_lot(tmp_path / "odd.wbt")


def test_unknown_rubric_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"unknown rubric 'nope'.*parkit-1"):
        builtin_rubric("nope")
